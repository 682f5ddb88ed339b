// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/protectiveorders.h"

namespace tradebot {

using namespace Qt::StringLiterals;

namespace {

Quantity sizeOf(const Position &position, const Instrument &instrument)
{
    return roundToStep(position.quantity, instrument.quantityStep, Rounding::Floor).value().value_or(Quantity());
}

Order protectiveOrder(const BotConfig &config, const Position &position, OrderPurpose purpose, Quantity quantity)
{
    Order order;
    order.symbol = config.symbol;
    order.side = opposite(entrySide(position.side));
    order.purpose = purpose;
    order.reduceOnly = true;
    order.quantity = quantity;
    order.tag = QString(toName(purpose));
    return order;
}

/// The limit of a stop-limit: so far behind its stop price, on the price step.
Price limitBehind(Price stop, Side side, const Decimal &percent, Price step)
{
    const Checked<Price> behind = percentOf(stop, percent, Rounding::HalfEven);
    const auto limit = (side == Side::Sell ? stop - behind : stop + behind).value();
    const auto onStep = limit ? roundToStep(*limit, step, Rounding::HalfEven).value() : limit;
    return onStep && onStep->isPositive() ? *onStep : stop;
}

/// One that has filled in part has ended its sibling: both are made anew for what is left.
bool fits(const Order &order, const Protection &protection, Quantity size)
{
    const bool isStop = order.purpose == OrderPurpose::StopLoss;
    const Price wanted = isStop ? protection.stopLoss : protection.takeProfit;
    const Price has = isStop ? order.stopPrice : order.limitPrice;
    return has == wanted && order.quantity == size && order.filled.isZero() && !order.cancelRequested;
}

} // namespace

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
    const Quantity size = sizeOf(position, instrument);
    bool hasStop = false;
    bool hasTarget = false;
    for (const Order &order : open) {
        if (!isProtective(order))
            continue;
        if (order.triggeredAt != Timestamp() && position.isOpen())
            return {};
        if (!isWanted || !fits(order, protection, size))
            plan.outdated.push_back(order.id);
        (order.purpose == OrderPurpose::StopLoss ? hasStop : hasTarget) = true;
        plan.group = order.oneCancelsOther;
    }
    if (!plan.outdated.empty() || !isWanted || size.isZero())
        return plan;
    if (!hasStop && !protection.stopLoss.isZero()) {
        Order stop = protectiveOrder(config, position, OrderPurpose::StopLoss, size);
        stop.type = config.stopLimitPercent ? OrderType::StopLimit : OrderType::Stop;
        stop.stopPrice = protection.stopLoss;
        if (config.stopLimitPercent)
            stop.limitPrice = limitBehind(stop.stopPrice, stop.side, *config.stopLimitPercent, instrument.priceStep);
        plan.missing.push_back(stop);
    }
    if (!hasTarget && !protection.takeProfit.isZero()) {
        Order target = protectiveOrder(config, position, OrderPurpose::TakeProfit, size);
        target.type = OrderType::Limit;
        target.limitPrice = protection.takeProfit;
        plan.missing.push_back(target);
    }
    return plan;
}

} // namespace tradebot
