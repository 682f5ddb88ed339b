// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/tradebotd/commands.h"
#include "core/backtest/backtest.h"
#include "core/backtest/report.h"
#include "core/domain/configjson.h"
#include "core/strategy/registry.h"

#include <algorithm>
#include <cstdio>

#ifdef Q_OS_UNIX
#include <unistd.h>
#else
#include <io.h>
#define isatty _isatty
#define STDERR_FILENO 2
#endif

namespace tradebot {

using namespace Qt::StringLiterals;

namespace {

Result<BotConfig> loadConfig(const QString &path)
{
    const auto text = readFile(path);
    if (!text)
        return fail(text.error());
    const auto json = JsonValue::parse(*text);
    if (!json)
        return fail(json.error().code, path + u": "_s + json.error().text);
    auto config = botConfigFromJson(*json, builtInStrategies());
    if (!config)
        return fail(config.error().code, path + u": "_s + config.error().text);
    return config;
}

/// How many candles open before --from or --to; `otherwise` without it.
Result<std::size_t> placeOf(const QString &option, const QCommandLineParser &parser, const std::vector<Candle> &candles,
                            std::size_t otherwise)
{
    if (!parser.isSet(option))
        return otherwise;
    const auto time = parseRfc3339(parser.value(option));
    if (!time)
        return fail(time.error().code, u"--%1: "_s.arg(option) + time.error().text);
    const auto at = std::partition_point(candles.begin(), candles.end(),
                                         [&](const Candle &candle) { return candle.openTime < *time; });
    return static_cast<std::size_t>(at - candles.begin());
}

bool showProgress(std::size_t done, std::size_t all)
{
    std::fprintf(stderr, "\r%3zu %%", done * 100 / all);
    return true;
}

Result<void> writeReports(const QCommandLineParser &parser, const BacktestReport &report)
{
    struct File
    {
        QString option;
        QByteArray (*make)(const BacktestReport &);
    };
    for (const File &file :
         {File{u"json"_s, &jsonReport}, File{u"html"_s, &htmlReport}, File{u"trades"_s, &tradesReport}}) {
        if (!parser.isSet(file.option))
            continue;
        if (auto written = writeFile(parser.value(file.option), file.make(report)); !written)
            return written;
    }
    return {};
}

} // namespace

int runBacktestCommand(const QStringList &arguments)
{
    QCommandLineParser parser;
    parser.addOptions({{u"config"_s, u"The bot: the same JSON that the HTTP interface takes."_s, u"BOT.json"_s},
                       {u"candles"_s, u"The past: open_time_ms,open,high,low,close,volume."_s, u"FILE.csv"_s},
                       {u"from"_s, u"Begin at this time; earlier candles warm the bot up."_s, u"TIME"_s},
                       {u"to"_s, u"Only candles before this time."_s, u"TIME"_s},
                       {u"json"_s, u"Write the whole result as JSON."_s, u"FILE"_s},
                       {u"html"_s, u"Write a report for a browser."_s, u"FILE"_s},
                       {u"trades"_s, u"Write the trades as CSV."_s, u"FILE"_s}});
    if (const auto code = parseCommand(parser, arguments, u"Runs a bot over candles of the past."_s))
        return *code;
    for (const QString &name : {u"config"_s, u"candles"_s}) {
        if (!parser.isSet(name))
            return complainUsage(u"--%1 is missing"_s.arg(name), arguments.constFirst());
    }
    const auto config = loadConfig(parser.value(u"config"_s));
    if (!config)
        return complain(config.error());
    auto recorded = loadCandles(parser.value(u"candles"_s));
    if (!recorded)
        return complain(recorded.error());
    const auto first = placeOf(u"from"_s, parser, recorded->candles, 0);
    const auto end = placeOf(u"to"_s, parser, recorded->candles, recorded->candles.size());
    if (!first || !end)
        return complainUsage((first ? end : first).error().text, arguments.constFirst());
    recorded->candles.resize(*end);

    const bool isTerminal = isatty(STDERR_FILENO) != 0;
    BacktestRequest request{*config, recorded->timeframe, recorded->candles, {}, *first};
    if (isTerminal)
        request.progress = showProgress;
    const auto result = runBacktest(request);
    if (isTerminal)
        std::fprintf(stderr, "\r     \r");
    if (!result)
        return complain(result.error());
    auto statistics = statisticsOf(*result);
    if (!statistics)
        return complain(statistics.error());
    const BacktestReport report{*config, *result, std::move(*statistics)};
    const int code = print(textReport(report));
    const auto written = writeReports(parser, report);
    return written ? code : complain(written.error());
}

} // namespace tradebot
