// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine/candleaggregator.h"

#include <deque>
#include <vector>

namespace tradebot {

/// The newest candles of one stream in one timeframe: its past from the source, its present from ticks.
class CandleHistory final
{
public:
    explicit CandleHistory(Timeframe timeframe) : m_aggregator(timeframe) { }

    [[nodiscard]] Timeframe timeframe() const { return m_aggregator.timeframe(); }
    [[nodiscard]] bool isReady() const { return m_ready; }
    [[nodiscard]] std::optional<Candle> live() const { return m_aggregator.live(); }
    /// Changes with every closed candle, so that followers see whether there is something new.
    [[nodiscard]] qint64 closedCount() const { return m_closedCount; }

    /// The candles of the past; those that closed meanwhile stay behind them.
    void setHistory(const std::vector<Candle> &history);
    /// What was traded of the present candle before the first tick came here.
    void setForming(const Candle &candle) { m_aggregator.setLive(candle); }
    /// The candle that this tick closes, if any; it is kept.
    [[nodiscard]] std::optional<Candle> add(const Tick &tick);
    [[nodiscard]] std::optional<Candle> closeUpTo(Timestamp time);
    /// The newest candles that open before `before`, ascending.
    [[nodiscard]] std::vector<Candle> newest(int limit, std::optional<Timestamp> before = std::nullopt) const;

private:
    std::optional<Candle> keep(std::optional<Candle> candle);

    CandleAggregator m_aggregator;
    std::deque<Candle> m_closed;
    qint64 m_closedCount = 0;
    bool m_ready = false;
};

} // namespace tradebot
