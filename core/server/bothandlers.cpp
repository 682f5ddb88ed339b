// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/json.h"
#include "core/domain/configjson.h"
#include "core/server/apijson.h"
#include "core/server/handlers.h"

namespace tradebot {

using namespace Qt::StringLiterals;

namespace {

/// The version of a bot's configuration, and whether it is active: all that changes in what writeBot() writes.
QByteArray tagOf(const BotSnapshot &bot)
{
    return '"' + QByteArray::number(bot.configVersion) + (isActive(bot.state.status) ? "-active\"" : "\"");
}

QByteArray botJson(const ServerContext &context, const BotSnapshot &bot)
{
    JsonWriter writer;
    writeBot(writer, bot, context.strategies);
    return writer.take();
}

HttpReply changedReply(const ServerContext &context, const BotSnapshot &bot, int status)
{
    HttpReply reply = json(botJson(context, bot), status);
    reply.headers.emplace_back("ETag", tagOf(bot));
    return reply;
}

void listBots(const ServerContext &context, const Call &call)
{
    JsonWriter writer;
    writer.beginArray();
    for (const CachedBot *entry : context.board.allOf(call.caller.user.owner))
        writeBot(writer, *entry->view, context.strategies);
    writer.endArray();
    call.reply.send(tagged(call.request, writer.text(), writer.text()));
}

void createBot(ServerContext &context, const Call &call)
{
    auto config = bodyOf(call.request).and_then([&context](const JsonValue &body) {
        return botConfigFromJson(body, context.strategies);
    });
    if (!config) {
        call.reply.send(problem(config.error()));
        return;
    }
    submit(context, CreateBot{call.caller.user.owner, std::move(*config)}, call.reply,
           [&context](const BotSnapshot &bot) {
               HttpReply reply = changedReply(context, bot, 201);
               reply.headers.emplace_back("Location", "/api/v1/bots/" + QByteArray::number(bot.id.value()));
               return reply;
           });
}

/// The version that If-Match names, as tagOf() writes it; 0 when it names none.
Result<int> expectedVersion(const HttpRequest &request)
{
    const QByteArray match = request.header("if-match");
    if (match.isEmpty() || match == "*")
        return 0;
    bool ok = false;
    const int version = match.startsWith('"') && match.endsWith('"') && match.size() > 2
                                ? match.sliced(1).chopped(1).replace("-active", "").toInt(&ok)
                                : 0;
    if (!ok || version < 1)
        return fail(ErrorCode::Conflict, u"If-Match does not name a version of this bot"_s);
    return version;
}

void patchBot(ServerContext &context, const Call &call, const CachedBot &entry)
{
    const auto version = expectedVersion(call.request);
    auto config = bodyOf(call.request).and_then([&](const JsonValue &body) {
        return patchedBotConfig(*entry.view->config, body, context.strategies);
    });
    if (!version || !config) {
        call.reply.send(problem(!version ? version.error() : config.error()));
        return;
    }
    // What was patched is the version that we saw; another's change in between must not be undone by ours.
    const int expected = *version != 0 ? *version : entry.view->configVersion;
    submit(context, UpdateBot{entry.view->id, expected, std::move(*config)}, call.reply,
           [&context](const BotSnapshot &bot) { return changedReply(context, bot, 200); });
}

/// Reads {"close_position": true}; nothing else may be in there.
Result<bool> closePosition(const HttpRequest &request)
{
    const auto body = optionalBodyOf(request);
    if (!body)
        return fail(body.error());
    const JsonValue::Object *members = body->object();
    if (members == nullptr)
        return false;
    Error error{ErrorCode::InvalidInput, u"the body holds invalid fields"_s, {}};
    bool close = false;
    for (const auto &[name, value] : *members) {
        if (name != u"close_position")
            error.fields.append({name, u"is not a known field"_s});
        else if (const bool *flag = value.boolean())
            close = *flag;
        else
            error.fields.append({name, u"must be true or false, not %1"_s.arg(value.kindName())});
    }
    if (!error.fields.isEmpty())
        return fail(std::move(error));
    return close;
}

enum class Lifecycle { Start, Pause, Stop, Restart };

/// Whether the bot is, or is on the way to be, what is asked for: a repeat changes nothing.
bool isThere(const BotState &state, Lifecycle wish, bool close)
{
    switch (wish) {
    case Lifecycle::Start:
        return state.desired == DesiredState::Running && !state.haltedByDrawdown // which a start accepts
               && (state.status == BotStatus::Running || state.status == BotStatus::Pending);
    case Lifecycle::Pause: return state.desired == DesiredState::Paused && state.status == BotStatus::Paused;
    case Lifecycle::Stop:
        return state.desired == DesiredState::Stopped
               && (state.status == BotStatus::Stopped || (state.status == BotStatus::Stopping && !close))
               && !(close && state.position.isOpen());
    case Lifecycle::Restart: break;
    }
    return false;
}

Command commandFor(const CachedBot &entry, Lifecycle wish, bool close)
{
    const BotId bot = entry.view->id;
    switch (wish) {
    case Lifecycle::Start:
        if (entry.state.status == BotStatus::Paused)
            return ResumeBot{bot};
        return StartBot{bot};
    case Lifecycle::Pause: return PauseBot{bot};
    case Lifecycle::Stop: return StopBot{bot, close ? StopPolicy::Flatten : StopPolicy::LeavePosition};
    case Lifecycle::Restart: break;
    }
    return RestartBot{bot};
}

void drive(ServerContext &context, const Call &call, const CachedBot &entry, Lifecycle wish)
{
    const auto close = closePosition(call.request);
    if (!close) {
        call.reply.send(problem(close.error()));
    } else if (*close && wish != Lifecycle::Stop) {
        call.reply.send(problem(Error{ErrorCode::InvalidInput,
                                      u"the body holds invalid fields"_s,
                                      {{u"close_position"_s, u"is for a stop only"_s}}}));
    } else if (isThere(entry.state, wish, *close)) {
        call.reply.send(stateReply(context, *entry.view));
    } else {
        submit(context, commandFor(entry, wish, *close), call.reply,
               [&context](const BotSnapshot &bot) { return stateReply(context, bot); });
    }
}

std::function<void(const Call &)> lifecycle(ServerContext &context, Lifecycle wish)
{
    return withBot(context, [wish](ServerContext &inner, const Call &call, const CachedBot &entry) {
        drive(inner, call, entry, wish);
    });
}

} // namespace

std::vector<Route> botRoutes(ServerContext &context)
{
    const auto readOne = [](ServerContext &inner, const Call &call, const CachedBot &entry) {
        call.reply.send(unlessKnown(call.request, json(botJson(inner, *entry.view)), tagOf(*entry.view)));
    };
    const auto remove = [](ServerContext &inner, const Call &call, const CachedBot &entry) {
        submit(inner, DeleteBot{entry.view->id}, call.reply,
               [](const BotSnapshot &) { return HttpReply{.status = 204}; });
    };
    return {
            {HttpMethod::Get, "/api/v1/bots", Right::Read, [&context](const Call &call) { listBots(context, call); }},
            {HttpMethod::Post, "/api/v1/bots", Right::Write, [&context](const Call &call) { createBot(context, call); },
             true},
            {HttpMethod::Get, "/api/v1/bots/{id}", Right::Read, withBot(context, readOne)},
            {HttpMethod::Patch, "/api/v1/bots/{id}", Right::Write, withBot(context, patchBot), true},
            {HttpMethod::Delete, "/api/v1/bots/{id}", Right::Write, withBot(context, remove)},
            {HttpMethod::Post, "/api/v1/bots/{id}/start", Right::Write, lifecycle(context, Lifecycle::Start)},
            {HttpMethod::Post, "/api/v1/bots/{id}/pause", Right::Write, lifecycle(context, Lifecycle::Pause)},
            {HttpMethod::Post, "/api/v1/bots/{id}/stop", Right::Write, lifecycle(context, Lifecycle::Stop)},
            {HttpMethod::Post, "/api/v1/bots/{id}/restart", Right::Write, lifecycle(context, Lifecycle::Restart)},
    };
}

} // namespace tradebot
