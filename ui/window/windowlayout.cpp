// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/windowlayout.h"

#include "core/settings/settings.h"

#include <QMainWindow>
#include <QTabWidget>

namespace tradebot {

namespace {

/// Raise it when docks or tool bars come, go, or change their object names.
constexpr int layoutVersion = 1;

} // namespace

WindowLayout::WindowLayout(Settings &settings, QMainWindow &window, QTabWidget &toolbox)
    : m_settings(settings),
      m_window(window),
      m_toolbox(toolbox),
      m_first(window.saveState(layoutVersion))
{ }

void WindowLayout::restore()
{
    if (const QByteArray geometry = m_settings.get(setting::geometry); !geometry.isEmpty())
        m_window.restoreGeometry(geometry);
    if (m_settings.get(setting::layoutVersion) == layoutVersion)
        m_window.restoreState(m_settings.get(setting::layout), layoutVersion);
    const int tab = m_settings.get(setting::toolboxTab);
    if (tab >= 0 && tab < m_toolbox.count())
        m_toolbox.setCurrentIndex(tab);
}

void WindowLayout::save()
{
    m_settings.set(setting::geometry, m_window.saveGeometry());
    m_settings.set(setting::layout, m_window.saveState(layoutVersion));
    m_settings.set(setting::layoutVersion, layoutVersion);
    m_settings.set(setting::toolboxTab, m_toolbox.currentIndex());
}

void WindowLayout::reset()
{
    m_window.restoreState(m_first, layoutVersion);
}

} // namespace tradebot
