// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/domain/order.h"
#include "tests/support/qtestprint.h"
#include "tests/unit/domain/transitions.h"

#include <QTest>

#include <algorithm>
#include <optional>
#include <set>

using namespace tradebot;
using namespace Qt::StringLiterals;

namespace {

// What the architecture says, written down without a look at the table: one row for each state, "-" where nothing may
// happen.
constexpr const char *expectation = R"(
                  deny   submit    accept   partial_fill     fill   cancel    reject   expire  lose_sight trigger  amend    request_cancel
 initialized      denied submitted -        -                -      -         -        -       -          -        -        -
 denied           -      -         -        -                -      -         -        -       -          -        -        -
 submitted        -      -         accepted partially_filled filled cancelled rejected expired unknown    -        -        submitted
 accepted         -      -         -        partially_filled filled cancelled rejected expired unknown    accepted accepted accepted
 partially_filled -      -         -        partially_filled filled cancelled -        expired unknown    -        -        partially_filled
 filled           -      -         -        -                -      -         -        -       -          -        -        -
 cancelled        -      -         -        -                -      -         -        -       -          -        -        -
 rejected         -      -         -        -                -      -         -        -       -          -        -        -
 expired          -      -         -        -                -      -         -        -       -          -        -        -
 unknown          -      -         accepted partially_filled filled cancelled rejected expired -          -        -        unknown
)";

} // namespace

class TestOrder final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyPairOfStateAndTriggerIsAsExpected_data();
    void everyPairOfStateAndTriggerIsAsExpected();
    void noPairStandsTwice();
    void everyStateCanBeReached();
    void everyOrderCanComeToAnEnd();
    void onlyAnEndedOrderIsNotOpen_data();
    void onlyAnEndedOrderIsNotOpen();
    void whatIsNotSubmittedCannotBeFilled();
};

void TestOrder::everyPairOfStateAndTriggerIsAsExpected_data()
{
    const int rows = transitions::addRows<OrderState, OrderTrigger>(expectation);
    QCOMPARE(rows, orderStateCount * orderTriggerCount);
}

void TestOrder::everyPairOfStateAndTriggerIsAsExpected()
{
    QFETCH(OrderState, from);
    QFETCH(OrderTrigger, trigger);
    QTEST(transitions::nameOf(nextState(from, trigger)), "to");
}

void TestOrder::noPairStandsTwice()
{
    QVERIFY(transitions::areUnique(orderTransitions));
}

void TestOrder::everyStateCanBeReached()
{
    const auto reached = transitions::reachableFrom<OrderState, OrderTrigger>(OrderState::Initialized, nextState);
    QCOMPARE(reached.size(), std::size_t(orderStateCount));
}

void TestOrder::everyOrderCanComeToAnEnd()
{
    for (const auto &entry : EnumNames<OrderState>::table) {
        const auto reached = transitions::reachableFrom<OrderState, OrderTrigger>(entry.first, nextState);
        QVERIFY2(std::any_of(reached.begin(), reached.end(), isFinal), entry.second);
    }
}

void TestOrder::onlyAnEndedOrderIsNotOpen_data()
{
    QTest::addColumn<OrderState>("state");
    QTest::addColumn<bool>("open");
    const auto row = [](OrderState state, bool open) { QTest::addRow("%s", toName(state).data()) << state << open; };
    row(OrderState::Initialized, true);
    row(OrderState::Denied, false);
    row(OrderState::Submitted, true);
    row(OrderState::Accepted, true);
    row(OrderState::PartiallyFilled, true);
    row(OrderState::Filled, false);
    row(OrderState::Cancelled, false);
    row(OrderState::Rejected, false);
    row(OrderState::Expired, false);
    row(OrderState::Unknown, true); // somebody has still to find out
}

void TestOrder::onlyAnEndedOrderIsNotOpen()
{
    QFETCH(OrderState, state);
    QFETCH(bool, open);
    Order order;
    order.state = state;
    QCOMPARE(order.isOpen(), open);
    QCOMPARE(isFinal(state), !open);
}

void TestOrder::whatIsNotSubmittedCannotBeFilled()
{
    // Every way to a filled order leads through Submitted.
    const auto withoutSubmit = [](OrderState from, OrderTrigger trigger) -> std::optional<OrderState> {
        return trigger == OrderTrigger::Submit ? std::nullopt : nextState(from, trigger);
    };
    const auto reached = transitions::reachableFrom<OrderState, OrderTrigger>(OrderState::Initialized, withoutSubmit);
    QCOMPARE(reached, (std::set{OrderState::Initialized, OrderState::Denied}));
}

QTEST_APPLESS_MAIN(TestOrder)
#include "tst_order.moc"
