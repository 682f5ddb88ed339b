// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <QStringView>

#include <chrono>

namespace tradebot {

inline constexpr std::chrono::seconds maximumTtl = std::chrono::days(366);

/// Reads a lifetime: a whole number and s, m, h or d ("24h"), from one second to 366 days.
[[nodiscard]] Result<std::chrono::seconds> parseTtl(QStringView text);

} // namespace tradebot
