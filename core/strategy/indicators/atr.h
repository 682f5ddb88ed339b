// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/strategy/indicators/movingaverages.h"

#include <algorithm>

namespace tradebot {

/// How far the price went since the previous close. Ready from the second candle.
class TrueRange final
{
public:
    void update(double high, double low, double close) noexcept
    {
        m_value = std::max(high, m_previousClose) - std::min(low, m_previousClose);
        m_previousClose = close;
        m_seen = std::min(m_seen + 1, 2);
    }
    [[nodiscard]] bool isReady() const noexcept { return m_seen == 2; }
    [[nodiscard]] double value() const noexcept { return m_value; }

private:
    double m_value = 0;
    double m_previousClose = 0;
    int m_seen = 0;
};

/// Average true range after Wilder. Ready from the candle after the first N.
class Atr final
{
public:
    explicit Atr(int period) noexcept : m_average(period) { }

    void update(double high, double low, double close) noexcept
    {
        m_range.update(high, low, close);
        if (m_range.isReady()) [[likely]]
            m_average.update(m_range.value());
    }
    [[nodiscard]] bool isReady() const noexcept { return m_average.isReady(); }
    [[nodiscard]] double value() const noexcept { return m_average.value(); }

private:
    TrueRange m_range;
    WilderAverage m_average;
};

} // namespace tradebot
