// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/historytable.h"

#include "ui/models/historyroles.h"
#include "ui/theme/painting.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QHeaderView>
#include <QKeyEvent>
#include <QPainter>

#include <algorithm>

namespace tradebot {

using namespace Qt::StringLiterals;

namespace {

constexpr int mostCopiedRows = 10'000;

} // namespace

void HistoryDelegate::paintOutcome(QPainter &painter, const QRect &rect, int column, const QString &text,
                                   int outcome) const
{
    const QColor color = m_theme.color(Theme::moneyToken(outcome));
    painter.setFont(m_theme.figures(FontRole::Table));
    painter.setPen(color);
    const int left = m_columns.paint(painter, rect, column, text);
    const QPointF middle(left - m_theme.px(8), rect.center().y() + 1);
    if (middle.x() > rect.left())
        paintArrow(painter, middle, m_theme, outcome, color);
}

void HistoryDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    painter->save();
    Token ground = Token::Panel;
    if (option.state.testFlag(QStyle::State_Selected))
        ground = option.state.testFlag(QStyle::State_Active) ? Token::Selection : Token::SelectionInactive;
    painter->fillRect(option.rect, m_theme.color(ground));
    painter->setPen(m_theme.hairline(Token::Grid));
    painter->drawLine(option.rect.bottomLeft(), option.rect.bottomRight());

    QRect rect = option.rect.adjusted(m_theme.px(8), 0, -m_theme.px(8), 0);
    const QString text = index.data(Qt::DisplayRole).toString();
    const QVariant outcome = index.data(OutcomeRole);
    if (outcome.isValid()) {
        paintOutcome(*painter, rect, index.column(), text, outcome.toInt());
    } else {
        const QVariant tokenValue = index.data(TokenRole);
        const Token token = tokenValue.isValid() ? static_cast<Token>(tokenValue.toInt()) : Token::Text;
        if (const QString icon = index.data(IconRole).toString(); !icon.isEmpty()) {
            const int size = m_theme.px(14);
            painter->drawPixmap(rect.left(), rect.center().y() - size / 2 + 1,
                                m_theme.pixmap(icon, tokenValue.isValid() ? token : Token::Text2, size,
                                               painter->device()->devicePixelRatioF()));
            rect.setLeft(rect.left() + size + m_theme.px(5));
        }
        const bool isName = index.data(StrongRole).toBool();
        painter->setFont(isName ? m_theme.font(FontRole::TableStrong) : m_theme.figures(FontRole::Table));
        painter->setPen(m_theme.color(text == u"…"_s || text == u"—"_s ? Token::Text2 : token));
        const auto alignment = Qt::Alignment(index.data(Qt::TextAlignmentRole).toInt()) & Qt::AlignHorizontal_Mask;
        if (alignment == Qt::AlignRight)
            m_columns.paint(*painter, rect, index.column(), text);
        else
            paintText(*painter, rect, text, alignment);
    }
    if (option.state.testFlag(QStyle::State_HasFocus))
        paintRowFocus(*painter, option.rect, m_theme);
    painter->restore();
}

HistoryTable::HistoryTable(const UiContext &context, QAbstractItemModel &model, std::span<const int> widths,
                           QWidget *parent)
    : QTableView(parent),
      m_theme(context.theme),
      m_widths(widths.begin(), widths.end())
{
    setModel(&model);
    setItemDelegate(new HistoryDelegate(context.theme, m_columns, this));
    setShowGrid(false);
    setWordWrap(false);
    setFrameShape(QFrame::NoFrame);
    setEditTriggers(QAbstractItemView::NoEditTriggers);
    setSelectionBehavior(QAbstractItemView::SelectRows);
    setSelectionMode(QAbstractItemView::ContiguousSelection);
    setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    setTabKeyNavigation(false);
    verticalHeader()->hide();
    verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    horizontalHeader()->setHighlightSections(false);
    horizontalHeader()->setStretchLastSection(true);
    connect(this, &QAbstractItemView::activated, this, [this](const QModelIndex &index) {
        const BotId bot(index.data(BotIdRole).toLongLong());
        if (bot.isValid())
            Q_EMIT botActivated(bot);
    });
    connect(&model, &QAbstractItemModel::modelReset, this, [this] { m_columns.clear(); });
    connect(&context.theme, &Theme::changed, this, &HistoryTable::applyTheme);
    applyTheme();
}

void HistoryTable::applyTheme()
{
    horizontalHeader()->setFont(m_theme.font(FontRole::Table));
    horizontalHeader()->setFixedHeight(m_theme.px(24));
    horizontalHeader()->setMinimumSectionSize(m_theme.px(36));
    for (int column = 0; column < std::ssize(m_widths); ++column)
        horizontalHeader()->resizeSection(column, m_theme.px(m_widths[static_cast<size_t>(column)]));
    verticalHeader()->setMinimumSectionSize(m_theme.px(24));
    verticalHeader()->setDefaultSectionSize(m_theme.px(24));
    setFont(m_theme.font(FontRole::Table));
    viewport()->update();
}

void HistoryTable::setEmptyText(const QString &heading, const QString &text)
{
    m_emptyHeading = heading;
    m_emptyText = text;
    viewport()->update();
}

void HistoryTable::paintEvent(QPaintEvent *event)
{
    if (m_columns.look(*this, event->rect()))
        viewport()->update();
    QTableView::paintEvent(event);
    if (model()->rowCount() > 0 || m_emptyHeading.isEmpty())
        return;
    QPainter painter(viewport());
    paintEmptyText(painter, viewport()->rect(), m_theme, m_emptyHeading, m_emptyText);
}

QString HistoryTable::selectedText() const
{
    const QItemSelection selection = selectionModel()->selection();
    if (selection.isEmpty())
        return {};
    const auto titles = [this] {
        QStringList cells;
        for (int column = 0; column < model()->columnCount(); ++column)
            cells += model()->headerData(column, Qt::Horizontal).toString();
        return cells.join(u'\t');
    };
    QStringList lines{titles()};
    const QItemSelectionRange &range = selection.first();
    for (int row = range.top(); row <= std::min(range.bottom(), range.top() + mostCopiedRows - 1); ++row) {
        QStringList cells;
        for (int column = 0; column < model()->columnCount(); ++column) {
            const QString cell = model()->index(row, column).data(CopyRole).toString();
            cells += QString(cell).replace(u'\t', u' ').replace(u'\n', u' ');
        }
        lines += cells.join(u'\t');
    }
    return lines.join(u'\n') + u'\n';
}

void HistoryTable::keyPressEvent(QKeyEvent *event)
{
    if (event->matches(QKeySequence::Copy)) {
        if (const QString text = selectedText(); !text.isEmpty())
            QGuiApplication::clipboard()->setText(text);
        return;
    }
    QTableView::keyPressEvent(event);
}

} // namespace tradebot
