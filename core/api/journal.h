// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/api/historyreader.h"
#include "core/domain/botevent.h"

#include <QObject>

#include <functional>
#include <memory>
#include <vector>

namespace tradebot {

struct EquitySample
{
    BotId bot;
    EquityPoint point;
};

/// What the engine hands to the store at once. events continue the journal without a gap.
struct JournalBatch
{
    std::vector<std::shared_ptr<BotEvent>> events; ///< the store fills in `recorded`, nobody else reads them before
    std::vector<EquitySample> equity;              ///< history of a view: kept, but not numbered
    [[nodiscard]] bool isEmpty() const { return events.empty() && equity.empty(); }
};

/// What the store says of a batch: all events up to upTo are on the disk.
struct Committed
{
    EventSequence upTo;
    Timestamp recorded;
    qint64 storeBytes = 0;
};

/// What there was when the store was opened.
struct Recovered
{
    EventSequence last;
    qint64 lastBotId = 0;   ///< the highest ever given, deleted ones included
    Timestamp lastHappened; ///< of the last fact; the epoch in an empty journal
    std::vector<BotRecord> bots;
};

/// The writing side of the store, as the engine sees it. Any thread.
class Journal
{
public:
    Journal() = default;
    Journal(const Journal &) = delete;
    Journal &operator=(const Journal &) = delete;
    virtual ~Journal() = default;

    /// Queues a batch and returns at once.
    virtual void append(JournalBatch batch) = 0;
    /// Says where to tell; both run in context's thread. After failed nothing more is committed: the program must stop
    /// trading. Call once, before the first append.
    virtual void listen(QObject *context, std::function<void(const Committed &)> committed,
                        std::function<void(const Error &)> failed) = 0;
};

} // namespace tradebot
