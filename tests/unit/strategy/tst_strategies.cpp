// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/strategy/registry.h"

#include <QTest>

#include <cmath>
#include <random>

using namespace tradebot;
using namespace Qt::StringLiterals;

namespace {

Candle candleAt(int index, double high, double low, double close)
{
    const auto price = [](double value) { return Price::fromRaw(std::llround(value * 1e8)); };
    return {fromMilliseconds(60'000LL * index), price(close), price(high), price(low), price(close), {}};
}

Timestamp minute(int number)
{
    return fromMilliseconds(60'000LL * number);
}

Position held(PositionSide side)
{
    Position position;
    position.side = side;
    position.quantity = Quantity::fromInteger(1);
    return position;
}

std::unique_ptr<Strategy> make(const QString &name, const std::map<QString, int> &parameters)
{
    StrategyParameters values;
    for (const auto &[key, value] : parameters)
        values[key] = Decimal::fromInteger(value);
    auto strategy = makeStrategy(name, values);
    Q_ASSERT(strategy.has_value());
    return std::move(*strategy);
}

/// "4:ema_cross_up 6:ema_cross_down": which candle gave which tag.
/// With "exit" behind it where it only leaves.
QString signalsOf(Strategy &strategy, const std::vector<Candle> &candles, const Position &position = {},
                  Timestamp lastEntry = {}, bool isLeaving = false)
{
    QStringList signalled;
    for (std::size_t i = 0; i < candles.size(); ++i) {
        Intents intents;
        strategy.onCandle({.candle = candles[i], .position = position, .lastEntry = lastEntry, .isLeaving = isLeaving},
                          intents);
        for (const Intent &intent : intents) {
            signalled.append(u"%1:%2"_s.arg(i).arg(intent.tag));
            if (intent.kind == IntentKind::Exit)
                signalled.append(u"exit"_s);
        }
    }
    return signalled.join(u' ');
}

/// One a minute; the first begins `start` minutes after 1970.
std::vector<Candle> ofCloses(std::initializer_list<double> closes, int start = 0)
{
    std::vector<Candle> candles;
    for (const double close : closes)
        candles.push_back(candleAt(start + static_cast<int>(candles.size()), close, close, close));
    return candles;
}

std::vector<Candle> randomWalk(int count, unsigned seed)
{
    std::mt19937 random(seed);
    std::normal_distribution<double> step(0, 1);
    std::vector<Candle> candles;
    double close = 1000;
    for (int i = 0; i < count; ++i) {
        const double open = close;
        close = std::round((close + step(random)) * 100) / 100;
        candles.push_back(candleAt(i, std::max(open, close) + 0.5, std::min(open, close) - 0.5, close));
    }
    return candles;
}

} // namespace

class StrategiesTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void emaCrossSignalsAChangeOfFastAboveSlow()
    {
        // fast 2, slow 3: EMA 2 = 10.5, then e += 2/3 (c − e); EMA 3 = 11, then e += 1/2 (c − e).
        //  close   10  11  12     13     14     9       8       14      15
        //  EMA 2   -   10.5 11.5  12.5   13.5   10.5    8.833   12.278  14.093
        //  EMA 3   -   -    11    12     13     11      9.5     11.75   13.375
        auto strategy = make(u"ema_cross"_s, {{u"fast"_s, 2}, {u"slow"_s, 3}});
        const auto candles = ofCloses({10, 11, 12, 13, 14, 9, 8, 14, 15});
        QCOMPARE(signalsOf(*strategy, candles), u"5:ema_cross_down 7:ema_cross_up"_s);
        QCOMPARE(strategy->activity(), u"EMA 2 is above EMA 3"_s);
        const auto lines = strategy->lines();
        QCOMPARE(lines.size(), 2U);
        QCOMPARE(lines[1].first, u"EMA 3"_s);
        QCOMPARE(lines[1].second, 13.375);
    }

    void emaCrossIsSilentOnTheFirstCandleThatCanBeCompared()
    {
        auto strategy = make(u"ema_cross"_s, {{u"fast"_s, 2}, {u"slow"_s, 3}});
        QCOMPARE(strategy->activity(), u"warming up: 0 of 3 candles"_s);
        QVERIFY(std::isnan(strategy->lines().front().second));
        QCOMPARE(signalsOf(*strategy, ofCloses({10, 9, 30})), QString()); // above from its first comparison on
        QCOMPARE(strategy->activity(), u"EMA 2 is above EMA 3"_s);
    }

    void rsiReversionSignalsTheWayBack()
    {
        // period 2, Wilder: gains and losses average over 2.
        //  close    10  9   8      8.5    12      13      12.5    11      11.1
        //  gain              0      .25    1.875   1.4375  .71875  .35938  .22969
        //  loss              1      .5     .25     .125    .3125   .90625  .45313
        //  RSI               0      33.33  88.24   92      69.7    28.4    33.64
        auto strategy = make(u"rsi_reversion"_s, {{u"period"_s, 2}});
        const auto candles = ofCloses({10, 9, 8, 8.5, 12, 13, 12.5, 11, 11.1});
        QCOMPARE(signalsOf(*strategy, candles), u"3:rsi_oversold 6:rsi_overbought 8:rsi_oversold"_s);
        QCOMPARE(strategy->activity(), u"RSI 2 is 33.6"_s);
        QVERIFY(strategy->lines().empty());
    }

    void rsiReversionSaysWhatItWaitsFor()
    {
        auto strategy = make(u"rsi_reversion"_s, {{u"period"_s, 2}});
        QCOMPARE(signalsOf(*strategy, ofCloses({10, 9, 8})), QString());
        QCOMPARE(strategy->activity(), u"RSI 2 is 0.0, oversold: waits for it to come back above 30"_s);
        QCOMPARE(signalsOf(*strategy, ofCloses({30})), u"0:rsi_oversold"_s);
        QCOMPARE(strategy->activity(), u"RSI 2 is 95.7, overbought: waits for it to come back below 70"_s);
    }

    void macdTrendSignalsACrossOfItsSignalLine()
    {
        // fast 1 (the close), slow 2, signal 2. MACD = close − EMA 2, EMA 2 = 10.5, then e += 2/3 (c − e).
        //  close   10  11    12     11      10       12
        //  EMA 2       10.5  11.5   11.167  10.389   11.463
        //  MACD        .5    .5     −.167   −.389    .537
        //  signal            .5     .056    −.241    .278
        auto strategy = make(u"macd_trend"_s, {{u"fast"_s, 1}, {u"slow"_s, 2}, {u"signal"_s, 2}});
        QCOMPARE(strategy->warmUpCandles(), 3);
        // equal is not above, so the first comparison stands as below
        QCOMPARE(signalsOf(*strategy, ofCloses({10, 11, 12, 11, 10, 12})), u"5:macd_up"_s);
        QCOMPARE(strategy->activity(), u"MACD is above its signal line"_s);
        QCOMPARE(signalsOf(*strategy, ofCloses({5})), u"0:macd_down"_s);
    }

    void bollingerReversionSignalsTheWayBackBetweenTheBands()
    {
        // period 4, one deviation. After 10 10 10 6: mean 9, deviation 1.732, lower 7.268: outside.
        // 10 10 6 8: mean 8.5, deviation 1.658, lower 6.842: back. 10 6 8 14: mean 9.5, deviation 2.958, upper 12.458.
        // 6 8 14 9: mean 9.25, deviation 2.947, upper 12.197: back.
        auto strategy = make(u"bollinger_reversion"_s, {{u"period"_s, 4}, {u"deviations"_s, 1}});
        QCOMPARE(signalsOf(*strategy, ofCloses({10, 10, 10, 6, 8, 14, 9})), u"4:bollinger_lower 6:bollinger_upper"_s);
        QCOMPARE(strategy->activity(), u"the close is between the bands"_s);
        QCOMPARE(strategy->lines().at(1).second, 9.25);
    }

    void donchianBreakoutEntersOnceAndExitsByTheShortChannel()
    {
        const auto strategyOf = [] { return make(u"donchian_breakout"_s, {{u"entry"_s, 3}, {u"exit"_s, 2}}); };
        // Channels are those of the candles before: 12 is above 11, 13 goes on with the same breakout, 11.5 stays
        // above the lowest of two (10), 10.9 does not (11.2), 8 breaks out downwards (lowest of three 9.9).
        const std::vector<Candle> candles = {candleAt(0, 11, 9, 10),       candleAt(1, 11, 9, 10),
                                             candleAt(2, 11, 9, 10),       candleAt(3, 12, 10, 12),
                                             candleAt(4, 13, 12, 13),      candleAt(5, 13, 11.2, 11.5),
                                             candleAt(6, 11.5, 9.9, 10.9), candleAt(7, 10, 8, 8)};
        QCOMPARE(signalsOf(*strategyOf(), candles), u"3:donchian_up 7:donchian_down"_s);
        QCOMPARE(signalsOf(*strategyOf(), candles, held(PositionSide::Long)),
                 u"3:donchian_up 6:donchian_exit exit 7:donchian_down"_s);
    }

    void supertrendSignalsATurn()
    {
        // period 1: ATR = true range; multiplier 1.
        //  high low close | TR  upper lower        | final upper, lower, direction
        //  10   8   9     |
        //  11   9   10    | 2   12    8            | 12    8    up
        //  12   10  11    | 2   13    9            | 12 (13 is not below, close 10 not above)  9    up
        //  11   6   7     | 5   13.5  3.5          | 12    9    7 < 9: down
        //  9    7   8     | 2   10    6            | 10    6 (close 7 was below 9)   down
        //  14   8   13    | 6   17    5            | 10    6    13 > 10: up
        auto strategy = make(u"supertrend"_s, {{u"period"_s, 1}, {u"multiplier"_s, 1}});
        const std::vector<Candle> candles = {candleAt(0, 10, 8, 9), candleAt(1, 11, 9, 10), candleAt(2, 12, 10, 11),
                                             candleAt(3, 11, 6, 7), candleAt(4, 9, 7, 8),   candleAt(5, 14, 8, 13)};
        QCOMPARE(signalsOf(*strategy, candles), u"3:supertrend_down 5:supertrend_up"_s);
        QCOMPARE(strategy->lines().front().second, 6.0);
    }

    void everyStrategyDecidesAfterAWarmUpAsIfItHadLivedThroughIt_data()
    {
        QTest::addColumn<QString>("name");
        for (const StrategyInfo &info : builtInStrategies()) {
            const auto strategy = *makeStrategy(info.name, withDefaults(info, {}));
            if (strategy->warmUpCandles() > 0) // the others do not look back
                QTest::newRow(qPrintable(info.name)) << info.name;
        }
    }
    void everyStrategyDecidesAfterAWarmUpAsIfItHadLivedThroughIt()
    {
        QFETCH(const QString, name);
        const auto candles = randomWalk(6000, 7);
        const auto lived = *makeStrategy(name, {});
        const auto warmed = *makeStrategy(name, {});
        const std::size_t start = 3000;
        for (std::size_t i = 0; i < start; ++i) {
            Intents ignored;
            lived->onCandle({candles[i], Position()}, ignored);
        }
        // no more than it asks for: what lies before must make no difference
        for (std::size_t i = start - static_cast<std::size_t>(warmed->historyCandles()); i < start; ++i)
            warmed->warmUp(candles[i]);
        QCOMPARE(warmed->activity(), lived->activity());
        const std::vector<Candle> rest(candles.begin() + start, candles.end());
        const QString signalled = signalsOf(*lived, rest);
        QCOMPARE(signalsOf(*warmed, rest), signalled);
        QVERIFY2(signalled.count(u':') > 20, "the walk must give something to decide");
    }

    /// EMA 2 and 3 as above: the candle of minute 5, the last of the warm-up, crosses below. A long position leaves on
    /// the first candle that is decided on; nothing is entered, and what was bought after that signal stays.
    void anExitThatWasSleptThroughIsMadeUpForOnce_data()
    {
        QTest::addColumn<PositionSide>("side");
        QTest::addColumn<int>("entry");
        QTest::addColumn<bool>("isLeaving");
        QTest::addColumn<QString>("wanted");
        const QString exit = u"0:ema_cross_down exit"_s;
        QTest::newRow("long") << PositionSide::Long << 4 << false << exit;
        QTest::newRow("short") << PositionSide::Short << 4 << false << QString();
        QTest::newRow("flat") << PositionSide::Flat << 0 << false << QString();
        QTest::newRow("entered while it was under way") << PositionSide::Long << 5 << false << exit;
        QTest::newRow("entered at its close") << PositionSide::Long << 6 << false << QString();
        QTest::newRow("entered later") << PositionSide::Long << 7 << false << QString();
        QTest::newRow("leaving already") << PositionSide::Long << 4 << true << QString();
    }
    void anExitThatWasSleptThroughIsMadeUpForOnce()
    {
        QFETCH(const PositionSide, side);
        QFETCH(const int, entry);
        QFETCH(const bool, isLeaving);
        QFETCH(const QString, wanted);
        auto strategy = make(u"ema_cross"_s, {{u"fast"_s, 2}, {u"slow"_s, 3}});
        for (const Candle &candle : ofCloses({10, 11, 12, 13, 14, 9}))
            strategy->warmUp(candle);
        const Position position = side == PositionSide::Flat ? Position() : held(side);
        QCOMPARE(signalsOf(*strategy, ofCloses({8, 8, 8}, 6), position, minute(entry), isLeaving), wanted);
    }

    void aSignalOfTheMomentCountsMoreThanOneThatWasSleptThrough()
    {
        auto strategy = make(u"ema_cross"_s, {{u"fast"_s, 2}, {u"slow"_s, 3}});
        for (const Candle &candle : ofCloses({10, 11, 12, 13, 14, 9, 8}))
            strategy->warmUp(candle);
        QCOMPARE(signalsOf(*strategy, ofCloses({14, 14}, 7), held(PositionSide::Long)), u"0:ema_cross_up"_s);
    }

    void rsiReversionIsSilentInAMarketThatDoesNotMove()
    {
        // Period 2. Without movement the RSI is 0 by definition, which is no oversold market: the rise to 11 (gain .5,
        // loss 0: 100) is not the way back from one. The fall to 10 (gain .25, loss .5: 33.33) comes back from 100.
        auto strategy = make(u"rsi_reversion"_s, {{u"period"_s, 2}});
        QCOMPARE(signalsOf(*strategy, ofCloses({10, 10, 10, 10})), QString());
        QCOMPARE(strategy->activity(), u"the price has not moved: RSI 2 says nothing"_s);
        QCOMPARE(signalsOf(*strategy, ofCloses({11})), QString());
        QCOMPARE(strategy->activity(), u"RSI 2 is 100.0, overbought: waits for it to come back below 70"_s);
        QCOMPARE(signalsOf(*strategy, ofCloses({10})), u"0:rsi_overbought"_s);
        // And when what has moved is forgotten.
        auto other = make(u"rsi_reversion"_s, {{u"period"_s, 2}});
        static_cast<void>(signalsOf(*other, ofCloses({10, 9, 8})));
        for (int i = 0; i < 60; ++i)
            QCOMPARE(signalsOf(*other, ofCloses({8})), QString());
        QCOMPARE(signalsOf(*other, ofCloses({9})), QString());
    }

    void donchianBreakoutLeavesAPositionWhoseExitItSleptThrough_data()
    {
        QTest::addColumn<int>("entry");
        QTest::addColumn<bool>("isLeaving");
        QTest::addColumn<QString>("wanted");
        QTest::newRow("before it") << 4 << false << u"0:donchian_exit exit"_s;
        QTest::newRow("after it") << 6 << false << QString();
        QTest::newRow("leaving already") << 4 << true << QString();
    }
    void donchianBreakoutLeavesAPositionWhoseExitItSleptThrough()
    {
        QFETCH(const int, entry);
        QFETCH(const bool, isLeaving);
        QFETCH(const QString, wanted);
        auto strategy = make(u"donchian_breakout"_s, {{u"entry"_s, 3}, {u"exit"_s, 2}});
        int index = 0;
        for (const double close : {10.0, 10.0, 10.0, 12.0, 13.0, 11.0, 11.5}) { // the sixth is below 11.9
            strategy->warmUp(candleAt(index, close + 0.1, close - 0.1, close));
            ++index;
        }
        QCOMPARE(signalsOf(*strategy, ofCloses({11.6, 11.6}, 7), held(PositionSide::Long), minute(entry), isLeaving),
                 wanted);
    }
};

QTEST_GUILESS_MAIN(StrategiesTest)
#include "tst_strategies.moc"
