// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/domain/candlefile.h"
#include "core/exchange/polledmarketdata.h"

#include <map>
#include <optional>

namespace tradebot {

struct ReplayOptions
{
    QString name;                         ///< of the recording, for people
    double speed = 1;                     ///< market seconds per second
    std::optional<Timestamp> resumeAfter; ///< else it begins at its beginning
};

/// Plays recorded candles as ticks: open, low, high, close, or open, high, low, close when the candle falls, at each
/// quarter of the candle, with its volume split between them; added up they are that candle again, to the last digit.
/// One recording is one market: every symbol has its prices.
///
/// Time begins to run when the first stream is opened. A gap in the recording passes at the same speed, but in at most
/// three seconds. While the computer sleeps, or is too slow, the recording waits. At its end all streams are lost.
class ReplayMarket final : public PolledMarketData
{
public:
    /// Time on a wall that never goes back, since some moment.
    using Stopwatch = std::function<std::chrono::milliseconds()>;

    /// At least one candle.
    ReplayMarket(RecordedCandles recorded, ReplayOptions options, Stopwatch stopwatch);

    void setSink(MarketDataSink *sink) override { m_sink = sink; }
    [[nodiscard]] Result<Instrument> instrument(const Symbol &symbol, Market market) const override;
    void open(StreamId stream, const Symbol &symbol, Market market) override;
    void close(StreamId stream) override { m_streams.erase(stream); }
    /// Replies at once. A timeframe that cannot be made of the recorded candles is InvalidInput; a candle whose
    /// beginning was not recorded is left out.
    void history(StreamId stream, Timeframe timeframe, int limit, HistoryReply reply) override;
    [[nodiscard]] bool canWait() const override { return true; }
    [[nodiscard]] std::optional<Candle> formingCandle(StreamId stream, Timeframe timeframe) override;
    /// The recording's clock: that of the tick while one is delivered. It stops one candle after the end.
    [[nodiscard]] Timestamp now() const override;
    [[nodiscard]] QString description() const override;
    void advance() override;

private:
    using Milliseconds = std::chrono::duration<double, std::milli>;

    /// A stretch of the recording that passes at one pace.
    struct Stretch
    {
        Milliseconds end;
        double pace = 1; ///< market time per wall time
        bool endsInTick = false;
    };

    [[nodiscard]] Stretch stretchAhead() const;
    [[nodiscard]] Timestamp endOf(std::size_t candle) const;
    [[nodiscard]] Milliseconds sinceStart(Timestamp time) const { return time - m_candles.front().openTime; }
    [[nodiscard]] Timestamp tickTime(std::size_t number) const;
    [[nodiscard]] Tick tickOf(std::size_t number) const;
    void moveTo(Timestamp time);
    void deliverTick();
    void tellTheEnd();
    [[nodiscard]] Result<std::vector<Candle>> closedCandles(Timeframe timeframe, std::size_t limit) const;

    std::vector<Candle> m_candles;
    Timeframe m_timeframe;
    ReplayOptions m_options;
    Stopwatch m_stopwatch;
    MarketDataSink *m_sink = nullptr;
    Price m_priceStep;
    std::map<StreamId, bool> m_streams;                  ///< and whether they were told of the end
    std::size_t m_nextTick = 0;                          ///< four to a candle
    Milliseconds m_position{};                           ///< since the first candle's open time
    std::optional<std::chrono::milliseconds> m_lastLook; ///< at the stopwatch; empty before the first stream
};

} // namespace tradebot
