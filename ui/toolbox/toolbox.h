// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/uicontext.h"
#include "ui/window/pageregistry.h"

#include <QTabWidget>

class QDockWidget;

namespace tradebot {

class PositionsView;

/// The tables below the centre, a tab each: positions, and what the pages bring.
class Toolbox final : public QTabWidget
{
    Q_OBJECT
public:
    Toolbox(const UiContext &context, const PageRegistry &pages, QWidget *window);

    [[nodiscard]] PositionsView &positions() { return *m_positions; }
    /// Puts a button that detaches the dock at the end of the tabs: they are its title bar while it is docked.
    void addDetachButton(QDockWidget *dock);

private:
    void add(QWidget *page, const QString &title, const QString &icon);

    const UiContext &m_context;
    QWidget *m_window; ///< where the keys of the tabs work
    PositionsView *m_positions;
};

} // namespace tradebot
