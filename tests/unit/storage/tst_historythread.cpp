// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/storage/historyhost.h"
#include "tests/support/patience.h"
#include "tests/support/qtestprint.h"
#include "tests/unit/storage/storagefixture.h"

#include <QTest>

using namespace tradebot;
using namespace tradebot::test;
using namespace Qt::StringLiterals;

class tst_HistoryThread final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theThreadAnswersInTheCallersThread();
    void theThreadForgetsWhoIsGone();
};

void tst_HistoryThread::theThreadAnswersInTheCallersThread()
{
    const TemporaryStore store;
    HistoryThread thread(store.path());
    HistoryService &service = thread;
    qint64 count = -1;
    QThread *reading = nullptr;
    QThread *answering = nullptr;
    QObject context;
    service.read(
            &context,
            [](HistoryReader &reader) { return std::pair(valueOf(reader.tradeCount({})), QThread::currentThread()); },
            [&](const std::pair<qint64, QThread *> &result) {
                count = result.first;
                reading = result.second;
                answering = QThread::currentThread();
            });
    QTRY_COMPARE(count, 0);
    QVERIFY(reading != QThread::currentThread());
    QCOMPARE(answering, QThread::currentThread());
}

void tst_HistoryThread::theThreadForgetsWhoIsGone()
{
    const TemporaryStore store;
    HistoryThread thread(store.path());
    HistoryService &service = thread;
    bool answered = false;
    bool second = false;
    const auto count = [](HistoryReader &reader) { return valueOf(reader.tradeCount({})); };
    {
        QObject gone;
        service.read(&gone, count, [&answered](qint64) { answered = true; });
    }
    QObject context;
    service.read(&context, count, [&second](qint64) { second = true; });
    QTRY_VERIFY(second);
    QVERIFY(!answered);
}

QTEST_GUILESS_MAIN(tst_HistoryThread)
#include "tst_historythread.moc"
