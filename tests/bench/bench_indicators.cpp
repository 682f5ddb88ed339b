// SPDX-License-Identifier: GPL-3.0-or-later
// What a candle costs an indicator of a long period against the same with a short one.
#include "core/strategy/indicators/indicatorspec.h"

#include <QTest>

#include <algorithm>
#include <array>
#include <ctime>
#include <limits>
#include <random>

using namespace tradebot;
using namespace Qt::StringLiterals;

namespace {

std::vector<Candle> randomCandles()
{
    constexpr int count = 100'000;
    std::mt19937 random(1);
    std::vector<Candle> candles;
    candles.reserve(count);
    std::int64_t close = 65'000;
    for (int i = 0; i < count; ++i) {
        const std::int64_t open = close;
        close += static_cast<std::int64_t>(random() % 201) - 100;
        const auto price = [](std::int64_t units) { return Price::fromRaw(units * detail::decimalScale); };
        candles.push_back({fromMilliseconds(i * qint64(60'000)), price(open), price(std::max(open, close) + 7),
                           price(std::min(open, close) - 5), price(close), Quantity::fromInteger(1)});
    }
    return candles;
}

/// Processor time of all candles but those of the warm-up, in nanoseconds a candle.
double costOf(const QString &spec, const std::vector<Candle> &candles)
{
    const auto indicator = indicatorFromSpec(spec);
    if (!indicator)
        qFatal("%s", qPrintable(indicator.error().text));
    const std::size_t warmUp = candles.size() / 10;
    IndicatorCells cells;
    std::clock_t start = 0;
    for (std::size_t i = 0; i < candles.size(); ++i) {
        if (i == warmUp)
            start = std::clock();
        cells.clear();
        indicator->update(candles[i], cells);
    }
    return 1e9 * static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC
           / static_cast<double>(candles.size() - warmUp);
}

} // namespace

class BenchIndicators final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aLongPeriodCostsAsMuchAsAShortOne_data()
    {
        QTest::addColumn<QString>("shortSpec");
        QTest::addColumn<QString>("longSpec");
        QTest::addColumn<double>("limit");
        for (const char *name : {"sma", "ema", "wma", "rsi", "atr", "donchian", "adx"}) {
            const QString spec = QString::fromLatin1(name) + u"(%1)"_s;
            QTest::newRow(name) << spec.arg(20) << spec.arg(2000) << 2.0;
        }
        QTest::newRow("macd") << u"macd(12,26,9)"_s << u"macd(1200,2600,900)"_s << 2.0;
        QTest::newRow("bbands") << u"bbands(20,2)"_s << u"bbands(2000,2)"_s << 2.0;
        QTest::newRow("stoch") << u"stoch(20,3,3)"_s << u"stoch(2000,300,300)"_s << 2.0;
        QTest::newRow("supertrend") << u"supertrend(20,3)"_s << u"supertrend(2000,3)"_s << 2.0;
        // Logarithmic: log 2000 ÷ log 20 is 2.5, and a long window leaves the processor's nearest cache.
        QTest::newRow("cci") << u"cci(20)"_s << u"cci(2000)"_s << 6.0;
    }

    void aLongPeriodCostsAsMuchAsAShortOne()
    {
        QFETCH(const QString, shortSpec);
        QFETCH(const QString, longSpec);
        QFETCH(const double, limit);
        constexpr int rounds = 5;
        double least = std::numeric_limits<double>::max();
        double leastLong = least;
        for (int i = 0; i < rounds; ++i) {
            least = std::min(least, costOf(shortSpec, m_candles));
            leastLong = std::min(leastLong, costOf(longSpec, m_candles));
        }
        qInfo("%s %.1f ns, %s %.1f ns a candle: ratio %.2f", qPrintable(shortSpec), least, qPrintable(longSpec),
              leastLong, leastLong / least);
        QVERIFY(leastLong / least <= limit);
    }

private:
    const std::vector<Candle> m_candles = randomCandles();
};

QTEST_GUILESS_MAIN(BenchIndicators)
#include "bench_indicators.moc"
