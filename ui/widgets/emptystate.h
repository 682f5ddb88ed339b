// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QAction;
class QLabel;

namespace tradebot {

class Theme;

struct EmptyStateText
{
    QString icon;
    QString heading; ///< what is not there
    QString text;    ///< why, and what to do
};

/// Says what is not there and what to do about it; one button at most.
class EmptyState final : public QWidget
{
    Q_OBJECT
public:
    EmptyState(const Theme &theme, const EmptyStateText &text, QAction *action, QWidget *parent = nullptr);

private:
    void applyTheme();

    const Theme &m_theme;
    QString m_iconName;
    QLabel *m_icon;
    QLabel *m_heading;
    QLabel *m_text;
};

} // namespace tradebot
