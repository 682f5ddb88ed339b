// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/domain/order.h"

namespace tradebot {

/// What a bot holds of its instrument. cost is the exact sum of price × quantity of what is held.
struct Position
{
    PositionSide side = PositionSide::Flat;
    Quantity quantity; ///< never negative
    Money cost;
    Timestamp openedAt;

    [[nodiscard]] bool isOpen() const { return side != PositionSide::Flat; }
    /// cost ÷ quantity, nearest at 1e-8; 0 when flat.
    [[nodiscard]] Price entryPrice() const;
    /// What closing at this price would realise before fees; 0 when flat.
    [[nodiscard]] Checked<Money> unrealised(Price mark) const
    {
        if (!isOpen())
            return Money();
        const Checked<Money> worth = notional(mark, quantity, Rounding::HalfEven);
        return side == PositionSide::Long ? worth - cost : cost - worth;
    }

    friend bool operator==(const Position &, const Position &) = default;
};

/// What a fill did to a position.
struct PositionChange
{
    Position position;
    Money realised;       ///< before fees
    Quantity closed;      ///< how much of the fill closed
    Money closedCost;     ///< entry notional of what was closed
    Money closedNotional; ///< exit notional of what was closed
    Money filledNotional;
    Quantity opened;  ///< how much of the fill opened, less what the exchange kept as fee in base units
    Money openedCost; ///< entry notional of what was opened
};

/// Adds a fill to a position: grows it, shrinks it, or turns it round. A part that closes takes its share of the cost,
/// rounded half-even; the last part takes all that is left, so that nothing is lost over partial exits. What the
/// exchange kept of a bought quantity is not held, and its share of the cost is the fee. Overflow is an error, and so
/// is a fill without a quantity, or one whose fee takes more base units than it opens.
[[nodiscard]] Result<PositionChange> applyFill(const Position &position, const Fill &fill, Timestamp time);

} // namespace tradebot
