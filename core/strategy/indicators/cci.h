// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/strategy/indicators/rankedwindow.h"

namespace tradebot {

/// Commodity channel index: distance of the typical price from its mean over N candles, in units of 0.015
/// mean absolute deviations; 0 where nothing deviates.
class Cci final
{
public:
    explicit Cci(int period) : m_window(period) { }

    void update(double high, double low, double close) noexcept
    {
        m_window.update((high + low + close) / 3);
        if (!isReady())
            return;
        const double deviation = m_window.meanDeviation();
        m_value = deviation > 0 ? m_window.newestFromMean() / (0.015 * deviation) : 0;
    }
    [[nodiscard]] bool isReady() const noexcept { return m_window.isReady(); }
    [[nodiscard]] double value() const noexcept { return m_value; }

private:
    RankedWindow m_window;
    double m_value = 0;
};

} // namespace tradebot
