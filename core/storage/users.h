// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/api/historyreader.h"
#include "core/storage/database.h"

namespace tradebot {

/// The owner that every database has from its first migration on.
[[nodiscard]] Result<User> findOwner(const Database &database);
/// The owner of a data folder; makes the database if there is none. Works beside a running program.
[[nodiscard]] Result<User> ownerOf(const QString &dataDir);

/// Makes every earlier token of the owner invalid; the owner as he is now. Works beside a running program, which looks
/// at the epoch with each request.
[[nodiscard]] Result<User> revokeTokens(const QString &dataDir);

[[nodiscard]] Result<int> tokenEpoch(const Database &database, UserId user);
/// Makes every earlier token of this user invalid; gives the new epoch. Needs a writing connection.
[[nodiscard]] Result<int> incrementTokenEpoch(const Database &database, UserId user);

} // namespace tradebot
