// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/fakebackend.h"
#include "tests/support/fakeclock.h"
#include "tests/support/patience.h"
#include "ui/models/ordersmodel.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace tradebot {

class OrdersModelTest final : public QObject
{
    Q_OBJECT

private:
    FakeClock m_clock{parseRfc3339(u"2026-11-20T14:32:08Z").value()};
    TimeFormat m_time{m_clock};

    struct Fixture
    {
        FakeBackend backend;
        BotId bot;
        LiveFeed live;
        OrdersModel model;
        QAbstractItemModelTester tester;

        explicit Fixture(OrdersModelTest &test)
            : backend(test.m_clock),
              bot(backend.addBot(config())),
              live(backend),
              model(backend, live, test.m_time),
              tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest)
        {
            (void)QTest::qWaitFor([this] { return live.isReady(); }, testPatience);
        }
        static BotConfig config()
        {
            BotConfig made;
            made.name = u"BTC trend"_s;
            made.symbol = Symbol(u"BTCUSDT"_s);
            made.strategy = u"ema_cross"_s;
            return made;
        }
        Order order(qint64 sequence, OrderState state = OrderState::Submitted) const
        {
            Order made;
            made.id = {bot, EventSequence(sequence)};
            made.symbol = Symbol(u"BTCUSDT"_s);
            made.quantity = Quantity::fromInteger(2);
            made.state = state;
            made.createdAt = parseRfc3339(u"2026-11-20T14:30:00Z").value();
            return made;
        }
        void open(bool openOnly = false)
        {
            QSignalSpy ready(&model, &OrdersModel::ready);
            model.show(std::nullopt, openOnly);
            QTRY_COMPARE(ready.count(), 1);
        }
        void change(OrderTrigger trigger, const Order &order)
        {
            backend.emitFact(bot, OrderChanged{trigger, order});
            QCoreApplication::processEvents();
        }
        QString text(int row, int column) { return model.index(row, column).data().toString(); }
    };

private Q_SLOTS:
    void filledOrdersAreReadFromTheStore()
    {
        Fixture f(*this);
        for (int i = 0; i < 300; ++i)
            f.backend.fill(f.bot, i % 2 ? Side::Sell : Side::Buy, Quantity::fromInteger(1),
                           Price::fromInteger(100 + i));
        f.open();
        QTRY_VERIFY((f.model.fetchMore({}), f.model.rowCount() == 300));
        QTRY_VERIFY(!f.model.canFetchMore({}));
        QCOMPARE(f.text(0, OrdersModel::StatusColumn), u"filled"_s);
        QCOMPARE(f.text(0, OrdersModel::FilledColumn), u"100\u202f%"_s);
        QCOMPARE(f.text(0, OrdersModel::SideColumn), u"sell"_s);
        QVERIFY(f.model.orderAt(0).id.sequence > f.model.orderAt(1).id.sequence);
    }

    void anOrderChangesInItsRow()
    {
        Fixture f(*this);
        f.open();
        Order order = f.order(1000);
        f.change(OrderTrigger::Submit, order);
        QTRY_COMPARE(f.model.rowCount(), 1);
        QCOMPARE(f.text(0, OrdersModel::AcknowledgedColumn), u"—"_s);
        QSignalSpy changed(&f.model, &OrdersModel::dataChanged);
        order.state = OrderState::Accepted;
        order.acceptedAt = order.createdAt + 41ms;
        f.change(OrderTrigger::Accept, order);
        QTRY_COMPARE(changed.count(), 1);
        QCOMPARE(f.text(0, OrdersModel::AcknowledgedColumn), u"41 ms"_s);
        order.state = OrderState::Unknown;
        f.change(OrderTrigger::LoseSight, order);
        QTRY_COMPARE(f.text(0, OrdersModel::StatusColumn), u"UNKNOWN"_s);
        QCOMPARE(f.model.rowCount(), 1);
    }

    void anOrderThatIsDoneLeavesTheOpenOnes()
    {
        Fixture f(*this);
        f.open(true);
        Order order = f.order(1000);
        f.change(OrderTrigger::Submit, order);
        f.change(OrderTrigger::Submit, f.order(1001));
        QTRY_COMPARE(f.model.rowCount(), 2);
        QSignalSpy removed(&f.model, &OrdersModel::rowsRemoved);
        order.state = OrderState::Cancelled;
        f.change(OrderTrigger::Cancel, order);
        QTRY_COMPARE(removed.count(), 1);
        QCOMPARE(removed[0][1].toInt(), 1);
        QCOMPARE(f.model.orderAt(0).id.sequence, EventSequence(1001));
    }
};

} // namespace tradebot

QTEST_GUILESS_MAIN(tradebot::OrdersModelTest)
#include "tst_ordersmodel.moc"
