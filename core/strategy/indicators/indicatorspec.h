// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/domain/market.h"

#include <QStringList>

#include <functional>
#include <optional>
#include <vector>

namespace tradebot {

/// Values of one candle, one for each column; empty while an indicator warms up.
using IndicatorCells = std::vector<std::optional<double>>;

/// An indicator that was named in words, "macd(12,26,9)", ready to take candles.
struct SpecifiedIndicator
{
    QStringList columns; ///< "ema(26)"; of several "macd(12,26,9).signal"
    /// Takes the next candle and appends one cell a column.
    std::function<void(const Candle &candle, IndicatorCells &cells)> update;
};

/// Reads a name with its numbers; spaces do not matter. InvalidInput says what there is, or which number must be what.
[[nodiscard]] Result<SpecifiedIndicator> indicatorFromSpec(QStringView spec);

/// "sma(period), macd(fast,slow,signal), …": all that can be named.
[[nodiscard]] QString allIndicatorSpecs();

} // namespace tradebot
