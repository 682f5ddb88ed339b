// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/domain/botsnapshot.h"

#include <QString>

#include <vector>

namespace tradebot {

/// One step of what a position would leave behind.
struct ArithmeticRow
{
    QString what;    ///< "Price move"
    QString formula; ///< "(67,918.40 − 67,250.10) × 0.0745"
    Money amount;
    int decimals = 2;
    bool isTotal = false;
    friend bool operator==(const ArithmeticRow &, const ArithmeticRow &) = default;
};

/// What closing the open position at the mark would leave, step by step, with the decimals of its currency. The last
/// row is the sum of the rows as they are written. Empty for a flat bot or one without a price.
[[nodiscard]] std::vector<ArithmeticRow> positionArithmetic(const BotSnapshot &bot);

} // namespace tradebot
