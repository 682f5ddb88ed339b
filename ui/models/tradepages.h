// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/domain/trade.h"

#include <QCache>
#include <QHash>

#include <optional>
#include <vector>

namespace tradebot {

/// A bounded part of a long list of trades, in pages of 64. A trade's place is counted from the oldest, so that new
/// ones move none. The pages used least recently go first.
class TradePages final
{
public:
    static constexpr qint64 pageSize = 64;
    static constexpr int mostPages = 128;

    TradePages() : m_pages(mostPages) { }

    [[nodiscard]] static qint64 pageOf(qint64 place) { return place / pageSize; }
    /// How many trades a page holds when there are `count` of all.
    [[nodiscard]] static qint64 sizeOf(qint64 page, qint64 count);

    void clear();
    /// trades ascend, and fill the page as far as there are any.
    void put(qint64 page, std::vector<Trade> trades);
    /// A new trade behind all others: kept when its page is here or begins with it.
    void append(qint64 place, const Trade &trade);
    /// nullptr when it is not here.
    [[nodiscard]] const Trade *at(qint64 place) const;
    [[nodiscard]] bool contains(qint64 page) const { return m_pages.contains(page); }
    /// The id that the page begins with, if it has ever been here.
    [[nodiscard]] std::optional<TradeId> firstIdOf(qint64 page) const;
    [[nodiscard]] int pageCount() const { return static_cast<int>(m_pages.count()); }

private:
    QCache<qint64, std::vector<Trade>> m_pages;
    QHash<qint64, TradeId> m_firstIds; ///< one for every 64 trades: small, kept for the neighbour's key
};

} // namespace tradebot
