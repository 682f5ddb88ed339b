// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/minmaxpyramid.h"

#include <QTest>

#include <algorithm>
#include <random>

namespace tradebot {

namespace {

constexpr unsigned seed = 20261120;

std::vector<QPointF> randomWalk(size_t count)
{
    std::mt19937 random(seed);
    std::normal_distribution<double> step;
    std::vector<QPointF> points;
    double y = 0;
    for (size_t i = 0; i < count; ++i)
        points.emplace_back(static_cast<double>(i), y += std::round(step(random)));
    return points;
}

} // namespace

class MinMaxPyramidTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void extremesAreThoseOfAPlainSearch()
    {
        const auto points = randomWalk(5000);
        const MinMaxPyramid pyramid(points);
        std::mt19937 random(seed);
        for (int i = 0; i < 2000; ++i) {
            size_t begin = random() % points.size();
            size_t end = random() % points.size();
            if (begin > end)
                std::swap(begin, end);
            ++end;
            const auto found = pyramid.extremes(begin, end);
            const auto lower = [](QPointF a, QPointF b) { return a.y() < b.y(); };
            const auto first = points.begin() + static_cast<std::ptrdiff_t>(begin);
            const auto last = points.begin() + static_cast<std::ptrdiff_t>(end);
            QCOMPARE(found.minimum, static_cast<size_t>(std::min_element(first, last, lower) - points.begin()));
            QCOMPARE(found.maximum, static_cast<size_t>(std::max_element(first, last, lower) - points.begin()));
        }
    }

    void appendingBuildsTheSamePyramid()
    {
        const auto points = randomWalk(777);
        const MinMaxPyramid whole(points);
        MinMaxPyramid grown;
        for (const QPointF &point : points) {
            grown.append(point);
            const auto all = grown.extremes(0, grown.size());
            const auto expected = whole.extremes(0, grown.size());
            QCOMPARE(all.minimum, expected.minimum);
            QCOMPARE(all.maximum, expected.maximum);
        }
    }

    void aReductionKeepsEndsAndExtremes_data()
    {
        QTest::addColumn<int>("columns");
        for (const int columns : {2, 3, 7, 100, 640, 1999})
            QTest::addRow("%d columns", columns) << columns;
    }
    void aReductionKeepsEndsAndExtremes()
    {
        QFETCH(int, columns);
        const auto points = randomWalk(100'000);
        const MinMaxPyramid pyramid(points);
        const double from = 1234;
        const double to = 98'765;
        const auto line = pyramid.reduced(from, to, columns);
        QVERIFY(line.size() <= static_cast<size_t>(columns) * 2);
        QCOMPARE(line.front(), points[1234]);
        QCOMPARE(line.back(), points[98'765]);
        const auto lower = [](QPointF a, QPointF b) { return a.y() < b.y(); };
        const auto [low, high] = std::minmax_element(points.begin() + 1234, points.begin() + 98'766, lower);
        const auto [lineLow, lineHigh] = std::minmax_element(line.begin(), line.end(), lower);
        QCOMPARE(lineLow->y(), low->y());
        QCOMPARE(lineHigh->y(), high->y());
        QVERIFY(std::is_sorted(line.begin(), line.end(), [](QPointF a, QPointF b) { return a.x() < b.x(); }));
    }

    void aShortLineIsLeftAsItIs()
    {
        const auto points = randomWalk(50);
        const MinMaxPyramid pyramid(points);
        QCOMPARE(pyramid.reduced(0, 49, 100), points);
        QCOMPARE(pyramid.reduced(-10, 1000, 25), points);
        QCOMPARE(pyramid.reduced(10.5, 12, 100).size(), 2U);
        QVERIFY(pyramid.reduced(60, 70, 100).empty());
        QVERIFY(MinMaxPyramid().reduced(0, 1, 10).empty());
    }

    void manyPointsAtOneTimeDoNoHarm()
    {
        std::vector<QPointF> points(1000, QPointF(5, 1));
        points[500].setY(9);
        points[700].setY(-9);
        const MinMaxPyramid pyramid(points);
        const auto line = pyramid.reduced(0, 10, 20);
        QCOMPARE(line.size(), 4U);
        QCOMPARE(line[1].y(), 9.0);
        QCOMPARE(line[2].y(), -9.0);
    }
};

} // namespace tradebot

QTEST_GUILESS_MAIN(tradebot::MinMaxPyramidTest)
#include "tst_minmaxpyramid.moc"
