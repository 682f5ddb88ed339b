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

QByteArray parameterText(const ParameterValue &value)
{
    if (const auto *number = std::get_if<Decimal>(&value))
        return number->toBytes();
    if (const auto *flag = std::get_if<bool>(&value))
        return *flag ? "on" : "off";
    return std::get<QString>(value).toUtf8();
}

/// "ema_cross (fast 12, slow 26)".
QByteArray strategyText(const BotConfig &config)
{
    QByteArrayList parameters;
    for (const auto &[name, value] : config.strategyParameters)
        parameters.append(name.toUtf8() + ' ' + parameterText(value));
    return config.strategy.toUtf8() + (parameters.isEmpty() ? "" : " (" + parameters.join(", ") + ')');
}

/// "BTCUSDT 1h, usdm_futures, both sides, 5×".
QByteArray marketText(const BotConfig &config)
{
    QByteArray text = config.symbol.value().toUtf8() + ' ' + toName(config.timeframe).data() + ", "
                      + toName(config.market).data() + ", "
                      + (config.positionType == PositionType::Both ? "both sides" : toName(config.positionType).data());
    return config.leverage > 1 ? text + ", " + QByteArray::number(config.leverage) + "×" : text;
}

/// "stop loss 2 %, take profit 3 × ATR, trailing stop 1 % from 2 % on"; empty without any.
QByteArray stopsText(const BotConfig &config)
{
    QByteArrayList stops;
    const auto add = [&stops](const char *name, const std::optional<StopRule> &rule) {
        if (rule)
            stops.append(name + rule->value.toBytes() + (rule->kind == StopKind::Percent ? " %" : " × ATR"));
    };
    add("stop loss ", config.stopLoss);
    add("take profit ", config.takeProfit);
    if (const auto &trailing = config.trailingStop) {
        stops.append("trailing stop " + trailing->percent.toBytes() + " %");
        if (!trailing->activationPercent.isZero())
            stops.back() += " from " + trailing->activationPercent.toBytes() + " % on";
    }
    return stops.join(", ");
}

/// "long 0.5 at 61000, −310.5 USDT at the last close, 43.2 USDT realised so far".
QByteArray openText(const BacktestResult &result, const QByteArray &currency)
{
    const OpenTrade &trade = result.openTrade;
    const Money realised = (trade.gross - trade.fees + Checked<Money>(trade.funding)).valueOr(Money());
    return QByteArray(toName(result.openPosition.side).data()) + ' ' + result.openPosition.quantity.toBytes() + " at "
           + result.openPosition.entryPrice().toBytes() + ", " + result.unrealised.toBytes() + currency
           + " unrealised at the last close, " + realised.toBytes() + currency + " realised so far";
}

Rows summaryRows(const BacktestReport &report)
{
    const auto &[config, result, statistics] = report;
    const Money net = (result.equity - result.initialBalance).valueOr(Money());
    const QByteArray currency = ' ' + result.currency.toUtf8();
    Rows rows = {
            {"bot", config.name.toUtf8()},
            {"market", marketText(config)},
            {"strategy", strategyText(config)},
            {"candles", QByteArray::number(static_cast<qint64>(result.candles))},
            {"from to", rangeText(result)},
            {"start", result.initialBalance.toBytes() + currency},
            {"net", net.toBytes() + currency + " (" + percentText(net, result.initialBalance) + ')'},
            {"fees", result.totals.fees.toBytes() + currency},
            {"trades",
             QByteArray::number(result.totals.trades) + ", " + QByteArray::number(result.totals.wins) + " won"},
    };
    if (const QByteArray stops = stopsText(config); !stops.isEmpty())
        rows.insert(rows.begin() + 3, {"stops", stops});
    if (result.exits.count != result.totals.trades) { // else they say the same
        rows.push_back({"exits", QByteArray::number(result.exits.count) + ", " + QByteArray::number(result.exits.wins)
                                         + " won, net " + result.exits.net.toBytes() + currency});
    }
    const Rows more = statisticsRows(statistics, currency);
    rows.insert(rows.end(), more.begin(), more.end());
    if (result.openPosition.isOpen())
        rows.push_back({"open", openText(result, currency)});
    if (!result.halt.isEmpty())
        rows.push_back({"halted", result.halt.toUtf8()});
    if (result.denials > 0) {
        rows.push_back(
                {"denied", QByteArray::number(result.denials) + " orders, the last: " + result.lastDenial.toUtf8()});
    }
    return rows;
}

/// Where the lines of the chart are, from 0 at the top to height at the bottom.
class ChartScale final
{
public:
    static constexpr int width = 1200;
    static constexpr int height = 240;

    /// The start is in it, so that one sees what was won or lost.
    explicit ChartScale(const BacktestResult &result) : m_low(result.initialBalance), m_high(result.initialBalance)
    {
        for (const EquityPoint &point : result.curve) {
            m_low = std::min(m_low, point.equity);
            m_high = std::max(m_high, point.equity);
        }
    }
    [[nodiscard]] Money low() const { return m_low; }
    [[nodiscard]] Money high() const { return m_high; }
    [[nodiscard]] double y(Money equity) const
    {
        const double span = std::max(m_high.toDouble() - m_low.toDouble(), 1e-8);
        return height - (equity.toDouble() - m_low.toDouble()) / span * height;
    }

private:
    Money m_low;
    Money m_high;
};

/// The curve as the points of an SVG line, reduced to the lowest and the highest of each column.
QByteArray svgPoints(const std::vector<EquityPoint> &curve, const ChartScale &scale)
{
    const auto byEquity = [](const EquityPoint &a, const EquityPoint &b) { return a.equity < b.equity; };
    QByteArray points;
    const auto add = [&](std::size_t index) {
        const double x = static_cast<double>(index) / static_cast<double>(curve.size()) * ChartScale::width;
        points += QByteArray::number(x, 'f', 1) + ',' + QByteArray::number(scale.y(curve[index].equity), 'f', 1) + ' ';
    };
    const std::size_t step = std::max<std::size_t>(1, curve.size() / ChartScale::width);
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

/// "2026-11-20 14:32", for people.
QByteArray minuteText(Timestamp time)
{
    constexpr qsizetype upToMinutes = 16;
    return toRfc3339(time).first(upToMinutes).replace('T', ' ');
}

QByteArray curveFigure(const BacktestResult &result)
{
    const ChartScale scale(result);
    const QByteArray width = QByteArray::number(ChartScale::width);
    const QByteArray start = QByteArray::number(scale.y(result.initialBalance), 'f', 1);
    const QByteArray currency = escaped(result.currency.toUtf8());
    return "<figure><figcaption>Equity in " + currency + "</figcaption><p>" + scale.high().toBytes()
           + "</p><svg viewBox=\"0 0 " + width + ' ' + QByteArray::number(ChartScale::height)
           + "\" preserveAspectRatio=none role=img aria-label=\"Equity, from " + scale.low().toBytes() + " to "
           + scale.high().toBytes() + ' ' + currency + "\"><line class=start x1=0 x2=" + width + " y1=" + start
           + " y2=" + start + " vector-effect=non-scaling-stroke /><polyline vector-effect=non-scaling-stroke points=\""
           + svgPoints(result.curve, scale) + "\"/></svg><p>" + scale.low().toBytes() + "</p><p class=dates><span>"
           + minuteText(result.from) + "</span><span>dashed: the start</span><span>" + minuteText(result.to)
           + "</span></p></figure>\n";
}

/// The class of a cell and a sign before what it holds, so that the colour does not say it alone.
const char *outcomeOf(Money net)
{
    return net.isPositive() ? "profit>+" : net.isNegative() ? "loss>" : "even>";
}

QByteArray tradeRows(const BacktestResult &result)
{
    QByteArray rows;
    for (const Trade &trade : result.trades) {
        rows += "<tr><td>" + QByteArray(toName(trade.side).data()) + "</td><td>" + minuteText(trade.entryTime)
                + "</td><td>" + minuteText(trade.exitTime) + "</td><td>" + trade.quantity.toBytes() + "</td><td>"
                + trade.entryPrice.toBytes() + "</td><td>" + trade.exitPrice.toBytes() + "</td><td>"
                + trade.fees.toBytes() + "</td><td class=" + outcomeOf(trade.net()) + trade.net().toBytes()
                + "</td><td>" + QByteArray(toName(trade.exitReason).data()) + "</td></tr>\n";
    }
    return rows;
}

constexpr auto pageStyle = R"(:root{color-scheme:light dark;--line:#D8DBE1;--faint:#5B6472;--curve:#1F5FBF;
--profit:#08683E;--loss:#C0262E}
body{font:14px/1.5 system-ui,sans-serif;margin:32px auto;padding:0 24px;max-width:1120px;color:#1A1D23;
background:#FBFBFC}
h1{font-size:24px;margin:0 0 16px}h2{font-size:18px;margin:32px 0 8px}
table{border-collapse:collapse;font-variant-numeric:tabular-nums}
td,th{padding:4px 16px 4px 0;border-bottom:1px solid var(--line);text-align:left;vertical-align:top}
.summary th{font-weight:400;color:var(--faint);white-space:nowrap}
.trades{width:100%}.trades td,.trades th{text-align:right;white-space:nowrap}
.trades td:first-child,.trades th:first-child,.trades td:last-child,.trades th:last-child{text-align:left}
.trades th{position:sticky;top:0;background:#FBFBFC}
.profit{color:var(--profit)}.loss{color:var(--loss)}
figure{margin:24px 0;font-variant-numeric:tabular-nums}figcaption{font-weight:600}
figure p{margin:0;color:var(--faint)}.dates{display:flex;justify-content:space-between;margin-top:4px}
svg{display:block;width:100%;height:240px}
polyline{fill:none;stroke:var(--curve);stroke-width:1.5}.start{stroke:var(--faint);stroke-dasharray:4 4}
@media(prefers-color-scheme:dark){:root{--line:#2B3038;--faint:#9AA3AF;--curve:#6FA8F5;--profit:#5FD09A;--loss:#F07072}
body,.trades th{color:#E4E7EB;background:#191C21}})";

} // namespace

Result<Statistics> statisticsOf(const BacktestResult &result)
{
    StatisticsCollector collector(result.initialBalance);
    for (const Trade &trade : result.trades)
        collector.add(trade);
    for (const EquityPoint &point : result.curve)
        collector.add(point);
    collector.endAt(result.to);
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
    writer.key("exits"_L1).beginObject();
    writeFields(writer, result.exits);
    writer.endObject();
    writer.field("unrealised"_L1, result.unrealised);
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
    const BacktestResult &result = report.result;
    const QByteArray name = escaped(report.config.name.toUtf8());
    QByteArray page = "<!doctype html><html lang=en><meta charset=utf-8>"
                      "<meta name=viewport content=\"width=device-width\"><title>Backtest of "
                      + name + "</title><style>" + pageStyle + "</style><h1>Backtest of " + name + "</h1>\n"
                      + curveFigure(result) + "<table class=summary>";
    for (const auto &[what, value] : summaryRows(report))
        page += "<tr><th>" + what + "</th><td>" + escaped(value) + "</td></tr>\n";
    page += "<tr><th>equity</th><td>" + result.equity.toBytes() + "</td></tr>\n<tr><th>fills</th><td>"
            + QByteArray::number(result.totals.fills) + "</td></tr></table>\n<h2>Trades</h2>\n";
    if (result.trades.empty())
        return page + "<p>No position was closed.</p></html>\n";
    page += "<table class=trades><thead><tr><th>Side</th><th>Entry</th><th>Exit</th><th>Quantity</th>"
            "<th>Entry price</th><th>Exit price</th><th>Fees</th><th>Net</th><th>Exit reason</th></tr></thead>\n"
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
