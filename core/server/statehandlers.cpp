// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/json.h"
#include "core/server/apijson.h"
#include "core/server/handlers.h"

namespace tradebot {

using namespace Qt::StringLiterals;

namespace {

/// What a PUT asks for.
struct StateChange
{
    SetProtection protection;
    bool clearsError = false;

    [[nodiscard]] bool setsPrice() const
    {
        return protection.stopLoss || protection.takeProfit || protection.trailingStop;
    }
};

/// A price, or null to have none. The text of what is wrong, if anything is.
std::optional<QString> readPrice(const JsonValue &value, std::optional<std::optional<Price>> &target)
{
    if (value.isNull()) {
        target = std::optional<Price>();
        return std::nullopt;
    }
    if (value.number() == nullptr)
        return u"must be a price or null, not %1"_s.arg(value.kindName());
    const auto price = Price::parse(QByteArrayView(value.number()->text));
    if (!price)
        return price.error().text;
    if (!price->isPositive())
        return u"must be greater than 0; null removes it"_s;
    target = std::optional(*price);
    return std::nullopt;
}

std::optional<QString> readClearing(const JsonValue &value, bool &clears)
{
    const QString *text = value.string();
    if (!value.isNull() && (text == nullptr || !text->isEmpty()))
        return u"can only be cleared: null or an empty text"_s;
    clears = true;
    return std::nullopt;
}

Result<StateChange> readChange(BotId bot, const JsonValue &body)
{
    StateChange change;
    change.protection.bot = bot;
    Error error{ErrorCode::InvalidInput, u"the state holds fields that cannot be set so"_s, {}};
    for (const auto &[name, value] : *body.object()) {
        std::optional<QString> wrong = u"cannot be set by a person"_s;
        if (name == u"take_profit_price")
            wrong = readPrice(value, change.protection.takeProfit);
        else if (name == u"stop_loss_price")
            wrong = readPrice(value, change.protection.stopLoss);
        else if (name == u"trailing_stop_price")
            wrong = readPrice(value, change.protection.trailingStop);
        else if (name == u"last_error_message")
            wrong = readClearing(value, change.clearsError);
        if (wrong)
            error.fields.append({name, *wrong});
    }
    if (!error.fields.isEmpty())
        return fail(std::move(error));
    return change;
}

void putState(ServerContext &context, const Call &call, const CachedBot &entry)
{
    const BotId bot = entry.view->id;
    const auto change = bodyOf(call.request).and_then([bot](const JsonValue &body) { return readChange(bot, body); });
    if (!change) {
        call.reply.send(problem(change.error()));
        return;
    }
    const auto answer = [&context](const BotSnapshot &after) { return stateReply(context, after); };
    if (!change->setsPrice() && !change->clearsError) {
        call.reply.send(stateReply(context, *entry.view));
    } else if (!change->setsPrice()) {
        submit(context, ClearError{bot}, call.reply, answer);
    } else if (!change->clearsError) {
        submit(context, change->protection, call.reply, answer);
    } else {
        // The prices first: where they are refused, the error stays too.
        context.control.submit(change->protection, context.self,
                               [&context, bot, reply = call.reply, answer](const Result<BotSnapshot> &after) {
                                   if (after)
                                       submit(context, ClearError{bot}, reply, answer);
                                   else
                                       reply.send(problem(after.error()));
                               });
    }
}

void readState(ServerContext &context, const Call &call, const CachedBot &entry)
{
    call.reply.send(tagged(call.request, stateJson(entry, context.clock.now()), stateJson(entry, std::nullopt)));
}

void listStates(const ServerContext &context, const Call &call)
{
    const auto bots = context.board.allOf(call.caller.user.owner);
    const auto write = [&bots](std::optional<Timestamp> ageAt) {
        JsonWriter writer;
        writer.beginArray();
        for (const CachedBot *entry : bots)
            writeState(writer, *entry, ageAt);
        writer.endArray();
        return writer.take();
    };
    // The age of data is left out of the tag: it changes by itself.
    call.reply.send(tagged(call.request, write(context.clock.now()), write(std::nullopt)));
}

} // namespace

std::vector<Route> stateRoutes(ServerContext &context)
{
    return {
            {HttpMethod::Get, "/api/v1/bot-states", Right::Read,
             [&context](const Call &call) { listStates(context, call); }},
            {HttpMethod::Get, "/api/v1/bot-states/{id}", Right::Read, withBot(context, readState)},
            {HttpMethod::Put, "/api/v1/bot-states/{id}", Right::Write, withBot(context, putState), true},
    };
}

} // namespace tradebot
