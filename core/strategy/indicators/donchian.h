// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/strategy/indicators/window.h"

namespace tradebot {

/// Donchian channel: highest high and lowest low of the newest N candles, the last one included.
class DonchianChannel final
{
public:
    explicit DonchianChannel(int period) : m_highest(period), m_lowest(period) { }

    void update(double high, double low) noexcept
    {
        m_highest.update(high);
        m_lowest.update(low);
    }
    [[nodiscard]] bool isReady() const noexcept { return m_highest.isReady(); }
    [[nodiscard]] double upper() const noexcept { return m_highest.value(); }
    [[nodiscard]] double middle() const noexcept { return (upper() + lower()) / 2; }
    [[nodiscard]] double lower() const noexcept { return m_lowest.value(); }

private:
    SlidingMaximum m_highest;
    SlidingMinimum m_lowest;
};

} // namespace tradebot
