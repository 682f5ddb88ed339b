// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/candleaggregator.h"

namespace tradebot {

std::optional<Candle> CandleAggregator::begin(const Tick &tick) noexcept
{
    const std::optional<Candle> closed = live();
    const Timestamp openTime = openTimeOf(tick.time, m_timeframe);
    m_candle = Candle{openTime, tick.price, tick.price, tick.price, tick.price, tick.quantity};
    m_end = nextOpenTime(openTime, m_timeframe);
    m_hasLive = true;
    return closed;
}

std::optional<Candle> CandleAggregator::closeUpTo(Timestamp now) noexcept
{
    if (!m_hasLive || now < m_end)
        return std::nullopt;
    m_hasLive = false;
    const Candle closed = m_candle;
    m_candle.openTime = m_end; // whatever is older comes too late
    return closed;
}

std::vector<Candle> aggregate(std::span<const Candle> candles, Timeframe timeframe)
{
    std::vector<Candle> coarse;
    Timestamp end = Timestamp::min();
    for (const Candle &candle : candles) {
        if (candle.openTime >= end) {
            coarse.push_back(candle);
            coarse.back().openTime = openTimeOf(candle.openTime, timeframe);
            end = nextOpenTime(coarse.back().openTime, timeframe);
            continue;
        }
        Candle &last = coarse.back();
        last.high = std::max(last.high, candle.high);
        last.low = std::min(last.low, candle.low);
        last.close = candle.close;
        CandleAggregator::addVolume(last, candle.volume);
    }
    return coarse;
}

} // namespace tradebot
