// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/storage/database.h"

namespace tradebot {

/// The schema that this program knows: the number of the last migration in resources/sql.
[[nodiscard]] int newestSchemaVersion();

/// Opens the database for writing and brings it to the newest schema, each migration in one transaction. A file that
/// is damaged, not ours, or from a newer program is looked at through a read-only connection and left as it is.
[[nodiscard]] Result<Database> openMigrated(const QString &path);

/// Opens a database of ours to read, of this version or an older one, having looked whether it is whole.
[[nodiscard]] Result<Database> openSound(const QString &path);

/// Opens the database to read; an error when its schema is not the newest.
[[nodiscard]] Result<Database> openReadOnly(const QString &path);

} // namespace tradebot
