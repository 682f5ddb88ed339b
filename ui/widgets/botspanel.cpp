// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/botspanel.h"

#include "ui/models/accountscope.h"
#include "ui/theme/theme.h"
#include "ui/widgets/botdelegate.h"
#include "ui/widgets/emptystate.h"
#include "ui/widgets/secondclock.h"

#include <QAction>
#include <QHeaderView>
#include <QKeyEvent>
#include <QLineEdit>
#include <QScrollBar>
#include <QStackedWidget>
#include <QTreeView>
#include <QVBoxLayout>

namespace tradebot {

using namespace Qt::StringLiterals;

BotsPanel::BotsPanel(const UiContext &context, BotsModel &model, QAction *newBot, QWidget *parent)
    : QWidget(parent),
      m_context(context),
      m_model(model),
      m_filter(model),
      m_words(new QLineEdit(this)),
      m_searchIcon(new QAction(this)),
      m_view(new QTreeView(this)),
      m_stack(new QStackedWidget(this))
{
    setObjectName(u"botsPanel"_s);
    setAutoFillBackground(true);
    setBackgroundRole(QPalette::Base);
    buildFilter();
    buildView();
    m_stack->addWidget(m_view);
    m_stack->addWidget(new EmptyState(context.theme,
                                      {u"bot"_s, tr("No bots yet"),
                                       tr("A bot runs one strategy on one market. Make one with the three steps on the "
                                          "right, or press Ctrl+N for "
                                          "every setting.")},
                                      newBot, this));
    m_stack->addWidget(
            new EmptyState(context.theme,
                           {u"filter"_s, tr("No bot fits"),
                            tr("No name, symbol, strategy, state or error contains these words in this account.")},
                           nullptr, this));

    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    auto *margin = new QVBoxLayout;
    margin->setContentsMargins(context.theme.px(8), context.theme.px(8), context.theme.px(8), context.theme.px(4));
    margin->addWidget(m_words);
    layout->addLayout(margin);
    layout->addWidget(m_stack, 1);

    for (const auto change : {&QAbstractItemModel::rowsInserted, &QAbstractItemModel::rowsRemoved}) {
        connect(&m_filter, change, this, &BotsPanel::showWhatThereIs);
        connect(&m_model, change, this, &BotsPanel::showWhatThereIs);
    }
    connect(&context.scope, &AccountScope::changed, this, [this] {
        m_filter.setAccount(m_context.scope.account());
        m_view->expandAll();
        showWhatThereIs();
        restoreSelection();
    });
    connect(&context.theme, &Theme::changed, this, &BotsPanel::applyTheme);
    connect(&context.second, &SecondClock::tick, this, &BotsPanel::repaintAges);
    applyTheme();
    showWhatThereIs();
}

void BotsPanel::buildFilter()
{
    m_words->setObjectName(u"botsFilter"_s);
    m_words->setAccessibleName(tr("Filter bots"));
    m_words->setPlaceholderText(tr("Filter bots"));
    m_words->setToolTip(tr("Words of a name, symbol, strategy, state or error. Ctrl+F"));
    m_words->setClearButtonEnabled(true);
    m_words->addAction(m_searchIcon, QLineEdit::LeadingPosition);
    m_words->installEventFilter(this);
    connect(m_words, &QLineEdit::textChanged, this, [this](const QString &text) {
        m_filter.setWords(text);
        m_view->expandAll();
        showWhatThereIs();
        restoreSelection();
    });
}

void BotsPanel::buildView()
{
    m_view->setObjectName(u"botsView"_s);
    m_view->setAccessibleName(tr("Bots"));
    connect(&m_filter, &QAbstractItemModel::rowsAboutToBeRemoved, this, [this] {
        m_isFiltering = true;
        restoreSoon();
    });
    m_view->setModel(&m_filter); // hears of it after us
    m_view->setItemDelegate(new BotDelegate(m_context.theme, m_context.clock, m_view));
    m_view->setIndentation(0);
    m_view->setRootIsDecorated(false);
    m_view->setAllColumnsShowFocus(true);
    m_view->setAlternatingRowColors(false);
    m_view->setMouseTracking(true);
    m_view->setContextMenuPolicy(Qt::CustomContextMenu);
    m_view->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_view->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_view->setExpandsOnDoubleClick(false);
    m_view->installEventFilter(this);
    connect(m_view->selectionModel(), &QItemSelectionModel::currentChanged, this, [this] {
        if (m_isFiltering)
            return;
        m_wanted = selectedBot();
        Q_EMIT selectionChanged(selectedBot());
    });
    connect(m_view, &QTreeView::clicked, this, [this](const QModelIndex &index) {
        const QModelIndex first = index.siblingAtColumn(0);
        if (first.data(BotsModel::KindRole).toInt() == BotsModel::AccountKind)
            m_view->setExpanded(first, !m_view->isExpanded(first));
    });
    connect(m_view, &QTreeView::activated, this, [this](const QModelIndex &index) {
        const BotId id(index.data(BotsModel::BotIdRole).toLongLong());
        if (id.isValid())
            Q_EMIT activated(id);
    });
    connect(m_view, &QTreeView::customContextMenuRequested, this, [this](const QPoint &position) {
        const BotId id(m_view->indexAt(position).data(BotsModel::BotIdRole).toLongLong());
        if (id.isValid())
            Q_EMIT contextMenuRequested(id, m_view->viewport()->mapToGlobal(position));
    });
    connect(&m_filter, &QAbstractItemModel::rowsInserted, this, [this](const QModelIndex &parent, int first, int last) {
        for (int row = first; row <= last; ++row) {
            const QModelIndex index = m_filter.index(row, 0, parent);
            if (parent.isValid())
                continue;
            m_view->setFirstColumnSpanned(row, parent, true);
            m_view->expand(index);
        }
        if (parent.isValid())
            m_view->expand(parent);
        restoreSoon();
    });
    for (int row = 0; row < m_filter.rowCount(); ++row)
        m_view->setFirstColumnSpanned(row, {}, true);
    m_view->expandAll();
}

void BotsPanel::applyTheme()
{
    const Theme &theme = m_context.theme;
    m_searchIcon->setIcon(theme.icon(u"search"_s, Token::Text2));
    m_view->header()->setFont(theme.font(FontRole::Table));
    m_view->setFont(theme.font(FontRole::Table));
    m_words->setFont(theme.font(FontRole::Body));
    QHeaderView *header = m_view->header();
    header->setStretchLastSection(false);
    header->setSectionsMovable(false);
    header->setSectionsClickable(false);
    header->setHighlightSections(false);
    header->setMinimumSectionSize(theme.px(40));
    header->setFixedHeight(theme.px(24));
    header->setSectionResizeMode(BotsModel::NameColumn, QHeaderView::Stretch);
    const QFontMetrics figures(theme.figures(FontRole::TableStrong));
    const int margins = theme.px(16);
    const int sign = theme.px(14); // an arrow, or a clock
    const std::array widths = {std::pair(BotsModel::UnrealisedColumn, figures.horizontalAdvance(u"short 00.0000"_s)),
                               std::pair(BotsModel::TodayColumn, figures.horizontalAdvance(u"+000.00"_s) + sign)};
    for (const auto &[column, width] : widths) {
        header->setSectionResizeMode(column, QHeaderView::Fixed);
        header->resizeSection(column, width + margins);
    }
    m_view->viewport()->update();
}

void BotsPanel::showWhatThereIs()
{
    const int page = m_model.botCount() == 0 ? 1 : m_filter.rowCount() == 0 ? 2 : 0;
    m_stack->setCurrentIndex(page);
    m_words->setVisible(page != 1);
}

void BotsPanel::repaintAges()
{
    if (!m_view->isVisible())
        return;
    const int x = m_view->header()->sectionViewportPosition(BotsModel::TodayColumn);
    m_view->viewport()->update(x, 0, m_view->header()->sectionSize(BotsModel::TodayColumn),
                               m_view->viewport()->height());
}

BotId BotsPanel::selectedBot() const
{
    const BotId current(m_view->currentIndex().data(BotsModel::BotIdRole).toLongLong());
    return m_isFiltering && current != m_wanted ? BotId() : current;
}

/// Not within a change of the model: rows are in between then.
void BotsPanel::restoreSoon()
{
    QMetaObject::invokeMethod(this, &BotsPanel::restoreSelection, Qt::QueuedConnection);
}

/// The bot that was chosen stays the chosen one; where it is hidden, none is.
void BotsPanel::restoreSelection()
{
    m_isFiltering = false;
    if (selectedBot() == m_wanted)
        return;
    m_isFiltering = true;
    const QModelIndex index = m_filter.mapFromSource(m_model.indexOf(m_wanted));
    if (index.isValid())
        m_view->setCurrentIndex(index);
    else
        m_view->selectionModel()->clear();
    m_isFiltering = false;
    Q_EMIT selectionChanged(selectedBot());
}

void BotsPanel::select(BotId id)
{
    m_wanted = id;
    restoreSelection();
}

void BotsPanel::focusFilter()
{
    m_words->setFocus(Qt::ShortcutFocusReason);
    m_words->selectAll();
}

bool BotsPanel::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() == QEvent::FocusIn || event->type() == QEvent::FocusOut) {
        if (watched == m_view)
            m_view->viewport()->update();
    } else if (event->type() == QEvent::KeyPress && watched == m_words) {
        const int key = static_cast<QKeyEvent *>(event)->key();
        if (key == Qt::Key_Escape)
            m_words->clear();
        if (key == Qt::Key_Escape || key == Qt::Key_Down || key == Qt::Key_Return) {
            m_view->setFocus(Qt::OtherFocusReason);
            return true;
        }
    }
    return QWidget::eventFilter(watched, event);
}

} // namespace tradebot
