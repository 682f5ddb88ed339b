// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/positionsmodel.h"
#include "ui/uicontext.h"

#include <QSortFilterProxyModel>
#include <QStyledItemDelegate>
#include <QWidget>

class QTableView;

namespace tradebot {

/// Paints the cells of a PositionsModel: money with sign, arrow and colour, ages of the moment.
class PositionDelegate final : public QStyledItemDelegate
{
    Q_OBJECT
public:
    PositionDelegate(const UiContext &context, QObject *parent);

    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override;

private:
    void paintAge(QPainter &painter, const QRect &rect, const PositionRow &row) const;

    const UiContext &m_context;
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
    QSortFilterProxyModel m_sorted;
    QTableView *m_table;
};

} // namespace tradebot
