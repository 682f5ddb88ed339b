// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/clock.h"

#include <QObject>
#include <QString>

#include <chrono>

namespace tradebot {

/// How times are written: in UTC or in the computer's zone, always with the date when it is not today's.
class TimeFormat final : public QObject
{
    Q_OBJECT
public:
    explicit TimeFormat(const Clock &clock, QObject *parent = nullptr) : QObject(parent), m_clock(clock) { }

    void setLocal(bool local);
    [[nodiscard]] bool isLocal() const { return m_local; }
    /// "UTC", or the name of the zone at this moment.
    [[nodiscard]] QString zone() const;

    [[nodiscard]] QString timeOfDay(Timestamp time) const;   ///< "14:32:08"
    [[nodiscard]] QString dateAndTime(Timestamp time) const; ///< "20 Nov 14:32:08"; another year is named
    [[nodiscard]] QString stamp(Timestamp time) const;       ///< timeOfDay today, dateAndTime otherwise
    [[nodiscard]] QString date(Timestamp time) const;        ///< "20 Nov 2026"
    /// Both zones in full, with milliseconds, one a line.
    [[nodiscard]] QString tooltip(Timestamp time) const;

Q_SIGNALS:
    void changed();

private:
    const Clock &m_clock;
    bool m_local = false;
};

/// "0.3 s", "48 s", "2 min", "5 h", "3 d": how old something is.
[[nodiscard]] QString ageText(std::chrono::milliseconds age);
/// "44 s", "5 h 47 m", "2 d 08 h": how long something took.
[[nodiscard]] QString durationText(std::chrono::milliseconds duration);

} // namespace tradebot
