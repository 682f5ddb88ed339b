// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/threadowner.h"
#include "core/storage/datafolder.h"
#include "core/storage/storagehost.h"

#include <functional>
#include <memory>

namespace tradebot {

/// The store of one running program: holds the data folder, owns the storage thread, and is the journal that the
/// engine writes to. Any thread may append; the rest belongs to the thread that made it.
class Store final : public Journal
{
public:
    /// Claims the folder, checks and migrates the database, reads what there is, and starts the storage thread. Waits
    /// for the disk: for the start of a program only. clock outlives the store.
    [[nodiscard]] static Result<std::unique_ptr<Store>> open(const QString &dataDir, const Clock &clock);
    /// The same, of a folder that is claimed already.
    [[nodiscard]] static Result<std::unique_ptr<Store>> open(DataFolder folder, const Clock &clock);
    /// Writes what was appended, ends the thread, gives the folder free.
    ~Store() override;

    void append(JournalBatch batch) override;
    void listen(QObject *context, std::function<void(const Committed &)> committed,
                std::function<void(const Error &)> failed) override;

    /// Runs job in the storage thread with the writing connection, between two transactions of the journal.
    void use(std::function<void(const Database &)> job);

    [[nodiscard]] const Recovered &recovered() const { return m_recovered; }
    [[nodiscard]] QString databasePath() const { return m_folder.databasePath(); }

private:
    Store(DataFolder folder, Recovered recovered, const Clock &clock);

    DataFolder m_folder; ///< first, so that it is given free last
    const Recovered m_recovered;
    ThreadOwner<StorageHost> m_thread;
};

} // namespace tradebot
