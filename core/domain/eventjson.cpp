// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/domain/eventjson.h"

#include "core/domain/configfields.h"
#include "core/domain/statefields.h"

#include <array>

namespace tradebot {

using namespace Qt::StringLiterals;

template<class Archive, Like<BotCreated> S>
void visitFields(Archive &archive, S &event)
{
    archive("owner"_L1, event.owner);
    archive("config"_L1, event.config);
}
template<class Archive, Like<BotConfigured> S>
void visitFields(Archive &archive, S &event)
{
    archive("version"_L1, event.version);
    archive("config"_L1, event.config);
}
template<class Archive, Like<BotDeleted> S>
void visitFields(Archive &, S &)
{ }
template<class Archive, Like<DesiredChanged> S>
void visitFields(Archive &archive, S &event)
{
    archive("desired"_L1, event.desired);
    archive("policy"_L1, event.policy);
}
template<class Archive, Like<StatusChanged> S>
void visitFields(Archive &archive, S &event)
{
    archive("previous"_L1, event.previous);
    archive("status"_L1, event.status);
    archive("error_kind"_L1, event.errorKind);
    archive("message"_L1, event.message);
}
template<class Archive, Like<HealthChanged> S>
void visitFields(Archive &archive, S &event)
{
    archive("health"_L1, event.health);
    archive("reason"_L1, event.reason);
    archive("message"_L1, event.message);
}
template<class Archive, Like<DecisionMade> S>
void visitFields(Archive &archive, S &event)
{
    archive("action"_L1, event.action);
    archive("price"_L1, event.price);
    archive("tag"_L1, event.tag);
    archive("message"_L1, event.message);
    archive.sparse("planned_entry"_L1, event.plannedEntry);
    archive.sparse("planned_exit"_L1, event.plannedExit);
}
template<class Archive, Like<OrderChanged> S>
void visitFields(Archive &archive, S &event)
{
    archive("trigger"_L1, event.trigger);
    archive("order"_L1, event.order);
}
template<class Archive, Like<OrderFilled> S>
void visitFields(Archive &archive, S &event)
{
    archive("order"_L1, event.order);
    archive("fill"_L1, event.fill);
    archive("realised"_L1, event.realised);
}
template<class Archive, Like<TradeClosed> S>
void visitFields(Archive &archive, S &event)
{
    archive("trade"_L1, event.trade);
}
template<class Archive, Like<ProtectionChanged> S>
void visitFields(Archive &archive, S &event)
{
    archive("protection"_L1, event.protection);
    archive("reason"_L1, event.reason);
}
template<class Archive, Like<ErrorRaised> S>
void visitFields(Archive &archive, S &event)
{
    archive("kind"_L1, event.kind);
    archive("message"_L1, event.message);
}
template<class Archive, Like<ErrorCleared> S>
void visitFields(Archive &, S &)
{ }
template<class Archive, Like<DailyLimitReached> S>
void visitFields(Archive &archive, S &event)
{
    archive("message"_L1, event.message);
}
template<class Archive, Like<DrawdownLimitReached> S>
void visitFields(Archive &archive, S &event)
{
    archive("message"_L1, event.message);
}
template<class Archive, Like<PeakChanged> S>
void visitFields(Archive &archive, S &event)
{
    archive("equity"_L1, event.equity);
    archive("begins_anew"_L1, event.resetsBaseline);
}
template<class Archive, Like<DayClosed> S>
void visitFields(Archive &archive, S &event)
{
    archive("day"_L1, event.day);
    archive("next"_L1, event.next);
    archive("totals"_L1, event.totals);
}
template<class Archive, Like<SessionCompleted> S>
void visitFields(Archive &archive, S &event)
{
    archive("message"_L1, event.message);
    archive("totals"_L1, event.totals);
}
template<class Archive, Like<BotCompleted> S>
void visitFields(Archive &archive, S &event)
{
    archive("message"_L1, event.message);
}
template<class Archive, Like<MoneyMoved> S>
void visitFields(Archive &archive, S &event)
{
    archive("kind"_L1, event.kind);
    archive("amount"_L1, event.amount);
    archive("rate"_L1, event.rate);
    archive("mark"_L1, event.mark);
    archive("due"_L1, event.due);
    archive("reason"_L1, event.reason);
    archive.sparse("closes_position"_L1, event.closesPosition);
}
template<class Archive, Like<KillSwitchPulled> S>
void visitFields(Archive &archive, S &event)
{
    visitFields(archive, event.kill);
}
template<class Archive, Like<KillSwitchDone> S>
void visitFields(Archive &archive, S &event)
{
    archive("level"_L1, event.level);
    archive("message"_L1, event.message);
}

namespace {

using PayloadReader = Result<EventPayload> (*)(const JsonValue &);

template<std::size_t Index>
Result<EventPayload> readAlternative(const JsonValue &json)
{
    using Alternative = std::variant_alternative_t<Index, EventKinds>;
    return structFromJson<Alternative>(json, u"the event cannot be read"_s).map([](Alternative alternative) {
        return EventPayload(std::move(alternative));
    });
}

template<std::size_t... Index>
constexpr std::array<PayloadReader, sizeof...(Index)> makeReaders(std::index_sequence<Index...>)
{
    return {&readAlternative<Index>...};
}

template<class S>
void writeStruct(JsonWriter &writer, const S &value)
{
    JsonFieldWriter fields(writer);
    visitFields(fields, value);
}

} // namespace

QByteArray toJson(const EventPayload &payload)
{
    return std::visit([](const auto &content) { return structToJson(content); }, payload);
}

Result<EventPayload> payloadFromJson(QStringView typeName, const JsonValue &json)
{
    static constexpr auto readers = makeReaders(std::make_index_sequence<std::variant_size_v<EventKinds>>());
    const auto names = allTypeNames();
    for (qsizetype i = 0; i < names.size(); ++i) {
        if (typeName == names[i])
            return readers.at(static_cast<std::size_t>(i))(json);
    }
    return fail(ErrorCode::Malformed, u"\"%1\" is not a type of event"_s.arg(typeName));
}

void writeFields(JsonWriter &writer, const BotEvent &event, QLatin1StringView numberName)
{
    writer.field(numberName, event.sequence.value());
    writer.field("bot_id"_L1, event.bot.value());
    writer.field("type"_L1, typeName(event.payload));
    writer.field("severity"_L1, toName(severityOf(event.payload)));
    writer.field("happened_at"_L1, event.happened);
    writer.field("recorded_at"_L1, event.recorded);
    writer.field("message"_L1, describe(event.payload));
    writer.key("data"_L1).raw(toJson(event.payload));
}

void writeFields(JsonWriter &writer, const Order &order)
{
    writeStruct(writer, order);
}

void writeFields(JsonWriter &writer, const Fill &fill)
{
    writeStruct(writer, fill);
}

void writeFields(JsonWriter &writer, const Trade &trade)
{
    writeStruct(writer, trade);
}

void writeFields(JsonWriter &writer, const Totals &totals)
{
    writeStruct(writer, totals);
}

} // namespace tradebot
