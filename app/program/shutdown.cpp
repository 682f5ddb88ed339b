// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/program/shutdown.h"

#include <QCoreApplication>

#ifdef Q_OS_UNIX
#include <QSocketNotifier>

#include <array>
#include <csignal>

#include <sys/socket.h>
#include <unistd.h>
#else
#include <windows.h>
#endif

namespace tradebot {

#ifdef Q_OS_UNIX

namespace {

std::array<int, 2> signalPipe = {-1, -1}; // a handler of a signal can reach nothing but what is global

extern "C" void noteSignal(int)
{
    const char wake = 1;
    [[maybe_unused]] const auto written = ::write(signalPipe[1], &wake, 1);
}

} // namespace

void quitOnSignals(QCoreApplication &application)
{
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, signalPipe.data()) != 0)
        return;
    auto *notifier = new QSocketNotifier(signalPipe[0], QSocketNotifier::Read, &application);
    // Not quit(): that asks the windows first, and one with bots at work would ask a person who may not be there.
    QObject::connect(notifier, &QSocketNotifier::activated, &application, [] { QCoreApplication::exit(0); });
    struct sigaction action = {};
    action.sa_handler = noteSignal;
    sigemptyset(&action.sa_mask);
    action.sa_flags = static_cast<int>(SA_RESTART | SA_RESETHAND); // a second Ctrl+C ends the program at once
    sigaction(SIGTERM, &action, nullptr);
    sigaction(SIGINT, &action, nullptr);
}

#else

namespace {

BOOL WINAPI noteEvent(DWORD)
{
    QMetaObject::invokeMethod(
            QCoreApplication::instance(), [] { QCoreApplication::exit(0); }, Qt::QueuedConnection);
    return TRUE;
}

} // namespace

void quitOnSignals(QCoreApplication &)
{
    SetConsoleCtrlHandler(noteEvent, TRUE);
}

#endif

} // namespace tradebot
