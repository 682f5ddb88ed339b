// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/api/botfeed.h"
#include "core/domain/strategyschema.h"
#include "core/server/botcache.h"

#include <QByteArray>

namespace tradebot {

class JsonWriter;

// Answers and stream payloads as JSON, see docs/web-api.md. Each appends one object.

/// A bot as its owner configured it, with the defaults of its strategy where he said nothing.
void writeBot(JsonWriter &writer, const BotSnapshot &bot, const StrategyCatalog &strategies);
/// The whole state, but for its id and data_age_ms when ageAt is empty: so it changes only when something happens.
void writeState(JsonWriter &writer, const CachedBot &bot, std::optional<Timestamp> ageAt);
void writeEvent(JsonWriter &writer, const BotEvent &event);
void writeTrade(JsonWriter &writer, const Trade &trade);
void writeCandle(JsonWriter &writer, const Candle &candle);

[[nodiscard]] QByteArray stateJson(const CachedBot &bot, std::optional<Timestamp> ageAt);
/// The six fields of the status stream.
[[nodiscard]] QByteArray shortStateJson(const CachedBot &bot);

} // namespace tradebot
