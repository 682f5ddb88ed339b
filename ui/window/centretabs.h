// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/uicontext.h"
#include "ui/window/pageregistry.h"

#include <QTabWidget>

#include <map>

namespace tradebot {

/// The pages in the middle: welcome while there are no bots, otherwise the overview and a page for each opened bot.
class CentreTabs final : public QTabWidget
{
    Q_OBJECT
public:
    /// welcome is taken over.
    CentreTabs(const UiContext &context, const PageRegistry &pages, QWidget *welcome, QWidget *parent);

    void openBot(BotId id);
    /// The bot whose page is shown; not valid on other pages.
    [[nodiscard]] BotId currentBot() const;
    [[nodiscard]] QString currentTitle() const;

Q_SIGNALS:
    void shown();

private:
    void showWhatThereIs();
    void showWelcome();
    void showOverview(bool welcomes);
    void closeBot(BotId id);
    void renameBots();
    void applyTheme();

    const UiContext &m_context;
    const PageRegistry &m_pages;
    QWidget *m_welcome;
    QWidget *m_overview = nullptr;
    std::map<BotId, QWidget *> m_bots;
};

} // namespace tradebot
