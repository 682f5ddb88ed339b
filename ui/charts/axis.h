// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/clock.h"

#include <QString>
#include <QTimeZone>

#include <span>
#include <vector>

namespace tradebot {

/// Lines of a value axis: multiples of a step that is 1, 2 or 5 times a power of ten.
struct ValueTicks
{
    qint64 firstMultiple = 0;
    double step = 1;
    int count = 0;
    int decimals = 0; ///< digits behind the point that tell two lines apart

    [[nodiscard]] double at(int line) const { return static_cast<double>(firstMultiple + line) * step; }
};

/// At most `most` lines within [low, high]; none when the range is empty or not finite.
[[nodiscard]] ValueTicks valueTicks(double low, double high, int most);

/// Distance of two lines of a time axis; days and longer follow the calendar of the zone.
struct TimeStep
{
    enum class Unit { Second, Day, Week, Month };
    Unit unit = Unit::Second;
    int count = 1;

    [[nodiscard]] double seconds() const; ///< a month counts as 30 days
    friend bool operator==(const TimeStep &, const TimeStep &) = default;
};

/// The smallest step that leaves at least this many seconds between two lines.
[[nodiscard]] TimeStep timeStepFor(double minimumSeconds);

/// The number of the step that holds this moment, counted in the zone's wall clock: two moments belong to one step
/// when their numbers are equal.
[[nodiscard]] qint64 stepNumber(TimeStep step, Timestamp time, const QTimeZone &zone);

struct TimeTick
{
    int index = 0; ///< into the times that were given
    QString label;
    bool isMajor = false; ///< a new day among hours, a new year among days and months

    friend bool operator==(const TimeTick &, const TimeTick &) = default;
};

/// Lines for a row of moments that stand at equal distances, whatever lies between them (candles): one where a step
/// begins. times ascend.
[[nodiscard]] std::vector<TimeTick> timeTicks(std::span<const Timestamp> times, TimeStep step, const QTimeZone &zone);

struct TimeMark
{
    Timestamp time;
    QString label;
    bool isMajor = false;
};

/// Lines for an axis on which time itself is the distance.
[[nodiscard]] std::vector<TimeMark> timeMarks(Timestamp from, Timestamp to, TimeStep step, const QTimeZone &zone);

/// A tag on an axis: where it would like its middle to be.
struct TagWish
{
    double position = 0;
    bool isPinned = false; ///< stays where it is (within the limits); at most one
};

/// Middles of tags of this height, pushed away from the pinned one (else from the lowest) until none covers another,
/// and all in [low, high]. Order along the axis is kept, but for tags that would push the pinned one away: they go to
/// its other side. Where there is no room for all, they are spread evenly.
[[nodiscard]] std::vector<double> spreadTags(std::span<const TagWish> wishes, double height, double low, double high);

} // namespace tradebot
