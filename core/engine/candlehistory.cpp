// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/candlehistory.h"

#include <algorithm>

namespace tradebot {

namespace {

constexpr std::size_t keptCandles = 8192; // more than the longest strategy asks for

bool opensBefore(const Candle &candle, Timestamp time)
{
    return candle.openTime < time;
}

} // namespace

void CandleHistory::setHistory(const std::vector<Candle> &history)
{
    std::deque<Candle> all(history.begin(), history.end());
    for (const Candle &candle : m_closed) {
        if (all.empty() || candle.openTime > all.back().openTime)
            all.push_back(candle);
    }
    m_closed = std::move(all);
    while (m_closed.size() > keptCandles)
        m_closed.pop_front();
    m_ready = true;
    ++m_closedCount;
}

std::optional<Candle> CandleHistory::add(const Tick &tick)
{
    return keep(m_aggregator.add(tick));
}

std::optional<Candle> CandleHistory::closeUpTo(Timestamp time)
{
    return keep(m_aggregator.closeUpTo(time));
}

std::optional<Candle> CandleHistory::keep(std::optional<Candle> candle)
{
    if (!candle)
        return candle;
    m_closed.push_back(*candle);
    if (m_closed.size() > keptCandles)
        m_closed.pop_front();
    ++m_closedCount;
    return candle;
}

std::vector<Candle> CandleHistory::newest(int limit, std::optional<Timestamp> before) const
{
    auto end = m_closed.end();
    if (before)
        end = std::lower_bound(m_closed.begin(), m_closed.end(), *before, opensBefore);
    const auto count = std::min<std::ptrdiff_t>(limit, end - m_closed.begin());
    return {end - count, end};
}

} // namespace tradebot
