// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/themestyle.h"

#include "ui/theme/theme.h"

#include <QAbstractItemView>
#include <QPainter>
#include <QPushButton>
#include <QStyleOption>
#include <QTabBar>
#include <QToolButton>
#include <QWidget>

namespace tradebot {

namespace {

constexpr qreal controlRadius = 4.0;
constexpr int focusWidth = 2;

bool isInvalid(const QWidget *widget)
{
    return widget != nullptr && widget->property("invalid").toBool();
}

} // namespace

ThemeStyle::ThemeStyle(const Theme &theme) : QProxyStyle(QStringLiteral("Fusion")), m_theme(theme) { }

void ThemeStyle::drawPrimitive(PrimitiveElement element, const QStyleOption *option, QPainter *painter,
                               const QWidget *widget) const
{
    switch (element) {
    case PE_FrameFocusRect: {
        if (qobject_cast<const QAbstractItemView *>(widget) != nullptr
            || qobject_cast<const QPushButton *>(widget) != nullptr
            || qobject_cast<const QToolButton *>(widget) != nullptr)
            return; // delegates draw their own, buttons have it in their border
        QRect ring = option->rect;
        if (const auto *tabs = qobject_cast<const QTabBar *>(widget)) // round the tab, not round its words
            ring = tabs->tabRect(tabs->currentIndex());
        painter->save();
        painter->setRenderHint(QPainter::Antialiasing);
        painter->setPen(QPen(m_theme.color(Token::Focus), focusWidth));
        painter->setBrush(Qt::NoBrush);
        painter->drawRoundedRect(QRectF(ring).adjusted(1, 1, -1, -1), controlRadius - 1, controlRadius - 1);
        painter->restore();
        return;
    }
    case PE_FrameTabBarBase: return; // Fusion's light line under what stands in a corner
    case PE_IndicatorCheckBox: drawCheck(*option, *painter); return;
    case PE_IndicatorRadioButton: drawRadio(*option, *painter); return;
    case PE_IndicatorHeaderArrow:
        if (const auto *header = qstyleoption_cast<const QStyleOptionHeader *>(option)) {
            const bool up = header->sortIndicator == QStyleOptionHeader::SortDown; // Qt says so when ascending
            const qreal side = m_theme.px(6);
            const QPointF middle = QRectF(option->rect).center();
            const qreal tip = up ? -side / 2 : side / 2;
            painter->save();
            painter->setRenderHint(QPainter::Antialiasing);
            painter->setPen(Qt::NoPen);
            painter->setBrush(m_theme.color(Token::Text2));
            painter->drawPolygon(QPolygonF(
                    {middle + QPointF(0, tip), middle + QPointF(-side / 2, -tip), middle + QPointF(side / 2, -tip)}));
            painter->restore();
        }
        return;
    case PE_IndicatorArrowDown:
    case PE_IndicatorArrowUp:
        drawChevron(*painter, option->rect, element == PE_IndicatorArrowUp, option->state.testFlag(State_Enabled), 8);
        return;
    case PE_IndicatorTabClose: {
        const int size = m_theme.px(14);
        const bool hovered = option->state.testFlag(State_Raised);
        painter->drawPixmap(option->rect.center().x() - size / 2, option->rect.center().y() - size / 2,
                            m_theme.pixmap(QStringLiteral("close"), hovered ? Token::Text : Token::Text2, size,
                                           painter->device()->devicePixelRatioF()));
        return;
    }
    case PE_PanelTipLabel:
        painter->fillRect(option->rect, m_theme.color(Token::Raised));
        painter->setPen(m_theme.hairline(Token::BorderStrong));
        painter->drawRect(QRectF(option->rect).adjusted(0.5, 0.5, -0.5, -0.5));
        return;
    default: QProxyStyle::drawPrimitive(element, option, painter, widget);
    }
}

void ThemeStyle::drawCheck(const QStyleOption &option, QPainter &painter) const
{
    const bool on = option.state.testFlag(State_On);
    const bool enabled = option.state.testFlag(State_Enabled);
    const QRectF box = QRectF(option.rect).adjusted(0.5, 0.5, -0.5, -0.5);
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(m_theme.color(on && enabled ? Token::AccentFill : Token::BorderStrong), 1.0));
    painter.setBrush(m_theme.color(on ? (enabled ? Token::AccentFill : Token::Raised) : Token::Panel));
    painter.drawRoundedRect(box, 3, 3);
    if (on) {
        QPen pen(m_theme.color(enabled ? Token::OnAccent : Token::Disabled), box.width() / 8.0);
        pen.setCapStyle(Qt::RoundCap);
        pen.setJoinStyle(Qt::RoundJoin);
        painter.setPen(pen);
        const auto at = [&box](qreal x, qreal y) {
            return QPointF(box.left() + box.width() * x, box.top() + box.height() * y);
        };
        painter.drawPolyline(QPolygonF({at(0.24, 0.52), at(0.43, 0.70), at(0.77, 0.31)}));
    }
    painter.restore();
}

void ThemeStyle::drawRadio(const QStyleOption &option, QPainter &painter) const
{
    const bool on = option.state.testFlag(State_On);
    const bool enabled = option.state.testFlag(State_Enabled);
    const QRectF circle = QRectF(option.rect).adjusted(0.5, 0.5, -0.5, -0.5);
    const Token ink = !enabled ? Token::Disabled : on ? Token::Accent : Token::BorderStrong;
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(m_theme.color(ink), 1.0));
    painter.setBrush(Qt::NoBrush);
    painter.drawEllipse(circle);
    if (on) {
        const qreal inset = circle.width() * 0.27;
        painter.setPen(Qt::NoPen);
        painter.setBrush(m_theme.color(ink));
        painter.drawEllipse(circle.adjusted(inset, inset, -inset, -inset));
    }
    painter.restore();
}

void ThemeStyle::drawField(const QStyleOption &option, QPainter &painter, const QWidget *widget) const
{
    const bool enabled = option.state.testFlag(State_Enabled);
    const bool focused = option.state.testFlag(State_HasFocus);
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setBrush(m_theme.color(enabled ? Token::Panel : Token::Window));
    if (isInvalid(widget)) {
        painter.setPen(QPen(m_theme.color(Token::Danger), 2.0));
        const qreal inset = focused ? 3.0 : 1.0;
        painter.drawRoundedRect(QRectF(option.rect).adjusted(inset, inset, -inset, -inset), controlRadius,
                                controlRadius);
    } else {
        painter.setPen(QPen(m_theme.color(enabled ? Token::BorderStrong : Token::Border), 1.0));
        painter.drawRoundedRect(QRectF(option.rect).adjusted(0.5, 0.5, -0.5, -0.5), controlRadius, controlRadius);
    }
    if (focused) {
        painter.setBrush(Qt::NoBrush);
        painter.setPen(QPen(m_theme.color(Token::Focus), focusWidth));
        painter.drawRoundedRect(QRectF(option.rect).adjusted(1, 1, -1, -1), controlRadius, controlRadius);
    }
    painter.restore();
}

void ThemeStyle::drawChevron(QPainter &painter, const QRect &rect, bool up, bool enabled, qreal size) const
{
    const qreal half = m_theme.px(size) / 2.0;
    const QPointF middle = QRectF(rect).center();
    const qreal tip = (up ? -half : half) / 2;
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    QPen pen(m_theme.color(enabled ? Token::Text2 : Token::Disabled), 1.4);
    pen.setCapStyle(Qt::RoundCap);
    pen.setJoinStyle(Qt::RoundJoin);
    painter.setPen(pen);
    painter.setBrush(Qt::NoBrush);
    painter.drawPolyline(
            QPolygonF({middle + QPointF(-half, -tip), middle + QPointF(0, tip), middle + QPointF(half, -tip)}));
    painter.restore();
}

void ThemeStyle::drawCombo(const QStyleOptionComplex &option, QPainter &painter, const QWidget *widget) const
{
    drawField(option, painter, widget);
    drawChevron(painter, subControlRect(CC_ComboBox, &option, SC_ComboBoxArrow, widget), false,
                option.state.testFlag(State_Enabled), 8);
}

void ThemeStyle::drawSpin(const QStyleOptionComplex &option, QPainter &painter, const QWidget *widget) const
{
    drawField(option, painter, widget);
    const auto *spin = qstyleoption_cast<const QStyleOptionSpinBox *>(&option);
    if (spin == nullptr || spin->buttonSymbols == QAbstractSpinBox::NoButtons)
        return;
    drawChevron(painter, subControlRect(CC_SpinBox, &option, SC_SpinBoxUp, widget), true,
                spin->stepEnabled.testFlag(QAbstractSpinBox::StepUpEnabled), 5);
    drawChevron(painter, subControlRect(CC_SpinBox, &option, SC_SpinBoxDown, widget), false,
                spin->stepEnabled.testFlag(QAbstractSpinBox::StepDownEnabled), 5);
}

void ThemeStyle::drawComplexControl(ComplexControl control, const QStyleOptionComplex *option, QPainter *painter,
                                    const QWidget *widget) const
{
    if (control == CC_ComboBox)
        drawCombo(*option, *painter, widget);
    else if (control == CC_SpinBox)
        drawSpin(*option, *painter, widget);
    else
        QProxyStyle::drawComplexControl(control, option, painter, widget);
}

QRect ThemeStyle::subControlRect(ComplexControl control, const QStyleOptionComplex *option, SubControl subControl,
                                 const QWidget *widget) const
{
    const QRect all = option->rect;
    const int arrow = m_theme.px(control == CC_ComboBox ? 24 : 18);
    const int margin = m_theme.px(8);
    QRect rect;
    if (control == CC_ComboBox && subControl == SC_ComboBoxArrow)
        rect = QRect(all.right() - arrow, all.top(), arrow, all.height());
    else if (control == CC_ComboBox && subControl == SC_ComboBoxEditField)
        rect = all.adjusted(margin, 2, -arrow, -2);
    else if (control == CC_SpinBox && subControl == SC_SpinBoxUp)
        rect = QRect(all.right() - arrow, all.top() + all.height() / 2 - m_theme.px(9), arrow, m_theme.px(9));
    else if (control == CC_SpinBox && subControl == SC_SpinBoxDown)
        rect = QRect(all.right() - arrow, all.top() + all.height() / 2, arrow, m_theme.px(9));
    else if (control == CC_SpinBox && subControl == SC_SpinBoxEditField)
        rect = all.adjusted(m_theme.px(4), 3, -arrow, -3);
    else
        return QProxyStyle::subControlRect(control, option, subControl, widget);
    return visualRect(option->direction, all, rect);
}

QSize ThemeStyle::sizeFromContents(ContentsType type, const QStyleOption *option, const QSize &size,
                                   const QWidget *widget) const
{
    QSize wanted = QProxyStyle::sizeFromContents(type, option, size, widget);
    if (type == CT_ComboBox)
        wanted = QSize(size.width() + m_theme.px(8 + 24 + 4), m_theme.px(28));
    else if (type == CT_SpinBox)
        wanted.setHeight(m_theme.px(28));
    return wanted;
}

int ThemeStyle::pixelMetric(PixelMetric metric, const QStyleOption *option, const QWidget *widget) const
{
    switch (metric) {
    case PM_IndicatorWidth:
    case PM_IndicatorHeight:
    case PM_ExclusiveIndicatorWidth:
    case PM_ExclusiveIndicatorHeight: return m_theme.px(14);
    case PM_CheckBoxLabelSpacing:
    case PM_RadioButtonLabelSpacing: return m_theme.px(8);
    case PM_SmallIconSize:
    case PM_ButtonIconSize:
    case PM_TabBarIconSize:
    case PM_ToolBarIconSize: return 16;
    case PM_TabCloseIndicatorWidth:
    case PM_TabCloseIndicatorHeight: return m_theme.px(18);
    case PM_DockWidgetTitleMargin:
    case PM_DefaultFrameWidth: return widget != nullptr && widget->inherits("QAbstractItemView") ? 0 : 1;
    default: return QProxyStyle::pixelMetric(metric, option, widget);
    }
}

int ThemeStyle::styleHint(StyleHint hint, const QStyleOption *option, const QWidget *widget,
                          QStyleHintReturn *data) const
{
    switch (hint) {
    case SH_EtchDisabledText:
    case SH_DitherDisabledText:
    case SH_ComboBox_Popup: return 0;
    case SH_UnderlineShortcut: return 1;
    default: return QProxyStyle::styleHint(hint, option, widget, data);
    }
}

} // namespace tradebot
