// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/storage/rows.h"

#include "core/base/logging.h"
#include "core/domain/configjson.h"
#include "core/domain/eventjson.h"
#include "core/domain/statejson.h"
#include "core/storage/stateaudit.h"

namespace tradebot {

using namespace Qt::StringLiterals;

namespace {

Failure unreadable(const QString &what, const Error &error)
{
    return fail(ErrorCode::Corrupt, u"%1 in the database cannot be read: %2"_s.arg(what, error.text));
}

/// A configuration that cannot be read is the problem of its bot alone: what the columns say of it stands in.
void readConfig(Row &row, BotRecord &bot)
{
    auto config = JsonValue::parse(row.bytes(7)).and_then(storedBotConfigFromJson);
    if (config) {
        bot.config = std::move(*config);
        return;
    }
    bot.configProblem = u"the stored configuration cannot be read: %1"_s.arg(config.error().text);
    bot.config.name = row.text(9);
    bot.config.symbol = Symbol(row.text(10));
    bot.config.exchange = fromName<Exchange>(row.text(11)).value_or(Exchange::Paper);
    bot.config.market = fromName<Market>(row.text(12)).value_or(Market::Spot);
    bot.config.mode = fromName<Mode>(row.text(13)).value_or(Mode::Demo);
    bot.config.strategy = row.text(14);
}

Result<BotRecord> readBot(const Database &database, Row &row)
{
    BotRecord bot;
    bot.id = BotId(row.integer(0));
    bot.owner = UserId(row.integer(1));
    bot.configVersion = static_cast<int>(row.integer(2));
    bot.createdAt = row.time(3);
    bot.configuredAt = row.time(4);
    bot.lastUpdatedAt = row.time(5);
    readConfig(row, bot);
    auto state = JsonValue::parse(row.bytes(8)).and_then(botStateFromJson);
    if (!state) { // it is only what the facts add up to
        qCWarning(logStorage).noquote() << u"bot %1: its stored state is made anew from its facts: %2"_s
                                                   .arg(bot.id.value())
                                                   .arg(state.error().text);
        state = rebuildState(database, bot.id);
    }
    if (!state)
        return unreadable(u"the state of bot %1"_s.arg(bot.id.value()), state.error());
    bot.state = std::move(*state);
    bot.peakEquity = row.isNull(6) ? bot.config.initialBalance : row.decimal<Money>(6);
    return bot;
}

} // namespace

Result<BotEvent> readEvent(Row &row)
{
    BotEvent event;
    event.sequence = EventSequence(row.integer(0));
    event.bot = BotId(row.integer(1));
    event.happened = row.time(3);
    event.recorded = row.time(4);
    const QString type = row.text(2);
    auto payload = JsonValue::parse(row.bytes(5)).and_then([&type](const JsonValue &json) {
        return payloadFromJson(type, json);
    });
    if (!payload)
        return unreadable(u"fact %1 (%2)"_s.arg(event.sequence.value()).arg(type), payload.error());
    event.payload = std::move(*payload);
    return event;
}

Result<Order> readOrder(Row &row)
{
    Order order;
    order.id = ClientOrderId{BotId(row.integer(1)), EventSequence(row.integer(0))};
    order.exchangeId = ExchangeOrderId(row.text(2));
    order.symbol = Symbol(row.text(3));
    order.side = row.name<Side>(4);
    order.type = row.name<OrderType>(5);
    order.timeInForce = row.name<TimeInForce>(6);
    order.purpose = row.name<OrderPurpose>(7);
    order.reduceOnly = row.integer(8) != 0;
    order.postOnly = row.integer(9) != 0;
    order.state = row.name<OrderState>(10);
    order.quantity = row.decimal<Quantity>(11);
    order.filled = row.decimal<Quantity>(12);
    order.limitPrice = row.decimal<Price>(13);
    order.stopPrice = row.decimal<Price>(14);
    order.filledNotional = row.decimal<Money>(15);
    order.tag = row.text(16);
    order.reason = row.text(17);
    order.createdAt = row.time(18);
    order.acceptedAt = row.time(19);
    order.triggeredAt = row.time(20);
    order.oneCancelsOther = EventSequence(row.integer(21));
    order.trailingPercent = row.decimal<Decimal>(22);
    order.cancelRequested = row.integer(23) != 0;
    return order;
}

Result<Trade> readTrade(Row &row)
{
    Trade trade;
    trade.id = TradeId(row.integer(0));
    trade.bot = BotId(row.integer(1));
    trade.symbol = Symbol(row.text(2));
    trade.side = row.name<PositionSide>(3);
    trade.quantity = row.decimal<Quantity>(4);
    trade.entryTime = row.time(5);
    trade.exitTime = row.time(6);
    trade.entryPrice = row.decimal<Price>(7);
    trade.exitPrice = row.decimal<Price>(8);
    trade.gross = row.decimal<Money>(9);
    trade.fees = row.decimal<Money>(10);
    trade.funding = row.decimal<Money>(11);
    trade.entryTag = row.text(12);
    trade.exitReason = row.name<OrderPurpose>(13);
    trade.exitTag = row.text(14);
    trade.configVersion = static_cast<int>(row.integer(15));
    trade.currency = row.text(16);
    return trade;
}

Result<LedgerEntry> readLedgerEntry(Row &row)
{
    LedgerEntry entry;
    entry.sequence = EventSequence(row.integer(0));
    entry.bot = BotId(row.integer(1));
    entry.time = row.time(2);
    entry.kind = row.name<LedgerKind>(3);
    entry.amount = row.decimal<Money>(4);
    entry.currency = row.text(5);
    entry.rate = row.decimal<Decimal>(6);
    entry.asset = row.text(7);
    entry.assetQuantity = row.decimal<Decimal>(8);
    entry.assetPrice = row.decimal<Price>(9);
    entry.mark = row.decimal<Price>(10);
    entry.due = row.time(11);
    entry.reason = row.text(12);
    return entry;
}

Result<User> readUser(Row &row)
{
    User user;
    user.id = UserId(row.integer(0));
    user.email = row.text(1);
    user.role = row.name<Role>(2);
    user.owner = UserId(row.integer(3));
    user.tokenEpoch = static_cast<int>(row.integer(4));
    return user;
}

Result<std::vector<BotRecord>> readBots(const Database &database)
{
    Statement statement(database,
                        u"SELECT b.id, b.owner_id, b.config_version, b.created_at, b.configured_at, s.last_updated_at, "
                        "s.peak_equity, CAST(c.config AS BLOB), CAST(s.state AS BLOB), "
                        "b.name, b.symbol, b.exchange, b.market, b.mode, b.strategy "
                        "FROM bots b JOIN bot_configs c ON c.bot_id = b.id AND c.version = b.config_version "
                        "JOIN bot_states s ON s.bot_id = b.id WHERE b.deleted_at IS NULL ORDER BY b.id"_s);
    return statement.all<BotRecord>([&database](Row &row) { return readBot(database, row); });
}

} // namespace tradebot
