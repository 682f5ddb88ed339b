// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/strategy/indicators/window.h"

#include <numeric>

namespace tradebot {

/// After how many further values what an average began with weighs less than a billionth.
[[nodiscard]] constexpr int emaMemory(int period) noexcept
{
    return 11 * (period + 1); // ln(1e9) ÷ 2 is 10.4
}
[[nodiscard]] constexpr int wilderMemory(int period) noexcept
{
    return 21 * period; // ln(1e9) is 20.7
}

/// Simple moving average: the mean of the newest N values.
class Sma final
{
public:
    explicit Sma(int period) : m_window(period) { }

    void update(double value) noexcept
    {
        m_sum += value - m_window.push(value);
        // A running sum gathers rounding errors for ever; a fresh one in each round keeps them out.
        if (m_window.hasWrapped()) [[unlikely]]
            m_sum = std::accumulate(m_window.values().begin(), m_window.values().end(), 0.0);
    }
    [[nodiscard]] bool isReady() const noexcept { return m_window.isFull(); }
    [[nodiscard]] double value() const noexcept { return m_sum / m_window.length(); }

private:
    Window m_window;
    double m_sum = 0;
};

/// Exponential moving average: begins as the mean of the first N values, then e += 2 ÷ (N + 1) × (value − e).
class Ema final
{
public:
    explicit Ema(int period) noexcept : m_factor(2.0 / (period + 1)), m_period(period) { Q_ASSERT(period > 0); }

    void update(double value) noexcept
    {
        if (m_seen == m_period) [[likely]] {
            m_value += m_factor * (value - m_value);
            return;
        }
        m_value += value; // a sum until there are N
        if (++m_seen == m_period)
            m_value /= m_period;
    }
    [[nodiscard]] bool isReady() const noexcept { return m_seen == m_period; }
    [[nodiscard]] double value() const noexcept { return m_value; }

private:
    double m_value = 0;
    double m_factor;
    int m_period;
    int m_seen = 0;
};

/// Weighted moving average: the newest of N values weighs N, the oldest 1.
class Wma final
{
public:
    explicit Wma(int period) : m_window(period) { }

    void update(double value) noexcept
    {
        // Every value loses one weight, the oldest by that the last one, and the new one comes with N.
        m_weighted += m_window.length() * value - m_sum;
        m_sum += value - m_window.push(value);
        if (m_window.hasWrapped()) [[unlikely]]
            recompute();
    }
    [[nodiscard]] bool isReady() const noexcept { return m_window.isFull(); }
    [[nodiscard]] double value() const noexcept
    {
        return m_weighted / (m_window.length() * (m_window.length() + 1) / 2);
    }

private:
    void recompute() noexcept
    {
        m_sum = 0;
        m_weighted = 0;
        double weight = 0;
        for (const double value : m_window.values()) {
            weight += 1;
            m_weighted += weight * value;
            m_sum += value;
        }
    }

    Window m_window;
    double m_weighted = 0;
    double m_sum = 0;
};

/// Wilder's smoothing: begins as the mean of the first N values, then (previous × (N − 1) + value) ÷ N.
class WilderAverage final
{
public:
    explicit WilderAverage(int period) noexcept : m_period(period) { Q_ASSERT(period > 0); }

    void update(double value) noexcept
    {
        if (m_seen == m_period) [[likely]] {
            m_value = (m_value * (m_period - 1) + value) / m_period;
            return;
        }
        m_value += value; // a sum until there are N
        if (++m_seen == m_period)
            m_value /= m_period;
    }
    [[nodiscard]] bool isReady() const noexcept { return m_seen == m_period; }
    [[nodiscard]] double value() const noexcept { return m_value; }

private:
    double m_value = 0;
    int m_period;
    int m_seen = 0;
};

} // namespace tradebot
