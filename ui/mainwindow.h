// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/botsmodel.h"
#include "ui/uicontext.h"
#include "ui/window/modebanner.h"
#include "ui/window/pageregistry.h"

#include <QMainWindow>

#include <memory>
#include <optional>
#include <vector>

class QDockWidget;
class QMenuBar;

namespace tradebot {

class Appearance;
class BotCommands;
class BotsPanel;
class CentreTabs;
class DockTitle;
class KillController;
class QuitController;
class WindowStatusBar;
class ToastHost;
class Toolbox;
class WelcomePage;
class WindowActions;
class WindowLayout;
class WindowToolBar;

/// The window: puts its parts together and leads what happens in one to the others. What they do is their own matter.
class MainWindow final : public QMainWindow
{
    Q_OBJECT
public:
    /// theme is that of the context, which is const there.
    MainWindow(const UiContext &context, Theme &theme, PageRegistry pages);
    ~MainWindow() override;

    /// Address of the server, for the status bar; empty: off.
    void setServer(const QString &address);
    void setViewers(int viewers);

    /// The dialog for a new bot, or for this one.
    void openBotDialog(BotId edited = {});
    void openBot(BotId id);

    [[nodiscard]] WindowActions &actions() { return *m_actions; }
    [[nodiscard]] BotCommands &commands() { return *m_commands; }
    [[nodiscard]] BotsPanel &botsPanel() { return *m_botsPanel; }
    [[nodiscard]] BotsModel &botsModel() { return m_bots; }
    [[nodiscard]] CentreTabs &centre() { return *m_centre; }
    [[nodiscard]] ToastHost &toasts() { return *m_toasts; }

protected:
    void paintEvent(QPaintEvent *event) override;
    void closeEvent(QCloseEvent *event) override;

private:
    void buildHeader();
    void buildCentre();
    void buildDocks();
    void fillMenus(const QList<QAction *> &docks);
    void connectActions();
    void connectCommands();
    void connectFeed();
    void showMode();
    void showTitle();
    void offerActions();
    [[nodiscard]] BotId chosenBot() const;
    void openKillSwitch();

    const UiContext &m_context;
    PageRegistry m_pages;
    BotsModel m_bots;
    WindowActions *m_actions;
    BotCommands *m_commands;
    KillController *m_kill;
    QuitController *m_quit = nullptr;
    Appearance *m_appearance;
    ModeBanner *m_banner = nullptr;
    QMenuBar *m_menuBar = nullptr;
    WindowToolBar *m_toolBar = nullptr;
    WelcomePage *m_welcome = nullptr;
    CentreTabs *m_centre = nullptr;
    BotsPanel *m_botsPanel = nullptr;
    Toolbox *m_toolbox = nullptr;
    WindowStatusBar *m_status = nullptr;
    ToastHost *m_toasts = nullptr;
    std::vector<DockTitle *> m_dockTitles;
    std::unique_ptr<WindowLayout> m_layout;
    std::optional<WindowMode> m_mode; ///< what frame and title show
};

} // namespace tradebot
