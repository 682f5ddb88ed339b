// SPDX-License-Identifier: GPL-3.0-or-later
// The commands of FakeBackend: they emit the facts that a real engine would.
#include "tests/support/fakebackend.h"

#include <type_traits>

namespace tradebot {

using namespace Qt::StringLiterals;

void FakeBackend::submit(Command command, QObject *context, Reply reply)
{
    Held held{std::move(command), context, std::move(reply)};
    {
        const std::lock_guard lock(m_store->mutex);
        m_commands.push_back(held.command);
        if (m_holding) {
            m_held.push_back(std::move(held));
            return;
        }
    }
    answer(std::move(held));
}

void FakeBackend::pull(KillSwitch killSwitch, QObject *context, KillReply reply)
{
    std::unique_lock lock(m_store->mutex);
    m_killSwitches.push_back(killSwitch);
    Result<KillReport> result = KillReport();
    if (killSwitch.scope == KillScope::Everything) {
        for (const auto &[id, bot] : m_store->bots) {
            result->bots.push_back(id);
            result->orders.insert(result->orders.end(), bot.state.openOrders.begin(), bot.state.openOrders.end());
        }
    } else if (const auto bot = find(killSwitch.bot)) {
        result->bots.push_back(killSwitch.bot);
        result->orders = (*bot)->state.openOrders;
    } else {
        result = fail(bot.error());
    }
    lock.unlock();
    QMetaObject::invokeMethod(
            context, [result = std::move(result), reply = std::move(reply)] { reply(result); }, Qt::QueuedConnection);
}

std::vector<KillSwitch> FakeBackend::killSwitches() const
{
    const std::lock_guard lock(m_store->mutex);
    return m_killSwitches;
}

void FakeBackend::holdAnswers()
{
    const std::lock_guard lock(m_store->mutex);
    m_holding = true;
}

void FakeBackend::answerNext()
{
    std::unique_lock lock(m_store->mutex);
    if (m_held.empty())
        return;
    Held held = std::move(m_held.front());
    m_held.pop_front();
    lock.unlock();
    answer(std::move(held));
}

void FakeBackend::answerAll()
{
    while (heldCount() > 0)
        answerNext();
    const std::lock_guard lock(m_store->mutex);
    m_holding = false;
}

void FakeBackend::failNext(Error error)
{
    const std::lock_guard lock(m_store->mutex);
    m_nextError = std::move(error);
}

std::vector<Command> FakeBackend::commands() const
{
    const std::lock_guard lock(m_store->mutex);
    return m_commands;
}

int FakeBackend::heldCount() const
{
    const std::lock_guard lock(m_store->mutex);
    return static_cast<int>(m_held.size());
}

void FakeBackend::answer(Held held)
{
    std::unique_lock lock(m_store->mutex);
    Result<BotSnapshot> result = m_nextError ? Result<BotSnapshot>(fail(*m_nextError)) : execute(held.command);
    m_nextError.reset();
    publish();
    lock.unlock();
    if (held.context.isNull())
        return;
    QMetaObject::invokeMethod(
            held.context.data(), [result = std::move(result), reply = std::move(held.reply)] { reply(result); },
            Qt::QueuedConnection);
}

Result<BotSnapshot> FakeBackend::execute(const Command &command)
{
    return std::visit([this](const auto &content) { return run(content); }, command);
}

Result<BotSnapshot *> FakeBackend::find(BotId id)
{
    const auto found = m_store->bots.find(id);
    if (found == m_store->bots.end() || found->second.deleted)
        return fail(ErrorCode::NotFound, u"bot %1 does not exist"_s.arg(id.value()));
    return &found->second;
}

void FakeBackend::endDrawdownHalt(const BotSnapshot &bot)
{
    if (bot.state.haltedByDrawdown)
        record(bot.id, PeakChanged{bot.state.balance, true});
}

void FakeBackend::start(BotSnapshot &bot)
{
    changeStatus(bot, BotStatus::Pending, ErrorKind::None, u"Waiting for prices"_s);
    if (!m_startsStayPending)
        changeStatus(bot, BotStatus::Running);
}

Result<BotSnapshot> FakeBackend::run(const CreateBot &command)
{
    if (const auto errors = validate(command.config); !errors.isEmpty())
        return fail(Error{ErrorCode::InvalidInput, errors.front().message, errors});
    return m_store->bots.at(insertBot(command.config, command.owner));
}

Result<BotSnapshot> FakeBackend::run(const UpdateBot &command)
{
    const auto bot = find(command.bot);
    if (!bot)
        return fail(bot.error());
    if (const auto errors = validate(command.config); !errors.isEmpty())
        return fail(Error{ErrorCode::InvalidInput, errors.front().message, errors});
    if (command.expectedVersion != 0 && command.expectedVersion != (*bot)->configVersion)
        return fail(ErrorCode::Conflict, u"bot %1 has version %2, not %3"_s.arg(command.bot.value())
                                                 .arg((*bot)->configVersion)
                                                 .arg(command.expectedVersion));
    record(command.bot, BotConfigured{(*bot)->configVersion + 1, command.config});
    return **bot;
}

Result<BotSnapshot> FakeBackend::run(const DeleteBot &command)
{
    const auto bot = find(command.bot);
    if (!bot)
        return fail(bot.error());
    if (isActive((*bot)->state.status) || (*bot)->state.position.isOpen())
        return fail(ErrorCode::Conflict, u"bot %1 is running or holds a position"_s.arg(command.bot.value()));
    record(command.bot, BotDeleted{});
    return **bot;
}

Result<BotSnapshot> FakeBackend::run(const StartBot &command)
{
    const auto bot = find(command.bot);
    if (!bot)
        return fail(bot.error());
    const BotStatus status = (*bot)->state.status;
    endDrawdownHalt(**bot);
    if (status == BotStatus::Running || status == BotStatus::Pending)
        return **bot;
    if (status == BotStatus::Stopping)
        return fail(ErrorCode::Conflict, u"bot %1 is stopping"_s.arg(command.bot.value()));
    record(command.bot, DesiredChanged{DesiredState::Running, StopPolicy::PauseEntries});
    if (status == BotStatus::Paused)
        changeStatus(**bot, BotStatus::Running);
    else
        start(**bot);
    return **bot;
}

Result<BotSnapshot> FakeBackend::run(const PauseBot &command)
{
    const auto bot = find(command.bot);
    if (!bot)
        return fail(bot.error());
    if (!nextStatus((*bot)->state.status, BotTrigger::Pause) && (*bot)->state.status != BotStatus::Paused)
        return fail(ErrorCode::Conflict, u"bot %1 is not running"_s.arg(command.bot.value()));
    if ((*bot)->state.status != BotStatus::Paused) {
        record(command.bot, DesiredChanged{DesiredState::Paused, StopPolicy::PauseEntries});
        changeStatus(**bot, BotStatus::Paused);
    }
    return **bot;
}

Result<BotSnapshot> FakeBackend::run(const ResumeBot &command)
{
    const auto bot = find(command.bot);
    if (!bot)
        return fail(bot.error());
    endDrawdownHalt(**bot);
    if ((*bot)->state.status == BotStatus::Running)
        return **bot;
    if ((*bot)->state.status != BotStatus::Paused)
        return fail(ErrorCode::Conflict, u"bot %1 is not paused"_s.arg(command.bot.value()));
    record(command.bot, DesiredChanged{DesiredState::Running, StopPolicy::PauseEntries});
    changeStatus(**bot, BotStatus::Running);
    return **bot;
}

Result<BotSnapshot> FakeBackend::run(const StopBot &command)
{
    if (command.policy == StopPolicy::PauseEntries)
        return run(PauseBot{command.bot});
    const auto bot = find(command.bot);
    if (!bot)
        return fail(bot.error());
    if ((*bot)->state.status == BotStatus::Stopped)
        return **bot;
    record(command.bot, DesiredChanged{DesiredState::Stopped, command.policy});
    changeStatus(**bot, BotStatus::Stopping);
    const Position position = (*bot)->state.position;
    if (command.policy == StopPolicy::Flatten && position.isOpen()) {
        const Price price = (*bot)->markPrice.value_or(position.entryPrice());
        fillOrder(**bot, opposite(entrySide(position.side)), position.quantity, price, OrderPurpose::Flatten, {});
    }
    changeStatus(**bot, BotStatus::Stopped);
    record(command.bot, BotCompleted{u"Stopped by its owner"_s});
    return **bot;
}

Result<BotSnapshot> FakeBackend::run(const RestartBot &command)
{
    const auto bot = find(command.bot);
    if (!bot)
        return fail(bot.error());
    if ((*bot)->state.desired != DesiredState::Running)
        record(command.bot, DesiredChanged{DesiredState::Running, StopPolicy::PauseEntries});
    start(**bot);
    return **bot;
}

Result<BotSnapshot> FakeBackend::run(const SetProtection &command)
{
    const auto bot = find(command.bot);
    if (!bot)
        return fail(bot.error());
    if (!(*bot)->state.position.isOpen())
        return fail(ErrorCode::Conflict, u"bot %1 holds no position"_s.arg(command.bot.value()));
    Protection protection = (*bot)->state.protection;
    if (command.stopLoss)
        protection.stopLoss = command.stopLoss->value_or(Price());
    if (command.takeProfit)
        protection.takeProfit = command.takeProfit->value_or(Price());
    if (command.trailingStop)
        protection.trailingStop = command.trailingStop->value_or(Price());
    record(command.bot, ProtectionChanged{protection, u"set by the owner"_s});
    return **bot;
}

Result<BotSnapshot> FakeBackend::run(const ClearError &command)
{
    const auto bot = find(command.bot);
    if (!bot)
        return fail(bot.error());
    record(command.bot, ErrorCleared{});
    return **bot;
}

} // namespace tradebot
