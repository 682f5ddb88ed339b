// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/storage/datafolder.h"
#include "core/storage/maintenance.h"
#include "core/storage/recovery.h"
#include "core/storage/schema.h"
#include "tests/unit/storage/storagefixture.h"

#include <QDir>
#include <QRegularExpression>
#include <QTest>

using namespace tradebot;
using namespace tradebot::test;
using namespace Qt::StringLiterals;

namespace {

const QStringList &filledTables()
{
    static const QStringList tables{u"users"_s,  u"bots"_s,  u"events"_s, u"bot_configs"_s, u"bot_states"_s,
                                    u"orders"_s, u"fills"_s, u"trades"_s, u"ledger"_s,      u"equity"_s};
    return tables;
}

QString columnsOf(const Database &database, const QString &table)
{
    return valueOf(database.texts(u"SELECT group_concat(name, ', ') FROM pragma_table_info('%1')"_s.arg(table)))
            .constFirst();
}

/// A database as the first version left it: its schema, and of a store's rows what that had columns for.
void makeFirstVersion(const QString &path, const TemporaryStore &store)
{
    const Database database = valueOf(Database::open(path, Database::Access::ReadWrite));
    static const QRegularExpression end(u";\\s*?\\n\\s*\\n|;\\s*$"_s);
    const QString sql =
            QString::fromUtf8(contentOf(QStringLiteral(TRADEBOT_SOURCE_DIR "/resources/sql/0001_initial.sql")));
    for (const QString &statement : sql.split(end, Qt::SkipEmptyParts))
        valueOf(database.execute(statement));
    valueOf(database.execute(u"PRAGMA user_version = 1"_s));
    valueOf(database.execute(u"PRAGMA foreign_keys = OFF"_s));
    valueOf(database.execute(u"DELETE FROM users"_s));
    valueOf(database.execute(u"ATTACH '%1' AS newest"_s.arg(store.path())));
    for (const QString &table : filledTables()) {
        const QString columns = columnsOf(database, table);
        valueOf(database.execute(
                u"INSERT INTO main.%1 (%2) SELECT %2 FROM newest.%1 ORDER BY 1, 2"_s.arg(table, columns)));
    }
    // What came later was not written then.
    valueOf(database.execute(
            u"UPDATE bot_configs SET config = json_remove(config, '$.paper', '$.stops_at', "
            "'$.stop_limit_percent', '$.limits.stop_loss_guard', '$.limits.max_orders_per_minute')"_s));
    // How that version left an hour when a sample of it was written again.
    valueOf(database.execute(u"UPDATE equity SET equity = equity - 5 WHERE at = (SELECT max(at) FROM equity)"_s));
}

} // namespace

class tst_Migration final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void aDatabaseOfTheFirstVersionLosesNothing();
    void aMigratedDatabaseIsWhole();
    void aMigratedDatabaseGoesOn();
    void anHourOfTheCurveIsMended();
    void aMigrationThatFailsLeavesTheDatabaseAsItWas();

private:
    std::unique_ptr<TemporaryStore> m_store; ///< of the newest version, with a history
    FactMaker m_facts;
    std::unique_ptr<QTemporaryDir> m_folder;
    QString m_path; ///< the same history in the first version
};

void tst_Migration::init()
{
    m_store = std::make_unique<TemporaryStore>();
    m_facts = FactMaker();
    m_store->write({m_facts.created(BotId(1)), m_facts.created(BotId(2)), m_facts.created(BotId(3))});
    std::vector<EquitySample> samples;
    for (qint64 i = 0; i < 100; ++i)
        samples.push_back({BotId(1), {fromMilliseconds(i * 100'000), Money::fromInteger(static_cast<int>(9000 + i))}});
    m_store->write(m_facts.roundTrips(BotId(1), 30), samples);
    m_store->write(m_facts.filled(BotId(2), Side::Sell, "3", "123.45")); // stays open
    m_store->write({m_facts.decision(BotId(2)), m_facts.make(BotId(3), BotDeleted())});
    m_folder = std::make_unique<QTemporaryDir>();
    m_path = databasePath(m_folder->path());
    makeFirstVersion(m_path, *m_store);
}

void tst_Migration::aDatabaseOfTheFirstVersionLosesNothing()
{
    const QString before = m_folder->filePath(u"before.db"_s);
    QVERIFY(QFile::copy(m_path, before));
    const Database database = valueOf(openMigrated(m_path));
    QCOMPARE(valueOf(database.integer(u"PRAGMA user_version"_s)), newestSchemaVersion());
    valueOf(database.execute(u"ATTACH '%1' AS before"_s.arg(before)));
    for (const QString &table : filledTables()) {
        const QString columns =
                valueOf(database.texts(
                                u"SELECT group_concat(name, ', ') FROM pragma_table_info('%1', 'before')"_s.arg(table)))
                        .constFirst();
        const auto count = [&database](const QString &rows) {
            return valueOf(database.integer(u"SELECT count(*) FROM (%1)"_s.arg(rows)));
        };
        const QString was = u"SELECT %2 FROM before.%1"_s.arg(table, columns);
        const QString is = u"SELECT %2 FROM main.%1"_s.arg(table, columns);
        QVERIFY2(count(was) > 0, qPrintable(table));
        QCOMPARE(count(is), count(was));
        QCOMPARE(count(was + u" EXCEPT "_s + is), 0);
    }
}

void tst_Migration::aMigratedDatabaseIsWhole()
{
    static_cast<void>(valueOf(openMigrated(m_path)));
    QCOMPARE(valueOf(checkDatabase(m_folder->path())), QStringList());
    const Recovered recovered = valueOf(recover(valueOf(openReadOnly(m_path))));
    QCOMPARE(recovered.last, m_facts.last());
    QCOMPARE(recovered.bots.size(), 2U); // the third is deleted
    for (const BotRecord &bot : recovered.bots) {
        QVERIFY(bot.state == m_facts.state(bot.id));
        QCOMPARE(bot.config, exampleConfig());
        QCOMPARE(bot.configProblem, QString());
    }
}

void tst_Migration::aMigratedDatabaseGoesOn()
{
    const Database database = valueOf(openMigrated(m_path));
    const FakeClock clock;
    JournalWriter writer(database, clock, valueOf(recover(database)));
    const std::vector<JournalBatch> batches{JournalBatch{m_facts.filled(BotId(2), Side::Buy, "3", "120"), {}}};
    QCOMPARE(valueOf(writer.write(batches)).upTo, m_facts.last());
    QCOMPARE(valueOf(checkDatabase(m_folder->path())), QStringList());
}

void tst_Migration::anHourOfTheCurveIsMended()
{
    const QString differing = u"SELECT count(*) FROM (SELECT bot_id, hour, low, high FROM equity_hours EXCEPT "
                              "SELECT bot_id, at - at % 3600000, min(equity), max(equity) FROM equity "
                              "GROUP BY bot_id, at - at % 3600000)"_s;
    QCOMPARE(valueOf(valueOf(Database::open(m_path, Database::Access::ReadOnly)).integer(differing)), 1);
    QCOMPARE(valueOf(valueOf(openMigrated(m_path)).integer(differing)), 0);
}

void tst_Migration::aMigrationThatFailsLeavesTheDatabaseAsItWas()
{
    {
        const Database database = valueOf(Database::open(m_path, Database::Access::ReadWrite));
        valueOf(database.execute(u"ALTER TABLE orders ADD COLUMN cancel_requested INTEGER"_s)); // not of ours
    }
    const auto opened = openMigrated(m_path);
    QVERIFY(!opened);
    QVERIFY2(opened.error().text.contains(u"cancel_requested"), qPrintable(opened.error().text));
    const Database database = valueOf(Database::open(m_path, Database::Access::ReadOnly));
    QCOMPARE(valueOf(database.integer(u"PRAGMA user_version"_s)), 1);
    QVERIFY(!columnsOf(database, u"orders"_s).contains(u"triggered_at"_s));
}

QTEST_GUILESS_MAIN(tst_Migration)
#include "tst_migration.moc"
