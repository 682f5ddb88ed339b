// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/exchange/polledmarketdata.h"

#include <QTimer>

#include <memory>

namespace tradebot {

/// Lets a paced market go with the time of the thread that it is made in, which is the engine's.
class TimerMarketData final : public MarketData
{
public:
    explicit TimerMarketData(std::unique_ptr<PolledMarketData> market);

    void setSink(MarketDataSink *sink) override { m_market->setSink(sink); }
    [[nodiscard]] Result<Instrument> instrument(const Symbol &symbol, Market market) const override
    {
        return m_market->instrument(symbol, market);
    }
    void open(StreamId stream, const Symbol &symbol, Market market) override;
    void close(StreamId stream) override { m_market->close(stream); }
    void history(StreamId stream, Timeframe timeframe, int limit, HistoryReply reply) override
    {
        m_market->history(stream, timeframe, limit, std::move(reply));
    }
    [[nodiscard]] bool canWait() const override { return m_market->canWait(); }
    [[nodiscard]] std::optional<Candle> formingCandle(StreamId stream, Timeframe timeframe) override
    {
        return m_market->formingCandle(stream, timeframe);
    }
    [[nodiscard]] Timestamp now() const override { return m_market->now(); }
    [[nodiscard]] QString description() const override { return m_market->description(); }

private:
    std::unique_ptr<PolledMarketData> m_market;
    QTimer m_timer;
};

} // namespace tradebot
