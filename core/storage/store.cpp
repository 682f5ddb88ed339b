// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/storage/store.h"

#include "core/storage/recovery.h"
#include "core/storage/schema.h"

namespace tradebot {

using namespace Qt::StringLiterals;

Result<std::unique_ptr<Store>> Store::open(const QString &dataDir, const Clock &clock)
{
    auto folder = DataFolder::claim(dataDir);
    if (!folder)
        return fail(folder.error());
    return open(std::move(*folder), clock);
}

Result<std::unique_ptr<Store>> Store::open(DataFolder folder, const Clock &clock)
{
    // A connection belongs to one thread: this one reads, the storage thread opens its own.
    const auto database = openMigrated(folder.databasePath());
    if (!database)
        return fail(database.error());
    auto recovered = recover(*database);
    if (!recovered)
        return fail(recovered.error());
    return std::unique_ptr<Store>(new Store(std::move(folder), std::move(*recovered), clock));
}

Store::Store(DataFolder folder, Recovered recovered, const Clock &clock)
    : m_folder(std::move(folder)),
      m_recovered(std::move(recovered)),
      m_thread(u"storage"_s, std::make_unique<StorageHost>(m_folder.databasePath(), clock, m_recovered))
{
    m_thread.start();
}

Store::~Store() = default;

void Store::append(JournalBatch batch)
{
    m_thread.post([batch = std::move(batch)](StorageHost &host) mutable { host.append(std::move(batch)); });
}

void Store::listen(QObject *context, std::function<void(const Committed &)> committed,
                   std::function<void(const Error &)> failed)
{
    m_thread.post([told = ThreadCallback<Committed>(context, std::move(committed)),
                   ended = ThreadCallback<Error>(context, std::move(failed))](StorageHost &host) {
        host.listen(told, ended);
    });
}

void Store::use(std::function<void(const Database &)> job)
{
    m_thread.post([job = std::move(job)](StorageHost &host) { host.use(job); });
}

} // namespace tradebot
