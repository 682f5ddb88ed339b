// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/domain/exitstatisticscollector.h"

#include <algorithm>

namespace tradebot {

using namespace Qt::StringLiterals;

namespace {

Checked<Money> part(Money whole, Quantity of, Quantity all)
{
    return of == all ? Checked<Money>(whole) : proportion(whole, of, all, Rounding::HalfEven);
}

} // namespace

void ExitStatisticsCollector::add(const EventPayload &fact)
{
    if (const auto *filled = std::get_if<OrderFilled>(&fact))
        add(filled->order, filled->fill, filled->realised);
    else if (const auto *moved = std::get_if<MoneyMoved>(&fact); moved && moved->closesPosition)
        forgetPosition();
}

void ExitStatisticsCollector::add(const Order &order, const Fill &fill, Money realised)
{
    const bool exits = m_side != PositionSide::Flat && fill.side != entrySide(m_side);
    const Quantity closed = exits ? std::min(m_held, fill.quantity) : Quantity();
    const Quantity opened = Quantity::fromRaw(fill.quantity.raw() - closed.raw() - fill.feeFromBought.raw());
    Checked<Money> entryFee = fill.fee;
    if (exits) {
        const Checked<Money> fee = part(fill.fee, closed, fill.quantity);
        const Checked<Money> share = part(m_entryFees, closed, m_held);
        addExit(order, realised - fee - share);
        entryFee = fill.fee - fee;
        m_entryFees = (m_entryFees - share).valueOr(Money());
        m_held = Quantity::fromRaw(m_held.raw() - closed.raw());
        if (m_held.isZero())
            forgetPosition();
    }
    if (opened.isPositive())
        addEntry(fill, opened, entryFee);
}

void ExitStatisticsCollector::addEntry(const Fill &fill, Quantity opened, Checked<Money> fee)
{
    const auto held = (m_held + opened).value();
    const auto fees = (m_entryFees + fee).value();
    m_overflowed = m_overflowed || !held || !fees;
    m_side = fill.side == Side::Buy ? PositionSide::Long : PositionSide::Short;
    m_held = held.value_or(m_held);
    m_entryFees = fees.value_or(m_entryFees);
}

void ExitStatisticsCollector::addExit(const Order &order, Checked<Money> net)
{
    m_net += net;
    const auto before = m_open.empty() ? m_open.end() : m_open.find(order.id);
    const auto sum = (before == m_open.end() ? net : before->second + net).value();
    m_overflowed = m_overflowed || !sum;
    if (order.isOpen()) {
        m_open[order.id] = sum.value_or(Money());
        return;
    }
    count(m_ended, sum.value_or(Money()));
    if (before != m_open.end())
        m_open.erase(before);
}

void ExitStatisticsCollector::forgetPosition()
{
    m_side = PositionSide::Flat;
    m_held = Quantity();
    m_entryFees = Money();
}

void ExitStatisticsCollector::count(ExitStatistics &exits, Money net)
{
    ++exits.count;
    exits.wins += net.isPositive() ? 1 : 0;
    exits.losses += net.isNegative() ? 1 : 0;
}

Result<ExitStatistics> ExitStatisticsCollector::result() const
{
    const auto net = m_net.value();
    if (m_overflowed || !net)
        return detail::overflow(u"the sum of %1 exits"_s.arg(m_ended.count));
    ExitStatistics exits = m_ended;
    exits.net = *net;
    for (const auto &[order, sum] : m_open)
        count(exits, sum);
    return exits;
}

} // namespace tradebot
