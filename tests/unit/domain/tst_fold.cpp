// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/domain/botevent.h"
#include "core/domain/statejson.h"
#include "tests/support/generators.h"
#include "tests/support/qtestprint.h"

#include <QTest>

#include <array>
#include <span>
#include <vector>

using namespace tradebot;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr Timestamp noon = fromMilliseconds(1'795'176'000'000); // 2026-11-20T12:00:00Z

/// A bot whose facts are told one after the other.
class Story final
{
public:
    Story()
    {
        BotConfig config;
        config.initialBalance = Money::fromInteger(10'000);
        tell(BotCreated{UserId(1), config});
    }

    void tell(EventPayload payload)
    {
        m_time += 1s;
        const BotEvent event{EventSequence(++m_sequence), BotId(17), m_time, m_time, std::move(payload)};
        const auto done = apply(state, event);
        QVERIFY2(done, problemOf(done).constData());
    }

    /// A fill at the paper exchange; what it realises comes from the position, as in the engine.
    void fill(Side side, const char *quantity, const char *price, const char *fee, const char *tag = "")
    {
        OrderFilled filled;
        filled.order.id = {BotId(17), EventSequence(m_sequence + 1)};
        filled.order.state = OrderState::Filled;
        filled.order.tag = QString::fromLatin1(tag);
        filled.fill.side = side;
        filled.fill.quantity = Quantity::parse(QByteArray(quantity)).value();
        filled.fill.price = Price::parse(QByteArray(price)).value();
        filled.fill.fee = Money::parse(QByteArray(fee)).value();
        filled.realised = applyFill(state.position, filled.fill, m_time).value().realised;
        tell(filled);
    }

    void closeTrade(const char *gross, const char *fees, const char *exitTag = "")
    {
        Trade trade;
        trade.gross = Money::parse(QByteArray(gross)).value();
        trade.fees = Money::parse(QByteArray(fees)).value();
        trade.exitTag = QString::fromLatin1(exitTag);
        tell(TradeClosed{trade});
    }

    [[nodiscard]] Timestamp time() const { return m_time; }

    BotState state;

private:
    Timestamp m_time = noon;
    qint64 m_sequence = 0;
};

Order orderOf(qint64 number, OrderState state)
{
    Order order;
    order.id = {BotId(17), EventSequence(number)};
    order.state = state;
    return order;
}

/// Fills as an exchange may send them, with what they realise; small enough to stay in range.
std::vector<OrderFilled> randomFills()
{
    std::vector<OrderFilled> fills;
    Position position;
    for (int i = *rc::gen::inRange(0, 40); i > 0; --i) {
        OrderFilled filled;
        filled.order = *gen::order();
        filled.fill = *gen::fill();
        filled.fill.price = *gen::positive<Price>(13);
        filled.fill.quantity = *gen::positive<Quantity>(11);
        const auto change = applyFill(position, filled.fill, noon).value();
        filled.realised = change.realised;
        position = change.position;
        fills.push_back(std::move(filled));
    }
    return fills;
}

/// Tells a state all events; those that it refuses change nothing.
void fold(BotState &state, std::span<const BotEvent> events)
{
    for (const BotEvent &event : events)
        (void)apply(state, event).has_value();
}

} // namespace

class TestFold final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aNewBotHasItsBalanceAndItsDay();
    void anEntryAndAnExitAreCountedByHand();
    void partsOfATradeAreSummed();
    void aTurnedPositionBeginsATradeOfItsOwn();
    void theBalanceIsTheSumOfItsLedger();
    void aClosedDayBeginsTheNextAtZero();
    void whatWasAskedForAndWhatIsAreSeparate();
    void openOrdersFollowTheirFacts();
    void theLastEntryIsTheNewestThatFilled();
    void anExitIsPlannedUntilNothingCouldOpenOneAgain();
    void aGuardsOrderSaysWhatIsPlanned();
    void aStopThatLeavesThePositionEndsThePlan();
    void theFillsOfAnOrderThatIsOverAreKnown();
    void theKillSwitchKnowsWhatBecameOfItsOrders();
    void theLastErrorIsKeptUntilItIsCleared();
    void theInitialBalanceCanChangeBeforeTheFirstFill();
    void thePeakIsTheHighestBalanceWhileFlatAndWhatIsSaidOfIt();
    void anotherInitialBalanceIsAnotherPeak();
    void theFeeOfATurnIsSharedToTheLastDigit();
    void aFeeThatBecomesKnownLaterBelongsToItsTrade();
    void theOrdersOfTheLastMinuteAreRemembered();
    void aFactThatDoesNotTouchTheStateOnlyMovesTheNumber_data();
    void aFactThatDoesNotTouchTheStateOnlyMovesTheNumber();
    void anOverflowLeavesTheStateAsItWas_data();
    void anOverflowLeavesTheStateAsItWas();
    void aRefusedFactLeavesEveryStateAsItWas();
    void aReplayGivesTheSameBytes();
    void aStateFromTheStoreGoesOnAsIfItHadNeverLeft();
};

void TestFold::aNewBotHasItsBalanceAndItsDay()
{
    const Story story;
    QCOMPARE(story.state.balance.toBytes(), "10000");
    QVERIFY(story.state.day == std::chrono::floor<std::chrono::days>(noon));
    QVERIFY(story.state.statusSince == story.time());
    QCOMPARE(story.state.lastSequence.value(), 1);
    QCOMPARE(story.state.status, BotStatus::Stopped);
}

void TestFold::anEntryAndAnExitAreCountedByHand()
{
    Story story;
    story.tell(BotConfigured{4, BotConfig()});
    story.fill(Side::Buy, "0.5", "20000", "10", "ema_cross_up"); // 10000, fee 0.1 %
    const Timestamp entered = story.time();
    QCOMPARE(story.state.balance.toBytes(), "9990");
    QCOMPARE(story.state.position.entryPrice().toBytes(), "20000");
    QCOMPARE(story.state.openTrade.entered.toBytes(), "0.5");
    QCOMPARE(story.state.openTrade.entryNotional.toBytes(), "10000");
    QCOMPARE(story.state.openTrade.entryTag, u"ema_cross_up"_s);
    QCOMPARE(story.state.openTrade.configVersion, 4);
    QVERIFY(story.state.openTrade.entryTime == entered);

    story.tell(ProtectionChanged{{Price::fromInteger(19'600), {}, {}, {}, {}}, u"entry"_s});
    story.fill(Side::Sell, "0.5", "21000", "10.5");     // 10500
    QCOMPARE(story.state.balance.toBytes(), "10479.5"); // 10000 + 500 − 10 − 10.5
    QVERIFY(story.state.position == Position());
    QCOMPARE(story.state.openTrade.exited.toBytes(), "0.5");
    QCOMPARE(story.state.openTrade.exitNotional.toBytes(), "10500");
    QCOMPARE(story.state.openTrade.gross.toBytes(), "500");
    QCOMPARE(story.state.openTrade.fees.toBytes(), "20.5");

    story.closeTrade("500", "20.5");
    for (const Totals &totals : {story.state.life, story.state.today}) {
        QCOMPARE(totals.gross.toBytes(), "500");
        QCOMPARE(totals.fees.toBytes(), "20.5");
        QCOMPARE(totals.net().toBytes(), "479.5");
        QCOMPARE(totals.fills, 2);
        QCOMPARE(totals.trades, 1);
        QCOMPARE(totals.wins, 1);
    }
    QVERIFY(story.state.openTrade == OpenTrade());
    QVERIFY(story.state.protection == Protection());

    story.fill(Side::Sell, "0.1", "21000", "2.1"); // a short that loses its fees
    story.fill(Side::Buy, "0.1", "21000", "2.1");
    story.closeTrade("0", "4.2");
    QCOMPARE(story.state.balance.toBytes(), "10475.3");
    QCOMPARE(story.state.life.trades, 2);
    QCOMPARE(story.state.life.wins, 1);
}

void TestFold::partsOfATradeAreSummed()
{
    Story story;
    story.fill(Side::Buy, "1", "100", "0.1", "first");
    const Timestamp entered = story.time();
    story.fill(Side::Buy, "2", "130", "0.26", "second");
    story.fill(Side::Sell, "0.5", "150", "0.075");
    story.fill(Side::Sell, "2.5", "110", "0.275");
    const OpenTrade &trade = story.state.openTrade;
    QVERIFY(trade.entryTime == entered);
    QCOMPARE(trade.entryTag, u"first"_s);
    QCOMPARE(trade.entered.toBytes(), "3");
    QCOMPARE(trade.entryNotional.toBytes(), "360");
    QCOMPARE(trade.exited.toBytes(), "3");
    QCOMPARE(trade.exitNotional.toBytes(), "350");
    QCOMPARE(trade.gross.toBytes(), "-10");
    QCOMPARE(trade.fees.toBytes(), "0.71");
    QCOMPARE(story.state.balance.toBytes(), "9989.29");
}

void TestFold::aTurnedPositionBeginsATradeOfItsOwn()
{
    Story story;
    story.fill(Side::Buy, "2", "100", "0.2", "up");
    story.tell(ProtectionChanged{{Price::fromInteger(98), Price::fromInteger(104), {}, {}, {}}, u"entry"_s});
    story.fill(Side::Sell, "5", "110", "0.55", "down");
    const Timestamp turned = story.time();
    QCOMPARE(story.state.openTrade.exited.toBytes(), "2");
    QCOMPARE(story.state.openTrade.exitNotional.toBytes(), "220");
    QCOMPARE(story.state.openTrade.fees.toBytes(), "0.42"); // 0.2, and two fifths of 0.55
    story.closeTrade("20", "0.42", "down");
    const OpenTrade &trade = story.state.openTrade;
    QCOMPARE(story.state.position.side, PositionSide::Short);
    QVERIFY(trade.entryTime == turned);
    QCOMPARE(trade.entryTag, u"down"_s);
    QCOMPARE(trade.entered.toBytes(), "3");
    QCOMPARE(trade.entryNotional.toBytes(), "330");
    QVERIFY(trade.exited.isZero() && trade.gross.isZero());
    QCOMPARE(trade.fees.toBytes(), "0.33"); // three fifths
    // The long position's stop at 98 would close the short one at once.
    QVERIFY(story.state.protection == Protection());
}

void TestFold::theBalanceIsTheSumOfItsLedger()
{
    QVERIFY(rc::check("balance == initial + sum of realised − sum of fees", [] {
        Story story;
        std::int64_t expected = story.state.balance.raw();
        qint64 count = 0;
        for (const OrderFilled &filled : randomFills()) {
            story.tell(filled);
            expected += filled.realised.raw() - filled.fill.fee.raw();
            ++count;
            RC_ASSERT(story.state.balance.raw() == expected);
        }
        RC_ASSERT(story.state.life.fills == count);
        RC_ASSERT(story.state.life == story.state.today);
        RC_ASSERT(story.state.life.net().raw() == expected - Money::fromInteger(10'000).raw());
    }));
}

void TestFold::aClosedDayBeginsTheNextAtZero()
{
    Story story;
    story.fill(Side::Buy, "1", "100", "0.1");
    story.tell(ErrorRaised{ErrorKind::OrderRejected, u"no money"_s});
    story.tell(DailyLimitReached{u"enough"_s});
    story.tell(StatusChanged{BotStatus::Running, BotStatus::Error, ErrorKind::Strategy, u"boom"_s});
    QVERIFY(story.state.haltedByDailyLimit);
    const BotState before = story.state;

    DayClosed closed;
    closed.day = before.day;
    closed.next = before.day + std::chrono::days(3); // the program was off for two days
    closed.totals = before.today;
    story.tell(closed);
    QVERIFY(story.state.day == closed.next);
    QVERIFY(story.state.today == Totals());
    QVERIFY(!story.state.haltedByDailyLimit);
    QVERIFY(story.state.lastError.isEmpty());
    BotState rest = before;
    rest.day = closed.next;
    rest.today = Totals();
    rest.haltedByDailyLimit = false;
    rest.lastError.clear();
    rest.lastSequence = story.state.lastSequence;
    rest.marketTime = story.state.marketTime;
    QVERIFY(story.state == rest); // position, balance, life, status: untouched
}

void TestFold::whatWasAskedForAndWhatIsAreSeparate()
{
    Story story;
    story.tell(DesiredChanged{DesiredState::Running, StopPolicy::Flatten});
    QCOMPARE(story.state.desired, DesiredState::Running);
    QCOMPARE(story.state.stopPolicy, StopPolicy::Flatten);
    QCOMPARE(story.state.status, BotStatus::Stopped);
    story.tell(StatusChanged{BotStatus::Stopped, BotStatus::Error, ErrorKind::PriceFetch, u"no price"_s});
    QCOMPARE(story.state.status, BotStatus::Error);
    QCOMPARE(story.state.errorKind, ErrorKind::PriceFetch);
    QCOMPARE(story.state.statusMessage, u"no price"_s);
    QVERIFY(story.state.statusSince == story.time());
    QCOMPARE(story.state.desired, DesiredState::Running);
    story.tell(HealthChanged{Health::Degraded, HealthReason::UnknownOrder, u"tb-1-2"_s});
    QCOMPARE(story.state.health, Health::Degraded);
    QCOMPARE(story.state.healthReason, HealthReason::UnknownOrder);
    QCOMPARE(story.state.healthMessage, u"tb-1-2"_s);
    story.tell(DecisionMade());
    QVERIFY(story.state.lastRunAt == story.time());
}

void TestFold::openOrdersFollowTheirFacts()
{
    Story story;
    story.tell(OrderChanged{OrderTrigger::Deny, orderOf(2, OrderState::Denied)});
    QVERIFY(story.state.openOrders.empty());
    story.tell(OrderChanged{OrderTrigger::Submit, orderOf(3, OrderState::Submitted)});
    story.tell(OrderChanged{OrderTrigger::Submit, orderOf(4, OrderState::Submitted)});
    story.tell(OrderChanged{OrderTrigger::Accept, orderOf(3, OrderState::Accepted)});
    QCOMPARE(story.state.openOrders.size(), std::size_t(2));
    QVERIFY(story.state.openOrders[0] == orderOf(3, OrderState::Accepted));
    QVERIFY(story.state.openOrders[1] == orderOf(4, OrderState::Submitted));
    story.tell(OrderChanged{OrderTrigger::LoseSight, orderOf(4, OrderState::Unknown)}); // still to be asked for
    QCOMPARE(story.state.openOrders.size(), std::size_t(2));
    story.tell(OrderChanged{OrderTrigger::Cancel, orderOf(3, OrderState::Cancelled)});
    QCOMPARE(story.state.openOrders.size(), std::size_t(1));

    OrderFilled part;
    part.order = orderOf(4, OrderState::PartiallyFilled);
    part.fill.quantity = Quantity::fromInteger(1);
    part.fill.price = Price::fromInteger(1);
    story.tell(part);
    QCOMPARE(story.state.openOrders.at(0).state, OrderState::PartiallyFilled);
    part.order.state = OrderState::Filled;
    story.tell(part);
    QVERIFY(story.state.openOrders.empty());
}

void TestFold::theLastEntryIsTheNewestThatFilled()
{
    Story story;
    const auto fill = [&story](OrderPurpose purpose, Timestamp createdAt, int limit) {
        OrderFilled filled;
        filled.order = orderOf(1, OrderState::Filled);
        filled.order.limitPrice = Price::fromInteger(limit);
        filled.order.purpose = purpose;
        filled.order.createdAt = createdAt;
        filled.fill.quantity = Quantity::fromInteger(1);
        filled.fill.price = Price::fromInteger(100);
        story.tell(filled);
    };
    QVERIFY(story.state.lastEntry == Timestamp());
    Order order = orderOf(1, OrderState::Submitted);
    order.createdAt = noon + 2s;
    story.tell(OrderChanged{OrderTrigger::Submit, order});
    QVERIFY(story.state.lastEntry == Timestamp()); // it may still come to nothing
    QVERIFY(story.state.lastEntryAsked == noon + 2s);
    order.createdAt = noon + 3s;
    order.state = OrderState::Denied;
    story.tell(OrderChanged{OrderTrigger::Deny, order});
    order.createdAt = noon + 4s;
    order.purpose = OrderPurpose::Exit;
    story.tell(OrderChanged{OrderTrigger::Submit, order});
    QVERIFY(story.state.lastEntry == Timestamp());
    QVERIFY(story.state.lastEntryAsked == noon + 3s);
    fill(OrderPurpose::Entry, noon + 2s, 101);
    QVERIFY(story.state.lastEntry == noon + 2s);
    fill(OrderPurpose::Entry, noon + 1s, 102); // an older one that rested
    fill(OrderPurpose::External, noon + 5s, 103);
    QVERIFY(story.state.lastEntry == noon + 2s);
    QCOMPARE(story.state.lastEntryLimit, Price::fromInteger(102));
}

void TestFold::anExitIsPlannedUntilNothingCouldOpenOneAgain()
{
    Story story;
    story.fill(Side::Buy, "1", "100", "0");
    story.tell(OrderChanged{OrderTrigger::Submit, orderOf(7, OrderState::Submitted)}); // an entry
    const PlannedExit exit{OrderPurpose::Exit, u"down"_s};
    story.tell(DecisionMade{DecisionAction::Sell, Price(), {}, {}, {}, exit});
    QCOMPARE(story.state.plannedExit, exit);
    story.fill(Side::Sell, "1", "99", "0");
    QVERIFY(!story.state.position.isOpen());
    QCOMPARE(story.state.plannedExit, exit); // the entry may still fill
    story.tell(OrderChanged{OrderTrigger::Cancel, orderOf(7, OrderState::Cancelled)});
    QVERIFY(!story.state.plannedExit);
}

void TestFold::aGuardsOrderSaysWhatIsPlanned()
{
    for (const OrderPurpose purpose : {OrderPurpose::StopLoss, OrderPurpose::TakeProfit, OrderPurpose::TrailingStop,
                                       OrderPurpose::Exit, OrderPurpose::External}) {
        Story story;
        story.fill(Side::Buy, "1", "100", "0");
        Order order = orderOf(7, OrderState::Submitted);
        order.purpose = purpose;
        order.reduceOnly = true;
        story.tell(OrderChanged{OrderTrigger::Submit, order});
        const bool isGuards = purpose != OrderPurpose::Exit && purpose != OrderPurpose::External;
        QCOMPARE(story.state.plannedExit.has_value(), isGuards);
        order.state = OrderState::Rejected;
        story.tell(OrderChanged{OrderTrigger::Reject, order});
        QCOMPARE(story.state.plannedExit.has_value(), isGuards); // it is to be closed all the same
    }
}

void TestFold::aStopThatLeavesThePositionEndsThePlan()
{
    for (const StopPolicy policy : {StopPolicy::LeavePosition, StopPolicy::CancelOrders, StopPolicy::Flatten}) {
        Story story;
        story.tell(StatusChanged{BotStatus::Pending, BotStatus::Running, ErrorKind::None, {}});
        story.fill(Side::Buy, "1", "100", "0");
        story.tell(DecisionMade{DecisionAction::Sell, Price(), {}, {}, {}, PlannedExit()});
        story.tell(DesiredChanged{DesiredState::Stopped, policy});
        QVERIFY(story.state.plannedExit.has_value());
        story.tell(StatusChanged{BotStatus::Running, BotStatus::Stopping, ErrorKind::None, {}});
        QCOMPARE(story.state.plannedExit.has_value(), policy == StopPolicy::Flatten);
        story.tell(DesiredChanged{DesiredState::Stopped, StopPolicy::LeavePosition}); // a second thought
        QVERIFY(!story.state.plannedExit);
    }
}

void TestFold::theFillsOfAnOrderThatIsOverAreKnown()
{
    Story story;
    Order order = orderOf(7, OrderState::PartiallyFilled);
    order.fills = {ExchangeTradeId(u"a"_s)};
    story.tell(OrderChanged{OrderTrigger::PartialFill, order});
    QVERIFY(story.state.filledOrders.empty());
    order.state = OrderState::Cancelled;
    story.tell(OrderChanged{OrderTrigger::Cancel, order});
    QCOMPARE(story.state.filledOrders, (RingBuffer<FilledOrder, 32>{{order.id, order.fills}}));
    for (qint64 number = 100; number < 140; ++number) {
        order.id.sequence = EventSequence(number);
        story.tell(OrderChanged{OrderTrigger::Cancel, order});
    }
    QCOMPARE(story.state.filledOrders.size(), 32U);
    QCOMPARE(story.state.filledOrders.front().id.sequence, EventSequence(108));
}

void TestFold::theKillSwitchKnowsWhatBecameOfItsOrders()
{
    Story story;
    story.tell(OrderChanged{OrderTrigger::Submit, orderOf(7, OrderState::Submitted)});
    KillOrder kill{KillLevel::CancelOrders, false, u"bot"_s};
    kill.orders = {{orderOf(7, OrderState::Submitted).id, OrderState::Submitted}};
    story.tell(KillSwitchPulled{kill});
    QVERIFY(story.state.placementSuspended);
    QCOMPARE(story.state.desired, DesiredState::Stopped); // a bot that was not to run is not started by it
    story.tell(OrderChanged{OrderTrigger::LoseSight, orderOf(7, OrderState::Unknown)});
    QCOMPARE(story.state.kill->orders[0].state, OrderState::Unknown);
    story.tell(OrderChanged{OrderTrigger::Cancel, orderOf(7, OrderState::Cancelled)});
    QCOMPARE(story.state.kill->orders[0].state, OrderState::Cancelled);
    story.tell(KillSwitchDone{KillLevel::CancelOrders, {}});
    QVERIFY(!story.state.kill);
    QVERIFY(story.state.placementSuspended);
    story.tell(StatusChanged{BotStatus::Paused, BotStatus::Running, ErrorKind::None, {}});
    QVERIFY(!story.state.placementSuspended);
}

void TestFold::theLastErrorIsKeptUntilItIsCleared()
{
    Story story;
    story.tell(ErrorRaised{ErrorKind::PriceFetch, u"first"_s});
    story.tell(ErrorRaised{ErrorKind::PriceFetch, u"second"_s});
    story.tell(StatusChanged{BotStatus::Error, BotStatus::Pending, ErrorKind::None, {}});
    QCOMPARE(story.state.lastError, u"second"_s);
    story.tell(ErrorCleared());
    QVERIFY(story.state.lastError.isEmpty());
}

void TestFold::theInitialBalanceCanChangeBeforeTheFirstFill()
{
    Story story;
    BotConfig config;
    config.initialBalance = Money::fromInteger(500);
    story.tell(BotConfigured{2, config});
    QCOMPARE(story.state.configVersion, 2);
    QCOMPARE(story.state.balance.toBytes(), "500");
    story.fill(Side::Buy, "1", "100", "0.1");
    config.initialBalance = Money::fromInteger(1'000'000);
    story.tell(BotConfigured{3, config});
    QCOMPARE(story.state.configVersion, 3);
    QCOMPARE(story.state.balance.toBytes(), "499.9");
}

void TestFold::thePeakIsTheHighestBalanceWhileFlatAndWhatIsSaidOfIt()
{
    Story story;
    QCOMPARE(story.state.peakEquity.toBytes(), "10000");
    story.fill(Side::Buy, "1", "100", "-50"); // a rebate is no peak while the position may still lose it
    QCOMPARE(story.state.peakEquity.toBytes(), "10000");
    story.fill(Side::Sell, "1", "150", "0");
    QCOMPARE(story.state.peakEquity.toBytes(), "10100");
    story.tell(PeakChanged{Money::fromInteger(10'500)});
    story.tell(PeakChanged{Money::fromInteger(10'400)});
    QCOMPARE(story.state.peakEquity.toBytes(), "10500");
    story.tell(DrawdownLimitReached{u"enough"_s});
    QVERIFY(story.state.haltedByDrawdown);
    story.tell(PeakChanged{Money::fromInteger(10'600)});
    QVERIFY(story.state.haltedByDrawdown);
    story.tell(PeakChanged{Money::fromInteger(10'100), true});
    QVERIFY(!story.state.haltedByDrawdown);
    QCOMPARE(story.state.peakEquity.toBytes(), "10100");
}

void TestFold::anotherInitialBalanceIsAnotherPeak()
{
    Story story;
    BotConfig config;
    config.initialBalance = Money::fromInteger(1'000);
    story.tell(DrawdownLimitReached{u"enough"_s});
    story.tell(BotConfigured{2, config});
    QCOMPARE(story.state.peakEquity.toBytes(), "1000");
    QVERIFY(!story.state.haltedByDrawdown);
}

void TestFold::theFeeOfATurnIsSharedToTheLastDigit()
{
    Story story;
    story.fill(Side::Buy, "1", "100", "0.1");
    story.fill(Side::Sell, "3", "100", "0.00000002"); // a third and two thirds of what cannot be divided
    QCOMPARE(story.state.openTrade.fees.toBytes(), "0.10000001");
    story.closeTrade("0", "0.10000001");
    QCOMPARE(story.state.openTrade.fees.toBytes(), "0.00000001");
    QCOMPARE(story.state.life.fees.toBytes(), "0.10000002");
    QVERIFY(story.state.openTrade.nextFees.isZero());
}

void TestFold::aFeeThatBecomesKnownLaterBelongsToItsTrade()
{
    Story story;
    story.fill(Side::Buy, "1", "100", "0"); // in a third asset whose price nobody knows
    MoneyMoved fee;
    fee.kind = LedgerKind::Fee;
    fee.amount = Money::fromInteger(-3);
    story.tell(fee);
    QCOMPARE(story.state.openTrade.fees.toBytes(), "3");
    QCOMPARE(story.state.life.fees.toBytes(), "3");
    QCOMPARE(story.state.balance.toBytes(), "9997");
}

void TestFold::theOrdersOfTheLastMinuteAreRemembered()
{
    Story story;
    for (int i = 0; i < 70; ++i) // a second apart
        story.tell(OrderChanged{OrderTrigger::Submit, orderOf(i + 2, OrderState::Submitted)});
    QCOMPARE(story.state.recentOrders.size(), 60U);
    Order byHand = orderOf(100, OrderState::Submitted);
    byHand.purpose = OrderPurpose::External;
    story.tell(OrderChanged{OrderTrigger::Submit, byHand});
    QVERIFY(story.state.recentOrders.back() == story.time() - 1s);
    QVERIFY(story.state.recentOrders.front() == story.time() - 60s);
}

void TestFold::aFactThatDoesNotTouchTheStateOnlyMovesTheNumber_data()
{
    QTest::addColumn<int>("kind");
    QTest::addRow("deleted") << 0;
    QTest::addRow("session complete") << 1;
    QTest::addRow("complete") << 2;
}

void TestFold::aFactThatDoesNotTouchTheStateOnlyMovesTheNumber()
{
    QFETCH(int, kind);
    const std::array<EventPayload, 3> payloads{BotDeleted(), SessionCompleted{u"done"_s, {}}, BotCompleted{u"done"_s}};
    Story story;
    story.fill(Side::Buy, "1", "100", "0.1");
    BotState expected = story.state;
    story.tell(payloads.at(static_cast<std::size_t>(kind)));
    expected.lastSequence = EventSequence(3);
    QVERIFY(story.state == expected);
}

void TestFold::anOverflowLeavesTheStateAsItWas_data()
{
    QTest::addColumn<QByteArray>("price");
    QTest::addColumn<QByteArray>("realised");
    QTest::addColumn<QByteArray>("fee");
    QTest::addRow("of the balance") << QByteArray("100") << QByteArray("92233720368") << QByteArray("0");
    QTest::addRow("of the fees") << QByteArray("100") << QByteArray("0") << QByteArray("-92233720368");
    QTest::addRow("of the position") << QByteArray("92233720368") << QByteArray("0") << QByteArray("0");
}

void TestFold::anOverflowLeavesTheStateAsItWas()
{
    QFETCH(QByteArray, price);
    QFETCH(QByteArray, realised);
    QFETCH(QByteArray, fee);
    Story story;
    story.fill(Side::Buy, "1", "100", "0.1");
    const BotState before = story.state;
    OrderFilled filled;
    filled.order = orderOf(9, OrderState::PartiallyFilled);
    filled.fill.quantity = Quantity::fromInteger(1);
    filled.fill.price = Price::parse(price).value();
    filled.fill.fee = Money::parse(fee).value();
    filled.realised = Money::parse(realised).value();
    const auto done = apply(story.state, {EventSequence(3), BotId(17), noon, noon, filled});
    QVERIFY(!done);
    QCOMPARE(done.error().code, ErrorCode::Overflow);
    QVERIFY(story.state == before);
}

void TestFold::aRefusedFactLeavesEveryStateAsItWas()
{
    QVERIFY(rc::check("any fact on any state", [] {
        const auto before = *gen::state();
        BotState state = before;
        const BotEvent event{EventSequence(*rc::gen::inRange<qint64>(1, 1'000'000)), BotId(1), *gen::timestamp(), noon,
                             *rc::gen::oneOf(gen::payload(), gen::payload(8))};
        const auto done = apply(state, event);
        RC_CLASSIFY(!done.has_value(), "refused");
        if (done)
            RC_ASSERT(state.lastSequence == event.sequence);
        else
            RC_ASSERT((state == before && done.error().code == ErrorCode::Overflow));
    }));
}

void TestFold::aReplayGivesTheSameBytes()
{
    QVERIFY(rc::check("the same facts, the same state", [] {
        const auto events = *gen::journal();
        BotState first;
        BotState second;
        fold(first, events);
        fold(second, events);
        RC_ASSERT(toJson(first) == toJson(second));
        RC_ASSERT((first == second));
    }));
}

void TestFold::aStateFromTheStoreGoesOnAsIfItHadNeverLeft()
{
    QVERIFY(rc::check("stopped and started at any fact", [] {
        const auto events = *gen::journal();
        BotState whole;
        fold(whole, events);
        const auto cut = *rc::gen::inRange<std::size_t>(0, events.size() + 1);
        BotState before;
        fold(before, std::span(events).first(cut));
        const auto stored =
                JsonValue::parse(toJson(before)).and_then([](const JsonValue &json) { return botStateFromJson(json); });
        RC_ASSERT(stored.has_value());
        BotState after = *stored;
        fold(after, std::span(events).subspan(cut));
        RC_ASSERT(toJson(after) == toJson(whole));
    }));
}

QTEST_APPLESS_MAIN(TestFold)
#include "tst_fold.moc"
