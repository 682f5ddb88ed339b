// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/protectiveorders.h"

#include <QTest>

using namespace tradebot;
using namespace Qt::StringLiterals;

namespace {

Position positionOf(PositionSide side, int coins = 2)
{
    Position position;
    position.side = side;
    position.quantity = Quantity::fromInteger(coins);
    position.cost = Money::fromInteger(100 * coins);
    return position;
}

BotConfig config()
{
    BotConfig made;
    made.symbol = Symbol(u"BTCUSDT"_s);
    made.stopsAt = StopsAt::Exchange;
    return made;
}

Protection protection(int stop, int target)
{
    Protection made;
    made.stopLoss = Price::fromInteger(stop);
    made.takeProfit = Price::fromInteger(target);
    return made;
}

/// What a plan placed, now at the exchange.
std::vector<Order> resting(const ProtectivePlan &plan)
{
    std::vector<Order> orders = plan.missing;
    for (Order &order : orders) {
        order.id = ClientOrderId{BotId(1), EventSequence(10 + (&order - orders.data()))};
        order.state = OrderState::Accepted;
        order.oneCancelsOther = EventSequence(10);
    }
    return orders;
}

} // namespace

/// Which orders have to rest at the exchange to guard a position.
class ProtectiveOrdersTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aPositionHasOneStopAndOneTarget();
    void theLimitOfAStopLiesBehindIt_data();
    void theLimitOfAStopLiesBehindIt();
    void whatRestsAndFitsIsLeftAlone();
    void whatDoesNotFitEndsBeforeAnythingNew_data();
    void whatDoesNotFitEndsBeforeAnythingNew();
    void oneThatWasTriggeredIsLeftAlone();
    void aMissingSiblingJoinsTheGroup();
    void whatIsTooSmallForAnOrderHasNone();
};

void ProtectiveOrdersTest::aPositionHasOneStopAndOneTarget()
{
    for (const PositionSide side : {PositionSide::Long, PositionSide::Short}) {
        const ProtectivePlan plan =
                planProtectiveOrders(config(), Instrument(), positionOf(side), protection(95, 110), {});
        QVERIFY(plan.outdated.empty());
        QCOMPARE(plan.missing.size(), 2U);
        QCOMPARE(plan.missing[0].type, OrderType::Stop);
        QCOMPARE(plan.missing[0].stopPrice, Price::fromInteger(95));
        QCOMPARE(plan.missing[1].type, OrderType::Limit);
        QCOMPARE(plan.missing[1].limitPrice, Price::fromInteger(110));
        for (const Order &order : plan.missing) {
            QVERIFY(order.reduceOnly);
            QVERIFY(isProtective(order));
            QCOMPARE(order.quantity, Quantity::fromInteger(2));
            QCOMPARE(order.side, side == PositionSide::Long ? Side::Sell : Side::Buy);
        }
    }
}

void ProtectiveOrdersTest::theLimitOfAStopLiesBehindIt_data()
{
    QTest::addColumn<PositionSide>("side");
    QTest::addColumn<QString>("limit");
    QTest::newRow("long") << PositionSide::Long << u"94.1"_s;   // 95 less 1 %: 94.05, no worse on a step of 0.1
    QTest::newRow("short") << PositionSide::Short << u"95.9"_s; // 95.95
}

void ProtectiveOrdersTest::theLimitOfAStopLiesBehindIt()
{
    QFETCH(PositionSide, side);
    QFETCH(QString, limit);
    BotConfig limited = config();
    limited.stopLimitPercent = Decimal::fromInteger(1);
    Instrument instrument;
    instrument.priceStep = Price::fromRaw(10'000'000);
    const ProtectivePlan plan = planProtectiveOrders(limited, instrument, positionOf(side), protection(95, 0), {});
    QCOMPARE(plan.missing.size(), 1U);
    QCOMPARE(plan.missing[0].type, OrderType::StopLimit);
    const QString has = plan.missing[0].limitPrice.toString();
    QCOMPARE(has, limit);
}

void ProtectiveOrdersTest::whatRestsAndFitsIsLeftAlone()
{
    const Position position = positionOf(PositionSide::Long);
    const auto orders = resting(planProtectiveOrders(config(), Instrument(), position, protection(95, 110), {}));
    const ProtectivePlan plan = planProtectiveOrders(config(), Instrument(), position, protection(95, 110), orders);
    QVERIFY(plan.outdated.empty());
    QVERIFY(plan.missing.empty());
}

void ProtectiveOrdersTest::whatDoesNotFitEndsBeforeAnythingNew_data()
{
    QTest::addColumn<QString>("what");
    QTest::addColumn<int>("outdated");
    QTest::newRow("another stop price") << u"price"_s << 1;
    QTest::newRow("another size") << u"size"_s << 2;
    QTest::newRow("filled in part") << u"part"_s << 1;
    QTest::newRow("is being cancelled") << u"cancel"_s << 1;
    QTest::newRow("no position") << u"flat"_s << 2;
    QTest::newRow("stops are watched by us now") << u"engine"_s << 2;
    QTest::newRow("no stop any more") << u"none"_s << 1;
}

void ProtectiveOrdersTest::whatDoesNotFitEndsBeforeAnythingNew()
{
    QFETCH(QString, what);
    QFETCH(int, outdated);
    BotConfig configured = config();
    Position position = positionOf(PositionSide::Long);
    Protection wanted = protection(95, 110);
    auto orders = resting(planProtectiveOrders(configured, Instrument(), position, wanted, {}));
    if (what == u"price"_s)
        wanted.stopLoss = Price::fromInteger(96);
    else if (what == u"size"_s)
        position = positionOf(PositionSide::Long, 3);
    else if (what == u"part"_s)
        orders[1].filled = Quantity::fromInteger(1);
    else if (what == u"cancel"_s)
        orders[0].cancelRequested = true;
    else if (what == u"flat"_s)
        position = Position();
    else if (what == u"engine"_s)
        configured.stopsAt = StopsAt::Engine;
    else
        wanted.stopLoss = Price();
    const ProtectivePlan plan = planProtectiveOrders(configured, Instrument(), position, wanted, orders);
    QCOMPARE(static_cast<int>(plan.outdated.size()), outdated);
    QVERIFY(plan.missing.empty());
}

void ProtectiveOrdersTest::oneThatWasTriggeredIsLeftAlone()
{
    const Position position = positionOf(PositionSide::Long);
    auto orders = resting(planProtectiveOrders(config(), Instrument(), position, protection(95, 110), {}));
    orders[0].triggeredAt = Timestamp(std::chrono::hours(1));
    const ProtectivePlan plan = planProtectiveOrders(config(), Instrument(), position, protection(96, 111), orders);
    QVERIFY(plan.outdated.empty());
    QVERIFY(plan.missing.empty());
}

void ProtectiveOrdersTest::aMissingSiblingJoinsTheGroup()
{
    const Position position = positionOf(PositionSide::Long);
    auto orders = resting(planProtectiveOrders(config(), Instrument(), position, protection(95, 110), {}));
    orders.erase(orders.begin());
    const ProtectivePlan plan = planProtectiveOrders(config(), Instrument(), position, protection(95, 110), orders);
    QCOMPARE(plan.missing.size(), 1U);
    QCOMPARE(plan.missing[0].purpose, OrderPurpose::StopLoss);
    QCOMPARE(plan.group, EventSequence(10));
}

void ProtectiveOrdersTest::whatIsTooSmallForAnOrderHasNone()
{
    Instrument instrument;
    instrument.quantityStep = Quantity::fromInteger(5);
    const ProtectivePlan plan =
            planProtectiveOrders(config(), instrument, positionOf(PositionSide::Long), protection(95, 110), {});
    QVERIFY(plan.missing.empty());
}

QTEST_GUILESS_MAIN(ProtectiveOrdersTest)
#include "tst_protectiveorders.moc"
