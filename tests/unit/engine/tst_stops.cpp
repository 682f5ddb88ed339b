// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/backtest/report.h"
#include "tests/support/enginefixture.h"
#include "tests/support/qtestprint.h"

#include <QTest>

using namespace tradebot;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr BotId one(1);
using Change = std::function<void(BotConfig &)>;

StopRule percent(const char *value)
{
    return {StopKind::Percent, decimal<Decimal>(value)};
}

/// Open, high, low, close.
using Prices = std::array<int, 4>;

std::vector<Candle> candlesOf(const std::vector<Prices> &prices)
{
    std::vector<Candle> candles;
    Timestamp time = fromMilliseconds(1'795'176'000'000);
    for (const auto &[open, high, low, close] : prices) {
        candles.push_back({time, Price::fromInteger(open), Price::fromInteger(high), Price::fromInteger(low),
                           Price::fromInteger(close), Quantity::fromInteger(1)});
        time += 1min;
    }
    return candles;
}

/// A bot that has just entered at 100. Short ones need a past that rose before it fell.
void enterAtHundred(EngineFixture &fixture, const BotConfig &config, bool isLong)
{
    if (!isLong)
        fixture.market.past.back().close = decimal<Price>("100.01");
    fixture.enter(config, isLong ? "101" : "99", "100");
    QCOMPARE(fixture.state().position.side, isLong ? PositionSide::Long : PositionSide::Short);
    fixture.news();
}

} // namespace

Q_DECLARE_METATYPE(Change)
Q_DECLARE_METATYPE(Prices)

/// Stops, targets and the day's end: what happens to a bot without its strategy.
class StopsTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aDrawdownEndsTheEntriesOfABacktestForGood();
    void aLevelIsHitByTheFirstPriceBeyondIt_data();
    void aLevelIsHitByTheFirstPriceBeyondIt();
    void aTrailingStopThatMovedIsRecordedWithItsCandle();
    void aLevelInsideACandleOfThePastIsFilledThere_data();
    void aLevelInsideACandleOfThePastIsFilledThere();
    void theOwnerSetsAndRemovesLevels();
    void aLevelThatWouldCloseAtOnceIsRefused_data();
    void aLevelThatWouldCloseAtOnceIsRefused();
    void theDayEndsAtMidnight();
    void daysThatNobodySawEndAsOne();
    void aNewDayRestartsWhatStandsInError();
};

void StopsTest::aLevelIsHitByTheFirstPriceBeyondIt_data()
{
    QTest::addColumn<bool>("isLong");
    QTest::addColumn<Change>("change");
    QTest::addColumn<QByteArray>("calm"); ///< prices after an entry at 100 that hit nothing
    QTest::addColumn<QByteArray>("hit");
    QTest::addColumn<QString>("purpose");
    const auto row = [](const char *name, bool isLong, Change change, const char *calm, const char *hit,
                        const char *purpose) {
        QTest::newRow(name) << isLong << change << QByteArray(calm) << QByteArray(hit) << QString::fromLatin1(purpose);
    };
    const Change stop = [](BotConfig &config) { config.stopLoss = percent("10"); };
    const Change target = [](BotConfig &config) { config.takeProfit = percent("5"); };
    const Change trailing = [](BotConfig &config) {
        config.trailingStop = TrailingStopRule{Decimal::fromInteger(2), Decimal::fromInteger(1)};
    };
    const Change atrs = [](BotConfig &config) {
        config.stopLoss = StopRule{StopKind::Atr, Decimal::fromInteger(3)};
        config.takeProfit = StopRule{StopKind::Atr, Decimal::fromInteger(2)};
    };
    row("stop, long", true, stop, "120 90.01", "90", "stop_loss");
    row("stop, short", false, stop, "80 109.99", "110", "stop_loss");
    row("stop, far beyond", true, stop, "100", "12", "stop_loss");
    row("target, long", true, target, "50 104.99", "105", "take_profit");
    row("target, short", false, target, "150 95.01", "95", "take_profit");
    row("trailing sleeps before its activation", true, trailing, "100.99 80 101 98.99", "98.98", "trailing_stop");
    row("trailing only rises, long", true, trailing, "110 109 108 107.81", "107.8", "trailing_stop");
    row("trailing only falls, short", false, trailing, "99 100.97 90 91.79", "91.8", "trailing_stop");
    // ATR of 14: 2 in the past, (13 × 2 + 1) / 14 with the candle of the signal; to the step, away from the entry.
    row("ATR stop, long", true, atrs, "94.22", "94.21", "stop_loss");
    row("ATR stop, short", false, atrs, "105.78", "105.79", "stop_loss");
    row("ATR target, long", true, atrs, "103.85", "103.86", "take_profit");
    row("ATR target, short", false, atrs, "96.15", "96.14", "take_profit");
    const Change both = [=](BotConfig &config) {
        stop(config);
        trailing(config);
    };
    row("the nearer of two stops", true, both, "110", "50", "trailing_stop");
    row("the nearer of two stops, before activation", true, both, "100.5", "50", "stop_loss");
}

void StopsTest::aLevelIsHitByTheFirstPriceBeyondIt()
{
    QFETCH(bool, isLong);
    QFETCH(Change, change);
    QFETCH(QByteArray, calm);
    QFETCH(QByteArray, hit);
    QFETCH(QString, purpose);
    EngineFixture fixture;
    fixture.market.past = flatCandles(fixture.clock.now(), 30, Price::fromInteger(100), Price::fromInteger(1));
    Instrument instrument;
    instrument.priceStep = decimal<Price>("0.01");
    fixture.market.instruments[u"BTCUSDT"_s] = instrument;
    BotConfig config = followerConfig(PositionType::Both);
    change(config);
    enterAtHundred(fixture, config, isLong);
    for (const QByteArray &price : calm.split(' '))
        fixture.tick(price.constData());
    QCOMPARE(fixture.news(), QStringList());
    fixture.tick(hit.constData());
    const QString side = isLong ? u"sell"_s : u"buy"_s;
    QStringList news = fixture.news();
    if (config.trailingStop) // its extremes are recorded before the order
        QVERIFY(!news.contains(u"protection trailing"_s) || news.takeFirst() == u"protection trailing"_s);
    QCOMPARE(news, QStringList{u"order submitted %1 1 %2"_s.arg(side, purpose)});
    fixture.tick("100");
    QCOMPARE(fixture.state().position.side, PositionSide::Flat);
    const auto *closed = std::get_if<TradeClosed>(&fixture.facts.back().payload);
    QVERIFY(closed != nullptr);
    QCOMPARE(QString(toName(closed->trade.exitReason)), purpose);
    QVERIFY(fixture.state().protection == Protection());
}

void StopsTest::aTrailingStopThatMovedIsRecordedWithItsCandle()
{
    EngineFixture fixture;
    BotConfig config = followerConfig();
    config.trailingStop = TrailingStopRule{Decimal::fromInteger(2), Decimal()};
    fixture.enter(config, "101", "100");
    QCOMPARE(fixture.state().protection.trailingStop.toBytes(), "98");
    fixture.news();
    fixture.tick("110");
    QCOMPARE(fixture.bot().protection().trailingStop.toBytes(), "107.8");
    QCOMPARE(fixture.news(), QStringList());
    fixture.candle("109");
    QCOMPARE(fixture.news(), QStringList{u"protection trailing"_s});
    fixture.restart();
    QCOMPARE(fixture.bot().protection().trailingStop.toBytes(), "107.8");
    fixture.news();
    fixture.tick("107.8");
    QCOMPARE(fixture.news(), QStringList{u"order submitted sell 1 trailing_stop"_s});
}

void StopsTest::aLevelInsideACandleOfThePastIsFilledThere_data()
{
    QTest::addColumn<bool>("isLong");
    QTest::addColumn<bool>("trails");
    QTest::addColumn<Prices>("first"); ///< the candle at whose open the entry fills, 100
    QTest::addColumn<Prices>("second");
    QTest::addColumn<QByteArray>("price");
    QTest::addColumn<QString>("reason");
    const auto row = [](const char *name, bool isLong, bool trails, Prices first, Prices second, const char *price,
                        const char *reason) {
        QTest::newRow(name) << isLong << trails << first << second << QByteArray(price) << QString::fromLatin1(reason);
    };
    const Prices calmLong{100, 102, 99, 102};
    const Prices calmShort{100, 101, 98, 98};
    row("stop, long", true, false, {100, 102, 89, 102}, calmLong, "90", "stop_loss");
    row("stop, short", false, false, {100, 111, 98, 98}, calmShort, "110", "stop_loss");
    row("target, long", true, false, {100, 106, 99, 102}, calmLong, "105", "take_profit");
    row("target, short", false, false, {100, 101, 94, 98}, calmShort, "95", "take_profit");
    row("both, upwards: its low came first", true, false, {100, 106, 89, 101}, calmLong, "90", "stop_loss");
    row("both, downwards: its high came first", true, false, {100, 106, 89, 99}, calmLong, "105", "take_profit");
    row("both, short, upwards", false, false, {100, 111, 94, 101}, calmShort, "95", "take_profit");
    row("both, short, downwards", false, false, {100, 111, 94, 99}, calmShort, "110", "stop_loss");
    row("a gap over the stop fills at the open", true, false, calmLong, {85, 86, 84, 85}, "85", "stop_loss");
    row("a gap over the target fills at the open", true, false, calmLong, {120, 121, 119, 120}, "120", "take_profit");
    row("a gap over the stop, short", false, false, calmShort, {115, 116, 114, 115}, "115", "stop_loss");
    row("trailing, inside one candle", true, true, {100, 110, 100, 105}, calmLong, "107.8", "trailing_stop");
    row("trailing, short, inside one candle", false, true, {100, 100, 90, 95}, calmShort, "91.8", "trailing_stop");
    row("a gap over a trailing stop", true, true, {100, 110, 99, 109}, calmLong, "100", "trailing_stop");
}

void StopsTest::aLevelInsideACandleOfThePastIsFilledThere()
{
    QFETCH(bool, isLong);
    QFETCH(bool, trails);
    QFETCH(Prices, first);
    QFETCH(Prices, second);
    QFETCH(QByteArray, price);
    QFETCH(QString, reason);
    BotConfig config = followerConfig(PositionType::Both);
    config.exchange = Exchange::Binance; // a bot of an exchange can be tried too
    if (trails) {
        config.trailingStop = TrailingStopRule{Decimal::fromInteger(2), Decimal::fromInteger(1)};
    } else {
        config.stopLoss = percent("10");
        config.takeProfit = percent("5");
    }
    const Prices flat{100, 100, 100, 100};
    const Prices before = isLong ? flat : Prices{100, 101, 100, 101};
    const Prices signal = isLong ? Prices{100, 101, 100, 101} : Prices{101, 101, 99, 99};
    const auto candles = candlesOf({flat, before, signal, first, second});
    const auto result = runBacktest({config, Timeframe::M1, candles, {}});
    QVERIFY2(result, problemOf(result).constData());
    QVERIFY(!result->trades.empty());
    const Trade &trade = result->trades.front();
    QCOMPARE(trade.side, isLong ? PositionSide::Long : PositionSide::Short);
    QCOMPARE(trade.entryPrice.toBytes(), "100");
    QCOMPARE(trade.exitPrice.toBytes(), price);
    QCOMPARE(QString(toName(trade.exitReason)), reason);
}

void StopsTest::theOwnerSetsAndRemovesLevels()
{
    EngineFixture fixture;
    BotConfig config = followerConfig();
    config.stopLoss = percent("10");
    fixture.enter(config, "101", "100");
    fixture.news();
    QVERIFY(fixture.execute(SetProtection{one, Price::fromInteger(95), Price::fromInteger(104), {}}));
    QCOMPARE(fixture.news(), QStringList{u"protection owner"_s});
    QCOMPARE(fixture.state().protection.stopLoss.toBytes(), "95");
    QCOMPARE(fixture.state().protection.takeProfit.toBytes(), "104");
    QCOMPARE(fixture.state().protection.maximumSinceEntry.toBytes(), "100");
    QVERIFY(fixture.execute(SetProtection{one, {}, std::optional<Price>(), {}}));
    QVERIFY(fixture.state().protection.takeProfit.isZero());
    QCOMPARE(fixture.state().protection.stopLoss.toBytes(), "95");
    fixture.news();
    fixture.tick("104");
    fixture.tick("95.01");
    QCOMPARE(fixture.news(), QStringList());
    fixture.tick("95");
    QCOMPARE(fixture.news(), QStringList{u"order submitted sell 1 stop_loss"_s});
}

void StopsTest::aLevelThatWouldCloseAtOnceIsRefused_data()
{
    QTest::addColumn<bool>("isLong");
    QTest::addColumn<int>("stop");
    QTest::addColumn<int>("target");
    QTest::addColumn<QStringList>("fields");
    QTest::newRow("stop at the price") << true << 100 << 110 << QStringList{u"stop_loss_price"_s};
    QTest::newRow("target at the price") << true << 90 << 100 << QStringList{u"take_profit_price"_s};
    QTest::newRow("the wrong way round") << true << 110 << 90
                                         << QStringList{u"stop_loss_price"_s, u"take_profit_price"_s};
    QTest::newRow("below nothing") << true << -1 << 110 << QStringList{u"stop_loss_price"_s};
    QTest::newRow("short") << false << 90 << 110 << QStringList{u"stop_loss_price"_s, u"take_profit_price"_s};
}

void StopsTest::aLevelThatWouldCloseAtOnceIsRefused()
{
    QFETCH(bool, isLong);
    QFETCH(int, stop);
    QFETCH(int, target);
    QFETCH(QStringList, fields);
    EngineFixture fixture;
    enterAtHundred(fixture, followerConfig(PositionType::Both), isLong);
    const auto done = fixture.execute(SetProtection{one, Price::fromInteger(stop), Price::fromInteger(target), {}});
    QVERIFY(!done);
    QCOMPARE(done.error().code, ErrorCode::InvalidInput);
    QStringList named;
    for (const FieldError &field : done.error().fields)
        named.append(field.field);
    QCOMPARE(named, fields);
    QCOMPARE(fixture.news(), QStringList());
    QVERIFY(fixture.bot().protection() == fixture.state().protection);
}

void StopsTest::theDayEndsAtMidnight()
{
    EngineFixture fixture;
    fixture.enter(followerConfig(), "101", "101");
    fixture.create(followerConfig()); // one that does not run has days too
    const Timestamp midnight = std::chrono::ceil<std::chrono::days>(fixture.clock.now());
    QCOMPARE(fixture.state().today.fees.toBytes(), "0.101");
    fixture.clock.set(midnight - 1ms);
    fixture.tick("101"); // where it closed before: no signal
    fixture.pass(0ms);
    QVERIFY(!fixture.news().contains(u"day closed"_s));
    fixture.clock.set(midnight);
    fixture.tick("101");
    fixture.pass(0ms);
    QCOMPARE(fixture.news().count(u"day closed"_s), 2);
    QVERIFY(fixture.state().today == Totals());
    QCOMPARE(fixture.state().life.fees.toBytes(), "0.101");
    QVERIFY(fixture.state().day == std::chrono::floor<std::chrono::days>(midnight));
    QCOMPARE(fixture.state().position.quantity.toBytes(), "1");
    for (const BotEvent &event : fixture.facts) {
        if (const auto *closed = std::get_if<DayClosed>(&event.payload); closed != nullptr && event.bot == one)
            QCOMPARE(closed->totals.fees.toBytes(), "0.101");
    }
}

void StopsTest::daysThatNobodySawEndAsOne()
{
    EngineFixture fixture;
    fixture.run(followerConfig());
    fixture.clock.advance(5 * 24h);
    fixture.restart();
    QCOMPARE(fixture.news().count(u"day closed"_s), 1);
    QVERIFY(fixture.state().day == std::chrono::floor<std::chrono::days>(fixture.clock.now()));
    fixture.pass(1h);
    QVERIFY(!fixture.news().contains(u"day closed"_s));
}

void StopsTest::aNewDayRestartsWhatStandsInError()
{
    EngineFixture fixture;
    fixture.market.unknownSymbols = {u"BTCUSDT"_s};
    fixture.clock.set(std::chrono::ceil<std::chrono::days>(fixture.clock.now()) - 1s);
    fixture.run(followerConfig());
    fixture.run(followerConfig());
    fixture.execute(StopBot{BotId(2)}).value();
    fixture.market.unknownSymbols.clear();
    fixture.news();
    fixture.pass(1s); // the back-off would be five
    QCOMPARE(fixture.state().status, BotStatus::Running);
    QVERIFY(fixture.state().lastError.isEmpty());
    QCOMPARE(fixture.state(BotId(2)).status, BotStatus::Stopped);
}

void StopsTest::aDrawdownEndsTheEntriesOfABacktestForGood()
{
    BotConfig config = followerConfig();
    config.initialBalance = Money::fromInteger(200);
    config.limits.maxDrawdownPercent = Decimal::fromInteger(10);
    const auto candles = candlesOf({{102, 102, 101, 101},
                                    {101, 101, 100, 100},
                                    {100, 101, 100, 101},
                                    {101, 101, 60, 60},
                                    {60, 60, 59, 59},
                                    {59, 70, 59, 70},
                                    {70, 70, 70, 70}});
    const auto result =
            runBacktest({.config = config, .candleTimeframe = Timeframe::M1, .candles = candles, .progress = {}});
    QVERIFY2(result, problemOf(result).constData());
    QCOMPARE(result->totals.fills, 2);
    QCOMPARE(result->denials, 1);
    QVERIFY(result->halt.endsWith(u"max_drawdown: peak=200 equity=158.899 limit=10%"_s));
    const auto statistics = statisticsOf(*result);
    QVERIFY(textReport({config, *result, statistics.value()}).contains("\nhalted      2026-11-20T"));
}

QTEST_GUILESS_MAIN(StopsTest)
#include "tst_stops.moc"
