// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/domain/market.h"
#include "core/domain/order.h"

namespace tradebot {

/// A round trip: from flat to flat. Its money is the sum of its ledger rows.
struct Trade
{
    TradeId id;
    BotId bot;
    Symbol symbol;
    PositionSide side = PositionSide::Long;
    Quantity quantity; ///< all that was entered
    Timestamp entryTime;
    Timestamp exitTime;
    Price entryPrice; ///< average, nearest at 1e-8
    Price exitPrice;  ///< average, nearest at 1e-8
    Money gross;
    Money fees;
    Money funding; ///< positive: received
    QString entryTag;
    OrderPurpose exitReason = OrderPurpose::Exit;
    QString exitTag;
    int configVersion = 1;
    QString currency;

    /// gross − fees + funding.
    [[nodiscard]] Money net() const { return (gross - fees + Checked<Money>(funding)).valueOr(Money()); }
    friend bool operator==(const Trade &, const Trade &) = default;
};

enum class LedgerKind { Fill, Fee, Funding, Liquidation, Adjustment };

template<>
struct EnumNames<LedgerKind>
{
    static constexpr std::pair<LedgerKind, const char *> table[] = {{LedgerKind::Fill, "fill"},
                                                                    {LedgerKind::Fee, "fee"},
                                                                    {LedgerKind::Funding, "funding"},
                                                                    {LedgerKind::Liquidation, "liquidation"},
                                                                    {LedgerKind::Adjustment, "adjustment"}};
};

/// One cause of one change of a bot's money. balance = initial balance + sum of amount.
struct LedgerEntry
{
    EventSequence sequence; ///< the fact that it comes from
    BotId bot;
    Timestamp time;
    LedgerKind kind = LedgerKind::Fill;
    Money amount; ///< signed, in currency
    QString currency;
    Decimal rate;                      ///< of a fee or funding; 0 otherwise
    QString asset = {};                ///< what a fee was paid in, when that is not the currency
    Decimal assetQuantity = Decimal(); ///< of the asset; 0 without one
    Price assetPrice = Price();        ///< of one unit of the asset in currency, that amount was counted by
    Price mark = Price();              ///< that money without a fill was counted by; 0 where none
    Timestamp due = Timestamp();       ///< of funding: the moment that it belongs to
    QString reason = {};               ///< why money moved without a fill
    friend bool operator==(const LedgerEntry &, const LedgerEntry &) = default;
};

} // namespace tradebot
