// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/api/botfeed.h"

#include <QObject>
#include <QTimer>

#include <chrono>
#include <map>
#include <memory>
#include <set>
#include <vector>

namespace tradebot {

using SnapshotPointer = std::shared_ptr<const BotSnapshot>;
using EventPointer = std::shared_ptr<const BotEvent>;

/// The window's one follower of the feed: keeps the newest view of each bot and hands on what changed. Main thread.
/// Views come at most ten times a second, because the feed sends no more.
class LiveFeed final : public QObject
{
    Q_OBJECT
public:
    /// The engine gives a sign of life each second; after so long without one no active bot counts as well.
    explicit LiveFeed(BotFeed &feed, QObject *parent = nullptr,
                      std::chrono::milliseconds patience = std::chrono::seconds(10));

    /// nullptr for an unknown or deleted bot.
    [[nodiscard]] SnapshotPointer bot(BotId id) const;
    [[nodiscard]] const std::map<BotId, SnapshotPointer> &bots() const { return m_bots; }
    [[nodiscard]] const SystemView &system() const { return m_system; }
    /// False until the first update has come.
    [[nodiscard]] bool isReady() const { return m_ready; }
    /// Takes a snapshot that came by another way (a command's answer), unless a newer one is here or the bot is
    /// deleted.
    void take(const BotSnapshot &snapshot);

Q_SIGNALS:
    /// The first update: all bots are known.
    void ready();
    /// Facts, in order; sent before the views that include them.
    void factsArrived(const std::vector<tradebot::EventPointer> &events);
    /// Bots that are new or changed.
    void botsChanged(const std::vector<tradebot::SnapshotPointer> &bots);
    void botRemoved(tradebot::BotId id);
    void systemChanged();

private:
    void update(const FeedUpdate &update);
    void fallSilent();

    std::map<BotId, SnapshotPointer> m_bots;
    std::set<BotId> m_deleted; ///< no late view brings one back: its number is not given again
    SystemView m_system;
    bool m_ready = false;
    QTimer m_silence;
    std::map<BotId, SnapshotPointer> m_unheard; ///< what the bots were that count as degraded only for the silence
    FeedHandle m_handle;
};

/// What a bot is called where it may be gone: its name, else "bot 17".
[[nodiscard]] QString botName(const SnapshotPointer &bot, BotId id);

} // namespace tradebot
