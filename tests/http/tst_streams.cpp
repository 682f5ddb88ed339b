// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/http/testserver.h"
#include "tests/support/patience.h"

#include <QTest>

#include <thread>

using namespace tradebot;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr auto statusPath = "/api/v1/bots/1/status-stream";
constexpr auto eventsPath = "/api/trading/stream/1";

/// The number behind "id: "; 0 when there is none.
qint64 idOf(const QByteArray &frame)
{
    return frame.startsWith("id: ") ? frame.sliced(4, frame.indexOf('\n') - 4).toLongLong() : 0;
}

} // namespace

/// What viewers see, over both ways of sending.
class StreamsTest final : public QObject
{
    Q_OBJECT

public:
    explicit StreamsTest(HubKind hub) : m_hub(hub) { }

private:
    /// A running server with bot 1.
    std::unique_ptr<TestServer> makeServer(const std::function<void(TestServer::Options &)> &adjust = {})
    {
        TestServer::Options options = TestServer::defaults();
        options.hub = m_hub;
        if (adjust)
            adjust(options);
        auto server = std::make_unique<TestServer>(options);
        server->backend.addBot(TestServer::config());
        server->start();
        return server;
    }

    const HubKind m_hub;

private Q_SLOTS:
    void statusStreamShowsEachChangeAtOnce()
    {
        const auto server = makeServer();
        const auto viewer = server->stream(statusPath);
        const QByteArray tail = ",\"last_updated_at\":\"2026-11-20T14:32:00.000Z\"}\n\n";
        QCOMPARE(viewer->frame(), "data: {\"status\":\"stopped\",\"in_position\":false,\"entry_price\":null,"
                                  "\"daily_pnl\":0,\"daily_trades_count\":0"
                                          + tail);
        server->backend.setStatus(BotId(1), BotStatus::Pending);
        server->backend.setStatus(BotId(1), BotStatus::Running);
        server->backend.fill(BotId(1), Side::Buy, *Quantity::parse(u"0.5"), *Price::parse(u"67250.1"));
        server->backend.setStatus(BotId(1), BotStatus::Error, ErrorKind::ApiKeyDecryptFailed);
        QCOMPARE(viewer->frame(), "data: {\"status\":\"pending\",\"in_position\":false,\"entry_price\":null,"
                                  "\"daily_pnl\":0,\"daily_trades_count\":0"
                                          + tail);
        QCOMPARE(viewer->frame(), "data: {\"status\":\"running\",\"in_position\":false,\"entry_price\":null,"
                                  "\"daily_pnl\":0,\"daily_trades_count\":0"
                                          + tail);
        QCOMPARE(viewer->frame(), "data: {\"status\":\"running\",\"in_position\":true,\"entry_price\":67250.1,"
                                  "\"daily_pnl\":-33.62505,\"daily_trades_count\":1"
                                          + tail);
        QCOMPARE(viewer->frame(), "data: {\"status\":\"error (api key decrypt failed)\",\"in_position\":true,"
                                  "\"entry_price\":67250.1,\"daily_pnl\":-33.62505,\"daily_trades_count\":1"
                                          + tail);
    }

    void statusStreamIsSilentWhenNothingChanges()
    {
        const auto server = makeServer();
        const auto viewer = server->stream(statusPath);
        (void)viewer->frame();
        server->backend.heartbeat();
        server->backend.setMarkPrice(BotId(1), Price::fromInteger(5)); // not among its fields
        QVERIFY(viewer->isSilent());
    }

    void allFieldsShowTheMarket()
    {
        const auto server = makeServer();
        const auto viewer = server->stream(statusPath + QByteArray("?fields=all"));
        QVERIFY(viewer->frame().contains("\"mark_price\":null"));
        server->steady.advance(100ms);
        server->backend.setMarkPrice(BotId(1), *Price::parse(u"0.00000001"));
        QVERIFY(viewer->frame().contains("\"mark_price\":0.00000001"));
        server->backend.heartbeat(); // time goes by, and only data_age_ms changes
        QVERIFY(viewer->isSilent());
    }

    void marketChangesAreMergedToTheNewestTenTimesASecond()
    {
        const auto server = makeServer();
        const auto viewer = server->stream(statusPath + QByteArray("?fields=all"));
        (void)viewer->frame();
        server->steady.advance(100ms);
        server->backend.setMarkPrice(BotId(1), Price::fromInteger(1));
        QVERIFY(viewer->frame().contains("\"mark_price\":1,"));
        server->backend.setMarkPrice(BotId(1), Price::fromInteger(2));
        server->backend.setMarkPrice(BotId(1), Price::fromInteger(3));
        QVERIFY(viewer->isSilent());
        server->steady.advance(100ms);
        QVERIFY(viewer->frame().contains("\"mark_price\":3,"));
        server->backend.setMarkPrice(BotId(1), Price::fromInteger(4));
        server->backend.setStatus(BotId(1), BotStatus::Pending); // this does not wait
        const QByteArray frame = viewer->frame();
        QVERIFY2(frame.contains("\"status\":\"pending\""), frame.constData());
        server->steady.advance(100ms);
        if (!frame.contains("\"mark_price\":4,"))
            QVERIFY(viewer->readUntil("\"mark_price\":4,").contains("\"status\":\"pending\""));
    }

    void noStateIsShownBetweenTheFactsOfOneFill()
    {
        const auto server = makeServer();
        server->backend.setStatus(BotId(1), BotStatus::Pending);
        server->backend.setStatus(BotId(1), BotStatus::Running);
        server->backend.fill(BotId(1), Side::Buy, Quantity::fromInteger(1), Price::fromInteger(100));
        QCOMPARE(server->ask("PUT", "/api/v1/bot-states/1", server->token(), R"({"stop_loss_price":90})").status, 200);
        const auto viewer = server->stream(statusPath + QByteArray("?fields=all"));
        QVERIFY(viewer->frame().contains("\"stop_loss_price\":90,"));
        server->backend.fill(BotId(1), Side::Sell, Quantity::fromInteger(1), Price::fromInteger(101));
        const QByteArray frame = viewer->frame();
        QVERIFY2(frame.contains("\"in_position\":false,") && frame.contains("\"stop_loss_price\":null,"),
                 frame.constData());
        QVERIFY(viewer->isSilent());
    }

    void aStartHasTheWordsThatViewersKnow()
    {
        const auto server = makeServer();
        const auto viewer = server->stream(eventsPath);
        (void)viewer->frame();
        server->backend.setStatus(BotId(1), BotStatus::Pending, ErrorKind::None, u"Initializing strategy..."_s);
        QVERIFY(viewer->frame().contains("\"message\":\"Initializing AI agent...\""));
        server->backend.setStatus(BotId(1), BotStatus::Running, ErrorKind::None, u"At last"_s);
        QVERIFY(viewer->frame().contains("\"message\":\"At last\""));
    }

    void typedStreamShowsFacts()
    {
        const auto server = makeServer();
        const auto viewer = server->stream(eventsPath);
        const QByteArray time = "\"timestamp\":\"2026-11-20T14:32:00.000Z\",\"data\":{";
        QCOMPARE(viewer->frame(), "data: {\"type\":\"connected\"," + time
                                          + "\"bot_id\":1,\"model_id\":1,\"message\":\"Connected to BTC trend\"}}\n\n");
        server->backend.setStatus(BotId(1), BotStatus::Pending);
        QCOMPARE(viewer->frame(), "id: 2\ndata: {\"type\":\"status\"," + time
                                          + "\"status\":\"pending\",\"previous\":\"stopped\","
                                            "\"message\":\"Initializing AI agent...\"}}\n\n");
        server->backend.emitFact(
                BotId(1), DecisionMade{DecisionAction::Buy, Price::fromInteger(7), u"up"_s, u"EMA 12\n\"up\""_s});
        QCOMPARE(viewer->frame(), "id: 3\ndata: {\"type\":\"trade\"," + time
                                          + "\"action\":\"buy\",\"message\":\"EMA 12\\n\\\"up\\\"\"}}\n\n");
        server->backend.emitFact(BotId(1), ErrorRaised{ErrorKind::OrderRejected, u"no funds"_s});
        QCOMPARE(viewer->frame(), "id: 4\ndata: {\"type\":\"error\"," + time
                                          + "\"message\":\"no funds\",\"kind\":\"order rejected\"}}\n\n");
        server->backend.emitFact(BotId(1), BotCompleted{u"done"_s});
        QCOMPARE(viewer->frame(), "id: 5\ndata: {\"type\":\"complete\"," + time + "\"message\":\"done\"}}\n\n");
        server->backend.emitFact(BotId(1), SessionCompleted{u"enough"_s, {}});
        QVERIFY(viewer->frame().startsWith("id: 6\ndata: {\"type\":\"session_complete\"," + time
                                           + "\"message\":\"enough\",\"gross\":0,"));
        server->backend.emitFact(BotId(1), ErrorCleared());
        QVERIFY(viewer->isSilent()); // not every fact is streamed
    }

    void silenceIsFilledWithKeepAlives()
    {
        const auto server = makeServer();
        const auto viewer = server->stream(eventsPath);
        (void)viewer->frame();
        server->steady.advance(14s);
        QVERIFY(viewer->isSilent());
        server->steady.advance(1s);
        QCOMPARE(viewer->frame(), ": keep-alive\n\n");
        server->steady.advance(14s);
        QVERIFY(viewer->isSilent());
    }

    void resumesAfterTheLastEvent_data()
    {
        QTest::addColumn<QByteArray>("query");
        QTest::addColumn<QByteArray>("headers");
        QTest::newRow("header") << QByteArray() << QByteArray("Last-Event-ID: 3\r\n");
        QTest::newRow("query") << QByteArray("?last_event_id=3") << QByteArray();
        QTest::newRow("header wins") << QByteArray("?last_event_id=1") << QByteArray("Last-Event-ID: 3\r\n");
    }
    void resumesAfterTheLastEvent()
    {
        QFETCH(QByteArray, query);
        QFETCH(QByteArray, headers);
        const auto server = makeServer();
        for (int i = 2; i <= 6; ++i)
            server->backend.emitFact(BotId(1), ErrorRaised{ErrorKind::Strategy, QString::number(i)});
        QTRY_VERIFY(server->ask("GET", "/api/v1/bot-states/1", server->token()).body.contains("\"6\""));
        const auto viewer = server->stream(eventsPath + query, headers);
        QCOMPARE(idOf(viewer->frame()), 0); // connected
        for (const int expected : {4, 5, 6})
            QCOMPARE(idOf(viewer->frame()), expected);
        server->backend.emitFact(BotId(1), ErrorRaised());
        QCOMPARE(idOf(viewer->frame()), 7);
        QVERIFY(viewer->isSilent());
    }

    void loneGapIsToldForAnotherJournal()
    {
        const auto server = makeServer();
        const auto viewer = server->stream(eventsPath, "Last-Event-ID: 4711\r\n");
        (void)viewer->frame();
        QCOMPARE(viewer->frame(), "event: gap\ndata: {\"first\":1}\n\n");
        QCOMPARE(viewer->frame(), "data: {\"type\":\"status\",\"timestamp\":\"2026-11-20T14:32:00.000Z\",\"data\":{"
                                  "\"status\":\"stopped\",\"previous\":null,\"message\":\"Stopped\"}}\n\n");
        server->backend.emitFact(BotId(1), ErrorRaised());
        QCOMPARE(idOf(viewer->frame()), 2);
    }

    void resumesWithoutLossOrDuplicateWhileFactsCome()
    {
        constexpr int facts = 3000;
        const auto server = makeServer([](auto &options) { options.streams.catchUpPage = 64; });
        std::thread market([&server] {
            for (int i = 2; i <= facts; ++i)
                server->backend.emitFact(BotId(1), ErrorRaised{ErrorKind::Strategy, QString::number(i)});
        });
        qint64 last = 1;
        int connections = 0;
        while (last < facts && connections < 200) {
            ++connections;
            const auto viewer = server->stream(eventsPath, "Last-Event-ID: " + QByteArray::number(last) + "\r\n");
            (void)viewer->frame();
            for (int i = 0; i < 150 && last < facts; ++i) {
                const qint64 id = idOf(viewer->frame());
                if (id != last + 1)
                    QCOMPARE(id, last + 1);
                last = id;
            }
        }
        market.join();
        QCOMPARE(last, facts);
    }

    void slowViewerHoldsUpNobodyAndLosesNothing()
    {
        constexpr int facts = 2000;
        const auto server = makeServer([](auto &options) { options.streams.hub.backlog = 16 * 1024; });
        HttpProbe slow(server->port(), 4096);
        slow.send(HttpProbe::request("GET", eventsPath, server->token()));
        QTRY_COMPARE(server->viewers(), 1);
        const auto quick = server->stream(eventsPath);
        (void)quick->frame();
        const QString words(400, u'x'); // 2,000 of these are far more than socket buffers and backlog hold
        for (int i = 2; i <= facts; ++i) {
            server->backend.emitFact(BotId(1), ErrorRaised{ErrorKind::Strategy, words});
            QCOMPARE(idOf(quick->frame()), i);
        }
        slow.socket().setReadBufferSize(0); // now he reads
        (void)slow.readUntil("retry: 3000\n\n");
        (void)slow.frame();
        for (int i = 2; i <= facts; ++i) {
            const qint64 id = idOf(slow.frame());
            if (id != i)
                QCOMPARE(id, i);
        }
        QVERIFY(slow.isSilent());
    }

    void slowViewerSeesTheNewestState()
    {
        const auto server = makeServer([](auto &options) { options.streams.hub.backlog = 8 * 1024; });
        HttpProbe slow(server->port(), 4096);
        slow.send(HttpProbe::request("GET", statusPath + QByteArray("?fields=all"), server->token()));
        QTRY_COMPARE(server->viewers(), 1);
        constexpr int prices = 5000;
        for (int i = 1; i <= prices; ++i) {
            server->steady.advance(100ms - 1ms * (i % 2));
            server->backend.setMarkPrice(BotId(1), Price::fromInteger(i));
        }
        slow.socket().setReadBufferSize(0);
        const QByteArray last = "\"mark_price\":" + QByteArray::number(prices) + ",";
        const auto hasLast = [&] {
            server->backend.heartbeat(); // brings what a busy follower was not told
            return server->ask("GET", "/api/v1/bot-states/1", server->token()).body.contains(last);
        };
        QTRY_VERIFY(hasLast());
        server->steady.advance(1s);
        const QByteArray all = slow.readUntil(last);
        QVERIFY(all.endsWith(last));
        QVERIFY2(all.count("\ndata: ") < prices, "states that could not be sent must be merged");
    }

    void stalledViewerIsClosed()
    {
        const auto server = makeServer();
        HttpProbe slow(server->port(), 4096);
        slow.send(HttpProbe::request("GET", eventsPath, server->token()));
        const auto quick = server->stream(eventsPath);
        (void)quick->frame();
        QTRY_COMPARE(server->viewers(), 2);
        const QString words(20'000, u'x');
        for (int i = 2; i <= 300; ++i) {
            server->backend.emitFact(BotId(1), ErrorRaised{ErrorKind::Strategy, words});
            QCOMPARE(idOf(quick->frame()), i);
        }
        server->steady.advance(29s);
        QVERIFY(!quick->frame().isEmpty()); // the keep-alive
        QCOMPARE(server->viewers(), 2);
        // The kernels may pass on a few bytes more, at times of their own; each time begins anew.
        for (int i = 0; i < 50 && server->viewers() == 2; ++i) {
            server->steady.advance(30s);
            QVERIFY(!quick->frame().isEmpty()); // the hub has looked at all of them
        }
        QTRY_COMPARE(server->viewers(), 1);
        server->backend.emitFact(BotId(1), ErrorRaised());
        QVERIFY(quick->readUntil("id: 301\n").endsWith("id: 301\n"));
    }

    void endsWithItsBotAndWithItsToken()
    {
        const auto server = makeServer();
        server->backend.addBot(TestServer::config(u"other"_s));
        QTRY_COMPARE(server->ask("GET", "/api/v1/bots/2", server->token()).status, 200);
        const auto first = server->stream(eventsPath);
        const auto second = server->stream("/api/v1/bots/2/status-stream");
        server->backend.submit(DeleteBot{BotId(1)}, this, [](const Result<BotSnapshot> &) {});
        QVERIFY(first->closes());
        QVERIFY(second->socket().state() == QAbstractSocket::ConnectedState);
        server->backend.addUser(
                {.id = UserId(1), .email = {}, .role = Role::Owner, .owner = UserId(1), .tokenEpoch = 2});
        QVERIFY(second->closes());
        QTRY_COMPARE(server->viewers(), 0);
    }

    void leavingViewersAreForgotten()
    {
        const auto server = makeServer();
        for (int round = 0; round < 3; ++round) {
            std::vector<std::unique_ptr<HttpProbe>> viewers;
            for (int i = 0; i < 20; ++i)
                viewers.push_back(server->stream(i % 2 == 0 ? statusPath : eventsPath));
            QTRY_COMPARE(server->viewers(), 20);
            viewers.clear();
            QTRY_COMPARE(server->viewers(), 0);
        }
    }

    void viewersBeyondTheLimitAreTurnedAway()
    {
        const auto server = makeServer([](auto &options) { options.streams.viewers = 2; });
        const auto one = server->stream(statusPath);
        const auto two = server->stream(statusPath);
        const auto answer = server->ask("GET", statusPath, server->token());
        QCOMPARE(answer.status, 503);
        QVERIFY(answer.headers.contains("retry-after"));
    }

    void manyBotsComeOnOneConnection()
    {
        const auto server = makeServer();
        const auto all = server->stream("/api/v1/stream?types=state,status,error");
        QVERIFY(all->frame().startsWith("data: {\"type\":\"connected\""));
        QVERIFY(all->frame().startsWith("data: {\"type\":\"state\",\"bot_id\":1,"));
        const BotId added = server->backend.addBot(TestServer::config(u"new"_s));
        QVERIFY(all->frame().startsWith("data: {\"type\":\"state\",\"bot_id\":2,"));
        server->backend.emitFact(added, ErrorRaised{ErrorKind::Strategy, u"x"_s});
        const QByteArray frame = all->readUntil("\"kind\":\"strategy\"}}\n\n");
        QVERIFY2(frame.contains("id: 3\ndata: {\"type\":\"error\",\"bot_id\":2,"), frame.constData());
        QCOMPARE(server->ask("GET", "/api/v1/stream?bots=1,99", server->token()).status, 404);
        for (const QByteArray bots : {"1,abc", "abc", "1,,1", ",", "0", "-1", "1,9999999999999999999"}) {
            const auto answer = server->ask("GET", "/api/v1/stream?bots=" + bots, server->token());
            QVERIFY2(answer.status == 400, (bots + ": " + answer.body).constData());
        }
        QCOMPARE(server->ask("GET", "/api/v1/stream?types=nonsense", server->token()).status, 400);
        const auto resumed = server->stream("/api/v1/stream?types=error", "Last-Event-ID: 1\r\n");
        (void)resumed->frame();
        QCOMPARE(idOf(resumed->frame()), 3);
    }

    void aHeadOfAStreamIsAnAnswer()
    {
        const auto server = makeServer();
        const auto answer = server->ask("HEAD", statusPath, server->token());
        QCOMPARE(answer.status, 200);
        QVERIFY(answer.headers.at("content-type").startsWith("text/event-stream"));
        QCOMPARE(server->viewers(), 0);
        QCOMPARE(server->ask("GET", eventsPath, server->token(), {}, "Last-Event-ID: x\r\n").status, 400);
        QCOMPARE(server->ask("GET", statusPath + QByteArray("?fields=some"), server->token()).status, 400);
    }
};

int main(int argc, char *argv[])
{
    QCoreApplication application(argc, argv);
    int failures = 0;
    for (const HubKind hub : {HubKind::Descriptors, HubKind::Sockets}) {
        StreamsTest test(hub);
        failures += QTest::qExec(&test, argc, argv);
    }
    return failures;
}

#include "tst_streams.moc"
