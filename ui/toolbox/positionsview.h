// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/positionsmodel.h"
#include "ui/uicontext.h"
#include "ui/widgets/decimalcolumns.h"

#include <QCollator>
#include <QSortFilterProxyModel>
#include <QStyledItemDelegate>
#include <QTableView>
#include <QWidget>

namespace tradebot {

/// The table of open positions: numbers stand under one another on their points.
class PositionsTable final : public QTableView
{
    Q_OBJECT
public:
    PositionsTable(const Theme &theme, QWidget *parent) : QTableView(parent), m_theme(theme) { }

    [[nodiscard]] const DecimalColumns &columns() const { return m_columns; }

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    const Theme &m_theme;
    DecimalColumns m_columns;
};

/// Rows by a column's values; names with numbers in them as people count: "Bot 2" before "Bot 15".
class PositionsSorter final : public QSortFilterProxyModel
{
    Q_OBJECT
public:
    PositionsSorter();

protected:
    [[nodiscard]] bool lessThan(const QModelIndex &left, const QModelIndex &right) const override;

private:
    QCollator m_names;
};

/// Paints the cells of a PositionsModel: money with sign, arrow and colour, ages of the moment.
class PositionDelegate final : public QStyledItemDelegate
{
    Q_OBJECT
public:
    PositionDelegate(const UiContext &context, const DecimalColumns &columns, QObject *parent);

    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override;

private:
    void paintAge(QPainter &painter, const QRect &rect, const PositionRow &row) const;

    const UiContext &m_context;
    const DecimalColumns &m_columns;
};

/// The open positions of all bots, and what they come to per currency.
class PositionsView final : public QWidget
{
    Q_OBJECT
public:
    explicit PositionsView(const UiContext &context, QWidget *parent = nullptr);

    [[nodiscard]] PositionsModel &model() { return m_model; }

Q_SIGNALS:
    void botActivated(tradebot::BotId id);

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    void buildTable();
    void applyTheme();
    void repaintAges();
    [[nodiscard]] QString sumText(std::optional<Money> &onlySum, QString &currency) const;

    const UiContext &m_context;
    PositionsModel m_model;
    PositionsSorter m_sorted;
    PositionsTable *m_table;
};

} // namespace tradebot
