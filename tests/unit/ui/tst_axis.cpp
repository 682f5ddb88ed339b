// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/axis.h"

#include <QTest>

#include <cmath>
#include <limits>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace tradebot {

namespace {

Timestamp at(const QString &text)
{
    return parseRfc3339(text).value();
}

std::vector<Timestamp> everyMinute(Timestamp from, int minutes, int step)
{
    std::vector<Timestamp> times;
    for (int i = 0; i < minutes; i += step)
        times.push_back(from + std::chrono::minutes(i));
    return times;
}

} // namespace

class AxisTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void linesLieOnRoundNumbers_data()
    {
        QTest::addColumn<double>("low");
        QTest::addColumn<double>("high");
        QTest::addColumn<int>("most");
        QTest::addColumn<double>("step");
        QTest::addColumn<double>("first");
        QTest::addColumn<int>("count");
        QTest::addColumn<int>("decimals");
        QTest::newRow("prices") << 65000.0 << 69940.0 << 5 << 1000.0 << 65000.0 << 5 << 0;
        QTest::newRow("cents") << 0.6213 << 0.6342 << 5 << 0.005 << 0.625 << 2 << 3;
        QTest::newRow("percent") << -0.52 << 0.0 << 3 << 0.2 << -0.4 << 3 << 1;
        QTest::newRow("across zero") << -7.0 << 12.0 << 4 << 5.0 << -5.0 << 4 << 0;
        QTest::newRow("tiny") << 0.00000012 << 0.00000031 << 4 << 0.00000005 << 0.00000015 << 4 << 8;
    }
    void linesLieOnRoundNumbers()
    {
        QFETCH(double, low);
        QFETCH(double, high);
        QFETCH(int, most);
        const ValueTicks ticks = valueTicks(low, high, most);
        QTEST(ticks.step, "step");
        QTEST(ticks.at(0), "first");
        QTEST(ticks.count, "count");
        QTEST(ticks.decimals, "decimals");
        QVERIFY(ticks.at(ticks.count - 1) <= high);
    }

    void aRangeThatIsNoneHasNoLines()
    {
        QCOMPARE(valueTicks(5, 5, 4).count, 0);
        QCOMPARE(valueTicks(6, 5, 4).count, 0);
        QCOMPARE(valueTicks(0, std::numeric_limits<double>::infinity(), 4).count, 0);
        QCOMPARE(valueTicks(std::nan(""), 1, 4).count, 0);
        QCOMPARE(valueTicks(0, 1, 0).count, 0);
        QCOMPARE(valueTicks(1e17, std::nextafter(1e17, 1e18), 4).count, 0);
    }

    void timeStepsGrowFromSecondsToYears()
    {
        QCOMPARE(timeStepFor(0.5), (TimeStep{TimeStep::Unit::Second, 1}));
        QCOMPARE(timeStepFor(601), (TimeStep{TimeStep::Unit::Second, 900}));
        QCOMPARE(timeStepFor(50'000), (TimeStep{TimeStep::Unit::Day, 1}));
        QCOMPARE(timeStepFor(4 * 86400), (TimeStep{TimeStep::Unit::Week, 1}));
        QCOMPARE(timeStepFor(20 * 86400), (TimeStep{TimeStep::Unit::Month, 1}));
        QCOMPARE(timeStepFor(1e12), (TimeStep{TimeStep::Unit::Month, 120}));
    }

    void candlesAreMarkedWhereAStepBegins()
    {
        const auto times = everyMinute(at(u"2026-11-19T23:10:00Z"_s), 120, 15);
        const auto ticks = timeTicks(times, TimeStep{TimeStep::Unit::Second, 1800}, QTimeZone::utc());
        // 23:10 23:25 23:40 23:55 00:10 00:25 00:40 00:55: the first candle of each half hour.
        const std::vector<TimeTick> expected = {{2, u"23:40"_s, false}, {4, u"20 Nov"_s, true}, {6, u"00:40"_s, false}};
        QCOMPARE(ticks, expected);
    }

    void aGapInTheCandlesCostsNoLine()
    {
        auto times = everyMinute(at(u"2026-11-19T10:00:00Z"_s), 10, 1);
        const auto later = everyMinute(at(u"2026-11-21T10:00:00Z"_s), 10, 1);
        times.insert(times.end(), later.begin(), later.end());
        const auto ticks = timeTicks(times, TimeStep{TimeStep::Unit::Second, 300}, QTimeZone::utc());
        QCOMPARE(ticks.size(), 3U);
        QCOMPARE(ticks[1].index, 10);
        QCOMPARE(ticks[1].label, u"21 Nov"_s);
        QVERIFY(ticks[1].isMajor);
    }

    void daysFollowTheZone()
    {
        const QTimeZone plusTwo(7200);
        const auto times = everyMinute(at(u"2026-11-19T21:00:00Z"_s), 180, 30);
        const auto ticks = timeTicks(times, TimeStep{TimeStep::Unit::Second, 3600}, plusTwo);
        QCOMPARE(ticks.size(), 2U);
        QCOMPARE(ticks[0].label, u"20 Nov"_s); // 22:00 UTC
        QCOMPARE(ticks[1].label, u"01:00"_s);
    }

    void marksStandOnTheCalendar()
    {
        const auto marks = timeMarks(at(u"2026-10-22T05:00:00Z"_s), at(u"2026-11-20T12:00:00Z"_s),
                                     TimeStep{TimeStep::Unit::Week, 1}, QTimeZone::utc());
        QCOMPARE(marks.size(), 4U);
        QCOMPARE(marks[0].label, u"26 Oct"_s); // a Monday
        QCOMPARE(marks[3].label, u"16 Nov"_s);
        const auto months = timeMarks(at(u"2025-11-02T00:00:00Z"_s), at(u"2026-02-02T00:00:00Z"_s),
                                      TimeStep{TimeStep::Unit::Month, 1}, QTimeZone::utc());
        QCOMPARE(months.size(), 3U);
        QCOMPARE(months[0].label, u"Dec"_s);
        QCOMPARE(months[1].label, u"2026"_s);
        QVERIFY(months[1].isMajor);
    }

    void aTimeBefore1970HasAStepToo()
    {
        const Timestamp time = fromMilliseconds(-1);
        QCOMPARE(stepNumber(TimeStep{TimeStep::Unit::Second, 60}, time, QTimeZone::utc()), -1);
        QCOMPARE(stepNumber(TimeStep{TimeStep::Unit::Day, 1}, time, QTimeZone::utc()), -1);
    }

    void tagsPushEachOtherApartAndThePinnedOneWins()
    {
        const std::vector<TagWish> wishes = {{100, true}, {104, false}, {97, false}, {300, false}};
        const auto middles = spreadTags(wishes, 18, 0, 400);
        QCOMPARE(middles[0], 100.0);
        QCOMPARE(middles[1], 118.0);
        QCOMPARE(middles[2], 82.0);
        QCOMPARE(middles[3], 300.0);
    }

    void tagsStayWithinTheAxis()
    {
        const std::vector<TagWish> wishes = {{-50, false}, {-20, false}, {2, true}, {900, false}};
        const auto middles = spreadTags(wishes, 10, 0, 100);
        QCOMPARE(middles, (std::vector<double>{25, 15, 5, 95}));
    }

    void tagsOutOfSightDoNotPushThePinnedOneAway()
    {
        const std::vector<TagWish> above = {{-900, false}, {-500, false}, {22, true}, {60, false}};
        QCOMPARE(spreadTags(above, 18, 0, 400)[2], 22.0);
        const std::vector<TagWish> below = {{395, true}, {500, false}, {9'000, false}, {200, false}};
        const auto middles = spreadTags(below, 18, 0, 400);
        QCOMPARE(middles, (std::vector<double>{391, 373, 355, 200}));
    }

    void tooManyTagsAreSpreadEvenly()
    {
        const std::vector<TagWish> wishes = {{3, false}, {1, false}, {2, true}};
        QCOMPARE(spreadTags(wishes, 10, 0, 20), (std::vector<double>{15, 5, 10}));
        QCOMPARE(spreadTags({}, 10, 0, 20).size(), 0U);
    }
};

} // namespace tradebot

QTEST_GUILESS_MAIN(tradebot::AxisTest)
#include "tst_axis.moc"
