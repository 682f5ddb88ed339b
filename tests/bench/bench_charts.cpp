// SPDX-License-Identifier: GPL-3.0-or-later
// Our charts against those of QtCharts, in one process and interleaved: only the ratios count.
#include "tests/bench/measuring.h"
#include "ui/charts/candlechart.h"
#include "ui/charts/equitychart.h"
#include "ui/theme/theme.h"

#include <QCandlestickSeries>
#include <QCandlestickSet>
#include <QChart>
#include <QChartView>
#include <QCoreApplication>
#include <QLineSeries>
#include <QTest>

#include <cmath>
#include <random>

using namespace Qt::StringLiterals;

namespace tradebot {

namespace {

constexpr QSize chartSize(900, 400);

std::vector<Candle> randomCandles(int count)
{
    std::mt19937 random(1);
    std::normal_distribution<double> step;
    std::vector<Candle> candles;
    double price = 60'000;
    for (int i = 0; i < count; ++i) {
        const auto next = [&] { return Price::fromRaw(std::llround((price += 20 * step(random)) * 100) * 1'000'000); };
        Candle candle;
        candle.openTime = fromMilliseconds(1'700'000'040'000 + i * 60'000LL);
        candle.open = next();
        candle.close = next();
        candle.high = Price::fromRaw(std::max(candle.open.raw(), candle.close.raw()) + 1'500'000'000);
        candle.low = Price::fromRaw(std::min(candle.open.raw(), candle.close.raw()) - 1'500'000'000);
        candle.volume = Quantity::fromInteger(1 + i % 9);
        candles.push_back(candle);
    }
    return candles;
}

/// Runs the change and everything that it makes the window paint; in milliseconds of the processor.
template<class Change>
double frame(Change change)
{
    return 1000 * cpuSecondsOf([&change] {
               change();
               QCoreApplication::sendPostedEvents();
               QCoreApplication::processEvents();
           });
}

double median(std::vector<double> values)
{
    std::ranges::sort(values);
    return values[values.size() / 2];
}

/// QtCharts showing the candles, as a program would that knows no better.
struct QtCandles
{
    QCandlestickSeries *series = new QCandlestickSeries;
    QChartView view;

    explicit QtCandles(const std::vector<Candle> &candles)
    {
        QList<QCandlestickSet *> sets;
        for (const Candle &candle : candles) {
            sets.append(new QCandlestickSet(candle.open.toDouble(), candle.high.toDouble(), candle.low.toDouble(),
                                            candle.close.toDouble(),
                                            static_cast<double>(toMilliseconds(candle.openTime))));
        }
        series->append(sets);
        view.chart()->addSeries(series);
        view.chart()->createDefaultAxes();
        view.chart()->legend()->hide();
        view.resize(chartSize);
        view.show();
    }
};

} // namespace

class ChartsBenchmark final : public QObject
{
    Q_OBJECT

private:
    Theme m_theme{ThemeChoice{ColorScheme::Dark}};

private Q_SLOTS:
    void aLiveTickOnFiveHundredCandles()
    {
        auto candles = randomCandles(501);
        Candle live = candles.back();
        candles.pop_back();
        QtCandles baseline(candles);

        CandleChart chart(m_theme);
        chart.resize(chartSize);
        chart.reset(Timeframe::M1, candles, live);
        chart.setAverages({{u"EMA 12"_s, 12, Token::IndicatorA}, {u"EMA 26"_s, 26, Token::IndicatorB}});
        while (chart.scene().view.visibleBars() < CandleView::mostBars)
            QTest::keyClick(&chart, Qt::Key_Minus);
        chart.show();
        EquityChart equity(m_theme);
        equity.resize(460, 240);
        std::vector<EquityPoint> day;
        for (int i = 0; i < 1440; ++i)
            day.push_back({live.openTime - std::chrono::minutes(1440 - i), Money::fromInteger(70'000 + i % 50)});
        equity.setHistory(day);
        equity.show();
        for (int i = 0; i < 20; ++i)
            QCoreApplication::processEvents();

        std::vector<double> ours;
        std::vector<double> theirs;
        const Price low = live.low;
        for (int i = 0; i < 200; ++i) {
            live.close = Price::fromRaw(low.raw() + (live.high.raw() - low.raw()) * (i % 20) / 20);
            ours.push_back(frame([&] {
                chart.setLive(live);
                chart.setLines({{LineKind::Mark, live.close.toDouble(), {}, live.close.toString(2)},
                                {LineKind::Entry, live.open.toDouble(), u"Entry 0.0745"_s, live.open.toString(2)}});
                equity.setLatest({live.openTime + std::chrono::milliseconds(i), Money::fromInteger(70'000 + i % 20)});
            }));
            if (i % 4 == 0)
                theirs.push_back(frame([&] { baseline.series->sets().constLast()->setClose(live.close.toDouble()); }));
        }
        const double ratio = median(ours) / median(theirs);
        const double worst = *std::ranges::max_element(ours);
        qInfo("RATIO live tick, 500 candles and equity: %.4f of QCandlestickSet::setClose (%.3f ms, %.2f ms), target "
              "0.05;"
              " longest frame %.2f ms",
              ratio, median(ours), median(theirs), worst);
        QVERIFY2(ratio <= 0.05, "a live tick costs more than a twentieth");
        QVERIFY2(worst <= 16, "a live tick takes longer than a frame");
    }

    void aMovedViewStaysWithinAFrame()
    {
        CandleChart chart(m_theme);
        chart.resize(chartSize);
        chart.reset(Timeframe::M1, randomCandles(5000), std::nullopt);
        while (chart.scene().view.visibleBars() < CandleView::mostBars)
            QTest::keyClick(&chart, Qt::Key_Minus);
        chart.show();
        (void)frame([] {});
        std::vector<double> frames;
        for (int i = 0; i < 50; ++i)
            frames.push_back(frame([&] { QTest::keyClick(&chart, i % 5 == 4 ? Qt::Key_End : Qt::Key_PageUp); }));
        qInfo("pan over 500 candles: %.2f ms a frame, longest %.2f ms", median(frames),
              *std::ranges::max_element(frames));
        QVERIFY(median(frames) < 16);
    }

    void anEquityCurveOfAMillionPoints()
    {
        std::mt19937 random(2);
        std::normal_distribution<double> step;
        std::vector<QPointF> points;
        double value = 70'000;
        for (int i = 0; i < 1'000'000; ++i)
            points.emplace_back(1.7e12 + i * 1000.0, value += step(random));

        auto *series = new QLineSeries;
        QChartView view;
        view.chart()->addSeries(series);
        view.chart()->createDefaultAxes();
        view.chart()->legend()->hide();
        view.resize(chartSize);
        view.show();

        EquityChart chart(m_theme);
        chart.resize(chartSize);
        chart.show();
        const double loading = frame([&] { chart.setPoints(points); });

        const QList<QPointF> all(points.begin(), points.end());
        std::vector<double> ours;
        std::vector<double> theirs;
        double time = points.back().x();
        for (int i = 0; i < 3; ++i) {
            theirs.push_back(frame([&] { series->replace(all); }));
            for (int k = 0; k < 10; ++k) {
                // Far enough to the right that the whole line is painted anew.
                time += 2e6;
                ours.push_back(frame([&] {
                    chart.setLatest({fromMilliseconds(static_cast<qint64>(time)), Money::fromInteger(70'000 + k)});
                }));
            }
        }
        const double ratio = median(ours) / median(theirs);
        qInfo("RATIO equity, 1 M points: %.5f of QLineSeries::replace (%.2f ms, %.0f ms), target 0.02; loading %.0f ms",
              ratio, median(ours), median(theirs), loading);
        QVERIFY2(ratio <= 0.02, "the curve costs more than a fiftieth");
    }
};

} // namespace tradebot

QTEST_MAIN(tradebot::ChartsBenchmark)
#include "bench_charts.moc"
