// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/livefeed.h"

#include <QAbstractTableModel>

#include <optional>
#include <vector>

namespace tradebot {

/// An open position and what guards it.
struct PositionRow
{
    BotId bot;
    QString name;
    Mode mode = Mode::Demo;
    Instrument instrument;
    PositionSide side = PositionSide::Long;
    int leverage = 1;
    Quantity quantity;
    Price entry;
    std::optional<Price> mark;
    Protection protection;
    std::optional<Money> unrealised;
    std::optional<Decimal> percent; ///< unrealised of the cost
    Timestamp openedAt;
    std::optional<Timestamp> priceReceivedAt;

    friend bool operator==(const PositionRow &, const PositionRow &) = default;
};

/// Open positions of all bots, by bot. Only cells that changed are signalled.
class PositionsModel final : public QAbstractTableModel
{
    Q_OBJECT
public:
    enum Column {
        BotColumn,
        SymbolColumn,
        SideColumn,
        LeverageColumn,
        SizeColumn,
        EntryColumn,
        MarkColumn,
        StopColumn,
        TargetColumn,
        TrailColumn,
        UnrealisedColumn,
        PercentColumn,
        OpenForColumn,
        AgeColumn,
        ColumnCount
    };
    enum Role {
        BotIdRole = Qt::UserRole, ///< qint64
        RowRole,                  ///< PositionRow
        SortRole,                 ///< raw value
    };

    explicit PositionsModel(QObject *parent = nullptr);

    void follow(const LiveFeed &live);
    void update(const std::vector<SnapshotPointer> &bots);
    void remove(BotId id);
    [[nodiscard]] const std::vector<PositionRow> &rows() const { return m_rows; }

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

Q_SIGNALS:
    void countChanged(int count);

private:
    void put(const BotSnapshot &bot);
    [[nodiscard]] QString text(const PositionRow &row, int column) const;
    [[nodiscard]] QVariant sortValue(const PositionRow &row, int column) const;

    std::vector<PositionRow> m_rows; ///< by bot
};

} // namespace tradebot

Q_DECLARE_METATYPE(tradebot::PositionRow)
