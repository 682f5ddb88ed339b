// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/domain/strategyschema.h"

#include <algorithm>

namespace tradebot {

/// The parameters that a bot's strategy works with: those of its config, and the defaults of the rest.
[[nodiscard]] inline StrategyParameters wholeParameters(const BotConfig &config, const StrategyCatalog &strategies)
{
    const auto info = std::ranges::find(strategies, config.strategy, &StrategyInfo::name);
    return info == strategies.end() ? config.strategyParameters : withDefaults(*info, config.strategyParameters);
}

} // namespace tradebot
