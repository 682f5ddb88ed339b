// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/json.h"
#include "core/domain/strategyschema.h"

namespace tradebot {

/// Writes the fields of a config into an object that the caller has begun.
void writeFields(JsonWriter &writer, const BotConfig &config);
[[nodiscard]] QByteArray toJson(const BotConfig &config);

/// Reads a whole config: name, symbol and strategy are required, the rest has defaults, unknown fields are refused.
/// Runs validate() and, where strategies are given, validateStrategy() too; all broken rules come back at once in
/// Error::fields.
[[nodiscard]] Result<BotConfig> botConfigFromJson(const JsonValue &json, const StrategyCatalog &strategies);
/// Reads what toJson() once wrote, by whichever version: neither a missing field nor a broken rule is an error, since
/// rules may have become stricter since.
[[nodiscard]] Result<BotConfig> storedBotConfigFromJson(const JsonValue &json);
/// As botConfigFromJson(), but fields that are not given keep the value of base (PATCH).
[[nodiscard]] Result<BotConfig> patchedBotConfig(const BotConfig &base, const JsonValue &json,
                                                 const StrategyCatalog &strategies);

} // namespace tradebot
