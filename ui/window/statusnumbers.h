// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/botsmodel.h"
#include "ui/uicontext.h"

#include <QStatusBar>

#include <optional>

namespace tradebot {

/// One figure of the status bar: label and value, a hairline at its right.
class StatusItem final : public QWidget
{
    Q_OBJECT
public:
    StatusItem(const Theme &theme, const QString &label, const QString &widest, QWidget *parent);

    /// A value over its limit is shown in the colour of a warning, with an icon.
    void setValue(const QString &value, bool warning = false);
    /// An amount: with sign, arrow and colour.
    void setMoney(const Money &amount, const QString &currency);
    [[nodiscard]] QString value() const { return m_value; }
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    const Theme &m_theme;
    QString m_label;
    QString m_widest;
    QString m_value;
    std::optional<Money> m_money;
    bool m_warning = false;
};

/// Left how things are, right what it comes to. Only what is known stands here.
class StatusNumbers final : public QStatusBar
{
    Q_OBJECT
public:
    StatusNumbers(const UiContext &context, QWidget *parent);

    /// Address of the server; empty: it is off.
    void setServer(const QString &address);
    void setViewers(int viewers);
    /// The account that equity and today are of; empty: all, each by itself.
    void setAccount(const std::optional<AccountKey> &account);

private:
    void refresh();
    void refreshMoney();
    void refreshAge();
    void refreshClock();

    const UiContext &m_context;
    std::optional<AccountKey> m_account;
    StatusItem *m_market;
    StatusItem *m_age;
    StatusItem *m_store;
    StatusItem *m_server;
    StatusItem *m_viewers;
    StatusItem *m_equity;
    StatusItem *m_today;
    StatusItem *m_clock;
};

} // namespace tradebot
