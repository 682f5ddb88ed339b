// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/equitycurve.h"

#include <QTest>

namespace tradebot {

namespace {

EquityPoint at(int minute, int equity)
{
    return {Timestamp(std::chrono::minutes(minute)), Money::fromInteger(equity)};
}

} // namespace

class EquityCurveTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aBotCountsItsBalanceBeforeItsFirstPoint()
    {
        const std::vector<EquityPart> parts = {{Money::fromInteger(100), {at(1, 110), at(3, 120)}},
                                               {Money::fromInteger(50), {at(2, 40), at(3, 45)}}};
        const std::vector<EquityPoint> expected = {at(1, 160), at(2, 150), at(3, 165)};
        QCOMPARE(summedEquity(parts), expected);
        QVERIFY(summedEquity({}).empty());
    }

    void aSumBeyondTheRangeEndsTheCurve()
    {
        const std::vector<EquityPart> parts = {{Money::maximum(), {}}, {Money(), {at(1, 1)}}};
        QVERIFY(summedEquity(parts).empty());
    }

    void drawdownIsMeasuredFromTheHighestPointBefore()
    {
        const std::vector points = {at(0, 100), at(1, 120), at(2, 90), at(3, 200), at(4, 170), at(5, 190)};
        const auto figures = drawdownOf(points);
        QVERIFY(figures);
        QCOMPARE(figures->largest.amount, Money::fromInteger(-30));
        QCOMPARE(figures->largest.percent, -25.0);
        QCOMPARE(figures->largest.peakTime, at(1, 0).time);
        QCOMPARE(figures->largest.troughTime, at(2, 0).time);
        QCOMPARE(figures->current.amount, Money::fromInteger(-10));
        QCOMPARE(figures->current.percent, -5.0);
        QVERIFY(!drawdownOf({}));
    }

    void aCurveThatOnlyRisesHasNone()
    {
        const std::vector points = {at(0, -5), at(1, 0), at(2, 10)};
        QCOMPARE(drawdownOf(points)->largest.percent, 0.0);
        QCOMPARE(drawdownOf(points)->current.amount, Money());
    }
};

} // namespace tradebot

QTEST_GUILESS_MAIN(tradebot::EquityCurveTest)
#include "tst_equitycurve.moc"
