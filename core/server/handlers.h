// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/api/botcontrol.h"
#include "core/api/botfeed.h"
#include "core/base/json.h"
#include "core/base/monotonicclock.h"
#include "core/domain/strategyschema.h"
#include "core/server/botcache.h"
#include "core/server/router.h"

#include <optional>

namespace tradebot {

/// How well the program is, for /health.
struct ServerHealth
{
    SystemView system;
    std::optional<std::chrono::milliseconds> lastUpdate; ///< of the feed; empty before the first
    std::chrono::milliseconds started{0};

    /// Whether the feed, which gives a sign of life each second, has given none for long.
    [[nodiscard]] bool isSilent(std::chrono::milliseconds now) const
    {
        return lastUpdate && now - *lastUpdate > std::chrono::seconds(5);
    }
};

/// What handlers work with. Server thread; all of it outlives the routes.
struct ServerContext
{
    QObject *self; ///< whose thread callbacks run in, and who ends them
    BotControl &control;
    BotFeed &feed;
    HistoryReader &history;
    const Clock &clock;
    const MonotonicClock &steady;
    const StrategyCatalog &strategies;
    BotCache &board;
    ServerHealth &health;
    std::function<void(std::shared_ptr<const BotSnapshot>)> merged; ///< shows a command's outcome to board and streams
};

[[nodiscard]] std::vector<Route> systemRoutes(ServerContext &context);  ///< /, /health, /auth/me
[[nodiscard]] std::vector<Route> botRoutes(ServerContext &context);     ///< /bots and the lifecycle
[[nodiscard]] std::vector<Route> killRoutes(ServerContext &context);    ///< /kill-switch
[[nodiscard]] std::vector<Route> stateRoutes(ServerContext &context);   ///< /bot-states
[[nodiscard]] std::vector<Route> historyRoutes(ServerContext &context); ///< trades, events, equity, candles, stats

/// The bot that the first argument of the path names, as this caller may see it.
[[nodiscard]] Result<const CachedBot *> botOf(const ServerContext &context, const Call &call);
using BotHandler = std::function<void(ServerContext &, const Call &, const CachedBot &)>;
/// A handler for a bot that exists and that the caller may see; otherwise it answers 404.
[[nodiscard]] std::function<void(const Call &)> withBot(ServerContext &context, BotHandler handler);
/// Hands a command to the engine and answers with what `answer` makes of the bot, or with the problem.
void submit(ServerContext &context, Command command, const ReplyTo &reply,
            std::function<HttpReply(const BotSnapshot &)> answer);
/// The state as a command's outcome has it.
[[nodiscard]] HttpReply stateReply(const ServerContext &context, const BotSnapshot &bot);
/// Body of a request, which must be an object. Malformed for an empty one, or null where it may be left out.
[[nodiscard]] Result<JsonValue> bodyOf(const HttpRequest &request);
[[nodiscard]] Result<JsonValue> optionalBodyOf(const HttpRequest &request);
/// The reply with this ETag, or 304 when the client has that one.
[[nodiscard]] HttpReply unlessKnown(const HttpRequest &request, HttpReply reply, const QByteArray &tag);
/// The same, with a weak ETag over `tagged`.
[[nodiscard]] HttpReply tagged(const HttpRequest &request, QByteArray body, const QByteArray &taggedBytes);

// Query parameters; Malformed, naming the parameter, where one cannot be read.
[[nodiscard]] Result<int> intParameter(const HttpRequest &request, const char *name, int fallback, int minimum,
                                       int maximum);
[[nodiscard]] Result<qint64> idParameter(const HttpRequest &request, const char *name); ///< 0 when it is not given
[[nodiscard]] Result<std::optional<Timestamp>> timeParameter(const HttpRequest &request, const char *name);
[[nodiscard]] QString textParameter(const HttpRequest &request, const char *name);

} // namespace tradebot
