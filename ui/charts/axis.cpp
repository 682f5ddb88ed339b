// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/axis.h"

#include <QDateTime>
#include <QLocale>

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

using namespace Qt::StringLiterals;

namespace tradebot {

namespace {

constexpr double secondsOfDay = 86400;

// 1 s … 12 h, 1 d, 2 d, 1 w, 2 w, 1 month … 10 years: steps that people count in.
constexpr std::array timeSteps = {
        TimeStep{TimeStep::Unit::Second, 1},
        TimeStep{TimeStep::Unit::Second, 5},
        TimeStep{TimeStep::Unit::Second, 15},
        TimeStep{TimeStep::Unit::Second, 30},
        TimeStep{TimeStep::Unit::Second, 60},
        TimeStep{TimeStep::Unit::Second, 2 * 60},
        TimeStep{TimeStep::Unit::Second, 5 * 60},
        TimeStep{TimeStep::Unit::Second, 10 * 60},
        TimeStep{TimeStep::Unit::Second, 15 * 60},
        TimeStep{TimeStep::Unit::Second, 30 * 60},
        TimeStep{TimeStep::Unit::Second, 3600},
        TimeStep{TimeStep::Unit::Second, 2 * 3600},
        TimeStep{TimeStep::Unit::Second, 4 * 3600},
        TimeStep{TimeStep::Unit::Second, 6 * 3600},
        TimeStep{TimeStep::Unit::Second, 12 * 3600},
        TimeStep{TimeStep::Unit::Day, 1},
        TimeStep{TimeStep::Unit::Day, 2},
        TimeStep{TimeStep::Unit::Week, 1},
        TimeStep{TimeStep::Unit::Week, 2},
        TimeStep{TimeStep::Unit::Month, 1},
        TimeStep{TimeStep::Unit::Month, 3},
        TimeStep{TimeStep::Unit::Month, 6},
        TimeStep{TimeStep::Unit::Month, 12},
        TimeStep{TimeStep::Unit::Month, 24},
        TimeStep{TimeStep::Unit::Month, 60},
        TimeStep{TimeStep::Unit::Month, 120},
};

qint64 floorDivide(qint64 value, qint64 by)
{
    const qint64 quotient = value / by;
    return quotient - (value % by < 0 ? 1 : 0);
}

QDateTime inZone(Timestamp time, const QTimeZone &zone)
{
    return QDateTime::fromMSecsSinceEpoch(toMilliseconds(time), zone);
}

/// Seconds of the wall clock since 1970-01-01 00:00 of that wall clock.
qint64 wallSeconds(Timestamp time, const QTimeZone &zone)
{
    const qint64 seconds = floorDivide(toMilliseconds(time), 1000);
    return seconds + zone.offsetFromUtc(QDateTime::fromSecsSinceEpoch(seconds, QTimeZone::utc()));
}

qint64 monthNumber(Timestamp time, const QTimeZone &zone)
{
    const QDate date = inZone(time, zone).date();
    return qint64(date.year()) * 12 + date.month() - 1;
}

/// What the line at `time` says, given whether it begins a new day or a new year.
std::pair<QString, bool> labelOf(TimeStep step, Timestamp time, const QTimeZone &zone, bool newDay, bool newYear)
{
    const QLocale locale = QLocale::c(); // the program speaks English
    const QDateTime local = inZone(time, zone);
    switch (step.unit) {
    case TimeStep::Unit::Second:
        if (newDay)
            return {locale.toString(local.date(), u"d MMM"_s), true};
        return {local.toString(step.count < 60 ? u"HH:mm:ss"_s : u"HH:mm"_s), false};
    case TimeStep::Unit::Day:
    case TimeStep::Unit::Week:
        if (newYear)
            return {locale.toString(local.date(), u"d MMM yyyy"_s), true};
        return {locale.toString(local.date(), u"d MMM"_s), false};
    case TimeStep::Unit::Month: break;
    }
    if (newYear)
        return {QString::number(local.date().year()), true};
    return {locale.toString(local.date(), u"MMM"_s), false};
}

Timestamp fromWall(QDate date, qint64 secondOfDay, const QTimeZone &zone)
{
    const QDateTime local(date, QTime::fromMSecsSinceStartOfDay(static_cast<int>(secondOfDay * 1000)), zone);
    return fromMilliseconds(local.toMSecsSinceEpoch());
}

/// Where step `number` begins.
Timestamp startOf(TimeStep step, qint64 number, const QTimeZone &zone)
{
    const QDate epoch(1970, 1, 1);
    switch (step.unit) {
    case TimeStep::Unit::Second: {
        const qint64 wall = number * step.count;
        const qint64 day = floorDivide(wall, 86400);
        return fromWall(epoch.addDays(day), wall - day * 86400, zone);
    }
    case TimeStep::Unit::Day: return fromWall(epoch.addDays(number * step.count), 0, zone);
    case TimeStep::Unit::Week: return fromWall(epoch.addDays(number * step.count * 7 - 3), 0, zone);
    case TimeStep::Unit::Month: break;
    }
    const qint64 month = number * step.count;
    const qint64 year = floorDivide(month, 12);
    return fromWall(QDate(static_cast<int>(year), static_cast<int>(month - year * 12) + 1, 1), 0, zone);
}

} // namespace

ValueTicks valueTicks(double low, double high, int most)
{
    if (!std::isfinite(low) || !std::isfinite(high) || high <= low || most < 1)
        return {};
    const double rough = (high - low) / most;
    const double power = std::pow(10.0, std::floor(std::log10(rough)));
    double step = 10 * power;
    for (const double factor : {1.0, 2.0, 5.0}) {
        if (factor * power >= rough * (1 - 1e-9)) {
            step = factor * power;
            break;
        }
    }
    if (std::abs(low / step) > 1e15 || std::abs(high / step) > 1e15)
        return {}; // a range below what a double can tell apart
    ValueTicks ticks;
    ticks.step = step;
    ticks.firstMultiple = static_cast<qint64>(std::ceil(low / step - 1e-9));
    const auto last = static_cast<qint64>(std::floor(high / step + 1e-9));
    ticks.count = static_cast<int>(std::clamp<qint64>(last - ticks.firstMultiple + 1, 0, most + 1));
    ticks.decimals = std::max(0, -static_cast<int>(std::floor(std::log10(step) + 1e-9)));
    return ticks;
}

double TimeStep::seconds() const
{
    switch (unit) {
    case Unit::Second: return count;
    case Unit::Day: return count * secondsOfDay;
    case Unit::Week: return count * 7 * secondsOfDay;
    case Unit::Month: break;
    }
    return count * 30 * secondsOfDay;
}

TimeStep timeStepFor(double minimumSeconds)
{
    const auto found = std::find_if(timeSteps.begin(), timeSteps.end(),
                                    [&](TimeStep step) { return step.seconds() >= minimumSeconds; });
    return found == timeSteps.end() ? timeSteps.back() : *found;
}

qint64 stepNumber(TimeStep step, Timestamp time, const QTimeZone &zone)
{
    switch (step.unit) {
    case TimeStep::Unit::Second: return floorDivide(wallSeconds(time, zone), step.count);
    case TimeStep::Unit::Day: return floorDivide(wallSeconds(time, zone), 86400LL * step.count);
    case TimeStep::Unit::Week: // 1970-01-01 was a Thursday; weeks begin on Monday
        return floorDivide(wallSeconds(time, zone) + 3 * 86400LL, 7 * 86400LL * step.count);
    case TimeStep::Unit::Month: break;
    }
    return floorDivide(monthNumber(time, zone), step.count);
}

std::vector<TimeTick> timeTicks(std::span<const Timestamp> times, TimeStep step, const QTimeZone &zone)
{
    constexpr TimeStep day{TimeStep::Unit::Day, 1};
    constexpr TimeStep year{TimeStep::Unit::Month, 12};
    std::vector<TimeTick> ticks;
    for (size_t i = 1; i < times.size(); ++i) {
        if (stepNumber(step, times[i], zone) == stepNumber(step, times[i - 1], zone))
            continue;
        const bool newDay = stepNumber(day, times[i], zone) != stepNumber(day, times[i - 1], zone);
        const bool newYear = newDay && stepNumber(year, times[i], zone) != stepNumber(year, times[i - 1], zone);
        auto [label, isMajor] = labelOf(step, times[i], zone, newDay, newYear);
        ticks.push_back({static_cast<int>(i), std::move(label), isMajor});
    }
    return ticks;
}

std::vector<TimeMark> timeMarks(Timestamp from, Timestamp to, TimeStep step, const QTimeZone &zone)
{
    constexpr int mostMarks = 1000;
    std::vector<TimeMark> marks;
    if (to <= from)
        return marks;
    qint64 number = stepNumber(step, from, zone);
    for (int i = 0; i < mostMarks; ++i, ++number) {
        const Timestamp time = startOf(step, number, zone);
        if (time > to)
            break;
        if (time < from)
            continue;
        const QDateTime local = inZone(time, zone);
        const bool newDay = local.time() == QTime(0, 0);
        const bool newYear = newDay && local.date().dayOfYear() <= (step.unit == TimeStep::Unit::Week ? 7 : 1);
        auto [label, isMajor] = labelOf(step, time, zone, newDay, newYear);
        marks.push_back({time, std::move(label), isMajor});
    }
    return marks;
}

namespace {

/// A pinned tag keeps its place: tags that find no room on their side of it go to the other one, the outermost first.
/// Where the pinned one stands in the order then.
size_t makeRoomForPinned(std::vector<size_t> &order, size_t pin, double position, double first, double last,
                         double height)
{
    const auto slots = [height](double room) { return static_cast<size_t>(std::floor(room / height + 1e-9)); };
    const size_t before = slots(position - first);
    const size_t after = slots(last - position);
    if (before + after + 1 < order.size())
        return pin;             // a part of a slot is lost on either side
    for (; pin > before; --pin) // the first goes right behind the pinned one
        std::rotate(order.begin(), order.begin() + 1, order.begin() + static_cast<std::ptrdiff_t>(pin) + 1);
    for (; order.size() - 1 - pin > after; ++pin)
        std::rotate(order.begin() + static_cast<std::ptrdiff_t>(pin), order.end() - 1, order.end());
    return pin;
}

} // namespace

std::vector<double> spreadTags(std::span<const TagWish> wishes, double height, double low, double high)
{
    const size_t count = wishes.size();
    std::vector<double> middles(count);
    if (count == 0)
        return middles;
    const double first = low + height / 2;
    const double last = std::max(first, high - height / 2);
    std::vector<size_t> order(count);
    std::iota(order.begin(), order.end(), size_t{0});
    std::stable_sort(order.begin(), order.end(),
                     [&](size_t a, size_t b) { return wishes[a].position < wishes[b].position; });

    const auto slots = static_cast<double>(count - 1);
    if (slots * height > last - first) {
        for (size_t i = 0; i < count; ++i)
            middles[order[i]] = first + (slots > 0 ? (last - first) * static_cast<double>(i) / slots : 0);
        return middles;
    }

    // What a tag may reach at most, so that those before and after it still find room.
    const auto clampAt = [&](size_t place, double position) {
        const double before = static_cast<double>(place) * height;
        const double after = static_cast<double>(count - 1 - place) * height;
        return std::clamp(position, first + before, last - after);
    };
    const auto pinned = std::find_if(order.begin(), order.end(), [&](size_t tag) { return wishes[tag].isPinned; });
    const size_t pin = pinned == order.end() ? 0
                                             : makeRoomForPinned(order, static_cast<size_t>(pinned - order.begin()),
                                                                 std::clamp(wishes[*pinned].position, first, last),
                                                                 first, last, height);
    for (size_t place = 0; place < count; ++place)
        middles[order[place]] = clampAt(place, wishes[order[place]].position);
    for (size_t place = pin + 1; place < count; ++place)
        middles[order[place]] = std::max(middles[order[place]], middles[order[place - 1]] + height);
    for (size_t place = pin; place-- > 0;)
        middles[order[place]] = std::min(middles[order[place]], middles[order[place + 1]] - height);
    return middles;
}

} // namespace tradebot
