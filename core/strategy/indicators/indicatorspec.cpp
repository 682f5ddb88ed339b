// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/strategy/indicators/indicatorspec.h"

#include "core/strategy/indicators/adx.h"
#include "core/strategy/indicators/atr.h"
#include "core/strategy/indicators/bollinger.h"
#include "core/strategy/indicators/cci.h"
#include "core/strategy/indicators/donchian.h"
#include "core/strategy/indicators/macd.h"
#include "core/strategy/indicators/movingaverages.h"
#include "core/strategy/indicators/rsi.h"
#include "core/strategy/indicators/stochastic.h"
#include "core/strategy/indicators/supertrend.h"
#include "core/strategy/indicators/volume.h"

#include <algorithm>
#include <cmath>

namespace tradebot {

using namespace Qt::StringLiterals;

namespace {

constexpr int longestPeriod = 100'000;
constexpr double largestFactor = 1000;

struct Bar
{
    Timestamp openTime;
    double high;
    double low;
    double close;
    double volume;
};

using Numbers = std::vector<double>;
using Computation = std::function<void(const Bar &, IndicatorCells &)>;

struct Parameter
{
    QLatin1StringView name;
    bool isPeriod = true; ///< a whole number; else a factor above 0
    int least = 1;
};

struct Definition
{
    QLatin1StringView name;
    std::vector<Parameter> parameters;
    std::vector<QLatin1StringView> outputs; ///< empty for a single one
    Computation (*make)(const Numbers &);
};

template<class... Values>
void append(IndicatorCells &cells, bool isReady, Values... values)
{
    (cells.push_back(isReady ? std::optional<double>(values) : std::nullopt), ...);
}

int period(double number)
{
    return static_cast<int>(number);
}

/// An indicator of the close, or of high, low and close, with a period and one value.
template<class Indicator>
Computation single(const Numbers &numbers)
{
    return [indicator = Indicator(period(numbers[0]))](const Bar &bar, IndicatorCells &cells) mutable {
        if constexpr (requires { indicator.update(bar.close); })
            indicator.update(bar.close);
        else
            indicator.update(bar.high, bar.low, bar.close);
        append(cells, indicator.isReady(), indicator.value());
    };
}

Computation trueRange(const Numbers &)
{
    return [range = TrueRange()](const Bar &bar, IndicatorCells &cells) mutable {
        range.update(bar.high, bar.low, bar.close);
        append(cells, range.isReady(), range.value());
    };
}

Computation onBalanceVolume(const Numbers &)
{
    return [obv = Obv()](const Bar &bar, IndicatorCells &cells) mutable {
        obv.update(bar.close, bar.volume);
        append(cells, obv.isReady(), obv.value());
    };
}

Computation macd(const Numbers &numbers)
{
    return [macd = Macd(period(numbers[0]), period(numbers[1]), period(numbers[2]))](const Bar &bar,
                                                                                     IndicatorCells &cells) mutable {
        macd.update(bar.close);
        append(cells, macd.isReady(), macd.macd(), macd.signal(), macd.histogram());
    };
}

Computation bollinger(const Numbers &numbers)
{
    return [bands = BollingerBands(period(numbers[0]), numbers[1])](const Bar &bar, IndicatorCells &cells) mutable {
        bands.update(bar.close);
        append(cells, bands.isReady(), bands.upper(), bands.middle(), bands.lower());
    };
}

Computation donchian(const Numbers &numbers)
{
    return [channel = DonchianChannel(period(numbers[0]))](const Bar &bar, IndicatorCells &cells) mutable {
        channel.update(bar.high, bar.low);
        append(cells, channel.isReady(), channel.upper(), channel.middle(), channel.lower());
    };
}

Computation adx(const Numbers &numbers)
{
    return [adx = Adx(period(numbers[0]))](const Bar &bar, IndicatorCells &cells) mutable {
        adx.update(bar.high, bar.low, bar.close);
        append(cells, adx.isReady(), adx.adx());
        append(cells, adx.hasDirections(), adx.plusDi(), adx.minusDi());
    };
}

Computation stochastic(const Numbers &numbers)
{
    return [stochastic = Stochastic(period(numbers[0]), period(numbers[1]), period(numbers[2]))](
                   const Bar &bar, IndicatorCells &cells) mutable {
        stochastic.update(bar.high, bar.low, bar.close);
        append(cells, stochastic.isReady(), stochastic.slowK(), stochastic.slowD());
    };
}

Computation supertrend(const Numbers &numbers)
{
    return [trend = Supertrend(period(numbers[0]), numbers[1])](const Bar &bar, IndicatorCells &cells) mutable {
        trend.update(bar.high, bar.low, bar.close);
        append(cells, trend.isReady(), trend.value(), trend.isUp() ? 1.0 : -1.0, trend.upper(), trend.lower());
    };
}

Computation volumeWeighted(const Numbers &)
{
    return [vwap = Vwap()](const Bar &bar, IndicatorCells &cells) mutable {
        vwap.update(bar.openTime, bar.high, bar.low, bar.close, bar.volume);
        append(cells, vwap.isReady(), vwap.cumulative());
        append(cells, vwap.hasSession(), vwap.session());
    };
}

const std::vector<Definition> &definitions()
{
    static const Parameter length{"period"_L1};
    static const std::vector<Definition> all = {
            {"sma"_L1, {length}, {}, single<Sma>},
            {"ema"_L1, {length}, {}, single<Ema>},
            {"wma"_L1, {length}, {}, single<Wma>},
            {"rsi"_L1, {length}, {}, single<Rsi>},
            {"atr"_L1, {length}, {}, single<Atr>},
            {"cci"_L1, {length}, {}, single<Cci>},
            {"trange"_L1, {}, {}, trueRange},
            {"obv"_L1, {}, {}, onBalanceVolume},
            {"macd"_L1, {{"fast"_L1}, {"slow"_L1}, {"signal"_L1}}, {"macd"_L1, "signal"_L1, "hist"_L1}, macd},
            {"bbands"_L1, {length, {"deviations"_L1, false}}, {"upper"_L1, "middle"_L1, "lower"_L1}, bollinger},
            {"donchian"_L1, {length}, {"upper"_L1, "middle"_L1, "lower"_L1}, donchian},
            {"adx"_L1, {{"period"_L1, true, 2}}, {"adx"_L1, "plus_di"_L1, "minus_di"_L1}, adx},
            {"stoch"_L1, {length, {"slowk"_L1}, {"slowd"_L1}}, {"slowk"_L1, "slowd"_L1}, stochastic},
            {"supertrend"_L1,
             {length, {"multiplier"_L1, false}},
             {"supertrend"_L1, "direction"_L1, "final_upper"_L1, "final_lower"_L1},
             supertrend},
            {"vwap"_L1, {}, {"cumulative"_L1, "session_utc_day"_L1}, volumeWeighted},
    };
    return all;
}

/// "macd(fast,slow,signal)"
QString formOf(const Definition &definition)
{
    QStringList names;
    for (const Parameter &parameter : definition.parameters)
        names.append(parameter.name);
    return names.isEmpty() ? QString(definition.name) : definition.name + u'(' + names.join(u',') + u')';
}

Result<double> readNumber(QStringView text, const Parameter &parameter)
{
    bool isNumber = false;
    if (parameter.isPeriod) {
        const int number = text.toInt(&isNumber);
        if (isNumber && number >= parameter.least && number <= longestPeriod)
            return number;
        return fail(ErrorCode::InvalidInput, u"%1 must be a whole number from %2 to %3"_s.arg(parameter.name)
                                                     .arg(parameter.least)
                                                     .arg(longestPeriod));
    }
    const double number = text.toDouble(&isNumber);
    if (isNumber && number > 0 && number <= largestFactor) // and so neither infinite nor NaN
        return number;
    return fail(ErrorCode::InvalidInput,
                u"%1 must be a number above 0, at most %2"_s.arg(parameter.name).arg(largestFactor));
}

Result<Numbers> readNumbers(const QStringList &texts, const Definition &definition)
{
    if (texts.size() != std::ssize(definition.parameters))
        return fail(ErrorCode::InvalidInput, u"it is written %1"_s.arg(formOf(definition)));
    Numbers numbers;
    for (const QString &text : texts) {
        const auto number = readNumber(text, definition.parameters[numbers.size()]);
        if (!number)
            return fail(number.error());
        numbers.push_back(*number);
    }
    if (definition.name == "macd"_L1 && numbers[0] >= numbers[1])
        return fail(ErrorCode::InvalidInput, u"fast must be below slow"_s);
    return numbers;
}

QStringList columnsOf(const Definition &definition, const QString &name)
{
    QStringList columns;
    for (const QLatin1StringView output : definition.outputs)
        columns.append(name + u'.' + output);
    return columns.isEmpty() ? QStringList{name} : columns;
}

} // namespace

Result<SpecifiedIndicator> indicatorFromSpec(QStringView spec)
{
    const QString text = spec.toString().remove(u' ');
    const auto problem = [&spec](const QString &what) {
        return fail(ErrorCode::InvalidInput, u"\"%1\": %2"_s.arg(spec, what));
    };
    const qsizetype bracket = text.indexOf(u'(');
    if (bracket >= 0 && !text.endsWith(u')'))
        return problem(u"the closing bracket is missing"_s);
    const QString name = text.left(bracket); // all of it without a bracket
    const auto definition = std::find_if(definitions().begin(), definitions().end(),
                                         [&name](const Definition &entry) { return name == entry.name; });
    if (definition == definitions().end())
        return problem(u"there is no such indicator; there are %1"_s.arg(allIndicatorSpecs()));
    const QStringList texts = bracket < 0 ? QStringList() : text.sliced(bracket + 1).chopped(1).split(u',');
    const auto numbers = readNumbers(texts, *definition);
    if (!numbers)
        return problem(numbers.error().text);
    return SpecifiedIndicator{
            columnsOf(*definition, text),
            [compute = definition->make(*numbers)](const Candle &candle, IndicatorCells &cells) mutable {
                compute({candle.openTime, candle.high.toDouble(), candle.low.toDouble(), candle.close.toDouble(),
                         candle.volume.toDouble()},
                        cells);
            }};
}

QString allIndicatorSpecs()
{
    QStringList forms;
    for (const Definition &definition : definitions())
        forms.append(formOf(definition));
    return forms.join(u", "_s);
}

} // namespace tradebot
