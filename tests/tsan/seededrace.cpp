// SPDX-License-Identifier: GPL-3.0-or-later
// Shows that a TSan build sees what it must: `seededrace race` writes one int from two threads that an event has not
// ordered and has to be reported, `seededrace handover` passes values by queued calls only and must not be.

#include "core/base/threadowner.h"

#include <QCoreApplication>
#include <QStringList>

#include <atomic>
#include <cstdio>
#include <vector>

namespace {

class Host final : public QObject
{
public:
    int count = 0;
    std::vector<QString> received;
};

void waitFor(const std::atomic<bool> &flag)
{
    while (!flag.load(std::memory_order_relaxed))
        QThread::yieldCurrentThread();
}

int race()
{
    tradebot::ThreadOwner<Host> owner(QStringLiteral("host"), std::make_unique<Host>());
    owner.start();
    // Relaxed, so that these say when but order nothing: the call is made, and then the line of the other thread.
    std::atomic<bool> posted = false;
    std::atomic<bool> written = false;
    int shared = 0;
    owner.post([&](Host &) {
        waitFor(posted);
        ++shared;
        written.store(true, std::memory_order_relaxed);
    });
    posted.store(true, std::memory_order_relaxed);
    waitFor(written);
    ++shared; // ThreadSanitizer must say so
    owner.stop();
    std::printf("%d\n", shared);
    return 0;
}

int handOver()
{
    int answers = 0;
    int sum = 0;
    tradebot::ThreadOwner<Host> owner(QStringLiteral("host"), std::make_unique<Host>());
    QObject context;
    owner.start();
    for (int i = 0; i < 2000; ++i) {
        owner.post([text = QString::number(i), &context, &answers, &sum](Host &host) {
            host.received.push_back(text);
            auto answer = std::vector<int>{++host.count};
            QMetaObject::invokeMethod(
                    &context,
                    [answer = std::move(answer), &answers, &sum] {
                        sum += answer.front();
                        if (++answers == 2000)
                            QCoreApplication::quit();
                    },
                    Qt::QueuedConnection);
        });
    }
    QCoreApplication::exec();
    owner.stop();
    std::printf("%d answers, sum %d\n", answers, sum);
    return answers == 2000 && sum == 2001000 ? 0 : 1;
}

} // namespace

int main(int argc, char *argv[])
{
    const QCoreApplication application(argc, argv);
    const QStringList arguments = QCoreApplication::arguments();
    if (arguments.size() == 2 && arguments.at(1) == QLatin1StringView("race"))
        return race();
    if (arguments.size() == 2 && arguments.at(1) == QLatin1StringView("handover"))
        return handOver();
    std::fputs("usage: seededrace race|handover\n", stderr);
    return 2;
}
