// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFont>
#include <QObject>
#include <QPalette>

#include <functional>

// Where Qt 6.4 and later versions differ for the window; nothing else asks for a version.
namespace tradebot {

/// Whether the desktop is set to dark. Qt 6.4 can only look at the palette that the application started with.
[[nodiscard]] bool systemIsDark(const QPalette &original);
/// Calls changed when the desktop changes its scheme; before Qt 6.5 nobody says so.
void watchSystemScheme(QObject *context, const std::function<void()> &changed);
/// Asks the font for digits of one width; false where Qt cannot (before 6.7).
bool requestTabularFigures(QFont &font);

} // namespace tradebot
