// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/backtest/backtest.h"
#include "core/domain/candlefile.h"
#include "core/strategy/indicators/movingaverages.h"
#include "tests/bench/measuring.h"
#include "tests/bench/standardjob.h"

#include <QFile>
#include <QTest>

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
    BareResult bare;
    Result<BacktestResult> real = fail(ErrorCode::Internal, {});
    const Comparison found = compareUntil(
            5.0, 15,
            [&] {
                real = fail(ErrorCode::Internal, {});
                return cpuSecondsOf([&] { real = runBacktest({config, Timeframe::M1, m_candles, {}}); });
            },
            [&] {
                bare = BareResult();
                return cpuSecondsOf([&] { bare = bareLoop(m_candles); });
            });
    QVERIFY2(real, real ? "" : qPrintable(real.error().text));
    QCOMPARE(real->equity.toString(), u"98302.5071521"_s);
    QCOMPARE(real->totals.fills, 18'101);
    QCOMPARE(bare.equity, real->equity);
    QCOMPARE(bare.fills, real->totals.fills);
    QCOMPARE(real->curve.size(), bare.curve.size());
    qInfo("standard job: bare %.2f ms, engine %.2f ms, ratio %.2f", found.bare * 1000, found.ours * 1000,
          found.ratio());
    QVERIFY2(found.ratio() <= 5.0, "the engine takes more than five times a bare loop");
}

QTEST_GUILESS_MAIN(BenchBacktest)
#include "bench_backtest.moc"
