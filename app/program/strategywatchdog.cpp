// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/program/strategywatchdog.h"

#include "core/base/logging.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QSaveFile>

#include <cstdlib>
#include <vector>

#ifdef Q_OS_UNIX
#include <unistd.h>
#else
#include <QProcess>
#endif

namespace tradebot {

using namespace Qt::StringLiterals;

namespace {

constexpr int looks = 10;

QString markerPath(const QString &dataDir)
{
    return QDir(dataDir).filePath(u"strategy.hung"_s);
}

/// Where nobody could read the marker, the next start would hang like this one.
bool noteHungBot(const QString &dataDir, BotId bot)
{
    QSaveFile file(markerPath(dataDir));
    return file.open(QIODevice::WriteOnly) && file.write(QByteArray::number(bot.value()) + '\n') > 0 && file.commit();
}

/// Ends this program without waiting for any of its threads, as a crash would, and starts it anew. Comes back when that
/// cannot be done.
void startAgain(const QString &program, const QStringList &arguments)
{
#ifdef Q_OS_UNIX
    std::vector<QByteArray> texts;
    texts.reserve(static_cast<std::size_t>(arguments.size()));
    for (const QString &argument : arguments)
        texts.push_back(QFile::encodeName(argument));
    std::vector<char *> pointers;
    pointers.reserve(texts.size() + 1);
    for (QByteArray &text : texts)
        pointers.push_back(text.data());
    pointers.push_back(nullptr);
    ::execv(QFile::encodeName(program).constData(), pointers.data()); // the lock of the data folder ends with its file
#else
    if (QProcess::startDetached(program, arguments.mid(1)))
        std::_Exit(EXIT_FAILURE);
#endif
}

} // namespace

StrategyWatchdog::StrategyWatchdog(const StrategyWatch &watch, const QString &dataDir,
                                   std::chrono::milliseconds patience)
    : m_watch(watch),
      m_dataDir(dataDir),
      m_program(QCoreApplication::applicationFilePath()),
      m_patience(patience),
      m_detector(looks)
{
    connect(&m_timer, &QTimer::timeout, this, &StrategyWatchdog::look);
    m_timer.start(patience / looks);
}

BotId StrategyWatchdog::hungBot(const QString &dataDir)
{
    QFile file(markerPath(dataDir));
    return file.open(QIODevice::ReadOnly) ? BotId(file.readAll().trimmed().toLongLong()) : BotId();
}

void StrategyWatchdog::forgetHungBot(const QString &dataDir)
{
    if (QFile marker(markerPath(dataDir)); marker.exists() && !marker.remove())
        qCWarning(logApp) << marker.fileName() << "cannot be removed:" << marker.errorString();
}

void StrategyWatchdog::look()
{
    const auto call = m_watch.call();
    if (!m_detector.isHung(call))
        return;
    qCCritical(logApp).noquote() << u"the strategy of bot %1 has not returned for %2 ms: starting again without it"_s
                                            .arg(call->bot.value())
                                            .arg(m_patience.count());
    if (!noteHungBot(m_dataDir, call->bot))
        qCCritical(logApp) << "bot" << call->bot.value() << "cannot be noted in" << markerPath(m_dataDir);
    else
        startAgain(m_program, QCoreApplication::arguments());
    qCCritical(logApp) << "the program cannot start itself again: it ends";
    std::_Exit(EXIT_FAILURE); // an orderly end would wait for the strategy
}

} // namespace tradebot
