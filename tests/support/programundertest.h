// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/support/httpprobe.h"

#include <QProcess>
#include <QStringList>
#include <QTemporaryDir>

#include <chrono>
#include <memory>

namespace tradebot {

/// How a program ended and what it said.
struct Outcome
{
    int exitCode = -1; ///< -1: it did not start, was ended by a signal, or took too long
    QByteArray output;
    QByteArray complaint; ///< standard error
};

/// The real tradebotd as a process, with a data folder that goes when this does. Waits for sockets and pipes only.
class ProgramUnderTest final
{
public:
    ProgramUnderTest();
    ~ProgramUnderTest() { kill(); }

    /// The file in TRADEBOT_BIN_DIR.
    [[nodiscard]] static QString program();
    /// Runs it to its end, in whichever data folder the arguments name.
    [[nodiscard]] static Outcome run(const QStringList &arguments);

    /// A subcommand on this data folder.
    [[nodiscard]] Outcome command(const QStringList &arguments) const;
    [[nodiscard]] QByteArray token(const QStringList &options = {}) const;

    /// Starts it on a free port and waits for its ready line; false when it ends or stays silent instead.
    [[nodiscard]] bool start(const QStringList &options = {});
    /// Starts it and gives it only this long to become ready: true when it did.
    [[nodiscard]] bool start(const QStringList &options, std::chrono::milliseconds patience);
    /// Starts it with no more than these options and the data folder, and does not wait.
    void launch(const QStringList &options);
    /// SIGKILL, and waits until it is gone.
    void kill();
    /// The same, after it has lived for so long.
    void killAfter(std::chrono::milliseconds life);
    /// Sends a signal and waits for the end.
    [[nodiscard]] Outcome end(int signal);

    [[nodiscard]] QString dataDir() const { return m_dataDir; }
    [[nodiscard]] QString file(const QString &name) const
    {
        return m_folder.filePath(name);
    } ///< beside the data folder
    [[nodiscard]] QString databasePath() const { return m_dataDir + QStringLiteral("/tradebot.db"); }
    [[nodiscard]] QByteArray readyLine() const { return m_readyLine; }
    [[nodiscard]] quint16 port() const;
    [[nodiscard]] qint64 processId() const { return m_process.processId(); }
    [[nodiscard]] bool isRunning() const { return m_process.state() == QProcess::Running; }
    [[nodiscard]] QByteArray complaintSoFar();

    /// One request on a connection of its own.
    [[nodiscard]] ProbedAnswer ask(const QByteArray &method, const QByteArray &path, const QByteArray &token = {},
                                   const QByteArray &body = {}) const;

private:
    QTemporaryDir m_folder;
    const QString m_dataDir;
    QProcess m_process;
    QByteArray m_readyLine;
    QByteArray m_complaint;
};

/// Writes a whole file for a test; whether that worked.
[[nodiscard]] bool writeWholeFile(const QString &path, const QByteArray &content);
/// Empty when it cannot be read.
[[nodiscard]] QByteArray readWholeFile(const QString &path);

} // namespace tradebot
