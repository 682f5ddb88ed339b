// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <QSqlDatabase>
#include <QSqlError>
#include <QString>
#include <QStringView>

namespace tradebot {

/// One connection to a database file. Only the thread that opened it may use it; statements go before it.
class Database final
{
public:
    enum class Access { ReadWrite, ReadOnly };

    /// Opens a file and sets what belongs to the connection; writes nothing. ReadWrite makes a missing file, ReadOnly
    /// answers NotFound.
    [[nodiscard]] static Result<Database> open(const QString &path, Access access);

    Database(Database &&other) noexcept;
    Database &operator=(Database &&) = delete;
    ~Database();

    [[nodiscard]] const QString &path() const { return m_path; }
    [[nodiscard]] const QSqlDatabase &connection() const { return m_connection; }

    /// Runs one statement that gives no rows or whose rows do not matter.
    [[nodiscard]] Result<void> execute(const QString &sql) const;
    /// The first column of the first row, e.g. of a pragma; 0 when there is no row.
    [[nodiscard]] Result<qint64> integer(const QString &sql) const;
    /// The first column of all rows.
    [[nodiscard]] Result<QStringList> texts(const QString &sql) const;

    /// Puts SQLite's words into ours: what was being done, to which file, and what to do about it.
    [[nodiscard]] Error explain(const QSqlError &error, QStringView doing) const;

private:
    Database(QString path, const QSqlDatabase &connection);
    [[nodiscard]] Result<void> setPragmas(Access access) const;

    QString m_path;
    QSqlDatabase m_connection;
};

/// A transaction that is undone unless it was committed.
class Transaction final
{
public:
    [[nodiscard]] static Result<Transaction> begin(const Database &database);
    Transaction(Transaction &&other) noexcept;
    Transaction &operator=(Transaction &&) = delete;
    ~Transaction();

    [[nodiscard]] Result<void> commit();

private:
    explicit Transaction(const Database &database) : m_database(&database) { }

    const Database *m_database; ///< null when nothing is left to undo
};

} // namespace tradebot
