// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/overviewdata.h"

#include "ui/models/livefeed.h"

namespace tradebot {

using namespace std::chrono_literals;

namespace {

constexpr size_t linePoints = 60; ///< of a card's small curve
constexpr int tradesAtOnce = 10'000;

/// So few that a small curve shows: evenly chosen, the last one always.
std::vector<double> thinned(const std::vector<EquityPoint> &points)
{
    std::vector<double> values;
    const size_t step = std::max<size_t>(1, points.size() / linePoints);
    for (size_t i = 0; i < points.size(); i += step)
        values.push_back(points[i].equity.toDouble());
    if (!points.empty())
        values.push_back(points.back().equity.toDouble());
    return values;
}

} // namespace

OverviewData::OverviewData(const UiContext &context, QObject *parent) : QObject(parent), m_context(context)
{
    m_soon.setSingleShot(true);
    m_soon.setInterval(0ms);
    connect(&m_soon, &QTimer::timeout, this, &OverviewData::start);
    connect(&context.live, &LiveFeed::factsArrived, this, &OverviewData::takeFacts);
}

void OverviewData::show(const AccountKey &account, const OverviewSpan &span)
{
    m_account = account;
    m_span = span;
    m_statistics.reset();
    m_drawdown.reset();
    m_read = {};
    reload();
}

void OverviewData::reload()
{
    m_soon.start();
}

OverviewData::Query OverviewData::query() const
{
    Query query;
    for (const auto &[id, bot] : m_context.live.bots()) {
        if (accountOf(*bot) != m_account)
            continue;
        const auto worth = worthOf(*bot);
        if (!worth && bot->config->exchange != Exchange::Paper)
            continue; // what it began with is the exchange's to tell
        query.parts.push_back({id, bot->config->initialBalance, worth.value_or(bot->state.balance), bot->createdAt});
    }
    // By the market's clock: a replay has its own today.
    if (m_span.length)
        query.from = m_context.live.system().engineTime - *m_span.length;
    return query;
}

void OverviewData::start()
{
    const int generation = ++m_generation;
    m_reading = true;
    m_since.clear();
    m_context.history.read(
            this, [query = query()](HistoryReader &reader) { return read(reader, query); },
            [this, generation](Result<Read> read) {
                if (generation != m_generation)
                    return;
                m_reading = false;
                if (read)
                    take(std::move(*read));
            });
}

Result<OverviewData::Read> OverviewData::read(HistoryReader &reader, const Query &query)
{
    Read read;
    std::vector<EquityPart> parts;
    for (const Part &part : query.parts) {
        EquityQuery wanted;
        wanted.bot = part.bot;
        wanted.from = query.from;
        auto points = reader.equity(wanted);
        if (!points)
            return fail(points.error());
        // Before its first point a bot counts what it began with; one that is older than the span, what it had then.
        Money before = part.initial;
        if (points->empty())
            before = part.now;
        else if (query.from && part.createdAt < *query.from)
            before = points->front().equity;
        read.lines[part.bot] = thinned(*points);
        parts.push_back({before, std::move(*points)});
        if (const auto trades = readTrades(reader, query, part.bot, read); !trades)
            return fail(trades.error());
    }
    read.equity = summedEquity(parts);
    return read;
}

Result<void> OverviewData::readTrades(HistoryReader &reader, const Query &query, BotId bot, Read &read)
{
    TradeQuery wanted;
    wanted.bot = bot;
    wanted.from = query.from;
    wanted.limit = tradesAtOnce;
    for (;;) {
        const auto trades = reader.trades(wanted);
        if (!trades)
            return fail(trades.error());
        for (const Trade &trade : *trades) {
            read.statistics.add(trade);
            read.newestTrade = std::max(read.newestTrade, trade.id);
        }
        if (std::ssize(*trades) < tradesAtOnce)
            return {};
        wanted.before = trades->back().id;
    }
}

void OverviewData::take(Read read)
{
    m_read = std::move(read);
    m_drawdown = drawdownOf(m_read.equity);
    m_statistics = m_read.statistics;
    for (const Trade &trade : std::exchange(m_since, {})) {
        if (trade.id > m_read.newestTrade)
            m_statistics->add(trade);
    }
    Q_EMIT historyRead();
    Q_EMIT statisticsChanged();
}

void OverviewData::takeFacts(const std::vector<EventPointer> &events)
{
    bool isNew = false;
    for (const EventPointer &event : events) {
        const auto *closed = std::get_if<TradeClosed>(&event->payload);
        const SnapshotPointer bot = closed ? m_context.live.bot(event->bot) : nullptr;
        if (!bot || accountOf(*bot) != m_account)
            continue;
        if (m_reading) {
            m_since.push_back(closed->trade);
        } else if (m_statistics) {
            m_statistics->add(closed->trade);
            isNew = true;
        }
    }
    if (isNew)
        Q_EMIT statisticsChanged();
}

void OverviewData::takeEquity(const EquityPoint &point)
{
    if (m_reading)
        return;
    if (!m_drawdown)
        m_drawdown.emplace(point);
    else if (point.time >= m_drawdown->current.troughTime)
        m_drawdown->add(point);
}

} // namespace tradebot
