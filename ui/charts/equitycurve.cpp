// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/equitycurve.h"

#include <algorithm>

namespace tradebot {

std::vector<EquityPoint> summedEquity(std::span<const EquityPart> parts)
{
    struct Step
    {
        Timestamp time;
        size_t part = 0;
        Money equity;
    };
    std::vector<Step> steps;
    Checked<Money> sum = Money();
    std::vector<Money> latest;
    for (size_t i = 0; i < parts.size(); ++i) {
        sum += parts[i].before;
        latest.push_back(parts[i].before);
        for (const EquityPoint &point : parts[i].points)
            steps.push_back({point.time, i, point.equity});
    }
    std::ranges::stable_sort(steps, {}, &Step::time);

    std::vector<EquityPoint> points;
    for (const Step &step : steps) {
        sum += Checked<Money>(step.equity) - latest[step.part];
        latest[step.part] = step.equity;
        if (sum.overflowed())
            return points;
        if (!points.empty() && points.back().time == step.time)
            points.back().equity = *sum.value();
        else
            points.push_back({step.time, *sum.value()});
    }
    return points;
}

DrawdownFigures::DrawdownFigures(const EquityPoint &first) : peak(first)
{
    add(first);
    largest = current;
}

void DrawdownFigures::add(const EquityPoint &point)
{
    if (point.equity > peak.equity)
        peak = point;
    current = {(point.equity - peak.equity).valueOr(Money()), 0, peak.time, point.time};
    if (peak.equity.isPositive())
        current.percent = current.amount.toDouble() / peak.equity.toDouble() * 100;
    if (current.percent < largest.percent)
        largest = current;
}

std::optional<DrawdownFigures> drawdownOf(std::span<const EquityPoint> points)
{
    if (points.empty())
        return std::nullopt;
    DrawdownFigures figures(points.front());
    for (const EquityPoint &point : points)
        figures.add(point);
    return figures;
}

} // namespace tradebot
