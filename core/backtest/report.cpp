// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/backtest/report.h"

#include "core/domain/configjson.h"
#include "core/domain/eventjson.h"
#include "core/domain/statisticsjson.h"
#include "core/domain/tradecsv.h"

#include <algorithm>

namespace tradebot {

using namespace Qt::StringLiterals;

namespace {

QByteArray percentText(Money part, Money whole)
{
    if (!whole.isPositive())
        return "-";
    return QByteArray::number(100.0 * part.toDouble() / whole.toDouble(), 'f', 2) + " %";
}

QByteArray rangeText(const BacktestResult &result)
{
    return toRfc3339(result.from) + " to " + toRfc3339(result.to);
}

/// Lines of a table: what, and how much.
using Rows = std::vector<std::pair<QByteArray, QByteArray>>;

QByteArray ratioText(std::optional<double> ratio)
{
    return ratio ? QByteArray::number(*ratio, 'f', 2) : "-";
}

QByteArray moneyText(std::optional<Money> money, const QByteArray &currency)
{
    return money ? money->toBytes() + currency : "-";
}

QByteArray notableText(const std::optional<NotableTrade> &trade, const QByteArray &currency)
{
    return trade ? trade->net.toBytes() + currency + ", closed " + toRfc3339(trade->exitTime) : "-";
}

/// "12.5 USDT (0.13 %), 2026-11-20T… to 2026-11-21T…, recovered 2026-11-22T…"
QByteArray drawdownText(const std::optional<EquityDrawdown> &drawdown, const QByteArray &currency)
{
    if (!drawdown)
        return "-";
    QByteArray text = drawdown->amount.toBytes() + currency + " (" + ratioText(drawdown->percent) + " %)";
    if (drawdown->amount.isZero())
        return text;
    text += ", " + toRfc3339(drawdown->peak.time) + " to " + toRfc3339(drawdown->trough.time);
    return text + (drawdown->recovered ? ", recovered " + toRfc3339(*drawdown->recovered) : ", not recovered");
}

/// What docs/statistics.md explains; "-" is unknown.
Rows statisticsRows(const Statistics &statistics, const QByteArray &currency)
{
    const auto winRate = statistics.winRate ? std::optional(100 * *statistics.winRate) : std::nullopt;
    return {
            {"win rate",
             ratioText(winRate) + (winRate ? " %" : "") + ", profit factor " + ratioText(statistics.profitFactor)},
            {"expectancy", moneyText(statistics.expectancy, currency)},
            {"average", "win " + moneyText(statistics.averageWin, currency) + ", loss "
                                + moneyText(statistics.averageLoss, currency)},
            {"streaks", QByteArray::number(statistics.longestWinningStreak) + " won, "
                                + QByteArray::number(statistics.longestLosingStreak) + " lost"},
            {"best", notableText(statistics.best, currency)},
            {"worst", notableText(statistics.worst, currency)},
            {"sharpe", ratioText(statistics.sharpe)},
            {"sortino", ratioText(statistics.sortino)},
            {"calmar", ratioText(statistics.calmar)},
            {"drawdown", drawdownText(statistics.deepestDrawdown, currency)},
    };
}

Rows summaryRows(const BacktestReport &report)
{
    const auto &[config, result, statistics] = report;
    const Money net = (result.equity - result.initialBalance).value().value_or(Money());
    const QByteArray currency = ' ' + result.currency.toUtf8();
    Rows rows = {
            {"bot", config.name.toUtf8()},
            {"market", config.symbol.value().toUtf8() + ' ' + toName(config.timeframe).data()},
            {"strategy", config.strategy.toUtf8()},
            {"candles", QByteArray::number(static_cast<qint64>(result.candles))},
            {"from to", rangeText(result)},
            {"start", result.initialBalance.toBytes() + currency},
            {"net", net.toBytes() + currency + " (" + percentText(net, result.initialBalance) + ')'},
            {"fees", result.totals.fees.toBytes() + currency},
            {"trades",
             QByteArray::number(result.totals.trades) + ", " + QByteArray::number(result.totals.wins) + " won"},
    };
    const Rows more = statisticsRows(statistics, currency);
    rows.insert(rows.end(), more.begin(), more.end());
    if (result.openPosition.isOpen()) {
        rows.push_back({"open", QByteArray(toName(result.openPosition.side).data()) + ' '
                                        + result.openPosition.quantity.toBytes() + " at "
                                        + result.openPosition.entryPrice().toBytes() + ", marked at the last close"});
    }
    if (!result.halt.isEmpty())
        rows.push_back({"halted", result.halt.toUtf8()});
    if (result.denials > 0) {
        rows.push_back(
                {"denied", QByteArray::number(result.denials) + " orders, the last: " + result.lastDenial.toUtf8()});
    }
    return rows;
}

/// The curve as the points of an SVG line, reduced to the lowest and the highest of each column.
QByteArray svgPoints(const std::vector<EquityPoint> &curve, int width, int height)
{
    if (curve.empty())
        return {};
    const auto byEquity = [](const EquityPoint &a, const EquityPoint &b) { return a.equity < b.equity; };
    const auto [lowest, highest] = std::minmax_element(curve.begin(), curve.end(), byEquity);
    const double low = lowest->equity.toDouble();
    const double span = std::max(highest->equity.toDouble() - low, 1e-8);
    QByteArray points;
    const auto add = [&](std::size_t index) {
        const double x = static_cast<double>(index) / static_cast<double>(curve.size()) * width;
        const double y = height - (curve[index].equity.toDouble() - low) / span * height;
        points += QByteArray::number(x, 'f', 1) + ',' + QByteArray::number(y, 'f', 1) + ' ';
    };
    const std::size_t step = std::max<std::size_t>(1, curve.size() / static_cast<std::size_t>(width));
    for (std::size_t begin = 0; begin < curve.size(); begin += step) {
        const auto first = curve.begin() + static_cast<std::ptrdiff_t>(begin);
        const auto last = curve.begin() + static_cast<std::ptrdiff_t>(std::min(begin + step, curve.size()));
        const auto [bottom, top] = std::minmax_element(first, last, byEquity);
        add(static_cast<std::size_t>(std::min(bottom, top) - curve.begin()));
        add(static_cast<std::size_t>(std::max(bottom, top) - curve.begin()));
    }
    return points;
}

QByteArray escaped(const QByteArray &text)
{
    return QString::fromUtf8(text).toHtmlEscaped().toUtf8();
}

QByteArray tradeRows(const BacktestResult &result)
{
    QByteArray rows;
    for (const Trade &trade : result.trades) {
        rows += "<tr><td>" + QByteArray(toName(trade.side).data()) + "</td><td>" + toRfc3339(trade.entryTime)
                + "</td><td>" + toRfc3339(trade.exitTime) + "</td><td>" + trade.quantity.toBytes() + "</td><td>"
                + trade.entryPrice.toBytes() + "</td><td>" + trade.exitPrice.toBytes() + "</td><td>"
                + trade.fees.toBytes() + "</td><td class=" + (trade.net().isNegative() ? "loss>" : "profit>")
                + trade.net().toBytes() + "</td><td>" + QByteArray(toName(trade.exitReason).data()) + "</td></tr>\n";
    }
    return rows;
}

constexpr auto pageStyle = R"(body{font:14px system-ui,sans-serif;margin:32px;color:#1A1D23;background:#FBFBFC}
table{border-collapse:collapse;font-variant-numeric:tabular-nums}td,th{padding:4px 12px;text-align:right;
border-bottom:1px solid #D8DBE1}td:first-child,th:first-child{text-align:left}.profit{color:#08683E}.loss{color:#C0262E}
svg{width:100%;height:240px;margin:16px 0}
@media(prefers-color-scheme:dark){body{color:#E4E7EB;background:#191C21}td,th{border-color:#2B3038}
.profit{color:#5FD09A}.loss{color:#F07072}})";

} // namespace

Result<Statistics> statisticsOf(const BacktestResult &result)
{
    StatisticsCollector collector(result.initialBalance);
    for (const Trade &trade : result.trades)
        collector.add(trade);
    for (const EquityPoint &point : result.curve)
        collector.add(point);
    return collector.result();
}

QByteArray textReport(const BacktestReport &report)
{
    constexpr qsizetype nameWidth = 12;
    QByteArray text;
    for (const auto &[name, value] : summaryRows(report))
        text += name.leftJustified(nameWidth) + value + '\n';
    text += "equity " + report.result.equity.toBytes() + '\n';
    text += QByteArray::number(report.result.totals.fills) + " fills\n";
    return text;
}

QByteArray jsonReport(const BacktestReport &report)
{
    const auto &[config, result, statistics] = report;
    JsonWriter writer;
    writer.beginObject();
    writer.key("config"_L1).raw(toJson(config));
    writer.field("candles"_L1, static_cast<qint64>(result.candles));
    writer.field("from"_L1, result.from);
    writer.field("to"_L1, result.to);
    writer.field("currency"_L1, result.currency);
    writer.field("initial_balance"_L1, result.initialBalance);
    writer.field("equity"_L1, result.equity);
    writer.key("totals"_L1).beginObject();
    writeFields(writer, result.totals);
    writer.endObject();
    writer.key("statistics"_L1).beginObject();
    writeFields(writer, statistics);
    writer.endObject();
    writer.field("denials"_L1, result.denials);
    if (!result.halt.isEmpty())
        writer.field("halted"_L1, result.halt);
    writer.key("trades"_L1).beginArray();
    for (const Trade &trade : result.trades) {
        writer.beginObject();
        writeFields(writer, trade);
        writer.field("net"_L1, trade.net());
        writer.endObject();
    }
    writer.endArray();
    writer.key("curve"_L1).beginArray();
    for (const EquityPoint &point : result.curve)
        writer.beginArray().value(toMilliseconds(point.time)).value(point.equity).endArray();
    writer.endArray();
    writer.endObject();
    return writer.take() + '\n';
}

QByteArray htmlReport(const BacktestReport &report)
{
    constexpr int width = 1200;
    constexpr int height = 240;
    const BotConfig &config = report.config;
    const BacktestResult &result = report.result;
    QByteArray page = "<!doctype html><html lang=en><meta charset=utf-8><title>Backtest of "
                      + escaped(config.name.toUtf8()) + "</title><style>" + pageStyle + "</style><h1>"
                      + escaped(config.name.toUtf8()) + "</h1>\n<table>";
    for (const auto &[name, value] : summaryRows(report))
        page += "<tr><td>" + name + "</td><td>" + escaped(value) + "</td></tr>\n";
    page += "<tr><td>equity</td><td>" + result.equity.toBytes() + "</td></tr>\n<tr><td>fills</td><td>"
            + QByteArray::number(result.totals.fills) + "</td></tr></table>\n";
    page += "<svg viewBox=\"0 0 " + QByteArray::number(width) + ' ' + QByteArray::number(height)
            + "\" preserveAspectRatio=none role=img aria-label=\"Equity\"><polyline fill=none stroke=currentColor "
              "vector-effect=non-scaling-stroke points=\""
            + svgPoints(result.curve, width, height) + "\"/></svg>\n";
    page += "<table><tr><th>Side</th><th>Entry</th><th>Exit</th><th>Quantity</th><th>Entry price</th><th>Exit "
            "price</th><th>Fees</th><th>Net</th><th>Exit reason</th></tr>\n"
            + tradeRows(result) + "</table></html>\n";
    return page;
}

QByteArray tradesReport(const BacktestReport &report)
{
    QByteArray text = tradeCsvHeader;
    for (const Trade &trade : report.result.trades)
        text += toCsv(trade);
    return text;
}

} // namespace tradebot
