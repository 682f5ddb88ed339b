// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/server/stream/streams.h"

#include "core/base/logging.h"
#include "core/server/apijson.h"
#include "core/server/stream/streamframes.h"

#include <algorithm>
#include <set>

namespace tradebot {

using namespace Qt::StringLiterals;

namespace {

bool isState(StreamKind kind)
{
    return kind == StreamKind::State || kind == StreamKind::FullState || kind == StreamKind::TaggedState;
}

/// What is compared to know whether there is something new.
QByteArray comparable(const CachedBot &bot, StreamKind kind)
{
    return kind == StreamKind::State ? shortStateJson(bot) : stateJson(bot, std::nullopt);
}

bool concerns(const std::vector<Channel> &channels, BotId bot)
{
    return std::any_of(channels.begin(), channels.end(), [bot](const Channel &channel) { return channel.bot == bot; });
}

} // namespace

Streams::Streams(const Limits &limits, HubKind kind, ServerContext &context, const Access &access,
                 std::function<void(std::size_t)> viewersChanged)
    : m_limits(limits),
      m_context(context),
      m_access(access),
      m_viewersChanged(std::move(viewersChanged)),
      m_hub(makeStreamHub(kind, limits.hub, context.steady,
                          [this](const std::vector<HubReport> &reports) { onReports(reports); }))
{ }

/// Whether events after this one are lost, or it is the number of another journal.
Result<bool> Streams::isGap(EventSequence after) const
{
    return m_context.history.firstSequence().map(
            [this, after](EventSequence first) { return after > m_told || after.value() + 1 < first.value(); });
}

void Streams::watch(const std::vector<Channel> &channels)
{
    for (const Channel &channel : channels) {
        Watched &watched = m_watched[channel];
        if (++watched.viewers > 1 || !isState(channel.kind))
            continue;
        if (const CachedBot *bot = m_context.board.find(channel.bot))
            watched.last = comparable(*bot, channel.kind);
    }
}

void Streams::forget(ViewerId viewer)
{
    const auto record = m_viewers.find(viewer);
    if (record == m_viewers.end())
        return;
    for (const Channel &channel : record->second.channels) {
        const auto watched = m_watched.find(channel);
        if (watched != m_watched.end() && --watched->second.viewers == 0)
            m_watched.erase(watched);
    }
    m_viewers.erase(record);
    m_viewersChanged(m_viewers.size());
}

void Streams::onReports(const std::vector<HubReport> &reports)
{
    for (const HubReport &report : reports) {
        if (const auto *gone = std::get_if<ViewerGone>(&report))
            forget(gone->viewer);
        else if (const auto *wanted = std::get_if<EventsWanted>(&report))
            catchUp(wanted->viewer, wanted->after);
    }
}

void Streams::catchUp(ViewerId viewer, EventSequence after)
{
    const auto record = m_viewers.find(viewer);
    if (record == m_viewers.end())
        return;
    const auto &channels = record->second.channels;
    EventQuery query;
    query.after = after;
    query.before = EventSequence(m_told.value() + 1); // what is newer comes live
    query.limit = m_limits.catchUpPage;
    query.types = streamedFacts();
    const bool oneBot = std::all_of(channels.begin(), channels.end(),
                                    [&channels](const Channel &c) { return c.bot == channels.front().bot; });
    if (oneBot && !channels.empty() && record->second.everyBot.empty())
        query.bot = channels.front().bot;
    const auto events = m_context.history.events(query);
    if (!events) {
        qCWarning(logServer, "a stream is closed, its events cannot be read: %ls",
                  qUtf16Printable(events.error().text));
        m_hub->post({EndViewer{viewer}});
        return;
    }
    const bool isLive = events->size() < static_cast<std::size_t>(query.limit);
    m_hub->post({CatchUp{.viewer = viewer,
                         .bytes = framesFor(record->second, *events),
                         .upTo = isLive ? m_told : events->back().sequence,
                         .isLive = isLive}});
}

QByteArray Streams::framesFor(const Record &record, const std::vector<BotEvent> &events) const
{
    const std::set<Channel> channels(record.channels.begin(), record.channels.end());
    QByteArray frames;
    for (const BotEvent &event : events) {
        const auto typed = typedEvent(event);
        if (!typed)
            continue;
        if (channels.contains({event.bot, StreamKind::Events}))
            frames += eventFrame(event, *typed, false);
        else if (channels.contains({event.bot, typed->kind}))
            frames += eventFrame(event, *typed, true);
    }
    return frames;
}

void Streams::publish(const FeedUpdate &update)
{
    Batch batch;
    // Between the facts of one happening a bot is in no state: flat already, but its trade not closed. So its state is
    // shown when all are in, or when its status changes, which begins something new.
    std::map<BotId, bool> changed; // and whether that is urgent
    const auto show = [&](BotId bot) {
        if (const auto node = changed.extract(bot))
            addStates(batch, bot, node.mapped());
    };
    for (const auto &event : update.events) {
        const bool isStatus = std::holds_alternative<StatusChanged>(event->payload);
        if (const auto *created = std::get_if<BotCreated>(&event->payload))
            joinNewBot(batch, event->bot, created->owner);
        if (isStatus)
            show(event->bot);
        if (m_context.board.apply(*event))
            changed[event->bot] |= isStatus || std::holds_alternative<OrderFilled>(event->payload);
        m_told = std::max(m_told, event->sequence);
        addEvent(batch, *event);
        if (isStatus)
            show(event->bot);
        if (std::holds_alternative<BotDeleted>(event->payload))
            endBot(batch, event->bot);
    }
    while (!changed.empty())
        show(changed.begin()->first);
    for (const auto &view : update.bots)
        mergeInto(batch, view);
    m_told = std::max(m_told, update.system.committed);
    m_hub->post(std::move(batch));
}

void Streams::merge(std::shared_ptr<const BotSnapshot> view)
{
    Batch batch;
    mergeInto(batch, std::move(view));
    m_hub->post(std::move(batch));
}

void Streams::mergeInto(Batch &batch, std::shared_ptr<const BotSnapshot> view)
{
    const BotId id = view->id;
    const CachedBot *before = m_context.board.find(id);
    const bool isNew = before == nullptr;
    // A status that a command has just brought goes out as fast as its fact would.
    const bool urgent = !isNew && before->state.status != view->state.status;
    if (!m_context.board.merge(std::move(view)))
        return;
    const CachedBot *bot = m_context.board.find(id);
    if (bot == nullptr)
        return;
    if (isNew)
        joinNewBot(batch, id, bot->view->owner);
    addStates(batch, id, urgent);
}

/// By its first fact or its first view, whichever comes first.
void Streams::joinNewBot(Batch &batch, BotId bot, UserId owner)
{
    for (auto &[viewer, record] : m_viewers) {
        const bool sees = !record.everyBot.empty() && record.caller.user.owner == owner;
        if (!sees || concerns(record.channels, bot))
            continue;
        std::vector<Channel> channels;
        for (const StreamKind kind : record.everyBot)
            channels.push_back({bot, kind});
        record.channels.insert(record.channels.end(), channels.begin(), channels.end());
        for (const Channel &channel : channels)
            ++m_watched[channel].viewers; // its first state is news to all of them
        batch.emplace_back(JoinChannels{viewer, std::move(channels)});
    }
}

/// Closes those who watch nothing else; a client that comes again is told 404, and stops.
void Streams::endBot(Batch &batch, BotId bot) const
{
    for (const auto &[viewer, record] : m_viewers) {
        const auto isOther = [bot](const Channel &channel) { return channel.bot != bot; };
        if (record.everyBot.empty() && std::none_of(record.channels.begin(), record.channels.end(), isOther))
            batch.emplace_back(EndViewer{viewer});
    }
}

void Streams::addEvent(Batch &batch, const BotEvent &event) const
{
    const auto typed = typedEvent(event);
    if (!typed)
        return;
    for (const Channel channel : {Channel{event.bot, StreamKind::Events}, Channel{event.bot, typed->kind}}) {
        if (isWatched(channel))
            batch.emplace_back(
                    EventFrame{channel, event.sequence, eventFrame(event, *typed, channel.kind != StreamKind::Events)});
    }
}

void Streams::addStates(Batch &batch, BotId id, bool urgent)
{
    const CachedBot *bot = m_context.board.find(id);
    if (bot == nullptr)
        return;
    for (const StreamKind kind : {StreamKind::State, StreamKind::FullState, StreamKind::TaggedState}) {
        const auto watched = m_watched.find({id, kind});
        if (watched == m_watched.end())
            continue;
        QByteArray present = comparable(*bot, kind);
        if (present == watched->second.last)
            continue;
        watched->second.last = std::move(present);
        batch.emplace_back(StateFrame{{id, kind}, stateFrame(*bot, kind, m_context.clock.now()), urgent});
    }
}

void Streams::judgeAccess()
{
    std::map<std::pair<UserId, int>, bool> judged; // a thousand viewers are often one user
    Batch batch;
    for (const auto &[viewer, record] : m_viewers) {
        const auto [place, isNew] =
                judged.try_emplace({record.caller.user.id, record.caller.token.subject.epoch}, false);
        if (isNew)
            place->second = m_access.isStillValid(record.caller);
        if (!place->second)
            batch.emplace_back(EndViewer{viewer});
    }
    m_hub->post(std::move(batch));
}

} // namespace tradebot
