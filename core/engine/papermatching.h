// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/domain/botconfig.h"
#include "core/domain/order.h"

#include <optional>

namespace tradebot {

/// The prices and volumes at which the paper exchange trades: what one price of the market means to an order. Plain,
/// without memory.
class PaperMatching final
{
public:
    PaperMatching(const BotConfig &config, const Instrument &instrument);

    /// What a taker pays or gets: the quote against him and the slippage, rounded against him to the price step; no
    /// worse than his limit where he has one that this quote meets. Nothing when it is out of range or not above 0.
    [[nodiscard]] std::optional<Price> takerPrice(const Tick &tick, Side side, Price limit = Price()) const;
    /// Whether a limit order would take at this price.
    [[nodiscard]] static bool isMarketable(const Tick &tick, Side side, Price limit);
    /// How much takers may have of a trade, together: the share that the bot's terms allow, at least one step;
    /// everything where there is no such share or the volume is not known.
    [[nodiscard]] Quantity depth(const Tick &tick) const;
    /// How much resting orders get of what trades at their very price, together: in whole steps, it may be nothing.
    [[nodiscard]] Quantity queueShare(const Tick &tick) const;

    /// Whether the price has gone beyond a resting limit.
    [[nodiscard]] static bool tradesThrough(Price price, Side side, Price limit);
    /// Whether the last price meets a stop price.
    [[nodiscard]] static bool triggers(Price price, const Order &order);
    /// Where a trailing stop belongs when the best price is this: its distance is rounded half-even, the result to the
    /// price step, away from the price. 0 where there is no such price.
    [[nodiscard]] Price trailed(const Order &order, Price best) const;

    /// On a steady way from one price to another (beginning not included): the first at which an order that rests or
    /// waits for its stop price acts. One that could act anywhere does so one step on.
    [[nodiscard]] std::optional<Price> firstTouch(const Order &order, bool waitsForStop, Price from, Price to) const;
    /// The first price on the way that is told after the beginning.
    [[nodiscard]] Price oneStepOn(Price from, Price to) const;
    /// A level that acts at or beyond it: the first price on the way that meets it, if the way leads there.
    [[nodiscard]] std::optional<Price> firstBeyond(Price level, bool actsBelow, Price from, Price to) const;
    /// The next price on the grid that is no better than this level for who is hurt below (or above) it.
    [[nodiscard]] Price onGrid(Price level, bool below) const;

private:
    Decimal m_slippageRate; ///< a fraction of the price
    std::optional<Decimal> m_depthPercent;
    Decimal m_queuePercent;
    Price m_priceStep;
    Quantity m_quantityStep;
};

} // namespace tradebot
