// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/server/httpconnection.h"

#include <QTcpServer>
#include <QTimer>

#include <vector>

namespace tradebot {

struct GateLimits
{
    ConnectionLimits connection;
    std::size_t connections = 512; ///< at the same time, streams not counted; beyond: 503
    std::chrono::milliseconds sweepEvery = std::chrono::milliseconds(250);
};

/// Accepts connections up to a limit and watches their deadlines.
class Gate final : public QTcpServer
{
    Q_OBJECT

public:
    Gate(const GateLimits &limits, HostPolicy hosts, const SteadyClock &clock);
    ~Gate() override;

    [[nodiscard]] std::size_t connectionCount() const { return m_connections.size(); }
    /// Answers what waits with 503 and accepts nothing more.
    void shutDown();

Q_SIGNALS:
    void requestScanned(tradebot::HttpConnection *connection);

protected:
    void incomingConnection(qintptr descriptor) override;

private:
    void sweep();
    static void turnAway(qintptr descriptor);

    const GateLimits m_limits;
    const HostPolicy m_hosts;
    const SteadyClock &m_clock;
    std::vector<HttpConnection *> m_connections;
    QTimer m_sweeper;
};

} // namespace tradebot
