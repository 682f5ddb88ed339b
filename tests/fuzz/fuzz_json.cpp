// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/domain/configjson.h"
#include "core/domain/eventjson.h"
#include "tests/fuzz/mutations.h"

#include <QTest>

using namespace tradebot;
using namespace tradebot::test;
using namespace Qt::StringLiterals;

namespace {

const QByteArrayList words = {"{",
                              "}",
                              "[",
                              "]",
                              ",",
                              ":",
                              "\"",
                              "\\",
                              "\\u0000",
                              "\\ud800",
                              "null",
                              "true",
                              "-",
                              "0",
                              "-0",
                              "1e400",
                              "0.1",
                              "0.123456789",
                              "9223372036854775808",
                              "92233720368.54775808",
                              QByteArray(1, '\0'),
                              "\xff",
                              "\xc0\x80",
                              "[[[[[[[[[[[[[[[[[[[[",
                              "\"leverage\":1,",
                              "\"name\":\"x\",",
                              "[]",
                              "{}"};

QByteArray exampleConfig()
{
    BotConfig config;
    config.name = u"Grün & \"quoted\" \\"_s;
    config.symbol = Symbol(u"BTCUSDT"_s);
    config.strategy = u"ema_cross"_s;
    config.strategyParameters = {{u"fast"_s, Decimal::fromInteger(12)}, {u"flag"_s, true}, {u"text"_s, u"x"_s}};
    config.stopLoss = StopRule{StopKind::Percent, Decimal::fromInteger(2)};
    config.limits.stopLossGuard = StopLossGuard();
    return toJson(config);
}

Result<BotConfig> readBotConfig(const JsonValue &json)
{
    return botConfigFromJson(json, {});
}

QByteArray exampleOrder()
{
    Order order;
    order.id = ClientOrderId{BotId(1), EventSequence(7)};
    order.symbol = Symbol(u"BTCUSDT"_s);
    order.quantity = Quantity::fromRaw(123'456'789);
    order.tag = u"ema_cross"_s;
    return toJson(OrderChanged{OrderTrigger::Submit, order});
}

} // namespace

class JsonFuzz final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    /// What is taken for a configuration is one: it breaks no rule and reads back to itself.
    void aConfigurationIsRightOrRefused()
    {
        Mutations mutations(7, words);
        int accepted = 0;
        for (int round = 0; round < 20'000; ++round) {
            const QByteArray bytes = mutations.changed(exampleConfig());
            const auto config = JsonValue::parse(bytes).and_then(readBotConfig);
            if (!config) {
                QVERIFY(!config.error().text.isEmpty());
                continue;
            }
            ++accepted;
            QVERIFY2(validate(*config).isEmpty(), bytes.toPercentEncoding().constData());
            const auto again = JsonValue::parse(toJson(*config)).and_then(readBotConfig);
            QVERIFY2(again && *again == *config, bytes.toPercentEncoding().constData());
        }
        QVERIFY2(accepted > 100, qPrintable(QString::number(accepted)));
    }

    /// A fact that can be read is written as it was read.
    void aFactIsReadWholeOrRefused()
    {
        Mutations mutations(11, words);
        int accepted = 0;
        for (int round = 0; round < 20'000; ++round) {
            const QByteArray bytes = mutations.changed(exampleOrder());
            const auto fact = JsonValue::parse(bytes).and_then(
                    [](const JsonValue &json) { return payloadFromJson(u"order", json); });
            if (!fact)
                continue;
            ++accepted;
            const QByteArray written = toJson(*fact);
            const auto again = JsonValue::parse(written).and_then(
                    [](const JsonValue &json) { return payloadFromJson(u"order", json); });
            QVERIFY2(again && toJson(*again) == written, bytes.toPercentEncoding().constData());
        }
        QVERIFY2(accepted > 100, qPrintable(QString::number(accepted)));
    }

    void nestingHasALimit()
    {
        for (const char *opening : {"[", "{\"a\":"})
            QVERIFY(!JsonValue::parse(QByteArray(opening).repeated(100'000)));
    }
};

QTEST_GUILESS_MAIN(JsonFuzz)
#include "fuzz_json.moc"
