// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/server/httplistener.h"

#include <functional>
#include <memory>

QT_FORWARD_DECLARE_CLASS(QHttpServer)

namespace tradebot {

/// QHttpServer behind the listener: it parses each clean request, hands it over, and writes the answer. All that
/// differs between Qt 6.4 and 6.8 is in httpendpoint.cpp.
class HttpEndpoint final
{
public:
    /// Answers at once or later; QFuture is never used: Qt 6.4 writes to a connection that may be gone by then.
    using Handler = std::function<void(const HttpRequest &, const ReplyTo &)>;

    /// Serves at a listener that is bound, from the next turn of the event loop on.
    HttpEndpoint(std::unique_ptr<HttpListener> listener, const HostPolicy &hosts, const MonotonicClock &clock,
                 Handler handler);
    HttpEndpoint(const HttpEndpoint &) = delete;
    HttpEndpoint &operator=(const HttpEndpoint &) = delete;
    ~HttpEndpoint();

    /// No new connections, and an answer to all that wait.
    void shutDown();
    [[nodiscard]] std::size_t connectionCount() const;

private:
    void serve(HttpConnection *connection);

    Handler m_handler;
    HttpConnection *m_current = nullptr; ///< whose request QHttpServer is parsing now
    std::unique_ptr<QHttpServer> m_server;
    HttpListener *m_listener; ///< owned by the QHttpServer
};

} // namespace tradebot
