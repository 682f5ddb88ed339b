// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/accountscope.h"

#include <QToolBar>
#include <QToolButton>

#include <optional>

class QComboBox;

namespace tradebot {

class WindowActions;

/// A tool button with a small arrow for its menu, painted by us: stylesheets could only take a file for it.
class MenuToolButton final : public QToolButton
{
    Q_OBJECT
public:
    explicit MenuToolButton(const Theme &theme, QWidget *parent = nullptr);

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    const Theme &m_theme;
};

/// Start, pause, stop, new bot, the account that lists and figures show, time zone, looks, and the kill switch.
class WindowToolBar final : public QToolBar
{
    Q_OBJECT
public:
    WindowToolBar(const Theme &theme, const WindowActions &actions, AccountScope &scope, QWidget *parent);

    void setAccounts(const std::vector<AccountRow> &accounts);

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    QToolButton *addButton(QAction *action);
    void addKillButton(const WindowActions &actions);
    void addThemeButton(const WindowActions &actions);
    void addSegments(const WindowActions &actions);
    void showScope();
    [[nodiscard]] std::optional<AccountKey> chosen() const; ///< empty: all

    const Theme &m_theme;
    AccountScope &m_scope;
    QComboBox *m_account;
    std::vector<AccountKey> m_keys;               ///< of the entries after the first
    std::vector<QToolButton *> m_shrinkingFirst;  ///< lose their words in a narrow window
    std::vector<QToolButton *> m_shrinkingSecond; ///< in a narrower one
};

} // namespace tradebot
