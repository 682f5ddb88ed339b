// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/domain/botevent.h"

namespace tradebot {

/// Where an exchange says what became of orders and of the account. Engine thread. Calls may come at once, from within
/// a call of ExecutionClient, or later; repeated, late and in any order.
class ExecutionSink
{
public:
    ExecutionSink() = default;
    ExecutionSink(const ExecutionSink &) = delete;
    ExecutionSink &operator=(const ExecutionSink &) = delete;
    virtual ~ExecutionSink() = default;

    /// A step of one of our orders.
    virtual void orderReport(const OrderReport &report) = 0;
    /// What was asked about this order (submit, cancel, query) got no answer: nothing is known.
    virtual void orderUnanswered(const ClientOrderId &order, const QString &why) = 0;
    /// The answer to query(): the exchange has never had this order.
    virtual void orderNotFound(const ClientOrderId &order) = 0;
    /// Somebody else traded on the account: its owner by hand, or the exchange that liquidates.
    virtual void externalFill(const ExternalFill &fill) = 0;
    /// Funding, a liquidation's fee, an adjustment.
    virtual void moneyMoved(const MoneyMoved &moved) = 0;
    /// The exchange takes no more questions before this moment, by the market's clock: no entry goes out until then. An
    /// exchange without such a limit never says so.
    virtual void limited(Timestamp /*until*/, const QString & /*why*/) { }
    /// The answer to reconcile(), after all that it brought to light.
    virtual void reconciled(const Result<void> &result) = 0;
};

/// Where orders go: the paper exchange, or a real one. Engine thread.
class ExecutionClient
{
public:
    ExecutionClient() = default;
    ExecutionClient(const ExecutionClient &) = delete;
    ExecutionClient &operator=(const ExecutionClient &) = delete;
    virtual ~ExecutionClient() = default;

    /// Before anything else; once.
    virtual void setSink(ExecutionSink *sink) = 0;
    /// Sends an order. One that the exchange already has is the same order, not a second one.
    virtual void submit(Order order) = 0;
    /// Asks for the end of an order; its reports tell whether that came in time. It may come again for an order that
    /// was asked to end before, and for one that has ended.
    virtual void cancel(const Order &order) = 0;
    /// Asks what became of an order: its fills and its state come as reports, or orderNotFound().
    virtual void query(const Order &order) = 0;
    /// Compares what we believe with what the exchange knows: open orders, and fills that we have not heard of. No exit
    /// is sent before reconciled(), unless that takes longer than a start may.
    virtual void reconcile(const BotState &belief) = 0;
};

} // namespace tradebot
