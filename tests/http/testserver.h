// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/threadowner.h"
#include "core/server/serverhost.h"
#include "tests/support/fakebackend.h"
#include "tests/support/fakeclock.h"
#include "tests/support/httpprobe.h"

#include <atomic>
#include <memory>

namespace tradebot {

/// Stands still until it is told otherwise. Any thread.
class FakeMonotonicClock final : public MonotonicClock
{
public:
    [[nodiscard]] std::chrono::milliseconds now() const override { return std::chrono::milliseconds(m_now.load()); }
    void advance(std::chrono::milliseconds by) { m_now += by.count(); }

private:
    std::atomic<qint64> m_now = 1'000'000;
};

/// A server in its own thread on a free port of loopback, over a FakeBackend. User 1 is an owner with two bots to be
/// made by the test, user 2 another owner, user 3 a viewer of user 1.
class TestServer final
{
public:
    struct Options
    {
        HttpListenerLimits listener = {};
        Streams::Limits streams = {};
        HubKind hub = bestHubKind();
        QStringList allowedHosts = {};
    };

    explicit TestServer(Options options = defaults());
    ~TestServer() { stop(); }

    /// Timers that look often, so that only the fake clock decides.
    [[nodiscard]] static Options defaults();
    [[nodiscard]] static BotConfig config(const QString &name = QStringLiteral("BTC trend"));

    void start(quint16 port = 0);
    void stop() { m_owner.reset(); }
    [[nodiscard]] quint16 port() const { return m_port; }
    [[nodiscard]] const QString &failure() const { return m_failure; }
    [[nodiscard]] int viewers() const { return m_viewers.load(); }
    [[nodiscard]] QByteArray token(qint64 user = 1, Role role = Role::Owner, int epoch = 1) const;
    /// One request on a connection of its own.
    [[nodiscard]] ProbedAnswer ask(const QByteArray &method, const QByteArray &path, const QByteArray &token = {},
                                   const QByteArray &body = {}, const QByteArray &moreHeaders = {}) const;
    /// A connection on which a stream was asked for; its opening is read up to the first frame.
    [[nodiscard]] std::unique_ptr<HttpProbe> stream(const QByteArray &path, const QByteArray &moreHeaders = {}) const;

    FakeClock clock;
    FakeMonotonicClock steady;
    FakeBackend backend{clock};
    TokenAuthority tokens{SigningKey::random(), clock};
    StrategyCatalog strategies; ///< ema_cross alone

private:
    const Options m_options;
    std::unique_ptr<ThreadOwner<ServerHost>> m_owner;
    quint16 m_port = 0;
    QString m_failure;
    std::atomic<int> m_viewers = 0;
};

/// The head of every stream.
[[nodiscard]] QByteArray streamHead();

} // namespace tradebot
