// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/integration/app/journalreading.h"

#include "core/base/clock.h"
#include "core/base/json.h"
#include "core/domain/eventjson.h"

#include <map>
#include <set>

namespace tradebot {

using namespace Qt::StringLiterals;

namespace {

Result<ExportedFact> readFact(const QByteArray &line)
{
    const auto json = JsonValue::parse(line);
    if (!json)
        return fail(json.error());
    const auto integer = [&json](QStringView key) {
        const JsonValue *value = json->find(key);
        return value != nullptr ? value->integer().value_or(0) : 0;
    };
    const auto text = [&json](QStringView key) {
        const JsonValue *value = json->find(key);
        return value != nullptr && value->string() != nullptr ? *value->string() : QString();
    };
    const auto happened = parseRfc3339(text(u"happened_at"));
    const auto recorded = parseRfc3339(text(u"recorded_at"));
    const JsonValue *const data = json->find(u"data");
    if (!happened || !recorded || data == nullptr)
        return fail(ErrorCode::Malformed, u"this is no fact: "_s + QString::fromUtf8(line));
    return payloadFromJson(text(u"type"), *data).map([&](EventPayload payload) {
        return ExportedFact{{EventSequence(integer(u"sequence")), BotId(integer(u"bot_id")), *happened, *recorded,
                             std::move(payload)},
                            line};
    });
}

} // namespace

Result<std::vector<ExportedFact>> readFacts(const QByteArray &exported)
{
    std::vector<ExportedFact> facts;
    for (QByteArray line : exported.split('\n')) {
        if (!line.startsWith('{'))
            continue;
        if (line.endsWith(','))
            line.chop(1);
        auto fact = readFact(line);
        if (!fact)
            return fail(fact.error());
        facts.push_back(std::move(*fact));
    }
    return facts;
}

Quantity foldedPosition(const std::vector<ExportedFact> &facts, BotId bot)
{
    std::int64_t sum = 0;
    for (const ExportedFact &fact : facts) {
        const auto *filled = std::get_if<OrderFilled>(&fact.event.payload);
        if (filled == nullptr || fact.event.bot != bot)
            continue;
        const std::int64_t quantity = filled->fill.quantity.raw();
        sum += filled->fill.side == Side::Buy ? quantity : -quantity;
    }
    return Quantity::fromRaw(sum);
}

QString findBrokenOrder(const std::vector<ExportedFact> &facts)
{
    std::map<ClientOrderId, Order> orders; // by bot, then by age
    std::set<std::pair<BotId, ExchangeTradeId>> fills;
    for (const ExportedFact &fact : facts) {
        if (const auto *changed = std::get_if<OrderChanged>(&fact.event.payload)) {
            orders[changed->order.id] = changed->order;
        } else if (const auto *filled = std::get_if<OrderFilled>(&fact.event.payload)) {
            orders[filled->order.id] = filled->order;
            if (!fills.emplace(fact.event.bot, filled->fill.exchangeTradeId).second) {
                return u"fact %1 repeats fill %2"_s.arg(fact.event.sequence.value())
                        .arg(filled->fill.exchangeTradeId.value());
            }
        }
    }
    for (auto order = orders.begin(); order != orders.end(); ++order) {
        const auto next = std::next(order);
        const bool isNewest = next == orders.end() || next->first.bot != order->first.bot;
        if (order->second.isOpen() && !isNewest)
            return u"order %1 has no end"_s.arg(order->first.toString());
    }
    return {};
}

} // namespace tradebot
