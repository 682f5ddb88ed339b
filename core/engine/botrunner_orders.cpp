// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/logging.h"
#include "core/engine/botrunner.h"
#include "core/engine/protectiveorders.h"

#include <algorithm>

namespace tradebot {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr auto firstQueryDelay = std::chrono::milliseconds(1s);
constexpr auto longestQueryDelay = std::chrono::milliseconds(30s);
/// So long an order may still be on its way: that the exchange does not know it proves nothing before.
constexpr auto travelTime = 5s;
/// An entry that never arrived is not sent again when it is older than this; its reason has gone by.
constexpr auto freshEntry = 60s;
/// How soon a cancel that has not ended its order is sent again.
constexpr auto cancelAgain = std::chrono::milliseconds(5s);
constexpr auto firstExitDelay = std::chrono::milliseconds(1s);
constexpr auto longestExitDelay = std::chrono::milliseconds(30s);
constexpr auto targetDelay = 30s;
/// So long an exit waits to hear first what the exchange knows.
constexpr auto reconcileLimit = 30s;

/// A market order that closes the position, or a part of it.
bool isClosing(const Order &order)
{
    return order.reduceOnly && order.type == OrderType::Market;
}

} // namespace

// --- out --------------------------------------------------------------------------------------------------------

Order BotRunner::makeOrder(Side side, OrderPurpose purpose, Quantity quantity, const QString &tag) const
{
    Order order;
    order.id = ClientOrderId{id(), m_context.nextSequence()};
    order.symbol = config().symbol;
    order.side = side;
    order.purpose = purpose;
    order.reduceOnly = purpose != OrderPurpose::Entry;
    order.quantity = quantity;
    order.tag = tag;
    order.createdAt = m_context.now();
    return order;
}

void BotRunner::submit(Order order)
{
    noteWhatMoved();
    order.id.sequence = m_context.nextSequence();
    order.state = *nextState(order.state, OrderTrigger::Submit);
    const ClientOrderId name = order.id;
    if (!note(OrderChanged{OrderTrigger::Submit, std::move(order)}))
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
    if (!note(OrderChanged{OrderTrigger::RequestCancel, asked}) || m_exchange == nullptr)
        return;
    if (m_paper != nullptr) {
        m_exchange->cancel(asked);
    } else if (!isUnsent(asked.id)) { // else it ends instead of leaving
        followUpLater(asked.id, cancelAgain);
        m_exchange->cancel(asked);
    }
}

// --- out of the position ----------------------------------------------------------------------------------------

/// Closes the position at the market, after whatever else rests at the exchange is out of the way.
void BotRunner::beginExit(OrderPurpose purpose, const QString &tag)
{
    if (mayExit() && m_record.state.openOrders.empty() && m_context.now() >= m_exitNotBefore) {
        submitExit(purpose, tag); // whose fact says what is planned
        return;
    }
    const Side side = opposite(entrySide(m_record.state.position.side));
    const auto action = side == Side::Buy ? DecisionAction::Buy : DecisionAction::Sell;
    if (note(DecisionMade{action, m_price, tag, u"the position is being closed"_s, m_record.state.plannedEntry,
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
    const Order order = makeOrder(opposite(entrySide(m_record.state.position.side)), purpose, quantity, tag);
    if (isTooSmall(quantity, m_price))
        writeOffRest(order);
    else
        submit(order);
}

/// An exit has come to nothing: the next try comes later, and later each time.
void BotRunner::delayExit()
{
    m_exitDelay = std::clamp(m_exitDelay * 2, firstExitDelay, longestExitDelay);
    m_exitNotBefore = m_context.now() + m_exitDelay;
}

// --- stops and targets ------------------------------------------------------------------------------------------

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
        noteWhatMoved();
        if (!group.isValid())
            group = m_context.nextSequence();
        order.oneCancelsOther = group;
        order.id.bot = id();
        order.createdAt = m_context.now();
        submit(order);
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

// --- in ---------------------------------------------------------------------------------------------------------

void BotRunner::orderReport(const OrderReport &report)
{
    const Order *const open = findOpen(report.order);
    if (open == nullptr) {
        if (report.fill)
            fillAfterTheEnd(report);
        return; // else a repeat
    }
    if (report.fill) {
        applyReportedFill(*open, report);
        return;
    }
    Order order = *open;
    if (report.exchangeId.isValid())
        order.exchangeId = report.exchangeId;
    const auto next = nextState(order.state, report.trigger);
    if (!next)
        return; // late, or a repeat
    if (report.filled.value_or(order.filled) > order.filled) {
        loseSight(std::move(order), u"some of its fills have not arrived"_s);
        return;
    }
    if (isFinal(*next)) {
        end(std::move(order), report.trigger, report.reason);
        return;
    }
    const bool wasUnknown = order.state == OrderState::Unknown;
    order.state = *next;
    if (report.trigger == OrderTrigger::Accept)
        order.acceptedAt = report.time;
    else if (report.trigger == OrderTrigger::Trigger)
        order.triggeredAt = report.time;
    if (!report.stopPrice.isZero())
        order.stopPrice = report.stopPrice;
    note(OrderChanged{report.trigger, order});
    if (wasUnknown)
        judgeHealth();
    if (wasUnknown && order.cancelRequested)
        m_exchange->cancel(order);
}

/// A fill of an order that is over. Those that were booked are known by their order, the newest of them: one that is
/// older than all of these has nothing new to say. What is not known is money that moved.
void BotRunner::fillAfterTheEnd(const OrderReport &report)
{
    const auto &over = m_record.state.filledOrders;
    const bool isKnown = std::any_of(over.begin(), over.end(), [&report](const FilledOrder &order) {
        return order.id == report.order
               && std::count(order.fills.begin(), order.fills.end(), report.fill->exchangeTradeId) > 0;
    });
    const bool isForgotten =
            over.isFull() && std::all_of(over.begin(), over.end(), [&report](const FilledOrder &order) {
                return report.order.sequence < order.id.sequence;
            });
    if (isKnown || isForgotten) {
        qCInfo(logEngine) << "bot" << id().value() << "ignores a repeated fill of" << report.order.toString();
        return;
    }
    externalFill({report.exchangeId, *report.fill, OrderPurpose::External,
                  u"told after order %1 had ended"_s.arg(report.order.toString()), report.time});
}

void BotRunner::applyReportedFill(const Order &open, const OrderReport &report)
{
    const Fill &fill = *report.fill;
    if (std::count(open.fills.begin(), open.fills.end(), fill.exchangeTradeId) > 0)
        return; // told before
    const auto change = applyFill(m_record.state.position, fill, report.time);
    const auto filled = (open.filled + fill.quantity).value();
    const auto worth = change ? (open.filledNotional + change->filledNotional).value() : std::nullopt;
    if (!filled || !worth) {
        fail(ErrorKind::Overflow, u"the fill of order %1 leaves the range of money"_s.arg(open.id.toString()));
        return;
    }
    // Reports come in any order: the exchange may know of fills before this one that nobody has told us.
    const bool isMissing = report.filled.value_or(*filled) > *filled;
    // A reduce-only order ends with what there was to reduce.
    const bool isWhole = !isMissing && (*filled >= open.quantity || report.trigger == OrderTrigger::Fill);
    const auto next = nextState(open.state, isWhole ? OrderTrigger::Fill : OrderTrigger::PartialFill);
    if (!next)
        return;
    noteWhatMoved();
    BotEvent event = eventOf(OrderFilled{open, fill, change->realised});
    Order &order = std::get<OrderFilled>(event.payload).order;
    if (report.exchangeId.isValid())
        order.exchangeId = report.exchangeId;
    order.state = *next;
    order.filled = *filled;
    order.filledNotional = *worth;
    order.fills.push_back(fill.exchangeTradeId);
    if (isClosing(order))
        m_exitDelay = 0ms;
    bookFill(event, *change);
    cancelSiblings(order);
    if (!order.isOpen())
        ended(order);
    const Order *const rest = isMissing ? findOpen(order.id) : nullptr;
    if (rest != nullptr)
        loseSight(Order(*rest), u"some of its fills have not arrived"_s);
    else
        proceed();
}

/// Records a fill and what follows from it.
void BotRunner::bookFill(const BotEvent &filled, const PositionChange &change)
{
    const Order &order = std::get<OrderFilled>(filled.payload).order;
    const Position before = m_record.state.position;
    if (!noted(filled))
        return;
    const bool endsTrade = before.isOpen() && change.position.side != before.side;
    if (endsTrade)
        closeTrade(order);
    else if (!change.closed.isZero() && isTooSmall(tradablePosition(), Price()))
        writeOffRest(order);
    afterFill(before);
    judgeLimits();
    tellStrategy(order);
}

void BotRunner::afterFill(const Position &before)
{
    const Position &position = m_record.state.position;
    if (!position.isOpen()) {
        m_guard.reset();
        return;
    }
    if (position.side != before.side) {
        m_guard.reset();
        recordProtection(
                ProtectionGuard::atEntry(config(), m_instrument, position.side, position.entryPrice(), atrPrice()),
                u"entry"_s);
        m_guard.watch(config(), m_instrument, position, m_record.state.protection);
        return;
    }
    m_guard.watch(config(), m_instrument, position, m_guard.protection()); // ahead of what is recorded
    if (const Price entryBefore = before.entryPrice(); position.entryPrice() != entryBefore)
        growProtection(entryBefore);
}

void BotRunner::closeTrade(const Order &order)
{
    noteWhatMoved();
    const OpenTrade &open = m_record.state.openTrade;
    TradeClosed closed;
    Trade &trade = closed.trade;
    trade.id = TradeId(m_context.nextSequence().value());
    trade.bot = id();
    trade.symbol = config().symbol;
    trade.side = order.side == Side::Sell ? PositionSide::Long : PositionSide::Short;
    trade.quantity = open.entered;
    trade.entryTime = open.entryTime;
    trade.exitTime = m_context.now();
    trade.entryPrice = averagePrice(open.entryNotional, open.entered, Rounding::HalfEven).valueOr(Price());
    trade.exitPrice = averagePrice(open.exitNotional, open.exited, Rounding::HalfEven).valueOr(Price());
    trade.gross = open.gross;
    trade.fees = open.fees;
    trade.funding = open.funding;
    trade.entryTag = open.entryTag;
    trade.exitReason = order.purpose;
    trade.exitTag = order.tag;
    trade.configVersion = open.configVersion;
    trade.currency = m_instrument.quote;
    note(std::move(closed));
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
        || !note(MoneyMoved{LedgerKind::Adjustment, *worth, Decimal(), mark, m_context.now(),
                            u"a rest of %1, too small to be traded"_s.arg(position.quantity.toString()), true}))
        return;
    if (m_paper != nullptr)
        m_paper->writeOff(*worth);
    closeTrade(order);
    m_guard.reset();
}

void BotRunner::end(Order order, OrderTrigger trigger, const QString &reason)
{
    const auto next = nextState(order.state, trigger);
    if (!next)
        return;
    order.state = *next;
    if (!reason.isEmpty())
        order.reason = reason;
    note(OrderChanged{trigger, order});
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
        note(ErrorRaised{ErrorKind::OrderRejected, order.reason});
    if (isRejected && isHeld && isProtective(order))
        protectiveRejected(order);
    tellStrategy(order);
    proceed();
}

/// A stop that the exchange refuses is one that would trigger at once, or a position that nobody guards.
void BotRunner::protectiveRejected(const Order &order)
{
    if (order.purpose == OrderPurpose::TakeProfit)
        m_targetNotBefore = m_context.now() + targetDelay; // we watch it ourselves meanwhile
    else if (!isExitUnderWay() && !leavesPosition())
        beginExit(order.purpose, order.tag);
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
    letGo();
    settleKill();
    judgeHealth();
}

// --- when nobody answers ----------------------------------------------------------------------------------------

void BotRunner::orderUnanswered(const ClientOrderId &id, const QString &why)
{
    if (const Order *const open = findOpen(id))
        loseSight(*open, why);
}

/// Nobody knows what became of it: it counts as neither failed nor done, and is asked for until somebody answers.
void BotRunner::loseSight(Order order, const QString &why)
{
    if (const auto next = nextState(order.state, OrderTrigger::LoseSight)) {
        order.state = *next;
        order.reason = why;
        note(OrderChanged{OrderTrigger::LoseSight, order});
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

void BotRunner::orderNotFound(const ClientOrderId &id)
{
    const Order *const open = findOpen(id);
    if (open == nullptr || isUnsent(id)) // which has not left yet
        return;
    const Order order = *open;
    // An order from the future was made before a clock was set back: nobody knows how old it is.
    const Timestamp now = m_context.now();
    const auto age = order.createdAt > now ? freshEntry + travelTime : now - order.createdAt;
    if (order.state == OrderState::Submitted && !order.cancelRequested && (order.reduceOnly || age <= freshEntry)) {
        m_unsent.push_back(id);
        m_context.sendWhenDurable(*this, id); // under the same name: it cannot become two
        return;
    }
    if (order.state == OrderState::Accepted || order.state == OrderState::PartiallyFilled) {
        loseSight(order, u"the exchange does not know it any more"_s);
        return;
    }
    const auto sent = std::ranges::find(m_sent, id, &Sent::order);
    const Timestamp since = sent == m_sent.end() ? order.createdAt : sent->at;
    if (since <= now && now - since < travelTime) {
        followUpLater(id, firstQueryDelay);
        return;
    }
    const QString reason = u"it never reached the exchange"_s;
    if (order.cancelRequested || !isClosing(order) || !m_record.state.plannedExit) {
        end(order, order.cancelRequested ? OrderTrigger::Cancel : OrderTrigger::Reject, reason);
        return;
    }
    // The position still has to be closed: the exit that is planned goes out once more, as a new order.
    Order lost = order;
    lost.state = OrderState::Rejected;
    lost.reason = reason;
    note(OrderChanged{OrderTrigger::Reject, lost});
    ended(lost);
    proceed();
}

// --- what was not ours ------------------------------------------------------------------------------------------

void BotRunner::externalFill(const ExternalFill &external)
{
    const auto &known = m_record.state.externalFills;
    if (std::count(known.begin(), known.end(), external.fill.exchangeTradeId) > 0)
        return;
    noteWhatMoved();
    Order order = makeOrder(external.fill.side, external.purpose, external.fill.quantity, u"external"_s);
    order.exchangeId = external.exchangeId;
    order.reason = external.reason;
    order.state = OrderState::Submitted;
    if (!note(OrderChanged{OrderTrigger::Submit, order}))
        return;
    const auto worth = notional(external.fill.price, external.fill.quantity, Rounding::HalfEven).value();
    order.state = OrderState::Filled;
    order.filled = order.quantity;
    order.filledNotional = worth.value_or(Money());
    Fill fill = external.fill;
    fill.order = order.id;
    order.fills.push_back(fill.exchangeTradeId);
    if (const auto change = applyFill(m_record.state.position, fill, external.time)) {
        noteWhatMoved();
        bookFill(eventOf(OrderFilled{std::move(order), fill, change->realised}), *change);
    }
    if (external.purpose == OrderPurpose::Liquidation)
        note(ErrorRaised{ErrorKind::Liquidation, u"the position was liquidated at %1"_s.arg(fill.price.toString())});
    proceed();
}

void BotRunner::moneyMoved(const MoneyMoved &moved)
{
    note(MoneyMoved(moved));
    judgeLimits();
}

void BotRunner::reconciled(const Result<void> &result)
{
    if (!result) {
        cannotConnect(ErrorKind::BinanceClientInit, result.error().text);
        return;
    }
    m_isReconciled = true;
    if (m_paper == nullptr)
        followUpAll();
    readyWhenComplete();
    sendPlannedExit();
    windDown();
    settleKill();
}

// --- what there is ----------------------------------------------------------------------------------------------

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
