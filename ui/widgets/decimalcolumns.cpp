// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/decimalcolumns.h"

#include "ui/theme/painting.h"

#include <QAbstractItemModel>
#include <QFontMetrics>
#include <QTableView>

namespace tradebot {

namespace {

/// "28.344 SOL": 28.344 with three digits, and " SOL". A text that is no number of a currency ("none", "5 h 47 m") is
/// all suffix.
struct Number
{
    QStringView number;
    QStringView suffix;
    int digits = 0;
};

bool isOfNumber(QChar c)
{
    return c.isDigit() || c == u'.' || c == u',' || c == u'+' || c == u'-' || c == QChar(0x2212);
}

Number parse(QStringView text)
{
    qsizetype end = 0;
    while (end < text.size() && isOfNumber(text[end]))
        ++end;
    Number parsed{text.first(end), text.sliced(end), 0};
    const bool isNumber = std::any_of(parsed.number.begin(), parsed.number.end(), [](QChar c) { return c.isDigit(); });
    const bool hasUnit = parsed.suffix.size() >= 2 && parsed.suffix[0].isSpace()
                         && (parsed.suffix[1].isUpper() || parsed.suffix[1] == u'%');
    if (!isNumber || !(parsed.suffix.isEmpty() || hasUnit))
        return {{}, text, 0};
    if (const qsizetype point = parsed.number.indexOf(u'.'); point >= 0)
        parsed.digits = static_cast<int>(parsed.number.size() - point - 1);
    return parsed;
}

int widthOfDigits(int digits, const QFontMetrics &metrics)
{
    return digits == 0 ? 0 : metrics.horizontalAdvance(u'.') + digits * metrics.horizontalAdvance(u'0');
}

} // namespace

bool DecimalColumns::look(const QTableView &table, const QRect &part)
{
    const QAbstractItemModel &model = *table.model();
    const int firstRow = table.rowAt(part.top());
    if (firstRow < 0)
        return false; // below the last one
    const int below = table.rowAt(part.bottom());
    const int lastRow = below < 0 ? model.rowCount() - 1 : below;
    bool hasGrown = false;
    for (int column = 0; column < model.columnCount(); ++column) {
        const auto alignment = Qt::Alignment(model.headerData(column, Qt::Horizontal, Qt::TextAlignmentRole).toInt());
        if (!alignment.testFlag(Qt::AlignRight))
            continue;
        for (int row = firstRow; row <= lastRow; ++row) {
            const QString text = model.index(row, column).data().toString();
            const Number number = parse(text);
            if (number.number.isEmpty())
                continue;
            Column &known = m_columns[column];
            hasGrown = hasGrown || number.digits > known.digits || number.suffix.size() > known.suffix.size();
            known.digits = std::max(known.digits, number.digits);
            if (number.suffix.size() > known.suffix.size())
                known.suffix = number.suffix.toString();
        }
    }
    return hasGrown;
}

int DecimalColumns::inset(int column, const QString &text, const QFontMetrics &metrics) const
{
    const Number number = parse(text);
    const auto known = m_columns.constFind(column);
    if (known == m_columns.constEnd() || number.number.isEmpty())
        return 0;
    return metrics.horizontalAdvance(known->suffix) + widthOfDigits(known->digits, metrics)
           - widthOfDigits(std::min(number.digits, known->digits), metrics);
}

int DecimalColumns::inset(int column, int digits, const QFontMetrics &metrics) const
{
    const int most = m_columns.value(column).digits;
    return widthOfDigits(most, metrics) - widthOfDigits(std::min(digits, most), metrics);
}

int DecimalColumns::paint(QPainter &painter, const QRect &rect, int column, const QString &text) const
{
    const QFontMetrics metrics = painter.fontMetrics();
    const Number number = parse(text);
    if (number.number.isEmpty() || metrics.horizontalAdvance(text) + inset(column, text, metrics) > rect.width()) {
        paintText(painter, rect, text, Qt::AlignRight);
        return rect.right() + 1 - metrics.horizontalAdvance(text);
    }
    const QString figures = number.number.toString();
    const QRect place = rect.adjusted(0, 0, -inset(column, text, metrics), 0);
    paintText(painter, place, figures, Qt::AlignRight);
    if (const auto known = m_columns.constFind(column); known != m_columns.constEnd() && !number.suffix.isEmpty()) {
        QRect behind = rect;
        behind.setLeft(rect.right() + 1 - metrics.horizontalAdvance(known->suffix));
        paintText(painter, behind, number.suffix.toString());
    }
    return place.right() + 1 - metrics.horizontalAdvance(figures);
}

} // namespace tradebot
