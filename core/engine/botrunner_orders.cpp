// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/botrunner.h"
#include "core/engine/protectiveorders.h"

#include <algorithm>

namespace tradebot {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr auto longestQueryDelay = std::chrono::milliseconds(30s);

} // namespace

Order BotRunner::makeOrder(Side side, OrderPurpose purpose, Quantity quantity, const QString &tag) const
{
    return {.id = ClientOrderId{id(), m_context.nextSequence()},
            .symbol = config().symbol,
            .side = side,
            .purpose = purpose,
            .reduceOnly = purpose != OrderPurpose::Entry,
            .quantity = quantity,
            .tag = tag,
            .createdAt = m_context.now()};
}

void BotRunner::submit(Order &&order)
{
    flushPendingMoves();
    order.id.sequence = m_context.nextSequence();
    order.state = *nextState(order.state, OrderTrigger::Submit);
    const ClientOrderId name = order.id;
    if (!record(OrderChanged{OrderTrigger::Submit, std::move(order)}))
        return;
    m_unsent.push_back(name);
    m_context.sendWhenDurable(*this, name);
}

void BotRunner::release(const ClientOrderId &order)
{
    const bool isWanted = m_record.state.desired != DesiredState::Stopped;
    if (isWanted && m_context.now() < m_knownUpTo) [[unlikely]] { // it leaves at the price that it had followed
        m_onHold.push_back(order);
        return;
    }
    const bool isNew = std::erase(m_unsent, order) > 0; // else it was on its way when the program ended
    const Order *const open = findOpen(order);
    if (open == nullptr || m_exchange == nullptr)
        return;
    const bool hadLeft = !isNew && m_paper != nullptr && open->cancelRequestedAt > open->createdAt;
    if (open->cancelRequested && open->state == OrderState::Submitted && !hadLeft) {
        end(*open, OrderTrigger::Cancel, u"cancelled before it was sent"_s);
        return;
    }
    hasLeft(order);
    const std::optional<Order> leaving = open->cancelRequested && hadLeft ? std::optional(*open) : std::nullopt;
    m_exchange->submit(*open);
    if (leaving)
        m_exchange->cancel(*leaving);
}

bool BotRunner::isUnsent(const ClientOrderId &order) const
{
    return std::ranges::find(m_unsent, order) != m_unsent.end();
}

void BotRunner::hasLeft(const ClientOrderId &order)
{
    forgetLeaving(order);
    m_sent.push_back({order, m_context.now()});
}

void BotRunner::forgetLeaving(const ClientOrderId &order)
{
    std::erase_if(m_sent, [&order](const Sent &sent) { return sent.order == order; });
}

/// Without a connection the wish alone is recorded; what is open is asked to end as soon as there is one.
void BotRunner::requestCancel(const Order &order, const QString &reason)
{
    const Order *const open = findOpen(order.id);
    if (open == nullptr || open->cancelRequested)
        return;
    const auto next = nextState(open->state, OrderTrigger::RequestCancel);
    if (!next)
        return;
    Order asked = *open;
    asked.reason = reason;
    if (m_paper != nullptr && config().paper.latencyMilliseconds == 0) { // answers at once
        if (m_paper->knows(asked.id))
            m_paper->cancel(asked);
        else // it has not left yet
            end(asked, OrderTrigger::Cancel, reason);
        return;
    }
    asked.state = *next;
    asked.cancelRequested = true;
    asked.cancelRequestedAt = m_context.now();
    if (!record(OrderChanged{OrderTrigger::RequestCancel, asked}) || m_exchange == nullptr)
        return;
    if (m_paper != nullptr) {
        m_exchange->cancel(asked);
    } else if (!isUnsent(asked.id)) { // else it ends instead of leaving
        followUpLater(asked.id, cancelAgain);
        m_exchange->cancel(asked);
    }
}

void BotRunner::end(Order order, OrderTrigger trigger, const QString &reason)
{
    const auto next = nextState(order.state, trigger);
    if (!next)
        return;
    order.state = *next;
    if (!reason.isEmpty())
        order.reason = reason;
    record(OrderChanged{trigger, order});
    ended(order);
    if (order.reduceOnly && !order.filled.isZero() && isTooSmall(tradablePosition(), Price()))
        writeOffRest(order); // which its last fill could not, while it was open
    const bool isRejected = trigger == OrderTrigger::Reject;
    const bool isHeld = m_record.state.position.isOpen();
    if (isHeld && isClosing(order) && !order.cancelRequested)
        delayExit();
    if (isRejected && isHeld && order.reduceOnly && !isProtective(order))
        fail(ErrorKind::OrderRejected, order.reason);
    else if (isRejected)
        record(ErrorRaised{ErrorKind::OrderRejected, order.reason});
    if (isRejected && isHeld && isProtective(order))
        protectiveRejected(order);
    tellStrategy(order);
    proceed();
}

void BotRunner::ended(const Order &order)
{
    forgetLeaving(order.id);
    if (m_ended != nullptr)
        m_ended->push_back(order);
}

/// Goes on with what waited for orders to end.
void BotRunner::proceed()
{
    if (m_isKilling)
        return;
    sendPlannedExit();
    enterAsPlanned();
    keepProtectiveOrders();
    windDown();
    releaseMarket();
    settleKill();
    judgeHealth();
}

/// Nobody knows what became of it: it counts as neither failed nor done, and is asked for until somebody answers.
void BotRunner::loseSight(Order order, const QString &why)
{
    if (const auto next = nextState(order.state, OrderTrigger::LoseSight)) {
        order.state = *next;
        order.reason = why;
        record(OrderChanged{OrderTrigger::LoseSight, order});
        judgeHealth();
    }
    followUpLater(order.id, firstQueryDelay);
    proceed(); // an exit does not wait for it
}

void BotRunner::followUpLater(const ClientOrderId &order, std::chrono::milliseconds delay)
{
    const Timestamp due = m_context.now() + delay;
    for (FollowUp &known : m_followUps) {
        if (known.order == order) {
            known.due = std::max(known.due, due);
            return;
        }
    }
    m_followUps.push_back({order, due, delay});
}

void BotRunner::followUpWhatIsDue()
{
    std::erase_if(m_followUps, [this](const FollowUp &known) {
        const Order *const open = findOpen(known.order);
        return open == nullptr
               || (open->state != OrderState::Unknown && open->state != OrderState::Submitted
                   && !open->cancelRequested);
    });
    if (m_exchange == nullptr)
        return;
    const Timestamp now = m_context.now();
    std::vector<ClientOrderId> due;
    for (FollowUp &known : m_followUps) {
        if (known.due > now && known.due - now <= longestQueryDelay) // further off it was before a clock was set back
            continue;
        known.delay = std::min(known.delay * 2, longestQueryDelay);
        known.due = now + known.delay;
        due.push_back(known.order);
    }
    for (const ClientOrderId &order : due) {
        const Order *const open = findOpen(order);
        if (open == nullptr)
            continue;
        const Order asked = *open; // the answer may come at once
        if (asked.cancelRequested && asked.state != OrderState::Unknown)
            m_exchange->cancel(asked);
        else
            m_exchange->query(asked);
    }
}

/// After a restart: what had been asked for is asked for again.
void BotRunner::followUpAll()
{
    for (const Order &order : std::vector<Order>(m_record.state.openOrders)) {
        const Order *const open = findOpen(order.id);
        if (open == nullptr || isUnsent(order.id))
            continue;
        if (open->cancelRequested && open->state != OrderState::Unknown) {
            followUpLater(order.id, cancelAgain);
            m_exchange->cancel(Order(*open));
        } else if (open->cancelRequested || open->state == OrderState::Unknown
                   || open->state == OrderState::Submitted) {
            followUpLater(order.id, firstQueryDelay);
        }
    }
}

const Order *BotRunner::findOpen(const ClientOrderId &id) const
{
    const auto &open = m_record.state.openOrders;
    const auto at = std::find_if(open.begin(), open.end(), [&](const Order &order) { return order.id == id; });
    return at == open.end() ? nullptr : &*at;
}

bool BotRunner::hasOpen(bool reduceOnly) const
{
    const auto &open = m_record.state.openOrders;
    return std::any_of(open.begin(), open.end(),
                       [reduceOnly](const Order &order) { return order.reduceOnly == reduceOnly; });
}

bool BotRunner::hasUnknownOrder() const
{
    const auto &open = m_record.state.openOrders;
    return std::any_of(open.begin(), open.end(), [](const Order &order) { return order.state == OrderState::Unknown; });
}

} // namespace tradebot
