// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/domain/ledgeraudit.h"

namespace tradebot {

using namespace Qt::StringLiterals;

void LedgerAudit::begin(const BotConfig &config)
{
    m_isPaperFutures = config.exchange == Exchange::Paper && config.market != Market::Spot;
    if (!m_hasFills)
        m_balance = config.initialBalance;
}

void LedgerAudit::add(const EventPayload &payload)
{
    if (const auto *created = std::get_if<BotCreated>(&payload)) {
        begin(created->config);
    } else if (const auto *configured = std::get_if<BotConfigured>(&payload)) {
        begin(configured->config);
    } else if (const auto *filled = std::get_if<OrderFilled>(&payload)) {
        const Fill &fill = filled->fill;
        m_hasFills = true;
        m_balance += filled->realised - fill.fee;
        m_position += fill.side == Side::Buy ? fill.quantity - fill.feeFromBought : Checked<Quantity>(-fill.quantity);
    } else if (const auto *moved = std::get_if<MoneyMoved>(&payload)) {
        m_balance += moved->amount;
        if (moved->closesPosition)
            m_position = Quantity();
    }
}

QStringList LedgerAudit::contradictions(const BotState &state) const
{
    QStringList found;
    if (m_balance.value() != state.balance)
        found += u"its balance is %1, but start and ledger add up to %2"_s.arg(
                state.balance.toString(), m_balance.valueOr(Money::maximum()).toString());
    const Position &position = state.position;
    const Quantity held = position.side == PositionSide::Short ? -position.quantity : position.quantity;
    if (m_position.value() != held)
        found += u"its position is %1, but its fills add up to %2"_s.arg(
                held.toString(), m_position.valueOr(Quantity::maximum()).toString());
    if (m_isPaperFutures && state.balance.isNegative())
        found += u"its account with futures owes %1"_s.arg(state.balance.toString());
    return found;
}

} // namespace tradebot
