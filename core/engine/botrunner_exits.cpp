// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/botrunner.h"
#include "core/engine/protectiveorders.h"

#include <algorithm>

namespace tradebot {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr auto firstExitDelay = std::chrono::milliseconds(1s);
constexpr auto longestExitDelay = std::chrono::milliseconds(30s);
constexpr auto targetDelay = 30s;
/// So long an exit waits to hear first what the exchange knows.
constexpr auto reconcileLimit = 30s;

} // namespace

/// Closes the position at the market, after whatever else rests at the exchange is out of the way.
void BotRunner::beginExit(OrderPurpose purpose, const QString &tag)
{
    if (mayExit() && m_record.state.openOrders.empty() && m_context.now() >= m_exitNotBefore) {
        submitExit(purpose, tag); // whose fact says what is planned
        return;
    }
    const Side side = opposite(entrySide(m_record.state.position.side));
    const auto action = side == Side::Buy ? DecisionAction::Buy : DecisionAction::Sell;
    if (record(DecisionMade{action, m_price, tag, u"the position is being closed"_s, m_record.state.plannedEntry,
                            PlannedExit{purpose, tag}}))
        sendPlannedExit();
}

/// Not before it is known what the exchange has done meanwhile: what is no more must not be sold again.
bool BotRunner::mayExit() const
{
    return m_exchange != nullptr && (m_isReconciled || m_context.now() - m_pendingSince > reconcileLimit);
}

/// Sends the exit that is planned when nothing stands in its way any more. It stays planned until the position is
/// closed: one that was refused, or lost, is sent again.
void BotRunner::sendPlannedExit()
{
    const BotState &state = m_record.state;
    if (!state.plannedExit || m_isClearing || !mayExit())
        return;
    const auto &open = state.openOrders;
    if (std::any_of(open.begin(), open.end(), isClosing))
        return;
    m_isClearing = true;
    for (const Order &order : std::vector<Order>(open))
        requestCancel(order, u"the position is being closed"_s);
    m_isClearing = false;
    // An order that nobody knows the outcome of may be waited for in vain.
    if (std::any_of(open.begin(), open.end(),
                    [](const Order &order) { return order.state != OrderState::Unknown || isClosing(order); }))
        return;
    if (!state.plannedExit || !state.position.isOpen() || m_context.now() < m_exitNotBefore)
        return;
    const PlannedExit exit = *state.plannedExit;
    submitExit(exit.purpose, exit.tag);
}

void BotRunner::submitExit(OrderPurpose purpose, const QString &tag)
{
    const Quantity quantity = tradablePosition();
    Order order = makeOrder(opposite(entrySide(m_record.state.position.side)), purpose, quantity, tag);
    if (isTooSmall(quantity, m_price))
        writeOffRest(order);
    else
        submit(std::move(order));
}

/// An exit has come to nothing: the next try comes later, and later each time.
void BotRunner::delayExit()
{
    m_exitDelay = std::clamp(m_exitDelay * 2, firstExitDelay, longestExitDelay);
    m_exitNotBefore = m_context.now() + m_exitDelay;
}

bool BotRunner::isTooSmall(Quantity quantity, Price price) const
{
    return isTooSmallToReduce(m_instrument, config().market, quantity, price);
}

/// So much of the position as orders can trade: whole steps.
Quantity BotRunner::tradablePosition() const
{
    return roundToStep(m_record.state.position.quantity, m_instrument.quantityStep, Rounding::Floor)
            .valueOr(Quantity());
}

/// Ends what is left of a position and too small for any order, after fees in base units or a fall of the price: its
/// cost is a loss; with futures it is settled at the mark price. While an order is open it may still become something
/// else.
void BotRunner::writeOffRest(const Order &order)
{
    const Position &position = m_record.state.position;
    if (!position.isOpen() || !m_record.state.openOrders.empty())
        return;
    const bool isSpot = config().market == Market::Spot;
    const Price mark = isSpot || m_mark.isZero() ? position.entryPrice() : m_mark;
    const auto worth = isSpot ? std::optional(-position.cost) : position.unrealised(mark).value();
    if (!worth
        || !record(MoneyMoved{LedgerKind::Adjustment, *worth, Decimal(), mark, m_context.now(),
                              u"a rest of %1, too small to be traded"_s.arg(position.quantity.toString()), true}))
        return;
    if (m_paper != nullptr)
        m_paper->writeOff(*worth);
    closeTrade(order);
    m_guard.reset();
}

/// With stops at the exchange: one stop and one target rest there, of the position's size, and end each other.
void BotRunner::keepProtectiveOrders()
{
    const BotState &state = m_record.state;
    if (isExitUnderWay() || !m_watching || !m_isReconciled || !isActive(state.status)
        || state.status == BotStatus::Stopping)
        return;
    if (m_paper != nullptr && !state.position.isOpen()) // which has ended them by itself
        return;
    if (config().stopsAt != StopsAt::Exchange && state.openOrders.empty())
        return;
    const ProtectivePlan plan =
            planProtectiveOrders(config(), m_instrument, state.position, m_guard.protection(), state.openOrders);
    for (const ClientOrderId &outdated : plan.outdated) {
        if (const Order *const open = findOpen(outdated))
            requestCancel(Order(*open), u"the position or its stop has changed"_s);
    }
    if (!plan.outdated.empty())
        return; // comes again when they have ended
    EventSequence group = plan.group;
    for (Order order : plan.missing) {
        if (isExitUnderWay())
            return;
        if (order.purpose == OrderPurpose::TakeProfit && m_context.now() < m_targetNotBefore)
            continue;
        flushPendingMoves();
        if (!group.isValid())
            group = m_context.nextSequence();
        order.oneCancelsOther = group;
        order.id.bot = id();
        order.createdAt = m_context.now();
        submit(std::move(order));
    }
}

/// A fill of one order of a group ends the others. The paper exchange does that by itself.
void BotRunner::cancelSiblings(const Order &filled)
{
    if (!filled.oneCancelsOther.isValid() || m_paper != nullptr)
        return;
    for (const Order &order : std::vector<Order>(m_record.state.openOrders)) {
        if (order.id != filled.id && order.oneCancelsOther == filled.oneCancelsOther)
            requestCancel(order, u"order %1 was filled"_s.arg(filled.id.toString()));
    }
}

/// A stop that the exchange refuses is one that would trigger at once, or a position that nobody guards.
void BotRunner::protectiveRejected(const Order &order)
{
    if (order.purpose == OrderPurpose::TakeProfit)
        m_targetNotBefore = m_context.now() + targetDelay; // we watch it ourselves meanwhile
    else if (!isExitUnderWay() && !leavesPosition())
        beginExit(order.purpose, order.tag);
}

/// Its owner wants it stopped, with the position as it is.
bool BotRunner::leavesPosition() const
{
    return m_record.state.status == BotStatus::Stopping && m_record.state.stopPolicy != StopPolicy::Flatten;
}

bool BotRunner::hasOpenExit() const
{
    const auto &open = m_record.state.openOrders;
    return std::any_of(open.begin(), open.end(), isClosing);
}

} // namespace tradebot
