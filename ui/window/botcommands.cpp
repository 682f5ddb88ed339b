// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/botcommands.h"

#include "ui/format/moneyformat.h"
#include "ui/format/words.h"
#include "ui/models/livefeed.h"
#include "ui/theme/painting.h"

#include <QPointer>
#include <QWidget>

namespace tradebot {

using namespace Qt::StringLiterals;

namespace {

QString positionText(const BotSnapshot &bot)
{
    const Position &position = bot.state.position;
    return toName(position.side) + u' ' + quantityText(position.quantity, bot.instrument) + u' ' + bot.instrument.base;
}

QString ordersText(const BotSnapshot &bot)
{
    return counted(static_cast<qint64>(bot.state.openOrders.size()), BotCommands::tr("%1 open order"),
                   BotCommands::tr("%1 open orders"));
}

QString closingVerb(const BotSnapshot &bot)
{
    return bot.state.position.side == PositionSide::Short ? BotCommands::tr("Buy") : BotCommands::tr("Sell");
}

QString stopButton(const BotSnapshot &bot, StopPolicy policy)
{
    switch (policy) {
    case StopPolicy::PauseEntries: return BotCommands::tr("Pause entries");
    case StopPolicy::LeavePosition: return BotCommands::tr("Stop %1").arg(bot.config->name);
    case StopPolicy::CancelOrders: return BotCommands::tr("Cancel orders and stop");
    case StopPolicy::Flatten:
        return bot.state.position.isOpen()
                       ? BotCommands::tr("%1 %2 %3 and stop")
                                 .arg(closingVerb(bot), quantityText(bot.state.position.quantity, bot.instrument),
                                      bot.instrument.base)
                       : BotCommands::tr("Stop %1").arg(bot.config->name);
    }
    return {};
}

Question stopQuestion(const BotSnapshot &bot, StopPolicy policy)
{
    Question question;
    question.name = u"stopQuestion"_s;
    question.mode = bot.config->mode;
    question.heading = BotCommands::tr("Stop %1?").arg(bot.config->name);
    question.text = holdingText(bot);
    const std::array texts = {std::pair(StopPolicy::PauseEntries, BotCommands::tr("Pause entries")),
                              std::pair(StopPolicy::LeavePosition, BotCommands::tr("Stop, leave the position")),
                              std::pair(StopPolicy::CancelOrders, BotCommands::tr("Stop and cancel orders")),
                              std::pair(StopPolicy::Flatten, BotCommands::tr("Stop and flatten"))};
    for (const auto &[entry, text] : texts) {
        if (entry == policy)
            question.preselected = static_cast<int>(question.choices.size());
        question.choices.push_back(
                {text, stopConsequence(bot, entry), stopButton(bot, entry), entry == StopPolicy::Flatten});
    }
    return question;
}

} // namespace

QString holdingText(const BotSnapshot &bot)
{
    const Position &position = bot.state.position;
    if (!position.isOpen() && bot.state.openOrders.empty())
        return BotCommands::tr("It holds no position and has no open orders.");
    if (!position.isOpen())
        return BotCommands::tr("It holds no position and has %1.").arg(ordersText(bot));
    QString text = BotCommands::tr("It holds %1").arg(positionText(bot));
    if (bot.markPrice) {
        if (const auto value = notional(*bot.markPrice, position.quantity, Rounding::HalfEven).value())
            text += BotCommands::tr(", worth %1").arg(moneyText(*value, bot.instrument.quote));
    }
    if (bot.unrealised)
        text += BotCommands::tr(", unrealised %1").arg(moneyText(*bot.unrealised, bot.instrument.quote, Sign::Always));
    if (bot.state.openOrders.empty())
        return text + BotCommands::tr(", and has no open orders.");
    return text + BotCommands::tr(", and has %1.").arg(ordersText(bot));
}

QString stopConsequence(const BotSnapshot &bot, StopPolicy policy)
{
    const bool holds = bot.state.position.isOpen();
    const bool hasOrders = !bot.state.openOrders.empty();
    switch (policy) {
    case StopPolicy::PauseEntries:
        return holds ? BotCommands::tr("No new positions. The position stays, its stop and target go on working.")
                     : BotCommands::tr("No new positions; prices are still watched. Resume goes on at once.");
    case StopPolicy::LeavePosition:
        return holds ? BotCommands::tr("The position, %1, stays open. Nobody watches its stop and target until the bot "
                                       "runs again.")
                               .arg(positionText(bot))
                     : BotCommands::tr("Nothing is left to be done: it is flat.");
    case StopPolicy::CancelOrders:
        return (hasOrders ? BotCommands::tr("Cancels %1. ").arg(ordersText(bot))
                          : BotCommands::tr("No orders are open. "))
               + (holds ? BotCommands::tr("The position, %1, stays open and unprotected.").arg(positionText(bot))
                        : BotCommands::tr("No position stays."));
    case StopPolicy::Flatten:
        if (!holds)
            return BotCommands::tr("There is no position to close.");
        return (hasOrders ? BotCommands::tr("Cancels %1 and closes the position, %2, at market. This cannot be undone.")
                                    .arg(ordersText(bot), positionText(bot))
                          : BotCommands::tr("Closes the position, %1, at market. This cannot be undone.")
                                    .arg(positionText(bot)));
    }
    return {};
}

BotCommands::BotCommands(const UiContext &context, QWidget *window)
    : QObject(window),
      m_context(context),
      m_window(window)
{ }

QString BotCommands::workingWord(BotId id) const
{
    const auto found = m_working.find(id);
    return found == m_working.end() ? QString() : found->second;
}

void BotCommands::setWorking(BotId id, const QString &word)
{
    if (word.isEmpty())
        m_working.erase(id);
    else
        m_working[id] = word;
    Q_EMIT workingChanged(id, word);
}

void BotCommands::send(BotId id, Command command, const QString &word, const QString &wanted)
{
    const auto bot = m_context.live.bot(id);
    if (!bot || m_working.contains(id))
        return;
    setWorking(id, word);
    m_context.control.submit(std::move(command), this,
                             [this, id, heading = wanted.arg(bot->config->name)](const Result<BotSnapshot> &result) {
                                 if (result)
                                     m_context.live.take(*result);
                                 setWorking(id, {});
                                 if (!result)
                                     Q_EMIT failed(id, heading, result.error());
                             });
}

void BotCommands::start(BotId id)
{
    const auto bot = m_context.live.bot(id);
    if (!bot)
        return;
    if (bot->config->mode == Mode::Demo || m_liveConfirmed) {
        sendStart(id);
        return;
    }
    Question question;
    question.name = u"liveQuestion"_s;
    question.mode = Mode::Live;
    question.heading = tr("Start %1 with real money?").arg(bot->config->name);
    question.text = tr("It will send orders for %1 to the exchange on its own. %2")
                            .arg(bot->config->symbol.value(), holdingText(*bot));
    question.choices = {{tr("Start"), {}, tr("Start live bot"), true}};
    question.requiredWord = modeWord(Mode::Live);
    m_context.prompts.ask(m_window, question, [this, id](int choice) {
        if (choice < 0)
            return;
        m_liveConfirmed = true;
        sendStart(id);
    });
}

void BotCommands::sendStart(BotId id)
{
    send(id, StartBot{id}, tr("Starting…"), tr("%1 was not started"));
}

void BotCommands::pause(BotId id)
{
    send(id, PauseBot{id}, tr("Pausing…"), tr("%1 was not paused"));
}

void BotCommands::resume(BotId id)
{
    send(id, ResumeBot{id}, tr("Resuming…"), tr("%1 was not resumed"));
}

void BotCommands::askTogglePause(BotId id)
{
    const auto bot = m_context.live.bot(id);
    if (!bot || m_working.contains(id))
        return;
    const bool paused = bot->state.status == BotStatus::Paused;
    if (!paused && !nextStatus(bot->state.status, BotTrigger::Pause))
        return;
    Question question;
    question.name = u"pauseQuestion"_s;
    question.mode = bot->config->mode;
    question.heading = (paused ? tr("Resume %1?") : tr("Pause %1?")).arg(bot->config->name);
    question.text = paused ? tr("It may enter new positions again.") : stopConsequence(*bot, StopPolicy::PauseEntries);
    question.choices = {{QString(), QString(), paused ? tr("Resume") : tr("Pause entries"), false}};
    m_context.prompts.ask(m_window, question, [this, id, paused](int choice) {
        if (choice < 0)
            return;
        if (paused)
            resume(id);
        else
            pause(id);
    });
}

void BotCommands::askStop(BotId id, StopPolicy policy)
{
    const auto bot = m_context.live.bot(id);
    if (!bot || m_working.contains(id))
        return;
    m_context.prompts.ask(m_window, stopQuestion(*bot, policy), [this, id](int choice) {
        if (choice < 0)
            return;
        const auto chosen = static_cast<StopPolicy>(choice); // the choices stand in the order of the enum
        if (chosen == StopPolicy::PauseEntries)
            pause(id);
        else
            send(id, StopBot{id, chosen}, tr("Stopping…"), tr("%1 was not stopped"));
    });
}

void BotCommands::askRemove(BotId id)
{
    const auto bot = m_context.live.bot(id);
    if (!bot || m_working.contains(id))
        return;
    Question question;
    question.name = u"removeQuestion"_s;
    question.mode = bot->config->mode;
    question.heading = tr("Delete %1?").arg(bot->config->name);
    question.text = tr("It disappears from all lists. Its trades and events stay in the journal.");
    question.choices = {{QString(), QString(), tr("Delete %1").arg(bot->config->name), true}};
    m_context.prompts.ask(m_window, question, [this, id](int choice) {
        if (choice >= 0)
            send(id, DeleteBot{id}, tr("Deleting…"), tr("%1 was not deleted"));
    });
}

void BotCommands::clearError(BotId id)
{
    send(id, ClearError{id}, tr("Clearing…"), tr("The error of %1 was not cleared"));
}

void BotCommands::create(const BotConfig &config, bool thenStart, Created created)
{
    m_context.control.submit(CreateBot{m_context.owner, config}, this,
                             [this, thenStart, created = std::move(created)](const Result<BotSnapshot> &result) {
                                 if (result)
                                     m_context.live.take(*result);
                                 created(result);
                                 if (result && thenStart)
                                     start(result->id);
                             });
}

void BotCommands::update(BotId id, int expectedVersion, const BotConfig &config, Created updated)
{
    m_context.control.submit(UpdateBot{id, expectedVersion, config}, this,
                             [this, updated = std::move(updated)](const Result<BotSnapshot> &result) {
                                 if (result)
                                     m_context.live.take(*result);
                                 updated(result);
                             });
}

} // namespace tradebot
