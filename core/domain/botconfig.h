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

/// Limits of the risk gate; an empty one does not limit.
struct RiskLimits
{
    std::optional<Money> maxDailyLoss;
    std::optional<int> maxDailyTrades;
    std::optional<Decimal> maxDrawdownPercent;
    std::optional<int> cooldownSeconds;
    std::optional<Money> maxPositionQuote;
    friend bool operator==(const RiskLimits &, const RiskLimits &) = default;
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
    RiskLimits limits;
    bool restartOnError = true;
    std::optional<qint64> apiKeyId;

    friend bool operator==(const BotConfig &, const BotConfig &) = default;
};

/// All rules that a config can break by itself (ranges, spot and short, leverage and spot …); the strategy's own
/// parameters are judged by its schema. Fields are named as in JSON.
[[nodiscard]] QList<FieldError> validate(const BotConfig &config);

} // namespace tradebot
