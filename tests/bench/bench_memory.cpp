// SPDX-License-Identifier: GPL-3.0-or-later
// What the whole program takes of memory for a bot that waits for prices: engine, views, store and server together.
#include "tests/support/programundertest.h"

#include <QDeadlineTimer>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

#include <algorithm>
#include <cstdio>

using namespace tradebot;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

/// Bytes of a process that lie in memory and are its own.
qint64 privateBytes(qint64 process)
{
    QFile file(u"/proc/%1/smaps_rollup"_s.arg(process));
    if (!file.open(QIODevice::ReadOnly))
        return 0;
    qint64 kibibytes = 0;
    for (const QByteArray &line : file.readAll().split('\n')) {
        if (line.startsWith("Private_Dirty:") || line.startsWith("Private_Clean:"))
            kibibytes += line.simplified().split(' ').value(1).toLongLong();
    }
    return kibibytes * 1024;
}

} // namespace

class bench_Memory final : public QObject
{
    Q_OBJECT

private:
    /// Makes bots in a program that runs, and starts them if they are to run; what is wrong, or nothing.
    static QString addBots(const ProgramUnderTest &program, const QByteArray &token, int from, int count, bool runs,
                           bool shares)
    {
        for (int i = from; i < from + count; ++i) {
            const QByteArray number = QByteArray::number(i);
            const QByteArray symbol = shares ? "BTCUSDT" : "C" + number + "USDT";
            const ProbedAnswer made = program.ask(
                    "POST", "/api/v1/bots", token,
                    "{\"name\":\"bot " + number + "\",\"symbol\":\"" + symbol
                            + "\",\"market\":\"spot\",\"timeframe\":\"1m\",\"strategy\":\"ema_cross\","
                              "\"initial_balance\":1000,\"sizing\":{\"kind\":\"fixed_quote\",\"value\":100}}");
            if (made.status != 201)
                return QString::fromUtf8(made.body);
            if (runs && program.ask("POST", "/api/v1/bots/" + number + "/start", token, "{}").status != 200)
                return u"bot %1 does not start"_s.arg(i);
        }
        const QDeadlineTimer deadline(60s);
        while (runs && !deadline.hasExpired()) {
            const QJsonArray states =
                    QJsonDocument::fromJson(program.ask("GET", "/api/v1/bot-states", token).body).array();
            if (std::all_of(states.begin(), states.end(),
                            [](const QJsonValue &state) { return state[u"status"].toString() == u"running"; }))
                return {};
        }
        return runs ? u"the bots do not come to run"_s : QString();
    }

private Q_SLOTS:
    void anIdleBotTakesLessThan64KiB_data()
    {
        QTest::addColumn<bool>("runs");
        QTest::addColumn<bool>("shares");
        QTest::newRow("stopped") << false << true;
        QTest::newRow("running, on a shared market") << true << true;
        QTest::newRow("running, each on a market of its own") << true << false;
    }

    void anIdleBotTakesLessThan64KiB()
    {
        QFETCH(bool, runs);
        QFETCH(bool, shares);
        constexpr int first = 100; // what is made but once is there afterwards
        constexpr int more = 500;
        ProgramUnderTest program;
        QVERIFY2(program.start({u"--market-data"_s, u"simulated@1"_s}), program.complaintSoFar().constData());
        const QByteArray token = program.token();
        QString problem = addBots(program, token, 1, first, runs, shares);
        QVERIFY2(problem.isEmpty(), qPrintable(problem));
        const qint64 before = privateBytes(program.processId());
        problem = addBots(program, token, 1 + first, more, runs, shares);
        QVERIFY2(problem.isEmpty(), qPrintable(problem));
        const double each = static_cast<double>(privateBytes(program.processId()) - before) / more / 1024;
        std::printf("idle bot in the whole program, %s: %.1f KiB\n", QTest::currentDataTag(), each);
        QVERIFY2(before > 0 && each < 64, "an idle bot takes 64 KiB or more");
    }
};

QTEST_GUILESS_MAIN(bench_Memory)
#include "bench_memory.moc"
