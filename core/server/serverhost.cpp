// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/server/serverhost.h"

#include "core/base/logging.h"
#include "core/server/httpendpoint.h"

#ifdef Q_OS_UNIX
#include <sys/resource.h>
#endif

namespace tradebot {

using namespace Qt::StringLiterals;

namespace {

/// So many viewers that descriptors are left for everything else.
std::size_t affordableViewers(const ServerParts &parts)
{
    std::size_t viewers = parts.streams.viewers;
#ifdef Q_OS_UNIX
    constexpr std::size_t spare = 128;
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY) {
        const std::size_t used = parts.listener->limits().connections + spare;
        viewers = std::min(viewers, limit.rlim_cur > used ? static_cast<std::size_t>(limit.rlim_cur) - used : spare);
    }
#endif
    return viewers;
}

Streams::Limits affordableStreams(const ServerParts &parts)
{
    Streams::Limits limits = parts.streams;
    limits.viewers = affordableViewers(parts);
    return limits;
}

HostPolicy hostPolicy(const ServerParts &parts)
{
    QStringList names = parts.allowedHosts;
    const QHostAddress address = parts.listener->serverAddress();
    const QList<QHostAddress> everywhere = {QHostAddress(QHostAddress::Any), QHostAddress(QHostAddress::AnyIPv4),
                                            QHostAddress(QHostAddress::AnyIPv6)};
    if (!everywhere.contains(address))
        names << address.toString(); // somebody chose to listen there
    return HostPolicy(names);
}

} // namespace

/// All that lives only in the server's thread, between start and stop.
struct ServerHost::Running
{
    Running(ServerHost &serverHost, std::unique_ptr<HistoryReader> historyReader)
        : host(serverHost),
          parts(host.m_parts),
          history(std::move(historyReader)),
          context{.self = &object,
                  .control = parts.control,
                  .feed = parts.feed,
                  .history = *history,
                  .clock = parts.clock,
                  .steady = parts.steady,
                  .strategies = parts.strategies,
                  .board = board,
                  .health = health,
                  .merged = [this](auto view) { streams.merge(std::move(view)); }},
          access(parts.tokens, *history),
          streams(affordableStreams(parts), parts.hub, context, access,
                  [this](std::size_t viewers) { Q_EMIT host.viewersChanged(static_cast<int>(viewers)); }),
          hosts(hostPolicy(parts)),
          url(parts.listener->url()),
          endpoint(std::move(host.m_parts.listener), hosts, parts.steady,
                   [this](const HttpRequest &request, const ReplyTo &reply) { handle(request, reply); })
    {
        health.started = parts.steady.now();
        router.add(systemRoutes(context));
        router.add(botRoutes(context));
        router.add(stateRoutes(context));
        router.add(killRoutes(context));
        router.add(historyRoutes(context));
        router.add(streams.routes());
        QObject::connect(&judge, &QTimer::timeout, &object, [this] { streams.judgeAccess(); });
        judge.start(parts.judgeAccessEvery);
        following = parts.feed.follow(&object, [this](const FeedUpdate &update) { onFeed(update); });
    }
    ~Running()
    {
        following.reset();
        endpoint.shutDown();
    }

    /// Where every request comes by: the route, then the right to it, then its handler.
    void handle(const HttpRequest &request, const ReplyTo &reply)
    {
        const auto found = router.find(request.method, request.path);
        if (const auto *bad = std::get_if<HttpReply>(&found)) {
            reply.send(*bad);
            return;
        }
        const auto &[route, arguments] = std::get<Router::Found>(found);
        Caller caller;
        if (route->right != Right::Public) {
            auto identified = access.identify(request, route->right == Right::Stream);
            if (!identified) {
                reply.send(problem(identified.error()));
                return;
            }
            caller = std::move(*identified);
            if (route->right == Right::Write && !caller.isOwner()) {
                reply.send(problem(403, u"a viewer may look, not change"_s));
                return;
            }
        }
        board.setFeedAlive(!health.isSilent(parts.steady.now()));
        if (route->right != Right::Public && !health.lastUpdate)
            reply.send(problem(503, u"the program is starting"_s));
        else if (route->wantsBody && request.header("content-length").isEmpty())
            reply.send(problem(411, u"send the body with a Content-Length"_s));
        else
            route->handler({request, caller, arguments, reply});
    }

    /// The first one comes after start() and tells of all bots: only now can every request be answered.
    void onFeed(const FeedUpdate &update)
    {
        const bool isFirst = !health.lastUpdate;
        board.setFeedAlive(true);
        streams.publish(update);
        health.system = update.system;
        health.lastUpdate = parts.steady.now();
        if (isFirst)
            Q_EMIT host.listening(url);
    }

    ServerHost &host;
    const ServerParts &parts;
    QObject object; ///< context of all callbacks: none comes after this
    std::unique_ptr<HistoryReader> history;
    BotCache board;
    ServerHealth health;
    Router router;
    ServerContext context;
    Access access;
    Streams streams;
    const HostPolicy hosts;
    const QUrl url;
    HttpEndpoint endpoint; ///< gone before the streams
    QTimer judge;
    FeedHandle following;
};

ServerHost::ServerHost(ServerParts parts) : m_parts(std::move(parts))
{
    m_parts.listener->setParent(this); // goes to our thread with us
}

ServerHost::~ServerHost() = default;

void ServerHost::start()
{
    if (const auto opened = open())
        qCInfo(logServer, "listening on %ls", qUtf16Printable(m_running->url.toString()));
    else
        Q_EMIT failed(opened.error().text);
}

Result<void> ServerHost::open()
{
    auto reader = m_parts.makeReader();
    if (!reader)
        return fail(reader.error());
    m_running = std::make_unique<Running>(*this, std::move(*reader));
    return {};
}

} // namespace tradebot
