// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/domain/market.h"
#include "core/exchange/simulated/simulatedprice.h"

#include <optional>

namespace tradebot {

/// All trades that a made-up market ever has in one symbol, numbered. Each is a function of seed, symbol, rate and
/// number alone: programs, restarts and looks into the past agree on every one of them.
class SimulatedTape final
{
public:
    /// ticksPerSecond from 0.01 to 1000.
    SimulatedTape(std::uint64_t seed, const Symbol &symbol, double ticksPerSecond);

    /// The number of the first tick at or after a time.
    [[nodiscard]] std::int64_t firstAtOrAfter(Timestamp time) const noexcept;
    [[nodiscard]] Timestamp timeOf(std::int64_t number) const noexcept;
    [[nodiscard]] Tick tick(std::int64_t number) noexcept;
    /// What was traded from a time to before another; empty when nothing was. Open and close are exact; high, low and
    /// volume are those of 64 ticks, evenly spread, where there are more than 256.
    [[nodiscard]] std::optional<Candle> candle(Timestamp from, Timestamp to) noexcept;

    /// With the filters that exchanges usually have for such a price.
    [[nodiscard]] static Instrument instrument(const Symbol &symbol, Market market);

private:
    [[nodiscard]] std::uint64_t bitsOf(std::int64_t number, std::uint64_t purpose) const noexcept;

    std::uint64_t m_key;
    SimulatedPrice m_price;
    Instrument m_instrument;
    double m_typicalPrice;    ///< in price steps
    double m_typicalQuantity; ///< of one tick, in quantity steps
    std::int64_t m_interval;  ///< µs between ticks, before they are scattered
};

} // namespace tradebot
