// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/api/journal.h"
#include "core/storage/projections.h"

#include <span>
#include <unordered_map>
#include <vector>

namespace tradebot {

/// Writes facts and everything that follows from them, many batches in one transaction. Storage thread only.
class JournalWriter final
{
public:
    /// Goes on where recovered ends. database and clock outlive the writer.
    JournalWriter(const Database &database, const Clock &clock, const Recovered &recovered);

    /// All or nothing. After an error the database is as it was before the call, and the writer must not be used any
    /// more: what it remembers may be ahead of the database.
    [[nodiscard]] Result<Committed> write(std::span<const JournalBatch> batches);

    [[nodiscard]] EventSequence last() const { return m_last; }

private:
    struct Bot
    {
        Projections::BotContext context;
        BotState state;
        std::optional<Money> peakEquity; ///< as far as this writer knows
        bool stateChanged = false;       ///< to be written in this transaction
        bool peakRaised = false;         ///< to be written in this transaction
    };

    [[nodiscard]] Result<void> writeBatches(std::span<const JournalBatch> batches, Timestamp recorded);
    [[nodiscard]] Result<void> writeEvent(const BotEvent &event);
    [[nodiscard]] Result<void> fold(Bot &bot, const BotEvent &event);
    [[nodiscard]] Result<void> writeSample(const EquitySample &sample);
    [[nodiscard]] Result<void> writeStates();
    [[nodiscard]] Result<Bot *> botOf(const BotEvent &event);
    void touch(BotId id, const Bot &bot);
    [[nodiscard]] qint64 storeBytes() const;

    const Database &m_database;
    const Clock &m_clock;
    EventSequence m_last;
    std::unordered_map<BotId, Bot> m_bots;
    std::vector<BotId> m_touched;
    Statement m_insertEvent;
    Projections m_projections;
};

} // namespace tradebot
