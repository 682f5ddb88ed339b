// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <QString>
#include <QStringList>

namespace tradebot {

/// Looks for what must not be, in one consistent view that a running program does not disturb: damage of the file,
/// gaps in the journal, projections that are not the fold of the journal, balances that are not the sum of the
/// ledger. Empty when all is well; at most 100 sentences. An error when the database cannot be read at all.
[[nodiscard]] Result<QStringList> checkDatabase(const QString &dataDir);

/// Writes a consistent copy of the database to a file that does not exist yet; a running program may go on.
[[nodiscard]] Result<void> backupDatabase(const QString &dataDir, const QString &file);

/// Puts a copy of a backup (or of any database of ours, older ones included) in the place of the database, while no
/// program runs on the folder. What was there is kept, with its log, under another name in the same folder: that name,
/// or empty when there was none. What cannot be restored changes nothing.
[[nodiscard]] Result<QString> restoreDatabase(const QString &dataDir, const QString &file);

} // namespace tradebot
