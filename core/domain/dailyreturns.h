// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/runningmoments.h"
#include "core/domain/botsnapshot.h"

#include <optional>

namespace tradebot {

/// The daily returns of an equity curve, and the ratios made of them. The return of a day is the last equity before
/// midnight (UTC) ÷ that of the day before − 1; the first day is measured from the initial balance. A day without a
/// sample has a return of 0: the money lay still. The day that has not ended does not count. Samples come in order of
/// time; nothing of them is kept.
///
/// All ratios are annualised with 365 days, since these markets never close, and the risk-free rate is 0. They are
/// unknown below minimumDays returns: the standard error of a yearly Sharpe ratio from n daily returns is about
/// √(365 ÷ n) (Lo, "The Statistics of Sharpe Ratios", Financial Analysts Journal 58, 2002), ±3.5 after a month; what
/// fewer days give is chance.
class DailyReturns final
{
public:
    static constexpr int minimumDays = 30;

    explicit DailyReturns(Money initialBalance) : m_initial(initialBalance.toDouble()), m_previous(m_initial) { }

    void add(const EquityPoint &point);
    /// Nothing more is known up to this moment: the days before it have ended. Samples may follow from then on.
    void endAt(Timestamp time);

    [[nodiscard]] qint64 days() const { return static_cast<qint64>(m_returns.count()); } ///< that have ended
    /// Mean ÷ sample standard deviation × √365 (Sharpe, "The Sharpe Ratio", Journal of Portfolio Management 21, 1994).
    /// Unknown when the returns do not differ.
    [[nodiscard]] std::optional<double> sharpe() const;
    /// Mean ÷ downside deviation × √365; the downside deviation is the root of the mean of min(return, 0)² over all
    /// days (Sortino and van der Meer, "Downside Risk", Journal of Portfolio Management 17, 1991; target 0). Unknown
    /// when no day lost.
    [[nodiscard]] std::optional<double> sortino() const;
    /// (equity at the last day's end ÷ initial balance) ^ (365 ÷ days) − 1.
    [[nodiscard]] std::optional<double> yearlyReturn() const;
    /// Yearly return ÷ the deepest drawdown as a part of its peak (Young, "Calmar Ratio", Futures 20, 1991; here over
    /// the whole curve in place of 36 months). Unknown without a drawdown.
    [[nodiscard]] std::optional<double> calmar(std::optional<double> drawdownPercent) const;

private:
    void endDay(double equity);
    void restDays(qint64 count);
    [[nodiscard]] bool isEnough() const { return !m_isBroke && days() >= minimumDays; }

    double m_initial;
    double m_previous;   ///< equity at the end of the day before
    double m_newest = 0; ///< of the day that m_day names
    std::optional<std::chrono::sys_days> m_day;
    RunningMoments m_returns;
    double m_lossSquares = 0;
    bool m_isBroke = false; ///< a day began with nothing or less: it has no return
};

} // namespace tradebot
