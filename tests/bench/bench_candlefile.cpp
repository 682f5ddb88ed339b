// SPDX-License-Identifier: GPL-3.0-or-later
// Loading a candle file against a bare loop that trusts its input.
#include "core/exchange/candlereader.h"
#include "tests/bench/measuring.h"

#include <QBuffer>
#include <QTest>

#include <cstdio>
#include <random>

using namespace tradebot;

namespace {

constexpr int rowCount = 500'000;
constexpr int rounds = 9;

QByteArray makeFile()
{
    QByteArray text = "open_time_ms,open,high,low,close,volume\n";
    text.reserve(qsizetype(rowCount) * 60);
    std::mt19937 random(42);
    std::normal_distribution<double> step(0, 0.05);
    double close = 100;
    for (int i = 0; i < rowCount; ++i) {
        const double open = close;
        close = std::max(1.0, open + step(random));
        const double high = std::max(open, close) + 0.0123;
        const double low = std::min(open, close) - 0.0123;
        text += QByteArray::number(1'577'836'800'000 + 60'000LL * i) + ',';
        for (const double price : {open, high, low, close})
            text += QByteArray::number(price, 'f', 4) + ',';
        text += QByteArray::number(static_cast<double>(random() % 100'000) / 1000, 'f', 3) + '\n';
    }
    return text;
}

/// Digits with a point, up to the next character that is neither.
std::int64_t bareNumber(const char *&at)
{
    std::int64_t number = 0;
    for (; *at >= '0'; ++at)
        number = number * 10 + (*at - '0');
    if (*at != '.')
        return number * 100'000'000;
    std::int64_t scale = 100'000'000;
    for (++at; *at >= '0'; ++at, scale /= 10)
        number = number * 10 + (*at - '0');
    return number * scale;
}

std::vector<Candle> bareParse(const QByteArray &text)
{
    std::vector<Candle> candles;
    candles.reserve(rowCount);
    const char *at = text.constData() + text.indexOf('\n') + 1;
    for (const char *const end = text.constData() + text.size(); at != end; ++at) {
        std::int64_t time = 0;
        for (; *at != ','; ++at)
            time = time * 10 + (*at - '0');
        std::array<std::int64_t, 5> raw{};
        for (std::int64_t &value : raw)
            value = bareNumber(++at);
        candles.push_back({fromMilliseconds(time), Price::fromRaw(raw[0]), Price::fromRaw(raw[1]),
                           Price::fromRaw(raw[2]), Price::fromRaw(raw[3]), Quantity::fromRaw(raw[4])});
    }
    return candles;
}

} // namespace

class CandleFileBench : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void loadingTakesAtMostTwiceABareParse()
    {
        QByteArray text = makeFile();
        std::vector<Candle> wanted;
        Result<RecordedCandles> got;
        const auto bare = [&] {
            wanted = std::vector<Candle>();
            return cpuSecondsOf([&] { wanted = bareParse(text); });
        };
        const auto ours = [&] {
            got = RecordedCandles();
            return cpuSecondsOf([&] {
                QBuffer file(&text);
                file.open(QIODevice::ReadOnly);
                got = readCandles(file);
            });
        };
        const Comparison found = compareUntil(2.0, rounds, ours, bare);
        QVERIFY(got.has_value());
        QVERIFY(got->candles == wanted);
        std::printf("candle file: %.1f ns/row, bare parse %.1f ns/row, ratio %.2f\n", found.ours / rowCount * 1e9,
                    found.bare / rowCount * 1e9, found.ratio());
        QVERIFY2(found.ratio() <= 2.0, "loading takes more than twice as long as a bare parse");
    }
};

QTEST_GUILESS_MAIN(CandleFileBench)
#include "bench_candlefile.moc"
