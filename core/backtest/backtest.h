// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/domain/botevent.h"
#include "core/domain/botsnapshot.h"

#include <functional>
#include <vector>

namespace tradebot {

/// A bot and the past that it is tried on.
struct BacktestRequest
{
    BotConfig config;
    Timeframe candleTimeframe = Timeframe::M1; ///< finer than or equal to the bot's; finer ones are put together
    const std::vector<Candle> &candles;        ///< ascending
    /// Told now and then how many candles are done; false cancels. May be empty.
    std::function<bool(std::size_t done, std::size_t all)> progress;
};

struct BacktestResult
{
    std::size_t candles = 0;
    Timestamp from; ///< open time of the first candle
    Timestamp to;   ///< close time of the last candle
    QString currency;
    Money initialBalance;
    Money equity; ///< at the last close: an open position is marked there
    Totals totals;
    Position openPosition;
    std::vector<Trade> trades;
    std::vector<EquityPoint> curve; ///< one point a candle
    qint64 denials = 0;
    QString lastDenial;
    QString halt; ///< what ended entries for good: the drawdown, which nobody is there to accept; empty when nothing
                  ///< did
};

/// Runs the engine that trades live over candles of the past: the same bot, risk gate, paper account and ledger, with
/// the candles' time as clock. The same request gives the same result to the last digit. InvalidInput for a config that
/// cannot run, Unavailable when cancelled, Overflow when money leaves its range.
[[nodiscard]] Result<BacktestResult> runBacktest(const BacktestRequest &request);

} // namespace tradebot
