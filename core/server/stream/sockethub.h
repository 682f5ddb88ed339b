// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/server/stream/streamfanout.h"
#include "core/server/stream/streamhub.h"

#include <QObject>
#include <QTimer>

namespace tradebot {

/// Keeps viewers as QTcpSockets in the server thread: where there is no epoll.
class SocketHub final : public QObject, public StreamHub
{
    Q_OBJECT

public:
    SocketHub(const StreamLimits &limits, const MonotonicClock &clock, Reports reports);
    ~SocketHub() override;

    void attach(std::unique_ptr<QTcpSocket> socket, ViewerStart start) override;
    void post(std::vector<HubMessage> messages) override;

private:
    void tick();
    void settle();

    const MonotonicClock &m_clock;
    const Reports m_reports;
    StreamFanout m_core;
    QTimer m_timer;
};

} // namespace tradebot
