// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <QCommandLineParser>
#include <QStringList>

#include <optional>

namespace tradebot {

// The subcommands of tradebotd. arguments begin with the subcommand's name; the result is the exit code.

[[nodiscard]] int runToken(const QStringList &arguments);
[[nodiscard]] int runBacktestCommand(const QStringList &arguments);
[[nodiscard]] int runIndicators(const QStringList &arguments);
[[nodiscard]] int runBots(const QStringList &arguments);
[[nodiscard]] int runExport(const QStringList &arguments);
[[nodiscard]] int runCheck(const QStringList &arguments);
[[nodiscard]] int runBackup(const QStringList &arguments);
[[nodiscard]] int runRestore(const QStringList &arguments);

inline constexpr int exitOk = 0;
inline constexpr int exitFailure = 1;
inline constexpr int exitUsage = 2;

/// One line on standard error; the exit code that belongs to it.
int complain(const Error &error);
int complainUsage(const QString &text, const QString &command);
/// Writes to standard output as it is; the exit code: a failure, that has been complained about, when it does not get
/// there.
[[nodiscard]] int print(const QString &text);
[[nodiscard]] int print(const QByteArray &text);

/// Parses the options of a subcommand, --help and --version included, and at most so many words that are no options; an
/// exit code when there is nothing left to do.
[[nodiscard]] std::optional<int> parseCommand(QCommandLineParser &parser, const QStringList &arguments,
                                              const QString &description, qsizetype mostWords = 0);

/// --data-dir DIR, as all subcommands that work on a data folder have it.
[[nodiscard]] QCommandLineOption dataDirOption();
[[nodiscard]] QString dataDirOf(const QCommandLineParser &parser);

/// A whole file; NotFound or Io, naming it.
[[nodiscard]] Result<QByteArray> readFile(const QString &path);
/// Replaces a file at once or not at all; what is no file, as a pipe, is written to.
[[nodiscard]] Result<void> writeFile(const QString &path, const QByteArray &content);

} // namespace tradebot
