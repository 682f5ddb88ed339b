// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/server/stream/spscqueue.h"

#include <QTest>

#include <thread>

using namespace tradebot;

class SpscQueueTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void isEmptyAtFirstAndInBetween()
    {
        SpscQueue<int> queue;
        QVERIFY(!queue.pop());
        queue.push(1);
        queue.push(2);
        QCOMPARE(queue.pop(), 1);
        QCOMPARE(queue.pop(), 2);
        QVERIFY(!queue.pop());
        queue.push(3);
        QCOMPARE(queue.pop(), 3);
    }

    void handsOverAllInOrder()
    {
        constexpr int count = 500'000;
        SpscQueue<std::unique_ptr<int>> queue;
        std::thread producer([&queue] {
            for (int i = 0; i < count; ++i)
                queue.push(std::make_unique<int>(i));
        });
        int expected = 0;
        while (expected < count) {
            const auto value = queue.pop();
            if (!value)
                std::this_thread::yield();
            else if (**value != expected++)
                break;
        }
        producer.join();
        QCOMPARE(expected, count);
        QVERIFY(!queue.pop());
    }

    void frees() // what is left, under the sanitizers
    {
        SpscQueue<std::unique_ptr<int>> queue;
        queue.push(std::make_unique<int>(1));
        queue.push(std::make_unique<int>(2));
        QCOMPARE(**queue.pop(), 1);
    }
};

QTEST_GUILESS_MAIN(SpscQueueTest)
#include "tst_spscqueue.moc"
