// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace tradebot {

/// "1 bot", "3 bots": both forms carry %1. English needs no translation file for its plurals this way.
[[nodiscard]] inline QString counted(qint64 number, const QString &one, const QString &many)
{
    return (number == 1 ? one : many).arg(number);
}

/// A name of the API as words: "take_profit" is "take profit".
[[nodiscard]] inline QString spaced(QLatin1StringView name)
{
    return QString(name).replace(u'_', u' ');
}

/// With places to break a line in words that are longer than a narrow label: what has no spaces would be cut.
[[nodiscard]] inline QString breakable(const QString &text)
{
    constexpr int longest = 8;
    QString broken;
    int length = 0;
    for (const QChar c : text) {
        length = c.isSpace() ? 0 : length + 1;
        if (length > longest && !c.isLowSurrogate()) {
            broken += QChar(0x200B); // zero width space
            length = 1;
        }
        broken += c;
    }
    return broken;
}

} // namespace tradebot
