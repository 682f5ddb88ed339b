// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/uicontext.h"

#include <QObject>

class QWidget;

namespace tradebot {

class KillController;
class TrayIcon;

/// Leaving while bots are at work: asks how, and sees to it that it is done before the window closes.
class QuitController final : public QObject
{
    Q_OBJECT
public:
    /// kill closes what is open, when that is the answer.
    QuitController(const UiContext &context, KillController &kill, QWidget *window);

    /// Whether the window may close without a question: nothing is at work, or the answer was to quit.
    [[nodiscard]] bool mayClose() const;
    /// Asks with a word for each way to leave; the first is the mildest. isDemo: no bot is live.
    void ask(bool isDemo);
    /// The owner goes on after all: the program does not end when everything is flat.
    void stay() { m_waitsUntilFlat = false; }

Q_SIGNALS:
    /// The window is to close now.
    void confirmed();
    void failed(const QString &heading, const tradebot::Error &error);

private:
    void confirm();
    void pauseAndQuit();
    void flattenAndQuit();
    void quitWhenFlat();

    const UiContext &m_context;
    KillController &m_kill;
    QWidget *m_window;
    TrayIcon *m_tray;
    bool m_isConfirmed = false;
    bool m_waitsUntilFlat = false; ///< everything was flattened for that
};

} // namespace tradebot
