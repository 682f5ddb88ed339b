// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/domain/statejson.h"

#include "core/domain/statefields.h"

namespace tradebot {

using namespace Qt::StringLiterals;

QByteArray toJson(const BotState &state)
{
    return structToJson(state);
}

Result<BotState> botStateFromJson(const JsonValue &json)
{
    return structFromJson<BotState>(json, u"the bot's state cannot be read"_s);
}

} // namespace tradebot
