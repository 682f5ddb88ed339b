// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine/executionclient.h"

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <vector>

namespace tradebot {

/// An exchange that outlives the program which trades on it, and does what the test tells it to: fills at the price of
/// the moment, answers that get lost, orders that never arrive, reports that come late, twice, in the wrong order or
/// not at all, cancels that take their time, refusals.
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
    bool fillsAtOnce = true;      ///< market orders; otherwise they rest until fill()
    bool matches = false;         ///< what rests acts on moveTo(), and a stop that would trigger at once is refused
    bool holdsReports = false;    ///< reports of fills and ends wait for deliver(); answers to questions come at once
    bool cancelsAtOnce = true;    ///< otherwise they wait for settleCancels(), and an order may fill meanwhile
    bool reconcilesAtOnce = true; ///< otherwise with finishReconcile()
    std::function<QString(const Order &)> refuses; ///< why it takes an order not; empty when it takes it
    int submissions = 0;                           ///< of orders, repeats included
    int cancels = 0;                               ///< that were asked for, repeats included
    int queries = 0;
    int cancelRaces = 0;                   ///< orders that filled while their cancel was under way
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

    /// The price moves: what rests and is met fills, all of it or `part` (1 to 100 percent) of what is left.
    void moveTo(Price to, int part = 100);
    [[nodiscard]] std::size_t reportsOnTheirWay() const { return m_onTheirWay.size(); }
    /// A report arrives, the oldest first; twice when it is repeated later.
    void deliver(std::size_t which = 0, bool isRepeated = false);
    void loseReport(std::size_t which);
    void settleCancels();
    void finishReconcile(const Result<void> &result = {});
    /// Orders that rest there.
    [[nodiscard]] int openOrders() const;

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
    [[nodiscard]] QString refusalOf(const Order &order) const;
    [[nodiscard]] bool isMet(const Order &order) const;
    void endSiblings(const Order &filled);
    void tell(const OrderReport &report);
    void answerQuery(const Order &order);
    void bookFill(Known &known, Quantity quantity, Price at);
    void tellFill(const Known &known, std::size_t number);
    void tellState(const Known &known);
    void tellByHand();
    [[nodiscard]] Fill makeFill(Side side, Quantity quantity, Price at);

    std::map<ClientOrderId, Known> m_orders;
    std::vector<ExternalFill> m_byHand;
    std::size_t m_byHandTold = 0;
    std::deque<OrderReport> m_onTheirWay;
    std::vector<ClientOrderId> m_cancels; ///< under way
    Connection *m_connection = nullptr;   ///< the newest
    ExecutionSink *m_sink = nullptr;
    ClientOrderId m_newest;
    Quantity m_position;
    int m_trades = 0;
};

} // namespace tradebot
