// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/botcards.h"

#include "ui/format/moneyformat.h"
#include "ui/theme/painting.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QPaintEvent>

#include <algorithm>

namespace tradebot {

using namespace Qt::StringLiterals;

namespace {

constexpr int cardHeight = 70;
constexpr int cardWidth = 230; ///< at least

} // namespace

BotCards::BotCards(const UiContext &context, QWidget *parent) : QWidget(parent), m_context(context)
{
    setObjectName(u"botCards"_s);
    setAccessibleName(tr("Bots"));
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
    QSizePolicy policy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
    connect(&context.theme, &Theme::changed, this, [this] {
        updateGeometry();
        update();
    });
}

void BotCards::setBots(std::vector<SnapshotPointer> bots)
{
    const bool sameCount = bots.size() == m_bots.size();
    const std::vector<SnapshotPointer> before = std::exchange(m_bots, std::move(bots));
    if (!sameCount) {
        updateGeometry();
        update();
        setCurrent(std::min(m_current, std::max(0, count() - 1)));
        return;
    }
    for (int card = 0; card < count(); ++card) {
        const auto place = static_cast<size_t>(card);
        if (before[place] != m_bots[place])
            update(rectOf(card));
    }
}

void BotCards::setLines(std::map<BotId, std::vector<double>> lines)
{
    m_lines = std::move(lines);
    update();
}

int BotCards::columns(int width) const
{
    return std::max(1, width / m_context.theme.px(cardWidth));
}

int BotCards::heightForWidth(int width) const
{
    const int rows = (count() + columns(width) - 1) / columns(width);
    return rows * m_context.theme.px(cardHeight);
}

QSize BotCards::sizeHint() const
{
    return {m_context.theme.px(cardWidth) * 3, heightForWidth(std::max(width(), m_context.theme.px(cardWidth) * 3))};
}

QRect BotCards::rectOf(int card) const
{
    const int across = columns(width());
    const int column = card % across;
    const int left = width() * column / across;
    const int height = m_context.theme.px(cardHeight);
    return {left, card / across * height, width() * (column + 1) / across - left, height};
}

int BotCards::cardAt(QPoint position) const
{
    for (int card = 0; card < count(); ++card) {
        if (rectOf(card).contains(position))
            return card;
    }
    return -1;
}

void BotCards::paintLine(QPainter &painter, const QRectF &rect, BotId bot) const
{
    const auto found = m_lines.find(bot);
    if (found == m_lines.end() || found->second.size() < 2)
        return;
    const std::vector<double> &values = found->second;
    const auto [low, high] = std::ranges::minmax(values);
    const double range = std::max(high - low, std::abs(high) * 1e-9 + 1e-12);
    QPolygonF line;
    for (size_t i = 0; i < values.size(); ++i) {
        line << QPointF(rect.left() + rect.width() * static_cast<double>(i) / static_cast<double>(values.size() - 1),
                        rect.bottom() - rect.height() * (values[i] - low) / range);
    }
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(m_context.theme.color(Token::Equity), 1.2));
    painter.drawPolyline(line);
    painter.setRenderHint(QPainter::Antialiasing, false);
}

void BotCards::paintCard(QPainter &painter, const QRect &rect, const BotSnapshot &bot) const
{
    const Theme &theme = m_context.theme;
    const int side = theme.px(12);
    const ShownState state = shownState(bot.state);
    const int icon = theme.px(14);
    painter.drawPixmap(rect.left() + side, rect.top() + theme.px(10),
                       theme.pixmap(stateIcon(state), stateToken(state), icon, devicePixelRatioF()));
    QRect top(rect.left() + side + icon + theme.px(6), rect.top() + theme.px(8), 0, theme.px(18));
    top.setRight(rect.right() - side);
    painter.setFont(theme.figures(FontRole::Caption));
    painter.setPen(theme.color(Token::Text2));
    const QString leverage = bot.config->leverage > 1 ? u" %1×"_s.arg(bot.config->leverage) : QString();
    const QString market = bot.config->symbol.value() + leverage + u' ' + toName(bot.config->timeframe);
    paintText(painter, top, market, Qt::AlignRight);
    top.setRight(top.right() - painter.fontMetrics().horizontalAdvance(market) - theme.px(8));
    painter.setFont(theme.font(FontRole::TableStrong));
    painter.setPen(theme.color(Token::Text));
    paintText(painter, top, bot.config->name);

    paintLine(painter, QRectF(rect.left() + side, rect.top() + theme.px(32), rect.width() * 0.28, theme.px(26)),
              bot.id);
    const int left = rect.left() + side + static_cast<int>(rect.width() * 0.28) + theme.px(8);
    QRect middle(left, rect.top() + theme.px(28), rect.right() - side - left, theme.px(17));
    painter.setFont(theme.figures(FontRole::Table));
    painter.setPen(theme.color(Token::Text2));
    const Position &position = bot.state.position;
    const QString side2 = !position.isOpen()                     ? tr("flat, no position")
                          : position.side == PositionSide::Short ? tr("short")
                                                                 : tr("long");
    paintText(painter, middle, side2, Qt::AlignRight);
    if (position.isOpen()) {
        middle.setRight(middle.right() - painter.fontMetrics().horizontalAdvance(side2) - theme.px(4));
        paintMoney(painter, middle, theme, bot.unrealised, decimalsOf(bot.instrument.quote));
    }
    const MoneyFormat money = formatOf(bot.instrument.quote, Sign::Always);
    painter.setFont(theme.figures(FontRole::Caption));
    painter.setPen(theme.color(Token::Text2));
    paintText(painter,
              QRect(left, rect.top() + theme.px(46), middle.width() + theme.px(60), theme.px(16))
                      .intersected(QRect(left, rect.top(), rect.right() - side - left, rect.height())),
              tr("today %1  total %2").arg(money.text(bot.state.today.net()), money.text(bot.state.life.net())),
              Qt::AlignRight);
}

void BotCards::paintEvent(QPaintEvent *event)
{
    const Theme &theme = m_context.theme;
    QPainter painter(this);
    painter.fillRect(event->rect(), theme.color(Token::Panel));
    for (int card = 0; card < count(); ++card) {
        const QRect rect = rectOf(card);
        if (!event->region().intersects(rect))
            continue;
        if (card == m_hovered)
            painter.fillRect(rect, theme.color(Token::Hover));
        painter.setPen(theme.hairline(Token::Border));
        painter.drawLine(rect.topRight(), rect.bottomRight());
        painter.drawLine(rect.bottomLeft(), rect.bottomRight());
        paintCard(painter, rect, *m_bots[static_cast<size_t>(card)]);
        if (card == m_current && hasFocus())
            paintRowFocus(painter, rect, theme);
    }
}

void BotCards::setCurrent(int card)
{
    if (card < 0 || card >= count())
        return;
    update(rectOf(m_current));
    m_current = card;
    update(rectOf(card));
    setAccessibleDescription(m_bots[static_cast<size_t>(card)]->config->name);
}

void BotCards::mouseMoveEvent(QMouseEvent *event)
{
    const int card = cardAt(event->position().toPoint());
    if (card == m_hovered)
        return;
    m_hovered = card;
    setCursor(card >= 0 ? Qt::PointingHandCursor : Qt::ArrowCursor);
    update();
}

void BotCards::leaveEvent(QEvent *)
{
    m_hovered = -1;
    update();
}

void BotCards::mouseReleaseEvent(QMouseEvent *event)
{
    const int card = cardAt(event->position().toPoint());
    if (event->button() != Qt::LeftButton || card < 0)
        return;
    setCurrent(card);
    Q_EMIT activated(m_bots[static_cast<size_t>(card)]->id);
}

void BotCards::keyPressEvent(QKeyEvent *event)
{
    switch (event->key()) {
    case Qt::Key_Left: setCurrent(m_current - 1); return;
    case Qt::Key_Right: setCurrent(m_current + 1); return;
    case Qt::Key_Up: setCurrent(m_current - columns(width())); return;
    case Qt::Key_Down: setCurrent(m_current + columns(width())); return;
    case Qt::Key_Return:
    case Qt::Key_Enter:
        if (m_current < count())
            Q_EMIT activated(m_bots[static_cast<size_t>(m_current)]->id);
        return;
    default: QWidget::keyPressEvent(event);
    }
}

} // namespace tradebot
