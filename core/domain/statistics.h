// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/domain/dailyreturns.h"
#include "core/domain/drawdown.h"
#include "core/domain/exitstatisticscollector.h"
#include "core/domain/trade.h"

#include <map>
#include <optional>

namespace tradebot {

/// Counts and exact sums of some closed trades.
struct TradeGroup
{
    qint64 trades = 0;
    qint64 wins = 0;   ///< net above 0
    qint64 losses = 0; ///< net below 0; the rest broke even
    Money gross;
    Money fees;
    Money funding;
    Money net; ///< gross − fees + funding
    friend bool operator==(const TradeGroup &, const TradeGroup &) = default;
};

/// One trade that stands out.
struct NotableTrade
{
    TradeId id;
    Timestamp exitTime;
    Money net;
    friend bool operator==(const NotableTrade &, const NotableTrade &) = default;
};

/// What a bot's closed trades and its equity amount to. A trade counts with its net, after fees and funding. Sums of
/// money are exact; averages are rounded half-even to 1e-8; ratios are double. What cannot be said is empty.
struct Statistics
{
    TradeGroup total;
    std::optional<double> winRate;      ///< wins ÷ trades, 0 to 1; a trade that broke even is no win
    std::optional<double> profitFactor; ///< sum of the wins ÷ sum of the losses; unknown without a loss
    std::optional<Money> expectancy;    ///< net ÷ trades: what a trade brings on average
    std::optional<Money> averageWin;
    std::optional<Money> averageLoss; ///< below 0
    std::optional<std::chrono::milliseconds> averageDuration;
    qint64 longestWinningStreak = 0; ///< trades in a row, by exit; one that broke even ends a streak of either kind
    qint64 longestLosingStreak = 0;
    std::optional<NotableTrade> best; ///< highest net; the first of equal ones
    std::optional<NotableTrade> worst;

    Money initialBalance;
    std::optional<Money> equity; ///< of the newest sample
    qint64 days = 0;             ///< trading days that have ended since the first sample
    std::optional<double> sharpe;
    std::optional<double> sortino;
    std::optional<double> yearlyReturn; ///< 0.1 is 10 % a year
    std::optional<double> calmar;
    std::optional<EquityDrawdown> deepestDrawdown;        ///< in money; its amount is 0 when the equity never fell
    std::optional<EquityDrawdown> deepestDrawdownPercent; ///< in percent, which may be another one
    std::optional<EquityDrawdown> currentDrawdown;

    std::optional<ExitStatistics> exits; ///< empty where fills were not looked at

    std::map<Symbol, TradeGroup> bySymbol;
    std::map<OrderPurpose, TradeGroup> byExitReason;
    std::map<std::chrono::sys_days, TradeGroup> byDay; ///< of the exit, in UTC
};

/// Makes Statistics of trades and equity samples that go by, each in order of time; keeps none of them but what the
/// groups need: memory grows with symbols and days, not with trades.
class StatisticsCollector final
{
public:
    explicit StatisticsCollector(Money initialBalance) : m_initialBalance(initialBalance), m_returns(initialBalance) { }

    void add(const Trade &trade);
    void add(const EquityPoint &sample);
    /// In place of the samples of a stretch that drawdown() does not need; the last sample of a day must be added as
    /// such.
    void addExtremes(const EquityExtremes &extremes) { m_drawdown.addExtremes(extremes); }
    [[nodiscard]] const DrawdownTracker &drawdown() const { return m_drawdown; }
    /// The samples reach up to this moment: a day that it ends counts, though no sample of the next one has come.
    void endAt(Timestamp time) { m_returns.endAt(time); }

    /// Overflow when a sum has left the range of money.
    [[nodiscard]] Result<Statistics> result() const;

private:
    /// Sums that remember that they overflowed.
    struct Sums
    {
        qint64 trades = 0;
        qint64 wins = 0;
        qint64 losses = 0;
        Checked<Money> gross = Money();
        Checked<Money> fees = Money();
        Checked<Money> funding = Money();

        void add(const Trade &trade, Money net);
        [[nodiscard]] Result<TradeGroup> group() const;
    };

    void addOutcome(Money net);
    void notice(const NotableTrade &trade);
    void describeEquity(Statistics &statistics) const;
    template<class Key>
    [[nodiscard]] static Result<void> describe(const std::map<Key, Sums> &sums, std::map<Key, TradeGroup> &groups);

    Money m_initialBalance;
    Sums m_total;
    Checked<Money> m_won = Money();
    Checked<Money> m_lost = Money();
    double m_duration = 0; ///< milliseconds; whole numbers, exact up to 2^53
    qint64 m_winningStreak = 0;
    qint64 m_losingStreak = 0;
    qint64 m_longestWinningStreak = 0;
    qint64 m_longestLosingStreak = 0;
    std::optional<NotableTrade> m_best;
    std::optional<NotableTrade> m_worst;
    bool m_overflowed = false;

    std::map<Symbol, Sums> m_bySymbol;
    std::map<OrderPurpose, Sums> m_byExitReason;
    std::map<std::chrono::sys_days, Sums> m_byDay;

    DrawdownTracker m_drawdown;
    DailyReturns m_returns;
};

} // namespace tradebot
