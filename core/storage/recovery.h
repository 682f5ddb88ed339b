// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/api/journal.h"
#include "core/storage/database.h"

namespace tradebot {

/// What the engine starts from, read from the projections: no fold of the whole journal.
[[nodiscard]] Result<Recovered> recover(const Database &database);

} // namespace tradebot
