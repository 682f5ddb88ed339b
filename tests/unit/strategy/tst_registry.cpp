// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/strategy/registry.h"

#include <QSet>
#include <QTest>

using namespace tradebot;
using namespace Qt::StringLiterals;

class RegistryTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void everyStrategyCanBeMadeFromItsDefaults()
    {
        for (const StrategyInfo &info : builtInStrategies()) {
            const auto strategy = makeStrategy(info.name, withDefaults(info, {}));
            QVERIFY2(strategy.has_value(), qPrintable(info.name));
            QVERIFY((*strategy)->historyCandles() >= (*strategy)->warmUpCandles());
            QVERIFY(!(*strategy)->activity().isEmpty());
            QCOMPARE((*strategy)->activity().startsWith(u"warming up: 0 of "_s), (*strategy)->warmUpCandles() > 0);
        }
    }

    void everyDescriptionIsCompleteAndItsDefaultsKeepToIt()
    {
        QSet<QString> names;
        for (const StrategyInfo &info : builtInStrategies()) {
            QVERIFY(!names.contains(info.name));
            names.insert(info.name);
            QCOMPARE(findStrategy(info.name)->title, info.title);
            QVERIFY(!info.title.isEmpty() && !info.summary.isEmpty() && !info.parameters.empty());
            for (const ParameterSpec &spec : info.parameters) {
                QVERIFY(!spec.name.isEmpty() && !spec.title.isEmpty());
                QVERIFY(spec.minimum < spec.maximum);
            }
            QVERIFY(validateParameters(info, withDefaults(info, {})).isEmpty());
        }
        QCOMPARE(names, (QSet<QString>{u"ema_cross"_s, u"rsi_reversion"_s, u"macd_trend"_s, u"bollinger_reversion"_s,
                                       u"donchian_breakout"_s, u"supertrend"_s, u"grid"_s, u"dca"_s}));
    }

    void everyStrategyLivesWithTheEndsOfItsRanges()
    {
        for (const StrategyInfo &info : builtInStrategies()) {
            for (const ParameterSpec &spec : info.parameters) {
                for (const Decimal end : {spec.minimum, spec.maximum}) {
                    StrategyParameters parameters = withDefaults(info, {});
                    parameters[spec.name] = end;
                    const auto strategy = makeStrategy(info.name, parameters);
                    if (!strategy) // by a rule between two parameters
                        continue;
                    Intents intents;
                    for (int i = 0; i < 1200; ++i) {
                        const Price price = Price::fromInteger(100 + i % 7);
                        const Candle candle{fromMilliseconds(60'000LL * i), price, price, price, price, {}};
                        intents.clear();
                        (*strategy)->onCandle({candle, Position()}, intents);
                    }
                    QVERIFY(!(*strategy)->activity().startsWith(u"warming up"_s));
                }
            }
        }
    }

    void aGridMustBeGivenItsRange()
    {
        const auto made = makeStrategy(u"grid", {{u"levels"_s, Decimal::fromInteger(10)}});
        QVERIFY(!made);
        QStringList fields;
        for (const FieldError &error : made.error().fields)
            fields.append(error.field);
        QCOMPARE(fields, (QStringList{u"strategy_params.lower"_s, u"strategy_params.upper"_s,
                                      u"strategy_params.quantity_per_level"_s}));
    }

    void aBrokenParameterIsNamed_data()
    {
        QTest::addColumn<QString>("strategy");
        QTest::addColumn<QString>("parameter");
        QTest::addColumn<QString>("value");
        QTest::addColumn<QString>("field");
        QTest::newRow("below range") << u"ema_cross"_s << u"fast"_s << u"0"_s << u"strategy_params.fast"_s;
        QTest::newRow("no whole number") << u"ema_cross"_s << u"fast"_s << u"1.5"_s << u"strategy_params.fast"_s;
        QTest::newRow("unknown") << u"ema_cross"_s << u"quick"_s << u"3"_s << u"strategy_params.quick"_s;
        QTest::newRow("fast is slow") << u"ema_cross"_s << u"fast"_s << u"26"_s << u"strategy_params.fast"_s;
        QTest::newRow("slow below fast") << u"macd_trend"_s << u"slow"_s << u"5"_s << u"strategy_params.fast"_s;
        QTest::newRow("thresholds crossed")
                << u"rsi_reversion"_s << u"oversold"_s << u"70"_s << u"strategy_params.oversold"_s;
        QTest::newRow("exit beyond entry")
                << u"donchian_breakout"_s << u"exit"_s << u"21"_s << u"strategy_params.exit"_s;
        QTest::newRow("lower is upper") << u"grid"_s << u"lower"_s << u"70000"_s << u"strategy_params.lower"_s;
        QTest::newRow("an interval of nothing")
                << u"dca"_s << u"interval_s"_s << u"0"_s << u"strategy_params.interval_s"_s;
        QTest::newRow("unknown strategy") << u"magic"_s << u"period"_s << u"3"_s << u"strategy"_s;
    }
    void aBrokenParameterIsNamed()
    {
        QFETCH(const QString, strategy);
        QFETCH(const QString, parameter);
        QFETCH(const QString, value);
        QFETCH(const QString, field);
        const StrategyInfo *const info = findStrategy(strategy);
        StrategyParameters parameters = info != nullptr ? withDefaults(*info, {}) : StrategyParameters();
        parameters[parameter] = *Decimal::parse(value);
        const auto made = makeStrategy(strategy, parameters);
        QVERIFY(!made);
        QCOMPARE(made.error().code, ErrorCode::InvalidInput);
        QCOMPARE(made.error().fields.size(), 1);
        QCOMPARE(made.error().fields.first().field, field);
        QVERIFY(!made.error().text.isEmpty());
    }
};

QTEST_GUILESS_MAIN(RegistryTest)
#include "tst_registry.moc"
