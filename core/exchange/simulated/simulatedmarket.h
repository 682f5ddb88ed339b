// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/exchange/polledmarketdata.h"
#include "core/exchange/simulated/simulatedtape.h"

#include <deque>
#include <map>

namespace tradebot {

/// A made-up market that trades every symbol, day and night, without a network. Its prices depend on nothing but seed,
/// symbol and time, so that it has the same past and the same future in every program and after every restart.
class SimulatedMarket final : public PolledMarketData
{
public:
    SimulatedMarket(std::uint64_t seed, double ticksPerSecond, const Clock &clock);

    void setSink(MarketDataSink *sink) override { m_sink = sink; }
    [[nodiscard]] Result<Instrument> instrument(const Symbol &symbol, Market market) const override;
    /// Ticks begin with the first one after this moment.
    void open(StreamId stream, const Symbol &symbol, Market market) override;
    void close(StreamId stream) override;
    /// Replies from within advance(), one request at a time: each is some milliseconds of work.
    [[nodiscard]] bool canWait() const override { return false; }
    [[nodiscard]] std::optional<Candle> formingCandle(StreamId stream, Timeframe timeframe) override;
    void history(StreamId stream, Timeframe timeframe, int limit, HistoryReply reply) override;
    [[nodiscard]] Timestamp now() const override { return m_clock.now(); }
    [[nodiscard]] QString description() const override;
    /// After more than a minute without a call (the computer slept) goes on with the present: an outage, as a
    /// stream over a network would have had.
    void advance() override;

private:
    struct Stream
    {
        SimulatedTape tape;
        std::int64_t next = 0; ///< number of the tick that comes next
        bool isOpen = true;
    };

    struct HistoryRequest
    {
        StreamId stream;
        Timeframe timeframe = Timeframe::M1;
        int limit = 0;
        HistoryReply reply;
    };

    void deliver(StreamId id, Stream &stream, Timestamp present);
    void answer(const HistoryRequest &request);

    std::uint64_t m_seed;
    double m_ticksPerSecond;
    const Clock &m_clock;
    MarketDataSink *m_sink = nullptr;
    std::map<StreamId, Stream> m_streams;
    std::deque<HistoryRequest> m_requests;
    bool m_isAdvancing = false; ///< closed streams stay in m_streams until it is over
};

} // namespace tradebot
