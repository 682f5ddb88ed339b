// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/http/testserver.h"
#include "tests/support/patience.h"

#include <QRandomGenerator>
#include <QTest>

#include <thread>

#include <sys/socket.h>

using namespace tradebot;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr auto events = "/api/trading/stream/1";

/// One of the ways in which clients misbehave.
void misbehave(quint16 port, const QByteArray &token, QRandomGenerator &random)
{
    HttpProbe probe(port);
    const auto fd = static_cast<int>(probe.socket().socketDescriptor());
    switch (random.bounded(9)) {
    case 0: // leaves without a word
        break;
    case 1: { // resets
        probe.send(HttpProbe::request("GET", "/health"));
        const linger now{1, 0};
        ::setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
        break;
    }
    case 2: // everything at once, and does not wait
        probe.send(HttpProbe::request("GET", "/health").repeated(20));
        break;
    case 3: // half a request
        probe.send("GET /api/v1/bots HTT");
        break;
    case 4: { // noise
        QByteArray noise(200, '\0');
        random.fillRange(reinterpret_cast<quint32 *>(noise.data()), noise.size() / 4);
        probe.send(noise);
        (void)probe.isSilent(5);
        break;
    }
    case 5: // closes its half
        probe.send(HttpProbe::request("GET", events, token));
        ::shutdown(fd, SHUT_WR);
        (void)probe.isSilent(5);
        break;
    case 6: // a command whose answer nobody waits for
        probe.send(HttpProbe::request("POST", "/api/v1/bots/1/start", token));
        break;
    case 7: // a viewer who stays for a frame
        probe.send(HttpProbe::request("GET", events, token, {}, "Last-Event-ID: 1\r\n"));
        (void)probe.readUntil("connected");
        break;
    default: // a viewer who talks
        probe.send(HttpProbe::request("GET", events, token) + QByteArray(5000, 'x'));
        (void)probe.isSilent(5);
        break;
    }
}

void storm(quint16 port, const QByteArray &token, quint32 seed, int rounds)
{
    QRandomGenerator random(seed);
    for (int i = 0; i < rounds; ++i)
        misbehave(port, token, random);
}

} // namespace

/// Many clients that come, go and misbehave, while facts are published.
class StormTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void stormsPassAndViewersLoseNothing_data()
    {
        QTest::addColumn<int>("hub");
        QTest::newRow("descriptors") << static_cast<int>(HubKind::Descriptors);
        QTest::newRow("sockets") << static_cast<int>(HubKind::Sockets);
    }
    void stormsPassAndViewersLoseNothing()
    {
        QFETCH(int, hub);
        const auto seed = QRandomGenerator::global()->generate();
        qInfo("seed %u", seed);
        TestServer::Options options = TestServer::defaults();
        options.hub = static_cast<HubKind>(hub);
        TestServer server(options);
        server.backend.addBot(TestServer::config());
        server.start();
        const auto viewer = server.stream(events);
        (void)viewer->frame();

        std::vector<std::thread> clients;
        for (quint32 i = 0; i < 4; ++i)
            clients.emplace_back(storm, server.port(), server.token(), seed + i, 50);
        qint64 last = 1;
        for (int i = 0; i < 500; ++i) {
            last = server.backend.emitFact(BotId(1), ErrorRaised{ErrorKind::Strategy, QString::number(i)}).value();
            const QByteArray frame = viewer->readUntil("id: " + QByteArray::number(last) + "\n");
            QVERIFY(frame.endsWith('\n'));
            QVERIFY(!viewer->frame().isEmpty());
        }
        for (std::thread &client : clients)
            client.join();
        QCOMPARE(server.ask("GET", "/health").status, 200);
        QTRY_COMPARE(server.viewers(), 1);
    }

    void manyViewersComeAndGo()
    {
        constexpr int viewers = 200;
        TestServer server;
        server.backend.addBot(TestServer::config());
        server.start();
        for (int round = 0; round < 3; ++round) {
            std::vector<std::unique_ptr<HttpProbe>> probes;
            for (int i = 0; i < viewers; ++i) {
                probes.push_back(std::make_unique<HttpProbe>(server.port()));
                probes.back()->send(HttpProbe::request("GET", events, server.token()));
            }
            QTRY_COMPARE(server.viewers(), viewers);
            const auto id = server.backend.emitFact(BotId(1), ErrorRaised()).value();
            for (const auto &probe : probes)
                QVERIFY(probe->readUntil("id: " + QByteArray::number(id) + "\n").endsWith('\n'));
            probes.clear();
            QTRY_COMPARE(server.viewers(), 0);
        }
    }

    void startsAndStopsUnderLoad()
    {
        const auto seed = QRandomGenerator::global()->generate();
        qInfo("seed %u", seed);
        TestServer server;
        server.backend.addBot(TestServer::config());
        std::atomic<bool> done = false;
        std::atomic<quint16> port = 0;
        const QByteArray token = server.token();
        std::thread market([&] {
            while (!done)
                server.backend.emitFact(BotId(1), ErrorRaised());
        });
        std::thread clients([&] {
            QRandomGenerator random(seed);
            while (!done) {
                if (port != 0)
                    misbehave(port, token, random);
            }
        });
        for (int i = 0; i < 20; ++i) {
            server.start();
            port = server.port();
            const auto viewer = server.stream(events);
            QVERIFY(viewer->frame().contains("connected"));
            server.stop();
            QVERIFY(viewer->closes());
        }
        done = true;
        market.join();
        clients.join();
    }

    void aWaitingRequestIsAnsweredAtTheEnd()
    {
        TestServer server;
        server.backend.addBot(TestServer::config());
        server.start();
        server.backend.holdAnswers();
        HttpProbe probe(server.port());
        probe.send(HttpProbe::request("POST", "/api/v1/bots/1/start", server.token()));
        QTRY_COMPARE(server.backend.heldCount(), 1);
        server.stop();
        const auto answer = probe.answer();
        QCOMPARE(answer.status, 503);
        QVERIFY2(answer.body.contains("shutting down"), answer.body.constData());
        server.backend.answerAll(); // finds nobody
    }

    void aPortInUseIsToldByName()
    {
        TestServer first;
        first.start();
        TestServer second;
        second.start(first.port());
        QVERIFY2(second.failure().contains(QString::number(first.port())) && second.failure().contains(u"127.0.0.1"_s),
                 qPrintable(second.failure()));
        QVERIFY(second.failure().contains(u"in use"_s));
    }
};

QTEST_GUILESS_MAIN(StormTest)
#include "tst_storm.moc"
