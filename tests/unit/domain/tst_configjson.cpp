// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/domain/configjson.h"
#include "tests/support/generators.h"
#include "tests/support/qtestprint.h"

#include <QTest>

using namespace tradebot;
using namespace Qt::StringLiterals;

namespace {

// The example of the HTTP interface's documentation, to the letter.
const QByteArray example =
        R"({ "name": "BTC trend", "symbol": "BTCUSDT", "exchange": "paper", "market": "spot", "mode": "demo",
  "timeframe": "1m", "strategy": "ema_cross", "strategy_params": {"fast": 12, "slow": 26},
  "position_type": "long", "leverage": 1, "margin_type": "isolated",
  "sizing": {"kind": "percent_of_equity", "value": 10},
  "initial_balance": 10000, "fees": {"maker": 0.001, "taker": 0.001}, "slippage_bps": 0,
  "stop_loss": {"kind": "percent", "value": 2}, "take_profit": {"kind": "percent", "value": 4},
  "trailing_stop": {"percent": 1, "activation_percent": 1.5},
  "limits": {"max_daily_loss": 200, "max_daily_trades": 50, "max_drawdown_percent": 20,
             "cooldown_s": 60, "max_position_quote": 5000},
  "restart_on_error": true, "api_key_id": null })";

const QByteArray minimal = R"({"name":"BTC trend","symbol":"BTCUSDT","strategy":"ema_cross"})";

Result<BotConfig> read(const QByteArray &text)
{
    return JsonValue::parse(text).and_then([](const JsonValue &json) { return botConfigFromJson(json, {}); });
}

Result<BotConfig> patch(const BotConfig &base, const QByteArray &text)
{
    return JsonValue::parse(text).and_then([&](const JsonValue &json) { return patchedBotConfig(base, json, {}); });
}

/// Without the white space between the values.
QByteArray compact(const QByteArray &text)
{
    QByteArray out;
    bool inText = false;
    for (const char c : text) {
        inText = inText != (c == '"');
        if (inText || (c != ' ' && c != '\n'))
            out += c;
    }
    return out;
}

} // namespace

class TestConfigJson final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theRulesOfItsStrategyAreSaidWithTheRest();
    void theDocumentedExampleRoundTrips();
    void whatIsNotGivenHasADefault();
    void aMissingNecessaryFieldIsNamed_data();
    void aMissingNecessaryFieldIsNamed();
    void aFieldThatCannotBeReadIsNamed_data();
    void aFieldThatCannotBeReadIsNamed();
    void aPatchKeepsWhatItDoesNotName();
    void aPatchReachesInsideAGroup();
    void aPatchReplacesTheParametersAsAWhole();
    void aPatchTakesARuleAway();
    void aPatchCanAddARule();
    void aPatchCannotBreakARule();
    void anEmptyPatchChangesNothing();
    void aNumberBeyondADoubleSurvives();
    void everyConfigRoundTrips();
    void anyDocumentIsReadOrRefused();
};

void TestConfigJson::theRulesOfItsStrategyAreSaidWithTheRest()
{
    StrategyInfo info;
    info.name = u"buyer"_s;
    info.isLongOnly = true;
    for (const QString &name : {u"low"_s, u"high"_s}) {
        ParameterSpec &spec = info.parameters.emplace_back();
        spec.name = name;
        spec.defaultValue = Decimal::fromInteger(3);
        spec.maximum = Decimal::fromInteger(9);
    }
    info.checkTogether = [](const StrategyParameters &parameters) -> QList<FieldError> {
        if (std::get<Decimal>(parameters.at(u"low"_s)) <= std::get<Decimal>(parameters.at(u"high"_s)))
            return {};
        return {{u"strategy_params.low"_s, u"must not be above high"_s}};
    };
    const auto problems = [&info](const QByteArray &rest, const QByteArray &name = "a") {
        const auto config =
                JsonValue::parse(R"({"symbol":"BTCUSDT","name":")" + name + "\"," + rest + '}')
                        .and_then([&info](const JsonValue &json) { return botConfigFromJson(json, {info}); });
        QStringList fields;
        for (const FieldError &error : config ? QList<FieldError>() : config.error().fields)
            fields.append(error.field);
        return fields;
    };
    QCOMPARE(problems(R"("strategy":"buyer","strategy_params":{"high":4})"), QStringList());
    QCOMPARE(problems(R"("strategy":"seller","strategy_params":{"high":40})"), QStringList{u"strategy"_s});
    QCOMPARE(problems(R"("strategy":"buyer","market":"usdm_futures","position_type":"short","leverage":"x","levrage":2,
                         "slippage_bps":-1,"strategy_params":{"low":10,"high":-1,"med":1})",
                      "a\\u0007"),
             (QStringList{u"leverage"_s, u"levrage"_s, u"slippage_bps"_s, u"name"_s, u"position_type"_s,
                          u"strategy_params.high"_s, u"strategy_params.low"_s, u"strategy_params.med"_s}));
    QCOMPARE(problems(R"("strategy":"buyer","slippage_bps":-1,"strategy_params":{"low":4})"),
             (QStringList{u"slippage_bps"_s, u"strategy_params.low"_s}));
    // What cannot be read says nothing about the rules.
    QCOMPARE(problems(R"("strategy":"buyer","strategy_params":7)"), QStringList{u"strategy_params"_s});
    QCOMPARE(problems(R"("strategy":7)"), QStringList{u"strategy"_s});
    const auto patched = JsonValue::parse(R"({"slippage_bps":-1,"strategy_params":{"low":4}})")
                                 .and_then([&info](const JsonValue &json) {
                                     BotConfig base = read(minimal).value();
                                     base.strategy = info.name;
                                     return patchedBotConfig(base, json, {info});
                                 });
    QCOMPARE(patched.error().fields.size(), 2);
}

void TestConfigJson::theDocumentedExampleRoundTrips()
{
    const auto config = read(example);
    QVERIFY2(config, problemOf(config).constData());
    // What it does not show has its default.
    QByteArray whole = compact(example);
    whole.replace(R"(},"limits")", R"(},"stops_at":"engine","stop_limit_percent":null,"paper":{"latency_ms":0,)"
                                   R"("depth_percent":100,"queue_percent":25,"funding_rate":0.0001,)"
                                   R"("liquidation_fee":0.01,"fee_asset":"quote"},"limits")");
    whole.replace(R"("max_position_quote":5000)",
                  R"("max_position_quote":5000,"max_symbol_exposure_quote":null,"max_account_exposure_quote":null,)"
                  R"("max_orders_per_minute":null,"stop_loss_guard":null)");
    QCOMPARE(toJson(*config), whole);
    JsonWriter writer;
    writer.beginObject();
    writeFields(writer, *config);
    writer.endObject();
    QCOMPARE(writer.text(), toJson(*config));
}

void TestConfigJson::whatIsNotGivenHasADefault()
{
    const auto config = read(minimal);
    QVERIFY2(config, problemOf(config).constData());
    QCOMPARE(toJson(*config),
             R"({"name":"BTC trend","symbol":"BTCUSDT","exchange":"paper","market":"spot","mode":"demo",)"
             R"("timeframe":"1m","strategy":"ema_cross","strategy_params":{},"position_type":"long",)"
             R"("leverage":1,"margin_type":"isolated",)"
             R"("sizing":{"kind":"percent_of_equity","value":10},"initial_balance":10000,)"
             R"("fees":{"maker":0.001,"taker":0.001},"slippage_bps":0,"stop_loss":null,)"
             R"("take_profit":null,"trailing_stop":null,"stops_at":"engine","stop_limit_percent":null,)"
             R"("paper":{"latency_ms":0,"depth_percent":100,"queue_percent":25,"funding_rate":0.0001,)"
             R"("liquidation_fee":0.01,"fee_asset":"quote"},"limits":{"max_daily_loss":null,)"
             R"("max_daily_trades":null,"max_drawdown_percent":null,"cooldown_s":null,)"
             R"("max_position_quote":null,"max_symbol_exposure_quote":null,"max_account_exposure_quote":null,)"
             R"("max_orders_per_minute":null,"stop_loss_guard":null},"restart_on_error":true,"api_key_id":null})");
}

void TestConfigJson::aMissingNecessaryFieldIsNamed_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QStringList>("fields");
    QTest::addRow("all") << QByteArray("{}") << QStringList{u"name"_s, u"symbol"_s, u"strategy"_s};
    QTest::addRow("symbol") << QByteArray(R"({"name":"x","strategy":"y"})") << QStringList{u"symbol"_s};
}

void TestConfigJson::aMissingNecessaryFieldIsNamed()
{
    QFETCH(QByteArray, text);
    QFETCH(QStringList, fields);
    const auto config = read(text);
    QVERIFY(!config);
    QCOMPARE(config.error().code, ErrorCode::InvalidInput);
    QStringList missing;
    for (const FieldError &error : config.error().fields) {
        QCOMPARE(error.message, u"is missing"_s);
        missing.append(error.field);
    }
    QCOMPARE(missing, fields);
}

void TestConfigJson::aFieldThatCannotBeReadIsNamed_data()
{
    QTest::addColumn<QByteArray>("given");
    QTest::addColumn<QString>("field");
    const auto row = [](const char *given, const char *field) {
        QTest::addRow("%s", given) << QByteArray(given) << QString::fromLatin1(field);
    };
    row(R"("name":5)", "name");
    row(R"("symbol":null)", "symbol");
    row(R"("exchange":"kraken")", "exchange");
    row(R"("market":"coinm_futures")", "market");
    row(R"("mode":"paper")", "mode");
    row(R"("timeframe":"1m ")", "timeframe");
    row(R"("timeframe":"7m")", "timeframe");
    row(R"("strategy":["ema_cross"])", "strategy");
    row(R"("strategy_params":[1])", "strategy_params");
    row(R"("strategy_params":{"fast":null})", "strategy_params");
    row(R"("strategy_params":{"fast":[1]})", "strategy_params");
    row(R"("strategy_params":{"fast":0.123456789})", "strategy_params");
    row(R"("position_type":"flat")", "position_type");
    row(R"("leverage":"1")", "leverage");
    row(R"("leverage":1.5)", "leverage");
    row(R"("leverage":99999999999)", "leverage");
    row(R"("margin_type":"portfolio")", "margin_type");
    row(R"("sizing":10)", "sizing");
    row(R"("sizing":null)", "sizing");
    row(R"("sizing":{"kind":"all_in"})", "sizing.kind");
    row(R"("sizing":{"value":"10"})", "sizing.value");
    row(R"("sizing":{"value":10,"unit":"%"})", "sizing.unit");
    row(R"("initial_balance":1e11)", "initial_balance");
    row(R"("initial_balance":0.000000001)", "initial_balance");
    row(R"("fees":{"maker":true})", "fees.maker");
    row(R"("slippage_bps":"0")", "slippage_bps");
    row(R"("stop_loss":2)", "stop_loss");
    row(R"("stop_loss":{"kind":"price"})", "stop_loss.kind");
    row(R"("take_profit":{"value":null})", "take_profit.value");
    row(R"("trailing_stop":{"distance":1})", "trailing_stop.distance");
    row(R"("limits":null)", "limits");
    row(R"("limits":{"max_daily_trades":2.5})", "limits.max_daily_trades");
    row(R"("limits":{"cooldown_s":3000000000})", "limits.cooldown_s");
    row(R"("restart_on_error":1)", "restart_on_error");
    row(R"("api_key_id":"1")", "api_key_id");
    row(R"("id":17)", "id");
    row(R"("Leverage":2)", "Leverage");
    row(R"("":0)", "");
}

void TestConfigJson::aFieldThatCannotBeReadIsNamed()
{
    QFETCH(QByteArray, given);
    QFETCH(QString, field);
    const auto config = patch(read(minimal).value(), '{' + given + '}');
    QVERIFY(!config);
    QCOMPARE(config.error().code, ErrorCode::InvalidInput);
    QVERIFY2(config.error().fields.size() == 1, qPrintable(config.error().text));
    QCOMPARE(config.error().fields[0].field, field);
    QVERIFY(config.error().text.startsWith(u"the bot's configuration is not valid: "_s));
}

void TestConfigJson::aPatchKeepsWhatItDoesNotName()
{
    const BotConfig base = read(example).value();
    const auto config = patch(base, R"({"leverage":1,"name":"New name","timeframe":"4h"})");
    QVERIFY2(config, problemOf(config).constData());
    BotConfig expected = base;
    expected.name = u"New name"_s;
    expected.timeframe = Timeframe::H4;
    QVERIFY(*config == expected);
}

void TestConfigJson::aPatchReachesInsideAGroup()
{
    const BotConfig base = read(example).value();
    const auto config =
            patch(base, R"({"fees":{"maker":0.0005},"limits":{"cooldown_s":null},"stop_loss":{"value":3}})");
    QVERIFY2(config, problemOf(config).constData());
    BotConfig expected = base;
    expected.fees.maker = Decimal::fromRaw(50'000);
    expected.limits.cooldownSeconds.reset();
    expected.stopLoss->value = Decimal::fromInteger(3);
    QVERIFY(*config == expected);
}

void TestConfigJson::aPatchReplacesTheParametersAsAWhole()
{
    const auto config = patch(read(example).value(), R"({"strategy_params":{"fast":5,"fancy":true,"mode":"x"}})");
    QVERIFY2(config, problemOf(config).constData());
    const StrategyParameters expected{{u"fast"_s, Decimal::fromInteger(5)}, {u"fancy"_s, true}, {u"mode"_s, u"x"_s}};
    QVERIFY(config->strategyParameters == expected);
}

void TestConfigJson::aPatchTakesARuleAway()
{
    const auto config = patch(read(example).value(), R"({"stop_loss":null,"take_profit":null,"trailing_stop":null})");
    QVERIFY2(config, problemOf(config).constData());
    QVERIFY(!config->stopLoss && !config->takeProfit && !config->trailingStop);
}

void TestConfigJson::aPatchCanAddARule()
{
    const auto config = patch(read(minimal).value(), R"({"stop_loss":{"kind":"atr","value":2.5}})");
    QVERIFY2(config, problemOf(config).constData());
    QVERIFY(config->stopLoss == (StopRule{StopKind::Atr, Decimal::fromRaw(250'000'000)}));
}

void TestConfigJson::aPatchCannotBreakARule()
{
    const auto futures = patch(read(minimal).value(), R"({"market":"usdm_futures","leverage":10})");
    QVERIFY2(futures, problemOf(futures).constData());
    const auto config = patch(*futures, R"({"market":"spot"})");
    QVERIFY(!config);
    QCOMPARE(config.error().fields.value(0).field, u"leverage"_s);
}

void TestConfigJson::anEmptyPatchChangesNothing()
{
    const BotConfig base = read(example).value();
    QVERIFY(patch(base, "{}").value() == base);
    QVERIFY(!patch(base, "[]"));
    QVERIFY(!patch(base, "null"));
}

void TestConfigJson::aNumberBeyondADoubleSurvives()
{
    const auto config = patch(read(minimal).value(), R"({"initial_balance":12345678901.12345678,)"
                                                     R"("strategy_params":{"lower":90071992547.40993001}})");
    QVERIFY2(config, problemOf(config).constData());
    QVERIFY(toJson(*config).contains(R"("initial_balance":12345678901.12345678,)"));
    QVERIFY(toJson(*config).contains(R"("lower":90071992547.40993001)"));
    QVERIFY(read(toJson(*config)).value() == *config);
}

void TestConfigJson::everyConfigRoundTrips()
{
    QVERIFY(rc::check("write and read", [] {
        auto config = *gen::config();
        config.name.removeIf([](QChar c) { return c.category() == QChar::Other_Control; }); // which only old names hold
        const auto again = read(toJson(config));
        RC_ASSERT(again.has_value());
        RC_ASSERT(*again == config);
        RC_ASSERT(patch(*gen::config(), toJson(config)).value() == config);
    }));
}

void TestConfigJson::anyDocumentIsReadOrRefused()
{
    QVERIFY(rc::check("one value of the example replaced", [] {
        const auto fields = *JsonValue::parse(example).value().object();
        JsonWriter writer;
        writer.beginObject();
        writer.key(QStringView(fields[*rc::gen::inRange<std::size_t>(0, fields.size())].first));
        writer.raw(*rc::gen::element("null", "true", "-1", "1e9", "\"\"", "[]", "{}", "[{}]", "{\"value\":{}}",
                                     "{\"kind\":0}", "{\"percent\":[]}", "99999999999999999999"));
        writer.endObject();
        const auto config = patch(read(example).value(), writer.text());
        RC_CLASSIFY(config.has_value(), "accepted");
        RC_ASSERT((config.has_value() ? validate(*config).isEmpty() : !config.error().fields.isEmpty()));
    }));
}

QTEST_APPLESS_MAIN(TestConfigJson)
#include "tst_configjson.moc"
