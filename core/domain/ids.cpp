// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/domain/ids.h"

namespace tradebot {

using namespace Qt::StringLiterals;

QString ClientOrderId::toString() const
{
    return u"tb-%1-%2"_s.arg(bot.value()).arg(sequence.value());
}

Result<ClientOrderId> ClientOrderId::parse(QStringView text)
{
    const auto parts = text.split(u'-');
    bool botOk = false;
    bool sequenceOk = false;
    if (parts.size() == 3 && parts[0] == u"tb"_s) {
        const ClientOrderId id{BotId(parts[1].toLongLong(&botOk)), EventSequence(parts[2].toLongLong(&sequenceOk))};
        if (botOk && sequenceOk && id.bot.value() > 0 && id.sequence.value() > 0 && id.toString() == text)
            return id;
    }
    return fail(ErrorCode::Malformed, u"\"%1\" is not an order id of ours (tb-BOT-NUMBER)"_s.arg(text));
}

} // namespace tradebot
