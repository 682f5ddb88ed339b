// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>

namespace tradebot {

/// Measures durations for deadlines; never goes backwards. Any thread.
class SteadyClock
{
public:
    SteadyClock() = default;
    SteadyClock(const SteadyClock &) = delete;
    SteadyClock &operator=(const SteadyClock &) = delete;
    virtual ~SteadyClock() = default;

    /// Time since some fixed moment.
    [[nodiscard]] virtual std::chrono::milliseconds now() const = 0;
};

class SystemSteadyClock final : public SteadyClock
{
public:
    [[nodiscard]] std::chrono::milliseconds now() const override
    {
        return std::chrono::duration_cast<std::chrono::milliseconds>(
                std::chrono::steady_clock::now().time_since_epoch());
    }
};

} // namespace tradebot
