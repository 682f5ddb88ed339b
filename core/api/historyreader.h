// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/domain/botevent.h"
#include "core/domain/botsnapshot.h"
#include "core/domain/statistics.h"

#include <QObject>
#include <QStringList>

#include <functional>
#include <utility>
#include <vector>

namespace tradebot {

enum class Role { Owner, Viewer };

template<>
struct EnumNames<Role>
{
    static constexpr std::pair<Role, const char *> table[] = {{Role::Owner, "owner"}, {Role::Viewer, "viewer"}};
};

struct User
{
    UserId id;
    QString email;
    Role role = Role::Owner;
    UserId owner;       ///< whose bots he sees; himself for an owner
    int tokenEpoch = 1; ///< tokens of an earlier one are not valid any more
};

/// A bot as the store keeps it.
struct BotRecord
{
    BotId id;
    UserId owner;
    int configVersion = 1;
    BotConfig config;
    QString configProblem; ///< why config could not be read and holds defaults; such a bot must not trade
    BotState state;
    Timestamp createdAt;
    Timestamp configuredAt;
    Timestamp lastUpdatedAt;
    Money peakEquity; ///< the highest equity sample; the initial balance when there is none
    bool deleted = false;
};

struct EventQuery
{
    std::optional<BotId> bot;
    EventSequence after;  ///< only greater ones; 0 for all
    EventSequence before; ///< only smaller ones; 0 for all
    bool newestFirst = false;
    int limit = 100;               ///< 1 to 10,000
    QStringList types;             ///< empty for all
    QString text;                  ///< contained in type or payload, case-insensitive; empty for all
    std::optional<Timestamp> from; ///< happened at or after
    std::optional<Timestamp> to;   ///< happened before
};

struct TradeQuery
{
    std::optional<BotId> bot;
    TradeId before;                ///< keyset: only smaller ids; 0 for the newest
    TradeId after;                 ///< keyset: only greater ids, then ascending; 0 for none
    int limit = 100;               ///< 1 to 10,000
    std::optional<Timestamp> from; ///< exit at or after
    std::optional<Timestamp> to;   ///< exit before
};

struct OrderQuery
{
    std::optional<BotId> bot;
    bool openOnly = false;
    EventSequence before; ///< keyset over the submission's number; 0 for the newest
    int limit = 100;
};

struct EquityQuery
{
    BotId bot;
    std::optional<Timestamp> from;
    std::optional<Timestamp> to;
    int points = 2000; ///< 2 to 2,000; more samples are reduced to minimum and maximum per bucket
};

/// Reads what is durable. One object, one thread, one connection; short reads only.
class HistoryReader
{
public:
    HistoryReader() = default;
    HistoryReader(const HistoryReader &) = delete;
    HistoryReader &operator=(const HistoryReader &) = delete;
    virtual ~HistoryReader() = default;

    [[nodiscard]] virtual Result<std::vector<BotRecord>> bots() = 0; ///< without deleted ones
    [[nodiscard]] virtual Result<std::vector<BotEvent>> events(const EventQuery &query) = 0;
    [[nodiscard]] virtual Result<EventSequence> firstSequence() = 0; ///< 0 in an empty journal
    [[nodiscard]] virtual Result<EventSequence> lastSequence() = 0;
    [[nodiscard]] virtual Result<std::vector<Trade>> trades(const TradeQuery &query) = 0; ///< newest first unless after
    [[nodiscard]] virtual Result<qint64> tradeCount(std::optional<BotId> bot) = 0;
    /// The id of the trade at this place, counted from the oldest, so that new ones move none; NotFound beyond the end.
    [[nodiscard]] virtual Result<TradeId> tradeAt(std::optional<BotId> bot, qint64 place) = 0;
    [[nodiscard]] virtual Result<std::vector<Order>> orders(const OrderQuery &query) = 0; ///< newest first
    [[nodiscard]] virtual Result<std::vector<LedgerEntry>> ledger(BotId bot, EventSequence after, int limit) = 0;
    [[nodiscard]] virtual Result<std::vector<EquityPoint>> equity(const EquityQuery &query) = 0; ///< ascending
    /// Of all closed trades of a bot and of its equity. A long history takes several calls, each of which reads on from
    /// where the last one stopped and is empty while there is more; later calls read only what has come since.
    [[nodiscard]] virtual Result<std::optional<Statistics>> statistics(BotId bot) = 0;
    [[nodiscard]] virtual Result<User> user(UserId id) = 0;
};

/// A reader behind a thread of its own, for callers that must not wait (the window). Any thread.
class HistoryService
{
public:
    HistoryService() = default;
    HistoryService(const HistoryService &) = delete;
    HistoryService &operator=(const HistoryService &) = delete;
    virtual ~HistoryService() = default;

    /// Runs work(reader) in the reading thread, then done(its result) in context's thread; done is dropped when context
    /// is gone by then. work must not refer to context.
    template<class Work, class Done>
    void read(QObject *context, Work work, Done done)
    {
        post(context, [work = std::move(work), done = std::move(done)](HistoryReader &reader) mutable {
            return std::function<void()>(
                    [result = work(reader), done = std::move(done)]() mutable { done(std::move(result)); });
        });
    }

protected:
    using Job = std::function<std::function<void()>(HistoryReader &)>;
    virtual void post(QObject *context, Job job) = 0;
};

} // namespace tradebot
