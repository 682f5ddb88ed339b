// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/server/httpendpoint.h"

#include <QHttpServer>
#include <QHttpServerRequest>
#include <QHttpServerResponder>
#include <QUrl>

namespace tradebot {

using namespace Qt::StringLiterals;

namespace {

#if QT_VERSION >= QT_VERSION_CHECK(6, 8, 0)
using ResponderArgument = QHttpServerResponder &;
#else
using ResponderArgument = QHttpServerResponder &&;
#endif

class ResponderReply final : public PendingReply
{
public:
    explicit ResponderReply(QHttpServerResponder &&responder) : m_responder(std::move(responder)) { }

    void write(const HttpReply &reply) override
    {
        const auto status = static_cast<QHttpServerResponder::StatusCode>(reply.status);
        const bool hasBody = reply.status != 204 && reply.status != 304;
#if QT_VERSION >= QT_VERSION_CHECK(6, 8, 0)
        QHttpHeaders headers;
        for (const auto &[name, value] : reply.headers)
            headers.append(name, value);
        if (hasBody)
            headers.append(QHttpHeaders::WellKnownHeader::ContentType, reply.contentType);
        m_responder.write(hasBody ? reply.body : QByteArray(), headers, status);
#else
        m_responder.writeStatusLine(status);
        for (const auto &[name, value] : reply.headers)
            m_responder.writeHeader(name, value);
        if (hasBody) {
            m_responder.writeHeader("Content-Type", reply.contentType);
            m_responder.writeHeader("Content-Length", QByteArray::number(reply.body.size()));
        }
        m_responder.writeBody(hasBody ? reply.body : QByteArray());
#endif
    }

private:
    QHttpServerResponder m_responder;
};

HttpMethod methodOf(const QHttpServerRequest &request)
{
    switch (request.method()) {
    case QHttpServerRequest::Method::Get: return HttpMethod::Get;
    case QHttpServerRequest::Method::Post: return HttpMethod::Post;
    case QHttpServerRequest::Method::Put: return HttpMethod::Put;
    case QHttpServerRequest::Method::Patch: return HttpMethod::Patch;
    case QHttpServerRequest::Method::Delete: return HttpMethod::Delete;
    case QHttpServerRequest::Method::Options: return HttpMethod::Options;
    default: return HttpMethod::Other;
    }
}

HttpHeaders headersOf(const QHttpServerRequest &request)
{
    HttpHeaders out;
#if QT_VERSION >= QT_VERSION_CHECK(6, 8, 0)
    for (const auto &[name, value] : request.headers().toListOfPairs())
        out.emplace_back(name, value);
#else
    for (const auto &[name, value] : request.headers())
        out.emplace_back(name, value);
#endif
    return out;
}

} // namespace

HttpEndpoint::HttpEndpoint(std::unique_ptr<HttpListener> listener, const HostPolicy &hosts, const MonotonicClock &clock,
                           Handler handler)
    : m_handler(std::move(handler)),
      m_server(std::make_unique<QHttpServer>()),
      m_listener(listener.get())
{
    QObject::connect(m_listener, &HttpListener::requestScanned, m_server.get(),
                     [this](HttpConnection *connection) { serve(connection); });

    const auto missing = [this](const QHttpServerRequest &request, ResponderArgument responder) {
        if (m_current == nullptr)
            return;
        m_current->setPending(std::make_unique<ResponderReply>(std::move(responder)));
        const QUrl url = request.url();
        m_handler({.method = m_current->isHead() ? HttpMethod::Head : methodOf(request),
                   .path = url.path(QUrl::FullyEncoded),
                   .query = QUrlQuery(url),
                   .headers = headersOf(request),
                   .body = request.body(),
                   .peer = request.remoteAddress()},
                  ReplyTo(m_current));
    };
    // Our own table knows the routes: QHttpServer's router can neither tell 405 from 404 nor judge rights.
#if QT_VERSION >= QT_VERSION_CHECK(6, 8, 0)
    m_server->setMissingHandler(m_server.get(), missing);
#else
    m_server->setMissingHandler(missing);
#endif
    m_server->bind(listener.release());
    m_listener->serve(hosts, clock);
}

HttpEndpoint::~HttpEndpoint()
{
    shutDown(); // on 6.8 no responder may outlive the server
}

void HttpEndpoint::shutDown()
{
    m_listener->shutDown();
}

std::size_t HttpEndpoint::connectionCount() const
{
    return m_listener->connectionCount();
}

void HttpEndpoint::serve(HttpConnection *connection)
{
    m_current = connection;
    connection->release();
    m_current = nullptr;
}

} // namespace tradebot
