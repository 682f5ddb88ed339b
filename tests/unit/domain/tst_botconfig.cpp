// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/domain/botconfig.h"
#include "core/domain/configjson.h"
#include "tests/support/generators.h"
#include "tests/support/qtestprint.h"

#include <QTest>

using namespace tradebot;
using namespace Qt::StringLiterals;

namespace {

/// A futures bot with every part set, so that a patch can break each rule by itself.
BotConfig valid()
{
    return botConfigFromJson(JsonValue::parse(R"({
        "name": "BTC trend", "symbol": "BTCUSDT", "exchange": "binance", "market": "usdm_futures", "mode": "live",
        "strategy": "ema_cross", "position_type": "both", "leverage": 5, "api_key_id": 1,
        "sizing": {"kind": "fixed_quote", "value": 100},
        "stop_loss": {"kind": "percent", "value": 2}, "take_profit": {"kind": "percent", "value": 4},
        "trailing_stop": {"percent": 1, "activation_percent": 1.5},
        "limits": {"max_daily_loss": 200, "max_daily_trades": 50, "max_drawdown_percent": 20, "cooldown_s": 60,
                   "max_position_quote": 5000}})")
                                     .value(),
                             {})
            .value();
}

} // namespace

class TestBotConfig final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aBrokenRuleNamesItsField_data();
    void aBrokenRuleNamesItsField();
    void theLimitOfARuleIsAllowed_data();
    void theLimitOfARuleIsAllowed();
    void allBrokenRulesComeAtOnce();
    void aGeneratedConfigIsValid();
};

void TestBotConfig::aBrokenRuleNamesItsField_data()
{
    QTest::addColumn<QByteArray>("patch");
    QTest::addColumn<QString>("field");
    QTest::addColumn<QString>("message");
    const auto row = [](const char *patch, const QString &field, const QString &message) {
        QTest::addRow("%s", patch) << QByteArray(patch) << field << message;
    };
    const QString nameRule = u"must have 1 to 80 characters"_s;
    row(R"({"name":""})", u"name"_s, nameRule);
    row(R"({"name":"   "})", u"name"_s, nameRule);
    QTest::addRow("a long name") << QByteArray(R"({"name":")" + QByteArray(81, 'x') + R"("})") << u"name"_s << nameRule;
    const QString symbolRule = u"must have 3 to 20 of the characters A-Z, 0-9, - and _"_s;
    row(R"({"symbol":""})", u"symbol"_s, symbolRule);
    row(R"({"symbol":"B"})", u"symbol"_s, symbolRule);
    row(R"({"symbol":"AB"})", u"symbol"_s, symbolRule);
    row(R"({"symbol":"FOO/BAR"})", u"symbol"_s, symbolRule); // no market takes it
    row(R"({"symbol":"btcusdt"})", u"symbol"_s, symbolRule);
    row(R"({"symbol":"BTC USDT"})", u"symbol"_s, symbolRule);
    row(R"({"symbol":"BTC\u0000"})", u"symbol"_s, symbolRule);
    row(R"({"symbol":"BTC&x=1"})", u"symbol"_s, symbolRule);
    row(R"({"symbol":"ÄÖ"})", u"symbol"_s, symbolRule);
    row(R"({"symbol":"ABCDEFGHIJKLMNOPQRSTU"})", u"symbol"_s, symbolRule);
    row(R"({"strategy":""})", u"strategy"_s, u"must name a strategy"_s);
    row(R"({"exchange":"paper"})", u"mode"_s, u"must be demo on the paper exchange"_s);
    row(R"({"api_key_id":null})", u"api_key_id"_s, u"must name the key that a live bot trades with"_s);
    row(R"({"market":"spot","leverage":1})", u"position_type"_s, u"must be long on the spot market"_s);
    row(R"({"market":"spot","leverage":1,"position_type":"short"})", u"position_type"_s,
        u"must be long on the spot market"_s);
    row(R"({"leverage":0})", u"leverage"_s, u"must be between 1 and 125"_s);
    row(R"({"leverage":-5})", u"leverage"_s, u"must be between 1 and 125"_s);
    row(R"({"leverage":126})", u"leverage"_s, u"must be between 1 and 125"_s);
    row(R"({"market":"spot","position_type":"long","leverage":2})", u"leverage"_s, u"must be 1 on the spot market"_s);
    row(R"({"sizing":{"value":0}})", u"sizing.value"_s, u"must be above 0"_s);
    row(R"({"sizing":{"value":-1}})", u"sizing.value"_s, u"must be above 0"_s);
    row(R"({"sizing":{"kind":"percent_of_equity","value":100.00000001}})", u"sizing.value"_s,
        u"must be at most 100 percent"_s);
    row(R"({"sizing":{"kind":"risk_percent","value":101}})", u"sizing.value"_s, u"must be at most 100 percent"_s);
    row(R"({"sizing":{"kind":"risk_percent","value":1},"stop_loss":null})", u"stop_loss"_s,
        u"must be set, because risk_percent sizes by the distance to it"_s);
    row(R"({"initial_balance":0})", u"initial_balance"_s, u"must be above 0"_s);
    row(R"({"initial_balance":-0.00000001})", u"initial_balance"_s, u"must be above 0"_s);
    row(R"({"fees":{"maker":-0.01000001}})", u"fees.maker"_s, u"must be between -0.01 and 0.1"_s);
    row(R"({"fees":{"maker":0.10000001}})", u"fees.maker"_s, u"must be between -0.01 and 0.1"_s);
    row(R"({"fees":{"taker":-0.01000001}})", u"fees.taker"_s, u"must be between -0.01 and 0.1"_s);
    row(R"({"fees":{"taker":1}})", u"fees.taker"_s, u"must be between -0.01 and 0.1"_s);
    row(R"({"slippage_bps":-0.00000001})", u"slippage_bps"_s, u"must be between 0 and 1000"_s);
    row(R"({"slippage_bps":1000.1})", u"slippage_bps"_s, u"must be between 0 and 1000"_s);
    row(R"({"stop_loss":{"value":0}})", u"stop_loss.value"_s, u"must be above 0"_s);
    row(R"({"stop_loss":{"value":100}})", u"stop_loss.value"_s, u"must be below 100 percent"_s);
    row(R"({"stop_loss":{"kind":"atr","value":10000.1}})", u"stop_loss.value"_s, u"must be at most 10000"_s);
    row(R"({"take_profit":{"value":-4}})", u"take_profit.value"_s, u"must be above 0"_s);
    row(R"({"take_profit":{"value":100}})", u"take_profit.value"_s, u"must be below 100 percent"_s); // of a short
    row(R"({"position_type":"long","take_profit":{"value":10001}})", u"take_profit.value"_s,
        u"must be at most 10000"_s);
    row(R"({"trailing_stop":{"percent":0}})", u"trailing_stop.percent"_s, u"must be above 0 and below 100"_s);
    row(R"({"trailing_stop":{"percent":100}})", u"trailing_stop.percent"_s, u"must be above 0 and below 100"_s);
    row(R"({"trailing_stop":{"activation_percent":-1}})", u"trailing_stop.activation_percent"_s,
        u"must be between 0 and 10000"_s);
    row(R"({"trailing_stop":{"activation_percent":10001}})", u"trailing_stop.activation_percent"_s,
        u"must be between 0 and 10000"_s);
    row(R"({"limits":{"max_daily_loss":0}})", u"limits.max_daily_loss"_s, u"must be above 0"_s);
    row(R"({"limits":{"max_daily_trades":0}})", u"limits.max_daily_trades"_s, u"must be above 0"_s);
    row(R"({"limits":{"max_drawdown_percent":0}})", u"limits.max_drawdown_percent"_s,
        u"must be above 0 and below 100"_s);
    row(R"({"limits":{"max_drawdown_percent":100}})", u"limits.max_drawdown_percent"_s,
        u"must be above 0 and below 100"_s);
    row(R"({"limits":{"cooldown_s":-1}})", u"limits.cooldown_s"_s, u"must be 0 or more"_s);
    row(R"({"limits":{"max_position_quote":-5}})", u"limits.max_position_quote"_s, u"must be above 0"_s);
}

void TestBotConfig::aBrokenRuleNamesItsField()
{
    QFETCH(QByteArray, patch);
    QFETCH(QString, field);
    QFETCH(QString, message);
    const auto config = patchedBotConfig(valid(), JsonValue::parse(patch).value(), {});
    QVERIFY(!config);
    QCOMPARE(config.error().code, ErrorCode::InvalidInput);
    QVERIFY2(config.error().fields == (QList<FieldError>{{field, message}}), qPrintable(config.error().text));
}

void TestBotConfig::theLimitOfARuleIsAllowed_data()
{
    QTest::addColumn<QByteArray>("patch");
    for (const char *patch :
         {"{}",
          R"({"name":"x"})",
          R"({"symbol":"ABCDEFGHIJKLMNOPQRST"})",
          R"({"symbol":"ABC"})",
          R"({"symbol":"1INCH-USD-T_"})",
          R"({"exchange":"paper","mode":"demo","api_key_id":null})",
          R"({"mode":"demo","api_key_id":null})",
          R"({"market":"spot","position_type":"long","leverage":1})",
          R"({"leverage":1})",
          R"({"leverage":125})",
          R"({"sizing":{"value":0.00000001}})",
          R"({"sizing":{"kind":"percent_of_equity","value":100}})",
          R"({"sizing":{"kind":"fixed_quantity","value":1000000}})",
          R"({"sizing":{"kind":"risk_percent","value":1}})",
          R"({"initial_balance":92233720368.54775807})",
          R"({"fees":{"maker":-0.01,"taker":0.1}})",
          R"({"fees":{"maker":0,"taker":0}})",
          R"({"slippage_bps":0})",
          R"({"slippage_bps":1000})",
          R"({"stop_loss":{"value":99.99999999}})",
          R"({"stop_loss":{"kind":"atr","value":10000}})",
          R"({"position_type":"long","take_profit":{"value":250}})",
          R"({"take_profit":null,"stop_loss":null})",
          R"({"trailing_stop":{"activation_percent":0}})",
          R"({"trailing_stop":null})",
          R"({"limits":{"cooldown_s":0}})",
          R"({"limits":{"max_daily_loss":null,"max_daily_trades":null,"max_drawdown_percent":null,"cooldown_s":null}})"})
        QTest::addRow("%s", patch) << QByteArray(patch);
    QTest::addRow("a long name") << QByteArray(R"({"name":")" + QByteArray(80, 'x') + R"("})");
}

void TestBotConfig::theLimitOfARuleIsAllowed()
{
    QFETCH(QByteArray, patch);
    const auto config = patchedBotConfig(valid(), JsonValue::parse(patch).value(), {});
    QVERIFY2(config, problemOf(config).constData());
}

void TestBotConfig::allBrokenRulesComeAtOnce()
{
    BotConfig config = valid();
    config.name.clear();
    config.leverage = 200;
    config.limits.maxDailyTrades = -1;
    QStringList fields;
    for (const FieldError &error : validate(config))
        fields.append(error.field);
    QCOMPARE(fields, (QStringList{u"name"_s, u"leverage"_s, u"limits.max_daily_trades"_s}));
}

void TestBotConfig::aGeneratedConfigIsValid()
{
    QVERIFY(rc::check("generator", [] { RC_ASSERT(validate(*gen::config()).isEmpty()); }));
}

QTEST_APPLESS_MAIN(TestBotConfig)
#include "tst_botconfig.moc"
