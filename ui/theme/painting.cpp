// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/painting.h"

#include "ui/format/moneyformat.h"

#include <QCoreApplication>
#include <QFontMetrics>

namespace tradebot {

using namespace Qt::StringLiterals;

ShownState shownState(const BotState &state)
{
    switch (state.status) {
    case BotStatus::Stopped: return ShownState::Stopped;
    case BotStatus::Pending: return ShownState::Pending;
    case BotStatus::Paused: return state.health == Health::Degraded ? ShownState::Degraded : ShownState::Paused;
    case BotStatus::Running: return state.health == Health::Degraded ? ShownState::Degraded : ShownState::Running;
    case BotStatus::Stopping: return ShownState::Stopping;
    case BotStatus::Error: return ShownState::Error;
    }
    return ShownState::Stopped;
}

Token stateToken(ShownState state)
{
    switch (state) {
    case ShownState::Running: return Token::Running;
    case ShownState::Pending: return Token::Pending;
    case ShownState::Paused: return Token::Paused;
    case ShownState::Stopping: return Token::Stopping;
    case ShownState::Stopped: return Token::Stopped;
    case ShownState::Error: return Token::Error;
    case ShownState::Degraded: return Token::Degraded;
    }
    return Token::Text;
}

QString stateIcon(ShownState state)
{
    switch (state) {
    case ShownState::Running: return u"state-running"_s;
    case ShownState::Pending: return u"state-pending"_s;
    case ShownState::Paused: return u"state-paused"_s;
    case ShownState::Stopping: return u"state-stopping"_s;
    case ShownState::Stopped: return u"state-stopped"_s;
    case ShownState::Error: return u"state-error"_s;
    case ShownState::Degraded: return u"state-degraded"_s;
    }
    return {};
}

QString stateWord(ShownState state)
{
    switch (state) {
    case ShownState::Running: return QCoreApplication::translate("State", "Running");
    case ShownState::Pending: return QCoreApplication::translate("State", "Starting");
    case ShownState::Paused: return QCoreApplication::translate("State", "Paused");
    case ShownState::Stopping: return QCoreApplication::translate("State", "Stopping");
    case ShownState::Stopped: return QCoreApplication::translate("State", "Stopped");
    case ShownState::Error: return QCoreApplication::translate("State", "Error");
    case ShownState::Degraded: return QCoreApplication::translate("State", "Degraded");
    }
    return {};
}

namespace {

/// Why a bot that works makes no entry.
QString haltReason(const BotState &state)
{
    if (state.haltedByDrawdown)
        return QCoreApplication::translate("State", "drawdown limit: no entries until it is resumed");
    if (state.haltedByDailyLimit)
        return QCoreApplication::translate("State", "daily limit: no entries today");
    return {};
}

} // namespace

QString stateReason(const BotState &state)
{
    const QString halt = haltReason(state);
    switch (shownState(state)) {
    case ShownState::Error:
        return state.errorKind == ErrorKind::None ? state.lastError : QString(toName(state.errorKind));
    case ShownState::Degraded: {
        const QString health =
                state.healthMessage.isEmpty() ? QString(toName(state.healthReason)) : state.healthMessage;
        return halt.isEmpty() ? health : health + u"; "_s + halt;
    }
    case ShownState::Running:
    case ShownState::Paused: return halt;
    case ShownState::Pending:
    case ShownState::Stopping: return state.statusMessage;
    default: return {};
    }
}

QString modeWord(Mode mode)
{
    return mode == Mode::Live ? u"LIVE"_s : u"DEMO"_s;
}

void paintText(QPainter &painter, const QRect &rect, const QString &text, Qt::Alignment alignment)
{
    if (rect.width() <= 0)
        return;
    const QString fitting = painter.fontMetrics().elidedText(text, Qt::ElideRight, rect.width());
    painter.drawText(rect, static_cast<int>(alignment | Qt::AlignVCenter) | Qt::TextSingleLine, fitting);
}

int paintStatus(QPainter &painter, const QRect &rect, const Theme &theme, ShownState state, const QString &reason,
                bool withIcon)
{
    int x = rect.left();
    const QColor color = theme.color(stateToken(state));
    if (withIcon) {
        const int size = theme.px(14);
        painter.drawPixmap(
                x, rect.center().y() - size / 2,
                theme.pixmap(stateIcon(state), stateToken(state), size, painter.device()->devicePixelRatioF()));
        x += size + theme.px(3);
    }
    painter.setPen(color);
    painter.setFont(theme.font(FontRole::Strong));
    const QString word = stateWord(state);
    paintText(painter, QRect(x, rect.top(), rect.right() - x + 1, rect.height()), word);
    x += painter.fontMetrics().horizontalAdvance(word);
    if (!reason.isEmpty()) {
        x += theme.px(6);
        painter.setFont(theme.font(FontRole::Body));
        paintText(painter, QRect(x, rect.top(), rect.right() - x + 1, rect.height()), reason);
        x += painter.fontMetrics().horizontalAdvance(reason);
    }
    return std::min(x, rect.right()) - rect.left();
}

int modeBadgeWidth(const Theme &theme, Mode mode)
{
    return QFontMetrics(theme.font(FontRole::Badge)).horizontalAdvance(modeWord(mode)) + 2 * theme.px(7);
}

int paintModeBadge(QPainter &painter, const QRect &rect, const Theme &theme, Mode mode)
{
    const int width = modeBadgeWidth(theme, mode);
    const int height = theme.px(16);
    const int top = rect.center().y() - height / 2 + 1;
    const QRectF pill = QRectF(rect.left(), top, width, height).adjusted(0.5, 0.5, -0.5, -0.5);
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    if (mode == Mode::Live) {
        painter.setPen(QPen(theme.color(Token::LiveEdge), 1.0));
        painter.setBrush(theme.color(Token::LiveFill));
    } else {
        painter.setPen(QPen(theme.color(Token::DemoText), 1.0));
        painter.setBrush(Qt::NoBrush);
    }
    painter.drawRoundedRect(pill, 2, 2);
    painter.setPen(theme.color(mode == Mode::Live ? Token::OnLive : Token::DemoText));
    painter.setFont(theme.font(FontRole::Badge));
    painter.drawText(pill, Qt::AlignCenter, modeWord(mode));
    painter.restore();
    return width;
}

void paintArrow(QPainter &painter, const QPointF &middle, const Theme &theme, std::int64_t sign, const QColor &color)
{
    if (sign == 0)
        return;
    const qreal half = theme.px(7) / 2.0;
    const qreal tip = sign > 0 ? -half * 0.8 : half * 0.8;
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(color);
    painter.drawPolygon(
            QPolygonF({middle + QPointF(0, tip), middle + QPointF(-half, -tip), middle + QPointF(half, -tip)}));
    painter.restore();
}

int paintMoney(QPainter &painter, const QRect &rect, const Theme &theme, const std::optional<Money> &amount,
               int decimals, FontRole role)
{
    painter.setFont(theme.figures(role));
    if (!amount) {
        painter.setPen(theme.color(Token::Text2));
        painter.drawText(rect, Qt::AlignRight | Qt::AlignVCenter, u"—"_s);
        return rect.right() - painter.fontMetrics().horizontalAdvance(u'—');
    }
    const MoneyFormat format{decimals, Sign::Always};
    const Money shown = format.rounded(*amount);
    const QColor color = theme.moneyColor(shown);
    const QString text = format.text(*amount);
    painter.setPen(color);
    painter.drawText(rect, Qt::AlignRight | Qt::AlignVCenter, text);
    int left = rect.right() + 1 - painter.fontMetrics().horizontalAdvance(text);
    if (!shown.isZero()) {
        const int gap = theme.px(4) + theme.px(7) / 2;
        paintArrow(painter, QPointF(left - gap, rect.center().y() + 1), theme, shown.raw(), color);
        left -= gap + theme.px(7) / 2;
    }
    return left;
}

void paintEmptyText(QPainter &painter, const QRect &rect, const Theme &theme, const QString &heading,
                    const QString &text)
{
    const QRect area = rect.adjusted(theme.px(12), 0, -theme.px(12), 0);
    const int line = theme.px(20);
    QRect row(area.left(), std::max(area.center().y() - line, area.top()), area.width(), line);
    painter.setFont(theme.font(FontRole::Strong));
    painter.setPen(theme.color(Token::Text));
    paintText(painter, row, heading, Qt::AlignHCenter);
    row.translate(0, line);
    painter.setFont(theme.font(FontRole::Table));
    painter.setPen(theme.color(Token::Text2));
    paintText(painter, row, text, Qt::AlignHCenter);
}

void paintRowFocus(QPainter &painter, const QRect &rect, const Theme &theme)
{
    painter.save();
    painter.setPen(QPen(theme.color(Token::Focus), 2));
    painter.setBrush(Qt::NoBrush);
    painter.drawRect(rect.adjusted(1, 1, -1, -1));
    painter.restore();
}

} // namespace tradebot
