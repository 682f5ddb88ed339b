// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/logging.h"

namespace tradebot {

using namespace Qt::StringLiterals;

Q_LOGGING_CATEGORY(logEngine, "engine")
Q_LOGGING_CATEGORY(logExchange, "exchange")
Q_LOGGING_CATEGORY(logStorage, "storage")
Q_LOGGING_CATEGORY(logServer, "server")
Q_LOGGING_CATEGORY(logWindow, "window")
Q_LOGGING_CATEGORY(logApp, "app")

void installLogging(LogLevel least)
{
    qSetMessagePattern(u"%{time yyyy-MM-ddTHH:mm:ss.zzz} %{type} %{category}: %{message}"_s);
    QString rules;
    if (least != LogLevel::Debug)
        rules += u"*.debug=false\n"_s;
    if (least == LogLevel::Warning)
        rules += u"*.info=false\n"_s;
    QLoggingCategory::setFilterRules(rules);
}

} // namespace tradebot
