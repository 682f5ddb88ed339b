// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/patience.h"
#include "tests/support/programundertest.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

using namespace tradebot;
using namespace Qt::StringLiterals;

namespace {

constexpr auto newBot = R"({"name":"contract","symbol":"BTCUSDT","strategy":"ema_cross","timeframe":"1s",
 "strategy_params":{"fast":2,"slow":3},"initial_balance":100000})";

QJsonObject objectOf(const ProbedAnswer &answer)
{
    return QJsonDocument::fromJson(answer.body).object();
}

} // namespace

/// What docs/web-api.md promises, by the real engine, store and server together.
class ContractTest final : public QObject
{
    Q_OBJECT

private:
    ProbedAnswer ask(const QByteArray &method, const QByteArray &path, const QByteArray &body = {}) const
    {
        return m_program.ask(method, "/api/v1" + path, m_token, body);
    }
    /// The number of a bot that was made and stands still, as part of a path.
    QByteArray makeBot() const { return QByteArray::number(objectOf(ask("POST", "/bots", newBot))[u"id"].toInt()); }
    QString statusOf(const QByteArray &bot) const
    {
        return objectOf(ask("GET", "/bot-states/" + bot))[u"status"].toString();
    }
    void stop(const QByteArray &bot) const
    {
        QCOMPARE(ask("POST", "/bots/" + bot + "/stop", R"({"close_position":true})").status, 200);
        QTRY_COMPARE(statusOf(bot), u"stopped"_s);
    }

    ProgramUnderTest m_program;
    QByteArray m_token;

private Q_SLOTS:
    void initTestCase()
    {
        QVERIFY2(m_program.start({u"--market-data"_s, u"simulated@100"_s}), m_program.complaintSoFar().constData());
        m_token = m_program.token();
    }

    void aStartTellsOfItselfInTheWordsOfTheContract()
    {
        const QByteArray bot = makeBot();
        HttpProbe viewer(m_program.port());
        viewer.send(HttpProbe::request("GET", "/api/trading/stream/" + bot, m_token));
        QVERIFY(viewer.readUntil("\"type\":\"connected\"").startsWith("HTTP/1.1 200 "));
        QCOMPARE(ask("POST", "/bots/" + bot + "/start", "{}").status, 200);
        (void)viewer.frame();
        const QByteArray first = viewer.frame();
        QVERIFY2(first.contains(
                         R"("data":{"status":"pending","previous":"stopped","message":"Initializing AI agent..."})"),
                 first.constData());
        const QByteArray second = viewer.frame();
        QVERIFY2(second.contains(
                         R"("data":{"status":"running","previous":"pending","message":"Starting trading session..."})"),
                 second.constData());
        stop(bot);
    }

    void aBotIsShownWithTheDefaultsOfItsStrategy()
    {
        const ProbedAnswer made = ask("POST", "/bots", R"({"name":"plain","symbol":"BTCUSDT","strategy":"ema_cross"})");
        QVERIFY2(made.body.contains(R"("strategy_params":{"fast":12,"slow":26})"), made.body.constData());
        const QByteArray path = "/bots/" + QByteArray::number(objectOf(made)[u"id"].toInt());
        const ProbedAnswer changed = ask("PATCH", path, R"({"strategy":"rsi_reversion"})"); // its own, then
        QVERIFY2(changed.body.contains(R"("period":14)") && !changed.body.contains("fast"), changed.body.constData());
    }

    void theKillSwitchReachesAnAccount()
    {
        const QByteArray bot = makeBot();
        QCOMPARE(ask("POST", "/bots/" + bot + "/start", "{}").status, 200);
        QTRY_COMPARE(statusOf(bot), u"running"_s);
        const ProbedAnswer pulled =
                ask("POST", "/kill-switch", R"({"scope":"account","level":"flatten","bot_id":)" + bot + '}');
        QCOMPARE(pulled.status, 200);
        QVERIFY2(objectOf(pulled)[u"bots"].toArray().contains(bot.toInt()), pulled.body.constData());
        QTRY_COMPARE(statusOf(bot), u"stopped"_s);
    }

    void aDeletedBotIsGoneEverywhere()
    {
        const QByteArray bot = makeBot();
        QCOMPARE(ask("POST", "/bots/" + bot + "/start", "{}").status, 200);
        QTRY_COMPARE(statusOf(bot), u"running"_s);
        QCOMPARE(ask("DELETE", "/bots/" + bot).status, 409); // not while it runs
        stop(bot);
        HttpProbe watching(m_program.port());
        watching.send(HttpProbe::request("GET", "/api/trading/stream/" + bot, m_token));
        QVERIFY(watching.readUntil("\"connected\"").startsWith("HTTP/1.1 200 "));
        QCOMPARE(ask("DELETE", "/bots/" + bot).status, 204);
        QVERIFY(watching.closes());
        for (const QByteArray path : {"/bots/%", "/bot-states/%", "/bots/%/trades", "/bots/%/events", "/bots/%/equity",
                                      "/bots/%/candles", "/bots/%/stats", "/bots/%/status-stream", "/stream?bots=%"}) {
            const ProbedAnswer answer = ask("GET", QByteArray(path).replace('%', bot));
            QVERIFY2(answer.status == 404, (path + ": " + answer.body).constData());
        }
        QCOMPARE(m_program.ask("GET", "/api/trading/stream/" + bot, m_token).status, 404);
        QCOMPARE(ask("DELETE", "/bots/" + bot).status, 404);
        QCOMPARE(ask("POST", "/bots/" + bot + "/start", "{}").status, 404);
        const QByteArray id = "\"id\":" + bot + ',';
        QVERIFY(!ask("GET", "/bots").body.contains(id));
        QVERIFY(!ask("GET", "/bot-states").body.contains(id));
    }
};

QTEST_GUILESS_MAIN(ContractTest)
#include "tst_contract.moc"
