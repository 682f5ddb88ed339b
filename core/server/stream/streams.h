// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/server/handlers.h"
#include "core/server/stream/streamhub.h"

#include <map>
#include <unordered_map>

namespace tradebot {

/// The streams as the server thread sees them: who watches what, what it looks like, and where in the journal a viewer
/// reads on. Nothing is encoded that nobody watches, and nothing twice.
class Streams final
{
public:
    struct Limits
    {
        StreamLimits hub;
        std::size_t viewers = 10'000; ///< beyond: 503
        int catchUpPage = 256;        ///< events read for a viewer at a time
    };

    Streams(const Limits &limits, HubKind kind, ServerContext &context, const Access &access,
            std::function<void(std::size_t)> viewersChanged);

    [[nodiscard]] std::vector<Route> routes();

    /// Shows facts and views; the board holds the bots as they were before.
    void publish(const FeedUpdate &update);
    /// Shows the outcome of a command before its facts come by the feed.
    void merge(std::shared_ptr<const BotSnapshot> view);
    /// Ends the streams of those who may not see them any more.
    void judgeAccess();

private:
    struct Record
    {
        Caller caller;
        std::vector<Channel> channels;
        std::vector<StreamKind> everyBot; ///< kinds that he sees of every bot of his owner, new ones too
    };
    using Batch = std::vector<HubMessage>;

    void openStatus(const Call &call, const CachedBot &bot);
    void openEvents(const Call &call, const CachedBot &bot);
    void openMany(const Call &call);
    struct Opening
    {
        Record record;
        QByteArray frames;
        QByteArray afterGap;  ///< what stands for the events that are lost
        bool resumes = false; ///< whether Last-Event-ID means something on this stream
    };
    void open(const Call &call, Opening opening);

    void onReports(const std::vector<HubReport> &reports);
    void forget(ViewerId viewer);
    /// The next events for a viewer who is behind; closes him when the journal cannot be read.
    void catchUp(ViewerId viewer, EventSequence after);
    [[nodiscard]] QByteArray framesFor(const Record &record, const std::vector<BotEvent> &events) const;
    [[nodiscard]] Result<bool> isGap(EventSequence after) const;

    void addEvent(Batch &batch, const BotEvent &event) const;
    void addStates(Batch &batch, BotId bot, bool urgent);
    void mergeInto(Batch &batch, std::shared_ptr<const BotSnapshot> view);
    void joinNewBot(Batch &batch, BotId bot, UserId owner);
    void endBot(Batch &batch, BotId bot) const;
    void watch(const std::vector<Channel> &channels);
    [[nodiscard]] bool isWatched(const Channel &channel) const { return m_watched.contains(channel); }

    struct Watched
    {
        std::size_t viewers = 0;
        QByteArray last; ///< the state that was sent last, without its age
    };

    const Limits m_limits;
    ServerContext &m_context;
    const Access &m_access;
    const std::function<void(std::size_t)> m_viewersChanged;
    std::unordered_map<ViewerId, Record> m_viewers;
    std::map<Channel, Watched> m_watched;
    ViewerId m_lastId = 0;
    EventSequence m_told; ///< the last fact that was published
    std::unique_ptr<StreamHub> m_hub;
};

} // namespace tradebot
