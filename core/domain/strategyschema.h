// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/domain/botconfig.h"

#include <QString>
#include <QStringList>

#include <vector>

namespace tradebot {

enum class ParameterKind { Integer, Number, Choice, Flag };

/// One parameter of a strategy: what forms, validation and documentation are made from.
struct ParameterSpec
{
    QString name;  ///< as in strategy_params, "fast"
    QString title; ///< "Fast EMA"
    ParameterKind kind = ParameterKind::Integer;
    ParameterValue defaultValue;
    Decimal minimum;     ///< Integer and Number
    Decimal maximum;     ///< Integer and Number
    QString unit;        ///< "candles", "× ATR"
    QStringList choices; ///< Choice
    /// Has no default that would do for everybody: it must be given, and defaultValue is what a form begins with.
    bool isRequired = false;
};

/// What a strategy tells of itself.
struct StrategyInfo
{
    QString name;    ///< as in BotConfig::strategy, "ema_cross"
    QString title;   ///< "EMA cross"
    QString summary; ///< one or two sentences: when it enters and exits
    std::vector<ParameterSpec> parameters;
    bool isLongOnly = false; ///< never goes short
    /// The rules between parameters that are complete and keep to the schema; null for none.
    QList<FieldError> (*checkTogether)(const StrategyParameters &parameters) = nullptr;
};

using StrategyCatalog = std::vector<StrategyInfo>;

/// Judges parameters against a schema, and those that keep to it against the rules between them; a missing one takes
/// its default or, where it is required, is an error, and so is an unknown one. Fields are named
/// "strategy_params.fast".
[[nodiscard]] QList<FieldError> validateParameters(const StrategyInfo &info, const StrategyParameters &parameters);
/// A side that the strategy never takes.
[[nodiscard]] QList<FieldError> validateSide(const StrategyInfo &info, const BotConfig &config);
/// All that strategies say of a configuration: that there is no such one in the catalog, its parameters, its side.
[[nodiscard]] QList<FieldError> validateStrategy(const StrategyCatalog &strategies, const BotConfig &config);
/// The given values and the defaults of the rest.
[[nodiscard]] StrategyParameters withDefaults(const StrategyInfo &info, const StrategyParameters &parameters);

} // namespace tradebot
