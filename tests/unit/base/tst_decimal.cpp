// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/decimal.h"
#include "tests/support/generators.h"
#include "tests/support/qtestprint.h"
#include "tests/unit/base/slowdecimal.h"

#include <QTest>

#include <concepts>
#include <limits>

using namespace tradebot;
using namespace Qt::StringLiterals;

namespace {

template<class A, class B>
concept Addable = requires(A a, B b)
{
    a + b;
};
template<class A, class B>
concept Subtractable = requires(A a, B b)
{
    a - b;
};
template<class A, class B>
concept Multipliable = requires(A a, B b)
{
    a *b;
};
template<class A, class B>
concept Divisible = requires(A a, B b)
{
    a / b;
};
template<class A, class B>
concept Comparable = requires(A a, B b)
{
    a == b;
};
template<class A, class B>
concept Ordered = requires(A a, B b)
{
    a < b;
};
template<class A, class B>
concept HasNotional = requires(A a, B b)
{
    notional(a, b, Rounding::Floor);
};
template<class A, class B>
concept HasQuantityFor = requires(A a, B b)
{
    quantityFor(a, b, Rounding::Floor);
};
template<class A, class B>
concept HasRatio = requires(A a, B b)
{
    ratio(a, b, Rounding::Floor);
};
template<class A, class B>
concept HasStep = requires(A a, B b)
{
    roundToStep(a, b, Rounding::Floor);
};

// What makes sense compiles …
static_assert(Addable<Price, Price> && Subtractable<Money, Money> && Ordered<Quantity, Quantity>);
static_assert(std::same_as<decltype(Money() + Money()), Checked<Money>>);
static_assert(std::same_as<decltype(notional(Price(), Quantity(), Rounding::Floor)), Checked<Money>>);
static_assert(HasNotional<Price, Quantity> && HasQuantityFor<Money, Price> && HasRatio<Money, Money>);
static_assert(HasStep<Price, Price> && Addable<Checked<Money>, Money>);
// … and a mistake in the dimension does not.
static_assert(!Addable<Price, Money> && !Addable<Quantity, Money> && !Addable<Price, Quantity>);
static_assert(!Addable<Price, Decimal> && !Addable<Money, int> && !Addable<Money, double>);
static_assert(!Addable<Checked<Money>, Price> && !Addable<Checked<Money>, Checked<Price>>);
static_assert(!Subtractable<Money, Price> && !Subtractable<Checked<Quantity>, Money>);
static_assert(!Multipliable<Price, Price> && !Multipliable<Price, Quantity> && !Multipliable<Money, int>);
static_assert(!Divisible<Money, Price> && !Divisible<Money, int>);
static_assert(!Comparable<Price, Money> && !Comparable<Price, int> && !Comparable<Money, double>);
static_assert(!Ordered<Price, Quantity> && !Ordered<Money, int>);
static_assert(!HasNotional<Price, Price> && !HasNotional<Quantity, Price> && !HasNotional<Money, Quantity>);
static_assert(!HasQuantityFor<Price, Money> && !HasRatio<Money, Price> && !HasStep<Price, Quantity>);
static_assert(!std::convertible_to<int, Money> && !std::convertible_to<double, Money>);
static_assert(!std::constructible_from<Money, int> && !std::constructible_from<Money, double>);
static_assert(!std::constructible_from<Money, Price> && !std::constructible_from<Price, Decimal>);
// A sum is not a value before somebody has looked at it.
static_assert(!std::convertible_to<Checked<Money>, Money> && !Ordered<Checked<Money>, Money>);

constexpr Money most = Money::maximum();
constexpr Money one = Money::fromInteger(1);

Rounding anyRounding()
{
    return *rc::gen::element(Rounding::Floor, Rounding::Ceiling, Rounding::TowardZero, Rounding::AwayFromZero,
                             Rounding::HalfEven);
}

void addRoundings()
{
    QTest::addColumn<Rounding>("rounding");
    QTest::addColumn<QString>("positive"); // of 2.5 units of the last place
    QTest::addColumn<QString>("negative");
    QTest::addRow("floor") << Rounding::Floor << u"0.00000002"_s << u"-0.00000003"_s;
    QTest::addRow("ceiling") << Rounding::Ceiling << u"0.00000003"_s << u"-0.00000002"_s;
    QTest::addRow("toward zero") << Rounding::TowardZero << u"0.00000002"_s << u"-0.00000002"_s;
    QTest::addRow("away from zero") << Rounding::AwayFromZero << u"0.00000003"_s << u"-0.00000003"_s;
    QTest::addRow("half even") << Rounding::HalfEven << u"0.00000002"_s << u"-0.00000002"_s;
}

} // namespace

class TestDecimal final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aNumberIsReadExactly_data();
    void aNumberIsReadExactly();
    void whatIsNotADecimalIsRefused_data();
    void whatIsNotADecimalIsRefused();
    void aRefusalShowsOnlyTheBeginningOfALongText();
    void aPrintedNumberReadsBack();
    void whatAModelCanReadIsReadAlike();
    void theMinimumOfDecimalsIsKept_data();
    void theMinimumOfDecimalsIsKept();

    void eachRoundingTakesItsNeighbour_data() { addRoundings(); }
    void eachRoundingTakesItsNeighbour();
    void halfEvenTakesTheEvenNeighbour_data();
    void halfEvenTakesTheEvenNeighbour();
    void everyRoundingAgreesWithLongDivision();
    void theLimitsSurviveMultiplication();
    void productsOfTheSmallestIntegerDoNotTrap();

    void overflowSticksThroughAFormula();
    void overflowIsNamed();
    void sumsAgreeWithTheModel();
    void everyProductCanOverflow();
    void aDivisionByZeroIsAnOverflow();

    void aStepIsRoundedTo_data();
    void aStepIsRoundedTo();
    void aStepAgreesWithLongDivision();
    void quantityForIsTheMostThatMoneyBuys();
    void negativeValuesKeepTheirSign();
};

void TestDecimal::aNumberIsReadExactly_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<qint64>("raw");
    const auto row = [](const char *text, qint64 raw) { QTest::addRow("%s", text) << QByteArray(text) << raw; };
    row("0", 0);
    row("-0", 0);
    row("-0.00000000", 0);
    row("1", 100'000'000);
    row("-12.5", -1'250'000'000);
    row("007.5", 750'000'000);
    row("0.00000001", 1);
    row("-0.00000001", -1);
    row("0.12345678", 12'345'678);
    row("67250.10", 6'725'010'000'000);
    row("1.000000000000", 100'000'000);
    row("1.00000000000000000000000000000000000000000000", 100'000'000);
    row("0.000000000000000000000000000000000000000000", 0);
    row("00000000000000000000000000000000000000000001.5", 150'000'000);
    row("1e3", 100'000'000'000);
    row("1E+3", 100'000'000'000);
    row("1e-3", 100'000);
    row("-2.5e-7", -25);
    row("100e-10", 1);
    row("0e999999999999", 0);
    row("0e-999999999999", 0);
    row("9223372036854775807e-8", std::numeric_limits<qint64>::max());
    row("92233720368.54775807", std::numeric_limits<qint64>::max());
    row("92233720368.547758070", std::numeric_limits<qint64>::max());
    row("-92233720368.54775807", -std::numeric_limits<qint64>::max());
    row("92233720368.54775806", std::numeric_limits<qint64>::max() - 1);
    row("9999999999.99999999", 999'999'999'999'999'999); // 18 digits, the most of the fast way
    row("10000000000.00000001", 1'000'000'000'000'000'001);
}

void TestDecimal::aNumberIsReadExactly()
{
    QFETCH(QByteArray, text);
    QFETCH(qint64, raw);
    const auto value = Decimal::parse(text);
    QVERIFY2(value, problemOf(value).constData());
    QCOMPARE(value->raw(), raw);
    QCOMPARE(Decimal::parse(QString::fromLatin1(text)).value().raw(), raw);
}

void TestDecimal::whatIsNotADecimalIsRefused_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QString>("why");
    const auto row = [](const char *name, QByteArray text, const QString &why) {
        QTest::addRow("%s", name) << std::move(text) << why;
    };
    const QString begin = u"it must begin with a digit or a minus and a digit"_s;
    const QString beyond = u"it lies beyond ±92233720368.54775807"_s;
    const QString decimals = u"it has more than 8 decimals"_s;
    row("nothing", "", begin);
    row("only a minus", "-", begin);
    row("only a point", ".", begin);
    row("point first", ".5", begin);
    row("minus and point", "-.5", begin);
    row("a plus", "+1", begin);
    row("two minuses", "--1", begin);
    row("a space before", " 1", begin);
    row("words", "NaN", begin);
    row("infinity", "-inf", begin);
    row("a space behind", "1 ", u"unexpected character at position 2"_s);
    row("a line end", "1\n", u"unexpected character at position 2"_s);
    row("a zero byte", QByteArray("1\0", 2), u"unexpected character at position 2"_s);
    row("two points", "1.2.3", u"unexpected character at position 4"_s);
    row("a comma", "1,5", u"unexpected character at position 2"_s);
    row("thousands", "1'000", u"unexpected character at position 2"_s);
    row("hexadecimal", "0x10", u"unexpected character at position 2"_s);
    row("other digits", "\xd9\xa1", begin);
    row("point last", "5.", u"a digit must follow the point"_s);
    row("point before the exponent", "5.e1", u"a digit must follow the point"_s);
    row("exponent without digits", "1e", u"a digit must follow the exponent sign"_s);
    row("exponent with only a sign", "1e-", u"a digit must follow the exponent sign"_s);
    row("exponent of words", "1ex", u"unexpected character at position 3"_s);
    row("exponent with a point", "1e1.5", u"unexpected character at position 4"_s);
    row("exponent with two signs", "1e--1", u"unexpected character at position 4"_s);
    row("nine decimals", "0.123456789", decimals);
    row("nine decimals of many digits", "12345678901.123456789", decimals);
    row("below the smallest", "1e-9", decimals);
    row("far below the smallest", "1e-999999999999999999", decimals);
    row("one above the limit", "92233720368.54775808", beyond);
    row("one below the limit", "-92233720368.54775808", beyond);
    row("whole units above the limit", "92233720369", beyond);
    row("19 digits", "9223372036854775807", beyond);
    row("by exponent", "1e11", beyond);
    row("by a huge exponent", "1e999999999999999999", beyond);
    row("forty digits", QByteArray(40, '9'), u"too many digits"_s);
}

void TestDecimal::whatIsNotADecimalIsRefused()
{
    QFETCH(QByteArray, text);
    QFETCH(QString, why);
    const auto value = Decimal::parse(text);
    QVERIFY(!value);
    QCOMPARE(value.error().code, ErrorCode::Malformed);
    QVERIFY2(value.error().text.endsWith(why), qPrintable(value.error().text));
    QVERIFY2(value.error().text.contains(QString::fromUtf8(text)), qPrintable(value.error().text));
}

void TestDecimal::aRefusalShowsOnlyTheBeginningOfALongText()
{
    const auto value = Decimal::parse(QByteArray(100'000, 'x'));
    QVERIFY(!value);
    QVERIFY(value.error().text.size() < 200);
}

void TestDecimal::aPrintedNumberReadsBack()
{
    QVERIFY(rc::check("print and parse", [] {
        const auto value = *gen::decimal<Price>();
        const int least = *rc::gen::inRange(0, 9);
        const QByteArray text = value.toBytes(least);
        RC_ASSERT((Price::parse(text) == Result<Price>(value)));
        RC_ASSERT(text == slow::print(value.raw(), least));
        const qsizetype point = text.indexOf('.');
        RC_ASSERT(point < 0 || text.size() - point - 1 == least || !text.endsWith('0'));
        RC_ASSERT(value.toString(least).toLatin1() == text);
    }));
}

void TestDecimal::whatAModelCanReadIsReadAlike()
{
    // A number written as digits, a point somewhere in them, and an exponent; the model shifts the digits as text.
    QVERIFY(rc::check("digits, point and exponent", [] {
        const auto size = *rc::gen::inRange<std::size_t>(1, 24);
        const auto digits = *rc::gen::container<std::string>(size, rc::gen::inRange('0', ':'));
        const auto point = *rc::gen::inRange<std::size_t>(1, digits.size() + 1);
        const int exponent = *rc::gen::inRange(-20, 21);
        const bool negative = *rc::gen::arbitrary<bool>();
        QByteArray text(negative ? "-" : "");
        text += digits.substr(0, point).c_str();
        if (point < digits.size())
            text += '.' + QByteArray(digits.substr(point).c_str());
        if (exponent != 0)
            text += 'e' + QByteArray::number(exponent);
        const auto expected = slow::shifted(digits, static_cast<int>(digits.size() - point) - exponent, negative);
        const auto read = Decimal::parse(text);
        RC_CLASSIFY(expected.has_value(), "in range");
        RC_ASSERT(read.has_value() == expected.has_value());
        if (expected)
            RC_ASSERT(read->raw() == *expected);
    }));
}

void TestDecimal::theMinimumOfDecimalsIsKept_data()
{
    QTest::addColumn<qint64>("raw");
    QTest::addColumn<int>("least");
    QTest::addColumn<QByteArray>("text");
    QTest::addRow("whole") << qint64(500'000'000) << 0 << QByteArray("5");
    QTest::addRow("whole with two") << qint64(500'000'000) << 2 << QByteArray("5.00");
    QTest::addRow("more than asked for") << qint64(512'345'000) << 2 << QByteArray("5.12345");
    QTest::addRow("all eight") << qint64(1) << 2 << QByteArray("0.00000001");
    QTest::addRow("zero") << qint64(0) << 0 << QByteArray("0");
    QTest::addRow("zero with two") << qint64(0) << 2 << QByteArray("0.00");
    QTest::addRow("negative below one") << qint64(-50'000'000) << 0 << QByteArray("-0.5");
    QTest::addRow("largest") << std::numeric_limits<qint64>::max() << 0 << QByteArray("92233720368.54775807");
    QTest::addRow("smallest") << std::numeric_limits<qint64>::min() << 0 << QByteArray("-92233720368.54775807");
}

void TestDecimal::theMinimumOfDecimalsIsKept()
{
    QFETCH(qint64, raw);
    QFETCH(int, least);
    QTEST(Money::fromRaw(raw).toBytes(least), "text");
}

void TestDecimal::eachRoundingTakesItsNeighbour()
{
    QFETCH(Rounding, rounding);
    QFETCH(QString, positive);
    QFETCH(QString, negative);
    // 0.00000005 × 0.5 = 0.000000025
    const Price price = Price::fromRaw(5);
    const Quantity half = Quantity::fromRaw(50'000'000);
    QCOMPARE(notional(price, half, rounding).value().value().toString(), positive);
    QCOMPARE(notional(-price, half, rounding).value().value().toString(), negative);
    QCOMPARE(notional(price, -half, rounding).value().value().toString(), negative);
    QCOMPARE(notional(-price, -half, rounding).value().value().toString(), positive);
}

void TestDecimal::halfEvenTakesTheEvenNeighbour_data()
{
    QTest::addColumn<qint64>("part");
    QTest::addColumn<qint64>("divisor");
    QTest::addColumn<qint64>("result");
    QTest::addRow("0.5") << qint64(1) << qint64(2) << qint64(0);
    QTest::addRow("1.5") << qint64(3) << qint64(2) << qint64(2);
    QTest::addRow("2.5") << qint64(5) << qint64(2) << qint64(2);
    QTest::addRow("3.5") << qint64(7) << qint64(2) << qint64(4);
    QTest::addRow("-0.5") << qint64(-1) << qint64(2) << qint64(0);
    QTest::addRow("-1.5") << qint64(-3) << qint64(2) << qint64(-2);
    QTest::addRow("-2.5") << qint64(-5) << qint64(2) << qint64(-2);
    QTest::addRow("2.5 of negatives") << qint64(-5) << qint64(-2) << qint64(2);
    QTest::addRow("just below the half") << qint64(49) << qint64(100) << qint64(0);
    QTest::addRow("just above the half") << qint64(51) << qint64(100) << qint64(1);
    QTest::addRow("a third") << qint64(4) << qint64(3) << qint64(1);
    QTest::addRow("two thirds") << qint64(5) << qint64(3) << qint64(2);
    QTest::addRow("-two thirds") << qint64(-5) << qint64(3) << qint64(-2);
}

void TestDecimal::halfEvenTakesTheEvenNeighbour()
{
    QFETCH(qint64, part);
    QFETCH(qint64, divisor);
    const auto result =
            proportion(Money::fromRaw(part), Quantity::fromRaw(1), Quantity::fromRaw(divisor), Rounding::HalfEven);
    QTEST(qint64(result.value().value().raw()), "result");
}

void TestDecimal::everyRoundingAgreesWithLongDivision()
{
    QVERIFY(rc::check("a × b ÷ c", [] {
        const auto a = *gen::raw();
        const auto b = *gen::raw();
        const auto c = *rc::gen::oneOf(gen::raw(), rc::gen::just(detail::decimalScale),
                                       rc::gen::just(100 * detail::decimalScale));
        const Rounding rounding = anyRounding();
        const auto expected = slow::multiplyDivide(a, b, c, rounding);
        RC_CLASSIFY(!expected, "overflow");
        RC_ASSERT(detail::multiplyDivide(a, b, c, rounding) == expected);
    }));
}

void TestDecimal::theLimitsSurviveMultiplication()
{
    const auto whole = Quantity::fromInteger(1);
    for (const Rounding rounding :
         {Rounding::Floor, Rounding::Ceiling, Rounding::TowardZero, Rounding::AwayFromZero, Rounding::HalfEven}) {
        QCOMPARE(notional(Price::maximum(), whole, rounding).value(), std::optional(most));
        QCOMPARE(notional(-Price::maximum(), whole, rounding).value(), std::optional(-most));
        QCOMPARE(proportion(most, most, most, rounding).value(), std::optional(most));
        QCOMPARE(proportion(-most, most, -most, rounding).value(), std::optional(most));
        QVERIFY(proportion(most, most, one, rounding).overflowed());
    }
    // The exact product lies half a unit beyond the limit: only rounding inwards is representable.
    const auto beyond = [](Rounding rounding) {
        return detail::multiplyDivide(std::numeric_limits<qint64>::max(), 3, 2, rounding);
    };
    QVERIFY(!beyond(Rounding::Floor));
    const auto atLimit = [](Rounding rounding) { // (2^63 - 1/2) = (2^64 - 1) / 2 = 6148914691236517205 × 3 / 2
        return detail::multiplyDivide(6'148'914'691'236'517'205, 3, 2, rounding);
    };
    QCOMPARE(atLimit(Rounding::Floor), std::optional(detail::decimalMax));
    QCOMPARE(atLimit(Rounding::TowardZero), std::optional(detail::decimalMax));
    QVERIFY(!atLimit(Rounding::Ceiling));
    QVERIFY(!atLimit(Rounding::AwayFromZero));
    QVERIFY(!atLimit(Rounding::HalfEven)); // the tie's even neighbour is 2^63
}

void TestDecimal::productsOfTheSmallestIntegerDoNotTrap()
{
    // 2^62 × -2 = -2^63 fits 64 bits, but its negative does not.
    const auto part = Money::fromRaw(std::int64_t(1) << 62);
    const auto minusTwo = Quantity::fromRaw(-2);
    QVERIFY(proportion(part, minusTwo, Quantity::fromRaw(-1), Rounding::HalfEven).overflowed());
    QVERIFY(proportion(part, minusTwo, Quantity::fromRaw(1), Rounding::HalfEven).overflowed());
    QCOMPARE(proportion(part, minusTwo, Quantity::fromRaw(-2), Rounding::HalfEven).value(), std::optional(part));
}

void TestDecimal::overflowSticksThroughAFormula()
{
    const Checked<Money> bad = most + one;
    QVERIFY(bad.overflowed());
    QVERIFY(!bad.value());
    QVERIFY((bad - most).overflowed());
    QVERIFY((bad - one - most - most).overflowed());
    QVERIFY((-bad).overflowed());
    QVERIFY((Money() + bad).overflowed());
    QVERIFY((Money() - bad).overflowed());
    QVERIFY((bad + bad).overflowed());
    QVERIFY((Checked<Money>::failed() + Money()).overflowed());
    Checked<Money> sum = Money();
    sum += most;
    QVERIFY(!sum.overflowed());
    sum += Money::smallest();
    QVERIFY(sum.overflowed());
    sum -= Money::smallest();
    QVERIFY(sum.overflowed());
}

void TestDecimal::overflowIsNamed()
{
    QCOMPARE((one + one).orError(u"the sum"), Result<Money>(Money::fromInteger(2)));
    const auto result = (most + one).orError(u"the sum");
    QVERIFY(!result);
    QCOMPARE(result.error().code, ErrorCode::Overflow);
    QCOMPARE(result.error().text, u"the sum lies beyond ±92233720368.54775807"_s);
}

void TestDecimal::sumsAgreeWithTheModel()
{
    QVERIFY(rc::check("a + b, a - b, -a, |a|", [] {
        const auto a = *gen::decimal<Money>();
        const auto b = *gen::decimal<Money>();
        const auto rawOf = [](Checked<Money> sum) {
            const auto value = sum.value();
            return value ? std::optional(value->raw()) : std::nullopt;
        };
        RC_ASSERT(rawOf(a + b) == slow::add(a.raw(), b.raw()));
        RC_ASSERT(rawOf(a - b) == slow::add(a.raw(), -b.raw()));
        RC_ASSERT((-a).raw() == -a.raw());
        RC_ASSERT(!a.abs().isNegative());
        RC_ASSERT(a.abs() == a || a.abs() == -a);
        RC_ASSERT((a < b) == (a.raw() < b.raw()));
        RC_ASSERT((a == b) == (a.raw() == b.raw()));
    }));
}

void TestDecimal::everyProductCanOverflow()
{
    constexpr auto rounding = Rounding::TowardZero;
    const auto two = Decimal::fromInteger(2);
    QVERIFY(notional(Price::maximum(), Quantity::fromInteger(2), rounding).overflowed());
    QVERIFY(notional(Price::fromInteger(2'000'000'000), Quantity::fromInteger(-2'000'000'000), rounding).overflowed());
    QVERIFY(scaled(most, two, rounding).overflowed());
    QVERIFY(percentOf(most, Decimal::fromInteger(101), rounding).overflowed());
    QVERIFY(proportion(most, Quantity::fromInteger(2), Quantity::fromInteger(1), rounding).overflowed());
    QVERIFY(quantityFor(most, Price::smallest(), rounding).overflowed());
    QVERIFY(averagePrice(most, Quantity::smallest(), rounding).overflowed());
    QVERIFY(ratio(most, Money::smallest(), rounding).overflowed());
    QVERIFY(roundToStep(most, Money::fromInteger(1), Rounding::Ceiling).overflowed());
    QVERIFY((notional(Price::maximum(), Quantity::fromInteger(2), rounding) - most).overflowed());
}

void TestDecimal::aDivisionByZeroIsAnOverflow()
{
    constexpr auto rounding = Rounding::Floor;
    QVERIFY(quantityFor(one, Price(), rounding).overflowed());
    QVERIFY(quantityFor(Money(), Price(), rounding).overflowed());
    QVERIFY(averagePrice(one, Quantity(), rounding).overflowed());
    QVERIFY(ratio(one, Money(), rounding).overflowed());
    QVERIFY(proportion(one, Quantity::fromInteger(1), Quantity(), rounding).overflowed());
}

void TestDecimal::aStepIsRoundedTo_data()
{
    QTest::addColumn<QByteArray>("value");
    QTest::addColumn<QByteArray>("step");
    QTest::addColumn<Rounding>("rounding");
    QTest::addColumn<QByteArray>("result");
    const auto row = [](const char *name, QByteArray value, QByteArray step, Rounding rounding, QByteArray result) {
        QTest::addRow("%s", name) << std::move(value) << std::move(step) << rounding << std::move(result);
    };
    row("a multiple stays", "0.3", "0.1", Rounding::Floor, "0.3"); // a double would make 0.2 of it
    row("a multiple stays upwards", "0.7", "0.1", Rounding::Ceiling, "0.7");
    row("down", "0.123456", "0.001", Rounding::Floor, "0.123");
    row("up", "0.123456", "0.001", Rounding::Ceiling, "0.124");
    row("down of a negative", "-0.123456", "0.001", Rounding::Floor, "-0.124");
    row("up of a negative", "-0.123456", "0.001", Rounding::Ceiling, "-0.123");
    row("toward zero of a negative", "-0.123456", "0.001", Rounding::TowardZero, "-0.123");
    row("away from zero", "0.1200001", "0.001", Rounding::AwayFromZero, "0.121");
    row("a tie to the even", "0.25", "0.1", Rounding::HalfEven, "0.2");
    row("another tie to the even", "0.35", "0.1", Rounding::HalfEven, "0.4");
    row("a step that is no power of ten", "100.3", "0.25", Rounding::Floor, "100.25");
    row("a value below the step", "0.4", "1", Rounding::Floor, "0");
    row("a value below the step, upwards", "0.4", "1", Rounding::Ceiling, "1");
    row("no step", "0.123456", "0", Rounding::Floor, "0.123456");
    row("a negative step is none", "0.123456", "-1", Rounding::Floor, "0.123456");
    row("zero", "0", "0.5", Rounding::Ceiling, "0");
}

void TestDecimal::aStepIsRoundedTo()
{
    QFETCH(QByteArray, value);
    QFETCH(QByteArray, step);
    QFETCH(Rounding, rounding);
    const auto rounded = roundToStep(Price::parse(value).value(), Price::parse(step).value(), rounding);
    QTEST(rounded.value().value().toBytes(), "result");
}

void TestDecimal::aStepAgreesWithLongDivision()
{
    QVERIFY(rc::check("round to a step", [] {
        const auto value = *gen::raw();
        const auto step = *gen::positiveRaw(18);
        const Rounding rounding = anyRounding();
        const auto multiples = slow::multiplyDivide(value, 1, step, rounding);
        const auto expected = multiples ? slow::multiplyDivide(*multiples, step, 1, rounding) : std::nullopt;
        RC_ASSERT(detail::roundToStep(value, step, rounding) == expected);
    }));
}

void TestDecimal::quantityForIsTheMostThatMoneyBuys()
{
    QVERIFY(rc::check("never more than the money", [] {
        const auto money = *gen::positive<Money>(15);
        const auto price = *gen::positive<Price>(15);
        const auto quantity = quantityFor(money, price, Rounding::Floor).value();
        RC_PRE(quantity.has_value());
        const auto cost = notional(price, *quantity, Rounding::Ceiling).value();
        RC_ASSERT(cost.has_value() && *cost <= money);
        const auto more = (*quantity + Quantity::smallest()).value();
        RC_ASSERT(more.has_value());
        const auto dearer = slow::multiplyDivide(price.raw(), more->raw(), 1, Rounding::Floor);
        // price × (quantity + 0.00000001) > money, both at 1e-16 where that fits.
        if (dearer && money.raw() < detail::decimalMax / detail::decimalScale)
            RC_ASSERT(*dearer > money.raw() * detail::decimalScale);
    }));
}

void TestDecimal::negativeValuesKeepTheirSign()
{
    const auto fee = scaled(Money::parse("-1000").value_or(Money()), Decimal::parse("0.001").value_or(Decimal()),
                            Rounding::AwayFromZero);
    QCOMPARE(fee.value().value().toBytes(), "-1");
    QCOMPARE(percentOf(-one, Decimal::fromInteger(50), Rounding::Floor).value().value().toBytes(), "-0.5");
    QCOMPARE(ratio(-one, Money::fromInteger(4), Rounding::Floor).value().value().toBytes(), "-0.25");
    QCOMPARE(quantityFor(-one, Price::fromInteger(8), Rounding::Floor).value().value().toBytes(), "-0.125");
    QVERIFY((-one).isNegative() && !(-one).isPositive() && (-one).abs() == one);
    QCOMPARE((-Money()).raw(), 0);
    QCOMPARE(Money::fromRaw(std::numeric_limits<qint64>::min()), -most); // the smallest int64 is no value
}

QTEST_APPLESS_MAIN(TestDecimal)
#include "tst_decimal.moc"
