// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/domain/market.h"
#include "ui/uicontext.h"

#include <QFrame>
#include <QPointer>

#include <vector>

class QLabel;
class QTimer;
class QToolButton;

namespace tradebot {

enum class ToastKind { Trade, Complete, Error };

struct ToastText
{
    ToastKind kind = ToastKind::Trade;
    QString bot; ///< groups repeats; empty for the program itself
    Mode mode = Mode::Demo;
    QString heading; ///< what happened
    QString text;    ///< to what, and what to do
};

/// One message; paints its own frame, and counts its repeats.
class Toast final : public QFrame
{
    Q_OBJECT
public:
    Toast(const UiContext &context, const ToastText &text, QWidget *parent);

    [[nodiscard]] const ToastText &text() const { return m_text; }
    [[nodiscard]] int count() const { return m_count; }
    /// Takes a repeat: the newest text and one more.
    void repeat(const ToastText &text);

Q_SIGNALS:
    void closed();

protected:
    void paintEvent(QPaintEvent *event) override;
    void enterEvent(QEnterEvent *event) override;
    void leaveEvent(QEvent *event) override;

private:
    void show(const ToastText &text);
    void applyTheme();
    void beginCountdown();

    const UiContext &m_context;
    ToastText m_text;
    int m_count = 1;
    QLabel *m_icon;
    QLabel *m_heading;
    QLabel *m_body;
    QLabel *m_time;
    QToolButton *m_close;
    QTimer *m_countdown;
};

/// At most three toasts over the lower right of the window's centre, newest on top. Errors stay until closed.
class ToastHost final : public QObject
{
    Q_OBJECT
public:
    /// Lies over `area` of `window`; neither gives up the focus.
    ToastHost(const UiContext &context, QWidget *window, QWidget *area);

    void post(const ToastText &text);
    [[nodiscard]] std::vector<Toast *> toasts() const;

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void place();

    const UiContext &m_context;
    QWidget *m_window;
    QPointer<QWidget> m_area;
    std::vector<QPointer<Toast>> m_toasts; ///< newest first
};

} // namespace tradebot
