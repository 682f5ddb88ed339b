// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/papermatching.h"

#include <algorithm>

namespace tradebot {

PaperMatching::PaperMatching(const BotConfig &config, const Instrument &instrument)
    : m_slippageRate(slippageRate(config).valueOr(Decimal())),
      m_depthPercent(config.paper.depthPercent),
      m_queuePercent(config.paper.queuePercent),
      m_priceStep(instrument.priceStep),
      m_quantityStep(instrument.quantityStep)
{ }

std::optional<Price> PaperMatching::takerPrice(const Tick &tick, Side side, Price limit) const
{
    const bool buys = side == Side::Buy;
    const Price quote = buys ? tick.buyPrice() : tick.sellPrice();
    std::optional<Price> paid = quote;
    if (!m_slippageRate.isZero()) {
        const Checked<Price> slip = scaled(quote, m_slippageRate, Rounding::Ceiling);
        const auto slipped = (buys ? quote + slip : quote - slip).value();
        paid = slipped ? roundToStep(*slipped, m_priceStep, buys ? Rounding::Ceiling : Rounding::Floor).value()
                       : std::nullopt;
    }
    if (!limit.isZero())
        paid = !paid ? limit : buys ? std::min(*paid, limit) : std::max(*paid, limit);
    return paid && paid->isPositive() ? paid : std::nullopt;
}

bool PaperMatching::isMarketable(const Tick &tick, Side side, Price limit)
{
    return side == Side::Buy ? tick.buyPrice() <= limit : tick.sellPrice() >= limit;
}

Quantity PaperMatching::depth(const Tick &tick) const
{
    if (!m_depthPercent || !tick.quantity.isPositive())
        return Quantity::maximum();
    const auto share = percentOf(tick.quantity, *m_depthPercent, Rounding::Floor).valueOr(tick.quantity);
    const Quantity step = std::max(m_quantityStep, Quantity::smallest());
    return std::max(step, roundToStep(share, step, Rounding::Floor).valueOr(share));
}

Quantity PaperMatching::queueShare(const Tick &tick) const
{
    if (!tick.quantity.isPositive())
        return {};
    const auto share = percentOf(tick.quantity, m_queuePercent, Rounding::Floor).valueOr(tick.quantity);
    return roundToStep(share, m_quantityStep, Rounding::Floor).valueOr(share);
}

bool PaperMatching::tradesThrough(Price price, Side side, Price limit)
{
    return side == Side::Buy ? price < limit : price > limit;
}

bool PaperMatching::triggers(Price price, const Order &order)
{
    const bool actsAbove = (order.side == Side::Buy) != (order.type == OrderType::TakeProfit);
    return actsAbove ? price >= order.stopPrice : price <= order.stopPrice;
}

Price PaperMatching::trailed(const Order &order, Price best) const
{
    const Checked<Price> distance = percentOf(best, order.trailingPercent, Rounding::HalfEven);
    const bool buys = order.side == Side::Buy;
    const auto exact = (buys ? best + distance : best - distance).value();
    if (!exact)
        return order.stopPrice;
    const Price stop = onGrid(*exact, !buys);
    const bool isTighter = order.stopPrice.isZero() || (buys ? stop < order.stopPrice : stop > order.stopPrice);
    return isTighter ? stop : order.stopPrice;
}

Price PaperMatching::onGrid(Price level, bool below) const
{
    return roundToStep(level, m_priceStep, below ? Rounding::Floor : Rounding::Ceiling).valueOr(level);
}

Price PaperMatching::oneStepOn(Price from, Price to) const
{
    const Price step = std::max(m_priceStep, Price::smallest());
    if (to < from)
        return std::max(to, (from - step).valueOr(to));
    return std::min(to, (from + step).valueOr(to));
}

std::optional<Price> PaperMatching::firstBeyond(Price level, bool actsBelow, Price from, Price to) const
{
    const Price next = oneStepOn(from, to);
    if (actsBelow ? next <= level : next >= level)
        return next;
    const bool goesThere = actsBelow ? to <= level && to < from : to >= level && to > from;
    return goesThere ? std::optional(level) : std::nullopt;
}

std::optional<Price> PaperMatching::firstTouch(const Order &order, bool waitsForStop, Price from, Price to) const
{
    if (from == to)
        return std::nullopt;
    const bool buys = order.side == Side::Buy;
    if (!waitsForStop) {
        // Where the way ends at the limit it only trades there; where it goes on it fills just beyond.
        const Price limit = order.limitPrice;
        return firstBeyond(tradesThrough(to, order.side, limit) ? oneStepOn(limit, to) : limit, buys, from, to);
    }
    if (order.type == OrderType::TrailingStop) {
        const bool isFavourable = buys ? to < from : to > from;
        if (isFavourable)
            return trailed(order, to) != order.stopPrice ? std::optional(to) : std::nullopt;
    }
    const bool actsAbove = buys != (order.type == OrderType::TakeProfit);
    return firstBeyond(order.stopPrice, !actsAbove, from, to);
}

} // namespace tradebot
