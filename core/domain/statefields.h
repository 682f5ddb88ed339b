// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/jsonfields.h"
#include "core/domain/botstate.h"

namespace tradebot {

// The fields of orders, fills, trades and states in JSON; see core/base/jsonfields.h.

inline void writeJson(JsonWriter &writer, const ClientOrderId &id)
{
    writer.value(id.toString());
}
[[nodiscard]] inline QString readJson(const JsonValue &json, ClientOrderId &id)
{
    const QString *text = json.string();
    if (text == nullptr)
        return QStringLiteral("must be a text, not ") + json.kindName();
    const auto parsed = ClientOrderId::parse(*text);
    if (!parsed)
        return parsed.error().text;
    id = *parsed;
    return {};
}

template<class Archive, Like<Order> S>
void visitFields(Archive &archive, S &order)
{
    using namespace Qt::StringLiterals;
    archive("client_id"_L1, order.id);
    archive("exchange_id"_L1, order.exchangeId);
    archive("symbol"_L1, order.symbol);
    archive("side"_L1, order.side);
    archive("type"_L1, order.type);
    archive("time_in_force"_L1, order.timeInForce);
    archive("purpose"_L1, order.purpose);
    archive("reduce_only"_L1, order.reduceOnly);
    archive("post_only"_L1, order.postOnly);
    archive("state"_L1, order.state);
    archive("quantity"_L1, order.quantity);
    archive("filled"_L1, order.filled);
    archive("limit_price"_L1, order.limitPrice);
    archive("stop_price"_L1, order.stopPrice);
    archive("filled_notional"_L1, order.filledNotional);
    archive("tag"_L1, order.tag);
    archive("reason"_L1, order.reason);
    archive("created_at"_L1, order.createdAt);
    archive("accepted_at"_L1, order.acceptedAt);
    archive.sparse("triggered_at"_L1, order.triggeredAt);
    archive.sparse("one_cancels_other"_L1, order.oneCancelsOther);
    archive.sparse("trailing_percent"_L1, order.trailingPercent);
    archive.sparse("cancel_requested"_L1, order.cancelRequested);
    archive.sparse("cancel_requested_at"_L1, order.cancelRequestedAt);
    archive.sparse("fills"_L1, order.fills);
}

template<class Archive, Like<Fill> S>
void visitFields(Archive &archive, S &fill)
{
    using namespace Qt::StringLiterals;
    archive("order"_L1, fill.order);
    archive("exchange_trade_id"_L1, fill.exchangeTradeId);
    archive("side"_L1, fill.side);
    archive("price"_L1, fill.price);
    archive("quantity"_L1, fill.quantity);
    archive("fee"_L1, fill.fee);
    archive("fee_rate"_L1, fill.feeRate);
    archive("is_maker"_L1, fill.isMaker);
    archive.sparse("fee_asset"_L1, fill.feeAsset);
    archive.sparse("fee_quantity"_L1, fill.feeQuantity);
    archive.sparse("fee_asset_price"_L1, fill.feeAssetPrice);
    archive.sparse("fee_from_bought"_L1, fill.feeFromBought);
}

template<class Archive, Like<Trade> S>
void visitFields(Archive &archive, S &trade)
{
    using namespace Qt::StringLiterals;
    archive("id"_L1, trade.id);
    archive("bot_id"_L1, trade.bot);
    archive("symbol"_L1, trade.symbol);
    archive("side"_L1, trade.side);
    archive("quantity"_L1, trade.quantity);
    archive("entry_time"_L1, trade.entryTime);
    archive("exit_time"_L1, trade.exitTime);
    archive("entry_price"_L1, trade.entryPrice);
    archive("exit_price"_L1, trade.exitPrice);
    archive("gross"_L1, trade.gross);
    archive("fees"_L1, trade.fees);
    archive("funding"_L1, trade.funding);
    archive("entry_tag"_L1, trade.entryTag);
    archive("exit_reason"_L1, trade.exitReason);
    archive("exit_tag"_L1, trade.exitTag);
    archive("config_version"_L1, trade.configVersion);
    archive("currency"_L1, trade.currency);
}

template<class Archive, Like<Totals> S>
void visitFields(Archive &archive, S &totals)
{
    using namespace Qt::StringLiterals;
    archive("gross"_L1, totals.gross);
    archive("fees"_L1, totals.fees);
    archive("funding"_L1, totals.funding);
    archive("fills"_L1, totals.fills);
    archive("trades"_L1, totals.trades);
    archive("wins"_L1, totals.wins);
}

template<class Archive, Like<Position> S>
void visitFields(Archive &archive, S &position)
{
    using namespace Qt::StringLiterals;
    archive("side"_L1, position.side);
    archive("quantity"_L1, position.quantity);
    archive("cost"_L1, position.cost);
    archive("opened_at"_L1, position.openedAt);
}

template<class Archive, Like<Protection> S>
void visitFields(Archive &archive, S &protection)
{
    using namespace Qt::StringLiterals;
    archive("stop_loss"_L1, protection.stopLoss);
    archive("take_profit"_L1, protection.takeProfit);
    archive("trailing_stop"_L1, protection.trailingStop);
    archive("maximum_since_entry"_L1, protection.maximumSinceEntry);
    archive("minimum_since_entry"_L1, protection.minimumSinceEntry);
    archive.sparse("trailing_is_off"_L1, protection.trailingIsOff);
    archive.sparse("awaits_atr"_L1, protection.awaitsAtr);
}

template<class Archive, Like<OpenTrade> S>
void visitFields(Archive &archive, S &trade)
{
    using namespace Qt::StringLiterals;
    archive("entry_time"_L1, trade.entryTime);
    archive("entry_tag"_L1, trade.entryTag);
    archive("config_version"_L1, trade.configVersion);
    archive("entered"_L1, trade.entered);
    archive("exited"_L1, trade.exited);
    archive("entry_notional"_L1, trade.entryNotional);
    archive("exit_notional"_L1, trade.exitNotional);
    archive("gross"_L1, trade.gross);
    archive("fees"_L1, trade.fees);
    archive("funding"_L1, trade.funding);
    archive.sparse("next_fees"_L1, trade.nextFees);
}

template<class Archive, Like<KilledOrder> S>
void visitFields(Archive &archive, S &order)
{
    using namespace Qt::StringLiterals;
    archive("order"_L1, order.id);
    archive("state"_L1, order.state);
}

template<class Archive, Like<KillOrder> S>
void visitFields(Archive &archive, S &kill)
{
    using namespace Qt::StringLiterals;
    archive("level"_L1, kill.level);
    archive("includes_protection"_L1, kill.includesProtection);
    archive("scope"_L1, kill.scope);
    archive.sparse("orders"_L1, kill.orders);
}

template<class Archive, Like<PlannedEntry> S>
void visitFields(Archive &archive, S &entry)
{
    using namespace Qt::StringLiterals;
    archive("side"_L1, entry.side);
    archive("tag"_L1, entry.tag);
    archive("message"_L1, entry.message);
}

template<class Archive, Like<PlannedExit> S>
void visitFields(Archive &archive, S &exit)
{
    using namespace Qt::StringLiterals;
    archive("purpose"_L1, exit.purpose);
    archive("tag"_L1, exit.tag);
}

template<class Archive, Like<FilledOrder> S>
void visitFields(Archive &archive, S &order)
{
    using namespace Qt::StringLiterals;
    archive("order"_L1, order.id);
    archive("fills"_L1, order.fills);
}

template<class Archive, Like<BotState> S>
void visitFields(Archive &archive, S &state)
{
    using namespace Qt::StringLiterals;
    archive("desired"_L1, state.desired);
    archive("status"_L1, state.status);
    archive("error_kind"_L1, state.errorKind);
    archive("stop_policy"_L1, state.stopPolicy);
    archive("status_since"_L1, state.statusSince);
    archive("status_message"_L1, state.statusMessage);
    archive("health"_L1, state.health);
    archive("health_reason"_L1, state.healthReason);
    archive("health_message"_L1, state.healthMessage);
    archive("last_error"_L1, state.lastError);
    archive("config_version"_L1, state.configVersion);
    archive("position"_L1, state.position);
    archive("protection"_L1, state.protection);
    archive("open_trade"_L1, state.openTrade);
    archive("open_orders"_L1, state.openOrders);
    archive("balance"_L1, state.balance);
    archive("life"_L1, state.life);
    archive("day"_L1, state.day);
    archive("today"_L1, state.today);
    archive("halted_by_daily_limit"_L1, state.haltedByDailyLimit);
    archive.sparse("peak_equity"_L1, state.peakEquity);
    archive.sparse("halted_by_drawdown"_L1, state.haltedByDrawdown);
    archive.sparse("planned_entry"_L1, state.plannedEntry);
    archive.sparse("planned_exit"_L1, state.plannedExit);
    archive.sparse("places_nothing"_L1, state.placementSuspended);
    archive.sparse("last_entry"_L1, state.lastEntry);
    archive.sparse("last_entry_asked"_L1, state.lastEntryAsked);
    archive.sparse("last_entry_limit"_L1, state.lastEntryLimit);
    archive.sparse("last_exit"_L1, state.lastExit);
    archive.sparse("losing_stops"_L1, state.losingStops);
    archive.sparse("external_fills"_L1, state.externalFills);
    archive.sparse("filled_orders"_L1, state.filledOrders);
    archive.sparse("recent_orders"_L1, state.recentOrders);
    archive.sparse("kill"_L1, state.kill);
    archive.sparse("funded_up_to"_L1, state.fundedUpTo);
    archive.sparse("market_time"_L1, state.marketTime);
    archive("last_run_at"_L1, state.lastRunAt);
    archive("last_sequence"_L1, state.lastSequence);
}

} // namespace tradebot
