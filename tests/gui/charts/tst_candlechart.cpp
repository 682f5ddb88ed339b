// SPDX-License-Identifier: GPL-3.0-or-later
#include "recordedcandles.h"
#include "ui/charts/candlechart.h"
#include "ui/theme/theme.h"

#include <QApplication>
#include <QDir>
#include <QSignalSpy>
#include <QTest>
#include <QWheelEvent>

#include <cmath>

using namespace Qt::StringLiterals;

namespace tradebot {

namespace {

/// Keeps the picture where a person asks for it with TRADEBOT_SHOT_DIR.
void keep(const QPixmap &pixmap, const QString &name)
{
    const QString folder = qEnvironmentVariable("TRADEBOT_SHOT_DIR");
    if (!folder.isEmpty())
        pixmap.save(QDir(folder).filePath(name));
}

} // namespace

class CandleChartTest final : public QObject
{
    Q_OBJECT

private:
    Theme m_theme{ThemeChoice{ColorScheme::Dark}};

    std::unique_ptr<CandleChart> shownChart(const std::vector<Candle> &candles, QSize size = {900, 360})
    {
        auto chart = std::make_unique<CandleChart>(m_theme);
        chart->resize(size);
        chart->reset(Timeframe::M1, candles, std::nullopt);
        chart->show();
        return chart;
    }

    /// The middle of a bar's body on the screen.
    static QPoint bodyOf(const CandleChart &chart, size_t bar)
    {
        const CandleScene &scene = chart.scene();
        const Bar &at = scene.series.at(bar);
        const QRectF box = scene.barRect(bar, scene.view.yOf(std::max(at.open, at.close)),
                                         scene.view.yOf(std::min(at.open, at.close)));
        // The pixel that holds the centre: rounding would leave a body of one pixel.
        return {static_cast<int>(box.center().x()), static_cast<int>(box.center().y())};
    }

    static QColor pixel(CandleChart &chart, QPoint at)
    {
        return chart.grab().toImage().pixelColor(at * chart.devicePixelRatio());
    }

    static void wheel(CandleChart &chart, int notches)
    {
        QWheelEvent event(QPointF(400, 100), chart.mapToGlobal(QPointF(400, 100)), {}, QPoint(0, notches * 120),
                          Qt::NoButton, Qt::NoModifier, Qt::NoScrollPhase, false);
        QApplication::sendEvent(&chart, &event);
    }

private Q_SLOTS:
    void cleanup() { m_theme.setChoice({ColorScheme::Dark}); }

    void bodiesHaveTheColoursOfThePalette_data()
    {
        QTest::addColumn<MoneyPalette>("palette");
        QTest::addColumn<ColorScheme>("scheme");
        for (const auto scheme : {ColorScheme::Dark, ColorScheme::Light}) {
            for (const auto palette : {MoneyPalette::Classic, MoneyPalette::EastAsia, MoneyPalette::CbSafe})
                QTest::addRow("%d %d", static_cast<int>(scheme), static_cast<int>(palette)) << palette << scheme;
        }
    }
    void bodiesHaveTheColoursOfThePalette()
    {
        QFETCH(MoneyPalette, palette);
        QFETCH(ColorScheme, scheme);
        m_theme.setChoice({scheme, MoneyPalette::Classic, palette});
        const auto chart = shownChart(waveCandles(60));
        for (size_t bar = 0; bar < 60; ++bar) {
            const Token token = chart->scene().series.at(bar).isUp() ? Token::Up : Token::Down;
            QCOMPARE(pixel(*chart, bodyOf(*chart, bar)).name(), m_theme.color(token).name());
        }
    }

    void monoCandlesAreHollowUpAndFilledDown()
    {
        m_theme.setChoice({ColorScheme::Dark, MoneyPalette::Classic, MoneyPalette::Mono});
        Candle up = waveCandles(1).front();
        up.open = up.low = Price::fromInteger(90);
        up.close = up.high = Price::fromInteger(110);
        Candle down = up;
        down.openTime += std::chrono::minutes(1);
        std::swap(down.open, down.close);
        const auto chart = shownChart({up, down});
        QCOMPARE(pixel(*chart, bodyOf(*chart, 0)).name(), m_theme.color(Token::Panel).name());
        QCOMPARE(pixel(*chart, bodyOf(*chart, 1)).name(), m_theme.color(Token::Down).name());
    }

    void aNewPriceRepaintsTheOpenCandleOnly()
    {
        const auto candles = waveCandles(400);
        const auto chart = shownChart(candles);
        Candle live = candles.back();
        live.openTime += std::chrono::minutes(1);
        const auto showPrice = [&] {
            chart->setLive(live);
            chart->setLines({{LineKind::Mark, live.close.toDouble(), {}, live.close.toString(2)}});
            (void)chart->grab();
        };
        showPrice();
        const int painted = chart->historyPaints();
        for (int i = 1; i <= 20; ++i) {
            live.close = Price::fromRaw(live.close.raw() + 1'000'000);
            live.high = std::max(live.high, live.close);
            showPrice();
        }
        QCOMPARE(chart->historyPaints(), painted);
        QCOMPARE(pixel(*chart, bodyOf(*chart, 400)).name(),
                 m_theme.color(live.close >= live.open ? Token::Up : Token::Down).name());
        chart->appendClosed(std::vector{live});
        (void)chart->grab();
        QCOMPARE(chart->historyPaints(), painted + 1);
    }

    void nothingIsPaintedWhileHidden()
    {
        CandleChart chart(m_theme);
        chart.resize(800, 300);
        chart.reset(Timeframe::M1, waveCandles(300), std::nullopt);
        for (const Candle &candle : waveCandles(350))
            chart.setLive(candle);
        QApplication::processEvents();
        QCOMPARE(chart.historyPaints(), 0);
    }

    void gapsZeroVolumeAndOddPricesDoNoHarm()
    {
        auto candles = waveCandles(50);
        candles.erase(candles.begin() + 10, candles.begin() + 30);
        for (Candle &candle : candles)
            candle.volume = Quantity();
        candles[3].low = Price::fromInteger(500); // above its high
        candles[4].open = candles[4].close = candles[4].high = candles[4].low = Price();
        const auto chart = shownChart(candles);
        chart->setTrades(
                {{candles[0].openTime - std::chrono::hours(5), candles[20].openTime, 0, 100, false, -1, u"−1"_s}});
        QCOMPARE(pixel(*chart, bodyOf(*chart, 15)).name(),
                 m_theme.color(chart->scene().series.at(15).isUp() ? Token::Up : Token::Down).name());
        chart->reset(Timeframe::M1, {}, std::nullopt);
        QVERIFY(!chart->grab().isNull());
    }

    void zoomingOutEndsInACoarserTimeframe()
    {
        const auto chart = shownChart(waveCandles(2000));
        QSignalSpy coarser(chart.get(), &CandleChart::coarserWanted);
        wheel(*chart, -30);
        QCOMPARE(chart->scene().view.visibleBars(), CandleView::mostBars);
        QCOMPARE(coarser.count(), 0);
        wheel(*chart, -1);
        QCOMPARE(coarser.count(), 1);
    }

    void goingBackAsksForOlderCandlesOnce()
    {
        auto candles = waveCandles(600);
        const std::vector older(candles.begin(), candles.begin() + 300);
        candles.erase(candles.begin(), candles.begin() + 300);
        const auto chart = shownChart(candles);
        QSignalSpy wanted(chart.get(), &CandleChart::olderWanted);
        QTest::keyClick(chart.get(), Qt::Key_Home);
        QTest::keyClick(chart.get(), Qt::Key_PageUp);
        QCOMPARE(wanted.count(), 1);
        QCOMPARE(wanted.front().front().value<Timestamp>(), candles.front().openTime);
        const Bar before = chart->scene().series.at(chart->scene().view.firstVisible());
        chart->prependOlder(older);
        QCOMPARE(chart->scene().series.size(), 600U);
        QCOMPARE(chart->scene().series.at(chart->scene().view.firstVisible()), before);
        chart->prependOlder({}); // there are no more
        QTest::keyClick(chart.get(), Qt::Key_Home);
        QCOMPARE(wanted.count(), 1);
    }

    void theKeyboardReadsCandles()
    {
        const auto candles = waveCandles(100);
        const auto chart = shownChart(candles);
        QTest::keyClick(chart.get(), Qt::Key_Left);
        QTest::keyClick(chart.get(), Qt::Key_Left);
        QVERIFY2(chart->readout().contains(candles[98].close.toString(2).left(5)), qPrintable(chart->readout()));
        QCOMPARE(chart->accessibleDescription(), chart->readout());
        QTest::keyClick(chart.get(), Qt::Key_Escape);
        QVERIFY(chart->readout().isEmpty());
        QVERIFY(!chart->accessibleName().isEmpty());
    }

    void recordedCandlesLookRight()
    {
        const auto minutes = recordedCandles(u"candles_BTC-PERP_1m_part1.csv"_s, 6000);
        if (minutes.empty())
            QSKIP("SKIPPED: the recorded candles are not there");
        auto candles = coarser(minutes, Timeframe::M15);
        const Candle live = candles.back();
        candles.pop_back();
        CandleChart chart(m_theme);
        chart.resize(900, 420);
        chart.setDecimals(1);
        chart.reset(Timeframe::M15, candles, live);
        const size_t last = candles.size() - 1;
        const auto price = [&](size_t bar) { return candles[bar].close.toDouble(); };
        chart.setAverages({{u"EMA 12"_s, 12, Token::IndicatorA}, {u"EMA 26"_s, 26, Token::IndicatorB}});
        chart.setTrades({{candles[last - 80].openTime, candles[last - 60].openTime, price(last - 80), price(last - 60),
                          false, price(last - 60) > price(last - 80) ? 1 : -1, u"+61.30"_s},
                         {candles[last - 50].openTime, candles[last - 42].openTime, price(last - 50), price(last - 42),
                          true, price(last - 42) < price(last - 50) ? 1 : -1, u"−19.57"_s}});
        const double entry = price(last - 20);
        chart.setPosition(PositionMark{candles[last - 20].openTime, entry, false});
        chart.setLines({{LineKind::Target, entry * 1.01, u"Target +1.00 %"_s, QString::number(entry * 1.01, 'f', 1)},
                        {LineKind::Stop, entry * 0.99, u"Stop −1.00 %"_s, QString::number(entry * 0.99, 'f', 1)},
                        {LineKind::Trailing, entry * 1.001, u"Trail +0.10 %"_s, QString::number(entry * 1.001, 'f', 1)},
                        {LineKind::Entry, entry, u"Entry 0.0745"_s, QString::number(entry, 'f', 1)},
                        {LineKind::Mark, live.close.toDouble(), {}, live.close.toString(1)}});
        chart.show();
        for (const auto scheme : {ColorScheme::Dark, ColorScheme::Light}) {
            m_theme.setChoice({scheme});
            const QPixmap picture = chart.grab();
            QVERIFY(picture.toImage().pixelColor(3, 3).isValid());
            keep(picture, scheme == ColorScheme::Dark ? u"candles-dark.png"_s : u"candles-light.png"_s);
        }
        QTest::keyClick(&chart, Qt::Key_Left);
        keep(chart.grab(), u"candles-crosshair.png"_s);
    }
};

} // namespace tradebot

QTEST_MAIN(tradebot::CandleChartTest)
#include "tst_candlechart.moc"
