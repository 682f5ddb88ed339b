// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/domain/strategyschema.h"
#include "tests/support/qtestprint.h"

#include <QTest>

using namespace tradebot;
using namespace Qt::StringLiterals;

namespace {

Decimal number(const char *text)
{
    return Decimal::parse(QByteArray(text)).value();
}

StrategyInfo demo()
{
    StrategyInfo info;
    info.name = u"demo"_s;
    info.parameters = {
            {u"fast"_s, u"Fast"_s, ParameterKind::Integer, number("12"), number("1"), number("500"), u"candles"_s, {}},
            {u"band"_s, u"Band"_s, ParameterKind::Number, number("0.5"), number("-1.5"), number("2.5"), {}, {}},
            {u"source"_s, u"Source"_s, ParameterKind::Choice, u"close"_s, {}, {}, {}, {u"open"_s, u"close"_s}},
            {u"reverse"_s, u"Reverse"_s, ParameterKind::Flag, false, {}, {}, {}, {}}};
    return info;
}

} // namespace

Q_DECLARE_METATYPE(tradebot::ParameterValue)

class TestStrategySchema final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aValueIsJudgedByItsSpecification_data();
    void aValueIsJudgedByItsSpecification();
    void aMissingParameterTakesItsDefault();
    void aGivenParameterIsKept();
    void everyWrongParameterIsNamed();
    void aRequiredParameterMustBeGiven();
};

void TestStrategySchema::aValueIsJudgedByItsSpecification_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<ParameterValue>("value");
    QTest::addColumn<QString>("problem");
    const auto row = [](const char *title, const QString &name, const ParameterValue &value, const QString &problem) {
        QTest::addRow("%s", title) << name << value << problem;
    };
    const QString integer = u"must be a whole number from 1 to 500"_s;
    row("integer", u"fast"_s, number("12"), {});
    row("least integer", u"fast"_s, number("1"), {});
    row("greatest integer", u"fast"_s, number("500"), {});
    row("integer too small", u"fast"_s, number("0"), u"must be a number from 1 to 500"_s);
    row("integer too large", u"fast"_s, number("501"), u"must be a number from 1 to 500"_s);
    row("integer with a fraction", u"fast"_s, number("12.00000001"), integer);
    row("integer as text", u"fast"_s, u"12"_s, integer);
    row("integer as flag", u"fast"_s, true, integer);
    row("number", u"band"_s, number("0.00000001"), {});
    row("least number", u"band"_s, number("-1.5"), {});
    row("number too small", u"band"_s, number("-1.50000001"), u"must be a number from -1.5 to 2.5"_s);
    row("number too large", u"band"_s, number("2.50000001"), u"must be a number from -1.5 to 2.5"_s);
    row("number as text", u"band"_s, u"1"_s, u"must be a number from -1.5 to 2.5"_s);
    row("choice", u"source"_s, u"open"_s, {});
    row("no choice", u"source"_s, u"Open"_s, u"must be one of open, close"_s);
    row("choice as number", u"source"_s, number("1"), u"must be one of open, close"_s);
    row("flag", u"reverse"_s, true, {});
    row("flag as number", u"reverse"_s, number("1"), u"must be true or false"_s);
    row("flag as text", u"reverse"_s, u"true"_s, u"must be true or false"_s);
    row("unknown", u"fats"_s, number("12"), u"is not a parameter of demo"_s);
}

void TestStrategySchema::aValueIsJudgedByItsSpecification()
{
    QFETCH(QString, name);
    QFETCH(ParameterValue, value);
    QFETCH(QString, problem);
    const auto errors = validateParameters(demo(), {{name, value}});
    if (problem.isEmpty()) {
        QVERIFY2(errors.isEmpty(), qPrintable(errors.value(0).message));
        return;
    }
    QCOMPARE(errors.size(), 1);
    QCOMPARE(errors[0].field, u"strategy_params."_s + name);
    QCOMPARE(errors[0].message, problem);
}

void TestStrategySchema::aMissingParameterTakesItsDefault()
{
    QVERIFY(validateParameters(demo(), {}).isEmpty());
    const StrategyParameters expected{
            {u"fast"_s, number("12")}, {u"band"_s, number("0.5")}, {u"source"_s, u"close"_s}, {u"reverse"_s, false}};
    QVERIFY(withDefaults(demo(), {}) == expected);
    QVERIFY(validateParameters(demo(), expected).isEmpty());
}

void TestStrategySchema::aGivenParameterIsKept()
{
    const auto whole = withDefaults(demo(), {{u"fast"_s, number("5")}, {u"other"_s, true}});
    QVERIFY(whole.at(u"fast"_s) == ParameterValue(number("5")));
    QVERIFY(whole.at(u"other"_s) == ParameterValue(true));
    QCOMPARE(whole.size(), std::size_t(5));
}

void TestStrategySchema::everyWrongParameterIsNamed()
{
    const auto errors = validateParameters(
            demo(), {{u"band"_s, number("9")}, {u"fast"_s, number("0.5")}, {u"reverse"_s, true}, {u"slow"_s, true}});
    QStringList fields;
    for (const FieldError &error : errors)
        fields.append(error.field);
    QCOMPARE(fields, (QStringList{u"strategy_params.band"_s, u"strategy_params.fast"_s, u"strategy_params.slow"_s}));
}

void TestStrategySchema::aRequiredParameterMustBeGiven()
{
    StrategyInfo info = demo();
    info.parameters.front().isRequired = true;
    QVERIFY(validateParameters(info, {{u"fast"_s, number("12")}}).isEmpty());
    const auto errors = validateParameters(info, {{u"band"_s, number("0.5")}});
    QCOMPARE(errors.size(), 1);
    QCOMPARE(errors[0].field, u"strategy_params.fast"_s);
    QCOMPARE(errors[0].message, u"must be given"_s);
}

QTEST_APPLESS_MAIN(TestStrategySchema)
#include "tst_strategyschema.moc"
