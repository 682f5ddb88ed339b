// SPDX-License-Identifier: GPL-3.0-or-later
#include "recordedcandles.h"

#include <QFile>

#include <algorithm>
#include <cmath>

using namespace Qt::StringLiterals;

namespace tradebot {

std::vector<Candle> recordedCandles(const QString &file, int most)
{
    std::vector<Candle> candles;
    QFile input(QStringLiteral(TRADEBOT_SHARED_DIR) + u"/data/market/"_s + file);
    if (!input.open(QIODevice::ReadOnly))
        return candles;
    input.readLine(); // the header
    while (!input.atEnd() && candles.size() < static_cast<size_t>(most)) {
        const QList<QByteArray> fields = input.readLine().trimmed().split(',');
        if (fields.size() != 6)
            break;
        Candle candle;
        candle.openTime = fromMilliseconds(fields[0].toLongLong());
        candle.open = Price::parse(fields[1]).value();
        candle.high = Price::parse(fields[2]).value();
        candle.low = Price::parse(fields[3]).value();
        candle.close = Price::parse(fields[4]).value();
        candle.volume = Quantity::fromRaw(std::llround(fields[5].toDouble() * 1e8)); // some have more digits than 8
        candles.push_back(candle);
    }
    return candles;
}

std::vector<Candle> coarser(const std::vector<Candle> &candles, Timeframe timeframe)
{
    std::vector<Candle> made;
    for (const Candle &candle : candles) {
        const Timestamp open = openTimeOf(candle.openTime, timeframe);
        if (made.empty() || made.back().openTime != open) {
            made.push_back(candle);
            made.back().openTime = open;
            continue;
        }
        Candle &last = made.back();
        last.high = std::max(last.high, candle.high);
        last.low = std::min(last.low, candle.low);
        last.close = candle.close;
        last.volume = (last.volume + candle.volume).value().value_or(last.volume);
    }
    return made;
}

std::vector<Candle> waveCandles(int count)
{
    const auto price = [](int minute) {
        return Price::fromRaw(std::llround((100 + 10 * std::sin(minute / 20.0)) * 1e8));
    };
    std::vector<Candle> candles;
    for (int i = 0; i < count; ++i) {
        Candle candle;
        candle.openTime = fromMilliseconds(1'700'000'040'000 + i * 60'000LL);
        candle.open = price(i);
        candle.close = price(i + 1);
        candle.high = Price::fromRaw(std::max(candle.open.raw(), candle.close.raw()) + 20'000'000);
        candle.low = Price::fromRaw(std::min(candle.open.raw(), candle.close.raw()) - 20'000'000);
        candle.volume = Quantity::fromInteger(i % 7);
        candles.push_back(candle);
    }
    return candles;
}

} // namespace tradebot
