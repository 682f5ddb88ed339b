// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/botrunner.h"

#include <algorithm>

namespace tradebot {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr auto healthyWhile = 10min; ///< of running, after which earlier errors do not count

} // namespace

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
        record(std::move(next));
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
            record(DailyLimitReached{u"No more entries today: "_s + reached->text()});
    }
    if (isKnown && !state.haltedByDrawdown) {
        if (const auto reached = reachedDrawdown(limits, state, worth))
            record(DrawdownLimitReached{u"No more entries until its owner resumes it: "_s + reached->text()});
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
        record(PeakChanged{equity(), true});
}

/// What is over with time: a limit of the exchange, and the errors of long ago.
void BotRunner::expireTroubles()
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

} // namespace tradebot
