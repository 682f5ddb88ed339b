// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/pages/overviewdata.h"
#include "ui/uicontext.h"
#include "ui/window/windowpages.h"

#include <QWidget>

class QComboBox;
class QLabel;
class QScrollArea;

namespace tradebot {

class BotCards;
class EquityPanel;
class KpiStrip;

/// What all bots of an account come to. Currencies and modes are never added together: where there is more than one
/// account, one is chosen.
class OverviewPage final : public QWidget
{
    Q_OBJECT
public:
    OverviewPage(const UiContext &context, const PageLinks &links, QWidget *parent = nullptr);

    [[nodiscard]] KpiStrip &figures() { return *m_figures; }
    [[nodiscard]] EquityPanel &equity() { return *m_equity; }
    [[nodiscard]] BotCards &cards() { return *m_cards; }

protected:
    void showEvent(QShowEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;

private:
    void build();
    void applyTheme();
    void fillAccounts();
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
    QComboBox *m_accounts;
    QScrollArea *m_scroll;
    BotCards *m_cards;
    std::vector<AccountKey> m_keys; ///< those of the box
    size_t m_botCount = 0;          ///< of the account, when the store was read last
    int m_secondsSinceRead = 0;
};

} // namespace tradebot
