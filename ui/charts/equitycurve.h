// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/domain/botsnapshot.h"

#include <optional>
#include <span>
#include <vector>

namespace tradebot {

/// One bot's part of a sum of curves.
struct EquityPart
{
    Money before;                    ///< what it counts before its first point
    std::vector<EquityPoint> points; ///< ascending
};

/// The sum of several bots' equity: a point at each moment at which one of them has one, the others counting what they
/// had last. A sum beyond the range of Money is left out.
[[nodiscard]] std::vector<EquityPoint> summedEquity(std::span<const EquityPart> parts);

/// The way from a peak to a trough.
struct Drawdown
{
    Money amount;       ///< negative or 0
    double percent = 0; ///< of the peak; negative or 0
    Timestamp peakTime;
    Timestamp troughTime;
};

/// Drawdowns of a curve that grows point by point.
struct DrawdownFigures
{
    Drawdown largest;
    Drawdown current; ///< from the highest point to the last one
    EquityPoint peak; ///< the highest point

    explicit DrawdownFigures(const EquityPoint &first);
    void add(const EquityPoint &point);
};

/// Empty for a curve without points.
[[nodiscard]] std::optional<DrawdownFigures> drawdownOf(std::span<const EquityPoint> points);

} // namespace tradebot
