// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/http/testserver.h"

#include <QTest>

using namespace tradebot;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

/// Who may do what, for each route.
class AccessTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        m_server = std::make_unique<TestServer>();
        m_server->backend.addBot(TestServer::config(u"mine"_s), UserId(1));
        m_server->backend.addBot(TestServer::config(u"theirs"_s), UserId(2));
        m_server->start();
    }

    void eachRouteWantsItsRight_data()
    {
        QTest::addColumn<QByteArray>("method");
        QTest::addColumn<QByteArray>("path");
        QTest::addColumn<bool>("writes");
        for (const QByteArray path : {"/api/v1/bots", "/api/v1/bots/1", "/api/v1/bot-states", "/api/v1/bot-states/1",
                                      "/api/v1/bots/1/trades", "/api/v1/bots/1/events", "/api/v1/bots/1/equity",
                                      "/api/v1/bots/1/candles", "/api/v1/bots/1/stats", "/api/v1/auth/me"})
            QTest::newRow(QByteArray("GET " + path).constData()) << QByteArray("GET") << path << false;
        const std::pair<QByteArray, QByteArray> writes[] = {
                {"POST", "/api/v1/bots"},           {"PATCH", "/api/v1/bots/1"},      {"DELETE", "/api/v1/bots/1"},
                {"POST", "/api/v1/bots/1/start"},   {"POST", "/api/v1/bots/1/pause"}, {"POST", "/api/v1/bots/1/stop"},
                {"POST", "/api/v1/bots/1/restart"}, {"PUT", "/api/v1/bot-states/1"},  {"POST", "/api/v1/kill-switch"}};
        for (const auto &[method, path] : writes)
            QTest::newRow(QByteArray(method + ' ' + path).constData()) << method << path << true;
    }
    void eachRouteWantsItsRight()
    {
        QFETCH(QByteArray, method);
        QFETCH(QByteArray, path);
        QFETCH(bool, writes);
        const auto none = m_server->ask(method, path);
        QCOMPARE(none.status, 401);
        QCOMPARE(none.headers.at("www-authenticate"), "Bearer");
        QCOMPARE(none.headers.at("content-type"), "application/problem+json");
        QCOMPARE(m_server->ask(method, path, "nonsense").status, 401);
        QCOMPARE(m_server->ask(method, path + "?token=" + m_server->token()).status, 401); // for streams alone
        const int asViewer = m_server->ask(method, path, m_server->token(3, Role::Viewer), "{\"x\":1}").status;
        if (writes)
            QCOMPARE(asViewer, 403);
        else
            QVERIFY(asViewer == 200 || asViewer == 404);
        // Not even an owner may write with a token that is a viewer's, or a viewer with one that says owner.
        if (writes) {
            QCOMPARE(m_server->ask(method, path, m_server->token(1, Role::Viewer), "{}").status, 403);
            QCOMPARE(m_server->ask(method, path, m_server->token(3, Role::Owner), "{}").status, 403);
        }
        QVERIFY(m_server->backend.commands().empty() && m_server->backend.killSwitches().empty());
    }

    void badTokensAreRefused_data()
    {
        QTest::addColumn<QByteArray>("token");
        const TokenAuthority stranger(SigningKey::random(), m_server->clock);
        const QByteArray payload = R"({"sub":"1","role":"owner","epoch":1,"iat":1,"exp":99999999999,"jti":"x"})";
        QTest::newRow("another key") << stranger.issue({.user = 1, .role = u"owner"_s, .epoch = 1}, 24h);
        QTest::newRow("alg none") << QByteArray(R"({"alg":"none"})").toBase64(QByteArray::Base64UrlEncoding) + '.'
                                             + payload.toBase64(QByteArray::Base64UrlEncoding) + '.';
        QTest::newRow("unknown user") << m_server->token(99);
        QTest::newRow("unknown role") << m_server->tokens.issue({.user = 1, .role = u"king"_s, .epoch = 1}, 24h);
        QTest::newRow("an earlier epoch") << m_server->token(1, Role::Owner, 0);
        QTest::newRow("cut") << m_server->token().chopped(1);
    }
    void badTokensAreRefused()
    {
        QFETCH(QByteArray, token);
        QCOMPARE(m_server->ask("GET", "/api/v1/bots", token).status, 401);
        QCOMPARE(m_server->ask("GET", "/api/trading/stream/1?token=" + token).status, 401);
    }

    void expiredTokensAreRefused()
    {
        const QByteArray token = m_server->token();
        QCOMPARE(m_server->ask("GET", "/api/v1/auth/me", token).status, 200);
        m_server->clock.advance(24h);
        const auto answer = m_server->ask("GET", "/api/v1/auth/me", token);
        QCOMPARE(answer.status, 401);
        QVERIFY(answer.body.contains("expired at 2026-11-21T14:32:00.000Z"));
    }

    void streamsTakeATokenInTheirAddress_data()
    {
        QTest::addColumn<QByteArray>("path");
        QTest::newRow("status") << QByteArray("/api/v1/bots/1/status-stream");
        QTest::newRow("events") << QByteArray("/api/trading/stream/1");
        QTest::newRow("many") << QByteArray("/api/v1/stream");
    }
    void streamsTakeATokenInTheirAddress()
    {
        QFETCH(QByteArray, path);
        QCOMPARE(m_server->ask("GET", path).status, 401);
        QCOMPARE(m_server->ask("GET", path + "?token=").status, 401);
        HttpProbe probe(m_server->port());
        probe.send(HttpProbe::request("GET", path + "?token=" + m_server->token(3, Role::Viewer)));
        QCOMPARE(probe.readUntil("\r\n\r\n"), streamHead());
    }

    void anotherOnesBotIsNotThere_data()
    {
        QTest::addColumn<QByteArray>("method");
        QTest::addColumn<QByteArray>("path");
        const std::pair<QByteArray, QByteArray> routes[] = {{"GET", "/api/v1/bots/%"},
                                                            {"PATCH", "/api/v1/bots/%"},
                                                            {"DELETE", "/api/v1/bots/%"},
                                                            {"POST", "/api/v1/bots/%/start"},
                                                            {"POST", "/api/v1/bots/%/stop"},
                                                            {"GET", "/api/v1/bot-states/%"},
                                                            {"PUT", "/api/v1/bot-states/%"},
                                                            {"GET", "/api/v1/bots/%/trades"},
                                                            {"GET", "/api/v1/bots/%/candles"},
                                                            {"GET", "/api/v1/bots/%/stats"},
                                                            {"GET", "/api/v1/bots/%/status-stream"},
                                                            {"GET", "/api/trading/stream/%"}};
        for (const auto &[method, path] : routes)
            QTest::newRow(QByteArray(method + ' ' + path).constData()) << method << path;
    }
    void anotherOnesBotIsNotThere()
    {
        QFETCH(QByteArray, method);
        QFETCH(QByteArray, path);
        const auto foreign = m_server->ask(method, QByteArray(path).replace('%', "2"), m_server->token(), "{\"x\":1}");
        const auto missing = m_server->ask(method, QByteArray(path).replace('%', "77"), m_server->token(), "{\"x\":1}");
        QCOMPARE(foreign.status, 404);
        QCOMPARE(missing.status, 404);
        QCOMPARE(QByteArray(foreign.body).replace("bot 2 ", ""), QByteArray(missing.body).replace("bot 77 ", ""));
        for (const QByteArray id : {"abc", "01", "+1", "0", "-1", "99999999999999999999", "%31%00", "1%2F", ""})
            QVERIFY(m_server->ask(method, QByteArray(path).replace('%', id), m_server->token(), "{}").status >= 400);
    }

    void listsHoldOnlyOnesOwn()
    {
        const auto mine = m_server->ask("GET", "/api/v1/bots", m_server->token(3, Role::Viewer)).body;
        QVERIFY(mine.contains("mine") && !mine.contains("theirs"));
        const auto states = m_server->ask("GET", "/api/v1/bot-states", m_server->token(2)).body;
        QVERIFY(states.contains("\"id\":2") && !states.contains("\"id\":1,"));
    }

private:
    std::unique_ptr<TestServer> m_server;
};

QTEST_GUILESS_MAIN(AccessTest)
#include "tst_access.moc"
