// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/domain/ids.h"
#include "tests/support/generators.h"
#include "tests/support/qtestprint.h"

#include <QHash>
#include <QTest>

#include <concepts>

using namespace tradebot;
using namespace Qt::StringLiterals;

static_assert(!std::convertible_to<BotId, UserId> && !std::convertible_to<qint64, BotId>);
static_assert(!std::equality_comparable_with<BotId, TradeId> && !std::constructible_from<ExchangeOrderId, Symbol>);

class TestIds final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void anOrderIdReadsBack();
    void aForeignOrderIdIsRefused_data();
    void aForeignOrderIdIsRefused();
    void anIdThatNobodyGaveIsNotValid();
    void idsAreOrderedAndHashed();
};

void TestIds::anOrderIdReadsBack()
{
    QCOMPARE((ClientOrderId{BotId(17), EventSequence(4711)}.toString()), u"tb-17-4711"_s);
    QVERIFY(rc::check("print and parse", [] {
        const ClientOrderId id{BotId(*rc::gen::inRange<qint64>(1, 1'000'000'000)),
                               EventSequence(*rc::gen::inRange<qint64>(1, 1'000'000'000'000'000))};
        RC_ASSERT(ClientOrderId::parse(id.toString()).value() == id);
        RC_ASSERT(id.toString().size() <= 36); // the exchange takes no more
    }));
}

void TestIds::aForeignOrderIdIsRefused_data()
{
    QTest::addColumn<QString>("text");
    for (const char *text :
         {"", "tb", "tb-1", "tb-1-", "tb--1", "tb-0-1", "tb-1-0", "tb-1-2-3", "TB-1-2", "tb-01-2", "tb-1-02", "tb-+1-2",
          "tb-1 -2", "tb-x-2", "tb-1-2 ", "web_1234", "tb-1-9223372036854775808"})
        QTest::addRow("'%s'", text) << QString::fromLatin1(text);
}

void TestIds::aForeignOrderIdIsRefused()
{
    QFETCH(QString, text);
    const auto id = ClientOrderId::parse(text);
    QVERIFY(!id);
    QVERIFY(id.error().text.contains(text));
}

void TestIds::anIdThatNobodyGaveIsNotValid()
{
    QVERIFY(!BotId().isValid());
    QVERIFY(BotId(1).isValid());
    QVERIFY(!ExchangeOrderId().isValid());
    QVERIFY(ExchangeOrderId(u"x"_s).isValid());
    QVERIFY(!ClientOrderId().isValid());
}

void TestIds::idsAreOrderedAndHashed()
{
    QVERIFY(EventSequence(2) > EventSequence(1));
    QVERIFY(Symbol(u"A"_s) < Symbol(u"B"_s));
    QVERIFY((ClientOrderId{BotId(1), EventSequence(9)} < ClientOrderId{BotId(2), EventSequence(1)}));
    QHash<BotId, int> values;
    values[BotId(7)] = 1;
    values[BotId(7)] = 2;
    QCOMPARE(values.size(), 1);
}

QTEST_APPLESS_MAIN(TestIds)
#include "tst_ids.moc"
