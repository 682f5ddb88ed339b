// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/jsonfields.h"
#include "tests/support/qtestprint.h"

#include <QTest>

namespace tradebot {

using namespace Qt::StringLiterals;

namespace {

enum class Colour { Red, Green };
using DemoId = StrongId<struct DemoIdTag>;
using DemoName = StrongId<struct DemoNameTag, QString>;

struct Inner
{
    Price price;
    std::optional<int> count;
};
struct Outer
{
    DemoId id;
    DemoName name;
    bool flag = false;
    int small = 0;
    qint64 large = 0;
    Colour colour = Colour::Red;
    Timestamp time;
    std::chrono::sys_days day;
    Inner inner;
    std::optional<Inner> other;
    std::vector<Inner> list;
};

} // namespace

template<>
struct EnumNames<Colour>
{
    static constexpr std::pair<Colour, const char *> table[] = {{Colour::Red, "red"}, {Colour::Green, "green"}};
};

template<class Archive, Like<Inner> S>
void visitFields(Archive &archive, S &inner)
{
    archive("price"_L1, inner.price);
    archive("count"_L1, inner.count);
}

template<class Archive, Like<Outer> S>
void visitFields(Archive &archive, S &outer)
{
    archive("id"_L1, outer.id);
    archive("name"_L1, outer.name);
    archive("flag"_L1, outer.flag);
    archive("small"_L1, outer.small);
    archive("large"_L1, outer.large);
    archive("colour"_L1, outer.colour);
    archive("time"_L1, outer.time);
    archive("day"_L1, outer.day);
    archive("inner"_L1, outer.inner);
    archive("other"_L1, outer.other);
    archive("list"_L1, outer.list);
}

namespace {

const QByteArray whole = R"({"id":7,"name":"x","flag":true,"small":-5,"large":9007199254740993,"colour":"green",)"
                         R"("time":"1969-12-31T23:59:59.999Z","day":"2024-02-29T00:00:00.000Z",)"
                         R"("inner":{"price":1.5,"count":null},"other":{"price":2,"count":3},)"
                         R"("list":[{"price":0.00000001,"count":1},{"price":-4,"count":null}]})";

/// The whole text with one piece replaced.
QByteArray with(const char *piece, const char *replacement)
{
    QByteArray text = whole;
    Q_ASSERT(text.contains(piece));
    return text.replace(piece, replacement);
}

QList<FieldError> errorsOf(const QByteArray &text)
{
    const auto value = structFromJson<Outer>(JsonValue::parse(text).value(), u"the demo"_s);
    return value ? QList<FieldError>() : value.error().fields;
}

} // namespace

class TestJsonFields final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aStructReadsBack();
    void aWrongFieldIsNamedByItsPath_data();
    void aWrongFieldIsNamedByItsPath();
    void everyMissingFieldIsNamed();
    void allWrongFieldsAreNamedAtOnce();
    void whatIsNoObjectIsRefusedOnce();
    void fieldsThatMayBeMissingKeepTheirValue();
    void nullEmptiesAnOptional();
};

void TestJsonFields::aStructReadsBack()
{
    const auto value = structFromJson<Outer>(JsonValue::parse(whole).value(), u"the demo"_s);
    QVERIFY2(value, problemOf(value).constData());
    QCOMPARE(value->large, 9'007'199'254'740'993);
    QCOMPARE(toMilliseconds(value->time), -1);
    QCOMPARE(value->list.size(), std::size_t(2));
    QCOMPARE(structToJson(*value), whole);
}

void TestJsonFields::aWrongFieldIsNamedByItsPath_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QString>("field");
    QTest::addColumn<QString>("message");
    const auto row = [](const char *piece, const char *replacement, const QString &field, const QString &message) {
        QTest::addRow("%s", replacement) << with(piece, replacement) << field << message;
    };
    row("\"id\":7", "\"id\":\"7\"", u"id"_s, u"must be a whole number"_s);
    row("\"name\":\"x\"", "\"name\":5", u"name"_s, u"must be a text, not a number"_s);
    row("\"flag\":true", "\"flag\":1", u"flag"_s, u"must be true or false, not a number"_s);
    row("\"flag\":true", "\"flag\":null", u"flag"_s, u"must be true or false, not null"_s);
    row("\"small\":-5", "\"small\":1.5", u"small"_s, u"must be a whole number"_s);
    row("\"small\":-5", "\"small\":2147483648", u"small"_s, u"must be a whole number"_s);
    row("9007199254740993", "9223372036854775808", u"large"_s, u"must be a whole number"_s);
    row("\"green\"", "\"blue\"", u"colour"_s, u"must be one of red, green"_s);
    row("\"green\"", "\"Green\"", u"colour"_s, u"must be one of red, green"_s);
    row("\"green\"", "1", u"colour"_s, u"must be one of red, green"_s);
    row("1969-12-31T23:59:59.999Z", "yesterday", u"time"_s, u"must be a time like 2026-11-20T12:00:00Z"_s);
    row("\"2024-02-29T00:00:00.000Z\"", "20240229", u"day"_s, u"must be a time like 2026-11-20T12:00:00Z"_s);
    row("\"price\":1.5", "\"price\":\"1.5\"", u"inner.price"_s, u"must be a number, not a text"_s);
    row("\"price\":1.5", "\"price\":1e20", u"inner.price"_s,
        u"\"1e20\" is not a decimal number: it lies beyond ±92233720368.54775807"_s);
    row("\"price\":2,", "", u"other.price"_s, u"is missing"_s);
    row("\"price\":2", "\"price\":2,\"prise\":3", u"other.prise"_s, u"is not a known field"_s);
    row("\"price\":-4", "\"price\":null", u"list[1].price"_s, u"must be a number, not null"_s);
    row("\"price\":-4,\"count\":null", "\"price\":-4,\"count\":\"many\"", u"list[1].count"_s,
        u"must be a whole number"_s);
    row("{\"price\":-4,\"count\":null}", "17", u"list[1]"_s, u"must be an object, not a number"_s);
    row("{\"price\":1.5,\"count\":null}", "[]", u"inner"_s, u"must be an object, not a list"_s);
    row("{\"price\":1.5,\"count\":null}", "null", u"inner"_s, u"must be an object, not null"_s);
    row("{\"price\":2,\"count\":3}", "\"none\"", u"other"_s, u"must be an object, not a text"_s);
    row("\"id\":7", "\"id\":7,\"extra\":{\"a\":1}", u"extra"_s, u"is not a known field"_s);
    row("\"list\":[{\"price\":0.00000001,\"count\":1},{\"price\":-4,\"count\":null}]", "\"list\":{}", u"list"_s,
        u"must be a list, not an object"_s);
}

void TestJsonFields::aWrongFieldIsNamedByItsPath()
{
    QFETCH(QByteArray, text);
    QFETCH(QString, field);
    QFETCH(QString, message);
    const auto errors = errorsOf(text);
    QCOMPARE(errors.size(), 1);
    QCOMPARE(errors[0].field, field);
    QCOMPARE(errors[0].message, message);
}

void TestJsonFields::everyMissingFieldIsNamed()
{
    QStringList missing;
    for (const FieldError &error : errorsOf("{}")) {
        QCOMPARE(error.message, u"is missing"_s);
        missing.append(error.field);
    }
    QCOMPARE(missing, (QStringList{u"id"_s, u"name"_s, u"flag"_s, u"small"_s, u"large"_s, u"colour"_s, u"time"_s,
                                   u"day"_s, u"inner"_s, u"other"_s, u"list"_s}));
}

void TestJsonFields::allWrongFieldsAreNamedAtOnce()
{
    const auto value = structFromJson<Outer>(
            JsonValue::parse(with("\"flag\":true,\"small\":-5", "\"flag\":0,\"smal\":1")).value(), u"the demo"_s);
    QVERIFY(!value);
    QCOMPARE(value.error().code, ErrorCode::Malformed);
    QCOMPARE(value.error().text, u"the demo: flag must be true or false, not a number; small is missing; "
                                 u"smal is not a known field"_s);
}

void TestJsonFields::whatIsNoObjectIsRefusedOnce()
{
    const auto value = structFromJson<Outer>(JsonValue::parse("[1]").value(), u"the demo"_s);
    QVERIFY(!value);
    QCOMPARE(value.error().text, u"the demo: must be an object, not a list"_s);
    QCOMPARE(value.error().fields.size(), 1);
}

void TestJsonFields::fieldsThatMayBeMissingKeepTheirValue()
{
    auto value = structFromJson<Outer>(JsonValue::parse(whole).value(), u"the demo"_s).value();
    const auto patch = JsonValue::parse(R"({"small":6,"inner":{"count":2},"other":{"count":4},"list":[]})").value();
    QList<FieldError> errors;
    JsonFieldReader reader(patch, MissingField::Keep, QString(), errors);
    visitFields(reader, value);
    reader.refuseUnknown();
    QVERIFY(errors.isEmpty());
    QByteArray expected = with("\"small\":-5", "\"small\":6").replace("1.5,\"count\":null", "1.5,\"count\":2");
    expected.replace("\"price\":2,\"count\":3", "\"price\":2,\"count\":4");
    expected.replace(expected.indexOf("\"list\""), expected.size(), "\"list\":[]}");
    QCOMPARE(structToJson(value), expected);
}

void TestJsonFields::nullEmptiesAnOptional()
{
    const QByteArray text = with("{\"price\":2,\"count\":3}", "null");
    const auto value = structFromJson<Outer>(JsonValue::parse(text).value(), u"the demo"_s);
    QVERIFY2(value, problemOf(value).constData());
    QVERIFY(!value->other);
    QCOMPARE(structToJson(*value), text);
}

} // namespace tradebot

QTEST_APPLESS_MAIN(tradebot::TestJsonFields)
#include "tst_jsonfields.moc"
