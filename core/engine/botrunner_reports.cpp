// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/logging.h"
#include "core/engine/botrunner.h"
#include "core/engine/protectiveorders.h"

#include <algorithm>

namespace tradebot {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

/// So long an order may still be on its way: that the exchange does not know it proves nothing before.
constexpr auto travelTime = 5s;
/// An entry that never arrived is not sent again when it is older than this; its reason has gone by.
constexpr auto freshEntry = 60s;

} // namespace

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
    record(OrderChanged{report.trigger, order});
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
    flushPendingMoves();
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
void BotRunner::bookFill(BotEvent &filled, const PositionChange &change)
{
    const Order &order = std::get<OrderFilled>(filled.payload).order;
    const Position before = m_record.state.position;
    if (!recordEvent(filled))
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
    flushPendingMoves();
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
    record(std::move(closed));
}

void BotRunner::orderUnanswered(const ClientOrderId &id, const QString &why)
{
    if (const Order *const open = findOpen(id))
        loseSight(*open, why);
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
    record(OrderChanged{OrderTrigger::Reject, lost});
    ended(lost);
    proceed();
}

void BotRunner::externalFill(const ExternalFill &external)
{
    const auto &known = m_record.state.externalFills;
    if (std::count(known.begin(), known.end(), external.fill.exchangeTradeId) > 0)
        return;
    flushPendingMoves();
    Order order = makeOrder(external.fill.side, external.purpose, external.fill.quantity, u"external"_s);
    order.exchangeId = external.exchangeId;
    order.reason = external.reason;
    order.state = OrderState::Submitted;
    if (!record(OrderChanged{OrderTrigger::Submit, order}))
        return;
    const auto worth = notional(external.fill.price, external.fill.quantity, Rounding::HalfEven).value();
    order.state = OrderState::Filled;
    order.filled = order.quantity;
    order.filledNotional = worth.value_or(Money());
    Fill fill = external.fill;
    fill.order = order.id;
    order.fills.push_back(fill.exchangeTradeId);
    if (const auto change = applyFill(m_record.state.position, fill, external.time)) {
        flushPendingMoves();
        BotEvent filled = eventOf(OrderFilled{std::move(order), fill, change->realised});
        bookFill(filled, *change);
    }
    if (external.purpose == OrderPurpose::Liquidation)
        record(ErrorRaised{ErrorKind::Liquidation, u"the position was liquidated at %1"_s.arg(fill.price.toString())});
    proceed();
}

/// What others did is an order and its fill. Where only the order became durable, the exchange tells of it once more.
void BotRunner::endUnfilledExternals()
{
    for (Order order : std::vector<Order>(m_record.state.openOrders)) {
        const auto next = nextState(order.state, OrderTrigger::Cancel);
        if (!next || isOurs(order.purpose))
            continue;
        order.state = *next;
        order.reason = u"its fill was not stored"_s;
        record(OrderChanged{OrderTrigger::Cancel, order});
    }
}

void BotRunner::moneyMoved(const MoneyMoved &moved)
{
    record(MoneyMoved(moved));
    judgeLimits();
}

void BotRunner::reconciled(const Result<void> &result)
{
    if (!result) {
        cannotConnect(ErrorKind::ExchangeConnectFailed, result.error().text);
        return;
    }
    m_isReconciled = true;
    if (m_paper == nullptr)
        followUpAll();
    readyWhenComplete();
    sendPlannedExit();
    windDown();
    cancelKilled();
    settleKill();
}

} // namespace tradebot
