// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/qtversion.h"

#include <QGuiApplication>
#include <QStyleHints>

namespace tradebot {

bool systemIsDark(const QPalette &original)
{
#if QT_VERSION >= QT_VERSION_CHECK(6, 5, 0)
    const auto scheme = QGuiApplication::styleHints()->colorScheme();
    if (scheme != Qt::ColorScheme::Unknown)
        return scheme == Qt::ColorScheme::Dark;
#endif
    return original.color(QPalette::Window).lightness() < original.color(QPalette::WindowText).lightness();
}

void watchSystemScheme([[maybe_unused]] QObject *context, [[maybe_unused]] const std::function<void()> &changed)
{
#if QT_VERSION >= QT_VERSION_CHECK(6, 5, 0)
    QObject::connect(QGuiApplication::styleHints(), &QStyleHints::colorSchemeChanged, context,
                     [changed] { changed(); });
#endif
}

bool requestTabularFigures([[maybe_unused]] QFont &font)
{
#if QT_VERSION >= QT_VERSION_CHECK(6, 7, 0)
    font.setFeature("tnum", 1);
    return true;
#else
    return false;
#endif
}

} // namespace tradebot
