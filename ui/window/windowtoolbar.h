// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/botsmodel.h"

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

/// Start, pause, stop, new bot, the account that the lists show, time zone and looks.
class WindowToolBar final : public QToolBar
{
    Q_OBJECT
public:
    WindowToolBar(const Theme &theme, const WindowActions &actions, QWidget *parent);

    void setAccounts(const std::vector<AccountRow> &accounts);
    [[nodiscard]] std::optional<AccountKey> account() const; ///< empty: all

Q_SIGNALS:
    void accountChanged();

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    QToolButton *addButton(QAction *action);
    void addSegments(const WindowActions &actions);

    const Theme &m_theme;
    QComboBox *m_account;
    std::vector<AccountKey> m_keys;         ///< of the entries after the first
    std::vector<QToolButton *> m_shrinking; ///< lose their words in a narrow window
};

} // namespace tradebot
