// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/tradebotd/commands.h"
#include "core/base/clock.h"
#include "core/security/token.h"
#include "core/security/ttl.h"
#include "core/storage/datafolder.h"
#include "core/storage/exporter.h"
#include "core/storage/maintenance.h"
#include "core/storage/sqlhistory.h"
#include "core/storage/users.h"

#include <QDir>
#include <QFileInfo>

namespace tradebot {

using namespace Qt::StringLiterals;

int runToken(const QStringList &arguments)
{
    QCommandLineParser parser;
    parser.addOptions({dataDirOption(),
                       {u"role"_s, u"owner or viewer."_s, u"ROLE"_s, u"owner"_s},
                       {u"ttl"_s, u"How long it is valid: 90s, 30m, 24h, 7d."_s, u"TTL"_s, u"24h"_s}});
    if (const auto code = parseCommand(parser, arguments, u"Prints a token for the data folder's owner, one line."_s))
        return *code;
    const auto role = fromName<Role>(parser.value(u"role"_s));
    if (!role)
        return complainUsage(u"--role must be owner or viewer"_s, arguments.constFirst());
    const auto ttl = parseTtl(parser.value(u"ttl"_s));
    if (!ttl)
        return complainUsage(ttl.error().text, arguments.constFirst());
    const auto owner = ownerOf(dataDirOf(parser));
    if (!owner)
        return complain(owner.error());
    const auto key = SigningKey::loadOrCreate(dataDirOf(parser));
    if (!key)
        return complain(key.error());
    const SystemClock clock;
    const TokenAuthority authority(*key, clock);
    return print(authority.issue({owner->id.value(), QString(toName(*role)), owner->tokenEpoch}, *ttl) + '\n');
}

int runCheck(const QStringList &arguments)
{
    QCommandLineParser parser;
    parser.addOption(dataDirOption());
    if (const auto code = parseCommand(parser, arguments,
                                       u"Looks whether database and journal are whole and agree: prints ok, or what "
                                       "is wrong."_s))
        return *code;
    const auto problems = checkDatabase(dataDirOf(parser));
    if (!problems)
        return complain(problems.error());
    if (problems->isEmpty())
        return print(u"ok\n"_s);
    static_cast<void>(print(problems->join(u'\n') + u'\n')); // a failure it is either way
    return exitFailure;
}

int runBackup(const QStringList &arguments)
{
    QCommandLineParser parser;
    parser.addOption(dataDirOption());
    parser.addPositionalArgument(u"FILE"_s, u"The copy to write; it must not exist yet."_s);
    if (const auto code = parseCommand(parser, arguments, u"Copies the database, also while the program runs."_s, 1))
        return *code;
    if (parser.positionalArguments().size() != 1)
        return complainUsage(u"backup wants one FILE"_s, arguments.constFirst());
    const auto done = backupDatabase(dataDirOf(parser), parser.positionalArguments().constFirst());
    return done ? exitOk : complain(done.error());
}

int runRestore(const QStringList &arguments)
{
    QCommandLineParser parser;
    parser.addOption(dataDirOption());
    parser.addPositionalArgument(u"FILE"_s, u"The backup to put in the place of the database."_s);
    if (const auto code = parseCommand(parser, arguments,
                                       u"Puts a backup in the place of the database, while no program runs; keeps what "
                                       "was there under another name."_s,
                                       1))
        return *code;
    if (parser.positionalArguments().size() != 1)
        return complainUsage(u"restore wants one FILE"_s, arguments.constFirst());
    const auto kept = restoreDatabase(dataDirOf(parser), parser.positionalArguments().constFirst());
    if (!kept)
        return complain(kept.error());
    if (kept->isEmpty())
        return exitOk;
    return print(u"the database that was there is now %1\n"_s.arg(QDir::toNativeSeparators(*kept)));
}

namespace {

struct ExportOptions
{
    ExportRequest request;
    QString usageError;
};

template<class T>
void readTime(const QCommandLineParser &parser, const QString &name, T &target, QString &error)
{
    if (!parser.isSet(name))
        return;
    const auto time = parseRfc3339(parser.value(name));
    if (time)
        target = *time;
    else
        error = u"--%1: "_s.arg(name) + time.error().text;
}

ExportOptions readExport(const QCommandLineParser &parser)
{
    ExportOptions options;
    const auto kind = fromName<ExportKind>(parser.value(u"kind"_s));
    const auto format = fromName<ExportFormat>(parser.value(u"format"_s));
    if (!kind)
        options.usageError = u"--kind must be one of "_s + allNames<ExportKind>();
    if (!format)
        options.usageError = u"--format must be one of "_s + allNames<ExportFormat>();
    options.request.kind = kind.value_or(ExportKind::Trades);
    options.request.format = format.value_or(ExportFormat::Csv);
    if (parser.isSet(u"bot"_s)) {
        bool isNumber = false;
        options.request.bot = BotId(parser.value(u"bot"_s).toLongLong(&isNumber));
        if (!isNumber)
            options.usageError = u"--bot must be the number of a bot"_s;
    }
    readTime(parser, u"from"_s, options.request.from, options.usageError);
    readTime(parser, u"to"_s, options.request.to, options.usageError);
    return options;
}

} // namespace

int runExport(const QStringList &arguments)
{
    QCommandLineParser parser;
    parser.addOptions({dataDirOption(),
                       {u"kind"_s, u"trades or events."_s, u"KIND"_s},
                       {u"format"_s, u"csv or json."_s, u"FORMAT"_s, u"csv"_s},
                       {u"bot"_s, u"Only of this bot."_s, u"ID"_s},
                       {u"from"_s, u"Only from this time on."_s, u"TIME"_s},
                       {u"to"_s, u"Only before this time."_s, u"TIME"_s}});
    if (const auto code = parseCommand(parser, arguments, u"Writes trades or events to standard output."_s))
        return *code;
    const ExportOptions options = readExport(parser);
    if (!options.usageError.isEmpty())
        return complainUsage(options.usageError, arguments.constFirst());
    const QString path = databasePath(dataDirOf(parser));
    if (!QFileInfo::exists(path))
        return complain({ErrorCode::NotFound, u"there is no database %1"_s.arg(path), {}});
    SqlHistory history(path);
    Exporter exporter(history, options.request);
    for (;;) {
        const auto piece = exporter.next();
        if (!piece)
            return complain(piece.error());
        if (piece->isEmpty())
            return exitOk;
        if (const int code = print(*piece); code != exitOk)
            return code;
    }
}

} // namespace tradebot
