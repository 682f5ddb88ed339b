// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/uicontext.h"
#include "ui/window/modebanner.h"

#include <QObject>

#include <optional>

class QSystemTrayIcon;

namespace tradebot {

/// Stands in for the window while that is hidden and the bots trade on; its picture tells the mode.
class TrayIcon final : public QObject
{
    Q_OBJECT
public:
    TrayIcon(const UiContext &context, QWidget *window);

    /// Whether the desktop has a place for it.
    [[nodiscard]] static bool isAvailable();
    /// Hides the window. A click on the icon brings it back.
    void takeOver();

private:
    void handBack();
    void refresh();

    const UiContext &m_context;
    QWidget *m_window;
    QSystemTrayIcon *m_icon = nullptr; ///< only while the window is hidden
    std::optional<ModeCounts> m_shown; ///< by the icon
};

} // namespace tradebot
