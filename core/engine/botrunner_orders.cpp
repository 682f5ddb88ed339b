// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/logging.h"
#include "core/engine/botrunner.h"

#include <algorithm>

namespace tradebot {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr std::size_t rememberedOrders = 64;
constexpr auto firstQueryDelay = std::chrono::milliseconds(1s);
constexpr auto longestQueryDelay = std::chrono::milliseconds(30s);
/// So long an order may still be on its way: that the exchange does not know it proves nothing before.
constexpr auto travelTime = 5s;
/// An entry that never arrived is not sent again when it is older than this; its reason has gone by.
constexpr auto freshEntry = 60s;

/// What rests at the exchange to guard a position.
bool isProtective(const Order &order)
{
    return order.type != OrderType::Market
           && (order.purpose == OrderPurpose::StopLoss || order.purpose == OrderPurpose::TakeProfit);
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
    if (!note(OrderChanged{OrderTrigger::Submit, order}))
        return;
    m_asks.push_back(m_context.now());
    m_context.sendWhenDurable(*this, order);
}

void BotRunner::release(const Order &order)
{
    const Order *const open = findOpen(order.id);
    if (open == nullptr || m_exchange == nullptr)
        return;
    if (open->cancelRequested && open->state == OrderState::Submitted)
        end(*open, OrderTrigger::Cancel, u"cancelled before it was sent"_s);
    else
        m_exchange->submit(*open);
}

void BotRunner::requestCancel(const Order &order, const QString &reason)
{
    const Order *const open = findOpen(order.id);
    if (open == nullptr || open->cancelRequested || m_exchange == nullptr)
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
    if (note(OrderChanged{OrderTrigger::RequestCancel, asked}))
        m_exchange->cancel(asked);
}

/// Closes the position at the market, after whatever else rests at the exchange is out of the way.
void BotRunner::beginExit(OrderPurpose purpose, const QString &tag)
{
    m_pendingExit = PendingExit{purpose, tag};
    for (const Order &order : std::vector<Order>(m_record.state.openOrders))
        requestCancel(order, u"the position is being closed"_s);
    sendPendingExit();
}

void BotRunner::sendPendingExit()
{
    if (!m_pendingExit)
        return;
    const Position &position = m_record.state.position;
    if (!position.isOpen()) {
        m_pendingExit.reset();
        return;
    }
    // An order that nobody knows the outcome of may be waited for in vain.
    const auto &open = m_record.state.openOrders;
    if (std::any_of(open.begin(), open.end(), [](const Order &order) { return order.state != OrderState::Unknown; }))
        return;
    const PendingExit pending = *std::exchange(m_pendingExit, std::nullopt);
    const Quantity quantity =
            roundToStep(position.quantity, m_instrument.quantityStep, Rounding::Floor).value().value_or(Quantity());
    const Order order = makeOrder(opposite(entrySide(position.side)), pending.purpose, quantity, pending.tag);
    if (quantity.isZero())
        writeOffRest(order);
    else
        submit(order);
}

/// With stops at the exchange: one stop and one target rest there, of the position's size, and end each other.
void BotRunner::keepProtectiveOrders()
{
    const Position &position = m_record.state.position;
    if (config().stopsAt != StopsAt::Exchange || !position.isOpen() || isExitUnderWay() || !m_watching
        || !isActive(m_record.state.status))
        return;
    const Protection &protection = m_guard.protection();
    const Side side = opposite(entrySide(position.side));
    const Quantity quantity =
            roundToStep(position.quantity, m_instrument.quantityStep, Rounding::Floor).value().value_or(Quantity());
    const auto fits = [&](const Order &order) {
        const Price wanted = order.purpose == OrderPurpose::StopLoss ? protection.stopLoss : protection.takeProfit;
        const Price has = order.purpose == OrderPurpose::StopLoss ? order.stopPrice : order.limitPrice;
        return has == wanted && order.quantity.raw() - order.filled.raw() == quantity.raw();
    };
    std::vector<Order> resting;
    for (const Order &order : m_record.state.openOrders) {
        if (isProtective(order))
            resting.push_back(order);
    }
    bool hasStop = false;
    bool hasTarget = false;
    bool waits = false;
    EventSequence group;
    for (const Order &order : resting) {
        if (order.triggeredAt != Timestamp()) // it is being filled, and what it filled decides
            return;
        // One that has filled in part has ended its sibling: both are made anew for what is left.
        if (order.cancelRequested || !fits(order) || !order.filled.isZero()) {
            requestCancel(order, u"the position or its stop has changed"_s);
            waits = true;
        }
        (order.purpose == OrderPurpose::StopLoss ? hasStop : hasTarget) = true;
        group = order.oneCancelsOther;
    }
    if (waits || quantity.isZero())
        return;
    noteWhatMoved();
    if (!group.isValid())
        group = m_context.nextSequence();
    if (!hasStop && !protection.stopLoss.isZero()) {
        Order stop = makeOrder(side, OrderPurpose::StopLoss, quantity, QString(toName(OrderPurpose::StopLoss)));
        stop.type = OrderType::Stop;
        stop.stopPrice = protection.stopLoss;
        stop.oneCancelsOther = group;
        if (const auto &percent = config().stopLimitPercent) {
            const Checked<Price> behind = percentOf(stop.stopPrice, *percent, Rounding::HalfEven);
            const auto limit = (side == Side::Sell ? stop.stopPrice - behind : stop.stopPrice + behind).value();
            const auto onStep = limit ? roundToStep(*limit, m_instrument.priceStep, Rounding::HalfEven).value() : limit;
            stop.type = OrderType::StopLimit;
            stop.limitPrice = onStep.value_or(stop.stopPrice);
        }
        submit(stop);
    }
    if (!hasTarget && !protection.takeProfit.isZero() && !isExitUnderWay()) {
        Order target = makeOrder(side, OrderPurpose::TakeProfit, quantity, QString(toName(OrderPurpose::TakeProfit)));
        target.type = OrderType::Limit;
        target.limitPrice = protection.takeProfit;
        target.oneCancelsOther = group;
        submit(target);
    }
}

// --- in ---------------------------------------------------------------------------------------------------------

void BotRunner::orderReport(const OrderReport &report)
{
    const Order *const open = findOpen(report.order);
    if (open == nullptr) {
        if (!report.fill)
            return; // a repeat
        const auto known = std::find_if(m_finished.begin(), m_finished.end(),
                                        [&](const Order &finished) { return finished.id == report.order; });
        if (known == m_finished.end()
            || std::count(known->fills.begin(), known->fills.end(), report.fill->exchangeTradeId) > 0) {
            qCInfo(logEngine) << "bot" << id().value() << "ignores a repeated fill of" << report.order.toString();
            return;
        }
        known->fills.push_back(report.fill->exchangeTradeId);
        externalFill({known->exchangeId, *report.fill, OrderPurpose::External,
                      u"told after order %1 had ended"_s.arg(report.order.toString()), report.time});
        return;
    }
    Order order = *open;
    if (report.exchangeId.isValid())
        order.exchangeId = report.exchangeId;
    if (report.fill) {
        applyReportedFill(std::move(order), report);
        return;
    }
    const auto next = nextState(order.state, report.trigger);
    if (!next)
        return; // late, or a repeat
    if (isFinal(*next) && report.filled.value_or(order.filled) > order.filled) {
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

void BotRunner::applyReportedFill(Order order, const OrderReport &report)
{
    const Fill &fill = *report.fill;
    if (std::count(order.fills.begin(), order.fills.end(), fill.exchangeTradeId) > 0)
        return; // told before
    const auto change = applyFill(m_record.state.position, fill, report.time);
    const auto filled = (order.filled + fill.quantity).value();
    const auto worth = change ? (order.filledNotional + change->filledNotional).value() : std::nullopt;
    if (!filled || !worth) {
        fail(ErrorKind::Overflow, u"the fill of order %1 leaves the range of money"_s.arg(order.id.toString()));
        return;
    }
    // A reduce-only order ends with what there was to reduce.
    const bool isWhole = *filled >= order.quantity || report.trigger == OrderTrigger::Fill;
    const auto next = nextState(order.state, isWhole ? OrderTrigger::Fill : OrderTrigger::PartialFill);
    if (!next)
        return;
    order.state = *next;
    order.filled = *filled;
    order.filledNotional = *worth;
    order.fills.push_back(fill.exchangeTradeId);
    bookFill(order, fill, report.time);
    if (!order.isOpen())
        ended(order);
    proceed();
}

/// Records a fill and what follows from it.
void BotRunner::bookFill(const Order &order, const Fill &fill, Timestamp time)
{
    const PositionSide before = m_record.state.position.side;
    const Price entryBefore = m_record.state.position.entryPrice();
    const auto change = applyFill(m_record.state.position, fill, time);
    if (!change || !note(OrderFilled{order, fill, change->realised}))
        return;
    const bool endsTrade = before != PositionSide::Flat && change->position.side != before;
    if (endsTrade)
        closeTrade(order);
    else if (!change->closed.isZero() && writeOffRest(order))
        return;
    afterFill(before, entryBefore);
    if (m_strategy != nullptr && m_record.state.status == BotStatus::Running) {
        Intents intents; // of its own: a fill may come while a candle's are being carried out
        askStrategy(&order, intents);
    }
}

void BotRunner::afterFill(PositionSide before, Price entryBefore)
{
    const Position &position = m_record.state.position;
    if (!position.isOpen()) {
        m_guard.reset();
        return;
    }
    if (position.side != before) {
        m_guard.reset();
        recordProtection(
                ProtectionGuard::atEntry(config(), m_instrument, position.side, position.entryPrice(), atrPrice()),
                u"entry"_s);
        m_guard.watch(config(), m_instrument, position, m_record.state.protection);
        return;
    }
    m_guard.watch(config(), m_instrument, position, m_guard.protection()); // ahead of what is recorded
    if (position.entryPrice() != entryBefore)
        growProtection(entryBefore);
}

void BotRunner::closeTrade(const Order &order)
{
    noteWhatMoved();
    const OpenTrade &open = m_record.state.openTrade;
    Trade trade;
    trade.id = TradeId(m_context.nextSequence().value());
    trade.bot = id();
    trade.symbol = config().symbol;
    trade.side = order.side == Side::Sell ? PositionSide::Long : PositionSide::Short;
    trade.quantity = open.entered;
    trade.entryTime = open.entryTime;
    trade.exitTime = m_context.now();
    trade.entryPrice = averagePrice(open.entryNotional, open.entered, Rounding::HalfEven).value().value_or(Price());
    trade.exitPrice = averagePrice(open.exitNotional, open.exited, Rounding::HalfEven).value().value_or(Price());
    trade.gross = open.gross;
    trade.fees = open.fees;
    trade.funding = open.funding;
    trade.entryTag = open.entryTag;
    trade.exitReason = order.purpose;
    trade.exitTag = order.tag;
    trade.configVersion = open.configVersion;
    trade.currency = m_instrument.quote;
    note(TradeClosed{trade});
}

/// What is left of a position after fees in base units may be too small for any order: its cost is a loss, and it is
/// over. False when there is more than that.
bool BotRunner::writeOffRest(const Order &order)
{
    const Position &position = m_record.state.position;
    const Quantity smallest = std::max(m_instrument.quantityStep, m_instrument.minimumQuantity);
    if (!position.isOpen() || smallest.isZero() || position.quantity >= smallest)
        return false;
    const Money worth = position.side == PositionSide::Long ? -position.cost : position.cost;
    note(MoneyMoved{LedgerKind::Adjustment, worth, Decimal(), position.entryPrice(), m_context.now(),
                    u"a rest of %1, too small to be traded"_s.arg(position.quantity.toString()), true});
    closeTrade(order);
    m_guard.reset();
    return true;
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
    if (trigger == OrderTrigger::Reject && m_record.state.position.isOpen() && order.reduceOnly && !isProtective(order))
        fail(ErrorKind::OrderRejected, order.reason);
    else if (trigger == OrderTrigger::Reject)
        note(ErrorRaised{ErrorKind::OrderRejected, order.reason});
    proceed();
}

void BotRunner::ended(const Order &order)
{
    if (m_finished.size() == rememberedOrders)
        m_finished.pop_front();
    m_finished.push_back(order);
    if (m_record.state.kill)
        m_killReport.insert_or_assign(order.id, QString(toName(order.state)));
}

/// Goes on with what waited for orders to end.
void BotRunner::proceed()
{
    sendPendingExit();
    enterAsPlanned();
    keepProtectiveOrders();
    windDown();
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
    askAgainLater(order.id, firstQueryDelay);
}

void BotRunner::askAgainLater(const ClientOrderId &order, std::chrono::milliseconds delay)
{
    const Timestamp due = m_context.now() + delay;
    for (Query &query : m_queries) {
        if (query.order == order) {
            query.due = std::max(query.due, due);
            return;
        }
    }
    m_queries.push_back({order, due, delay});
}

void BotRunner::askWhatIsDue()
{
    std::erase_if(m_queries, [this](const Query &query) {
        const Order *const open = findOpen(query.order);
        return open == nullptr || open->state != OrderState::Unknown;
    });
    const Timestamp now = m_context.now();
    std::vector<ClientOrderId> due;
    for (Query &query : m_queries) {
        if (query.due > now)
            continue;
        query.delay = std::min(query.delay * 2, longestQueryDelay);
        query.due = now + query.delay;
        due.push_back(query.order);
    }
    for (const ClientOrderId &order : due) {
        if (const Order *const open = findOpen(order))
            m_exchange->query(Order(*open));
    }
}

void BotRunner::orderNotFound(const ClientOrderId &id)
{
    const Order *const open = findOpen(id);
    if (open == nullptr)
        return;
    const Order order = *open;
    const auto age = m_context.now() - order.createdAt;
    if (order.state == OrderState::Submitted && !order.cancelRequested && (order.reduceOnly || age <= freshEntry)) {
        m_exchange->submit(order); // under the same name: it cannot become two
        return;
    }
    if (order.state == OrderState::Unknown && age < travelTime) {
        askAgainLater(id, firstQueryDelay);
        return;
    }
    const bool wasExit = order.reduceOnly && order.type == OrderType::Market;
    const QString reason = u"it never reached the exchange"_s;
    if (order.cancelRequested || !wasExit) {
        end(order, order.cancelRequested ? OrderTrigger::Cancel : OrderTrigger::Reject, reason);
        return;
    }
    // The position still has to be closed: once more, as a new order.
    Order lost = order;
    lost.state = OrderState::Rejected;
    lost.reason = reason;
    note(OrderChanged{OrderTrigger::Reject, lost});
    ended(lost);
    if (m_record.state.position.isOpen())
        beginExit(order.purpose, order.tag);
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
    bookFill(order, fill, external.time);
    if (external.purpose == OrderPurpose::Liquidation)
        note(ErrorRaised{ErrorKind::Liquidation, u"the position was liquidated at %1"_s.arg(fill.price.toString())});
    proceed();
}

void BotRunner::moneyMoved(const MoneyMoved &moved)
{
    note(MoneyMoved(moved));
}

void BotRunner::reconciled(const Result<void> &result)
{
    if (!result) {
        fail(ErrorKind::BinanceClientInit, result.error().text);
        return;
    }
    m_isReconciled = true;
    readyWhenComplete();
}

// --- what there is ----------------------------------------------------------------------------------------------

const Order *BotRunner::findOpen(const ClientOrderId &id) const
{
    const auto &open = m_record.state.openOrders;
    const auto at = std::find_if(open.begin(), open.end(), [&](const Order &order) { return order.id == id; });
    return at == open.end() ? nullptr : &*at;
}

Order BotRunner::lastKnown(const Order &order) const
{
    if (const Order *const open = findOpen(order.id))
        return *open;
    const auto at = std::find_if(m_finished.begin(), m_finished.end(),
                                 [&](const Order &finished) { return finished.id == order.id; });
    return at == m_finished.end() ? order : *at;
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

/// A market order that closes the position is under way, or about to be.
bool BotRunner::isExitUnderWay() const
{
    const auto &open = m_record.state.openOrders;
    return m_pendingExit || std::any_of(open.begin(), open.end(), [](const Order &order) {
               return order.reduceOnly && order.type == OrderType::Market;
           });
}

} // namespace tradebot
