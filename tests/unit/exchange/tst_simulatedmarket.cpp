// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/candleaggregator.h"
#include "core/exchange/simulated/simulatedmarket.h"
#include "recordingsink.h"
#include "tests/support/fakeclock.h"

#include <QTest>

#include <cmath>

using namespace tradebot;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr Timestamp start = fromMilliseconds(1'767'225'600'000); // 2026-01-01T00:00Z
const Symbol bitcoin(u"BTCUSDT"_s);
const StreamId stream(1);

/// A market with its clock and what it said.
struct Fixture
{
    explicit Fixture(std::uint64_t seed = 1, double ticksPerSecond = 4, Timestamp time = start)
        : clock(time),
          market(seed, ticksPerSecond, clock)
    {
        market.setSink(&sink);
    }

    void run(std::chrono::milliseconds duration, std::chrono::milliseconds step = 20ms)
    {
        for (auto passed = 0ms; passed < duration; passed += step) {
            clock.advance(step);
            market.advance();
        }
    }
    std::vector<Candle> history(Timeframe timeframe, int limit)
    {
        std::vector<Candle> candles;
        market.history(stream, timeframe, limit, [&](const auto &reply) { candles = *reply; });
        market.advance();
        return candles;
    }

    FakeClock clock;
    RecordingSink sink;
    SimulatedMarket market;
};

} // namespace

class SimulatedMarketTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void theSameSeedIsTheSameMarket()
    {
        Fixture one;
        Fixture two;
        Fixture other(2);
        for (Fixture *fixture : {&one, &two, &other}) {
            fixture->market.open(stream, bitcoin, Market::Spot);
            fixture->run(1min);
        }
        QVERIFY(one.sink.ticks == two.sink.ticks);
        QVERIFY(one.sink.ticks != other.sink.ticks);
        QVERIFY(one.history(Timeframe::H1, 50) == two.history(Timeframe::H1, 50));
    }

    void howOftenTheMarketIsAskedMakesNoDifference()
    {
        Fixture often;
        Fixture seldom;
        for (Fixture *fixture : {&often, &seldom})
            fixture->market.open(stream, bitcoin, Market::Spot);
        often.run(2min, 1ms);
        seldom.run(2min, 40s);
        QVERIFY(often.sink.ticks == seldom.sink.ticks);
    }

    void ticksComeAtTheirRateAndInOrder_data()
    {
        QTest::addColumn<double>("rate");
        for (const double rate : {0.2, 4.0, 100.0, 1000.0})
            QTest::addRow("%g a second", rate) << rate;
    }
    void ticksComeAtTheirRateAndInOrder()
    {
        QFETCH(const double, rate);
        Fixture fixture(1, rate);
        fixture.market.open(stream, bitcoin, Market::Spot);
        fixture.run(50s);
        const auto &ticks = fixture.sink.ticks[stream];
        QVERIFY(std::abs(static_cast<double>(ticks.size()) - 50 * rate) <= 1);
        for (std::size_t i = 0; i < ticks.size(); ++i) {
            QVERIFY(ticks[i].time > start && ticks[i].time <= fixture.clock.now());
            QVERIFY(i == 0 || ticks[i].time >= ticks[i - 1].time);
            QVERIFY(ticks[i].price.isPositive() && ticks[i].quantity.isPositive());
        }
    }

    void pricesAndQuantitiesKeepToTheStepsOfTheInstrument_data()
    {
        QTest::addColumn<QString>("symbol");
        QTest::addColumn<QByteArray>("priceStep");
        QTest::addColumn<QByteArray>("quantityStep");
        QTest::newRow("BTCUSDT") << u"BTCUSDT"_s << QByteArray("0.01") << QByteArray("0.00001");
        QTest::newRow("ETHUSDT") << u"ETHUSDT"_s << QByteArray("0.01") << QByteArray("0.0001");
        QTest::newRow("SOLUSDT") << u"SOLUSDT"_s << QByteArray("0.01") << QByteArray("0.001");
        QTest::newRow("DOGEUSDT") << u"DOGEUSDT"_s << QByteArray("0.00001") << QByteArray("1");
        QTest::newRow("SHIBUSDT") << u"SHIBUSDT"_s << QByteArray("0.00000001") << QByteArray("10000");
        QTest::newRow("BTC-PERP") << u"BTC-PERP"_s << QByteArray("0.01") << QByteArray("0.00001");
    }
    void pricesAndQuantitiesKeepToTheStepsOfTheInstrument()
    {
        QFETCH(const QString, symbol);
        QFETCH(const QByteArray, priceStep);
        QFETCH(const QByteArray, quantityStep);
        Fixture fixture;
        const auto instrument = fixture.market.instrument(Symbol(symbol), Market::Spot);
        QVERIFY(instrument.has_value());
        QCOMPARE(instrument->priceStep.toBytes(), priceStep);
        QCOMPARE(instrument->quantityStep.toBytes(), quantityStep);
        fixture.market.open(stream, Symbol(symbol), Market::Spot);
        fixture.run(30s);
        for (const Tick &tick : fixture.sink.ticks[stream]) {
            QCOMPARE(tick.price.raw() % instrument->priceStep.raw(), 0);
            QCOMPARE(tick.quantity.raw() % instrument->quantityStep.raw(), 0);
        }
    }

    void anySymbolIsTraded()
    {
        Fixture fixture;
        int number = 0;
        for (const QString &symbol : {u"ABC"_s, u"QWERTYUIOPASDFGHJKLZ"_s, u"X-1"_s, u"ETHBTC"_s, u"SHIBBTC"_s}) {
            QVERIFY(fixture.market.instrument(Symbol(symbol), Market::Spot).has_value());
            fixture.market.open(StreamId(++number), Symbol(symbol), Market::Spot);
        }
        fixture.run(2s);
        QCOMPARE(fixture.sink.ticks.size(), 5U);
    }

    void whatDoesNotLookLikeASymbolIsNotFound()
    {
        Fixture fixture;
        for (const QString &symbol :
             {QString(), u"AB"_s, u"btcusdt"_s, u"BTC/USDT"_s, u"BTC USDT"_s, QString(21, u'A')}) {
            const auto instrument = fixture.market.instrument(Symbol(symbol), Market::Spot);
            QVERIFY(!instrument && instrument.error().code == ErrorCode::NotFound);
        }
    }

    void historyIsWhatTheTicksHadBeen()
    {
        Fixture fixture;
        fixture.market.open(stream, bitcoin, Market::Spot);
        fixture.run(10min + 500ms, 500ms);
        CandleAggregator aggregator(Timeframe::M1);
        std::vector<Candle> lived;
        for (const Tick &tick : fixture.sink.ticks[stream]) {
            if (const auto candle = aggregator.add(tick))
                lived.push_back(*candle);
        }
        lived.erase(lived.begin()); // the first tick of its minute may have been before the market was opened
        QCOMPARE(lived.size(), 9U);
        QVERIFY(fixture.history(Timeframe::M1, 9) == lived);
    }

    void historyEndsWithTheLastClosedCandle_data()
    {
        QTest::addColumn<Timeframe>("timeframe");
        for (const auto &[timeframe, name] : EnumNames<Timeframe>::table)
            QTest::newRow(name) << timeframe;
    }
    void historyEndsWithTheLastClosedCandle()
    {
        QFETCH(const Timeframe, timeframe);
        constexpr int limit = 30;
        Fixture fixture(1, 4, start + 12345s);
        fixture.market.open(stream, bitcoin, Market::Spot);
        const auto candles = fixture.history(timeframe, limit);
        QCOMPARE(candles.size(), static_cast<std::size_t>(limit));
        QCOMPARE(nextOpenTime(candles.back().openTime, timeframe), openTimeOf(fixture.clock.now(), timeframe));
        for (std::size_t i = 0; i < candles.size(); ++i) {
            QVERIFY(i == 0 || candles[i].openTime == nextOpenTime(candles[i - 1].openTime, timeframe));
            QVERIFY(candles[i].low <= std::min(candles[i].open, candles[i].close));
            QVERIFY(candles[i].high >= std::max(candles[i].open, candles[i].close));
            QVERIFY(candles[i].volume.isPositive());
        }
    }

    void thePriceIsContinuousAndMovesAsMarketsDo()
    {
        // over 60 days: standard deviation of hourly returns 0.5 to 1 %, no step of a second beyond 0.5 %
        SimulatedPrice price(7);
        const auto at = [&price](std::chrono::milliseconds offset) {
            return price.logarithmAt(start.time_since_epoch() + offset);
        };
        double squares = 0;
        constexpr int hours = 60 * 24;
        for (int hour = 0; hour < hours; ++hour)
            squares += std::pow(at((hour + 1) * 1h) - at(hour * 1h), 2);
        const double deviation = std::sqrt(squares / hours);
        QVERIFY2(deviation > 0.005 && deviation < 0.01, qPrintable(QString::number(deviation)));
        for (int second = 0; second < 20'000; ++second)
            QVERIFY(std::abs(at((second + 1) * 1s) - at(second * 1s)) < 0.005);
        for (int month = -600; month < 120; ++month)
            QVERIFY(std::abs(at(month * 730h)) < 1.5);
    }

    void longSilenceIsAnOutageNotAFlood()
    {
        Fixture fixture;
        fixture.market.open(stream, bitcoin, Market::Spot);
        fixture.run(1s);
        const std::size_t before = fixture.sink.ticks[stream].size();
        fixture.clock.advance(10h);
        fixture.market.advance();
        QVERIFY(fixture.sink.ticks[stream].size() <= before + 1);
        fixture.run(1s);
        const auto &ticks = fixture.sink.ticks[stream];
        QVERIFY(ticks.size() > before + 2);
        QVERIFY(ticks[before].time >= start + 10h);
    }

    void aStreamMayBeClosedAndOpenedFromWithinATick()
    {
        Fixture fixture(1, 100);
        fixture.market.open(stream, bitcoin, Market::Spot);
        bool isAnswered = false;
        fixture.market.history(stream, Timeframe::M1, 5, [&](const auto &) { isAnswered = true; });
        fixture.sink.onTick = [&](StreamId from) {
            if (from != stream)
                return;
            fixture.market.close(stream);
            fixture.market.open(StreamId(2), Symbol(u"ETHUSDT"_s), Market::Spot);
        };
        fixture.run(1s);
        QCOMPARE(fixture.sink.ticks[stream].size(), 1U);
        QVERIFY(fixture.sink.ticks[StreamId(2)].size() > 90);
        QVERIFY(!isAnswered); // not after close
    }
};

QTEST_GUILESS_MAIN(SimulatedMarketTest)
#include "tst_simulatedmarket.moc"
