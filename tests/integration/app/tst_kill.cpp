// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/integration/app/journalreading.h"
#include "tests/integration/app/streamviewer.h"
#include "tests/support/programundertest.h"

#include <QDeadlineTimer>
#include <QEventLoop>
#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>
#include <QTimer>

#include <csignal>
#include <random>

using namespace tradebot;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr int kills = 20;
constexpr auto patience = 60s; // only a test that fails waits so long

/// Where prices come from: fast enough for load, and so slow that nothing happens.
struct Source
{
    QString fast;
    QString still;
    QByteArray timeframe;
    std::size_t mostEvents = 0; ///< that the viewers see between two kills
};

Source source()
{
    const QString recording = QStringLiteral(TRADEBOT_SHARED_DIR "/data/market/candles_BTC-PERP_1m_part1.csv");
    if (QFileInfo::exists(recording))
        return {u"replay:%1@6000"_s.arg(recording), u"replay:%1@0.001"_s.arg(recording), "1m", 300};
    return {u"simulated@100"_s, u"simulated@0.01"_s, "1s", 20};
}

/// More bots than the examples, that trade all the time.
std::vector<QByteArray> fastBots(const QByteArray &timeframe)
{
    constexpr auto bot = R"({"name":"%name","symbol":"BTCUSDT","market":"usdm_futures","position_type":"both",
 "leverage":2,"initial_balance":100000,"sizing":{"kind":"percent_of_equity","value":20},"timeframe":"%timeframe",
 "fees":{"maker":0.0001,"taker":0.0001},"stop_loss":{"kind":"percent","value":0.2},
 "trailing_stop":{"percent":0.1,"activation_percent":0.1},"strategy":"%strategy","strategy_params":%params})";
    struct Kind
    {
        QByteArray strategy;
        QByteArray parameters;
    };
    std::vector<QByteArray> bots;
    for (const Kind &kind :
         {Kind{"ema_cross", R"({"fast":2,"slow":4})"},
          Kind{"rsi_reversion", R"({"period":3,"oversold":45,"overbought":55})"},
          Kind{"bollinger_reversion", R"({"period":5,"deviations":1})"},
          Kind{"donchian_breakout", R"({"entry":4,"exit":2})"}, Kind{"supertrend", R"({"period":3,"multiplier":1})"},
          Kind{"macd_trend", R"({"fast":3,"slow":6,"signal":3})"}}) {
        bots.push_back(QByteArray(bot)
                               .replace("%name", "quick " + kind.strategy)
                               .replace("%timeframe", timeframe)
                               .replace("%strategy", kind.strategy)
                               .replace("%params", kind.parameters));
    }
    return bots;
}

QString text(const QByteArray &bytes)
{
    return QString::fromUtf8(bytes);
}

} // namespace

/// A program that is killed at any moment has told nobody anything that it does not know afterwards, and goes on.
class KillTest final : public QObject
{
    Q_OBJECT

private:
    // Each step says what is wrong; empty when all is well.

    QString makeBots()
    {
        if (!m_program.start({u"--demo"_s, u"--market-data"_s, m_source.fast}))
            return u"it does not start: "_s + text(m_program.complaintSoFar());
        m_token = m_program.token({u"--ttl"_s, u"7d"_s});
        for (const QByteArray &bot : fastBots(m_source.timeframe)) {
            const ProbedAnswer made = m_program.ask("POST", "/api/v1/bots", m_token, bot);
            if (made.status != 201)
                return text(made.body);
            const int id = QJsonDocument::fromJson(made.body)[u"id"].toInt();
            const QByteArray path = "/api/v1/bots/" + QByteArray::number(id) + "/start";
            const ProbedAnswer started = m_program.ask("POST", path, m_token, "{}");
            if (started.status != 200)
                return text(started.body);
        }
        for (const QJsonValue bot : botStates())
            m_viewers.push_back(std::make_unique<StreamViewer>(bot[u"id"].toInt()));
        return m_viewers.size() == 9 ? QString() : u"there are %1 bots, not 9"_s.arg(m_viewers.size());
    }

    QJsonArray botStates()
    {
        return QJsonDocument::fromJson(m_program.ask("GET", "/api/v1/bot-states", m_token).body).array();
    }

    void connectViewers()
    {
        for (const auto &viewer : m_viewers)
            viewer->connectTo(m_program.port(), m_token);
    }

    /// Waits in the event loop until a viewer's event makes it true.
    bool waitUntil(const std::function<bool()> &isTrue)
    {
        QEventLoop loop;
        QTimer::singleShot(patience, &loop, [&loop] { loop.exit(1); });
        for (const auto &viewer : m_viewers) {
            connect(viewer.get(), &StreamViewer::eventReceived, &loop, [&loop, &isTrue] {
                if (isTrue())
                    loop.exit(0);
            });
        }
        return isTrue() || loop.exec() == 0;
    }

    QString runUntilKilled()
    {
        connectViewers();
        const qint64 before = m_facts.empty() ? 0 : m_facts.back().event.sequence.value();
        for (const auto &viewer : m_viewers) {
            if (!waitUntil([&] { return viewer->sawRunningAfter(before); }))
                return u"bot %1 does not go on after fact %2"_s.arg(viewer->bot()).arg(before);
        }
        const std::size_t seen = eventsSeen();
        const std::size_t wanted = std::uniform_int_distribution<std::size_t>(1, m_source.mostEvents)(m_random);
        const bool arrived = waitUntil([&] { return eventsSeen() >= seen + wanted; });
        m_program.kill();
        if (!arrived)
            return u"of %1 events only %2 came"_s.arg(wanted).arg(eventsSeen() - seen);
        return drainViewers();
    }

    QString drainViewers()
    {
        for (const auto &viewer : m_viewers) {
            if (!viewer->drain())
                return u"the stream of bot %1 does not end with the program"_s.arg(viewer->bot());
            if (!viewer->problem().isEmpty())
                return u"the viewer of bot %1 got: "_s.arg(viewer->bot()) + text(viewer->problem());
        }
        return {};
    }

    std::size_t eventsSeen() const
    {
        std::size_t sum = 0;
        for (const auto &viewer : m_viewers)
            sum += viewer->events().size();
        return sum;
    }

    /// Of the dead program's data folder.
    QString compareJournal()
    {
        const Outcome check = m_program.command({u"check"_s});
        if (check.exitCode != 0 || check.output != "ok\n")
            return text(check.output + check.complaint);
        const Outcome exported = m_program.command({u"export"_s, u"--kind"_s, u"events"_s, u"--format"_s, u"json"_s});
        auto facts = readFacts(exported.output);
        if (exported.exitCode != 0 || !facts)
            return text(exported.complaint) + (facts ? QString() : facts.error().text);
        if (facts->size() < m_facts.size())
            return u"there were %1 facts, now there are %2"_s.arg(m_facts.size()).arg(facts->size());
        for (std::size_t i = 0; i < facts->size(); ++i) {
            if ((*facts)[i].event.sequence.value() != static_cast<qint64>(i + 1))
                return u"fact %1 stands in place %2"_s.arg((*facts)[i].event.sequence.value()).arg(i + 1);
            if (i < m_facts.size() && (*facts)[i].line != m_facts[i].line)
                return u"fact %1 was rewritten"_s.arg(i + 1);
        }
        m_facts = std::move(*facts);
        if (const QString problem = findBrokenOrder(m_facts); !problem.isEmpty())
            return problem;
        std::vector<BotEvent> journal;
        for (const ExportedFact &fact : m_facts)
            journal.push_back(fact.event);
        for (const auto &viewer : m_viewers) {
            if (const QString problem = differenceFromJournal(*viewer, journal); !problem.isEmpty())
                return problem;
        }
        return {};
    }

    /// Starts on a market that stands still: the bots run again and hold what their fills add up to.
    QString comparePositions()
    {
        if (!m_program.start({u"--market-data"_s, m_source.still}))
            return u"it does not start again: "_s + text(m_program.complaintSoFar());
        QString problem = u"the states do not come to rest"_s;
        for (const QDeadlineTimer deadline(patience); !problem.isEmpty() && !deadline.hasExpired();) {
            const QJsonArray before = botStates();
            const Outcome exported =
                    m_program.command({u"export"_s, u"--kind"_s, u"events"_s, u"--format"_s, u"json"_s});
            const auto facts = readFacts(exported.output);
            if (!facts)
                return facts.error().text;
            const QJsonArray after = botStates();
            problem = u"the states do not come to rest"_s;
            for (qsizetype i = 0; i < after.size() && before.size() == after.size(); ++i) {
                problem = comparePosition(after[i].toObject(), *facts);
                if (!problem.isEmpty()
                    || before[i][u"current_position_size_coins"] != after[i][u"current_position_size_coins"])
                    break;
            }
        }
        return problem;
    }

    QString comparePosition(const QJsonObject &state, const std::vector<ExportedFact> &facts)
    {
        const BotId bot(state[u"id"].toInt());
        const Quantity folded = foldedPosition(facts, bot);
        const double size = state[u"current_position_size_coins"].toDouble();
        const bool isShort = state[u"position_side"].toString() == u"short";
        if (state[u"status"].toString() != u"running")
            return u"bot %1 is %2, not running"_s.arg(bot.value()).arg(state[u"status"].toString());
        if ((isShort ? -size : size) != folded.toDouble())
            return u"bot %1 holds %2, its fills add up to %3"_s.arg(bot.value()).arg(size).arg(folded.toString());
        m_openPositions += folded.isZero() ? 0 : 1;
        return {};
    }

    const Source m_source = source();
    std::mt19937_64 m_random;
    ProgramUnderTest m_program;
    QByteArray m_token;
    std::vector<std::unique_ptr<StreamViewer>> m_viewers;
    std::vector<ExportedFact> m_facts;
    int m_openPositions = 0; ///< seen kept

private Q_SLOTS:
    void initTestCase()
    {
        const QByteArray given = qgetenv("TRADEBOT_TEST_SEED");
        const quint64 seed = given.isEmpty() ? std::random_device()() : given.toULongLong();
        qInfo("seed: TRADEBOT_TEST_SEED=%llu; prices: %s", static_cast<unsigned long long>(seed),
              qUtf8Printable(m_source.fast));
        m_random.seed(seed);
        const QString problem = makeBots();
        QVERIFY2(problem.isEmpty(), qPrintable(problem));
    }

    void nothingThatAViewerSawIsLost()
    {
        for (int round = 1; round <= kills; ++round) {
            const QByteArray where = "after kill " + QByteArray::number(round) + ": ";
            QVERIFY2(m_program.isRunning() || m_program.start({u"--market-data"_s, m_source.fast}),
                     (where + "it does not start again: " + m_program.complaintSoFar()).constData());
            QString problem = runUntilKilled();
            QVERIFY2(problem.isEmpty(), (where + problem.toUtf8()).constData());
            problem = compareJournal();
            QVERIFY2(problem.isEmpty(), (where + problem.toUtf8()).constData());
            if (round % 4 == 0) { // in the midst of starting, too
                const std::chrono::milliseconds moment(std::uniform_int_distribution(1, 300)(m_random));
                (void)m_program.start({u"--market-data"_s, m_source.fast}, moment);
                m_program.kill();
            }
            if (round % 4 == 2) {
                problem = comparePositions();
                m_program.kill();
                QVERIFY2(problem.isEmpty(), (where + problem.toUtf8()).constData());
            }
        }
    }

    void anOrderlyEndAfterAllThatLeavesEverythingWhole()
    {
        QVERIFY(m_program.start({u"--market-data"_s, m_source.fast}));
        connectViewers();
        const std::size_t seen = eventsSeen();
        QVERIFY(waitUntil([&] { return eventsSeen() > seen; }));
        QCOMPARE(m_program.end(SIGTERM).exitCode, 0);
        QString problem = drainViewers();
        QVERIFY2(problem.isEmpty(), qPrintable(problem));
        problem = compareJournal();
        QVERIFY2(problem.isEmpty(), qPrintable(problem));
        problem = comparePositions();
        QVERIFY2(problem.isEmpty(), qPrintable(problem));
        QVERIFY2(m_openPositions > 0, "no bot ever held anything: this has tested less than it should");
        QVERIFY(m_facts.size() > eventsSeen());
        qInfo("%zu facts, of which the viewers saw %zu; %d positions kept", m_facts.size(), eventsSeen(),
              m_openPositions);
    }
};

QTEST_GUILESS_MAIN(KillTest)

#include "tst_kill.moc"
