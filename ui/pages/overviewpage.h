// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/pages/overviewdata.h"
#include "ui/uicontext.h"
#include "ui/window/pageregistry.h"

#include <QWidget>

class QLabel;
class QScrollArea;

namespace tradebot {

class BotCards;
class EquityPanel;
class KpiStrip;

/// What all bots of an account come to. Currencies and modes are never added together: while the window shows all
/// accounts, the page shows the one with the most bots and says which.
class OverviewPage final : public QWidget
{
    Q_OBJECT
public:
    OverviewPage(const UiContext &context, const Navigation &links, QWidget *parent = nullptr);

    [[nodiscard]] KpiStrip &figures() { return *m_figures; }
    [[nodiscard]] EquityPanel &equity() { return *m_equity; }
    [[nodiscard]] BotCards &cards() { return *m_cards; }

protected:
    void showEvent(QShowEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;

private:
    void build();
    void applyTheme();
    [[nodiscard]] std::map<AccountKey, int> accounts() const;
    void chooseAccount();
    void showAccount();
    void showHistory();
    void refresh();
    void readNow();
    void fitCards();

    const UiContext &m_context;
    OverviewData m_data;
    KpiStrip *m_figures;
    EquityPanel *m_equity;
    QLabel *m_title;
    QLabel *m_counts;
    QScrollArea *m_scroll;
    BotCards *m_cards;
    size_t m_accountCount = 0;
    size_t m_botCount = 0; ///< of the account, when the store was read last
    int m_secondsSinceRead = 0;
};

} // namespace tradebot
