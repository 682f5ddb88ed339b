// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine/marketdata.h"

#include <tuple>

namespace tradebot {

/// A market that knows every symbol and gives no prices: for a program that only gives orders to bots, or that puts
/// prices into the engine itself. What is left to say is its clock and its name.
class NullMarketData : public MarketData
{
public:
    void setSink(MarketDataSink *) override { }
    [[nodiscard]] Result<Instrument> instrument(const Symbol &symbol, Market market) const override
    {
        Instrument instrument;
        instrument.symbol = symbol;
        instrument.market = market;
        std::tie(instrument.base, instrument.quote) = splitSymbol(symbol);
        return instrument;
    }
    void open(StreamId, const Symbol &, Market) override { }
    void close(StreamId) override { }
    void history(StreamId, Timeframe, int, HistoryReply) override { }
    [[nodiscard]] bool canWait() const override { return false; }
    [[nodiscard]] std::optional<Candle> formingCandle(StreamId, Timeframe) override { return std::nullopt; }
};

} // namespace tradebot
