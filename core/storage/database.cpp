// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/storage/database.h"

#include <QDir>
#include <QFileInfo>
#include <QSqlQuery>

#include <atomic>

namespace tradebot {

using namespace Qt::StringLiterals;

namespace {

/// SQLite's primary result codes that we have words for.
enum SqliteCode {
    SqlitePermission = 3,
    SqliteBusy = 5,
    SqliteReadOnly = 8,
    SqliteIo = 10,
    SqliteCorrupt = 11,
    SqliteFull = 13,
    SqliteCannotOpen = 14,
    SqliteNotADatabase = 26,
};

struct Explanation
{
    ErrorCode code;
    QString why;
};

Explanation explanationOf(const QSqlError &error)
{
    const int primary = error.nativeErrorCode().toInt() & 0xff;
    switch (primary) {
    case SqlitePermission:
    case SqliteReadOnly: return {ErrorCode::Io, u"the file or its folder is read-only"_s};
    case SqliteBusy: return {ErrorCode::Unavailable, u"another process has locked it"_s};
    case SqliteIo: return {ErrorCode::Io, u"the disk failed to read or write"_s};
    case SqliteCorrupt: return {ErrorCode::Corrupt, u"the file is damaged; restore a backup"_s};
    case SqliteFull: return {ErrorCode::Io, u"the disk is full"_s};
    case SqliteCannotOpen: return {ErrorCode::Io, u"the file cannot be opened"_s};
    case SqliteNotADatabase: return {ErrorCode::Corrupt, u"the file is not a database, or it is damaged"_s};
    default: return {ErrorCode::Internal, u"the database refused"_s};
    }
}

} // namespace

Database::Database(QString path, const QSqlDatabase &connection) : m_path(std::move(path)), m_connection(connection) { }

Database::Database(Database &&other) noexcept
    : m_path(std::move(other.m_path)),
      m_connection(std::exchange(other.m_connection, QSqlDatabase()))
{ }

Database::~Database()
{
    const QString name = m_connection.connectionName();
    if (name.isEmpty())
        return;
    m_connection.close();
    m_connection = QSqlDatabase();
    QSqlDatabase::removeDatabase(name);
}

Result<Database> Database::open(const QString &path, Access access)
{
    static std::atomic<int> connections = 0;
    if (access == Access::ReadOnly && !QFileInfo::exists(path))
        return fail(ErrorCode::NotFound, u"there is no database %1"_s.arg(QDir::toNativeSeparators(path)));

    const QString name = u"tradebot-%1"_s.arg(connections.fetch_add(1));
    Database database(path, QSqlDatabase::addDatabase(u"QSQLITE"_s, name));
    if (!database.m_connection.isValid())
        return fail(ErrorCode::Unsupported, u"Qt's SQLite driver is not installed (Debian: libqt6sql6-sqlite)"_s);
    database.m_connection.setDatabaseName(path);
    const QString readOnly = access == Access::ReadOnly ? u";QSQLITE_OPEN_READONLY"_s : QString();
    database.m_connection.setConnectOptions(u"QSQLITE_BUSY_TIMEOUT=5000"_s + readOnly);
    if (!database.m_connection.open())
        return fail(database.explain(database.m_connection.lastError(), u"open"));
    if (auto done = database.setPragmas(access); !done)
        return fail(done.error());
    return database;
}

Result<void> Database::setPragmas(Access access) const
{
    QStringList pragmas{u"PRAGMA foreign_keys = ON"_s};
    if (access == Access::ReadWrite)
        pragmas += {u"PRAGMA synchronous = FULL"_s, u"PRAGMA journal_size_limit = 67108864"_s};
    for (const QString &pragma : std::as_const(pragmas)) {
        if (auto done = execute(pragma); !done)
            return done;
    }
    return {};
}

Result<void> Database::execute(const QString &sql) const
{
    QSqlQuery query(m_connection);
    query.setForwardOnly(true);
    if (!query.exec(sql))
        return fail(explain(query.lastError(), sql));
    return {};
}

Result<qint64> Database::integer(const QString &sql) const
{
    QSqlQuery query(m_connection);
    query.setForwardOnly(true);
    if (!query.exec(sql))
        return fail(explain(query.lastError(), sql));
    const bool found = query.next();
    if (query.lastError().isValid())
        return fail(explain(query.lastError(), sql));
    return found ? query.value(0).toLongLong() : 0;
}

Result<QStringList> Database::texts(const QString &sql) const
{
    QSqlQuery query(m_connection);
    query.setForwardOnly(true);
    if (!query.exec(sql))
        return fail(explain(query.lastError(), sql));
    QStringList texts;
    while (query.next())
        texts += query.value(0).toString();
    if (query.lastError().isValid())
        return fail(explain(query.lastError(), sql));
    return texts;
}

Error Database::explain(const QSqlError &error, QStringView doing) const
{
    constexpr qsizetype shown = 80;
    const Explanation explanation = explanationOf(error);
    const QStringView what = doing.trimmed();
    return Error{explanation.code,
                 u"database %1: %2 (%3; while: %4%5)"_s.arg(
                         QDir::toNativeSeparators(m_path), explanation.why,
                         error.databaseText().isEmpty() ? error.driverText() : error.databaseText(),
                         what.first(std::min(what.size(), shown)), what.size() > shown ? u"…"_s : QString()),
                 {}};
}

Result<Transaction> Transaction::begin(const Database &database)
{
    if (auto done = database.execute(u"BEGIN IMMEDIATE"_s); !done)
        return fail(done.error());
    return Transaction(database);
}

Transaction::Transaction(Transaction &&other) noexcept : m_database(std::exchange(other.m_database, nullptr)) { }

Transaction::~Transaction()
{
    // SQLite has rolled back by itself after some errors; that there is nothing to undo is no news.
    if (m_database != nullptr)
        static_cast<void>(m_database->execute(u"ROLLBACK"_s));
}

Result<void> Transaction::commit()
{
    auto done = m_database->execute(u"COMMIT"_s);
    if (done)
        m_database = nullptr;
    return done;
}

} // namespace tradebot
