// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/patience.h"
#include "tests/support/programundertest.h"

#include <QDeadlineTimer>
#include <QDir>
#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QRegularExpression>
#include <QStandardPaths>
#include <QTcpServer>
#include <QTest>

#include <csignal>

#include <sys/file.h>
#include <sys/resource.h>
#include <unistd.h>

using namespace tradebot;
using namespace Qt::StringLiterals;

namespace {

const QString sharedDir = QStringLiteral(TRADEBOT_SHARED_DIR);

constexpr auto standardBot = R"({"name":"standard","symbol":"BTCUSDT","strategy":"ema_cross",
 "strategy_params":{"fast":12,"slow":26},"position_type":"long","sizing":{"kind":"fixed_quantity","value":1},
 "initial_balance":100000,"fees":{"maker":0.001,"taker":0.001}})";

constexpr auto busyBot = R"({"name":"busy","symbol":"BTCUSDT","strategy":"ema_cross","timeframe":"1s",
 "strategy_params":{"fast":2,"slow":3},"initial_balance":100000})";

/// Far below the market, so that its three orders rest.
constexpr auto netBot = R"({"name":"net","symbol":"BTCUSDT","strategy":"grid","timeframe":"1s",
 "strategy_params":{"lower":100,"upper":200,"levels":3,"quantity_per_level":1},"initial_balance":100000})";

constexpr auto candleHeader = "open_time_ms,open,high,low,close,volume\n";

/// Candles of a minute whose closes are given.
QByteArray candles(const QList<int> &closes)
{
    QByteArray text = candleHeader;
    qint64 time = 1'577'836'800'000;
    for (const int close : closes) {
        const QByteArray price = QByteArray::number(close);
        text += QByteArray::number(time) + ',' + price + ',' + price + ',' + price + ',' + price + ",1\n";
        time += 60'000;
    }
    return text;
}

/// Up and down, so that averages cross.
QByteArray waves()
{
    QList<int> closes;
    for (int i = 0; i < 400; ++i)
        closes << 100 + (i / 40 % 2 == 0 ? i % 40 : 40 - i % 40);
    return candles(closes);
}

qsizetype lineCount(const QByteArray &text)
{
    return text.count('\n');
}

/// Of a refusal: the exit code, nothing on standard output, and a last line that begins with the program's name and
/// says why; of a usage error, that line alone.
void verifyRefusal(const Outcome &outcome, int exitCode, const QByteArray &words)
{
    const QByteArray said = outcome.complaint.trimmed();
    const QByteArray last = said.sliced(said.lastIndexOf('\n') + 1);
    QVERIFY2(last.startsWith("tradebotd: ") && last.contains(words), outcome.complaint.constData());
    QCOMPARE(outcome.exitCode, exitCode);
    QCOMPARE(outcome.output, QByteArray());
    if (exitCode == 2)
        QCOMPARE(lineCount(outcome.complaint), 1);
}

/// Whether nobody holds the lock, which is on the file and not the file itself.
bool isUnlocked(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadWrite | QIODevice::ExistingOnly) && flock(file.handle(), LOCK_EX | LOCK_NB) == 0;
}

} // namespace

/// What docs/cli.md promises to scripts, by the real program.
class CommandLineTest final : public QObject
{
    Q_OBJECT

private:
    /// A data folder with a busy bot that wants to run.
    void addBusyBot(const ProgramUnderTest &program)
    {
        const QString config = program.file(u"busy.json"_s);
        QVERIFY(writeWholeFile(config, busyBot));
        const Outcome added = program.command({u"bots"_s, u"add"_s, u"--config"_s, config});
        QVERIFY2(added.exitCode == 0, added.complaint.constData());
        QCOMPARE(program.command({u"bots"_s, u"start"_s, u"1"_s}).exitCode, 0);
    }

    /// A database that is refused: by the program and by every subcommand, without a byte of it changing.
    void verifyEverybodyRefuses(const ProgramUnderTest &program, const QByteArray &words)
    {
        const QByteArray before = readWholeFile(program.databasePath());
        const QString config = program.file(u"busy.json"_s);
        QVERIFY(writeWholeFile(config, busyBot));
        for (const QStringList &arguments : {QStringList{u"--listen"_s, u"127.0.0.1:0"_s},
                                             {u"--no-server"_s, u"--demo"_s},
                                             {u"token"_s},
                                             {u"check"_s},
                                             {u"bots"_s, u"list"_s},
                                             {u"bots"_s, u"add"_s, u"--config"_s, config},
                                             {u"bots"_s, u"start"_s, u"1"_s},
                                             {u"export"_s, u"--kind"_s, u"trades"_s},
                                             {u"backup"_s, program.file(u"copy.db"_s)}}) {
            const Outcome outcome = program.command(arguments);
            const QByteArray call = arguments.join(u' ').toUtf8() + ": ";
            QVERIFY2(outcome.exitCode == 1,
                     (call + QByteArray::number(outcome.exitCode) + outcome.complaint).constData());
            QVERIFY2(outcome.complaint.contains(words), (call + outcome.complaint).constData());
            QVERIFY2(outcome.output.isEmpty(), (call + outcome.output).constData());
            QVERIFY2(readWholeFile(program.databasePath()) == before, (call + "the database was changed").constData());
        }
        QVERIFY(!QFileInfo::exists(program.file(u"copy.db"_s)));
    }

private Q_SLOTS:
    void helpAndVersionSucceed_data()
    {
        QTest::addColumn<QStringList>("command");
        QTest::newRow("program") << QStringList();
        for (const QString &name : {u"token"_s, u"backtest"_s, u"indicators"_s, u"bots"_s, u"export"_s, u"check"_s,
                                    u"backup"_s, u"restore"_s})
            QTest::newRow(qPrintable(name)) << QStringList{name};
    }

    void helpAndVersionSucceed()
    {
        QFETCH(const QStringList, command);
        const Outcome help = ProgramUnderTest::run(command + QStringList{u"--help"_s});
        QCOMPARE(help.exitCode, 0);
        QCOMPARE(help.complaint, QByteArray());
        QVERIFY2(help.output.contains("--help"), help.output.constData());
        const Outcome version = ProgramUnderTest::run(command + QStringList{u"--version"_s});
        QCOMPARE(version.exitCode, 0);
        QCOMPARE(version.complaint, QByteArray());
        QVERIFY2(QRegularExpression(u"^tradebotd \\d+\\.\\d+\\.\\d+\n$"_s)
                         .match(QString::fromUtf8(version.output))
                         .hasMatch(),
                 version.output.constData());
    }

    void usageErrorsAreOneLineThatSaysHowToMendIt_data()
    {
        QTest::addColumn<QString>("arguments");
        QTest::addColumn<QByteArray>("words");
        const auto row = [](const char *arguments, const char *words) {
            QTest::newRow(arguments) << QString::fromLatin1(arguments) << QByteArray(words);
        };
        row("--bogus", "bogus");
        row("frobnicate", "\"frobnicate\" is neither an option nor a command");
        row("--listen nonsense", "write ADDR:PORT");
        row("--listen 127.0.0.1:99999", "write ADDR:PORT");
        row("--market-data binance", "give simulated");
        row("--market-data simulated@0", "must be a number from");
        row("--market-data replay:", "names no file");
        row("--market-data replay:x.csv@fast", "the speed \"fast\" must be a number");
        row("--allow-host desk:8787", "without a port");
        row("--allow-host a/b", "without a port");
        row("--seed x", "must be a whole number");
        row("--data-dir d token", "\"token\" must come first: tradebotd token");
        row("--data-dir d bots list", "\"bots\" must come first: tradebotd bots");
        row("--seed -1", "must be a whole number");
        row("--log-level loud", "debug, info or warning");
        row("--data-dir", "data-dir");
        row("token --role admin", "owner or viewer");
        row("token --ttl 0", "is not a lifetime");
        row("token --ttl 9999d", "is not a lifetime");
        row("token --ttl soon", "is not a lifetime");
        row("token --ttl 99999999999999999999h", "is not a lifetime");
        row("token now", "now");
        row("backtest", "--config is missing");
        row("backtest --config a.json", "--candles is missing");
        row("backtest --config a.json --candles b.csv c", "\"c\"");
        row("bots", "bots wants list");
        row("bots fly", "bots wants list");
        row("bots add", "bots wants list");
        row("bots start", "bots wants list");
        row("bots start x", "is not the number of a bot");
        row("bots stop 0", "is not the number of a bot");
        row("export", "--kind must be one of");
        row("export --kind sums", "--kind must be one of");
        row("export --kind trades --format xml", "--format must be one of");
        row("export --kind trades --bot x", "--bot must be the number");
        row("export --kind trades --bot 0", "--bot must be the number");
        row("export --kind trades --bot -3", "--bot must be the number");
        row("export --kind trades --from yesterday", "--from");
        row("export --kind trades more", "more");
        row("check twice", "\"twice\" is one word too many");
        row("backup", "backup wants one FILE");
        row("backup a b", "\"b\" is one word too many");
        row("restore", "restore wants one FILE");
        row("restore a b", "\"b\" is one word too many");
    }

    void usageErrorsAreOneLineThatSaysHowToMendIt()
    {
        QFETCH(const QString, arguments);
        QFETCH(const QByteArray, words);
        verifyRefusal(ProgramUnderTest::run(arguments.split(u' ')), 2, words);
    }

    void resultsThatCannotBeWrittenAreAFailure_data()
    {
        QTest::addColumn<QString>("call");
        for (const QString &call :
             {u"--help"_s, u"--version"_s, u"bots --help"_s, u"token --data-dir DIR"_s, u"bots list --data-dir DIR"_s,
              u"check --data-dir DIR"_s, u"export --kind events --format json --data-dir DIR"_s,
              u"backtest --config CONFIG --candles CANDLES"_s, u"indicators --candles CANDLES --spec ema(2)"_s,
              u"--listen 127.0.0.1:0 --log-level warning --data-dir DIR"_s})
            QTest::newRow(qPrintable(call)) << call;
    }

    void resultsThatCannotBeWrittenAreAFailure()
    {
        if (!QFileInfo::exists(u"/dev/full"_s))
            QSKIP("there is no disk that is always full");
        QFETCH(QString, call);
        const ProgramUnderTest program;
        addBusyBot(program);
        const QString config = program.file(u"standard.json"_s);
        const QString recording = program.file(u"candles.csv"_s);
        QVERIFY(writeWholeFile(config, standardBot) && writeWholeFile(recording, waves()));
        call.replace(u"DIR"_s, program.dataDir()).replace(u"CONFIG"_s, config).replace(u"CANDLES"_s, recording);
        for (const bool isFull : {true, false}) { // or closed
            const QString script = u"exec \"$0\" \"$@\" "_s + (isFull ? u">/dev/full"_s : u">&-"_s);
            QProcess process;
            process.start(u"sh"_s, QStringList{u"-c"_s, script, ProgramUnderTest::program()} + call.split(u' '));
            QVERIFY(process.waitForFinished());
            const QByteArray said = process.readAllStandardError();
            QVERIFY2(said.startsWith("tradebotd: standard output cannot be written: "), said.constData());
            QCOMPARE(lineCount(said), 1);
            QCOMPARE(process.exitCode(), 1);
        }
        QCOMPARE(program.command({u"check"_s}).output, "ok\n");
    }

    void whatIsMissingIsNamed()
    {
        const ProgramUnderTest program;
        const QString nowhere = program.file(u"nowhere.csv"_s);
        const QString config = program.file(u"bot.json"_s);
        QVERIFY(writeWholeFile(config, standardBot));
        verifyRefusal(ProgramUnderTest::run({u"backtest"_s, u"--config"_s, config, u"--candles"_s, nowhere}), 1,
                      "nowhere.csv cannot be read: No such file");
        verifyRefusal(ProgramUnderTest::run({u"backtest"_s, u"--config"_s, nowhere, u"--candles"_s, nowhere}), 1,
                      "nowhere.csv cannot be read: No such file");
        for (const QStringList &arguments : {QStringList{u"bots"_s, u"list"_s},
                                             {u"check"_s},
                                             {u"export"_s, u"--kind"_s, u"events"_s},
                                             {u"backup"_s, program.file(u"copy.db"_s)},
                                             {u"restore"_s, program.file(u"copy.db"_s)}}) {
            verifyRefusal(program.command(arguments), 1, "there is no database");
        }
        QVERIFY(!QFileInfo::exists(program.dataDir())); // whoever only reads makes nothing
    }

    // --- tokens ---

    void tokensOpenWhatTheirRoleMay()
    {
        ProgramUnderTest program;
        QVERIFY2(program.start({u"--demo"_s}), program.complaintSoFar().constData());
        const QByteArray owner = program.token();
        const QByteArray viewer = program.token({u"--role"_s, u"viewer"_s, u"--ttl"_s, u"90s"_s});
        QCOMPARE(owner.count('.'), 2);
        QVERIFY(owner != viewer);
        for (const QByteArray &token : {owner, viewer})
            QCOMPARE(program.ask("GET", "/api/v1/bots", token).status, 200);
        QCOMPARE(program.ask("POST", "/api/v1/bots/1/stop", viewer, "{}").status, 403);
        QCOMPARE(program.ask("POST", "/api/v1/bots/1/stop", owner, "{}").status, 200);
        QCOMPARE(program.ask("GET", "/api/v1/bots").status, 401);
        QCOMPARE(program.ask("GET", "/api/v1/bots", owner.chopped(1)).status, 401);
    }

    void allTokensCanBeRevokedBesideARunningProgram()
    {
        ProgramUnderTest program;
        addBusyBot(program);
        QVERIFY2(program.start(), program.complaintSoFar().constData());
        const QByteArray before = program.token();
        HttpProbe viewer(program.port());
        viewer.send(HttpProbe::request("GET", "/api/trading/stream/1", before));
        QVERIFY(viewer.readUntil("\"connected\"").startsWith("HTTP/1.1 200 "));
        const QByteArray after = program.token({u"--revoke-all"_s});
        QCOMPARE(program.ask("GET", "/api/v1/bots", before).status, 401);
        QCOMPARE(program.ask("GET", "/api/v1/bots", after).status, 200);
        QVERIFY(viewer.closes()); // an open stream, too
        QCOMPARE(program.command({u"bots"_s, u"stop"_s, u"1"_s}).exitCode, 0);
        QCOMPARE(program.end(SIGTERM).exitCode, 0);
        QCOMPARE(program.command({u"check"_s}).output, "ok\n");
    }

    // --- statistics ---

    void statisticsOfABotThatHasNotTradedAreUnknown()
    {
        ProgramUnderTest program;
        const QString config = program.file(u"bot.json"_s);
        QVERIFY(writeWholeFile(config, standardBot));
        QCOMPARE(program.command({u"bots"_s, u"add"_s, u"--config"_s, config}).exitCode, 0);
        QVERIFY2(program.start(), program.complaintSoFar().constData());
        const ProbedAnswer answer = program.ask("GET", "/api/v1/bots/1/stats", program.token());
        QCOMPARE(answer.status, 200);
        const QJsonObject statistics = QJsonDocument::fromJson(answer.body).object();
        QCOMPARE(statistics[u"trades"].toInt(), 0);
        QCOMPARE(statistics[u"initial_balance"].toInt(), 100'000);
        QVERIFY(statistics[u"win_rate"].isNull() && statistics[u"max_drawdown"].isNull());
    }

    // --- backtest ---

    void theStandardJobComesOutToTheLastDigit()
    {
        const QString generator = sharedDir + u"/tools/gen_candles.py"_s;
        const QString python = QStandardPaths::findExecutable(u"python3"_s);
        if (!QFileInfo::exists(generator) || python.isEmpty())
            QSKIP("the generator of the standard job is not there");
        const ProgramUnderTest program;
        const QString recording = program.file(u"candles.csv"_s);
        const QString config = program.file(u"bot.json"_s);
        QVERIFY(writeWholeFile(config, standardBot));
        QCOMPARE(QProcess::execute(python, {generator, u"500000"_s, recording, u"42"_s}), 0);

        QList<Outcome> runs;
        QList<QByteArray> reports;
        for (const QString &name : {u"first"_s, u"second"_s}) {
            const QString json = program.file(name + u".json"_s);
            const QString trades = program.file(name + u".csv"_s);
            runs << ProgramUnderTest::run({u"backtest"_s, u"--config"_s, config, u"--candles"_s, recording, u"--json"_s,
                                           json, u"--trades"_s, trades});
            reports << readWholeFile(json) + readWholeFile(trades);
        }
        QCOMPARE(runs[0].exitCode, 0);
        QCOMPARE(runs[0].complaint, QByteArray());
        QVERIFY2(runs[0].output.contains("\nequity 98302.5071521\n"), runs[0].output.constData());
        QVERIFY2(runs[0].output.contains("\n18101 fills\n"), runs[0].output.constData());
        QCOMPARE(runs[1].output, runs[0].output);
        QVERIFY(reports[0] == reports[1] && reports[0].size() > 1'000'000);

        const Outcome plain = ProgramUnderTest::run({u"backtest"_s, u"--config"_s, config, u"--candles"_s, recording});
        QCOMPARE(plain.output, runs[0].output);
        struct rusage usage = {};
        QCOMPARE(getrusage(RUSAGE_CHILDREN, &usage), 0);
        qInfo("the largest process so far took %ld MiB", usage.ru_maxrss / 1024);
        if (!TRADEBOT_SANITIZED)
            QVERIFY(usage.ru_maxrss < 100 * 1024);
    }

    void theReportsOfABacktestAgree()
    {
        const ProgramUnderTest program;
        const QString config = program.file(u"bot.json"_s);
        const QString recording = program.file(u"candles.csv"_s);
        QVERIFY(writeWholeFile(config, standardBot) && writeWholeFile(recording, waves()));
        const Outcome run =
                ProgramUnderTest::run({u"backtest"_s, u"--config"_s, config, u"--candles"_s, recording, u"--json"_s,
                                       program.file(u"out.json"_s), u"--html"_s, program.file(u"out.html"_s),
                                       u"--trades"_s, program.file(u"out.csv"_s)});
        QVERIFY2(run.exitCode == 0, run.complaint.constData());
        const QJsonObject json = QJsonDocument::fromJson(readWholeFile(program.file(u"out.json"_s))).object();
        const QByteArray html = readWholeFile(program.file(u"out.html"_s));
        const QByteArray trades = readWholeFile(program.file(u"out.csv"_s));
        const int tradeCount = json[u"totals"][u"trades"].toInt();
        const int fillCount = json[u"totals"][u"fills"].toInt();
        QVERIFY(tradeCount > 3);
        QCOMPARE(json[u"trades"].toArray().size(), tradeCount);
        QCOMPARE(json[u"statistics"][u"trades"].toInt(), tradeCount);
        QVERIFY(json[u"statistics"][u"sharpe"].isNull()); // of less than a day
        QVERIFY2(run.output.contains("\nsharpe      -\n"), run.output.constData());
        QCOMPARE(lineCount(trades), tradeCount + 1);
        QVERIFY2(run.output.contains('\n' + QByteArray::number(fillCount) + " fills\n"), run.output.constData());
        const qsizetype at = run.output.indexOf("\nequity ") + 8;
        const QByteArray equity = run.output.sliced(at, run.output.indexOf('\n', at) - at);
        QCOMPARE(json[u"equity"].toDouble(), equity.toDouble());
        QCOMPARE(json[u"curve"].toArray().last().toArray().last().toDouble(), equity.toDouble());
        QVERIFY(html.contains(">" + equity + "<") && html.contains(">" + QByteArray::number(fillCount) + "<"));
    }

    void aReportCanGoWhereNoFileIs()
    {
        const ProgramUnderTest program;
        const QString config = program.file(u"bot.json"_s);
        const QString recording = program.file(u"candles.csv"_s);
        QVERIFY(writeWholeFile(config, standardBot) && writeWholeFile(recording, waves()));
        const QStringList call{u"backtest"_s, u"--config"_s, config, u"--candles"_s, recording};
        const Outcome plain = ProgramUnderTest::run(call);
        const Outcome piped = ProgramUnderTest::run(call + QStringList{u"--json"_s, u"/dev/stdout"_s});
        QVERIFY2(piped.exitCode == 0, piped.complaint.constData());
        QVERIFY(piped.output.startsWith(plain.output));
        const QByteArray json = piped.output.sliced(plain.output.size());
        QCOMPARE(QJsonDocument::fromJson(json).object()[u"config"][u"name"].toString(), u"standard"_s);
        const Outcome full = ProgramUnderTest::run(call + QStringList{u"--json"_s, u"/dev/full"_s});
        QCOMPARE(full.exitCode, 1);
        QVERIFY2(full.complaint.contains("/dev/full cannot be written: No space"), full.complaint.constData());
    }

    void aBacktestThatBeginsLaterKnowsWhatWasBefore()
    {
        const ProgramUnderTest program;
        const QString config = program.file(u"bot.json"_s);
        const QString recording = program.file(u"candles.csv"_s);
        // 100 flat minutes, and one above: a signal, but only for averages that had their 26 candles before it.
        QList<int> closes(100, 100);
        closes << 110 << 110;
        QVERIFY(writeWholeFile(config, standardBot) && writeWholeFile(recording, candles(closes)));
        const Outcome run = ProgramUnderTest::run({u"backtest"_s, u"--config"_s, config, u"--candles"_s, recording,
                                                   u"--from"_s, u"2020-01-01T01:40:00Z"_s});
        QVERIFY2(run.exitCode == 0, run.complaint.constData());
        QVERIFY2(run.output.contains("candles     2\n") && run.output.contains("\n1 fills\n"), run.output.constData());
    }

    void aBacktestCanBeCut()
    {
        const ProgramUnderTest program;
        const QString config = program.file(u"bot.json"_s);
        const QString recording = program.file(u"candles.csv"_s);
        QVERIFY(writeWholeFile(config, standardBot) && writeWholeFile(recording, waves()));
        const QStringList call{u"backtest"_s, u"--config"_s, config, u"--candles"_s, recording};
        const Outcome cut = ProgramUnderTest::run(
                call + QStringList{u"--from"_s, u"2020-01-01T01:00:00Z"_s, u"--to"_s, u"2020-01-01T02:00:00Z"_s});
        QVERIFY2(cut.exitCode == 0, cut.complaint.constData());
        QVERIFY2(cut.output.contains("candles     60\n"), cut.output.constData());
        verifyRefusal(ProgramUnderTest::run(call + QStringList{u"--from"_s, u"noon"_s}), 2, "--from");
        const Outcome empty = ProgramUnderTest::run(call + QStringList{u"--from"_s, u"2021-01-01T00:00:00Z"_s});
        verifyRefusal(empty, 1, "candle");
    }

    void aMalformedRowIsRefusedWithItsLine_data()
    {
        QTest::addColumn<QByteArray>("row");
        QTest::newRow("no number") << QByteArray("1577837040000,100,abc,100,100,1");
        QTest::newRow("too few columns") << QByteArray("1577837040000,100,100,100");
        QTest::newRow("high below low") << QByteArray("1577837040000,100,99,101,100,1");
        QTest::newRow("an open that is no price") << QByteArray("1577837040000,-100,100,100,100,1");
        QTest::newRow("an earlier time") << QByteArray("1577836800000,100,100,100,100,1");
        QTest::newRow("a number that is too large") << QByteArray("1577837040000,1e30,100,100,100,1");
        QTest::newRow("no text") << QByteArray("\xff\xfe\x00\x01", 4);
    }

    void aMalformedRowIsRefusedWithItsLine()
    {
        QFETCH(const QByteArray, row);
        const ProgramUnderTest program;
        const QString config = program.file(u"bot.json"_s);
        const QString recording = program.file(u"candles.csv"_s);
        QVERIFY(writeWholeFile(config, standardBot));
        QVERIFY(writeWholeFile(recording, candles({100, 101, 102, 103}) + row + "\n1577837100000,100,100,100,100,1\n"));
        const Outcome run = ProgramUnderTest::run({u"backtest"_s, u"--config"_s, config, u"--candles"_s, recording});
        verifyRefusal(run, 1, "candles.csv: line 6");
    }

    void everyRecordingCanBePlayed_data()
    {
        QTest::addColumn<QString>("recording");
        const QDir dir(sharedDir + u"/data/market"_s);
        const QStringList names = dir.entryList({u"candles_*.csv"_s});
        for (const QString &name : names)
            QTest::newRow(qPrintable(name)) << dir.filePath(name);
        if (names.isEmpty())
            QTest::newRow("none") << QString();
    }

    void everyRecordingCanBePlayed()
    {
        QFETCH(const QString, recording);
        if (recording.isEmpty())
            QSKIP("the recorded candles are not there");
        const ProgramUnderTest program;
        const QString config = program.file(u"bot.json"_s);
        // The name says the candles' timeframe: candles_coinbase_BTCUSD_4h.csv.
        const auto timeframe = QRegularExpression(u"_(\\d+[mhd])[_.]"_s).match(recording);
        QVERIFY(timeframe.hasMatch());
        const QByteArray bot = QByteArray(R"({"name":"player","symbol":"BTCUSDT","strategy":"ema_cross",
 "timeframe":"%timeframe","sizing":{"kind":"percent_of_equity","value":50}})")
                                       .replace("%timeframe", timeframe.captured(1).toUtf8());
        QVERIFY(writeWholeFile(config, bot));
        const Outcome run = ProgramUnderTest::run({u"backtest"_s, u"--config"_s, config, u"--candles"_s, recording});
        QVERIFY2(run.exitCode == 0, run.complaint.constData());
        QVERIFY2(QRegularExpression(u"\nequity \\d+(\\.\\d+)?\n[1-9]\\d* fills\n$"_s)
                         .match(QString::fromUtf8(run.output))
                         .hasMatch(),
                 run.output.constData());
    }

    void aBotThatIsNotValidIsRefusedByField_data()
    {
        QTest::addColumn<QByteArray>("bot");
        QTest::addColumn<QByteArray>("words");
        QTest::newRow("no JSON") << QByteArray("{") << QByteArray("bot.json: ");
        QTest::newRow("no symbol") << QByteArray(R"({"name":"a","strategy":"ema_cross"})") << QByteArray("symbol");
        QTest::newRow("an unknown strategy")
                << QByteArray(R"({"name":"a","symbol":"BTCUSDT","strategy":"luck"})") << QByteArray("strategy");
        QTest::newRow("a short on spot") << QByteArray(
                R"({"name":"a","symbol":"BTCUSDT","strategy":"ema_cross","position_type":"short"})")
                                         << QByteArray("position_type");
        QTest::newRow("a leverage of 0") << QByteArray(
                R"({"name":"a","symbol":"BTCUSDT","strategy":"ema_cross","leverage":0})")
                                         << QByteArray("leverage");
        QTest::newRow("a field that there is not")
                << QByteArray(R"({"name":"a","symbol":"BTCUSDT","strategy":"ema_cross","levrage":2})")
                << QByteArray("levrage");
        QTest::newRow("a parameter out of range")
                << QByteArray(R"({"name":"a","symbol":"BTCUSDT","strategy":"ema_cross","strategy_params":{"fast":30}})")
                << QByteArray("strategy_params.fast");
    }

    void aBotThatIsNotValidIsRefusedByField()
    {
        QFETCH(const QByteArray, bot);
        QFETCH(const QByteArray, words);
        const ProgramUnderTest program;
        const QString config = program.file(u"bot.json"_s);
        const QString recording = program.file(u"candles.csv"_s);
        QVERIFY(writeWholeFile(config, bot) && writeWholeFile(recording, waves()));
        const QStringList backtest{u"backtest"_s, u"--config"_s, config, u"--candles"_s, recording};
        verifyRefusal(ProgramUnderTest::run(backtest), 1, words);
        verifyRefusal(program.command({u"bots"_s, u"add"_s, u"--config"_s, config}), 1, words);
    }

    void allThatIsWrongWithABotIsSaidInOneLine()
    {
        ProgramUnderTest program;
        const QString config = program.file(u"bot.json"_s);
        const auto refuses = [&](const QByteArray &bot, const QByteArrayList &words) {
            QVERIFY(writeWholeFile(config, bot));
            const Outcome outcome = program.command({u"bots"_s, u"add"_s, u"--config"_s, config});
            verifyRefusal(outcome, 1, "bot.json: ");
            for (const QByteArray &word : words)
                QVERIFY2(outcome.complaint.contains(word), outcome.complaint.constData());
        };
        for (const bool isRunning : {false, true}) {
            if (isRunning)
                QVERIFY2(program.start({u"--log-level"_s, u"warning"_s}), program.complaintSoFar().constData());
            refuses("{", {"bot.json"});
            refuses(R"({"name":"a","strategy":"ema_cross","leverage":0,"initial_balance":-1,"levrage":"x"})",
                    {"symbol is missing", "leverage must", "initial_balance must", "levrage is not a known field"});
            refuses(R"({"name":"a\u0007","symbol":"BTCUSDT","strategy":"ema_cross",
                       "strategy_params":{"fast":30000,"slow":1,"medium":2}})",
                    {"strategy_params.fast", "strategy_params.slow", "strategy_params.medium", "name must hold no"});
            refuses(R"({"name":"a\u0007","symbol":"BTCUSDT","strategy":"ema_cross","leverage":0,"levrage":"x",
                       "strategy_params":{"fast":30,"slow":10}})",
                    {"levrage is not", "leverage must", "name must hold no",
                     "strategy_params.fast must be below slow"});
            refuses(R"({"name":"a","strategy":"magic","leverage":0})",
                    {"symbol is missing", "leverage must", "there is no strategy \"magic\"; known: ema_cross,"});
        }
    }

    void aDecimalCommaOfTheUsersLocaleChangesNothing()
    {
        const ProgramUnderTest program;
        if (QStandardPaths::findExecutable(u"localedef"_s).isEmpty()
            || QProcess::execute(u"localedef"_s, {u"-i"_s, u"de_DE"_s, u"-f"_s, u"UTF-8"_s, u"--no-archive"_s,
                                                  program.file(u"de_DE.UTF-8"_s)})
                       != 0)
            QSKIP("a locale with a decimal comma cannot be made here");
        const QString config = program.file(u"bot.json"_s);
        const QString recording = program.file(u"candles.csv"_s);
        QVERIFY(writeWholeFile(config, standardBot) && writeWholeFile(recording, waves()));
        const auto run = [&](const QString &locale) {
            QProcess process;
            QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
            environment.insert(u"LOCPATH"_s, QFileInfo(config).path());
            environment.insert(u"LC_ALL"_s, locale);
            process.setProcessEnvironment(environment);
            process.start(ProgramUnderTest::program(),
                          {u"backtest"_s, u"--config"_s, config, u"--candles"_s, recording});
            process.waitForFinished();
            return process.readAllStandardError() + process.readAllStandardOutput();
        };
        const QByteArray plain = run(u"C.UTF-8"_s);
        QVERIFY2(plain.contains("\nequity "), plain.constData());
        QCOMPARE(run(u"de_DE.UTF-8"_s), plain);
    }

    // --- bots, export, check, backup ---

    void botsAreHandledWithoutARunningProgram()
    {
        ProgramUnderTest program;
        addBusyBot(program);
        QCOMPARE(program.command({u"bots"_s, u"list"_s}).output, "1\tbusy\tBTCUSDT\tdemo\tema_cross\tpending\n");
        const QByteArray stopped = "1\tbusy\tBTCUSDT\tdemo\tema_cross\tstopped\n";
        QCOMPARE(program.command({u"bots"_s, u"stop"_s, u"1"_s}).output, stopped);
        QCOMPARE(program.command({u"bots"_s, u"list"_s}).output, stopped);
        verifyRefusal(program.command({u"bots"_s, u"start"_s, u"77"_s}), 1, "bot 77 does not exist");
        QCOMPARE(program.command({u"bots"_s, u"start"_s, u"1"_s}).exitCode, 0);
        // The program takes up what was asked for while it was away.
        QVERIFY2(program.start({u"--market-data"_s, u"simulated@100"_s}), program.complaintSoFar().constData());
        QTRY_COMPARE(program.command({u"bots"_s, u"list"_s}).output, "1\tbusy\tBTCUSDT\tdemo\tema_cross\trunning\n");
        QCOMPARE(program.end(SIGTERM).exitCode, 0);
        QCOMPARE(program.command({u"check"_s}).output, "ok\n");
    }

    void botsAreHandledInARunningProgram()
    {
        ProgramUnderTest program;
        QVERIFY2(program.start({u"--market-data"_s, u"simulated@100"_s}), program.complaintSoFar().constData());
        addBusyBot(program);
        QTRY_COMPARE(program.command({u"bots"_s, u"list"_s}).output, "1\tbusy\tBTCUSDT\tdemo\tema_cross\trunning\n");
        const QByteArray token = program.token();
        QVERIFY(program.ask("GET", "/api/v1/bot-states/1", token).body.contains(R"("status":"running")"));
        QCOMPARE(program.command({u"bots"_s, u"stop"_s, u"1"_s}).output, // as without a running program
                 "1\tbusy\tBTCUSDT\tdemo\tema_cross\tstopped\n");
        QVERIFY(program.ask("GET", "/api/v1/bot-states/1", token).body.contains(R"("status":"stopped")"));
        QCOMPARE(program.command({u"bots"_s, u"add"_s, u"--config"_s, program.file(u"busy.json"_s)}).output,
                 "2\tbusy\tBTCUSDT\tdemo\tema_cross\tstopped\n");
        verifyRefusal(program.command({u"bots"_s, u"start"_s, u"77"_s}), 1, "77");
        QVERIFY(writeWholeFile(program.file(u"bad.json"_s), R"({"name":"a"})"));
        verifyRefusal(program.command({u"bots"_s, u"add"_s, u"--config"_s, program.file(u"bad.json"_s)}), 1, "");
    }

    void theKillSwitchIsPulledFromTheCommandLine()
    {
        ProgramUnderTest program;
        addBusyBot(program);
        verifyRefusal(program.command({u"bots"_s, u"kill"_s, u"flatten"_s}), 1, "no program runs");
        verifyRefusal(program.command({u"bots"_s, u"kill"_s, u"softly"_s}), 2, "flatten");
        QVERIFY2(program.start({u"--market-data"_s, u"simulated@100"_s}), program.complaintSoFar().constData());
        QTRY_COMPARE(program.command({u"bots"_s, u"list"_s}).output, "1\tbusy\tBTCUSDT\tdemo\tema_cross\trunning\n");
        verifyRefusal(program.command({u"bots"_s, u"kill"_s, u"flatten"_s, u"77"_s}), 1, "77");
        QCOMPARE(program.command({u"bots"_s, u"kill"_s, u"pause_entries"_s, u"1"_s}).exitCode, 0);
        QTRY_COMPARE(program.command({u"bots"_s, u"list"_s}).output, "1\tbusy\tBTCUSDT\tdemo\tema_cross\tpaused\n");
        QCOMPARE(program.command({u"bots"_s, u"kill"_s, u"flatten"_s}).exitCode, 0);
        QTRY_COMPARE(program.command({u"bots"_s, u"list"_s}).output, "1\tbusy\tBTCUSDT\tdemo\tema_cross\tstopped\n");
        QTRY_VERIFY(program.command({u"export"_s, u"--kind"_s, u"events"_s, u"--format"_s, u"csv"_s})
                            .output.contains("kill_switch_done"));
    }

    void theKillSwitchReachesWhatItIsPulledFor_data()
    {
        QTest::addColumn<QString>("level");
        QTest::addColumn<bool>("forAll");
        QTest::addColumn<QByteArray>("state");
        for (const bool forAll : {false, true}) {
            for (const auto &[level, state] :
                 {std::pair{"pause_entries", "paused"}, {"cancel_orders", "paused"}, {"flatten", "stopped"}})
                QTest::addRow("%s %s", level, forAll ? "all" : "one")
                        << QString::fromLatin1(level) << forAll << QByteArray(state);
        }
    }
    void theKillSwitchReachesWhatItIsPulledFor()
    {
        QFETCH(const QString, level);
        QFETCH(const bool, forAll);
        QFETCH(const QByteArray, state);
        ProgramUnderTest program;
        addBusyBot(program);
        const QString net = program.file(u"net.json"_s);
        QVERIFY(writeWholeFile(net, netBot));
        QCOMPARE(program.command({u"bots"_s, u"add"_s, u"--config"_s, net}).exitCode, 0);
        QCOMPARE(program.command({u"bots"_s, u"start"_s, u"2"_s}).exitCode, 0);
        QVERIFY2(program.start({u"--market-data"_s, u"simulated@100"_s}), program.complaintSoFar().constData());
        const auto factsOf = [&program](const QString &bot) {
            return program.command({u"export"_s, u"--kind"_s, u"events"_s, u"--bot"_s, bot}).output;
        };
        QTRY_COMPARE(factsOf(u"2"_s).count(",Order accepted: limit buy"), 3);
        QTRY_VERIFY(factsOf(u"1"_s).contains(",running: "));
        const Outcome pulled = program.command(QStringList{u"bots"_s, u"kill"_s, level}
                                               + (forAll ? QStringList() : QStringList{u"2"_s}));
        QCOMPARE(pulled.exitCode, 0);
        int resting = 0;
        for (const QByteArray &line : pulled.output.split('\n')) {
            if (!line.startsWith("tb-2-"))
                continue;
            ++resting;
            QVERIFY2(line.contains("\tBTCUSDT\tcancelled\t"), line.constData());
        }
        QCOMPARE(resting, 3);
        const QByteArray busy = "\tbusy\tBTCUSDT\tdemo\tema_cross\t" + (forAll ? state : QByteArray("running")) + '\n';
        const QByteArray lines = "1" + busy + "2\tnet\tBTCUSDT\tdemo\tgrid\t" + state + '\n';
        QTRY_COMPARE(program.command({u"bots"_s, u"list"_s}).output, lines);
        QTRY_COMPARE(factsOf(u"2"_s).count("Order cancelled: limit buy"), 3);
        QTRY_COMPARE(factsOf(u"2"_s).count(",kill_switch_done,"), 1);
        QTRY_COMPARE(factsOf(u"1"_s).count(",kill_switch_done,"), forAll ? 1 : 0);
    }

    void aRunningProgramWithoutAServerIsNotReachedAndSaysSo()
    {
        ProgramUnderTest program;
        addBusyBot(program);
        program.launch({u"--no-server"_s, u"--market-data"_s, u"simulated@100"_s});
        QTRY_VERIFY(program.command({u"bots"_s, u"list"_s}).output.endsWith("\trunning\n"));
        verifyRefusal(program.command({u"bots"_s, u"stop"_s, u"1"_s}), 1, "it serves no HTTP");
        const Outcome ended = program.end(SIGTERM);
        QCOMPARE(ended.exitCode, 0);
        QCOMPARE(ended.output, QByteArray()); // no ready line
    }

    void whoeverListensWhereAKilledProgramDidGetsNoToken()
    {
        QTcpServer stranger;
        QVERIFY(stranger.listen(QHostAddress::LocalHost));
        const QByteArray url = "http://127.0.0.1:" + QByteArray::number(stranger.serverPort()) + "/\n";
        const QString note = u"/server.url"_s;
        ProgramUnderTest program;
        addBusyBot(program);
        QVERIFY(writeWholeFile(program.dataDir() + note, url + "1\n"));
        program.launch({u"--no-server"_s, u"--market-data"_s, u"simulated@100"_s});
        QTRY_VERIFY(program.command({u"bots"_s, u"list"_s}).output.endsWith("\trunning\n"));
        QVERIFY(!QFileInfo::exists(program.dataDir() + note)); // it knew that this was not its own
        for (const QByteArray &holder : {QByteArray(), QByteArray("1\n"), QByteArray("x\n")}) {
            QVERIFY(writeWholeFile(program.dataDir() + note, url + holder));
            verifyRefusal(program.command({u"bots"_s, u"stop"_s, u"1"_s}), 1, "it serves no HTTP");
        }
        QVERIFY(!stranger.waitForNewConnection(0));
    }

    void onlyNamesThatAreAllowedReachIt()
    {
        ProgramUnderTest program;
        QVERIFY2(program.start({u"--allow-host"_s, u"Desk.local"_s, u"--allow-host"_s, u"192.168.1.5"_s,
                                u"--allow-host"_s, u"[FD00:0::5]"_s}),
                 program.complaintSoFar().constData());
        for (const auto &[host, status] : {std::pair<QByteArray, int>{"desk.local", 200},
                                           {"192.168.1.5", 200},
                                           {"[fd00::5]", 200},
                                           {"[fd00:0:0::5]", 200},
                                           {"127.0.0.1", 200},
                                           {"192.168.1.6", 421},
                                           {"desk.local.evil.example", 421}}) {
            HttpProbe probe(program.port());
            const ProbedAnswer answer = probe.ask("GET /health HTTP/1.1\r\nHost: " + host + ":8787\r\n\r\n");
            QVERIFY2(answer.status == status, (host + ": " + answer.body).constData());
        }
    }

    void whenItSaysReadyItAnswers()
    {
        ProgramUnderTest program;
        addBusyBot(program);
        const QByteArray token = program.token();
        for (int i = 0; i < 10; ++i) {
            QVERIFY2(program.start(), program.complaintSoFar().constData());
            const ProbedAnswer answer = program.ask("GET", "/api/v1/bots/1", token);
            QVERIFY2(answer.status == 200, answer.body.constData());
        }
    }

    void exportsAreWholeInBothFormats()
    {
        const ProgramUnderTest program;
        addBusyBot(program);
        for (const QString &kind : {u"events"_s, u"trades"_s}) {
            const Outcome csv = program.command({u"export"_s, u"--kind"_s, kind});
            const Outcome json = program.command({u"export"_s, u"--kind"_s, kind, u"--format"_s, u"json"_s});
            QCOMPARE(csv.exitCode, 0);
            QCOMPARE(json.exitCode, 0);
            QJsonParseError error = {};
            const QJsonArray rows = QJsonDocument::fromJson(json.output, &error).array();
            QCOMPARE(error.error, QJsonParseError::NoError);
            QCOMPARE(lineCount(csv.output), rows.size() + 1);
            QCOMPARE(rows.isEmpty(), kind == u"trades"_s);
        }
        const QStringList trades{u"export"_s, u"--kind"_s, u"trades"_s, u"--bot"_s};
        QCOMPARE(lineCount(program.command(trades + QStringList{u"1"_s}).output), 1); // none yet
        verifyRefusal(program.command(trades + QStringList{u"2"_s}), 1, "bot 2 does not exist");
    }

    void aBackupOfARunningProgramIsWhole()
    {
        ProgramUnderTest program;
        addBusyBot(program);
        QVERIFY2(program.start({u"--market-data"_s, u"simulated@100"_s}), program.complaintSoFar().constData());
        QVERIFY(QDir().mkpath(program.file(u"restored"_s)));
        const QString copy = program.file(u"restored/tradebot.db"_s);
        const Outcome made = program.command({u"backup"_s, copy});
        QVERIFY2(made.exitCode == 0, made.complaint.constData());
        QVERIFY(program.isRunning());
        verifyRefusal(program.command({u"backup"_s, copy}), 1, "there is a file of that name already");
        const QStringList restored{u"--data-dir"_s, program.file(u"restored"_s)};
        QCOMPARE(ProgramUnderTest::run(QStringList{u"check"_s} + restored).output, "ok\n");
        QVERIFY(ProgramUnderTest::run(QStringList{u"bots"_s, u"list"_s} + restored).output.startsWith("1\tbusy\t"));
        verifyRefusal(program.command({u"backup"_s, program.file(u"no/such/folder/copy.db"_s)}), 1, "copy.db");
    }

    void aBackupIsRestoredOnceNothingRuns()
    {
        ProgramUnderTest program;
        addBusyBot(program);
        QVERIFY2(program.start({u"--market-data"_s, u"simulated@100"_s}), program.complaintSoFar().constData());
        const QString copy = program.file(u"copy.db"_s);
        QCOMPARE(program.command({u"backup"_s, copy}).exitCode, 0);
        verifyRefusal(program.command({u"restore"_s, copy}), 1, "process " + QByteArray::number(program.processId()));
        program.kill(); // its log stays behind
        const Outcome restored = program.command({u"restore"_s, copy});
        QVERIFY2(restored.exitCode == 0, restored.complaint.constData());
        QVERIFY2(restored.output.contains("tradebot.db.replaced-1"), restored.output.constData());
        QCOMPARE(program.command({u"check"_s}).output, "ok\n");
        QVERIFY2(program.start(), program.complaintSoFar().constData());
    }

    // --- what stands in the way ---

    void aSecondProgramOnTheSameFolderNamesTheFirst()
    {
        ProgramUnderTest program;
        QVERIFY2(program.start(), program.complaintSoFar().constData());
        verifyRefusal(program.command({u"--listen"_s, u"127.0.0.1:0"_s}), 1,
                      "process " + QByteArray::number(program.processId()));
        verifyRefusal(program.command({u"--no-server"_s}), 1, "process " + QByteArray::number(program.processId()));
        QCOMPARE(program.ask("GET", "/health").status, 200);
    }

    void aFileInPlaceOfTheFolderIsLeftAlone()
    {
        const ProgramUnderTest program;
        QVERIFY(writeWholeFile(program.dataDir(), "mine"));
        verifyRefusal(program.command({u"--no-server"_s}), 1, "it is a file, not a folder");
        QCOMPARE(readWholeFile(program.dataDir()), "mine");
    }

    void aFolderThatCannotBeWrittenIsRefused()
    {
        if (geteuid() == 0)
            QSKIP("the superuser may write everywhere");
        const ProgramUnderTest program;
        QVERIFY(QDir().mkpath(program.dataDir()));
        QVERIFY(QFile::setPermissions(program.dataDir(), QFile::ReadOwner | QFile::ExeOwner));
        verifyRefusal(program.command({u"--no-server"_s}), 1, "it cannot be written");
        QVERIFY(QFile::setPermissions(program.dataDir(), QFile::ReadOwner | QFile::ExeOwner | QFile::WriteOwner));
    }

    void whatIsNoDatabaseIsLeftAlone()
    {
        const ProgramUnderTest program;
        QVERIFY(QDir().mkpath(program.dataDir()));
        QVERIFY(writeWholeFile(program.databasePath(), QByteArray(100'000, 'x')));
        verifyEverybodyRefuses(program, "not a database");
    }

    void aDatabaseFromANewerVersionIsLeftAlone()
    {
        const ProgramUnderTest program;
        addBusyBot(program);
        QByteArray database = readWholeFile(program.databasePath());
        QVERIFY(database.size() > 64);
        database.replace(60, 4, QByteArray::fromHex("000003e7")); // user_version: 4 bytes at 60 of SQLite's header
        QVERIFY(writeWholeFile(program.databasePath(), database));
        verifyEverybodyRefuses(program, "999");
    }

    void aDamagedDatabaseIsFound()
    {
        const ProgramUnderTest program;
        addBusyBot(program);
        QByteArray database = readWholeFile(program.databasePath());
        QVERIFY(database.size() > 8192);
        for (qsizetype page = 4096; page < database.size(); page += 4096) // the beginning of each page but the first
            database.replace(page, 100, QByteArray(100, '\x5a'));
        QVERIFY(writeWholeFile(program.databasePath(), database));
        const Outcome check = program.command({u"check"_s});
        QCOMPARE(check.exitCode, 1);
        QVERIFY2((check.output + check.complaint).contains("damaged"), (check.output + check.complaint).constData());
        verifyRefusal(program.command({u"--no-server"_s}), 1, "damaged");
        QVERIFY(readWholeFile(program.databasePath()) == database);
    }

    void aPortInUseIsNamed()
    {
        QTcpServer holder;
        QVERIFY(holder.listen(QHostAddress::LocalHost));
        const QString port = QString::number(holder.serverPort());
        const ProgramUnderTest program;
        const Outcome outcome = program.command({u"--demo"_s, u"--listen"_s, u"127.0.0.1:"_s + port});
        verifyRefusal(outcome, 1, port.toUtf8());
        QVERIFY2(outcome.complaint.count(port.toUtf8()) == 1, outcome.complaint.constData()); // once is enough
        // Nothing was begun: no bot that goes on trading at the next start.
        QCOMPARE(QDir(program.dataDir()).entryList(QDir::Files), QStringList{u"tradebot.lock"_s});
    }

    void pricesThatCannotBeReadAreNamed()
    {
        const ProgramUnderTest program;
        const QString recording = program.file(u"candles.csv"_s);
        const QStringList call{u"--listen"_s, u"127.0.0.1:0"_s,   u"--log-level"_s,
                               u"warning"_s,  u"--market-data"_s, u"replay:"_s + recording};
        verifyRefusal(program.command(call), 1, "candles.csv");
        QVERIFY(writeWholeFile(recording, candles({100, 101}) + "nonsense\n"));
        verifyRefusal(program.command(call), 1, "line 4");
        QVERIFY(!QFileInfo::exists(program.dataDir()));
    }

    // --- the end ---

    void aSignalWhileItStartsEndsItInOrder()
    {
        ProgramUnderTest program;
        program.launch({u"--listen"_s, u"127.0.0.1:0"_s});
        const QString lock = program.dataDir() + u"/tradebot.lock"_s;
        const QDeadlineTimer deadline(60'000);
        while (!QFileInfo::exists(lock) && !deadline.hasExpired()) { }
        QVERIFY(QFileInfo::exists(lock));
        const Outcome ended = program.end(SIGTERM);
        QVERIFY2(ended.exitCode == 0, ended.complaint.constData());
        QVERIFY(isUnlocked(lock));
        QCOMPARE(program.command({u"check"_s}).output, "ok\n");
    }

    void signalsEndItInOrder_data()
    {
        QTest::addColumn<int>("signal");
        QTest::newRow("SIGTERM") << SIGTERM;
        QTest::newRow("SIGINT") << SIGINT;
    }

    void signalsEndItInOrder()
    {
        QFETCH(const int, signal);
        ProgramUnderTest program;
        QVERIFY2(program.start({u"--demo"_s, u"--market-data"_s, u"simulated@100"_s}),
                 program.complaintSoFar().constData());
        QVERIFY(QRegularExpression(u"^ready http://127\\.0\\.0\\.1:\\d+/\n$"_s)
                        .match(QString::fromUtf8(program.readyLine()))
                        .hasMatch());
        HttpProbe viewer(program.port());
        viewer.send(HttpProbe::request("GET", "/api/trading/stream/1", program.token()));
        QVERIFY(viewer.readUntil("\"connected\"").startsWith("HTTP/1.1 200 "));
        const Outcome ended = program.end(signal);
        QCOMPARE(ended.exitCode, 0);
        QCOMPARE(ended.output, QByteArray()); // exactly one line: the ready line
        QVERIFY(viewer.closes());
        QVERIFY(!QFileInfo::exists(program.dataDir() + u"/server.url"_s));
        QVERIFY(isUnlocked(program.dataDir() + u"/tradebot.lock"_s));
        QCOMPARE(program.command({u"check"_s}).output, "ok\n");
        QCOMPARE(lineCount(program.command({u"bots"_s, u"list"_s}).output), 3);
    }
};

QTEST_GUILESS_MAIN(CommandLineTest)

#include "tst_commandline.moc"
