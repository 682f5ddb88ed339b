// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/strategy/builtin.h"

#include <algorithm>

namespace tradebot {

using namespace Qt::StringLiterals;

Decimal numberOf(const StrategyParameters &parameters, const QString &name)
{
    return std::get<Decimal>(parameters.at(name));
}

int integerOf(const StrategyParameters &parameters, const QString &name)
{
    return static_cast<int>(numberOf(parameters, name).raw() / Decimal::fromInteger(1).raw());
}

ParameterSpec integerSpec(QString name, QString title, int defaultValue, int minimum, int maximum, QString unit)
{
    return {std::move(name),
            std::move(title),
            ParameterKind::Integer,
            Decimal::fromInteger(defaultValue),
            Decimal::fromInteger(minimum),
            Decimal::fromInteger(maximum),
            std::move(unit),
            {}};
}

ParameterSpec numberSpec(QString name, QString title, int defaultValue, Decimal minimum, int maximum, QString unit)
{
    return {std::move(name),
            std::move(title),
            ParameterKind::Number,
            Decimal::fromInteger(defaultValue),
            minimum,
            Decimal::fromInteger(maximum),
            std::move(unit),
            {}};
}

ParameterSpec required(ParameterSpec spec)
{
    spec.isRequired = true;
    return spec;
}

QList<FieldError> mustBeBelow(const StrategyParameters &parameters, const QString &lower, const QString &upper)
{
    if (numberOf(parameters, lower) < numberOf(parameters, upper))
        return {};
    return {{u"strategy_params."_s + lower,
             u"must be below %1, which is %2"_s.arg(upper, numberOf(parameters, upper).toString())}};
}

bool isWished(const Order &order)
{
    return order.purpose == OrderPurpose::Entry || order.purpose == OrderPurpose::Exit;
}

bool isAfterEntry(const StrategyView &view, Timestamp candleOpenTime)
{
    return nextOpenTime(candleOpenTime, view.timeframe) > view.lastEntry;
}

QString warmingUp(int seen, int needed)
{
    return u"warming up: %1 of %2 candles"_s.arg(seen).arg(needed);
}

} // namespace tradebot
