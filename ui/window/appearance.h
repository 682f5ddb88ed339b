// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/theme/theme.h"
#include "ui/uicontext.h"

#include <QObject>

namespace tradebot {

class WindowActions;

/// The looks as they were chosen last time.
[[nodiscard]] ThemeChoice savedThemeChoice(const Settings &settings);

/// Leads the actions for theme, palettes and time zone to theme and settings, and back.
class Appearance final : public QObject
{
    Q_OBJECT
public:
    Appearance(const UiContext &context, Theme &theme, const WindowActions &actions, QObject *parent);

private:
    void choose(const ThemeChoice &choice);
    void setLocalTime(bool local);
    void showChoice();

    const UiContext &m_context;
    Theme &m_theme;
    const WindowActions &m_actions;
};

/// Name, version and licence.
void showAbout(const UiContext &context, QWidget *window);

} // namespace tradebot
