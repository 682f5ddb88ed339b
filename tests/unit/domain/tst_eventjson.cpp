// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/domain/eventjson.h"
#include "tests/support/generators.h"
#include "tests/support/qtestprint.h"

#include <QTest>

using namespace tradebot;
using namespace Qt::StringLiterals;

namespace {

Result<EventPayload> read(QStringView type, const QByteArray &text)
{
    return JsonValue::parse(text).and_then([&](const JsonValue &json) { return payloadFromJson(type, json); });
}

Order someOrder()
{
    Order order;
    order.id = {BotId(17), EventSequence(4711)};
    order.exchangeId = ExchangeOrderId(u"paper-1"_s);
    order.symbol = Symbol(u"BTCUSDT"_s);
    order.type = OrderType::Limit;
    order.state = OrderState::Filled;
    order.quantity = Quantity::fromRaw(7'450'000);
    order.filled = order.quantity;
    order.limitPrice = Price::fromRaw(6'725'010'000'000);
    order.filledNotional = Money::fromRaw(501'013'245'000);
    order.tag = u"ema_cross_up"_s;
    order.createdAt = fromMilliseconds(1'795'176'000'000);
    order.acceptedAt = fromMilliseconds(1'795'176'000'123);
    return order;
}

// What lies in the journals of users; a change of it needs a way to read the old ones.
const QByteArray storedFill =
        R"({"order":{"client_id":"tb-17-4711","exchange_id":"paper-1","symbol":"BTCUSDT","side":"buy","type":"limit",)"
        R"("time_in_force":"gtc","purpose":"entry","reduce_only":false,"post_only":false,"state":"filled",)"
        R"("quantity":0.0745,"filled":0.0745,"limit_price":67250.1,"stop_price":0,"filled_notional":5010.13245,)"
        R"("tag":"ema_cross_up","reason":"","created_at":"2026-11-20T12:00:00.000Z",)"
        R"("accepted_at":"2026-11-20T12:00:00.123Z"},)"
        R"("fill":{"order":"tb-17-4711","exchange_trade_id":"t-1","side":"buy","price":67250.1,"quantity":0.0745,)"
        R"("fee":5.01013245,"fee_rate":0.001,"is_maker":true},"realised":-12.5})";

OrderFilled someFill()
{
    OrderFilled filled;
    filled.order = someOrder();
    filled.fill.order = filled.order.id;
    filled.fill.exchangeTradeId = ExchangeTradeId(u"t-1"_s);
    filled.fill.price = filled.order.limitPrice;
    filled.fill.quantity = filled.order.quantity;
    filled.fill.fee = Money::fromRaw(501'013'245);
    filled.fill.feeRate = Decimal::fromRaw(100'000);
    filled.fill.isMaker = true;
    filled.realised = Money::fromRaw(-1'250'000'000);
    return filled;
}

const QByteArray storedDay = R"({"day":"2026-11-20T00:00:00.000Z","next":"2026-11-21T00:00:00.000Z",)"
                             R"("totals":{"gross":12.5,"fees":0.00000001,"funding":-3,"fills":4,"trades":2,"wins":1}})";

DayClosed someDay()
{
    using namespace std::chrono;
    DayClosed closed;
    closed.day = year(2026) / 11 / 20;
    closed.next = year(2026) / 11 / 21;
    closed.totals = {Money::fromRaw(1'250'000'000), Money::fromRaw(1), Money::fromInteger(-3), 4, 2, 1};
    return closed;
}

void addKinds()
{
    QTest::addColumn<int>("kind");
    const auto names = allTypeNames();
    for (int i = 0; i < names.size(); ++i)
        QTest::addRow("%s", names[i].data()) << i;
}

} // namespace

class TestEventJson final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyPayloadReadsBack_data() { addKinds(); }
    void everyPayloadReadsBack();
    void aStoredFactIsWrittenAsEver();
    void anUnknownFieldIsRefused_data() { addKinds(); }
    void anUnknownFieldIsRefused();
    void aMissingFieldIsRefused_data() { addKinds(); }
    void aMissingFieldIsRefused();
    void anUnknownTypeIsRefused_data();
    void anUnknownTypeIsRefused();
    void aBrokenPlaceInsideIsNamed_data();
    void aBrokenPlaceInsideIsNamed();
    void whatIsNoObjectIsRefused();
    void partsAreWrittenIntoAnObjectOfTheCaller();
};

void TestEventJson::everyPayloadReadsBack()
{
    QFETCH(int, kind);
    const auto index = static_cast<std::size_t>(kind);
    QVERIFY(rc::check("write and read", [index] {
        const auto payload = *gen::payload(index);
        RC_ASSERT(payload.index() == index);
        const auto again = read(QString(typeName(payload)), toJson(payload));
        RC_ASSERT(again.has_value());
        RC_ASSERT(*again == payload);
        RC_ASSERT(toJson(*again) == toJson(payload));
    }));
}

void TestEventJson::aStoredFactIsWrittenAsEver()
{
    QCOMPARE(toJson(EventPayload(someFill())), storedFill);
    QVERIFY(read(u"fill", storedFill).value() == EventPayload(someFill()));
    QCOMPARE(toJson(EventPayload(someDay())), storedDay);
    QVERIFY(read(u"day_closed", storedDay).value() == EventPayload(someDay()));
    QCOMPARE(toJson(EventPayload(ErrorCleared())), "{}");
    QCOMPARE(toJson(EventPayload(StatusChanged{BotStatus::Running, BotStatus::Error, ErrorKind::PriceFetch, u"x"_s})),
             R"({"previous":"running","status":"error","error_kind":"price fetch","message":"x"})");
}

void TestEventJson::anUnknownFieldIsRefused()
{
    QFETCH(int, kind);
    const auto index = static_cast<std::size_t>(kind);
    QVERIFY(rc::check("from a newer version", [index] {
        const auto payload = *gen::payload(index);
        QByteArray text = toJson(payload);
        text.replace(0, 1, text.size() > 2 ? R"({"since_2031":1,)" : R"({"since_2031":1)");
        const auto again = read(QString(typeName(payload)), text);
        RC_ASSERT(!again.has_value());
        RC_ASSERT((again.error().fields == QList<FieldError>{{u"since_2031"_s, u"is not a known field"_s}}));
    }));
}

void TestEventJson::aMissingFieldIsRefused()
{
    QFETCH(int, kind);
    const QByteArray type(allTypeNames().at(kind).data());
    const auto empty = read(QString::fromLatin1(type), "{}");
    const bool hasNoFields = type == "bot_deleted" || type == "error_cleared";
    QCOMPARE(empty.has_value(), hasNoFields);
    if (!hasNoFields)
        QCOMPARE(empty.error().fields[0].message, u"is missing"_s);
}

void TestEventJson::anUnknownTypeIsRefused_data()
{
    QTest::addColumn<QString>("type");
    for (const char *type : {"", "Fill", "fill ", "orders", "since_2031"})
        QTest::addRow("'%s'", type) << QString::fromLatin1(type);
}

void TestEventJson::anUnknownTypeIsRefused()
{
    QFETCH(QString, type);
    const auto payload = read(type, "{}");
    QVERIFY(!payload);
    QCOMPARE(payload.error().code, ErrorCode::Malformed);
    QCOMPARE(payload.error().text, u'"' + type + u"\" is not a type of event"_s);
}

void TestEventJson::aBrokenPlaceInsideIsNamed_data()
{
    QTest::addColumn<QByteArray>("piece");
    QTest::addColumn<QByteArray>("replacement");
    QTest::addColumn<QString>("field");
    const auto row = [](const char *piece, const char *replacement, const char *field) {
        QTest::addRow("%s", replacement) << QByteArray(piece) << QByteArray(replacement) << QString::fromLatin1(field);
    };
    row("tb-17-4711\",\"exchange_id", "tb-17\",\"exchange_id", "order.client_id");
    row("\"client_id\":\"tb-17-4711\"", "\"client_id\":4711", "order.client_id");
    row("\"state\":\"filled\"", "\"state\":\"full\"", "order.state");
    row("\"post_only\":false,", "", "order.post_only");
    row("\"price\":67250.1", "\"price\":\"67250.1\"", "fill.price");
    row("5.01013245", "5.010132450001", "fill.fee");
    row("\"realised\":-12.5", "\"realised\":null", "realised");
    row("12:00:00.123Z", "noon", "order.accepted_at");
    row("\"is_maker\":true", "\"is_maker\":true,\"is_taker\":false", "fill.is_taker");
}

void TestEventJson::aBrokenPlaceInsideIsNamed()
{
    QFETCH(QByteArray, piece);
    QFETCH(QByteArray, replacement);
    QFETCH(QString, field);
    QByteArray text = storedFill;
    QVERIFY(text.contains(piece));
    const auto payload = read(u"fill", text.replace(piece, replacement));
    QVERIFY(!payload);
    QCOMPARE(payload.error().code, ErrorCode::Malformed);
    QCOMPARE(payload.error().fields.size(), 1);
    QCOMPARE(payload.error().fields[0].field, field);
    QVERIFY2(payload.error().text.startsWith(u"the event cannot be read: "_s + field),
             qPrintable(payload.error().text));
}

void TestEventJson::whatIsNoObjectIsRefused()
{
    for (const char *text : {"null", "[]", "1", "\"fill\""})
        QVERIFY2(!read(u"error_cleared", text), text);
}

void TestEventJson::partsAreWrittenIntoAnObjectOfTheCaller()
{
    JsonWriter writer;
    writer.beginObject().field("type"_L1, u"fill"_s);
    writeFields(writer, someFill().fill);
    writer.endObject();
    QCOMPARE(writer.text(), R"({"type":"fill","order":"tb-17-4711","exchange_trade_id":"t-1","side":"buy",)"
                            R"("price":67250.1,"quantity":0.0745,"fee":5.01013245,"fee_rate":0.001,"is_maker":true})");
}

QTEST_APPLESS_MAIN(TestEventJson)
#include "tst_eventjson.moc"
