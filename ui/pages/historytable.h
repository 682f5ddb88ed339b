// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/uicontext.h"
#include "ui/widgets/decimalcolumns.h"

#include <QStyledItemDelegate>
#include <QTableView>

#include <span>

namespace tradebot {

/// Paints cells by what the model says of them: gain or loss with arrow and colour, icon, name.
class HistoryDelegate final : public QStyledItemDelegate
{
    Q_OBJECT
public:
    HistoryDelegate(const Theme &theme, const DecimalColumns &columns, QObject *parent)
        : QStyledItemDelegate(parent),
          m_theme(theme),
          m_columns(columns)
    { }

    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override;

private:
    void paintOutcome(QPainter &painter, const QRect &rect, int column, const QString &text, int outcome) const;

    const Theme &m_theme;
    const DecimalColumns &m_columns;
};

/// A table of trades, orders or events: rows of one height, numbers under one another on their points, copied as
/// tab-separated text, with a word to say when it is empty.
class HistoryTable final : public QTableView
{
    Q_OBJECT
public:
    /// widths are those of the columns at 100 %; the last column takes what is left.
    HistoryTable(const UiContext &context, QAbstractItemModel &model, std::span<const int> widths, QWidget *parent);

    /// What is not there, and what to do about it; shown while there are no rows.
    void setEmptyText(const QString &heading, const QString &text);
    /// The selected rows with their titles, as a spreadsheet takes them.
    [[nodiscard]] QString selectedText() const;
    [[nodiscard]] const QString &emptyHeading() const { return m_emptyHeading; }

Q_SIGNALS:
    void botActivated(tradebot::BotId id);

protected:
    void paintEvent(QPaintEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;

private:
    void applyTheme();

    const Theme &m_theme;
    DecimalColumns m_columns;
    std::vector<int> m_widths;
    QString m_emptyHeading;
    QString m_emptyText;
};

} // namespace tradebot
