// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/domain/strategyschema.h"
#include "ui/pages/rowcard.h"

#include <vector>

namespace tradebot {

/// What a bot is told to do, in rows for a card, with the defaults of parameters that its config leaves out.
[[nodiscard]] std::vector<CardRow> configRows(const BotConfig &config, const Instrument &instrument,
                                              const StrategyCatalog &strategies);

} // namespace tradebot
