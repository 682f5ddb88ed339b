// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/clock.h"
#include "core/base/decimal.h"
#include "core/base/enumnames.h"
#include "core/base/strongid.h"
#include "core/storage/database.h"

#include <QSqlQuery>
#include <QVariant>

#include <concepts>
#include <optional>
#include <type_traits>
#include <vector>

namespace tradebot {

namespace detail {

inline QVariant toSql(qint64 value)
{
    return {value};
}
inline QVariant toSql(const QString &text)
{
    return {text.isNull() ? QString(QLatin1StringView("")) : text}; // a null string would become NULL
}
/// Bytes arrive as a BLOB; a TEXT column takes them as CAST(? AS TEXT), without a detour through UTF-16.
inline QVariant toSql(const QByteArray &bytes)
{
    return {bytes};
}
inline QVariant toSql(Timestamp time)
{
    return {toMilliseconds(time)};
}
template<std::integral I>
QVariant toSql(I value)
{
    return {static_cast<qint64>(value)};
}
template<class E>
requires std::is_enum_v<E> QVariant toSql(E value)
{
    return {QString(toName(value))};
}
template<class Tag>
QVariant toSql(Fixed<Tag> value)
{
    return {static_cast<qint64>(value.raw())};
}
template<class Tag, class Rep>
QVariant toSql(const StrongId<Tag, Rep> &id)
{
    return toSql(id.value());
}
template<class T>
QVariant toSql(const std::optional<T> &maybe)
{
    return maybe ? toSql(*maybe) : QVariant();
}

} // namespace detail

/// Reads one row of a statement. A value that its type does not know is remembered as the row's problem.
class Row final
{
public:
    explicit Row(const QSqlQuery &query) : m_query(query) { }

    [[nodiscard]] bool isNull(int column) const { return m_query.isNull(column); }
    [[nodiscard]] qint64 integer(int column) const { return m_query.value(column).toLongLong(); }
    [[nodiscard]] QString text(int column) const { return m_query.value(column).toString(); }
    [[nodiscard]] QByteArray bytes(int column) const { return m_query.value(column).toByteArray(); }
    [[nodiscard]] Timestamp time(int column) const { return fromMilliseconds(integer(column)); }

    template<class F> // Price, Quantity, Money, Decimal; NULL is 0
    [[nodiscard]] F decimal(int column) const
    {
        return F::fromRaw(integer(column));
    }
    template<class E>
    [[nodiscard]] E name(int column)
    {
        const QString word = text(column);
        const std::optional<E> value = fromName<E>(word);
        if (!value)
            setProblem(column, word);
        return value.value_or(E());
    }
    [[nodiscard]] const QString &problem() const { return m_problem; }

private:
    void setProblem(int column, const QString &word);

    const QSqlQuery &m_query;
    QString m_problem;
};

/// A statement that is prepared at its first use and then kept. Parameters are bound by position.
class Statement final
{
public:
    Statement(const Database &database, QString sql);

    template<class... Values>
    [[nodiscard]] Result<void> run(const Values &...values)
    {
        if (auto ready = prepare(); !ready)
            return ready;
        int position = 0;
        (m_query.bindValue(position++, detail::toSql(values)), ...);
        return execute();
    }
    [[nodiscard]] Result<void> run(const QVariantList &values)
    {
        if (auto ready = prepare(); !ready)
            return ready;
        for (int position = 0; position < values.size(); ++position)
            m_query.bindValue(position, values[position]);
        return execute();
    }
    /// Rows that the last run inserted, changed or deleted.
    [[nodiscard]] int changedRows() const { return m_query.numRowsAffected(); }

    /// Runs, and hands each row to read(Row &) -> Result<void>; the first error ends it.
    template<class Read, class... Values>
    [[nodiscard]] Result<void> each(Read read, const Values &...values)
    {
        if (auto done = run(values...); !done)
            return done;
        const Finish finish{m_query};
        while (m_query.next()) {
            Row row(m_query);
            if (auto done = read(row); !done)
                return done;
            if (!row.problem().isEmpty())
                return fail(corrupt(row));
        }
        return stepped();
    }
    /// All rows, each made by make(Row &) -> Result<T>.
    template<class T, class Make, class... Values>
    [[nodiscard]] Result<std::vector<T>> all(Make make, const Values &...values)
    {
        std::vector<T> rows;
        auto add = [&rows, &make](Row &row) -> Result<void> {
            Result<T> made = make(row);
            if (!made)
                return fail(made.error());
            rows.push_back(std::move(*made));
            return {};
        };
        if (auto done = each(add, values...); !done)
            return fail(done.error());
        return rows;
    }
    /// The first column of the first row; nullopt when there is no row or it is NULL.
    template<class... Values>
    [[nodiscard]] Result<std::optional<qint64>> integer(const Values &...values)
    {
        std::optional<qint64> number;
        auto take = [&number](Row &row) -> Result<void> {
            if (!row.isNull(0))
                number = row.integer(0);
            return {};
        };
        if (auto done = each(take, values...); !done)
            return fail(done.error());
        return number;
    }

private:
    /// A statement that stands on a row keeps a read transaction open.
    struct Finish
    {
        QSqlQuery &query;
        explicit Finish(QSqlQuery &of) : query(of) { }
        Finish(const Finish &) = delete;
        Finish &operator=(const Finish &) = delete;
        ~Finish() { query.finish(); }
    };

    [[nodiscard]] Result<void> prepare();
    [[nodiscard]] Result<void> execute();
    [[nodiscard]] Result<void> stepped() const;
    [[nodiscard]] Error corrupt(const Row &row) const;

    const Database *m_database;
    QString m_sql;
    QSqlQuery m_query;
    bool m_prepared = false;
};

} // namespace tradebot
