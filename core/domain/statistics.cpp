// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/domain/statistics.h"

#include <algorithm>

namespace tradebot {

using namespace Qt::StringLiterals;

namespace {

/// Half-even; empty of nothing.
std::optional<Money> average(Money sum, qint64 count)
{
    return proportion(sum, Decimal::fromRaw(1), Decimal::fromRaw(count), Rounding::HalfEven).value();
}

std::optional<double> quotient(double dividend, double divisor)
{
    if (divisor == 0)
        return std::nullopt;
    return dividend / divisor;
}

} // namespace

void StatisticsCollector::Sums::add(const Trade &trade, Money net)
{
    ++trades;
    wins += net.isPositive() ? 1 : 0;
    losses += net.isNegative() ? 1 : 0;
    gross += trade.gross;
    fees += trade.fees;
    funding += trade.funding;
}

Result<TradeGroup> StatisticsCollector::Sums::group() const
{
    const auto net = gross - fees + funding;
    if (net.overflowed()) // as it does when one of the three has
        return detail::overflow(u"the sum of %1 trades"_s.arg(trades));
    return TradeGroup{trades, wins, losses, *gross.value(), *fees.value(), *funding.value(), *net.value()};
}

void StatisticsCollector::add(const Trade &trade)
{
    const auto net = (trade.gross - trade.fees + Checked<Money>(trade.funding)).value();
    if (!net) {
        m_overflowed = true;
        return;
    }
    m_total.add(trade, *net);
    m_bySymbol[trade.symbol].add(trade, *net);
    m_byExitReason[trade.exitReason].add(trade, *net);
    m_byDay[std::chrono::floor<std::chrono::days>(trade.exitTime)].add(trade, *net);
    m_duration += static_cast<double>((trade.exitTime - trade.entryTime).count());
    addOutcome(*net);
    notice({trade.id, trade.exitTime, *net});
}

void StatisticsCollector::addOutcome(Money net)
{
    if (net.isPositive())
        m_won += net;
    if (net.isNegative())
        m_lost += net;
    m_winningStreak = net.isPositive() ? m_winningStreak + 1 : 0;
    m_losingStreak = net.isNegative() ? m_losingStreak + 1 : 0;
    m_longestWinningStreak = std::max(m_longestWinningStreak, m_winningStreak);
    m_longestLosingStreak = std::max(m_longestLosingStreak, m_losingStreak);
}

void StatisticsCollector::notice(const NotableTrade &trade)
{
    if (!m_best || trade.net > m_best->net)
        m_best = trade;
    if (!m_worst || trade.net < m_worst->net)
        m_worst = trade;
}

void StatisticsCollector::add(const EquityPoint &sample)
{
    if (!m_drawdown.newest()) // the first high is the money that was there to begin with
        m_drawdown.add({sample.time, m_initialBalance});
    m_drawdown.add(sample);
    m_returns.add(sample);
}

Result<Statistics> StatisticsCollector::result() const
{
    const auto won = m_won.value();
    const auto lost = m_lost.value();
    const auto total = m_total.group();
    if (!total)
        return fail(total.error());
    if (!won || !lost || m_overflowed || m_drawdown.overflowed())
        return detail::overflow(u"the sum of %1 trades, or a drawdown"_s.arg(total->trades));

    Statistics statistics;
    statistics.total = *total;
    statistics.winRate = quotient(static_cast<double>(total->wins), static_cast<double>(total->trades));
    statistics.profitFactor = quotient(won->toDouble(), -lost->toDouble());
    statistics.expectancy = average(total->net, total->trades);
    statistics.averageWin = average(*won, total->wins);
    statistics.averageLoss = average(*lost, total->losses);
    if (const auto duration = quotient(m_duration, static_cast<double>(total->trades)))
        statistics.averageDuration = std::chrono::milliseconds(static_cast<qint64>(*duration));
    statistics.longestWinningStreak = m_longestWinningStreak;
    statistics.longestLosingStreak = m_longestLosingStreak;
    statistics.best = m_best;
    statistics.worst = m_worst;
    describeEquity(statistics);
    for (auto described : {describe(m_bySymbol, statistics.bySymbol), describe(m_byExitReason, statistics.byExitReason),
                           describe(m_byDay, statistics.byDay)}) {
        if (!described)
            return fail(described.error());
    }
    return statistics;
}

void StatisticsCollector::describeEquity(Statistics &statistics) const
{
    statistics.initialBalance = m_initialBalance;
    statistics.currentDrawdown = m_drawdown.current();
    if (!statistics.currentDrawdown)
        return;
    const EquityPoint &newest = *m_drawdown.newest();
    statistics.equity = newest.equity;
    statistics.days = m_returns.days();
    statistics.sharpe = m_returns.sharpe();
    statistics.sortino = m_returns.sortino();
    statistics.yearlyReturn = m_returns.yearlyReturn();
    // A curve that never fell has a drawdown of nothing, at its highest point.
    statistics.deepestDrawdown = m_drawdown.deepest() ? m_drawdown.deepest() : statistics.currentDrawdown;
    statistics.deepestDrawdownPercent =
            m_drawdown.deepestPercent() ? m_drawdown.deepestPercent() : statistics.currentDrawdown;
    statistics.calmar = m_returns.calmar(statistics.deepestDrawdownPercent->percent);
}

template<class Key>
Result<void> StatisticsCollector::describe(const std::map<Key, Sums> &sums, std::map<Key, TradeGroup> &groups)
{
    for (const auto &[key, sum] : sums) {
        const auto group = sum.group();
        if (!group)
            return fail(group.error());
        groups.emplace_hint(groups.end(), key, *group);
    }
    return {};
}

} // namespace tradebot
