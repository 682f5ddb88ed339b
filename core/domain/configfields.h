// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/jsonfields.h"
#include "core/domain/botconfig.h"

namespace tradebot {

// The fields of a bot's configuration in JSON; see core/base/jsonfields.h.

template<class Archive, Like<Sizing> S>
void visitFields(Archive &archive, S &sizing)
{
    using namespace Qt::StringLiterals;
    archive("kind"_L1, sizing.kind);
    archive("value"_L1, sizing.value);
}

template<class Archive, Like<StopRule> S>
void visitFields(Archive &archive, S &rule)
{
    using namespace Qt::StringLiterals;
    archive("kind"_L1, rule.kind);
    archive("value"_L1, rule.value);
}

template<class Archive, Like<TrailingStopRule> S>
void visitFields(Archive &archive, S &rule)
{
    using namespace Qt::StringLiterals;
    archive("percent"_L1, rule.percent);
    archive("activation_percent"_L1, rule.activationPercent);
}

template<class Archive, Like<FeeRates> S>
void visitFields(Archive &archive, S &fees)
{
    using namespace Qt::StringLiterals;
    archive("maker"_L1, fees.maker);
    archive("taker"_L1, fees.taker);
}

template<class Archive, Like<StopLossGuard> S>
void visitFields(Archive &archive, S &guard)
{
    using namespace Qt::StringLiterals;
    archive("stops"_L1, guard.stops);
    archive("window_s"_L1, guard.windowSeconds);
    archive("pause_s"_L1, guard.pauseSeconds);
}

template<class Archive, Like<RiskLimits> S>
void visitFields(Archive &archive, S &limits)
{
    using namespace Qt::StringLiterals;
    archive("max_daily_loss"_L1, limits.maxDailyLoss);
    archive("max_daily_trades"_L1, limits.maxDailyTrades);
    archive("max_drawdown_percent"_L1, limits.maxDrawdownPercent);
    archive("cooldown_s"_L1, limits.cooldownSeconds);
    archive("max_position_quote"_L1, limits.maxPositionQuote);
    archive.added("max_symbol_exposure_quote"_L1, limits.maxSymbolExposureQuote);
    archive.added("max_account_exposure_quote"_L1, limits.maxAccountExposureQuote);
    archive.added("max_orders_per_minute"_L1, limits.maxOrdersPerMinute);
    archive.added("stop_loss_guard"_L1, limits.stopLossGuard);
}

template<class Archive, Like<PaperTerms> S>
void visitFields(Archive &archive, S &terms)
{
    using namespace Qt::StringLiterals;
    archive("latency_ms"_L1, terms.latencyMilliseconds);
    archive("depth_percent"_L1, terms.depthPercent);
    archive("queue_percent"_L1, terms.queuePercent);
    archive("funding_rate"_L1, terms.fundingRate);
    archive("liquidation_fee"_L1, terms.liquidationFee);
    archive("fee_asset"_L1, terms.feeAsset);
    archive.sparse("third_asset"_L1, terms.thirdAsset);
    archive.sparse("third_asset_price"_L1, terms.thirdAssetPrice);
}

void writeJson(JsonWriter &writer, const StrategyParameters &parameters);
/// Empty, or what is wrong.
[[nodiscard]] QString readJson(const JsonValue &json, StrategyParameters &parameters);

template<class Archive, Like<BotConfig> S>
void visitFields(Archive &archive, S &config)
{
    using namespace Qt::StringLiterals;
    archive("name"_L1, config.name);
    archive("symbol"_L1, config.symbol);
    archive("exchange"_L1, config.exchange);
    archive("market"_L1, config.market);
    archive("mode"_L1, config.mode);
    archive("timeframe"_L1, config.timeframe);
    archive("strategy"_L1, config.strategy);
    archive("strategy_params"_L1, config.strategyParameters);
    archive("position_type"_L1, config.positionType);
    archive("leverage"_L1, config.leverage);
    archive("margin_type"_L1, config.marginType);
    archive("sizing"_L1, config.sizing);
    archive("initial_balance"_L1, config.initialBalance);
    archive("fees"_L1, config.fees);
    archive("slippage_bps"_L1, config.slippageBasisPoints);
    archive("stop_loss"_L1, config.stopLoss);
    archive("take_profit"_L1, config.takeProfit);
    archive("trailing_stop"_L1, config.trailingStop);
    archive.added("stops_at"_L1, config.stopsAt);
    archive.added("stop_limit_percent"_L1, config.stopLimitPercent);
    archive.added("paper"_L1, config.paper);
    archive("limits"_L1, config.limits);
    archive("restart_on_error"_L1, config.restartOnError);
    archive("api_key_id"_L1, config.apiKeyId);
}

} // namespace tradebot
