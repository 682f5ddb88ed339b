// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/rowcard.h"

#include "ui/theme/painting.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QKeyEvent>

namespace tradebot {

using namespace Qt::StringLiterals;

namespace {

constexpr int headingHeight = 28;
constexpr int rowHeight = 20;
constexpr int margin = 12;

} // namespace

RowCard::RowCard(const Theme &theme, QWidget *parent) : QWidget(parent), m_theme(theme)
{
    setFocusPolicy(Qt::TabFocus);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    connect(&theme, &Theme::changed, this, [this] {
        updateGeometry();
        update();
    });
}

void RowCard::changed()
{
    setAccessibleName(m_title);
    setAccessibleDescription(text());
    updateGeometry();
    update();
}

void RowCard::setHeading(const QString &title, const QString &detail, const QString &right)
{
    if (m_title == title && m_detail == detail && m_right == right)
        return;
    m_title = title;
    m_detail = detail;
    m_right = right;
    changed();
}

void RowCard::setRows(std::vector<CardRow> rows)
{
    if (m_rows == rows && m_note.isEmpty())
        return;
    m_rows = std::move(rows);
    m_note.clear();
    changed();
}

void RowCard::setNote(const QString &note)
{
    if (m_note == note && m_rows.empty())
        return;
    m_note = note;
    m_rows.clear();
    changed();
}

QString RowCard::text() const
{
    QStringList lines{(m_title + u' ' + m_detail + u' ' + m_right).simplified()};
    if (!m_note.isEmpty())
        lines += m_note;
    for (const CardRow &row : m_rows)
        lines += u"%1\t%2\t%3"_s.arg(row.label, row.formula, row.value);
    return lines.join(u'\n');
}

QSize RowCard::sizeHint() const
{
    const auto lines = std::max<qsizetype>(std::ssize(m_rows), 1);
    return {m_theme.px(300), m_theme.px(headingHeight + rowHeight * static_cast<double>(lines) + margin)};
}

QSize RowCard::minimumSizeHint() const
{
    return {m_theme.px(200), sizeHint().height()};
}

void RowCard::paintRow(QPainter &painter, const QRect &rect, const CardRow &row) const
{
    const FontRole role = row.isTotal ? FontRole::TableStrong : FontRole::Table;
    if (row.isTotal) {
        painter.setPen(m_theme.hairline(Token::BorderStrong));
        painter.drawLine(rect.topLeft(), rect.topRight());
    }
    painter.setFont(m_theme.figures(row.isTotal || row.outcome ? FontRole::TableStrong : FontRole::Table));
    const QColor color = m_theme.color(row.outcome ? Theme::moneyToken(*row.outcome) : Token::Text);
    painter.setPen(color);
    const int labelWidth = QFontMetrics(m_theme.font(role)).horizontalAdvance(row.label);
    const int valueWidth = std::min(painter.fontMetrics().horizontalAdvance(row.value) + 1,
                                    rect.width() - labelWidth - m_theme.px(22)); // what it is goes before how much
    paintText(painter, QRect(rect.right() + 1 - valueWidth, rect.top(), valueWidth, rect.height()), row.value,
              Qt::AlignRight);
    if (row.outcome)
        paintArrow(painter, QPointF(rect.right() - valueWidth - m_theme.px(8), rect.center().y() + 1), m_theme,
                   *row.outcome, color);
    painter.setFont(m_theme.font(role));
    painter.setPen(m_theme.color(row.isTotal || !row.formula.isEmpty() ? Token::Text : Token::Text2));
    QRect words(rect.left(), rect.top(), rect.width() - valueWidth - m_theme.px(20), rect.height());
    paintText(painter, words, row.label);
    words.setLeft(words.left() + painter.fontMetrics().horizontalAdvance(row.label) + m_theme.px(5));
    painter.setFont(m_theme.figures(FontRole::Table));
    painter.setPen(m_theme.color(Token::Text2));
    paintText(painter, words, row.formula);
}

void RowCard::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.fillRect(rect(), m_theme.color(Token::Panel));
    const int side = m_theme.px(margin);
    QRect row(side, 0, width() - 2 * side, m_theme.px(headingHeight));
    painter.setFont(m_theme.font(FontRole::TableStrong));
    painter.setPen(m_theme.color(Token::Text));
    paintText(painter, row, m_title);
    const int titleWidth = painter.fontMetrics().horizontalAdvance(m_title) + m_theme.px(8);
    painter.setFont(m_theme.figures(FontRole::Table));
    painter.setPen(m_theme.color(Token::Text2));
    const int rightWidth = painter.fontMetrics().horizontalAdvance(m_right) + m_theme.px(8);
    paintText(painter, row.adjusted(titleWidth, 0, -rightWidth, 0), m_detail);
    paintText(painter, row, m_right, Qt::AlignRight);
    row = QRect(side, row.bottom() + 1, row.width(), m_theme.px(rowHeight));
    if (!m_note.isEmpty())
        paintText(painter, row, m_note);
    for (const CardRow &line : m_rows) {
        paintRow(painter, row, line);
        row.translate(0, row.height());
    }
    if (hasFocus())
        paintRowFocus(painter, rect(), m_theme);
}

void RowCard::keyPressEvent(QKeyEvent *event)
{
    if (event->matches(QKeySequence::Copy))
        QGuiApplication::clipboard()->setText(text());
    else
        QWidget::keyPressEvent(event);
}

} // namespace tradebot
