// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/equitychart.h"
#include "ui/theme/theme.h"

#include <QApplication>
#include <QDir>
#include <QTest>

#include <cmath>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace tradebot {

namespace {

constexpr qint64 november = 1'793'500'000'000;

std::vector<EquityPoint> curve(int count, std::chrono::minutes step)
{
    std::vector<EquityPoint> points;
    for (int i = 0; i < count; ++i) {
        const double value = 70'000 + i * 900.0 / count + 180 * std::sin(i / 37.0) + 60 * std::sin(i / 5.3);
        points.push_back(
                {fromMilliseconds(november) + i * step, Money::fromRaw(std::llround(value * 100) * 1'000'000)});
    }
    return points;
}

bool hasColor(const QImage &image, const QColor &color)
{
    for (int y = 0; y < image.height(); ++y) {
        for (int x = 0; x < image.width(); ++x) {
            if (image.pixelColor(x, y) == color)
                return true;
        }
    }
    return false;
}

} // namespace

class EquityChartTest final : public QObject
{
    Q_OBJECT

private:
    Theme m_theme{ThemeChoice{ColorScheme::Dark}};

private Q_SLOTS:
    void theCurveIsPaintedInItsColour()
    {
        EquityChart chart(m_theme);
        chart.resize(460, 240);
        chart.setCurrency(u"USDT"_s);
        chart.setHistory(curve(2000, 20min));
        chart.setSpan(std::chrono::days(30));
        chart.show();
        for (const auto scheme : {ColorScheme::Dark, ColorScheme::Light}) {
            m_theme.setChoice({scheme});
            const QPixmap picture = chart.grab();
            QVERIFY(hasColor(picture.toImage(), m_theme.color(Token::Equity)));
            QVERIFY(hasColor(picture.toImage(), m_theme.color(Token::Text))); // the tag of the newest value
            if (const QString folder = qEnvironmentVariable("TRADEBOT_SHOT_DIR"); !folder.isEmpty())
                picture.save(QDir(folder).filePath(scheme == ColorScheme::Dark ? u"equity-dark.png"_s
                                                                               : u"equity-light.png"_s));
        }
        m_theme.setChoice({ColorScheme::Dark});
    }

    void aNewValueWithinThePixelRepaintsTheEndOnly()
    {
        EquityChart chart(m_theme);
        chart.resize(460, 240);
        const auto points = curve(2000, 20min);
        chart.setHistory(points);
        chart.show();
        (void)chart.grab();
        const int painted = chart.historyPaints();
        EquityPoint latest = points.back();
        for (int i = 0; i < 20; ++i) {
            latest.time += 1s;
            latest.equity = Money::fromRaw(latest.equity.raw() - 10'000'000);
            chart.setLatest(latest);
            (void)chart.grab();
        }
        QCOMPARE(chart.historyPaints(), painted);
        QCOMPARE(chart.pointCount(), points.size());
        latest.time += 24h;
        chart.setLatest(latest);
        (void)chart.grab();
        QCOMPARE(chart.historyPaints(), painted + 1);
        QCOMPARE(chart.pointCount(), points.size() + 1);
    }

    void whatWasSeenLiveStaysInTheCurveWhenItIsReadAnew()
    {
        const Theme theme;
        EquityChart chart(theme);
        chart.resize(600, 300);
        const auto stored = curve(100, 1min);
        chart.setHistory(stored);
        for (int i = 1; i <= 5; ++i)
            chart.setLatest({stored.back().time + i * 10min, Money::fromInteger(70'000 + i)});
        QCOMPARE(chart.pointCount(), stored.size() + 5);
        auto anew = stored; // the store has kept one point of the five
        anew.push_back({stored.back().time + 25min, Money::fromInteger(70'002)});
        chart.setHistory(anew);
        QCOMPARE(chart.pointCount(), anew.size() + 5);
        chart.forgetLive(); // a bot came: the sums before it do not fit
        chart.setHistory(anew);
        QVERIFY(chart.pointCount() <= anew.size() + 1);
        chart.clear();
        QVERIFY(chart.isEmpty());
    }

    void noNumberOfTheAxisLooksOutFromUnderTheTag()
    {
        const Theme theme;
        EquityChart chart(theme);
        chart.resize(600, 400);
        const auto points = curve(1000, 1min);
        chart.setHistory(points);
        const double lowest = std::ranges::min(points, {}, &EquityPoint::equity).equity.toDouble();
        const double highest = std::ranges::max(points, {}, &EquityPoint::equity).equity.toDouble();
        for (int i = 0; i < 40; ++i) { // all along the axis
            const auto value = static_cast<int>(lowest + (highest - lowest) * i / 40.0);
            chart.setLatest({points.back().time + i * 10ms, Money::fromInteger(value)});
            const QImage image = chart.grab().toImage();
            const int column = image.width() - 6;
            int top = 0; // of the tag
            while (top < image.height() && image.pixelColor(column, top) != theme.color(Token::Text))
                ++top;
            QVERIFY(top < image.height());
            for (int y = std::max(0, top - 4); y < top - 1; ++y) {
                for (int x = image.width() - 50; x < column; ++x)
                    QCOMPARE(image.pixelColor(x, y), theme.color(Token::Panel));
            }
        }
    }

    void nothingIsPaintedWhileHidden()
    {
        EquityChart chart(m_theme);
        chart.setHistory(curve(500, 1min));
        chart.setLatest(curve(501, 1min).back());
        QApplication::processEvents();
        QCOMPARE(chart.historyPaints(), 0);
    }

    void anEmptyCurveSaysSo()
    {
        EquityChart chart(m_theme);
        chart.resize(460, 240);
        chart.show();
        QVERIFY(hasColor(chart.grab().toImage(), m_theme.color(Token::Panel)));
        QVERIFY(chart.isEmpty());
        chart.setLatest({fromMilliseconds(november), Money::fromInteger(10'000)});
        QVERIFY(hasColor(chart.grab().toImage(), m_theme.color(Token::Equity)));
    }

    void theKeyboardReadsValues()
    {
        EquityChart chart(m_theme);
        chart.resize(460, 240);
        chart.setCurrency(u"USDT"_s);
        chart.setHistory(curve(500, 1min));
        chart.show();
        QTest::keyClick(&chart, Qt::Key_Left);
        QVERIFY2(chart.readout().contains(u"USDT"_s), qPrintable(chart.readout()));
        QCOMPARE(chart.accessibleDescription(), chart.readout());
    }
};

} // namespace tradebot

QTEST_MAIN(tradebot::EquityChartTest)
#include "tst_equitychart.moc"
