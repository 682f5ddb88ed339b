// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/jsonfields.h"
#include "core/domain/eventjson.h"
#include "core/server/apijson.h"
#include "core/server/handlers.h"

namespace tradebot {

using namespace Qt::StringLiterals;

namespace {

/// {"scope":"everything","level":"flatten"}; bot_id for the scopes bot and account.
struct KillBody
{
    KillScope scope = KillScope::Everything;
    qint64 bot = 0;
    KillLevel level = KillLevel::PauseEntries;
    bool includesProtection = false;
};

template<class Archive, Like<KillBody> S>
void visitFields(Archive &archive, S &body)
{
    archive("scope"_L1, body.scope);
    archive.added("bot_id"_L1, body.bot);
    archive("level"_L1, body.level);
    archive.added("include_protection"_L1, body.includesProtection);
}

Result<KillBody> readBody(const JsonValue &json)
{
    auto body = structFromJson<KillBody>(json, u"the kill switch needs a scope and a level"_s);
    if (!body) {
        Error error = body.error();
        error.code = ErrorCode::InvalidInput; // it can be read, and its fields are judged
        return fail(std::move(error));
    }
    if (body->scope != KillScope::Everything && body->bot == 0) {
        return fail(fieldErrors(ErrorCode::InvalidInput, u"the kill switch does not know which bot"_s,
                                {{u"bot_id"_s, u"must be given for the scope %1"_s.arg(toName(body->scope))}}));
    }
    return body;
}

HttpReply killReply(const KillReport &report)
{
    JsonWriter writer;
    writer.beginObject();
    writer.key("bots"_L1);
    writer.beginArray();
    for (const BotId bot : report.bots)
        writer.value(bot.value());
    writer.endArray();
    writer.key("orders"_L1);
    writer.beginArray();
    for (const Order &order : report.orders) {
        writer.beginObject();
        writer.field("bot_id"_L1, order.id.bot.value());
        writeFields(writer, order);
        writer.endObject();
    }
    writer.endArray();
    writer.endObject();
    return json(writer.take());
}

void pull(ServerContext &context, const Call &call)
{
    const auto body = bodyOf(call.request).and_then(readBody);
    if (!body) {
        call.reply.send(problem(body.error()));
        return;
    }
    context.control.pull(
            KillSwitch{body->scope, call.caller.user.owner, BotId(body->bot), body->level, body->includesProtection},
            context.self, [reply = call.reply](const Result<KillReport> &report) {
                reply.send(report ? killReply(*report) : problem(report.error()));
            });
}

} // namespace

std::vector<Route> killRoutes(ServerContext &context)
{
    return {{HttpMethod::Post, "/api/v1/kill-switch", Right::Write,
             [&context](const Call &call) { pull(context, call); }, true}};
}

} // namespace tradebot
