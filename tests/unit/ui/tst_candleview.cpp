// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/candleseries.h"
#include "ui/charts/candleview.h"

#include <QTest>

#include <cmath>

using namespace std::chrono_literals;

namespace tradebot {

namespace {

Candle candle(int minute, int close, int low = 0, int high = 0)
{
    Candle made;
    made.openTime = Timestamp(std::chrono::minutes(minute));
    made.open = made.close = Price::fromInteger(close);
    made.low = Price::fromInteger(low ? low : close);
    made.high = Price::fromInteger(high ? high : close);
    made.volume = Quantity::fromInteger(minute);
    return made;
}

CandleView viewOf(size_t bars, double visible)
{
    CandleView view;
    view.setPlot(QRectF(0, 0, 1000, 500), 100);
    view.setVisibleBars(visible);
    view.setBarCount(bars);
    return view;
}

} // namespace

class CandleViewTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theNewestBarStandsLeftOfTheGap()
    {
        CandleView view = viewOf(300, 100);
        QCOMPARE(view.barAt(900), 300.0);
        QCOMPARE(view.endVisible(), 300U);
        QCOMPARE(view.firstVisible(), 210U);
        view.setBarCount(301);
        QCOMPARE(view.barAt(900), 301.0);
        view.setPlot(QRectF(0, 0, 500, 500), 100);
        QCOMPARE(view.barAt(400), 301.0);
    }

    void aPannedViewStaysWhereItIsWhileBarsComeIn()
    {
        CandleView view = viewOf(300, 100);
        view.pan(-50);
        const double left = view.barAt(0);
        view.setBarCount(305);
        QCOMPARE(view.barAt(0), left);
        view.barsPrepended(500);
        view.setBarCount(805);
        QCOMPARE(view.barAt(0), left + 500);
        view.pan(10'000);
        QVERIFY(view.isFollowing());
        view.pan(-10'000);
        QCOMPARE(view.barAt(0), 0.0);
        QVERIFY(!view.isFollowing());
    }

    void zoomingKeepsTheBarUnderThePointer()
    {
        CandleView view = viewOf(1000, 200);
        view.pan(-300);
        const double before = view.barAt(250);
        QVERIFY(view.zoom(1.5, 250));
        QCOMPARE(view.barAt(250), before);
        QCOMPARE(view.visibleBars(), 300.0);
    }

    void zoomingEndsAtFiveHundredBars()
    {
        CandleView view = viewOf(1000, 400);
        QVERIFY(!view.zoom(2, 500));
        QCOMPARE(view.visibleBars(), CandleView::mostBars);
        QVERIFY(view.zoom(0.0001, 500));
        QCOMPARE(view.visibleBars(), CandleView::fewestBars);
    }

    void fewBarsStandAtTheRight()
    {
        CandleView view = viewOf(3, 100);
        QCOMPARE(view.barAt(900), 3.0);
        QCOMPARE(view.firstVisible(), 0U);
        view.pan(-20);
        QCOMPARE(view.barAt(900), 3.0);
        QCOMPARE(viewOf(0, 100).endVisible(), 0U);
    }

    void pricesMapToPixelsAndBack()
    {
        CandleView view = viewOf(10, 100);
        view.setPriceRange(100, 200);
        QCOMPARE(view.yOf(100), 500.0);
        QCOMPARE(view.yOf(200), 0.0);
        QCOMPARE(view.priceAt(250), 150.0);
        view.setPriceRange(100, 100); // a market that does not move
        QVERIFY(std::isfinite(view.yOf(100)));
    }

    void barsJoinTheSeriesInOrder()
    {
        CandleSeries series;
        series.reset(std::vector{candle(1, 10), candle(2, 11)});
        series.setLive(candle(3, 12));
        QCOMPARE(series.size(), 3U);
        QCOMPARE(series.at(2).close, 12.0);
        series.append(std::vector{candle(3, 13), candle(1, 9), candle(0, 5)}); // closed, replaced, too old
        QCOMPARE(series.size(), 3U);
        QVERIFY(!series.live());
        QCOMPARE(series.at(0).close, 9.0);
        QCOMPARE(series.at(2).close, 13.0);
        series.setLive(candle(2, 99)); // older than what has closed
        QVERIFY(!series.live());
        QCOMPARE(series.prepend(std::vector{candle(-2, 7), candle(-1, 8), candle(1, 99)}), 2U);
        QCOMPARE(series.at(0).close, 7.0);
        QCOMPARE(series.size(), 5U);
    }

    void aSeriesForgetsItsOldest()
    {
        std::vector<Candle> many;
        for (int i = 0; i < static_cast<int>(CandleSeries::mostBars) + 5; ++i)
            many.push_back(candle(i, 100));
        CandleSeries series;
        series.reset(many);
        QCOMPARE(series.size(), CandleSeries::mostBars);
        QCOMPARE(series.at(0).time, Timestamp(5min));
        QCOMPARE(series.prepend(std::vector{candle(1, 1)}), 0U);
    }

    void aMomentBelongsToTheBarThatOpenedBefore()
    {
        CandleSeries series;
        series.reset(std::vector{candle(10, 1), candle(11, 1), candle(60, 1)}); // a gap
        QVERIFY(!series.indexAt(Timestamp(9min)));
        QCOMPARE(series.indexAt(Timestamp(11min + 59s)), size_t{1});
        QCOMPARE(series.indexAt(Timestamp(30min)), size_t{1});
        QCOMPARE(series.indexAt(Timestamp(90min)), size_t{2});
    }

    void oddPricesAreWidenedToTheBody()
    {
        const Bar bar = toBar(candle(0, 100, 105, 95)); // low above high
        QCOMPARE(bar.low, 100.0);
        QCOMPARE(bar.high, 100.0);
        CandleSeries series;
        QVERIFY(!series.rangeOf(0, 10));
        series.reset(std::vector{candle(1, 10, 8, 12), candle(2, 11, 9, 15)});
        const auto range = series.rangeOf(0, 99);
        QVERIFY(range);
        QCOMPARE(range->low, 8.0);
        QCOMPARE(range->high, 15.0);
        QCOMPARE(range->volume, 2.0);
    }

    void theAverageIsSeededByTheMean()
    {
        CandleSeries series;
        series.reset(std::vector{candle(1, 10), candle(2, 20), candle(3, 30), candle(4, 40)});
        const auto average = exponentialAverage(series.closed(), 3);
        QVERIFY(std::isnan(average[1]));
        QCOMPARE(average[2], 20.0);
        QCOMPARE(average[3], 30.0);
        QVERIFY(std::isnan(exponentialAverage(series.closed(), 5).back()));
    }
};

} // namespace tradebot

QTEST_GUILESS_MAIN(tradebot::CandleViewTest)
#include "tst_candleview.moc"
