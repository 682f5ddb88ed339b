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

    /// Never a bot that the filter hides; it is selected again when it shows up. Not valid: none.
    [[nodiscard]] BotId selectedBot() const;
    void select(BotId id);
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
    void restoreSelection();
    void restoreSoon();
    void repaintAges();
    void applyTheme();

    const UiContext &m_context;
    BotsModel &m_model;
    BotsFilter m_filter;
    QLineEdit *m_words;
    QAction *m_searchIcon;
    QTreeView *m_view;
    QStackedWidget *m_stack;
    BotId m_wanted;             ///< what a person selected last, hidden by a filter or not
    bool m_isFiltering = false; ///< rows go: the view selects what is left, nobody chose it
};

} // namespace tradebot
