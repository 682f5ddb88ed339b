// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/windowactions.h"

#include "core/domain/command.h"

#include <QActionGroup>
#include <QMenu>
#include <QWidget>

namespace tradebot {

using namespace Qt::StringLiterals;

bool canResume(const BotState &state)
{
    return state.status == BotStatus::Paused || (state.status == BotStatus::Running && state.haltedByDrawdown);
}

WindowActions::WindowActions(const Theme &theme, QWidget *window) : QObject(window), m_theme(theme), m_window(window)
{
    start = add(u"start"_s, tr("Start"), u"start"_s);
    pause = add(u"pause"_s, tr("Pause"), u"pause"_s);
    togglePause = new QAction(tr("Pause or resume"), this);
    togglePause->setObjectName(u"togglePause"_s);
    togglePause->setShortcut(Qt::Key_Space);
    togglePause->setShortcutContext(Qt::WidgetWithChildrenShortcut); // of the widgets that it is added to
    stop = add(u"stop"_s, tr("Stop"), u"stop"_s);
    addStopPolicies();
    kill = add(u"kill"_s, u"KILL"_s, {}, QKeySequence(u"Ctrl+Shift+K"_s));
    kill->setToolTip(tr("Kill switch: pause entries, cancel orders or close everything. Ctrl+Shift+K, Enter"));
    killBy = {add(u"killBot"_s, tr("Selected bot…")), add(u"killAccount"_s, tr("Its account…")),
              add(u"killEverything"_s, tr("Everything…"))};
    newBot = add(u"newBot"_s, tr("New bot"), u"new-bot"_s, QKeySequence(u"Ctrl+N"_s));
    editBot = add(u"editBot"_s, tr("Edit bot…"), u"settings"_s, QKeySequence(u"Ctrl+I"_s));
    openBot = add(u"openBot"_s, tr("Open bot"), u"bot"_s, QKeySequence(u"Ctrl+O"_s));
    clearError = add(u"clearError"_s, tr("Clear error"), u"ok"_s);
    removeBot = add(u"removeBot"_s, tr("Delete bot…"), u"close"_s);
    filter = add(u"filter"_s, tr("Filter bots"), u"filter"_s, QKeySequence(u"Ctrl+F"_s));
    toggleTime = add(u"toggleTime"_s, tr("Local time"), u"clock"_s, QKeySequence(u"Ctrl+T"_s));
    toggleTime->setCheckable(true);
    utc = add(u"utc"_s, tr("UTC"));
    local = add(u"local"_s, tr("Local"));
    auto *zone = new QActionGroup(this);
    for (QAction *action : {utc, local}) {
        action->setCheckable(true);
        zone->addAction(action);
    }
    resetLayout = add(u"resetLayout"_s, tr("Reset layout"));
    quit = add(u"quit"_s, tr("Quit"), {}, QKeySequence(u"Ctrl+Q"_s));
    quit->setMenuRole(QAction::QuitRole);
    about = add(u"about"_s, tr("About TradeBot"));
    about->setMenuRole(QAction::AboutRole);
    addAppearance();
    connect(&theme, &Theme::changed, this, &WindowActions::applyTheme);
    applyTheme();
    offerFor(nullptr, {});
}

WindowActions::~WindowActions() = default;

QAction *WindowActions::add(const QString &name, const QString &text, const QString &icon, const QKeySequence &keys)
{
    auto *action = new QAction(text, this);
    action->setObjectName(name);
    if (!keys.isEmpty())
        action->setShortcut(keys);
    if (!icon.isEmpty())
        m_icons.emplace_back(action, icon);
    m_window->addAction(action);
    return action;
}

void WindowActions::addStopPolicies()
{
    stopBy = {add(u"stopPauseEntries"_s, tr("Pause entries…"), u"pause"_s),
              add(u"stopLeavePosition"_s, tr("Stop, leave the position…"), u"stop"_s),
              add(u"stopCancelOrders"_s, tr("Stop and cancel orders…"), u"orders"_s),
              add(u"stopFlatten"_s, tr("Stop and flatten…"), u"kill"_s)};
}

void WindowActions::addAppearance()
{
    const auto choices = [this](auto &actions, const QString &prefix, const auto &texts) {
        auto *group = new QActionGroup(this);
        for (std::size_t i = 0; i < actions.size(); ++i) {
            actions[i] = add(prefix + QString::number(i), texts[i]);
            actions[i]->setCheckable(true);
            actions[i]->setData(static_cast<int>(i));
            group->addAction(actions[i]);
        }
    };
    choices(scheme, u"scheme"_s, std::array{tr("Like the system"), tr("Dark"), tr("Light")});
    const std::array palettes{tr("Classic (green up)"), tr("East Asia (red up)"), tr("Colour-blind safe"), tr("Mono")};
    choices(moneyPalette, u"moneyPalette"_s, palettes);
    choices(candlePalette, u"candlePalette"_s, palettes);
    reducedMotion = add(u"reducedMotion"_s, tr("Reduce motion"));
    reducedMotion->setCheckable(true);
}

void WindowActions::applyTheme()
{
    for (const auto &[action, icon] : m_icons)
        action->setIcon(m_theme.icon(icon));
    kill->setIcon(m_theme.icon(u"kill"_s, Token::Danger));
}

void WindowActions::offerFor(const SnapshotPointer &bot, const QString &workingWord)
{
    const bool free = bot != nullptr && workingWord.isEmpty();
    const BotStatus status = bot ? bot->state.status : BotStatus::Stopped;
    const QString why = bot == nullptr           ? tr("Select a bot first")
                        : !workingWord.isEmpty() ? tr("Waiting for the engine's answer")
                                                 : QString();
    const bool paused = status == BotStatus::Paused;
    const bool resumes = bot && canResume(bot->state);
    const bool canStart = free && (nextStatus(status, BotTrigger::Start) || resumes);
    const bool canPause = free && nextStatus(status, BotTrigger::Pause);
    const bool isAtRest = bot != nullptr && status == BotStatus::Stopped && !bot->state.position.isOpen()
                          && bot->state.openOrders.empty();
    const bool canStop = free && !isAtRest && nextStatus(status, BotTrigger::Stop);
    const auto offer = [&why](QAction *action, bool on, const QString &tip, const QString &reason) {
        action->setEnabled(on);
        action->setToolTip(on ? tip : why.isEmpty() ? reason : why);
    };
    const QString name = bot ? bot->config->name : QString();
    start->setText(workingWord.isEmpty() ? (resumes ? tr("Resume") : tr("Start")) : workingWord);
    offer(start, canStart, resumes ? tr("Let %1 enter positions again").arg(name) : tr("Start %1").arg(name),
          tr("%1 is at work already").arg(name));
    offer(pause, canPause, tr("No new positions for %1; stops go on working").arg(name),
          tr("%1 is not running").arg(name));
    offer(togglePause, canPause || (free && paused), {}, {});
    offer(stop, canStop, tr("Stop %1; asks what happens to its position").arg(name), tr("%1 is stopped").arg(name));
    for (QAction *action : stopBy)
        action->setEnabled(canStop);
    stopBy[static_cast<std::size_t>(StopPolicy::PauseEntries)]->setEnabled(canPause);
    killBy[static_cast<std::size_t>(KillScope::Bot)]->setEnabled(bot != nullptr); // whatever else is under way
    killBy[static_cast<std::size_t>(KillScope::Account)]->setEnabled(bot != nullptr);
    editBot->setEnabled(bot != nullptr);
    openBot->setEnabled(bot != nullptr);
    clearError->setEnabled(free && !bot->state.lastError.isEmpty());
    removeBot->setEnabled(free && !isActive(status) && !bot->state.position.isOpen());
}

void WindowActions::fillBotMenu(QMenu &menu) const
{
    menu.addAction(start);
    menu.addAction(pause);
    for (QAction *action : stopBy) {
        if (action != stopBy.front())
            menu.addAction(action);
    }
    menu.addSeparator();
    menu.addAction(openBot);
    menu.addAction(editBot);
    menu.addAction(clearError);
    menu.addSeparator();
    menu.addAction(removeBot);
}

void WindowActions::fillKillMenu(QMenu &menu) const
{
    menu.addActions({killBy.begin(), killBy.end()});
}

void WindowActions::fillAppearanceMenus(QMenu &menu) const
{
    const auto sub = [&menu](const QString &title, const auto &actions) {
        menu.addMenu(title)->addActions({actions.begin(), actions.end()});
    };
    sub(tr("Theme"), scheme);
    sub(tr("Colours of profit and loss"), moneyPalette);
    sub(tr("Colours of candles"), candlePalette);
    menu.addAction(reducedMotion);
    menu.addAction(toggleTime);
}

} // namespace tradebot
