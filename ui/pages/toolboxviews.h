// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/eventsmodel.h"
#include "ui/models/ordersmodel.h"
#include "ui/models/tradesmodel.h"
#include "ui/uicontext.h"

#include <QTimer>
#include <QWidget>

class QCheckBox;
class QComboBox;
class QLabel;
class QLineEdit;

namespace tradebot {

class BotChoice;
class HistoryTable;

/// Closed trades of one bot or of all.
class TradesView final : public QWidget
{
    Q_OBJECT
public:
    explicit TradesView(const UiContext &context, QWidget *parent = nullptr);

    [[nodiscard]] TradesModel &model() { return m_model; }
    [[nodiscard]] HistoryTable &table() { return *m_table; }

Q_SIGNALS:
    void botActivated(tradebot::BotId id);

private:
    void showCount();

    TradesModel m_model;
    BotChoice *m_bot;
    QLabel *m_count;
    HistoryTable *m_table;
};

/// Orders of one bot or of all.
class OrdersView final : public QWidget
{
    Q_OBJECT
public:
    explicit OrdersView(const UiContext &context, QWidget *parent = nullptr);

    [[nodiscard]] OrdersModel &model() { return m_model; }

Q_SIGNALS:
    void botActivated(tradebot::BotId id);

private:
    OrdersModel m_model;
    BotChoice *m_bot;
    QCheckBox *m_openOnly;
    HistoryTable *m_table;
};

/// The activity feed: the journal as it grows, by type, bot, severity and text.
class EventsView final : public QWidget
{
    Q_OBJECT
public:
    explicit EventsView(const UiContext &context, QWidget *parent = nullptr);

    [[nodiscard]] EventsModel &model() { return m_model; }

Q_SIGNALS:
    void botActivated(tradebot::BotId id);

private:
    void applyFilter();

    EventsModel m_model;
    BotChoice *m_bot;
    QComboBox *m_type;
    QComboBox *m_severity;
    QLineEdit *m_text;
    HistoryTable *m_table;
    QTimer m_typing; ///< one read when a person has stopped typing
};

} // namespace tradebot
