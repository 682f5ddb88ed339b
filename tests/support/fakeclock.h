// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/clock.h"

#include <algorithm>
#include <atomic>
#include <chrono>

namespace tradebot {

/// A clock that moves only when the test says so. Any thread.
class FakeClock final : public Clock
{
public:
    explicit FakeClock(Timestamp start = std::chrono::sys_days(std::chrono::year(2026) / 11 / 20)
                                         + std::chrono::hours(14) + std::chrono::minutes(32))
        : m_now(toMilliseconds(start)),
          m_steady(0)
    { }

    [[nodiscard]] Timestamp now() const override { return fromMilliseconds(m_now.load()); }
    /// The time that has passed, whatever the clock was set back to.
    [[nodiscard]] std::chrono::milliseconds steady() const { return std::chrono::milliseconds(m_steady.load()); }
    void advance(std::chrono::milliseconds by)
    {
        m_now += by.count();
        m_steady += by.count();
    }
    /// Forwards it is time that passes; backwards somebody turns the clock.
    void set(Timestamp time)
    {
        const qint64 before = m_now.exchange(toMilliseconds(time));
        m_steady += std::max<qint64>(0, toMilliseconds(time) - before);
    }

private:
    std::atomic<qint64> m_now;
    std::atomic<qint64> m_steady;
};

} // namespace tradebot
