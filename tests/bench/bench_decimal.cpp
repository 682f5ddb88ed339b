// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/decimal.h"
#include "tests/bench/measuring.h"

#include <QTest>

#include <array>
#include <charconv>
#include <random>
#include <vector>

using namespace tradebot;

namespace {

constexpr int rounds = 9;
constexpr int repeats = 200;
constexpr std::size_t count = 4096;

/// Prices and quantities as a market has them: two decimals, and five.
struct Market
{
    std::vector<Price> prices;
    std::vector<Quantity> quantities;
    std::vector<double> plainPrices;
    std::vector<double> plainQuantities;
    std::vector<QByteArray> texts;

    Market()
    {
        std::mt19937_64 random(42);
        for (std::size_t i = 0; i < count; ++i) {
            prices.push_back(Price::fromRaw(static_cast<std::int64_t>(random() % 10'000'000) * 1'000'000));
            quantities.push_back(Quantity::fromRaw(static_cast<std::int64_t>(random() % 1'000'000 + 1) * 1'000));
            plainPrices.push_back(prices.back().toDouble());
            plainQuantities.push_back(quantities.back().toDouble());
            texts.push_back(prices.back().toBytes());
        }
    }
};

/// Nanoseconds of the processor for each of count × repeats calls of work(i); its results are added up, so that none
/// can be left out.
template<class Work>
double nanosecondsEach(Work work)
{
    using Value = decltype(work(std::size_t(0)));
    Value sum{};
    const double seconds = cpuSecondsOf([&] {
        for (int repeat = 0; repeat < repeats; ++repeat) {
            for (std::size_t i = 0; i < count; ++i)
                sum += work(i);
            asm volatile("" : "+m"(sum)); // one pass is not the next one's
        }
    });
    return seconds * 1e9 / (static_cast<double>(count) * repeats);
}

/// Prints how many times as long ours takes; whether it stays within the limit.
template<class Work, class Baseline>
bool staysWithin(double limit, const char *what, Work work, const char *against, Baseline baseline)
{
    const Comparison found = compareUntil(
            limit, rounds, [&] { return nanosecondsEach(work); }, [&] { return nanosecondsEach(baseline); });
    qInfo("%s %.2f ns, %s %.2f ns, ratio %.2f", what, found.ours, against, found.bare, found.ratio());
    return found.ratio() <= limit;
}

} // namespace

class BenchDecimal final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aNotionalAgainstAMultiplicationOfDoubles();
    void aRoundedNotionalAgainstAMultiplicationOfDoubles();
    void aSumAgainstASumOfDoubles();
    void readingAgainstReadingADouble();
    void printingAgainstPrintingADouble();

private:
    Market m_market;
};

void BenchDecimal::aNotionalAgainstAMultiplicationOfDoubles()
{
    const Market &market = m_market;
    const bool isQuick = staysWithin(
            60, "notional",
            [&](std::size_t i) {
                return notional(market.prices[i], market.quantities[i], Rounding::HalfEven).value()->raw();
            },
            "double", [&](std::size_t i) { return market.plainPrices[i] * market.plainQuantities[i]; });
    QVERIFY(isQuick);
}

void BenchDecimal::aRoundedNotionalAgainstAMultiplicationOfDoubles()
{
    // All eight decimals in use: the product does not fit 64 bits and has to be rounded.
    const Market &market = m_market;
    const auto odd = [](auto value) { return decltype(value)::fromRaw(value.raw() * 10 + 1'234'567); };
    const bool isQuick = staysWithin(
            60, "rounded notional",
            [&](std::size_t i) {
                return notional(odd(market.prices[i]), odd(market.quantities[i]), Rounding::HalfEven).value()->raw();
            },
            "double", [&](std::size_t i) { return market.plainPrices[i] * market.plainQuantities[i]; });
    QVERIFY(isQuick);
}

void BenchDecimal::aSumAgainstASumOfDoubles()
{
    const Market &market = m_market;
    const bool isQuick = staysWithin(
            3, "checked sum",
            [&](std::size_t i) {
                return (market.prices[i] + market.prices[(i + 1) % count] - market.prices[(i + 2) % count])
                        .value()
                        ->raw();
            },
            "double",
            [&](std::size_t i) {
                return market.plainPrices[i] + market.plainPrices[(i + 1) % count]
                       - market.plainPrices[(i + 2) % count];
            });
    QVERIFY(isQuick);
}

void BenchDecimal::readingAgainstReadingADouble()
{
    const Market &market = m_market;
    const bool isQuick = staysWithin(
            2, "parse", [&](std::size_t i) { return Price::parse(QByteArrayView(market.texts[i])).value().raw(); },
            "from_chars",
            [&](std::size_t i) {
                double value = 0;
                std::from_chars(market.texts[i].begin(), market.texts[i].end(), value);
                return value;
            });
    QVERIFY(isQuick);
}

void BenchDecimal::printingAgainstPrintingADouble()
{
    const Market &market = m_market;
    QByteArray out;
    out.reserve(64);
    const bool isQuick = staysWithin(
            1, "print",
            [&](std::size_t i) {
                out.resize(0);
                detail::appendDecimal(out, market.prices[i].raw());
                return out.size();
            },
            "to_chars",
            [&](std::size_t i) {
                std::array<char, 32> buffer{};
                return std::to_chars(buffer.data(), buffer.data() + buffer.size(), market.plainPrices[i]).ptr
                       - buffer.data();
            });
    QVERIFY(isQuick);
}

QTEST_APPLESS_MAIN(BenchDecimal)
#include "bench_decimal.moc"
