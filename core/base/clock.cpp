// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/clock.h"

#include <QDateTime>
#include <QTimeZone>

#include <array>
#include <cstdio>

namespace tradebot {

using namespace Qt::StringLiterals;

Timestamp SystemClock::now() const
{
    return std::chrono::time_point_cast<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

QByteArray toRfc3339(Timestamp time)
{
    using namespace std::chrono;
    const auto day = floor<days>(time);
    const year_month_day date(day);
    const hh_mm_ss clock(time - day);
    std::array<char, 32> text{};
    const int length = std::snprintf(
            text.data(), text.size(), "%04d-%02u-%02uT%02d:%02d:%02d.%03dZ", static_cast<int>(date.year()),
            static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
            static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
            static_cast<int>(clock.seconds().count()), static_cast<int>(clock.subseconds().count()));
    return QByteArray(text.data(), length);
}

Result<Timestamp> parseRfc3339(QStringView text)
{
    const QString copy = text.toString();
    constexpr qsizetype plainDate = 10;
    if (text.size() == plainDate) {
        const QDate date = QDate::fromString(copy, Qt::ISODate);
        if (date.isValid())
            return fromMilliseconds(date.startOfDay(QTimeZone::utc()).toMSecsSinceEpoch());
    } else if (const QDateTime moment = QDateTime::fromString(copy, Qt::ISODateWithMs);
               moment.isValid() && moment.timeSpec() != Qt::LocalTime) {
        return fromMilliseconds(moment.toMSecsSinceEpoch());
    }
    return fail(ErrorCode::Malformed,
                u"\"%1\" is not a time: write it like 2026-11-20T12:00:00Z or 2026-11-20"_s.arg(copy));
}

} // namespace tradebot
