// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/domain/market.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace tradebot {

/// Makes candles of one timeframe from the ticks of one stream. An interval without a tick makes no candle.
/// Volume that leaves the range stays at its end.
class CandleAggregator final
{
public:
    explicit CandleAggregator(Timeframe timeframe) noexcept : m_timeframe(timeframe) { }

    /// The candle that this tick has closed, if it belongs to a later one. A tick older than the live candle,
    /// or than what closeUpTo() has closed, is dropped: a closed candle never changes.
    [[nodiscard]] std::optional<Candle> add(const Tick &tick) noexcept
    {
        if (tick.time >= m_end) [[unlikely]]
            return begin(tick);
        if (tick.time < m_candle.openTime) [[unlikely]]
            return std::nullopt;
        m_candle.high = std::max(m_candle.high, tick.price);
        m_candle.low = std::min(m_candle.low, tick.price);
        m_candle.close = tick.price;
        addVolume(m_candle, tick.quantity);
        return std::nullopt;
    }

    /// Goes on with a candle that was begun elsewhere; ignored when there is one already.
    void setLive(const Candle &candle) noexcept
    {
        if (m_hasLive || candle.openTime < m_end)
            return;
        m_candle = candle;
        m_end = nextOpenTime(candle.openTime, m_timeframe);
        m_hasLive = true;
    }

    /// The live candle if its time is over by now, though no later tick has come.
    [[nodiscard]] std::optional<Candle> closeUpTo(Timestamp now) noexcept;

    /// The candle that is still forming.
    [[nodiscard]] std::optional<Candle> live() const noexcept
    {
        return m_hasLive ? std::optional(m_candle) : std::nullopt;
    }
    /// When the live candle's time is over: from then on closeUpTo() has something to say. Far in the past
    /// before the first tick.
    [[nodiscard]] Timestamp end() const noexcept { return m_end; }
    [[nodiscard]] Timeframe timeframe() const noexcept { return m_timeframe; }

    /// Adds to a candle's volume; at the end of the range it stays there.
    static void addVolume(Candle &candle, Quantity quantity) noexcept
    {
        candle.volume = (candle.volume + quantity).valueOr(Quantity::maximum());
    }

private:
    [[nodiscard]] std::optional<Candle> begin(const Tick &tick) noexcept;

    Timeframe m_timeframe;
    bool m_hasLive = false;
    Candle m_candle{Timestamp::min(), {}, {}, {}, {}, {}};
    Timestamp m_end = Timestamp::min(); ///< open time of the candle after m_candle
};

/// Candles of a coarser timeframe from finer, ascending ones. The last is made of what there is of it:
/// whether its time is over is the caller's to know. A finer candle counts to the coarse one that holds its
/// open time.
[[nodiscard]] std::vector<Candle> aggregate(std::span<const Candle> candles, Timeframe timeframe);

} // namespace tradebot
