// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/storage/sqlhistory.h"

#include "core/base/json.h"
#include "core/storage/rows.h"
#include "core/storage/schema.h"

#include <array>

namespace tradebot {

using namespace Qt::StringLiterals;

namespace {

constexpr int largestPage = 10'000;
constexpr qint64 tradesPerMark = 1024; ///< rows of the narrow index that a jump steps over, at most

/// The types of ordinary trading, as the indexes events_of_note leave them out.
constexpr std::array manyTypes = {"order"_L1, "fill"_L1, "trade"_L1, "decision"_L1, "protection"_L1};
constexpr auto noteCondition =
        "type <> 'order' AND type <> 'fill' AND type <> 'trade' AND type <> 'decision' AND type <> 'protection'"_L1;

/// Collects the conditions of a query with the values that they bind.
class Conditions final
{
public:
    void add(QLatin1StringView condition) { m_sql += (m_sql.isEmpty() ? u" WHERE "_s : u" AND "_s) + condition; }
    template<class T>
    void add(QLatin1StringView condition, const T &value)
    {
        add(condition);
        m_values += detail::toSql(value);
    }
    template<class T>
    void addIf(QLatin1StringView condition, const std::optional<T> &value)
    {
        if (value)
            add(condition, *value);
    }
    template<class Tag>
    void addIfValid(QLatin1StringView condition, const StrongId<Tag> &id)
    {
        if (id.isValid())
            add(condition, id);
    }
    [[nodiscard]] const QString &sql() const { return m_sql; }
    [[nodiscard]] QVariantList with(qint64 last) const { return m_values + QVariantList{last}; }
    [[nodiscard]] const QVariantList &values() const { return m_values; }

private:
    QString m_sql;
    QVariantList m_values;
};

Result<void> checkLimit(int limit)
{
    if (limit >= 1 && limit <= largestPage)
        return {};
    return fail(ErrorCode::InvalidInput, u"limit %1: must be from 1 to %2"_s.arg(limit).arg(largestPage));
}

QString select(const char *columns, QLatin1StringView from)
{
    return u"SELECT %1 FROM %2"_s.arg(QLatin1StringView(columns), from);
}

/// The pattern of LIKE for a text that is contained as it stands.
QString containing(QString text)
{
    for (const QChar special : {u'\\', u'%', u'_'})
        text.replace(special, u'\\' + QString(special));
    return u'%' + text + u'%';
}

QString typesAsJson(const QStringList &types)
{
    JsonWriter writer;
    writer.beginArray();
    for (const QString &type : types)
        writer.value(type);
    writer.endArray();
    return QString::fromUtf8(writer.text());
}

bool areOfNote(const QStringList &types)
{
    return !types.isEmpty() && std::none_of(types.begin(), types.end(), [](const QString &type) {
        return std::find(manyTypes.begin(), manyTypes.end(), type) != manyTypes.end();
    });
}

QLatin1StringView eventTable(const EventQuery &query)
{
    if (areOfNote(query.types))
        return query.bot ? "events INDEXED BY events_of_note_by_bot"_L1 : "events INDEXED BY events_of_note"_L1;
    return query.bot ? "events INDEXED BY events_by_bot"_L1 : "events"_L1;
}

} // namespace

SqlHistory::SqlHistory(QString databasePath) : m_path(std::move(databasePath)) { }

Result<void> SqlHistory::open()
{
    if (m_database)
        return {};
    auto database = openReadOnly(m_path);
    if (!database)
        return fail(database.error());
    m_database.emplace(std::move(*database));
    m_curve.emplace(*m_database);
    m_statistics.emplace(*m_database);
    return {};
}

Statement &SqlHistory::statement(const QString &sql)
{
    auto at = m_statements.find(sql);
    if (at == m_statements.end())
        at = m_statements.emplace(sql, Statement(*m_database, sql)).first;
    return at->second;
}

Result<qint64> SqlHistory::number(const QString &sql, const QVariantList &values)
{
    if (auto ready = open(); !ready)
        return fail(ready.error());
    return statement(sql).integer(values).map([](std::optional<qint64> found) { return found.value_or(0); });
}

Result<std::vector<BotRecord>> SqlHistory::bots()
{
    if (auto ready = open(); !ready)
        return fail(ready.error());
    return readBots(*m_database);
}

Result<std::vector<BotEvent>> SqlHistory::events(const EventQuery &query)
{
    if (auto ready = open().and_then([&query] { return checkLimit(query.limit); }); !ready)
        return fail(ready.error());
    Conditions where;
    where.addIf("bot_id = ?"_L1, query.bot);
    where.addIfValid("seq > ?"_L1, query.after);
    where.addIfValid("seq < ?"_L1, query.before);
    if (areOfNote(query.types))
        where.add(noteCondition);
    if (!query.types.isEmpty())
        where.add("type IN (SELECT value FROM json_each(?))"_L1, typesAsJson(query.types));
    if (!query.text.isEmpty())
        where.add("type || ' ' || data LIKE ? ESCAPE '\\'"_L1, containing(query.text));
    where.addIf("happened_at >= ?"_L1, query.from);
    where.addIf("happened_at < ?"_L1, query.to);
    const QString sql = select(eventColumns, eventTable(query)) + where.sql()
                        + (query.newestFirst ? u" ORDER BY seq DESC LIMIT ?"_s : u" ORDER BY seq LIMIT ?"_s);
    return statement(sql).all<BotEvent>(readEvent, where.with(query.limit));
}

Result<EventSequence> SqlHistory::firstSequence()
{
    return number(u"SELECT min(seq) FROM events"_s, {}).map([](qint64 seq) { return EventSequence(seq); });
}

Result<EventSequence> SqlHistory::lastSequence()
{
    return number(u"SELECT max(seq) FROM events"_s, {}).map([](qint64 seq) { return EventSequence(seq); });
}

Result<std::vector<Trade>> SqlHistory::trades(const TradeQuery &query)
{
    if (auto ready = open().and_then([&query] { return checkLimit(query.limit); }); !ready)
        return fail(ready.error());
    Conditions where;
    where.addIf("bot_id = ?"_L1, query.bot);
    where.addIfValid("id > ?"_L1, query.after);
    where.addIfValid("id < ?"_L1, query.before);
    where.addIf("exit_at >= ?"_L1, query.from);
    where.addIf("exit_at < ?"_L1, query.to);
    const bool ranged = query.from || query.to;
    const auto table = query.bot ? "trades INDEXED BY trades_by_bot"_L1
                       : ranged  ? "trades INDEXED BY trades_in_order"_L1
                                 : "trades"_L1;
    const QString sql = select(tradeColumns, table) + where.sql()
                        + (query.after.isValid() ? u" ORDER BY id LIMIT ?"_s : u" ORDER BY id DESC LIMIT ?"_s);
    return statement(sql).all<Trade>(readTrade, where.with(query.limit));
}

Result<qint64> SqlHistory::tradeCount(std::optional<BotId> bot)
{
    Conditions where;
    where.addIf("bot_id = ?"_L1, bot);
    return number(u"SELECT count(*) FROM trades"_s + where.sql(), where.values());
}

Result<TradeId> SqlHistory::tradeAt(std::optional<BotId> bot, qint64 place)
{
    Conditions where;
    where.addIf("bot_id = ?"_L1, bot);
    where.add("id >= ?"_L1);
    const auto table = bot ? "trades INDEXED BY trades_by_bot"_L1 : "trades INDEXED BY trades_in_order"_L1;
    const QString sql = select("id", table) + where.sql() + u" ORDER BY id LIMIT 1 OFFSET ?"_s;
    const auto stepped = [&](TradeId from, qint64 steps) -> Result<TradeId> {
        const auto id = number(sql, where.values() + QVariantList{from.value(), steps});
        if (!id)
            return fail(id.error());
        if (*id == 0)
            return fail(ErrorCode::NotFound, u"there is no trade at place %1"_s.arg(place));
        return TradeId(*id);
    };
    if (place < 0)
        return fail(ErrorCode::NotFound, u"there is no trade at place %1"_s.arg(place));
    std::vector<TradeId> &marks = m_tradeMarks[bot.value_or(BotId())];
    while (std::ssize(marks) <= place / tradesPerMark) {
        const auto next = marks.empty() ? stepped(TradeId(), 0) : stepped(marks.back(), tradesPerMark);
        if (!next)
            return next;
        marks.push_back(*next);
    }
    return stepped(marks[static_cast<size_t>(place / tradesPerMark)], place % tradesPerMark);
}

Result<std::vector<Order>> SqlHistory::orders(const OrderQuery &query)
{
    if (auto ready = open().and_then([&query] { return checkLimit(query.limit); }); !ready)
        return fail(ready.error());
    Conditions where;
    where.addIf("bot_id = ?"_L1, query.bot);
    if (query.openOnly)
        where.add("is_open = 1"_L1);
    where.addIfValid("seq < ?"_L1, query.before);
    const auto table = query.openOnly ? "orders INDEXED BY orders_open"_L1
                       : query.bot    ? "orders INDEXED BY orders_by_bot"_L1
                                      : "orders"_L1;
    const QString sql = select(orderColumns, table) + where.sql() + u" ORDER BY seq DESC LIMIT ?"_s;
    return statement(sql).all<Order>(readOrder, where.with(query.limit));
}

Result<std::vector<LedgerEntry>> SqlHistory::ledger(BotId bot, EventSequence after, int limit)
{
    if (auto ready = open().and_then([limit] { return checkLimit(limit); }); !ready)
        return fail(ready.error());
    const QString sql = select(ledgerColumns, "ledger"_L1)
                        + u" WHERE bot_id = ? AND seq > ? AND seq <= coalesce("
                          "(SELECT seq FROM ledger WHERE bot_id = ? AND seq > ? ORDER BY seq LIMIT 1 OFFSET ?), "
                          "9223372036854775807) ORDER BY seq, kind"_s;
    return statement(sql).all<LedgerEntry>(readLedgerEntry, bot, after, bot, after, limit - 1);
}

Result<std::vector<EquityPoint>> SqlHistory::equity(const EquityQuery &query)
{
    constexpr int most = 2000;
    if (query.points < 2 || query.points > most)
        return fail(ErrorCode::InvalidInput, u"points %1: must be from 2 to %2"_s.arg(query.points).arg(most));
    if (auto ready = open(); !ready)
        return fail(ready.error());
    return m_curve->read(query);
}

Result<std::optional<Statistics>> SqlHistory::statistics(BotId bot)
{
    if (auto ready = open(); !ready)
        return fail(ready.error());
    return m_statistics->read(bot);
}

Result<User> SqlHistory::user(UserId id)
{
    if (auto ready = open(); !ready)
        return fail(ready.error());
    auto found = statement(select(userColumns, "users"_L1) + u" WHERE id = ?"_s).all<User>(readUser, id);
    if (!found)
        return fail(found.error());
    if (found->empty())
        return fail(ErrorCode::NotFound, u"user %1 does not exist"_s.arg(id.value()));
    return found->front();
}

} // namespace tradebot
