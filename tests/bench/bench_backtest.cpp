// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/backtest/backtest.h"
#include "core/domain/candlefile.h"
#include "core/strategy/indicators/movingaverages.h"
#include "tests/bench/standardjob.h"

#include <QFile>
#include <QTest>

#include <algorithm>
#include <array>
#include <ctime>
#include <limits>

using namespace tradebot;
using namespace Qt::StringLiterals;

namespace {

struct BareResult
{
    Money equity;
    qint64 fills = 0;
    std::vector<EquityPoint> curve;
};

/// The standard job without an engine: two averages, an exact balance, a curve.
BareResult bareLoop(const std::vector<Candle> &candles)
{
    constexpr Decimal feeRate = Decimal::fromRaw(100'000);
    Ema fast(12);
    Ema slow(26);
    BareResult result;
    result.curve.reserve(candles.size());
    Money balance = Money::fromInteger(100'000);
    Money cost;
    bool holds = false;
    std::optional<bool> above;
    int wish = 0;
    const auto unit = Quantity::fromInteger(1);
    for (const Candle &candle : candles) {
        if (wish != 0) {
            const Money worth = *notional(candle.open, unit, Rounding::HalfEven).value();
            const Money fee = *scaled(worth, feeRate, Rounding::Ceiling).value();
            balance = *(balance - fee).value();
            if (wish > 0)
                cost = worth;
            else
                balance = *(balance + (worth - cost)).value();
            holds = wish > 0;
            ++result.fills;
            wish = 0;
        }
        fast.update(candle.close.toDouble());
        slow.update(candle.close.toDouble());
        if (slow.isReady()) {
            const bool now = fast.value() > slow.value();
            if (above && now != *above && now != holds)
                wish = now ? 1 : -1;
            above = now;
        }
        Money equity = balance;
        if (holds)
            equity = *(balance + (notional(candle.close, unit, Rounding::HalfEven) - cost)).value();
        result.curve.push_back({candle.openTime, equity});
    }
    result.equity = result.curve.back().equity;
    return result;
}

/// Processor time: what else the machine does meanwhile does not count.
template<class Work>
double milliseconds(Work work)
{
    const std::clock_t start = std::clock();
    work();
    return 1000.0 * static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
}

} // namespace

class BenchBacktest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void theStandardJobIsExactAndTakesAtMostFiveTimesABareLoop();

private:
    std::vector<Candle> m_candles;
};

void BenchBacktest::initTestCase()
{
    QTemporaryDir folder;
    const QString path = standardCandleFile(folder);
    if (path.isEmpty())
        QSKIP("the generator of the standard candle file is not here");
    QFile file(path);
    QVERIFY(file.open(QIODevice::ReadOnly));
    CandleFileParser parser;
    QVERIFY(parser.feed(file.readAll()));
    auto series = parser.finish();
    QVERIFY(series);
    m_candles = std::move(series->candles);
}

void BenchBacktest::theStandardJobIsExactAndTakesAtMostFiveTimesABareLoop()
{
    const BotConfig config = standardJob();
    std::array<double, 15> ratios{};
    double leastBare = std::numeric_limits<double>::max();
    double leastReal = leastBare;
    for (double &ratio : ratios) {
        BareResult bare;
        const auto bareTime = milliseconds([&] { bare = bareLoop(m_candles); });
        Result<BacktestResult> real = fail(ErrorCode::Internal, {});
        const auto realTime = milliseconds([&] { real = runBacktest({config, Timeframe::M1, m_candles, {}}); });
        QVERIFY2(real, real ? "" : qPrintable(real.error().text));
        QCOMPARE(real->equity.toString(), u"98302.5071521"_s);
        QCOMPARE(real->totals.fills, 18'101);
        QCOMPARE(bare.equity, real->equity);
        QCOMPARE(bare.fills, real->totals.fills);
        QCOMPARE(real->curve.size(), bare.curve.size());
        ratio = realTime / bareTime;
        leastBare = std::min(leastBare, bareTime);
        leastReal = std::min(leastReal, realTime);
        qInfo("bare %.2f ms, engine %.2f ms, ratio %.2f", bareTime, realTime, ratio);
    }
    std::sort(ratios.begin(), ratios.end());
    // Whatever disturbs a run makes it longer, so the shortest ones are the true ones.
    const double ratio = leastReal / leastBare;
    qInfo("ratio %.2f (bare %.2f ms, engine %.2f ms); by pairs: median %.2f, best %.2f, worst %.2f", ratio, leastBare,
          leastReal, ratios[ratios.size() / 2], ratios.front(), ratios.back());
    QVERIFY2(ratio <= 5.0, "the engine takes more than five times a bare loop");
}

QTEST_GUILESS_MAIN(BenchBacktest)
#include "bench_backtest.moc"
