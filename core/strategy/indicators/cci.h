// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/strategy/indicators/window.h"

#include <cmath>

namespace tradebot {

/// Commodity channel index: distance of the typical price from its mean over N candles, in units of 0.015
/// mean absolute deviations; 0 where nothing deviates.
class Cci final
{
public:
    explicit Cci(int period) : m_window(period) { }

    /// O(N), as a mean absolute deviation is.
    void update(double high, double low, double close) noexcept
    {
        const double typical = (high + low + close) / 3;
        m_window.push(typical);
        if (!isReady())
            return;
        double distance = 0; // from the newest value: equal values have exactly that mean
        for (const double entry : m_window.values())
            distance += entry - typical;
        const double mean = typical + distance / m_window.length();
        double deviation = 0;
        for (const double entry : m_window.values())
            deviation += std::abs(entry - mean);
        deviation /= m_window.length();
        m_value = deviation > 0 ? (typical - mean) / (0.015 * deviation) : 0;
    }
    [[nodiscard]] bool isReady() const noexcept { return m_window.isFull(); }
    [[nodiscard]] double value() const noexcept { return m_value; }

private:
    Window m_window;
    double m_value = 0;
};

} // namespace tradebot
