// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/scriptedexchange.h"

#include <algorithm>
#include <cstdlib>

namespace tradebot {

using namespace Qt::StringLiterals;

class ScriptedExchange::Connection final : public ExecutionClient
{
public:
    explicit Connection(ScriptedExchange &exchange) : m_exchange(exchange) { }
    ~Connection() override
    {
        if (m_exchange.m_connection != this)
            return;
        m_exchange.m_connection = nullptr;
        m_exchange.m_sink = nullptr;
        m_exchange.m_onTheirWay.clear(); // to a connection that is gone
    }
    void setSink(ExecutionSink *sink) override
    {
        m_sink = sink;
        m_exchange.m_sink = sink;
    }
    void submit(Order order) override
    {
        ++m_exchange.submissions;
        if (m_exchange.answers == Answers::NothingComes)
            m_sink->orderUnanswered(order.id, u"no answer within 10 s"_s);
        else
            m_exchange.arrive(order);
    }
    void cancel(const Order &order) override
    {
        ++m_exchange.cancels;
        if (m_exchange.answers == Answers::NothingComes)
            m_sink->orderUnanswered(order.id, u"no answer within 10 s"_s);
        else
            m_exchange.end(order);
    }
    void query(const Order &order) override
    {
        ++m_exchange.queries;
        if (m_exchange.answers == Answers::All)
            m_exchange.answerQuery(order);
        else
            m_sink->orderUnanswered(order.id, u"no answer within 10 s"_s);
    }
    void reconcile(const BotState &belief) override
    {
        m_belief = belief;
        m_isAsked = true;
        if (m_exchange.reconcilesAtOnce)
            finishReconcile({});
    }
    void finishReconcile(const Result<void> &result)
    {
        if (!std::exchange(m_isAsked, false))
            return;
        if (result) {
            m_exchange.tellOlderFills(m_belief);
            for (const Order &order : std::vector<Order>(m_belief.openOrders))
                query(order);
            m_exchange.m_byHandTold = 0;
            m_exchange.tellByHand();
        }
        m_sink->reconciled(result);
    }

private:
    ScriptedExchange &m_exchange;
    ExecutionSink *m_sink = nullptr;
    BotState m_belief;
    bool m_isAsked = false; ///< to reconcile
};

std::unique_ptr<ExecutionClient> ScriptedExchange::connect()
{
    auto connection = std::make_unique<Connection>(*this);
    m_connection = connection.get();
    return connection;
}

void ScriptedExchange::finishReconcile(const Result<void> &result)
{
    if (m_connection != nullptr)
        m_connection->finishReconcile(result);
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
        if (const QString why = refusalOf(order); !why.isEmpty()) {
            known.order.state = OrderState::Rejected;
            known.order.reason = why;
        } else if (order.type == OrderType::Market && fillsAtOnce) {
            if (matches && order.reduceOnly) // it ends with what there is to reduce
                known.order.quantity = Quantity::fromRaw(std::min(order.quantity.raw(), std::abs(m_position.raw())));
            bookFill(known, known.order.quantity, price);
        }
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

QString ScriptedExchange::refusalOf(const Order &order) const
{
    if (refuses) {
        if (const QString why = refuses(order); !why.isEmpty())
            return why;
    }
    if (matches && (order.type == OrderType::Stop || order.type == OrderType::StopLimit) && isMet(order))
        return u"the stop would trigger immediately"_s;
    const bool closes = order.side == Side::Sell ? m_position.isPositive() : m_position.isNegative();
    if (matches && order.reduceOnly && !closes)
        return u"reduce-only: there is no position to close"_s;
    return {};
}

bool ScriptedExchange::isMet(const Order &order) const
{
    const bool isSell = order.side == Side::Sell;
    switch (order.type) {
    case OrderType::Market: return true;
    case OrderType::Limit:
    case OrderType::TakeProfit: {
        const Price at = order.type == OrderType::Limit ? order.limitPrice : order.stopPrice;
        return isSell ? price >= at : price <= at;
    }
    default: return isSell ? price <= order.stopPrice : price >= order.stopPrice;
    }
}

void ScriptedExchange::moveTo(Price to, int part)
{
    price = to;
    std::vector<ClientOrderId> met;
    for (const auto &[id, known] : m_orders) {
        if (known.order.isOpen() && isMet(known.order))
            met.push_back(id);
    }
    for (const ClientOrderId &id : met) {
        Known &known = m_orders.at(id);
        if (!known.order.isOpen()) // its sibling was met before
            continue;
        qint64 left = known.order.quantity.raw() - known.order.filled.raw();
        if (known.order.reduceOnly)
            left = std::min<qint64>(left, std::abs(m_position.raw()));
        const Quantity quantity = Quantity::fromRaw(left * part / 100);
        if (!quantity.isPositive()) {
            known.order.state = OrderState::Expired;
            tellState(known);
            continue;
        }
        if (std::find(m_cancels.begin(), m_cancels.end(), id) != m_cancels.end())
            ++cancelRaces;
        bookFill(known, quantity, price);
        endSiblings(known.order);
        tellFill(known, known.fills.size() - 1);
    }
}

void ScriptedExchange::endSiblings(const Order &filled)
{
    if (!filled.oneCancelsOther.isValid())
        return;
    for (auto &[id, known] : m_orders) {
        if (id != filled.id && id.bot == filled.id.bot && known.order.oneCancelsOther == filled.oneCancelsOther
            && known.order.isOpen()) {
            known.order.state = OrderState::Cancelled;
            tellState(known);
        }
    }
}

void ScriptedExchange::end(const Order &order)
{
    const auto at = m_orders.find(order.id);
    if (at != m_orders.end() && at->second.order.isOpen() && !cancelsAtOnce) {
        m_cancels.push_back(order.id);
        return;
    }
    if (at != m_orders.end() && at->second.order.isOpen())
        at->second.order.state = OrderState::Cancelled;
    if (answers == Answers::None)
        m_sink->orderUnanswered(order.id, u"no answer within 10 s"_s);
    else if (at == m_orders.end())
        m_sink->orderNotFound(order.id);
    else
        tellState(at->second);
}

void ScriptedExchange::settleCancels()
{
    for (const ClientOrderId &id : std::exchange(m_cancels, {})) {
        Known &known = m_orders.at(id);
        if (known.order.isOpen()) {
            known.order.state = OrderState::Cancelled;
            tellState(known);
        }
    }
}

int ScriptedExchange::openOrders() const
{
    return static_cast<int>(std::count_if(m_orders.begin(), m_orders.end(),
                                          [](const auto &entry) { return entry.second.order.isOpen(); }));
}

void ScriptedExchange::tell(const OrderReport &report)
{
    if (holdsReports) {
        m_onTheirWay.push_back(report);
        return;
    }
    for (int i = 0; i < (tellsTwice ? 2 : 1) && m_sink != nullptr; ++i)
        m_sink->orderReport(report);
}

void ScriptedExchange::deliver(std::size_t which, bool isRepeated)
{
    const OrderReport report = m_onTheirWay[which];
    m_onTheirWay.erase(m_onTheirWay.begin() + static_cast<std::ptrdiff_t>(which));
    if (isRepeated)
        m_onTheirWay.push_back(report);
    if (m_sink != nullptr)
        m_sink->orderReport(report);
}

void ScriptedExchange::loseReport(std::size_t which)
{
    m_onTheirWay.erase(m_onTheirWay.begin() + static_cast<std::ptrdiff_t>(which));
}

void ScriptedExchange::answerQuery(const Order &order)
{
    const auto at = m_orders.find(order.id);
    if (at == m_orders.end()) {
        m_sink->orderNotFound(order.id);
        return;
    }
    const bool held = std::exchange(holdsReports, false); // an answer comes to who asked
    for (std::size_t i = 0; i < at->second.fills.size(); ++i)
        tellFill(at->second, i);
    tellState(at->second);
    holdsReports = held;
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
    tell(report);
}

void ScriptedExchange::tellState(const Known &known)
{
    OrderReport report;
    report.order = known.order.id;
    report.exchangeId = known.order.exchangeId;
    report.filled = known.order.filled;
    report.reason = known.order.reason;
    switch (known.order.state) {
    case OrderState::Cancelled: report.trigger = OrderTrigger::Cancel; break;
    case OrderState::Filled: report.trigger = OrderTrigger::Fill; break;
    case OrderState::Rejected: report.trigger = OrderTrigger::Reject; break;
    case OrderState::Expired: report.trigger = OrderTrigger::Expire; break;
    default: report.trigger = OrderTrigger::Accept; break;
    }
    tell(report);
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

/// A list of the newest trades on the account, as far as the open orders do not bring them: who asks may know them.
void ScriptedExchange::tellOlderFills(const BotState &belief)
{
    constexpr std::size_t told = 16;
    if (answers != Answers::All)
        return;
    std::vector<ClientOrderId> newest;
    for (auto at = m_orders.rbegin(); at != m_orders.rend() && newest.size() < told; ++at)
        newest.push_back(at->first);
    const bool held = std::exchange(holdsReports, false);
    for (const ClientOrderId &id : newest) {
        const bool isOpen = std::any_of(belief.openOrders.begin(), belief.openOrders.end(),
                                        [&id](const Order &order) { return order.id == id; });
        for (std::size_t i = 0; !isOpen && i < m_orders.at(id).fills.size(); ++i)
            tellFill(m_orders.at(id), i);
    }
    holdsReports = held;
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
