// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/api/historyreader.h"
#include "ui/format/timeformat.h"
#include "ui/models/historyroles.h"
#include "ui/models/livefeed.h"
#include "ui/models/tradepages.h"

#include <QAbstractTableModel>

#include <optional>
#include <vector>

namespace tradebot {

/// Closed trades, newest first, as many as the store has: a bounded number of pages is in memory, the others are read
/// when they come into sight, and show an ellipsis until then. Never waits. Main thread.
class TradesModel final : public QAbstractTableModel
{
    Q_OBJECT
public:
    enum Column {
        BotColumn,
        SymbolColumn,
        SideColumn,
        QuantityColumn,
        EntryTimeColumn,
        EntryPriceColumn,
        ExitTimeColumn,
        ExitPriceColumn,
        GrossColumn,
        FeesColumn,
        FundingColumn,
        NetColumn,
        NetPercentColumn,
        DurationColumn,
        EntryTagColumn,
        ExitReasonColumn,
        ConfigColumn,
        ColumnCount
    };

    /// live may be nullptr: then nothing new comes in, and prices have the digits that they need.
    TradesModel(HistoryService &history, const LiveFeed *live, const TimeFormat &time, QObject *parent = nullptr);

    /// Reads anew: the trades of one bot, or of all.
    void show(std::optional<BotId> bot);
    /// Whether the first answer of the store has come.
    [[nodiscard]] bool isReady() const { return m_ready; }
    /// The trade of a row; nullptr while it is being read.
    [[nodiscard]] const Trade *tradeAt(int row) const;
    [[nodiscard]] int loadedPages() const { return m_pages.pageCount(); }

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

Q_SIGNALS:
    void ready();
    void countChanged(int count);
    void failed(const QString &text);

private:
    struct Newest
    {
        qint64 count = 0;
        std::vector<Trade> trades; ///< newest first
    };
    /// What a reading thread needs to find a page.
    struct PageQuery
    {
        std::optional<BotId> bot;
        int limit = 0;
        TradeId before;  ///< the first trade behind the page, where it is known
        qint64 next = 0; ///< its place, where it is not
    };

    static Result<Newest> readNewest(HistoryReader &reader, std::optional<BotId> bot);
    static Result<std::vector<Trade>> readPage(HistoryReader &reader, const PageQuery &query);

    void start(const Newest &newest);
    void takeFacts(const std::vector<EventPointer> &events);
    void insertNew(const std::vector<Trade> &trades);
    void want(qint64 page) const;
    void readNext();
    void takePage(qint64 page, Result<std::vector<Trade>> trades);
    [[nodiscard]] qint64 placeOf(int row) const { return m_count - 1 - row; }
    [[nodiscard]] Instrument instrumentOf(const Trade &trade) const;
    [[nodiscard]] QString botName(BotId id) const;
    [[nodiscard]] QString text(const Trade &trade, int column) const;

    HistoryService &m_history;
    const LiveFeed *m_live;
    const TimeFormat &m_time;
    std::optional<BotId> m_bot;
    qint64 m_count = 0;
    TradeId m_newest;
    mutable TradePages m_pages;           ///< looking at a page moves it to the front
    std::vector<Trade> m_early;           ///< came while the first page was being read
    mutable std::vector<qint64> m_wanted; ///< the last is read next
    std::optional<qint64> m_reading;
    int m_generation = 0; ///< answers to an earlier show() are dropped
    bool m_ready = false;
};

/// A cell as it is copied: exact, plain, in UTC.
[[nodiscard]] QVariant tradeValue(const Trade &trade, int column);
/// A cell as it is compared: money and prices in units of 1e-8, times in ms.
[[nodiscard]] QVariant tradeSortValue(const Trade &trade, int column);
/// Why it was closed: the strategy's word, or what guarded it.
[[nodiscard]] QString exitReasonText(const Trade &trade);

} // namespace tradebot
