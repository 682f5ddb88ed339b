// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/api/botfeed.h"
#include "core/api/journal.h"
#include "core/base/threadcallback.h"
#include "core/engine/botengine.h"

#include <deque>
#include <map>
#include <set>

namespace tradebot {

/// Tells followers what is durable, and the newest view of it. Keeps a second fold, of committed facts only, so that no
/// view is ever ahead of the disk. Engine thread.
class FeedPublisher final
{
public:
    using Callback = ThreadCallback<const FeedUpdate &>;
    using CandleCallback = ThreadCallback<const CandleUpdate &>;

    explicit FeedPublisher(BotEngine &engine) : m_engine(engine) { }

    void recover(const Recovered &recovered);
    /// A fact that is on its way to the disk.
    void pending(std::shared_ptr<const BotEvent> event) { m_pending.push_back(std::move(event)); }
    /// Releases facts to all followers, with the views of the bots that they are about.
    void committed(const Committed &committed);
    /// Nothing is traded from now on, and no view says that all is well.
    void storeFailed(const Error &error);
    void setMarketData(const QString &description) { m_system.marketData = description; }

    void add(const Callback &callback);
    void add(BotId bot, Timeframe timeframe, int limit, const CandleCallback &callback);
    /// Sends what has changed since the last call; call ten times a second.
    void publishViews();

    /// The committed bot with the prices of the moment; nullptr for an unknown one.
    [[nodiscard]] std::shared_ptr<const BotSnapshot> snapshot(BotId bot);
    [[nodiscard]] EventSequence committedUpTo() const { return m_system.committed; }

private:
    struct Follower
    {
        Callback::Weak callback;
        std::set<BotId> dirty;
        int quietTurns = 0; ///< publishing turns without an update
    };
    struct CandleFollower
    {
        CandleCallback::Weak callback;
        BotId bot;
        Timeframe timeframe = Timeframe::M1;
        int limit = 500;
        qint64 sentCount = -1; ///< the series' closedCount at the last update; -1: nothing sent yet
        std::optional<Timestamp> lastClosed;
        std::optional<Candle> live;
    };
    /// Why an active bot is not well, though no fact says so yet; no reason when it is.
    struct Trouble
    {
        HealthReason reason = HealthReason::None;
        QString message;
        friend bool operator==(const Trouble &, const Trouble &) = default;
    };
    struct Known
    {
        BotSnapshot committed;                   ///< without prices
        std::shared_ptr<const BotSnapshot> view; ///< made anew when something changed
        Timestamp seenTick;
        Trouble trouble; ///< when the view was made
        bool changed = true;
    };

    void fold(const BotEvent &event, Timestamp recorded);
    void refreshSystem();
    void markTicks();
    [[nodiscard]] Trouble troubleOf(const BotRunner &runner) const;
    void send(Follower &follower, const Callback &callback, FeedUpdate update);
    void publishCandles();
    [[nodiscard]] std::optional<CandleUpdate> candleUpdate(CandleFollower &follower);

    BotEngine &m_engine;
    std::map<BotId, Known> m_bots;
    std::deque<std::shared_ptr<const BotEvent>> m_pending;
    std::vector<Follower> m_followers;
    std::vector<CandleFollower> m_candleFollowers;
    SystemView m_system;
};

} // namespace tradebot
