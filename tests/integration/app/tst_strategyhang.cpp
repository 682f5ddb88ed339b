// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/program/program.h"
#include "app/program/shutdown.h"
#include "core/strategy/registry.h"
#include "tests/support/patience.h"
#include "tests/support/programundertest.h"

#include <QCoreApplication>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

#include <atomic>
#include <cstdio>
#include <cstring>

using namespace tradebot;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr auto serves = "--serve";

/// Never comes back from the first candle that it is asked about.
class NeverReturns final : public Strategy
{
public:
    [[nodiscard]] int warmUpCandles() const override { return 0; }
    void warmUp(const Candle &) override { }
    void onCandle(const StrategyView &, Intents &) override
    {
        const std::atomic<bool> isWaiting = true;
        isWaiting.wait(true);
    }
    [[nodiscard]] QString activity() const override { return u"waits"_s; }
};

/// tradebotd with one more strategy: that of a bot which is called so.
int serve(QCoreApplication &application)
{
    QStringList arguments = QCoreApplication::arguments();
    arguments.removeAll(QString::fromLatin1(serves));
    auto parsed = parseOptions(u"program"_s, u"has a strategy that never returns"_s, arguments);
    if (!parsed)
        return 2;
    ProgramOptions options = parsed->options;
    options.strategyPatience = 1s;
    options.makeStrategy = [](const BotConfig &config) -> Result<std::unique_ptr<Strategy>> {
        if (config.name == u"never returns"_s)
            return std::make_unique<NeverReturns>();
        return makeStrategy(config.strategy, config.strategyParameters);
    };
    quitOnSignals(application);
    installLogging(LogLevel::Info);
    const SystemClock clock;
    auto program = Program::open(options, clock);
    if (!program) {
        std::fprintf(stderr, "%s\n", qPrintable(program.error().text));
        return 1;
    }
    QObject::connect(program->get(), &Program::ready, &application, [](const QUrl &url) {
        std::printf("ready %s\n", qPrintable(url.toString()));
        std::fflush(stdout);
    });
    (*program)->start();
    return QCoreApplication::exec();
}

} // namespace

/// A strategy that never returns ends the program, which goes on at once without it.
class StrategyHangTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void cleanup()
    {
        m_process.kill();
        m_process.waitForFinished();
    }
    void theProgramGoesOnWithoutTheBotThatNeverReturns();

private:
    /// The port of the next ready line; 0 when none comes.
    quint16 nextPort()
    {
        while (!m_process.canReadLine()) {
            if (!m_process.waitForReadyRead(testPatience))
                return 0;
        }
        return static_cast<quint16>(QUrl(QString::fromLatin1(m_process.readLine().trimmed().mid(6))).port(0));
    }
    ProbedAnswer ask(quint16 port, const QByteArray &method, const QByteArray &path, const QByteArray &body = {}) const
    {
        HttpProbe probe(port);
        return probe.ask(HttpProbe::request(method, path, m_token, body, "Connection: close\r\n"));
    }
    /// Makes a bot and starts it.
    bool run(quint16 port, const QString &name) const
    {
        const QJsonObject bot{{u"name"_s, name},
                              {u"symbol"_s, u"BTCUSDT"_s},
                              {u"timeframe"_s, u"1s"_s},
                              {u"strategy"_s, u"ema_cross"_s}};
        const ProbedAnswer made = ask(port, "POST", "/api/v1/bots", QJsonDocument(bot).toJson(QJsonDocument::Compact));
        const QByteArray id =
                QByteArray::number(QJsonDocument::fromJson(made.body).object().value(u"id"_s).toInteger());
        return made.status == 201 && ask(port, "POST", "/api/v1/bots/" + id + "/start", "{}").status == 200;
    }

    QTemporaryDir m_folder;
    QProcess m_process;
    QByteArray m_token;
};

void StrategyHangTest::theProgramGoesOnWithoutTheBotThatNeverReturns()
{
    const QString data = m_folder.filePath(u"data"_s);
    m_process.setReadChannel(QProcess::StandardOutput);
    m_process.start(QCoreApplication::applicationFilePath(),
                    {QString::fromLatin1(serves), u"--data-dir"_s, data, u"--listen"_s, u"127.0.0.1:0"_s,
                     u"--market-data"_s, u"simulated@20"_s},
                    QIODevice::ReadOnly);
    const quint16 before = nextPort();
    QVERIFY2(before != 0, m_process.readAllStandardError().constData());
    const qint64 process = m_process.processId();
    m_token = ProgramUnderTest::run({u"token"_s, u"--data-dir"_s, data}).output.trimmed();
    QVERIFY(run(before, u"goes on"_s));
    QVERIFY(run(before, u"never returns"_s));

    const quint16 after = nextPort();
    const QByteArray complaint = m_process.readAllStandardError();
    QVERIFY2(after != 0, complaint.constData());
    QVERIFY2(complaint.contains("the strategy of bot 2 has not returned for 1000 ms: starting again without it"),
             complaint.constData());
    QCOMPARE(m_process.processId(), process);
    const auto states = [&] { return QJsonDocument::fromJson(ask(after, "GET", "/api/v1/bot-states").body).array(); };
    const auto statusOf = [&](int bot) { return states().at(bot).toObject().value(u"status"_s).toString(); };
    QTRY_COMPARE(statusOf(1), u"error (strategy)"_s); // told when it is durable
    QTRY_COMPARE(statusOf(0), u"running"_s);
    const QJsonObject hung = states().at(1).toObject();
    QCOMPARE(hung.value(u"desired_state"_s).toString(), u"stopped"_s);
    QCOMPARE(hung.value(u"last_error_message"_s).toString(),
             u"the strategy did not return, and the program had to be restarted without it"_s);
    // A second hand could not take the folder meanwhile, and cannot now.
    QCOMPARE(ProgramUnderTest::run({u"--data-dir"_s, data, u"--no-server"_s}).exitCode, 1);

    // Whoever starts it again gets the same once more.
    QCOMPARE(ask(after, "POST", "/api/v1/bots/2/start", "{}").status, 200);
    const quint16 again = nextPort();
    QVERIFY2(again != 0, m_process.readAllStandardError().constData());
}

int main(int argc, char *argv[])
{
    QCoreApplication application(argc, argv);
    if (argc > 1 && std::strcmp(argv[1], serves) == 0)
        return serve(application);
    StrategyHangTest test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_strategyhang.moc"
