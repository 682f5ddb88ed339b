// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/server/stream/streamframes.h"

#include "core/base/json.h"
#include "core/domain/eventjson.h"
#include "core/server/apijson.h"

namespace tradebot {

using namespace Qt::StringLiterals;

namespace {

/// What a status means, for transitions that bring no words of their own, and for a start, whose words viewers of other
/// programs know (docs/web-api.md); the journal has ours.
QString wordsFor(BotStatus status, ErrorKind kind)
{
    switch (status) {
    case BotStatus::Pending: return u"Initializing AI agent..."_s;
    case BotStatus::Running: return u"Starting trading session..."_s;
    case BotStatus::Paused: return u"Paused: no new entries"_s;
    case BotStatus::Stopping: return u"Winding down..."_s;
    case BotStatus::Stopped: return u"Stopped"_s;
    case BotStatus::Error: break;
    }
    return u"Stopped by an error: "_s + toName(kind);
}

QByteArray messageData(const QString &message)
{
    JsonWriter writer;
    writer.beginObject().field("message"_L1, message).endObject();
    return writer.take();
}

QByteArray statusData(const QString &status, const std::optional<QString> &previous, const QString &message)
{
    JsonWriter writer;
    writer.beginObject();
    writer.field("status"_L1, status).field("previous"_L1, previous).field("message"_L1, message);
    writer.endObject();
    return writer.take();
}

// One overload for each fact that is streamed; all others are not.

template<class Other>
std::optional<TypedEvent> typedFact(const Other &)
{
    return std::nullopt;
}

std::optional<TypedEvent> typedFact(const StatusChanged &changed)
{
    const bool starts = changed.previous == BotStatus::Stopped && changed.status == BotStatus::Pending;
    const QString message =
            starts || changed.message.isEmpty() ? wordsFor(changed.status, changed.errorKind) : changed.message;
    return TypedEvent{
            StreamKind::TaggedStatus, "status"_L1,
            statusData(statusText(changed.status, changed.errorKind), QString(toName(changed.previous)), message)};
}

std::optional<TypedEvent> typedFact(const DecisionMade &decision)
{
    JsonWriter writer;
    writer.beginObject();
    writer.field("action"_L1, toName(decision.action));
    writer.field("message"_L1, decision.message.isEmpty() ? describe(decision) : decision.message);
    writer.endObject();
    return TypedEvent{StreamKind::TaggedTrade, "trade"_L1, writer.take()};
}

std::optional<TypedEvent> typedFact(const OrderFilled &filled)
{
    const bool closes = filled.order.purpose != OrderPurpose::Entry;
    JsonWriter writer;
    writer.beginObject();
    writer.field("action"_L1, toName(filled.fill.side));
    writer.field("message"_L1, describe(filled));
    writer.field("trade_id"_L1, filled.fill.exchangeTradeId.value());
    writer.field("price"_L1, filled.fill.price);
    writer.field("amount"_L1, filled.fill.quantity);
    writer.field("fee"_L1, filled.fill.fee);
    writer.field("pnl"_L1, closes ? std::optional(filled.realised) : std::nullopt);
    writer.field("reason"_L1, toName(filled.order.purpose));
    writer.endObject();
    return TypedEvent{StreamKind::TaggedTrade, "trade"_L1, writer.take()};
}

std::optional<TypedEvent> typedFact(const SessionCompleted &completed)
{
    JsonWriter writer;
    writer.beginObject();
    writer.field("message"_L1, completed.message);
    writeFields(writer, completed.totals);
    writer.field("net"_L1, completed.totals.net());
    writer.endObject();
    return TypedEvent{StreamKind::TaggedSessionComplete, "session_complete"_L1, writer.take()};
}

std::optional<TypedEvent> typedFact(const BotCompleted &completed)
{
    return TypedEvent{StreamKind::TaggedComplete, "complete"_L1, messageData(completed.message)};
}

std::optional<TypedEvent> typedFact(const ErrorRaised &raised)
{
    JsonWriter writer;
    writer.beginObject();
    writer.field("message"_L1, raised.message).field("kind"_L1, toName(raised.kind));
    writer.endObject();
    return TypedEvent{StreamKind::TaggedError, "error"_L1, writer.take()};
}

QByteArray typedJson(QLatin1StringView type, std::optional<BotId> bot, Timestamp time, const QByteArray &data)
{
    JsonWriter writer;
    writer.beginObject().field("type"_L1, type);
    if (bot)
        writer.field("bot_id"_L1, bot->value());
    writer.field("timestamp"_L1, time).key("data"_L1).raw(data).endObject();
    return writer.take();
}

QByteArray dataFrame(const QByteArray &json)
{
    return "data: " + json + "\n\n";
}

} // namespace

QByteArray streamOpening()
{
    return "HTTP/1.1 200 OK\r\n"
           "Content-Type: text/event-stream; charset=utf-8\r\n"
           "Cache-Control: no-cache, no-transform\r\n"
           "X-Accel-Buffering: no\r\n"
           "Connection: keep-alive\r\n"
           "\r\n"
           "retry: 3000\n\n";
}

QByteArray stateFrame(const CachedBot &bot, StreamKind kind, Timestamp now)
{
    if (kind == StreamKind::State)
        return dataFrame(shortStateJson(bot));
    if (kind == StreamKind::FullState)
        return dataFrame(stateJson(bot, now));
    return dataFrame(typedJson("state"_L1, bot.view->id, now, stateJson(bot, now)));
}

std::optional<TypedEvent> typedEvent(const BotEvent &event)
{
    return std::visit([](const auto &fact) { return typedFact(fact); }, event.payload);
}

QStringList streamedFacts()
{
    const EventPayload streamed[] = {StatusChanged(),    DecisionMade(), OrderFilled(),
                                     SessionCompleted(), BotCompleted(), ErrorRaised()};
    QStringList names;
    for (const EventPayload &payload : streamed)
        names << typeName(payload);
    return names;
}

QByteArray eventFrame(const BotEvent &event, const TypedEvent &typed, bool tagged)
{
    return "id: " + QByteArray::number(event.sequence.value()) + '\n'
           + dataFrame(
                   typedJson(typed.type, tagged ? std::optional(event.bot) : std::nullopt, event.happened, typed.data));
}

QByteArray connectedFrame(const CachedBot &bot, Timestamp now)
{
    JsonWriter writer;
    writer.beginObject();
    writer.field("bot_id"_L1, bot.view->id.value()).field("model_id"_L1, bot.view->id.value());
    writer.field("message"_L1, u"Connected to %1"_s.arg(bot.view->config->name));
    writer.endObject();
    return dataFrame(typedJson("connected"_L1, std::nullopt, now, writer.text()));
}

QByteArray connectedFrame(Timestamp now)
{
    return dataFrame(typedJson("connected"_L1, std::nullopt, now, messageData(u"Connected"_s)));
}

QByteArray gapFrame(EventSequence first)
{
    JsonWriter writer;
    writer.beginObject().field("first"_L1, first.value()).endObject();
    return "event: gap\n" + dataFrame(writer.text());
}

QByteArray presentStatusFrame(const CachedBot &bot, Timestamp now, bool tagged)
{
    const BotState &state = bot.state;
    const QString message =
            state.statusMessage.isEmpty() ? wordsFor(state.status, state.errorKind) : state.statusMessage;
    return dataFrame(typedJson("status"_L1, tagged ? std::optional(bot.view->id) : std::nullopt, now,
                               statusData(statusText(state.status, state.errorKind), std::nullopt, message)));
}

} // namespace tradebot
