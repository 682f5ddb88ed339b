// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/mainwindow.h"

#include "core/settings/settings.h"
#include "ui/dialogs/botdialog.h"
#include "ui/format/timeformat.h"
#include "ui/format/words.h"
#include "ui/models/accountscope.h"
#include "ui/theme/theme.h"
#include "ui/toolbox/positionsview.h"
#include "ui/toolbox/toolbox.h"
#include "ui/welcome/welcomepage.h"
#include "ui/widgets/botspanel.h"
#include "ui/widgets/toasthost.h"
#include "ui/window/appearance.h"
#include "ui/window/botcommands.h"
#include "ui/window/centretabs.h"
#include "ui/window/docktitle.h"
#include "ui/window/eventtoasts.h"
#include "ui/window/killcontroller.h"
#include "ui/window/quitcontroller.h"
#include "ui/window/windowactions.h"
#include "ui/window/windowlayout.h"
#include "ui/window/windowstatusbar.h"
#include "ui/window/windowtoolbar.h"

#include <QApplication>
#include <QCloseEvent>
#include <QDialog>
#include <QDockWidget>
#include <QMenuBar>
#include <QPainter>
#include <QVBoxLayout>

#include <algorithm>

namespace tradebot {

using namespace Qt::StringLiterals;

MainWindow::MainWindow(const UiContext &context, Theme &theme, PageRegistry pages)
    : m_context(context),
      m_pages(std::move(pages)),
      m_actions(new WindowActions(theme, this)),
      m_commands(new BotCommands(context, this)),
      m_kill(new KillController(context, this)),
      m_appearance(new Appearance(context, theme, *m_actions, this))
{
    setObjectName(u"mainWindow"_s);
    setWindowIcon(QIcon(u":/icons/app-icon.svg"_s));
    setDockOptions(AnimatedDocks | AllowNestedDocks | AllowTabbedDocks);
    setTabPosition(Qt::AllDockWidgetAreas, QTabWidget::North);
    setCorner(Qt::BottomLeftCorner, Qt::BottomDockWidgetArea);
    setCorner(Qt::BottomRightCorner, Qt::BottomDockWidgetArea);
    resize(1280, 800);
    m_bots.follow(context.live);
    m_pages.links = {[this](BotId id) { openBot(id); }, [this](BotId id) { openBotDialog(id); },
                     [this](BotId id) { m_commands->askTogglePause(id); }};
    buildHeader();
    buildCentre();
    buildDocks();
    m_status = new WindowStatusBar(context, this);
    setStatusBar(m_status);
    m_toasts = new ToastHost(context, this, m_centre);
    m_quit = new QuitController(context, *m_kill, this);
    m_layout = std::make_unique<WindowLayout>(context.settings, *this, *m_toolbox);
    connectActions();
    connectCommands();
    connectFeed();
    m_layout->restore();
    connect(qApp, &QCoreApplication::aboutToQuit, this, [this] { m_layout->save(); }); // a signal closes no window
    showMode();
    offerActions();
}

MainWindow::~MainWindow() = default;

// ---- Parts

void MainWindow::buildHeader()
{
    auto *header = new QWidget(this);
    auto *layout = new QVBoxLayout(header);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    m_banner = new ModeBanner(m_context.theme, header);
    auto *bar = new QMenuBar(header);
    bar->setObjectName(u"menuBar"_s);
    layout->addWidget(m_banner);
    layout->addWidget(bar);
    setMenuWidget(header);
    m_menuBar = bar;
    m_toolBar = new WindowToolBar(m_context.theme, *m_actions, m_context.scope, this);
    addToolBar(Qt::TopToolBarArea, m_toolBar);
}

void MainWindow::buildCentre()
{
    m_welcome = new WelcomePage(m_context, this);
    m_centre = new CentreTabs(m_context, m_pages, m_welcome, this);
    setCentralWidget(m_centre);
}

void MainWindow::buildDocks()
{
    const Theme &theme = m_context.theme;
    m_botsPanel = new BotsPanel(m_context, m_bots, m_actions->newBot, this);
    auto *bots = new QDockWidget(tr("Bots"), this);
    bots->setObjectName(u"botsDock"_s);
    m_dockTitles.push_back(new DockTitle(theme, bots, DockTitle::Shown::Always));
    bots->setTitleBarWidget(m_dockTitles.back());
    bots->setWidget(m_botsPanel);
    addDockWidget(Qt::LeftDockWidgetArea, bots);

    m_toolbox = new Toolbox(m_context, m_pages, this);
    auto *toolbox = new QDockWidget(tr("Toolbox"), this);
    toolbox->setObjectName(u"toolboxDock"_s);
    // Its row of tabs is its title while it is docked.
    m_dockTitles.push_back(new DockTitle(theme, toolbox, DockTitle::Shown::WhileFloating));
    toolbox->setTitleBarWidget(m_dockTitles.back());
    m_toolbox->addDetachButton(toolbox);
    toolbox->setWidget(m_toolbox);
    addDockWidget(Qt::BottomDockWidgetArea, toolbox);
    resizeDocks({bots}, {theme.px(430)}, Qt::Horizontal);
    resizeDocks({toolbox}, {theme.px(210)}, Qt::Vertical);
    fillMenus({bots->toggleViewAction(), toolbox->toggleViewAction()});
}

void MainWindow::fillMenus(const QList<QAction *> &docks)
{
    QMenu *file = m_menuBar->addMenu(tr("&File"));
    file->addAction(m_actions->newBot);
    file->addSeparator();
    file->addAction(m_actions->quit);
    QMenu *bot = m_menuBar->addMenu(tr("&Bot"));
    m_actions->fillBotMenu(*bot);
    bot->addSeparator();
    bot->addAction(m_actions->kill);
    QMenu *view = m_menuBar->addMenu(tr("&View"));
    view->addActions(docks);
    view->addAction(m_actions->filter);
    view->addSeparator();
    m_actions->fillAppearanceMenus(*view);
    view->addSeparator();
    view->addAction(m_actions->resetLayout);
    m_menuBar->addMenu(tr("&Help"))->addAction(m_actions->about);
}

// ---- What leads to what

void MainWindow::connectActions()
{
    connect(m_actions->start, &QAction::triggered, this, [this] {
        m_quit->stay();
        const auto bot = m_context.live.bot(chosenBot());
        if (bot && canResume(bot->state))
            m_commands->resume(bot->id);
        else if (bot)
            m_commands->start(bot->id);
    });
    connect(m_actions->pause, &QAction::triggered, this, [this] { m_commands->pause(chosenBot()); });
    connect(m_actions->togglePause, &QAction::triggered, this, [this] { m_commands->askTogglePause(chosenBot()); });
    connect(m_actions->stop, &QAction::triggered, this,
            [this] { m_commands->askStop(chosenBot(), StopPolicy::PauseEntries); });
    for (std::size_t i = 0; i < m_actions->stopBy.size(); ++i) {
        connect(m_actions->stopBy[i], &QAction::triggered, this,
                [this, i] { m_commands->askStop(chosenBot(), static_cast<StopPolicy>(i)); });
    }
    m_botsPanel->view()->addAction(m_actions->togglePause);
    connect(m_actions->kill, &QAction::triggered, this, &MainWindow::openKillSwitch);
    // Dialogs keep the window's keys from it; those of the kill switch work in them too.
    connect(qApp, &QApplication::focusChanged, m_actions->kill, [this](QWidget *, QWidget *now) {
        auto *dialog = now == nullptr ? nullptr : qobject_cast<QDialog *>(now->window());
        if (dialog != nullptr && !dialog->actions().contains(m_actions->kill))
            dialog->addAction(m_actions->kill);
    });
    for (std::size_t i = 0; i < m_actions->killBy.size(); ++i) {
        connect(m_actions->killBy[i], &QAction::triggered, this,
                [this, i] { m_kill->open(static_cast<KillScope>(i), chosenBot()); });
    }
    connect(m_actions->newBot, &QAction::triggered, this, [this] { openBotDialog({}); });
    connect(m_actions->editBot, &QAction::triggered, this, [this] { openBotDialog(chosenBot()); });
    connect(m_actions->openBot, &QAction::triggered, this, [this] { m_centre->openBot(chosenBot()); });
    connect(m_actions->clearError, &QAction::triggered, this, [this] { m_commands->clearError(chosenBot()); });
    connect(m_actions->removeBot, &QAction::triggered, this, [this] { m_commands->askRemove(chosenBot()); });
    connect(m_actions->filter, &QAction::triggered, m_botsPanel, &BotsPanel::focusFilter);
    connect(m_actions->resetLayout, &QAction::triggered, this, [this] { m_layout->reset(); });
    connect(m_actions->quit, &QAction::triggered, this, &QWidget::close);
    connect(m_actions->about, &QAction::triggered, this, [this] { showAbout(m_context, this); });

    connect(m_botsPanel, &BotsPanel::selectionChanged, this, &MainWindow::offerActions);
    connect(m_botsPanel, &BotsPanel::activated, m_centre, &CentreTabs::openBot);
    connect(&m_toolbox->positions(), &PositionsView::botActivated, m_centre, &CentreTabs::openBot);
    connect(m_botsPanel, &BotsPanel::contextMenuRequested, this, [this](BotId, const QPoint &position) {
        auto *menu = new QMenu(this);
        menu->setAttribute(Qt::WA_DeleteOnClose);
        m_actions->fillBotMenu(*menu);
        menu->popup(position);
    });
    connect(m_centre, &CentreTabs::shown, this, [this] {
        if (m_centre->currentBot().isValid())
            m_botsPanel->select(m_centre->currentBot());
        showTitle();
        offerActions();
    });
}

void MainWindow::connectCommands()
{
    connect(m_commands, &BotCommands::workingChanged, this, [this](BotId id, const QString &word) {
        m_bots.setWorking(id, word);
        offerActions();
    });
    connect(m_commands, &BotCommands::failed, this, [this](BotId id, const QString &heading, const Error &error) {
        const auto bot = m_context.live.bot(id);
        m_toasts->post({ToastKind::Error, bot ? bot->config->name : QString(), bot ? bot->config->mode : Mode::Demo,
                        heading, error.text});
    });
    const auto tell = [this](const QString &heading, const Error &error) {
        m_toasts->post({ToastKind::Error, {}, Mode::Demo, heading, error.text});
    };
    connect(m_kill, &KillController::failed, this, tell);
    connect(m_quit, &QuitController::failed, this, tell);
    connect(m_quit, &QuitController::confirmed, this, &QWidget::close);
    connect(m_welcome, &WelcomePage::formRequested, this, [this] { openBotDialog({}); });
    connect(m_welcome, &WelcomePage::createRequested, this, [this](const BotConfig &config) {
        m_welcome->setWorking(true);
        m_commands->create(config, true, [this](const Result<BotSnapshot> &result) {
            m_welcome->setWorking(false);
            if (result)
                m_botsPanel->select(result->id);
            else
                m_welcome->showError(result.error().text);
        });
    });
}

void MainWindow::connectFeed()
{
    connect(&m_context.live, &LiveFeed::botsChanged, this, [this](const std::vector<SnapshotPointer> &bots) {
        showMode();
        const BotId chosen = chosenBot();
        if (std::any_of(bots.begin(), bots.end(), [chosen](const auto &bot) { return bot->id == chosen; }))
            offerActions();
    });
    connect(&m_context.live, &LiveFeed::botRemoved, this, [this] {
        showMode();
        offerActions();
    });
    connect(&m_context.live, &LiveFeed::factsArrived, this, [this](const std::vector<EventPointer> &events) {
        for (const EventPointer &event : events) {
            if (const auto toast = toastFor(*event, m_context.live.bot(event->bot)))
                m_toasts->post(*toast);
        }
    });
    connect(&m_bots, &BotsModel::accountsChanged, m_toolBar, [this] { m_toolBar->setAccounts(m_bots.accounts()); });
    m_toolBar->setAccounts(m_bots.accounts());
    const auto dress = [this] {
        setAnimated(!m_context.theme.choice().reducedMotion);
        update();
    };
    connect(&m_context.theme, &Theme::changed, this, dress);
    dress();
}

BotId MainWindow::chosenBot() const
{
    const BotId selected = m_botsPanel->selectedBot();
    return selected.isValid() ? selected : m_centre->currentBot();
}

/// For the account that the window shows, or for everything.
void MainWindow::openKillSwitch()
{
    const auto &shown = m_context.scope.account();
    const BotId chosen = chosenBot();
    if (!shown) {
        m_kill->open(KillScope::Everything, chosen);
        return;
    }
    const auto bot = m_context.live.bot(chosen);
    if (bot && accountOf(*bot) == *shown) {
        m_kill->open(KillScope::Account, chosen);
        return;
    }
    const auto &bots = m_context.live.bots();
    const auto any = std::ranges::find_if(bots, [&](const auto &entry) { return accountOf(*entry.second) == *shown; });
    m_kill->open(any == bots.end() ? KillScope::Everything : KillScope::Account,
                 any == bots.end() ? chosen : any->first);
}

void MainWindow::offerActions()
{
    const BotId id = chosenBot();
    m_actions->offerFor(m_context.live.bot(id), m_commands->workingWord(id));
}

void MainWindow::showMode()
{
    const ModeCounts counts = countModes(m_context.live);
    m_banner->setCounts(counts);
    if (m_mode != counts.mode()) {
        m_mode = counts.mode();
        const int edge = m_mode == WindowMode::Mixed ? 2 * frameWidth : frameWidth;
        setContentsMargins(edge, 0, edge, edge);
        for (DockTitle *title : m_dockTitles)
            title->setMode(*m_mode);
        update();
    }
    showTitle();
}

void MainWindow::showTitle()
{
    const QString page = m_centre->currentTitle();
    setWindowTitle(titleWord(m_mode.value_or(WindowMode::NoBots)) + (page.isEmpty() ? QString() : u" · "_s + page)
                   + u" · TradeBot"_s);
}

void MainWindow::openBot(BotId id)
{
    m_centre->openBot(id);
}

void MainWindow::openBotDialog(BotId edited)
{
    const auto bot = m_context.live.bot(edited);
    if (edited.isValid() && !bot)
        return;
    auto *dialog = new BotDialog(m_context, *m_commands, bot, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &BotDialog::saved, m_botsPanel, &BotsPanel::select);
    dialog->open();
}

void MainWindow::setServer(const QString &address)
{
    m_status->setServer(address);
}

void MainWindow::setViewers(int viewers)
{
    m_status->setViewers(viewers);
}

void MainWindow::paintEvent(QPaintEvent *event)
{
    QMainWindow::paintEvent(event);
    QPainter painter(this);
    paintModeFrame(painter, rect(), m_context.theme, m_mode.value_or(WindowMode::NoBots));
}

void MainWindow::closeEvent(QCloseEvent *event)
{
    if (m_quit->mayClose()) {
        m_layout->save();
        event->accept();
        return;
    }
    event->ignore();
    m_quit->ask(m_mode == WindowMode::Demo);
}

} // namespace tradebot
