// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/programundertest.h"

#include <QDeadlineTimer>
#include <QFile>
#include <QUrl>

#include <csignal>

#include <sys/types.h>

namespace tradebot {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr auto longestStart = 60s; // only a test that fails waits so long; sanitizers are slow
constexpr auto longestRun = 100s;

int milliseconds(std::chrono::milliseconds time)
{
    return static_cast<int>(time.count());
}

Outcome outcomeOf(QProcess &process)
{
    if (process.state() != QProcess::NotRunning && !process.waitForFinished(milliseconds(longestRun))) {
        process.kill();
        process.waitForFinished();
    }
    const bool ended = process.error() == QProcess::UnknownError && process.exitStatus() == QProcess::NormalExit;
    return {ended ? process.exitCode() : -1, process.readAllStandardOutput(), process.readAllStandardError()};
}

} // namespace

ProgramUnderTest::ProgramUnderTest() : m_dataDir(m_folder.filePath(u"data"_s)) { }

QString ProgramUnderTest::program()
{
    return QStringLiteral(TRADEBOT_BIN_DIR "/tradebotd");
}

Outcome ProgramUnderTest::run(const QStringList &arguments)
{
    QProcess process;
    process.start(program(), arguments, QIODevice::ReadOnly);
    return outcomeOf(process);
}

Outcome ProgramUnderTest::command(const QStringList &arguments) const
{
    return run(arguments + QStringList{u"--data-dir"_s, m_dataDir});
}

QByteArray ProgramUnderTest::token(const QStringList &options) const
{
    return command(QStringList{u"token"_s} + options).output.trimmed();
}

void ProgramUnderTest::launch(const QStringList &options)
{
    kill();
    m_readyLine.clear();
    m_complaint.clear();
    m_process.start(program(), QStringList{u"--data-dir"_s, m_dataDir} + options, QIODevice::ReadOnly);
    m_process.waitForStarted();
}

bool ProgramUnderTest::start(const QStringList &options)
{
    return start(options, longestStart);
}

bool ProgramUnderTest::start(const QStringList &options, std::chrono::milliseconds patience)
{
    launch(QStringList{u"--listen"_s, u"127.0.0.1:0"_s} + options);
    const QDeadlineTimer deadline(patience);
    m_process.setReadChannel(QProcess::StandardOutput);
    while (!m_process.canReadLine()) {
        if (!m_process.waitForReadyRead(static_cast<int>(deadline.remainingTime())))
            return false;
    }
    m_readyLine = m_process.readLine();
    return port() != 0;
}

void ProgramUnderTest::killAfter(std::chrono::milliseconds life)
{
    m_process.waitForFinished(static_cast<int>(life.count()));
    kill();
}

void ProgramUnderTest::kill()
{
    if (m_process.state() == QProcess::NotRunning)
        return;
    m_process.kill();
    m_process.waitForFinished();
}

Outcome ProgramUnderTest::end(int signal)
{
    if (m_process.state() != QProcess::Running)
        return {};
    ::kill(static_cast<pid_t>(m_process.processId()), signal);
    Outcome outcome = outcomeOf(m_process);
    outcome.complaint.prepend(m_complaint);
    return outcome;
}

quint16 ProgramUnderTest::port() const
{
    if (!m_readyLine.startsWith("ready http://") || !m_readyLine.endsWith("/\n"))
        return 0;
    return static_cast<quint16>(QUrl(QString::fromLatin1(m_readyLine.trimmed().sliced(6))).port(0));
}

QByteArray ProgramUnderTest::complaintSoFar()
{
    m_complaint += m_process.readAllStandardError();
    return m_complaint;
}

ProbedAnswer ProgramUnderTest::ask(const QByteArray &method, const QByteArray &path, const QByteArray &token,
                                   const QByteArray &body) const
{
    HttpProbe probe(port());
    return probe.ask(HttpProbe::request(method, path, token, body, "Connection: close\r\n"));
}

bool writeWholeFile(const QString &path, const QByteArray &content)
{
    QFile file(path);
    return file.open(QIODevice::WriteOnly) && file.write(content) == content.size();
}

QByteArray readWholeFile(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

} // namespace tradebot
