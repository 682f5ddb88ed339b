// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>

class QMainWindow;
class QTabWidget;

namespace tradebot {

class Settings;

/// Where the window and its docks were left; a layout of another version is ignored, not misread.
class WindowLayout final
{
public:
    /// Call when all docks are in their first places: that is what reset() goes back to.
    WindowLayout(Settings &settings, QMainWindow &window, QTabWidget &toolbox);

    void restore();
    void save();
    void reset();

private:
    Settings &m_settings;
    QMainWindow &m_window;
    QTabWidget &m_toolbox;
    QByteArray m_first;
};

} // namespace tradebot
