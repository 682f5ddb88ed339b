// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/storage/sqlhistory.h"
#include "tests/integration/app/journalreading.h"
#include "tests/support/programundertest.h"

#include <QDeadlineTimer>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

#include <csignal>
#include <random>
#include <set>

using namespace tradebot;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr int kills = 100;
constexpr int candles = 3 * 24 * 60;
constexpr auto longestLife = 80ms;
constexpr auto patience = 120s; // only a test that fails waits so long

/// Three days of a nervous market, over three midnights and nine times of funding.
QByteArray recording()
{
    QByteArray csv = "open_time_ms,open,high,low,close,volume\n";
    std::mt19937_64 random(7);
    std::uniform_int_distribution<int> step(-60, 60);
    std::uniform_int_distribution<int> volume(5, 400);
    int price = 30'000;
    for (int i = 0; i < candles; ++i) {
        const int open = price;
        price = std::max(1000, price + step(random));
        const int high = std::max(open, price) + std::abs(step(random)) / 2;
        const int low = std::min(open, price) - std::abs(step(random)) / 2;
        const qint64 time = 1'772'402'400'000 + qint64(i) * 60'000; // 2026-03-01T22:00:00Z
        csv += QStringLiteral("%1,%2,%3,%4,%5,%6.%7\n")
                       .arg(time)
                       .arg(open)
                       .arg(high)
                       .arg(low)
                       .arg(price)
                       .arg(volume(random) / 100)
                       .arg(volume(random) % 10)
                       .toLatin1();
    }
    return csv;
}

/// Each meets something else that a kill could break.
std::vector<QByteArray> bots()
{
    return {
            // Long and short with leverage, stops that follow, funding, orders that fill in parts.
            R"({"name":"futures","symbol":"BTCUSDT","market":"usdm_futures","position_type":"both","leverage":5,
 "initial_balance":100000,"sizing":{"kind":"percent_of_equity","value":20},"timeframe":"1m",
 "strategy":"ema_cross","strategy_params":{"fast":3,"slow":9},"stop_loss":{"kind":"percent","value":0.6},
 "trailing_stop":{"percent":0.4,"activation_percent":0.2},"slippage_bps":1,
 "paper":{"depth_percent":30,"funding_rate":0.0005}})",
            // Stop and target as orders at the exchange, fees in what is bought.
            R"({"name":"orders at the exchange","symbol":"ETHUSDT","market":"spot","initial_balance":100000,
 "sizing":{"kind":"fixed_quote","value":20000},"timeframe":"5m","strategy":"rsi_reversion",
 "strategy_params":{"period":5,"oversold":40,"overbought":60},"stop_loss":{"kind":"atr","value":2},
 "take_profit":{"kind":"percent","value":0.4},"stops_at":"exchange","paper":{"fee_asset":"base","depth_percent":50}})",
            // Many orders that rest in a queue.
            R"({"name":"grid","symbol":"BTCUSDT","market":"spot","initial_balance":500000,"timeframe":"1m",
 "strategy":"grid","strategy_params":{"lower":27000,"upper":33000,"levels":60,"quantity_per_level":0.2},
 "paper":{"queue_percent":20}})",
            // Orders that take their time, and limits that end the day.
            R"({"name":"slow line","symbol":"BTCUSDT","market":"usdm_futures","position_type":"both","leverage":2,
 "initial_balance":50000,"sizing":{"kind":"risk_percent","value":1},"timeframe":"3m","strategy":"donchian_breakout",
 "strategy_params":{"entry":6,"exit":3},"stop_loss":{"kind":"percent","value":0.5},
 "limits":{"max_daily_trades":25,"cooldown_s":300},"paper":{"latency_ms":20000}})",
    };
}

/// What has to be the same, in words.
struct Outcomes
{
    QStringList lines;
    qint64 fills = 0;
    qint64 funding = 0;
};

} // namespace

/// A program that is killed a hundred times ends where one ends that nobody disturbed, to the last digit.
class ExactKillTest final : public QObject
{
    Q_OBJECT

private:
    static QString makeBots(ProgramUnderTest &program)
    {
        int number = 0;
        for (const QByteArray &bot : bots()) {
            const QString file = program.file(u"bot%1.json"_s.arg(++number));
            if (!writeWholeFile(file, bot))
                return u"%1 cannot be written"_s.arg(file);
            const Outcome added = program.command({u"bots"_s, u"add"_s, u"--config"_s, file});
            const Outcome started = program.command({u"bots"_s, u"start"_s, QString::number(number)});
            if (added.exitCode != 0 || started.exitCode != 0)
                return QString::fromUtf8(added.complaint + started.complaint);
        }
        return {};
    }

    [[nodiscard]] QStringList options() const { return {u"--market-data"_s, u"replay:%1@60000"_s.arg(m_recording)}; }

    static bool isAtTheEnd(const ProgramUnderTest &program, const QByteArray &token)
    {
        const QJsonArray states = QJsonDocument::fromJson(program.ask("GET", "/api/v1/bot-states", token).body).array();
        for (const QJsonValue state : states) {
            if (state[u"health_reason"].toString() != u"stale data")
                return false;
        }
        return states.size() == static_cast<qsizetype>(bots().size());
    }

    /// Runs what is left of the recording. Empty when it came to its end.
    QString runToTheEnd(ProgramUnderTest &program)
    {
        if (!program.start(options()))
            return QString::fromUtf8(program.complaintSoFar());
        const QByteArray token = program.token({u"--ttl"_s, u"1d"_s});
        const QDeadlineTimer deadline(patience);
        while (!isAtTheEnd(program, token)) {
            if (deadline.hasExpired())
                return u"the recording does not end"_s;
        }
        const Outcome ended = program.end(SIGTERM);
        return ended.exitCode == 0 ? QString() : QString::fromUtf8(ended.complaint);
    }

    static Outcomes outcomesOf(const ProgramUnderTest &program)
    {
        Outcomes all;
        SqlHistory history(program.databasePath());
        const auto records = history.bots();
        if (!records)
            return all;
        for (const BotRecord &bot : *records) {
            const BotState &state = bot.state;
            all.fills += state.life.fills;
            all.funding += state.life.funding.isZero() ? 0 : 1;
            all.lines.append(u"%1: balance %2, gross %3, fees %4, funding %5, %6 fills, %7 trades, holds %8 for %9"_s
                                     .arg(bot.config.name, state.balance.toString(), state.life.gross.toString(),
                                          state.life.fees.toString(), state.life.funding.toString())
                                     .arg(state.life.fills)
                                     .arg(state.life.trades)
                                     .arg(state.position.quantity.toString(), state.position.cost.toString()));
            TradeQuery query;
            query.bot = bot.id;
            query.limit = 10'000;
            for (const Trade &trade : history.trades(query).value_or(std::vector<Trade>())) {
                all.lines.append(u"%1 to %2: %3 at %4, out at %5, net %6, %7"_s.arg(
                        QString::fromLatin1(toRfc3339(trade.entryTime)), QString::fromLatin1(toRfc3339(trade.exitTime)),
                        trade.quantity.toString(), trade.entryPrice.toString(), trade.exitPrice.toString(),
                        trade.net().toString(), QString(toName(trade.exitReason))));
            }
        }
        return all;
    }

    static QString whatIsBroken(const ProgramUnderTest &program)
    {
        const Outcome check = program.command({u"check"_s});
        if (check.output != "ok\n")
            return QString::fromUtf8(check.output + check.complaint);
        const Outcome exported = program.command({u"export"_s, u"--kind"_s, u"events"_s, u"--format"_s, u"json"_s});
        const auto facts = readFacts(exported.output);
        if (!facts)
            return facts.error().text;
        std::set<QString> submitted;
        for (const ExportedFact &fact : *facts) {
            const auto *changed = std::get_if<OrderChanged>(&fact.event.payload);
            if (changed != nullptr && changed->trigger == OrderTrigger::Submit
                && !submitted.insert(changed->order.id.toString()).second)
                return u"order %1 was sent twice"_s.arg(changed->order.id.toString());
        }
        return {};
    }

    QTemporaryDir m_folder;
    QString m_recording;

private Q_SLOTS:
    void initTestCase()
    {
        m_recording = m_folder.filePath(u"market.csv"_s);
        QVERIFY(writeWholeFile(m_recording, recording()));
    }

    void aHundredKillsChangeNothing()
    {
        ProgramUnderTest calm;
        QString problem = makeBots(calm);
        QVERIFY2(problem.isEmpty(), qPrintable(problem));
        problem = runToTheEnd(calm);
        QVERIFY2(problem.isEmpty(), qPrintable(problem));
        const Outcomes expected = outcomesOf(calm);
        QVERIFY2(expected.fills > 300, qPrintable(expected.lines.join(u'\n')));
        QVERIFY(expected.funding > 0);

        const QByteArray given = qgetenv("TRADEBOT_TEST_SEED");
        const quint64 seed = given.isEmpty() ? std::random_device()() : given.toULongLong();
        qInfo("seed: TRADEBOT_TEST_SEED=%llu; %lld fills undisturbed", static_cast<unsigned long long>(seed),
              static_cast<long long>(expected.fills));
        std::mt19937_64 random(seed);
        ProgramUnderTest hunted;
        problem = makeBots(hunted);
        QVERIFY2(problem.isEmpty(), qPrintable(problem));
        for (int i = 0; i < kills; ++i) {
            const std::chrono::milliseconds life(
                    std::uniform_int_distribution<int>(0, static_cast<int>(longestLife.count()))(random));
            QVERIFY2(hunted.start(options()), hunted.complaintSoFar().constData());
            hunted.killAfter(life);
        }
        problem = runToTheEnd(hunted);
        QVERIFY2(problem.isEmpty(), qPrintable(problem));
        problem = whatIsBroken(hunted);
        QVERIFY2(problem.isEmpty(), qPrintable(problem));
        const Outcomes found = outcomesOf(hunted);
        for (qsizetype i = 0; i < std::min(found.lines.size(), expected.lines.size()); ++i)
            QCOMPARE(found.lines[i], expected.lines[i]);
        QCOMPARE(found.lines.size(), expected.lines.size());
    }
};

QTEST_GUILESS_MAIN(ExactKillTest)

#include "tst_exactkill.moc"
