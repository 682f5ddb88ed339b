// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QDockWidget;
class QLabel;
class QToolButton;

namespace tradebot {

class Theme;

/// A dock's title bar: name, detach, close. Double click detaches, as in every dock.
class DockTitle final : public QWidget
{
    Q_OBJECT
public:
    DockTitle(const Theme &theme, QDockWidget *dock);

    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    void applyTheme();

    const Theme &m_theme;
    QLabel *m_name;
    QToolButton *m_detach;
    QToolButton *m_close;
};

} // namespace tradebot
