// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/backtest/backtest.h"
#include "core/backtest/report.h"
#include "core/engine/candleaggregator.h"
#include "tests/support/enginefixture.h"
#include "tests/support/qtestprint.h"

#include <QTest>

#include <random>

using namespace tradebot;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr Timestamp monday = fromMilliseconds(1'795'392'000'000); // 2026-11-23T00:00:00Z

/// Candles one after the other, each at one price.
std::vector<Candle> flatAt(const std::vector<int> &prices, Timeframe timeframe, Timestamp start = monday)
{
    std::vector<Candle> candles;
    for (const int value : prices) {
        const Price price = Price::fromInteger(value);
        candles.push_back({start, price, price, price, price, Quantity::fromInteger(1)});
        start = nextOpenTime(start, timeframe);
    }
    return candles;
}

std::vector<Candle> randomMinutes(int count, unsigned seed)
{
    std::mt19937 random(seed);
    const auto below = [&random](int limit) { return static_cast<int>(random() % static_cast<unsigned>(limit)); };
    std::vector<Candle> candles;
    int open = 1000;
    for (int i = 0; i < count; ++i) {
        const int close = std::max(10, open + below(21) - 10);
        candles.push_back({monday + i * 1min, Price::fromInteger(open), Price::fromInteger(std::max(open, close) + 3),
                           Price::fromInteger(std::min(open, close) - 3), Price::fromInteger(close),
                           Quantity::fromInteger(1000 + below(9))});
        open = close;
    }
    return candles;
}

BotConfig botOf(Timeframe timeframe, PositionType type = PositionType::Long)
{
    BotConfig config = followerConfig(type);
    config.timeframe = timeframe;
    return config;
}

BacktestResult run(const BotConfig &config, Timeframe timeframe, const std::vector<Candle> &candles,
                   std::size_t first = 0)
{
    const auto result = runBacktest({config, timeframe, candles, {}, first});
    if (!result)
        qFatal("%s", qPrintable(result.error().text));
    return *result;
}

/// "long 100 at 0:10, 110 at 0:20 take_profit": when, in hours and minutes since Monday.
QStringList tradesOf(const BacktestResult &result)
{
    const auto clock = [](Timestamp time) {
        const auto minutes = std::chrono::floor<std::chrono::minutes>(time - monday).count();
        return u"%1:%2"_s.arg(minutes / 60).arg(minutes % 60, 2, 10, QChar(u'0'));
    };
    QStringList lines;
    for (const Trade &trade : result.trades) {
        lines.append(u"%1 %2 at %3, %4 at %5 %6"_s.arg(toName(trade.side), trade.entryPrice.toString(),
                                                       clock(trade.entryTime), trade.exitPrice.toString(),
                                                       clock(trade.exitTime), toName(trade.exitReason)));
    }
    return lines;
}

} // namespace

Q_DECLARE_METATYPE(tradebot::Timeframe)

/// How candles of the past become a test: which of them are prices, which are decided on, which are history.
class BacktestTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void candlesThatTheBotsAreNotMadeOfAreRefused_data();
    void candlesThatTheBotsAreNotMadeOfAreRefused();
    void aCandleThatHasNotEndedIsNotDecidedOn();
    void aCandleWhoseBeginningIsMissingIsNotDecidedOn();
    void finerCandlesSayWhichLevelCameFirst_data();
    void finerCandlesSayWhichLevelCameFirst();
    void finerCandlesGiveTheSameDecisions();
    void theCandlesBeforeTheFirstOneWarmUp();
    void aTestThatBeginsWithinACandleKnowsAllOfIt();
    void aWholeLastDayCounts();
    void partialExitsAreCountedBesideTheTrades();
};

void BacktestTest::candlesThatTheBotsAreNotMadeOfAreRefused_data()
{
    QTest::addColumn<Timeframe>("candles");
    QTest::addColumn<Timeframe>("bot");
    QTest::addColumn<QString>("problem");
    const auto row = [](Timeframe candles, Timeframe bot, const QString &problem) {
        QTest::addRow("%s for %s", toName(candles).data(), toName(bot).data()) << candles << bot << problem;
    };
    const QString unfit = u"the candles are of %1, which those of a bot of %2 are not made of"_s;
    row(Timeframe::H4, Timeframe::H6, unfit.arg(u"4h"_s, u"6h"_s));
    row(Timeframe::M3, Timeframe::M5, unfit.arg(u"3m"_s, u"5m"_s));
    row(Timeframe::H6, Timeframe::H8, unfit.arg(u"6h"_s, u"8h"_s));
    row(Timeframe::H8, Timeframe::H12, unfit.arg(u"8h"_s, u"12h"_s));
    row(Timeframe::D3, Timeframe::W1, unfit.arg(u"3d"_s, u"1w"_s));
    row(Timeframe::W1, Timeframe::Month1, unfit.arg(u"1w"_s, u"1M"_s));
    row(Timeframe::H1, Timeframe::M1, u"the candles are of 1h, too coarse for a bot of 1m"_s);
}

void BacktestTest::candlesThatTheBotsAreNotMadeOfAreRefused()
{
    QFETCH(const Timeframe, candles);
    QFETCH(const Timeframe, bot);
    QFETCH(const QString, problem);
    const auto past = flatAt({100, 101, 102}, candles);
    const auto result = runBacktest({botOf(bot), candles, past, {}});
    QVERIFY(!result);
    QCOMPARE(result.error().code, ErrorCode::InvalidInput);
    QCOMPARE(result.error().text, problem);
}

void BacktestTest::aCandleThatHasNotEndedIsNotDecidedOn()
{
    // Two candles of 3 minutes to compare, one that rises, and two minutes of one that falls.
    const auto candles = flatAt({100, 100, 100, 100, 100, 100, 105, 105, 105, 90, 90}, Timeframe::M1);
    const BacktestResult result = run(botOf(Timeframe::M3), Timeframe::M1, candles);
    QCOMPARE(result.candles, std::size_t(3));
    QCOMPARE(result.totals.fills, 1); // no sale on the strength of two minutes
    QVERIFY(result.to == monday + 11min);
    QCOMPARE(result.openPosition.entryPrice().toBytes(), "90");
    QCOMPARE(result.curve.size(), std::size_t(4)); // and where it stands at the end
    QVERIFY(result.curve.back().time == result.to - 1ms);
    QCOMPARE(result.curve.back().equity, result.equity);
    // With its last minute it has ended.
    const auto whole = flatAt({100, 100, 100, 100, 100, 100, 105, 105, 105, 90, 90, 90}, Timeframe::M1);
    QCOMPARE(run(botOf(Timeframe::M3), Timeframe::M1, whole).candles, std::size_t(4));
}

void BacktestTest::aCandleWhoseBeginningIsMissingIsNotDecidedOn()
{
    // The file begins with the last minute of a candle at 90: against it the next one would be a rise.
    const auto candles = flatAt({90, 100, 100, 100, 100, 100, 100, 100}, Timeframe::M1, monday + 2min);
    const BacktestResult result = run(botOf(Timeframe::M3), Timeframe::M1, candles);
    QCOMPARE(result.candles, std::size_t(2));
    QCOMPARE(result.totals.fills, 0);
    QVERIFY(result.from == monday + 2min);
}

void BacktestTest::finerCandlesSayWhichLevelCameFirst_data()
{
    QTest::addColumn<PositionType>("type");
    QTest::addColumn<std::vector<int>>("within");
    QTest::addColumn<QString>("trade");
    const auto row = [](const char *name, PositionType type, const std::vector<int> &within, const QString &trade) {
        QTest::newRow(name) << type << within << trade;
    };
    // Both hours touch both levels; from its four prices alone the first one would say stop, the second target.
    row("long, target first", PositionType::Long, {100, 106, 89, 101}, u"long 100 at 3:00, 105 at 3:01 take_profit"_s);
    row("long, stop first", PositionType::Long, {100, 89, 106, 99}, u"long 100 at 3:00, 90 at 3:01 stop_loss"_s);
    row("short, target first", PositionType::Short, {100, 94, 111, 99}, u"short 100 at 3:00, 95 at 3:01 take_profit"_s);
    row("short, stop first", PositionType::Short, {100, 111, 94, 101}, u"short 100 at 3:00, 110 at 3:01 stop_loss"_s);
}

void BacktestTest::finerCandlesSayWhichLevelCameFirst()
{
    QFETCH(const PositionType, type);
    QFETCH(const std::vector<int>, within);
    QFETCH(const QString, trade);
    BotConfig config = botOf(Timeframe::H1, type);
    config.stopLoss = StopRule{StopKind::Percent, Decimal::fromInteger(10)};
    config.takeProfit = StopRule{StopKind::Percent, Decimal::fromInteger(5)};
    const bool isLong = type == PositionType::Long;
    // An hour to compare with, one on the other side, the signal; then the hour in which it happens.
    std::vector<int> minutes;
    for (const int price : {100, isLong ? 100 : 101, isLong ? 101 : 100})
        minutes.insert(minutes.end(), 60, price);
    minutes.insert(minutes.end(), within.begin(), within.end());
    minutes.insert(minutes.end(), 60 - within.size(), within.back());
    std::vector<Candle> candles = flatAt(minutes, Timeframe::M1);
    for (std::size_t i = 181; i < candles.size(); ++i) { // without gaps: each goes on from the one before
        candles[i].open = candles[i - 1].close;
        candles[i].high = std::max(candles[i].open, candles[i].close);
        candles[i].low = std::min(candles[i].open, candles[i].close);
    }
    QCOMPARE(tradesOf(run(config, Timeframe::M1, candles)).value(0), trade);
}

/// Without stops all happens at the open of a candle, but for the second half of a reversal: it fills a breath later,
/// on a way whose direction finer candles know better.
void BacktestTest::finerCandlesGiveTheSameDecisions()
{
    const auto minutes = randomMinutes(4000, 3);
    const auto coarse = aggregate(minutes, Timeframe::M5);
    for (const PositionType type : {PositionType::Long, PositionType::Short}) {
        const BacktestResult byMinutes = run(botOf(Timeframe::M5, type), Timeframe::M1, minutes);
        const BacktestResult byCandles = run(botOf(Timeframe::M5, type), Timeframe::M5, coarse);
        QVERIFY(byCandles.trades.size() > 50);
        QCOMPARE(tradesOf(byMinutes), tradesOf(byCandles));
        QCOMPARE(byMinutes.equity, byCandles.equity);
        QVERIFY(byMinutes.curve == byCandles.curve);
    }
}

void BacktestTest::theCandlesBeforeTheFirstOneWarmUp()
{
    const auto candles = flatAt({100, 100, 100, 101, 102}, Timeframe::M1);
    // It knows where the averages stood, so the first close above them is a signal already.
    const BacktestResult warm = run(botOf(Timeframe::M1), Timeframe::M1, candles, 3);
    QCOMPARE(warm.candles, std::size_t(2));
    QVERIFY(warm.from == monday + 3min);
    QCOMPARE(warm.totals.fills, 1);
    QCOMPARE(warm.openPosition.entryPrice().toBytes(), "102");
    // Nothing is bought before the test begins.
    const auto earlier = flatAt({100, 101, 101, 101, 101}, Timeframe::M1);
    QCOMPARE(run(botOf(Timeframe::M1), Timeframe::M1, earlier, 3).totals.fills, 0);
    const auto none = runBacktest({botOf(Timeframe::M1), Timeframe::M1, candles, {}, 5});
    QVERIFY(!none);
    QCOMPARE(none.error().text, u"there are no candles to test on"_s);
}

void BacktestTest::aTestThatBeginsWithinACandleKnowsAllOfIt()
{
    // Candles of 3 minutes: 100, 100, and one that the test begins in the middle of. It closes above, on all of it.
    const auto candles = flatAt({100, 100, 100, 100, 100, 100, 99, 99, 101, 101}, Timeframe::M1);
    const BacktestResult result = run(botOf(Timeframe::M3), Timeframe::M1, candles, 7);
    QCOMPARE(result.candles, std::size_t(1));
    QVERIFY(result.from == monday + 7min);
    QCOMPARE(result.openPosition.openedAt - monday, std::chrono::milliseconds(9min));
}

void BacktestTest::aWholeLastDayCounts()
{
    const auto daysOf = [](int hours) {
        const auto candles = flatAt(std::vector<int>(static_cast<std::size_t>(hours), 100), Timeframe::H1);
        return statisticsOf(run(botOf(Timeframe::H1), Timeframe::H1, candles)).value().days;
    };
    QCOMPARE(daysOf(30 * 24), 30);
    QCOMPARE(daysOf(30 * 24 - 1), 29);
    QCOMPARE(daysOf(30 * 24 + 1), 30);
}

void BacktestTest::partialExitsAreCountedBesideTheTrades()
{
    BotConfig config = botOf(Timeframe::M1);
    config.strategy = u"grid"_s;
    config.strategyParameters = {{u"lower"_s, Decimal::fromInteger(100)},
                                 {u"upper"_s, Decimal::fromInteger(104)},
                                 {u"levels"_s, Decimal::fromInteger(4)},
                                 {u"quantity_per_level"_s, Decimal::fromInteger(1)}};
    config.fees = {Decimal(), Decimal()};
    // Down through the levels, half of the way back, and down again: what was sold was sold with a gain, what was not
    // is held, and no trade has ended.
    const auto candles = flatAt({104, 104, 100, 103, 95}, Timeframe::M1);
    const BacktestResult result = run(config, Timeframe::M1, candles);
    QCOMPARE(result.totals.trades, 0);
    QVERIFY(result.exits.count > 0);
    QCOMPARE(result.exits.wins + result.exits.losses, result.exits.count);
    QCOMPARE(result.exits.net, result.openTrade.gross);
    QCOMPARE(result.openPosition.unrealised(Price::fromInteger(95)).value(), std::optional(result.unrealised));
    const auto statistics = statisticsOf(result);
    QVERIFY(statistics);
    const QByteArray text = textReport({config, result, *statistics});
    QVERIFY2(text.contains("\nexits       " + QByteArray::number(result.exits.count) + ", "), text.constData());
    QVERIFY2(text.contains(" unrealised"), text.constData());
}

QTEST_APPLESS_MAIN(BacktestTest)
#include "tst_backtest.moc"
