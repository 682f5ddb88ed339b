// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/json.h"
#include "tests/support/generators.h"
#include "tests/support/qtestprint.h"

#include <QProcess>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <clocale>
#include <cmath>
#include <ctime>
#include <limits>
#include <optional>

using namespace tradebot;
using namespace Qt::StringLiterals;

namespace {

void write(JsonWriter &writer, const JsonValue &value)
{
    if (const auto *flag = value.boolean()) {
        writer.value(*flag);
    } else if (const auto *number = value.number()) {
        writer.raw(number->text);
    } else if (const auto *text = value.string()) {
        writer.value(*text);
    } else if (const auto *list = value.array()) {
        writer.beginArray();
        for (const JsonValue &entry : *list)
            write(writer, entry);
        writer.endArray();
    } else if (const auto *members = value.object()) {
        writer.beginObject();
        for (const auto &[key, entry] : *members)
            write(writer.key(QStringView(key)), entry);
        writer.endObject();
    } else {
        writer.value(nullptr);
    }
}

QByteArray written(const JsonValue &value)
{
    JsonWriter writer;
    write(writer, value);
    return writer.take();
}

/// A random document; whether its keys are unique is left to chance.
void writeRandom(JsonWriter &writer, int depth)
{
    switch (*rc::gen::inRange(0, depth > 0 ? 8 : 6)) {
    case 0: writer.value(nullptr); break;
    case 1: writer.value(*rc::gen::arbitrary<bool>()); break;
    case 2: writer.value(*gen::decimal<Price>()); break;
    case 3: writer.value(*rc::gen::arbitrary<qint64>()); break;
    case 4: writer.value(*gen::timestamp()); break;
    case 5: writer.value(*gen::text()); break;
    case 6:
        writer.beginArray();
        for (int i = *rc::gen::inRange(0, 4); i > 0; --i)
            writeRandom(writer, depth - 1);
        writer.endArray();
        break;
    default:
        writer.beginObject();
        for (int i = *rc::gen::inRange(0, 4); i > 0; --i) {
            writer.key(QString(*gen::text() + QString::number(i)));
            writeRandom(writer, depth - 1);
        }
        writer.endObject();
    }
}

/// Seconds of this thread's processor time.
double processorTime()
{
    std::timespec time{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

QByteArray manyKeys(int count)
{
    JsonWriter writer;
    writer.beginObject();
    for (int i = 0; i < count; ++i)
        writer.key(QString::number(1'000'000 + i)).value(i);
    writer.endObject();
    return writer.take();
}

} // namespace

class TestJson final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aNumberKeepsItsText_data();
    void aNumberKeepsItsText();
    void aNumberKeepsItsTextWhereACommaIsTheDecimalPoint();
    void onlyAWholeNumberOf64BitsIsAnInteger_data();
    void onlyAWholeNumberOf64BitsIsAnInteger();
    void whatIsNotJsonIsRefusedWithItsPlace_data();
    void whatIsNotJsonIsRefusedWithItsPlace();
    void aKeyThatStandsTwiceIsRefused_data();
    void aKeyThatStandsTwiceIsRefused();
    void sixtyFourLevelsAreReadAndNoMore();
    void textIsReadWithItsEscapes_data();
    void textIsReadWithItsEscapes();
    void membersKeepTheirOrder();
    void aKindHasAName_data();
    void aKindHasAName();
    void manyKeysAreReadInLinearTime();
    void randomBytesAreReadOrRefused();
    void aBrokenDocumentIsReadOrRefused();

    void theWriterPutsCommasWhereTheyBelong();
    void textIsWrittenWithTheNecessaryEscapesOnly();
    void aDoubleReadsBackToTheSame();
    void whatIsNotFiniteIsWrittenAsNull();
    void anUnsignedNumberIsNeverNegative();
    void whatIsWrittenReadsBack();
};

void TestJson::aNumberKeepsItsText_data()
{
    QTest::addColumn<QByteArray>("text");
    for (const char *text :
         {"0", "1", "-1", "1.10", "-0.0", "0.1000000000000000055511151231257827", "1e5", "1E+5", "1e-8",
          "9223372036854775807", "-9223372036854775808", "18446744073709551615", "18446744073709551616",
          "123456789012345678901234567890", "92233720368.54775807", "67250.10", "1e308", "5e-324"})
        QTest::addRow("%s", text) << QByteArray(text);
}

void TestJson::aNumberKeepsItsText()
{
    QFETCH(QByteArray, text);
    const auto json = JsonValue::parse(" [" + text + "] ");
    QVERIFY2(json, problemOf(json).constData());
    QCOMPARE(json->array()->at(0).number()->text, text);
}

void TestJson::aNumberKeepsItsTextWhereACommaIsTheDecimalPoint()
{
    // A German desktop: Qt takes over the user's locale, and with it the C library reads "1,5".
    const QString localedef = QStandardPaths::findExecutable(u"localedef"_s);
    QTemporaryDir folder;
    QProcess process;
    process.start(localedef,
                  {u"--no-archive"_s, u"-i"_s, u"de_DE"_s, u"-f"_s, u"UTF-8"_s, folder.filePath(u"comma"_s)});
    if (localedef.isEmpty() || !process.waitForFinished(60'000) || process.exitCode() != 0)
        QSKIP("the sources of the locale de_DE are not installed (package locales)");
    qputenv("LOCPATH", folder.path().toLocal8Bit());
    const QByteArray before = std::setlocale(LC_NUMERIC, nullptr);
    const bool changed = std::setlocale(LC_NUMERIC, "comma") != nullptr;
    const QByteArray point = std::localeconv()->decimal_point;
    const auto json = JsonValue::parse("[1.5, -2.25e3, 3]");
    JsonWriter writer;
    writer.beginArray().value(1.5).value(Price::fromRaw(150'000'000)).endArray();
    std::setlocale(LC_NUMERIC, before.constData());
    qunsetenv("LOCPATH");

    QVERIFY(changed);
    QCOMPARE(point, ",");
    QVERIFY2(json, problemOf(json).constData());
    QCOMPARE(json->array()->at(0).number()->text, "1.5");
    QCOMPARE(json->array()->at(1).number()->text, "-2.25e3");
    QCOMPARE(json->array()->at(2).number()->text, "3");
    QCOMPARE(writer.text(), "[1.5,1.5]");
}

void TestJson::onlyAWholeNumberOf64BitsIsAnInteger_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<std::optional<qint64>>("integer");
    const auto row = [](const char *text, std::optional<qint64> integer) {
        QTest::addRow("%s", text) << QByteArray(text) << integer;
    };
    row("0", 0);
    row("-17", -17);
    row("9007199254740993", 9'007'199'254'740'993); // a double cannot hold it
    row("9223372036854775807", std::numeric_limits<qint64>::max());
    row("-9223372036854775808", std::numeric_limits<qint64>::min());
    row("9223372036854775808", std::nullopt);
    row("1.0", std::nullopt);
    row("1e2", std::nullopt);
    row("\"1\"", std::nullopt);
    row("true", std::nullopt);
    row("null", std::nullopt);
}

void TestJson::onlyAWholeNumberOf64BitsIsAnInteger()
{
    QFETCH(QByteArray, text);
    QTEST(JsonValue::parse(text).value().integer(), "integer");
}

void TestJson::whatIsNotJsonIsRefusedWithItsPlace_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QString>("why");
    const auto row = [](const char *name, QByteArray text, int place) {
        QTest::addRow("%s", name) << std::move(text) << u"it is not JSON at byte %1"_s.arg(place);
    };
    row("nothing", "", 1);
    row("only spaces", "  ", 3);
    row("an open object", "{", 2);
    row("an open list", "[1,2", 5);
    row("an open text", "\"abc", 5);
    row("two documents", "{} {}", 4);
    row("garbage behind", "[1] x", 5);
    row("a zero byte behind", QByteArray("[1]\0", 4), 4);
    row("a comma too many", "[1,]", 4);
    row("no quotes", "{a:1}", 2);
    row("single quotes", "{'a':1}", 2);
    row("a comment", "[1 /* one */]", 4);
    row("capitals", "[True]", 2);
    row("not a number", "[NaN]", 2);
    row("a leading zero", "[01]", 3);
    row("a plus", "[+1]", 2);
    row("a point last", "[1.]", 4);
    row("a point first", "[.5]", 2);
    row("a raw line end in a text", "[\"a\nb\"]", 4);
    row("an unknown escape", R"(["\x"])", 4);
    row("half a pair of surrogates", R"(["\ud83d"])", 9);
    row("the second half alone", R"(["\ude00"])", 8);
    row("a lone continuation byte", "[\"\x80\"]", 3);
    row("an overlong slash", "[\"\xc0\xaf\"]", 3);
    row("a surrogate in UTF-8", "[\"\xed\xa0\x80\"]", 4);
    row("beyond Unicode", "[\"\xf4\x90\x80\x80\"]", 4);
    row("UTF-8 cut short", "[\"\xe2\x82\"]", 5);
    row("Latin-1", "[\"\xfc\"]", 3);
    QTest::addRow("a number beyond every double") << QByteArray("[1e400]") << u"the number is too large at byte 6"_s;
}

void TestJson::whatIsNotJsonIsRefusedWithItsPlace()
{
    QFETCH(QByteArray, text);
    QFETCH(QString, why);
    const auto json = JsonValue::parse(text);
    QVERIFY(!json);
    QCOMPARE(json.error().code, ErrorCode::Malformed);
    QCOMPARE(json.error().text, u"the text cannot be read: "_s + why);
}

void TestJson::aKeyThatStandsTwiceIsRefused_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addRow("at once") << QByteArray(R"({"stop":1,"stop":2})");
    QTest::addRow("later") << QByteArray(R"({"stop":1,"b":{"stop":2},"c":[{"stop":3}],"stop":2})");
    QTest::addRow("inside") << QByteArray(R"([{"a":{"stop":1,"x":0,"stop":2}}])");
    QTest::addRow("escaped") << QByteArray(R"({"stop":1,"\u0073top":2})");
    QTest::addRow("after an object") << QByteArray(R"({"stop":{"a":1},"stop":2})");
}

void TestJson::aKeyThatStandsTwiceIsRefused()
{
    QFETCH(QByteArray, text);
    const auto json = JsonValue::parse(text);
    QVERIFY(!json);
    QVERIFY2(json.error().text.contains(u"the key \"stop\" stands twice"_s), qPrintable(json.error().text));
}

void TestJson::sixtyFourLevelsAreReadAndNoMore()
{
    const auto nested = [](int levels) { return QByteArray(levels, '[') + QByteArray(levels, ']'); };
    const auto deepest = JsonValue::parse(nested(64));
    QVERIFY2(deepest, problemOf(deepest).constData());
    const auto deeper = JsonValue::parse(nested(65));
    QVERIFY(!deeper);
    QVERIFY2(deeper.error().text.contains(u"nested deeper than 64"_s), qPrintable(deeper.error().text));
    QVERIFY(!JsonValue::parse(QByteArray(1'000'000, '[')));
    QByteArray objects;
    for (int i = 0; i < 100'000; ++i)
        objects += R"({"a":)";
    QVERIFY(!JsonValue::parse(objects));
}

void TestJson::textIsReadWithItsEscapes_data()
{
    QTest::addColumn<QByteArray>("json");
    QTest::addColumn<QString>("text");
    QTest::addRow("empty") << QByteArray(R"("")") << QString(u""_s);
    QTest::addRow("all escapes") << QByteArray(R"("\"\\\/\b\f\n\r\t")") << u"\"\\/\b\f\n\r\t"_s;
    QTest::addRow("by number") << QByteArray(R"("\u00e4\u20AC")") << u"ä€"_s;
    QTest::addRow("a pair of surrogates") << QByteArray(R"("\ud83d\ude00")") << u"\U0001F600"_s;
    QTest::addRow("UTF-8") << QByteArray("\"\xc3\xa4\xf0\x9f\x98\x80\"") << u"ä\U0001F600"_s;
    QTest::addRow("a zero character") << QByteArray(R"("a\u0000b")") << u"a\0b"_s;
    QTest::addRow("delete") << QByteArray("\"\x7f\"") << u"\x7f"_s;
}

void TestJson::textIsReadWithItsEscapes()
{
    QFETCH(QByteArray, json);
    QTEST(*JsonValue::parse(json).value().string(), "text");
    const QByteArray again = written(JsonValue::parse(json).value());
    QTEST(*JsonValue::parse(again).value().string(), "text");
}

void TestJson::membersKeepTheirOrder()
{
    const auto json = JsonValue::parse(R"({"z":1,"a":[true,null],"m":{"y":"x"}})").value();
    QCOMPARE(written(json), R"({"z":1,"a":[true,null],"m":{"y":"x"}})");
    QVERIFY(json.find(u"a") != nullptr);
    QVERIFY(json.find(u"y") == nullptr);
    QVERIFY(JsonValue().find(u"a") == nullptr);
}

void TestJson::aKindHasAName_data()
{
    QTest::addColumn<QByteArray>("json");
    QTest::addColumn<QString>("name");
    QTest::addRow("null") << QByteArray("null") << u"null"_s;
    QTest::addRow("bool") << QByteArray("false") << u"true or false"_s;
    QTest::addRow("number") << QByteArray("1.5") << u"a number"_s;
    QTest::addRow("text") << QByteArray(R"("x")") << u"a text"_s;
    QTest::addRow("list") << QByteArray("[]") << u"a list"_s;
    QTest::addRow("object") << QByteArray("{}") << u"an object"_s;
}

void TestJson::aKindHasAName()
{
    QFETCH(QByteArray, json);
    QTEST(JsonValue::parse(json).value().kindName(), "name");
}

void TestJson::manyKeysAreReadInLinearTime()
{
    // A body of 1 MiB may hold 100,000 keys; comparing each with all before it would hold the server for half a minute.
    const auto timeOf = [](const QByteArray &text) {
        double shortest = std::numeric_limits<double>::infinity();
        for (int i = 0; i < 3; ++i) { // whatever disturbs a run makes it longer
            const double start = processorTime();
            if (JsonValue::parse(text))
                shortest = std::min(shortest, processorTime() - start);
        }
        return shortest;
    };
    const double ratio = timeOf(manyKeys(64'000)) / timeOf(manyKeys(2'000));
    QVERIFY2(ratio < 150, qPrintable(u"32 times the keys take %1 times as long"_s.arg(ratio))); // squared: 1,024
}

void TestJson::randomBytesAreReadOrRefused()
{
    QVERIFY(rc::check("bytes", [] {
        const auto bytes = *gen::bytes();
        const auto json = JsonValue::parse(bytes);
        RC_ASSERT(json.has_value() || !json.error().text.isEmpty());
    }));
    QVERIFY(rc::check("characters of JSON", [] {
        const auto text = *rc::gen::container<std::string>(
                rc::gen::elementOf(std::string("{}[]\",:0123456789.eE+-truefalsn \\/bu\n\xc3\xa4")));
        const auto json = JsonValue::parse(QByteArray::fromStdString(text));
        if (json)
            RC_ASSERT(written(JsonValue::parse(written(*json)).value()) == written(*json));
    }));
}

void TestJson::aBrokenDocumentIsReadOrRefused()
{
    QVERIFY(rc::check("one byte changed, dropped or added", [] {
        JsonWriter writer;
        writeRandom(writer, 4);
        QByteArray text = writer.take();
        const auto at = *rc::gen::inRange<qsizetype>(0, text.size());
        const char other = *rc::gen::arbitrary<char>();
        switch (*rc::gen::inRange(0, 4)) {
        case 0: text[at] = other; break;
        case 1: text.remove(at, 1); break;
        case 2: text.insert(at, other); break;
        default: text.truncate(at);
        }
        const auto json = JsonValue::parse(text);
        RC_CLASSIFY(json.has_value(), "still JSON");
        RC_ASSERT(json.has_value() || !json.error().text.isEmpty());
    }));
}

void TestJson::theWriterPutsCommasWhereTheyBelong()
{
    JsonWriter writer;
    writer.beginObject();
    writer.field("none"_L1, std::optional<Price>());
    writer.field("price"_L1, std::optional(Price::fromRaw(6'725'010'000'000)));
    writer.key("list"_L1).beginArray().value(1).value(u"two"_s).value(true).beginArray().endArray().beginObject();
    writer.endObject().endArray();
    writer.key(u"empty").beginObject().endObject();
    writer.field("time"_L1, fromMilliseconds(-1));
    writer.key("ready"_L1).raw("[1,2]");
    writer.field("name"_L1, "demo"_L1);
    writer.endObject();
    QCOMPARE(writer.text(), R"({"none":null,"price":67250.1,"list":[1,"two",true,[],{}],"empty":{},)"
                            R"("time":"1969-12-31T23:59:59.999Z","ready":[1,2],"name":"demo"})");
    QVERIFY(!writer.take().isEmpty());
    QVERIFY(writer.text().isEmpty());
}

void TestJson::textIsWrittenWithTheNecessaryEscapesOnly()
{
    JsonWriter writer;
    writer.value(u"a\"b\\c/\n\r\t\b\x01\x1f ä€\U0001F600"_s);
    QCOMPARE(writer.text(), QByteArray(R"("a\"b\\c/\n\r\t\u0008\u0001\u001f )") + u"ä€\U0001F600\""_s.toUtf8());
}

void TestJson::aDoubleReadsBackToTheSame()
{
    QVERIFY(rc::check("shortest text", [] {
        const double number = *rc::gen::arbitrary<double>();
        JsonWriter writer;
        writer.value(number);
        bool ok = false;
        const double again = JsonValue::parse(writer.text()).value().number()->text.toDouble(&ok);
        RC_ASSERT(ok);
        RC_ASSERT(std::isfinite(number) && !(again < number) && !(again > number));
    }));
}

void TestJson::whatIsNotFiniteIsWrittenAsNull()
{
    JsonWriter writer;
    writer.beginArray();
    writer.value(std::numeric_limits<double>::quiet_NaN()).value(-std::numeric_limits<double>::infinity());
    writer.value(0.1).endArray();
    QCOMPARE(writer.text(), "[null,null,0.1]");
}

void TestJson::anUnsignedNumberIsNeverNegative()
{
    JsonWriter writer;
    writer.beginArray().value(std::numeric_limits<quint64>::max()).value(std::numeric_limits<qint64>::min());
    writer.value(std::numeric_limits<quint32>::max()).endArray();
    QCOMPARE(writer.text(), "[18446744073709551615,-9223372036854775808,4294967295]");
}

void TestJson::whatIsWrittenReadsBack()
{
    QVERIFY(rc::check("write, parse, write", [] {
        JsonWriter writer;
        writeRandom(writer, 4);
        const auto json = JsonValue::parse(writer.text());
        RC_ASSERT(json.has_value());
        RC_ASSERT(written(*json) == writer.text());
    }));
    QVERIFY(rc::check("text", [] {
        const auto text = *gen::text();
        JsonWriter writer;
        writer.value(text);
        RC_ASSERT(*JsonValue::parse(writer.text()).value().string() == text);
    }));
}

QTEST_GUILESS_MAIN(TestJson)
#include "tst_json.moc"
