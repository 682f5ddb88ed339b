// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/feedpublisher.h"

#include "core/base/logging.h"

#include <algorithm>

namespace tradebot {

using namespace Qt::StringLiterals;

namespace {

constexpr int signOfLifeTurns = 10; // a second, at ten turns a second

} // namespace

void FeedPublisher::recover(const Recovered &recovered)
{
    m_system.committed = recovered.last;
    for (const BotRecord &record : recovered.bots) {
        Known &known = m_bots[record.id];
        BotSnapshot &bot = known.committed;
        bot.id = record.id;
        bot.owner = record.owner;
        bot.config = std::make_shared<const BotConfig>(record.config);
        bot.configVersion = record.configVersion;
        bot.createdAt = record.createdAt;
        bot.configuredAt = record.configuredAt;
        bot.state = record.state;
        bot.lastUpdatedAt = record.lastUpdatedAt;
    }
}

void FeedPublisher::fold(const BotEvent &event, Timestamp recorded)
{
    Known &known = m_bots[event.bot];
    BotSnapshot &bot = known.committed;
    if (const auto *created = std::get_if<BotCreated>(&event.payload)) {
        bot.id = event.bot;
        bot.owner = created->owner;
        bot.config = std::make_shared<const BotConfig>(created->config);
        bot.createdAt = event.happened;
        bot.configuredAt = event.happened;
    } else if (const auto *configured = std::get_if<BotConfigured>(&event.payload)) {
        bot.config = std::make_shared<const BotConfig>(configured->config);
        bot.configVersion = configured->version;
        bot.configuredAt = event.happened;
    } else if (std::holds_alternative<BotDeleted>(event.payload)) {
        bot.deleted = true;
    }
    if (const auto done = apply(bot.state, event); !done) // the engine has folded it before, so it cannot fail
        qCCritical(logEngine) << "fact" << event.sequence.value() << done.error().text;
    bot.lastUpdatedAt = recorded;
    known.changed = true;
}

void FeedPublisher::committed(const Committed &committed)
{
    m_system.committed = committed.upTo;
    m_system.storeBytes = committed.storeBytes;
    std::vector<std::shared_ptr<const BotEvent>> events;
    std::set<BotId> touched;
    while (!m_pending.empty() && m_pending.front()->sequence <= committed.upTo) {
        fold(*m_pending.front(), committed.recorded);
        touched.insert(m_pending.front()->bot);
        events.push_back(std::move(m_pending.front()));
        m_pending.pop_front();
    }
    if (events.empty())
        return;
    refreshSystem();
    for (Follower &follower : m_followers) {
        const Callback callback = follower.callback.lock();
        if (!callback)
            continue;
        follower.dirty.insert(touched.begin(), touched.end());
        FeedUpdate update;
        update.events = events;
        for (const BotId bot : touched) {
            update.bots.push_back(snapshot(bot));
            follower.dirty.erase(bot);
        }
        send(follower, callback, std::move(update));
    }
    std::erase_if(m_bots, [](const auto &entry) { return entry.second.committed.deleted; });
}

void FeedPublisher::storeFailed(const Error &error)
{
    m_system.storeOk = false;
    m_system.storeMessage = error.text;
}

void FeedPublisher::send(Follower &follower, const Callback &callback, FeedUpdate update)
{
    follower.quietTurns = 0;
    update.system = m_system;
    callback(update);
}

void FeedPublisher::add(const Callback &callback)
{
    refreshSystem();
    FeedUpdate update;
    for (const auto &entry : m_bots)
        update.bots.push_back(snapshot(entry.first));
    m_followers.push_back({callback.weak(), {}, 0});
    send(m_followers.back(), callback, std::move(update));
}

void FeedPublisher::add(BotId bot, Timeframe timeframe, int limit, const CandleCallback &callback)
{
    m_candleFollowers.push_back({callback.weak(), bot, timeframe, limit, -1, {}, {}});
    if (auto update = candleUpdate(m_candleFollowers.back()))
        callback(*update);
}

void FeedPublisher::markTicks()
{
    for (auto &[id, known] : m_bots) {
        const BotRunner *const runner = m_engine.find(id);
        const MarketStream *const stream = runner != nullptr ? m_engine.streamOf(*runner) : nullptr;
        const Timestamp seen = stream != nullptr && stream->last ? stream->receivedAt : Timestamp();
        Trouble trouble = runner != nullptr ? troubleOf(*runner) : Trouble();
        if (seen == known.seenTick && trouble == known.trouble && !known.changed)
            continue;
        known.seenTick = seen;
        known.trouble = std::move(trouble);
        known.changed = false;
        known.view.reset();
        for (Follower &follower : m_followers)
            follower.dirty.insert(id);
    }
}

void FeedPublisher::publishViews()
{
    markTicks();
    refreshSystem();
    std::erase_if(m_followers, [](const Follower &follower) { return !follower.callback.lock(); });
    for (Follower &follower : m_followers) {
        const Callback callback = follower.callback.lock();
        if (!callback || callback.isBusy())
            continue;
        if (follower.dirty.empty() && ++follower.quietTurns < signOfLifeTurns)
            continue;
        FeedUpdate update;
        for (const BotId bot : std::exchange(follower.dirty, {})) {
            if (auto view = snapshot(bot))
                update.bots.push_back(std::move(view));
        }
        send(follower, callback, std::move(update));
    }
    publishCandles();
}

FeedPublisher::Trouble FeedPublisher::troubleOf(const BotRunner &runner) const
{
    if (!isActive(runner.state().status))
        return {};
    if (!m_system.storeOk)
        return {HealthReason::StaleData,
                u"nothing is traded: the journal cannot be written: "_s + m_system.storeMessage};
    if (QString stale = m_engine.staleReason(runner); !stale.isEmpty())
        return {HealthReason::StaleData, std::move(stale)};
    const MarketStream *const stream = m_engine.streamOf(runner);
    if (stream != nullptr && stream->last && stream->last->time < runner.knownUpTo())
        return {HealthReason::PastPrices,
                u"its prices are from before %1, and it has lived through the market up to there: it does nothing "
                "until they get there; to play a recording again, take a new bot or another data folder"_s.arg(
                        QString::fromLatin1(toRfc3339(runner.knownUpTo())))};
    return {};
}

std::shared_ptr<const BotSnapshot> FeedPublisher::snapshot(BotId bot)
{
    const auto at = m_bots.find(bot);
    if (at == m_bots.end())
        return nullptr;
    Known &known = at->second;
    if (known.view && !known.changed)
        return known.view;
    auto view = std::make_shared<BotSnapshot>(known.committed);
    if (const BotRunner *const runner = m_engine.find(bot)) {
        view->instrument = runner->instrument();
        view->peakEquity = std::max(runner->state().peakEquity, runner->equity());
        view->activity = m_engine.activity(bot);
        view->state.lastRunAt = runner->lastRunAt();
        const bool samePosition = runner->state().position == view->state.position;
        view->protection = samePosition ? runner->protection() : view->state.protection;
        const MarketStream *const stream = m_engine.streamOf(*runner);
        if (stream != nullptr && stream->last) {
            view->markPrice = stream->last->price;
            view->priceTime = stream->last->time;
            view->priceReceivedAt = stream->receivedAt;
        }
        const BotStatus status = view->state.status;
        const bool isAtWork = status == BotStatus::Running || status == BotStatus::Paused;
        if (Trouble trouble = isAtWork && view->state.health == Health::Ok ? troubleOf(*runner) : Trouble();
            trouble.reason != HealthReason::None) {
            view->state.health = Health::Degraded;
            view->state.healthReason = trouble.reason;
            view->state.healthMessage = std::move(trouble.message);
        }
    }
    const Position &position = view->state.position;
    if (!position.isOpen())
        view->unrealised = Money();
    else if (view->markPrice)
        view->unrealised = position.unrealised(*view->markPrice).value();
    if (view->unrealised)
        view->equity = (view->state.balance + *view->unrealised).value();
    known.view = view;
    return view;
}

void FeedPublisher::refreshSystem()
{
    m_system.engineTime = m_engine.engineTime();
    m_system.ticks = m_engine.tickCount();
    m_system.newestPriceReceivedAt.reset();
    m_system.marketDataOk = true;
    m_system.marketDataMessage.clear();
    for (const auto &stream : m_engine.streams()) {
        if (stream->runners.empty())
            continue;
        if (stream->last)
            m_system.newestPriceReceivedAt =
                    std::max(m_system.newestPriceReceivedAt.value_or(stream->receivedAt), stream->receivedAt);
        if (stream->lost) {
            m_system.marketDataOk = false;
            m_system.marketDataMessage = stream->lost->text;
        } else if (stream->isStale) {
            m_system.marketDataOk = false;
            m_system.marketDataMessage = QStringLiteral("no prices of ") + stream->symbol.value();
        }
    }
}

void FeedPublisher::publishCandles()
{
    std::erase_if(m_candleFollowers, [](const CandleFollower &follower) { return !follower.callback.lock(); });
    for (CandleFollower &follower : m_candleFollowers) {
        const CandleCallback callback = follower.callback.lock();
        if (!callback || callback.isBusy())
            continue;
        if (auto update = candleUpdate(follower))
            callback(*update);
    }
}

std::optional<CandleUpdate> FeedPublisher::candleUpdate(CandleFollower &follower)
{
    CandleHistory *const series = m_engine.series(follower.bot, follower.timeframe, follower.limit);
    if (series == nullptr || !series->covers(follower.limit))
        return std::nullopt;
    const auto live = series->live();
    const bool isFirst = follower.sentCount < 0;
    if (!isFirst && follower.sentCount == series->closedCount() && live == follower.live)
        return std::nullopt;
    CandleUpdate update;
    update.live = live;
    if (follower.sentCount != series->closedCount()) {
        update.closed = series->newest(follower.limit);
        const auto known = [&](const Candle &candle) { return candle.openTime <= *follower.lastClosed; };
        // A stream that was closed and opened again may have lost candles between: then all are sent anew.
        const bool continues = !isFirst && follower.lastClosed && !update.closed.empty()
                               && update.closed.front().openTime <= *follower.lastClosed
                               && series->closedCount() > follower.sentCount;
        if (continues)
            std::erase_if(update.closed, known);
        update.reset = !continues;
        if (!update.closed.empty())
            follower.lastClosed = update.closed.back().openTime;
    }
    follower.sentCount = series->closedCount();
    follower.live = live;
    return update;
}

} // namespace tradebot
