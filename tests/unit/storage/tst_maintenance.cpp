// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/storage/datafolder.h"
#include "core/storage/maintenance.h"
#include "core/storage/recovery.h"
#include "core/storage/schema.h"
#include "tests/support/qtestprint.h"
#include "tests/unit/storage/storagefixture.h"

#include <QDir>
#include <QTest>

using namespace tradebot;
using namespace tradebot::test;
using namespace Qt::StringLiterals;

class tst_Maintenance final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aSoundDatabaseHasNoProblems();
    void anEmptyDatabaseHasNoProblems();
    void aRepeatedFillIsNoProblem();
    void anotherInitialBalanceIsNoProblem();
    void aBackupLeavesTheFilesOfOthersAlone();
    void whatIsWrongIsSaid_data();
    void whatIsWrongIsSaid();
    void checkingWhereThereIsNothingIsAnError();
    void aBackupIsTheSameDatabase();
    void aBackupWaitsForNobody();
    void aBackupOverwritesNothing();
    void aBackupThatFailsLeavesNoFile();
    void aConfigurationWrittenWithFewerFieldsIsNoProblem();
    void restoringPutsABackupInPlaceAndKeepsWhatWasThere();
    void restoringIntoAnEmptyFolderMakesTheDatabase();
    void restoringMendsALostDatabase();
    void whatCannotBeRestoredChangesNothing();
    void nothingIsRestoredUnderARunningProgram();

private:
    /// A store with two bots that have traded.
    void fill(TemporaryStore &store, FactMaker &facts);
};

void tst_Maintenance::fill(TemporaryStore &store, FactMaker &facts)
{
    store.write({facts.created(BotId(1)), facts.created(BotId(2))});
    store.write(facts.roundTrips(BotId(1), 5),
                {{BotId(1), {fromMilliseconds(1'770'000'000'000), Money::fromInteger(9990)}}});
    store.write(facts.filled(BotId(2), Side::Sell, "3", "123.45"));
}

void tst_Maintenance::aSoundDatabaseHasNoProblems()
{
    TemporaryStore store;
    FactMaker facts;
    fill(store, facts);
    QCOMPARE(valueOf(checkDatabase(store.dataDir())), QStringList());
}

void tst_Maintenance::anEmptyDatabaseHasNoProblems()
{
    const TemporaryStore store;
    QCOMPARE(valueOf(checkDatabase(store.dataDir())), QStringList());
}

void tst_Maintenance::aRepeatedFillIsNoProblem()
{
    TemporaryStore store;
    FactMaker facts;
    fill(store, facts);
    const auto first = facts.filled(BotId(2), Side::Buy, "1", "120");
    store.write(first);
    auto again = std::make_shared<BotEvent>(*first[1]);
    again->sequence = EventSequence(facts.last().value() + 1);
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression(u"repeats a fill"_s));
    store.write({again});
    QCOMPARE(valueOf(checkDatabase(store.dataDir())), QStringList());
}

void tst_Maintenance::anotherInitialBalanceIsNoProblem()
{
    TemporaryStore store;
    FactMaker facts;
    BotConfig config = exampleConfig();
    config.initialBalance = Money::fromInteger(5000);
    store.write({facts.created(BotId(1)), facts.make(BotId(1), BotConfigured{2, config})});
    QCOMPARE(valueOf(checkDatabase(store.dataDir())), QStringList());
    store.write(facts.roundTrips(BotId(1), 2));
    QCOMPARE(valueOf(checkDatabase(store.dataDir())), QStringList());
}

void tst_Maintenance::aBackupLeavesTheFilesOfOthersAlone()
{
    TemporaryStore store;
    FactMaker facts;
    fill(store, facts);
    const QTemporaryDir folder;
    putContent(folder.filePath(u"backup.db.part"_s), "somebody else's");
    valueOf(backupDatabase(store.dataDir(), folder.filePath(u"backup.db"_s)));
    QCOMPARE(contentOf(folder.filePath(u"backup.db.part"_s)), "somebody else's");
    QCOMPARE(QDir(folder.path()).entryList(QDir::Files), (QStringList{u"backup.db"_s, u"backup.db.part"_s}));
}

void tst_Maintenance::whatIsWrongIsSaid_data()
{
    QTest::addColumn<QString>("sql");
    QTest::addColumn<QString>("problem");
    QTest::newRow("a fact is missing") << u"DELETE FROM events WHERE seq = 4"_s
                                       << u"the journal goes from fact 3 to fact 5"_s;
    QTest::newRow("the first fact is missing")
            << u"DELETE FROM events WHERE seq = 1"_s << u"the journal goes from fact 0 to fact 2"_s;
    QTest::newRow("the ledger is not the balance")
            << u"UPDATE ledger SET amount = amount + 1 WHERE seq = 4 AND bot_id = 1"_s << u"bot 1: its balance is"_s;
    QTest::newRow("the state is not the fold")
            << u"UPDATE bot_states SET state = replace(state, '\"stopped\"', '\"running\"') WHERE bot_id = 2"_s
            << u"bot 2: its stored state is not what its facts add up to"_s;
    QTest::newRow("a fill is missing") << u"DELETE FROM fills WHERE bot_id = 2"_s
                                       << u"its fill is not in the table of fills"_s;
    QTest::newRow("a trade is missing") << u"DELETE FROM trades WHERE id = (SELECT min(id) FROM trades)"_s
                                        << u"bot 1: there are 4 trades, but the journal tells of 5"_s;
    QTest::newRow("an order is other than told") << u"UPDATE orders SET reason = 'none' WHERE seq = 3"_s
                                                 << u"table orders, row 3: it is not what the journal says"_s;
    QTest::newRow("a configuration is missing")
            << u"DELETE FROM bot_configs WHERE bot_id = 2"_s << u"table bot_configs, row 2, 1: it is missing"_s;
    QTest::newRow("a trade is other than told")
            << u"UPDATE trades SET exit_at = exit_at + 1 WHERE id = (SELECT min(id) FROM trades)"_s
            << u"table trades, row 7: it is not what the journal says"_s;
    QTest::newRow("two rows of the ledger are swapped")
            << u"UPDATE ledger SET kind = CASE seq WHEN 4 THEN 'funding' ELSE kind END"_s
            << u"table ledger, row 1, 4, fee: it is missing"_s;
    QTest::newRow("a fill is other than told") << u"UPDATE fills SET is_maker = 1 WHERE seq = 4"_s
                                               << u"table fills, row 4: it is not what the journal says"_s;
    QTest::newRow("a bot has another name") << u"UPDATE bots SET name = 'Mine' WHERE id = 2"_s
                                            << u"table bots, row 2: it is not what the journal says"_s;
    QTest::newRow("a configuration is other than decided")
            << u"UPDATE bot_configs SET config = json_set(config, '$.leverage', 5) WHERE bot_id = 2"_s
            << u"table bot_configs, row 2, 1: it is not what the journal says"_s;
    QTest::newRow("an hour of the curve is not its samples")
            << u"UPDATE equity_hours SET high = high + 1"_s
            << u"table equity_hours, bot 1, hour 1769997600000: it is not what the samples say"_s;
    QTest::newRow("a row refers to nothing")
            << u"DELETE FROM bots WHERE id = 2"_s << u"refers to a row of bots that there is not"_s;
}

void tst_Maintenance::whatIsWrongIsSaid()
{
    QFETCH(const QString, sql);
    QFETCH(const QString, problem);
    TemporaryStore store;
    FactMaker facts;
    fill(store, facts);
    {
        const Database database = valueOf(Database::open(store.path(), Database::Access::ReadWrite));
        valueOf(database.execute(u"PRAGMA foreign_keys = OFF"_s));
        valueOf(database.execute(u"DROP TRIGGER events_are_never_deleted"_s));
        valueOf(database.execute(sql));
    }
    const QStringList problems = valueOf(checkDatabase(store.dataDir()));
    const QString all = problems.join(u'\n');
    QVERIFY2(all.contains(problem), qPrintable(u"expected \"%1\" in:\n%2"_s.arg(problem, all)));
}

void tst_Maintenance::checkingWhereThereIsNothingIsAnError()
{
    const QTemporaryDir folder;
    QCOMPARE(checkDatabase(folder.path()).error().code, ErrorCode::NotFound);
    QVERIFY(QDir(folder.path()).isEmpty());
}

void tst_Maintenance::aBackupIsTheSameDatabase()
{
    TemporaryStore store;
    FactMaker facts;
    fill(store, facts);
    const QTemporaryDir folder;
    QVERIFY(QDir(folder.path()).mkdir(u"restored"_s));
    const QString copy = databasePath(folder.filePath(u"restored"_s));
    valueOf(backupDatabase(store.dataDir(), copy));
#ifdef Q_OS_UNIX
    QVERIFY(!(QFile::permissions(copy) & (QFile::ReadGroup | QFile::ReadOther)));
#endif
    QCOMPARE(valueOf(checkDatabase(folder.filePath(u"restored"_s))), QStringList());
    const Recovered recovered = valueOf(recover(valueOf(openMigrated(copy))));
    QCOMPARE(recovered.last, facts.last());
    QVERIFY(recovered.bots.at(0).state == facts.state(BotId(1)));
}

void tst_Maintenance::aBackupWaitsForNobody()
{
    TemporaryStore store;
    FactMaker facts;
    fill(store, facts);
    const EventSequence committed = facts.last();
    const QTemporaryDir folder;
    const Database writing = valueOf(Database::open(store.path(), Database::Access::ReadWrite));
    auto transaction = valueOf(Transaction::begin(writing));
    valueOf(writing.execute(u"INSERT INTO events VALUES (1000, 1, 'complete', 5, 5, '{}')"_s));
    valueOf(backupDatabase(store.dataDir(), databasePath(folder.path())));
    valueOf(transaction.commit());
    QCOMPARE(valueOf(recover(valueOf(openReadOnly(databasePath(folder.path()))))).last, committed);
}

void tst_Maintenance::aBackupOverwritesNothing()
{
    const TemporaryStore store;
    const QTemporaryDir folder;
    QFile file(folder.filePath(u"precious"_s));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("keep me");
    file.close();
    const auto done = backupDatabase(store.dataDir(), file.fileName());
    QVERIFY(!done);
    QCOMPARE(done.error().code, ErrorCode::Conflict);
    QVERIFY(file.open(QIODevice::ReadOnly));
    QCOMPARE(file.readAll(), "keep me");
}

void tst_Maintenance::aBackupThatFailsLeavesNoFile()
{
    const TemporaryStore store;
    const auto done = backupDatabase(store.dataDir(), u"/nonexistent/folder/copy.db"_s);
    QVERIFY(!done);
    QCOMPARE(done.error().code, ErrorCode::Io);
    QVERIFY2(done.error().text.contains(u"/nonexistent/folder/copy.db"), qPrintable(done.error().text));
    QVERIFY(!QFileInfo::exists(u"/nonexistent"_s));
    const QTemporaryDir folder;
    QVERIFY(!backupDatabase(folder.path(), folder.filePath(u"copy.db"_s)));
    QVERIFY(QDir(folder.path()).isEmpty());
}

void tst_Maintenance::aConfigurationWrittenWithFewerFieldsIsNoProblem()
{
    TemporaryStore store;
    FactMaker facts;
    fill(store, facts);
    valueOf(valueOf(Database::open(store.path(), Database::Access::ReadWrite))
                    .execute(u"UPDATE bot_configs SET config = json_remove(config, '$.paper', '$.stops_at')"_s));
    QCOMPARE(valueOf(checkDatabase(store.dataDir())), QStringList());
}

void tst_Maintenance::restoringPutsABackupInPlaceAndKeepsWhatWasThere()
{
    TemporaryStore store;
    FactMaker facts;
    fill(store, facts);
    const QTemporaryDir folder;
    const QString backup = folder.filePath(u"backup.db"_s);
    valueOf(backupDatabase(store.dataDir(), backup));
    const EventSequence saved = facts.last();
    const auto epoch = u"SELECT token_epoch FROM users WHERE id = 1"_s;
    const qint64 given = valueOf(store.look().integer(epoch));
    QByteArray log; // of a program that was killed
    {
        const Database holdsTheLogOpen = store.look();
        static_cast<void>(valueOf(recover(holdsTheLogOpen)));
        store.write(facts.roundTrips(BotId(1), 5));
        log = contentOf(store.path() + u"-wal"_s);
    }
    putContent(store.path() + u"-wal"_s, log);

    const QString kept = valueOf(restoreDatabase(store.dataDir(), backup));
    QCOMPARE(kept, store.path() + u".replaced-1"_s);
    QCOMPARE(contentOf(kept + u"-wal"_s), log);
    QVERIFY(!QFileInfo::exists(store.path() + u"-wal"_s));
    QCOMPARE(valueOf(checkDatabase(store.dataDir())), QStringList());
    QVERIFY(valueOf(store.look().integer(epoch)) > given); // a token that was revoked meanwhile stays so
    QCOMPARE(valueOf(recover(valueOf(openMigrated(store.path())))).last, saved);
    QCOMPARE(valueOf(recover(valueOf(openReadOnly(kept)))).last, facts.last());

    QCOMPARE(valueOf(restoreDatabase(store.dataDir(), kept)), store.path() + u".replaced-2"_s);
    QCOMPARE(valueOf(recover(store.look())).last, facts.last());
}

void tst_Maintenance::restoringIntoAnEmptyFolderMakesTheDatabase()
{
    TemporaryStore store;
    FactMaker facts;
    fill(store, facts);
    const QTemporaryDir folder;
    QCOMPARE(valueOf(restoreDatabase(folder.path(), store.path())), QString());
    QCOMPARE(valueOf(checkDatabase(folder.path())), QStringList());
    QVERIFY(!(QFile::permissions(databasePath(folder.path())) & (QFile::ReadGroup | QFile::ReadOther)));
}

void tst_Maintenance::restoringMendsALostDatabase()
{
    TemporaryStore store;
    FactMaker facts;
    fill(store, facts);
    const QTemporaryDir folder;
    putContent(databasePath(folder.path()) + u"-wal"_s, "facts");
    QVERIFY(!openMigrated(databasePath(folder.path())));
    static_cast<void>(valueOf(restoreDatabase(folder.path(), store.path())));
    QCOMPARE(valueOf(checkDatabase(folder.path())), QStringList());
    QCOMPARE(contentOf(databasePath(folder.path()) + u".replaced-1-wal"_s), "facts");
}

void tst_Maintenance::whatCannotBeRestoredChangesNothing()
{
    TemporaryStore store;
    FactMaker facts;
    fill(store, facts);
    const QTemporaryDir folder;
    const QString poem = folder.filePath(u"poem.db"_s);
    putContent(poem, QByteArray("I am no database.\n").repeated(500));
    const QByteArray before = contentOf(store.path());
    const auto refused = [&store](const QString &file) {
        const auto done = restoreDatabase(store.dataDir(), file);
        return done ? ErrorCode::Internal : done.error().code;
    };
    QCOMPARE(refused(poem), ErrorCode::Corrupt);
    putContent(poem, {});
    QCOMPARE(refused(poem), ErrorCode::Corrupt);
    QCOMPARE(refused(folder.filePath(u"nowhere.db"_s)), ErrorCode::NotFound);
    QCOMPARE(refused(store.path()), ErrorCode::InvalidInput);
    QCOMPARE(contentOf(store.path()), before);
    QCOMPARE(QDir(store.dataDir()).entryList({u"tradebot.db*"_s}), QStringList{u"tradebot.db"_s});
}

void tst_Maintenance::nothingIsRestoredUnderARunningProgram()
{
    TemporaryStore store;
    FactMaker facts;
    fill(store, facts);
    const QTemporaryDir folder;
    const QString backup = folder.filePath(u"backup.db"_s);
    valueOf(backupDatabase(store.dataDir(), backup));
    const auto running = DataFolder::claim(store.dataDir());
    const auto done = restoreDatabase(store.dataDir(), backup);
    QVERIFY(!done);
    QCOMPARE(done.error().code, ErrorCode::AlreadyRunning);
}

QTEST_GUILESS_MAIN(tst_Maintenance)
#include "tst_maintenance.moc"
