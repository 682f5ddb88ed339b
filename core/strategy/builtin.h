// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/strategy/strategy.h"

namespace tradebot {

/// A built-in strategy: its description, and how it is made of parameters that are complete and keep to its rules.
struct BuiltInStrategy
{
    StrategyInfo info;
    std::unique_ptr<Strategy> (*make)(const StrategyParameters &parameters) = nullptr;
};

// One file each.
[[nodiscard]] BuiltInStrategy emaCross();
[[nodiscard]] BuiltInStrategy rsiReversion();
[[nodiscard]] BuiltInStrategy macdTrend();
[[nodiscard]] BuiltInStrategy bollingerReversion();
[[nodiscard]] BuiltInStrategy donchianBreakout();
[[nodiscard]] BuiltInStrategy supertrendFollow();
[[nodiscard]] BuiltInStrategy grid();
[[nodiscard]] BuiltInStrategy dollarCostAverage();

/// A whole number, or any number, out of parameters that keep to their schema.
[[nodiscard]] int integerOf(const StrategyParameters &parameters, const QString &name);
[[nodiscard]] Decimal numberOf(const StrategyParameters &parameters, const QString &name);
[[nodiscard]] ParameterSpec integerSpec(QString name, QString title, int defaultValue, int minimum, int maximum,
                                        QString unit = QStringLiteral("candles"));
[[nodiscard]] ParameterSpec numberSpec(QString name, QString title, int defaultValue, Decimal minimum, int maximum,
                                       QString unit);
/// A spec whose parameter must be given.
[[nodiscard]] ParameterSpec required(ParameterSpec spec);
/// One rule between two parameters; no error when it is kept.
[[nodiscard]] QList<FieldError> mustBeBelow(const StrategyParameters &parameters, const QString &lower,
                                            const QString &upper);
/// Whether a strategy asked for it, this one or one before it: neither a stop, nor a target, nor somebody else's.
[[nodiscard]] bool isWished(const Order &order);
/// Whether the close of a candle came after what is held was last added to.
[[nodiscard]] bool isAfterEntry(const StrategyView &view, Timestamp candleOpenTime);
/// "warming up: 5 of 26 candles".
[[nodiscard]] QString warmingUp(int seen, int needed);

} // namespace tradebot
