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

} // namespace

/// 5 s, doubled with every failure in a row, up to 5 min.
milliseconds BotRunner::restartDelay(int failures)
{
    milliseconds delay = firstRestartDelay;
    for (int i = 1; i < failures && delay < longestRestartDelay; ++i)
        delay *= 2;
    return std::min(delay, longestRestartDelay);
}

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

Checked<Money> BotRunner::exposure() const
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

bool BotRunner::recordEvent(BotEvent &event)
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
    return record(StatusChanged{previous, *next, kind, message});
}

void BotRunner::fail(ErrorKind kind, const QString &message)
{
    if (m_record.state.status == BotStatus::Stopping) { // which is carried through, whatever fails
        record(ErrorRaised{kind, message});
        return;
    }
    if (!nextStatus(m_record.state.status, BotTrigger::Fail))
        return;
    record(ErrorRaised{kind, message});
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

void BotRunner::timePassed()
{
    closeDayIfOver();
    expireTroubles();
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
    if (!record(DayClosed{state.day, floor<days>(now), state.today}))
        return;
    const bool restarts = config().restartOnError && state.desired != DesiredState::Stopped;
    if (state.status == BotStatus::Error && restarts)
        m_restartAt = now;
    if (wasHalted)
        qCInfo(logEngine) << "bot" << id().value() << "may enter again: a new trading day";
}

} // namespace tradebot
