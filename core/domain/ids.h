// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/base/strongid.h"

#include <QString>

namespace tradebot {

using BotId = StrongId<struct BotIdTag>;
using UserId = StrongId<struct UserIdTag>;
using TradeId = StrongId<struct TradeIdTag>; ///< the journal number of the fact that closed the trade
/// A number of the journal; the first fact has 1.
using EventSequence = StrongId<struct EventSequenceTag>;
using ExchangeOrderId = StrongId<struct ExchangeOrderIdTag, QString>;
using ExchangeTradeId = StrongId<struct ExchangeTradeIdTag, QString>;
using Symbol = StrongId<struct SymbolTag, QString>; ///< as the exchange writes it, "BTCUSDT"

/// Our name of an order: bot and the journal number of its submission, so that a retry is never a second order.
struct ClientOrderId
{
    BotId bot;
    EventSequence sequence;

    [[nodiscard]] bool isValid() const { return sequence.isValid(); }
    /// "tb-17-4711": what the exchange sees; at most 36 characters.
    [[nodiscard]] QString toString() const;
    [[nodiscard]] static Result<ClientOrderId> parse(QStringView text);

    friend bool operator==(const ClientOrderId &, const ClientOrderId &) = default;
    friend auto operator<=>(const ClientOrderId &, const ClientOrderId &) = default;
};

} // namespace tradebot
