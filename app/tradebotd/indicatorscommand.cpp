// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/tradebotd/commands.h"
#include "core/base/csvline.h"
#include "core/exchange/candlereader.h"
#include "core/strategy/indicators/indicatorspec.h"

#include <array>
#include <charconv>

namespace tradebot {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype pieceBytes = 65'536;

QByteArray headerOf(const std::vector<SpecifiedIndicator> &indicators)
{
    CsvLine line;
    line << QByteArrayView("open_time_ms");
    for (const SpecifiedIndicator &indicator : indicators) {
        for (const QString &column : indicator.columns)
            line << column;
    }
    return line.take();
}

/// The shortest text that reads back to the same number.
template<class Number>
void appendNumber(QByteArray &text, Number number)
{
    std::array<char, 32> digits{};
    const auto written = std::to_chars(digits.begin(), digits.end(), number);
    text.append(digits.data(), written.ptr - digits.data());
}

void appendRow(QByteArray &text, Timestamp time, const IndicatorCells &cells)
{
    appendNumber(text, toMilliseconds(time));
    for (const std::optional<double> &cell : cells) {
        text += ',';
        if (cell)
            appendNumber(text, *cell);
    }
    text += '\n';
}

int writeAll(const std::vector<Candle> &candles, const std::vector<SpecifiedIndicator> &indicators)
{
    QByteArray text = headerOf(indicators);
    IndicatorCells cells;
    for (const Candle &candle : candles) {
        cells.clear();
        for (const SpecifiedIndicator &indicator : indicators)
            indicator.update(candle, cells);
        appendRow(text, candle.openTime, cells);
        if (text.size() >= pieceBytes) {
            if (const int code = print(text); code != exitOk)
                return code;
            text.truncate(0);
        }
    }
    return print(text);
}

} // namespace

int runIndicators(const QStringList &arguments)
{
    QCommandLineParser parser;
    parser.addOptions({{u"candles"_s, u"The past: open_time_ms,open,high,low,close,volume."_s, u"FILE.csv"_s},
                       {u"spec"_s, u"An indicator, any number of times: "_s + allIndicatorSpecs() + u'.', u"SPEC"_s}});
    if (const auto code = parseCommand(parser, arguments, u"Writes indicators of candles as CSV."_s))
        return *code;
    for (const QString &name : {u"candles"_s, u"spec"_s}) {
        if (!parser.isSet(name))
            return complainUsage(u"--%1 is missing"_s.arg(name), arguments.constFirst());
    }
    std::vector<SpecifiedIndicator> indicators;
    for (const QString &spec : parser.values(u"spec"_s)) {
        auto indicator = indicatorFromSpec(spec);
        if (!indicator)
            return complainUsage(u"--spec "_s + indicator.error().text, arguments.constFirst());
        indicators.push_back(std::move(*indicator));
    }
    const auto recorded = loadCandles(parser.value(u"candles"_s));
    if (!recorded)
        return complain(recorded.error());
    return writeAll(recorded->candles, indicators);
}

} // namespace tradebot
