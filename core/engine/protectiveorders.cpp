// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/protectiveorders.h"

#include "core/engine/riskgate.h"

namespace tradebot {

using namespace Qt::StringLiterals;

namespace {

Quantity sizeOf(const Position &position, const Instrument &instrument)
{
    return roundToStep(position.quantity, instrument.quantityStep, Rounding::Floor).valueOr(Quantity());
}

/// The limit of a stop-limit: so far behind its stop price, on the price step.
Price limitBehind(const Order &order, const Decimal &percent, Price step)
{
    const Checked<Price> behind = percentOf(order.stopPrice, percent, Rounding::HalfEven);
    const auto limit = (order.side == Side::Sell ? order.stopPrice - behind : order.stopPrice + behind).value();
    const Price onStep = limit ? stopOnStep(order, *limit, step) : Price();
    return onStep.isPositive() ? onStep : order.stopPrice;
}

/// A stop or a target, without its number.
Order protectiveOrder(const BotConfig &config, const Instrument &instrument, const Position &position,
                      OrderPurpose purpose, Price level)
{
    Order order;
    order.symbol = config.symbol;
    order.side = opposite(entrySide(position.side));
    order.purpose = purpose;
    order.reduceOnly = true;
    order.quantity = sizeOf(position, instrument);
    order.tag = QString(toName(purpose));
    const Price onStep = stopOnStep(order, level, instrument.priceStep);
    if (purpose == OrderPurpose::TakeProfit) {
        order.type = OrderType::Limit;
        order.limitPrice = onStep;
        return order;
    }
    order.type = OrderType::Stop;
    order.stopPrice = onStep;
    if (config.stopLimitPercent) {
        order.type = OrderType::StopLimit;
        order.limitPrice = limitBehind(order, *config.stopLimitPercent, instrument.priceStep);
    }
    return order;
}

/// One that has filled in part has ended its sibling: both are made anew for what is left.
bool fits(const Order &has, const Order &wanted)
{
    const bool isStop = has.purpose == OrderPurpose::StopLoss;
    const bool isThere = isStop ? has.stopPrice == wanted.stopPrice : has.limitPrice == wanted.limitPrice;
    return isThere && has.quantity == wanted.quantity && has.filled.isZero() && !has.cancelRequested;
}

} // namespace

Price stopOnStep(const Order &order, Price price, Price step)
{
    const bool sells = order.side == Side::Sell;
    const bool up = order.purpose != OrderPurpose::Entry ? sells : sells == (order.type == OrderType::TakeProfit);
    return roundToStep(price, step, up ? Rounding::Ceiling : Rounding::Floor).valueOr(price);
}

bool isClosing(const Order &order)
{
    return order.reduceOnly && order.type == OrderType::Market;
}

bool isProtective(const Order &order)
{
    return order.type != OrderType::Market
           && (order.purpose == OrderPurpose::StopLoss || order.purpose == OrderPurpose::TakeProfit);
}

ProtectivePlan planProtectiveOrders(const BotConfig &config, const Instrument &instrument, const Position &position,
                                    const Protection &protection, const std::vector<Order> &open)
{
    ProtectivePlan plan;
    const bool isWanted = config.stopsAt == StopsAt::Exchange && position.isOpen();
    Order stop = protectiveOrder(config, instrument, position, OrderPurpose::StopLoss, protection.stopLoss);
    Order target = protectiveOrder(config, instrument, position, OrderPurpose::TakeProfit, protection.takeProfit);
    bool hasStop = false;
    bool hasTarget = false;
    for (const Order &order : open) {
        if (!isProtective(order))
            continue;
        if (order.triggeredAt != Timestamp() && position.isOpen())
            return {};
        const bool isStop = order.purpose == OrderPurpose::StopLoss;
        if (!isWanted || !fits(order, isStop ? stop : target))
            plan.outdated.push_back(order.id);
        (isStop ? hasStop : hasTarget) = true;
        plan.group = order.oneCancelsOther;
    }
    if (!plan.outdated.empty() || !isWanted)
        return plan;
    // What the exchange would refuse is left to our own guard.
    const auto isPlaceable = [&](Price level, Price price) {
        return !level.isZero() && !isTooSmallToReduce(instrument, config.market, stop.quantity, price);
    };
    if (!hasStop && isPlaceable(protection.stopLoss, stop.stopPrice))
        plan.missing.push_back(std::move(stop));
    if (!hasTarget && isPlaceable(protection.takeProfit, target.limitPrice))
        plan.missing.push_back(std::move(target));
    return plan;
}

} // namespace tradebot
