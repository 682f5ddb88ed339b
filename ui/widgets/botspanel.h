// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/botsfilter.h"
#include "ui/uicontext.h"

#include <QWidget>

class QAction;
class QLineEdit;
class QStackedWidget;
class QTreeView;

namespace tradebot {

/// The bots by account, with a filter above and, while there are none, a word on what to do.
class BotsPanel final : public QWidget
{
    Q_OBJECT
public:
    BotsPanel(const UiContext &context, BotsModel &model, QAction *newBot, QWidget *parent = nullptr);

    [[nodiscard]] BotId selectedBot() const; ///< not valid: none
    void select(BotId id);
    void setAccount(const std::optional<AccountKey> &account);
    void focusFilter();
    [[nodiscard]] QTreeView *view() const { return m_view; }

Q_SIGNALS:
    void selectionChanged(tradebot::BotId id);
    void activated(tradebot::BotId id); ///< double click, Enter
    void contextMenuRequested(tradebot::BotId id, const QPoint &globalPosition);

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void buildFilter();
    void buildView();
    void showWhatThereIs();
    void repaintAges();
    void applyTheme();

    const UiContext &m_context;
    BotsModel &m_model;
    BotsFilter m_filter;
    QLineEdit *m_words;
    QAction *m_searchIcon;
    QTreeView *m_view;
    QStackedWidget *m_stack;
};

} // namespace tradebot
