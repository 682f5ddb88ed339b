// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/botrunner.h"

#include "core/base/logging.h"
#include "core/strategy/indicators/movingaverages.h"

#include <algorithm>

namespace tradebot {

using namespace Qt::StringLiterals;
using namespace std::chrono;

namespace {

constexpr auto startLimit = 30s;
constexpr auto firstRestartDelay = 5s;
constexpr auto longestRestartDelay = 300s;
constexpr auto healthyWhile = 10min; ///< of running, after which earlier errors do not count
constexpr int mostHistory = 100'000; ///< candles: what no strategy needs

constexpr int atrPeriod = 14;
/// After so many candles an average true range has forgotten how it began.
constexpr int atrHistory = atrPeriod + 1 + wilderMemory(atrPeriod);

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
      m_instrument(context.instrumentFor(m_record.config)),
      m_lastRunAt(m_record.state.lastRunAt),
      m_dayEnd(m_record.state.day + days(1))
{ }

const Protection &BotRunner::protection() const
{
    return m_record.state.position.isOpen() && m_guard.isWatching() ? m_guard.protection() : m_record.state.protection;
}

int BotRunner::historyCandles() const
{
    return std::max(m_historyCandles, m_usesAtr ? atrHistory : 0);
}

QString BotRunner::activity()
{
    const BotStatus status = m_record.state.status;
    if (!isActive(status))
        return {};
    QString words = m_record.state.statusMessage;
    if (m_strategy != nullptr && (status == BotStatus::Running || status == BotStatus::Paused))
        consult([&] { words = m_strategy->activity(); });
    return words;
}

Checked<Money> BotRunner::worthAtStake() const
{
    const BotState &state = m_record.state;
    const Checked<Money> held = m_price.isZero() ? Checked<Money>(state.position.cost)
                                                 : notional(m_price, state.position.quantity, Rounding::HalfEven);
    return held + worthOfOpenEntries();
}

Checked<Money> BotRunner::worthOfOpenEntries() const
{
    Checked<Money> worth = Money();
    for (const Order &order : m_record.state.openOrders) {
        if (order.reduceOnly)
            continue;
        const Price price = !order.limitPrice.isZero()  ? order.limitPrice
                            : !order.stopPrice.isZero() ? order.stopPrice
                                                        : m_price;
        const Quantity left = Quantity::fromRaw(order.quantity.raw() - order.filled.raw());
        worth += notional(price, left, Rounding::HalfEven);
    }
    return worth;
}

Result<void> BotRunner::fold(const BotEvent &event)
{
    auto done = apply(m_record.state, event);
    if (done) {
        m_lossFloor.reset();
        m_record.lastUpdatedAt = event.happened;
        m_dayEnd = m_record.state.day + days(1);
    }
    return done;
}

/// What prices have moved without a fact goes before the next one: after a restart, prices are seen again only from the
/// last fact on. Call it before a fact whose content names its own number.
void BotRunner::noteMoves()
{
    m_isNotingMoves = true;
    if (m_paper != nullptr)
        m_paper->reportMovedStops();
    if (config().trailingStop && m_guard.isWatching() && m_record.state.position.isOpen())
        recordProtection(m_guard.protection(), u"trailing"_s);
    m_isNotingMoves = false;
}

bool BotRunner::noted(const BotEvent &event)
{
    const auto done = m_context.record(*this, event);
    if (!done) [[unlikely]] {
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
    cancelEntries();
    if (config().restartOnError && m_record.state.desired != DesiredState::Stopped)
        m_restartAt = m_context.now() + restartDelay(m_failures);
}

void BotRunner::cancelEntries()
{
    for (const Order &order : std::vector<Order>(m_record.state.openOrders)) {
        if (!order.reduceOnly)
            requestCancel(order, u"the bot stands in error"_s);
    }
}

/// The strategy of the configuration, anew. False when the bot stands in error instead.
bool BotRunner::makeStrategy()
{
    m_historyCandles = 0;
    if (!consult([&] { m_strategy.reset(); }))
        return false;
    Result<std::unique_ptr<Strategy>> made = nullptr;
    int history = 0;
    const bool isMade = consult([&] {
        made = m_context.makeStrategy(config());
        history = made && *made ? (*made)->historyCandles() : 0;
    });
    if (!isMade)
        return false;
    if (!made || *made == nullptr) {
        fail(ErrorKind::Strategy, made ? u"there is no strategy %1"_s.arg(config().strategy) : made.error().text);
        return false;
    }
    if (history < 0 || history > mostHistory) {
        fail(ErrorKind::Strategy,
             u"the strategy asks for %1 candles of the past; at most %2 may be"_s.arg(history).arg(mostHistory));
        return false;
    }
    m_strategy = std::move(*made);
    m_historyCandles = history;
    return true;
}

/// Connects the bot to its market and its exchange. One that is stopping, or stands in error and still holds something,
/// only watches: it decides nothing, its guards and its cancels work.
void BotRunner::begin()
{
    closeDayIfOver();
    m_pendingSince = m_context.now();
    m_restartAt.reset();
    m_connectAt.reset();
    if (!m_record.configProblem.isEmpty()) {
        fail(ErrorKind::Strategy, m_record.configProblem);
        return;
    }
    const bool decides = m_record.state.status == BotStatus::Pending;
    if (!decides || makeStrategy() || (!m_watching && holdsSomething()))
        openMarket();
}

void BotRunner::openMarket()
{
    m_atr = Atr(atrPeriod);
    const auto countsInAtr = [](const std::optional<StopRule> &rule) { return rule && rule->kind == StopKind::Atr; };
    m_usesAtr = countsInAtr(config().stopLoss) || countsInAtr(config().takeProfit);
    m_watchesLosses = config().limits.maxDailyLoss || config().limits.maxDrawdownPercent;
    m_lossFloor.reset();
    m_intents.clear();
    m_hasHistory = false;
    m_isReconciled = false;
    m_hasPrice = false;
    m_takesUpPlan = false;
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
        const ErrorCode code = client.error().code;
        const bool isAboutKey = code == ErrorCode::Unauthorized || code == ErrorCode::Corrupt;
        cannotConnect(isAboutKey ? ErrorKind::ApiKeyDecryptFailed : ErrorKind::BinanceClientInit, client.error().text);
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
                m_context.sendWhenDurable(*this, order.id);
            else if (order.cancelRequested)
                m_exchange->cancel(order);
        }
    }
    m_exchange->reconcile(m_record.state);
    if (m_record.state.status == BotStatus::Error)
        cancelEntries();
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

bool BotRunner::holdsSomething() const
{
    return m_record.state.position.isOpen() || !m_record.state.openOrders.empty();
}

/// Whether it has something to do there without being at work.
bool BotRunner::isNeededAtExchange() const
{
    const BotStatus status = m_record.state.status;
    return status == BotStatus::Stopping || (status == BotStatus::Error && holdsSomething() && !m_restartAt);
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
    note(BotCompleted{u"The bot has wholly wound down"_s});
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
void BotRunner::letGo()
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
    if (!note(BotConfigured{m_record.configVersion + 1, next}))
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
        note(ErrorCleared{});
    return {};
}

void BotRunner::setAside(const QString &why)
{
    const BotStatus status = m_record.state.status;
    if (status != BotStatus::Pending && status != BotStatus::Running && status != BotStatus::Paused)
        return;
    wantDesired(DesiredState::Stopped, StopPolicy::LeavePosition);
    fail(ErrorKind::Strategy, why);
}

void BotRunner::takeUp()
{
    if (m_context.pricesComeAgain())
        m_knownUpTo = m_record.state.marketTime;
    closeDayIfOver();
    if (m_record.state.peakEquity.isZero() && m_record.peakEquity.isPositive()) // from before it was a fact
        note(PeakChanged{m_record.peakEquity});
    settleKill();
    // The wish of its owner is the first fact of a start or stop, and may be the last that became durable.
    const bool isWanted = m_record.state.desired != DesiredState::Stopped;
    if (!isWanted && isActive(m_record.state.status) && m_record.state.status != BotStatus::Stopping)
        transition(BotTrigger::Stop, u"Stopping"_s);
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
    if (m_record.state.status != BotStatus::Pending || m_strategy == nullptr || m_hasHistory)
        return;
    if (!candles) {
        fail(ErrorKind::PriceFetch, candles.error().text);
        return;
    }
    const bool isWarm = consult([&] {
        for (const Candle &candle : *candles)
            m_strategy->warmUp(candle);
    });
    if (!isWarm)
        return;
    for (const Candle &candle : *candles)
        updateAtr(candle);
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
    m_readySince = m_context.now();
    m_takesUpPlan = m_record.state.plannedEntry.has_value();
    judgeLimits(); // what had ended entries may have been durable without its consequences
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
    m_hasPrice = true;
    m_staleMessage.clear();
    judgeHealth();
}

void BotRunner::limited(Timestamp until, const QString &why)
{
    m_limitedUntil = std::max(m_limitedUntil, until);
    m_limitMessage = why;
    if (isActive(m_record.state.status))
        judgeHealth();
}

/// One reason at a time: an order of which nobody knows the outcome weighs more than old prices, and these more than an
/// exchange that wants to be left alone.
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
    else if (m_context.now() < m_limitedUntil)
        next = {Health::Degraded, HealthReason::RateLimited, m_limitMessage};
    if (next.reason != state.healthReason || next.health != state.health)
        note(std::move(next));
}

/// Ends entries as soon as a limit says so, for the day or until the owner wants them again: what rests of them is
/// taken back. A position and its stops stay.
void BotRunner::judgeReachedLimits()
{
    if (!isActive(m_record.state.status))
        return;
    const RiskLimits &limits = config().limits;
    const BotState &state = m_record.state;
    // After a restart nobody knows what a position is worth before its first price.
    const bool isKnown = !state.position.isOpen() || m_hasPrice;
    const Money worth = equity();
    if (isKnown && !state.haltedByDailyLimit) {
        if (const auto reached = reachedDayLimit(limits, state, worth))
            note(DailyLimitReached{u"No more entries today: "_s + reached->text()});
    }
    if (isKnown && !state.haltedByDrawdown) {
        if (const auto reached = reachedDrawdown(limits, state, worth))
            note(DrawdownLimitReached{u"No more entries until its owner resumes it: "_s + reached->text()});
    }
    if (!state.haltedByDailyLimit && !state.haltedByDrawdown)
        return;
    for (const Order &order : std::vector<Order>(state.openOrders)) {
        if (!order.reduceOnly)
            requestCancel(order, u"a limit has ended entries"_s);
    }
}

Money BotRunner::lossFloor()
{
    if (!m_lossFloor)
        m_lossFloor = tradebot::lossFloor(config().limits, m_record.state);
    return *m_lossFloor;
}

/// The owner wants entries again and accepts what was lost so far.
void BotRunner::endDrawdownHalt()
{
    if (m_record.state.haltedByDrawdown)
        note(PeakChanged{equity(), true});
}

/// What is over with time: a limit of the exchange, and the errors of long ago.
void BotRunner::outliveTroubles()
{
    const Timestamp now = m_context.now();
    if (m_limitedUntil != Timestamp() && now >= m_limitedUntil) {
        m_limitedUntil = Timestamp();
        judgeHealth();
    }
    const BotStatus status = m_record.state.status;
    const bool isAtWork = status == BotStatus::Running || status == BotStatus::Paused;
    if (m_failures > 0 && isAtWork && now - m_readySince >= healthyWhile)
        m_failures = 0;
}

void BotRunner::timePassed()
{
    closeDayIfOver();
    outliveTroubles();
    const Timestamp now = m_context.now();
    // What a clock that was ahead has put off would not come before it is as late again.
    m_pendingSince = std::min(m_pendingSince, now);
    for (std::optional<Timestamp> *const due : {&m_restartAt, &m_connectAt}) {
        if (*due && **due - now > longestRestartDelay)
            *due = now + restartDelay(m_failures);
    }
    if (m_paper != nullptr && now < m_passed)
        m_paper->clockSetBack(now);
    m_passed = now;
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
    if (!isOtherDay(now))
        return;
    const BotState &state = m_record.state;
    // After a restart the prices of a recording come again, from before what the bot has lived through.
    if (now < state.day && m_context.pricesComeAgain() && state.marketTime >= state.day)
        return;
    const bool wasHalted = state.haltedByDailyLimit;
    if (!note(DayClosed{state.day, floor<days>(now), state.today}))
        return;
    const bool restarts = config().restartOnError && state.desired != DesiredState::Stopped;
    if (state.status == BotStatus::Error && restarts)
        m_restartAt = now;
    if (wasHalted)
        qCInfo(logEngine) << "bot" << id().value() << "may enter again: a new trading day";
}

} // namespace tradebot
