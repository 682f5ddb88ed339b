// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QHash>
#include <QRect>
#include <QString>

class QFontMetrics;
class QPainter;
class QTableView;

namespace tradebot {

/// Where the points of a table's numbers stand: in each column that is aligned to the right, under one another. It
/// knows the rows that were painted so far, so that nothing has to read a table of a million rows. Main thread.
class DecimalColumns final
{
public:
    /// Looks at the rows of a part of a table before they are painted. True when a column has got more digits: all of
    /// it wants to be painted.
    bool look(const QTableView &table, const QRect &part);
    void clear() { m_columns.clear(); }

    /// How far from the right edge a number ends, in pixels, so that its point stands where it should; 0 for a text
    /// that is no number. What stands behind the number ("BTC", "%") is part of that.
    [[nodiscard]] int inset(int column, const QString &text, const QFontMetrics &metrics) const;
    /// The same for a number of so many digits in a column without anything behind its numbers.
    [[nodiscard]] int inset(int column, int digits, const QFontMetrics &metrics) const;
    /// Right aligned on the point, with what stands behind the number in a column of its own. Where the text begins.
    int paint(QPainter &painter, const QRect &rect, int column, const QString &text) const;

private:
    struct Column
    {
        int digits = 0; ///< behind the point, at most
        QString suffix; ///< the longest
    };
    QHash<int, Column> m_columns;
};

} // namespace tradebot
