// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/liveexchange.h"

#include <QTest>

#include <algorithm>

using namespace tradebot;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr BotId one(1);
constexpr Quantity coin = Quantity::fromInteger(1);

using Answers = ScriptedExchange::Answers;

/// A position whose exits the exchange refuses for as long as the test likes.
struct RefusedExits
{
    RefusedExits()
    {
        BotConfig config = LiveExchange::guarded(StopsAt::Engine);
        config.restartOnError = false;
        live.enter(config);
        live.exchange.refuses = [this](const Order &order) {
            return refuses && order.reduceOnly ? u"it does not want to"_s : QString();
        };
    }
    /// How many orders went out in this time, at a price that is beyond the stop.
    int triesIn(std::chrono::seconds time)
    {
        const int before = live.exchange.submissions;
        for (auto passed = 0s; passed < time; passed += 1s) {
            live.fixture.pass(1s);
            live.tick("90");
        }
        return live.exchange.submissions - before;
    }

    LiveExchange live;
    bool refuses = true;
};

} // namespace

/// Once a position is to be closed it is closed, whatever happens on the way.
class ExitsTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aRefusedStopClosesThePositionAtTheMarket();
    void aRefusedTargetIsWatchedByUs();
    void aStopThatIsNotKnownToRestIsWatchedByUs();
    void aStopIsCancelledWhenThePositionWasClosedByHand();
    void aPlannedExitOutlives_data();
    void aPlannedExitOutlives();
    void anEntryWhoseCancelComesTooLateIsClosed();
    void aLostCancelDoesNotBlockAnExit();
    void anExitWaitsUntilTheExchangeHasToldWhatItDid();
    void anExitWaitsNoLongerThanAStartMay();
    void aRefusedExitIsSentAgainLaterEachTime();
    void aFillEndsTheWaitOfRefusedExits();
    void aRefusedFlattenIsTriedAgainUntilItIsDone();
    void aFlattenOutlivesAnExchangeThatCannotBeReached();
    void aFillToldBeforeAnEarlierOneEndsNothing();
    void aFillFirstToldAfterTheEndAndARestartIsBooked();
    void whatHadNotLeftWaitsForThePriceThatItFollowed();
    void aCancelIsAskedForAgain_data();
    void aCancelIsAskedForAgain();
    void anOrderAndItsCancelThatWereUnderWayArriveAsIfNothingHadHappened();
    void aBotInErrorGuardsItsPositionAfterARestart_data();
    void aBotInErrorGuardsItsPositionAfterARestart();
    void anAtrStopIsArmedAsSoonAsThereIsAnAtr();
    void aTrailingStopThatItsOwnerRemovedDoesNotArmAgain();
    void aStopLimitOfAShortThatIsJumpedOver();
    void noEntryWhileAnotherBotOfTheAccountHasAnUnknownOrder();
};

void ExitsTest::aRefusedStopClosesThePositionAtTheMarket()
{
    LiveExchange live;
    live.exchange.refuses = [](const Order &order) {
        return order.type == OrderType::Stop ? u"would trigger immediately"_s : QString();
    };
    live.enter(LiveExchange::guarded(StopsAt::Exchange));
    for (int i = 0; i < 5; ++i)
        live.tick("96.5");
    QVERIFY(!live.fixture.state().position.isOpen());
    QVERIFY(live.exchange.position().isZero());
    QVERIFY(live.fixture.state().openOrders.empty());
    QCOMPARE(live.lastTrade()->exitReason, OrderPurpose::StopLoss);
    QCOMPARE(live.exchange.submissions, 3); // the entry, the stop, the exit
}

void ExitsTest::aRefusedTargetIsWatchedByUs()
{
    LiveExchange live;
    live.exchange.refuses = [](const Order &order) {
        return order.type == OrderType::Limit ? u"it does not want to"_s : QString();
    };
    BotConfig config = LiveExchange::guarded(StopsAt::Exchange);
    config.takeProfit = StopRule{StopKind::Percent, Decimal::fromInteger(5)};
    live.enter(config);
    for (int i = 0; i < 5; ++i)
        live.tick("102");
    QCOMPARE(live.count(OrderTrigger::Reject, OrderPurpose::TakeProfit), 1);
    QVERIFY(live.fixture.state().position.isOpen());
    live.tick("107");
    QVERIFY(!live.fixture.state().position.isOpen());
    QCOMPARE(live.lastTrade()->exitReason, OrderPurpose::TakeProfit);
    QCOMPARE(live.exchange.openOrders(), 0);
}

void ExitsTest::aStopThatIsNotKnownToRestIsWatchedByUs()
{
    LiveExchange live;
    live.exchange.refuses = [&live](const Order &order) {
        if (order.type == OrderType::Stop)
            live.exchange.answers = Answers::None;
        return QString();
    };
    live.enter(LiveExchange::guarded(StopsAt::Exchange));
    QCOMPARE(live.fixture.state().openOrders.size(), 1U);
    QCOMPARE(live.fixture.state().openOrders[0].state, OrderState::Unknown);
    live.exchange.answers = Answers::All;
    live.tick("90");
    QVERIFY(!live.fixture.state().position.isOpen());
    QVERIFY(live.exchange.position().isZero());
    QCOMPARE(live.exchange.openOrders(), 0);
}

void ExitsTest::aStopIsCancelledWhenThePositionWasClosedByHand()
{
    LiveExchange live;
    live.enter(LiveExchange::guarded(StopsAt::Exchange));
    QCOMPARE(live.exchange.openOrders(), 1);
    live.exchange.tradeByHand(Side::Sell, coin, Price::fromInteger(102));
    QCOMPARE(live.exchange.openOrders(), 0);
    QVERIFY(live.fixture.state().openOrders.empty());
}

void ExitsTest::aPlannedExitOutlives_data()
{
    QTest::addColumn<QString>("what");
    for (const char *const what : {"a restart", "a restart of the bot", "a new configuration", "a pause", "an error"})
        QTest::newRow(what) << QString::fromLatin1(what);
}

void ExitsTest::aPlannedExitOutlives()
{
    QFETCH(QString, what);
    LiveExchange live;
    EngineFixture &fixture = live.fixture;
    live.enter(LiveExchange::guarded(StopsAt::Exchange));
    live.exchange.cancelsAtOnce = false;
    live.candle("99"); // a signal to sell, but the stop is in the way
    QVERIFY(fixture.state().plannedExit.has_value());
    QCOMPARE(live.exchange.position(), coin);
    BotConfig other = LiveExchange::guarded(StopsAt::Exchange);
    other.name = u"Other"_s;
    if (what == u"a restart"_s)
        fixture.restart();
    else if (what == u"a restart of the bot"_s)
        fixture.execute(RestartBot{one}).value();
    else if (what == u"a new configuration"_s)
        fixture.execute(UpdateBot{one, 0, other}).value();
    else if (what == u"a pause"_s)
        QVERIFY(fixture.engine->pull(KillSwitch{KillScope::Bot, UserId(1), one, KillLevel::PauseEntries, false}));
    else
        live.exchange.reconcilesAtOnce = false;
    if (what == u"an error"_s) { // the connection is made anew, and fails
        fixture.execute(RestartBot{one}).value();
        live.exchange.finishReconcile(fail(ErrorCode::Unavailable, u"it is busy"_s));
        QCOMPARE(fixture.state().status, BotStatus::Error);
        live.exchange.reconcilesAtOnce = true;
    }
    QVERIFY(fixture.state().plannedExit.has_value());
    live.exchange.cancelsAtOnce = true;
    live.exchange.settleCancels();
    for (int i = 0; i < 5; ++i)
        fixture.pass(10s);
    QVERIFY(live.exchange.position().isZero());
    QVERIFY(!fixture.state().position.isOpen());
    QVERIFY(!fixture.state().plannedExit);
}

void ExitsTest::anEntryWhoseCancelComesTooLateIsClosed()
{
    LiveExchange live;
    live.exchange.fillsAtOnce = false;
    live.exchange.cancelsAtOnce = false;
    live.enter(LiveExchange::config());
    const ClientOrderId entry = live.exchange.newest();
    live.candle("99"); // flat, it takes its entry back
    live.exchange.fillsAtOnce = true;
    live.exchange.fill(entry, coin, Price::fromInteger(101));
    live.exchange.settleCancels();
    live.tick("99");
    QVERIFY(live.exchange.position().isZero());
    QVERIFY(!live.fixture.state().position.isOpen());
    QCOMPARE(live.lastTrade()->exitReason, OrderPurpose::Exit);
}

void ExitsTest::aLostCancelDoesNotBlockAnExit()
{
    LiveExchange live;
    live.enter(LiveExchange::guarded(StopsAt::Exchange));
    live.exchange.cancelsAtOnce = false;
    live.candle("99");
    QCOMPARE(live.exchange.position(), coin);
    live.exchange.cancelsAtOnce = true;
    live.exchange.answers = Answers::None;
    live.fixture.pass(6s); // the cancel goes out again, and its answer is lost
    QVERIFY(live.exchange.position().isZero());
    live.exchange.answers = Answers::All;
    live.fixture.pass(40s);
    QVERIFY(!live.fixture.state().position.isOpen());
    QVERIFY(live.fixture.state().openOrders.empty());
}

void ExitsTest::anExitWaitsUntilTheExchangeHasToldWhatItDid()
{
    LiveExchange live;
    EngineFixture &fixture = live.fixture;
    live.enter(LiveExchange::guarded(StopsAt::Engine));
    fixture.engine.reset();
    live.exchange.tradeByHand(Side::Sell, coin, Price::fromInteger(96));
    live.exchange.reconcilesAtOnce = false;
    fixture.restart();
    const int before = live.exchange.submissions;
    live.tick("90");
    live.tick("89");
    QCOMPARE(live.exchange.submissions, before);
    live.exchange.finishReconcile();
    live.tick("88");
    QCOMPARE(live.exchange.submissions, before);
    QVERIFY(live.exchange.position().isZero());
    QVERIFY(!fixture.state().plannedExit);
    QCOMPARE(live.lastTrade()->exitReason, OrderPurpose::External);
}

void ExitsTest::anExitWaitsNoLongerThanAStartMay()
{
    LiveExchange live;
    live.enter(LiveExchange::guarded(StopsAt::Engine));
    live.exchange.reconcilesAtOnce = false;
    live.fixture.restart();
    live.tick("90");
    QCOMPARE(live.exchange.position(), coin);
    live.fixture.pass(31s);
    QVERIFY(live.exchange.position().isZero());
}

void ExitsTest::aRefusedExitIsSentAgainLaterEachTime()
{
    RefusedExits test;
    LiveExchange &live = test.live;
    const int before = live.exchange.submissions;
    for (int i = 0; i < 10; ++i)
        live.tick("90");
    QCOMPARE(live.exchange.submissions - before, 1);
    QCOMPARE(test.triesIn(64s), 6); // after 1, 2, 4, 8, 16 and 30 seconds more
    QCOMPARE(live.fixture.state().errorKind, ErrorKind::OrderRejected);
    test.refuses = false;
    live.fixture.pass(31s);
    QVERIFY(live.exchange.position().isZero());
    QVERIFY(!live.fixture.state().position.isOpen());
}

/// Else the exit of a later position would begin where the last one had ended, with 30 seconds.
void ExitsTest::aFillEndsTheWaitOfRefusedExits()
{
    RefusedExits test;
    LiveExchange &live = test.live;
    live.tick("90");
    QCOMPARE(test.triesIn(61s), 6);
    test.refuses = false;
    QCOMPARE(test.triesIn(29s), 0);
    QCOMPARE(test.triesIn(1s), 1);
    QVERIFY(!live.fixture.state().position.isOpen());

    QVERIFY(live.fixture.execute(StartBot{one}));
    live.candle("100");
    live.candle("101");
    live.fixture.pass(1ms);
    QVERIFY(live.fixture.state().position.isOpen());
    test.refuses = true;
    live.tick("90");
    QCOMPARE(test.triesIn(7s), 3); // after 1, 2 and 4 seconds again
}

void ExitsTest::aRefusedFlattenIsTriedAgainUntilItIsDone()
{
    LiveExchange live;
    live.enter(LiveExchange::config());
    bool refuses = true;
    live.exchange.refuses = [&refuses](const Order &) { return refuses ? u"it does not want to"_s : QString(); };
    live.fixture.execute(StopBot{one, StopPolicy::Flatten}).value();
    QCOMPARE(live.fixture.state().status, BotStatus::Stopping);
    live.fixture.pass(5s);
    live.fixture.restart();
    QCOMPARE(live.fixture.state().status, BotStatus::Stopping);
    refuses = false;
    live.fixture.pass(31s);
    QCOMPARE(live.fixture.state().status, BotStatus::Stopped);
    QVERIFY(live.exchange.position().isZero());
}

void ExitsTest::aFlattenOutlivesAnExchangeThatCannotBeReached()
{
    LiveExchange live;
    EngineFixture &fixture = live.fixture;
    live.enter(LiveExchange::config());
    QVERIFY(fixture.engine->pull(KillSwitch{KillScope::Bot, UserId(1), one, KillLevel::Flatten, false}));
    live.isReachable = false; // before the exit has left
    fixture.restart();
    fixture.pass(10s);
    fixture.pass(10s);
    QCOMPARE(fixture.state().status, BotStatus::Stopping);
    QCOMPARE(live.killReport(), QString());
    live.isReachable = true;
    for (int i = 0; i < 5; ++i)
        fixture.pass(60s);
    QVERIFY(live.exchange.position().isZero());
    QCOMPARE(fixture.state().status, BotStatus::Stopped);
    QVERIFY(live.killReport().startsWith(u"Kill switch done"_s));
}

void ExitsTest::aFillToldBeforeAnEarlierOneEndsNothing()
{
    LiveExchange live;
    live.exchange.fillsAtOnce = false;
    live.enter(LiveExchange::config());
    const ClientOrderId order = live.exchange.newest();
    live.exchange.fill(order, decimal<Quantity>("0.4"), Price::fromInteger(101), false);
    live.exchange.fill(order, decimal<Quantity>("0.6"), Price::fromInteger(102));
    QCOMPARE(live.fixture.state().position.quantity.toString(), u"0.6"_s);
    QCOMPARE(live.fixture.state().openOrders[0].state, OrderState::Unknown);
    live.fixture.pass(2s);
    QCOMPARE(live.fixture.state().position.quantity, coin);
    QVERIFY(live.fixture.state().openOrders.empty());
    QCOMPARE(live.fixture.state().life.fees.toString(), u"0.1016"_s);
}

void ExitsTest::aFillFirstToldAfterTheEndAndARestartIsBooked()
{
    LiveExchange live;
    live.exchange.fillsAtOnce = false;
    live.enter(LiveExchange::config());
    const ClientOrderId order = live.exchange.newest();
    live.exchange.fill(order, decimal<Quantity>("0.3"), Price::fromInteger(101));
    live.exchange.cancelByItself(order);
    QVERIFY(live.fixture.state().openOrders.empty());
    live.fixture.restart();
    live.exchange.fill(order, decimal<Quantity>("0.4"), Price::fromInteger(101));
    QCOMPARE(live.fixture.state().position.quantity.toString(), u"0.7"_s);
    live.fixture.restart();
    live.exchange.repeatFills(order);
    QCOMPARE(live.fixture.state().position.quantity.toString(), u"0.7"_s);
    QCOMPARE(live.fixture.state().position.quantity, live.exchange.position());
    QCOMPARE(live.fixture.state().life.fills, 2);
}

/// On the paper exchange: the order is there before its cancel, and fills.
void ExitsTest::anOrderAndItsCancelThatWereUnderWayArriveAsIfNothingHadHappened()
{
    const auto live = [](bool restarts) {
        EngineFixture fixture;
        BotConfig config = followerConfig();
        config.paper.latencyMilliseconds = 3'000;
        const BotId bot = fixture.run(config);
        fixture.candle("101"); // which makes it buy
        fixture.pass(1s);
        fixture.execute(StopBot{bot, StopPolicy::CancelOrders}).value();
        if (restarts)
            fixture.restart();
        for (int i = 0; i < 6; ++i) {
            fixture.pass(1s);
            fixture.tick("101");
        }
        return fixture.state();
    };
    const BotState calm = live(false);
    const BotState restarted = live(true);
    QVERIFY(calm.position.isOpen());
    QVERIFY(calm.openOrders.empty());
    QCOMPARE(restarted.position, calm.position);
    QVERIFY(restarted.openOrders.empty());
    QCOMPARE(restarted.status, calm.status);
}

/// A recording goes on where the bot that is furthest behind had come to: for the others that is the past.
void ExitsTest::whatHadNotLeftWaitsForThePriceThatItFollowed()
{
    EngineFixture fixture;
    fixture.market.waits = true;
    BotConfig config = followerConfig();
    config.paper.latencyMilliseconds = 3'000;
    const BotId bot = fixture.run(config);
    fixture.commitsAtOnce = false;
    fixture.candle("101"); // which makes it buy
    const KillSwitch cancel{KillScope::Bot, UserId(1), bot, KillLevel::CancelOrders};
    QVERIFY(fixture.engine->pull(cancel).has_value());
    const Timestamp asked = fixture.state().openOrders.front().cancelRequestedAt;
    QVERIFY(asked == fixture.clock.now());
    fixture.commitsAtOnce = true;
    fixture.clock.advance(-10s);
    fixture.restart();
    QCOMPARE(fixture.state().openOrders.size(), 1U);
    fixture.tick("101"); // of the past
    QCOMPARE(fixture.state().openOrders.size(), 1U);
    fixture.clock.advance(10s);
    fixture.tick("101");
    QVERIFY(fixture.state().openOrders.empty());
    const auto end = std::ranges::find_if(fixture.facts, [](const BotEvent &fact) {
        const auto *changed = std::get_if<OrderChanged>(&fact.payload);
        return changed != nullptr && changed->trigger == OrderTrigger::Cancel;
    });
    QVERIFY(end != fixture.facts.end());
    QVERIFY(end->happened == asked);
}

void ExitsTest::aCancelIsAskedForAgain_data()
{
    QTest::addColumn<bool>("restarts");
    QTest::newRow("after a while") << false;
    QTest::newRow("after a restart") << true;
}

void ExitsTest::aCancelIsAskedForAgain()
{
    QFETCH(bool, restarts);
    LiveExchange live;
    live.exchange.fillsAtOnce = false;
    live.exchange.cancelsAtOnce = false;
    live.enter(LiveExchange::config());
    live.fixture.execute(StopBot{one, StopPolicy::CancelOrders}).value();
    QVERIFY(live.fixture.state().openOrders[0].cancelRequested);
    live.exchange.cancelsAtOnce = true; // the first cancel came to nothing
    if (restarts)
        live.fixture.restart();
    else
        live.fixture.pass(6s);
    QVERIFY(live.fixture.state().openOrders.empty());
    QCOMPARE(live.exchange.openOrders(), 0);
    QCOMPARE(live.fixture.state().status, BotStatus::Stopped);
}

void ExitsTest::aBotInErrorGuardsItsPositionAfterARestart_data()
{
    QTest::addColumn<bool>("isReachableAtOnce");
    QTest::newRow("reachable") << true;
    QTest::newRow("not yet reachable") << false;
}

void ExitsTest::aBotInErrorGuardsItsPositionAfterARestart()
{
    QFETCH(bool, isReachableAtOnce);
    LiveExchange live;
    EngineFixture &fixture = live.fixture;
    BotConfig config = LiveExchange::guarded(StopsAt::Engine);
    config.restartOnError = false;
    live.enter(config);
    live.isReachable = false;
    fixture.restart();
    QCOMPARE(fixture.state().status, BotStatus::Error);
    live.isReachable = isReachableAtOnce;
    fixture.restart();
    QCOMPARE(fixture.state().status, BotStatus::Error);
    live.isReachable = true;
    if (!isReachableAtOnce)
        fixture.pass(10s);
    live.tick("90");
    QVERIFY(live.exchange.position().isZero());
    QVERIFY(!fixture.state().position.isOpen());
    QCOMPARE(fixture.state().status, BotStatus::Error);
}

void ExitsTest::anAtrStopIsArmedAsSoonAsThereIsAnAtr()
{
    LiveExchange live;
    EngineFixture &fixture = live.fixture;
    fixture.market.past = flatCandles(fixture.clock.now(), 3, Price::fromInteger(100));
    BotConfig config = LiveExchange::config();
    config.stopLoss = StopRule{StopKind::Atr, Decimal::fromInteger(2)};
    fixture.run(config);
    live.exchange.tradeByHand(Side::Buy, coin, Price::fromInteger(101));
    QVERIFY(fixture.state().position.isOpen());
    QVERIFY(fixture.state().protection.stopLoss.isZero());
    for (int i = 1; i < 20; ++i) {
        const QByteArray price = QByteArray::number(100 + i);
        live.candle(price.constData());
    }
    const Price stop = fixture.state().protection.stopLoss;
    QVERIFY2(stop > Price::fromInteger(97) && stop < Price::fromInteger(101), qPrintable(stop.toString()));
    live.tick("90");
    QVERIFY(live.exchange.position().isZero());
}

void ExitsTest::aTrailingStopThatItsOwnerRemovedDoesNotArmAgain()
{
    EngineFixture fixture;
    BotConfig config = followerConfig();
    config.trailingStop = TrailingStopRule{Decimal::fromInteger(2), Decimal()};
    fixture.enter(config, "101", "101");
    fixture.tick("103");
    SetProtection removal{one, {}, {}, {}};
    removal.trailingStop.emplace();
    fixture.execute(removal).value();
    fixture.tick("105");
    QVERIFY(fixture.bot().protection().trailingStop.isZero());
    fixture.restart();
    fixture.tick("110");
    fixture.tick("104");
    QVERIFY(fixture.state().position.isOpen());
    removal.trailingStop.emplace(Price::fromInteger(103));
    fixture.execute(removal).value();
    fixture.tick("120"); // and follows again
    QCOMPARE(fixture.bot().protection().trailingStop.toString(), u"117.6"_s);
}

void ExitsTest::aStopLimitOfAShortThatIsJumpedOver()
{
    EngineFixture fixture;
    BotConfig config = followerConfig(PositionType::Short);
    config.stopLoss = StopRule{StopKind::Percent, Decimal::fromInteger(5)};
    config.stopsAt = StopsAt::Exchange;
    config.stopLimitPercent = Decimal::fromInteger(1);
    fixture.run(config);
    fixture.candle("101");
    fixture.candle("99");
    fixture.tick("100");
    fixture.tick("100");
    QCOMPARE(fixture.state().position.side, PositionSide::Short);
    QCOMPARE(fixture.state().openOrders.size(), 1U);
    QCOMPARE(fixture.state().openOrders[0].stopPrice.toString(), u"105"_s);
    QCOMPARE(fixture.state().openOrders[0].limitPrice.toString(), u"106.05"_s);
    fixture.tick("110");
    fixture.tick("111");
    fixture.tick("112");
    QVERIFY(!fixture.state().position.isOpen());
    QVERIFY(fixture.state().openOrders.empty());
}

void ExitsTest::noEntryWhileAnotherBotOfTheAccountHasAnUnknownOrder()
{
    LiveExchange live;
    EngineFixture &fixture = live.fixture;
    const BotId first = fixture.run(LiveExchange::config());
    live.exchange.answers = Answers::None;
    live.candle("101");
    QCOMPARE(fixture.state(first).openOrders[0].state, OrderState::Unknown);
    const BotId second = fixture.run(LiveExchange::config());
    BotConfig elsewhere = LiveExchange::config();
    elsewhere.apiKeyId = 7; // another account
    const BotId third = fixture.run(elsewhere);
    live.candle("100");
    live.candle("102");
    QVERIFY(fixture.state(second).openOrders.empty());
    QVERIFY(!fixture.state(second).position.isOpen());
    QCOMPARE(fixture.state(third).openOrders.size(), 1U);
}

QTEST_GUILESS_MAIN(ExitsTest)
#include "tst_exits.moc"
