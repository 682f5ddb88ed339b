// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/paperexchange.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <string_view>

namespace tradebot {

using namespace Qt::StringLiterals;

namespace {

bool hasStopPrice(OrderType type)
{
    return type != OrderType::Market && type != OrderType::Limit;
}

bool hasLimitPrice(OrderType type)
{
    return type == OrderType::Limit || type == OrderType::StopLimit;
}

/// What makes no sense by itself.
QString flawOf(const Order &order)
{
    if (!order.quantity.isPositive())
        return u"a quantity of %1: it must be above 0"_s.arg(order.quantity.toString());
    if (hasLimitPrice(order.type) && !order.limitPrice.isPositive())
        return u"a %1 order needs a limit price above 0"_s.arg(toName(order.type));
    const bool trails = order.type == OrderType::TrailingStop;
    if (hasStopPrice(order.type) && !trails && !order.stopPrice.isPositive())
        return u"a %1 order needs a stop price above 0"_s.arg(toName(order.type));
    if (trails && (!order.trailingPercent.isPositive() || order.trailingPercent >= Decimal::fromInteger(100)))
        return u"a trailing stop of %1 %: it must be between 0 and 100"_s.arg(order.trailingPercent.toString());
    if (order.postOnly && (order.type != OrderType::Limit || order.timeInForce != TimeInForce::Gtc))
        return u"post-only: only a limit order that is good till cancelled can be"_s;
    return {};
}

} // namespace

QString PaperExchange::paperName(std::initializer_list<qint64> numbers)
{
    std::array<char16_t, 64> text; // written from its end, as many names are made
    auto at = text.end();
    for (auto number = std::rbegin(numbers); number != std::rend(numbers); ++number) {
        qint64 rest = *number;
        do {
            *--at = static_cast<char16_t>(u'0' + rest % 10);
            rest /= 10;
        } while (rest > 0);
        *--at = u'-';
    }
    constexpr std::u16string_view paper = u"paper";
    at = std::copy_backward(paper.begin(), paper.end(), at);
    return QStringView(at, text.end()).toString();
}

PaperExchange::PaperExchange(const BotConfig &config, const Instrument &instrument)
    : m_fees(config.fees),
      m_latency(config.paper.latencyMilliseconds),
      m_instrument(instrument),
      m_matching(config, instrument),
      m_account(config, instrument)
{ }

void PaperExchange::setSink(ExecutionSink *sink)
{
    m_sink = sink;
}

void PaperExchange::restore(const BotState &state)
{
    m_account.restore(state);
    m_fills = state.life.fills;
    m_inbox.clear();
    m_book.clear();
    m_finished.clear();
    m_newestFinished = EventSequence();
    m_outbox.clear();
    for (const Order &order : state.openOrders) {
        const bool wasThere =
                order.state == OrderState::Accepted || order.state == OrderState::PartiallyFilled
                || (order.state == OrderState::Unknown && (order.acceptedAt != Timestamp() || !order.filled.isZero()));
        if (!wasThere)
            continue;
        Working &working = m_book.emplace_back(Order(order));
        working.order.state = order.filled.isZero() ? OrderState::Accepted : OrderState::PartiallyFilled;
        working.toldStop = order.stopPrice;
    }
}

PaperExchange::Stage PaperExchange::stageOf(const Order &order)
{
    if (hasStopPrice(order.type) && order.triggeredAt == Timestamp())
        return Stage::Waiting;
    return hasLimitPrice(order.type) ? Stage::Resting : Stage::Taking;
}

void PaperExchange::submit(Order order)
{
    if (isOnItsWay(order.id) || tellAgain(order)) {
        deliver(); // a repeat of what is here is the same order
        return;
    }
    // Without latency it is there: the next price finds it.
    const Timestamp arrives = m_latency.count() == 0 ? Timestamp::min() : order.createdAt + m_latency;
    send(arrives, false, std::move(order));
}

void PaperExchange::cancel(const Order &order)
{
    if (m_latency.count() > 0) {
        const Timestamp left = order.cancelRequestedAt == Timestamp() ? m_now : order.cancelRequestedAt;
        send(std::max(left, order.createdAt) + m_latency, true, Order(order));
        return;
    }
    const QString reason = order.reason.isEmpty() ? u"on request"_s : order.reason;
    if (!cancelOnTheirWay([&order](const Order &sent) { return sent.id == order.id; }, reason))
        endByRequest(order);
    deliver();
}

void PaperExchange::query(const Order &order)
{
    if (!isOnItsWay(order.id) && !tellAgain(order))
        m_outbox.emplace_back(order.id);
    deliver();
}

void PaperExchange::reconcile(const BotState &belief)
{
    for (const Order &order : belief.openOrders) {
        if (!isOnItsWay(order.id) && !tellAgain(order) && order.state != OrderState::Submitted)
            m_outbox.emplace_back(order.id);
    }
    m_outbox.emplace_back(Result<void>());
    deliver();
}

void PaperExchange::tick(const Tick &tick)
{
    meet(tick);
    deliver();
}

void PaperExchange::remember(const Tick &tick)
{
    m_tick = tick;
    m_now = std::max(m_now, tick.time);
    for (Working &working : m_book) {
        if (working.stage == Stage::Taking)
            working.takingPrice = m_matching.takerPrice(tick, working.order.side).value_or(working.takingPrice);
    }
}

std::optional<Price> PaperExchange::firstTouch(Price from, Price to) const
{
    if (from == to)
        return std::nullopt;
    std::optional<Price> first;
    const auto consider = [&](std::optional<Price> price) {
        if (price && (!first || (to > from ? *price < *first : *price > *first)))
            first = price;
    };
    if (!m_inbox.empty() && m_inbox.front().arrives <= m_now)
        consider(m_matching.oneStepOn(from, to));
    for (const Working &working : m_book) {
        if (working.stage != Stage::Taking)
            consider(m_matching.firstTouch(working.order, working.stage == Stage::Waiting, from, to));
    }
    if (m_account.isLiquidatedAt(to)) { // else it lies further on
        const bool isLong = m_account.position().side == PositionSide::Long;
        const Price end = m_account.liquidationPrice().value_or(to);
        const Price onGrid = m_matching.onGrid(end, isLong);
        consider(m_matching.firstBeyond(isLong ? std::max(onGrid, to) : std::min(onGrid, to), isLong, from, to));
    }
    return first;
}

void PaperExchange::touch(Price price, Quantity volume, Timestamp time)
{
    tick({time, price, volume});
}

void PaperExchange::fillAt(const Order &order, Price price, Timestamp time)
{
    if (!isOnItsWay(order.id) && !tellAgain(order)) {
        m_now = std::max(m_now, time);
        m_tick = {time, price, Quantity()};
        m_depthLeft = Quantity::maximum();
        Working &working = m_book.emplace_back(Order(order));
        if (const QString flaw = flawOf(order); !flaw.isEmpty())
            end(working, OrderTrigger::Reject, flaw);
        else if (wanted(working).isZero())
            end(working, OrderTrigger::Reject, u"reduce-only: there is no position to close"_s);
        else if (const auto paid = m_matching.takerPrice(m_tick, order.side))
            fill(working, *paid, wanted(working), false);
        else
            end(working, OrderTrigger::Reject, u"there is no price to fill it at"_s);
        cleanUp();
    }
    deliver();
}

void PaperExchange::timePassed(Timestamp now)
{
    m_now = std::max(m_now, now);
    if (!m_tick.price.isZero())
        settleFunding(now, m_tick.markPrice());
    deliver();
}

void PaperExchange::reportMovedStops()
{
    for (Working &working : m_book) {
        if (working.order.type == OrderType::TrailingStop && working.stage == Stage::Waiting
            && working.order.stopPrice != working.toldStop)
            tell(working, OrderTrigger::Amend);
    }
    deliver();
}

void PaperExchange::send(Timestamp arrives, bool isCancel, Order &&order)
{
    const auto behind = std::upper_bound(m_inbox.begin(), m_inbox.end(), arrives,
                                         [](Timestamp time, const Message &other) { return time < other.arrives; });
    m_inbox.emplace(behind, arrives, isCancel, std::move(order));
}

PaperExchange::Working::Working(Order &&arrived) : order(std::move(arrived)), stage(stageOf(order))
{
    order.state = OrderState::Submitted;
    order.exchangeId = ExchangeOrderId(paperName({order.id.sequence.value()}));
}

void PaperExchange::take(Working &working)
{
    QString reason = flawOf(working.order);
    if (reason.isEmpty())
        reason = filtered(working.order);
    if (reason.isEmpty() && !isFilledAtOnce(working))
        reason = refusalOnArrival(working);
    if (!reason.isEmpty()) {
        end(working, OrderTrigger::Reject, reason);
        return;
    }
    if (hasStopPrice(working.order.type)) {
        accept(working);
    } else if (working.order.type == OrderType::Limit) {
        accept(working);
        takeLimit(working);
    } else {
        if (m_depthLeft < wanted(working))
            accept(working);
        takeMarket(working);
    }
}

/// Which of the instrument's filters refuses an order; empty when none does.
QString PaperExchange::filtered(const Order &order) const
{
    const auto isOn = [](auto value, auto step) { return !step.isPositive() || value.raw() % step.raw() == 0; };
    if (!isOn(order.quantity, m_instrument.quantityStep) || order.quantity < m_instrument.minimumQuantity) {
        return u"lot size: a quantity of %1 is not in steps of %2, or below %3"_s.arg(
                order.quantity.toString(), m_instrument.quantityStep.toString(),
                m_instrument.minimumQuantity.toString());
    }
    const Price stop = order.type == OrderType::TrailingStop ? Price() : order.stopPrice; // which is made here
    for (const Price price : {order.limitPrice, stop}) {
        if (!isOn(price, m_instrument.priceStep))
            return u"price filter: %1 is not in steps of %2"_s.arg(price.toString(), m_instrument.priceStep.toString());
    }
    if (!m_instrument.minimumNotional.isPositive() || (order.reduceOnly && !m_account.isSpot()))
        return {};
    const Price price = !order.limitPrice.isZero() ? order.limitPrice : !stop.isZero() ? stop : m_tick.price;
    const auto worth = notional(price, order.quantity, Rounding::HalfEven).value();
    if (worth && *worth < m_instrument.minimumNotional) {
        return u"min notional: %1 is below %2"_s.arg(worth->toString(), m_instrument.minimumNotional.toString());
    }
    return {};
}

void PaperExchange::clockSetBack(Timestamp now)
{
    m_now = now;
    for (Message &message : m_inbox)
        message.arrives = std::min(message.arrives, now + m_latency);
}

/// One that takes all it wants from this very price: its fill judges whether the account can bear it.
bool PaperExchange::isFilledAtOnce(const Working &working) const
{
    const Quantity wish = wanted(working);
    return working.order.type == OrderType::Market && wish.isPositive() && wish <= m_depthLeft
           && m_matching.takerPrice(m_tick, working.order.side);
}

/// Why an order that has just arrived is refused. Gives a trailing stop its stop price.
QString PaperExchange::refusalOnArrival(Working &working)
{
    Order &order = working.order;
    const Quantity quantity = wanted(working);
    if (quantity.isZero())
        return u"reduce-only: there is no position to close"_s;
    if (order.type == OrderType::TrailingStop)
        order.stopPrice = m_matching.trailed(order, m_tick.price);
    if (hasStopPrice(order.type) && (!order.stopPrice.isPositive() || PaperMatching::triggers(m_tick.price, order))) {
        return u"the stop at %1 would trigger immediately: the price is %2"_s.arg(order.stopPrice.toString(),
                                                                                  m_tick.price.toString());
    }
    const bool takes =
            order.type == OrderType::Market
            || (order.type == OrderType::Limit && PaperMatching::isMarketable(m_tick, order.side, order.limitPrice));
    std::optional<Price> price = hasLimitPrice(order.type) ? order.limitPrice : order.stopPrice;
    if (takes) {
        price = m_matching.takerPrice(m_tick, order.side, order.limitPrice);
        if (!price)
            return u"there is no price to fill it at"_s;
        if (order.postOnly)
            return u"post-only: it would take at %1"_s.arg(price->toString());
        price = std::max(*price, order.limitPrice); // a rest of it waits at its limit
    }
    const auto whole = m_account.makeFill(order.side, *price, quantity,
                                          order.type == OrderType::Market ? m_fees.taker : worstRate());
    if (!whole || lockOf(working).overflowed())
        return u"the worth of the order lies beyond ±92233720368.54775807"_s;
    if (order.reduceOnly)
        return {};
    return refusal(working, *whole, m_account.after(*whole, m_now));
}

void PaperExchange::endByRequest(const Order &request)
{
    Working *working = find(request.id);
    if (working != nullptr && working->isOpen())
        end(*working, OrderTrigger::Cancel, request.reason.isEmpty() ? u"on request"_s : request.reason);
    else if (!tellAgain(request)) // it had ended before
        m_outbox.emplace_back(request.id);
}

bool PaperExchange::knows(const ClientOrderId &id) const
{
    return isOnItsWay(id) || std::any_of(m_book.begin(), m_book.end(), [&id](const Working &working) {
               return working.order.id == id && working.isOpen();
           });
}

PaperExchange::Working *PaperExchange::find(const ClientOrderId &id)
{
    const auto at = std::find_if(m_book.begin(), m_book.end(),
                                 [&id](const Working &working) { return working.order.id == id; });
    return at == m_book.end() ? nullptr : &*at;
}

const PaperExchange::Working *PaperExchange::findFinished(const ClientOrderId &id) const
{
    if (id.sequence > m_newestFinished)
        return nullptr; // it is new
    const auto at = std::find_if(m_finished.begin(), m_finished.end(),
                                 [&id](const Working &working) { return working.order.id == id; });
    return at == m_finished.end() ? nullptr : &*at;
}

bool PaperExchange::isOnItsWay(const ClientOrderId &id) const
{
    return std::any_of(m_inbox.begin(), m_inbox.end(),
                       [&id](const Message &message) { return !message.isCancel && message.order.id == id; });
}

} // namespace tradebot
