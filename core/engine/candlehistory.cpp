// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/candlehistory.h"

#include <algorithm>

namespace tradebot {

namespace {

bool opensBefore(const Candle &candle, Timestamp time)
{
    return candle.openTime < time;
}

} // namespace

bool CandleHistory::ask(int count)
{
    if (count <= m_asked)
        return false;
    m_asked = count;
    return true;
}

void CandleHistory::setHistory(const std::vector<Candle> &history, int asked)
{
    std::deque<Candle> all(history.begin(), history.end());
    for (const Candle &candle : m_closed) {
        if (all.empty() || candle.openTime > all.back().openTime)
            all.push_back(candle);
    }
    m_closed = std::move(all);
    m_covered = std::max(m_covered, asked);
    ++m_closedCount;
    trim();
}

void CandleHistory::trim()
{
    const auto kept = static_cast<std::size_t>(std::max(m_asked, 1));
    while (m_closed.size() > kept)
        m_closed.pop_front();
}

std::optional<Candle> CandleHistory::add(const Tick &tick)
{
    const auto closed = m_aggregator.add(tick);
    if (closed)
        keep(*closed);
    return closed;
}

std::optional<Candle> CandleHistory::closeUpTo(Timestamp time)
{
    const auto closed = m_aggregator.closeUpTo(time);
    if (closed)
        keep(*closed);
    return closed;
}

void CandleHistory::keep(const Candle &candle)
{
    m_closed.push_back(candle);
    ++m_closedCount;
    trim();
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
