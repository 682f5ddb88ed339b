// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/window/modebanner.h"

#include <QWidget>

class QDockWidget;
class QLabel;
class QToolButton;

namespace tradebot {

class Theme;

/// A dock's title bar: name, detach, close. Double click detaches, as in every dock. A dock that floats is a window of
/// its own: the mode word leads its title, and the mode's line is below.
class DockTitle final : public QWidget
{
    Q_OBJECT
public:
    enum class Shown { Always, WhileFloating };

    DockTitle(const Theme &theme, QDockWidget *dock, Shown shown);

    void setMode(WindowMode mode);
    [[nodiscard]] QString text() const;

    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override { return {0, sizeHint().height()}; }

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    void applyTheme();
    void refresh();
    [[nodiscard]] bool isFloating() const;

    const Theme &m_theme;
    QDockWidget *m_dock;
    Shown m_shown;
    WindowMode m_mode = WindowMode::NoBots;
    QLabel *m_name;
    QToolButton *m_detach;
    QToolButton *m_close;
};

} // namespace tradebot
