// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/threadcallback.h"
#include "core/base/threadowner.h"
#include "tests/support/patience.h"

#include <QSemaphore>
#include <QTest>

#include <atomic>
#include <memory>
#include <vector>

using namespace tradebot;
using namespace Qt::StringLiterals;

namespace {

/// What a host leaves behind for the test to look at.
struct Traces
{
    std::vector<int> work; ///< read once the thread has ended
    QThread *destroyedIn = nullptr;
};

class Host final : public QObject
{
public:
    explicit Host(Traces &traces) : m_traces(traces) { }
    Host(const Host &) = delete;
    Host &operator=(const Host &) = delete;
    ~Host() override { m_traces.destroyedIn = QThread::currentThread(); }

    void note(int number) { m_traces.work.push_back(number); }

private:
    Traces &m_traces;
};

/// Lets a thread run until the test ends it.
class OtherThread final
{
public:
    OtherThread() { m_thread.start(); }
    ~OtherThread()
    {
        m_thread.quit();
        m_thread.wait();
    }
    OtherThread(const OtherThread &) = delete;
    OtherThread &operator=(const OtherThread &) = delete;

    /// Runs work in this thread and waits for it.
    template<class Work>
    void run(Work work)
    {
        QObject context;
        context.moveToThread(&m_thread);
        QMetaObject::invokeMethod(
                &context,
                [&] {
                    work();
                    context.moveToThread(nullptr);
                },
                Qt::BlockingQueuedConnection);
    }
    [[nodiscard]] QThread *thread() { return &m_thread; }

private:
    QThread m_thread;
};

} // namespace

class TestThreads final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aHostLivesInItsNamedThread();
    void whatIsPostedRunsBeforeTheEnd();
    void aHostThatWasNeverStartedIsDestroyedToo();
    void stoppingTwiceIsHarmless();

    void aCallbackRunsInItsOwnThread();
    void aCallbackOfADeadContextIsDropped();
    void droppingTheHandleEndsCallsUnderWay();
    void aCallbackIsBusyUntilItHasRun();
    void aWeakCallbackKeepsNothingAlive();
};

void TestThreads::aHostLivesInItsNamedThread()
{
    Traces traces;
    ThreadOwner<Host> owner(u"demo"_s, std::make_unique<Host>(traces));
    owner.start();
    QThread *const thread = owner.host()->thread();
    QVERIFY(thread != QThread::currentThread());
    QCOMPARE(thread->objectName(), u"demo"_s);
    QSemaphore done;
    QThread *ranIn = nullptr;
    owner.post([&](Host &) {
        ranIn = QThread::currentThread();
        done.release();
    });
    done.acquire();
    QCOMPARE(ranIn, thread);
    owner.stop();
    QVERIFY(owner.host() == nullptr);
    QCOMPARE(traces.destroyedIn, thread);
}

void TestThreads::whatIsPostedRunsBeforeTheEnd()
{
    Traces traces;
    std::vector<int> expected;
    {
        ThreadOwner<Host> owner(u"demo"_s, std::make_unique<Host>(traces));
        for (int i = 0; i < 50; ++i)
            owner.post([i](Host &host) { host.note(i); }); // before it runs
        owner.start();
        for (int i = 50; i < 100; ++i)
            owner.post([i](Host &host) { host.note(i); });
        for (int i = 0; i < 100; ++i)
            expected.push_back(i);
    }
    QCOMPARE(traces.work, expected);
}

void TestThreads::aHostThatWasNeverStartedIsDestroyedToo()
{
    Traces traces;
    {
        const ThreadOwner<Host> owner(u"demo"_s, std::make_unique<Host>(traces));
    }
    QVERIFY(traces.destroyedIn != nullptr);
}

void TestThreads::stoppingTwiceIsHarmless()
{
    Traces traces;
    ThreadOwner<Host> owner(u"demo"_s, std::make_unique<Host>(traces));
    owner.start();
    owner.stop();
    owner.stop();
    QVERIFY(owner.host() == nullptr);
}

void TestThreads::aCallbackRunsInItsOwnThread()
{
    OtherThread other;
    QThread *ranIn = nullptr;
    QString got;
    const ThreadCallback<QString, int> callback(this, [&](QString text, int number) {
        ranIn = QThread::currentThread();
        got = text + QString::number(number);
    });
    other.run([&] { callback(u"n"_s, 7); });
    QVERIFY(ranIn == nullptr); // later, in this thread's own time
    QTRY_COMPARE(ranIn, QThread::currentThread());
    QCOMPARE(got, u"n7"_s);
}

void TestThreads::aCallbackOfADeadContextIsDropped()
{
    OtherThread other;
    auto context = std::make_unique<QObject>();
    int calls = 0;
    const ThreadCallback<> callback(context.get(), [&] { ++calls; });
    other.run([&] { callback(); });
    context.reset();
    QTRY_VERIFY(!callback.isBusy());
    QCOMPARE(calls, 0);
}

void TestThreads::droppingTheHandleEndsCallsUnderWay()
{
    OtherThread other;
    int calls = 0;
    const ThreadCallback<> callback(this, [&] { ++calls; });
    auto handle = callback.handle();
    other.run([&] { callback(); });
    QTRY_COMPARE(calls, 1);
    other.run([&] { callback(); });
    handle.reset();
    other.run([&] { callback(); });
    QTRY_VERIFY(!callback.isBusy());
    QCOMPARE(calls, 1);
}

void TestThreads::aCallbackIsBusyUntilItHasRun()
{
    const ThreadCallback<> callback(this, [] {});
    QVERIFY(!callback.isBusy());
    callback();
    callback();
    QVERIFY(callback.isBusy());
    QTRY_VERIFY(!callback.isBusy());
}

void TestThreads::aWeakCallbackKeepsNothingAlive()
{
    QVERIFY(!ThreadCallback<>());
    int calls = 0;
    ThreadCallback<> callback(this, [&] { ++calls; });
    const auto weak = callback.weak();
    QVERIFY(bool(weak.lock()));
    weak.lock()();
    QTRY_COMPARE(calls, 1);
    callback = ThreadCallback<>();
    QVERIFY(!weak.lock());
}

QTEST_GUILESS_MAIN(TestThreads)
#include "tst_threads.moc"
