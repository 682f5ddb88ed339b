// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/api/historyreader.h"

#include <map>
#include <memory>
#include <mutex>
#include <vector>

namespace tradebot {

/// What a FakeBackend remembers; everything in it is guarded by its mutex.
struct FakeStore
{
    mutable std::mutex mutex;
    std::map<BotId, BotSnapshot> bots; ///< deleted ones included
    std::vector<std::shared_ptr<const BotEvent>> journal;
    std::map<EventSequence, Order> orders; ///< by the number of their submission
    std::vector<Trade> trades;             ///< ascending by id
    std::vector<LedgerEntry> ledger;
    std::map<BotId, std::vector<EquityPoint>> equity;
    std::vector<User> users;
    std::map<std::pair<BotId, Timeframe>, std::vector<Candle>> candles;
    std::map<std::pair<BotId, Timeframe>, Candle> liveCandles;
};

/// Reads a FakeStore as the real reader reads the database. Any thread.
class FakeHistoryReader final : public HistoryReader
{
public:
    explicit FakeHistoryReader(std::shared_ptr<const FakeStore> store) : m_store(std::move(store)) { }

    [[nodiscard]] Result<std::vector<BotRecord>> bots() override;
    [[nodiscard]] Result<std::vector<BotEvent>> events(const EventQuery &query) override;
    [[nodiscard]] Result<EventSequence> firstSequence() override;
    [[nodiscard]] Result<EventSequence> lastSequence() override;
    [[nodiscard]] Result<std::vector<Trade>> trades(const TradeQuery &query) override;
    [[nodiscard]] Result<qint64> tradeCount(std::optional<BotId> bot) override;
    [[nodiscard]] Result<TradeId> tradeAt(std::optional<BotId> bot, qint64 place) override;
    [[nodiscard]] Result<std::vector<Order>> orders(const OrderQuery &query) override;
    [[nodiscard]] Result<std::vector<LedgerEntry>> ledger(BotId bot, EventSequence after, int limit) override;
    [[nodiscard]] Result<std::vector<EquityPoint>> equity(const EquityQuery &query) override;
    /// Takes two calls, as a long history does.
    [[nodiscard]] Result<std::optional<Statistics>> statistics(BotId bot) override;
    [[nodiscard]] Result<User> user(UserId id) override;

private:
    std::shared_ptr<const FakeStore> m_store;
    bool m_hasBegunStatistics = false;
};

} // namespace tradebot
