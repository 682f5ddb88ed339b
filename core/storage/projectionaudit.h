// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/storage/database.h"

#include <QStringList>

namespace tradebot {

/// Makes the tables of bots, configurations, orders, fills, trades and ledger anew from the journal, in a database of
/// its own in the folder for temporary files, and adds to problems each row that differs; at most a few of a table.
/// The hours of the equity curve are compared with its samples.
[[nodiscard]] Result<void> checkProjections(const Database &database, QStringList &problems);

} // namespace tradebot
