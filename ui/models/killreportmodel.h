// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/api/botcontrol.h"
#include "ui/models/historyroles.h"
#include "ui/models/livefeed.h"

#include <QAbstractTableModel>

#include <set>
#include <vector>

namespace tradebot {

/// What became of a pulled kill switch: a row for each order, position and bot. It begins with what was open when the
/// switch was pulled and follows the facts; make it before the switch is pulled, so that none is missed. Main thread.
class KillReportModel final : public QAbstractTableModel
{
    Q_OBJECT
public:
    enum Column { BotColumn, WhatColumn, OutcomeColumn, WhyColumn, ColumnCount };
    enum class Progress { Waiting, Done, Kept, Failed };

    KillReportModel(const LiveFeed &live, const KillSwitch &killSwitch, const std::vector<SnapshotPointer> &bots,
                    QObject *parent = nullptr);

    /// The engine's answer: whom it was pulled for, and how the orders stood then.
    void takeReport(const KillReport &report);
    /// The engine did not do it.
    void takeFailure(const Error &error);

    [[nodiscard]] const KillSwitch &killSwitch() const { return m_switch; }
    [[nodiscard]] int waiting() const; ///< rows that are not settled
    [[nodiscard]] int failed() const;  ///< rows of what was refused, or whose outcome is unknown

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

Q_SIGNALS:
    void progressed();

private:
    enum class Kind { Order, Position, Bot };
    struct Row
    {
        BotId bot;
        Kind kind = Kind::Bot;
        Order order;         ///< of an order's row
        PositionSide side{}; ///< of a position's row, with its quantity
        Quantity quantity;
        QString outcome;
        QString why;
        Progress progress = Progress::Waiting;
    };

    void addBot(const BotSnapshot &bot);
    Row &rowFor(BotId bot, Kind kind, EventSequence order);
    [[nodiscard]] int find(BotId bot, Kind kind, EventSequence order) const;
    void putOrder(const Order &order);
    void settle(BotId bot, Kind kind, Progress progress, const QString &outcome, const QString &why);
    void takeFacts(const std::vector<EventPointer> &events);
    void changed(int row);
    [[nodiscard]] QString what(const Row &row) const;

    const LiveFeed &m_live;
    KillSwitch m_switch;
    std::vector<Row> m_rows; ///< by bot, kind, order
    std::set<BotId> m_meant;
    std::set<BotId> m_pulled; ///< whose fact of it has come
};

} // namespace tradebot
