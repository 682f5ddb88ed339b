// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine/strategyguard.h"

#include <QObject>
#include <QString>
#include <QTimer>

#include <chrono>

namespace tradebot {

/// Notices a strategy that never returns. Its thread cannot be ended, and with it all bots, their stops and the kill
/// switch stand still: so it notes whose strategy that was in the data folder and starts the program again, which goes
/// on without it. Main thread; see ADR 8.
class StrategyWatchdog final : public QObject
{
    Q_OBJECT

public:
    /// watch outlives this. A call may go on for `patience`, give or take a tenth.
    StrategyWatchdog(const StrategyWatch &watch, const QString &dataDir, std::chrono::milliseconds patience);

    /// The bot that the program was restarted for; not valid when there was none.
    [[nodiscard]] static BotId hungBot(const QString &dataDir);
    /// It is known in the journal from now on.
    static void forgetHungBot(const QString &dataDir);

private:
    void look();

    const StrategyWatch &m_watch;
    const QString m_dataDir;
    const QString m_program; ///< now, because a file that was replaced meanwhile has another name
    const std::chrono::milliseconds m_patience;
    HangDetector m_detector;
    QTimer m_timer;
};

} // namespace tradebot
