// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/format/timeformat.h"

#include <QDateTime>
#include <QLocale>
#include <QTimeZone>

#include <algorithm>

namespace tradebot {

using namespace Qt::StringLiterals;
using namespace std::chrono;

namespace {

QDateTime wallClock(Timestamp time, bool local)
{
    const QDateTime utc = QDateTime::fromMSecsSinceEpoch(toMilliseconds(time), QTimeZone::utc());
    return local ? utc.toLocalTime() : utc;
}

/// Names of months in the language of the program, which is English.
QString written(const QDateTime &time, const QString &pattern)
{
    return QLocale::c().toString(time, pattern);
}

} // namespace

void TimeFormat::setLocal(bool local)
{
    if (m_local == local)
        return;
    m_local = local;
    Q_EMIT changed();
}

QString TimeFormat::zone() const
{
    return m_local ? wallClock(m_clock.now(), true).timeZoneAbbreviation() : u"UTC"_s;
}

QString TimeFormat::timeOfDay(Timestamp time) const
{
    return written(wallClock(time, m_local), u"HH:mm:ss"_s);
}

QString TimeFormat::dateAndTime(Timestamp time) const
{
    const QDateTime moment = wallClock(time, m_local);
    const bool thisYear = moment.date().year() == wallClock(m_clock.now(), m_local).date().year();
    return written(moment, thisYear ? u"d MMM HH:mm:ss"_s : u"d MMM yyyy HH:mm:ss"_s);
}

QString TimeFormat::stamp(Timestamp time) const
{
    const bool today = wallClock(time, m_local).date() == wallClock(m_clock.now(), m_local).date();
    return today ? timeOfDay(time) : dateAndTime(time);
}

QString TimeFormat::date(Timestamp time) const
{
    return written(wallClock(time, m_local), u"d MMM yyyy"_s);
}

QString TimeFormat::tooltip(Timestamp time) const
{
    const QString pattern = u"d MMM yyyy HH:mm:ss.zzz"_s;
    const QDateTime local = wallClock(time, true);
    return written(wallClock(time, false), pattern) + u" UTC\n"_s + written(local, pattern) + u' '
           + local.timeZoneAbbreviation();
}

QString ageText(milliseconds age)
{
    const milliseconds shown = std::max(age, 0ms);
    if (shown < 60s) {
        const auto tenths = shown.count() / 100;
        return u"%1.%2 s"_s.arg(tenths / 10).arg(tenths % 10);
    }
    if (shown < 60min)
        return u"%1 min"_s.arg(floor<minutes>(shown).count());
    if (shown < 48h)
        return u"%1 h"_s.arg(floor<hours>(shown).count());
    return u"%1 d"_s.arg(floor<days>(shown).count());
}

QString durationText(milliseconds duration)
{
    const auto total = floor<seconds>(std::max(duration, 0ms)).count();
    const auto two = [](qint64 number) { return QString::number(number).rightJustified(2, u'0'); };
    if (total < 60)
        return u"%1 s"_s.arg(total);
    if (total < 3600)
        return u"%1 m %2 s"_s.arg(QString::number(total / 60), two(total % 60));
    if (total < 86'400)
        return u"%1 h %2 m"_s.arg(QString::number(total / 3600), two(total / 60 % 60));
    return u"%1 d %2 h"_s.arg(QString::number(total / 86'400), two(total / 3600 % 24));
}

} // namespace tradebot
