// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace tradebot {

/// "1 bot", "3 bots": both forms carry %1. English needs no translation file for its plurals this way.
[[nodiscard]] inline QString counted(qint64 number, const QString &one, const QString &many)
{
    return (number == 1 ? one : many).arg(number);
}

} // namespace tradebot
