// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/server/apijson.h"

#include "core/base/json.h"
#include "core/domain/configjson.h"
#include "core/domain/eventjson.h"

#include <algorithm>

namespace tradebot {

using namespace Qt::StringLiterals;

namespace {

/// A price of 0 stands for none, in the domain; outside, that is null.
std::optional<Price> known(Price price)
{
    return price.isZero() ? std::nullopt : std::optional(price);
}

std::optional<Timestamp> known(Timestamp time)
{
    return time == Timestamp() ? std::nullopt : std::optional(time);
}

std::optional<QString> known(const QString &text)
{
    return text.isEmpty() ? std::nullopt : std::optional(text);
}

template<class E>
std::optional<QString> nameUnless(E value, E none)
{
    return value == none ? std::nullopt : std::optional(QString(toName(value)));
}

std::optional<Price> entryPrice(const BotState &state)
{
    return state.position.isOpen() ? std::optional(state.position.entryPrice()) : std::nullopt;
}

std::optional<qint64> dataAge(const BotSnapshot &view, Timestamp now)
{
    if (!view.markPrice)
        return std::nullopt;
    return std::max<qint64>(0, (now - view.priceReceivedAt).count());
}

} // namespace

void writeBot(JsonWriter &writer, const BotSnapshot &bot, const StrategyCatalog &strategies)
{
    BotConfig config = *bot.config;
    const auto strategy = std::ranges::find(strategies, config.strategy, &StrategyInfo::name);
    if (strategy != strategies.end())
        config.strategyParameters = withDefaults(*strategy, config.strategyParameters);
    writer.beginObject();
    writer.field("id"_L1, bot.id.value());
    writer.field("user_id"_L1, bot.owner.value());
    writeFields(writer, config);
    writer.field("is_active"_L1, isActive(bot.state.status));
    writer.field("version"_L1, bot.configVersion);
    writer.field("created_at"_L1, bot.createdAt);
    writer.field("updated_at"_L1, bot.configuredAt);
    writer.endObject();
}

void writeState(JsonWriter &writer, const CachedBot &bot, std::optional<Timestamp> ageAt)
{
    const BotSnapshot &view = *bot.view;
    const BotState &state = bot.state;
    const Protection &protection = bot.protection();
    writer.beginObject();
    writer.field("id"_L1, view.id.value());
    writer.field("status"_L1, statusText(state.status, state.errorKind));
    writer.field("in_position"_L1, state.position.isOpen());
    writer.field("position_side"_L1, nameUnless(state.position.side, PositionSide::Flat));
    writer.field("entry_price"_L1, entryPrice(state));
    writer.field("current_position_size_coins"_L1, state.position.quantity);
    writer.field("trailing_stop_price"_L1, known(protection.trailingStop));
    writer.field("max_price_since_entry"_L1, known(protection.maximumSinceEntry));
    writer.field("min_price_since_entry"_L1, known(protection.minimumSinceEntry));
    writer.field("take_profit_price"_L1, known(protection.takeProfit));
    writer.field("stop_loss_price"_L1, known(protection.stopLoss));
    writer.field("mark_price"_L1, view.markPrice);
    writer.field("unrealized_pnl"_L1, bot.unrealised());
    writer.field("daily_pnl"_L1, state.today.net());
    writer.field("daily_trades_count"_L1, state.today.fills);
    writer.field("currency"_L1, known(view.instrument.quote));
    writer.field("desired_state"_L1, toName(state.desired));
    const EffectiveHealth how = bot.health();
    writer.field("health"_L1, toName(how.health));
    writer.field("health_reason"_L1, nameUnless(how.reason, HealthReason::None));
    writer.field("health_message"_L1, known(how.message));
    writer.field("halted_by_daily_limit"_L1, state.haltedByDailyLimit);
    writer.field("halted_by_drawdown"_L1, state.haltedByDrawdown);
    if (ageAt)
        writer.field("data_age_ms"_L1, dataAge(view, *ageAt));
    writer.field("last_run_at"_L1, known(state.lastRunAt));
    writer.field("last_error_message"_L1, known(state.lastError));
    writer.field("error_kind"_L1, nameUnless(state.errorKind, ErrorKind::None));
    writer.field("last_updated_at"_L1, known(bot.lastUpdatedAt));
    writer.endObject();
}

void writeEvent(JsonWriter &writer, const BotEvent &event)
{
    writer.beginObject();
    writeFields(writer, event, "id"_L1);
    writer.endObject();
}

void writeTrade(JsonWriter &writer, const Trade &trade)
{
    writer.beginObject();
    writeFields(writer, trade);
    writer.field("net"_L1, trade.net());
    writer.endObject();
}

void writeCandle(JsonWriter &writer, const Candle &candle)
{
    writer.beginObject();
    writer.field("open_time"_L1, candle.openTime);
    writer.field("open"_L1, candle.open);
    writer.field("high"_L1, candle.high);
    writer.field("low"_L1, candle.low);
    writer.field("close"_L1, candle.close);
    writer.field("volume"_L1, candle.volume);
    writer.endObject();
}

QByteArray stateJson(const CachedBot &bot, std::optional<Timestamp> ageAt)
{
    JsonWriter writer;
    writeState(writer, bot, ageAt);
    return writer.take();
}

QByteArray shortStateJson(const CachedBot &bot)
{
    JsonWriter writer;
    writer.beginObject();
    writer.field("status"_L1, statusText(bot.state.status, bot.state.errorKind));
    writer.field("in_position"_L1, bot.state.position.isOpen());
    writer.field("entry_price"_L1, entryPrice(bot.state));
    writer.field("daily_pnl"_L1, bot.state.today.net());
    writer.field("daily_trades_count"_L1, bot.state.today.fills);
    writer.field("last_updated_at"_L1, known(bot.lastUpdatedAt));
    writer.endObject();
    return writer.take();
}

} // namespace tradebot
