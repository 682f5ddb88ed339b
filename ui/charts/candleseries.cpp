// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/candleseries.h"

#include <algorithm>
#include <limits>

namespace tradebot {

namespace {

auto firstNotBefore(const std::vector<Bar> &bars, Timestamp time)
{
    return std::lower_bound(bars.begin(), bars.end(), time,
                            [](const Bar &bar, Timestamp wanted) { return bar.time < wanted; });
}

} // namespace

Bar toBar(const Candle &candle)
{
    Bar bar{candle.openTime,       candle.open.toDouble(),  candle.high.toDouble(),
            candle.low.toDouble(), candle.close.toDouble(), candle.volume.toDouble()};
    bar.high = std::max({bar.high, bar.open, bar.close});
    bar.low = std::min({bar.low, bar.open, bar.close});
    bar.volume = std::max(0.0, bar.volume);
    return bar;
}

void CandleSeries::reset(std::span<const Candle> closed)
{
    clear();
    append(closed);
}

void CandleSeries::clear()
{
    m_closed.clear();
    m_live.reset();
}

void CandleSeries::append(std::span<const Candle> closed)
{
    for (const Candle &candle : closed) {
        const Bar bar = toBar(candle);
        if (m_closed.empty() || bar.time > m_closed.back().time) {
            m_closed.push_back(bar);
            continue;
        }
        const auto place = firstNotBefore(m_closed, bar.time) - m_closed.begin();
        if (m_closed[static_cast<size_t>(place)].time == bar.time)
            m_closed[static_cast<size_t>(place)] = bar;
    }
    if (m_closed.size() > mostBars)
        m_closed.erase(m_closed.begin(), m_closed.end() - static_cast<std::ptrdiff_t>(mostBars));
    if (m_live && !m_closed.empty() && m_live->time <= m_closed.back().time)
        m_live.reset();
}

size_t CandleSeries::prepend(std::span<const Candle> older)
{
    std::vector<Bar> bars;
    const size_t room = mostBars > m_closed.size() ? mostBars - m_closed.size() : 0;
    for (const Candle &candle : older) {
        const bool fits = m_closed.empty() || candle.openTime < m_closed.front().time;
        if (fits && (bars.empty() || candle.openTime > bars.back().time))
            bars.push_back(toBar(candle));
    }
    if (bars.size() > room)
        bars.erase(bars.begin(), bars.end() - static_cast<std::ptrdiff_t>(room));
    m_closed.insert(m_closed.begin(), bars.begin(), bars.end());
    return bars.size();
}

void CandleSeries::setLive(const std::optional<Candle> &candle)
{
    if (!candle) {
        m_live.reset();
        return;
    }
    if (m_closed.empty() || candle->openTime > m_closed.back().time)
        m_live = toBar(*candle);
}

std::optional<CandleSeries::Range> CandleSeries::rangeOf(size_t begin, size_t end) const
{
    end = std::min(end, m_closed.size());
    if (begin >= end)
        return std::nullopt;
    Range range{m_closed[begin].low, m_closed[begin].high, m_closed[begin].volume};
    for (size_t i = begin + 1; i < end; ++i) {
        range.low = std::min(range.low, m_closed[i].low);
        range.high = std::max(range.high, m_closed[i].high);
        range.volume = std::max(range.volume, m_closed[i].volume);
    }
    return range;
}

std::optional<size_t> CandleSeries::indexAt(Timestamp time) const
{
    if (m_live && time >= m_live->time)
        return m_closed.size();
    const auto after = std::upper_bound(m_closed.begin(), m_closed.end(), time,
                                        [](Timestamp wanted, const Bar &bar) { return wanted < bar.time; });
    if (after == m_closed.begin())
        return std::nullopt;
    return static_cast<size_t>(after - m_closed.begin()) - 1;
}

std::vector<double> exponentialAverage(std::span<const Bar> bars, int period)
{
    std::vector<double> values(bars.size(), std::numeric_limits<double>::quiet_NaN());
    const auto length = static_cast<size_t>(std::max(1, period));
    if (bars.size() < length)
        return values;
    double average = 0;
    for (size_t i = 0; i < length; ++i)
        average += bars[i].close / static_cast<double>(length);
    values[length - 1] = average;
    const double weight = 2.0 / (static_cast<double>(length) + 1);
    for (size_t i = length; i < bars.size(); ++i) {
        average += weight * (bars[i].close - average);
        values[i] = average;
    }
    return values;
}

} // namespace tradebot
