// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/scriptedexchange.h"

namespace tradebot {

using namespace Qt::StringLiterals;

class ScriptedExchange::Connection final : public ExecutionClient
{
public:
    explicit Connection(ScriptedExchange &exchange) : m_exchange(exchange) { }
    ~Connection() override
    {
        if (m_exchange.m_sink == m_sink)
            m_exchange.m_sink = nullptr;
    }
    void setSink(ExecutionSink *sink) override
    {
        m_sink = sink;
        m_exchange.m_sink = sink;
    }
    void submit(const Order &order) override
    {
        ++m_exchange.submissions;
        if (m_exchange.answers == Answers::NothingComes)
            m_sink->orderUnanswered(order.id, u"no answer within 10 s"_s);
        else
            m_exchange.arrive(order);
    }
    void cancel(const Order &order) override
    {
        if (m_exchange.answers == Answers::NothingComes)
            m_sink->orderUnanswered(order.id, u"no answer within 10 s"_s);
        else
            m_exchange.end(order);
    }
    void query(const Order &order) override
    {
        if (m_exchange.answers == Answers::All)
            m_exchange.answerQuery(order);
        else
            m_sink->orderUnanswered(order.id, u"no answer within 10 s"_s);
    }
    void reconcile(const BotState &belief) override
    {
        for (const Order &order : std::vector<Order>(belief.openOrders))
            query(order);
        m_exchange.tellByHand();
        m_sink->reconciled({});
    }

private:
    ScriptedExchange &m_exchange;
    ExecutionSink *m_sink = nullptr;
};

std::unique_ptr<ExecutionClient> ScriptedExchange::connect()
{
    return std::make_unique<Connection>(*this);
}

void ScriptedExchange::arrive(const Order &order)
{
    ++arrivals[order.id];
    m_newest = order.id;
    auto [at, isNew] = m_orders.try_emplace(order.id, Known{order, {}});
    Known &known = at->second;
    if (isNew) {
        known.order.state = OrderState::Accepted;
        known.order.exchangeId = ExchangeOrderId(u"x%1"_s.arg(m_orders.size()));
        if (order.type == OrderType::Market && fillsAtOnce)
            bookFill(known, order.quantity, price);
    }
    if (answers == Answers::None) {
        m_sink->orderUnanswered(order.id, u"no answer within 10 s"_s);
        return;
    }
    if (known.fills.empty())
        tellState(known);
    else
        tellFill(known, known.fills.size() - 1);
}

void ScriptedExchange::end(const Order &order)
{
    const auto at = m_orders.find(order.id);
    if (at != m_orders.end() && at->second.order.isOpen())
        at->second.order.state = OrderState::Cancelled;
    if (answers == Answers::None)
        m_sink->orderUnanswered(order.id, u"no answer within 10 s"_s);
    else if (at == m_orders.end())
        m_sink->orderNotFound(order.id);
    else
        tellState(at->second);
}

void ScriptedExchange::answerQuery(const Order &order)
{
    const auto at = m_orders.find(order.id);
    if (at == m_orders.end()) {
        m_sink->orderNotFound(order.id);
        return;
    }
    for (std::size_t i = 0; i < at->second.fills.size(); ++i)
        tellFill(at->second, i);
    tellState(at->second);
}

void ScriptedExchange::bookFill(Known &known, Quantity quantity, Price at)
{
    Fill fill = makeFill(known.order.side, quantity, at);
    fill.order = known.order.id;
    known.fills.push_back(fill);
    known.order.filled = (known.order.filled + quantity).value().value();
    known.order.state = known.order.filled >= known.order.quantity ? OrderState::Filled : OrderState::PartiallyFilled;
}

Fill ScriptedExchange::makeFill(Side side, Quantity quantity, Price at)
{
    Fill fill;
    fill.exchangeTradeId = ExchangeTradeId(QString::number(++m_trades));
    fill.side = side;
    fill.price = at;
    fill.quantity = quantity;
    fill.feeRate = feeRate;
    fill.fee = scaled(notional(at, quantity, Rounding::HalfEven).value().value(), feeRate, Rounding::Ceiling)
                       .value()
                       .value();
    m_position = (side == Side::Buy ? m_position + quantity : m_position - quantity).value().value();
    return fill;
}

void ScriptedExchange::tellFill(const Known &known, std::size_t number)
{
    OrderReport report;
    report.order = known.order.id;
    report.exchangeId = known.order.exchangeId;
    report.fill = known.fills[number];
    Quantity filled;
    for (std::size_t i = 0; i <= number; ++i)
        filled = (filled + known.fills[i].quantity).value().value();
    report.filled = filled;
    report.trigger = filled >= known.order.quantity ? OrderTrigger::Fill : OrderTrigger::PartialFill;
    for (int i = 0; i < (tellsTwice ? 2 : 1) && m_sink != nullptr; ++i)
        m_sink->orderReport(report);
}

void ScriptedExchange::tellState(const Known &known)
{
    OrderReport report;
    report.order = known.order.id;
    report.exchangeId = known.order.exchangeId;
    report.filled = known.order.filled;
    report.trigger = known.order.state == OrderState::Cancelled ? OrderTrigger::Cancel
                     : known.order.state == OrderState::Filled  ? OrderTrigger::Fill
                                                                : OrderTrigger::Accept;
    for (int i = 0; i < (tellsTwice ? 2 : 1) && m_sink != nullptr; ++i)
        m_sink->orderReport(report);
}

void ScriptedExchange::fill(const ClientOrderId &id, Quantity quantity, Price at, bool told)
{
    Known &known = m_orders.at(id);
    bookFill(known, quantity, at);
    if (told)
        tellFill(known, known.fills.size() - 1);
}

void ScriptedExchange::cancelByItself(const ClientOrderId &id, bool told)
{
    Known &known = m_orders.at(id);
    known.order.state = OrderState::Cancelled;
    if (told)
        tellState(known);
}

void ScriptedExchange::repeatFills(const ClientOrderId &id)
{
    const Known &known = m_orders.at(id);
    for (std::size_t i = 0; i < known.fills.size(); ++i)
        tellFill(known, i);
}

void ScriptedExchange::tellEnd(const ClientOrderId &id)
{
    tellState(m_orders.at(id));
}

void ScriptedExchange::tradeByHand(Side side, Quantity quantity, Price at)
{
    m_byHand.push_back({ExchangeOrderId(u"hand%1"_s.arg(m_byHand.size() + 1)),
                        makeFill(side, quantity, at),
                        OrderPurpose::External,
                        {},
                        {}});
    tellByHand();
}

void ScriptedExchange::limit(Timestamp until, const QString &why)
{
    if (m_sink != nullptr)
        m_sink->limited(until, why);
}

void ScriptedExchange::tellByHand()
{
    for (; m_byHandTold < m_byHand.size() && m_sink != nullptr; ++m_byHandTold)
        m_sink->externalFill(m_byHand[m_byHandTold]);
}

const Order *ScriptedExchange::find(const ClientOrderId &id) const
{
    const auto at = m_orders.find(id);
    return at == m_orders.end() ? nullptr : &at->second.order;
}

} // namespace tradebot
