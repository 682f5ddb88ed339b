// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/enginefixture.h"
#include "tests/support/generators.h"
#include "tests/support/qtestprint.h"

#include <QTest>

using namespace tradebot;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr BotId one(1);

/// Does at the next candle what the test says.
class Puppet final : public Strategy
{
public:
    explicit Puppet(std::vector<Intent> &asks) : m_asks(asks) { }

    [[nodiscard]] int warmUpCandles() const override { return 0; }
    void warmUp(const Candle &) override { }
    void onCandle(const StrategyView &, Intents &intents) override
    {
        for (Intent &ask : std::exchange(m_asks, {}))
            intents.push_back(std::move(ask));
    }
    [[nodiscard]] QString activity() const override { return u"does what it is told"_s; }

private:
    std::vector<Intent> &m_asks;
};

/// Bots whose decisions the test makes.
class World final
{
public:
    World() : fixture(options()) { config.strategy = u"puppet"_s; }

    /// A candle at this price, after which the strategy asks for these.
    void decide(const char *price, std::vector<Intent> what = {})
    {
        asks = std::move(what);
        fixture.candle(price);
    }
    QString said() { return fixture.news().join(u'\n'); }

    BotConfig config = followerConfig();
    std::vector<Intent> asks;
    EngineFixture fixture;

private:
    EngineOptions options()
    {
        EngineOptions made;
        made.makeStrategy = [this](const BotConfig &) -> Result<std::unique_ptr<Strategy>> {
            return std::make_unique<Puppet>(asks);
        };
        return made;
    }
};

Intent placing(OrderType type, Side side, const char *quantity, const char *price, const char *tag = "placed")
{
    Intent intent{IntentKind::Place, PositionSide::Long, QString::fromLatin1(tag)};
    intent.order.type = type;
    intent.order.side = side;
    intent.order.quantity = decimal<Quantity>(quantity);
    if (type == OrderType::Limit)
        intent.order.limitPrice = decimal<Price>(price);
    else if (type != OrderType::Market)
        intent.order.stopPrice = decimal<Price>(price);
    return intent;
}

Intent limitBuy(const char *quantity, const char *price, const char *tag = "rests")
{
    return placing(OrderType::Limit, Side::Buy, quantity, price, tag);
}

const Intent entering{IntentKind::Enter, PositionSide::Long, u"enters"_s};
const Intent exiting{IntentKind::Exit, PositionSide::Flat, u"exits"_s};

std::vector<Trade> tradesOf(const std::vector<BotEvent> &facts)
{
    std::vector<Trade> trades;
    for (const BotEvent &event : facts) {
        if (const auto *closed = std::get_if<TradeClosed>(&event.payload))
            trades.push_back(closed->trade);
    }
    return trades;
}

std::vector<DayClosed> daysOf(const std::vector<BotEvent> &facts)
{
    std::vector<DayClosed> days;
    for (const BotEvent &event : facts) {
        if (const auto *closed = std::get_if<DayClosed>(&event.payload))
            days.push_back(*closed);
    }
    return days;
}

std::chrono::sys_days today(const EngineFixture &fixture)
{
    return std::chrono::floor<std::chrono::days>(fixture.clock.now());
}

} // namespace

/// What ends entries, when, and for how long; and the day that it is counted by.
class LimitsTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void whatRestsCountsTowardsTheLargestPosition();
    void allOfAnAccountIsTradedAtAnyLeverage_data();
    void allOfAnAccountIsTradedAtAnyLeverage();
    void aDailyLossTakesBackWhatRests();
    void aLossThatIsOpenCountsForTheDay();
    void aLimitThatWasReachedTakesBackWhatRestsAfterARestart();
    void aDrawdownHaltsUntilTheOwnerResumes_data();
    void aDrawdownHaltsUntilTheOwnerResumes();
    void thePeakOfAnOpenPositionOutlivesTheProgram();
    void anotherInitialBalanceHaltsNobody();
    void theSameOrderTwiceIsADuplicateAfterRounding();
    void theOrdersOfTheLastMinuteOutliveTheProgram();
    void exposureIsCountedByCurrency();
    void stopPricesAreRoundedNoLooserThanAsked_data();
    void stopPricesAreRoundedNoLooserThanAsked();
    void stopsInAtrHoldEntriesBackUntilThereIsOne();
    void theLastCandleOfADayIsJudgedInTheNext_data();
    void theLastCandleOfADayIsJudgedInTheNext();
    void aClockThatWasAheadAndIsSetBackStopsNothing();
    void aClockThatWasAheadBeforeARestartClosesItsDay();
    void aLeapOfDaysClosesOneDayWithItsTotals();
    void aBotMadeByAnotherClockLivesInTheDaysOfItsRecording();
    void aRestIsWrittenOffWhenNoOrderIsLeft();
    void aPositionWorthTooLittleToBeSoldIsWrittenOff_data();
    void aPositionWorthTooLittleToBeSoldIsWrittenOff();
    void aStoppedPositionIsStillFundedAndLiquidated();
    void theFeeOfAPlacedTurnIsShared();
    void whateverHappensItIsTodayAndAHaltedBotHasNoEntries();
    void noLossIsReachedAboveTheFloor();
};

void LimitsTest::whatRestsCountsTowardsTheLargestPosition()
{
    World world;
    world.config.limits.maxPositionQuote = Money::fromInteger(300);
    world.fixture.run(world.config);
    world.decide("100", {limitBuy("1", "99", "a"), limitBuy("1", "98", "b"), limitBuy("1", "97", "c"),
                         limitBuy("0.5", "96", "d")});
    QCOMPARE(world.fixture.state().openOrders.size(), 3U); // 294
    QVERIFY(world.said().contains(u"max_position_quote: quantity=0.5 price=96 worth=342 limit=300"_s));
}

void LimitsTest::allOfAnAccountIsTradedAtAnyLeverage_data()
{
    QTest::addColumn<int>("leverage");
    QTest::addColumn<QByteArray>("slippage");
    for (const int leverage : {1, 20, 125}) {
        QTest::addRow("%d", leverage) << leverage << QByteArray("0");
        QTest::addRow("%d with slippage", leverage) << leverage << QByteArray("25");
    }
}

void LimitsTest::allOfAnAccountIsTradedAtAnyLeverage()
{
    QFETCH(int, leverage);
    QFETCH(QByteArray, slippage);
    World world;
    world.config.market = Market::UsdmFutures;
    world.config.leverage = leverage;
    world.config.sizing = {SizingKind::PercentOfEquity, Decimal::fromInteger(100)};
    world.config.fees.taker = decimal<Decimal>("0.0005");
    world.config.slippageBasisPoints = Decimal::parse(slippage).value();
    world.fixture.run(world.config);
    world.decide("100", {entering});
    world.fixture.tick("100");
    QVERIFY2(world.fixture.state().position.isOpen(), qPrintable(world.said()));
}

void LimitsTest::aDailyLossTakesBackWhatRests()
{
    World world;
    world.config.limits.maxDailyLoss = Money::fromInteger(20);
    world.fixture.run(world.config);
    world.decide("100", {entering});
    world.fixture.tick("100");
    world.decide("100", {placing(OrderType::Stop, Side::Sell, "1", "80"), limitBuy("1", "70")});
    world.fixture.tick("81");
    QCOMPARE(world.fixture.state().openOrders.size(), 2U);
    world.said();
    world.fixture.tick("79"); // sold: a loss of 21 and fees
    QVERIFY(!world.fixture.state().position.isOpen());
    QVERIFY(world.fixture.state().haltedByDailyLimit);
    QVERIFY(world.fixture.state().openOrders.empty());
    world.fixture.tick("60");
    QVERIFY(!world.fixture.state().position.isOpen());
    QCOMPARE(world.said().count(u"daily limit"_s), 1);
    world.decide("60", {limitBuy("1", "50")});
    QVERIFY(world.said().contains(u"daily_limit: entries wait for the next trading day"_s));
}

void LimitsTest::aLossThatIsOpenCountsForTheDay()
{
    World world;
    world.config.limits.maxDailyLoss = Money::fromInteger(20);
    world.fixture.run(world.config);
    world.decide("100", {entering});
    world.fixture.tick("100");
    world.decide("100", {limitBuy("1", "70")});
    world.fixture.tick("81");
    QVERIFY(!world.fixture.state().haltedByDailyLimit); // 0.1 + 19
    world.said();
    world.fixture.tick("80");
    QVERIFY(world.fixture.state().haltedByDailyLimit);
    QVERIFY(world.fixture.state().openOrders.empty());
    world.fixture.tick("79");
    world.fixture.tick("69");
    QCOMPARE(world.said().count(u"daily limit"_s), 1);
    QCOMPARE(world.fixture.state().position.quantity.toBytes(), "1"); // is not closed by it
}

void LimitsTest::aLimitThatWasReachedTakesBackWhatRestsAfterARestart()
{
    World world;
    world.config.limits.maxDailyLoss = Money::fromInteger(20);
    world.fixture.run(world.config);
    world.decide("100", {entering, limitBuy("1", "70")});
    world.fixture.tick("100");
    world.fixture.tick("80");
    std::size_t cut = 0;
    for (std::size_t i = 0; i < world.fixture.facts.size(); ++i) {
        if (std::holds_alternative<DailyLimitReached>(world.fixture.facts[i].payload))
            cut = i + 1;
    }
    QVERIFY(cut > 0);
    world.fixture.restart(cut); // what followed from it never became durable
    QVERIFY(world.fixture.state().haltedByDailyLimit);
    QVERIFY(world.fixture.state().openOrders.empty());
}

void LimitsTest::aDrawdownHaltsUntilTheOwnerResumes_data()
{
    QTest::addColumn<int>("how");
    QTest::addRow("resume") << 0;
    QTest::addRow("start") << 1;
    QTest::addRow("restart") << 2;
    QTest::addRow("after a stop") << 3;
    QTest::addRow("without the limit") << 4;
}

void LimitsTest::aDrawdownHaltsUntilTheOwnerResumes()
{
    QFETCH(int, how);
    World world;
    world.config.initialBalance = Money::fromInteger(200);
    world.config.fees = {Decimal(), Decimal()};
    world.config.limits.maxDrawdownPercent = Decimal::fromInteger(10);
    world.fixture.run(world.config);
    world.decide("100", {entering, limitBuy("1", "50")});
    world.fixture.tick("100");
    world.fixture.tick("80"); // 180 of 200
    QVERIFY(world.fixture.state().haltedByDrawdown);
    QVERIFY(world.fixture.state().openOrders.empty());
    QCOMPARE(world.said().count(u"drawdown limit"_s), 1);
    world.fixture.pass(24h); // no limit of a day
    world.fixture.restart();
    world.fixture.tick("95");
    world.decide("95", {limitBuy("1", "50")});
    QVERIFY(world.fixture.state().openOrders.empty());
    QVERIFY(world.said().contains(u"max_drawdown: entries wait until the owner resumes the bot"_s));

    BotConfig unlimited = world.config;
    unlimited.limits.maxDrawdownPercent.reset();
    switch (how) {
    case 0: world.fixture.execute(ResumeBot{one}).value(); break;
    case 1: world.fixture.execute(StartBot{one}).value(); break;
    case 2: world.fixture.execute(RestartBot{one}).value(); break;
    case 3:
        world.fixture.execute(StopBot{one, StopPolicy::LeavePosition}).value();
        world.fixture.execute(StartBot{one}).value();
        break;
    default: world.fixture.execute(UpdateBot{one, 0, unlimited}).value();
    }
    QVERIFY(!world.fixture.state().haltedByDrawdown);
    QCOMPARE(world.fixture.state().peakEquity.toBytes(), "195"); // what was lost is accepted
    world.decide("95", {limitBuy("1", "50")});
    QCOMPARE(world.fixture.state().openOrders.size(), 1U);
}

void LimitsTest::thePeakOfAnOpenPositionOutlivesTheProgram()
{
    World world;
    world.config.initialBalance = Money::fromInteger(200);
    world.config.fees = {Decimal(), Decimal()};
    world.config.limits.maxDrawdownPercent = Decimal::fromInteger(20);
    world.fixture.run(world.config);
    world.decide("100", {entering});
    world.fixture.tick("100");
    world.decide("200"); // 300
    QCOMPARE(world.fixture.state().peakEquity.toBytes(), "300");
    world.fixture.restart();
    world.fixture.tick("141");
    QVERIFY(!world.fixture.state().haltedByDrawdown);
    world.fixture.tick("140"); // 240: a fifth less
    QVERIFY(world.fixture.state().haltedByDrawdown);
}

void LimitsTest::anotherInitialBalanceHaltsNobody()
{
    World world;
    world.config.limits.maxDrawdownPercent = Decimal::fromInteger(10);
    world.fixture.run(world.config);
    world.decide("100");
    BotConfig poorer = world.config;
    poorer.initialBalance = Money::fromInteger(1'000);
    world.fixture.execute(UpdateBot{one, 0, poorer}).value();
    world.fixture.restart();
    world.decide("100", {entering});
    world.fixture.tick("100");
    QVERIFY2(world.fixture.state().position.isOpen(), qPrintable(world.said()));
}

void LimitsTest::theSameOrderTwiceIsADuplicateAfterRounding()
{
    World world;
    Instrument instrument;
    instrument.quantityStep = decimal<Quantity>("0.1");
    instrument.priceStep = decimal<Price>("0.5");
    world.fixture.market.instruments[u"BTCUSDT"_s] = instrument;
    world.fixture.run(world.config);
    world.decide("100", {limitBuy("1.03", "90.2"), limitBuy("1.07", "90.4")});
    QCOMPARE(world.fixture.state().openOrders.size(), 1U);
    QVERIFY(world.said().contains(u"order denied buy 1 entry: duplicate: tag=rests"_s));
    world.fixture.restart();
    world.decide("100", {limitBuy("1.03", "90.2")});
    QCOMPARE(world.fixture.state().openOrders.size(), 1U);
    world.decide("100", {limitBuy("1.03", "90.6")});
    QCOMPARE(world.fixture.state().openOrders.size(), 2U);
}

void LimitsTest::theOrdersOfTheLastMinuteOutliveTheProgram()
{
    World world;
    world.config.timeframe = Timeframe::S1;
    world.config.limits.maxOrdersPerMinute = 2;
    world.fixture.run(world.config);
    const auto second = [&world](std::vector<Intent> what) {
        world.asks = std::move(what);
        world.fixture.clock.advance(1s);
        world.fixture.tick("100");
    };
    world.fixture.tick("100");
    second({limitBuy("1", "90", "a"), limitBuy("1", "89", "b")});
    world.fixture.restart();
    world.fixture.tick("100");
    second({limitBuy("1", "88", "c")});
    QVERIFY(world.said().contains(u"order_rate: orders=2 limit=2 per minute"_s));
    world.fixture.pass(60s);
    world.fixture.tick("100");
    second({limitBuy("1", "88", "c")});
    QCOMPARE(world.fixture.state().openOrders.size(), 3U);
}

void LimitsTest::exposureIsCountedByCurrency()
{
    World world;
    world.config.limits.maxAccountExposureQuote = Money::fromInteger(250);
    world.config.symbol = Symbol(u"ETHEUR"_s);
    world.fixture.run(world.config);
    world.config.symbol = Symbol(u"BTCUSDT"_s);
    const BotId two = world.fixture.run(world.config);
    world.fixture.tick("200", u"ETHEUR"_s);
    world.asks = {entering};
    for (int i = 0; i < 3; ++i) { // the first bot's candle closes first
        world.fixture.pass(21s);
        world.fixture.tick("200", u"ETHEUR"_s);
    }
    QVERIFY(world.fixture.state(one).position.isOpen()); // 200 euro, which stay
    world.fixture.execute(StopBot{one, StopPolicy::LeavePosition}).value();
    world.decide("100", {entering});
    world.fixture.tick("100");
    QVERIFY2(world.fixture.state(two).position.isOpen(), qPrintable(world.said())); // 100 dollar
}

void LimitsTest::stopPricesAreRoundedNoLooserThanAsked_data()
{
    QTest::addColumn<bool>("isHeld");
    QTest::addColumn<OrderType>("type");
    QTest::addColumn<Side>("side");
    QTest::addColumn<QByteArray>("wish");
    QTest::addColumn<QByteArray>("stop");
    QTest::addRow("a stop of a long position")
            << true << OrderType::Stop << Side::Sell << QByteArray("95.2") << QByteArray("95.5");
    QTest::addRow("a target of a long position")
            << true << OrderType::TakeProfit << Side::Sell << QByteArray("105.2") << QByteArray("105.5");
    QTest::addRow("an entry above") << false << OrderType::Stop << Side::Buy << QByteArray("105.2")
                                    << QByteArray("105.5");
    QTest::addRow("an entry below") << false << OrderType::TakeProfit << Side::Buy << QByteArray("95.2")
                                    << QByteArray("95");
}

void LimitsTest::stopPricesAreRoundedNoLooserThanAsked()
{
    QFETCH(bool, isHeld);
    QFETCH(OrderType, type);
    QFETCH(Side, side);
    QFETCH(QByteArray, wish);
    QFETCH(QByteArray, stop);
    World world;
    Instrument instrument;
    instrument.priceStep = decimal<Price>("0.5");
    world.fixture.market.instruments[u"BTCUSDT"_s] = instrument;
    world.fixture.run(world.config);
    if (isHeld) {
        world.decide("100", {entering});
        world.fixture.tick("100");
    }
    world.decide("100", {placing(type, side, "1", wish.constData())});
    QCOMPARE(world.fixture.state().openOrders.size(), 1U);
    QCOMPARE(world.fixture.state().openOrders[0].stopPrice.toBytes(), stop);
}

void LimitsTest::stopsInAtrHoldEntriesBackUntilThereIsOne()
{
    World world;
    world.config.stopLoss = StopRule{StopKind::Atr, Decimal::fromInteger(2)};
    world.fixture.market.past.clear();
    world.fixture.run(world.config);
    world.decide("100", {entering});
    QVERIFY(world.said().contains(u"atr_not_ready"_s));
    for (int i = 0; i < 14; ++i)
        world.decide(i % 2 == 0 ? "101" : "100");
    world.decide("100", {entering});
    world.fixture.tick("100");
    QVERIFY2(world.fixture.state().position.isOpen(), qPrintable(world.said()));
    QVERIFY(world.fixture.state().protection.stopLoss.isPositive());
}

void LimitsTest::theLastCandleOfADayIsJudgedInTheNext_data()
{
    QTest::addColumn<bool>("timerComesFirst");
    QTest::addRow("timer") << true;
    QTest::addRow("price") << false;
}

void LimitsTest::theLastCandleOfADayIsJudgedInTheNext()
{
    QFETCH(bool, timerComesFirst);
    World world;
    world.config.limits.maxDailyTrades = 1;
    world.fixture.run(world.config);
    world.decide("100", {entering});
    world.fixture.tick("100");
    world.decide("100", {exiting});
    world.fixture.tick("100");
    QVERIFY(world.fixture.state().haltedByDailyLimit);
    world.fixture.clock.set(std::chrono::sys_days(std::chrono::year(2026) / 11 / 20) + 23h + 59min + 40s);
    world.fixture.tick("100");
    world.asks = {entering};
    world.fixture.clock.advance(21s + 10ms);
    if (timerComesFirst)
        world.fixture.pass(0ms);
    else
        world.fixture.tick("100");
    QVERIFY(!world.fixture.state().haltedByDailyLimit);
    QCOMPARE(world.fixture.state().openOrders.size(), 1U);
}

void LimitsTest::aClockThatWasAheadAndIsSetBackStopsNothing()
{
    World world;
    world.config.limits.cooldownSeconds = 600;
    world.config.limits.maxOrdersPerMinute = 5;
    world.fixture.run(world.config);
    world.fixture.tick("100");
    const auto rightDay = today(world.fixture);
    const Timestamp right = world.fixture.clock.now();
    world.fixture.pass(48h);
    world.decide("100", {entering});
    world.fixture.tick("100");
    world.decide("100", {exiting});
    world.fixture.tick("100");
    QVERIFY(world.fixture.state().day == rightDay + std::chrono::days(2));
    QCOMPARE(world.fixture.state().today.trades, 1);

    world.fixture.clock.set(right + 1min);
    world.fixture.pass(0ms);
    QVERIFY(world.fixture.engine->engineTime() == right + 1min);
    QVERIFY(world.fixture.state().day == rightDay);
    QVERIFY(world.fixture.state().today == Totals());
    QCOMPARE(world.fixture.state().life.trades, 1);
    world.decide("100", {entering}); // candles go on, and neither cool-down nor throttle waits for the wrong time
    world.fixture.tick("100");
    QVERIFY2(world.fixture.state().position.isOpen(), qPrintable(world.said()));
    world.fixture.pass(24h);
    QVERIFY(world.fixture.state().day == rightDay + std::chrono::days(1));
    QVERIFY(world.fixture.state().today == Totals());
}

void LimitsTest::aClockThatWasAheadBeforeARestartClosesItsDay()
{
    World world;
    world.config.limits.maxDailyTrades = 1;
    world.fixture.run(world.config);
    const auto rightDay = today(world.fixture);
    const Timestamp right = world.fixture.clock.now();
    world.fixture.pass(72h);
    world.decide("100", {entering});
    world.fixture.tick("100");
    world.decide("100", {exiting});
    world.fixture.tick("100");
    QVERIFY(world.fixture.state().haltedByDailyLimit);
    world.fixture.clock.set(right);
    world.fixture.restart();
    QVERIFY(world.fixture.state().day == rightDay);
    QVERIFY(!world.fixture.state().haltedByDailyLimit); // it was of a day that never was
    world.decide("100", {entering});
    world.fixture.tick("100");
    QVERIFY2(world.fixture.state().position.isOpen(), qPrintable(world.said()));
}

void LimitsTest::aLeapOfDaysClosesOneDayWithItsTotals()
{
    World world;
    world.fixture.run(world.config);
    world.decide("100", {entering});
    world.fixture.tick("100");
    world.decide("110", {exiting});
    world.fixture.tick("110");
    const auto first = today(world.fixture);
    const Totals totals = world.fixture.state().today;
    QCOMPARE(totals.trades, 1);
    world.fixture.pass(4 * 24h);
    const auto days = daysOf(world.fixture.facts);
    QCOMPARE(days.size(), 1U);
    QVERIFY(days[0].day == first);
    QVERIFY(days[0].next == first + std::chrono::days(4));
    QVERIFY(days[0].totals == totals);
    QVERIFY(world.fixture.state().today == Totals());
    QCOMPARE(world.fixture.state().life.trades, 1);
    world.decide("100", {entering});
    world.fixture.tick("100");
    world.fixture.restart(); // and the program is off over a leap
    world.fixture.clock.advance(3 * 24h);
    world.fixture.restart();
    QVERIFY(world.fixture.state().day == first + std::chrono::days(7));
    QCOMPARE(daysOf(world.fixture.facts).back().totals.fills, 1);
    QVERIFY(world.fixture.state().today == Totals());
}

void LimitsTest::aBotMadeByAnotherClockLivesInTheDaysOfItsRecording()
{
    World world;
    world.fixture.create(world.config); // by the clock on the wall
    const Timestamp wall = world.fixture.clock.now();
    world.fixture.market.waits = true; // and then a recording of years ago
    world.fixture.clock.set(wall - 1'000 * 24h);
    world.fixture.market.past = flatCandles(world.fixture.clock.now(), 30, Price::fromInteger(100));
    world.fixture.restart();
    QVERIFY(world.fixture.state().day == today(world.fixture));
    world.fixture.execute(StartBot{one}).value();
    world.fixture.tick("100");
    world.fixture.pass(24h);
    world.fixture.tick("100");
    QVERIFY(world.fixture.state().day == today(world.fixture));
    const auto closed = daysOf(world.fixture.facts).size();
    QCOMPARE(closed, 2U);
    world.fixture.clock.advance(-24h); // the recording begins anew: what was lived through is over
    world.fixture.restart();
    world.fixture.tick("100");
    QCOMPARE(daysOf(world.fixture.facts).size(), closed);
}

void LimitsTest::aRestIsWrittenOffWhenNoOrderIsLeft()
{
    World world;
    Instrument instrument;
    instrument.quantityStep = decimal<Quantity>("0.1");
    world.fixture.market.instruments[u"BTCUSDT"_s] = instrument;
    world.config.paper.feeAsset = FeeAsset::Base;
    world.fixture.run(world.config);
    world.decide("100", {entering});
    world.fixture.tick("100"); // 0.999 are held
    world.decide("100", {limitBuy("1", "50"), placing(OrderType::Limit, Side::Sell, "0.9", "101", "sells")});
    world.fixture.tick("102");
    QCOMPARE(world.fixture.state().position.quantity.toBytes(), "0.099"); // more may come to it
    world.decide("102", {{IntentKind::Cancel, PositionSide::Long, u"rests"_s}, exiting});
    world.fixture.tick("102");
    QVERIFY(!world.fixture.state().position.isOpen());
    QCOMPARE(tradesOf(world.fixture.facts).size(), 1U);
}

void LimitsTest::aPositionWorthTooLittleToBeSoldIsWrittenOff_data()
{
    QTest::addColumn<bool>("isStop");
    QTest::addRow("the strategy exits") << false;
    QTest::addRow("its owner stops it and flattens") << true;
}

void LimitsTest::aPositionWorthTooLittleToBeSoldIsWrittenOff()
{
    QFETCH(bool, isStop);
    World world;
    Instrument instrument;
    instrument.minimumNotional = Money::fromInteger(50);
    world.fixture.market.instruments[u"BTCUSDT"_s] = instrument;
    world.fixture.run(world.config);
    world.decide("100", {entering});
    world.fixture.tick("100");
    world.fixture.tick("40");
    if (isStop)
        world.fixture.execute(StopBot{one, StopPolicy::Flatten}).value();
    else
        world.decide("40", {exiting});
    QVERIFY(!world.fixture.state().position.isOpen());
    QCOMPARE(world.fixture.state().status, isStop ? BotStatus::Stopped : BotStatus::Running);
    const auto trades = tradesOf(world.fixture.facts);
    QCOMPARE(trades.size(), 1U);
    QCOMPARE(trades[0].net().toBytes(), "-100.1"); // as if nobody would ever pay for it
}

void LimitsTest::aStoppedPositionIsStillFundedAndLiquidated()
{
    World world;
    world.config = followerConfig(PositionType::Both);
    world.config.strategy = u"puppet"_s;
    world.config.leverage = 10;
    world.config.stopLoss = StopRule{StopKind::Percent, Decimal::fromInteger(5)};
    world.fixture.run(world.config);
    world.decide("100", {entering});
    world.fixture.tick("100");
    world.fixture.execute(StopBot{one, StopPolicy::LeavePosition}).value();
    world.fixture.restart();
    QCOMPARE(world.fixture.state().status, BotStatus::Stopped);
    QVERIFY(world.fixture.market.isOpen());
    world.fixture.tick("94"); // it has no stop any more
    world.fixture.tick("94");
    QVERIFY(world.fixture.state().position.isOpen());
    world.fixture.pass(2h);
    world.fixture.tick("94"); // 16:00, at 94
    QCOMPARE(world.fixture.state().life.funding.toBytes(), "-0.0094");
    world.fixture.tick("85");
    QVERIFY(!world.fixture.state().position.isOpen());
    QCOMPARE(tradesOf(world.fixture.facts).at(0).exitReason, OrderPurpose::Liquidation);
    QCOMPARE(world.fixture.state().status, BotStatus::Stopped);
    QVERIFY(!world.fixture.market.isOpen());
}

void LimitsTest::theFeeOfAPlacedTurnIsShared()
{
    World world;
    world.config = followerConfig(PositionType::Both);
    world.config.strategy = u"puppet"_s;
    world.fixture.run(world.config);
    world.decide("100",
                 {placing(OrderType::Limit, Side::Sell, "1", "101"), placing(OrderType::Limit, Side::Buy, "3", "90")});
    world.fixture.tick("102");
    QCOMPARE(world.fixture.state().position.side, PositionSide::Short);
    world.fixture.tick("89"); // buys three: one to close, two to open
    QCOMPARE(world.fixture.state().position.quantity.toBytes(), "2");
    const auto trades = tradesOf(world.fixture.facts);
    QCOMPARE(trades.size(), 1U);
    QCOMPARE(trades[0].fees.toBytes(), "0.192"); // 0.102, and a third of 0.27
    QCOMPARE(world.fixture.state().openTrade.fees.toBytes(), "0.18");
    QCOMPARE(world.fixture.state().life.fees.toBytes(), "0.372");
}

/// Prices, decisions, restarts and a clock that leaps to and fro. The fixture holds the accounts after each of them.
void LimitsTest::whateverHappensItIsTodayAndAHaltedBotHasNoEntries()
{
    int halts = 0;
    QVERIFY(rc::check("limits under any clock", [&halts] {
        World world;
        if (*rc::gen::arbitrary<bool>()) {
            world.config = followerConfig(PositionType::Both);
            world.config.strategy = u"puppet"_s;
            world.config.leverage = *rc::gen::element(1, 10, 50);
            world.config.marginType = *rc::gen::element(MarginType::Isolated, MarginType::Cross);
        }
        world.config.initialBalance = Money::fromInteger(*rc::gen::element(150, 1'000));
        world.config.paper.feeAsset = *rc::gen::element(FeeAsset::Quote, FeeAsset::Base);
        world.config.limits.maxDailyLoss = Money::fromInteger(20);
        world.config.limits.maxDailyTrades = 4;
        world.config.limits.maxDrawdownPercent = Decimal::fromInteger(*rc::gen::element(5, 30));
        world.config.limits.cooldownSeconds = 90;
        world.fixture.run(world.config);
        int level = 100;
        const auto price = [&level](int away) { return QByteArray::number(std::max(10, level + away)); };
        for (int steps = *rc::gen::inRange(1, 80); steps > 0; --steps) {
            level = std::clamp(level + *rc::gen::inRange(-6, 7), 20, 300);
            const int what = *rc::gen::inRange(0, 20);
            if (what < 8) {
                world.fixture.clock.advance(100ms);
                world.fixture.tick(price(0).constData());
            } else if (what < 15) {
                const int below = -*rc::gen::inRange(1, 9);
                world.decide(price(0).constData(),
                             what < 10   ? std::vector<Intent>{entering}
                             : what < 12 ? std::vector<Intent>{exiting}
                             : what < 14 ? std::vector<Intent>{limitBuy("1", price(below).constData())}
                                         : std::vector<Intent>{{IntentKind::Enter, PositionSide::Short, u"short"_s}});
            } else if (what < 17) {
                world.fixture.restart();
            } else if (what < 19) {
                world.fixture.clock.advance(std::chrono::hours(*rc::gen::inRange(-60, 61)));
                world.fixture.pass(0ms);
            } else {
                RC_ASSERT(world.fixture.execute(StartBot{one}).has_value());
            }
            const BotState &state = world.fixture.state();
            RC_ASSERT((state.day == today(world.fixture)));
            const bool isHalted = state.haltedByDailyLimit || state.haltedByDrawdown;
            halts += isHalted ? 1 : 0;
            for (const Order &order : state.openOrders)
                RC_ASSERT((!isHalted || order.reduceOnly));
        }
    }));
    QVERIFY(halts > 0);
}

/// What is compared at each price, against the judgement itself.
void LimitsTest::noLossIsReachedAboveTheFloor()
{
    int reached = 0;
    QVERIFY(rc::check("limits and the floor", [&reached] {
        BotState state;
        state.balance = Money::fromInteger(*rc::gen::inRange(-50, 1'000));
        state.peakEquity = Money::fromInteger(*rc::gen::inRange(-10, 1'200));
        state.today.gross = Money::fromInteger(*rc::gen::inRange(-300, 300));
        RiskLimits limits;
        if (*rc::gen::arbitrary<bool>())
            limits.maxDailyLoss = Money::fromInteger(*rc::gen::inRange(1, 400));
        if (*rc::gen::arbitrary<bool>())
            limits.maxDrawdownPercent = Decimal::fromInteger(*rc::gen::inRange(1, 100));
        const Money equity = Money::fromInteger(*rc::gen::inRange(-100, 1'500));
        const bool isReachedFlat = limits.maxDailyLoss && state.today.net() <= -*limits.maxDailyLoss;
        const bool isReached = reachedDayLimit(limits, state, equity) || reachedDrawdown(limits, state, equity);
        reached += isReached ? 1 : 0;
        if (!isReachedFlat) // which is judged when it is booked, not at a price
            RC_ASSERT(isReached == (equity <= lossFloor(limits, state)));
    }));
    QVERIFY2(reached > 10, qPrintable(QString::number(reached)));
}

QTEST_GUILESS_MAIN(LimitsTest)
#include "tst_limits.moc"
