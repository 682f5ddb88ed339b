// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/domain/leverage.h"

#include <map>

namespace tradebot::test {

/// Reads CSV with the header symbol,bracket,initial_leverage,notional_floor,notional_cap,maint_margin_ratio,cum. A bad
/// row is refused with its line number.
[[nodiscard]] Result<std::map<QString, LeverageBrackets>> leverageBracketsFromCsv(const QByteArray &csv);

} // namespace tradebot::test
