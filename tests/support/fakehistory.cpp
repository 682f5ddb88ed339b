// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/fakehistory.h"

#include "core/domain/eventjson.h"

#include <algorithm>

namespace tradebot {

using namespace Qt::StringLiterals;

namespace {

bool matches(const EventQuery &query, const BotEvent &event)
{
    if (query.bot && event.bot != *query.bot)
        return false;
    if (query.after.isValid() && event.sequence <= query.after)
        return false;
    if (query.before.isValid() && event.sequence >= query.before)
        return false;
    if ((query.from && event.happened < *query.from) || (query.to && event.happened >= *query.to))
        return false;
    const QString type = typeName(event.payload);
    if (!query.types.isEmpty() && !query.types.contains(type))
        return false;
    return query.text.isEmpty() || type.contains(query.text, Qt::CaseInsensitive)
           || QString::fromUtf8(toJson(event.payload)).contains(query.text, Qt::CaseInsensitive);
}

bool matches(const TradeQuery &query, const Trade &trade)
{
    return (!query.bot || trade.bot == *query.bot) && (!query.before.isValid() || trade.id < query.before)
           && (!query.after.isValid() || trade.id > query.after) && (!query.from || trade.exitTime >= *query.from)
           && (!query.to || trade.exitTime < *query.to);
}

/// The first, lowest, highest and last of each bucket are enough for a curve that looks the same.
std::vector<EquityPoint> reduced(const std::vector<EquityPoint> &points, int limit)
{
    const auto wanted = static_cast<std::size_t>(limit);
    if (points.size() <= wanted)
        return points;
    const std::size_t buckets = std::max<std::size_t>(1, wanted / 2);
    std::vector<EquityPoint> result;
    for (std::size_t bucket = 0; bucket < buckets; ++bucket) {
        const auto begin = points.begin() + static_cast<std::ptrdiff_t>(bucket * points.size() / buckets);
        const auto end = points.begin() + static_cast<std::ptrdiff_t>((bucket + 1) * points.size() / buckets);
        auto [low, high] =
                std::minmax_element(begin, end, [](const auto &a, const auto &b) { return a.equity < b.equity; });
        if (high < low)
            std::swap(low, high);
        result.push_back(*low);
        if (high != low)
            result.push_back(*high);
    }
    return result;
}

} // namespace

Result<std::vector<BotRecord>> FakeHistoryReader::bots()
{
    const std::lock_guard lock(m_store->mutex);
    std::vector<BotRecord> records;
    for (const auto &[id, bot] : m_store->bots) {
        if (bot.deleted)
            continue;
        BotRecord record;
        record.id = id;
        record.owner = bot.owner;
        record.configVersion = bot.configVersion;
        record.config = *bot.config;
        record.state = bot.state;
        record.createdAt = bot.createdAt;
        record.configuredAt = bot.configuredAt;
        record.lastUpdatedAt = bot.lastUpdatedAt;
        record.peakEquity = bot.peakEquity;
        records.push_back(std::move(record));
    }
    return records;
}

Result<std::vector<BotEvent>> FakeHistoryReader::events(const EventQuery &query)
{
    const std::lock_guard lock(m_store->mutex);
    std::vector<BotEvent> found;
    const auto take = [&](const auto &event) {
        if (matches(query, *event))
            found.push_back(*event);
        return found.size() >= static_cast<std::size_t>(query.limit);
    };
    if (query.newestFirst)
        (void)std::find_if(m_store->journal.rbegin(), m_store->journal.rend(), take);
    else
        (void)std::find_if(m_store->journal.begin(), m_store->journal.end(), take);
    return found;
}

Result<EventSequence> FakeHistoryReader::firstSequence()
{
    const std::lock_guard lock(m_store->mutex);
    return m_store->journal.empty() ? EventSequence() : m_store->journal.front()->sequence;
}

Result<EventSequence> FakeHistoryReader::lastSequence()
{
    const std::lock_guard lock(m_store->mutex);
    return m_store->journal.empty() ? EventSequence() : m_store->journal.back()->sequence;
}

Result<std::vector<Trade>> FakeHistoryReader::trades(const TradeQuery &query)
{
    const std::lock_guard lock(m_store->mutex);
    std::vector<Trade> found;
    const auto take = [&](const Trade &trade) {
        if (matches(query, trade))
            found.push_back(trade);
        return found.size() >= static_cast<std::size_t>(query.limit);
    };
    if (query.after.isValid())
        (void)std::find_if(m_store->trades.begin(), m_store->trades.end(), take);
    else
        (void)std::find_if(m_store->trades.rbegin(), m_store->trades.rend(), take);
    return found;
}

Result<qint64> FakeHistoryReader::tradeCount(std::optional<BotId> bot)
{
    const std::lock_guard lock(m_store->mutex);
    return static_cast<qint64>(std::count_if(m_store->trades.begin(), m_store->trades.end(),
                                             [&](const Trade &trade) { return !bot || trade.bot == *bot; }));
}

Result<TradeId> FakeHistoryReader::tradeAt(std::optional<BotId> bot, qint64 place)
{
    const std::lock_guard lock(m_store->mutex);
    qint64 left = place;
    for (const Trade &trade : m_store->trades) {
        if ((!bot || trade.bot == *bot) && left-- == 0)
            return trade.id;
    }
    return fail(ErrorCode::NotFound, u"there is no trade at place %1"_s.arg(place));
}

Result<std::vector<Order>> FakeHistoryReader::orders(const OrderQuery &query)
{
    const std::lock_guard lock(m_store->mutex);
    std::vector<Order> found;
    for (auto order = m_store->orders.rbegin(); order != m_store->orders.rend(); ++order) {
        if (found.size() >= static_cast<std::size_t>(query.limit))
            break;
        if ((!query.bot || order->second.id.bot == *query.bot) && (!query.openOnly || order->second.isOpen())
            && (!query.before.isValid() || order->first < query.before))
            found.push_back(order->second);
    }
    return found;
}

Result<std::vector<LedgerEntry>> FakeHistoryReader::ledger(BotId bot, EventSequence after, int limit)
{
    const std::lock_guard lock(m_store->mutex);
    std::vector<LedgerEntry> found;
    for (const auto &entry : m_store->ledger) {
        if (found.size() >= static_cast<std::size_t>(limit))
            break;
        if (entry.bot == bot && entry.sequence > after)
            found.push_back(entry);
    }
    return found;
}

Result<std::vector<EquityPoint>> FakeHistoryReader::equity(const EquityQuery &query)
{
    const std::lock_guard lock(m_store->mutex);
    std::vector<EquityPoint> found;
    const auto points = m_store->equity.find(query.bot);
    if (points == m_store->equity.end())
        return found;
    std::copy_if(points->second.begin(), points->second.end(), std::back_inserter(found),
                 [&](const EquityPoint &point) {
                     return (!query.from || point.time >= *query.from) && (!query.to || point.time < *query.to);
                 });
    return reduced(found, query.points);
}

Result<std::optional<Statistics>> FakeHistoryReader::statistics(BotId bot)
{
    m_hasBegunStatistics = !m_hasBegunStatistics;
    if (m_hasBegunStatistics)
        return std::nullopt;
    const std::lock_guard lock(m_store->mutex);
    const auto found = m_store->bots.find(bot);
    if (found == m_store->bots.end())
        return fail(ErrorCode::NotFound, u"bot %1 does not exist"_s.arg(bot.value()));
    StatisticsCollector collector(found->second.config->initialBalance);
    for (const Trade &trade : m_store->trades) {
        if (trade.bot == bot)
            collector.add(trade);
    }
    if (const auto samples = m_store->equity.find(bot); samples != m_store->equity.end()) {
        for (const EquityPoint &sample : samples->second)
            collector.add(sample);
    }
    ExitStatisticsCollector exits;
    for (const auto &event : m_store->journal) {
        if (event->bot == bot)
            exits.add(event->payload);
    }
    return collector.result().map([&exits](Statistics statistics) {
        statistics.exits = exits.result().value();
        return std::optional(std::move(statistics));
    });
}

Result<User> FakeHistoryReader::user(UserId id)
{
    const std::lock_guard lock(m_store->mutex);
    for (const auto &user : m_store->users) {
        if (user.id == id)
            return user;
    }
    return fail(ErrorCode::NotFound, u"user %1 does not exist"_s.arg(id.value()));
}

} // namespace tradebot
