// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/domain/botsnapshot.h"

#include <QString>

#include <optional>
#include <vector>

namespace tradebot {

/// One line of "one trade in numbers".
struct EstimateRow
{
    QString label;
    QString value;
    int sign = 0; ///< 1 and -1: coloured as money
    friend bool operator==(const EstimateRow &, const EstimateRow &) = default;
};

/// What one trade of this config comes to when the whole balance is there, at this price where one is known. On paper
/// the balance is that of the config, else it is given, empty while the exchange has not told it. The same sizing as
/// the engine's, but before its cut to the free balance. Exact; what cannot be computed has no row.
[[nodiscard]] std::vector<EstimateRow> estimateTrade(const BotConfig &config, const std::optional<Price> &price,
                                                     const Instrument &instrument,
                                                     const std::optional<Money> &exchangeBalance = {});

} // namespace tradebot
