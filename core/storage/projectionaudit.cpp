// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/storage/projectionaudit.h"

#include "core/domain/configjson.h"
#include "core/storage/projections.h"
#include "core/storage/rows.h"
#include "core/storage/schema.h"

#include <QTemporaryDir>

#include <array>
#include <map>

namespace tradebot {

using namespace Qt::StringLiterals;

namespace {

constexpr int mostOfATable = 10;

/// A table that the journal alone decides on: its key, and what is compared of it besides.
struct ProjectedTable
{
    const char *name;
    const char *key;
    const char *leaveOut; ///< a column whose text depends on the version that wrote it
};

constexpr std::array projectedTables = {
        ProjectedTable{"bots", "id", ""},    ProjectedTable{"bot_configs", "bot_id, version", "config"},
        ProjectedTable{"orders", "seq", ""}, ProjectedTable{"fills", "seq", ""},
        ProjectedTable{"trades", "id", ""},  ProjectedTable{"ledger", "bot_id, seq, kind", ""},
};

/// Writes the rows of all facts of the journal into an empty database of the newest schema.
Result<void> projectAll(const Database &database, const Database &anew, QStringList &problems)
{
    auto transaction = Transaction::begin(anew);
    if (!transaction)
        return fail(transaction.error());
    Projections projections(anew);
    std::map<BotId, Projections::BotContext> bots;
    Statement journal(database, u"SELECT %1 FROM events ORDER BY seq"_s.arg(QLatin1StringView(eventColumns)));
    auto project = [&](Row &row) -> Result<void> {
        const auto event = readEvent(row);
        if (!event)
            return fail(event.error());
        if (const BotConfig *config = configIn(event->payload))
            bots[event->bot] = Projections::contextOf(*config);
        const auto done = projections.project(*event, bots[event->bot]);
        if (!done && problems.size() < mostOfATable)
            problems += u"fact %1 of bot %2: %3"_s.arg(event->sequence.value())
                                .arg(event->bot.value())
                                .arg(done.error().text);
        return {};
    };
    if (auto done = journal.each(project); !done)
        return done;
    return transaction->commit();
}

Result<void> addAll(const Database &database, const QString &sql, QStringList &problems)
{
    const auto found = database.texts(sql);
    if (!found)
        return fail(found.error());
    problems += *found;
    return {};
}

Result<void> compareTable(const Database &database, const ProjectedTable &table, QStringList &problems)
{
    const QString name = QString::fromLatin1(table.name);
    const auto columns =
            database.texts(u"SELECT group_concat(name, ', ') FROM pragma_table_info('%1') WHERE name <> '%2'"_s.arg(
                    name, QLatin1StringView(table.leaveOut)));
    if (!columns)
        return fail(columns.error());
    const QString key = QString::fromLatin1(table.key);
    const QString shownKey = QString(key).replace(u", "_s, u" || ', ' || "_s);
    const auto differing = [&](QLatin1StringView from, QLatin1StringView without) {
        return u"SELECT %1 FROM %3.%2 EXCEPT SELECT %1 FROM %4.%2"_s.arg(columns->constFirst(), name, from, without);
    };
    // A row that is there and should be other is found from both sides, and told of once.
    auto done = addAll(database,
                       u"SELECT 'table %1, row ' || %2 || ': it is not what the journal says' FROM (%3) LIMIT %4"_s
                               .arg(name, shownKey, differing("main"_L1, "anew"_L1))
                               .arg(mostOfATable),
                       problems);
    if (!done)
        return done;
    return addAll(database,
                  u"SELECT 'table %1, row ' || %2 || ': it is missing' FROM anew.%1 AS wanted "
                  "WHERE (%3) NOT IN (SELECT %3 FROM main.%1) LIMIT %4"_s.arg(name, shownKey, key)
                          .arg(mostOfATable),
                  problems);
}

/// The same configuration may have been written with fewer fields, by an older version.
Result<void> compareConfigs(const Database &database, QStringList &problems)
{
    Statement both(database, u"SELECT a.bot_id, a.version, CAST(a.config AS BLOB), CAST(b.config AS BLOB) FROM "
                             "main.bot_configs a JOIN anew.bot_configs b ON a.bot_id = b.bot_id AND "
                             "a.version = b.version WHERE a.config <> b.config"_s);
    auto compare = [&problems](Row &row) -> Result<void> {
        const auto stored = JsonValue::parse(row.bytes(2)).and_then(storedBotConfigFromJson);
        const auto wanted = JsonValue::parse(row.bytes(3)).and_then(storedBotConfigFromJson);
        if (stored && wanted && *stored == *wanted)
            return {};
        problems += u"table bot_configs, row %1, %2: it is not what the journal says"_s.arg(row.integer(0))
                            .arg(row.integer(1));
        return {};
    };
    return both.each(compare);
}

Result<void> compareHours(const Database &database, QStringList &problems)
{
    return addAll(database,
                  u"SELECT printf('table equity_hours, bot %d, hour %d: it is not what the samples say', bot_id, hour) "
                  "FROM (SELECT bot_id, hour, low, high FROM equity_hours EXCEPT SELECT bot_id, at - at % 3600000, "
                  "min(equity), max(equity) FROM equity GROUP BY bot_id, at - at % 3600000) LIMIT 10"_s,
                  problems);
}

Result<void> compare(const Database &database, QStringList &problems)
{
    for (const ProjectedTable &table : projectedTables) {
        if (auto done = compareTable(database, table, problems); !done)
            return done;
    }
    if (auto done = compareConfigs(database, problems); !done)
        return done;
    return compareHours(database, problems);
}

Result<void> makeAnew(const Database &database, const QString &path, QStringList &problems)
{
    const auto anew = openMigrated(path);
    if (!anew)
        return fail(anew.error());
    // It is thrown away afterwards, and what it refers to (the journal) is elsewhere.
    for (const auto pragma : {"journal_mode = OFF"_L1, "synchronous = OFF"_L1, "foreign_keys = OFF"_L1}) {
        if (auto done = anew->execute(u"PRAGMA "_s + pragma); !done)
            return done;
    }
    return projectAll(database, *anew, problems);
}

} // namespace

Result<void> checkProjections(const Database &database, QStringList &problems)
{
    const QTemporaryDir folder;
    if (!folder.isValid())
        return fail(ErrorCode::Io, u"there is no room for the comparison: %1"_s.arg(folder.errorString()));
    const QString path = folder.filePath(u"anew.db"_s);
    if (auto done = makeAnew(database, path, problems); !done)
        return done;
    Statement attach(database, u"ATTACH ? AS anew"_s);
    if (auto done = attach.run(path); !done)
        return done;
    return compare(database, problems);
}

} // namespace tradebot
