// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/domain/botevent.h"
#include "core/domain/botsnapshot.h"
#include "core/engine/executionclient.h"
#include "core/engine/riskgate.h"
#include "core/engine/strategyguard.h"

#include <memory>
#include <span>
#include <utility>

namespace tradebot {

class BotRunner;
class Strategy;

/// What a runner may ask of the engine that it runs in.
class RunnerContext
{
public:
    explicit RunnerContext(StrategyGuard guard) : m_strategyGuard(std::move(guard)) { }
    RunnerContext(const RunnerContext &) = delete;
    RunnerContext &operator=(const RunnerContext &) = delete;
    virtual ~RunnerContext() = default;

    /// Makes a fact of what has no number and no time yet: gives it both, folds it into the runner's state, hands it to
    /// the journal. An overflow of the bot's sums is an error; then nothing has happened.
    [[nodiscard]] virtual Result<void> record(BotRunner &runner, BotEvent &event) = 0;
    /// The number that the next fact will get.
    [[nodiscard]] EventSequence nextSequence() const { return EventSequence(m_last.value() + 1); }
    /// The market's clock. It goes back when the clock had been ahead and was set right.
    [[nodiscard]] Timestamp now() const { return m_now; }
    /// A stretch of the past was lived through at once, up to here.
    void passTo(Timestamp moment) { m_now = moment; }
    /// Calls runner.release(order) as soon as all facts recorded so far are durable.
    virtual void sendWhenDurable(BotRunner &runner, const ClientOrderId &order) = 0;
    /// Opens the runner's market, or goes on with it; its past arrives at runner.historyArrived(), its prices at
    /// runner.tick(). After an error it watches none.
    [[nodiscard]] virtual Result<Instrument> watch(BotRunner &runner) = 0;
    virtual void unwatch(BotRunner &runner) = 0;
    /// Whether prices that were seen before a restart come again.
    [[nodiscard]] virtual bool pricesComeAgain() const = 0;
    /// What is known of the market that a config names; without filters where nobody knows more than the symbol.
    [[nodiscard]] virtual Instrument instrumentFor(const BotConfig &config) const = 0;
    /// The strategy that a config names, anew; an error, too, when the config breaks a rule. May throw what a
    /// strategy's constructor throws.
    [[nodiscard]] virtual Result<std::unique_ptr<Strategy>> makeStrategy(const BotConfig &config) const = 0;
    /// Where the runner's orders go; nullptr for the paper exchange.
    [[nodiscard]] virtual Result<std::unique_ptr<ExecutionClient>> connectExchange(const BotRunner &runner) = 0;
    /// What the bots of its account have at stake.
    [[nodiscard]] virtual Exposure exposureOf(const BotRunner &runner) const = 0;
    /// What every call into a strategy goes through.
    [[nodiscard]] const StrategyGuard &strategyGuard() const { return m_strategyGuard; }
    /// Points of the equity curve; the engine thins them out.
    virtual void sampleEquity(const BotRunner &runner, std::span<const EquityPoint> points) = 0;

protected:
    EventSequence m_last; ///< the newest fact
    Timestamp m_now;
    StrategyGuard m_strategyGuard;
};

} // namespace tradebot
