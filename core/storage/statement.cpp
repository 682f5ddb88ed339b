// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/storage/statement.h"

#include <QDir>
#include <QSqlRecord>

namespace tradebot {

using namespace Qt::StringLiterals;

void Row::setProblem(int column, const QString &word)
{
    m_problem = u"column %1 holds \"%2\""_s.arg(m_query.record().fieldName(column), word);
}

Statement::Statement(const Database &database, QString sql)
    : m_database(&database),
      m_sql(std::move(sql)),
      m_query(database.connection())
{
    m_query.setForwardOnly(true);
}

Result<void> Statement::prepare()
{
    if (m_prepared)
        return {};
    if (!m_query.prepare(m_sql))
        return fail(m_database->explain(m_query.lastError(), m_sql));
    m_prepared = true;
    return {};
}

Result<void> Statement::execute()
{
    if (!m_query.exec())
        return fail(m_database->explain(m_query.lastError(), m_sql));
    return {};
}

Result<void> Statement::stepped() const
{
    if (m_query.lastError().isValid())
        return fail(m_database->explain(m_query.lastError(), m_sql));
    return {};
}

Error Statement::corrupt(const Row &row) const
{
    return Error{
            ErrorCode::Corrupt,
            u"database %1: a row cannot be read: %2"_s.arg(QDir::toNativeSeparators(m_database->path()), row.problem()),
            {}};
}

} // namespace tradebot
