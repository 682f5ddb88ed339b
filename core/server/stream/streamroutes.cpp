// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/server/apijson.h"
#include "core/server/stream/streamframes.h"
#include "core/server/stream/streams.h"

#include <QTcpSocket>

#include <set>

namespace tradebot {

using namespace Qt::StringLiterals;

namespace {

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

/// The bots that ?bots= names.
Result<std::set<BotId>> botsParameter(const QString &text)
{
    std::set<BotId> bots;
    for (const QString &one : text.split(u',')) {
        bool isNumber = false;
        const qint64 id = one.toLongLong(&isNumber);
        if (!isNumber || id < 1)
            return fail(ErrorCode::Malformed, u"bots=%1: must be all, or numbers of bots with commas"_s.arg(text));
        bots.insert(BotId(id));
    }
    return bots;
}

} // namespace

std::vector<Route> Streams::routes()
{
    const auto withOne = [this](void (Streams::*opener)(const Call &, const CachedBot &)) {
        return withBot(m_context, [this, opener](ServerContext &, const Call &call, const CachedBot &bot) {
            (this->*opener)(call, bot);
        });
    };
    return {
            {HttpMethod::Get, "/api/v1/bots/{id}/status-stream", Right::Stream, withOne(&Streams::openStatus)},
            {HttpMethod::Get, "/api/trading/stream/{id}", Right::Stream, withOne(&Streams::openEvents)},
            {HttpMethod::Get, "/api/v1/stream", Right::Stream, [this](const Call &call) { openMany(call); }},
    };
}

void Streams::openStatus(const Call &call, const CachedBot &bot)
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

void Streams::openEvents(const Call &call, const CachedBot &bot)
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
    std::vector<const CachedBot *> bots;
    Opening opening{.record = {.caller = call.caller, .channels = {}, .everyBot = {}},
                    .frames = connectedFrame(m_context.clock.now()),
                    .afterGap = {},
                    .resumes = true};
    if (which.isEmpty() || which == u"all") {
        bots = m_context.board.allOf(owner);
        opening.record.everyBot = *kinds;
    } else {
        const auto named = botsParameter(which);
        if (!named) {
            call.reply.send(problem(named.error()));
            return;
        }
        for (const BotId id : *named) {
            const auto bot = m_context.board.findFor(owner, id);
            if (!bot) {
                call.reply.send(problem(bot.error()));
                return;
            }
            bots.push_back(*bot);
        }
    }
    for (const CachedBot *bot : bots) {
        for (const StreamKind kind : *kinds)
            opening.record.channels.push_back({bot->view->id, kind});
        if (kinds->front() == StreamKind::TaggedState)
            opening.frames += stateFrame(*bot, StreamKind::TaggedState, m_context.clock.now());
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

} // namespace tradebot
