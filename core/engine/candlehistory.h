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
    /// Whether its past is here as far back as that, or as the source goes.
    [[nodiscard]] bool covers(int count) const { return m_covered >= count; }
    [[nodiscard]] std::optional<Candle> live() const { return m_aggregator.live(); }
    /// Changes with every closed candle, so that followers see whether there is something new.
    [[nodiscard]] qint64 closedCount() const { return m_closedCount; }

    /// From now on keeps this many candles; true when the source has to be asked for them.
    [[nodiscard]] bool ask(int count);
    /// The source did not answer: the next one who wants more asks again.
    void forgetQuestion() { m_asked = m_covered; }
    /// The candles of the past, of which `asked` were asked for; those that closed meanwhile stay behind them.
    void setHistory(const std::vector<Candle> &history, int asked);
    /// What was traded of the present candle before the first tick came here.
    void setForming(const Candle &candle) { m_aggregator.setLive(candle); }
    /// The candle that this tick closes, if any; it is kept.
    [[nodiscard]] std::optional<Candle> add(const Tick &tick);
    [[nodiscard]] std::optional<Candle> closeUpTo(Timestamp time);
    /// The newest candles that open before `before`, ascending.
    [[nodiscard]] std::vector<Candle> newest(int limit, std::optional<Timestamp> before = std::nullopt) const;

private:
    void keep(const Candle &candle);
    void trim();

    CandleAggregator m_aggregator;
    std::deque<Candle> m_closed;
    qint64 m_closedCount = 0;
    int m_asked = 0;   ///< the most that anybody wanted: so many are kept
    int m_covered = 0; ///< of them, what the source has answered for
};

} // namespace tradebot
