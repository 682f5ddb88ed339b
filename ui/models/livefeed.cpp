// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/livefeed.h"

namespace tradebot {

LiveFeed::LiveFeed(BotFeed &feed, QObject *parent)
    : QObject(parent),
      m_handle(feed.follow(this, [this](const FeedUpdate &news) { update(news); }))
{ }

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
    const auto copy = std::make_shared<const BotSnapshot>(snapshot);
    m_bots[snapshot.id] = copy;
    Q_EMIT botsChanged({copy});
}

void LiveFeed::update(const FeedUpdate &news)
{
    std::vector<SnapshotPointer> changed;
    std::vector<BotId> removed;
    for (const auto &bot : news.bots) {
        if (bot->deleted) {
            m_deleted.insert(bot->id);
            if (m_bots.erase(bot->id) > 0)
                removed.push_back(bot->id);
        } else if (!m_deleted.contains(bot->id)) {
            m_bots[bot->id] = bot;
            changed.push_back(bot);
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

} // namespace tradebot
