// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/json.h"
#include "tests/http/testserver.h"
#include "tests/support/patience.h"

#include <QTest>

using namespace tradebot;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

const QByteArray newBot = R"({"name":"ETH","symbol":"ETHUSDT","strategy":"ema_cross","leverage":1})";

QString textAt(const QByteArray &body, const QString &key)
{
    const auto json = JsonValue::parse(body);
    const JsonValue *value = json ? json->find(key) : nullptr;
    return value != nullptr && value->string() != nullptr ? *value->string() : QString();
}

} // namespace

/// What the routes answer, over real sockets and a backend in memory.
class ApiTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_server = std::make_unique<TestServer>();
        m_server->backend.addBot(TestServer::config());
        m_server->start();
    }
    void cleanup() { m_server.reset(); }

    void healthTellsWhatIsWrong()
    {
        QCOMPARE(m_server->ask("GET", "/health").status, 200);
        m_server->steady.advance(5s);
        QCOMPARE(m_server->ask("GET", "/health").status, 200);
        m_server->steady.advance(1ms);
        auto answer = m_server->ask("GET", "/health");
        QCOMPARE(answer.status, 503);
        QVERIFY2(answer.body.contains("\"engine\":\"silent\""), answer.body.constData());
        m_server->backend.heartbeat();
        QTRY_VERIFY(m_server->ask("GET", "/health").status == 200);
        SystemView system;
        system.storeOk = false;
        system.storeMessage = u"the disk is full"_s;
        m_server->backend.setSystem(system);
        QTRY_VERIFY(m_server->ask("GET", "/health").status == 503);
        answer = m_server->ask("GET", "/health");
        QVERIFY2(answer.body.contains("\"store\":\"the disk is full\""), answer.body.constData());
        QVERIFY(answer.headers.contains("retry-after"));
    }

    void pathsAndMethods_data()
    {
        QTest::addColumn<QByteArray>("method");
        QTest::addColumn<QByteArray>("path");
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("allow");
        const auto row = [](const char *name, const char *method, const char *path, int status, const char *allow) {
            QTest::newRow(name) << QByteArray(method) << QByteArray(path) << status << QByteArray(allow);
        };
        row("front page", "GET", "/", 200, "");
        row("unknown", "GET", "/nothing", 404, "");
        row("trailing slash", "GET", "/api/v1/bots/", 404, "");
        row("dots", "GET", "/api/v1/../v1/bots", 404, "");
        row("escaped letter", "GET", "/%68ealth", 200, "");
        row("escaped slash", "GET", "/api%2Fv1/bots", 404, "");
        row("unknown below a bot", "GET", "/api/v1/bots/1/nothing", 404, "");
        row("delete a list", "DELETE", "/api/v1/bots", 405, "GET, HEAD, POST");
        row("get a start", "GET", "/api/v1/bots/1/start", 405, "POST");
        row("put a bot", "PUT", "/api/v1/bots/1", 405, "GET, HEAD, PATCH, DELETE");
        row("post a stream", "POST", "/api/trading/stream/1", 405, "GET, HEAD");
        row("options", "OPTIONS", "/health", 405, "GET, HEAD");
    }
    void pathsAndMethods()
    {
        QFETCH(QByteArray, method);
        QFETCH(QByteArray, path);
        QFETCH(int, status);
        QFETCH(QByteArray, allow);
        auto answer = m_server->ask(method, path, m_server->token());
        QCOMPARE(answer.status, status);
        QCOMPARE(answer.headers["allow"], allow);
        if (status >= 400)
            QCOMPARE(answer.headers["content-type"], "application/problem+json");
    }

    void aBotIsCreatedChangedAndDeleted()
    {
        const auto created = write("POST", "/api/v1/bots", newBot);
        QCOMPARE(created.status, 201);
        QCOMPARE(created.headers.at("location"), "/api/v1/bots/2");
        QCOMPARE(textAt(created.body, u"name"_s), u"ETH"_s);
        QVERIFY2(created.body.contains("\"user_id\":1,") && created.body.contains("\"version\":1,"),
                 created.body.constData());
        QCOMPARE(read("/api/v1/bots/2").body, created.body); // at once
        const auto patched = write("PATCH", "/api/v1/bots/2", R"({"name":"Ether","initial_balance":10.10})");
        QCOMPARE(patched.status, 200);
        QVERIFY2(patched.body.contains("\"initial_balance\":10.1,") && patched.body.contains("\"version\":2,"),
                 patched.body.constData());
        QCOMPARE(write("DELETE", "/api/v1/bots/2").status, 204);
        QCOMPARE(read("/api/v1/bots/2").status, 404);
        QVERIFY(!read("/api/v1/bots").body.contains("Ether"));
    }

    void onlyTheVersionThatWasSeenIsChanged()
    {
        const QByteArray tag = read("/api/v1/bots/1").headers.at("etag");
        QCOMPARE(tag, "\"1\"");
        QCOMPARE(write("PATCH", "/api/v1/bots/1", R"({"name":"A"})", "If-Match: " + tag + "\r\n").status, 200);
        QCOMPARE(write("PATCH", "/api/v1/bots/1", R"({"name":"B"})", "If-Match: " + tag + "\r\n").status, 409);
        QCOMPARE(write("PATCH", "/api/v1/bots/1", R"({"name":"B"})", "If-Match: x\r\n").status, 409);
        QCOMPARE(textAt(read("/api/v1/bots/1").body, u"name"_s), u"A"_s);
    }

    void badBodiesAreExplained_data()
    {
        QTest::addColumn<QByteArray>("method");
        QTest::addColumn<QByteArray>("path");
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("words");
        const auto row = [](const char *name, const char *method, const char *path, const char *body, int status,
                            const char *words) {
            QTest::newRow(name) << QByteArray(method) << QByteArray(path) << QByteArray(body) << status
                                << QByteArray(words);
        };
        constexpr auto bots = "/api/v1/bots";
        constexpr auto state = "/api/v1/bot-states/1";
        constexpr auto stop = "/api/v1/bots/1/stop";
        row("no JSON", "POST", bots, "{", 400, "the body cannot be read");
        for (const char *body : {"[]", "[1]", "null", "1", R"("a")", ""}) {
            for (const auto &[method, path] : {std::pair{"POST", bots},
                                               {"PATCH", "/api/v1/bots/1"},
                                               {"PUT", state},
                                               {"POST", "/api/v1/kill-switch"}})
                QTest::addRow("%s %s %s", method, path, body)
                        << QByteArray(method) << QByteArray(path) << QByteArray(body) << 400
                        << QByteArray("the body must be an object");
        }
        row("stop with a number", "POST", stop, "1", 400, "must be an object, not a number");
        row("key twice", "POST", bots, R"({"name":"a","name":"b"})", 400, "twice");
        row("after the end", "POST", bots, "{}{}", 400, "the body cannot be read");
        row("no fields", "POST", bots, "{}", 422, R"("field":"symbol")");
        row("leverage", "POST", bots,
            R"({"name":"a","symbol":"B","strategy":"ema_cross","market":"usdm_futures","leverage":126})", 422,
            R"("field":"leverage")");
        row("unknown field", "PATCH", "/api/v1/bots/1", R"({"nonsense":1})", 422, R"("field":"nonsense")");
        row("state is no object", "PUT", state, "[]", 400, "must be an object, not a list");
        row("state field", "PUT", state, R"({"status":"running"})", 422, R"("field":"status")");
        row("price in words", "PUT", state, R"({"stop_loss_price":"x"})", 422, "must be a price or null, not a text");
        row("price of nothing", "PUT", state, R"({"stop_loss_price":0})", 422, "must be greater than 0");
        row("negative price", "PUT", state, R"({"take_profit_price":-1})", 422, "must be greater than 0");
        row("price too exact", "PUT", state, R"({"trailing_stop_price":0.000000001})", 422, "trailing_stop_price");
        row("error text", "PUT", state, R"({"last_error_message":"mine"})", 422, "can only be cleared");
        row("stop flag", "POST", stop, R"({"close_position":1})", 422, "must be true or false, not a number");
        row("stop field", "POST", stop, R"({"nonsense":true})", 422, R"("field":"nonsense")");
        row("stop list", "POST", stop, "[]", 400, "must be an object, not a list");
        row("close on start", "POST", "/api/v1/bots/1/start", R"({"close_position":true})", 422, "is for a stop only");
    }
    void badBodiesAreExplained()
    {
        QFETCH(QByteArray, method);
        QFETCH(QByteArray, path);
        QFETCH(QByteArray, body);
        QFETCH(QByteArray, words);
        const auto answer = write(method, path, body);
        QTEST(answer.status, "status");
        QVERIFY2(answer.body.contains(words), answer.body.constData());
        QVERIFY(m_server->backend.commands().empty());
    }

    void aBodyNeedsALength()
    {
        HttpProbe probe(m_server->port());
        const QByteArray credentials = "Host: localhost\r\nAuthorization: Bearer " + m_server->token() + "\r\n\r\n";
        QCOMPARE(probe.ask("POST /api/v1/bots HTTP/1.1\r\n" + credentials).status, 411);
        QCOMPARE(probe.ask("PUT /api/v1/bot-states/1 HTTP/1.1\r\n" + credentials).status, 411);
        QCOMPARE(probe.ask("POST /api/v1/bots/1/start HTTP/1.1\r\n" + credentials).status, 200); // needs no body
    }

    void lifecycleFollowsAndRepeatsChangeNothing()
    {
        const QByteArray path = "/api/v1/bots/1/";
        auto answer = write("POST", path + "start");
        QCOMPARE(answer.status, 200);
        QCOMPARE(textAt(answer.body, u"status"_s), u"running"_s);
        QCOMPARE(textAt(answer.body, u"desired_state"_s), u"running"_s);
        const auto before = m_server->backend.commands().size();
        QCOMPARE(write("POST", path + "start").body, answer.body);
        QCOMPARE(m_server->backend.commands().size(), before);
        answer = write("POST", path + "pause");
        QCOMPARE(textAt(answer.body, u"status"_s), u"paused"_s);
        QCOMPARE(textAt(write("POST", path + "start").body, u"status"_s), u"running"_s); // goes on
        QCOMPARE(write("POST", path + "restart").status, 200);
        answer = write("POST", path + "stop", "{}");
        QCOMPARE(textAt(answer.body, u"status"_s), u"stopped"_s);
        const auto stopped = m_server->backend.commands().size();
        QCOMPARE(write("POST", path + "stop").body, answer.body);
        QCOMPARE(m_server->backend.commands().size(), stopped);
        QCOMPARE(textAt(read("/api/v1/bot-states/1").body, u"status"_s), u"stopped"_s);
    }

    void aStopCanCloseThePosition()
    {
        (void)write("POST", "/api/v1/bots/1/start");
        QCOMPARE(write("POST", "/api/v1/bots/1/stop", R"({"close_position":true})").status, 200);
        const auto commands = m_server->backend.commands();
        QVERIFY(std::get<StopBot>(commands.back()).policy == StopPolicy::Flatten);
    }

    void engineRefusalsAreToldAsTheyAre_data()
    {
        QTest::addColumn<int>("code");
        QTest::addColumn<int>("status");
        QTest::newRow("conflict") << static_cast<int>(ErrorCode::Conflict) << 409;
        QTest::newRow("not found") << static_cast<int>(ErrorCode::NotFound) << 404;
        QTest::newRow("invalid") << static_cast<int>(ErrorCode::InvalidInput) << 422;
        QTest::newRow("unavailable") << static_cast<int>(ErrorCode::Unavailable) << 503;
        QTest::newRow("internal") << static_cast<int>(ErrorCode::Internal) << 500;
    }
    void engineRefusalsAreToldAsTheyAre()
    {
        QFETCH(int, code);
        m_server->backend.failNext({static_cast<ErrorCode>(code), u"because"_s, {{u"name"_s, u"is odd"_s}}});
        const auto answer = write("POST", "/api/v1/bots/1/start");
        QTEST(answer.status, "status");
        QVERIFY(answer.body.contains(
                "\"detail\":\"because\",\"errors\":[{\"field\":\"name\",\"message\":\"is odd\"}]"));
    }

    void allThatIsWrongWithABotIsSaidAtOnce()
    {
        const QByteArray wrong = R"("leverage":0,"strategy_params":{"fast":0,"slow":501}})";
        for (const auto &[method, path, start] :
             {std::tuple("POST", "/api/v1/bots", R"({"name":"a","symbol":"BTCUSDT","strategy":"ema_cross",)"),
              std::tuple("PATCH", "/api/v1/bots/1", "{")}) {
            const auto answer = write(method, path, start + wrong);
            QCOMPARE(answer.status, 422);
            for (const char *field : {"leverage", "strategy_params.fast", "strategy_params.slow"})
                QVERIFY2(answer.body.contains("\"field\":\"" + QByteArray(field) + '"'), answer.body.constData());
        }
    }

    void stateHoldsAllFields()
    {
        (void)write("POST", "/api/v1/bots/1/start");
        m_server->backend.fill(BotId(1), Side::Buy, *Quantity::parse(u"0.3"), *Price::parse(u"67250.1"));
        m_server->backend.setMarkPrice(BotId(1), *Price::parse(u"67250.2"));
        const auto holds = [this] { return read("/api/v1/bot-states/1").body.contains("\"mark_price\":67250.2"); };
        QTRY_VERIFY(holds());
        m_server->clock.advance(1234ms);
        QCOMPARE(read("/api/v1/bot-states/1").body,
                 "{\"id\":1,\"status\":\"running\",\"in_position\":true,\"position_side\":\"long\","
                 "\"entry_price\":67250.1,\"current_position_size_coins\":0.3,\"trailing_stop_price\":null,"
                 "\"max_price_since_entry\":null,\"min_price_since_entry\":null,\"take_profit_price\":null,"
                 "\"stop_loss_price\":null,\"mark_price\":67250.2,\"unrealized_pnl\":0.03,"
                 "\"daily_pnl\":-20.17503,\"daily_trades_count\":1,\"currency\":\"USDT\",\"desired_state\":"
                 "\"running\","
                 "\"health\":\"ok\",\"health_reason\":null,\"health_message\":null,\"halted_by_daily_limit\":false,"
                 "\"halted_by_drawdown\":false,\"data_age_ms\":1234,\"last_run_at\":null,"
                 "\"last_error_message\":null,\"error_kind\":null,\"last_updated_at\":\"2026-11-20T14:32:00.000Z\"}");
    }

    void aHaltIsSeenAndAStartAcceptsADrawdown()
    {
        const QByteArray path = "/api/v1/bots/1/start";
        (void)write("POST", path);
        m_server->backend.emitFact(BotId(1), DailyLimitReached{u"No more entries today"_s});
        QTRY_VERIFY(read("/api/v1/bot-states/1")
                            .body.contains(R"("halted_by_daily_limit":true,"halted_by_drawdown":false)"));
        const auto before = m_server->backend.commands().size();
        QVERIFY(write("POST", path).body.contains(R"("halted_by_daily_limit":true)")); // which ends with the day alone
        QCOMPARE(m_server->backend.commands().size(), before);
        m_server->backend.emitFact(BotId(1), DrawdownLimitReached{u"No more entries"_s});
        QTRY_VERIFY(read("/api/v1/bot-states").body.contains(R"("halted_by_drawdown":true)"));
        const auto answer = write("POST", path);
        QCOMPARE(answer.status, 200);
        QVERIFY2(answer.body.contains(R"("status":"running")") && answer.body.contains(R"("halted_by_drawdown":false)"),
                 answer.body.constData());
    }

    void stateTakesPricesAndForgetsErrors()
    {
        (void)write("POST", "/api/v1/bots/1/start");
        m_server->backend.fill(BotId(1), Side::Buy, Quantity::fromInteger(1), Price::fromInteger(100));
        m_server->backend.emitFact(BotId(1), ErrorRaised{ErrorKind::Strategy, u"odd"_s});
        auto answer = write("PUT", "/api/v1/bot-states/1",
                            R"({"stop_loss_price":90.5,"take_profit_price":120,"last_error_message":null})");
        QCOMPARE(answer.status, 200);
        QVERIFY2(answer.body.contains("\"stop_loss_price\":90.5,") && answer.body.contains("\"take_profit_price\":120,")
                         && answer.body.contains("\"last_error_message\":null"),
                 answer.body.constData());
        answer = write("PUT", "/api/v1/bot-states/1", R"({"take_profit_price":null})");
        QVERIFY2(answer.body.contains("\"stop_loss_price\":90.5,")
                         && answer.body.contains("\"take_profit_price\":null,"),
                 answer.body.constData());
        const auto commands = m_server->backend.commands().size();
        QCOMPARE(write("PUT", "/api/v1/bot-states/1", "{}").status, 200);
        QCOMPARE(m_server->backend.commands().size(), commands);
    }

    void historyComesInPages()
    {
        std::vector<Trade> trades;
        for (int i = 1; i <= 5; ++i) {
            Trade trade;
            trade.id = TradeId(i);
            trade.bot = BotId(1);
            trade.gross = *Money::parse(u"1.10");
            trades.push_back(trade);
        }
        m_server->backend.addTrades(trades);
        auto page = read("/api/v1/bots/1/trades?limit=2");
        QVERIFY2(page.body.startsWith("{\"items\":[{\"id\":5,") && page.body.endsWith("],\"next\":\"4\"}"),
                 page.body.constData());
        QVERIFY(page.body.contains("\"net\":1.1}"));
        page = read("/api/v1/bots/1/trades?limit=2&before=4");
        QVERIFY2(page.body.startsWith("{\"items\":[{\"id\":3,") && page.body.endsWith("],\"next\":\"2\"}"),
                 page.body.constData());
        page = read("/api/v1/bots/1/trades?limit=2&before=2");
        QVERIFY2(page.body.startsWith("{\"items\":[{\"id\":1,") && page.body.endsWith("],\"next\":null}"),
                 page.body.constData());
    }

    void eventsAreFilteredAndSearched()
    {
        m_server->backend.emitFact(BotId(1), ErrorRaised{ErrorKind::Strategy, u"first needle"_s});
        m_server->backend.emitFact(BotId(1), HealthChanged{});
        m_server->backend.emitFact(BotId(1), ErrorRaised{ErrorKind::Strategy, u"second"_s});
        auto page = read("/api/v1/bots/1/events?type=error");
        QVERIFY2(page.body.contains("\"id\":4,") && page.body.contains("\"id\":2,") && !page.body.contains("\"id\":3,"),
                 page.body.constData());
        page = read("/api/v1/bots/1/events?q=first%20needle");
        QVERIFY2(page.body.contains("\"id\":2,") && !page.body.contains("\"id\":4,"), page.body.constData());
        QCOMPARE(read("/api/v1/bots/1/events?type=nonsense").status, 400);
    }

    void badQueriesAreExplained_data()
    {
        QTest::addColumn<QByteArray>("path");
        for (const char *path :
             {"trades?limit=0", "trades?limit=1001", "trades?limit=x", "trades?before=-1", "trades?before=x",
              "events?limit=99999999999", "equity?points=1", "equity?points=2001", "equity?from=yesterday",
              "candles?interval=7m", "candles?limit=0", "candles?before=soon"})
            QTest::newRow(path) << QByteArray(path);
    }
    void badQueriesAreExplained()
    {
        QFETCH(QByteArray, path);
        const auto answer = read("/api/v1/bots/1/" + path);
        QCOMPARE(answer.status, 400);
        const QByteArray parameter = path.sliced(path.indexOf('?') + 1).split('=').first();
        QVERIFY2(answer.body.contains(parameter), answer.body.constData());
    }

    void equityAndCandlesAreDrawnFrom()
    {
        const Timestamp noon = *parseRfc3339(u"2026-11-20T12:00:00Z");
        m_server->backend.addEquity(BotId(1),
                                    {{noon, *Money::parse(u"10000.5")}, {noon + 1min, *Money::parse(u"9999")}});
        QCOMPARE(read("/api/v1/bots/1/equity").body,
                 "{\"items\":[{\"time\":\"2026-11-20T12:00:00.000Z\",\"equity\":10000.5},"
                 "{\"time\":\"2026-11-20T12:01:00.000Z\",\"equity\":9999}]}");
        QCOMPARE(read("/api/v1/bots/1/equity?from=2026-11-20T12:00:30Z").body,
                 "{\"items\":[{\"time\":\"2026-11-20T12:01:00.000Z\",\"equity\":9999}]}");
        const Price one = Price::fromInteger(1);
        m_server->backend.setCandles(BotId(1), Timeframe::M1, {{noon, one, one, one, one, Quantity::fromInteger(3)}});
        QCOMPARE(read("/api/v1/bots/1/candles?interval=1m&limit=10").body,
                 "{\"items\":[{\"open_time\":\"2026-11-20T12:00:00.000Z\",\"open\":1,\"high\":1,\"low\":1,\"close\":1,"
                 "\"volume\":3}]}");
    }

    void statisticsAreOfAllTrades()
    {
        std::vector<Trade> trades;
        for (const char *gross : {"5", "-2", "1.25"}) {
            Trade trade;
            trade.id = TradeId(static_cast<qint64>(trades.size()) + 1);
            trade.bot = BotId(trades.size() == 2 ? 2 : 1); // the last one is another bot's
            trade.symbol = Symbol(u"BTCUSDT"_s);
            trade.entryTime = *parseRfc3339(u"2026-11-20T12:00:00Z");
            trade.exitTime = trade.entryTime + 90min;
            trade.gross = *Money::parse(QByteArray(gross));
            trade.fees = *Money::parse(u"0.5");
            trades.push_back(trade);
        }
        m_server->backend.addTrades(trades);
        m_server->backend.addEquity(BotId(1), {{trades[0].exitTime, *Money::parse(u"9990")}});
        const auto answer = read("/api/v1/bots/1/stats");
        QCOMPARE(answer.status, 200);
        for (const char *part :
             {R"("currency":"USDT","trades":2,"wins":1,"losses":1,"gross":3,"fees":1,"funding":0,"net":2,)",
              R"("win_rate":0.5,"profit_factor":1.8,"expectancy":1,"average_win":4.5,"average_loss":-2.5,)",
              R"("exits":{"count":0,"wins":0,"losses":0,"win_rate":null,"net":0},)", R"("sharpe":null,"sortino":null,)",
              R"("max_drawdown":{"amount":10,"percent":0.1)", R"("by_day":[{"day":"2026-11-20","trades":2,)"})
            QVERIFY2(answer.body.contains(part), answer.body.constData());
        QCOMPARE(read("/api/v1/bots/99/stats").status, 404);
    }

    void aBotIsSentOnlyWhenItChanged()
    {
        const auto known = [this](const QByteArray &path, const QByteArray &tags) {
            return m_server->ask("GET", path, m_server->token(), {}, "If-None-Match: " + tags + "\r\n").status == 304;
        };
        for (const QByteArray path : {"/api/v1/bots/1", "/api/v1/bot-states/1"}) {
            const QByteArray stopped = read(path).headers.at("etag");
            QVERIFY(known(path, stopped) && known(path, "W/\"x\", " + stopped) && known(path, "*"));
            QVERIFY(!known(path, "\"x\""));
            (void)write("POST", "/api/v1/bots/1/start");
            QVERIFY(!known(path, stopped)); // is_active is another
            const QByteArray running = read(path).headers.at("etag");
            QVERIFY(known(path, running));
            QCOMPARE(write("PATCH", "/api/v1/bots/1", R"({"name":"A"})",
                           path.contains("bots") ? "If-Match: " + running + "\r\n" : QByteArray())
                             .status,
                     200);
            (void)write("POST", "/api/v1/bots/1/stop");
        }
    }

    void aBotIsShownWithTheDefaultsOfItsStrategy()
    {
        QVERIFY2(read("/api/v1/bots/1").body.contains(R"("strategy_params":{"fast":12,"slow":26})"),
                 read("/api/v1/bots/1").body.constData());
        const auto patched = write("PATCH", "/api/v1/bots/1", R"({"strategy_params":{"fast":5}})");
        QVERIFY2(patched.body.contains(R"("strategy_params":{"fast":5,"slow":26})"), patched.body.constData());
        QCOMPARE(std::get<UpdateBot>(m_server->backend.commands().back()).config.strategyParameters.size(), 1U);
        QVERIFY(read("/api/v1/bots").body.contains(R"("strategy_params":{"fast":5,"slow":26})"));
    }

    void listsAreSentOnlyWhenTheyChanged()
    {
        for (const QByteArray path : {"/api/v1/bots", "/api/v1/bot-states"}) {
            const QByteArray tag = read(path).headers.at("etag");
            m_server->clock.advance(1s); // the age of data is not a change
            const auto same = m_server->ask("GET", path, m_server->token(), {}, "If-None-Match: " + tag + "\r\n");
            QCOMPARE(same.status, 304);
            QVERIFY(same.body.isEmpty());
            (void)write("PATCH", "/api/v1/bots/1", "{\"name\":\"" + QByteArray::number(path.size()) + "\"}");
            QCOMPARE(m_server->ask("GET", path, m_server->token(), {}, "If-None-Match: " + tag + "\r\n").status, 200);
        }
    }

    void theKillSwitchIsPulledForWhatTheBodySays()
    {
        const QByteArray path = "/api/v1/kill-switch";
        const auto all = write("POST", path, R"({"scope":"everything","level":"flatten"})");
        QCOMPARE(all.status, 200);
        QCOMPARE(all.body, R"({"bots":[1],"orders":[]})");
        QCOMPARE(write("POST", path, R"({"scope":"bot","bot_id":1,"level":"cancel_orders","include_protection":true})")
                         .status,
                 200);
        QCOMPARE(write("POST", path, R"({"scope":"bot","bot_id":99,"level":"flatten"})").status, 404);
        for (const QByteArray scope : {"bot", "account"}) { // which one?
            const auto answer = write("POST", path, "{\"scope\":\"" + scope + "\",\"level\":\"flatten\"}");
            QCOMPARE(answer.status, 422);
            QVERIFY2(answer.body.contains("\"field\":\"bot_id\""), answer.body.constData());
        }
        QCOMPARE(write("POST", path, R"({"scope":"everything"})").status, 422);
        QCOMPARE(write("POST", path, R"({"scope":"everything","level":"explode"})").status, 422);
        QCOMPARE(write("POST", path, "{").status, 400);
        QCOMPARE(m_server->ask("POST", path, m_server->token(3, Role::Viewer),
                               R"({"scope":"everything","level":"flatten"})")
                         .status,
                 403);
        const auto pulled = m_server->backend.killSwitches();
        QCOMPARE(pulled.size(), 3U);
        QCOMPARE(pulled[0].scope, KillScope::Everything);
        QCOMPARE(pulled[0].level, KillLevel::Flatten);
        QCOMPARE(pulled[0].owner, UserId(1));
        QVERIFY(pulled[1].includesProtection);
        QCOMPARE(pulled[1].bot, BotId(1));
    }

    void tellsWhoAsks()
    {
        const auto answer = m_server->ask("GET", "/api/v1/auth/me", m_server->token(3, Role::Viewer));
        QCOMPARE(answer.body, "{\"id\":3,\"email\":\"viewer@example.org\",\"role\":\"viewer\",\"owner_id\":1,"
                              "\"token_issued_at\":\"2026-11-20T14:32:00.000Z\","
                              "\"token_expires_at\":\"2026-11-21T14:32:00.000Z\"}");
    }

private:
    ProbedAnswer read(const QByteArray &path) { return m_server->ask("GET", path, m_server->token()); }
    ProbedAnswer write(const QByteArray &method, const QByteArray &path, const QByteArray &body = {},
                       const QByteArray &moreHeaders = {})
    {
        return m_server->ask(method, path, m_server->token(), body, moreHeaders);
    }

    std::unique_ptr<TestServer> m_server;
};

QTEST_GUILESS_MAIN(ApiTest)
#include "tst_api.moc"
