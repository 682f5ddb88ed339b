// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/json.h"
#include "core/domain/botstate.h"

namespace tradebot {

/// The whole state, as the store keeps it; reads back to an equal state.
[[nodiscard]] QByteArray toJson(const BotState &state);
[[nodiscard]] Result<BotState> botStateFromJson(const JsonValue &json);

} // namespace tradebot
