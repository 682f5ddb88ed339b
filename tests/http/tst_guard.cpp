// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/http/testserver.h"
#include "tests/support/patience.h"

#include <QTest>

using namespace tradebot;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

const QByteArray health = "GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n";

} // namespace

/// What stands in front of QHttpServer, over real sockets.
class GuardTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        TestServer::Options options = TestServer::defaults();
        options.allowedHosts = {u"bots.example.org"_s};
        options.listener.connections = 8;
        m_server = std::make_unique<TestServer>(options);
        m_server->backend.addBot(TestServer::config());
        m_server->start();
    }
    void cleanup() { m_server.reset(); }

    void answersWhatItRefuses_data()
    {
        QTest::addColumn<QByteArray>("request");
        QTest::addColumn<int>("status");
        const QByteArray host = "Host: localhost\r\n";
        const QByteArray post = "POST /api/v1/bots HTTP/1.1\r\nHost: localhost\r\n";
        QTest::newRow("sound") << health << 200;
        QTest::newRow("empty line first") << "\r\n" + health << 200;
        QTest::newRow("HTTP/1.0") << QByteArray("GET /health HTTP/1.0\r\nHost: localhost\r\n\r\n") << 200;
        QTest::newRow("words") << QByteArray("hello there\r\n\r\n") << 400;
        QTest::newRow("one word") << QByteArray("hello\r\n\r\n") << 400;
        QTest::newRow("no version") << QByteArray("GET /health\r\n" + host + "\r\n") << 400;
        QTest::newRow("two spaces") << QByteArray("GET  /health HTTP/1.1\r\n" + host + "\r\n") << 400;
        QTest::newRow("binary") << QByteArray("\x16\x03\x01\x02\x00\x01\n\r\n\r\n", 10) << 400;
        QTest::newRow("HTTP/2 preface") << QByteArray("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n") << 505;
        QTest::newRow("HTTP/9.9") << QByteArray("GET /health HTTP/9.9\r\n" + host + "\r\n") << 505;
        QTest::newRow("unknown method") << QByteArray("FOO /health HTTP/1.1\r\n" + host + "\r\n") << 501;
        QTest::newRow("TRACE") << QByteArray("TRACE /health HTTP/1.1\r\n" + host + "\r\n") << 501;
        QTest::newRow("CONNECT") << QByteArray("CONNECT localhost:80 HTTP/1.1\r\n" + host + "\r\n") << 501;
        QTest::newRow("absolute form") << QByteArray("GET http://localhost/health HTTP/1.1\r\n" + host + "\r\n") << 400;
        QTest::newRow("host in the path") << QByteArray("GET //localhost/health HTTP/1.1\r\n" + host + "\r\n") << 400;
        QTest::newRow("bad escape") << QByteArray("GET /health%zz HTTP/1.1\r\n" + host + "\r\n") << 400;
        QTest::newRow("NUL escape") << QByteArray("GET /health%00 HTTP/1.1\r\n" + host + "\r\n") << 400;
        QTest::newRow("CR LF escape") << QByteArray("GET /health%0d%0a HTTP/1.1\r\n" + host + "\r\n") << 400;
        QTest::newRow("not ASCII") << QByteArray("GET /h\xc3\xa9 HTTP/1.1\r\n" + host + "\r\n") << 400;
        QTest::newRow("bare LF") << QByteArray("GET /health HTTP/1.1\nHost: localhost\n\n") << 400;
        QTest::newRow("bare CR") << QByteArray("GET /health HTTP/1.1\r\nHost: a\rb\r\n\r\n") << 400;
        QTest::newRow("no colon") << QByteArray("GET /health HTTP/1.1\r\n" + host + "nonsense\r\n\r\n") << 400;
        QTest::newRow("space before colon") << QByteArray("GET /health HTTP/1.1\r\nHost : localhost\r\n\r\n") << 400;
        QTest::newRow("folded header") << QByteArray("GET /health HTTP/1.1\r\n" + host + "A: b\r\n c\r\n\r\n") << 400;
        QTest::newRow("NUL in a header") << QByteArray("GET /health HTTP/1.1\r\n" + host + "A: " + QByteArray(1, '\0')
                                                       + "\r\n\r\n")
                                         << 400;
        QTest::newRow("no host") << QByteArray("GET /health HTTP/1.1\r\n\r\n") << 400;
        QTest::newRow("two hosts") << QByteArray("GET /health HTTP/1.1\r\n" + host + host + "\r\n") << 400;
        QTest::newRow("another host") << QByteArray("GET /health HTTP/1.1\r\nHost: evil.example\r\n\r\n") << 421;
        QTest::newRow("host like ours") << QByteArray("GET /health HTTP/1.1\r\nHost: localhost.evil.example\r\n\r\n")
                                        << 421;
        QTest::newRow("configured host") << QByteArray("GET /health HTTP/1.1\r\nHost: Bots.example.org:8787\r\n\r\n")
                                         << 200;
        QTest::newRow("IPv6 loopback") << QByteArray("GET /health HTTP/1.1\r\nHost: [::1]:8787\r\n\r\n") << 200;
        QTest::newRow("bad port") << QByteArray("GET /health HTTP/1.1\r\nHost: localhost:evil\r\n\r\n") << 421;
        QTest::newRow("upgrade") << QByteArray("GET /health HTTP/1.1\r\n" + host
                                               + "Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n")
                                 << 400;
        QTest::newRow("two lengths") << QByteArray(post + "Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}") << 400;
        QTest::newRow("length and chunks")
                << QByteArray(post + "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n{}") << 400;
        QTest::newRow("chunks") << QByteArray(post + "Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n") << 411;
        QTest::newRow("negative length") << QByteArray(post + "Content-Length: -2\r\n\r\n{}") << 400;
        QTest::newRow("signed length") << QByteArray(post + "Content-Length: +2\r\n\r\n{}") << 400;
        QTest::newRow("length in words") << QByteArray(post + "Content-Length: two\r\n\r\n{}") << 400;
        QTest::newRow("list of lengths") << QByteArray(post + "Content-Length: 2, 2\r\n\r\n{}") << 400;
        QTest::newRow("length beyond the limit") << QByteArray(post + "Content-Length: 1048577\r\n\r\n") << 413;
        QTest::newRow("length beyond 64 bits")
                << QByteArray(post + "Content-Length: 99999999999999999999\r\n\r\n") << 413;
        QTest::newRow("headers beyond the limit")
                << QByteArray("GET /health HTTP/1.1\r\n" + host + "A: " + QByteArray(17'000, 'a')) << 431;
        QTest::newRow("address beyond the limit") << "GET /" + QByteArray(17'000, 'a') << 431;
        QTest::newRow("too many headers")
                << QByteArray("GET /health HTTP/1.1\r\n" + host + QByteArray("A: b\r\n").repeated(101) + "\r\n") << 431;
        QTest::newRow("another expectation") << QByteArray(post + "Expect: tea\r\nContent-Length: 2\r\n\r\n{}") << 417;
    }
    void answersWhatItRefuses()
    {
        QFETCH(QByteArray, request);
        QFETCH(int, status);
        HttpProbe probe(m_server->port());
        const ProbedAnswer answer = probe.ask(request);
        QCOMPARE(answer.status, status);
        if (status >= 400) {
            QCOMPARE(answer.headers.at("content-type"), "application/problem+json");
            QVERIFY2(answer.body.contains("\"status\":" + QByteArray::number(status)), answer.body.constData());
            QCOMPARE(answer.headers.at("connection"), "close");
            QVERIFY(probe.closes());
        }
        QCOMPARE(m_server->ask("GET", "/health").status, 200); // it goes on
    }

    void readsARequestInPieces()
    {
        HttpProbe probe(m_server->port());
        for (const char c : health) {
            probe.send(QByteArray(1, c));
            probe.socket().waitForBytesWritten(10);
        }
        QCOMPARE(probe.answer().status, 200);
    }

    void answersPipelinedRequestsInOrder()
    {
        m_server->backend.holdAnswers();
        HttpProbe probe(m_server->port());
        const QByteArray token = m_server->token();
        probe.send(HttpProbe::request("POST", "/api/v1/bots/1/start", token) + health
                   + HttpProbe::request("GET", "/nothing"));
        QTRY_COMPARE(m_server->backend.heldCount(), 1);
        QVERIFY(probe.isSilent()); // the second must not overtake the first
        m_server->backend.answerAll();
        const ProbedAnswer first = probe.answer();
        QVERIFY2(first.status == 200 && first.body.contains("\"status\":"), first.body.constData());
        QVERIFY(probe.answer().body.contains("\"uptime_s\""));
        QCOMPARE(probe.answer().status, 404);
    }

    void nothingFollowsAStream()
    {
        HttpProbe probe(m_server->port());
        probe.send(health + HttpProbe::request("GET", "/api/trading/stream/1", m_server->token()) + health);
        QCOMPARE(probe.answer().status, 200);
        QCOMPARE(probe.readUntil("\r\n\r\n"), streamHead());
        QVERIFY(probe.frame().startsWith("retry"));
        QVERIFY(probe.frame().contains("connected"));
        QVERIFY(probe.isSilent());
    }

    void keepsAndClosesAsAsked()
    {
        HttpProbe kept(m_server->port());
        for (int i = 0; i < 3; ++i)
            QCOMPARE(kept.ask(health).status, 200);
        HttpProbe closed(m_server->port());
        const auto answer = closed.ask("GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        QCOMPARE(answer.status, 200);
        QCOMPARE(answer.headers.at("connection"), "close");
        QVERIFY(closed.closes());
        for (const QByteArray header : {"", "Connection: keep-alive\r\n"}) {
            HttpProbe old(m_server->port());
            const auto last = old.ask("GET /health HTTP/1.0\r\nHost: localhost\r\n" + header + "\r\n");
            QCOMPARE(last.status, 200);
            QCOMPARE(last.headers.at("connection"), "close");
            QVERIFY(old.closes());
        }
    }

    void headHasNoBody()
    {
        HttpProbe probe(m_server->port());
        probe.send("HEAD /health HTTP/1.1\r\nHost: localhost\r\n\r\n");
        const auto answer = probe.answer(false);
        QCOMPARE(answer.status, 200);
        QVERIFY(answer.headers.at("content-length").toInt() > 0);
        QCOMPARE(probe.ask(health).status, 200); // and what comes next is not shifted
    }

    void tellsToContinue()
    {
        HttpProbe probe(m_server->port());
        probe.send(
                "POST /api/v1/bots HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
        QCOMPARE(probe.readUntil("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
        probe.send("{}");
        QCOMPARE(probe.answer().status, 401);
    }

    void takesTheLargestBodyThatIsAllowed()
    {
        QByteArray body = R"({"name":"")";
        body.insert(body.size() - 1, QByteArray(1024 * 1024 - body.size() - 1, 'x')).append('}');
        QCOMPARE(body.size(), 1024 * 1024);
        const auto answer = m_server->ask("POST", "/api/v1/bots", m_server->token(), body);
        QCOMPARE(answer.status, 422); // read whole, and found to be no bot
    }

    void halfARequestHasADeadline()
    {
        HttpProbe half(m_server->port());
        half.send("GET /health HTTP/1.1\r\nHost: local");
        HttpProbe silent(m_server->port());
        HttpProbe body(m_server->port());
        body.send("POST /api/v1/bots HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{");
        QCOMPARE(m_server->ask("GET", "/health").status, 200); // so they have arrived
        m_server->steady.advance(9s);
        QVERIFY(half.isSilent());
        m_server->steady.advance(1s);
        QCOMPARE(half.answer().status, 408);
        QCOMPARE(body.answer().status, 408);
        QVERIFY(half.closes());
        QVERIFY(silent.closes());
    }

    void idleConnectionsAreClosed()
    {
        HttpProbe probe(m_server->port());
        QCOMPARE(probe.ask(HttpProbe::request("GET", "/")).status, 200);
        m_server->steady.advance(74s);
        QCOMPARE(probe.ask(HttpProbe::request("GET", "/")).status, 200);
        QVERIFY(probe.isSilent()); // the server has seen the answer off
        m_server->steady.advance(75s);
        QVERIFY(probe.closes());
    }

    void anAnswerThatDoesNotComeIsReplaced()
    {
        m_server->backend.holdAnswers();
        HttpProbe probe(m_server->port());
        probe.send(HttpProbe::request("POST", "/api/v1/bots/1/start", m_server->token()));
        QTRY_COMPARE(m_server->backend.heldCount(), 1);
        m_server->steady.advance(30s);
        const auto answer = probe.answer();
        QCOMPARE(answer.status, 503);
        QVERIFY(answer.headers.contains("retry-after"));
        m_server->backend.answerAll(); // too late, and without effect
        QCOMPARE(probe.ask(health).status, 200);
    }

    void aClientMayLeaveBeforeItsAnswer()
    {
        m_server->backend.holdAnswers();
        for (int i = 0; i < 5; ++i) {
            HttpProbe probe(m_server->port());
            probe.send(HttpProbe::request("POST", "/api/v1/bots/1/start", m_server->token()));
            QTRY_COMPARE(m_server->backend.heldCount(), i + 1);
        }
        m_server->backend.answerAll();
        QCOMPARE(m_server->ask("GET", "/health").status, 200);
    }

    void connectionsBeyondTheLimitAreTurnedAway()
    {
        std::vector<std::unique_ptr<HttpProbe>> probes;
        for (int i = 0; i < 8; ++i) {
            probes.push_back(std::make_unique<HttpProbe>(m_server->port()));
            QCOMPARE(probes.back()->ask(health).status, 200);
        }
        HttpProbe ninth(m_server->port());
        const auto answer = ninth.answer();
        QCOMPARE(answer.status, 503);
        QVERIFY(answer.headers.contains("retry-after"));
        QVERIFY(ninth.closes());
        probes.pop_back();
        bool served = false; // as soon as the server has seen him leave
        for (int i = 0; i < 1000 && !served; ++i)
            served = m_server->ask("GET", "/health").status == 200;
        QVERIFY(served);
    }

private:
    std::unique_ptr<TestServer> m_server;
};

QTEST_GUILESS_MAIN(GuardTest)
#include "tst_guard.moc"
