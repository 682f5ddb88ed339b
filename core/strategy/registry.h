// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/strategy/strategy.h"

namespace tradebot {

/// All built-in strategies, in the order in which forms list them.
[[nodiscard]] const StrategyCatalog &builtInStrategies();

/// The description of one; nullptr when there is none of that name.
[[nodiscard]] const StrategyInfo *findStrategy(QStringView name);

/// Makes a strategy. InvalidInput, with fields, for an unknown name or a parameter that breaks its schema or a rule
/// between two of them (fast below slow).
[[nodiscard]] Result<std::unique_ptr<Strategy>> makeStrategy(QStringView name, const StrategyParameters &parameters);

} // namespace tradebot
