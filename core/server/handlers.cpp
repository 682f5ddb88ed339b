// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/server/handlers.h"

#include "core/base/json.h"
#include "core/server/apijson.h"

#include <QCryptographicHash>

namespace tradebot {

using namespace Qt::StringLiterals;

Result<const CachedBot *> botOf(const ServerContext &context, const Call &call)
{
    const QString &text = call.arguments.constFirst();
    bool isNumber = false;
    const qint64 id = text.toLongLong(&isNumber);
    if (!isNumber || QString::number(id) != text) // " 1", "+1", "01" are other names
        return fail(ErrorCode::NotFound, u"bot %1 does not exist"_s.arg(text));
    return context.board.findFor(call.caller.user.owner, BotId(id));
}

std::function<void(const Call &)> withBot(ServerContext &context, BotHandler handler)
{
    return [&context, handler = std::move(handler)](const Call &call) {
        if (const auto entry = botOf(context, call))
            handler(context, call, **entry);
        else
            call.reply.send(problem(entry.error()));
    };
}

void submit(ServerContext &context, Command command, const ReplyTo &reply,
            std::function<HttpReply(const BotSnapshot &)> answer)
{
    context.control.submit(std::move(command), context.self,
                           [&context, reply, answer = std::move(answer)](const Result<BotSnapshot> &bot) {
                               if (!bot) {
                                   reply.send(problem(bot.error()));
                                   return;
                               }
                               context.merged(std::make_shared<const BotSnapshot>(*bot));
                               reply.send(answer(*bot));
                           });
}

HttpReply stateReply(const ServerContext &context, const BotSnapshot &bot)
{
    const CachedBot *entry = context.board.find(bot.id);
    if (entry == nullptr) // deleted in the meantime
        return problem(404, u"bot %1 does not exist"_s.arg(bot.id.value()));
    return json(stateJson(*entry, context.clock.now()));
}

Result<JsonValue> bodyOf(const HttpRequest &request)
{
    if (request.body.isEmpty())
        return fail(ErrorCode::Malformed, u"the body must be an object, and it is empty"_s);
    return optionalBodyOf(request);
}

Result<JsonValue> optionalBodyOf(const HttpRequest &request)
{
    if (request.body.isEmpty())
        return Result<JsonValue>();
    auto json = JsonValue::parse(request.body);
    if (!json)
        return fail(json.error().code, u"the body cannot be read: "_s + json.error().text);
    if (json->object() == nullptr)
        return fail(ErrorCode::Malformed, u"the body must be an object, not %1"_s.arg(json->kindName()));
    return json;
}

HttpReply unlessKnown(const HttpRequest &request, HttpReply reply, const QByteArray &tag)
{
    const auto strong = [](QByteArrayView one) { return one.startsWith("W/") ? one.sliced(2) : one; };
    for (const QByteArray &known : request.header("if-none-match").split(',')) {
        const QByteArray one = known.trimmed();
        if (one == "*" || strong(one) == strong(tag)) // RFC 9110: the weak comparison
            reply = {.status = 304};
    }
    reply.headers.emplace_back("ETag", tag);
    reply.headers.emplace_back("Cache-Control", "no-cache");
    return reply;
}

HttpReply tagged(const HttpRequest &request, QByteArray body, const QByteArray &taggedBytes)
{
    const QByteArray hash = QCryptographicHash::hash(taggedBytes, QCryptographicHash::Blake2b_160).toHex();
    return unlessKnown(request, json(std::move(body)), "W/\"" + hash + '"');
}

QString textParameter(const HttpRequest &request, const char *name)
{
    return request.query.queryItemValue(QLatin1StringView(name), QUrl::FullyDecoded);
}

Result<int> intParameter(const HttpRequest &request, const char *name, int fallback, int minimum, int maximum)
{
    const QString text = textParameter(request, name);
    if (text.isEmpty())
        return fallback;
    bool ok = false;
    const int number = text.toInt(&ok);
    if (!ok || number < minimum || number > maximum) {
        return fail(ErrorCode::Malformed,
                    u"%1=%2: must be a whole number from %3 to %4"_s.arg(QLatin1StringView(name), text)
                            .arg(minimum)
                            .arg(maximum));
    }
    return number;
}

Result<qint64> idParameter(const HttpRequest &request, const char *name)
{
    const QString text = textParameter(request, name);
    if (text.isEmpty())
        return 0;
    bool ok = false;
    const qint64 number = text.toLongLong(&ok);
    if (!ok || number < 1)
        return fail(ErrorCode::Malformed,
                    u"%1=%2: must be a number that was given as next"_s.arg(QLatin1StringView(name), text));
    return number;
}

Result<std::optional<Timestamp>> timeParameter(const HttpRequest &request, const char *name)
{
    const QString text = textParameter(request, name);
    if (text.isEmpty())
        return std::nullopt;
    auto time = parseRfc3339(text);
    if (!time)
        return fail(ErrorCode::Malformed, u"%1: %2"_s.arg(QLatin1StringView(name), time.error().text));
    return std::optional(*time);
}

} // namespace tradebot
