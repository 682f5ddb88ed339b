// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/tradesmodel.h"

#include "ui/format/moneyformat.h"

#include <algorithm>
#include <array>

namespace tradebot {

using namespace Qt::StringLiterals;

namespace {

constexpr size_t mostWanted = 8; ///< pages that were asked for while one is read; older wishes are out of sight by then

} // namespace

TradesModel::TradesModel(HistoryService &history, const LiveFeed *live, const TimeFormat &time, QObject *parent)
    : QAbstractTableModel(parent),
      m_history(history),
      m_live(live),
      m_time(time)
{
    if (live)
        connect(live, &LiveFeed::factsArrived, this, &TradesModel::takeFacts);
    connect(&time, &TimeFormat::changed, this, [this] {
        Q_EMIT headerDataChanged(Qt::Horizontal, EntryTimeColumn, ExitTimeColumn);
        if (rowCount() > 0)
            Q_EMIT dataChanged(index(0, EntryTimeColumn), index(rowCount() - 1, ExitTimeColumn), {Qt::DisplayRole});
    });
}

// ---- The first page

void TradesModel::show(std::optional<BotId> bot)
{
    const int generation = ++m_generation;
    beginResetModel();
    m_bot = bot;
    m_count = 0;
    m_newest = TradeId();
    m_pages.clear();
    m_early.clear();
    m_wanted.clear();
    m_reading.reset();
    m_ready = false;
    endResetModel();
    m_history.read(
            this, [bot](HistoryReader &reader) { return readNewest(reader, bot); },
            [this, generation](const Result<Newest> &newest) {
                if (generation != m_generation)
                    return;
                if (newest)
                    start(*newest);
                else
                    Q_EMIT failed(newest.error().text);
            });
}

/// The newest trades and how many there are of all, both of the same moment.
Result<TradesModel::Newest> TradesModel::readNewest(HistoryReader &reader, std::optional<BotId> bot)
{
    TradeQuery query;
    query.bot = bot;
    query.limit = TradePages::pageSize;
    constexpr int attempts = 10;
    for (int attempt = 0;; ++attempt) {
        const auto trades = reader.trades(query);
        if (!trades)
            return fail(trades.error());
        const auto count = reader.tradeCount(bot);
        if (!count)
            return fail(count.error());
        TradeQuery last = query;
        last.limit = 1;
        const auto now = reader.trades(last);
        if (!now)
            return fail(now.error());
        const bool isSteady =
                now->empty() ? trades->empty() : !trades->empty() && now->front().id == trades->front().id;
        if (isSteady || attempt == attempts)
            return Newest{*count, *trades};
    }
}

void TradesModel::start(const Newest &newest)
{
    beginResetModel();
    m_count = newest.count;
    m_newest = newest.trades.empty() ? TradeId() : newest.trades.front().id;
    if (m_count > 0) {
        const qint64 page = TradePages::pageOf(m_count - 1);
        const auto size = static_cast<std::ptrdiff_t>(TradePages::sizeOf(page, m_count));
        if (std::ssize(newest.trades) >= size) {
            std::vector<Trade> trades(newest.trades.begin(), newest.trades.begin() + size);
            std::ranges::reverse(trades);
            m_pages.put(page, std::move(trades));
        }
    }
    m_ready = true;
    endResetModel();
    insertNew(std::exchange(m_early, {}));
    Q_EMIT countChanged(rowCount());
    Q_EMIT ready();
}

// ---- New trades

void TradesModel::takeFacts(const std::vector<EventPointer> &events)
{
    std::vector<Trade> trades;
    for (const EventPointer &event : events) {
        const auto *closed = std::get_if<TradeClosed>(&event->payload);
        if (closed && (!m_bot || closed->trade.bot == *m_bot))
            trades.push_back(closed->trade);
    }
    if (m_ready)
        insertNew(trades);
    else
        m_early.insert(m_early.end(), trades.begin(), trades.end());
}

void TradesModel::insertNew(const std::vector<Trade> &trades)
{
    const auto first = std::ranges::find_if(trades, [this](const Trade &trade) { return trade.id > m_newest; });
    const auto added = static_cast<int>(trades.end() - first);
    if (added == 0)
        return;
    beginInsertRows({}, 0, added - 1);
    for (auto trade = first; trade != trades.end(); ++trade) {
        m_pages.append(m_count, *trade);
        m_newest = trade->id;
        ++m_count;
    }
    endInsertRows();
    Q_EMIT countChanged(rowCount());
}

// ---- Pages

void TradesModel::want(qint64 page) const
{
    if (page == m_reading)
        return;
    std::erase(m_wanted, page);
    m_wanted.push_back(page);
    if (m_wanted.size() > mostWanted)
        m_wanted.erase(m_wanted.begin());
    // At once, so that the page is read while the rows around it are still being painted.
    const_cast<TradesModel *>(this)->readNext(); // NOLINT(cppcoreguidelines-pro-type-const-cast): data() is const
}

void TradesModel::readNext()
{
    if (m_reading || m_wanted.empty())
        return;
    const qint64 page = m_wanted.back();
    m_wanted.pop_back();
    m_reading = page;

    PageQuery query;
    query.bot = m_bot;
    query.limit = static_cast<int>(TradePages::sizeOf(page, m_count));
    query.next = (page + 1) * TradePages::pageSize;
    if (query.next >= m_count)
        query.before = TradeId(m_newest.value() + 1);
    else if (const auto known = m_pages.firstIdOf(page + 1))
        query.before = *known;
    m_history.read(
            this, [query](HistoryReader &reader) { return readPage(reader, query); },
            [this, page, generation = m_generation](Result<std::vector<Trade>> trades) {
                if (generation == m_generation)
                    takePage(page, std::move(trades));
            });
}

/// The trades of a page, ascending.
Result<std::vector<Trade>> TradesModel::readPage(HistoryReader &reader, const PageQuery &query)
{
    TradeQuery wanted;
    wanted.bot = query.bot;
    wanted.before = query.before;
    wanted.limit = query.limit;
    if (!wanted.before.isValid()) {
        const auto next = reader.tradeAt(query.bot, query.next);
        if (!next)
            return fail(next.error());
        wanted.before = *next;
    }
    auto trades = reader.trades(wanted);
    if (trades)
        std::ranges::reverse(*trades);
    return trades;
}

void TradesModel::takePage(qint64 page, Result<std::vector<Trade>> trades)
{
    m_reading.reset();
    if (!trades) {
        Q_EMIT failed(trades.error().text);
    } else if (std::ssize(*trades) == TradePages::sizeOf(page, m_count)) {
        m_pages.put(page, std::move(*trades));
        const auto last = static_cast<int>(placeOf(0) - page * TradePages::pageSize);
        const auto first = static_cast<int>(last - TradePages::sizeOf(page, m_count) + 1);
        Q_EMIT dataChanged(index(first, 0), index(last, ColumnCount - 1));
    } // else the page has grown meanwhile and is asked for again when it is looked at
    readNext();
}

const Trade *TradesModel::tradeAt(int row) const
{
    const qint64 place = placeOf(row);
    if (place < 0 || place >= m_count)
        return nullptr;
    const Trade *trade = m_pages.at(place);
    if (!trade)
        want(TradePages::pageOf(place));
    return trade;
}

// ---- The table

int TradesModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(std::min<qint64>(m_count, std::numeric_limits<int>::max()));
}

int TradesModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant TradesModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    if (role == Qt::TextAlignmentRole)
        return headerData(index.column(), Qt::Horizontal, role);
    if (role != Qt::DisplayRole && role != Qt::ToolTipRole && role != StrongRole && role != Qt::EditRole
        && (role < BotIdRole || role > CopyRole))
        return {};
    const Trade *trade = tradeAt(index.row());
    if (!trade)
        return role == Qt::DisplayRole && index.column() == BotColumn ? QVariant(u"…"_s) : QVariant();
    switch (role) {
    case Qt::DisplayRole: return text(*trade, index.column());
    case Qt::ToolTipRole:
        if (index.column() == EntryTimeColumn)
            return m_time.tooltip(trade->entryTime);
        return index.column() == ExitTimeColumn ? QVariant(m_time.tooltip(trade->exitTime)) : QVariant();
    case BotIdRole: return trade->bot.value();
    case SortRole: return tradeSortValue(*trade, index.column());
    case Qt::EditRole:
    case CopyRole:
        return index.column() == BotColumn ? QVariant(botName(trade->bot)) : tradeValue(*trade, index.column());
    case OutcomeRole:
        if (index.column() == NetColumn || index.column() == NetPercentColumn)
            return formatOf(trade->currency).rounded(trade->net()).isZero() ? 0 : trade->net().isPositive() ? 1 : -1;
        return {};
    case StrongRole: return index.column() == BotColumn;
    default: return {};
    }
}

QVariant TradesModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= ColumnCount)
        return {};
    if (role == Qt::TextAlignmentRole) {
        const bool isNumber = section == QuantityColumn || section == EntryPriceColumn
                              || (section >= ExitPriceColumn && section <= DurationColumn) || section == ConfigColumn;
        return static_cast<int>((isNumber ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    }
    if (role != Qt::DisplayRole)
        return {};
    const std::array titles = {tr("Bot"),
                               tr("Symbol"),
                               tr("Side"),
                               tr("Quantity"),
                               tr("Entry, %1").arg(m_time.zone()),
                               tr("Entry"),
                               tr("Exit, %1").arg(m_time.zone()),
                               tr("Exit"),
                               tr("Gross"),
                               tr("Fees"),
                               tr("Funding"),
                               tr("Net"),
                               tr("Net %"),
                               tr("Duration"),
                               tr("Entry tag"),
                               tr("Exit reason"),
                               tr("Config")};
    return titles[static_cast<size_t>(section)];
}

} // namespace tradebot
