// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/domain/botevent.h"
#include "core/domain/botsnapshot.h"
#include "core/storage/statement.h"

namespace tradebot {

/// The configuration that a fact brings, if it brings one.
[[nodiscard]] const BotConfig *configIn(const EventPayload &payload);

/// The tables that are made from the facts: their rows are written in the facts' own transaction.
class Projections final
{
public:
    explicit Projections(const Database &database);

    /// What rows need of a bot beyond the fact itself.
    struct BotContext
    {
        Exchange exchange = Exchange::Paper;
        QString currency;
    };
    [[nodiscard]] static BotContext contextOf(const BotConfig &config);

    enum class Outcome {
        Stored,
        Replayed, ///< a fill that is known already: nothing was written, and no money moved
    };
    /// Writes the rows of one fact. The fact itself is in the journal already.
    [[nodiscard]] Result<Outcome> project(const BotEvent &event, const BotContext &bot);
    [[nodiscard]] Result<void> writeState(BotId bot, const BotState &state, const QString &currency);
    [[nodiscard]] Result<void> writeEquity(BotId bot, const EquityPoint &point);
    [[nodiscard]] Result<void> raisePeakEquity(BotId bot, Money equity);

private:
    [[nodiscard]] Result<void> createBot(const BotEvent &event, const BotCreated &created);
    [[nodiscard]] Result<void> configureBot(const BotEvent &event, const BotConfigured &configured);
    [[nodiscard]] Result<void> writeConfig(const BotEvent &event, int version, const BotConfig &config);
    [[nodiscard]] Result<void> putOrder(const Order &order);
    [[nodiscard]] Result<Outcome> addFill(const BotEvent &event, const OrderFilled &filled, const BotContext &bot);
    [[nodiscard]] Result<void> addLedger(const LedgerEntry &entry);
    [[nodiscard]] Result<void> addTrade(const Trade &trade);

    Statement m_insertBot;
    Statement m_updateBot;
    Statement m_deleteBot;
    Statement m_insertConfig;
    Statement m_putOrder;
    Statement m_insertFill;
    Statement m_insertLedger;
    Statement m_insertTrade;
    Statement m_putState;
    Statement m_putEquity;
    Statement m_raisePeak;
};

} // namespace tradebot
