// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/leveragecsv.h"
#include "tests/support/qtestprint.h"

#include <QFile>
#include <QTest>

#include <rapidcheck.h>

#include <algorithm>

using namespace tradebot;
using namespace Qt::StringLiterals;

namespace {

const QByteArray header = "symbol,bracket,initial_leverage,notional_floor,notional_cap,maint_margin_ratio,cum\n";

Money money(const char *text)
{
    return Money::parse(QByteArrayView(text)).value();
}

LeverageBracket bracket(int leverage, const char *floor, const char *cap, const char *rate, const char *deduction)
{
    return {leverage, money(floor), money(cap), Decimal::parse(QByteArrayView(rate)).value(), money(deduction)};
}

LeverageBrackets twoBrackets()
{
    return LeverageBrackets::make({bracket(20, "0", "1000", "0.01", "0"), bracket(5, "1000", "9000", "0.05", "40")})
            .value();
}

rc::Gen<Money> worthOfAnySize()
{
    return rc::gen::map(
            rc::gen::pair(rc::gen::inRange<std::int64_t>(1, Money::maximum().raw()), rc::gen::inRange(0, 63)),
            [](const auto &of) { return Money::fromRaw(std::max<std::int64_t>(1, of.first >> of.second)); });
}

/// Nothing, or where the maintenance margin jumps: cum of a bracket is floor × (rate − rate before) + cum before.
QString jumpOf(const LeverageBrackets &brackets)
{
    const LeverageBracket *before = nullptr;
    for (const LeverageBracket &next : brackets.brackets()) {
        const Decimal rise = before == nullptr
                                     ? Decimal()
                                     : Decimal::fromRaw(next.maintenanceRate.raw() - before->maintenanceRate.raw());
        const auto exact = scaled(next.floor, rise, Rounding::HalfEven)
                           + Checked<Money>(before == nullptr ? Money() : before->deduction);
        if (exact.value() != std::optional(next.deduction))
            return u"at %1"_s.arg(next.floor.toString());
        if (before != nullptr) {
            const Money last = Money::fromRaw(next.floor.raw() - 1);
            const auto step = brackets.maintenanceMargin(next.floor) - brackets.maintenanceMargin(last);
            if (!step.value() || step.value()->isNegative() || *step.value() > Money::smallest())
                return u"of margin at %1"_s.arg(next.floor.toString());
        }
        before = &next;
    }
    return {};
}

} // namespace

class LeverageTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theBracketOfAWorthDecides_data();
    void theBracketOfAWorthDecides();
    void withoutBracketsThereIsNoLimit();
    void theUsualOnesAreContinuous();
    void theMarginNeverFallsWithTheWorth();
    void bracketsThatDoNotFitAreRefused_data();
    void bracketsThatDoNotFitAreRefused();
    void aTableIsReadBySymbol();
    void aBadRowIsNamed_data();
    void aBadRowIsNamed();
    void theRecordedTableIsContinuous();
};

void LeverageTest::theBracketOfAWorthDecides_data()
{
    QTest::addColumn<QByteArray>("worth");
    QTest::addColumn<QByteArray>("margin");
    QTest::addColumn<int>("leverage");
    QTest::addRow("nothing") << QByteArray("0") << QByteArray("0") << 20;
    QTest::addRow("the smallest, rounded up") << QByteArray("0.00000001") << QByteArray("0.00000001") << 20;
    QTest::addRow("the end of the first") << QByteArray("999.99999999") << QByteArray("10") << 20;
    QTest::addRow("the beginning of the second") << QByteArray("1000") << QByteArray("10") << 5;
    QTest::addRow("inside the second") << QByteArray("2000") << QByteArray("60") << 5;
    QTest::addRow("beyond the last") << QByteArray("10000") << QByteArray("460") << 5;
}

void LeverageTest::theBracketOfAWorthDecides()
{
    QFETCH(QByteArray, worth);
    const LeverageBrackets brackets = twoBrackets();
    QTEST(brackets.maintenanceMargin(money(worth.constData())).value().value().toBytes(), "margin");
    QTEST(brackets.maximumLeverage(money(worth.constData())), "leverage");
}

void LeverageTest::withoutBracketsThereIsNoLimit()
{
    const LeverageBrackets none = LeverageBrackets::make({}).value();
    QVERIFY(none.isEmpty());
    QCOMPARE(none.maximumLeverage(Money::maximum()), 125);
    QCOMPARE(none.maintenanceMargin(Money::maximum()).value().value(), Money());
}

void LeverageTest::theUsualOnesAreContinuous()
{
    QVERIFY(!LeverageBrackets::usual().isEmpty());
    const QString jump = jumpOf(LeverageBrackets::usual());
    QVERIFY2(jump.isEmpty(), qPrintable(jump));
}

void LeverageTest::theMarginNeverFallsWithTheWorth()
{
    QVERIFY(rc::check("monotone", [] {
        const LeverageBrackets brackets = *rc::gen::element(twoBrackets(), LeverageBrackets::usual());
        const Money a = *worthOfAnySize();
        const Money b = *worthOfAnySize();
        const auto less = brackets.maintenanceMargin(std::min(a, b)).value();
        const auto more = brackets.maintenanceMargin(std::max(a, b)).value();
        RC_ASSERT(less.has_value() && more.has_value());
        RC_ASSERT(!less->isNegative() && *less <= *more && *more <= std::max(a, b));
        RC_ASSERT(brackets.maximumLeverage(std::min(a, b)) >= brackets.maximumLeverage(std::max(a, b)));
    }));
}

void LeverageTest::bracketsThatDoNotFitAreRefused_data()
{
    QTest::addColumn<QList<LeverageBracket>>("brackets");
    QTest::addColumn<QString>("why");
    const LeverageBracket first = bracket(20, "0", "1000", "0.01", "0");
    using Rows = QList<LeverageBracket>;
    QTest::addRow("not from 0") << Rows{bracket(20, "1", "1000", "0.01", "0")} << u"does not follow"_s;
    QTest::addRow("a gap") << Rows{first, bracket(5, "1001", "9000", "0.05", "40")} << u"from 1001"_s;
    QTest::addRow("an overlap") << Rows{first, bracket(5, "999", "9000", "0.05", "40")} << u"from 999"_s;
    QTest::addRow("empty") << Rows{bracket(20, "0", "0", "0.01", "0")} << u"does not follow"_s;
    QTest::addRow("a falling rate") << Rows{first, bracket(5, "1000", "9000", "0.009", "0")} << u"rate"_s;
    QTest::addRow("a rate of 1") << Rows{bracket(20, "0", "1000", "1", "0")} << u"rate"_s;
    QTest::addRow("a rate of 0") << Rows{bracket(20, "0", "1000", "0", "0")} << u"rate"_s;
    QTest::addRow("no leverage") << Rows{bracket(0, "0", "1000", "0.01", "0")} << u"between 1 and 125"_s;
    QTest::addRow("too much leverage") << Rows{bracket(126, "0", "1000", "0.01", "0")} << u"between 1 and 125"_s;
}

void LeverageTest::bracketsThatDoNotFitAreRefused()
{
    QFETCH(QList<LeverageBracket>, brackets);
    QFETCH(QString, why);
    const auto made = LeverageBrackets::make({brackets.begin(), brackets.end()});
    QVERIFY(!made);
    QCOMPARE(made.error().code, ErrorCode::InvalidInput);
    QVERIFY2(made.error().text.contains(why), qPrintable(made.error().text));
}

void LeverageTest::aTableIsReadBySymbol()
{
    const auto read = test::leverageBracketsFromCsv(header
                                                    + "BTCUSDT,1,20,0,1000,0.01,0.0\r\n"
                                                      "ETHUSDT,1,10,0,500,0.02,0\n\n"
                                                      "BTCUSDT,2,5,1000,9000,0.05,40\n");
    QVERIFY2(read, problemOf(read).constData());
    QCOMPARE(read->size(), std::size_t(2));
    QVERIFY(read->at(u"BTCUSDT"_s) == twoBrackets());
    QCOMPARE(read->at(u"ETHUSDT"_s).maximumLeverage(money("1")), 10);
}

void LeverageTest::aBadRowIsNamed_data()
{
    QTest::addColumn<QByteArray>("csv");
    QTest::addColumn<QString>("where");
    const QByteArray good = header + "BTCUSDT,1,20,0,1000,0.01,0\n";
    QTest::addRow("nothing") << QByteArray() << u"line 1"_s;
    QTest::addRow("another header") << QByteArray("symbol,bracket\n") << u"line 1"_s;
    QTest::addRow("a field too few") << good + "BTCUSDT,2,5,1000,9000,0.05\n" << u"line 3: has 6 fields"_s;
    QTest::addRow("a leverage in words") << good + "\nBTCUSDT,2,five,1000,9000,0.05,40\n" << u"line 4: "_s;
    QTest::addRow("no symbol") << good + ",2,5,1000,9000,0.05,40\n" << u"line 3: "_s;
    QTest::addRow("a floor that is none") << good + "BTCUSDT,2,5,x,9000,0.05,40\n" << u"line 3: "_s;
    QTest::addRow("a rate that is none") << good + "BTCUSDT,2,5,1000,9000,5%,40\n" << u"line 3: "_s;
    QTest::addRow("a deduction that is none") << good + "BTCUSDT,2,5,1000,9000,0.05,\n" << u"line 3: "_s;
    QTest::addRow("a gap") << good + "BTCUSDT,2,5,2000,9000,0.05,40\n" << u"BTCUSDT: the bracket from 2000"_s;
}

void LeverageTest::aBadRowIsNamed()
{
    QFETCH(QByteArray, csv);
    QFETCH(QString, where);
    const auto read = test::leverageBracketsFromCsv(csv);
    QVERIFY(!read);
    QVERIFY2(read.error().text.startsWith(where), qPrintable(read.error().text));
}

void LeverageTest::theRecordedTableIsContinuous()
{
    QFile file(QStringLiteral(TRADEBOT_SHARED_DIR "/data/market/leverage_brackets_usdm.csv"));
    if (!file.open(QIODevice::ReadOnly))
        QSKIP("the recorded brackets are not there (TRADEBOT_SHARED_DIR)");
    const auto read = test::leverageBracketsFromCsv(file.readAll());
    QVERIFY2(read, problemOf(read).constData());
    QVERIFY(read->size() >= 8);
    for (const auto &[symbol, brackets] : *read) {
        const QString jump = jumpOf(brackets);
        QVERIFY2(jump.isEmpty(), qPrintable(symbol + u": a jump "_s + jump));
    }
    QVERIFY(read->at(u"BTCUSDT"_s).maximumLeverage(money("49999")) == 125);
}

QTEST_APPLESS_MAIN(LeverageTest)
#include "tst_leverage.moc"
