// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/clock.h"

#include <QRegularExpression>

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
    // Qt's own reader takes more than RFC 3339 (24:00, no seconds, a comma) and rounds a fraction into the future.
    static const QRegularExpression pattern(
            uR"(\A(\d{4})-(\d\d)-(\d\d)(?:[Tt]([01]\d|2[0-3]):([0-5]\d):([0-5]\d)(?:\.(\d{1,3})\d*)?)"
            uR"((?:[Zz]|([+-])([01]\d|2[0-3]):([0-5]\d)))?\z)"_s);
    using namespace std::chrono;
    if (const auto match = pattern.match(text.toString()); match.hasMatch()) {
        const auto number = [&match](int group) { return match.capturedView(group).toInt(); };
        const year_month_day date(year(number(1)), month(static_cast<unsigned>(number(2))),
                                  day(static_cast<unsigned>(number(3))));
        const int fraction = match.captured(7).leftJustified(3, u'0').toInt();
        const auto offset = (match.capturedView(8) == u"-"_s ? -1 : 1) * (hours(number(9)) + minutes(number(10)));
        if (date.ok())
            return sys_days(date) + hours(number(4)) + minutes(number(5)) + seconds(number(6)) + milliseconds(fraction)
                   - offset;
    }
    return fail(ErrorCode::Malformed,
                u"\"%1\" is not a time: write it like 2026-11-20T12:00:00Z or 2026-11-20"_s.arg(text));
}

} // namespace tradebot
