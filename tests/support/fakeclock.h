// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/clock.h"

#include <atomic>
#include <chrono>

namespace tradebot {

/// A clock that moves only when the test says so. Any thread.
class FakeClock final : public Clock
{
public:
    explicit FakeClock(Timestamp start = std::chrono::sys_days(std::chrono::year(2026) / 11 / 20)
                                         + std::chrono::hours(14) + std::chrono::minutes(32))
        : m_now(toMilliseconds(start))
    { }

    [[nodiscard]] Timestamp now() const override { return fromMilliseconds(m_now.load()); }
    void advance(std::chrono::milliseconds by) { m_now += by.count(); }
    void set(Timestamp time) { m_now = toMilliseconds(time); }

private:
    std::atomic<qint64> m_now;
};

} // namespace tradebot
