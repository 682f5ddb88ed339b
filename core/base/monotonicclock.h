// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>

namespace tradebot {

/// Measures durations for deadlines; never goes backwards. Any thread.
class MonotonicClock
{
public:
    MonotonicClock() = default;
    MonotonicClock(const MonotonicClock &) = delete;
    MonotonicClock &operator=(const MonotonicClock &) = delete;
    virtual ~MonotonicClock() = default;

    /// Time since some fixed moment.
    [[nodiscard]] virtual std::chrono::milliseconds now() const = 0;
};

class SystemMonotonicClock final : public MonotonicClock
{
public:
    [[nodiscard]] std::chrono::milliseconds now() const override
    {
        return std::chrono::duration_cast<std::chrono::milliseconds>(
                std::chrono::steady_clock::now().time_since_epoch());
    }
};

} // namespace tradebot
