// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/domain/botstate.h"
#include "core/storage/database.h"

#include <QStringList>

namespace tradebot {

/// The state of one bot as its facts add up to it; Corrupt when they do not.
[[nodiscard]] Result<BotState> rebuildState(const Database &database, BotId bot);

/// Folds the whole journal anew and adds to problems what the projections say otherwise.
[[nodiscard]] Result<void> auditStates(const Database &database, QStringList &problems);

} // namespace tradebot
