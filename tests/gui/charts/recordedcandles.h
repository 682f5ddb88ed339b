// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/domain/market.h"

#include <QString>

#include <vector>

namespace tradebot {

/// Candles of a recorded file of the shared test data, at most `most`; none where the data is not there.
[[nodiscard]] std::vector<Candle> recordedCandles(const QString &file, int most);
/// Candles of a coarser timeframe made from finer ones.
[[nodiscard]] std::vector<Candle> coarser(const std::vector<Candle> &candles, Timeframe timeframe);
/// Candles that need no file: a wave of 100 ± 10, one a minute.
[[nodiscard]] std::vector<Candle> waveCandles(int count);

} // namespace tradebot
