// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/centretabs.h"

#include "ui/models/livefeed.h"
#include "ui/theme/theme.h"

#include <QTabBar>

#include <utility>

namespace tradebot {

using namespace Qt::StringLiterals;

CentreTabs::CentreTabs(const UiContext &context, const PageRegistry &pages, QWidget *welcome, QWidget *parent)
    : QTabWidget(parent),
      m_context(context),
      m_pages(pages),
      m_welcome(welcome)
{
    setObjectName(u"centreTabs"_s);
    setDocumentMode(true);
    tabBar()->setDrawBase(false);
    setAccessibleName(tr("Pages"));
    tabBar()->setAccessibleName(tr("Pages"));
    setTabsClosable(true);
    setMovable(false);
    setElideMode(Qt::ElideRight);
    m_welcome->setParent(this);
    m_welcome->hide();

    connect(this, &QTabWidget::currentChanged, this, &CentreTabs::shown);
    connect(this, &QTabWidget::tabCloseRequested, this, [this](int index) {
        const QWidget *page = widget(index);
        for (const auto &[id, botPage] : m_bots) {
            if (botPage == page) {
                closeBot(id);
                return;
            }
        }
    });
    connect(&context.live, &LiveFeed::botsChanged, this, [this] {
        showWhatThereIs();
        renameBots();
    });
    connect(&context.live, &LiveFeed::botRemoved, this, [this](BotId id) {
        closeBot(id);
        showWhatThereIs();
    });
    connect(&context.live, &LiveFeed::ready, this, &CentreTabs::showWhatThereIs);
    connect(&context.theme, &Theme::changed, this, &CentreTabs::applyTheme);
    showWhatThereIs();
}

void CentreTabs::showWhatThereIs()
{
    const bool anyBots = !m_context.live.bots().empty();
    const bool welcomes = indexOf(m_welcome) >= 0;
    if (anyBots ? (m_overview != nullptr || !(welcomes || m_pages.overview)) : (welcomes || !m_context.live.isReady()))
        return;
    if (anyBots)
        showOverview(welcomes);
    else
        showWelcome();
    applyTheme();
    Q_EMIT shown();
}

void CentreTabs::showWelcome()
{
    if (m_overview != nullptr) {
        removeTab(indexOf(m_overview));
        delete std::exchange(m_overview, nullptr);
    }
    insertTab(0, m_welcome, tr("Welcome"));
    tabBar()->setTabButton(0, QTabBar::RightSide, nullptr);
    m_welcome->setFocus();
}

void CentreTabs::showOverview(bool welcomes)
{
    if (welcomes)
        removeTab(indexOf(m_welcome));
    if (!m_pages.overview)
        return;
    m_overview = m_pages.overview(m_context, m_pages.links);
    insertTab(0, m_overview, tr("Overview"));
    tabBar()->setTabButton(0, QTabBar::RightSide, nullptr);
    setCurrentIndex(0);
}

void CentreTabs::openBot(BotId id)
{
    const auto bot = m_context.live.bot(id);
    if (!bot || !m_pages.bot)
        return;
    const auto known = m_bots.find(id);
    QWidget *page = known == m_bots.end() ? nullptr : known->second;
    if (page == nullptr) {
        page = m_pages.bot(m_context, m_pages.links, id);
        m_bots[id] = page;
        const int index = addTab(page, bot->config->name);
        setTabIcon(index, m_context.theme.icon(u"bot"_s, Token::Text2));
    }
    setCurrentWidget(page);
}

void CentreTabs::closeBot(BotId id)
{
    const auto known = m_bots.find(id);
    if (known == m_bots.end())
        return;
    QWidget *page = known->second;
    m_bots.erase(known);
    removeTab(indexOf(page));
    page->deleteLater();
}

void CentreTabs::renameBots()
{
    for (const auto &[id, page] : m_bots) {
        const auto bot = m_context.live.bot(id);
        const int index = indexOf(page);
        if (bot && tabText(index) != bot->config->name) {
            setTabText(index, bot->config->name);
            Q_EMIT shown();
        }
    }
}

BotId CentreTabs::currentBot() const
{
    for (const auto &[id, page] : m_bots) {
        if (page == currentWidget())
            return id;
    }
    return {};
}

QString CentreTabs::currentTitle() const
{
    return currentIndex() < 0 ? QString() : tabText(currentIndex());
}

void CentreTabs::applyTheme()
{
    tabBar()->setFont(m_context.theme.font(FontRole::Table));
    for (int index = 0; index < count(); ++index) {
        const QWidget *page = widget(index);
        const QString icon = page == m_welcome ? u"start"_s : page == m_overview ? u"chart"_s : u"bot"_s;
        setTabIcon(index, m_context.theme.icon(icon, Token::Text2));
    }
}

} // namespace tradebot
