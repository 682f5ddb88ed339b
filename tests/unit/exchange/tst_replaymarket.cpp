// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/candleaggregator.h"
#include "core/exchange/candlereader.h"
#include "core/exchange/replay/replaymarket.h"
#include "recordingsink.h"

#include <QFile>
#include <QTest>

using namespace tradebot;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr Timestamp start = fromMilliseconds(1'577'836'800'000); // 2020-01-01T00:00Z
const Symbol bitcoin(u"BTCUSDT"_s);
const StreamId stream(1);

Candle candleAt(std::chrono::milliseconds offset, int open, int high, int low, int close, std::int64_t rawVolume)
{
    return {start + offset,          Price::fromInteger(open),  Price::fromInteger(high),
            Price::fromInteger(low), Price::fromInteger(close), Quantity::fromRaw(rawVolume)};
}

/// Ten candles of a minute; minutes 3 to 5 are missing.
RecordedCandles someCandles()
{
    RecordedCandles recorded;
    for (const int minute : {0, 1, 2, 6, 7, 8, 9, 10, 11, 12}) {
        const int open = 100 + minute;
        const int close = minute % 2 == 0 ? open + 2 : open - 2;
        recorded.candles.push_back(candleAt(minute * 1min, open, open + 5, open - 5, close, 1003 + minute));
    }
    return recorded;
}

/// A replay with its stopwatch and what it said.
struct Fixture
{
    explicit Fixture(RecordedCandles recorded, double speed = 1, std::optional<Timestamp> resumeAfter = {})
        : market(std::move(recorded), {u"test.csv"_s, speed, resumeAfter}, [this] { return wall; })
    {
        market.setSink(&sink);
    }

    void run(std::chrono::milliseconds duration, std::chrono::milliseconds step = 20ms)
    {
        for (auto passed = 0ms; passed < duration; passed += step) {
            wall += step;
            market.advance();
        }
    }
    Result<std::vector<Candle>> history(Timeframe timeframe, int limit)
    {
        Result<std::vector<Candle>> candles;
        market.history(stream, timeframe, limit, [&](auto reply) { candles = std::move(reply); });
        return candles;
    }

    std::chrono::milliseconds wall = 77s;
    RecordingSink sink;
    ReplayMarket market;
};

std::vector<Candle> candlesOf(const std::vector<Tick> &ticks, Timeframe timeframe)
{
    CandleAggregator aggregator(timeframe);
    std::vector<Candle> candles;
    for (const Tick &tick : ticks) {
        if (const auto candle = aggregator.add(tick))
            candles.push_back(*candle);
    }
    if (const auto last = aggregator.live())
        candles.push_back(*last);
    return candles;
}

} // namespace

class ReplayMarketTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void aCandleIsPlayedAsFourTicks()
    {
        Fixture fixture(someCandles());
        fixture.market.open(stream, bitcoin, Market::Spot);
        fixture.run(105s);
        const auto tick = [](std::chrono::milliseconds offset, int price, std::int64_t rawVolume) {
            return Tick{start + offset, Price::fromInteger(price), Quantity::fromRaw(rawVolume)};
        };
        const std::vector<Tick> wanted = {
                tick(0s, 100, 250),  tick(15s, 95, 250),  tick(30s, 105, 250), tick(45s, 102, 253),  // rises
                tick(60s, 101, 251), tick(75s, 106, 251), tick(90s, 96, 251),  tick(105s, 99, 251)}; // falls
        QVERIFY(fixture.sink.ticks[stream] == wanted);
        QCOMPARE(fixture.market.now(), start + 105s);
    }

    void theTicksAddUpToTheRecording()
    {
        const RecordedCandles recorded = someCandles();
        Fixture fixture(recorded, 60);
        fixture.market.open(stream, bitcoin, Market::Spot);
        fixture.run(60s);
        QVERIFY(candlesOf(fixture.sink.ticks[stream], Timeframe::M1) == recorded.candles);
    }

    void everyRecordedFileAddsUpToItself_data()
    {
        QTest::addColumn<QString>("name");
        for (const char *name : {"candles_BTC-PERP_1m_part1", "candles_coinbase_LTCUSD_1m_20180404-06",
                                 "candles_coinbase_BTCUSD_1d", "candles_coinbase_BTCUSD_4h"})
            QTest::newRow(name) << QString::fromLatin1(name);
    }
    void everyRecordedFileAddsUpToItself()
    {
        QFETCH(const QString, name);
        QFile file(QStringLiteral(TRADEBOT_SHARED_DIR "/data/market/%1.csv").arg(name));
        if (!file.open(QIODevice::ReadOnly))
            QSKIP("the recorded files are not there (TRADEBOT_SHARED_DIR)");
        const auto recorded = readCandles(file);
        QVERIFY(recorded.has_value());
        Fixture fixture(*recorded, 1'000'000);
        fixture.market.open(stream, bitcoin, Market::Spot);
        while (fixture.sink.errors.empty())
            fixture.run(1s, 500ms);
        QVERIFY(candlesOf(fixture.sink.ticks[stream], recorded->timeframe) == recorded->candles);
        const auto history = fixture.history(recorded->timeframe, 1'000'000);
        QVERIFY(history && *history == recorded->candles);
        const auto instrument = fixture.market.instrument(bitcoin, Market::Spot);
        for (const Tick &tick : fixture.sink.ticks[stream])
            QCOMPARE(tick.price.raw() % instrument->priceStep.raw(), 0);
    }

    void speedIsMarketSecondsPerSecond_data()
    {
        QTest::addColumn<double>("speed");
        for (const double speed : {0.5, 1.0, 3.7, 60.0})
            QTest::addRow("%g", speed) << speed;
    }
    void speedIsMarketSecondsPerSecond()
    {
        QFETCH(const double, speed);
        Fixture fixture(someCandles(), speed);
        fixture.market.open(stream, bitcoin, Market::Spot);
        fixture.run(3s);
        const double passed = static_cast<double>((fixture.market.now() - start).count());
        QVERIFY(std::abs(passed - 3000 * speed) <= 1);
    }

    void timeBeginsWithTheFirstStream()
    {
        Fixture fixture(someCandles());
        fixture.run(10s);
        QCOMPARE(fixture.market.now(), start);
        fixture.market.open(stream, bitcoin, Market::Spot);
        fixture.run(1s);
        QCOMPARE(fixture.market.now(), start + 1s);
        QCOMPARE(fixture.sink.ticks[stream].size(), 1U);
    }

    void theRecordingWaitsWhileTheComputerSleeps()
    {
        Fixture fixture(someCandles());
        fixture.market.open(stream, bitcoin, Market::Spot);
        fixture.run(1s);
        fixture.wall += 8h;
        fixture.market.advance();
        QCOMPARE(fixture.market.now(), start + 2s);
    }

    void aGapPassesInAtMostThreeSeconds()
    {
        Fixture slow(someCandles(), 1, start + 179s); // the gap is from 180 s to 360 s
        slow.market.open(stream, bitcoin, Market::Spot);
        slow.run(2500ms);
        QCOMPARE(slow.market.now(), start + 270s); // halfway, after a second and a half
        QVERIFY(slow.sink.ticks[stream].empty());
        slow.run(1500ms);
        QCOMPARE(slow.sink.ticks[stream].front().time, start + 360s);
        slow.run(1s);
        QCOMPARE(slow.market.now(), start + 361s);

        Fixture fast(someCandles(), 180, start + 179s); // one second: as it is
        fast.market.open(stream, bitcoin, Market::Spot);
        fast.run(500ms);
        QCOMPARE(fast.market.now(), start + 269s);
    }

    void atTheEndAllStreamsAreLostOnce()
    {
        Fixture fixture(someCandles(), 1, start + 12min + 45s);
        fixture.market.open(stream, bitcoin, Market::Spot);
        fixture.run(14900ms);
        QVERIFY(fixture.sink.errors.empty());
        fixture.run(10s);
        QCOMPARE(fixture.sink.errors[stream].size(), 1U);
        QCOMPARE(fixture.sink.errors[stream].front().code, ErrorCode::Unavailable);
        QCOMPARE(fixture.sink.errors[stream].front().text,
                 u"the recording test.csv has ended at 2020-01-01T00:13:00.000Z"_s);
        fixture.market.open(StreamId(2), bitcoin, Market::Spot);
        fixture.run(1s);
        QCOMPARE(fixture.sink.errors[StreamId(2)].size(), 1U);
        QCOMPARE(fixture.sink.errors[stream].size(), 1U);
        fixture.run(2h, 1s);
        QCOMPARE(fixture.market.now(), start + 14min); // the clock stops a candle later
    }

    void aJournalThatIsBeyondTheRecordingIsToldSo()
    {
        Fixture fixture(someCandles(), 1, start + 1h);
        fixture.market.open(stream, bitcoin, Market::Spot);
        fixture.run(1s);
        QCOMPARE(fixture.sink.errors[stream].front().text,
                 u"the recording test.csv has ended at 2020-01-01T00:13:00.000Z; the journal is already at "
                 "2020-01-01T01:00:00.000Z: to play it again, take another data folder"_s);
    }

    void aReplayGoesOnAfterATimeWithoutRepeatingATick()
    {
        const RecordedCandles recorded = someCandles();
        Fixture whole(recorded, 60);
        whole.market.open(stream, bitcoin, Market::Spot);
        whole.run(60s);
        const auto &all = whole.sink.ticks[stream];
        for (const std::chrono::milliseconds offset :
             std::initializer_list<std::chrono::milliseconds>{0ms, 1ms, 15s, 59s, 200s, 361s, 12min + 45s, 100h}) {
            Fixture rest(recorded, 60, start + offset);
            rest.market.open(stream, bitcoin, Market::Spot);
            rest.run(60s);
            std::vector<Tick> wanted;
            std::copy_if(all.begin(), all.end(), std::back_inserter(wanted),
                         [&](const Tick &tick) { return tick.time > start + offset; });
            QVERIFY2(rest.sink.ticks[stream] == wanted, qPrintable(QString::number(offset.count())));
            QCOMPARE(rest.sink.errors[stream].size(), 1U);
        }
        Fixture before(recorded, 60, start - 1h);
        before.market.open(stream, bitcoin, Market::Spot);
        before.run(60s);
        QVERIFY(before.sink.ticks[stream] == all);
    }

    void historyIsWhatHasClosed()
    {
        const RecordedCandles recorded = someCandles();
        Fixture fixture(recorded, 1, start + 8min + 59'999ms);
        fixture.market.open(stream, bitcoin, Market::Spot);
        QVERIFY(*fixture.history(Timeframe::M1, 100)
                == std::vector(recorded.candles.begin(), recorded.candles.begin() + 5));
        QVERIFY(*fixture.history(Timeframe::M1, 2)
                == std::vector(recorded.candles.begin() + 3, recorded.candles.begin() + 5));
        fixture.run(1ms, 1ms);
        QCOMPARE(fixture.history(Timeframe::M1, 100)->back().openTime, start + 8min);
        QVERIFY(fixture.history(Timeframe::M1, 0)->empty());
        QVERIFY(Fixture(recorded).history(Timeframe::M1, 100).value().empty());
    }

    void historyOfCoarserCandlesHoldsWholeOnesOnly()
    {
        RecordedCandles recorded;
        for (int minute = 3; minute < 20; ++minute)
            recorded.candles.push_back(candleAt(minute * 1min, minute, minute + 1, minute, minute, 1));
        Fixture fixture(recorded, 1, start + 17min);
        fixture.market.open(stream, bitcoin, Market::Spot);
        const auto candles = fixture.history(Timeframe::M5, 100);
        QVERIFY(candles.has_value());
        // 0 to 5 was not recorded from its beginning, 15 to 20 is not over
        QVERIFY(*candles == (std::vector<Candle>{candleAt(5min, 5, 10, 5, 9, 5), candleAt(10min, 10, 15, 10, 14, 5)}));
        QVERIFY(*fixture.history(Timeframe::M5, 1) == (std::vector<Candle>{candleAt(10min, 10, 15, 10, 14, 5)}));
    }

    void candlesThatCannotBeMadeAreRefused()
    {
        RecordedCandles recorded;
        recorded.timeframe = Timeframe::H1;
        recorded.candles = {candleAt(0h, 1, 1, 1, 1, 1), candleAt(1h, 1, 1, 1, 1, 1)};
        Fixture fixture(recorded);
        fixture.market.open(stream, bitcoin, Market::Spot);
        const auto candles = fixture.history(Timeframe::M1, 10);
        QVERIFY(!candles);
        QCOMPARE(candles.error().code, ErrorCode::InvalidInput);
        QCOMPARE(candles.error().text, u"candles of 1m cannot be made of the recorded ones of 1h"_s);
    }

    void everySymbolHasThePricesOfTheRecording()
    {
        Fixture fixture(someCandles());
        QVERIFY(fixture.market.instrument(Symbol(u"ETHEUR"_s), Market::Spot)->quote == u"EUR"_s);
        QVERIFY(!fixture.market.instrument(Symbol(u"eth"_s), Market::Spot));
        fixture.market.open(stream, bitcoin, Market::Spot);
        fixture.market.open(StreamId(2), Symbol(u"ETHEUR"_s), Market::Spot);
        fixture.run(1min);
        QVERIFY(!fixture.sink.ticks[stream].empty());
        QVERIFY(fixture.sink.ticks[stream] == fixture.sink.ticks[StreamId(2)]);
        QCOMPARE(fixture.market.description(), u"replay of test.csv at 1×"_s);
    }

    void aStreamMayBeClosedFromWithinATick()
    {
        Fixture fixture(someCandles());
        fixture.market.open(stream, bitcoin, Market::Spot);
        fixture.market.open(StreamId(2), bitcoin, Market::Spot);
        fixture.sink.onTick = [&](StreamId from) {
            fixture.market.close(from);
            fixture.market.close(StreamId(2));
        };
        fixture.run(1min);
        QCOMPARE(fixture.sink.ticks[stream].size(), 1U);
        QVERIFY(!fixture.sink.ticks.contains(StreamId(2)));
    }
};

QTEST_GUILESS_MAIN(ReplayMarketTest)
#include "tst_replaymarket.moc"
