// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/candleaggregator.h"

#include <QTest>

using namespace tradebot;
using namespace std::chrono_literals;

namespace {

constexpr Timestamp start = fromMilliseconds(1'577'836'800'000); // 2020-01-01T00:00Z, a Wednesday

Tick tickAt(std::chrono::milliseconds offset, int price, int quantity = 1)
{
    return {start + offset, Price::fromInteger(price), Quantity::fromInteger(quantity)};
}

Candle candleAt(std::chrono::milliseconds offset, int open, int high, int low, int close, int volume)
{
    return {start + offset,          Price::fromInteger(open),  Price::fromInteger(high),
            Price::fromInteger(low), Price::fromInteger(close), Quantity::fromInteger(volume)};
}

} // namespace

class CandleAggregatorTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void theFirstTickOfALaterCandleClosesTheLiveOne()
    {
        CandleAggregator candles(Timeframe::M1);
        QVERIFY(!candles.live());
        QVERIFY(!candles.add(tickAt(10s, 100)));
        QVERIFY(!candles.add(tickAt(20s, 105)));
        QVERIFY(!candles.add(tickAt(30s, 95)));
        QVERIFY(!candles.add(tickAt(59999ms, 98, 3)));
        QVERIFY(candles.live() == candleAt(0s, 100, 105, 95, 98, 6));
        QVERIFY(candles.add(tickAt(60s, 97)) == candleAt(0s, 100, 105, 95, 98, 6));
        QVERIFY(candles.live() == candleAt(60s, 97, 97, 97, 97, 1));
    }

    void anIntervalWithoutATickMakesNoCandle()
    {
        CandleAggregator candles(Timeframe::M1);
        QVERIFY(!candles.add(tickAt(0s, 100)));
        QVERIFY(candles.add(tickAt(10min, 101)) == candleAt(0s, 100, 100, 100, 100, 1));
        QVERIFY(candles.live() == candleAt(10min, 101, 101, 101, 101, 1));
    }

    void timeAloneClosesACandleOnce()
    {
        CandleAggregator candles(Timeframe::M1);
        QVERIFY(!candles.closeUpTo(start + 1h));
        QVERIFY(!candles.add(tickAt(1s, 100)));
        QCOMPARE(candles.end(), start + 1min);
        QVERIFY(!candles.closeUpTo(start + 59999ms));
        QVERIFY(candles.closeUpTo(start + 1min) == candleAt(0s, 100, 100, 100, 100, 1));
        QVERIFY(!candles.closeUpTo(start + 2min));
        QVERIFY(!candles.live());
        QVERIFY(!candles.add(tickAt(61s, 101))); // the closed candle is not told twice
        QVERIFY(candles.live() == candleAt(60s, 101, 101, 101, 101, 1));
    }

    void aLateTickChangesNothing()
    {
        CandleAggregator candles(Timeframe::M1);
        QVERIFY(!candles.add(tickAt(90s, 100)));
        QVERIFY(!candles.add(tickAt(59s, 500)));
        QVERIFY(candles.closeUpTo(start + 2min) == candleAt(60s, 100, 100, 100, 100, 1));
        QVERIFY(!candles.add(tickAt(119s, 500)));
        QVERIFY(!candles.live());
    }

    void volumeStaysAtTheEndOfItsRange()
    {
        CandleAggregator candles(Timeframe::M1);
        QVERIFY(!candles.add({start, Price::fromInteger(1), Quantity::maximum()}));
        QVERIFY(!candles.add({start, Price::fromInteger(1), Quantity::smallest()}));
        QVERIFY(candles.live()->volume == Quantity::maximum());
    }

    void coarserCandlesAreMadeFromFinerOnes()
    {
        const std::vector<Candle> fine = {candleAt(4min, 10, 12, 9, 11, 1), candleAt(5min, 11, 15, 11, 14, 2),
                                          candleAt(7min, 14, 14, 8, 9, 3), candleAt(20min, 9, 9, 9, 9, 4)};
        const std::vector<Candle> coarse = aggregate(fine, Timeframe::M5);
        const std::vector<Candle> wanted = {candleAt(0min, 10, 12, 9, 11, 1), candleAt(5min, 11, 15, 8, 9, 5),
                                            candleAt(20min, 9, 9, 9, 9, 4)};
        QVERIFY(coarse == wanted);
        QVERIFY(aggregate(fine, Timeframe::M1) == fine);
        QVERIFY(aggregate({}, Timeframe::M1).empty());
    }

    void weeksBeginOnMondayAndMonthsOnTheFirst()
    {
        const std::vector<Candle> fine = {candleAt(0h, 10, 10, 10, 10, 1), candleAt(24h * 5, 11, 11, 11, 11, 1),
                                          candleAt(24h * 31, 12, 12, 12, 12, 1)};
        const auto weeks = aggregate(fine, Timeframe::W1);
        QCOMPARE(weeks.size(), 3U);
        QCOMPARE(weeks[0].openTime, start - 24h * 2);
        QCOMPARE(weeks[1].openTime, start + 24h * 5);
        const auto months = aggregate(fine, Timeframe::Month1);
        QCOMPARE(months.size(), 2U);
        QCOMPARE(months[1].openTime, start + 24h * 31);
    }
};

QTEST_GUILESS_MAIN(CandleAggregatorTest)
#include "tst_candleaggregator.moc"
