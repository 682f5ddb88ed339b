// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/storage/storagehost.h"

#include "core/base/logging.h"

#include <span>

namespace tradebot {

namespace {

/// A longer queue is written in several transactions, so that its first facts are not told late.
constexpr std::size_t largestTransaction = 4096;

/// How many batches, at least one, fit into a transaction.
std::size_t batchesForOneTransaction(std::span<const JournalBatch> batches)
{
    std::size_t rows = 0;
    for (std::size_t count = 0; count < batches.size(); ++count) {
        rows += batches[count].events.size() + batches[count].equity.size();
        if (rows > largestTransaction)
            return std::max<std::size_t>(count, 1);
    }
    return batches.size();
}

} // namespace

StorageHost::StorageHost(QString databasePath, const Clock &clock, Recovered recovered)
    : m_path(std::move(databasePath)),
      m_clock(clock),
      m_recovered(std::move(recovered))
{ }

StorageHost::~StorageHost()
{
    writeWaiting();
}

void StorageHost::listen(ThreadCallback<Committed> committed, ThreadCallback<Error> failed)
{
    m_onCommitted = std::move(committed);
    m_onFailed = std::move(failed);
}

void StorageHost::append(JournalBatch batch)
{
    if (m_failed || batch.isEmpty())
        return;
    m_waiting.push_back(std::move(batch));
    if (m_wakeUpQueued)
        return;
    // Behind all batches that the event queue holds by now: they go into the same transaction.
    m_wakeUpQueued = true;
    QMetaObject::invokeMethod(this, &StorageHost::writeWaiting, Qt::QueuedConnection);
}

void StorageHost::use(const std::function<void(const Database &)> &job)
{
    if (open())
        job(*m_database);
}

bool StorageHost::open()
{
    if (m_failed)
        return false;
    if (m_database)
        return true;
    auto database = Database::open(m_path, Database::Access::ReadWrite);
    if (!database) {
        stopWriting(database.error());
        return false;
    }
    m_database.emplace(std::move(*database));
    m_writer.emplace(*m_database, m_clock, m_recovered);
    m_recovered = Recovered();
    return true;
}

void StorageHost::writeWaiting()
{
    m_wakeUpQueued = false;
    const std::vector<JournalBatch> waiting = std::exchange(m_waiting, {});
    std::span<const JournalBatch> rest(waiting);
    while (!rest.empty() && open()) {
        const std::size_t count = batchesForOneTransaction(rest);
        const auto done = m_writer->write(rest.first(count));
        if (!done) {
            stopWriting(done.error());
            return;
        }
        if (m_onCommitted)
            m_onCommitted(*done);
        rest = rest.subspan(count);
    }
}

void StorageHost::stopWriting(const Error &error)
{
    qCCritical(logStorage).noquote() << error.text;
    m_failed = true;
    m_waiting.clear();
    m_writer.reset();
    m_database.reset();
    if (m_onFailed)
        m_onFailed(error);
}

} // namespace tradebot
