// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/welcome/choicetile.h"

#include "ui/theme/painting.h"

#include <QPainter>
#include <QStyleOptionButton>

namespace tradebot {

ChoiceTile::ChoiceTile(const Theme &theme, const QString &heading, const QString &note, QWidget *parent)
    : QRadioButton(heading, parent),
      m_theme(theme),
      m_note(note)
{
    setAccessibleDescription(note);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setAttribute(Qt::WA_Hover);
}

void ChoiceTile::setNote(const QString &note)
{
    if (m_note == note)
        return;
    m_note = note;
    setAccessibleDescription(note);
    update();
}

QSize ChoiceTile::sizeHint() const
{
    return {m_theme.px(150), m_theme.px(50)};
}

void ChoiceTile::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const QRectF box = QRectF(rect()).adjusted(1.5, 1.5, -1.5, -1.5);
    painter.setPen(QPen(m_theme.color(isChecked() ? Token::Accent : Token::BorderStrong), 1));
    painter.setBrush(m_theme.color(isChecked() ? Token::Selection : underMouse() ? Token::Hover : Token::Panel));
    painter.drawRoundedRect(box, 4, 4);
    if (hasFocus()) {
        painter.setPen(QPen(m_theme.color(Token::Focus), 2));
        painter.setBrush(Qt::NoBrush);
        painter.drawRoundedRect(QRectF(rect()).adjusted(1, 1, -1, -1), 5, 5);
    }
    QStyleOptionButton indicator;
    initStyleOption(&indicator);
    const int size = m_theme.px(14);
    indicator.rect = QRect(m_theme.px(12), (height() - size) / 2, size, size);
    style()->drawPrimitive(QStyle::PE_IndicatorRadioButton, &indicator, &painter, this);

    const QRect words = rect().adjusted(m_theme.px(35), m_theme.px(6), -m_theme.px(8), -m_theme.px(6));
    painter.setFont(m_theme.font(FontRole::Strong));
    painter.setPen(m_theme.color(Token::Text));
    paintText(painter, QRect(words.left(), words.top(), words.width(), words.height() / 2), text());
    painter.setFont(m_theme.figures(FontRole::Table));
    painter.setPen(m_theme.color(Token::Text2));
    paintText(painter, QRect(words.left(), words.top() + words.height() / 2, words.width(), words.height() / 2),
              m_note);
}

} // namespace tradebot
