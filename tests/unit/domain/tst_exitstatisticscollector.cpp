// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/domain/exitstatisticscollector.h"
#include "core/domain/position.h"
#include "tests/support/qtestprint.h"

#include <QTest>

using namespace tradebot;

namespace {

/// A bot's fills, one order after the other.
class Orders final
{
public:
    Orders() { m_order.id = ClientOrderId{BotId(1), EventSequence(1)}; }

    void fill(Side side, int quantity, int price, const char *fee, bool isWhole = true)
    {
        m_order.side = side;
        m_order.state = isWhole ? OrderState::Filled : OrderState::PartiallyFilled;
        Fill fill;
        fill.side = side;
        fill.quantity = Quantity::fromInteger(quantity);
        fill.price = Price::fromInteger(price);
        fill.fee = Money::parse(QByteArrayView(fee)).value();
        const PositionChange change = applyFill(m_position, fill, Timestamp()).value();
        m_position = change.position;
        tally.add(m_order, fill, change.realised);
        if (isWhole)
            m_order.id.sequence = EventSequence(m_order.id.sequence.value() + 1);
    }
    void buy(int quantity, int price, const char *fee) { fill(Side::Buy, quantity, price, fee); }
    void sell(int quantity, int price, const char *fee) { fill(Side::Sell, quantity, price, fee); }

    void writeOff()
    {
        m_position = Position();
        tally.forgetPosition();
    }

    ExitStatisticsCollector tally;

private:
    Order m_order;
    Position m_position;
};

ExitStatistics exits(qint64 count, qint64 wins, qint64 losses, const char *net)
{
    return {count, wins, losses, Money::parse(QByteArrayView(net)).value()};
}

} // namespace

class ExitTallyTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void anExitPaysItsShareOfTheEntriesFees()
    {
        Orders orders;
        orders.buy(1, 100, "0.3");
        orders.buy(2, 103, "0.6"); // 3 for 306, 0.9 of fees
        QCOMPARE(orders.tally.result()->count, 0);
        orders.sell(1, 110, "0.1"); // 8 − 0.1 − 0.3
        QVERIFY(orders.tally.result() == exits(1, 1, 0, "7.6"));
        orders.sell(2, 102, "0.2"); // 0 − 0.2 − 0.6
        QVERIFY(orders.tally.result() == exits(2, 1, 1, "6.8"));
    }

    void anOrderThatFillsInPartsIsOneExit()
    {
        Orders orders;
        orders.buy(4, 100, "0");
        orders.fill(Side::Sell, 1, 110, "0", false);
        orders.fill(Side::Sell, 1, 80, "0", false);
        QVERIFY(orders.tally.result() == exits(1, 0, 1, "-10")); // so far
        orders.fill(Side::Sell, 2, 110, "0");
        QVERIFY(orders.tally.result() == exits(1, 1, 0, "10"));
    }

    void aFillThatTurnsThePositionRoundSplitsItsFee()
    {
        Orders orders;
        orders.buy(1, 100, "0.5");
        orders.sell(4, 110, "0.4"); // 10 − 0.1 − 0.5; short of 3 with 0.3 of fees
        QVERIFY(orders.tally.result() == exits(1, 1, 0, "9.4"));
        orders.buy(3, 110, "0"); // 0 − 0.3
        QVERIFY(orders.tally.result() == exits(2, 1, 1, "9.1"));
    }

    void whatBreaksEvenIsNeitherWonNorLost()
    {
        Orders orders;
        orders.sell(1, 100, "0");
        orders.buy(1, 100, "0");
        QVERIFY(orders.tally.result() == exits(1, 0, 0, "0"));
    }

    void whatIsWrittenOffIsNoExit()
    {
        Orders orders;
        orders.buy(2, 100, "1");
        orders.sell(1, 100, "0");
        orders.writeOff();
        orders.buy(1, 50, "0");
        orders.sell(1, 60, "0");
        QVERIFY(orders.tally.result() == exits(2, 1, 1, "9.5"));
    }
};

QTEST_APPLESS_MAIN(ExitTallyTest)
#include "tst_exitstatisticscollector.moc"
