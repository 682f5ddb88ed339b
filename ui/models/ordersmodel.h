// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/api/historyreader.h"
#include "ui/format/timeformat.h"
#include "ui/models/historyroles.h"
#include "ui/models/livefeed.h"

#include <QAbstractTableModel>

#include <deque>
#include <optional>
#include <vector>

namespace tradebot {

/// Orders, newest first, live; older ones are read when the end comes into sight. Bounded in memory. Never waits. Main
/// thread.
class OrdersModel final : public QAbstractTableModel
{
    Q_OBJECT
public:
    enum Column {
        BotColumn,
        ClientIdColumn,
        VenueIdColumn,
        SymbolColumn,
        SideColumn,
        TypeColumn,
        PriceColumn,
        QuantityColumn,
        FilledColumn,
        StatusColumn,
        SentColumn,
        AcknowledgedColumn,
        ReasonColumn,
        ColumnCount
    };

    static constexpr size_t mostLive = 2'000;
    static constexpr size_t mostRead = 10'000;

    OrdersModel(HistoryService &history, const LiveFeed &live, const TimeFormat &time, QObject *parent = nullptr);

    /// Reads anew: the orders of one bot or of all, all or only those still open.
    void show(std::optional<BotId> bot, bool openOnly);
    [[nodiscard]] bool isReady() const { return m_ready; }
    [[nodiscard]] const Order &orderAt(int row) const { return m_orders[static_cast<size_t>(row)]; }

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    [[nodiscard]] bool canFetchMore(const QModelIndex &parent) const override;
    void fetchMore(const QModelIndex &parent) override;

Q_SIGNALS:
    void ready();
    void countChanged(int count);
    void failed(const QString &text);

private:
    void readOlder();
    void takeOlder(const std::vector<Order> &orders);
    void takeFacts(const std::vector<EventPointer> &events);
    void put(const Order &order);
    [[nodiscard]] QString text(const Order &order, int column) const;
    [[nodiscard]] QVariant sortValue(const Order &order, int column) const;

    HistoryService &m_history;
    const LiveFeed &m_live;
    const TimeFormat &m_time;
    std::optional<BotId> m_bot;
    bool m_openOnly = false;
    std::deque<Order> m_orders; ///< by number of submission, newest first
    std::vector<Order> m_early; ///< came while the first orders were being read
    size_t m_readRows = 0;      ///< that scrolling back has come to; they stay
    bool m_atEnd = false;
    bool m_reading = false;
    bool m_ready = false;
    int m_generation = 0;
};

} // namespace tradebot
