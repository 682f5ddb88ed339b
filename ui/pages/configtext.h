// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/domain/botconfig.h"
#include "ui/pages/rowcard.h"

#include <vector>

namespace tradebot {

/// What a bot is told to do, in rows for a card.
[[nodiscard]] std::vector<CardRow> configRows(const BotConfig &config, const Instrument &instrument);

} // namespace tradebot
