// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/settings/settings.h"

namespace tradebot {

Settings::Settings(const QString &file) : m_file(file, QSettings::IniFormat) { }

bool Settings::save()
{
    m_file.sync();
    return m_file.status() == QSettings::NoError;
}

} // namespace tradebot
