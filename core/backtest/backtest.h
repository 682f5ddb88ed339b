// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/domain/botevent.h"
#include "core/domain/botsnapshot.h"
#include "core/domain/exitstatisticscollector.h"

#include <functional>
#include <vector>

namespace tradebot {

/// A bot and the past that it is tried on.
struct BacktestRequest
{
    BotConfig config;
    Timeframe candleTimeframe = Timeframe::M1; ///< the bot's, or one that the bot's candles are made of
    const std::vector<Candle> &candles;        ///< ascending
    /// Told now and then how many candles are done; false cancels. May be empty.
    std::function<bool(std::size_t done, std::size_t all)> progress;
    std::size_t first = 0; ///< the candle that the test begins with; those before are history for the bot to warm up on
};

struct BacktestResult
{
    std::size_t candles = 0; ///< of the bot's timeframe, that it decided on
    Timestamp from;          ///< open time of the first candle
    Timestamp to;            ///< close time of the last candle
    QString currency;
    Money initialBalance;
    Money equity; ///< at the last close: an open position is marked there
    Totals totals;
    Position openPosition;
    OpenTrade openTrade; ///< what it has realised and paid so far; empty when flat
    Money unrealised;    ///< of the open position at the last close
    std::vector<Trade> trades;
    ExitStatistics exits;
    std::vector<EquityPoint> curve; ///< one point a candle of the bot's timeframe, and one at the very end
    qint64 denials = 0;
    QString lastDenial;
    QString halt; ///< what ended entries for good: the drawdown, which nobody is there to accept; empty when nothing
                  ///< did
};

/// Runs the engine that trades live over candles of the past: the same bot, risk gate, paper account and ledger, with
/// the candles' time as clock. The same request gives the same result to the last digit.
///
/// Candles finer than the bot's are put together for its decisions, while orders, stops and targets follow the finer
/// ones. A candle that the file does not hold from its beginning to its end is not decided on.
///
/// InvalidInput for a config that cannot run or candles that do not fit it, Unavailable when cancelled, Overflow when
/// money leaves its range.
[[nodiscard]] Result<BacktestResult> runBacktest(const BacktestRequest &request);

} // namespace tradebot
