// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/livefeed.h"

#include <tuple>

namespace tradebot {

namespace {

/// The engine names the instrument once it has asked the market. Until then the config says what is traded.
SnapshotPointer withInstrument(SnapshotPointer bot)
{
    if (!bot->instrument.quote.isEmpty())
        return bot;
    auto named = std::make_shared<BotSnapshot>(*bot);
    named->instrument.symbol = bot->config->symbol;
    named->instrument.market = bot->config->market;
    std::tie(named->instrument.base, named->instrument.quote) = splitSymbol(bot->config->symbol);
    return named;
}

} // namespace

LiveFeed::LiveFeed(BotFeed &feed, QObject *parent, std::chrono::milliseconds patience)
    : QObject(parent),
      m_handle(feed.follow(this, [this](const FeedUpdate &news) { update(news); }))
{
    m_silence.setSingleShot(true);
    m_silence.setInterval(patience);
    connect(&m_silence, &QTimer::timeout, this, &LiveFeed::fallSilent);
}

/// What was fine when the engine last spoke may be anything by now.
void LiveFeed::fallSilent()
{
    std::vector<SnapshotPointer> changed;
    for (auto &[id, bot] : m_bots) {
        if (!isActive(bot->state.status) || bot->state.health != Health::Ok)
            continue;
        m_unheard[id] = bot;
        auto degraded = std::make_shared<BotSnapshot>(*bot);
        degraded->state.health = Health::Degraded;
        degraded->state.healthReason = HealthReason::StaleData;
        degraded->state.healthMessage = tr("the engine does not answer");
        bot = changed.emplace_back(std::move(degraded));
    }
    m_system.marketDataOk = false;
    m_system.marketDataMessage = tr("the engine does not answer");
    if (!changed.empty())
        Q_EMIT botsChanged(changed);
    Q_EMIT systemChanged();
}

SnapshotPointer LiveFeed::bot(BotId id) const
{
    const auto found = m_bots.find(id);
    return found == m_bots.end() ? nullptr : found->second;
}

void LiveFeed::take(const BotSnapshot &snapshot)
{
    const auto known = bot(snapshot.id);
    if (snapshot.deleted || m_deleted.contains(snapshot.id)
        || (known && known->state.lastSequence >= snapshot.state.lastSequence))
        return;
    const SnapshotPointer copy = withInstrument(std::make_shared<const BotSnapshot>(snapshot));
    m_bots[snapshot.id] = copy;
    Q_EMIT botsChanged({copy});
}

void LiveFeed::update(const FeedUpdate &news)
{
    m_silence.start();
    std::vector<SnapshotPointer> changed;
    std::vector<BotId> removed;
    for (const auto &[id, bot] : std::exchange(m_unheard, {})) {
        const auto at = m_bots.find(id);
        if (at == m_bots.end() || at->second->state.lastSequence > bot->state.lastSequence)
            continue; // a command's answer was newer
        at->second = bot;
        changed.push_back(bot);
    }
    for (const auto &bot : news.bots) {
        if (bot->deleted) {
            m_deleted.insert(bot->id);
            if (m_bots.erase(bot->id) > 0)
                removed.push_back(bot->id);
        } else if (!m_deleted.contains(bot->id)) {
            changed.push_back(m_bots[bot->id] = withInstrument(bot));
        }
    }
    m_system = news.system;
    if (!m_ready) {
        m_ready = true;
        Q_EMIT ready();
    }
    if (!news.events.empty())
        Q_EMIT factsArrived(news.events);
    for (const BotId id : removed)
        Q_EMIT botRemoved(id);
    if (!changed.empty())
        Q_EMIT botsChanged(changed);
    Q_EMIT systemChanged();
}

QString botName(const SnapshotPointer &bot, BotId id)
{
    return bot ? bot->config->name : LiveFeed::tr("bot %1").arg(id.value());
}

} // namespace tradebot
