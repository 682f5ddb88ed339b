// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/botrow.h"
#include "ui/uicontext.h"

#include <QStatusBar>

#include <array>
#include <optional>

class QToolButton;

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
    [[nodiscard]] const QString &label() const { return m_label; }
    [[nodiscard]] const QString &value() const { return m_value; }
    [[nodiscard]] QSize sizeHint() const override;
    /// Narrower than that of its value: it is cut before the window grows.
    [[nodiscard]] QSize minimumSizeHint() const override;

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

/// Left how things are, right what it comes to, of the account that the window shows. Only what is known stands here;
/// what has no room folds into "more".
class WindowStatusBar final : public QStatusBar
{
    Q_OBJECT
public:
    WindowStatusBar(const UiContext &context, QWidget *parent);

    /// Address of the server; empty: it is off.
    void setServer(const QString &address);
    void setViewers(int viewers);
    [[nodiscard]] QSize minimumSizeHint() const override;

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    void refresh();
    void fold();
    void fillMore();
    void refreshMoney();
    void refreshAge();
    void refreshClock();

    const UiContext &m_context;
    StatusItem *m_market;
    StatusItem *m_age;
    StatusItem *m_store;
    StatusItem *m_server;
    StatusItem *m_viewers;
    StatusItem *m_equity;
    StatusItem *m_today;
    StatusItem *m_clock;
    QToolButton *m_more;
    bool m_hasViewers = false;                ///< nobody has said how many before
    std::array<StatusItem *, 5> m_foldable{}; ///< the first goes first
};

} // namespace tradebot
