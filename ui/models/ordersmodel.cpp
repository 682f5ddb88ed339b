// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/ordersmodel.h"

#include "ui/format/moneyformat.h"
#include "ui/format/words.h"
#include "ui/theme/tokens.h"

#include <algorithm>
#include <array>

namespace tradebot {

using namespace Qt::StringLiterals;

namespace {

std::optional<Decimal> filledPercent(const Order &order)
{
    return proportion(Decimal::fromInteger(100), order.filled, order.quantity, Rounding::Floor).value();
}

Price priceOf(const Order &order)
{
    return order.limitPrice.isZero() ? order.stopPrice : order.limitPrice;
}

std::optional<qint64> acknowledgedAfter(const Order &order)
{
    if (order.acceptedAt < order.createdAt || order.acceptedAt == Timestamp())
        return std::nullopt;
    return (order.acceptedAt - order.createdAt).count();
}

} // namespace

OrdersModel::OrdersModel(HistoryService &history, const LiveFeed &live, const TimeFormat &time, QObject *parent)
    : QAbstractTableModel(parent),
      m_history(history),
      m_live(live),
      m_time(time)
{
    connect(&live, &LiveFeed::factsArrived, this, &OrdersModel::takeFacts);
    connect(&time, &TimeFormat::changed, this, [this] {
        Q_EMIT headerDataChanged(Qt::Horizontal, SentColumn, SentColumn);
        if (!m_orders.empty())
            Q_EMIT dataChanged(index(0, SentColumn), index(rowCount() - 1, SentColumn), {Qt::DisplayRole});
    });
}

// ---- Reading

void OrdersModel::show(std::optional<BotId> bot, bool openOnly)
{
    ++m_generation;
    beginResetModel();
    m_bot = bot;
    m_openOnly = openOnly;
    m_orders.clear();
    m_early.clear();
    m_readRows = 0;
    m_atEnd = m_reading = m_ready = false;
    endResetModel();
    readOlder();
}

void OrdersModel::readOlder()
{
    m_reading = true;
    OrderQuery query;
    query.bot = m_bot;
    query.openOnly = m_openOnly;
    query.limit = chunkRows;
    if (!m_orders.empty())
        query.before = m_orders.back().id.sequence;
    m_history.read(
            this, [query](HistoryReader &reader) { return reader.orders(query); },
            [this, generation = m_generation](const Result<std::vector<Order>> &orders) {
                if (generation != m_generation)
                    return;
                m_reading = false;
                if (orders) {
                    takeOlder(*orders);
                    return;
                }
                m_atEnd = true; // until shown anew; not asked for over and over
                Q_EMIT failed(orders.error().text);
            });
}

void OrdersModel::takeOlder(const std::vector<Order> &orders)
{
    m_atEnd = std::ssize(orders) < chunkRows;
    if (!orders.empty()) {
        beginInsertRows({}, rowCount(), rowCount() + static_cast<int>(orders.size()) - 1);
        m_orders.insert(m_orders.end(), orders.begin(), orders.end());
        endInsertRows();
        m_readRows = m_orders.size();
    }
    if (!m_ready) {
        m_ready = true;
        for (const Order &order : std::exchange(m_early, {}))
            put(order);
        Q_EMIT ready();
    }
    Q_EMIT countChanged(rowCount());
}

bool OrdersModel::canFetchMore(const QModelIndex &parent) const
{
    return !parent.isValid() && m_ready && !m_reading && !m_atEnd && m_orders.size() < mostRead;
}

void OrdersModel::fetchMore(const QModelIndex &parent)
{
    if (canFetchMore(parent))
        readOlder();
}

// ---- New facts

void OrdersModel::takeFacts(const std::vector<EventPointer> &events)
{
    const int before = rowCount();
    for (const EventPointer &event : events) {
        if (m_bot && event->bot != *m_bot)
            continue;
        const Order *order = nullptr;
        if (const auto *changed = std::get_if<OrderChanged>(&event->payload))
            order = &changed->order;
        else if (const auto *filled = std::get_if<OrderFilled>(&event->payload))
            order = &filled->order;
        if (!order)
            continue;
        if (m_ready)
            put(*order);
        else
            m_early.push_back(*order);
    }
    if (rowCount() != before)
        Q_EMIT countChanged(rowCount());
}

/// Changes, adds or (where only open ones are shown) removes the order's row. A denied order was never submitted and
/// has no number: it is in the feed of events.
void OrdersModel::put(const Order &order)
{
    if (!order.id.isValid())
        return;
    const auto place = std::ranges::lower_bound(m_orders, order.id.sequence, std::ranges::greater(),
                                                [](const Order &other) { return other.id.sequence; });
    const auto row = static_cast<int>(place - m_orders.begin());
    const bool isHere = place != m_orders.end() && place->id == order.id;
    const bool isWanted = !m_openOnly || order.isOpen();
    if (isHere && !isWanted) {
        beginRemoveRows({}, row, row);
        m_orders.erase(place);
        endRemoveRows();
    } else if (isHere) {
        *place = order;
        Q_EMIT dataChanged(index(row, VenueIdColumn), index(row, ColumnCount - 1));
    } else if (isWanted && (place != m_orders.end() || m_atEnd || m_orders.empty())) {
        beginInsertRows({}, row, row);
        m_orders.insert(place, order);
        endInsertRows();
    }
    const size_t most = std::max(mostLive, m_readRows);
    if (m_orders.size() > most && !m_reading) {
        beginRemoveRows({}, static_cast<int>(most), rowCount() - 1);
        m_orders.resize(most);
        m_atEnd = false;
        endRemoveRows();
    }
}

// ---- The table

int OrdersModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_orders.size());
}

int OrdersModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QString OrdersModel::text(const Order &order, int column) const
{
    const SnapshotPointer bot = m_live.bot(order.id.bot);
    const Instrument instrument = bot ? bot->instrument : Instrument();
    switch (column) {
    case BotColumn: return botName(bot, order.id.bot);
    case ClientIdColumn: return order.id.toString();
    case VenueIdColumn: return order.exchangeId.isValid() ? order.exchangeId.value() : u"—"_s;
    case SymbolColumn: return order.symbol.value();
    case SideColumn: return order.side == Side::Buy ? tr("buy") : tr("sell");
    case TypeColumn: return spaced(toName(order.type));
    case PriceColumn: return priceOf(order).isZero() ? tr("market") : priceText(priceOf(order), instrument);
    case QuantityColumn: return quantityText(order.quantity, instrument);
    case FilledColumn: {
        const auto percent = filledPercent(order);
        return percent ? percentText(*percent, 0, Sign::WhenNegative) : u"—"_s;
    }
    case StatusColumn: return order.state == OrderState::Unknown ? u"UNKNOWN"_s : spaced(toName(order.state));
    case SentColumn: return m_time.stamp(order.createdAt);
    case AcknowledgedColumn: {
        const auto after = acknowledgedAfter(order);
        return after ? tr("%1 ms").arg(*after) : u"—"_s;
    }
    case ReasonColumn: return order.reason.isEmpty() ? order.tag : order.reason;
    default: return {};
    }
}

QVariant OrdersModel::sortValue(const Order &order, int column) const
{
    switch (column) {
    case PriceColumn: return static_cast<qint64>(priceOf(order).raw());
    case QuantityColumn: return static_cast<qint64>(order.quantity.raw());
    case FilledColumn: return static_cast<qint64>(filledPercent(order).value_or(Decimal()).raw());
    case SentColumn: return toMilliseconds(order.createdAt);
    case AcknowledgedColumn: return acknowledgedAfter(order).value_or(-1);
    case ClientIdColumn: return order.id.sequence.value();
    default: return text(order, column);
    }
}

QVariant OrdersModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const Order &order = orderAt(index.row());
    switch (role) {
    case Qt::DisplayRole: return text(order, index.column());
    case Qt::TextAlignmentRole: return headerData(index.column(), Qt::Horizontal, role);
    case Qt::ToolTipRole: return index.column() == SentColumn ? QVariant(m_time.tooltip(order.createdAt)) : QVariant();
    case BotIdRole: return order.id.bot.value();
    case SortRole: return sortValue(order, index.column());
    case CopyRole:
    case Qt::EditRole:
        switch (index.column()) {
        case PriceColumn: return priceOf(order).toString();
        case QuantityColumn: return order.quantity.toString();
        case SentColumn: return QString::fromLatin1(toRfc3339(order.createdAt));
        default: return text(order, index.column());
        }
    case TokenRole:
        if (index.column() != StatusColumn)
            return {};
        if (order.state == OrderState::Unknown || order.state == OrderState::Rejected)
            return static_cast<int>(Token::Error);
        return order.state == OrderState::Denied || order.state == OrderState::Expired
                       ? QVariant(static_cast<int>(Token::Degraded))
                       : QVariant();
    case IconRole:
        if (index.column() != StatusColumn)
            return {};
        return order.state == OrderState::Unknown || order.state == OrderState::Rejected ? QVariant(u"error"_s)
                                                                                         : QVariant();
    case StrongRole: return index.column() == BotColumn;
    default: return {};
    }
}

QVariant OrdersModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= ColumnCount)
        return {};
    if (role == Qt::TextAlignmentRole) {
        const bool isNumber = section == PriceColumn || section == QuantityColumn || section == FilledColumn
                              || section == AcknowledgedColumn;
        return static_cast<int>((isNumber ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    }
    if (role != Qt::DisplayRole)
        return {};
    const std::array titles = {tr("Bot"),
                               tr("Client id"),
                               tr("Venue id"),
                               tr("Symbol"),
                               tr("Side"),
                               tr("Type"),
                               tr("Price"),
                               tr("Quantity"),
                               tr("Filled"),
                               tr("Status"),
                               tr("Sent, %1").arg(m_time.zone()),
                               tr("Acknowledged"),
                               tr("Reason")};
    return titles[static_cast<size_t>(section)];
}

} // namespace tradebot
