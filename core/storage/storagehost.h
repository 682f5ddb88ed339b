// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/threadcallback.h"
#include "core/storage/journalwriter.h"

#include <QObject>

#include <functional>
#include <optional>

namespace tradebot {

/// The thread's edge of the writing side: owns the writing connection and groups what waits into one transaction.
/// Lives in the storage thread; all but the constructor is called there.
class StorageHost final : public QObject
{
    Q_OBJECT

public:
    /// The database is migrated, and recovered was read from it; clock outlives the host. The connection is opened at
    /// the first use, in the host's thread.
    StorageHost(QString databasePath, const Clock &clock, Recovered recovered);
    /// Writes what still waits.
    ~StorageHost() override;

    /// failed is called once; nothing is written afterwards.
    void listen(ThreadCallback<Committed> committed, ThreadCallback<Error> failed);
    void append(JournalBatch batch);
    /// Runs job with the writing connection, between two transactions of the journal.
    void use(const std::function<void(const Database &)> &job);

private:
    [[nodiscard]] bool open();
    void writeWaiting();
    void stopWriting(const Error &error);

    const QString m_path;
    const Clock &m_clock;
    ThreadCallback<Committed> m_onCommitted;
    ThreadCallback<Error> m_onFailed;
    Recovered m_recovered; ///< until the writer has taken it over
    std::optional<Database> m_database;
    std::optional<JournalWriter> m_writer;
    std::vector<JournalBatch> m_waiting;
    bool m_wakeUpQueued = false;
    bool m_failed = false;
};

} // namespace tradebot
