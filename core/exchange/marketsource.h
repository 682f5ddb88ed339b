// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/domain/candlefile.h"
#include "core/engine/marketdata.h"

#include <QStringView>

#include <memory>
#include <optional>
#include <variant>

namespace tradebot {

/// Where prices come from, as a person writes it.
struct SimulatedSource
{
    double ticksPerSecond = 4; ///< of each symbol
};
struct ReplaySource
{
    QString file;
    double speed = 1; ///< market seconds per second
};
using MarketSource = std::variant<SimulatedSource, ReplaySource>;

/// Reads "simulated", "simulated@100" (ticks per second), "replay:FILE.csv" or "replay:FILE.csv@600" (market seconds
/// per second). A name that has an '@' in it is taken as it is when there is such a file. InvalidInput says how to mend
/// it.
[[nodiscard]] Result<MarketSource> parseMarketSource(QStringView text);

/// A source with what it needs from the disk.
struct LoadedSource
{
    MarketSource source;
    RecordedCandles recording; ///< of a ReplaySource
};

/// Reads a recording; Io or Malformed, naming file and line, when it cannot be played.
[[nodiscard]] Result<LoadedSource> loadMarketSource(const MarketSource &source);

/// Makes a market that goes with the time of the thread that this is called in, which must be the engine's. A recording
/// goes on after resumeAfter, or begins at its beginning.
[[nodiscard]] std::unique_ptr<MarketData> makeMarketData(LoadedSource loaded, quint64 seed, const Clock &clock,
                                                         std::optional<Timestamp> resumeAfter);

} // namespace tradebot
