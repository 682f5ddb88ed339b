// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/domain/botconfig.h"

#include "core/domain/symbolrule.h"

#include <algorithm>

namespace tradebot {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype maximumNameLength = 80;
constexpr int maximumLeverage = 125;
constexpr int mostGuardedStops = 32; // so many a bot's state remembers
constexpr Decimal hundred = Decimal::fromInteger(100);
constexpr Decimal basisPointsPerOne = Decimal::fromInteger(10'000);

class Rules final
{
public:
    void require(bool holds, QLatin1StringView field, const QString &message)
    {
        if (!holds)
            m_errors.append({QString(field), message});
    }
    [[nodiscard]] QList<FieldError> take() { return std::move(m_errors); }

private:
    QList<FieldError> m_errors;
};

bool isBetween(Decimal value, Decimal aboveThis, Decimal belowThis)
{
    return value > aboveThis && value < belowThis;
}

void judgeIdentity(Rules &rules, const BotConfig &config)
{
    rules.require(!config.name.trimmed().isEmpty() && config.name.size() <= maximumNameLength, "name"_L1,
                  u"must have 1 to 80 characters"_s);
    rules.require(isSymbol(config.symbol), "symbol"_L1, QString::fromUtf16(symbolRule));
    rules.require(!config.strategy.isEmpty(), "strategy"_L1, u"must name a strategy"_s);
    rules.require(config.mode != Mode::Live || config.exchange != Exchange::Paper, "mode"_L1,
                  u"must be demo on the paper exchange"_s);
    rules.require(config.mode != Mode::Live || config.apiKeyId.has_value(), "api_key_id"_L1,
                  u"must name the key that a live bot trades with"_s);
}

void judgePosition(Rules &rules, const BotConfig &config)
{
    rules.require(config.market != Market::Spot || config.positionType == PositionType::Long, "position_type"_L1,
                  u"must be long on the spot market"_s);
    rules.require(config.leverage >= 1 && config.leverage <= maximumLeverage, "leverage"_L1,
                  u"must be between 1 and 125"_s);
    rules.require(config.market != Market::Spot || config.leverage == 1, "leverage"_L1,
                  u"must be 1 on the spot market"_s);
    rules.require(config.sizing.value.isPositive(), "sizing.value"_L1, u"must be above 0"_s);
    const bool inPercent =
            config.sizing.kind == SizingKind::PercentOfEquity || config.sizing.kind == SizingKind::RiskPercent;
    rules.require(!inPercent || config.sizing.value <= hundred, "sizing.value"_L1, u"must be at most 100 percent"_s);
    rules.require(config.sizing.kind != SizingKind::RiskPercent || config.stopLoss.has_value(), "stop_loss"_L1,
                  u"must be set, because risk_percent sizes by the distance to it"_s);
}

void judgeMoney(Rules &rules, const BotConfig &config)
{
    constexpr Decimal tenPercent = Decimal::fromRaw(10'000'000);
    constexpr Decimal rebate = Decimal::fromRaw(-1'000'000);
    rules.require(config.initialBalance.isPositive(), "initial_balance"_L1, u"must be above 0"_s);
    rules.require(config.fees.maker >= rebate && config.fees.maker <= tenPercent, "fees.maker"_L1,
                  u"must be between -0.01 and 0.1"_s);
    rules.require(config.fees.taker >= rebate && config.fees.taker <= tenPercent, "fees.taker"_L1,
                  u"must be between -0.01 and 0.1"_s);
    rules.require(!config.slippageBasisPoints.isNegative() && config.slippageBasisPoints <= Decimal::fromInteger(1000),
                  "slippage_bps"_L1, u"must be between 0 and 1000"_s);
}

void judgeStops(Rules &rules, const BotConfig &config)
{
    const auto judge = [&rules](const std::optional<StopRule> &rule, QLatin1StringView field, bool below100) {
        if (!rule)
            return;
        rules.require(rule->value.isPositive(), field, u"must be above 0"_s);
        rules.require(rule->kind != StopKind::Percent || !below100 || rule->value < hundred, field,
                      u"must be below 100 percent"_s);
        rules.require(rule->value <= Decimal::fromInteger(10'000), field, u"must be at most 10000"_s);
    };
    judge(config.stopLoss, "stop_loss.value"_L1, true);
    judge(config.takeProfit, "take_profit.value"_L1, config.positionType != PositionType::Long);
    if (config.trailingStop) {
        rules.require(isBetween(config.trailingStop->percent, Decimal(), hundred), "trailing_stop.percent"_L1,
                      u"must be above 0 and below 100"_s);
        rules.require(!config.trailingStop->activationPercent.isNegative()
                              && config.trailingStop->activationPercent <= Decimal::fromInteger(10'000),
                      "trailing_stop.activation_percent"_L1, u"must be between 0 and 10000"_s);
    }
}

void judgeLimits(Rules &rules, const RiskLimits &limits)
{
    rules.require(!limits.maxDailyLoss || limits.maxDailyLoss->isPositive(), "limits.max_daily_loss"_L1,
                  u"must be above 0"_s);
    rules.require(!limits.maxDailyTrades || *limits.maxDailyTrades > 0, "limits.max_daily_trades"_L1,
                  u"must be above 0"_s);
    rules.require(!limits.maxDrawdownPercent || isBetween(*limits.maxDrawdownPercent, Decimal(), hundred),
                  "limits.max_drawdown_percent"_L1, u"must be above 0 and below 100"_s);
    rules.require(!limits.cooldownSeconds || *limits.cooldownSeconds >= 0, "limits.cooldown_s"_L1,
                  u"must be 0 or more"_s);
    rules.require(!limits.maxPositionQuote || limits.maxPositionQuote->isPositive(), "limits.max_position_quote"_L1,
                  u"must be above 0"_s);
    rules.require(!limits.maxSymbolExposureQuote || limits.maxSymbolExposureQuote->isPositive(),
                  "limits.max_symbol_exposure_quote"_L1, u"must be above 0"_s);
    rules.require(!limits.maxAccountExposureQuote || limits.maxAccountExposureQuote->isPositive(),
                  "limits.max_account_exposure_quote"_L1, u"must be above 0"_s);
    rules.require(!limits.maxOrdersPerMinute || *limits.maxOrdersPerMinute > 0, "limits.max_orders_per_minute"_L1,
                  u"must be above 0"_s);
    if (const auto &guard = limits.stopLossGuard) {
        rules.require(guard->stops >= 1 && guard->stops <= mostGuardedStops, "limits.stop_loss_guard.stops"_L1,
                      u"must be between 1 and 32"_s);
        rules.require(guard->windowSeconds > 0, "limits.stop_loss_guard.window_s"_L1, u"must be above 0"_s);
        rules.require(guard->pauseSeconds > 0, "limits.stop_loss_guard.pause_s"_L1, u"must be above 0"_s);
    }
}

void judgePaper(Rules &rules, const PaperTerms &terms)
{
    constexpr Decimal one = Decimal::fromInteger(1);
    rules.require(terms.latencyMilliseconds >= 0 && terms.latencyMilliseconds <= 60'000, "paper.latency_ms"_L1,
                  u"must be between 0 and 60000"_s);
    rules.require(!terms.depthPercent || (terms.depthPercent->isPositive() && *terms.depthPercent <= hundred),
                  "paper.depth_percent"_L1, u"must be above 0 and at most 100"_s);
    rules.require(!terms.queuePercent.isNegative() && terms.queuePercent <= hundred, "paper.queue_percent"_L1,
                  u"must be between 0 and 100"_s);
    rules.require(terms.fundingRate.abs() < one, "paper.funding_rate"_L1, u"must be between -1 and 1"_s);
    rules.require(!terms.liquidationFee.isNegative() && terms.liquidationFee < one, "paper.liquidation_fee"_L1,
                  u"must be 0 or more and below 1"_s);
    rules.require(terms.feeAsset != FeeAsset::Third || !terms.thirdAsset.isEmpty(), "paper.third_asset"_L1,
                  u"must name the asset that fees are paid in"_s);
    rules.require(terms.feeAsset != FeeAsset::Third || terms.thirdAssetPrice.isPositive(), "paper.third_asset_price"_L1,
                  u"must be above 0: what one unit of the asset is worth"_s);
}

} // namespace

Checked<Decimal> slippageRate(const BotConfig &config)
{
    return ratio(config.slippageBasisPoints, basisPointsPerOne, Rounding::Ceiling);
}

QList<FieldError> validate(const BotConfig &config)
{
    Rules rules;
    judgeIdentity(rules, config);
    judgePosition(rules, config);
    judgeMoney(rules, config);
    judgeStops(rules, config);
    judgeLimits(rules, config.limits);
    judgePaper(rules, config.paper);
    rules.require(!config.stopLimitPercent || isBetween(*config.stopLimitPercent, Decimal(), hundred),
                  "stop_limit_percent"_L1, u"must be above 0 and below 100"_s);
    return rules.take();
}

QList<FieldError> validateName(const QString &name)
{
    if (std::ranges::any_of(name, [](QChar c) { return c.category() == QChar::Other_Control; }))
        return {{u"name"_s, u"must hold no control characters"_s}};
    return {};
}

} // namespace tradebot
