// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/backtest/backtest.h"

#include <QByteArray>

namespace tradebot {

// What people and programs read of a backtest. Money is exact; the same result gives the same bytes.

/// A summary in lines, for a terminal.
[[nodiscard]] QByteArray textReport(const BotConfig &config, const BacktestResult &result);
/// Config, summary, trades and curve as one JSON object.
[[nodiscard]] QByteArray jsonReport(const BotConfig &config, const BacktestResult &result);
/// One page without scripts or other files.
[[nodiscard]] QByteArray htmlReport(const BotConfig &config, const BacktestResult &result);
/// The trades as CSV, oldest first.
[[nodiscard]] QByteArray tradesReport(const BotConfig &config, const BacktestResult &result);

/// The deepest fall of the curve below its highest point before.
struct Drawdown
{
    Money amount; ///< 0 or more
    Money peak;   ///< from which it fell
    Timestamp from;
    Timestamp to; ///< of the lowest point
};
[[nodiscard]] Drawdown maximumDrawdown(const std::vector<EquityPoint> &curve);

} // namespace tradebot
