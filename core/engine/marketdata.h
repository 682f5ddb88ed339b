// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/domain/market.h"

#include <functional>
#include <optional>
#include <vector>

namespace tradebot {

/// A price stream that the engine has opened: one symbol on one market.
using StreamId = StrongId<struct StreamIdTag, int>;

/// Where a source puts its prices. Engine thread.
class MarketDataSink
{
public:
    MarketDataSink() = default;
    MarketDataSink(const MarketDataSink &) = delete;
    MarketDataSink &operator=(const MarketDataSink &) = delete;
    virtual ~MarketDataSink() = default;

    /// Times of one stream never go backwards.
    virtual void tick(StreamId stream, const Tick &tick) = 0;
    /// The stream gives no more prices: the source is broken, or a recording has ended.
    virtual void lost(StreamId stream, const Error &error) = 0;
};

/// A source of prices: simulated, recorded, an exchange. Lives in the engine thread.
class MarketData
{
public:
    using HistoryReply = std::function<void(Result<std::vector<Candle>>)>;

    MarketData() = default;
    MarketData(const MarketData &) = delete;
    MarketData &operator=(const MarketData &) = delete;
    virtual ~MarketData() = default;

    /// Before anything else; once.
    virtual void setSink(MarketDataSink *sink) = 0;
    /// What is known of a symbol; NotFound when the source does not have it.
    [[nodiscard]] virtual Result<Instrument> instrument(const Symbol &symbol, Market market) const = 0;
    /// Begins to deliver ticks under this id.
    virtual void open(StreamId stream, const Symbol &symbol, Market market) = 0;
    virtual void close(StreamId stream) = 0;
    /// The newest closed candles before the market's present, ascending, at most limit; fewer where there are no more.
    /// Replies at once or later; not at all after close().
    virtual void history(StreamId stream, Timeframe timeframe, int limit, HistoryReply reply) = 0;
    /// The market's clock: the computer's for a live market, the recording's for a replay.
    [[nodiscard]] virtual Timestamp now() const = 0;
    /// For a recording: its prices wait while an order's facts are on their way to the disk, and come again after a
    /// restart, so that it gives the same result however fast the disk is and however often the program dies.
    [[nodiscard]] virtual bool canWait() const = 0;
    /// The candle that was forming when the stream was opened, from what was traded before that; nullopt where the
    /// source does not know.
    [[nodiscard]] virtual std::optional<Candle> formingCandle(StreamId stream, Timeframe timeframe) = 0;
    /// "simulated, seed 1"; for status bar and log.
    [[nodiscard]] virtual QString description() const = 0;
};

} // namespace tradebot
