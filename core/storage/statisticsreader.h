// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/api/historyreader.h"
#include "core/domain/exitstatisticscollector.h"
#include "core/storage/statement.h"

#include <map>

namespace tradebot {

/// Makes the statistics of bots. Trades, facts and equity only ever grow at their ends, so it remembers for each bot
/// what it has added up and reads what has come since, a page at a time. Of the equity it reads the extremes of each
/// hour, and samples only where these do not say enough: the newest hour, ends of days, new depths. Of the facts it
/// reads those that move a position.
class StatisticsReader final
{
public:
    explicit StatisticsReader(const Database &database);

    /// Empty while there is more to read.
    [[nodiscard]] Result<std::optional<Statistics>> read(BotId bot);

private:
    struct Hour
    {
        Timestamp start;
        EquityExtremes extremes;
    };
    struct Progress
    {
        explicit Progress(Money balance) : initialBalance(balance), collector(balance) { }

        Money initialBalance;
        StatisticsCollector collector;
        ExitStatisticsCollector exits;
        TradeId lastTrade = TradeId(0);
        EventSequence lastFact;            ///< of those that are in
        std::optional<Timestamp> lastHour; ///< the newest of those that are in
    };

    /// What a bot's state says of all that was before.
    struct Standing
    {
        Money initialBalance;
        std::chrono::sys_days day; ///< the days before it have ended
    };

    [[nodiscard]] Result<Standing> standingOf(BotId bot);
    /// All three: whether that was all.
    [[nodiscard]] Result<bool> readTrades(BotId bot, Progress &progress);
    [[nodiscard]] Result<bool> readFacts(BotId bot, Progress &progress);
    [[nodiscard]] Result<bool> readHours(BotId bot, Progress &progress, std::optional<Hour> &newest);
    [[nodiscard]] Result<void> addHour(BotId bot, Progress &progress, const Hour &hour);
    [[nodiscard]] Result<void> addSamples(BotId bot, StatisticsCollector &collector, Timestamp hour);
    [[nodiscard]] Result<void> endDay(BotId bot, Progress &progress, const Hour &next);

    Statement m_state;
    Statement m_trades;
    Statement m_facts;
    Statement m_hours;
    Statement m_samples;
    Statement m_lastSample;
    std::map<BotId, Progress> m_progress;
};

} // namespace tradebot
