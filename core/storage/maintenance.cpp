// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/storage/maintenance.h"

#include "core/storage/datafolder.h"
#include "core/storage/projectionaudit.h"
#include "core/storage/recovery.h"
#include "core/storage/schema.h"
#include "core/storage/stateaudit.h"
#include "core/storage/statement.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QUuid>

#ifdef Q_OS_UNIX
#include <unistd.h>
#endif

namespace tradebot {

using namespace Qt::StringLiterals;

namespace {

constexpr int mostProblems = 100;

Result<void> checkFile(const Database &database, QStringList &problems)
{
    const auto damage = database.texts(u"PRAGMA integrity_check(%1)"_s.arg(mostProblems));
    if (!damage)
        return fail(damage.error());
    for (const QString &line : *damage) {
        if (line != u"ok"_s)
            problems += u"the file is damaged: "_s + line;
    }
    return {};
}

Result<void> checkRows(const Database &database, QStringList &problems)
{
    const auto gaps = firstGaps(database, mostProblems);
    if (!gaps)
        return fail(gaps.error());
    problems += *gaps;
    const auto dangling = database.texts(
            u"SELECT printf('table %s, row %s refers to a row of %s that there is not', \"table\", rowid, "
            "parent) FROM pragma_foreign_key_check LIMIT 100"_s);
    if (!dangling)
        return fail(dangling.error());
    problems += *dangling;
    return {};
}

/// SQLite does not wait for the disk when it writes a copy.
bool syncToDisk(const QString &path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadWrite))
        return false;
#ifdef Q_OS_UNIX
    return fsync(file.handle()) == 0;
#else
    return true;
#endif
}

/// Writes a copy under a name of its own, on the disk when this returns: a copy gets its final name only when it is
/// whole. what is what an error begins with.
Result<QString> copyBeside(const Database &from, const QString &path, const QString &what)
{
    // Nobody else's: two copies to one name may be under way.
    const QString partial = u"%1.%2.part"_s.arg(path, QUuid::createUuid().toString(QUuid::WithoutBraces));
    // SQLite writes into an empty file as into a new one: from its first byte on nobody else may read it.
    if (!QFile(partial).open(QIODevice::WriteOnly | QIODevice::NewOnly, QFile::ReadOwner | QFile::WriteOwner))
        return fail(ErrorCode::Io, u"%1 could not be written: check the folder and its rights"_s.arg(what));
    Statement copy(from, u"VACUUM INTO ?"_s);
    if (auto done = copy.run(partial); !done) {
        QFile::remove(partial);
        return fail(ErrorCode::Io, u"%1 could not be written: %2"_s.arg(what, done.error().text));
    }
    if (!syncToDisk(partial)) {
        QFile::remove(partial);
        return fail(ErrorCode::Io, u"%1 could not be written: the disk failed"_s.arg(what));
    }
    return partial;
}

/// Ends all tokens: a copy knows nothing of those that were revoked after it was made. The new epoch, minutes since
/// 2020, lies beyond any that was given, also by an earlier restore of the same copy.
Result<void> endTokens(const QString &path)
{
    const auto database = Database::open(path, Database::Access::ReadWrite);
    if (!database)
        return fail(database.error());
    return database->execute(u"UPDATE users SET token_epoch = "
                             "max(token_epoch + 1, (CAST(strftime('%s', 'now') AS INTEGER) - 1577836800) / 60)"_s);
}

Result<void> putInPlace(const QString &partial, const QString &path, const QString &what)
{
    if (QFile::rename(partial, path))
        return {};
    QFile::remove(partial);
    return fail(ErrorCode::Io, u"%1: the finished copy could not be put in its place"_s.arg(what));
}

/// Gives a database and its log another name, the first that is free; empty when there is no database. The log goes
/// second: should it be left alone, opening says so.
Result<QString> moveAside(const QString &path)
{
    QString aside;
    int number = 0;
    do {
        aside = u"%1.replaced-%2"_s.arg(path).arg(++number);
    } while (QFileInfo::exists(aside) || QFileInfo::exists(aside + u"-wal"_s));
    const bool isThere = QFileInfo::exists(path);
    const QString log = path + u"-wal"_s;
    bool isMoved = !isThere || QFile::rename(path, aside);
    if (isMoved && QFileInfo::exists(log) && !QFile::rename(log, aside + u"-wal"_s)) {
        isMoved = false;
        if (isThere)
            static_cast<void>(QFile::rename(aside, path)); // neither is opened without the other
    }
    if (!isMoved)
        return fail(ErrorCode::Io, u"database %1 could not be moved to %2"_s.arg(QDir::toNativeSeparators(path),
                                                                                 QDir::toNativeSeparators(aside)));
    QFile::remove(path + u"-shm"_s); // no more than an index of the log
    return isThere ? aside : QString();
}

Result<QStringList> check(const Database &database)
{
    QStringList problems;
    auto done = checkFile(database, problems);
    if (done && problems.isEmpty()) // what is damaged tells nothing more
        done = checkRows(database, problems);
    if (done && problems.isEmpty())
        done = auditStates(database, problems);
    if (done && problems.isEmpty())
        done = checkProjections(database, problems);
    if (!done)
        return fail(done.error());
    return problems.first(std::min<qsizetype>(problems.size(), mostProblems));
}

} // namespace

Result<QStringList> checkDatabase(const QString &dataDir)
{
    const auto database = openReadOnly(databasePath(dataDir));
    if (!database)
        return fail(database.error());
    if (auto begun = database->execute(u"BEGIN"_s); !begun)
        return fail(begun.error());
    auto problems = check(*database);
    static_cast<void>(database->execute(u"ROLLBACK"_s)); // only read
    return problems;
}

Result<void> backupDatabase(const QString &dataDir, const QString &file)
{
    const QString path = QFileInfo(file).absoluteFilePath();
    const QString shown = QDir::toNativeSeparators(path);
    if (QFileInfo::exists(path))
        return fail(ErrorCode::Conflict, u"backup %1: there is a file of that name already"_s.arg(shown));
    const auto database = openReadOnly(databasePath(dataDir));
    if (!database)
        return fail(database.error());
    const auto partial = copyBeside(*database, path, u"backup %1"_s.arg(shown));
    if (!partial)
        return fail(partial.error());
    return putInPlace(*partial, path, u"backup %1"_s.arg(shown));
}

Result<QString> restoreDatabase(const QString &dataDir, const QString &file)
{
    const QString source = QFileInfo(file).absoluteFilePath();
    const QString what = u"backup %1"_s.arg(QDir::toNativeSeparators(source));
    const QString path = databasePath(dataDir);
    if (QFileInfo::exists(path) && QFileInfo(source).canonicalFilePath() == QFileInfo(path).canonicalFilePath())
        return fail(ErrorCode::InvalidInput, u"%1: that is the database itself"_s.arg(what));
    const auto backup = openSound(source); // first: what cannot be restored leaves no data folder behind
    if (!backup)
        return fail(backup.error());
    const auto version = backup->integer(u"PRAGMA user_version"_s);
    if (!version)
        return fail(version.error());
    if (*version == 0)
        return fail(ErrorCode::Corrupt, u"%1: there is nothing in it"_s.arg(what));
    const auto folder = DataFolder::claim(dataDir);
    if (!folder)
        return fail(folder.error());
    const auto partial = copyBeside(*backup, path, what);
    if (!partial)
        return fail(partial.error());
    if (auto done = endTokens(*partial); !done) {
        QFile::remove(*partial);
        return fail(done.error());
    }
    const auto kept = moveAside(path);
    if (!kept) {
        QFile::remove(*partial);
        return kept;
    }
    if (auto done = putInPlace(*partial, path, what); !done) {
        const QString where =
                kept->isEmpty() ? QString()
                                : u"; the database that was there is now %1"_s.arg(QDir::toNativeSeparators(*kept));
        return fail(done.error().code, done.error().text + where);
    }
    return kept;
}

} // namespace tradebot
