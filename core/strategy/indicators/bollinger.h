// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/strategy/indicators/slidingmoments.h"

#include <cmath>

namespace tradebot {

/// Bollinger bands: mean of the newest N values ± a number of population standard deviations.
class BollingerBands final
{
public:
    BollingerBands(int period, double deviations) : m_moments(period), m_deviations(deviations) { }

    void update(double value) noexcept
    {
        m_moments.update(value);
        if (!isReady())
            return;
        const RunningMoments moments = m_moments.value();
        m_middle = moments.mean();
        m_width = m_deviations * std::sqrt(moments.squares() / moments.count());
    }
    [[nodiscard]] bool isReady() const noexcept { return m_moments.isReady(); }
    [[nodiscard]] double upper() const noexcept { return m_middle + m_width; }
    [[nodiscard]] double middle() const noexcept { return m_middle; }
    [[nodiscard]] double lower() const noexcept { return m_middle - m_width; }

private:
    SlidingMoments m_moments;
    double m_deviations;
    double m_middle = 0;
    double m_width = 0;
};

} // namespace tradebot
