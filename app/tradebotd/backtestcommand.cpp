// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/tradebotd/commands.h"
#include "core/backtest/backtest.h"
#include "core/backtest/report.h"
#include "core/domain/configjson.h"

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
    auto config = botConfigFromJson(*json);
    if (!config)
        return fail(config.error().code, path + u": "_s + config.error().text);
    return config;
}

/// Leaves the candles that open in [from, to).
Result<void> cut(RecordedCandles &recorded, const QCommandLineParser &parser)
{
    for (const QString &name : {u"from"_s, u"to"_s}) {
        if (!parser.isSet(name))
            continue;
        const auto time = parseRfc3339(parser.value(name));
        if (!time)
            return fail(time.error().code, u"--%1: "_s.arg(name) + time.error().text);
        std::erase_if(recorded.candles, [&](const Candle &candle) {
            return name == "from"_L1 ? candle.openTime < *time : candle.openTime >= *time;
        });
    }
    return {};
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
                       {u"from"_s, u"Only candles from this time on."_s, u"TIME"_s},
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
    if (const auto done = cut(*recorded, parser); !done)
        return complainUsage(done.error().text, arguments.constFirst());

    const bool isTerminal = isatty(STDERR_FILENO) != 0;
    BacktestRequest request{*config, recorded->timeframe, recorded->candles, {}};
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
