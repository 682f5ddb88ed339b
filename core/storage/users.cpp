// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/storage/users.h"

#include "core/storage/datafolder.h"
#include "core/storage/rows.h"
#include "core/storage/schema.h"

#include <QFileInfo>

namespace tradebot {

using namespace Qt::StringLiterals;

Result<User> findOwner(const Database &database)
{
    Statement statement(database, u"SELECT %1 FROM users WHERE role = 'owner' ORDER BY id LIMIT 1"_s.arg(
                                          QLatin1StringView(userColumns)));
    auto users = statement.all<User>(readUser);
    if (!users)
        return fail(users.error());
    if (users->empty())
        return fail(ErrorCode::NotFound, u"database %1: it has no owner"_s.arg(database.path()));
    return users->front();
}

Result<User> ownerOf(const QString &dataDir)
{
    const QString path = databasePath(dataDir);
    if (QFileInfo::exists(path)) {
        const auto database = openReadOnly(path);
        return database ? findOwner(*database) : fail(database.error());
    }
    const auto folder = DataFolder::claim(dataDir);
    if (!folder)
        return fail(folder.error());
    const auto database = openMigrated(path);
    return database ? findOwner(*database) : fail(database.error());
}

Result<User> revokeTokens(const QString &dataDir)
{
    auto owner = ownerOf(dataDir);
    if (!owner)
        return owner;
    const auto database = Database::open(databasePath(dataDir), Database::Access::ReadWrite);
    if (!database)
        return fail(database.error());
    const auto epoch = incrementTokenEpoch(*database, owner->id);
    if (!epoch)
        return fail(epoch.error());
    owner->tokenEpoch = *epoch;
    return owner;
}

Result<int> tokenEpoch(const Database &database, UserId user)
{
    Statement statement(database, u"SELECT token_epoch FROM users WHERE id = ?"_s);
    const auto epoch = statement.integer(user);
    if (!epoch)
        return fail(epoch.error());
    if (!*epoch)
        return fail(ErrorCode::NotFound, u"user %1 does not exist"_s.arg(user.value()));
    return static_cast<int>(**epoch);
}

Result<int> incrementTokenEpoch(const Database &database, UserId user)
{
    Statement statement(database, u"UPDATE users SET token_epoch = token_epoch + 1 WHERE id = ?"_s);
    if (auto done = statement.run(user); !done)
        return fail(done.error());
    return tokenEpoch(database, user);
}

} // namespace tradebot
