// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/paperexchange.h"

#include <algorithm>
#include <map>

namespace tradebot {

using namespace Qt::StringLiterals;

/// What has passed before the price came, then what the price does to the position, to what has just arrived, and to
/// what was there before.
void PaperExchange::meet(const Tick &tick)
{
    settleFunding(tick.time, m_tick.price.isZero() ? tick.markPrice() : m_tick.markPrice());
    m_now = std::max(m_now, tick.time);
    m_tick = tick;
    m_depthLeft = m_matching.depth(tick);
    m_queueLeft.reset();
    liquidateIfDue();

    const std::size_t resting = m_book.size();
    while (!m_inbox.empty() && m_inbox.front().arrives <= tick.time) {
        if (m_inbox.front().isCancel) {
            const Order request = std::move(m_inbox.front().order);
            m_inbox.erase(m_inbox.begin());
            endByRequest(request);
        } else {
            m_book.emplace_back(std::move(m_inbox.front().order));
            m_inbox.erase(m_inbox.begin());
            take(m_book.back());
        }
    }
    for (std::size_t i = 0; i < resting; ++i) {
        if (m_book[i].isOpen())
            act(m_book[i]);
    }
    liquidateIfDue();
    cleanUp();
}

void PaperExchange::act(Working &working)
{
    Order &order = working.order;
    switch (working.stage) {
    case Stage::Taking: takeMarket(working); return;
    case Stage::Resting: fillResting(working); return;
    case Stage::Waiting:
        if (PaperMatching::triggers(m_tick.price, order))
            trigger(working);
        else if (order.type == OrderType::TrailingStop)
            order.stopPrice = m_matching.trailed(order, m_tick.price);
        return;
    }
}

void PaperExchange::trigger(Working &working)
{
    working.order.triggeredAt = m_now;
    tell(working, OrderTrigger::Trigger);
    cancelOthers(working, "triggered"_L1);
    if (working.order.type == OrderType::StopLimit) {
        working.stage = Stage::Resting;
        takeLimit(working);
    } else {
        working.stage = Stage::Taking;
        takeMarket(working);
    }
}

void PaperExchange::takeMarket(Working &working)
{
    const Quantity wish = wanted(working);
    const Quantity quantity = std::min(wish, m_depthLeft);
    const auto price = m_matching.takerPrice(m_tick, working.order.side);
    const TimeInForce force = working.order.timeInForce;
    working.takingPrice = price.value_or(working.takingPrice);
    if (force == TimeInForce::Fok && (!price || quantity < wish)) {
        end(working, OrderTrigger::Expire,
            u"fill or kill: %1 of %2 could be had"_s.arg(quantity.toString(), wish.toString()));
        return;
    }
    if (price && quantity.isPositive() && !fill(working, *price, quantity, false))
        return;
    if (force == TimeInForce::Ioc && working.isOpen())
        end(working, OrderTrigger::Expire, u"immediate or cancel: no more could be had"_s);
}

void PaperExchange::takeLimit(Working &working)
{
    const Order &order = working.order;
    const bool takes = PaperMatching::isMarketable(m_tick, order.side, order.limitPrice);
    const auto price = takes ? m_matching.takerPrice(m_tick, order.side, order.limitPrice) : std::nullopt;
    const Quantity wish = wanted(working);
    const Quantity quantity = price ? std::min(wish, m_depthLeft) : Quantity();
    if (order.timeInForce == TimeInForce::Fok && quantity < wish) {
        end(working, OrderTrigger::Expire,
            u"fill or kill: %1 of %2 could be had at %3"_s.arg(quantity.toString(), wish.toString(),
                                                               order.limitPrice.toString()));
        return;
    }
    if (quantity.isPositive() && !fill(working, *price, quantity, false))
        return;
    if (order.timeInForce == TimeInForce::Ioc && working.isOpen()) {
        end(working, OrderTrigger::Expire,
            u"immediate or cancel: no more could be had at %1"_s.arg(order.limitPrice.toString()));
    }
}

void PaperExchange::fillResting(Working &working)
{
    const Order &order = working.order;
    if (PaperMatching::tradesThrough(m_tick.price, order.side, order.limitPrice)) {
        fill(working, order.limitPrice, wanted(working), true);
    } else if (m_tick.price == order.limitPrice && queueLeft().isPositive()) {
        const Quantity quantity = std::min(wanted(working), queueLeft());
        if (fill(working, order.limitPrice, quantity, true))
            m_queueLeft = Quantity::fromRaw(queueLeft().raw() - quantity.raw());
    }
}

/// Trades so much of an order. False when the account cannot bear it: that ends the order.
bool PaperExchange::fill(Working &working, Price price, Quantity quantity, bool isMaker)
{
    Order &order = working.order;
    const auto refuse = [&](const QString &reason) {
        end(working, order.state == OrderState::Submitted ? OrderTrigger::Reject : OrderTrigger::Expire, reason);
        return false;
    };
    const QString tooMuch = u"the worth of the order lies beyond ±92233720368.54775807"_s;
    auto traded = m_account.makeFill(order.side, price, quantity, isMaker ? m_fees.maker : m_fees.taker);
    if (!traded)
        return refuse(tooMuch);
    const auto outcome = m_account.after(*traded, m_now);
    if (const QString reason = refusal(working, *traded, outcome); !reason.isEmpty())
        return refuse(reason);
    if (!outcome)
        return refuse(outcome.error().text);
    const auto worth = (order.filledNotional + outcome->change.filledNotional).value();
    if (!worth)
        return refuse(tooMuch);

    traded->order = order.id;
    traded->isMaker = isMaker;
    const qint64 number = std::ssize(order.fills) + std::ssize(working.fills) + 1;
    traded->exchangeTradeId = ExchangeTradeId(paperName({order.id.sequence.value(), number}));
    m_account.accept(*outcome, m_now);
    m_fills += 1;
    order.filled = Quantity::fromRaw(order.filled.raw() + quantity.raw());
    order.filledNotional = *worth;
    working.fills.emplace_back(m_now, *traded);
    if (!isMaker)
        m_depthLeft = m_depthLeft == Quantity::maximum() ? m_depthLeft
                                                         : Quantity::fromRaw(m_depthLeft.raw() - quantity.raw());
    const bool isWhole = wanted(working).isZero();
    if (isWhole)
        working.endedAt = m_now;
    tellMoney(LedgerKind::Adjustment, outcome->givenBack, Decimal(), u"insurance fund"_s); // part of the fill's trade
    tell(working, isWhole ? OrderTrigger::Fill : OrderTrigger::PartialFill, {}, &*traded);
    settleAfterFill(working);
    return true;
}

Quantity PaperExchange::queueLeft()
{
    if (!m_queueLeft)
        m_queueLeft = m_matching.queueShare(m_tick);
    return *m_queueLeft;
}

/// What a fill means to the other orders.
void PaperExchange::settleAfterFill(const Working &working)
{
    cancelOthers(working, "filled"_L1);
    for (Working &other : m_book) {
        const bool mayBeVoid = other.order.reduceOnly && other.order.state != OrderState::Submitted;
        if (mayBeVoid && other.isOpen() && wanted(other).isZero())
            end(other, OrderTrigger::Expire, u"reduce-only: nothing left to reduce"_s);
    }
}

/// Ends the orders that this one cancels, on their way or there.
void PaperExchange::cancelOthers(const Working &working, QLatin1StringView what)
{
    const EventSequence group = working.order.oneCancelsOther;
    if (!group.isValid())
        return;
    const QString reason = u"one cancels the other: %1 was %2"_s.arg(working.order.id.toString(), what);
    for (Working &other : m_book) {
        if (&other != &working && other.isOpen() && other.order.oneCancelsOther == group)
            end(other, OrderTrigger::Cancel, reason);
    }
    cancelOnTheirWay([group](const Order &order) { return order.oneCancelsOther == group; }, reason);
}

bool PaperExchange::cancelOnTheirWay(const std::function<bool(const Order &)> &which, const QString &reason)
{
    return std::erase_if(m_inbox,
                         [&](const Message &message) {
                             if (message.isCancel || !which(message.order))
                                 return false;
                             Working never{Order(message.order)};
                             end(never, OrderTrigger::Cancel, reason);
                             remember(std::move(never));
                             return true;
                         })
           > 0;
}

void PaperExchange::liquidateIfDue()
{
    const Price mark = m_tick.markPrice();
    if (!m_account.isLiquidatedAt(mark))
        return;
    const auto done = m_account.liquidate(mark, m_now);
    if (!done)
        return;
    const QString reason = u"liquidation"_s;
    for (Working &working : m_book) {
        if (working.isOpen())
            end(working, OrderTrigger::Cancel, reason);
    }
    cancelOnTheirWay([](const Order &) { return true; }, reason);

    // Before the fill that ends the trade, so that they belong to it.
    tellMoney(LedgerKind::Liquidation, -done->fee, done->feeRate, u"liquidation fee"_s);
    tellMoney(LedgerKind::Adjustment, done->givenBack, Decimal(), u"insurance fund"_s);
    ExternalFill closing;
    closing.fill = done->fill;
    m_fills += 1;
    const QString id = u"paper-liquidation-"_s + QString::number(m_fills);
    closing.exchangeId = ExchangeOrderId(id);
    closing.fill.exchangeTradeId = ExchangeTradeId(id);
    closing.purpose = OrderPurpose::Liquidation;
    closing.reason = reason;
    closing.time = m_now;
    m_outbox.emplace_back(std::move(closing));
}

/// Money that moves without a fill, counted by the mark price of this moment.
void PaperExchange::tellMoney(LedgerKind kind, Money amount, Decimal rate, const QString &why)
{
    if (amount.isZero())
        return;
    MoneyMoved moved;
    moved.kind = kind;
    moved.amount = amount;
    moved.rate = rate;
    moved.mark = m_tick.markPrice();
    moved.reason = why;
    m_outbox.emplace_back(std::move(moved));
}

void PaperExchange::settleFunding(Timestamp now, Price mark)
{
    if (!m_account.owesFunding(now))
        return;
    for (MoneyMoved &moved : m_account.settleFunding(now, mark))
        m_outbox.emplace_back(std::move(moved));
}

void PaperExchange::remember(Working &&ended)
{
    m_newestFinished = std::max(m_newestFinished, ended.order.id.sequence);
    m_finished.push(std::move(ended));
}

/// What has ended leaves the book.
void PaperExchange::cleanUp()
{
    auto end = m_book.begin();
    for (auto at = m_book.begin(); at != m_book.end(); ++at) {
        if (!at->isOpen())
            remember(std::move(*at));
        else if (at != end++)
            *std::prev(end) = std::move(*at);
    }
    m_book.erase(end, m_book.end());
}

/// How much an order still wants; of a reduce-only one no more than there is to reduce.
Quantity PaperExchange::wanted(const Working &working) const
{
    const Quantity rest = working.remaining();
    return working.order.reduceOnly ? std::min(rest, m_account.closableBy(working.order.side)) : rest;
}

/// Why the account cannot bear this fill of an order; empty when it can.
QString PaperExchange::refusal(const Working &working, const Fill &fill,
                               const Result<MarginAccount::Outcome> &outcome) const
{
    if (working.order.reduceOnly)
        return {};
    if (m_account.isSpot() && fill.side == Side::Sell) {
        const Quantity held = m_account.closableBy(Side::Sell);
        const auto bound = heldByOthers(working);
        if (const auto left = (held - bound - Checked<Quantity>(fill.quantity)).value(); left && !left->isNegative())
            return {};
        return u"insufficient %1: needed=%2 held=%3"_s.arg(m_instrument.base, fill.quantity.toString(),
                                                           held.toString());
    }
    if (!outcome)
        return outcome.error().text;
    if (outcome->change.opened.isZero() && !m_account.isSpot())
        return {};
    const auto locked = lockedByOthers(working);
    const auto left =
            (m_account.freeMoney(outcome->balance, outcome->change.position, m_tick.markPrice()) - locked).value();
    const Money worth = outcome->change.filledNotional;
    if (!left || left->isNegative()) {
        const Money needed =
                m_account.isSpot() ? worth : initialMargin(worth, m_account.terms().leverage).valueOr(worth);
        const Money bound = locked.valueOr(Money::maximum());
        const QString others = bound.isZero() ? QString() : u" locked=%1"_s.arg(bound.toString());
        return u"insufficient balance: needed=%1 fee=%2 balance=%3"_s.arg(needed.toString(), fill.fee.toString(),
                                                                          m_account.balance().toString())
               + others;
    }
    const MarginTerms &terms = m_account.terms();
    const Money cost = outcome->change.position.cost;
    if (!m_account.isSpot() && terms.leverage > terms.brackets.maximumLeverage(cost)) {
        return u"a leverage of %1 is too much for a position of %2: at most %3"_s.arg(terms.leverage)
                .arg(cost.toString())
                .arg(terms.brackets.maximumLeverage(cost));
    }
    return {};
}

/// The money that an order binds while it waits, rounded up.
Checked<Money> PaperExchange::lockOf(const Working &working) const
{
    const Order &order = working.order;
    if (order.reduceOnly || (m_account.isSpot() && order.side == Side::Sell))
        return Money();
    Price price = order.limitPrice;
    if (working.stage == Stage::Taking)
        price = working.takingPrice;
    else if (price.isZero())
        price = order.stopPrice;
    const Quantity rest = working.remaining();
    const Quantity opening =
            Quantity::fromRaw(std::max<std::int64_t>(0, rest.raw() - m_account.closableBy(order.side).raw()));
    return m_account.needFor(order.side, price, opening, worstRate());
}

/// Of orders that end each other only the one that binds most counts.
Checked<Money> PaperExchange::lockedByOthers(const Working &working) const
{
    Checked<Money> all = Money();
    std::map<EventSequence, Money> groups;
    for (const Working &other : m_book) {
        const EventSequence group = other.order.oneCancelsOther;
        const bool isSibling = group.isValid() && group == working.order.oneCancelsOther;
        if (&other == &working || isSibling || !other.isOpen())
            continue;
        const auto lock = lockOf(other).value();
        if (!lock)
            return Checked<Money>::failed();
        if (group.isValid())
            groups[group] = std::max(groups[group], *lock);
        else
            all += *lock;
    }
    for (const auto &[group, lock] : groups)
        all += lock;
    return all;
}

/// Of what is held on the spot market, what other orders to sell have claimed.
Quantity PaperExchange::heldByOthers(const Working &working) const
{
    Checked<Quantity> all = Quantity();
    std::map<EventSequence, Quantity> groups;
    for (const Working &other : m_book) {
        const EventSequence group = other.order.oneCancelsOther;
        const bool isSibling = group.isValid() && group == working.order.oneCancelsOther;
        const bool claims = other.isOpen() && other.order.side == Side::Sell && !other.order.reduceOnly;
        if (&other == &working || isSibling || !claims)
            continue;
        if (group.isValid())
            groups[group] = std::max(groups[group], other.remaining());
        else
            all += other.remaining();
    }
    for (const auto &[group, claim] : groups)
        all += claim;
    return all.valueOr(Quantity::maximum());
}

} // namespace tradebot
