// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/storage/maintenance.h"

#include "core/storage/datafolder.h"
#include "core/storage/refold.h"
#include "core/storage/schema.h"
#include "core/storage/statement.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>

#ifdef Q_OS_UNIX
#include <unistd.h>
#endif

namespace tradebot {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype mostProblems = 100;

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
    const auto gaps = database.texts(
            u"SELECT printf('the journal goes from fact %d to fact %d', before, seq) FROM "
            "(SELECT seq, lag(seq, 1, 0) OVER (ORDER BY seq) AS before FROM events) WHERE seq <> before + 1 LIMIT 100"_s);
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

Result<QStringList> check(const Database &database)
{
    QStringList problems;
    auto done = checkFile(database, problems);
    if (done && problems.isEmpty()) // what is damaged tells nothing more
        done = checkRows(database, problems);
    if (done && problems.isEmpty())
        done = checkFold(database, problems);
    if (!done)
        return fail(done.error());
    return problems.first(std::min(problems.size(), mostProblems));
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
    // Under the final name only when it is whole.
    const QString partial = path + u".part"_s;
    if (QFileInfo::exists(partial) && !QFile::remove(partial))
        return fail(ErrorCode::Io, u"backup %1: an unfinished one, %1.part, is in the way"_s.arg(shown));
    // SQLite writes into an empty file as into a new one: from its first byte on nobody else may read it.
    if (!QFile(partial).open(QIODevice::WriteOnly | QIODevice::NewOnly, QFile::ReadOwner | QFile::WriteOwner))
        return fail(ErrorCode::Io, u"backup %1 could not be written: check the folder and its rights"_s.arg(shown));
    Statement copy(*database, u"VACUUM INTO ?"_s);
    if (auto done = copy.run(partial); !done) {
        QFile::remove(partial);
        return fail(ErrorCode::Io, u"backup %1 could not be written: %2"_s.arg(shown, done.error().text));
    }
    if (!syncToDisk(partial) || !QFile::rename(partial, path)) {
        QFile::remove(partial);
        return fail(ErrorCode::Io, u"backup %1: the finished copy could not be put in its place"_s.arg(shown));
    }
    return {};
}

} // namespace tradebot
