// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/domain/botconfig.h"

#include <vector>

namespace tradebot {

/// Three example bots on demo money. A recording is one market only, so there all three trade the same symbol.
[[nodiscard]] std::vector<BotConfig> demoBots(bool oneMarket);

} // namespace tradebot
