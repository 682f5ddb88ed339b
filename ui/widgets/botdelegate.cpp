// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/botdelegate.h"

#include "ui/format/moneyformat.h"
#include "ui/format/timeformat.h"
#include "ui/format/words.h"

#include <QHelpEvent>
#include <QToolTip>
#include <QTreeView>

namespace tradebot {

using namespace Qt::StringLiterals;

namespace {

constexpr int cellMargin = 8;
constexpr int nameIndent = 32; ///< where the names begin: behind the state's icon

QRect upperLine(const QRect &rect)
{
    return {rect.left(), rect.top() + rect.height() / 2 - rect.height() * 2 / 5, rect.width(), rect.height() * 2 / 5};
}

QRect lowerLine(const QRect &rect)
{
    return {rect.left(), rect.top() + rect.height() / 2, rect.width(), rect.height() * 2 / 5};
}

} // namespace

BotDelegate::BotDelegate(const Theme &theme, const Clock &clock, QObject *parent)
    : QStyledItemDelegate(parent),
      m_theme(theme),
      m_clock(clock)
{ }

QSize BotDelegate::sizeHint(const QStyleOptionViewItem &, const QModelIndex &index) const
{
    const bool isBot = index.data(BotsModel::KindRole).toInt() == BotsModel::BotKind;
    return {m_theme.px(60), m_theme.px(isBot ? 40 : 26)};
}

void BotDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    painter->save();
    painter->setClipRect(option.rect);
    paintBackground(*painter, option, index);
    const int margin = m_theme.px(cellMargin);
    switch (index.data(BotsModel::KindRole).toInt()) {
    case BotsModel::AccountKind: paintAccount(*painter, option, index); break;
    case BotsModel::SumKind: paintSum(*painter, option.rect.adjusted(margin, 0, -margin, 0), index); break;
    default:
        paintCell(*painter, option.rect.adjusted(margin, 0, -margin, 0), index.data(BotsModel::RowRole).value<BotRow>(),
                  index.column());
    }
    painter->restore();
}

void BotDelegate::paintBackground(QPainter &painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    const bool isAccount = index.data(BotsModel::KindRole).toInt() == BotsModel::AccountKind;
    const bool active = option.state.testFlag(QStyle::State_Active) && option.state.testFlag(QStyle::State_Enabled);
    Token ground = isAccount ? Token::Raised : Token::Panel;
    if (option.state.testFlag(QStyle::State_Selected))
        ground = active ? Token::Selection : Token::SelectionInactive;
    else if (option.state.testFlag(QStyle::State_MouseOver) && !isAccount)
        ground = Token::Hover;
    painter.fillRect(option.rect, m_theme.color(ground));
    painter.setPen(m_theme.hairline(isAccount ? Token::Border : Token::Grid));
    painter.drawLine(option.rect.bottomLeft(), option.rect.bottomRight());

    // The ring goes round the row: each cell draws its part of it.
    const auto *view = qobject_cast<const QTreeView *>(option.widget);
    if (view == nullptr || !view->hasFocus() || view->currentIndex().siblingAtColumn(0) != index.siblingAtColumn(0))
        return;
    QRect ring = option.rect;
    if (index.column() > 0)
        ring.setLeft(ring.left() - 4);
    if (index.column() + 1 < BotsModel::ColumnCount && view->columnWidth(index.column() + 1) > 0)
        ring.setRight(ring.right() + 4);
    paintRowFocus(painter, ring, m_theme);
}

void BotDelegate::paintAccount(QPainter &painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    if (index.column() != BotsModel::NameColumn)
        return; // the first column spans the row
    const auto row = index.data(BotsModel::RowRole).value<AccountRow>();
    const auto *view = qobject_cast<const QTreeView *>(option.widget);
    const bool open = view == nullptr || view->isExpanded(index);
    const int icon = m_theme.px(14);
    const int middle = option.rect.center().y();
    int x = option.rect.left() + m_theme.px(8);
    painter.drawPixmap(x, middle - icon / 2,
                       m_theme.pixmap(open ? u"chevron-down"_s : u"chevron-right"_s, Token::Text2, icon,
                                      painter.device()->devicePixelRatioF()));
    x = option.rect.left() + m_theme.px(28);

    const QString count = counted(row.bots, tr("%1 bot"), tr("%1 bots"));
    painter.setFont(m_theme.figures(FontRole::Table));
    const int countWidth = painter.fontMetrics().horizontalAdvance(count);
    const int right = option.rect.right() - m_theme.px(cellMargin);
    painter.setPen(m_theme.color(Token::Text2));
    paintText(painter, QRect(right - countWidth, option.rect.top(), countWidth + 1, option.rect.height()), count,
              Qt::AlignRight);

    painter.setFont(m_theme.font(FontRole::TableStrong));
    painter.setPen(m_theme.color(Token::Text));
    const int badge = modeBadgeWidth(m_theme, row.key.mode);
    const QString name = row.key.text();
    const int nameWidth = std::min(painter.fontMetrics().horizontalAdvance(name) + 1,
                                   right - countWidth - badge - m_theme.px(16) - x);
    paintText(painter, QRect(x, option.rect.top(), nameWidth, option.rect.height()), name);
    paintModeBadge(painter, QRect(x + nameWidth + m_theme.px(6), option.rect.top(), badge, option.rect.height()),
                   m_theme, row.key.mode);
}

void BotDelegate::paintSum(QPainter &painter, const QRect &rect, const QModelIndex &index) const
{
    const auto row = index.data(BotsModel::RowRole).value<AccountRow>();
    switch (index.column()) {
    case BotsModel::NameColumn:
        painter.setFont(m_theme.font(FontRole::TableStrong));
        painter.setPen(m_theme.color(Token::Text));
        paintText(painter, rect.adjusted(m_theme.px(nameIndent - cellMargin), 0, 0, 0),
                  index.data(Qt::DisplayRole).toString());
        break;
    case BotsModel::UnrealisedColumn:
        paintMoney(painter, rect, m_theme, row.unrealised, decimalsOf(row.key.currency), FontRole::TableStrong);
        break;
    case BotsModel::TodayColumn:
        paintMoney(painter, rect, m_theme, row.today, decimalsOf(row.key.currency), FontRole::TableStrong);
        break;
    default: break;
    }
}

void BotDelegate::paintBotName(QPainter &painter, const QRect &rect, const BotRow &row) const
{
    const int icon = m_theme.px(14);
    const bool working = !row.workingWord.isEmpty();
    const ShownState state = working ? ShownState::Pending : row.state;
    painter.drawPixmap(
            rect.left() + m_theme.px(2), rect.center().y() - icon / 2 + 1,
            m_theme.pixmap(stateIcon(state), stateToken(state), icon, painter.device()->devicePixelRatioF()));

    const QRect words = rect.adjusted(m_theme.px(nameIndent - cellMargin), 0, 0, 0);
    painter.setFont(m_theme.font(FontRole::TableStrong));
    painter.setPen(m_theme.color(Token::Text));
    paintText(painter, upperLine(words), row.name);

    painter.setFont(m_theme.font(FontRole::Table));
    painter.setPen(m_theme.color(stateToken(state)));
    const QString word = working ? row.workingWord : stateWord(row.state);
    const QRect line = lowerLine(words);
    paintText(painter, line, word);
    const QString why = !row.reason.isEmpty()      ? row.reason
                        : !row.lastError.isEmpty() ? row.lastError
                                                   : row.symbol + u" · "_s + row.strategy;
    painter.setPen(m_theme.color(Token::Text2));
    paintText(painter, line.adjusted(painter.fontMetrics().horizontalAdvance(word), 0, 0, 0), u" · "_s + why);
}

void BotDelegate::paintAge(QPainter &painter, const QRect &rect, const BotRow &row) const
{
    painter.setFont(m_theme.figures(FontRole::Table));
    painter.setPen(m_theme.color(Token::Text2));
    if (!row.isActive || !row.priceReceivedAt) {
        paintText(painter, rect, row.isActive ? tr("no data") : u"—"_s, Qt::AlignRight);
        return;
    }
    const auto age = m_clock.now() - *row.priceReceivedAt;
    const QString text = ageText(age);
    if (age > staleAfter) {
        painter.setFont(m_theme.figures(FontRole::TableStrong));
        painter.setPen(m_theme.color(Token::Degraded));
        const int icon = m_theme.px(12);
        const int left = rect.right() - painter.fontMetrics().horizontalAdvance(text) - m_theme.px(3) - icon;
        painter.drawPixmap(left, rect.center().y() - icon / 2,
                           m_theme.pixmap(u"clock"_s, Token::Degraded, icon, painter.device()->devicePixelRatioF()));
    }
    paintText(painter, rect, text, Qt::AlignRight);
}

void BotDelegate::paintCell(QPainter &painter, const QRect &rect, const BotRow &row, int column) const
{
    const auto note = [&](const QString &text) {
        painter.setFont(m_theme.figures(FontRole::Table));
        painter.setPen(m_theme.color(Token::Text2));
        paintText(painter, lowerLine(rect), text, Qt::AlignRight);
    };
    switch (column) {
    case BotsModel::NameColumn: paintBotName(painter, rect, row); break;
    case BotsModel::UnrealisedColumn:
        paintMoney(painter, upperLine(rect), m_theme, row.unrealised, decimalsOf(row.account.currency));
        note(row.side == PositionSide::Flat ? tr("flat") : toName(row.side) + u' ' + row.size);
        break;
    case BotsModel::TodayColumn:
        paintMoney(painter, upperLine(rect), m_theme, row.today, decimalsOf(row.account.currency));
        paintAge(painter, lowerLine(rect), row);
        break;
    default: break;
    }
}

QString BotDelegate::toolTip(const BotRow &row) const
{
    const MoneyFormat money = formatOf(row.account.currency, Sign::Always);
    const QString currency = row.account.currency;
    QStringList lines{u"%1 (%2)"_s.arg(row.name, modeWord(row.account.mode)),
                      row.reason.isEmpty() ? stateWord(row.state) : stateWord(row.state) + u": "_s + row.reason,
                      row.symbol + u" · "_s + row.strategy,
                      row.side == PositionSide::Flat
                              ? tr("No position")
                              : tr("%1 %2, unrealised %3 %4")
                                        .arg(toName(row.side), row.size, money.text(row.unrealised), currency),
                      tr("Today %1 %2 net, ").arg(money.text(row.today), currency)
                              + counted(row.tradesToday, tr("%1 trade"), tr("%1 trades"))};
    if (!row.lastError.isEmpty())
        lines += tr("Last error: %1").arg(row.lastError);
    if (row.isActive && row.priceReceivedAt)
        lines += tr("Price is %1 old; stale after %2")
                         .arg(ageText(m_clock.now() - *row.priceReceivedAt), ageText(staleAfter));
    return lines.join(u'\n');
}

bool BotDelegate::helpEvent(QHelpEvent *event, QAbstractItemView *view, const QStyleOptionViewItem &option,
                            const QModelIndex &index)
{
    if (event->type() != QEvent::ToolTip || index.data(BotsModel::KindRole).toInt() != BotsModel::BotKind)
        return QStyledItemDelegate::helpEvent(event, view, option, index);
    QToolTip::showText(event->globalPos(), toolTip(index.data(BotsModel::RowRole).value<BotRow>()), view);
    return true;
}

} // namespace tradebot
