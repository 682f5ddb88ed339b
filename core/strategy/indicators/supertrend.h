// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/strategy/indicators/atr.h"

#include <utility>

namespace tradebot {

/// Supertrend: bands of a number of ATRs around the middle of the candle that only ever close in on the
/// price, until a close beyond one turns the direction. Begins upwards.
class Supertrend final
{
public:
    Supertrend(int period, double multiplier) noexcept : m_atr(period), m_multiplier(multiplier) { }

    void update(double high, double low, double close) noexcept
    {
        const double previousClose = std::exchange(m_close, close);
        const bool isFirst = !m_atr.isReady();
        m_atr.update(high, low, close);
        if (!m_atr.isReady())
            return;
        const double middle = (high + low) / 2;
        const double upper = middle + m_multiplier * m_atr.value();
        const double lower = middle - m_multiplier * m_atr.value();
        if (isFirst || upper < m_upper || previousClose > m_upper)
            m_upper = upper;
        if (isFirst || lower > m_lower || previousClose < m_lower)
            m_lower = lower;
        if (isFirst)
            return;
        if (m_isUp && close < m_lower)
            m_isUp = false;
        else if (!m_isUp && close > m_upper)
            m_isUp = true;
    }
    [[nodiscard]] bool isReady() const noexcept { return m_atr.isReady(); }
    [[nodiscard]] bool isUp() const noexcept { return m_isUp; }
    /// The band that would turn the direction.
    [[nodiscard]] double value() const noexcept { return m_isUp ? m_lower : m_upper; }
    [[nodiscard]] double upper() const noexcept { return m_upper; }
    [[nodiscard]] double lower() const noexcept { return m_lower; }

private:
    Atr m_atr;
    double m_multiplier;
    double m_upper = 0;
    double m_lower = 0;
    double m_close = 0;
    bool m_isUp = true;
};

} // namespace tradebot
