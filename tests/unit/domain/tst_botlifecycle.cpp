// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/domain/botlifecycle.h"
#include "core/domain/botstate.h"
#include "tests/support/qtestprint.h"
#include "tests/unit/domain/transitions.h"

#include <QTest>

using namespace tradebot;
using namespace Qt::StringLiterals;

namespace {

// What the architecture says, written down without a look at the table: one row for each status, "-" where nothing may
// happen.
constexpr const char *expectation = R"(
           start   ready   pause  resume  stop     wound_down fail  recover
 stopped   pending -       -      -       stopping -          -     -
 pending   -       running paused -       stopping -          error -
 running   -       -       paused -       stopping -          error pending
 paused    -       -       -      running stopping -          error pending
 stopping  -       -       -      -       -        stopped    error -
 error     pending -       -      -       stopping -          -     pending
)";

} // namespace

class TestBotLifecycle final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyPairOfStatusAndTriggerIsAsExpected_data();
    void everyPairOfStatusAndTriggerIsAsExpected();
    void noPairStandsTwice();
    void everyStatusCanBeReached();
    void everyBotCanBeStoppedInTheEnd();
    void nothingRunsWithoutHavingBeenPending();
    void onlyAStoppedOrFailedBotIsNotActive_data();
    void onlyAStoppedOrFailedBotIsNotActive();
    void anErrorCarriesItsKind_data();
    void anErrorCarriesItsKind();
};

void TestBotLifecycle::everyPairOfStatusAndTriggerIsAsExpected_data()
{
    const int rows = transitions::addRows<BotStatus, BotTrigger>(expectation);
    QCOMPARE(rows, botStatusCount * botTriggerCount);
}

void TestBotLifecycle::everyPairOfStatusAndTriggerIsAsExpected()
{
    QFETCH(BotStatus, from);
    QFETCH(BotTrigger, trigger);
    QTEST(transitions::nameOf(nextStatus(from, trigger)), "to");
}

void TestBotLifecycle::noPairStandsTwice()
{
    QVERIFY(transitions::areUnique(botTransitions));
}

void TestBotLifecycle::everyStatusCanBeReached()
{
    const auto reached = transitions::reachableFrom<BotStatus, BotTrigger>(BotStatus::Stopped, nextStatus);
    QCOMPARE(reached.size(), std::size_t(botStatusCount));
}

void TestBotLifecycle::everyBotCanBeStoppedInTheEnd()
{
    for (const auto &entry : EnumNames<BotStatus>::table) {
        const auto reached = transitions::reachableFrom<BotStatus, BotTrigger>(entry.first, nextStatus);
        QVERIFY2(reached.count(BotStatus::Stopped) == 1, entry.second);
    }
}

void TestBotLifecycle::nothingRunsWithoutHavingBeenPending()
{
    const auto neverPending = [](BotStatus from, BotTrigger trigger) {
        const auto to = nextStatus(from, trigger);
        return to == BotStatus::Pending ? std::nullopt : to;
    };
    for (const BotStatus from : {BotStatus::Stopped, BotStatus::Stopping, BotStatus::Error}) {
        const auto reached = transitions::reachableFrom<BotStatus, BotTrigger>(from, neverPending);
        QVERIFY(reached.count(BotStatus::Running) == 0);
        QVERIFY(reached.count(BotStatus::Paused) == 0);
    }
}

void TestBotLifecycle::onlyAStoppedOrFailedBotIsNotActive_data()
{
    QTest::addColumn<BotStatus>("status");
    QTest::addColumn<bool>("active");
    QTest::addRow("stopped") << BotStatus::Stopped << false;
    QTest::addRow("pending") << BotStatus::Pending << true;
    QTest::addRow("running") << BotStatus::Running << true;
    QTest::addRow("paused") << BotStatus::Paused << true; // its position is still guarded
    QTest::addRow("stopping") << BotStatus::Stopping << true;
    QTest::addRow("error") << BotStatus::Error << false;
}

void TestBotLifecycle::onlyAStoppedOrFailedBotIsNotActive()
{
    QFETCH(BotStatus, status);
    QTEST(isActive(status), "active");
}

void TestBotLifecycle::anErrorCarriesItsKind_data()
{
    QTest::addColumn<BotStatus>("status");
    QTest::addColumn<ErrorKind>("kind");
    QTest::addColumn<QString>("text");
    QTest::addRow("key") << BotStatus::Error << ErrorKind::ApiKeyDecryptFailed << u"error (api key decrypt failed)"_s;
    QTest::addRow("client") << BotStatus::Error << ErrorKind::ExchangeConnectFailed << u"error (binance client init)"_s;
    QTest::addRow("price") << BotStatus::Error << ErrorKind::PriceFetch << u"error (price fetch)"_s;
    QTest::addRow("order") << BotStatus::Error << ErrorKind::OrderRejected << u"error (order rejected)"_s;
    QTest::addRow("strategy") << BotStatus::Error << ErrorKind::Strategy << u"error (strategy)"_s;
    QTest::addRow("unknown kind") << BotStatus::Error << ErrorKind::None << u"error"_s;
    QTest::addRow("no error") << BotStatus::Running << ErrorKind::Strategy << u"running"_s;
    QTest::addRow("stopped") << BotStatus::Stopped << ErrorKind::None << u"stopped"_s;
}

void TestBotLifecycle::anErrorCarriesItsKind()
{
    QFETCH(BotStatus, status);
    QFETCH(ErrorKind, kind);
    QTEST(statusText(status, kind), "text");
}

QTEST_APPLESS_MAIN(TestBotLifecycle)
#include "tst_botlifecycle.moc"
