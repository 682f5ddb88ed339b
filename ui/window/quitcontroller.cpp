// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/quitcontroller.h"

#include "core/api/botcontrol.h"
#include "ui/dialogs/killplan.h"
#include "ui/dialogs/prompts.h"
#include "ui/format/words.h"
#include "ui/models/livefeed.h"
#include "ui/window/killcontroller.h"
#include "ui/window/trayicon.h"

#include <algorithm>
#include <functional>
#include <vector>

namespace tradebot {

using namespace Qt::StringLiterals;

QuitController::QuitController(const UiContext &context, KillController &kill, QWidget *window)
    : QObject(window),
      m_context(context),
      m_kill(kill),
      m_window(window),
      m_tray(new TrayIcon(context, window))
{
    connect(&context.live, &LiveFeed::botsChanged, this, &QuitController::quitWhenFlat);
    connect(&kill, &KillController::failed, this, &QuitController::stay);
}

namespace {

auto activeBots(const LiveFeed &live)
{
    return std::ranges::count_if(live.bots(), [](const auto &entry) { return isActive(entry.second->state.status); });
}

} // namespace

bool QuitController::mayClose() const
{
    return m_isConfirmed || activeBots(m_context.live) == 0;
}

void QuitController::ask(bool isDemo)
{
    const auto everything = killTarget(m_context.live, m_context.owner, KillScope::Everything, {});
    Question question;
    question.name = u"quitQuestion"_s;
    question.mode = isDemo ? Mode::Demo : Mode::Live;
    question.heading = tr("Quit TradeBot?");
    question.text = counted(activeBots(m_context.live), tr("%1 bot is at work."), tr("%1 bots are at work."));
    if (everything)
        question.text += u' ' + tr("All in all: %1.").arg(killCounts(*everything));
    std::vector<std::function<void()>> acts;
    const auto offer = [&](const PromptChoice &choice, std::function<void()> act) {
        question.choices.push_back(choice);
        acts.push_back(std::move(act));
    };
    if (TrayIcon::isAvailable()) {
        offer({tr("Keep running in the tray"), tr("The window goes, the bots trade on."), tr("Keep running"), false},
              [this] { m_tray->takeOver(); });
    }
    offer({tr("Quit, and go on at the next start"),
           tr("They stop trading now and go on when TradeBot runs again. Until then nobody watches open "
              "positions, their stops and targets."),
           tr("Quit"), true},
          [this] { confirm(); });
    offer({tr("Pause entries and quit"),
           tr("As before, but at the next start no bot opens a position before you resume it."), tr("Pause and quit"),
           true},
          [this] { pauseAndQuit(); });
    if (everything) {
        offer({tr("Flatten everything and quit"),
               killConsequence(*everything, KillLevel::Flatten, false) + u' '
                       + tr("TradeBot quits when all is closed."),
               tr("Flatten and quit"), true},
              [this] { flattenAndQuit(); });
    }
    m_context.prompts.ask(m_window, question, [acts = std::move(acts)](int choice) {
        if (choice >= 0)
            acts.at(static_cast<std::size_t>(choice))();
    });
}

void QuitController::confirm()
{
    m_isConfirmed = true;
    Q_EMIT confirmed();
}

void QuitController::pauseAndQuit()
{
    KillSwitch pause;
    pause.owner = m_context.owner;
    m_context.control.pull(pause, this, [this](const Result<KillReport> &result) {
        if (result)
            confirm();
        else
            Q_EMIT failed(tr("The bots were not paused"), result.error());
    });
}

void QuitController::flattenAndQuit()
{
    const auto everything = killTarget(m_context.live, m_context.owner, KillScope::Everything, {});
    if (!everything)
        return;
    KillSwitch flatten;
    flatten.owner = m_context.owner;
    flatten.level = KillLevel::Flatten;
    m_waitsUntilFlat = true;
    m_kill.pull(flatten, *everything);
}

/// Each view of a bot may be the last one that was waited for.
void QuitController::quitWhenFlat()
{
    if (!m_waitsUntilFlat)
        return;
    const bool isFlat = std::ranges::none_of(m_context.live.bots(), [](const auto &entry) {
        const BotState &state = entry.second->state;
        return isActive(state.status) || state.position.isOpen() || !state.openOrders.empty();
    });
    if (isFlat)
        confirm();
}

} // namespace tradebot
