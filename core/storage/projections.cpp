// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/storage/projections.h"

#include "core/domain/configjson.h"
#include "core/domain/statejson.h"

#include <concepts>

namespace tradebot {

using namespace Qt::StringLiterals;

namespace {

/// A price or time that is 0 because there is none.
template<class Tag>
std::optional<Fixed<Tag>> unlessZero(Fixed<Tag> value)
{
    return value.isZero() ? std::nullopt : std::optional(value);
}
std::optional<Timestamp> unlessEpoch(Timestamp time)
{
    return time == Timestamp() ? std::nullopt : std::optional(time);
}
std::optional<QString> unlessEmpty(const QString &text)
{
    return text.isEmpty() ? std::nullopt : std::optional(text);
}

constexpr auto putOrderSql =
        "INSERT INTO orders (seq, bot_id, exchange_order_id, symbol, side, type, time_in_force, purpose, reduce_only, "
        "post_only, state, is_open, quantity, filled, limit_price, stop_price, filled_notional, tag, reason, "
        "created_at, "
        "accepted_at, triggered_at, one_cancels_other, trailing_percent, cancel_requested) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "
        "ON CONFLICT (seq) DO UPDATE SET exchange_order_id = excluded.exchange_order_id, state = excluded.state, "
        "is_open = excluded.is_open, quantity = excluded.quantity, filled = excluded.filled, "
        "limit_price = excluded.limit_price, stop_price = excluded.stop_price, "
        "filled_notional = excluded.filled_notional, reason = excluded.reason, accepted_at = excluded.accepted_at, "
        "triggered_at = excluded.triggered_at, cancel_requested = excluded.cancel_requested";

constexpr auto putStateSql =
        "INSERT INTO bot_states (bot_id, last_sequence, status, error_kind, desired_state, health, health_reason, "
        "in_position, position_side, entry_price, current_position_size_coins, stop_loss_price, take_profit_price, "
        "trailing_stop_price, max_price_since_entry, min_price_since_entry, daily_pnl, daily_trades_count, currency, "
        "balance, last_run_at, last_error_message, state) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, CAST(? AS TEXT)) "
        "ON CONFLICT (bot_id) DO UPDATE SET last_sequence = excluded.last_sequence, status = excluded.status, "
        "error_kind = excluded.error_kind, desired_state = excluded.desired_state, health = excluded.health, "
        "health_reason = excluded.health_reason, in_position = excluded.in_position, "
        "position_side = excluded.position_side, entry_price = excluded.entry_price, "
        "current_position_size_coins = excluded.current_position_size_coins, "
        "stop_loss_price = excluded.stop_loss_price, take_profit_price = excluded.take_profit_price, "
        "trailing_stop_price = excluded.trailing_stop_price, max_price_since_entry = excluded.max_price_since_entry, "
        "min_price_since_entry = excluded.min_price_since_entry, daily_pnl = excluded.daily_pnl, "
        "daily_trades_count = excluded.daily_trades_count, currency = excluded.currency, balance = excluded.balance, "
        "last_run_at = excluded.last_run_at, last_error_message = excluded.last_error_message, state = excluded.state";

QString sql(const char *text)
{
    return QString::fromLatin1(text);
}

} // namespace

const BotConfig *configIn(const EventPayload &payload)
{
    if (const auto *created = std::get_if<BotCreated>(&payload))
        return &created->config;
    if (const auto *configured = std::get_if<BotConfigured>(&payload))
        return &configured->config;
    return nullptr;
}

Projections::BotContext Projections::contextOf(const BotConfig &config)
{
    return {config.exchange, splitSymbol(config.symbol).second};
}

Projections::Projections(const Database &database)
    : m_insertBot(database, u"INSERT INTO bots (id, owner_id, name, symbol, exchange, market, mode, strategy, "
                            "config_version, created_at, configured_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 1, ?, ?)"_s),
      m_updateBot(database, u"UPDATE bots SET name = ?, symbol = ?, exchange = ?, market = ?, mode = ?, strategy = ?, "
                            "config_version = ?, configured_at = ? WHERE id = ?"_s),
      m_deleteBot(database, u"UPDATE bots SET deleted_at = ? WHERE id = ?"_s),
      m_insertConfig(database, u"INSERT INTO bot_configs (bot_id, version, name, symbol, strategy, config, created_at) "
                               "VALUES (?, ?, ?, ?, ?, CAST(? AS TEXT), ?)"_s),
      m_putOrder(database, sql(putOrderSql)),
      m_insertFill(database, u"INSERT INTO fills (seq, bot_id, order_seq, exchange, exchange_trade_id, side, price, "
                             "quantity, fee, fee_rate, is_maker, realised, happened_at, fee_asset, fee_quantity, "
                             "fee_asset_price) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "
                             "ON CONFLICT (exchange, exchange_trade_id, order_seq) DO NOTHING"_s),
      m_insertLedger(database, u"INSERT INTO ledger (bot_id, seq, kind, at, amount, currency, rate, asset, "
                               "asset_quantity, asset_price, mark, due, reason) "
                               "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"_s),
      m_insertTrade(database, u"INSERT INTO trades (id, bot_id, symbol, side, quantity, entry_at, exit_at, "
                              "entry_price, exit_price, gross, fees, funding, net, entry_tag, exit_reason, exit_tag, "
                              "config_version, currency) "
                              "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"_s),
      m_putState(database, sql(putStateSql)),
      m_putEquity(database, u"INSERT INTO equity (bot_id, at, equity) VALUES (?, ?, ?) "
                            "ON CONFLICT (bot_id, at) DO UPDATE SET equity = excluded.equity"_s),
      m_raisePeak(database, u"UPDATE bot_states SET peak_equity = max(coalesce(peak_equity, -9223372036854775807), ?) "
                            "WHERE bot_id = ?"_s)
{ }

Result<Projections::Outcome> Projections::project(const BotEvent &event, const BotContext &bot)
{
    const auto stored = [] { return Outcome::Stored; };
    if (const auto *filled = std::get_if<OrderFilled>(&event.payload))
        return addFill(event, *filled, bot);
    if (const auto *changed = std::get_if<OrderChanged>(&event.payload))
        return putOrder(changed->order).map(stored);
    if (const auto *closed = std::get_if<TradeClosed>(&event.payload))
        return addTrade(closed->trade).map(stored);
    if (const auto *moved = std::get_if<MoneyMoved>(&event.payload)) {
        LedgerEntry entry{event.sequence, event.bot,    event.happened, moved->kind,
                          moved->amount,  bot.currency, moved->rate};
        entry.mark = moved->mark;
        entry.due = moved->due;
        entry.reason = moved->reason;
        return addLedger(entry).map(stored);
    }
    if (const auto *created = std::get_if<BotCreated>(&event.payload))
        return createBot(event, *created).map(stored);
    if (const auto *configured = std::get_if<BotConfigured>(&event.payload))
        return configureBot(event, *configured).map(stored);
    if (std::holds_alternative<BotDeleted>(event.payload))
        return m_deleteBot.run(event.happened, event.bot).map(stored);
    return Outcome::Stored; // the rest lives in the journal and in the state alone
}

Result<void> Projections::createBot(const BotEvent &event, const BotCreated &created)
{
    const BotConfig &config = created.config;
    auto done = m_insertBot.run(event.bot, created.owner, config.name, config.symbol, config.exchange, config.market,
                                config.mode, config.strategy, event.happened, event.happened);
    return done ? writeConfig(event, 1, config) : done;
}

Result<void> Projections::configureBot(const BotEvent &event, const BotConfigured &configured)
{
    const BotConfig &config = configured.config;
    auto done = m_updateBot.run(config.name, config.symbol, config.exchange, config.market, config.mode,
                                config.strategy, configured.version, event.happened, event.bot);
    return done ? writeConfig(event, configured.version, config) : done;
}

Result<void> Projections::writeConfig(const BotEvent &event, int version, const BotConfig &config)
{
    return m_insertConfig.run(event.bot, version, config.name, config.symbol, config.strategy, toJson(config),
                              event.happened);
}

Result<void> Projections::putOrder(const Order &order)
{
    return m_putOrder.run(order.id.sequence, order.id.bot, unlessEmpty(order.exchangeId.value()), order.symbol,
                          order.side, order.type, order.timeInForce, order.purpose, order.reduceOnly, order.postOnly,
                          order.state, order.isOpen(), order.quantity, order.filled, unlessZero(order.limitPrice),
                          unlessZero(order.stopPrice), order.filledNotional, order.tag, order.reason, order.createdAt,
                          unlessEpoch(order.acceptedAt), unlessEpoch(order.triggeredAt),
                          order.oneCancelsOther.isValid() ? std::optional(order.oneCancelsOther) : std::nullopt,
                          unlessZero(order.trailingPercent), order.cancelRequested);
}

Result<Projections::Outcome> Projections::addFill(const BotEvent &event, const OrderFilled &filled,
                                                  const BotContext &bot)
{
    const Fill &fill = filled.fill;
    auto done = m_insertFill.run(event.sequence, event.bot, fill.order.sequence, bot.exchange, fill.exchangeTradeId,
                                 fill.side, fill.price, fill.quantity, fill.fee, fill.feeRate, fill.isMaker,
                                 filled.realised, event.happened, unlessEmpty(fill.feeAsset),
                                 unlessZero(fill.feeQuantity), unlessZero(fill.feeAssetPrice));
    if (!done)
        return fail(done.error());
    if (m_insertFill.changedRows() == 0)
        return Outcome::Replayed;
    if (done = putOrder(filled.order); !done)
        return fail(done.error());
    LedgerEntry entry{event.sequence, event.bot, event.happened, LedgerKind::Fill, filled.realised, bot.currency, {}};
    if (done = addLedger(entry); !done)
        return fail(done.error());
    entry.kind = LedgerKind::Fee;
    entry.amount = -fill.fee;
    entry.rate = fill.feeRate;
    entry.asset = fill.feeAsset;
    entry.assetQuantity = fill.feeQuantity;
    entry.assetPrice = fill.feeAssetPrice;
    return addLedger(entry).map([] { return Outcome::Stored; });
}

Result<void> Projections::addLedger(const LedgerEntry &entry)
{
    if (entry.amount.isZero() && entry.assetQuantity.isZero()) // an entry realises nothing: no money moved
        return {};
    return m_insertLedger.run(entry.bot, entry.sequence, entry.kind, entry.time, entry.amount, entry.currency,
                              entry.rate, unlessEmpty(entry.asset), unlessZero(entry.assetQuantity),
                              unlessZero(entry.assetPrice), unlessZero(entry.mark), unlessEpoch(entry.due),
                              unlessEmpty(entry.reason));
}

Result<void> Projections::addTrade(const Trade &trade)
{
    return m_insertTrade.run(trade.id, trade.bot, trade.symbol, trade.side, trade.quantity, trade.entryTime,
                             trade.exitTime, trade.entryPrice, trade.exitPrice, trade.gross, trade.fees, trade.funding,
                             trade.net(), trade.entryTag, trade.exitReason, trade.exitTag, trade.configVersion,
                             trade.currency);
}

Result<void> Projections::writeState(BotId bot, const BotState &state, const QString &currency)
{
    const bool inPosition = state.position.isOpen();
    const Protection &protection = state.protection;
    return m_putState.run(bot, state.lastSequence, statusText(state.status, state.errorKind),
                          state.errorKind == ErrorKind::None ? std::nullopt : std::optional(state.errorKind),
                          state.desired, state.health,
                          state.healthReason == HealthReason::None ? std::nullopt : std::optional(state.healthReason),
                          inPosition, inPosition ? std::optional(state.position.side) : std::nullopt,
                          unlessZero(state.position.entryPrice()), state.position.quantity,
                          unlessZero(protection.stopLoss), unlessZero(protection.takeProfit),
                          unlessZero(protection.trailingStop), unlessZero(protection.maximumSinceEntry),
                          unlessZero(protection.minimumSinceEntry), state.today.net(), state.today.fills, currency,
                          state.balance, unlessEpoch(state.lastRunAt), unlessEmpty(state.lastError), toJson(state));
}

Result<void> Projections::writeEquity(BotId bot, const EquityPoint &point)
{
    return m_putEquity.run(bot, point.time, point.equity);
}

Result<void> Projections::raisePeakEquity(BotId bot, Money equity)
{
    return m_raisePeak.run(equity, bot);
}

} // namespace tradebot
