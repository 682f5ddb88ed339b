// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/storage/datafolder.h"

#include <QCoreApplication>
#include <QDir>
#include <QFileInfo>

#ifdef Q_OS_UNIX
#include <cerrno>

#include <sys/file.h>
#else
#include <io.h>
#include <windows.h>
#endif

namespace tradebot {

using namespace Qt::StringLiterals;

namespace {

enum class LockOutcome { Locked, HeldByAnother, Failed };

/// Locks an open file for as long as it stays open. Two handles exclude each other within one process, too.
LockOutcome lockWhole(QFile &file)
{
#ifdef Q_OS_UNIX
    int result = 0;
    do {
        result = flock(file.handle(), LOCK_EX | LOCK_NB);
    } while (result != 0 && errno == EINTR);
    if (result == 0)
        return LockOutcome::Locked;
    return errno == EWOULDBLOCK ? LockOutcome::HeldByAnother : LockOutcome::Failed;
#else
    OVERLAPPED beyondTheText = {}; // there, a lock keeps others from reading
    beyondTheText.Offset = 0x7fffffff;
    auto *const handle = reinterpret_cast<HANDLE>(_get_osfhandle(file.handle()));
    if (LockFileEx(handle, LOCKFILE_EXCLUSIVE_LOCK | LOCKFILE_FAIL_IMMEDIATELY, 0, 1, 0, &beyondTheText))
        return LockOutcome::Locked;
    return GetLastError() == ERROR_LOCK_VIOLATION ? LockOutcome::HeldByAnother : LockOutcome::Failed;
#endif
}

/// "4711\ntradebotd\n": for whoever comes second.
bool signLock(QFile &file)
{
    const QString program = QFileInfo(QCoreApplication::applicationFilePath()).fileName();
    const QByteArray text = QByteArray::number(QCoreApplication::applicationPid()) + '\n' + program.toUtf8() + '\n';
    return file.resize(0) && file.seek(0) && file.write(text) == text.size() && file.flush();
}

QString lockPath(const QString &dataDir)
{
    return QDir(dataDir).filePath(u"tradebot.lock"_s);
}

QString readShortLine(QFile &lock)
{
    constexpr qint64 longestLine = 256;
    return QString::fromUtf8(lock.readLine(longestLine)).trimmed();
}

Error inUse(QFile &lock, const QString &folder)
{
    const QString pid = readShortLine(lock);
    const QString program = readShortLine(lock);
    if (pid.isEmpty() || program.isEmpty()) // it has only just taken it
        return Error{ErrorCode::AlreadyRunning, u"data folder %1: another process holds it"_s.arg(folder), {}};
    return Error{
            ErrorCode::AlreadyRunning,
            u"data folder %1: process %2 (%3) holds it; stop that one, or choose another folder with --data-dir"_s.arg(
                    folder, pid, program),
            {}};
}

} // namespace

QString databasePath(const QString &dataDir)
{
    return QDir(dataDir).absoluteFilePath(u"tradebot.db"_s);
}

std::optional<qint64> holderOf(const QString &dataDir)
{
    QFile lock(lockPath(dataDir));
    if (!lock.open(QIODevice::ReadWrite | QIODevice::ExistingOnly) || lockWhole(lock) != LockOutcome::HeldByAnother)
        return std::nullopt;
    bool isNumber = false;
    const qint64 pid = readShortLine(lock).toLongLong(&isNumber);
    return isNumber ? std::optional(pid) : std::nullopt;
}

DataFolder::DataFolder(QString path, std::unique_ptr<QFile> lock) : m_path(std::move(path)), m_lock(std::move(lock)) { }

Result<DataFolder> DataFolder::claim(const QString &dataDir)
{
    const QString path = QDir(dataDir).absolutePath();
    const QString shown = QDir::toNativeSeparators(path);
    const QFileInfo folder(path);
    if (folder.exists() && !folder.isDir())
        return fail(ErrorCode::Io, u"data folder %1: it is a file, not a folder"_s.arg(shown));
    if (!folder.exists()) {
        if (!QDir().mkpath(path))
            return fail(ErrorCode::Io, u"data folder %1: it cannot be made there; check the rights"_s.arg(shown));
        // Keys and trades are nobody else's business.
        QFile::setPermissions(path, QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
    }

    auto lock = std::make_unique<QFile>(lockPath(path));
    const auto unwritable = [&shown] {
        return fail(ErrorCode::Io, u"data folder %1: it cannot be written; check the rights and the disk"_s.arg(shown));
    };
    if (!lock->open(QIODevice::ReadWrite, QFile::ReadOwner | QFile::WriteOwner))
        return unwritable();
    switch (lockWhole(*lock)) {
    case LockOutcome::Locked: break;
    case LockOutcome::HeldByAnother: return fail(inUse(*lock, shown));
    case LockOutcome::Failed:
        return fail(ErrorCode::Io, u"data folder %1: its file system knows no locks (network drive?)"_s.arg(shown));
    }
    if (!signLock(*lock))
        return unwritable();
    const QFileInfo database(tradebot::databasePath(path));
    if (database.exists() && !(database.isReadable() && database.isWritable()))
        return fail(ErrorCode::Io, u"data folder %1: tradebot.db is read-only; check its rights"_s.arg(shown));
    return DataFolder(path, std::move(lock));
}

} // namespace tradebot
