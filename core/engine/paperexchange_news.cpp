// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/paperexchange.h"

#include <algorithm>

namespace tradebot {

/// The fills that the owner does not know of and what has become of the order; false when it is not known here.
bool PaperExchange::tellAgain(const Order &belief)
{
    const Working *working = find(belief.id);
    if (working == nullptr)
        working = findFinished(belief.id);
    if (working == nullptr)
        return false;
    const bool isFilled = working->order.state == OrderState::Filled;
    Quantity filled = working->order.filled;
    for (const auto &[time, fill] : working->fills)
        filled = Quantity::fromRaw(filled.raw() - fill.quantity.raw());
    for (const auto &[time, fill] : working->fills) {
        filled = Quantity::fromRaw(filled.raw() + fill.quantity.raw());
        const bool isLast = isFilled && filled == working->order.filled;
        const bool isKnown =
                std::find(belief.fills.begin(), belief.fills.end(), fill.exchangeTradeId) != belief.fills.end();
        if (isKnown && !isLast)
            continue;
        OrderReport &report = addReport(*working, isLast ? OrderTrigger::Fill : OrderTrigger::PartialFill, time);
        report.fill = fill;
        report.filled = filled;
    }
    if (isFilled)
        return true;
    OrderTrigger state = OrderTrigger::Accept;
    if (working->order.state == OrderState::Cancelled)
        state = OrderTrigger::Cancel;
    else if (working->order.state == OrderState::Rejected)
        state = OrderTrigger::Reject;
    else if (working->order.state == OrderState::Expired)
        state = OrderTrigger::Expire;
    const Timestamp since = working->isOpen() ? working->order.acceptedAt : working->endedAt;
    addReport(*working, state, since).reason = working->order.reason;
    return true;
}

OrderReport &PaperExchange::addReport(const Working &working, OrderTrigger trigger, Timestamp time)
{
    auto &report = std::get<OrderReport>(m_outbox.emplace_back(std::in_place_type<OrderReport>));
    report.order = working.order.id;
    report.trigger = trigger;
    report.exchangeId = working.order.exchangeId;
    report.time = time;
    if (working.order.type == OrderType::TrailingStop)
        report.stopPrice = working.order.stopPrice;
    report.filled = working.order.filled;
    return report;
}

void PaperExchange::tell(Working &working, OrderTrigger trigger, const QString &reason, const Fill *fill)
{
    working.order.state = nextState(working.order.state, trigger).value_or(working.order.state);
    working.toldStop = working.order.stopPrice;
    OrderReport &report = addReport(working, trigger, m_now);
    report.reason = reason;
    if (fill != nullptr)
        report.fill = *fill;
}

void PaperExchange::accept(Working &working)
{
    working.order.acceptedAt = m_now;
    tell(working, OrderTrigger::Accept);
}

void PaperExchange::end(Working &working, OrderTrigger trigger, const QString &reason)
{
    working.order.reason = reason;
    working.endedAt = m_now;
    tell(working, trigger, reason);
}

void PaperExchange::deliver()
{
    if (m_delivers || m_sink == nullptr)
        return;
    struct Teller
    {
        ExecutionSink &sink;
        void operator()(const OrderReport &report) const { sink.orderReport(report); }
        void operator()(const ExternalFill &fill) const { sink.externalFill(fill); }
        void operator()(const MoneyMoved &moved) const { sink.moneyMoved(moved); }
        void operator()(const ClientOrderId &unknown) const { sink.orderNotFound(unknown); }
        void operator()(const Result<void> &result) const { sink.reconciled(result); }
    };
    m_delivers = true;
    while (!m_outbox.empty()) { // more may come meanwhile
        m_telling.swap(m_outbox);
        for (const News &news : m_telling)
            std::visit(Teller{*m_sink}, news);
        m_telling.clear();
    }
    m_delivers = false;
}

} // namespace tradebot
