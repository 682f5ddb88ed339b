// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/storage/datafolder.h"

#include <QDir>
#include <QFileInfo>
#include <QSysInfo>

namespace tradebot {

using namespace Qt::StringLiterals;

namespace {

QString lockPath(const QString &dataDir)
{
    return QDir(dataDir).filePath(u"tradebot.lock"_s);
}

Error inUse(const QLockFile &lock, const QString &folder)
{
    qint64 pid = 0;
    QString host;
    QString program;
    if (!lock.getLockInfo(&pid, &host, &program))
        return Error{ErrorCode::AlreadyRunning, u"data folder %1: another process holds it"_s.arg(folder), {}};
    return Error{ErrorCode::AlreadyRunning,
                 u"data folder %1: process %2 (%3) holds it; stop that one, or choose another folder with --data-dir"_s
                         .arg(folder)
                         .arg(pid)
                         .arg(program),
                 {}};
}

/// A program that was killed between making the lock's file and writing its number into it left an empty one, which
/// names nobody and so would never grow stale. Qt removes it only if no process that lives has it locked.
bool takeOverEmptyLock(QLockFile &lock)
{
    constexpr int writingTakes = 200; // milliseconds, at most: another program may be at it just now
    qint64 pid = 0;
    QString host;
    QString program;
    if (lock.error() != QLockFile::LockFailedError || lock.getLockInfo(&pid, &host, &program))
        return false;
    if (lock.tryLock(writingTakes))
        return true;
    return !lock.getLockInfo(&pid, &host, &program) && lock.removeStaleLockFile() && lock.tryLock(0);
}

} // namespace

QString databasePath(const QString &dataDir)
{
    return QDir(dataDir).absoluteFilePath(u"tradebot.db"_s);
}

std::optional<qint64> holderOf(const QString &dataDir)
{
    const QLockFile lock(lockPath(dataDir));
    qint64 pid = 0;
    QString host;
    QString program;
    if (!lock.getLockInfo(&pid, &host, &program) || host != QSysInfo::machineHostName())
        return std::nullopt;
    return pid;
}

DataFolder::DataFolder(QString path, std::unique_ptr<QLockFile> lock) : m_path(std::move(path)), m_lock(std::move(lock))
{ }

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

    auto lock = std::make_unique<QLockFile>(lockPath(path));
    lock->setStaleLockTime(0); // the lock of a process that lives never grows old
    if (!lock->tryLock(0) && !takeOverEmptyLock(*lock)) {
        if (lock->error() == QLockFile::LockFailedError)
            return fail(inUse(*lock, shown));
        return fail(ErrorCode::Io, u"data folder %1: it cannot be written; check the rights and the disk"_s.arg(shown));
    }
    const QFileInfo database(tradebot::databasePath(path));
    if (database.exists() && !(database.isReadable() && database.isWritable()))
        return fail(ErrorCode::Io, u"data folder %1: tradebot.db is read-only; check its rights"_s.arg(shown));
    return DataFolder(path, std::move(lock));
}

} // namespace tradebot
