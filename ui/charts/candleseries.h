// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/domain/market.h"

#include <optional>
#include <span>
#include <vector>

namespace tradebot {

/// A candle as it is painted.
struct Bar
{
    Timestamp time; ///< when it opens
    double open = 0;
    double high = 0;
    double low = 0;
    double close = 0;
    double volume = 0;

    [[nodiscard]] bool isUp() const { return close >= open; }
    friend bool operator==(const Bar &, const Bar &) = default;
};

/// The candle's prices for painting; a high below the body or a low above it is widened to it.
[[nodiscard]] Bar toBar(const Candle &candle);

/// Candles of one timeframe, ascending: closed ones, and the one that is still open at their end. Where the market has
/// none (gaps) there is none here either.
class CandleSeries final
{
public:
    /// Far more than a screen can show; the oldest go first.
    static constexpr size_t mostBars = 20'000;

    void reset(std::span<const Candle> closed);
    /// Adds candles at the end. One of a time that is there already replaces it, an older one is left out. Ends the
    /// open candle when it is among them.
    void append(std::span<const Candle> closed);
    /// Adds candles before the first; those not older than it are left out. Returns how many were added.
    size_t prepend(std::span<const Candle> older);
    /// One older than the last closed candle is left out.
    void setLive(const std::optional<Candle> &candle);
    void clear();

    [[nodiscard]] size_t closedCount() const { return m_closed.size(); }
    [[nodiscard]] size_t size() const { return m_closed.size() + (m_live ? 1 : 0); }
    [[nodiscard]] bool isEmpty() const { return size() == 0; }
    [[nodiscard]] const Bar &at(size_t index) const { return index < m_closed.size() ? m_closed[index] : *m_live; }
    [[nodiscard]] const std::vector<Bar> &closed() const { return m_closed; }
    [[nodiscard]] const std::optional<Bar> &live() const { return m_live; }

    struct Range
    {
        double low = 0;
        double high = 0;
        double volume = 0; ///< the largest
    };
    /// Of the closed bars [begin, end); empty when there are none.
    [[nodiscard]] std::optional<Range> rangeOf(size_t begin, size_t end) const;
    /// The bar that holds this moment: the last that opens at or before it; empty before the first.
    [[nodiscard]] std::optional<size_t> indexAt(Timestamp time) const;

private:
    std::vector<Bar> m_closed;
    std::optional<Bar> m_live;
};

/// Exponential moving average of the closes, seeded by the mean of the first `period`; as many values as bars, NaN
/// while it has not warmed up. For display: of a part of the history, its first values depend on where that part
/// begins.
[[nodiscard]] std::vector<double> exponentialAverage(std::span<const Bar> bars, int period);

} // namespace tradebot
