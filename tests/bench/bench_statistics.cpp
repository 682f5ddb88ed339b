// SPDX-License-Identifier: GPL-3.0-or-later
// The statistics of a million trades and a year of equity, against a bare loop over the same rows.
#include "core/domain/statejson.h"
#include "core/storage/schema.h"
#include "core/storage/sqlhistory.h"
#include "tests/bench/measuring.h"

#include <QFile>
#include <QSqlQuery>
#include <QSqlRecord>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>

#include <malloc.h>
#include <unistd.h>

using namespace tradebot;
using namespace Qt::StringLiterals;

namespace {

constexpr int tradeCount = 1'000'000;
constexpr int sampleCount = 525'600; ///< a minute apart

/// Rows that need no facts: the reader looks at these tables alone.
Result<void> fill(const Database &database)
{
    const QString state = QString::fromLatin1(toJson(BotState()));
    const QString statements[] = {
            u"PRAGMA foreign_keys = OFF"_s,
            u"INSERT INTO bot_states (bot_id, last_sequence, status, desired_state, health, in_position, "
            "current_position_size_coins, daily_pnl, daily_trades_count, currency, balance, state) "
            "VALUES (1, 1, 'stopped', 'stopped', 'ok', 0, 0, 0, 0, 'USDT', 0, '%1')"_s.arg(state),
            u"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %1) "
            "INSERT INTO trades SELECT i * 3, 1, 'BTCUSDT', 'long', 7450000, i * 60000, i * 60000 + 2640000, "
            "6731007000000 + i, 6718193000000 + i, i % 1000 * 100000000, 1002000000, 0, "
            "i % 1000 * 100000000 - 1002000000, 'ema_cross_up', 'exit', 'ema_cross_down', 4, 'USDT' FROM n"_s.arg(
                    tradeCount),
            u"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %1) "
            "INSERT INTO equity SELECT 1, i * 60000, 1000000000000 + i * 7919 % 99991 * 1000000 + i * 10000 FROM n"_s
                    .arg(sampleCount)};
    for (const QString &statement : statements) {
        if (auto done = database.execute(statement); !done)
            return done;
    }
    return {};
}

/// Reads the same columns of the same rows, and does nothing with them but add.
qint64 bareLoop(const Database &database)
{
    qint64 sum = 0;
    QSqlQuery query(database.connection());
    query.setForwardOnly(true);
    for (const char *sql : {"SELECT id, symbol, entry_at, exit_at, gross, fees, funding, exit_reason FROM trades",
                            "SELECT at, equity FROM equity"}) {
        if (!query.exec(QString::fromLatin1(sql)))
            qFatal("the bare loop cannot read");
        const int columns = query.record().count();
        while (query.next()) {
            for (int column = 0; column < columns; ++column)
                sum += query.value(column).toLongLong();
        }
    }
    return sum;
}

/// Memory of this process in MiB, with what the allocator keeps for itself given back.
double memory()
{
    malloc_trim(0);
    QFile file(u"/proc/self/statm"_s);
    if (!file.open(QIODevice::ReadOnly))
        return 0;
    const QList<QByteArray> fields = file.readAll().split(' ');
    return static_cast<double>(fields[1].toLongLong() * sysconf(_SC_PAGESIZE)) / (1024 * 1024);
}

} // namespace

class BenchStatistics final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aMillionTradesAreNotHeldAndHoldUpNobody();
};

void BenchStatistics::aMillionTradesAreNotHeldAndHoldUpNobody()
{
    const QTemporaryDir folder;
    const QString path = folder.filePath(u"bench.db"_s);
    const auto database = openMigrated(path);
    QVERIFY(database);
    const auto filled = fill(*database);
    QVERIFY2(filled, filled ? "" : qPrintable(filled.error().text));

    qint64 sum = 0;
    double bare = 1000 * cpuSecondsOf([&] { sum = bareLoop(*database); });
    QVERIFY(sum != 0);

    SqlHistory history(path);
    const double before = memory();
    double whole = 0;
    double longest = 0;
    int calls = 0;
    for (bool isDone = false; !isDone; ++calls) {
        Result<std::optional<Statistics>> statistics;
        const double took = 1000 * cpuSecondsOf([&] { statistics = history.statistics(BotId(1)); });
        QVERIFY2(statistics, statistics ? "" : qPrintable(statistics.error().text));
        whole += took;
        longest = std::max(longest, took);
        isDone = statistics->has_value();
        QVERIFY(!isDone || (*statistics)->total.trades == tradeCount);
        QVERIFY(!isDone || (*statistics)->days == 365);
    }
    const double grown = memory() - before;
    bool isThere = false;
    const double again = 1000 * cpuSecondsOf([&] { isThere = history.statistics(BotId(1))->has_value(); });
    QVERIFY(isThere);
    bare = std::min(bare, 1000 * cpuSecondsOf([&] { sum = bareLoop(*database); }));
    qInfo("bare loop %.0f ms; statistics %.0f ms in %d calls (ratio %.2f), the longest %.0f ms, again %.1f ms; +%.1f "
          "MiB",
          bare, whole, calls, whole / bare, longest, again, grown);
    QVERIFY2(whole <= 2 * bare, "statistics take more than twice as long as a bare loop");
    QVERIFY2(longest <= whole / 20, "one call reads too much");
    QVERIFY2(again <= whole / 50, "what was read is read again");
    QVERIFY2(grown < 16, "the history is held in memory");
}

QTEST_GUILESS_MAIN(BenchStatistics)
#include "bench_statistics.moc"
