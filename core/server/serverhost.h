// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/api/botcontrol.h"
#include "core/api/botfeed.h"
#include "core/api/historyreader.h"
#include "core/domain/strategyschema.h"
#include "core/security/token.h"
#include "core/server/httplistener.h"
#include "core/server/stream/streams.h"

#include <QObject>
#include <QTimer>
#include <QUrl>

#include <memory>

namespace tradebot {

/// What the server is made of. The references outlive the host.
struct ServerParts
{
    std::unique_ptr<HttpListener> listener; ///< bound, so that nothing is begun for a port that cannot be had
    QStringList allowedHosts;               ///< names besides loopback that clients may use
    BotControl &control;
    BotFeed &feed;
    std::function<Result<std::unique_ptr<HistoryReader>>()> makeReader; ///< called in the server's thread
    const Clock &clock;
    const MonotonicClock &steady;
    const TokenAuthority &tokens;
    const StrategyCatalog &strategies; ///< whose defaults a bot is shown with
    Streams::Limits streams = {};
    std::chrono::milliseconds judgeAccessEvery = std::chrono::seconds(5);
    HubKind hub = bestHubKind();
};

/// The HTTP server in its own thread; made anywhere, moved there before start() (see ThreadOwner), and destroyed there.
class ServerHost final : public QObject
{
    Q_OBJECT

public:
    explicit ServerHost(ServerParts parts);
    ~ServerHost() override;

    /// In the host's thread. Ends in listening, once every request can be answered, or failed.
    void start();

Q_SIGNALS:
    void listening(const QUrl &url);
    void failed(const QString &reason);
    void viewersChanged(int viewers);

private:
    struct Running;

    [[nodiscard]] Result<void> open();

    ServerParts m_parts; ///< its listener goes to what is running
    std::unique_ptr<Running> m_running;
};

} // namespace tradebot
