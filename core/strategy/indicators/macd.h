// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/strategy/indicators/movingaverages.h"

namespace tradebot {

/// Moving average convergence/divergence: fast EMA − slow EMA, and an EMA of that as signal. Both averages
/// begin on the same candle, the fast one with the mean of the N before it (TA-Lib's convention).
class Macd final
{
public:
    /// fast below slow.
    Macd(int fast, int slow, int signal) noexcept : m_fast(fast), m_slow(slow), m_signal(signal), m_skip(slow - fast)
    {
        Q_ASSERT(fast < slow);
    }

    void update(double value) noexcept
    {
        m_slow.update(value);
        if (m_skip > 0) [[unlikely]] {
            --m_skip;
            return;
        }
        m_fast.update(value);
        if (m_slow.isReady()) [[likely]]
            m_signal.update(macd());
    }
    [[nodiscard]] bool isReady() const noexcept { return m_signal.isReady(); }
    [[nodiscard]] double macd() const noexcept { return m_fast.value() - m_slow.value(); }
    [[nodiscard]] double signal() const noexcept { return m_signal.value(); }
    [[nodiscard]] double histogram() const noexcept { return macd() - signal(); }

private:
    Ema m_fast;
    Ema m_slow;
    Ema m_signal;
    int m_skip;
};

} // namespace tradebot
