// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/kpistrip.h"

#include "ui/theme/painting.h"

#include <QHelpEvent>
#include <QPaintEvent>
#include <QToolTip>

namespace tradebot {

using namespace Qt::StringLiterals;

KpiStrip::KpiStrip(const Theme &theme, QWidget *parent) : QWidget(parent), m_theme(theme)
{
    setObjectName(u"kpiStrip"_s);
    setAccessibleName(tr("Key figures"));
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    connect(&theme, &Theme::changed, this, [this] {
        updateGeometry();
        update();
    });
}

void KpiStrip::setFigures(std::vector<KpiFigure> figures)
{
    if (m_figures == figures)
        return;
    const bool sameCount = m_figures.size() == figures.size();
    const std::vector<KpiFigure> before = std::exchange(m_figures, std::move(figures));
    QStringList spoken;
    for (size_t i = 0; i < m_figures.size(); ++i) {
        const KpiFigure &figure = m_figures[i];
        if (sameCount && before[i] != figure)
            update(rectOf(i));
        spoken += u"%1: %2 %3 %4"_s.arg(figure.label, figure.value, figure.unit, figure.detail);
    }
    if (!sameCount)
        update();
    setAccessibleDescription(spoken.join(u"; "_s));
}

QSize KpiStrip::sizeHint() const
{
    return {m_theme.px(800), m_theme.px(66)};
}

QSize KpiStrip::minimumSizeHint() const
{
    return {m_theme.px(300), m_theme.px(66)};
}

QRect KpiStrip::rectOf(size_t figure) const
{
    const auto count = static_cast<int>(std::max<size_t>(m_figures.size(), 1));
    const int left = width() * static_cast<int>(figure) / count;
    const int right = width() * (static_cast<int>(figure) + 1) / count;
    return {left, 0, right - left, height()};
}

QRect KpiStrip::valueLine(size_t figure) const
{
    const std::optional<int> outcome = m_figures[figure].outcome;
    const int arrow = outcome && *outcome != 0 ? m_theme.px(12) : 0;
    const QRect rect = rectOf(figure);
    return {rect.left() + m_theme.px(10) + arrow, rect.top() + m_theme.px(21), rect.width() - m_theme.px(13) - arrow,
            m_theme.px(25)};
}

KpiStrip::FittedText KpiStrip::shownValue(size_t figure) const
{
    const KpiFigure &of = m_figures[figure];
    const int room = valueLine(figure).width();
    if (!of.isKnown && of.value.size() > 1) // words
        return {of.value, m_theme.font(FontRole::Table), room};
    for (const QString &text : {of.value, of.shortValue}) {
        for (const FontRole role : {FontRole::Figure, FontRole::Title}) {
            const QFont font = m_theme.figures(role);
            if (!text.isEmpty() && QFontMetrics(font).horizontalAdvance(text) <= room)
                return {text, font, room};
        }
    }
    return {of.shortValue.isEmpty() ? of.value : of.shortValue, m_theme.figures(FontRole::TableStrong), room};
}

void KpiStrip::paintFigure(QPainter &painter, size_t index) const
{
    const KpiFigure &figure = m_figures[index];
    const QRect inner = rectOf(index).adjusted(m_theme.px(10), m_theme.px(6), -m_theme.px(3), 0);
    painter.setFont(m_theme.font(FontRole::Caption));
    painter.setPen(m_theme.color(Token::Text2));
    paintText(painter, QRect(inner.left(), inner.top(), inner.width(), m_theme.px(15)), figure.label);
    const bool isNarrow = painter.fontMetrics().horizontalAdvance(figure.detail) > inner.width();
    paintText(painter, QRect(inner.left(), inner.top() + m_theme.px(41), inner.width(), m_theme.px(15)),
              isNarrow && !figure.shortDetail.isEmpty() ? figure.shortDetail : figure.detail);

    const QColor color = figure.outcome ? m_theme.color(Theme::moneyToken(*figure.outcome))
                                        : m_theme.color(figure.isKnown ? Token::Text : Token::Text2);
    QRect line = valueLine(index);
    if (figure.outcome && *figure.outcome != 0)
        paintArrow(painter, QPointF(inner.left() + m_theme.px(4), line.center().y() + 1), m_theme, *figure.outcome,
                   color);
    painter.setPen(color);
    const FittedText value = shownValue(index);
    painter.setFont(value.font);
    paintText(painter, line, value.text);
    line.setLeft(line.left() + painter.fontMetrics().horizontalAdvance(value.text) + m_theme.px(5));
    painter.setFont(m_theme.font(FontRole::Caption));
    painter.setPen(m_theme.color(Token::Text2));
    if (painter.fontMetrics().horizontalAdvance(figure.unit) <= line.width())
        paintText(painter, line.translated(0, m_theme.px(2)), figure.unit);
}

void KpiStrip::paintEvent(QPaintEvent *event)
{
    QPainter painter(this);
    painter.fillRect(event->rect(), m_theme.color(Token::Panel));
    painter.setPen(m_theme.hairline(Token::Border));
    painter.drawLine(rect().bottomLeft(), rect().bottomRight());
    for (size_t i = 0; i < m_figures.size(); ++i) {
        const QRect rect = rectOf(i);
        if (!event->region().intersects(rect))
            continue;
        paintFigure(painter, i);
        painter.setPen(m_theme.hairline(Token::Border));
        if (i + 1 < m_figures.size())
            painter.drawLine(rect.topRight(), rect.bottomRight());
    }
}

bool KpiStrip::event(QEvent *event)
{
    if (event->type() != QEvent::ToolTip)
        return QWidget::event(event);
    const auto *help = static_cast<QHelpEvent *>(event);
    for (size_t i = 0; i < m_figures.size(); ++i) {
        const KpiFigure &figure = m_figures[i];
        if (rectOf(i).contains(help->pos())) {
            const QString text = figure.reason.isEmpty() ? figure.detail : figure.reason;
            QToolTip::showText(help->globalPos(), u"%1: %2 %3\n%4"_s.arg(figure.label, figure.value, figure.unit, text),
                               this, rectOf(i));
            return true;
        }
    }
    QToolTip::hideText();
    return true;
}

} // namespace tradebot
