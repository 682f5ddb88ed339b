// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/domain/position.h"

#include <algorithm>

namespace tradebot {

using namespace Qt::StringLiterals;

Price Position::entryPrice() const
{
    if (!isOpen())
        return {};
    return averagePrice(cost, quantity, Rounding::HalfEven).valueOr(Price());
}

namespace {

Result<void> applyFill(const Position &position, const Fill &fill, Timestamp time, PositionChange &change)
{
    if (!fill.quantity.isPositive()) {
        return fail(ErrorCode::InvalidInput, u"a fill of %1 at %2: its quantity must be above 0"_s.arg(
                                                     fill.quantity.toString(), fill.price.toString()));
    }
    change.position = position;
    Position &next = change.position;
    const Checked<Money> whole = notional(fill.price, fill.quantity, Rounding::HalfEven);
    Checked<Money> closedNotional = Money();
    Checked<Money> closedCost = Money();
    Quantity opening = fill.quantity;

    if (position.isOpen() && fill.side != entrySide(position.side)) {
        change.closed = std::min(position.quantity, fill.quantity);
        const bool closesAll = change.closed == position.quantity;
        const bool fillCloses = change.closed == fill.quantity;
        closedNotional = fillCloses ? whole : notional(fill.price, change.closed, Rounding::HalfEven);
        closedCost = closesAll ? Checked<Money>(position.cost)
                               : proportion(position.cost, change.closed, position.quantity, Rounding::HalfEven);
        opening = Quantity::fromRaw(fill.quantity.raw() - change.closed.raw());
        next.quantity = Quantity::fromRaw(position.quantity.raw() - change.closed.raw());
        next.cost = (position.cost - closedCost).valueOr(Money());
        if (closesAll)
            next = Position();
    }
    const Checked<Money> realised =
            position.side == PositionSide::Short ? closedCost - closedNotional : closedNotional - closedCost;
    Checked<Money> openedCost = Money();
    Checked<Money> cost = next.cost;
    Checked<Quantity> quantity = next.quantity;
    const Checked<Money> keptAsFee = fill.feeFromBought.isZero()
                                             ? Checked<Money>(Money())
                                             : notional(fill.price, fill.feeFromBought, Rounding::HalfEven);
    if (fill.feeFromBought.isNegative() || fill.feeFromBought > opening) {
        return fail(ErrorCode::InvalidInput, u"a fill of %1: the exchange cannot keep %2 of it"_s.arg(
                                                     fill.quantity.toString(), fill.feeFromBought.toString()));
    }
    opening = Quantity::fromRaw(opening.raw() - fill.feeFromBought.raw());
    if (opening.isPositive()) {
        if (!next.isOpen()) {
            next.side = fill.side == Side::Buy ? PositionSide::Long : PositionSide::Short;
            next.openedAt = time;
        }
        openedCost = whole - closedNotional - keptAsFee;
        cost += openedCost;
        quantity += opening;
    }
    if (whole.overflowed() || realised.overflowed() || cost.overflowed() || quantity.overflowed()) {
        return detail::overflow(u"the position after %1 at %2"_s.arg(fill.quantity.toString(), fill.price.toString()));
    }
    next.cost = *cost.value();
    next.quantity = *quantity.value();
    change.realised = *realised.value();
    change.closedCost = *closedCost.value();
    change.closedNotional = *closedNotional.value();
    change.filledNotional = *whole.value();
    change.opened = opening;
    change.openedCost = openedCost.valueOr(Money());
    return {};
}

} // namespace

Result<PositionChange> applyFill(const Position &position, const Fill &fill, Timestamp time)
{
    Result<PositionChange> change{PositionChange()}; // filled where it goes to, as it is large
    if (auto done = applyFill(position, fill, time, *change); !done)
        change = fail(std::move(done.error()));
    return change;
}

} // namespace tradebot
