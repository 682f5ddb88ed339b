// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/positionsmodel.h"

#include "ui/format/moneyformat.h"

#include <algorithm>

namespace tradebot {

using namespace Qt::StringLiterals;

namespace {

PositionRow positionRow(const BotSnapshot &bot)
{
    const Position &position = bot.state.position;
    PositionRow row;
    row.bot = bot.id;
    row.name = bot.config->name;
    row.mode = bot.config->mode;
    row.instrument = bot.instrument;
    row.side = position.side;
    row.leverage = bot.config->leverage;
    row.quantity = position.quantity;
    row.entry = position.entryPrice();
    row.mark = bot.markPrice;
    row.protection = bot.protection;
    row.unrealised = bot.unrealised;
    if (bot.unrealised) {
        if (const auto part = ratio(*bot.unrealised, position.cost, Rounding::HalfEven).value())
            row.percent = scaled(*part, Decimal::fromInteger(100), Rounding::HalfEven).value();
    }
    row.openedAt = position.openedAt;
    if (bot.markPrice)
        row.priceReceivedAt = bot.priceReceivedAt;
    return row;
}

/// The columns in which two rows of one bot differ: first and last; none: first > last.
std::pair<int, int> changedColumns(const PositionRow &a, const PositionRow &b)
{
    using M = PositionsModel;
    const std::array<std::pair<int, bool>, M::ColumnCount> changes{
            {{M::BotColumn, a.name != b.name || a.mode != b.mode},
             {M::SymbolColumn, a.instrument != b.instrument},
             {M::SideColumn, a.side != b.side},
             {M::LeverageColumn, a.leverage != b.leverage},
             {M::SizeColumn, a.quantity != b.quantity},
             {M::EntryColumn, a.entry != b.entry},
             {M::MarkColumn, a.mark != b.mark},
             {M::StopColumn, a.protection.stopLoss != b.protection.stopLoss},
             {M::TargetColumn, a.protection.takeProfit != b.protection.takeProfit},
             {M::TrailColumn, a.protection.trailingStop != b.protection.trailingStop},
             {M::UnrealisedColumn, a.unrealised != b.unrealised},
             {M::PercentColumn, a.percent != b.percent},
             {M::OpenForColumn, a.openedAt != b.openedAt},
             {M::AgeColumn, a.priceReceivedAt != b.priceReceivedAt}}};
    int first = M::ColumnCount;
    int last = -1;
    for (const auto &[column, differs] : changes) {
        if (differs) {
            first = std::min(first, column);
            last = column;
        }
    }
    return {first, last};
}

} // namespace

PositionsModel::PositionsModel(QObject *parent) : QAbstractTableModel(parent) { }

void PositionsModel::follow(const LiveFeed &live)
{
    connect(&live, &LiveFeed::botsChanged, this, &PositionsModel::update);
    connect(&live, &LiveFeed::botRemoved, this, &PositionsModel::remove);
    for (const auto &[id, bot] : live.bots())
        put(*bot);
}

void PositionsModel::update(const std::vector<SnapshotPointer> &bots)
{
    for (const auto &bot : bots)
        put(*bot);
}

void PositionsModel::put(const BotSnapshot &bot)
{
    if (!bot.state.position.isOpen()) {
        remove(bot.id);
        return;
    }
    PositionRow row = positionRow(bot);
    const auto at = std::lower_bound(m_rows.begin(), m_rows.end(), bot.id,
                                     [](const PositionRow &entry, BotId id) { return entry.bot < id; });
    const int position = static_cast<int>(at - m_rows.begin());
    if (at == m_rows.end() || at->bot != bot.id) {
        beginInsertRows({}, position, position);
        m_rows.insert(at, std::move(row));
        endInsertRows();
        Q_EMIT countChanged(rowCount());
        return;
    }
    const auto [first, last] = changedColumns(*at, row);
    *at = std::move(row);
    if (first <= last)
        Q_EMIT dataChanged(index(position, first), index(position, last), {Qt::DisplayRole, RowRole, SortRole});
}

void PositionsModel::remove(BotId id)
{
    const auto at = std::lower_bound(m_rows.begin(), m_rows.end(), id,
                                     [](const PositionRow &entry, BotId wanted) { return entry.bot < wanted; });
    if (at == m_rows.end() || at->bot != id)
        return;
    const int position = static_cast<int>(at - m_rows.begin());
    beginRemoveRows({}, position, position);
    m_rows.erase(at);
    endRemoveRows();
    Q_EMIT countChanged(rowCount());
}

int PositionsModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int PositionsModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(ColumnCount);
}

QString PositionsModel::text(const PositionRow &row, int column) const
{
    const auto guard = [&row](Price price) {
        return price.isZero() ? PositionsModel::tr("none") : priceText(price, row.instrument);
    };
    switch (column) {
    case BotColumn: return row.name;
    case SymbolColumn: return row.instrument.symbol.value();
    case SideColumn: return toName(row.side);
    case LeverageColumn: return u"%1×"_s.arg(row.leverage);
    case SizeColumn: return quantityText(row.quantity, row.instrument) + u' ' + row.instrument.base;
    case EntryColumn: return priceText(row.entry, row.instrument);
    case MarkColumn: return row.mark ? priceText(*row.mark, row.instrument) : u"—"_s;
    case StopColumn: return guard(row.protection.stopLoss);
    case TargetColumn: return guard(row.protection.takeProfit);
    case TrailColumn: return guard(row.protection.trailingStop);
    case UnrealisedColumn:
        return formatOf(row.instrument.quote, Sign::Always).text(row.unrealised)
               + (row.unrealised ? u' ' + row.instrument.quote : QString());
    case PercentColumn: return row.percent ? percentText(*row.percent) : u"—"_s;
    default: return {}; // ages are computed while painting
    }
}

QVariant PositionsModel::sortValue(const PositionRow &row, int column) const
{
    const auto raw = [](const auto &value) { return value ? QVariant(qint64(value->raw())) : QVariant(); };
    switch (column) {
    case SizeColumn: return qint64(row.quantity.raw());
    case LeverageColumn: return row.leverage;
    case EntryColumn: return qint64(row.entry.raw());
    case MarkColumn: return raw(row.mark);
    case StopColumn: return qint64(row.protection.stopLoss.raw());
    case TargetColumn: return qint64(row.protection.takeProfit.raw());
    case TrailColumn: return qint64(row.protection.trailingStop.raw());
    case UnrealisedColumn: return raw(row.unrealised);
    case PercentColumn: return raw(row.percent);
    case OpenForColumn: return toMilliseconds(row.openedAt);
    case AgeColumn: return row.priceReceivedAt ? QVariant(toMilliseconds(*row.priceReceivedAt)) : QVariant();
    default: return text(row, column);
    }
}

QVariant PositionsModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid())
        return {};
    const PositionRow &row = m_rows[static_cast<std::size_t>(index.row())];
    switch (role) {
    case Qt::DisplayRole: return text(row, index.column());
    case Qt::TextAlignmentRole: return headerData(index.column(), Qt::Horizontal, role);
    case BotIdRole: return row.bot.value();
    case RowRole: return QVariant::fromValue(row);
    case SortRole: return sortValue(row, index.column());
    default: return {};
    }
}

QVariant PositionsModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return static_cast<int>((section <= SideColumn ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
    case BotColumn: return tr("Bot");
    case SymbolColumn: return tr("Symbol");
    case SideColumn: return tr("Side");
    case LeverageColumn: return tr("Lev.");
    case SizeColumn: return tr("Size");
    case EntryColumn: return tr("Entry");
    case MarkColumn: return tr("Mark");
    case StopColumn: return tr("Stop");
    case TargetColumn: return tr("Target");
    case TrailColumn: return tr("Trail");
    case UnrealisedColumn: return tr("Unrealised");
    case PercentColumn: return tr("%");
    case OpenForColumn: return tr("Open for");
    case AgeColumn: return tr("Price age");
    default: return {};
    }
}

} // namespace tradebot
