// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/domain/dailyreturns.h"

#include <cmath>

namespace tradebot {

namespace {

constexpr double daysPerYear = 365;
/// Returns that differ by less do so by rounding only.
constexpr double nothing = 1e-12;

} // namespace

void DailyReturns::add(const EquityPoint &point)
{
    endAt(point.time);
    if (!m_day)
        m_day = std::chrono::floor<std::chrono::days>(point.time);
    m_newest = point.equity.toDouble();
}

void DailyReturns::endAt(Timestamp time)
{
    const auto day = std::chrono::floor<std::chrono::days>(time);
    if (!m_day || day <= *m_day)
        return;
    endDay(m_newest);
    restDays((day - *m_day).count() - 1);
    m_day = day;
}

void DailyReturns::endDay(double equity)
{
    m_isBroke = m_isBroke || m_previous <= 0;
    const double change = m_isBroke ? 0 : equity / m_previous - 1;
    m_returns.add(change);
    m_lossSquares += change < 0 ? change * change : 0;
    m_previous = equity;
}

void DailyReturns::restDays(qint64 count)
{
    m_returns.merge(RunningMoments(count, 0.0));
}

std::optional<double> DailyReturns::sharpe() const
{
    if (!isEnough())
        return std::nullopt;
    const double deviation = std::sqrt(m_returns.squares() / (m_returns.count() - 1));
    if (deviation < nothing)
        return std::nullopt;
    return m_returns.mean() / deviation * std::sqrt(daysPerYear);
}

std::optional<double> DailyReturns::sortino() const
{
    if (!isEnough())
        return std::nullopt;
    const double deviation = std::sqrt(m_lossSquares / m_returns.count());
    if (deviation < nothing)
        return std::nullopt;
    return m_returns.mean() / deviation * std::sqrt(daysPerYear);
}

std::optional<double> DailyReturns::yearlyReturn() const
{
    if (!isEnough() || m_previous <= 0)
        return std::nullopt;
    return std::pow(m_previous / m_initial, daysPerYear / m_returns.count()) - 1;
}

std::optional<double> DailyReturns::calmar(std::optional<double> drawdownPercent) const
{
    const auto yearly = yearlyReturn();
    if (!yearly || !drawdownPercent || *drawdownPercent <= 0)
        return std::nullopt;
    return *yearly / (*drawdownPercent / 100);
}

} // namespace tradebot
