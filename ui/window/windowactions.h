// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/domain/botstate.h"
#include "ui/models/livefeed.h"
#include "ui/theme/theme.h"

#include <QAction>
#include <QObject>

#include <array>

class QActionGroup;
class QMenu;

namespace tradebot {

/// Whether its owner may let it enter again: it is paused, or works and was halted by a drawdown.
[[nodiscard]] bool canResume(const BotState &state);

/// Every action of the window: made once, shared by menus, toolbar and context menu. What they do is connected by the
/// window; what they may do follows from the selected bot.
class WindowActions final : public QObject
{
    Q_OBJECT
public:
    WindowActions(const Theme &theme, QWidget *window);
    ~WindowActions() override;

    /// What may be done with this bot (nullptr: none) while the word says what is under way.
    void offerFor(const SnapshotPointer &bot, const QString &workingWord);
    /// A menu of the bot's actions.
    void fillBotMenu(QMenu &menu) const;
    /// The scopes of the kill switch.
    void fillKillMenu(QMenu &menu) const;
    /// Themes, palettes, time zone.
    void fillAppearanceMenus(QMenu &menu) const;

    QAction *start;
    QAction *pause;
    QAction *togglePause;            ///< Space in the list of bots: asks first
    QAction *stop;                   ///< by the first policy
    std::array<QAction *, 4> stopBy; ///< in the order of StopPolicy
    QAction *kill;                   ///< for the account that is shown, or for all
    std::array<QAction *, 3> killBy; ///< in the order of KillScope
    QAction *newBot;
    QAction *editBot;
    QAction *openBot;
    QAction *clearError;
    QAction *removeBot;
    QAction *filter;
    QAction *utc;
    QAction *local;
    QAction *toggleTime;
    QAction *resetLayout;
    QAction *quit;
    QAction *about;
    std::array<QAction *, 3> scheme;       ///< in the order of ColorScheme
    std::array<QAction *, 4> moneyPalette; ///< in the order of MoneyPalette
    std::array<QAction *, 4> candlePalette;
    QAction *reducedMotion;

private:
    QAction *add(const QString &name, const QString &text, const QString &icon = {}, const QKeySequence &keys = {});
    void addStopPolicies();
    void addAppearance();
    void applyTheme();

    const Theme &m_theme;
    QWidget *m_window;
    std::vector<std::pair<QAction *, QString>> m_icons;
};

} // namespace tradebot
