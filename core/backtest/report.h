// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/backtest/backtest.h"
#include "core/domain/statistics.h"

#include <QByteArray>

namespace tradebot {

/// A bot, how it fared, and what that amounts to.
struct BacktestReport
{
    const BotConfig &config;
    const BacktestResult &result;
    Statistics statistics;
};

/// Of the closed trades and the curve; Overflow when a sum leaves the range of money.
[[nodiscard]] Result<Statistics> statisticsOf(const BacktestResult &result);

// What people and programs read of a backtest. Money is exact; the same result gives the same bytes.

/// A summary in lines, for a terminal.
[[nodiscard]] QByteArray textReport(const BacktestReport &report);
/// Config, summary, statistics, trades and curve as one JSON object.
[[nodiscard]] QByteArray jsonReport(const BacktestReport &report);
/// One page without scripts or other files.
[[nodiscard]] QByteArray htmlReport(const BacktestReport &report);
/// The trades as CSV, oldest first.
[[nodiscard]] QByteArray tradesReport(const BacktestReport &report);

} // namespace tradebot
