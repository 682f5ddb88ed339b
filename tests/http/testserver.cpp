// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/http/testserver.h"

#include <QEventLoop>
#include <QTest>

namespace tradebot {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

TestServer::TestServer(Options options) : m_options(std::move(options))
{
    backend.addUser({.id = UserId(1), .email = u"owner@example.org"_s, .role = Role::Owner, .owner = UserId(1)});
    backend.addUser({.id = UserId(2), .email = u"other@example.org"_s, .role = Role::Owner, .owner = UserId(2)});
    backend.addUser({.id = UserId(3), .email = u"viewer@example.org"_s, .role = Role::Viewer, .owner = UserId(1)});
    StrategyInfo &cross = strategies.emplace_back();
    cross.name = u"ema_cross"_s;
    for (const auto &[name, value] : {std::pair(u"fast"_s, 12), std::pair(u"slow"_s, 26)}) {
        ParameterSpec &parameter = cross.parameters.emplace_back();
        parameter.name = name;
        parameter.defaultValue = Decimal::fromInteger(value);
        parameter.minimum = Decimal::fromInteger(1);
        parameter.maximum = Decimal::fromInteger(500);
    }
    backend.setSystem({.committed = {},
                       .storeMessage = {},
                       .marketData = {},
                       .marketDataMessage = {},
                       .newestPriceReceivedAt = {},
                       .engineTime = {}});
}

TestServer::Options TestServer::defaults()
{
    Options options;
    options.listener.sweepEvery = 5ms;
    options.streams.hub.sweepEvery = 5ms;
    return options;
}

BotConfig TestServer::config(const QString &name)
{
    BotConfig config;
    config.name = name;
    config.symbol = Symbol(u"BTCUSDT"_s);
    config.strategy = u"ema_cross"_s;
    return config;
}

void TestServer::start(quint16 port)
{
    auto listener = HttpListener::bind(QHostAddress::LocalHost, port, m_options.listener);
    if (!listener) {
        m_failure = listener.error().text;
        return;
    }
    QEventLoop loop;
    m_owner = std::make_unique<ThreadOwner<ServerHost>>(
            u"server"_s,
            std::make_unique<ServerHost>(ServerParts{
                    .listener = std::move(*listener),
                    .allowedHosts = m_options.allowedHosts,
                    .control = backend,
                    .feed = backend,
                    .makeReader = [this]() -> Result<std::unique_ptr<HistoryReader>> { return backend.makeReader(); },
                    .clock = clock,
                    .steady = steady,
                    .tokens = tokens,
                    .strategies = strategies,
                    .streams = m_options.streams,
                    .judgeAccessEvery = 5ms,
                    .hub = m_options.hub}));
    ServerHost *host = m_owner->host();
    QObject::connect(host, &ServerHost::listening, &loop, [&](const QUrl &url) {
        m_port = static_cast<quint16>(url.port());
        loop.quit();
    });
    QObject::connect(host, &ServerHost::failed, &loop, [&](const QString &reason) {
        m_failure = reason;
        loop.quit();
    });
    QObject::connect(host, &ServerHost::viewersChanged, host, [this](int viewers) { m_viewers = viewers; });
    m_owner->start();
    m_owner->post([](ServerHost &server) { server.start(); });
    loop.exec();
}

QByteArray TestServer::token(qint64 user, Role role, int epoch) const
{
    return tokens.issue({.user = user, .role = QString(toName(role)), .epoch = epoch}, 24h);
}

ProbedAnswer TestServer::ask(const QByteArray &method, const QByteArray &path, const QByteArray &token,
                             const QByteArray &body, const QByteArray &moreHeaders) const
{
    HttpProbe probe(m_port);
    probe.send(HttpProbe::request(method, path, token, body, moreHeaders));
    return probe.answer(method != "HEAD");
}

std::unique_ptr<HttpProbe> TestServer::stream(const QByteArray &path, const QByteArray &moreHeaders) const
{
    auto probe = std::make_unique<HttpProbe>(m_port);
    probe->send(HttpProbe::request("GET", path, token(), {}, moreHeaders));
    const QByteArray head = probe->readUntil("\r\n\r\n");
    if (head != streamHead())
        QTest::qFail(head.constData(), __FILE__, __LINE__);
    const QByteArray retry = probe->frame();
    if (retry != "retry: 3000\n\n")
        QTest::qFail(retry.constData(), __FILE__, __LINE__);
    return probe;
}

QByteArray streamHead()
{
    return "HTTP/1.1 200 OK\r\n"
           "Content-Type: text/event-stream; charset=utf-8\r\n"
           "Cache-Control: no-cache, no-transform\r\n"
           "X-Accel-Buffering: no\r\n"
           "Connection: keep-alive\r\n"
           "\r\n";
}

} // namespace tradebot
