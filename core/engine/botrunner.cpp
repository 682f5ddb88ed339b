// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/botrunner.h"

#include "core/base/logging.h"

#include <algorithm>

namespace tradebot {

using namespace Qt::StringLiterals;
using namespace std::chrono;

namespace {

constexpr auto startLimit = 30s;
constexpr auto firstRestartDelay = 5s;
constexpr auto longestRestartDelay = 300s;

/// 5 s, doubled with every failure in a row, up to 5 min.
milliseconds restartDelay(int failures)
{
    milliseconds delay = firstRestartDelay;
    for (int i = 1; i < failures && delay < longestRestartDelay; ++i)
        delay *= 2;
    return std::min<milliseconds>(delay, longestRestartDelay);
}

} // namespace

BotRunner::BotRunner(RunnerContext &context, BotRecord record)
    : m_context(context),
      m_record(std::move(record)),
      m_lastRunAt(m_record.state.lastRunAt),
      m_peakEquity(m_record.peakEquity),
      m_dayEnd(m_record.state.day + days(1))
{ }

const Protection &BotRunner::protection() const
{
    return m_record.state.position.isOpen() && m_watching ? m_guard.protection() : m_record.state.protection;
}

QString BotRunner::activity() const
{
    if (!isActive(m_record.state.status))
        return {};
    if (m_strategy == nullptr || m_record.state.status == BotStatus::Pending)
        return m_record.state.statusMessage;
    return m_strategy->activity();
}

Money BotRunner::equity() const
{
    const BotState &state = m_record.state;
    if (!state.position.isOpen() || m_mark.isZero())
        return state.balance;
    return (state.balance + state.position.unrealised(m_mark)).value().value_or(state.balance);
}

Checked<Money> BotRunner::worthAtStake() const
{
    const BotState &state = m_record.state;
    Checked<Money> worth = m_price.isZero() ? Checked<Money>(state.position.cost)
                                            : notional(m_price, state.position.quantity, Rounding::HalfEven);
    for (const Order &order : state.openOrders) {
        if (order.reduceOnly)
            continue;
        const Price price = order.limitPrice.isZero() ? m_price : order.limitPrice;
        const Quantity left = Quantity::fromRaw(order.quantity.raw() - order.filled.raw());
        worth += notional(price, left, Rounding::HalfEven);
    }
    return worth;
}

Result<void> BotRunner::fold(const BotEvent &event)
{
    auto done = apply(m_record.state, event);
    if (done) {
        m_record.lastUpdatedAt = event.happened;
        m_dayEnd = m_record.state.day + days(1);
    }
    return done;
}

/// What prices have moved without a fact goes before the next one: after a restart, prices are seen again only from the
/// last fact on. Call it before a fact whose content names its own number.
void BotRunner::noteWhatMoved()
{
    if (std::exchange(m_isNotingMoves, true))
        return;
    if (m_paper != nullptr)
        m_paper->reportMovedStops();
    if (config().trailingStop && m_guard.isWatching() && m_record.state.position.isOpen())
        recordProtection(m_guard.protection(), u"trailing"_s);
    m_isNotingMoves = false;
}

bool BotRunner::note(EventPayload &&payload)
{
    if (!std::holds_alternative<ProtectionChanged>(payload))
        noteWhatMoved();
    const auto done = m_context.record(*this, std::move(payload));
    if (!done) {
        qCWarning(logEngine) << "bot" << id().value() << done.error().text;
        fail(ErrorKind::Overflow, done.error().text);
    }
    return done.has_value();
}

bool BotRunner::transition(BotTrigger trigger, const QString &message, ErrorKind kind)
{
    const BotStatus previous = m_record.state.status;
    const auto next = nextStatus(previous, trigger);
    if (!next) {
        qCWarning(logEngine) << "bot" << id().value() << "has no transition" << toName(trigger) << "from"
                             << toName(previous);
        return false;
    }
    return note(StatusChanged{previous, *next, kind, message});
}

void BotRunner::fail(ErrorKind kind, const QString &message)
{
    if (m_record.state.status == BotStatus::Stopping) { // which is carried through, whatever fails
        note(ErrorRaised{kind, message});
        return;
    }
    if (!nextStatus(m_record.state.status, BotTrigger::Fail))
        return;
    note(ErrorRaised{kind, message});
    transition(BotTrigger::Fail, message, kind);
    ++m_failures;
    m_restartAt.reset();
    for (const Order &order : std::vector<Order>(m_record.state.openOrders)) {
        if (!order.reduceOnly)
            requestCancel(order, u"the bot stands in error"_s);
    }
    if (config().restartOnError && m_record.state.desired != DesiredState::Stopped)
        m_restartAt = m_context.now() + restartDelay(m_failures);
}

/// Connects the bot to its market and its exchange. One that is stopping, or stands in error and still holds something,
/// only watches: it decides nothing, its guards and its cancels work.
void BotRunner::begin()
{
    m_pendingSince = m_context.now();
    m_restartAt.reset();
    m_connectAt.reset();
    auto strategy = m_context.makeStrategy(config());
    if (!strategy && m_record.state.status == BotStatus::Pending) {
        fail(ErrorKind::Strategy, strategy.error().text);
        return;
    }
    m_strategy = strategy ? std::move(*strategy) : nullptr;
    m_atr = Atr(14);
    const auto countsInAtr = [](const std::optional<StopRule> &rule) { return rule && rule->kind == StopKind::Atr; };
    m_usesAtr = countsInAtr(config().stopLoss) || countsInAtr(config().takeProfit);
    m_intents.clear();
    m_hasHistory = false;
    m_isReconciled = false;
    if (m_watching)
        m_context.unwatch(*this);
    m_watching = false;
    const auto instrument = m_context.watch(*this);
    if (!instrument) {
        cannotConnect(ErrorKind::PriceFetch, instrument.error().text);
        return;
    }
    m_watching = true;
    m_instrument = *instrument;
    m_guard.reset();
    if (const Position &position = m_record.state.position; position.isOpen()) {
        if (m_record.state.protection.maximumSinceEntry.isZero()) // the fill was durable, what followed it was not
            recordProtection(
                    ProtectionGuard::atEntry(config(), m_instrument, position.side, position.entryPrice(), atrPrice()),
                    u"entry"_s);
        m_guard.watch(config(), m_instrument, position, m_record.state.protection);
    }
    connectExchange();
}

void BotRunner::connectExchange()
{
    m_paper = nullptr;
    m_exchange.reset();
    auto client = m_context.connectExchange(*this);
    if (!client) {
        cannotConnect(ErrorKind::BinanceClientInit, client.error().text);
        return;
    }
    m_exchange = std::move(*client);
    if (m_exchange == nullptr) {
        auto paper = std::make_unique<PaperExchange>(config(), m_instrument);
        m_paper = paper.get();
        m_exchange = std::move(paper);
    }
    ExecutionSink *const sink = this;
    m_exchange->setSink(sink);
    if (m_paper != nullptr) {
        m_paper->restore(m_record.state);
        // What had left is still at the exchange; what had not waits on for its fact.
        for (const Order &order : std::vector<Order>(m_record.state.openOrders)) {
            if (order.state == OrderState::Submitted)
                m_context.sendWhenDurable(*this, order);
            else if (order.cancelRequested)
                m_exchange->cancel(order);
        }
    }
    m_exchange->reconcile(m_record.state);
}

/// A stop, or a bot in error that still holds something, tries again until it gets through.
void BotRunner::cannotConnect(ErrorKind kind, const QString &message)
{
    if (m_record.state.status != BotStatus::Stopping && m_record.state.status != BotStatus::Error) {
        fail(kind, message);
    } else {
        ++m_failures;
        if (m_record.state.lastError != message)
            note(ErrorRaised{kind, message});
    }
    if (isNeededAtExchange()) {
        m_connectAt = m_context.now() + restartDelay(m_failures);
        return;
    }
    if (m_watching)
        m_context.unwatch(*this);
    m_watching = false;
}

/// Whether it has something to do there without being at work.
bool BotRunner::isNeededAtExchange() const
{
    const BotState &state = m_record.state;
    const bool holds = state.position.isOpen() || !state.openOrders.empty();
    return state.status == BotStatus::Stopping || (state.status == BotStatus::Error && holds && !m_restartAt);
}

void BotRunner::wantDesired(DesiredState desired, StopPolicy policy)
{
    if (m_record.state.desired != desired || m_record.state.stopPolicy != policy)
        note(DesiredChanged{desired, policy});
}

Result<void> BotRunner::start()
{
    switch (m_record.state.status) {
    case BotStatus::Stopping:
        return tradebot::fail(ErrorCode::Conflict,
                              u"bot %1 is stopping; wait until it has stopped"_s.arg(id().value()));
    case BotStatus::Paused: return resume();
    case BotStatus::Pending:
    case BotStatus::Running: wantDesired(DesiredState::Running, m_record.state.stopPolicy); return {};
    case BotStatus::Stopped:
    case BotStatus::Error: break;
    }
    m_failures = 0;
    wantDesired(DesiredState::Running, m_record.state.stopPolicy);
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
        transition(BotTrigger::Resume, u"Entries resumed by owner"_s);
        return {};
    }
    if (m_record.state.status == BotStatus::Running || m_record.state.status == BotStatus::Pending) {
        wantDesired(DesiredState::Running, StopPolicy::PauseEntries);
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
    if (status == BotStatus::Stopping && m_record.state.stopPolicy == policy)
        return {};
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
        return;
    }
    for (const Order &order : std::vector<Order>(m_record.state.openOrders))
        requestCancel(order, u"the bot is stopping"_s);
    if (!m_record.state.openOrders.empty() || m_record.state.status != BotStatus::Stopping)
        return; // comes again when they have ended
    if (m_watching)
        m_context.unwatch(*this);
    m_watching = false;
    const bool keeps = m_record.state.position.isOpen();
    transition(BotTrigger::WoundDown, keeps ? u"Stopped; the position stays, without stops"_s : u"Stopped"_s);
    note(BotCompleted{u"The bot has wholly wound down"_s});
}

Result<void> BotRunner::restart()
{
    if (m_record.state.status == BotStatus::Running || m_record.state.status == BotStatus::Paused) {
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
    if (next == now)
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
    if (!note(BotConfigured{m_record.configVersion + 1, next}))
        return {};
    m_record.config = next;
    m_record.configVersion += 1;
    m_record.configuredAt = m_context.now();
    if (m_record.state.life.fills == 0)
        m_peakEquity = next.initialBalance;
    const BotStatus status = m_record.state.status;
    if (status == BotStatus::Running || status == BotStatus::Paused) {
        if (transition(BotTrigger::Recover, u"Configuration changed"_s))
            begin();
    } else if (status == BotStatus::Pending) {
        begin();
    }
    return {};
}

Result<void> BotRunner::clearError()
{
    if (!m_record.state.lastError.isEmpty())
        note(ErrorCleared{});
    return {};
}

void BotRunner::takeUp()
{
    if (m_context.pricesComeAgain())
        m_knownUpTo = m_record.state.marketTime;
    closeDayIfOver();
    settleKill();
    // The wish of its owner is the first fact of a start or stop, and may be the last that became durable.
    const bool isWanted = m_record.state.desired != DesiredState::Stopped;
    if (!isWanted && isActive(m_record.state.status) && m_record.state.status != BotStatus::Stopping)
        transition(BotTrigger::Stop, u"Stopping"_s);
    switch (m_record.state.status) {
    case BotStatus::Stopped:
        if (isWanted && transition(BotTrigger::Start, u"Initializing strategy..."_s))
            begin();
        return;
    case BotStatus::Stopping:
        begin();
        windDown();
        settleKill();
        return;
    case BotStatus::Error:
        if (m_record.state.position.isOpen() && !isWanted && m_record.state.stopPolicy == StopPolicy::Flatten) {
            if (transition(BotTrigger::Stop, u"Stopping: closing the position"_s))
                windDown();
            return;
        }
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

void BotRunner::historyArrived(const Result<std::vector<Candle>> &candles)
{
    if (m_record.state.status != BotStatus::Pending || m_strategy == nullptr)
        return;
    if (!candles) {
        fail(ErrorKind::PriceFetch, candles.error().text);
        return;
    }
    for (const Candle &candle : *candles) {
        m_strategy->warmUp(candle);
        updateAtr(candle);
    }
    if (!candles->empty()) {
        m_candle = candles->back();
        if (m_price.isZero())
            m_price = m_mark = m_candle.close;
    }
    m_hasHistory = true;
    armAtrLevels();
    readyWhenComplete();
}

void BotRunner::readyWhenComplete()
{
    if (m_record.state.status != BotStatus::Pending || !m_hasHistory || !m_isReconciled)
        return;
    const bool paused = m_record.state.desired == DesiredState::Paused;
    transition(paused ? BotTrigger::Pause : BotTrigger::Ready,
               paused ? u"Entries paused by owner"_s : u"Starting trading session..."_s);
    enterAsPlanned();
    keepProtectiveOrders();
}

void BotRunner::marketLost(const Error &error)
{
    if (isActive(m_record.state.status))
        marketStale(error.text);
}

void BotRunner::marketStale(const QString &message)
{
    m_staleMessage = message;
    judgeHealth();
}

void BotRunner::marketFresh()
{
    m_staleMessage.clear();
    judgeHealth();
}

/// One reason at a time: an order of which nobody knows the outcome weighs more than old prices.
void BotRunner::judgeHealth()
{
    const BotState &state = m_record.state;
    const auto unknown = std::find_if(state.openOrders.begin(), state.openOrders.end(),
                                      [](const Order &order) { return order.state == OrderState::Unknown; });
    HealthChanged next{Health::Ok, HealthReason::None, {}};
    if (unknown != state.openOrders.end())
        next = {Health::Degraded, HealthReason::UnknownOrder,
                u"the outcome of order %1 is not known: %2"_s.arg(unknown->id.toString(), unknown->reason)};
    else if (!m_staleMessage.isEmpty())
        next = {Health::Degraded, HealthReason::StaleData, m_staleMessage};
    if (next.reason != state.healthReason || next.health != state.health)
        note(std::move(next));
}

void BotRunner::timePassed()
{
    closeDayIfOver();
    const Timestamp now = m_context.now();
    if (m_paper != nullptr)
        m_paper->timePassed(now);
    if (!m_followUps.empty())
        followUpWhatIsDue();
    if (m_record.state.status == BotStatus::Pending && now - m_pendingSince > startLimit) {
        fail(ErrorKind::StartTimeout, u"prices and history did not arrive within 30 s"_s);
    } else if (m_record.state.status == BotStatus::Error && m_restartAt && now >= *m_restartAt) {
        if (transition(BotTrigger::Recover, u"Restart %1 after an error"_s.arg(m_failures)))
            begin();
    } else if (m_connectAt && now >= *m_connectAt) {
        m_connectAt.reset();
        if (isNeededAtExchange())
            begin();
        windDown();
    }
    sendPlannedExit();
}

void BotRunner::closeDayIfOver()
{
    const Timestamp now = m_context.now();
    if (now < m_dayEnd)
        return;
    const bool wasHalted = m_record.state.haltedByDailyLimit;
    note(DayClosed{m_record.state.day, floor<days>(now), m_record.state.today});
    const bool restarts = config().restartOnError && m_record.state.desired != DesiredState::Stopped;
    if (m_record.state.status == BotStatus::Error && restarts)
        m_restartAt = now;
    if (wasHalted)
        qCInfo(logEngine) << "bot" << id().value() << "may enter again: a new trading day";
}

} // namespace tradebot
