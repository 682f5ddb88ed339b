// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/domain/position.h"
#include "tests/support/generators.h"
#include "tests/support/qtestprint.h"
#include "tests/unit/base/slowdecimal.h"

#include <QTest>

#include <vector>

using namespace tradebot;
using namespace Qt::StringLiterals;

namespace {

Fill fillOf(Side side, const char *quantity, const char *price)
{
    Fill fill;
    fill.side = side;
    fill.quantity = Quantity::parse(QByteArray(quantity)).value();
    fill.price = Price::parse(QByteArray(price)).value();
    return fill;
}

Fill buy(const char *quantity, const char *price)
{
    return fillOf(Side::Buy, quantity, price);
}

Fill sell(const char *quantity, const char *price)
{
    return fillOf(Side::Sell, quantity, price);
}

constexpr Timestamp noon = fromMilliseconds(1'795'176'000'000);
constexpr Timestamp later = fromMilliseconds(1'795'176'060'000);

/// The position after fills that are known to be good.
Position after(const std::vector<Fill> &fills, Timestamp time = noon)
{
    Position position;
    for (const Fill &fill : fills)
        position = applyFill(position, fill, time).value().position;
    return position;
}

/// Small enough that a hundred of them stay in range.
rc::Gen<Fill> smallFill()
{
    return rc::gen::exec([] {
        Fill fill;
        fill.side = *gen::named<Side>();
        fill.price = *gen::positive<Price>(13);
        fill.quantity = *gen::positive<Quantity>(11);
        return fill;
    });
}

/// +cost of a long, −cost of a short position.
std::int64_t signedCost(const Position &position)
{
    return position.side == PositionSide::Short ? -position.cost.raw() : position.cost.raw();
}

std::int64_t signedQuantity(const Position &position)
{
    return position.side == PositionSide::Short ? -position.quantity.raw() : position.quantity.raw();
}

/// What a fill brings in: + for a sale, − for a purchase.
std::int64_t cashOf(const Fill &fill)
{
    const std::int64_t worth =
            slow::multiplyDivide(fill.price.raw(), fill.quantity.raw(), detail::decimalScale, Rounding::HalfEven)
                    .value();
    return fill.side == Side::Sell ? worth : -worth;
}

} // namespace

class TestPosition final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void anEntryOpensAPosition_data();
    void anEntryOpensAPosition();
    void aSecondEntryAveragesThePrice();
    void anExitRealisesTheDifference_data();
    void anExitRealisesTheDifference();
    void partialExitsSumToTheWhole();
    void aLargerOppositeFillTurnsThePosition();
    void eachFillConservesMoneyAndQuantity();
    void endingFlatRealisesExactlyWhatWentInAndOut();
    void closingAtTheMarkRealisesTheUnrealised();
    void aPartTakesItsShareOfTheCost();
    void unrealisedIsSigned_data();
    void unrealisedIsSigned();
    void aFlatPositionIsWorthNothing();
    void anOverflowIsAnError_data();
    void anOverflowIsAnError();
    void aFillWithoutQuantityIsRefused_data();
    void aFillWithoutQuantityIsRefused();
};

void TestPosition::anEntryOpensAPosition_data()
{
    QTest::addColumn<Side>("side");
    QTest::addColumn<PositionSide>("position");
    QTest::addRow("long") << Side::Buy << PositionSide::Long;
    QTest::addRow("short") << Side::Sell << PositionSide::Short;
}

void TestPosition::anEntryOpensAPosition()
{
    QFETCH(Side, side);
    const auto change = applyFill(Position(), fillOf(side, "0.5", "67250.10"), noon).value();
    QTEST(change.position.side, "position");
    QCOMPARE(change.position.quantity.toBytes(), "0.5");
    QCOMPARE(change.position.cost.toBytes(), "33625.05");
    QCOMPARE(change.position.entryPrice().toBytes(), "67250.1");
    QVERIFY(change.position.openedAt == noon);
    QCOMPARE(change.filledNotional.toBytes(), "33625.05");
    QVERIFY(change.realised.isZero() && change.closed.isZero());
    QVERIFY(change.closedCost.isZero() && change.closedNotional.isZero());
}

void TestPosition::aSecondEntryAveragesThePrice()
{
    const Position first = after({buy("1", "100")});
    const auto change = applyFill(first, buy("2", "130"), later).value();
    QCOMPARE(change.position.quantity.toBytes(), "3");
    QCOMPARE(change.position.cost.toBytes(), "360");
    QCOMPARE(change.position.entryPrice().toBytes(), "120");
    QVERIFY(change.position.openedAt == noon); // since the first
    QVERIFY(change.realised.isZero());
}

void TestPosition::anExitRealisesTheDifference_data()
{
    QTest::addColumn<Side>("entry");
    QTest::addColumn<QByteArray>("exitPrice");
    QTest::addColumn<QByteArray>("realised");
    QTest::addRow("long, gain") << Side::Buy << QByteArray("110") << QByteArray("25");
    QTest::addRow("long, loss") << Side::Buy << QByteArray("90.5") << QByteArray("-23.75");
    QTest::addRow("short, gain") << Side::Sell << QByteArray("90") << QByteArray("25");
    QTest::addRow("short, loss") << Side::Sell << QByteArray("100.02") << QByteArray("-0.05");
    QTest::addRow("nothing") << Side::Buy << QByteArray("100") << QByteArray("0");
}

void TestPosition::anExitRealisesTheDifference()
{
    QFETCH(Side, entry);
    QFETCH(QByteArray, exitPrice);
    const Position open = after({fillOf(entry, "2.5", "100")});
    const auto change = applyFill(open, fillOf(opposite(entry), "2.5", exitPrice.constData()), later).value();
    QTEST(change.realised.toBytes(), "realised");
    QVERIFY(change.position == Position());
    QCOMPARE(change.closed.toBytes(), "2.5");
    QCOMPARE(change.closedCost.toBytes(), "250");
    QCOMPARE(change.closedNotional, change.filledNotional);
}

void TestPosition::partialExitsSumToTheWhole()
{
    // 3 for 100.00000001: a third of the cost has no exact decimal.
    Position position = after({buy("3", "33.33333333"), buy("0.00000001", "2")});
    QCOMPARE(position.cost.toBytes(), "100.00000001");
    Money realised;
    for (const char *part : {"1", "1", "1", "0.00000001"}) {
        const auto change = applyFill(position, sell(part, "40"), later).value();
        realised = (realised + change.realised).value().value();
        position = change.position;
    }
    QVERIFY(position == Position());
    QCOMPARE(realised.toBytes(), "20.00000039"); // 120.0000004 − 100.00000001
}

void TestPosition::aLargerOppositeFillTurnsThePosition()
{
    const auto toShort = applyFill(after({buy("2", "100")}), sell("5", "110"), later).value();
    QCOMPARE(toShort.realised.toBytes(), "20");
    QCOMPARE(toShort.closed.toBytes(), "2");
    QCOMPARE(toShort.closedNotional.toBytes(), "220");
    QCOMPARE(toShort.filledNotional.toBytes(), "550");
    QCOMPARE(toShort.position.side, PositionSide::Short);
    QCOMPARE(toShort.position.quantity.toBytes(), "3");
    QCOMPARE(toShort.position.entryPrice().toBytes(), "110");
    QVERIFY(toShort.position.openedAt == later);

    const auto toLong = applyFill(toShort.position, buy("4", "100"), later).value();
    QCOMPARE(toLong.realised.toBytes(), "30");
    QCOMPARE(toLong.position.side, PositionSide::Long);
    QCOMPARE(toLong.position.quantity.toBytes(), "1");
    QCOMPARE(toLong.position.cost.toBytes(), "100");
}

void TestPosition::eachFillConservesMoneyAndQuantity()
{
    QVERIFY(rc::check("what is realised is cash and change of cost, to the last digit", [] {
        Position position;
        bool turned = false;
        for (const Fill &fill : *rc::gen::container<std::vector<Fill>>(smallFill())) {
            const auto change = applyFill(position, fill, noon);
            RC_ASSERT(change.has_value());
            const Position &next = change->position;
            RC_ASSERT(change->realised.raw() == signedCost(next) - signedCost(position) + cashOf(fill));
            const std::int64_t traded = fill.side == Side::Buy ? fill.quantity.raw() : -fill.quantity.raw();
            RC_ASSERT(signedQuantity(next) == signedQuantity(position) + traded);
            RC_ASSERT(!next.quantity.isNegative() && !next.cost.isNegative());
            RC_ASSERT(next.isOpen() == next.quantity.isPositive());
            RC_ASSERT((next.isOpen() || next == Position()));
            RC_ASSERT(change->closed <= fill.quantity && change->closed <= position.quantity);
            turned = turned || (position.isOpen() && next.isOpen() && next.side != position.side);
            position = next;
        }
        RC_CLASSIFY(turned, "turned round");
    }));
}

void TestPosition::endingFlatRealisesExactlyWhatWentInAndOut()
{
    QVERIFY(rc::check("sum of realised == signed sum of notionals", [] {
        auto fills = *rc::gen::container<std::vector<Fill>>(smallFill());
        const Position open = after(fills);
        if (open.isOpen()) {
            Fill last = *smallFill();
            last.side = opposite(entrySide(open.side));
            last.quantity = open.quantity;
            fills.push_back(last);
        }
        Position position;
        std::int64_t realised = 0;
        std::int64_t cash = 0;
        for (const Fill &fill : fills) {
            const auto change = applyFill(position, fill, noon).value();
            position = change.position;
            realised += change.realised.raw();
            cash += cashOf(fill);
        }
        RC_ASSERT((position == Position()));
        RC_ASSERT(realised == cash);
    }));
}

void TestPosition::closingAtTheMarkRealisesTheUnrealised()
{
    QVERIFY(rc::check("unrealised before == realised after", [] {
        const Position open = after(*rc::gen::container<std::vector<Fill>>(smallFill()));
        RC_PRE(open.isOpen());
        Fill close;
        close.side = opposite(entrySide(open.side));
        close.quantity = open.quantity;
        close.price = *gen::positive<Price>(13);
        const auto unrealised = open.unrealised(close.price).value();
        RC_ASSERT(unrealised.has_value());
        RC_ASSERT(applyFill(open, close, later).value().realised == *unrealised);
    }));
}

void TestPosition::aPartTakesItsShareOfTheCost()
{
    QVERIFY(rc::check("half-even share", [] {
        const Position open = after({*smallFill(), *smallFill()});
        RC_PRE(open.isOpen());
        Fill part = *smallFill();
        part.side = opposite(entrySide(open.side));
        RC_PRE(part.quantity < open.quantity);
        const auto change = applyFill(open, part, later).value();
        const auto share =
                slow::multiplyDivide(open.cost.raw(), part.quantity.raw(), open.quantity.raw(), Rounding::HalfEven);
        RC_ASSERT(change.closedCost.raw() == share.value());
        RC_ASSERT(change.position.cost.raw() == open.cost.raw() - share.value());
        RC_ASSERT(change.position.openedAt == open.openedAt);
    }));
}

void TestPosition::unrealisedIsSigned_data()
{
    QTest::addColumn<Side>("side");
    QTest::addColumn<QByteArray>("mark");
    QTest::addColumn<QByteArray>("unrealised");
    QTest::addRow("long above") << Side::Buy << QByteArray("101") << QByteArray("0.5");
    QTest::addRow("long below") << Side::Buy << QByteArray("99.9") << QByteArray("-0.05");
    QTest::addRow("short above") << Side::Sell << QByteArray("101") << QByteArray("-0.5");
    QTest::addRow("short below") << Side::Sell << QByteArray("99.9") << QByteArray("0.05");
    QTest::addRow("at entry") << Side::Sell << QByteArray("100") << QByteArray("0");
    QTest::addRow("at zero") << Side::Buy << QByteArray("0") << QByteArray("-50");
}

void TestPosition::unrealisedIsSigned()
{
    QFETCH(Side, side);
    QFETCH(QByteArray, mark);
    const Position open = after({fillOf(side, "0.5", "100")});
    QTEST(open.unrealised(Price::parse(mark).value()).value().value().toBytes(), "unrealised");
}

void TestPosition::aFlatPositionIsWorthNothing()
{
    QVERIFY(!Position().isOpen());
    QVERIFY(Position().entryPrice().isZero());
    QCOMPARE(Position().unrealised(Price::maximum()).value(), std::optional(Money()));
    QVERIFY(after({buy("1000000", "90000")}).unrealised(Price::maximum()).overflowed());
}

void TestPosition::anOverflowIsAnError_data()
{
    QTest::addColumn<QList<Fill>>("before");
    QTest::addColumn<Fill>("fill");
    QTest::addRow("of the notional") << QList<Fill>() << buy("1000000", "1000000");
    QTest::addRow("of the cost") << QList<Fill>{buy("1", "92233720368")} << buy("1", "1");
    QTest::addRow("of the quantity") << QList<Fill>{buy("92233720368", "0.00001")} << buy("92233720368", "0.00001");
    QTest::addRow("of the exit's notional") << QList<Fill>{buy("1000000", "1")} << sell("1000000", "1000000");
    QTest::addRow("of the turned position") << QList<Fill>{buy("1", "1")} << sell("1000000", "1000000");
}

void TestPosition::anOverflowIsAnError()
{
    QFETCH(QList<Fill>, before);
    QFETCH(Fill, fill);
    const auto change = applyFill(after({before.begin(), before.end()}), fill, later);
    QVERIFY(!change);
    QCOMPARE(change.error().code, ErrorCode::Overflow);
    QVERIFY2(change.error().text.contains(fill.price.toString()), qPrintable(change.error().text));
}

void TestPosition::aFillWithoutQuantityIsRefused_data()
{
    QTest::addColumn<Position>("before");
    QTest::addColumn<QByteArray>("quantity");
    for (const char *quantity : {"0", "-1"}) {
        QTest::addRow("%s when flat", quantity) << Position() << QByteArray(quantity);
        QTest::addRow("%s when long", quantity) << after({buy("1", "100")}) << QByteArray(quantity);
        QTest::addRow("%s when short", quantity) << after({sell("1", "100")}) << QByteArray(quantity);
    }
}

void TestPosition::aFillWithoutQuantityIsRefused()
{
    QFETCH(Position, before);
    QFETCH(QByteArray, quantity);
    for (const Side side : {Side::Buy, Side::Sell}) {
        const auto change = applyFill(before, fillOf(side, quantity.constData(), "100"), later);
        QVERIFY(!change);
        QCOMPARE(change.error().code, ErrorCode::InvalidInput);
    }
}

QTEST_APPLESS_MAIN(TestPosition)
#include "tst_position.moc"
