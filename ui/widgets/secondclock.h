// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QTimer>

namespace tradebot {

/// One tick a second for everything in the window that shows an age or the time.
class SecondClock final : public QObject
{
    Q_OBJECT
public:
    explicit SecondClock(QObject *parent = nullptr) : QObject(parent)
    {
        m_timer.setInterval(1000);
        connect(&m_timer, &QTimer::timeout, this, &SecondClock::tick);
        m_timer.start();
    }

Q_SIGNALS:
    void tick();

private:
    QTimer m_timer;
};

} // namespace tradebot
