// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/storage/statisticsreader.h"

#include "core/domain/statejson.h"
#include "core/storage/rows.h"

#include <limits>

namespace tradebot {

using namespace Qt::StringLiterals;

namespace {

// Some 20 ms each, so that others are answered in between.
constexpr int tradesAtOnce = 10'000;
constexpr int factsAtOnce = 1000;
constexpr std::size_t hoursAtOnce = 4000;

Result<Trade> readClosedTrade(Row &row)
{
    Trade trade;
    trade.id = TradeId(row.integer(0));
    trade.symbol = Symbol(row.text(1));
    trade.entryTime = row.time(2);
    trade.exitTime = row.time(3);
    trade.gross = row.decimal<Money>(4);
    trade.fees = row.decimal<Money>(5);
    trade.funding = row.decimal<Money>(6);
    trade.exitReason = row.name<OrderPurpose>(7);
    return trade;
}

EquityPoint readSample(const Row &row)
{
    return {row.time(0), row.decimal<Money>(1)};
}

std::chrono::sys_days dayOf(Timestamp time)
{
    return std::chrono::floor<std::chrono::days>(time);
}

} // namespace

StatisticsReader::StatisticsReader(const Database &database)
    : m_state(database, u"SELECT CAST(state AS BLOB) FROM bot_states WHERE bot_id = ?"_s),
      m_trades(database, u"SELECT id, symbol, entry_at, exit_at, gross, fees, funding, exit_reason "
                         "FROM trades INDEXED BY trades_by_bot WHERE bot_id = ? AND id > ? ORDER BY id LIMIT ?"_s),
      m_facts(database, u"SELECT seq, bot_id, type, happened_at, recorded_at, "
                        "CASE WHEN type IN ('fill', 'money') THEN CAST(data AS BLOB) END "
                        "FROM events INDEXED BY events_by_bot WHERE bot_id = ? AND seq > ? ORDER BY seq LIMIT ?"_s),
      m_hours(database, u"SELECT hour, low_at, low, high_at, high FROM equity_hours "
                        "WHERE bot_id = ? AND hour > ? ORDER BY hour LIMIT ?"_s),
      m_samples(database, u"SELECT at, equity FROM equity WHERE bot_id = ? AND at >= ? AND at < ? ORDER BY at"_s),
      m_lastSample(database, u"SELECT at, equity FROM equity WHERE bot_id = ? AND at >= ? AND at < ? "
                             "ORDER BY at DESC LIMIT 1"_s)
{ }

Result<std::optional<Statistics>> StatisticsReader::read(BotId bot)
{
    const auto standing = standingOf(bot);
    if (!standing)
        return fail(standing.error());
    auto at = m_progress.find(bot);
    if (at != m_progress.end()
        && at->second.initialBalance != standing->initialBalance) { // changed before the first fill
        m_progress.erase(at);
        at = m_progress.end();
    }
    if (at == m_progress.end())
        at = m_progress.emplace(bot, Progress(standing->initialBalance)).first;

    Progress &progress = at->second;
    std::optional<Hour> newest;
    const auto hasAllTrades = readTrades(bot, progress);
    const auto hasAllFacts = readFacts(bot, progress);
    const auto hasAllHours = readHours(bot, progress, newest);
    for (const auto &hasAll : {hasAllTrades, hasAllFacts, hasAllHours}) {
        if (!hasAll)
            return fail(hasAll.error());
    }
    if (!*hasAllTrades || !*hasAllFacts || !*hasAllHours)
        return std::nullopt;

    Progress now = progress; // the newest hour still grows
    if (newest) {
        if (auto done = endDay(bot, now, *newest); !done)
            return fail(done.error());
        if (auto done = addSamples(bot, now.collector, newest->start); !done)
            return fail(done.error());
    }
    now.collector.endAt(standing->day);
    auto statistics = now.collector.result();
    if (!statistics)
        return fail(statistics.error());
    const auto exits = now.exits.result();
    if (!exits)
        return fail(exits.error());
    statistics->exits = *exits;
    return std::optional(std::move(*statistics));
}

Result<StatisticsReader::Standing> StatisticsReader::standingOf(BotId bot)
{
    std::optional<Standing> standing;
    auto take = [&standing](Row &row) -> Result<void> {
        const auto state = JsonValue::parse(row.bytes(0)).and_then(botStateFromJson);
        if (!state)
            return fail(state.error());
        const auto before = (state->balance - state->life.net()).orError(u"the initial balance");
        if (!before)
            return fail(before.error());
        standing = Standing{*before, state->day}; // the balance before all that was realised
        return {};
    };
    if (auto done = m_state.each(take, bot); !done)
        return fail(done.error());
    if (!standing)
        return fail(ErrorCode::NotFound, u"bot %1 does not exist"_s.arg(bot.value()));
    return *standing;
}

Result<bool> StatisticsReader::readTrades(BotId bot, Progress &progress)
{
    int count = 0;
    auto take = [&](Row &row) -> Result<void> {
        const auto trade = readClosedTrade(row);
        if (!row.problem().isEmpty())
            return {}; // which the statement reports
        progress.collector.add(*trade);
        progress.lastTrade = trade->id;
        ++count;
        return {};
    };
    if (auto done = m_trades.each(take, bot, progress.lastTrade, tradesAtOnce); !done)
        return fail(done.error());
    return count < tradesAtOnce;
}

Result<bool> StatisticsReader::readFacts(BotId bot, Progress &progress)
{
    int count = 0;
    auto take = [&](Row &row) -> Result<void> {
        ++count;
        if (!row.isNull(5)) {
            const auto fact = readEvent(row);
            if (!fact)
                return fail(fact.error());
            progress.exits.add(fact->payload);
        }
        progress.lastFact = EventSequence(row.integer(0));
        return {};
    };
    if (auto done = m_facts.each(take, bot, progress.lastFact, factsAtOnce); !done)
        return fail(done.error());
    return count < factsAtOnce;
}

Result<bool> StatisticsReader::readHours(BotId bot, Progress &progress, std::optional<Hour> &newest)
{
    const qint64 after = progress.lastHour ? toMilliseconds(*progress.lastHour) : std::numeric_limits<qint64>::min();
    auto hours = m_hours.all<Hour>(
            [](Row &row) -> Result<Hour> {
                return Hour{row.time(0), {{row.time(1), row.decimal<Money>(2)}, {row.time(3), row.decimal<Money>(4)}}};
            },
            bot, after, hoursAtOnce + 1);
    if (!hours)
        return fail(hours.error());
    const bool isAll = hours->size() <= hoursAtOnce;
    if (hours->empty())
        return true;
    newest = hours->back();
    hours->pop_back();
    for (const Hour &hour : *hours) {
        if (auto done = addHour(bot, progress, hour); !done)
            return fail(done.error());
    }
    return isAll;
}

Result<void> StatisticsReader::addHour(BotId bot, Progress &progress, const Hour &hour)
{
    if (auto done = endDay(bot, progress, hour); !done)
        return done;
    progress.lastHour = hour.start;
    if (progress.collector.drawdown().needsSamples(hour.extremes))
        return addSamples(bot, progress.collector, hour.start);
    progress.collector.addExtremes(hour.extremes);
    return {};
}

Result<void> StatisticsReader::addSamples(BotId bot, StatisticsCollector &collector, Timestamp hour)
{
    auto take = [&collector](Row &row) -> Result<void> {
        collector.add(readSample(row));
        return {};
    };
    return m_samples.each(take, bot, hour, hour + std::chrono::hours(1));
}

/// The last sample before midnight, when `next` is of a later day: a day's return is measured there.
Result<void> StatisticsReader::endDay(BotId bot, Progress &progress, const Hour &next)
{
    if (!progress.lastHour || dayOf(*progress.lastHour) == dayOf(next.start))
        return {};
    auto take = [&progress](Row &row) -> Result<void> {
        progress.collector.add(readSample(row));
        return {};
    };
    return m_lastSample.each(take, bot, *progress.lastHour, *progress.lastHour + std::chrono::hours(1));
}

} // namespace tradebot
