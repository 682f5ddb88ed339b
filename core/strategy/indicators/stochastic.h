// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/strategy/indicators/movingaverages.h"

namespace tradebot {

/// Slow stochastic, 0 to 100: where the close lies within the range of the newest N candles, smoothed twice
/// by simple averages; 0 where there is no range.
class Stochastic final
{
public:
    Stochastic(int period, int slowK, int slowD) : m_highest(period), m_lowest(period), m_slowK(slowK), m_slowD(slowD)
    { }

    void update(double high, double low, double close) noexcept
    {
        m_highest.update(high);
        m_lowest.update(low);
        if (!m_highest.isReady())
            return;
        const double range = m_highest.value() - m_lowest.value();
        m_slowK.update(range > 0 ? 100 * (close - m_lowest.value()) / range : 0);
        if (m_slowK.isReady())
            m_slowD.update(m_slowK.value());
    }
    [[nodiscard]] bool isReady() const noexcept { return m_slowD.isReady(); }
    [[nodiscard]] double slowK() const noexcept { return m_slowK.value(); }
    [[nodiscard]] double slowD() const noexcept { return m_slowD.value(); }

private:
    SlidingMaximum m_highest;
    SlidingMinimum m_lowest;
    Sma m_slowK;
    Sma m_slowD;
};

} // namespace tradebot
