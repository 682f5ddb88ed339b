// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/strategy/indicators/movingaverages.h"

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace tradebot {

/// Wilder's directional movement, 0 to 100: +DI and −DI are ready from the candle after the first N, the ADX,
/// a smoothed measure of how one-sided they are, N − 1 candles later.
class Adx final
{
public:
    explicit Adx(int period) noexcept : m_adx(period), m_period(period) { Q_ASSERT(period > 1); }

    void update(double high, double low, double close) noexcept
    {
        const double up = high - m_high;
        const double down = m_low - low;
        const double range = std::max(high, m_close) - std::min(low, m_close);
        m_high = high;
        m_low = low;
        m_close = close;
        if (m_seen++ == 0) [[unlikely]]
            return;
        addMovement(up > down && up > 0 ? up : 0, down > up && down > 0 ? down : 0, range);
        if (hasDirections())
            smoothDirection();
    }
    [[nodiscard]] bool hasDirections() const noexcept { return m_seen > m_period; }
    [[nodiscard]] bool isReady() const noexcept { return m_adx.isReady(); }
    [[nodiscard]] double adx() const noexcept { return m_adx.value(); }
    [[nodiscard]] double plusDi() const noexcept { return m_range > 0 ? 100 * m_plus / m_range : 0; }
    [[nodiscard]] double minusDi() const noexcept { return m_range > 0 ? 100 * m_minus / m_range : 0; }

private:
    /// Wilder's sums: plain for the first N − 1, then each gives up an Nth of itself.
    void addMovement(double plus, double minus, double range) noexcept
    {
        if (m_seen > m_period) [[likely]] {
            m_plus -= m_plus / m_period;
            m_minus -= m_minus / m_period;
            m_range -= m_range / m_period;
        }
        m_plus += plus;
        m_minus += minus;
        m_range += range;
    }
    void smoothDirection() noexcept
    {
        const double plus = plusDi();
        const double minus = minusDi();
        if (plus + minus > 0)
            m_adx.update(100 * std::abs(plus - minus) / (plus + minus));
        else if (!m_adx.isReady())
            m_adx.update(0);
    }

    WilderAverage m_adx;
    double m_plus = 0;
    double m_minus = 0;
    double m_range = 0;
    double m_high = 0;
    double m_low = 0;
    double m_close = 0;
    int m_period;
    std::int64_t m_seen = 0;
};

} // namespace tradebot
