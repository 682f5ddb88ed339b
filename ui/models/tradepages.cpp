// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/tradepages.h"

#include <algorithm>

namespace tradebot {

qint64 TradePages::sizeOf(qint64 page, qint64 count)
{
    return std::clamp<qint64>(count - page * pageSize, 0, pageSize);
}

void TradePages::clear()
{
    m_pages.clear();
    m_firstIds.clear();
}

void TradePages::put(qint64 page, std::vector<Trade> trades)
{
    if (trades.empty())
        return;
    m_firstIds.insert(page, trades.front().id);
    m_pages.insert(page, new std::vector<Trade>(std::move(trades)));
}

void TradePages::append(qint64 place, const Trade &trade)
{
    const qint64 page = pageOf(place);
    const auto within = static_cast<size_t>(place % pageSize);
    std::vector<Trade> *trades = m_pages.object(page);
    if (trades && trades->size() == within)
        trades->push_back(trade);
    else if (within == 0)
        put(page, {trade});
}

const Trade *TradePages::at(qint64 place) const
{
    const std::vector<Trade> *trades = m_pages.object(pageOf(place));
    const auto within = static_cast<size_t>(place % pageSize);
    return trades && within < trades->size() ? &(*trades)[within] : nullptr;
}

std::optional<TradeId> TradePages::firstIdOf(qint64 page) const
{
    const auto found = m_firstIds.constFind(page);
    return found == m_firstIds.constEnd() ? std::nullopt : std::optional(*found);
}

} // namespace tradebot
