// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/storage/schema.h"

#include "core/base/logging.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QRegularExpression>

// The migrations lie in a static library, whose resources register themselves only when asked; the macro wants to
// stand outside of any namespace.
static void registerMigrations()
{
    Q_INIT_RESOURCE(sql);
}

namespace tradebot {

using namespace Qt::StringLiterals;

namespace {

constexpr qint64 applicationId = 0x54424F54; // "TBOT", set by the first migration

/// "0001_initial.sql", "0002_…": in order, without gaps.
QStringList migrationNames()
{
    registerMigrations();
    return QDir(u":/sql"_s).entryList({u"*.sql"_s}, QDir::Files, QDir::Name);
}

/// Statements end with a semicolon and an empty line; triggers have semicolons inside.
QStringList statementsOf(const QString &name)
{
    QFile file(u":/sql/"_s + name);
    if (!file.open(QIODevice::ReadOnly))
        return {};
    static const QRegularExpression end(u";\\s*?\\n\\s*\\n|;\\s*$"_s);
    return QString::fromUtf8(file.readAll()).split(end, Qt::SkipEmptyParts);
}

Result<int> schemaVersion(const Database &database)
{
    return database.integer(u"PRAGMA user_version"_s).map([](qint64 version) { return static_cast<int>(version); });
}

/// Facts that are not in the file yet lie in the log beside it. SQLite would throw that log away when it finds no
/// database to go with it.
Result<void> refuseLost(const QString &path)
{
    const QString log = path + u"-wal"_s;
    if (QFileInfo(path).size() > 0 || QFileInfo(log).size() == 0)
        return {};
    return fail(ErrorCode::Corrupt,
                u"database %1: it is missing or empty, but %2 beside it holds facts of it. Both were left as they are: "
                "put the database back, or restore a backup (tradebotd restore)"_s.arg(QDir::toNativeSeparators(path),
                                                                                       QDir::toNativeSeparators(log)));
}

Result<void> refuseForeign(const Database &database, int version)
{
    const auto id = database.integer(u"PRAGMA application_id"_s);
    if (!id)
        return fail(id.error());
    const auto tables = database.integer(u"SELECT count(*) FROM sqlite_master"_s);
    if (!tables)
        return fail(tables.error());
    if (*id == applicationId && version >= 1) // the first migration sets both
        return {};
    if (*id == applicationId)
        return fail(ErrorCode::Corrupt,
                    u"database %1: it has version %2, which no TradeBot gives. It was left as it is: restore a backup"_s
                            .arg(QDir::toNativeSeparators(database.path()))
                            .arg(version));
    if (*id == 0 && version == 0 && *tables == 0)
        return {};
    return fail(ErrorCode::Corrupt,
                u"database %1: it belongs to another program and was left as it is; choose another folder"_s.arg(
                        QDir::toNativeSeparators(database.path())));
}

Result<void> refuseNewer(const Database &database, int version)
{
    const int newest = newestSchemaVersion();
    if (version <= newest)
        return {};
    return fail(ErrorCode::Corrupt,
                u"database %1: it has version %2, from a newer TradeBot; this one knows up to version %3. It was "
                "left as it is: run the newer program"_s.arg(QDir::toNativeSeparators(database.path()))
                        .arg(version)
                        .arg(newest));
}

/// Whoever copies a backup into its place leaves the log of the database before it there, and SQLite mixes the two.
Error withHintAtLog(Error error, const QString &path)
{
    const QString log = path + u"-wal"_s;
    if (error.code == ErrorCode::Corrupt && QFileInfo(log).size() > 0)
        error.text += u"; if it was copied here by hand, %1 may belong to the one before it: tradebotd restore puts a "
                      "backup in its place without that"_s.arg(QDir::toNativeSeparators(log));
    return error;
}

Result<void> refuseDamaged(const Database &database)
{
    const auto problems = database.texts(u"PRAGMA quick_check(1)"_s);
    if (!problems)
        return fail(withHintAtLog(problems.error(), database.path()));
    if (*problems == QStringList{u"ok"_s})
        return {};
    const QString text = u"database %1: the file is damaged (%2). It was left as it is: restore a backup"_s.arg(
            QDir::toNativeSeparators(database.path()), problems->join(u' '));
    return fail(withHintAtLog(Error{ErrorCode::Corrupt, text, {}}, database.path()));
}

Result<int> inspect(const Database &database)
{
    const auto version = schemaVersion(database); // the first thing that is read of the file
    if (!version)
        return fail(withHintAtLog(version.error(), database.path()));
    if (auto done = refuseForeign(database, *version); !done)
        return fail(done.error());
    if (auto done = refuseNewer(database, *version); !done)
        return fail(done.error());
    if (auto done = refuseDamaged(database); !done)
        return fail(done.error());
    return *version;
}

/// Trades are nobody else's business. SQLite gives the files beside a database the rights of the database.
void keepPrivate(const QString &path)
{
    constexpr auto ownerOnly = QFile::ReadOwner | QFile::WriteOwner;
    constexpr auto others = QFile::ReadGroup | QFile::WriteGroup | QFile::ReadOther | QFile::WriteOther;
    QFile file(path);
    if (!file.exists())
        static_cast<void>(file.open(QIODevice::WriteOnly | QIODevice::NewOnly, ownerOnly)); // else SQLite says why not
    else if (file.permissions() & others && !file.setPermissions(file.permissions() & ownerOnly))
        qCWarning(logStorage) << "database" << path << "may be read by other users of this computer";
}

Result<void> migrate(const Database &database, int version, const QString &name)
{
    auto transaction = Transaction::begin(database);
    if (!transaction)
        return fail(transaction.error());
    for (const QString &statement : statementsOf(name)) {
        if (auto done = database.execute(statement); !done)
            return done;
    }
    if (auto done = database.execute(u"PRAGMA user_version = %1"_s.arg(version)); !done)
        return done;
    return transaction->commit();
}

Result<void> setWriteAheadLog(const Database &database)
{
    const auto mode = database.texts(u"PRAGMA journal_mode = WAL"_s);
    if (!mode)
        return fail(mode.error());
    if (*mode != QStringList{u"wal"_s})
        return fail(ErrorCode::Unsupported,
                    u"database %1: its file system cannot hold a write-ahead log (network drive?)"_s.arg(
                            QDir::toNativeSeparators(database.path())));
    return {};
}

} // namespace

int newestSchemaVersion()
{
    return static_cast<int>(migrationNames().size());
}

Result<Database> openMigrated(const QString &path)
{
    if (auto whole = refuseLost(path); !whole)
        return fail(whole.error());
    keepPrivate(path);
    if (QFileInfo(path).size() > 0) { // else it is missing, or just made
        if (const auto sound = openSound(path); !sound)
            return fail(sound.error());
    }
    auto database = Database::open(path, Database::Access::ReadWrite);
    if (!database)
        return database;
    if (auto done = setWriteAheadLog(*database); !done)
        return fail(done.error());
    const auto version = schemaVersion(*database);
    if (!version)
        return fail(version.error());
    const QStringList names = migrationNames();
    for (int next = *version; next < names.size(); ++next) {
        if (auto done = migrate(*database, next + 1, names[next]); !done)
            return fail(done.error());
        qCInfo(logStorage) << "database" << path << "brought to version" << next + 1;
    }
    return database;
}

Result<Database> openSound(const QString &path)
{
    auto database = Database::open(path, Database::Access::ReadOnly);
    if (!database)
        return database;
    if (const auto version = inspect(*database); !version)
        return fail(version.error());
    return database;
}

Result<Database> openReadOnly(const QString &path)
{
    if (auto whole = refuseLost(path); !whole)
        return fail(whole.error());
    auto database = Database::open(path, Database::Access::ReadOnly);
    if (!database)
        return database;
    const auto version = schemaVersion(*database);
    if (!version)
        return fail(version.error());
    if (auto done = refuseForeign(*database, *version); !done)
        return fail(done.error());
    if (auto done = refuseNewer(*database, *version); !done)
        return fail(done.error());
    if (*version < newestSchemaVersion())
        return fail(
                ErrorCode::Conflict,
                u"database %1: it has version %2, from an older TradeBot; start the program once to bring it to %3"_s
                        .arg(QDir::toNativeSeparators(path))
                        .arg(*version)
                        .arg(newestSchemaVersion()));
    return database;
}

} // namespace tradebot
