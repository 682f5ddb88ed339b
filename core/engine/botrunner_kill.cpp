// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/logging.h"
#include "core/engine/botrunner.h"
#include "core/engine/protectiveorders.h"

#include <algorithm>

namespace tradebot {

using namespace Qt::StringLiterals;

namespace {

/// A market order that closes is left alone: it does what every level of the kill switch allows.
bool hasToEnd(const Order &order, const KillOrder &kill)
{
    if (isClosing(order))
        return false;
    switch (kill.level) {
    case KillLevel::PauseEntries: return !order.reduceOnly;
    case KillLevel::CancelOrders: return kill.includesProtection || !isProtective(order);
    case KillLevel::Flatten: return true;
    }
    return true;
}

} // namespace

std::vector<Order> BotRunner::kill(const KillOrder &order)
{
    std::vector<Order> orders = m_record.state.openOrders;
    std::vector<Order> ended;
    m_ended = &ended;
    pull(order);
    m_ended = nullptr;
    for (Order &before : orders) {
        const auto at = std::ranges::find(ended, before.id, &Order::id);
        const Order *const open = findOpen(before.id);
        if (open != nullptr)
            before = *open;
        else if (at != ended.end())
            before = *at;
    }
    return orders;
}

void BotRunner::pull(const KillOrder &order)
{
    KillOrder pulled = order;
    for (const Order &open : m_record.state.openOrders) {
        if (hasToEnd(open, order))
            pulled.orders.push_back({open.id, open.state});
    }
    if (!record(KillSwitchPulled{pulled}))
        return;
    m_isKilling = true; // nothing takes the place of what is being cancelled
    if (order.level == KillLevel::Flatten) {
        if (const auto stopped = stop(StopPolicy::Flatten); !stopped)
            record(ErrorRaised{ErrorKind::OrderRejected, stopped.error().text});
    } else {
        if (order.level == KillLevel::CancelOrders && order.includesProtection)
            dropProtection();
        pauseForKill();
    }
    if (m_exchange == nullptr && !pulled.orders.empty() && isNeededAtExchange())
        begin();
    cancelKilled();
    m_isKilling = false;
    proceed();
}

/// Asks those orders to end that have not been asked.
void BotRunner::cancelKilled()
{
    if (!m_record.state.kill)
        return;
    const std::vector<KilledOrder> orders = m_record.state.kill->orders;
    for (const KilledOrder &killed : orders) {
        if (const Order *const open = findOpen(killed.id))
            requestCancel(Order(*open), u"the kill switch"_s);
    }
}

/// After a restart: of what follows a pulled kill switch, nothing may have become durable.
void BotRunner::resumeKillSwitch()
{
    const auto &kill = m_record.state.kill;
    if (kill && kill->level == KillLevel::CancelOrders && kill->includesProtection)
        dropProtection();
    settleKill(); // what is open is asked to end as soon as there is a connection
}

/// No entry before its owner wants one again, whatever the bot is doing.
void BotRunner::pauseForKill()
{
    switch (m_record.state.status) {
    case BotStatus::Running:
    case BotStatus::Pending:
    case BotStatus::Paused:
        if (const auto paused = pause(); !paused)
            qCWarning(logEngine) << "bot" << id().value() << paused.error().text;
        return;
    case BotStatus::Error: m_restartAt.reset(); return;
    case BotStatus::Stopped:
    case BotStatus::Stopping: return;
    }
}

/// The position stays without stop and target, and no rule makes new ones.
void BotRunner::dropProtection()
{
    if (!m_record.state.position.isOpen())
        return;
    Protection none = protection();
    none.stopLoss = none.takeProfit = none.trailingStop = Price();
    none.trailingIsOff = true;
    none.awaitsAtr = false;
    if (m_watching)
        m_guard.watch(config(), m_instrument, m_record.state.position, none);
    recordProtection(none, u"the kill switch"_s);
}

/// Reports once nothing is left that the kill switch asked for.
void BotRunner::settleKill()
{
    if (!m_record.state.kill || m_isKilling)
        return;
    const KillOrder &kill = *m_record.state.kill;
    const auto isOver = [](const KilledOrder &order) { return isFinal(order.state); };
    if (!std::all_of(kill.orders.begin(), kill.orders.end(), isOver))
        return;
    // Stopped with a position, its owner has decided otherwise meanwhile.
    const Position &position = m_record.state.position;
    const BotStatus status = m_record.state.status;
    if (kill.level == KillLevel::Flatten
        && (status == BotStatus::Stopping || (position.isOpen() && status != BotStatus::Stopped)))
        return;
    QStringList lines;
    for (const KilledOrder &order : kill.orders)
        lines.append(u"order %1 %2"_s.arg(order.id.toString(), toName(order.state)));
    QString text = u"Kill switch done: "_s + (lines.isEmpty() ? u"no order had to end"_s : lines.join(u", "_s));
    for (const Order &order : m_record.state.openOrders)
        text += u"; order %1 (%2) is kept"_s.arg(order.id.toString(), toName(order.purpose));
    if (position.isOpen())
        text += u"; a position of %1 is kept"_s.arg(position.quantity.toString());
    record(KillSwitchDone{kill.level, text});
}

} // namespace tradebot
