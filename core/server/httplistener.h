// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/server/httpconnection.h"

#include <QTcpServer>
#include <QTimer>
#include <QUrl>

#include <memory>
#include <vector>

namespace tradebot {

struct HttpListenerLimits
{
    ConnectionLimits connection;
    std::size_t connections = 512; ///< at the same time, streams not counted; beyond: 503
    std::chrono::milliseconds sweepEvery = std::chrono::milliseconds(250);
};

/// Holds a port, accepts connections up to a limit and watches their deadlines.
class HttpListener final : public QTcpServer
{
    Q_OBJECT

public:
    /// Takes the port (0: a free one), in any thread: from then on it is ours, and whoever connects waits for serve().
    /// Unavailable with the reason when it cannot be had.
    [[nodiscard]] static Result<std::unique_ptr<HttpListener>> bind(const QHostAddress &address, quint16 port,
                                                                    const HttpListenerLimits &limits = {});
    ~HttpListener() override;

    /// Begins to accept, in the thread that the listener lives in by now. The clock outlives it.
    void serve(HostPolicy hosts, const MonotonicClock &clock);
    /// Where it listens.
    [[nodiscard]] QUrl url() const;
    [[nodiscard]] const HttpListenerLimits &limits() const { return m_limits; }
    [[nodiscard]] std::size_t connectionCount() const { return m_connections.size(); }
    /// Answers what waits with 503 and accepts nothing more.
    void shutDown();

Q_SIGNALS:
    void requestScanned(tradebot::HttpConnection *connection);

protected:
    void incomingConnection(qintptr descriptor) override;

private:
    explicit HttpListener(const HttpListenerLimits &limits);

    void sweep();
    static void turnAway(qintptr descriptor);

    const HttpListenerLimits m_limits;
    HostPolicy m_hosts;
    const MonotonicClock *m_clock = nullptr; ///< from serve() on
    std::vector<HttpConnection *> m_connections;
    QTimer m_sweeper;
};

} // namespace tradebot
