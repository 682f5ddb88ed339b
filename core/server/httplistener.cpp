// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/server/httplistener.h"

#include <algorithm>

#ifdef Q_OS_UNIX
#include <sys/socket.h>
#include <unistd.h>
#endif

namespace tradebot {

using namespace Qt::StringLiterals;

HttpListener::HttpListener(const HttpListenerLimits &limits)
    : m_limits(limits),
      m_sweeper(this) // which takes it along to another thread
{
    constexpr int backlog = 4096;
    setListenBacklogSize(backlog);
    setMaxPendingConnections(backlog);
    connect(&m_sweeper, &QTimer::timeout, this, &HttpListener::sweep);
}

HttpListener::~HttpListener()
{
    const auto connections = std::exchange(m_connections, {});
    for (HttpConnection *connection : connections) {
        connection->disconnect(this);
        delete connection;
    }
}

Result<std::unique_ptr<HttpListener>> HttpListener::bind(const QHostAddress &address, quint16 port,
                                                         const HttpListenerLimits &limits)
{
    std::unique_ptr<HttpListener> listener(new HttpListener(limits));
    if (!listener->listen(address, port)) {
        return fail(ErrorCode::Unavailable, u"the server cannot listen on %1 port %2: %3"_s.arg(address.toString())
                                                    .arg(port)
                                                    .arg(listener->errorString()));
    }
    listener->pauseAccepting();
    return listener;
}

void HttpListener::serve(HostPolicy hosts, const MonotonicClock &clock)
{
    m_hosts = std::move(hosts);
    m_clock = &clock;
    m_sweeper.start(m_limits.sweepEvery);
    resumeAccepting();
}

QUrl HttpListener::url() const
{
    QUrl url;
    url.setScheme(u"http"_s);
    url.setHost(serverAddress().toString());
    url.setPort(serverPort());
    url.setPath(u"/"_s);
    return url;
}

void HttpListener::incomingConnection(qintptr descriptor)
{
    if (m_connections.size() >= m_limits.connections) {
        turnAway(descriptor);
        return;
    }
    auto *connection = new HttpConnection(descriptor, m_limits.connection, m_hosts, *m_clock, this);
    m_connections.push_back(connection);
    connect(connection, &HttpConnection::requestScanned, this, &HttpListener::requestScanned);
    connect(connection, &QObject::destroyed, this, [this, connection] { std::erase(m_connections, connection); });
    addPendingConnection(connection);
}

void HttpListener::turnAway(qintptr descriptor)
{
    const QByteArray answer = closingBytes(problem(503, u"there are too many connections"_s));
#ifdef Q_OS_UNIX
    const int fd = static_cast<int>(descriptor);
    ::send(fd, answer.constData(), static_cast<std::size_t>(answer.size()), MSG_NOSIGNAL | MSG_DONTWAIT);
    ::shutdown(fd, SHUT_WR);
    std::array<char, 16'384> rest; // unread bytes would turn the close into a reset that overtakes the answer
    ::recv(fd, rest.data(), rest.size(), MSG_DONTWAIT);
    ::close(fd);
#else
    QTcpSocket socket;
    socket.setSocketDescriptor(descriptor);
    socket.write(answer);
    socket.flush();
#endif
}

void HttpListener::sweep()
{
    const auto connections = m_connections; // a deadline may end a connection
    for (HttpConnection *connection : connections)
        connection->sweep();
}

void HttpListener::shutDown()
{
    close();
    const auto connections = m_connections;
    for (HttpConnection *connection : connections) {
        if (connection->hasPending())
            connection->answer(connection->requestNumber(), problem(503, u"the program is shutting down"_s));
        connection->abortNow();
    }
}

} // namespace tradebot
