// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/clock.h"

#include <chrono>

namespace tradebot {

/// On-balance volume: volume added on a higher close, subtracted on a lower one; begins with the first
/// volume.
class Obv final
{
public:
    void update(double close, double volume) noexcept
    {
        if (!m_isReady || close > m_close)
            m_value += volume;
        else if (close < m_close)
            m_value -= volume;
        m_close = close;
        m_isReady = true;
    }
    [[nodiscard]] bool isReady() const noexcept { return m_isReady; }
    [[nodiscard]] double value() const noexcept { return m_value; }

private:
    double m_value = 0;
    double m_close = 0;
    bool m_isReady = false;
};

/// Volume-weighted average of the typical price: since the first candle, and since midnight UTC. Not ready
/// while there is no volume.
class Vwap final
{
public:
    void update(Timestamp openTime, double high, double low, double close, double volume) noexcept
    {
        const auto day = std::chrono::floor<std::chrono::days>(openTime);
        if (day != m_day) {
            m_day = day;
            m_session = {};
        }
        const double typical = (high + low + close) / 3;
        m_all.add(typical, volume);
        m_session.add(typical, volume);
    }
    [[nodiscard]] bool isReady() const noexcept { return m_all.volume > 0; }
    [[nodiscard]] double cumulative() const noexcept { return m_all.value / m_all.volume; }
    [[nodiscard]] bool hasSession() const noexcept { return m_session.volume > 0; }
    [[nodiscard]] double session() const noexcept { return m_session.value / m_session.volume; }

private:
    struct Sum
    {
        double value = 0;
        double volume = 0;
        void add(double price, double quantity) noexcept
        {
            value += price * quantity;
            volume += quantity;
        }
    };

    Sum m_all;
    Sum m_session;
    std::chrono::sys_days m_day;
};

} // namespace tradebot
