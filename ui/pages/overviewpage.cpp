// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/overviewpage.h"

#include "ui/charts/equitychart.h"
#include "ui/models/accountscope.h"
#include "ui/pages/botcards.h"
#include "ui/pages/equitypanel.h"
#include "ui/theme/painting.h"
#include "ui/widgets/secondclock.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QScrollArea>

#include <algorithm>
#include <map>

namespace tradebot {

using namespace Qt::StringLiterals;

namespace {

constexpr int secondsBetweenReads = 60; ///< what has become older than the span leaves the figures

} // namespace

OverviewPage::OverviewPage(const UiContext &context, const Navigation &links, QWidget *parent)
    : QWidget(parent),
      m_context(context),
      m_data(context),
      m_figures(new KpiStrip(context.theme, this)),
      m_equity(new EquityPanel(context, this)),
      m_title(new QLabel(tr("Bots"), this)),
      m_counts(new QLabel(this)),
      m_scroll(new QScrollArea(this)),
      m_cards(new BotCards(context, this))
{
    setObjectName(u"overviewPage"_s);
    setAutoFillBackground(true);
    setBackgroundRole(QPalette::Base);
    build();
    connect(m_cards, &BotCards::activated, this, [open = links.openBot](BotId bot) { open(bot); });
    connect(m_equity, &EquityPanel::spanChosen, this, &OverviewPage::showAccount);
    connect(&m_data, &OverviewData::historyRead, this, &OverviewPage::showHistory);
    connect(&m_data, &OverviewData::statisticsChanged, this, &OverviewPage::refresh);
    connect(&context.live, &LiveFeed::botsChanged, this, [this] {
        chooseAccount();
        refresh();
    });
    connect(&context.live, &LiveFeed::botRemoved, this, [this] {
        chooseAccount();
        refresh();
    });
    connect(&context.scope, &AccountScope::changed, this, [this] {
        chooseAccount();
        refresh();
    });
    connect(&context.time, &TimeFormat::changed, this, &OverviewPage::refresh);
    connect(&context.second, &SecondClock::tick, this, [this] {
        if (isVisible() && ++m_secondsSinceRead >= secondsBetweenReads)
            readNow();
    });
    connect(&context.theme, &Theme::changed, this, &OverviewPage::applyTheme);
    applyTheme();
    chooseAccount();
    showAccount();
}

void OverviewPage::build()
{
    const Theme &theme = m_context.theme;
    m_counts->setObjectName(u"overviewCounts"_s);
    m_scroll->setObjectName(u"botCardsScroll"_s);
    m_scroll->setWidget(m_cards);
    m_scroll->setWidgetResizable(true);
    m_scroll->setFrameShape(QFrame::NoFrame);
    m_scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_scroll->setFocusPolicy(Qt::NoFocus);
    m_equity->setMinimumHeight(theme.px(190));
    m_scroll->setMinimumHeight(theme.px(70));

    auto *heading = new QHBoxLayout;
    heading->setContentsMargins(theme.px(12), theme.px(4), theme.px(8), theme.px(4));
    heading->setSpacing(theme.px(8));
    heading->addWidget(m_title);
    heading->addWidget(m_counts);
    heading->addStretch();
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_figures);
    layout->addWidget(m_equity, 3);
    layout->addLayout(heading);
    layout->addWidget(m_scroll, 2);
}

void OverviewPage::applyTheme()
{
    const Theme &theme = m_context.theme;
    m_title->setFont(theme.font(FontRole::TableStrong));
    m_counts->setFont(theme.font(FontRole::Table));
    theme.setTextColor(*m_counts, Token::Text2);
}

void OverviewPage::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    refresh();
}

std::map<AccountKey, int> OverviewPage::accounts() const
{
    std::map<AccountKey, int> counts;
    for (const auto &[id, bot] : m_context.live.bots())
        ++counts[accountOf(*bot)];
    return counts;
}

/// The account of the window; where that is all of them, the one shown stays as long as it has bots.
void OverviewPage::chooseAccount()
{
    const auto counts = accounts();
    m_accountCount = counts.size();
    if (counts.empty())
        return;
    AccountKey wanted = m_data.account();
    if (const auto &scope = m_context.scope.account(); scope && counts.contains(*scope))
        wanted = *scope;
    else if (!counts.contains(wanted))
        wanted = std::ranges::max_element(counts, {}, &std::pair<const AccountKey, int>::second)->first;
    if (wanted == m_data.account())
        return;
    m_equity->chart().clear();
    m_data.show(wanted, m_equity->span());
    showAccount();
}

void OverviewPage::showAccount()
{
    const AccountKey &account = m_data.account();
    m_equity->setCurrency(account.currency);
    if (!(m_data.span() == m_equity->span()))
        m_data.show(AccountKey(account), m_equity->span());
    m_secondsSinceRead = 0;
    refresh();
}

void OverviewPage::readNow()
{
    m_secondsSinceRead = 0;
    m_data.reload();
}

void OverviewPage::showHistory()
{
    m_equity->chart().setHistory(m_data.equity());
    m_cards->setLines(m_data.lines());
}

void OverviewPage::refresh()
{
    const AccountFigures figures = figuresOf(m_context.live.bots(), m_data.account());
    const Timestamp now = m_context.live.system().engineTime;
    if (figures.equity && now != Timestamp()) {
        m_data.takeEquity({now, *figures.equity});
        m_equity->chart().setLatest({now, *figures.equity});
    }
    if (static_cast<size_t>(figures.bots) != m_botCount) {
        m_botCount = static_cast<size_t>(figures.bots);
        m_equity->chart().forgetLive();
        readNow();
    }
    if (!isVisible())
        return;
    m_figures->setFigures(kpiFigures(figures, m_data.account().currency, m_data.span().name, m_data.statistics(),
                                     m_data.drawdown(), m_context.time));
    QString counts = tr("%1, %2 running").arg(figures.bots).arg(figures.running);
    if (!m_context.scope.account() && m_accountCount > 1)
        counts += tr(" · only %1 %2; the account box above shows the others")
                          .arg(modeWord(m_data.account().mode), m_data.account().text());
    m_counts->setText(counts);
    std::vector<SnapshotPointer> bots;
    for (const auto &[id, bot] : m_context.live.bots()) {
        if (accountOf(*bot) == m_data.account())
            bots.push_back(bot);
    }
    m_cards->setBots(std::move(bots));
    fitCards();
}

/// No more room than the cards need: the curve takes the rest.
void OverviewPage::fitCards()
{
    m_scroll->setMaximumHeight(
            std::max(m_cards->heightForWidth(m_scroll->viewport()->width()), m_scroll->minimumHeight()));
}

void OverviewPage::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    fitCards();
}

} // namespace tradebot
