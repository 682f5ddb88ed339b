// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/botrunner.h"

namespace tradebot {

using namespace Qt::StringLiterals;

void BotRunner::wantDesired(DesiredState desired, StopPolicy policy)
{
    if (m_record.state.desired != desired || m_record.state.stopPolicy != policy)
        record(DesiredChanged{desired, policy});
}

Result<void> BotRunner::start()
{
    switch (m_record.state.status) {
    case BotStatus::Stopping:
        return tradebot::fail(ErrorCode::Conflict,
                              u"bot %1 is stopping; wait until it has stopped"_s.arg(id().value()));
    case BotStatus::Paused: return resume();
    case BotStatus::Pending:
    case BotStatus::Running:
        wantDesired(DesiredState::Running, m_record.state.stopPolicy);
        endDrawdownHalt();
        return {};
    case BotStatus::Stopped:
    case BotStatus::Error: break;
    }
    m_failures = 0;
    wantDesired(DesiredState::Running, m_record.state.stopPolicy);
    endDrawdownHalt();
    if (transition(BotTrigger::Start, u"Initializing strategy..."_s))
        begin();
    return {};
}

Result<void> BotRunner::pause()
{
    switch (m_record.state.status) {
    case BotStatus::Running:
        wantDesired(DesiredState::Paused, StopPolicy::PauseEntries);
        transition(BotTrigger::Pause, u"Entries paused by owner; position and its stops stay"_s);
        return {};
    case BotStatus::Pending:
    case BotStatus::Paused: wantDesired(DesiredState::Paused, StopPolicy::PauseEntries); return {};
    default:
        return tradebot::fail(ErrorCode::Conflict,
                              u"bot %1 is %2; only a running bot can be paused"_s.arg(id().value())
                                      .arg(statusText(m_record.state.status, m_record.state.errorKind)));
    }
}

Result<void> BotRunner::resume()
{
    if (m_record.state.status == BotStatus::Paused) {
        wantDesired(DesiredState::Running, StopPolicy::PauseEntries);
        endDrawdownHalt();
        transition(BotTrigger::Resume, u"Entries resumed by owner"_s);
        return {};
    }
    if (m_record.state.status == BotStatus::Running || m_record.state.status == BotStatus::Pending) {
        wantDesired(DesiredState::Running, StopPolicy::PauseEntries);
        endDrawdownHalt();
        return {};
    }
    return tradebot::fail(ErrorCode::Conflict,
                          u"bot %1 is %2; only a paused bot can be resumed"_s.arg(id().value())
                                  .arg(statusText(m_record.state.status, m_record.state.errorKind)));
}

Result<void> BotRunner::stop(StopPolicy policy)
{
    if (policy == StopPolicy::PauseEntries)
        return pause();
    const BotStatus status = m_record.state.status;
    const bool flattens = policy == StopPolicy::Flatten && m_record.state.position.isOpen();
    if (status == BotStatus::Stopped && !flattens) {
        wantDesired(DesiredState::Stopped, policy);
        return {};
    }
    m_restartAt.reset();
    wantDesired(DesiredState::Stopped, policy);
    if (status != BotStatus::Stopping)
        transition(BotTrigger::Stop, flattens ? u"Stopping: closing the position"_s : u"Stopping"_s);
    windDown();
    return {};
}

void BotRunner::windDown()
{
    if (m_record.state.status != BotStatus::Stopping || m_connectAt)
        return;
    const StopPolicy policy = m_record.state.stopPolicy;
    const bool flattens = policy == StopPolicy::Flatten && m_record.state.position.isOpen();
    const bool isConnected = m_watching && m_exchange != nullptr;
    if ((flattens || !m_record.state.openOrders.empty()) && !isConnected) {
        begin(); // comes again when it has got through
        return;
    }
    if (flattens) {
        if (!isExitUnderWay())
            exit(Intent{IntentKind::Exit, PositionSide::Flat, u"flatten"_s, u"Stop and flatten"_s},
                 OrderPurpose::Flatten, m_price);
        if (m_record.state.position.isOpen()) // else it was too small to be sold
            return;
    }
    for (const Order &order : std::vector<Order>(m_record.state.openOrders))
        requestCancel(order, u"the bot is stopping"_s);
    if (!m_record.state.openOrders.empty() || m_record.state.status != BotStatus::Stopping)
        return; // comes again when they have ended
    m_guard.reset();
    if (m_watching && !isHeldToPrices()) {
        m_context.unwatch(*this);
        m_watching = false;
    }
    const bool keeps = m_record.state.position.isOpen();
    transition(BotTrigger::WoundDown, keeps ? u"Stopped; the position stays, without stops"_s : u"Stopped"_s);
    record(BotCompleted{u"The bot has wholly wound down"_s});
    settleKill(); // no start comes before its report
}

/// A stopped bot's futures position on paper is still funded, and may be liquidated, as on a real exchange.
bool BotRunner::isHeldToPrices() const
{
    return config().exchange == Exchange::Paper && config().market != Market::Spot && m_record.state.position.isOpen();
}

/// Prices for what a stopped bot holds, and for nothing else.
void BotRunner::watchPosition()
{
    if (!isHeldToPrices())
        return;
    begin();
    m_guard.reset();
}

/// A stopped bot whose position has ended needs no more prices.
void BotRunner::releaseMarket()
{
    if (m_record.state.status != BotStatus::Stopped || !m_watching || isHeldToPrices())
        return;
    m_context.unwatch(*this);
    m_watching = false;
}

Result<void> BotRunner::restart()
{
    if (m_record.state.status == BotStatus::Running || m_record.state.status == BotStatus::Paused) {
        endDrawdownHalt();
        if (transition(BotTrigger::Recover, u"Restarted by owner"_s))
            begin();
        return {};
    }
    return start();
}

Result<void> BotRunner::configure(const BotConfig &next, int expectedVersion)
{
    const BotConfig &now = config();
    if (expectedVersion != 0 && expectedVersion != m_record.configVersion) {
        return tradebot::fail(ErrorCode::Conflict,
                              u"bot %1 has version %2 of its configuration, not %3"_s.arg(id().value())
                                      .arg(m_record.configVersion)
                                      .arg(expectedVersion));
    }
    if (next == now && m_record.configProblem.isEmpty())
        return {};
    const bool otherMarket = next.symbol != now.symbol || next.exchange != now.exchange || next.market != now.market
                             || next.mode != now.mode;
    const bool isIdle = m_record.state.status == BotStatus::Stopped || m_record.state.status == BotStatus::Error;
    if (otherMarket && (!isIdle || m_record.state.position.isOpen())) {
        return tradebot::fail(ErrorCode::Conflict,
                              u"symbol, exchange, market and mode of bot %1 can change only while it is stopped and "
                              "holds no position"_s.arg(id().value()));
    }
    if (next.initialBalance != now.initialBalance && m_record.state.life.fills > 0) {
        return tradebot::fail(ErrorCode::Conflict,
                              u"the initial balance of bot %1 cannot change after its first fill"_s.arg(id().value()));
    }
    const QString quote = m_context.instrumentFor(now).quote;
    if (m_record.state.life.fills > 0 && m_context.instrumentFor(next).quote != quote) {
        return tradebot::fail(
                ErrorCode::Conflict,
                u"bot %1 has traded in %2; its symbol can change only to another one that is priced in it"_s
                        .arg(id().value())
                        .arg(quote));
    }
    if (!record(BotConfigured{m_record.configVersion + 1, next}))
        return {};
    m_record.config = next;
    m_record.configProblem.clear();
    m_record.configVersion += 1;
    if (otherMarket)
        m_instrument = m_context.instrumentFor(next);
    m_record.configuredAt = m_context.now();
    if (!next.limits.maxDrawdownPercent)
        endDrawdownHalt();
    const BotStatus status = m_record.state.status;
    if (status == BotStatus::Running || status == BotStatus::Paused) {
        if (transition(BotTrigger::Recover, u"Configuration changed"_s))
            begin();
    } else if (status == BotStatus::Pending) {
        begin();
    } else if (status == BotStatus::Stopped) {
        watchPosition();
    }
    return {};
}

Result<void> BotRunner::clearError()
{
    if (!m_record.state.lastError.isEmpty())
        record(ErrorCleared{});
    return {};
}

void BotRunner::quarantine(const QString &why)
{
    const BotStatus status = m_record.state.status;
    if (status != BotStatus::Pending && status != BotStatus::Running && status != BotStatus::Paused)
        return;
    wantDesired(DesiredState::Stopped, StopPolicy::LeavePosition);
    fail(ErrorKind::Strategy, why);
}

/// Whether it stands still though it was to close its position. One that has stopped holds what its owner left it
/// with, or bought by hand since; only a kill switch that is not done speaks of that.
bool BotRunner::isToFlatten() const
{
    const BotState &state = m_record.state;
    const bool isOwed = state.status == BotStatus::Error || (state.status == BotStatus::Stopped && state.kill);
    return isOwed && state.desired == DesiredState::Stopped && state.stopPolicy == StopPolicy::Flatten
           && holdsSomething(); // an order may become a position yet
}

void BotRunner::resumeAfterRestart()
{
    if (m_context.pricesComeAgain())
        m_knownUpTo = m_record.state.marketTime;
    closeDayIfOver();
    if (m_record.state.peakEquity.isZero() && m_record.peakEquity.isPositive()) // from before it was a fact
        record(PeakChanged{m_record.peakEquity});
    endUnfilledExternals();
    // The wish of its owner is the first fact of a start or stop, and may be the last that became durable.
    const bool isWanted = m_record.state.desired != DesiredState::Stopped;
    if (isToFlatten())
        transition(BotTrigger::Stop, u"Stopping: closing the position"_s);
    else if (!isWanted && isActive(m_record.state.status) && m_record.state.status != BotStatus::Stopping)
        transition(BotTrigger::Stop, u"Stopping"_s);
    resumeKillSwitch();
    switch (m_record.state.status) {
    case BotStatus::Stopped:
        if (!isWanted)
            watchPosition();
        else if (transition(BotTrigger::Start, u"Initializing strategy..."_s))
            begin();
        return;
    case BotStatus::Stopping:
        begin();
        windDown();
        return;
    case BotStatus::Error:
        if (!config().restartOnError || !isWanted) {
            if (isNeededAtExchange())
                begin();
            return;
        }
        [[fallthrough]];
    case BotStatus::Running:
    case BotStatus::Paused:
        if (!transition(BotTrigger::Recover, u"Taking up work after a restart of the program"_s))
            return;
        [[fallthrough]];
    case BotStatus::Pending: begin(); return;
    }
}

} // namespace tradebot
