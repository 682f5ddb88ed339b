// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/jsonfields.h"
#include "core/base/ringbuffer.h"

#include <QTest>

using namespace tradebot;
using namespace Qt::StringLiterals;

namespace {

struct Numbers
{
    RingBuffer<int, 3> list;
};

template<class Archive, Like<Numbers> S>
void visitFields(Archive &archive, S &numbers)
{
    archive("list"_L1, numbers.list);
}

std::vector<int> inOrder(const RingBuffer<int, 3> &list)
{
    std::vector<int> all;
    for (const int entry : list)
        all.push_back(entry);
    return all;
}

} // namespace

class NewestTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theOldestMakesRoom();
    void whereItBeganDoesNotMatterToEquality();
    void itTravelsAsAListFromTheOldestOn();
};

void NewestTest::theOldestMakesRoom()
{
    RingBuffer<int, 3> list;
    QVERIFY(list.empty());
    for (int i = 1; i <= 7; ++i)
        list.push(int(i));
    QVERIFY(list.isFull());
    QCOMPARE(inOrder(list), (std::vector<int>{5, 6, 7}));
    QCOMPARE(list.next(), 5); // whose place it is
    list.clear();
    QVERIFY(list.empty());
    list.next() = 9;
    QCOMPARE(inOrder(list), (std::vector<int>{9}));
    QCOMPARE(list.front(), list.back());
}

void NewestTest::whereItBeganDoesNotMatterToEquality()
{
    RingBuffer<int, 3> turned;
    for (int i = 1; i <= 5; ++i)
        turned.push(int(i));
    QVERIFY(turned == (RingBuffer<int, 3>{3, 4, 5}));
    QVERIFY(!(turned == (RingBuffer<int, 3>{3, 4})));
    QVERIFY(!(turned == (RingBuffer<int, 3>{5, 3, 4})));
}

void NewestTest::itTravelsAsAListFromTheOldestOn()
{
    const Numbers numbers{{1, 2, 3, 4}};
    QCOMPARE(structToJson(numbers), R"({"list":[2,3,4]})");
    const auto json = JsonValue::parse(structToJson(numbers));
    QVERIFY(json);
    const auto back = structFromJson<Numbers>(*json, u"the numbers cannot be read"_s);
    QVERIFY(back && back->list == numbers.list);
    const auto tooMany = JsonValue::parse(R"({"list":[1,2,3,4]})");
    QVERIFY(tooMany && inOrder(structFromJson<Numbers>(*tooMany, {})->list) == (std::vector<int>{2, 3, 4}));
}

QTEST_GUILESS_MAIN(NewestTest)
#include "tst_ringbuffer.moc"
