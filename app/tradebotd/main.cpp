// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/program/program.h"
#include "app/program/shutdown.h"
#include "app/program/standardoutput.h"
#include "app/tradebotd/commands.h"

#include <QCoreApplication>

#include <array>
#include <clocale>
#include <cstdio>

using namespace tradebot;
using namespace Qt::StringLiterals;

namespace {

struct Subcommand
{
    const char *name;
    int (*run)(const QStringList &arguments);
    const char *summary;
};

constexpr std::array subcommands = {
        Subcommand{"token", runToken, "print a token for the owner"},
        Subcommand{"backtest", runBacktestCommand, "run a bot over candles of the past"},
        Subcommand{"indicators", runIndicators, "compute indicators of candles"},
        Subcommand{"bots", runBots, "list, add, start, stop and kill bots"},
        Subcommand{"export", runExport, "write trades or events"},
        Subcommand{"check", runCheck, "look whether the database is whole"},
        Subcommand{"backup", runBackup, "copy the database"},
        Subcommand{"restore", runRestore, "put a copy back in the place of the database"},
};

QString description()
{
    QString text = u"Runs trading bots without a window.\n\nSubcommands (each with --help):"_s;
    for (const Subcommand &entry : subcommands)
        text += u"\n  tradebotd %1  %2"_s.arg(QLatin1StringView(entry.name), -10).arg(QLatin1StringView(entry.summary));
    return text;
}

int serve(QCoreApplication &application, const ProgramOptions &options)
{
    quitOnSignals(application); // first: whoever asks for the end while the store opens gets it in order, too
    installLogging(options.logLevel);
    const SystemClock clock;
    auto program = Program::open(options, clock);
    if (!program)
        return complain(program.error());
    QObject::connect(program->get(), &Program::ready, &application, [](const QUrl &url) {
        const int code = url.isEmpty() ? exitOk : print(u"ready %1\n"_s.arg(url.toString()));
        if (code != exitOk) // whoever waits for the line would wait for ever
            QCoreApplication::exit(code);
    });
    QObject::connect(
            program->get(), &Program::failed, &application,
            [](const Error &error) { QCoreApplication::exit(complain(error)); }, Qt::QueuedConnection);
    (*program)->start();
    const int code = QCoreApplication::exec();
    program->reset();
    return code;
}

} // namespace

int main(int argc, char *argv[])
{
    reserveStandardStreams();
    QCoreApplication application(argc, argv);
    // Qt has taken over the user's, whose decimal comma the JSON library would want. No other thread runs yet.
    std::setlocale(LC_NUMERIC, "C"); // NOLINT(concurrency-mt-unsafe)
    QCoreApplication::setApplicationName(u"tradebotd"_s);
    QCoreApplication::setApplicationVersion(QString::fromLatin1(TRADEBOT_VERSION));
    const QStringList arguments = QCoreApplication::arguments();
    QStringList commands;
    for (const Subcommand &entry : subcommands) {
        commands << QString::fromLatin1(entry.name);
        if (arguments.value(1) == QLatin1StringView(entry.name)) {
            installLogging(LogLevel::Warning);
            return entry.run(arguments.mid(1));
        }
    }
    const auto parsed = parseOptions(u"tradebotd"_s, description(), arguments, commands);
    if (!parsed) {
        std::fprintf(stderr, "tradebotd: %s\n", qUtf8Printable(parsed.error().text));
        return exitUsage;
    }
    if (parsed->print)
        return print(*parsed->print);
    return serve(application, parsed->options);
}
