// SPDX-License-Identifier: GPL-3.0-or-later
// What stands between a price and a decision: candles made of ticks, ema_cross on candles.
#include "core/engine/candleaggregator.h"
#include "core/exchange/simulated/simulatedtape.h"
#include "core/strategy/registry.h"
#include "tests/bench/measuring.h"

#include <QTest>

#include <algorithm>
#include <cstdio>
#include <limits>

using namespace tradebot;
using namespace Qt::StringLiterals;

namespace {

constexpr int count = 500'000;
constexpr int rounds = 9;
const Symbol bitcoin(u"BTCUSDT"_s);

/// What is checked and exact may cost so much more than a loop that trusts everything.
constexpr double limit = 3;

template<class Ours, class Bare>
double ratioOf(const char *what, Ours ours, Bare bare)
{
    const Comparison found = compareUntil(
            limit, rounds, [&] { return cpuSecondsOf(ours); }, [&] { return cpuSecondsOf(bare); });
    std::printf("%s: %.1f ns, bare %.1f ns, ratio %.2f\n", what, found.ours / count * 1e9, found.bare / count * 1e9,
                found.ratio());
    return found.ratio();
}

std::vector<Tick> makeTicks()
{
    SimulatedTape tape(1, bitcoin, 4);
    const std::int64_t first = tape.firstAtOrAfter(fromMilliseconds(1'767'225'600'000));
    std::vector<Tick> ticks;
    ticks.reserve(count);
    for (int i = 0; i < count; ++i)
        ticks.push_back(tape.tick(first + i));
    return ticks;
}

} // namespace

class MarketBench : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void candlesOfTicksAgainstALoopOfExtremes()
    {
        const std::vector<Tick> ticks = makeTicks();
        std::size_t closed = 0;
        std::int64_t extremes = 0;
        const double ratio = ratioOf(
                "tick into a candle",
                [&] {
                    CandleAggregator aggregator(Timeframe::M1);
                    for (const Tick &tick : ticks)
                        closed += aggregator.add(tick) ? 1U : 0U;
                },
                [&] {
                    std::int64_t high = 0;
                    std::int64_t low = std::numeric_limits<std::int64_t>::max();
                    for (const Tick &tick : ticks) {
                        high = std::max(high, tick.price.raw());
                        low = std::min(low, tick.price.raw());
                        extremes += tick.quantity.raw() + (high ^ low);
                    }
                });
        QVERIFY(closed > 0 && extremes != 0);
        QVERIFY(ratio <= limit);
    }

    void emaCrossAgainstTwoBareAverages()
    {
        std::vector<Candle> candles;
        for (const Tick &tick : makeTicks())
            candles.push_back({tick.time, tick.price, tick.price, tick.price, tick.price, tick.quantity});
        std::size_t signalled = 0;
        std::size_t crosses = 0;
        const double ratio = ratioOf(
                "ema_cross on a candle",
                [&] {
                    const auto strategy = *makeStrategy(u"ema_cross", {});
                    const Position flat;
                    Intents intents;
                    for (const Candle &candle : candles) {
                        strategy->onCandle({candle, flat}, intents);
                        signalled += intents.size();
                        intents.clear();
                    }
                },
                [&] {
                    double fast = candles.front().close.toDouble();
                    double slow = fast;
                    bool isAbove = false;
                    for (const Candle &candle : candles) {
                        const double close = candle.close.toDouble();
                        fast += 2.0 / 13 * (close - fast);
                        slow += 2.0 / 27 * (close - slow);
                        if (isAbove != (fast > slow)) {
                            isAbove = !isAbove;
                            ++crosses;
                        }
                    }
                });
        QVERIFY(signalled > 0 && crosses > 0);
        QVERIFY(ratio <= limit);
    }
};

QTEST_GUILESS_MAIN(MarketBench)
#include "bench_market.moc"
