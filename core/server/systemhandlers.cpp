// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/json.h"
#include "core/server/handlers.h"

namespace tradebot {

using namespace Qt::StringLiterals;

namespace {

QString engineWord(const ServerContext &context)
{
    if (!context.health.lastUpdate)
        return u"starting"_s;
    return context.health.isSilent(context.steady.now()) ? u"silent"_s : u"running"_s;
}

void health(const ServerContext &context, const Call &call)
{
    const SystemView &system = context.health.system;
    const QString engine = engineWord(context);
    const bool well = engine == u"running" && system.storeOk;
    JsonWriter writer;
    writer.beginObject();
    writer.field("status"_L1, well ? "ok"_L1 : "unavailable"_L1);
    writer.field("version"_L1, QLatin1StringView(TRADEBOT_VERSION));
    writer.field(
            "uptime_s"_L1,
            std::chrono::duration_cast<std::chrono::seconds>(context.steady.now() - context.health.started).count());
    writer.field("engine"_L1, engine);
    writer.field("store"_L1, system.storeOk ? u"ok"_s : system.storeMessage);
    writer.endObject();
    HttpReply reply = json(writer.take(), well ? 200 : 503);
    reply.headers.emplace_back("Cache-Control", "no-store");
    if (!well)
        reply.headers.emplace_back("Retry-After", "3");
    call.reply.send(reply);
}

void me(const Call &call)
{
    const Caller &caller = call.caller;
    JsonWriter writer;
    writer.beginObject();
    writer.field("id"_L1, caller.user.id.value());
    writer.field("email"_L1, caller.user.email);
    writer.field("role"_L1, toName(caller.role));
    writer.field("owner_id"_L1, caller.user.owner.value());
    writer.field("token_issued_at"_L1, caller.token.issuedAt);
    writer.field("token_expires_at"_L1, caller.token.expiresAt);
    writer.endObject();
    call.reply.send(json(writer.take()));
}

void frontPage(const Call &call)
{
    HttpReply reply;
    reply.contentType = "text/html; charset=utf-8";
    reply.headers.emplace_back("Content-Security-Policy", "default-src 'none'");
    reply.body = "<!doctype html>\n<html lang=\"en\"><meta charset=\"utf-8\"><title>TradeBot</title>\n"
                 "<h1>TradeBot " TRADEBOT_VERSION "</h1>\n"
                 "<p>The program is running. Its state: <a href=\"/health\">/health</a>.</p>\n"
                 "<p>The API is at <code>/api/v1</code>; a token for it is printed by "
                 "<code>tradebotd token</code>.</p>\n</html>\n";
    call.reply.send(reply);
}

} // namespace

std::vector<Route> systemRoutes(ServerContext &context)
{
    return {
            {HttpMethod::Get, "/", Right::Public, frontPage},
            {HttpMethod::Get, "/health", Right::Public, [&context](const Call &call) { health(context, call); }},
            {HttpMethod::Get, "/api/v1/auth/me", Right::Read, me},
    };
}

} // namespace tradebot
