// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/toolboxviews.h"

#include "ui/format/words.h"
#include "ui/pages/botchoice.h"
#include "ui/pages/historytable.h"
#include "ui/theme/theme.h"

#include <QCheckBox>
#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QLocale>

#include <array>

namespace tradebot {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr std::array tradeWidths = {130, 88, 52, 84, 118, 92, 118, 92, 84, 72, 72, 118, 84, 88, 112, 112, 56};
constexpr std::array orderWidths = {130, 96, 110, 88, 50, 84, 92, 88, 64, 120, 118, 104, 200};
constexpr std::array eventWidths = {72, 130, 96, 140, 128, 400};

/// The bar of filters over a table.
QHBoxLayout *barOver(QWidget *view, HistoryTable *table, const Theme &theme, const QList<QWidget *> &controls)
{
    view->setAutoFillBackground(true);
    view->setBackgroundRole(QPalette::Base);
    auto *bar = new QHBoxLayout;
    bar->setContentsMargins(theme.px(8), theme.px(4), theme.px(8), theme.px(4));
    bar->setSpacing(theme.px(8));
    for (QWidget *control : controls)
        bar->addWidget(control);
    bar->addStretch();
    auto *layout = new QVBoxLayout(view);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addLayout(bar);
    layout->addWidget(table);
    return bar;
}

} // namespace

// ---- Trades

TradesView::TradesView(const UiContext &context, QWidget *parent)
    : QWidget(parent),
      m_model(context.history, &context.live, context.time),
      m_bot(new BotChoice(context.theme, context.live, this)),
      m_count(new QLabel(this)),
      m_table(new HistoryTable(context, m_model, tradeWidths, this))
{
    setObjectName(u"tradesView"_s);
    m_bot->setObjectName(u"tradesBot"_s);
    m_count->setObjectName(u"tradesCount"_s);
    m_table->setObjectName(u"tradesTable"_s);
    m_table->setAccessibleName(tr("Closed trades"));
    barOver(this, m_table, context.theme, {m_bot})->addWidget(m_count);
    const auto dress = [this, &theme = context.theme] {
        m_count->setFont(theme.figures(FontRole::Table));
        theme.setTextColor(*m_count, Token::Text2);
    };
    connect(&context.theme, &Theme::changed, this, dress);
    dress();
    connect(m_bot, &BotChoice::chosen, this, [this] { m_model.show(m_bot->bot()); });
    connect(m_table, &HistoryTable::botActivated, this, &TradesView::botActivated);
    connect(&m_model, &TradesModel::countChanged, this, &TradesView::showCount);
    connect(&m_model, &TradesModel::ready, this, &TradesView::showCount);
    connect(&m_model, &TradesModel::failed, this,
            [this](const QString &text) { m_table->setEmptyText(tr("Trades cannot be read"), text); });
    m_model.show(std::nullopt);
}

void TradesView::showCount()
{
    m_table->setEmptyText(tr("No trades yet"), tr("A trade is listed when a position has been closed."));
    m_count->setText(m_model.rowCount() == 0 ? QString()
                                             : counted(m_model.rowCount(), tr("%1 trade"), tr("%L1 trades")));
}

// ---- Orders

OrdersView::OrdersView(const UiContext &context, QWidget *parent)
    : QWidget(parent),
      m_model(context.history, context.live, context.time),
      m_bot(new BotChoice(context.theme, context.live, this)),
      m_openOnly(new QCheckBox(tr("Open only"), this)),
      m_table(new HistoryTable(context, m_model, orderWidths, this))
{
    setObjectName(u"ordersView"_s);
    m_bot->setObjectName(u"ordersBot"_s);
    m_openOnly->setObjectName(u"ordersOpenOnly"_s);
    m_table->setObjectName(u"ordersTable"_s);
    m_table->setAccessibleName(tr("Orders"));
    barOver(this, m_table, context.theme, {m_bot, m_openOnly});
    const auto show = [this] {
        const bool openOnly = m_openOnly->isChecked();
        m_table->setEmptyText(openOnly ? tr("No open orders") : tr("No orders"),
                              openOnly ? tr("All orders are done. Untick \"Open only\" to see them.")
                                       : tr("An order is listed as soon as a bot has sent it."));
        m_model.show(m_bot->bot(), openOnly);
    };
    connect(m_bot, &BotChoice::chosen, this, show);
    connect(m_openOnly, &QCheckBox::toggled, this, show);
    connect(m_table, &HistoryTable::botActivated, this, &OrdersView::botActivated);
    connect(&m_model, &OrdersModel::failed, this,
            [this](const QString &text) { m_table->setEmptyText(tr("Orders cannot be read"), text); });
    show();
}

// ---- Events

EventsView::EventsView(const UiContext &context, QWidget *parent)
    : QWidget(parent),
      m_model(context.history, context.live, context.time),
      m_bot(new BotChoice(context.theme, context.live, this)),
      m_type(new QComboBox(this)),
      m_severity(new QComboBox(this)),
      m_text(new QLineEdit(this)),
      m_table(new HistoryTable(context, m_model, eventWidths, this))
{
    setObjectName(u"eventsView"_s);
    m_bot->setObjectName(u"eventsBot"_s);
    m_type->setObjectName(u"eventsType"_s);
    m_type->setAccessibleName(tr("Type"));
    m_type->addItem(tr("All types"), QString());
    for (const QLatin1StringView type : allTypeNames())
        m_type->addItem(spaced(type), QString(type));
    m_severity->setObjectName(u"eventsSeverity"_s);
    m_severity->setAccessibleName(tr("Severity"));
    m_severity->addItem(tr("All severities"), static_cast<int>(Severity::Info));
    m_severity->addItem(tr("Warnings and errors"), static_cast<int>(Severity::Warning));
    m_severity->addItem(tr("Errors"), static_cast<int>(Severity::Error));
    m_text->setObjectName(u"eventsText"_s);
    m_text->setAccessibleName(tr("Text in the message"));
    m_text->setPlaceholderText(tr("Filter messages"));
    m_text->setClearButtonEnabled(true);
    m_text->setMinimumWidth(context.theme.px(180));
    m_table->setObjectName(u"eventsTable"_s);
    m_table->setAccessibleName(tr("Events"));
    barOver(this, m_table, context.theme, {m_bot, m_type, m_severity, m_text});

    m_typing.setSingleShot(true);
    m_typing.setInterval(200ms);
    connect(&m_typing, &QTimer::timeout, this, &EventsView::applyFilter);
    connect(m_text, &QLineEdit::textChanged, &m_typing, qOverload<>(&QTimer::start));
    connect(m_bot, &BotChoice::chosen, this, &EventsView::applyFilter);
    connect(m_type, &QComboBox::currentIndexChanged, this, &EventsView::applyFilter);
    connect(m_severity, &QComboBox::currentIndexChanged, this, &EventsView::applyFilter);
    connect(m_table, &HistoryTable::botActivated, this, &EventsView::botActivated);
    connect(&m_model, &EventsModel::failed, this,
            [this](const QString &text) { m_table->setEmptyText(tr("Events cannot be read"), text); });
    applyFilter();
}

void EventsView::applyFilter()
{
    EventFilter filter;
    filter.bot = m_bot->bot();
    if (const QString type = m_type->currentData().toString(); !type.isEmpty())
        filter.types = {type};
    filter.atLeast = static_cast<Severity>(m_severity->currentData().toInt());
    filter.text = m_text->text().trimmed();
    if (filter == EventFilter())
        m_table->setEmptyText(tr("No events yet"), tr("Everything that a bot does is listed here."));
    else
        m_table->setEmptyText(tr("No event matches"), tr("Choose all bots, types and severities to see the rest."));
    m_model.show(filter);
}

} // namespace tradebot
