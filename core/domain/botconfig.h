// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/domain/market.h"

#include <QString>

#include <map>
#include <optional>
#include <variant>

namespace tradebot {

enum class SizingKind { FixedQuantity, FixedQuote, PercentOfEquity, RiskPercent };
enum class StopKind { Percent, Atr };
/// Who watches the stop loss and the target: we, or orders that rest at the exchange.
enum class StopsAt { Engine, Exchange };
enum class FeeAsset { Quote, Base, Third };

template<>
struct EnumNames<SizingKind>
{
    static constexpr std::pair<SizingKind, const char *> table[] = {{SizingKind::FixedQuantity, "fixed_quantity"},
                                                                    {SizingKind::FixedQuote, "fixed_quote"},
                                                                    {SizingKind::PercentOfEquity, "percent_of_equity"},
                                                                    {SizingKind::RiskPercent, "risk_percent"}};
};
template<>
struct EnumNames<StopKind>
{
    static constexpr std::pair<StopKind, const char *> table[] = {{StopKind::Percent, "percent"},
                                                                  {StopKind::Atr, "atr"}};
};
template<>
struct EnumNames<StopsAt>
{
    static constexpr std::pair<StopsAt, const char *> table[] = {{StopsAt::Engine, "engine"},
                                                                 {StopsAt::Exchange, "exchange"}};
};
template<>
struct EnumNames<FeeAsset>
{
    static constexpr std::pair<FeeAsset, const char *> table[] = {
            {FeeAsset::Quote, "quote"}, {FeeAsset::Base, "base"}, {FeeAsset::Third, "third"}};
};

/// How large an entry is. The dimension of value follows kind: base units, quote units, or percent.
struct Sizing
{
    SizingKind kind = SizingKind::PercentOfEquity;
    Decimal value = Decimal::fromInteger(10);
    friend bool operator==(const Sizing &, const Sizing &) = default;
};

/// Distance of a stop or target from the entry price: percent of it, or multiples of the ATR.
struct StopRule
{
    StopKind kind = StopKind::Percent;
    Decimal value;
    friend bool operator==(const StopRule &, const StopRule &) = default;
};

/// A stop that follows the best price since entry at a distance, once the price has gone activationPercent in favour.
struct TrailingStopRule
{
    Decimal percent;
    Decimal activationPercent; ///< 0: from the entry on
    friend bool operator==(const TrailingStopRule &, const TrailingStopRule &) = default;
};

struct FeeRates
{
    Decimal maker = Decimal::fromRaw(100'000); // 0.001
    Decimal taker = Decimal::fromRaw(100'000);
    friend bool operator==(const FeeRates &, const FeeRates &) = default;
};

/// So many losing stops within a time end entries for a time.
struct StopLossGuard
{
    int stops = 3;
    int windowSeconds = 3600;
    int pauseSeconds = 3600;
    friend bool operator==(const StopLossGuard &, const StopLossGuard &) = default;
};

/// Limits of the risk gate; an empty one does not limit.
struct RiskLimits
{
    std::optional<Money> maxDailyLoss;
    std::optional<int> maxDailyTrades;
    std::optional<Decimal> maxDrawdownPercent;
    std::optional<int> cooldownSeconds;
    std::optional<Money> maxPositionQuote;
    std::optional<Money> maxSymbolExposureQuote;  ///< of all bots of the account on this symbol, together
    std::optional<Money> maxAccountExposureQuote; ///< of all bots of the account
    std::optional<int> maxOrdersPerMinute;
    std::optional<StopLossGuard> stopLossGuard;
    friend bool operator==(const RiskLimits &, const RiskLimits &) = default;
};

/// How the paper exchange behaves to this bot.
struct PaperTerms
{
    int latencyMilliseconds = 0; ///< from us to the exchange, in the market's time
    /// Of the volume of each trade, how much an order that takes may have; empty: as much as it wants. Not inside
    /// candles of the past, of which nobody knows how much was traded where.
    std::optional<Decimal> depthPercent = Decimal::fromInteger(100);
    /// Of the volume that trades at its very price, how much an order that rests gets; the rest stands before it.
    Decimal queuePercent = Decimal::fromInteger(25);
    Decimal fundingRate = Decimal::fromRaw(10'000);       ///< of futures, each 8 h: 0.0001
    Decimal liquidationFee = Decimal::fromRaw(1'000'000); ///< of futures, of the notional: 0.01
    FeeAsset feeAsset = FeeAsset::Quote;                  ///< base: of what is bought on the spot market
    QString thirdAsset;                                   ///< that fees are paid in, when in a third one: "BNB"
    Price thirdAssetPrice;                                ///< of one unit of it in the quote currency
    friend bool operator==(const PaperTerms &, const PaperTerms &) = default;
};

using ParameterValue = std::variant<Decimal, bool, QString>;
using StrategyParameters = std::map<QString, ParameterValue>;

/// What the owner of a bot decided. Every change makes a new version; each trade names the one it was made under.
struct BotConfig
{
    QString name;
    Symbol symbol;
    Exchange exchange = Exchange::Paper;
    Market market = Market::Spot;
    Mode mode = Mode::Demo;
    Timeframe timeframe = Timeframe::M1;
    QString strategy;
    StrategyParameters strategyParameters;
    PositionType positionType = PositionType::Long;
    int leverage = 1; ///< 1 to 125
    MarginType marginType = MarginType::Isolated;
    Sizing sizing;
    Money initialBalance = Money::fromInteger(10'000);
    FeeRates fees;
    Decimal slippageBasisPoints; ///< 1 = 0.01 %, against us
    std::optional<StopRule> stopLoss;
    std::optional<StopRule> takeProfit;
    std::optional<TrailingStopRule> trailingStop;
    StopsAt stopsAt = StopsAt::Engine;
    /// How far behind its stop price a stop at the exchange may still sell, in percent; empty: at any price.
    std::optional<Decimal> stopLimitPercent;
    PaperTerms paper;
    RiskLimits limits;
    bool restartOnError = true;
    std::optional<qint64> apiKeyId;

    friend bool operator==(const BotConfig &, const BotConfig &) = default;
};

/// What slippage moves a price by, as a fraction of it, rounded up. Thread-safe.
[[nodiscard]] Checked<Decimal> slippageRate(const BotConfig &config);

/// All rules that a config can break by itself (ranges, spot and short, leverage and spot …); the strategy's own
/// parameters are judged by its schema. Fields are named as in JSON.
[[nodiscard]] QList<FieldError> validate(const BotConfig &config);
/// What a name that is given now must not be; bots from before may have such a one and keep it.
[[nodiscard]] QList<FieldError> validateName(const QString &name);

} // namespace tradebot
