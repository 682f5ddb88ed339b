// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/api/historyreader.h"
#include "core/storage/equitycurve.h"
#include "core/storage/statisticsreader.h"

#include <map>
#include <optional>

namespace tradebot {

/// Reads the database through a read-only connection of its own. Made anywhere; the thread of the first query is the
/// thread of all that follow, and of destruction.
class SqlHistory final : public HistoryReader
{
public:
    explicit SqlHistory(QString databasePath);

    [[nodiscard]] Result<std::vector<BotRecord>> bots() override;
    [[nodiscard]] Result<std::vector<BotEvent>> events(const EventQuery &query) override;
    [[nodiscard]] Result<EventSequence> firstSequence() override;
    [[nodiscard]] Result<EventSequence> lastSequence() override;
    [[nodiscard]] Result<std::vector<Trade>> trades(const TradeQuery &query) override;
    [[nodiscard]] Result<qint64> tradeCount(std::optional<BotId> bot) override;
    [[nodiscard]] Result<TradeId> tradeAt(std::optional<BotId> bot, qint64 place) override;
    [[nodiscard]] Result<std::vector<Order>> orders(const OrderQuery &query) override;
    /// Never ends amid the rows of one fact, and is longer than limit by those that belong to the last one.
    [[nodiscard]] Result<std::vector<LedgerEntry>> ledger(BotId bot, EventSequence after, int limit) override;
    [[nodiscard]] Result<std::vector<EquityPoint>> equity(const EquityQuery &query) override;
    [[nodiscard]] Result<std::optional<Statistics>> statistics(BotId bot) override;
    [[nodiscard]] Result<User> user(UserId id) override;

private:
    [[nodiscard]] Result<void> open();
    /// The prepared statement of this text; there are few texts, since values are always bound.
    [[nodiscard]] Statement &statement(const QString &sql);
    [[nodiscard]] Result<qint64> number(const QString &sql, const QVariantList &values);

    const QString m_path;
    std::optional<Database> m_database;
    std::optional<EquityCurve> m_curve;           ///< after the connection, so that it goes first
    std::optional<StatisticsReader> m_statistics; ///< likewise
    std::map<QString, Statement> m_statements;    ///< likewise
    /// Of each bot, and of none for all: the ids at places 0, 1024, 2048 … as far as anybody has asked. Trades are only
    /// ever added behind the last, so none of these grows stale.
    std::map<BotId, std::vector<TradeId>> m_tradeMarks;
};

} // namespace tradebot
