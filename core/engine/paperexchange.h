// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/domain/botconfig.h"
#include "core/domain/order.h"

#include <vector>

namespace tradebot {

/// What the paper exchange has to know of the account that trades on it.
struct PaperAccount
{
    Money balance;
    Quantity held; ///< of the position that a reduce-only order may close
    PositionSide side = PositionSide::Flat;
    Money cost; ///< of that position
};

/// A bot's paper account at an exchange: market orders fill at the next price they see, with slippage and taker fee.
/// Plain, deterministic; time comes in with the prices.
class PaperExchange final
{
public:
    PaperExchange(const BotConfig &config, const Instrument &instrument);

    /// Takes an order; it waits for the next price. Only market orders so far, others are rejected.
    void submit(const Order &order);
    /// Cancels an order that has not filled; false when there is none of that id.
    bool cancel(const ClientOrderId &id);
    [[nodiscard]] bool hasOrders() const { return !m_orders.empty(); }
    [[nodiscard]] const std::vector<Order> &orders() const { return m_orders; }

    /// Fills the oldest waiting order at this price. Call until hasOrders() is false; the account is that of the
    /// moment.
    [[nodiscard]] OrderReport match(Price price, Timestamp time, const PaperAccount &account);
    /// Fills an order that was never waiting, at a price that the market has passed through (a stop inside a candle).
    [[nodiscard]] OrderReport fillAt(const Order &order, Price price, Timestamp time, const PaperAccount &account);

private:
    [[nodiscard]] Checked<Price> slipped(Price price, Side side) const;
    [[nodiscard]] QString refusal(const Order &order, Price price, Quantity quantity, const PaperAccount &account,
                                  Money fee) const;

    FeeRates m_fees;
    Decimal m_slippageRate; ///< a fraction of the price
    Price m_priceStep;
    Market m_market;
    int m_leverage;
    std::vector<Order> m_orders; ///< oldest first
};

} // namespace tradebot
