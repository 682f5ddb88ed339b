// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/storage/datafolder.h"
#include "core/storage/recovery.h"
#include "core/storage/schema.h"
#include "core/storage/users.h"
#include "tests/unit/storage/storagefixture.h"

#include <QDir>
#include <QLockFile>
#include <QProcess>
#include <QRegularExpression>
#include <QSqlQuery>
#include <QTest>

#ifdef Q_OS_UNIX
#include <sys/file.h>
#include <unistd.h>
#endif

using namespace tradebot;
using namespace tradebot::test;
using namespace Qt::StringLiterals;

namespace {

#ifdef Q_OS_UNIX
/// Root may write everywhere; as nobody we see what a user sees.
class WithoutRoot final
{
public:
    WithoutRoot() : m_active(geteuid() == 0 && setresuid(65534, 65534, 0) == 0) { }
    WithoutRoot(const WithoutRoot &) = delete;
    WithoutRoot &operator=(const WithoutRoot &) = delete;
    ~WithoutRoot()
    {
        if (m_active && setresuid(0, 0, 0) != 0)
            qFatal("root's rights did not come back");
    }

private:
    bool m_active;
};
#endif

} // namespace

class tst_Database final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void anEmptyFolderGetsTheWholeSchema();
    void nobodyElseMayReadIt();
    void theSchemaIsStrictAndSafe();
    void openingTwiceMigratesOnce();
    void theFirstMigrationMakesTheOwner();
    void aDatabaseFromANewerVersionIsRefusedUnchanged();
    void aVersionThatNobodyGaveIsRefusedUnchanged_data();
    void aVersionThatNobodyGaveIsRefusedUnchanged();
    void aDatabaseOfAnotherProgramIsRefusedUnchanged();
    void aFileThatIsNoDatabaseIsRefusedUnchanged();
    void aDamagedPageIsRefusedUnchanged();
    void aTruncatedDatabaseIsRefusedUnchanged();
    void damageBesideALogHintsAtACopyMadeByHand();
    void aLogWithoutItsDatabaseIsRefusedUnchanged_data();
    void aLogWithoutItsDatabaseIsRefusedUnchanged();
    void aLogThatAKilledProgramLeftIsTakenUp();
    void aJournalWithAGapIsRefused_data();
    void aJournalWithAGapIsRefused();
    void aConfigurationThatBreaksANewRuleIsRead();
    void aConfigurationThatCannotBeReadIsTheProblemOfItsBot();
    void aStateThatCannotBeReadIsMadeAnew();
    void aReadOnlyFolderIsSaid();
    void aReadOnlyDatabaseIsSaid();
    void aFileInPlaceOfTheFolderIsSaid();
    void aSecondInstanceNamesTheFirst();
    void aFolderIsFreeAfterwards();
    void theLockOfADeadProcessDoesNotHold();
    void theLockOfADeadProcessWithOurNumberDoesNotHold();
    void theLockIsNotHandedToAProgramThatIsStarted();
    void anEmptyLockOfADeadProcessDoesNotHold();
#ifdef Q_OS_UNIX
    void anEmptyLockOfALivingProcessHolds();
#endif
    void readingWhereThereIsNoDatabaseMakesNone();
    void theJournalCannotBeChanged();
};

void tst_Database::anEmptyFolderGetsTheWholeSchema()
{
    const TemporaryStore store;
    const Database database = store.look();
    QCOMPARE(valueOf(database.integer(u"PRAGMA user_version"_s)), newestSchemaVersion());
    const QStringList tables =
            valueOf(database.texts(u"SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name"_s));
    QCOMPARE(tables, QStringList({u"bot_configs"_s, u"bot_states"_s, u"bots"_s, u"equity"_s, u"equity_hours"_s,
                                  u"events"_s, u"fills"_s, u"ledger"_s, u"orders"_s, u"trades"_s, u"users"_s}));
    const Recovered recovered = valueOf(recover(database));
    QCOMPARE(recovered.last, EventSequence());
    QCOMPARE(recovered.lastBotId, 0);
    QVERIFY(recovered.bots.empty());
}

void tst_Database::nobodyElseMayReadIt()
{
#ifdef Q_OS_UNIX
    const TemporaryStore store;
    constexpr auto others = QFile::ReadGroup | QFile::WriteGroup | QFile::ReadOther | QFile::WriteOther;
    const auto verifyPrivate = [&] {
        const Database writer = valueOf(openMigrated(store.path()));
        valueOf(writer.execute(u"UPDATE users SET token_epoch = token_epoch + 1"_s));
        for (const char *end : {"", "-wal", "-shm"}) {
            const QFileInfo file(store.path() + QLatin1StringView(end));
            QVERIFY2(file.exists() && !(file.permissions() & others), end);
        }
    };
    verifyPrivate();
    QVERIFY(QFile::setPermissions(store.path(), QFile::permissions(store.path()) | others)); // of an older version
    verifyPrivate();
#else
    QSKIP("rights of this kind are those of Unix");
#endif
}

void tst_Database::theSchemaIsStrictAndSafe()
{
    const TemporaryStore store;
    const Database database = valueOf(Database::open(store.path(), Database::Access::ReadWrite));
    QCOMPARE(valueOf(database.texts(u"PRAGMA journal_mode"_s)), QStringList{u"wal"_s});
    QCOMPARE(valueOf(database.integer(u"PRAGMA synchronous"_s)), 2); // FULL
    QCOMPARE(valueOf(database.integer(u"PRAGMA foreign_keys"_s)), 1);
    QCOMPARE(valueOf(database.integer(u"PRAGMA busy_timeout"_s)), 5000);
    QCOMPARE(valueOf(database.integer(u"PRAGMA journal_size_limit"_s)), 67108864);
    QCOMPARE(valueOf(database.texts(u"SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' "
                                    "AND strict = 0 AND name NOT LIKE 'sqlite%'"_s)),
             QStringList());
}

void tst_Database::openingTwiceMigratesOnce()
{
    const TemporaryStore store;
    const Database again = valueOf(openMigrated(store.path()));
    QCOMPARE(valueOf(again.integer(u"SELECT count(*) FROM users"_s)), 1);
}

void tst_Database::theFirstMigrationMakesTheOwner()
{
    const TemporaryStore store;
    const Database database = valueOf(openMigrated(store.path()));
    const User owner = valueOf(findOwner(database));
    QCOMPARE(owner.id, UserId(1));
    QCOMPARE(owner.email, u"owner@localhost"_s);
    QCOMPARE(owner.role, Role::Owner);
    QCOMPARE(owner.owner, owner.id);
    QCOMPARE(owner.tokenEpoch, 1);
    QCOMPARE(valueOf(incrementTokenEpoch(database, owner.id)), 2);
    QCOMPARE(valueOf(tokenEpoch(database, owner.id)), 2);
    QCOMPARE(tokenEpoch(database, UserId(7)).error().code, ErrorCode::NotFound);
    QCOMPARE(incrementTokenEpoch(database, UserId(7)).error().code, ErrorCode::NotFound);
    QCOMPARE(valueOf(ownerOf(store.dataDir())).tokenEpoch, 2);
}

void tst_Database::aDatabaseFromANewerVersionIsRefusedUnchanged()
{
    const TemporaryStore store;
    valueOf(valueOf(Database::open(store.path(), Database::Access::ReadWrite)).execute(u"PRAGMA user_version = 99"_s));
    const QByteArray before = contentOf(store.path());
    const auto opened = openMigrated(store.path());
    QVERIFY(!opened);
    QCOMPARE(opened.error().code, ErrorCode::Corrupt);
    QVERIFY2(opened.error().text.contains(u"version 99, from a newer TradeBot"), qPrintable(opened.error().text));
    QVERIFY(opened.error().text.contains(QDir::toNativeSeparators(store.path())));
    QCOMPARE(contentOf(store.path()), before);
    QVERIFY(!openReadOnly(store.path()));
}

void tst_Database::aVersionThatNobodyGaveIsRefusedUnchanged_data()
{
    QTest::addColumn<int>("version");
    QTest::newRow("negative") << -1;
    QTest::newRow("as of a new file") << 0;
}

void tst_Database::aVersionThatNobodyGaveIsRefusedUnchanged()
{
    QFETCH(const int, version);
    const TemporaryStore store;
    valueOf(valueOf(Database::open(store.path(), Database::Access::ReadWrite))
                    .execute(u"PRAGMA user_version = %1"_s.arg(version)));
    const QByteArray before = contentOf(store.path());
    for (const auto open : {openMigrated, openReadOnly}) {
        const auto opened = open(store.path());
        QVERIFY(!opened);
        QCOMPARE(opened.error().code, ErrorCode::Corrupt);
        QVERIFY2(opened.error().text.contains(u"version %1, which no TradeBot gives"_s.arg(version)),
                 qPrintable(opened.error().text));
    }
    QCOMPARE(contentOf(store.path()), before);
}

void tst_Database::aDatabaseOfAnotherProgramIsRefusedUnchanged()
{
    const QTemporaryDir folder;
    const QString path = folder.filePath(u"tradebot.db"_s);
    {
        const Database other = valueOf(Database::open(path, Database::Access::ReadWrite));
        valueOf(other.execute(u"CREATE TABLE recipes (name TEXT)"_s));
    }
    const QByteArray before = contentOf(path);
    const auto opened = openMigrated(path);
    QVERIFY(!opened);
    QVERIFY2(opened.error().text.contains(u"another program"), qPrintable(opened.error().text));
    const auto read = openReadOnly(path);
    QVERIFY(!read);
    QVERIFY2(read.error().text.contains(u"another program"), qPrintable(read.error().text));
    QCOMPARE(contentOf(path), before);
}

void tst_Database::aFileThatIsNoDatabaseIsRefusedUnchanged()
{
    const QTemporaryDir folder;
    const QString path = folder.filePath(u"tradebot.db"_s);
    const QByteArray poem = QByteArray("I am no database.\n").repeated(500);
    putContent(path, poem);
    const auto opened = openMigrated(path);
    QVERIFY(!opened);
    QCOMPARE(opened.error().code, ErrorCode::Corrupt);
    QVERIFY2(opened.error().text.contains(u"not a database"), qPrintable(opened.error().text));
    QVERIFY(opened.error().text.contains(QDir::toNativeSeparators(path)));
    QCOMPARE(contentOf(path), poem);
}

void tst_Database::aDamagedPageIsRefusedUnchanged()
{
    TemporaryStore store;
    FactMaker facts;
    std::vector<std::shared_ptr<BotEvent>> events{facts.created(BotId(1))};
    for (auto &event : facts.roundTrips(BotId(1), 100))
        events.push_back(event);
    store.write(events);
    QByteArray content = contentOf(store.path());
    QVERIFY(content.size() > 20 * 4096);
    for (qsizetype page = 6; page < content.size() / 4096; page += 3)
        content.replace(page * 4096, 512, QByteArray(512, '\x5a'));
    putContent(store.path(), content);
    const auto opened = openMigrated(store.path());
    QVERIFY(!opened);
    QCOMPARE(opened.error().code, ErrorCode::Corrupt);
    QVERIFY2(opened.error().text.contains(u"restore a backup"), qPrintable(opened.error().text));
    QCOMPARE(contentOf(store.path()), content);
}

void tst_Database::aTruncatedDatabaseIsRefusedUnchanged()
{
    const TemporaryStore store;
    QFile file(store.path());
    QVERIFY(file.resize(file.size() / 2 + 100));
    const QByteArray before = contentOf(store.path());
    const auto opened = openMigrated(store.path());
    QVERIFY(!opened);
    QCOMPARE(opened.error().code, ErrorCode::Corrupt);
    QCOMPARE(contentOf(store.path()), before);
}

void tst_Database::damageBesideALogHintsAtACopyMadeByHand()
{
    const TemporaryStore store;
    QFile file(store.path());
    QVERIFY(file.resize(file.size() / 2 + 100));
    putContent(store.path() + u"-wal"_s, QByteArray(100, 'x')); // not a log that SQLite would read
    const auto opened = openMigrated(store.path());
    QVERIFY(!opened);
    QVERIFY2(opened.error().text.contains(u"tradebot.db-wal may belong to the one before"),
             qPrintable(opened.error().text));
    QVERIFY(opened.error().text.contains(u"tradebotd restore"));
}

void tst_Database::aLogWithoutItsDatabaseIsRefusedUnchanged_data()
{
    QTest::addColumn<bool>("isEmpty");
    QTest::newRow("the database is missing") << false;
    QTest::newRow("the database is empty") << true;
}

void tst_Database::aLogWithoutItsDatabaseIsRefusedUnchanged()
{
    QFETCH(const bool, isEmpty);
    TemporaryStore store;
    const QString log = store.path() + u"-wal"_s;
    QByteArray facts;
    {
        const Database holdsTheLogOpen = store.look();
        static_cast<void>(valueOf(recover(holdsTheLogOpen)));
        FactMaker maker;
        store.write({maker.created(BotId(1))});
        facts = contentOf(log);
    }
    QVERIFY(facts.size() > 4096);
    QVERIFY(QFile::remove(store.path()));
    if (isEmpty)
        putContent(store.path(), {});
    putContent(log, facts);
    for (const auto open : {openMigrated, openReadOnly}) {
        const auto opened = open(store.path());
        QVERIFY(!opened);
        QCOMPARE(opened.error().code, ErrorCode::Corrupt);
        for (const QString &path : {store.path(), log})
            QVERIFY2(opened.error().text.contains(QDir::toNativeSeparators(path)), qPrintable(opened.error().text));
        QCOMPARE(contentOf(log), facts);
        QCOMPARE(QFileInfo::exists(store.path()), isEmpty);
        QCOMPARE(QFileInfo(store.path()).size(), 0);
    }
}

void tst_Database::aLogThatAKilledProgramLeftIsTakenUp()
{
    TemporaryStore store;
    FactMaker facts;
    const TemporaryStore killed; // its files are what the disk holds at the moment of the kill
    {
        const Database holdsTheLogOpen = store.look();
        static_cast<void>(valueOf(recover(holdsTheLogOpen)));
        store.write({facts.created(BotId(1))});
        store.write(facts.roundTrips(BotId(1), 3));
        for (const auto end : {""_L1, "-wal"_L1, "-shm"_L1})
            putContent(killed.path() + end, contentOf(store.path() + end));
    }
    QVERIFY(QFileInfo(killed.path() + u"-wal"_s).size() > 4096);
    const Recovered recovered = valueOf(recover(valueOf(openMigrated(killed.path()))));
    QCOMPARE(recovered.last, facts.last());
    QVERIFY(recovered.bots.at(0).state == facts.state(BotId(1)));
}

void tst_Database::aJournalWithAGapIsRefused_data()
{
    QTest::addColumn<QString>("lost");
    QTest::addColumn<QString>("problem");
    QTest::newRow("in the middle") << u"seq = 4"_s << u"the journal goes from fact 3 to fact 5"_s;
    QTest::newRow("many") << u"seq > 2 AND seq < 6"_s << u"the journal goes from fact 2 to fact 6"_s;
    QTest::newRow("the first") << u"seq = 1"_s << u"the journal goes from fact 0 to fact 2"_s;
    QTest::newRow("the last") << u"seq = 7"_s << u"bot 1 knows fact 7, but the journal ends at 6"_s;
}

void tst_Database::aJournalWithAGapIsRefused()
{
    QFETCH(const QString, lost);
    QFETCH(const QString, problem);
    TemporaryStore store;
    FactMaker facts;
    store.write({facts.created(BotId(1)), facts.decision(BotId(1)), facts.decision(BotId(1)), facts.decision(BotId(1)),
                 facts.decision(BotId(1)), facts.decision(BotId(1)), facts.decision(BotId(1))});
    {
        const Database database = valueOf(Database::open(store.path(), Database::Access::ReadWrite));
        valueOf(database.execute(u"DROP TRIGGER events_are_never_deleted"_s));
        valueOf(database.execute(u"DELETE FROM events WHERE "_s + lost));
    }
    const auto recovered = recover(store.look());
    QVERIFY(!recovered);
    QCOMPARE(recovered.error().code, ErrorCode::Corrupt);
    QVERIFY2(recovered.error().text.contains(problem), qPrintable(recovered.error().text));
    QVERIFY(recovered.error().text.contains(u"restore a backup"));
}

void tst_Database::aConfigurationThatBreaksANewRuleIsRead()
{
    TemporaryStore store;
    FactMaker facts;
    store.write({facts.created(BotId(1)), facts.created(BotId(2))});
    valueOf(valueOf(Database::open(store.path(), Database::Access::ReadWrite))
                    .execute(
                            u"UPDATE bot_configs SET config = json_set(config, '$.leverage', 500) WHERE bot_id = 1"_s));
    const Recovered recovered = valueOf(recover(store.look()));
    QCOMPARE(recovered.bots.at(0).config.leverage, 500);
    QCOMPARE(recovered.bots.at(0).configProblem, QString());
    QVERIFY(!validate(recovered.bots.at(0).config).isEmpty());
    QCOMPARE(recovered.bots.at(1).config, exampleConfig());
}

void tst_Database::aConfigurationThatCannotBeReadIsTheProblemOfItsBot()
{
    TemporaryStore store;
    FactMaker facts;
    BotConfig config = exampleConfig(u"Odd one"_s);
    config.symbol = Symbol(u"ETHUSDT"_s);
    store.write({facts.created(BotId(1), config), facts.created(BotId(2))});
    valueOf(valueOf(Database::open(store.path(), Database::Access::ReadWrite))
                    .execute(
                            u"UPDATE bot_configs SET config = json_set(config, '$.timeframe', '7w') WHERE bot_id = 1"_s));
    const Recovered recovered = valueOf(recover(store.look()));
    const BotRecord &odd = recovered.bots.at(0);
    QVERIFY2(odd.configProblem.contains(u"timeframe"), qPrintable(odd.configProblem));
    QCOMPARE(odd.config.name, u"Odd one"_s);
    QCOMPARE(odd.config.symbol, Symbol(u"ETHUSDT"_s));
    QCOMPARE(odd.config.strategy, u"ema_cross"_s);
    QCOMPARE(recovered.bots.at(1).configProblem, QString());
    QCOMPARE(recovered.bots.at(1).config, exampleConfig());
}

void tst_Database::aStateThatCannotBeReadIsMadeAnew()
{
    TemporaryStore store;
    FactMaker facts;
    store.write({facts.created(BotId(1)), facts.created(BotId(2))});
    store.write(facts.roundTrips(BotId(1), 3));
    store.write(facts.filled(BotId(1), Side::Buy, "2", "101"));
    valueOf(valueOf(Database::open(store.path(), Database::Access::ReadWrite))
                    .execute(u"UPDATE bot_states SET state = json_set(state, '$.balance', 'much') WHERE bot_id = 1"_s));
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression(u"bot 1: its stored state is made anew.*balance"_s));
    const Recovered recovered = valueOf(recover(store.look()));
    QVERIFY(recovered.bots.at(0).state == facts.state(BotId(1)));
    QVERIFY(recovered.bots.at(1).state == facts.state(BotId(2)));
}

void tst_Database::aReadOnlyFolderIsSaid()
{
#ifdef Q_OS_UNIX
    const QTemporaryDir folder;
    const auto all = QFile::ReadOwner | QFile::ExeOwner | QFile::ReadOther | QFile::ExeOther;
    QVERIFY(QFile::setPermissions(folder.path(), all));
    {
        const WithoutRoot user;
        for (const QString &path : {folder.path(), folder.filePath(u"new/data"_s)}) {
            const auto claimed = DataFolder::claim(path);
            QVERIFY(!claimed);
            QCOMPARE(claimed.error().code, ErrorCode::Io);
            QVERIFY2(claimed.error().text.contains(QDir::toNativeSeparators(path)), qPrintable(claimed.error().text));
            QVERIFY2(claimed.error().text.contains(u"check the rights"), qPrintable(claimed.error().text));
        }
    }
    QVERIFY(QDir(folder.path()).isEmpty());
    QVERIFY(QFile::setPermissions(folder.path(), all | QFile::WriteOwner));
#else
    QSKIP("rights of folders are tested on Unix");
#endif
}

void tst_Database::aReadOnlyDatabaseIsSaid()
{
#ifdef Q_OS_UNIX
    const TemporaryStore store;
    QVERIFY(QFile::setPermissions(QFileInfo(store.dataDir()).path(), QFile::Permissions(0x7777)));
    QVERIFY(QFile::setPermissions(store.dataDir(), QFile::Permissions(0x7777)));
    QVERIFY(QFile::setPermissions(store.path(), QFile::ReadOwner | QFile::ReadOther));
    const WithoutRoot user;
    const auto claimed = DataFolder::claim(store.dataDir());
    QVERIFY(!claimed);
    QCOMPARE(claimed.error().code, ErrorCode::Io);
    QVERIFY2(claimed.error().text.contains(u"tradebot.db is read-only"), qPrintable(claimed.error().text));
#else
    QSKIP("rights of files are tested on Unix");
#endif
}

void tst_Database::aFileInPlaceOfTheFolderIsSaid()
{
    const QTemporaryDir folder;
    putContent(folder.filePath(u"data"_s), "x");
    const auto claimed = DataFolder::claim(folder.filePath(u"data"_s));
    QVERIFY(!claimed);
    QCOMPARE(claimed.error().code, ErrorCode::Io);
    QVERIFY2(claimed.error().text.contains(u"it is a file"), qPrintable(claimed.error().text));
    QCOMPARE(contentOf(folder.filePath(u"data"_s)), "x");
}

void tst_Database::aSecondInstanceNamesTheFirst()
{
    const QTemporaryDir folder;
    const auto first = DataFolder::claim(folder.path());
    QVERIFY(first);
    const auto second = DataFolder::claim(folder.path());
    QVERIFY(!second);
    QCOMPARE(second.error().code, ErrorCode::AlreadyRunning);
    QVERIFY2(second.error().text.contains(u"process %1 "_s.arg(QCoreApplication::applicationPid())),
             qPrintable(second.error().text));
    QVERIFY(second.error().text.contains(QDir::toNativeSeparators(folder.path())));
}

void tst_Database::aFolderIsFreeAfterwards()
{
    const QTemporaryDir folder;
    QVERIFY(DataFolder::claim(folder.path()));
    QVERIFY(DataFolder::claim(folder.path()));
}

void tst_Database::theLockOfADeadProcessDoesNotHold()
{
    const QTemporaryDir folder;
    putContent(folder.filePath(u"tradebot.lock"_s), "999999999\ntradebotd\n"); // no process has so high a number
    const auto claimed = DataFolder::claim(folder.path());
    QVERIFY2(claimed, claimed ? "" : qPrintable(claimed.error().text));
}

void tst_Database::theLockOfADeadProcessWithOurNumberDoesNotHold()
{
    // In a container every start of the program has the number 1, and all else that could tell two starts apart is the
    // same, too.
    const QTemporaryDir folder;
    const QString path = folder.filePath(u"tradebot.lock"_s);
    QLockFile lock(path);
    QVERIFY(lock.tryLock());
    const QByteArray left = contentOf(path);
    lock.unlock();
    QVERIFY(left.startsWith(QByteArray::number(QCoreApplication::applicationPid())));
    putContent(path, left);
    const auto claimed = DataFolder::claim(folder.path());
    QVERIFY2(claimed, claimed ? "" : qPrintable(claimed.error().text));
}

void tst_Database::theLockIsNotHandedToAProgramThatIsStarted()
{
#ifdef Q_OS_UNIX
    const QTemporaryDir folder;
    QProcess child;
    {
        const auto claimed = DataFolder::claim(folder.path());
        QVERIFY(claimed);
        child.start(u"cat"_s, QStringList()); // waits for its input
        QVERIFY(child.waitForStarted());
    }
    QVERIFY(DataFolder::claim(folder.path()));
    child.closeWriteChannel();
    QVERIFY(child.waitForFinished());
#else
    QSKIP("tested on Unix");
#endif
}

void tst_Database::anEmptyLockOfADeadProcessDoesNotHold()
{
    const QTemporaryDir folder;
    putContent(folder.filePath(u"tradebot.lock"_s), {}); // killed before it wrote its number
    const auto claimed = DataFolder::claim(folder.path());
    QVERIFY2(claimed, claimed ? "" : qPrintable(claimed.error().text));
    const auto second = DataFolder::claim(folder.path());
    QVERIFY(!second);
    QCOMPARE(second.error().code, ErrorCode::AlreadyRunning);
}

#ifdef Q_OS_UNIX
void tst_Database::anEmptyLockOfALivingProcessHolds()
{
    const QTemporaryDir folder;
    QFile lock(folder.filePath(u"tradebot.lock"_s));
    QVERIFY(lock.open(QIODevice::WriteOnly));
    QCOMPARE(flock(lock.handle(), LOCK_EX | LOCK_NB), 0); // it has not written its number yet
    const auto claimed = DataFolder::claim(folder.path());
    QVERIFY(!claimed);
    QCOMPARE(claimed.error().code, ErrorCode::AlreadyRunning);
    QVERIFY(QFileInfo::exists(lock.fileName()));
}
#endif

void tst_Database::readingWhereThereIsNoDatabaseMakesNone()
{
    const QTemporaryDir folder;
    const auto opened = openReadOnly(folder.filePath(u"tradebot.db"_s));
    QVERIFY(!opened);
    QCOMPARE(opened.error().code, ErrorCode::NotFound);
    QVERIFY(QDir(folder.path()).isEmpty());
}

void tst_Database::theJournalCannotBeChanged()
{
    TemporaryStore store;
    FactMaker facts;
    store.write({facts.created(BotId(1))});
    const Database database = valueOf(Database::open(store.path(), Database::Access::ReadWrite));
    QVERIFY(!database.execute(u"UPDATE events SET bot_id = 2"_s));
    QVERIFY(!database.execute(u"DELETE FROM events"_s));
    QCOMPARE(valueOf(database.integer(u"SELECT count(*) FROM events WHERE bot_id = 1"_s)), 1);
}

QTEST_GUILESS_MAIN(tst_Database)
#include "tst_database.moc"
