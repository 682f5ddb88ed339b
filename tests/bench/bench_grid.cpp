// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/backtest/backtest.h"

#include <QTest>

#include <algorithm>
#include <ctime>
#include <limits>
#include <random>

using namespace tradebot;
using namespace Qt::StringLiterals;

namespace {

/// A price that wanders through the whole grid, from 10,000 to 20,000.
std::vector<Candle> wanderings(int count)
{
    std::mt19937 random(1);
    std::vector<Candle> candles;
    int open = 15'000;
    for (int i = 0; i < count; ++i) {
        const int close = std::clamp(open + static_cast<int>(random() % 201) - 100, 10'001, 19'999);
        candles.push_back({fromMilliseconds(1'795'392'000'000 + i * qint64(60'000)), Price::fromInteger(open),
                           Price::fromInteger(std::max(open, close)), Price::fromInteger(std::min(open, close)),
                           Price::fromInteger(close), Quantity::fromInteger(1)});
        open = close;
    }
    return candles;
}

BotConfig gridOf(int levels)
{
    BotConfig config;
    config.name = u"grid"_s;
    config.symbol = Symbol(u"BTCUSDT"_s);
    config.strategy = u"grid"_s;
    config.strategyParameters = {{u"lower"_s, Decimal::fromInteger(10'000)},
                                 {u"upper"_s, Decimal::fromInteger(20'000)},
                                 {u"levels"_s, Decimal::fromInteger(levels)},
                                 {u"quantity_per_level"_s, Decimal::fromRaw(1'000'000)}};
    config.initialBalance = Money::fromInteger(1'000'000);
    return config;
}

double milliseconds(const BotConfig &config, const std::vector<Candle> &candles)
{
    double least = std::numeric_limits<double>::max();
    for (int round = 0; round < 5; ++round) {
        const std::clock_t start = std::clock();
        const auto result = runBacktest({config, Timeframe::M1, candles, {}});
        least = std::min(least, 1000.0 * static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC);
        if (!result || result->totals.fills < 10)
            qFatal("the grid does not trade");
    }
    return least;
}

} // namespace

class BenchGrid : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    /// Ten times the levels are ten times the open orders, and ten times the fills on the same way. Looking for the
    /// level of each order among all levels would make it a hundred times.
    void aGridCostsWhatItsLevelsCost()
    {
        const auto candles = wanderings(3000);
        const double few = milliseconds(gridOf(20), candles);
        const double many = milliseconds(gridOf(200), candles);
        qInfo("20 levels %.1f ms, 200 levels %.1f ms (%.0f µs a candle), ratio %.1f", few, many,
              1000 * many / static_cast<double>(candles.size()), many / few);
        QVERIFY2(many <= 40 * few, "a grid costs more than its levels do");
    }
};

QTEST_GUILESS_MAIN(BenchGrid)
#include "bench_grid.moc"
