// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine/marketdata.h"

namespace tradebot {

/// A source that makes its prices out of passing time, instead of hearing them from somebody. Plain: whoever holds it
/// calls advance() often (TimerMarketData in programs, tests by hand).
class PolledMarketData : public MarketData
{
public:
    /// Delivers everything that has happened up to its clock's present.
    virtual void advance() = 0;
};

/// Whether a symbol is one that a made-up market would trade: 3 to 20 of A-Z, 0-9 and '-'. NotFound if not.
[[nodiscard]] Result<void> validateSimulatedSymbol(const Symbol &symbol);

/// An instrument with the filters that exchanges usually give to prices of this size: five digits of price, but never
/// coarser than 0.01; a quantity step worth 0.1 to 1 of the quote currency.
[[nodiscard]] Instrument defaultInstrument(const Symbol &symbol, Market market, Price typicalPrice);

} // namespace tradebot
