// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/clock.h"
#include "tests/support/generators.h"
#include "tests/support/qtestprint.h"

#include <QDateTime>
#include <QTest>
#include <QTimeZone>

using namespace tradebot;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

/// Milliseconds since the epoch by counting days, without a calendar of the library.
qint64 millisecondsOf(int year, int month, int day, int hour = 0, int minute = 0, int second = 0, int milli = 0)
{
    const auto isLeap = [](int y) { return (y % 4 == 0 && y % 100 != 0) || y % 400 == 0; };
    qint64 days = 0;
    for (int y = 1970; y < year; ++y)
        days += isLeap(y) ? 366 : 365;
    for (int y = year; y < 1970; ++y)
        days -= isLeap(y) ? 366 : 365;
    const int lengths[] = {31, isLeap(year) ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    for (int m = 1; m < month; ++m)
        days += lengths[m - 1];
    days += day - 1;
    return (((days * 24 + hour) * 60 + minute) * 60 + second) * 1000 + milli;
}

} // namespace

class TestClock final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aTimeIsWrittenWithMilliseconds_data();
    void aTimeIsWrittenWithMilliseconds();
    void aTimeIsReadWithItsOffset_data();
    void aTimeIsReadWithItsOffset();
    void whatIsNoTimeIsRefused_data();
    void whatIsNoTimeIsRefused();
    void aWrittenTimeReadsBack();
    void anyTextIsReadOrRefused();
    void millisecondsGoBothWays();
    void theSystemClockTellsTheTime();
};

void TestClock::aTimeIsWrittenWithMilliseconds_data()
{
    QTest::addColumn<qint64>("time");
    QTest::addColumn<QByteArray>("text");
    const auto row = [](const char *text, qint64 time) { QTest::addRow("%s", text) << time << QByteArray(text); };
    row("1970-01-01T00:00:00.000Z", 0);
    row("1970-01-01T00:00:00.001Z", 1);
    row("1969-12-31T23:59:59.999Z", -1);
    row("1900-02-28T12:00:00.000Z", millisecondsOf(1900, 2, 28, 12));
    row("2024-02-29T23:59:59.123Z", millisecondsOf(2024, 2, 29, 23, 59, 59, 123));
    row("2026-11-20T12:00:00.123Z", millisecondsOf(2026, 11, 20, 12, 0, 0, 123));
    row("0001-01-01T00:00:00.000Z", millisecondsOf(1, 1, 1));
    row("9999-12-31T23:59:59.999Z", millisecondsOf(9999, 12, 31, 23, 59, 59, 999));
}

void TestClock::aTimeIsWrittenWithMilliseconds()
{
    QFETCH(qint64, time);
    QFETCH(QByteArray, text);
    QCOMPARE(toRfc3339(fromMilliseconds(time)), text);
    const auto read = parseRfc3339(QString::fromLatin1(text));
    QVERIFY2(read, problemOf(read).constData());
    QCOMPARE(toMilliseconds(*read), time);
}

void TestClock::aTimeIsReadWithItsOffset_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<qint64>("time");
    const auto row = [](const char *text, qint64 time) {
        QTest::addRow("%s", text) << QString::fromLatin1(text) << time;
    };
    const qint64 noon = millisecondsOf(2026, 11, 20, 12);
    row("2026-11-20T12:00:00Z", noon);
    row("2026-11-20T12:00:00.5Z", noon + 500);
    row("2026-11-20T12:00:00.05Z", noon + 50);
    row("2026-11-20T12:00:00.123456789Z", noon + 123);
    row("2026-11-20T12:00:00.9999Z", noon + 999); // never into the next second: that would be the future
    row("2026-11-20T12:00:00+00:00", noon);
    row("2026-11-20T12:00:00-00:00", noon);
    row("2026-11-20T13:00:00+01:00", noon);
    row("2026-11-20T06:30:00-05:30", noon);
    row("2026-11-21T02:00:00+14:00", noon);
    row("2026-11-20t12:00:00z", noon);
    row("2024-02-29T00:00:00Z", millisecondsOf(2024, 2, 29));
    row("2000-02-29T00:00:00Z", millisecondsOf(2000, 2, 29));
    row("2024-03-01T00:30:00+01:00", millisecondsOf(2024, 2, 29, 23, 30));
    row("1969-07-20T20:17:40Z", millisecondsOf(1969, 7, 20, 20, 17, 40));
    row("1900-03-01T00:00:00Z", millisecondsOf(1900, 3, 1));
    row("2026-11-20", millisecondsOf(2026, 11, 20));
    row("1969-12-31", millisecondsOf(1969, 12, 31));
    row("2024-02-29", millisecondsOf(2024, 2, 29));
}

void TestClock::aTimeIsReadWithItsOffset()
{
    QFETCH(QString, text);
    const auto time = parseRfc3339(text);
    QVERIFY2(time, problemOf(time).constData());
    QTEST(toMilliseconds(*time), "time");
}

void TestClock::whatIsNoTimeIsRefused_data()
{
    QTest::addColumn<QString>("text");
    for (const char *text : {"",
                             " ",
                             "yesterday",
                             "2026",
                             "2026-11",
                             "20261120",
                             "2026-11-20T",
                             "2026-11-20T12",
                             "2026-11-20T12:00Z",
                             "2026-11-20T12:00:00",
                             "2026-11-20T12:00:00.",
                             "2026-11-20T12:00:00.Z",
                             "2026-11-20T12:00:00 Z",
                             " 2026-11-20T12:00:00Z",
                             "2026-11-20T12:00:00Z ",
                             "2026-11-20T12:00:00Zx",
                             "2026-11-20T12:00:00+1",
                             "2026-11-20T12:00:00+0100",
                             "2026-11-20T12:00:00+01",
                             "2026-11-20T12:00:00+25:00",
                             "2026-11-20T12:00:00+01:60",
                             "2026-11-20T24:00:00Z",
                             "2026-11-20T12:60:00Z",
                             "2026-11-20T12:00:61Z",
                             "2026-13-01T00:00:00Z",
                             "2026-00-01T00:00:00Z",
                             "2026-02-29T00:00:00Z",
                             "1900-02-29T00:00:00Z",
                             "2026-04-31T00:00:00Z",
                             "2026-11-00T00:00:00Z",
                             "2026-02-29",
                             "2026-13-01",
                             "2026-11-2x",
                             "26-11-20T12:00:00Z",
                             "12026-11-20T12:00:00Z",
                             "2026-11-20T12:00:00,5Z",
                             "2026-11-20X12:00:00Z",
                             "2026/11/20T12:00:00Z",
                             "2026-11-20T1 :00:00Z",
                             "2026-11-20T+1:00:00Z",
                             "2026-11-20T12:00:-1Z",
                             "1732104000000"})
        QTest::addRow("'%s'", text) << QString::fromLatin1(text);
    QTest::addRow("other digits") << u"２０26-11-20T12:00:00Z"_s;
}

void TestClock::whatIsNoTimeIsRefused()
{
    QFETCH(QString, text);
    const auto time = parseRfc3339(text);
    QVERIFY2(!time, time ? toRfc3339(*time).constData() : "");
    QCOMPARE(time.error().code, ErrorCode::Malformed);
    QVERIFY(time.error().text.startsWith(u'"' + text + u"\" is not a time"_s));
}

void TestClock::aWrittenTimeReadsBack()
{
    QVERIFY(rc::check("write and read", [] {
        const auto time = *gen::timestamp();
        const QByteArray text = toRfc3339(time);
        RC_ASSERT(parseRfc3339(QString::fromLatin1(text)).value() == time);
        // Qt's calendar is the independent witness.
        const auto qt = QDateTime::fromMSecsSinceEpoch(toMilliseconds(time)).toUTC();
        RC_ASSERT(qt.toString(Qt::ISODateWithMs).toLatin1() == text);
        const int minutes = *rc::gen::inRange(-14 * 60, 14 * 60 + 1);
        const QString there = qt.toOffsetFromUtc(minutes * 60).toString(Qt::ISODateWithMs);
        RC_ASSERT(parseRfc3339(there).value() == time);
    }));
}

void TestClock::anyTextIsReadOrRefused()
{
    QVERIFY(rc::check("a changed character", [] {
        QString text = QString::fromLatin1(toRfc3339(*gen::timestamp()));
        const auto at = *rc::gen::inRange<qsizetype>(0, text.size());
        text[at] = QChar(static_cast<ushort>(*rc::gen::inRange(0, 256)));
        const auto time = parseRfc3339(text);
        RC_ASSERT(time.has_value() || time.error().code == ErrorCode::Malformed);
        if (time && at != 10 && at != 23) // all but T and Z, which may be small
            RC_ASSERT(text == QString::fromLatin1(toRfc3339(*time)));
    }));
    QVERIFY(rc::check("any text", [] {
        const auto time = parseRfc3339(*gen::text());
        RC_ASSERT(time.has_value() || time.error().code == ErrorCode::Malformed);
    }));
}

void TestClock::millisecondsGoBothWays()
{
    QCOMPARE(toMilliseconds(fromMilliseconds(-12'345)), -12'345);
    QVERIFY(fromMilliseconds(1'000) - fromMilliseconds(0) == 1s);
}

void TestClock::theSystemClockTellsTheTime()
{
    const qint64 before = QDateTime::currentMSecsSinceEpoch();
    const qint64 now = toMilliseconds(SystemClock().now());
    QVERIFY(now >= before && now <= QDateTime::currentMSecsSinceEpoch());
}

QTEST_GUILESS_MAIN(TestClock)
#include "tst_clock.moc"
