// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/server/stream/streams.h"

#include "core/base/logging.h"
#include "core/server/apijson.h"
#include "core/server/stream/streamframes.h"

#include <QTcpSocket>

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
QByteArray comparable(const BoardEntry &bot, StreamKind kind)
{
    return kind == StreamKind::State ? shortStateJson(bot) : stateJson(bot, std::nullopt);
}

QByteArray stateFrame(const BoardEntry &bot, StreamKind kind, Timestamp now)
{
    if (kind == StreamKind::State)
        return dataFrame(shortStateJson(bot));
    return kind == StreamKind::FullState ? dataFrame(stateJson(bot, now)) : taggedStateFrame(bot, now);
}

bool isUrgent(const BotEvent &event)
{
    return std::holds_alternative<StatusChanged>(event.payload) || std::holds_alternative<OrderFilled>(event.payload);
}

/// Where a client that was here before wants to go on; nullopt for a new one.
Result<std::optional<EventSequence>> resumePoint(const HttpRequest &request)
{
    QString text = textParameter(request, "last_event_id");
    if (const QByteArray header = request.header("last-event-id"); !header.isEmpty())
        text = QString::fromLatin1(header); // it is newer than the address
    if (text.isEmpty())
        return std::nullopt;
    bool ok = false;
    const qint64 number = text.toLongLong(&ok);
    if (!ok || number < 0)
        return fail(ErrorCode::Malformed, u"Last-Event-ID %1 is not the id of an event"_s.arg(text));
    return std::optional(EventSequence(number));
}

bool concerns(const std::vector<Channel> &channels, BotId bot)
{
    return std::any_of(channels.begin(), channels.end(), [bot](const Channel &channel) { return channel.bot == bot; });
}

constexpr std::pair<const char *, StreamKind> taggedTypes[] = {
        {"state", StreamKind::TaggedState},       {"status", StreamKind::TaggedStatus},
        {"trade", StreamKind::TaggedTrade},       {"session_complete", StreamKind::TaggedSessionComplete},
        {"complete", StreamKind::TaggedComplete}, {"error", StreamKind::TaggedError}};

Result<std::vector<StreamKind>> kindsParameter(const HttpRequest &request)
{
    const QStringList wanted = textParameter(request, "types").split(u',', Qt::SkipEmptyParts);
    std::vector<StreamKind> kinds;
    qsizetype found = 0;
    for (const auto &[name, kind] : taggedTypes) {
        const bool named = wanted.contains(QLatin1StringView(name));
        found += named ? 1 : 0;
        if (named || wanted.isEmpty())
            kinds.push_back(kind);
    }
    if (found != wanted.size())
        return fail(ErrorCode::Malformed, u"types=%1: an unknown type, or one twice"_s.arg(wanted.join(u',')));
    return kinds;
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

std::vector<Route> Streams::routes()
{
    const auto withOne = [this](void (Streams::*opener)(const Call &, const BoardEntry &)) {
        return withBot(m_context, [this, opener](ServerContext &, const Call &call, const BoardEntry &bot) {
            (this->*opener)(call, bot);
        });
    };
    return {
            {HttpMethod::Get, "/api/v1/bots/{id}/status-stream", Right::Stream, withOne(&Streams::openStatus)},
            {HttpMethod::Get, "/api/trading/stream/{id}", Right::Stream, withOne(&Streams::openEvents)},
            {HttpMethod::Get, "/api/v1/stream", Right::Stream, [this](const Call &call) { openMany(call); }},
    };
}

void Streams::openStatus(const Call &call, const BoardEntry &bot)
{
    const QString fields = textParameter(call.request, "fields");
    if (!fields.isEmpty() && fields != u"all") {
        call.reply.send(problem(400, u"fields=%1: must be all, or not be given"_s.arg(fields)));
        return;
    }
    const StreamKind kind = fields.isEmpty() ? StreamKind::State : StreamKind::FullState;
    open(call, {.record = {.caller = call.caller, .channels = {{bot.view->id, kind}}, .everyBot = {}},
                .frames = stateFrame(bot, kind, m_context.clock.now()),
                .afterGap = {}});
}

void Streams::openEvents(const Call &call, const BoardEntry &bot)
{
    const Timestamp now = m_context.clock.now();
    open(call, {.record = {.caller = call.caller, .channels = {{bot.view->id, StreamKind::Events}}, .everyBot = {}},
                .frames = connectedFrame(bot, now),
                .afterGap = presentStatusFrame(bot, now, false),
                .resumes = true});
}

void Streams::openMany(const Call &call)
{
    const auto kinds = kindsParameter(call.request);
    if (!kinds) {
        call.reply.send(problem(kinds.error()));
        return;
    }
    const UserId owner = call.caller.user.owner;
    const QString which = textParameter(call.request, "bots");
    std::vector<const BoardEntry *> bots;
    Opening opening{.record = {.caller = call.caller, .channels = {}, .everyBot = {}},
                    .frames = connectedFrame(m_context.clock.now()),
                    .afterGap = {},
                    .resumes = true};
    if (which.isEmpty() || which == u"all") {
        bots = m_context.board.allOf(owner);
        opening.record.everyBot = *kinds;
    } else {
        std::set<qint64> ids;
        for (const QString &text : which.split(u','))
            ids.insert(text.toLongLong());
        for (const qint64 id : ids) {
            const auto bot = m_context.board.findFor(owner, BotId(id));
            if (!bot) {
                call.reply.send(problem(bot.error()));
                return;
            }
            bots.push_back(*bot);
        }
    }
    for (const BoardEntry *bot : bots) {
        for (const StreamKind kind : *kinds)
            opening.record.channels.push_back({bot->view->id, kind});
        if (kinds->front() == StreamKind::TaggedState)
            opening.frames += taggedStateFrame(*bot, m_context.clock.now());
        opening.afterGap += presentStatusFrame(*bot, m_context.clock.now(), true);
    }
    open(call, std::move(opening));
}

void Streams::open(const Call &call, Opening opening)
{
    const auto resumes = opening.resumes ? resumePoint(call.request) : std::nullopt;
    const auto gap = resumes && *resumes ? isGap(**resumes) : false;
    if (!resumes || !gap) {
        call.reply.send(problem(!resumes ? resumes.error() : gap.error()));
        return;
    }
    if (call.request.method == HttpMethod::Head) {
        call.reply.send({.contentType = "text/event-stream; charset=utf-8"});
        return;
    }
    if (m_viewers.size() >= m_limits.viewers) {
        call.reply.send(problem(503, u"there are too many viewers"_s));
        return;
    }
    auto socket = call.reply.takeSocket();
    if (!socket)
        return;
    ViewerStart start;
    start.viewer = ++m_lastId;
    start.channels = opening.record.channels;
    start.opening = streamOpening() + opening.frames;
    if (*gap)
        start.opening += gapFrame(m_context.history.firstSequence().value_or(EventSequence())) + opening.afterGap;
    start.catchesUp = *resumes && !*gap;
    start.cursor = start.catchesUp ? **resumes : m_told;
    const auto [catchesUp, cursor] = std::pair(start.catchesUp, start.cursor);
    watch(opening.record.channels);
    m_viewers.emplace(start.viewer, std::move(opening.record));
    m_hub->attach(std::move(socket), std::move(start));
    if (catchesUp)
        catchUp(m_lastId, cursor);
    m_viewersChanged(m_viewers.size());
}

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
        if (const BoardEntry *bot = m_context.board.find(channel.bot))
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
    for (const auto &event : update.events) {
        if (const auto *created = std::get_if<BotCreated>(&event->payload))
            joinNewBot(batch, event->bot, created->owner);
        const bool changed = m_context.board.apply(*event);
        m_told = std::max(m_told, event->sequence);
        addEvent(batch, *event);
        if (changed)
            addStates(batch, event->bot, isUrgent(*event));
        if (std::holds_alternative<BotDeleted>(event->payload))
            endBot(batch, event->bot);
    }
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
    const BoardEntry *before = m_context.board.find(id);
    const bool isNew = before == nullptr;
    // A status that a command has just brought goes out as fast as its fact would.
    const bool urgent = !isNew && before->state.status != view->state.status;
    if (!m_context.board.merge(std::move(view)))
        return;
    const BoardEntry *bot = m_context.board.find(id);
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
    const BoardEntry *bot = m_context.board.find(id);
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
