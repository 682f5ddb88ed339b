// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/strategy/registry.h"
#include "tests/support/enginefixture.h"
#include "tests/support/qtestprint.h"

#include <QTest>

using namespace tradebot;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

using Parameters = std::map<QString, int>;

BotConfig botOf(const QString &strategy, const Parameters &parameters, PositionType type)
{
    BotConfig config = followerConfig(type);
    config.strategy = strategy;
    config.strategyParameters.clear();
    for (const auto &[name, value] : parameters)
        config.strategyParameters[name] = Decimal::fromInteger(value);
    return config;
}

/// A close, and what the strategy makes of it: '+' long, '-' short or out, '.' nothing.
struct Step
{
    const char *close;
    char signal;
};

/// Counts the candles of its warm-up.
class Counter final : public Strategy
{
public:
    explicit Counter(int &warmUps) : m_warmUps(warmUps) { }
    [[nodiscard]] int warmUpCandles() const override { return 1500; }
    void warmUp(const Candle &) override { ++m_warmUps; }
    void onCandle(const StrategyView &, Intents &) override { }
    [[nodiscard]] QString activity() const override { return {}; }

private:
    int &m_warmUps;
};

} // namespace

Q_DECLARE_METATYPE(Parameters)
Q_DECLARE_METATYPE(std::vector<Step>)

/// The strategies that say a side, with an engine that may take it.
class SignalStrategiesTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aBotTakesTheSidesThatItMay_data();
    void aBotTakesTheSidesThatItMay();
    void aBotThatSleptThroughAReversalOnlyLeaves_data() { aBotTakesTheSidesThatItMay_data(); }
    void aBotThatSleptThroughAReversalOnlyLeaves();
    void aReversalThatWaitsForACancelGoesOnAfterARestart();
    void aStrategyIsGivenAllTheHistoryThatItAsksFor();
};

/// The past is flat at 100.
void SignalStrategiesTest::aBotTakesTheSidesThatItMay_data()
{
    QTest::addColumn<QString>("strategy");
    QTest::addColumn<Parameters>("parameters");
    QTest::addColumn<std::vector<Step>>("steps");
    const auto row = [](const QString &strategy, const Parameters &parameters, const std::vector<Step> &steps) {
        QTest::newRow(qPrintable(strategy)) << strategy << parameters << steps;
    };
    // EMA 1 is the close; EMA 2: 100.67, 99.56, 101.19.
    row(u"ema_cross"_s, {{u"fast"_s, 1}, {u"slow"_s, 2}}, {{"101", '+'}, {"99", '-'}, {"102", '+'}});
    // Gain and loss by Wilder over 2: 0 and .5, 0 and .75, 1 and .375 (73), .5 and .2375 (68), .25 and 1.07 (19),
    // 1.08 and .53 (67).
    row(u"rsi_reversion"_s, {{u"period"_s, 2}},
        {{"99", '.'}, {"98", '.'}, {"100", '+'}, {"99.9", '-'}, {"98", '.'}, {"99.9", '+'}});
    // MACD .33, −.56, .81; its signal .22, −.3, .44.
    row(u"macd_trend"_s, {{u"fast"_s, 1}, {u"slow"_s, 2}, {u"signal"_s, 2}}, {{"101", '+'}, {"99", '-'}, {"102", '+'}});
    // Bands: 97.3 to 100.7, 97 to 100.3, 96.7 to 102.5, 96.5 to 102.3, 95.9 to 102.3, 96.1 to 102.4.
    row(u"bollinger_reversion"_s, {{u"period"_s, 4}, {u"deviations"_s, 1}},
        {{"96", '.'}, {"98.5", '+'}, {"104", '.'}, {"99", '-'}, {"95", '.'}, {"99", '+'}});
    // The three before: 100 to 100, 100 to 101, 99 to 101.
    row(u"donchian_breakout"_s, {{u"entry"_s, 3}, {u"exit"_s, 2}}, {{"101", '+'}, {"99", '-'}, {"102", '+'}});
    // Each candle begins where the one before closed. Lines: upper 100; lower 97.5; upper 105.
    row(u"supertrend"_s, {{u"period"_s, 1}, {u"multiplier"_s, 1}},
        {{"99", '-'}, {"102", '+'}, {"96", '-'}, {"106", '+'}});
}

void SignalStrategiesTest::aBotTakesTheSidesThatItMay()
{
    QFETCH(const QString, strategy);
    QFETCH(const Parameters, parameters);
    QFETCH(const std::vector<Step>, steps);
    for (const PositionType type : {PositionType::Long, PositionType::Short, PositionType::Both}) {
        EngineFixture fixture;
        fixture.run(botOf(strategy, parameters, type));
        PositionSide held = PositionSide::Flat;
        for (const Step &step : steps) {
            fixture.news();
            fixture.candle(step.close);
            fixture.tick(step.close); // the exit fills
            fixture.tick(step.close); // and the entry after it
            PositionSide wanted = step.signal == '+' ? PositionSide::Long : PositionSide::Short;
            if (type != PositionType::Both && (wanted == PositionSide::Long) != (type == PositionType::Long))
                wanted = PositionSide::Flat;
            if (step.signal == '.')
                wanted = held;
            QStringList orders;
            for (const QString &line : fixture.news()) {
                if (line.startsWith("order submitted "_L1))
                    orders.append(line.mid(16));
            }
            QStringList expected;
            if (held != wanted && held != PositionSide::Flat)
                expected.append(held == PositionSide::Long ? u"sell 1 exit"_s : u"buy 1 exit"_s);
            if (held != wanted && wanted != PositionSide::Flat)
                expected.append(wanted == PositionSide::Long ? u"buy 1 entry"_s : u"sell 1 entry"_s);
            const QByteArray place = QByteArray(toName(type).data()) + ", close " + step.close;
            QVERIFY2(orders == expected, (place + ": " + orders.join(u", "_s).toUtf8()).constData());
            QVERIFY2(fixture.state().position.side == wanted, place.constData());
            held = wanted;
        }
        QVERIFY(fixture.state().life.trades > 0);
    }
}

/// The program was off when the signal against its position came.
void SignalStrategiesTest::aBotThatSleptThroughAReversalOnlyLeaves()
{
    QFETCH(const QString, strategy);
    QFETCH(const Parameters, parameters);
    QFETCH(const std::vector<Step>, steps);
    EngineFixture fixture;
    fixture.run(botOf(strategy, parameters, PositionType::Both));
    std::size_t next = 0;
    PositionSide held = PositionSide::Flat;
    for (; held == PositionSide::Flat; ++next) {
        fixture.candle(steps[next].close);
        fixture.tick(steps[next].close);
        fixture.market.past.push_back({openTimeOf(fixture.clock.now(), Timeframe::M1) - 1min,
                                       decimal<Price>(steps[next].close), decimal<Price>(steps[next].close),
                                       decimal<Price>(steps[next].close), decimal<Price>(steps[next].close),
                                       Quantity()});
        held = fixture.state().position.side;
    }
    // Asleep up to the signal that turns it round.
    const char opposite = held == PositionSide::Long ? '-' : '+';
    Price price;
    for (bool isThere = false; !isThere; ++next) {
        const Price before = fixture.market.past.back().close;
        price = decimal<Price>(steps[next].close);
        fixture.market.past.push_back({fixture.market.past.back().openTime + 1min, before, std::max(before, price),
                                       std::min(before, price), price, Quantity()});
        isThere = steps[next].signal == opposite;
    }
    fixture.clock.set(fixture.market.past.back().openTime + 1min);
    fixture.restart();
    QCOMPARE(fixture.state().position.side, held);
    // A little further on, which is no new signal.
    const Price half = Price::fromRaw(Price::fromInteger(1).raw() / 2);
    const QByteArray further = (opposite == '+' ? price + half : price - half).value().value().toBytes();
    fixture.candle(further.constData());
    fixture.tick(further.constData());
    fixture.tick(further.constData());
    QCOMPARE(fixture.state().position.side, PositionSide::Flat);
    QCOMPARE(fixture.state().life.trades, 1);
}

/// Also when a candle closes meanwhile: what was slept through is being made up for already.
void SignalStrategiesTest::aReversalThatWaitsForACancelGoesOnAfterARestart()
{
    EngineFixture fixture;
    BotConfig config = botOf(u"ema_cross"_s, {{u"fast"_s, 1}, {u"slow"_s, 2}}, PositionType::Both);
    config.paper.latencyMilliseconds = 60'000;
    config.stopLoss = StopRule{StopKind::Percent, Decimal::fromInteger(20)};
    config.stopsAt = StopsAt::Exchange;
    fixture.run(config);
    const auto candles = [&fixture](const char *close, int count) {
        for (int i = 0; i < count; ++i) {
            fixture.candle(close);
            const Price price = decimal<Price>(close);
            const Timestamp openTime = openTimeOf(fixture.clock.now(), Timeframe::M1) - 1min;
            fixture.market.past.push_back({openTime, price, price, price, price, Quantity()});
        }
    };
    candles("101", 6);
    QCOMPARE(fixture.state().position.side, PositionSide::Long);
    QCOMPARE(fixture.state().openOrders.size(), std::size_t(1)); // the stop, at the exchange
    candles("99", 1);
    QVERIFY(fixture.state().plannedEntry.has_value());
    QVERIFY(fixture.state().openOrders.front().cancelRequested);
    fixture.restart();
    candles("99", 1);
    QCOMPARE(fixture.state().position.side, PositionSide::Long);
    candles("99", 6);
    QCOMPARE(fixture.state().position.side, PositionSide::Short);
}

void SignalStrategiesTest::aStrategyIsGivenAllTheHistoryThatItAsksFor()
{
    int warmUps = 0;
    EngineOptions options;
    options.makeStrategy = [&warmUps](const BotConfig &) -> Result<std::unique_ptr<Strategy>> {
        return std::make_unique<Counter>(warmUps);
    };
    EngineFixture fixture(options);
    fixture.market.past = flatCandles(fixture.clock.now(), 1600, Price::fromInteger(100));
    fixture.run(followerConfig());
    QVERIFY2(warmUps >= 1500, qPrintable(QString::number(warmUps)));
}

QTEST_APPLESS_MAIN(SignalStrategiesTest)
#include "tst_signalstrategies.moc"
