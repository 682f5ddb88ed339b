// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/strategy/indicators/window.h"

#include <cmath>

namespace tradebot {

/// Bollinger bands: mean of the newest N values ± a number of population standard deviations.
class BollingerBands final
{
public:
    BollingerBands(int period, double deviations) : m_window(period), m_deviations(deviations) { }

    /// O(N): a variance kept as running sums loses all its digits on a flat stretch. Distances are taken from
    /// the newest value, so that equal values give exactly that value and a width of 0.
    void update(double value) noexcept
    {
        m_window.push(value);
        if (!isReady())
            return;
        double distance = 0;
        for (const double entry : m_window.values())
            distance += entry - value;
        m_middle = value + distance / m_window.length();
        double squares = 0;
        for (const double entry : m_window.values())
            squares += (entry - m_middle) * (entry - m_middle);
        m_width = m_deviations * std::sqrt(squares / m_window.length());
    }
    [[nodiscard]] bool isReady() const noexcept { return m_window.isFull(); }
    [[nodiscard]] double upper() const noexcept { return m_middle + m_width; }
    [[nodiscard]] double middle() const noexcept { return m_middle; }
    [[nodiscard]] double lower() const noexcept { return m_middle - m_width; }

private:
    Window m_window;
    double m_deviations;
    double m_middle = 0;
    double m_width = 0;
};

} // namespace tradebot
