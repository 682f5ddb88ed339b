// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine/executionclient.h"

#include <map>
#include <memory>
#include <set>
#include <vector>

namespace tradebot {

/// An exchange that outlives the program which trades on it, and does what the test tells it to: fills at the price of
/// the moment, answers that get lost, orders that never arrive, reports that come twice or in the wrong order.
class ScriptedExchange final
{
public:
    enum class Answers {
        All,          ///< as it should be
        None,         ///< everything is done, and nobody is told
        NothingComes, ///< nothing reaches the exchange, and nobody answers
    };

    /// What a connection of the program sees of it.
    [[nodiscard]] std::unique_ptr<ExecutionClient> connect();

    Answers answers = Answers::All;
    Price price = Price::fromInteger(100);       ///< what market orders fill at
    Decimal feeRate = Decimal::fromRaw(100'000); ///< 0.001 of the notional; negative is a rebate
    bool tellsTwice = false;
    bool fillsAtOnce = true;               ///< market orders; otherwise they rest until fill()
    int submissions = 0;                   ///< of orders, repeats included
    std::map<ClientOrderId, int> arrivals; ///< how often each order reached the exchange

    /// Fills a part of an order; told is false when the report gets lost.
    void fill(const ClientOrderId &id, Quantity quantity, Price at, bool told = true);
    /// The exchange ends an order; the report says what it had filled.
    void cancelByItself(const ClientOrderId &id, bool told = true);
    /// Says all fills of an order again.
    void repeatFills(const ClientOrderId &id);
    /// Somebody trades by hand on the same account.
    void tradeByHand(Side side, Quantity quantity, Price at);
    /// It wants to be left alone until then.
    void limit(Timestamp until, const QString &why);
    /// Only its last report, of the end.
    void tellEnd(const ClientOrderId &id);

    [[nodiscard]] const Order *find(const ClientOrderId &id) const;
    [[nodiscard]] Quantity position() const { return m_position; } ///< negative when short
    [[nodiscard]] ClientOrderId newest() const { return m_newest; }

private:
    class Connection;
    struct Known
    {
        Order order;
        std::vector<Fill> fills;
    };

    void arrive(const Order &order);
    void end(const Order &order);
    void answerQuery(const Order &order);
    void bookFill(Known &known, Quantity quantity, Price at);
    void tellFill(const Known &known, std::size_t number);
    void tellState(const Known &known);
    void tellByHand();
    [[nodiscard]] Fill makeFill(Side side, Quantity quantity, Price at);

    std::map<ClientOrderId, Known> m_orders;
    std::vector<ExternalFill> m_byHand;
    std::size_t m_byHandTold = 0;
    ExecutionSink *m_sink = nullptr;
    ClientOrderId m_newest;
    Quantity m_position;
    int m_trades = 0;
};

} // namespace tradebot
