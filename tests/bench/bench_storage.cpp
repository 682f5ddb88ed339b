// SPDX-License-Identifier: GPL-3.0-or-later
// Writing facts against the bare loop of prepared statements that one would write by hand, and against a commit for
// each row; reading pages and curves out of a large history.
#include "core/domain/eventjson.h"
#include "core/storage/sqlhistory.h"
#include "core/storage/store.h"
#include "tests/bench/measuring.h"
#include "tests/unit/storage/storagefixture.h"

#include <QSqlQuery>
#include <QTest>

#include <cstdio>

using namespace tradebot;
using namespace tradebot::test;
using namespace Qt::StringLiterals;

namespace {

constexpr int rounds = 11;
constexpr int factCount = 20'000;
constexpr int botCount = 10;

using Events = std::vector<std::shared_ptr<BotEvent>>;

template<class Function>
double secondsOf(Function function)
{
    const auto start = std::chrono::steady_clock::now();
    function();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

/// The best of the rounds: what else the machine does only ever adds.
double best(const std::vector<double> &times)
{
    return *std::min_element(times.begin(), times.end());
}

Events newBots(FactMaker &facts)
{
    Events events;
    for (int bot = 1; bot <= botCount; ++bot)
        events.push_back(facts.created(BotId(bot)));
    return events;
}

Events decisions(FactMaker &facts, int count)
{
    Events events;
    for (int i = 0; i < count; ++i)
        events.push_back(facts.decision(BotId(1 + i % botCount)));
    return events;
}

/// The rows of the journal alone, prepared once, bound by name of nothing: as bare as QtSql gets.
void bareLoop(const Database &database, const Events &events, int perTransaction)
{
    QSqlQuery insert(database.connection());
    if (!insert.prepare(u"INSERT INTO events (seq, bot_id, type, happened_at, recorded_at, data) "
                        "VALUES (?, ?, ?, ?, ?, ?)"_s))
        qFatal("bare loop");
    const qint64 recorded = toMilliseconds(SystemClock().now()); // one time for all, as the store has it
    int written = 0;
    for (const auto &event : events) {
        if (written % perTransaction == 0)
            valueOf(database.execute(u"BEGIN"_s));
        insert.bindValue(0, event->sequence.value());
        insert.bindValue(1, event->bot.value());
        insert.bindValue(2, QString(typeName(event->payload)));
        insert.bindValue(3, toMilliseconds(event->happened));
        insert.bindValue(4, recorded);
        insert.bindValue(5, QString::fromUtf8(toJson(event->payload)));
        if (!insert.exec())
            qFatal("bare loop");
        if (++written % perTransaction == 0)
            valueOf(database.execute(u"COMMIT"_s));
    }
    if (written % perTransaction != 0)
        valueOf(database.execute(u"COMMIT"_s));
}

/// Seconds from the first append until the last fact is told to be on the disk, through the storage thread.
double throughStore(const Events &first, const Events &events, int perBatch)
{
    const QTemporaryDir folder;
    const SystemClock clock;
    const auto store = valueOf(Store::open(folder.path(), clock));
    QObject context;
    EventSequence upTo;
    store->listen(
            &context, [&upTo](const Committed &committed) { upTo = committed.upTo; },
            [](const Error &error) { qFatal("%s", qPrintable(error.text)); });
    const auto wait = [&upTo](EventSequence last) {
        while (upTo < last)
            QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents);
    };
    store->append(JournalBatch{first, {}});
    wait(first.back()->sequence);
    return secondsOf([&] {
        for (auto at = events.begin(); at != events.end();) {
            const auto end = at + std::min<std::ptrdiff_t>(perBatch, events.end() - at);
            store->append(JournalBatch{Events(at, end), {}});
            at = end;
        }
        wait(events.back()->sequence);
    });
}

/// Seconds of the bare loop, on a database of its own.
double throughBareLoop(const Events &first, const Events &events, int perTransaction)
{
    TemporaryStore store;
    store.write(first);
    const Database database = valueOf(Database::open(store.path(), Database::Access::ReadWrite));
    return secondsOf([&] { bareLoop(database, events, perTransaction); });
}

void print(const char *what, double seconds, int count, double baseline)
{
    std::printf("%-58s %8.2f us a fact, ratio %5.2f\n", what, seconds * 1e6 / count, seconds / baseline);
}

} // namespace

class bench_Storage final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void factsAgainstABareLoop();
    void groupsAgainstCommitPerRow();
    void wholeTradesAgainstABareLoop();
    void pagesOfALongHistory();
};

void bench_Storage::factsAgainstABareLoop()
{
    FactMaker facts;
    const Events first = newBots(facts);
    const Events events = decisions(facts, factCount);
    const Comparison found = compareUntil(
            1.5, rounds, [&] { return throughStore(first, events, 50); },
            [&] { return throughBareLoop(first, events, factCount); });
    print("bare prepared loop, journal rows only", found.bare, factCount, found.bare);
    print("store: journal, fold, states, thread (batches of 50)", found.ours, factCount, found.bare);
    QVERIFY2(found.ratio() <= 1.5, "the store is to stay within 1.5 times a bare prepared loop");
}

void bench_Storage::groupsAgainstCommitPerRow()
{
    constexpr int count = 400; // a slow disk takes 4 ms for each
    FactMaker facts;
    const Events first = newBots(facts);
    const Events events = decisions(facts, count);
    const Comparison found = compareUntil(
            0.2, 5, [&] { return throughStore(first, events, 1); }, [&] { return throughBareLoop(first, events, 1); });
    print("bare loop, a commit for each row", found.bare, count, found.ours);
    print("store: one append for each fact", found.ours, count, found.ours);
    QVERIFY2(found.ratio() <= 0.2, "grouping is to be at least 5 times as fast as a commit for each row");
}

void bench_Storage::wholeTradesAgainstABareLoop()
{
    FactMaker facts;
    const Events first = newBots(facts);
    Events events;
    while (events.size() < factCount) {
        for (auto &event : facts.roundTrips(BotId(1 + static_cast<qint64>(events.size() / 6) % botCount), 1))
            events.push_back(event);
    }
    const int count = static_cast<int>(events.size());
    constexpr double limit = 6;
    const Comparison found = compareUntil(
            limit, 3, [&] { return throughStore(first, events, 3); },
            [&] { return throughBareLoop(first, events, count); });
    // Six facts of a round trip are 6 rows of the journal, 4 orders, 2 fills, 1 trade and 3 of the ledger.
    print("bare loop, journal rows of round trips", found.bare, count, found.bare);
    print("store: with orders, fills, trades and ledger (16/6 rows)", found.ours, count, found.bare);
    QVERIFY(found.ratio() <= limit);
}

void bench_Storage::pagesOfALongHistory()
{
    constexpr int samples = 1'000'000;
    TemporaryStore store;
    FactMaker facts;
    store.write(newBots(facts));
    {
        const Database database = valueOf(Database::open(store.path(), Database::Access::ReadWrite));
        valueOf(database.execute(u"PRAGMA foreign_keys = OFF"_s));
        valueOf(database.execute(
                u"INSERT INTO equity WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < %1) "
                "SELECT 1, i * 60000, 1000000000000 + (i * 7919) %% 99991 * 100000 FROM n"_s.arg(samples - 1)
                        .replace(u"%%"_s, u"%"_s)));
        valueOf(database.execute(
                u"INSERT INTO trades WITH RECURSIVE n(i) AS (SELECT 100 UNION ALL SELECT i + 1 FROM n WHERE i < %1) "
                "SELECT i, 1 + i % 3, 'BTCUSDT', 'long', 100000000, i * 1000, i * 1000 + 900, 6725010000000, "
                "6725020000000, 10000000, 1000000, 0, 9000000, 'ema_cross_up', 'exit', 'ema_cross_down', 1, 'USDT' "
                "FROM n"_s.arg(samples + 99)));
    }
    SqlHistory history(store.path());
    const auto milliseconds = [](auto function) {
        std::vector<double> times;
        for (int round = 0; round < rounds; ++round)
            times.push_back(secondsOf(function));
        return best(times) * 1000;
    };
    std::printf("history of 1,000,000 trades and samples: page %.2f ms, page of a bot %.2f ms, count %.2f ms, "
                "jump to the middle %.2f ms, jump of a bot %.2f ms, curve of 2,000 points %.1f ms\n",
                milliseconds([&] {
                    valueOf(history.trades({{}, TradeId(500'000), {}, 256, {}, {}}));
                }),
                milliseconds([&] {
                    valueOf(history.trades({BotId(2), TradeId(500'000), {}, 256, {}, {}}));
                }),
                milliseconds([&] { static_cast<void>(valueOf(history.tradeCount({}))); }),
                milliseconds([&] { static_cast<void>(valueOf(history.tradeAt({}, 500'000))); }),
                milliseconds([&] { static_cast<void>(valueOf(history.tradeAt(BotId(2), 166'000))); }),
                milliseconds([&] {
                    valueOf(history.equity({BotId(1), {}, {}, 2000}));
                }));
}

QTEST_GUILESS_MAIN(bench_Storage)
#include "bench_storage.moc"
