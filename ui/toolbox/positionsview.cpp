// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/toolbox/positionsview.h"

#include "ui/format/moneyformat.h"
#include "ui/format/timeformat.h"
#include "ui/format/words.h"
#include "ui/models/livefeed.h"
#include "ui/theme/painting.h"
#include "ui/widgets/botdelegate.h"
#include "ui/widgets/secondclock.h"

#include <QHeaderView>
#include <QPainter>
#include <QTableView>
#include <QVBoxLayout>

#include <map>

namespace tradebot {

using namespace Qt::StringLiterals;

namespace {

constexpr int sumHeight = 26;

} // namespace

void PositionsTable::paintEvent(QPaintEvent *event)
{
    if (m_columns.look(*this, event->rect()))
        viewport()->update();
    QTableView::paintEvent(event);
    if (model()->rowCount() > 0)
        return;
    QPainter painter(viewport());
    paintEmptyText(painter, viewport()->rect(), m_theme, tr("No open positions"),
                   tr("A position is listed while a bot holds it; its bot enters when its strategy says so."));
}

PositionsSorter::PositionsSorter() : m_names(QLocale(QLocale::English))
{
    m_names.setNumericMode(true);
    m_names.setCaseSensitivity(Qt::CaseInsensitive);
}

bool PositionsSorter::lessThan(const QModelIndex &left, const QModelIndex &right) const
{
    const QVariant a = left.data(sortRole());
    const QVariant b = right.data(sortRole());
    if (a.typeId() == QMetaType::QString && b.typeId() == QMetaType::QString)
        return m_names.compare(a.toString(), b.toString()) < 0;
    return QSortFilterProxyModel::lessThan(left, right);
}

PositionDelegate::PositionDelegate(const UiContext &context, const DecimalColumns &columns, QObject *parent)
    : QStyledItemDelegate(parent),
      m_context(context),
      m_columns(columns)
{ }

void PositionDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    const Theme &theme = m_context.theme;
    painter->save();
    const bool active = option.state.testFlag(QStyle::State_Active);
    Token ground = Token::Panel;
    if (option.state.testFlag(QStyle::State_Selected))
        ground = active ? Token::Selection : Token::SelectionInactive;
    painter->fillRect(option.rect, theme.color(ground));
    painter->setPen(theme.hairline(Token::Grid));
    painter->drawLine(option.rect.bottomLeft(), option.rect.bottomRight());

    const QRect rect = option.rect.adjusted(theme.px(8), 0, -theme.px(8), 0);
    const auto row = index.data(PositionsModel::RowRole).value<PositionRow>();
    switch (index.column()) {
    case PositionsModel::UnrealisedColumn: {
        const int decimals = decimalsOf(row.instrument.quote);
        painter->setFont(theme.figures(FontRole::Table));
        const int inset = m_columns.inset(index.column(), decimals, painter->fontMetrics());
        paintMoney(*painter, rect.adjusted(0, 0, -inset, 0), theme, row.unrealised, decimals);
        break;
    }
    case PositionsModel::PercentColumn: {
        painter->setFont(theme.figures(FontRole::Table));
        painter->setPen(row.percent ? theme.moneyColor(*row.percent) : theme.color(Token::Text2));
        const int left = m_columns.paint(*painter, rect, index.column(), index.data(Qt::DisplayRole).toString());
        if (row.percent) {
            paintArrow(*painter, QPointF(left - theme.px(8), rect.center().y() + 1), theme, row.percent->raw(),
                       theme.moneyColor(*row.percent));
        }
        break;
    }
    case PositionsModel::OpenForColumn:
        painter->setFont(theme.figures(FontRole::Table));
        painter->setPen(theme.color(Token::Text));
        paintText(*painter, rect, durationText(m_context.live.system().engineTime - row.openedAt), Qt::AlignRight);
        break;
    case PositionsModel::AgeColumn: paintAge(*painter, rect, row); break;
    default: {
        const bool isName = index.column() == PositionsModel::BotColumn;
        const QString text = index.data(Qt::DisplayRole).toString();
        const bool isAbsent = index.column() >= PositionsModel::StopColumn
                              && index.column() <= PositionsModel::TrailColumn
                              && index.data(PositionsModel::SortRole).toLongLong() == 0;
        painter->setFont(isName ? theme.font(FontRole::TableStrong) : theme.figures(FontRole::Table));
        painter->setPen(theme.color(isAbsent ? Token::Text2 : Token::Text));
        if (index.column() > PositionsModel::SideColumn)
            m_columns.paint(*painter, rect, index.column(), text);
        else
            paintText(*painter, rect, text);
    }
    }
    if (option.state.testFlag(QStyle::State_HasFocus))
        paintRowFocus(*painter, option.rect, theme);
    painter->restore();
}

void PositionDelegate::paintAge(QPainter &painter, const QRect &rect, const PositionRow &row) const
{
    const Theme &theme = m_context.theme;
    const auto age = row.priceReceivedAt ? m_context.clock.now() - *row.priceReceivedAt : std::chrono::milliseconds(0);
    const bool stale = age > staleAfter;
    painter.setFont(theme.figures(stale ? FontRole::TableStrong : FontRole::Table));
    painter.setPen(theme.color(stale ? Token::Degraded : Token::Text2));
    paintText(painter, rect, row.priceReceivedAt ? ageText(age) : tr("no data"), Qt::AlignRight);
}

PositionsView::PositionsView(const UiContext &context, QWidget *parent)
    : QWidget(parent),
      m_context(context),
      m_table(new PositionsTable(context.theme, this))
{
    setObjectName(u"positionsView"_s);
    setAutoFillBackground(true);
    setBackgroundRole(QPalette::Base);
    m_sorted.setSourceModel(&m_model);
    m_sorted.setSortRole(PositionsModel::SortRole);
    buildTable();
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, context.theme.px(sumHeight));
    layout->addWidget(m_table);
    m_model.follow(context.live);

    for (const auto change : {&QAbstractItemModel::rowsInserted, &QAbstractItemModel::rowsRemoved})
        connect(&m_model, change, this, qOverload<>(&QWidget::update));
    connect(&m_model, &QAbstractItemModel::dataChanged, this,
            [this] { update(0, height() - m_context.theme.px(sumHeight), width(), m_context.theme.px(sumHeight)); });
    connect(&context.theme, &Theme::changed, this, &PositionsView::applyTheme);
    connect(&context.second, &SecondClock::tick, this, &PositionsView::repaintAges);
    applyTheme();
}

void PositionsView::buildTable()
{
    m_table->setObjectName(u"positionsTable"_s);
    m_table->setAccessibleName(tr("Open positions"));
    m_table->setModel(&m_sorted);
    m_table->setItemDelegate(new PositionDelegate(m_context, m_table->columns(), m_table));
    m_table->setShowGrid(false);
    m_table->verticalHeader()->hide();
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_table->setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_table->setTabKeyNavigation(false);
    m_table->setSortingEnabled(true);
    m_table->sortByColumn(PositionsModel::BotColumn, Qt::AscendingOrder);
    connect(m_table, &QTableView::activated, this, [this](const QModelIndex &index) {
        Q_EMIT botActivated(BotId(index.data(PositionsModel::BotIdRole).toLongLong()));
    });
}

void PositionsView::applyTheme()
{
    const Theme &theme = m_context.theme;
    QHeaderView *header = m_table->horizontalHeader();
    header->setFont(theme.font(FontRole::Table));
    header->setHighlightSections(false);
    header->setFixedHeight(theme.px(24));
    header->setMinimumSectionSize(theme.px(40));
    header->setStretchLastSection(true);
    constexpr std::array widths = {150, 92, 60, 46, 110, 88, 88, 88, 88, 88, 100, 76, 90, 80};
    for (int column = 0; column < PositionsModel::ColumnCount; ++column)
        header->resizeSection(column, theme.px(widths[static_cast<std::size_t>(column)]));
    m_table->verticalHeader()->setDefaultSectionSize(theme.px(24));
    m_table->verticalHeader()->setMinimumSectionSize(theme.px(24));
    m_table->setFont(theme.font(FontRole::Table));
    update();
}

void PositionsView::repaintAges()
{
    if (!m_table->isVisible() || m_model.rowCount() == 0)
        return;
    for (const int column : {PositionsModel::OpenForColumn, PositionsModel::AgeColumn}) {
        m_table->viewport()->update(m_table->columnViewportPosition(column), 0, m_table->columnWidth(column),
                                    m_table->viewport()->height());
    }
}

QString PositionsView::sumText(std::optional<Money> &onlySum, QString &currency) const
{
    struct Sum
    {
        int positions = 0;
        Checked<Money> unrealised{Money()};
        bool known = true;
    };
    std::map<std::pair<Mode, QString>, Sum> sums;
    for (const PositionRow &row : m_model.rows()) {
        Sum &sum = sums[{row.mode, row.instrument.quote}];
        ++sum.positions;
        sum.known = sum.known && row.unrealised.has_value();
        sum.unrealised += row.unrealised.value_or(Money());
    }
    QStringList rest;
    for (const auto &[key, sum] : sums) {
        const QString positions = counted(sum.positions, tr("%1 position"), tr("%1 positions"));
        const auto amount = sum.known ? sum.unrealised.value() : std::nullopt;
        if (sums.size() == 1) {
            onlySum = amount;
            currency = key.second;
            return tr("Total %1, ").arg(key.second) + positions;
        }
        rest += u"%1 %2, %3: %4"_s.arg(modeWord(key.first), key.second, positions,
                                       formatOf(key.second, Sign::Always).text(amount));
    }
    return rest.isEmpty() ? tr("No open positions") : rest.join(u"   "_s);
}

void PositionsView::paintEvent(QPaintEvent *)
{
    const Theme &theme = m_context.theme;
    QPainter painter(this);
    const QRect foot(0, height() - theme.px(sumHeight), width(), theme.px(sumHeight));
    painter.fillRect(foot, theme.color(Token::Panel));
    painter.setPen(theme.hairline(Token::BorderStrong));
    painter.drawLine(foot.topLeft(), foot.topRight());
    std::optional<Money> sum;
    QString currency;
    const QString text = sumText(sum, currency);
    painter.setFont(theme.figures(FontRole::TableStrong));
    painter.setPen(theme.color(m_model.rowCount() == 0 ? Token::Text2 : Token::Text));
    paintText(painter, foot.adjusted(theme.px(8), 0, -theme.px(8), 0), text);
    if (currency.isEmpty())
        return;
    const int right = m_table->columnViewportPosition(PositionsModel::UnrealisedColumn)
                      + m_table->columnWidth(PositionsModel::UnrealisedColumn) - theme.px(8);
    const int inset =
            m_table->columns().inset(PositionsModel::UnrealisedColumn, decimalsOf(currency), painter.fontMetrics());
    paintMoney(painter, QRect(0, foot.top(), right - inset, foot.height()), theme, sum, decimalsOf(currency),
               FontRole::TableStrong);
}

} // namespace tradebot
