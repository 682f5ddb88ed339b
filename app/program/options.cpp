// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/program/options.h"

#include <QCommandLineParser>
#include <QDir>
#include <QStandardPaths>

#include <algorithm>

namespace tradebot {

using namespace Qt::StringLiterals;

namespace {

Failure usage(const QString &text)
{
    return fail(ErrorCode::InvalidInput, text);
}

QList<QCommandLineOption> knownOptions()
{
    return {
            {u"data-dir"_s, u"Database and keys lie in DIR."_s, u"DIR"_s, defaultDataDir()},
            {u"listen"_s, u"Serve HTTP on ADDR:PORT; port 0 takes a free one."_s, u"ADDR:PORT"_s, u"127.0.0.1:8787"_s},
            {u"allow-host"_s,
             u"A name or address by which clients may call the server besides this machine's own, any number of times."_s,
             u"NAME"_s},
            {u"no-server"_s, u"No HTTP server at all."_s},
            {u"demo"_s, u"If there is no bot yet, make three example bots on demo money and start them."_s},
            {u"market-data"_s,
             u"Where prices come from: simulated, simulated@TICKS_PER_SECOND, or replay:FILE.csv[@SPEED]."_s,
             u"SOURCE"_s, u"simulated"_s},
            {u"seed"_s, u"Seed of the simulated market."_s, u"N"_s, u"1"_s},
            {u"log-level"_s, u"Least important messages to show: debug, info or warning."_s, u"LEVEL"_s, u"info"_s},
    };
}

Result<LogLevel> parseLogLevel(const QString &text)
{
    if (text == "debug"_L1)
        return LogLevel::Debug;
    if (text == "info"_L1)
        return LogLevel::Info;
    if (text == "warning"_L1)
        return LogLevel::Warning;
    return usage(u"--log-level is \"%1\"; it must be debug, info or warning"_s.arg(text));
}

} // namespace

QString defaultDataDir()
{
    return QStandardPaths::writableLocation(QStandardPaths::GenericDataLocation) + u"/tradebot"_s;
}

Result<std::pair<QHostAddress, quint16>> parseListen(const QString &text)
{
    const qsizetype colon = text.lastIndexOf(u':');
    bool isNumber = false;
    const quint16 port = text.mid(colon + 1).toUShort(&isNumber);
    QString host = text.left(colon);
    if (host.startsWith(u'[') && host.endsWith(u']'))
        host = host.mid(1, host.size() - 2);
    if (host == "localhost"_L1)
        host = u"127.0.0.1"_s;
    const QHostAddress address(host);
    if (colon < 0 || !isNumber || address.isNull())
        return usage(u"--listen is \"%1\"; write ADDR:PORT, like 127.0.0.1:8787 or [::1]:0"_s.arg(text));
    return std::pair(address, port);
}

Result<QString> parseHostName(const QString &text)
{
    const bool isBracketed = text.startsWith(u'[') && text.endsWith(u']');
    const QHostAddress address(isBracketed ? text.sliced(1).chopped(1) : text);
    if (!address.isNull())
        return address.toString();
    const bool isName = !text.isEmpty() && std::all_of(text.cbegin(), text.cend(), [](QChar c) {
        return c == u'-' || c == u'.' || c == u'_' || (c.isLetterOrNumber() && c.unicode() < 128);
    });
    if (!isName)
        return usage(u"--allow-host is \"%1\"; write a name or address without a port, like desk.local"_s.arg(text));
    return text;
}

Result<ParsedOptions> parseOptions(const QString &program, const QString &description, const QStringList &arguments)
{
    QCommandLineParser parser;
    parser.setApplicationDescription(description);
    parser.addOptions(knownOptions());
    const QCommandLineOption help({u"h"_s, u"help"_s}, u"Say what the options are."_s);
    const QCommandLineOption version({u"v"_s, u"version"_s}, u"Say the version."_s);
    parser.addOptions({help, version});
    ParsedOptions parsed;
    if (!parser.parse(arguments))
        return usage(u"%1 (see %2 --help)"_s.arg(parser.errorText().chopped(parser.errorText().endsWith(u'.') ? 1 : 0),
                                                 program));
    if (parser.isSet(help)) {
        parsed.print = parser.helpText();
        return parsed;
    }
    if (parser.isSet(version)) {
        parsed.print = u"%1 %2\n"_s.arg(program, QString::fromLatin1(TRADEBOT_VERSION));
        return parsed;
    }
    if (!parser.positionalArguments().isEmpty()) {
        return usage(u"\"%1\" is neither an option nor a command (see %2 --help)"_s.arg(
                parser.positionalArguments().constFirst(), program));
    }
    ProgramOptions &options = parsed.options;
    options.dataDir = QDir::cleanPath(QDir::current().absoluteFilePath(parser.value(u"data-dir"_s)));
    options.serve = !parser.isSet(u"no-server"_s);
    options.demo = parser.isSet(u"demo"_s);
    const auto source = parseMarketSource(parser.value(u"market-data"_s));
    if (!source)
        return usage(u"--market-data: "_s + source.error().text);
    options.marketData = *source;
    const auto listen = parseListen(parser.value(u"listen"_s));
    if (!listen)
        return fail(listen.error());
    std::tie(options.address, options.port) = *listen;
    for (const QString &text : parser.values(u"allow-host"_s)) {
        const auto name = parseHostName(text);
        if (!name)
            return fail(name.error());
        options.allowedHosts << *name;
    }
    const auto level = parseLogLevel(parser.value(u"log-level"_s));
    if (!level)
        return fail(level.error());
    options.logLevel = *level;
    bool isNumber = false;
    options.seed = parser.value(u"seed"_s).toULongLong(&isNumber);
    if (!isNumber)
        return usage(u"--seed is \"%1\"; it must be a whole number from 0 on"_s.arg(parser.value(u"seed"_s)));
    return parsed;
}

} // namespace tradebot
