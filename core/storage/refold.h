// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/storage/database.h"

#include <QStringList>

namespace tradebot {

/// Folds the whole journal anew and adds to problems what the projections say otherwise.
[[nodiscard]] Result<void> checkFold(const Database &database, QStringList &problems);

} // namespace tradebot
