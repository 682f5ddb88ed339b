// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/tradebotd/commands.h"

#include "app/program/options.h"
#include "app/program/standardoutput.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QSaveFile>

#include <cstdio>

namespace tradebot {

using namespace Qt::StringLiterals;

int print(const QByteArray &text)
{
    const auto written = writeOutput(text);
    return written ? exitOk : complain(written.error());
}

int print(const QString &text)
{
    return print(text.toUtf8());
}

int complain(const Error &error)
{
    std::fprintf(stderr, "tradebotd: %s\n", qUtf8Printable(error.text));
    return exitFailure;
}

int complainUsage(const QString &text, const QString &command)
{
    std::fprintf(stderr, "tradebotd: %s (see tradebotd %s --help)\n", qUtf8Printable(text), qUtf8Printable(command));
    return exitUsage;
}

std::optional<int> parseCommand(QCommandLineParser &parser, const QStringList &arguments, const QString &description,
                                qsizetype mostWords)
{
    const QString &command = arguments.constFirst();
    parser.setApplicationDescription(description);
    const QCommandLineOption help({u"h"_s, u"help"_s}, u"Say what the options are."_s);
    const QCommandLineOption version({u"v"_s, u"version"_s}, u"Say the version."_s);
    parser.addOptions({help, version});
    // The parser takes the first argument for the program's name.
    QStringList line = arguments;
    line.front() = u"tradebotd "_s + command;
    if (!parser.parse(line)) {
        const QString text = parser.errorText();
        return complainUsage(text.chopped(text.endsWith(u'.') ? 1 : 0), command);
    }
    if (parser.isSet(help)) {
        // Qt would name the program's file and leave out the subcommand.
        const QString text = parser.helpText();
        return print(u"Usage: tradebotd %1"_s.arg(command) + text.sliced(text.indexOf(u" [options]")));
    }
    if (parser.isSet(version))
        return print(u"tradebotd "_s + QString::fromLatin1(TRADEBOT_VERSION) + u'\n');
    const QStringList words = parser.positionalArguments();
    if (words.size() > mostWords)
        return complainUsage(u"\"%1\" is one word too many"_s.arg(words[mostWords]), command);
    return std::nullopt;
}

QCommandLineOption dataDirOption()
{
    return {u"data-dir"_s, u"The data folder."_s, u"DIR"_s, defaultDataDir()};
}

QString dataDirOf(const QCommandLineParser &parser)
{
    return QDir::cleanPath(QDir::current().absoluteFilePath(parser.value(u"data-dir"_s)));
}

Result<QByteArray> readFile(const QString &path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return fail(ErrorCode::Io, u"%1 cannot be read: %2"_s.arg(path, file.errorString()));
    return file.readAll();
}

Result<void> writeFile(const QString &path, const QByteArray &content)
{
    const QFileInfo target(path);
    if (target.exists() && !target.isFile() && !target.isDir()) { // a pipe or a terminal, which nothing can replace
        QFile device(path);
        if (!device.open(QIODevice::WriteOnly) || device.write(content) != content.size() || !device.flush())
            return fail(ErrorCode::Io, u"%1 cannot be written: %2"_s.arg(path, device.errorString()));
        return {};
    }
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(content) != content.size() || !file.commit())
        return fail(ErrorCode::Io, u"%1 cannot be written: %2"_s.arg(path, file.errorString()));
    return {};
}

} // namespace tradebot
