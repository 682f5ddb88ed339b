// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/storage/sqlhistory.h"
#include "tests/support/qtestprint.h"
#include "tests/unit/storage/storagefixture.h"

#include <QTest>

using namespace tradebot;
using namespace tradebot::test;
using namespace Qt::StringLiterals;

namespace {

Timestamp second(qint64 of)
{
    return fromMilliseconds(of * 1000);
}

} // namespace

class tst_EquityCurve final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void fewSamplesComeAsTheyAre();
    void manySamplesKeepTheirExtremes_data();
    void manySamplesKeepTheirExtremes();
    void aCurveOfMonthsKeepsItsExtremes();
    void aSampleThatIsReplacedChangesItsHour();
    void samplesOfATime();
};

void tst_EquityCurve::fewSamplesComeAsTheyAre()
{
    TemporaryStore store;
    FactMaker facts;
    std::vector<EquitySample> samples;
    for (qint64 i = 0; i < 10; ++i)
        samples.push_back({BotId(1), {second(i), Money::fromInteger(static_cast<int>(i * i))}});
    store.write({facts.created(BotId(1))}, samples);
    SqlHistory history(store.path());
    EquityQuery query{BotId(1), {}, {}, 10};
    const auto points = valueOf(history.equity(query));
    QCOMPARE(points.size(), 10U);
    for (std::size_t i = 0; i < points.size(); ++i)
        QVERIFY(points[i] == samples[i].point);
    query.bot = BotId(2);
    QVERIFY(valueOf(history.equity(query)).empty());
}

void tst_EquityCurve::manySamplesKeepTheirExtremes_data()
{
    QTest::addColumn<int>("points");
    for (const int points : {2, 3, 4, 5, 50, 501, 2000})
        QTest::addRow("%d points", points) << points;
}

void tst_EquityCurve::manySamplesKeepTheirExtremes()
{
    QFETCH(const int, points);
    TemporaryStore store;
    FactMaker facts;
    std::vector<EquitySample> samples;
    for (qint64 i = 0; i < 5000; ++i) { // uneven in time, with one needle up and one down
        const int equity = i == 1234 ? 90'000 : i == 4321 ? -7 : static_cast<int>(10'000 + (i * 7919) % 997);
        samples.push_back({BotId(1), {second(i * i / 100 + i), Money::fromInteger(equity)}});
    }
    store.write({facts.created(BotId(1))}, samples);
    SqlHistory history(store.path());
    const auto reduced = valueOf(history.equity({BotId(1), {}, {}, points}));
    QVERIFY(std::ssize(reduced) <= points);
    QVERIFY(std::ssize(reduced) > points / 3);
    const auto contains = [&reduced](const EquityPoint &point) {
        return std::find(reduced.begin(), reduced.end(), point) != reduced.end();
    };
    QVERIFY(contains(samples[1234].point));
    QVERIFY(contains(samples[4321].point));
    if (points >= 4) {
        QVERIFY(reduced.front() == samples.front().point);
        QVERIFY(reduced.back() == samples.back().point);
    }
    for (std::size_t i = 1; i < reduced.size(); ++i)
        QVERIFY(reduced[i - 1].time < reduced[i].time);
}

void tst_EquityCurve::aCurveOfMonthsKeepsItsExtremes()
{
    TemporaryStore store;
    FactMaker facts;
    std::vector<EquitySample> samples;
    const qint64 begin = 1'770'000'123'000; // amid an hour
    for (qint64 i = 0; i < 20'000; ++i) {
        const int equity = i == 70       ? -5
                           : i == 12'345 ? 99'000
                           : i == 19'990 ? 98'000
                                         : static_cast<int>(i * 7919 % 997);
        samples.push_back({BotId(1), {fromMilliseconds(begin + i * 600'000), Money::fromInteger(equity)}});
    }
    store.write({facts.created(BotId(1))}, samples);
    SqlHistory history(store.path());
    const auto isIn = [](const std::vector<EquityPoint> &curve, const EquityPoint &point) {
        return std::find(curve.begin(), curve.end(), point) != curve.end();
    };
    for (const int points : {2, 10, 100, 500}) {
        const auto curve = valueOf(history.equity({BotId(1), {}, {}, points}));
        QVERIFY(std::ssize(curve) <= points);
        QVERIFY(std::ssize(curve) > points / 3);
        QVERIFY(isIn(curve, samples[70].point) && isIn(curve, samples[12'345].point));
    }
    // A range that begins and ends amid an hour takes nothing from beyond its ends.
    const auto part = valueOf(history.equity({BotId(1), samples[71].point.time, samples[19'990].point.time, 100}));
    QVERIFY(part.front() == samples[71].point);
    QVERIFY(part.back() == samples[19'989].point);
    QVERIFY(!isIn(part, samples[70].point) && !isIn(part, samples[19'990].point));
    QVERIFY(isIn(part, samples[12'345].point));
    for (const EquityPoint &point : part)
        QVERIFY(point.equity.raw() >= 0);
}

void tst_EquityCurve::aSampleThatIsReplacedChangesItsHour()
{
    TemporaryStore store;
    FactMaker facts;
    const auto sample = [](qint64 at, int equity) {
        return EquitySample{BotId(1), {second(at), Money::fromInteger(equity)}};
    };
    const auto hour = [&store] {
        return valueOf(store.look().texts(
                u"SELECT printf('%d at %d, %d at %d', low / 100000000, low_at / 1000 % 3600, high / 100000000, "
                "high_at / 1000 % 3600) FROM equity_hours"_s));
    };
    store.write({facts.created(BotId(1))}, {sample(0, 100), sample(1, 90), sample(2, 120), sample(3, 95)});
    QCOMPARE(hour(), QStringList{u"90 at 1, 120 at 2"_s});
    store.write({}, {sample(1, 99)}); // the lowest is none any more
    QCOMPARE(hour(), QStringList{u"95 at 3, 120 at 2"_s});
    store.write({}, {sample(2, 100), sample(3, 130)}); // nor the highest
    QCOMPARE(hour(), QStringList{u"99 at 1, 130 at 3"_s});
}

void tst_EquityCurve::samplesOfATime()
{
    TemporaryStore store;
    FactMaker facts;
    std::vector<EquitySample> samples;
    for (qint64 i = 0; i < 3000; ++i)
        samples.push_back({BotId(1), {second(i), Money::fromInteger(static_cast<int>(i))}});
    store.write({facts.created(BotId(1))}, samples);
    SqlHistory history(store.path());
    const auto few = valueOf(history.equity({BotId(1), second(100), second(110), 100}));
    QCOMPARE(few.size(), 10U);
    QVERIFY(few.front() == samples[100].point);
    const auto many = valueOf(history.equity({BotId(1), second(100), second(2100), 100}));
    QVERIFY(many.front() == samples[100].point);
    QVERIFY(many.back() == samples[2099].point);
}

QTEST_GUILESS_MAIN(tst_EquityCurve)
#include "tst_storedcurve.moc"
