// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/api/journal.h"
#include "core/storage/database.h"

#include <QStringList>

namespace tradebot {

/// Where the journal leaves numbers out, one sentence each, at most so many.
[[nodiscard]] Result<QStringList> firstGaps(const Database &database, int most);

/// What the engine starts from, read from the projections: no fold of the whole journal. Corrupt, naming the place,
/// when the journal leaves a number out.
[[nodiscard]] Result<Recovered> recover(const Database &database);

} // namespace tradebot
