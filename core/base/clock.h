// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <QByteArray>
#include <QString>
#include <QStringView>

#include <chrono>

namespace tradebot {

/// A moment in UTC. A date-time with a zone exists only on a screen.
using Timestamp = std::chrono::sys_time<std::chrono::milliseconds>;

/// Tells the time. Any thread.
class Clock
{
public:
    Clock() = default;
    Clock(const Clock &) = delete;
    Clock &operator=(const Clock &) = delete;
    virtual ~Clock() = default;

    [[nodiscard]] virtual Timestamp now() const = 0;
};

/// The computer's clock.
class SystemClock final : public Clock
{
public:
    [[nodiscard]] Timestamp now() const override;
};

/// "2026-11-20T12:00:00.123Z", always with milliseconds.
[[nodiscard]] QByteArray toRfc3339(Timestamp time);

/// Reads RFC 3339 with any offset, or a plain date ("2026-11-20", midnight UTC).
[[nodiscard]] Result<Timestamp> parseRfc3339(QStringView text);

[[nodiscard]] constexpr qint64 toMilliseconds(Timestamp time) noexcept
{
    return time.time_since_epoch().count();
}

[[nodiscard]] constexpr Timestamp fromMilliseconds(qint64 milliseconds) noexcept
{
    return Timestamp(std::chrono::milliseconds(milliseconds));
}

} // namespace tradebot
