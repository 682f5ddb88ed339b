// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/liveexchange.h"

#include <QTest>

using namespace tradebot;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr BotId one(1);
constexpr UserId owner(1);
constexpr Quantity coin = Quantity::fromInteger(1);

using Answers = ScriptedExchange::Answers;

Intent placing(const OrderRequest &wish, const QString &tag)
{
    return Intent{IntentKind::Place, PositionSide::Long, tag, {}, wish};
}

OrderRequest limit(Side side, const char *price)
{
    OrderRequest wish;
    wish.side = side;
    wish.quantity = coin;
    wish.limitPrice = decimal<Price>(price);
    return wish;
}

OrderRequest market(Side side)
{
    OrderRequest wish;
    wish.side = side;
    wish.type = OrderType::Market;
    wish.quantity = coin;
    return wish;
}

/// Holds a coin, offers it at 120, and bids for two more at 90 and 91, at every candle anew.
void offerAndBid(const StrategyView &view, Intents &intents)
{
    if (view.orders.empty() && !view.position.isOpen())
        intents.push_back(placing(market(Side::Buy), u"first"_s));
    if (!view.position.isOpen() || view.orders.size() > 1)
        return;
    intents.push_back(placing(limit(Side::Sell, "120"), u"offer"_s));
    intents.push_back(placing(limit(Side::Buy, "90"), u"low bid"_s));
    intents.push_back(placing(limit(Side::Buy, "91"), u"bid"_s));
}

class Trader final
{
public:
    explicit Trader(StopsAt where = StopsAt::Engine)
    {
        live.decides = true;
        live.deed = offerAndBid;
        BotConfig config = LiveExchange::guarded(where);
        config.trailingStop = TrailingStopRule{Decimal::fromInteger(4), Decimal::fromInteger(1)};
        live.fixture.run(config);
        live.candle("100");
        live.fixture.pass(1ms);
        live.candle("100");
        live.fixture.pass(1ms);
    }
    Result<KillReport> pull(KillLevel level, bool includesProtection = false)
    {
        auto report = live.fixture.engine->pull(KillSwitch{KillScope::Bot, owner, one, level, includesProtection});
        live.fixture.commit();
        return report;
    }
    [[nodiscard]] QStringList openTags() const
    {
        QStringList tags;
        for (const Order &order : live.fixture.state().openOrders)
            tags.append(order.tag);
        tags.sort();
        return tags;
    }

    LiveExchange live;
};

} // namespace

/// Three levels, and what each of them leaves; whatever the exchange does.
class KillSwitchTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void pauseEntriesTakesBackTheEntriesThatRest();
    void cancelOrdersSparesStopsAndTargetsOnly();
    void withProtectionNothingGuardsThePositionAnyMore();
    void nothingIsPlacedAnewUntilItRunsAgain();
    void flattenLeavesNothing();
    void theReportComesWhenTheLastOrderHasEnded();
    void aCancelThatIsLostIsReportedWhenItIsKnown();
    void aBotInErrorThatIsNotConnectedCancelsAsSoonAsItCan();
    void aReportOutlivesARestart();
    void itIsCarriedOutWhereverTheProgramEnds_data();
    void itIsCarriedOutWhereverTheProgramEnds();
    void anEntryOfABotInErrorIsFlattenedToo();
    void itIsOverBeforeTheBotStartsAgain();
    void withNothingToEndItSaysSo();
    void everythingIsAllBotsOfTheOwner();
    void aStrategyMayTrailAnOrder();
    void aStrategyMayPairOrders();
    void aStrategyHearsOfAnOrderThatEndedWithoutAFill_data();
    void aStrategyHearsOfAnOrderThatEndedWithoutAFill();
};

void KillSwitchTest::pauseEntriesTakesBackTheEntriesThatRest()
{
    Trader trader(StopsAt::Exchange);
    QCOMPARE(trader.openTags(), (QStringList{u"bid"_s, u"low bid"_s, u"offer"_s, u"stop_loss"_s}));
    const auto report = trader.pull(KillLevel::PauseEntries);
    QVERIFY(report);
    QCOMPARE(report->orders.size(), 4U);
    QCOMPARE(trader.openTags(), (QStringList{u"offer"_s, u"stop_loss"_s}));
    QCOMPARE(trader.live.exchange.openOrders(), 2);
    QCOMPARE(trader.live.fixture.state().status, BotStatus::Paused);
    QCOMPARE(trader.live.killReport().count(u"cancelled"_s), 2);
    QCOMPARE(trader.live.killReport().count(u"is kept"_s), 3); // the offer, the stop, the position
}

void KillSwitchTest::cancelOrdersSparesStopsAndTargetsOnly()
{
    Trader trader(StopsAt::Exchange);
    trader.pull(KillLevel::CancelOrders).value();
    QCOMPARE(trader.openTags(), QStringList{u"stop_loss"_s});
    QCOMPARE(trader.live.exchange.openOrders(), 1);
    QVERIFY(!trader.live.fixture.state().kill);
    QCOMPARE(trader.live.killReport().count(u"cancelled"_s), 3);
}

void KillSwitchTest::withProtectionNothingGuardsThePositionAnyMore()
{
    for (const StopsAt where : {StopsAt::Exchange, StopsAt::Engine}) {
        Trader trader(where);
        LiveExchange &live = trader.live;
        trader.pull(KillLevel::CancelOrders, true).value();
        QCOMPARE(trader.openTags(), QStringList());
        QCOMPARE(live.exchange.openOrders(), 0);
        live.tick("110"); // where the trailing rule would arm again
        live.candle("110");
        live.fixture.restart();
        live.tick("112");
        live.tick("50");
        live.candle("50");
        QCOMPARE(live.exchange.openOrders(), 0);
        QCOMPARE(live.exchange.position(), coin);
        QCOMPARE(live.fixture.state().position.quantity, coin);
    }
}

void KillSwitchTest::nothingIsPlacedAnewUntilItRunsAgain()
{
    Trader trader;
    LiveExchange &live = trader.live;
    trader.pull(KillLevel::CancelOrders).value();
    const int before = live.exchange.submissions;
    live.candle("100");
    live.candle("101");
    live.fixture.restart();
    live.candle("100");
    live.fixture.pass(1ms);
    QCOMPARE(live.exchange.submissions, before);
    live.fixture.execute(ResumeBot{one}).value();
    live.candle("100");
    live.fixture.pass(1ms);
    QCOMPARE(trader.openTags(), (QStringList{u"bid"_s, u"low bid"_s, u"offer"_s}));
}

void KillSwitchTest::flattenLeavesNothing()
{
    Trader trader(StopsAt::Exchange);
    trader.pull(KillLevel::Flatten).value();
    trader.live.fixture.pass(1ms);
    QVERIFY(trader.live.exchange.position().isZero());
    QCOMPARE(trader.live.exchange.openOrders(), 0);
    QCOMPARE(trader.live.fixture.state().status, BotStatus::Stopped);
    QCOMPARE(trader.live.killReport().count(u"cancelled"_s), 4);
    QVERIFY(!trader.live.killReport().contains(u"kept"_s));
}

void KillSwitchTest::theReportComesWhenTheLastOrderHasEnded()
{
    Trader trader;
    LiveExchange &live = trader.live;
    live.exchange.cancelsAtOnce = false;
    trader.pull(KillLevel::CancelOrders).value();
    QVERIFY(live.fixture.state().kill.has_value());
    ClientOrderId bid;
    for (const Order &order : live.fixture.state().openOrders) {
        if (order.tag == u"bid"_s)
            bid = order.id;
    }
    live.exchange.fill(bid, coin, Price::fromInteger(91)); // the cancel comes too late
    QCOMPARE(live.killReport(), QString());
    live.exchange.settleCancels();
    QVERIFY(!live.fixture.state().kill);
    QVERIFY(live.killReport().contains(u"order %1 filled"_s.arg(bid.toString())));
    QCOMPARE(live.killReport().count(u"cancelled"_s), 2);
    QVERIFY(live.killReport().contains(u"a position of 2 is kept"_s));
}

void KillSwitchTest::aCancelThatIsLostIsReportedWhenItIsKnown()
{
    Trader trader;
    LiveExchange &live = trader.live;
    live.exchange.answers = Answers::NothingComes;
    const auto report = trader.pull(KillLevel::CancelOrders);
    for (const Order &order : report->orders)
        QCOMPARE(order.state, OrderState::Unknown);
    live.fixture.pass(30s);
    QVERIFY(live.fixture.state().kill.has_value());
    QCOMPARE(live.exchange.openOrders(), 3);
    live.exchange.answers = Answers::All;
    live.fixture.pass(60s);
    QCOMPARE(live.exchange.openOrders(), 0);
    QVERIFY(!live.fixture.state().kill);
    QCOMPARE(live.killReport().count(u"cancelled"_s), 3);
}

void KillSwitchTest::aBotInErrorThatIsNotConnectedCancelsAsSoonAsItCan()
{
    Trader trader;
    LiveExchange &live = trader.live;
    live.isReachable = false;
    live.fixture.restart();
    QCOMPARE(live.fixture.state().status, BotStatus::Error);
    trader.pull(KillLevel::CancelOrders).value();
    QVERIFY(live.fixture.state().kill.has_value());
    live.fixture.restart(); // the program may even end in between
    QCOMPARE(live.fixture.state().status, BotStatus::Error);
    QCOMPARE(live.exchange.openOrders(), 3);
    live.isReachable = true;
    for (int i = 0; i < 3; ++i)
        live.fixture.pass(60s);
    QCOMPARE(live.exchange.openOrders(), 0);
    QVERIFY(!live.fixture.state().kill);
    QCOMPARE(live.killReport().count(u"cancelled"_s), 3);
}

void KillSwitchTest::aReportOutlivesARestart()
{
    Trader trader;
    LiveExchange &live = trader.live;
    live.exchange.cancelsAtOnce = false;
    trader.pull(KillLevel::CancelOrders).value();
    live.exchange.cancelByItself(live.fixture.state().openOrders[0].id);
    live.fixture.restart();
    live.exchange.settleCancels();
    QCOMPARE(live.killReport().count(u"cancelled"_s), 3);
}

void KillSwitchTest::itIsCarriedOutWhereverTheProgramEnds_data()
{
    QTest::addColumn<KillLevel>("level");
    QTest::addColumn<std::optional<StopPolicy>>("before");
    const std::optional<StopPolicy> runs;
    QTest::newRow("pause") << KillLevel::PauseEntries << runs;
    QTest::newRow("cancel") << KillLevel::CancelOrders << runs;
    QTest::newRow("flatten") << KillLevel::Flatten << runs;
    QTest::newRow("flatten while it stops") << KillLevel::Flatten << std::optional(StopPolicy::CancelOrders);
    QTest::newRow("flatten when it has stopped") << KillLevel::Flatten << std::optional(StopPolicy::LeavePosition);
}

void KillSwitchTest::itIsCarriedOutWhereverTheProgramEnds()
{
    QFETCH(const KillLevel, level);
    QFETCH(const std::optional<StopPolicy>, before);
    const bool flattens = level == KillLevel::Flatten;
    bool isLast = false;
    for (std::size_t more = 1; !isLast; ++more) { // so many facts of the kill switch were durable
        Trader trader;
        LiveExchange &live = trader.live;
        live.exchange.cancelsAtOnce = before != StopPolicy::CancelOrders;
        if (before)
            live.fixture.execute(StopBot{one, *before}).value();
        live.fixture.commit();
        live.fixture.commitsAtOnce = false;
        const std::size_t durable = live.fixture.facts.size();
        live.fixture.engine->pull(KillSwitch{KillScope::Bot, owner, one, level, true}).value();
        isLast = durable + more >= live.fixture.facts.size();
        live.fixture.restart(durable + more);
        live.fixture.commitsAtOnce = true;
        live.exchange.cancelsAtOnce = true;
        live.exchange.settleCancels();
        live.fixture.commit();
        for (int i = 0; i < 3; ++i) {
            live.candle("100");
            live.fixture.pass(1min);
        }
        const BotState &state = live.fixture.state();
        QVERIFY2(!state.kill, qPrintable(QString::number(more)));
        QCOMPARE(state.status, flattens ? BotStatus::Stopped : BotStatus::Paused);
        QCOMPARE(live.exchange.position(), flattens ? Quantity() : coin);
        QCOMPARE(state.position.quantity, live.exchange.position());
        QCOMPARE(live.exchange.openOrders(), level == KillLevel::PauseEntries ? 1 : 0);
        QCOMPARE(state.protection.stopLoss.isZero(), level != KillLevel::PauseEntries);
    }
}

void KillSwitchTest::anEntryOfABotInErrorIsFlattenedToo()
{
    LiveExchange live;
    live.exchange.answers = Answers::None;
    live.enter(LiveExchange::config());
    live.isReachable = false;
    live.fixture.restart();
    QCOMPARE(live.fixture.state().status, BotStatus::Error);
    QCOMPARE(live.fixture.state().openOrders.size(), 1U); // which has been filled; nobody knows
    live.fixture.commitsAtOnce = false;
    const std::size_t durable = live.fixture.facts.size();
    live.fixture.engine->pull(KillSwitch{KillScope::Bot, owner, one, KillLevel::Flatten, false}).value();
    live.fixture.restart(durable + 1);
    live.fixture.commitsAtOnce = true;
    live.fixture.commit();
    live.exchange.answers = Answers::All;
    live.isReachable = true;
    for (int i = 0; i < 3; ++i)
        live.fixture.pass(1min);
    QCOMPARE(live.fixture.state().status, BotStatus::Stopped);
    QVERIFY(!live.fixture.state().kill);
    QVERIFY(live.exchange.position().isZero());
}

void KillSwitchTest::itIsOverBeforeTheBotStartsAgain()
{
    Trader trader;
    LiveExchange &live = trader.live;
    live.exchange.answers = Answers::None; // the way out stays open
    trader.pull(KillLevel::Flatten).value();
    QCOMPARE(live.fixture.state().status, BotStatus::Stopping);
    live.fixture.execute(StopBot{one, StopPolicy::LeavePosition}).value(); // a second thought
    live.exchange.answers = Answers::All;
    live.fixture.pass(60s);
    QCOMPARE(live.fixture.state().status, BotStatus::Stopped);
    QVERIFY(!live.fixture.state().kill);
    live.fixture.execute(StartBot{one}).value();
    QCOMPARE(live.fixture.state().status, BotStatus::Running);
    QCOMPARE(live.fixture.state().desired, DesiredState::Running);
}

void KillSwitchTest::withNothingToEndItSaysSo()
{
    LiveExchange live;
    live.enter(LiveExchange::guarded(StopsAt::Exchange));
    QVERIFY(live.fixture.engine->pull(KillSwitch{KillScope::Bot, owner, one, KillLevel::CancelOrders, false}));
    QVERIFY2(live.killReport().contains(u"no order had to end"_s), qPrintable(live.killReport()));
    QVERIFY(live.killReport().contains(u"(stop_loss) is kept"_s));
}

void KillSwitchTest::everythingIsAllBotsOfTheOwner()
{
    EngineFixture fixture;
    const BotId first = fixture.run(followerConfig());
    const BotId second = fixture.run(followerConfig(PositionType::Both));
    const BotId foreign = fixture.execute(CreateBot{UserId(2), followerConfig()}).value();
    fixture.execute(StartBot{foreign}).value();
    fixture.candle("101");
    fixture.tick("101");
    const auto report =
            fixture.engine->pull(KillSwitch{KillScope::Everything, owner, BotId(), KillLevel::Flatten, false});
    fixture.commit();
    QCOMPARE(report->bots, (std::vector<BotId>{first, second}));
    fixture.tick("101");
    fixture.tick("101");
    for (const BotId bot : {first, second}) {
        QVERIFY(!fixture.state(bot).position.isOpen());
        QCOMPARE(fixture.state(bot).status, BotStatus::Stopped);
        QVERIFY(!fixture.state(bot).kill);
    }
    QVERIFY(fixture.state(foreign).position.isOpen());
    QCOMPARE(fixture.state(foreign).status, BotStatus::Running);
}

void KillSwitchTest::aStrategyMayTrailAnOrder()
{
    LiveExchange live;
    live.decides = true;
    live.deed = [](const StrategyView &view, Intents &intents) {
        if (!view.position.isOpen()) {
            intents.push_back(placing(market(Side::Buy), u"in"_s));
        } else if (view.orders.empty()) {
            OrderRequest wish = market(Side::Sell);
            wish.type = OrderType::TrailingStop;
            wish.trailingPercent = Decimal::fromInteger(5);
            intents.push_back(placing(wish, u"trail"_s));
        }
    };
    EngineFixture &fixture = live.fixture;
    fixture.run(followerConfig()); // on paper
    fixture.candle("100");
    fixture.tick("100");
    fixture.candle("100");
    fixture.tick("100");
    QCOMPARE(fixture.state().openOrders.size(), 1U);
    QCOMPARE(fixture.state().openOrders[0].type, OrderType::TrailingStop);
    fixture.tick("120");
    fixture.tick("115");
    QVERIFY(fixture.state().position.isOpen());
    fixture.tick("113");
    QVERIFY(!fixture.state().position.isOpen());
}

void KillSwitchTest::aStrategyMayPairOrders()
{
    for (const bool onPaper : {true, false}) {
        LiveExchange live;
        live.decides = true;
        live.deed = [](const StrategyView &view, Intents &intents) {
            if (!view.position.isOpen()) {
                intents.push_back(placing(market(Side::Buy), u"in"_s));
            } else if (view.orders.empty()) {
                OrderRequest target = limit(Side::Sell, "110");
                OrderRequest stop = market(Side::Sell);
                stop.type = OrderType::Stop;
                stop.stopPrice = Price::fromInteger(90);
                target.group = stop.group = 3;
                intents.push_back(placing(target, u"target"_s));
                intents.push_back(placing(stop, u"stop"_s));
            }
        };
        EngineFixture &fixture = live.fixture;
        fixture.run(onPaper ? followerConfig() : LiveExchange::config());
        live.candle("100");
        live.tick("100");
        live.candle("100");
        live.tick("100");
        QCOMPARE(fixture.state().openOrders.size(), 2U);
        const Order target = fixture.state().openOrders[0];
        QCOMPARE(target.oneCancelsOther, target.id.sequence);
        QCOMPARE(fixture.state().openOrders[1].oneCancelsOther, target.oneCancelsOther);
        if (onPaper)
            live.tick("111");
        else
            live.exchange.fill(target.id, coin, Price::fromInteger(110));
        QVERIFY(!fixture.state().position.isOpen());
        QVERIFY(fixture.state().openOrders.empty());
        QCOMPARE(live.exchange.openOrders(), 0);
    }
}

void KillSwitchTest::aStrategyHearsOfAnOrderThatEndedWithoutAFill_data()
{
    QTest::addColumn<TimeInForce>("timeInForce");
    QTest::addColumn<bool>("postOnly");
    QTest::addColumn<QByteArray>("price");
    QTest::addColumn<OrderState>("state");
    QTest::newRow("immediate or cancel") << TimeInForce::Ioc << false << QByteArray("90") << OrderState::Expired;
    QTest::newRow("fill or kill") << TimeInForce::Fok << false << QByteArray("90") << OrderState::Expired;
    QTest::newRow("post-only") << TimeInForce::Gtc << true << QByteArray("110") << OrderState::Rejected;
}

void KillSwitchTest::aStrategyHearsOfAnOrderThatEndedWithoutAFill()
{
    QFETCH(TimeInForce, timeInForce);
    QFETCH(bool, postOnly);
    QFETCH(QByteArray, price);
    QFETCH(OrderState, state);
    LiveExchange live;
    live.decides = true;
    bool hasAsked = false;
    live.deed = [&](const StrategyView &, Intents &intents) {
        OrderRequest wish = limit(Side::Buy, price.constData());
        wish.timeInForce = timeInForce;
        wish.postOnly = postOnly;
        if (!std::exchange(hasAsked, true))
            intents.push_back(placing(wish, u"in"_s));
    };
    live.fixture.run(followerConfig()); // on paper
    live.fixture.candle("100");
    live.fixture.tick("100");
    live.fixture.tick("100");
    QCOMPARE(live.told.size(), 1U);
    QCOMPARE(live.told[0].state, state);
    QVERIFY(live.told[0].filled.isZero());
}

QTEST_GUILESS_MAIN(KillSwitchTest)
#include "tst_killswitch.moc"
