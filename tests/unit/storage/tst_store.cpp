// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/storage/recovery.h"
#include "core/storage/schema.h"
#include "core/storage/store.h"
#include "core/storage/users.h"
#include "tests/support/patience.h"
#include "tests/support/qtestprint.h"
#include "tests/unit/storage/storagefixture.h"

#include <QTest>

using namespace tradebot;
using namespace tradebot::test;
using namespace Qt::StringLiterals;

namespace {

/// The engine's side of the journal: what it is told.
class Listener final : public QObject
{
    Q_OBJECT

public:
    explicit Listener(Journal &journal)
    {
        journal.listen(
                this, [this](const Committed &committed) { commits.push_back(committed); },
                [this](const Error &error) { failures.push_back(error); });
    }
    [[nodiscard]] EventSequence upTo() const { return commits.empty() ? EventSequence() : commits.back().upTo; }

    std::vector<Committed> commits;
    std::vector<Error> failures;
};

std::unique_ptr<Store> openStore(const QString &dataDir, const Clock &clock)
{
    return valueOf(Store::open(dataDir, clock));
}

JournalBatch batchOf(std::vector<std::shared_ptr<BotEvent>> events)
{
    return JournalBatch{std::move(events), {}};
}

} // namespace

class tst_Store final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void whatIsToldIsCommitted();
    void manyAppendsAreOneTransaction();
    void aLongQueueIsWrittenInSeveralTransactions();
    void whatWasAppendedIsWrittenBeforeTheEnd();
    void aSecondStoreIsRefused();
    void aNewStoreGoesOnWhereTheFirstEnded();
    void afterAFailureNothingIsWritten();
    void aFullDiskIsSaidOnce();
    void jobsUseTheOneWriter();
    void nobodyIsToldWhoIsGone();
    void batchesOfOnlySamplesAreTold();
};

void tst_Store::whatIsToldIsCommitted()
{
    const QTemporaryDir folder;
    const FakeClock clock;
    const auto store = openStore(folder.path(), clock);
    const Database look = valueOf(openReadOnly(store->databasePath()));
    Listener listener(*store);
    FactMaker facts;
    const auto event = facts.created(BotId(1));
    store->append(batchOf({event}));
    QTRY_COMPARE(listener.upTo(), EventSequence(1));
    QCOMPARE(listener.commits[0].recorded, clock.now());
    QCOMPARE(event->recorded, clock.now());
    QVERIFY(listener.commits[0].storeBytes > 4096);
    QCOMPARE(valueOf(look.integer(u"SELECT count(*) FROM events"_s)), 1);
    QCOMPARE(valueOf(look.integer(u"SELECT count(*) FROM bot_states"_s)), 1);
    QVERIFY(listener.failures.empty());
}

void tst_Store::manyAppendsAreOneTransaction()
{
    const QTemporaryDir folder;
    const FakeClock clock;
    const auto store = openStore(folder.path(), clock);
    Listener listener(*store);
    FactMaker facts;
    // While the storage thread is busy with a job, everything else waits.
    std::atomic<bool> go = false;
    store->use([&go](const Database &) {
        while (!go)
            QThread::yieldCurrentThread();
    });
    store->append(batchOf({facts.created(BotId(1))}));
    for (int i = 0; i < 500; ++i)
        store->append(batchOf({facts.decision(BotId(1)), facts.decision(BotId(1))}));
    go = true;
    QTRY_COMPARE(listener.upTo(), EventSequence(1001));
    QCOMPARE(listener.commits.size(), 1U);
}

void tst_Store::aLongQueueIsWrittenInSeveralTransactions()
{
    const QTemporaryDir folder;
    const FakeClock clock;
    const auto store = openStore(folder.path(), clock);
    Listener listener(*store);
    FactMaker facts;
    std::atomic<bool> go = false;
    store->use([&go](const Database &) {
        while (!go)
            QThread::yieldCurrentThread();
    });
    store->append(batchOf({facts.created(BotId(1))}));
    for (int i = 0; i < 10'000; ++i)
        store->append(batchOf({facts.decision(BotId(1))}));
    go = true;
    QTRY_COMPARE(listener.upTo(), facts.last());
    QVERIFY(listener.commits.size() >= 3);
    for (std::size_t i = 1; i < listener.commits.size(); ++i)
        QVERIFY(listener.commits[i].upTo > listener.commits[i - 1].upTo);
}

void tst_Store::whatWasAppendedIsWrittenBeforeTheEnd()
{
    const QTemporaryDir folder;
    const FakeClock clock;
    FactMaker facts;
    {
        const auto store = openStore(folder.path(), clock);
        store->append(batchOf({facts.created(BotId(1))}));
        for (int i = 0; i < 1000; ++i)
            store->append(batchOf({facts.decision(BotId(1))}));
    }
    const Database look = valueOf(openReadOnly(databasePath(folder.path())));
    QCOMPARE(valueOf(recover(look)).last, facts.last());
}

void tst_Store::aSecondStoreIsRefused()
{
    const QTemporaryDir folder;
    const FakeClock clock;
    const auto store = openStore(folder.path(), clock);
    const auto second = Store::open(folder.path(), clock);
    QVERIFY(!second);
    QCOMPARE(second.error().code, ErrorCode::AlreadyRunning);
}

void tst_Store::aNewStoreGoesOnWhereTheFirstEnded()
{
    const QTemporaryDir folder;
    const FakeClock clock;
    FactMaker facts;
    for (int round = 0; round < 3; ++round) {
        const auto store = openStore(folder.path(), clock);
        QCOMPARE(store->recovered().last, facts.last());
        QCOMPARE(store->recovered().bots.size(), static_cast<std::size_t>(round));
        for (const BotRecord &bot : store->recovered().bots)
            QVERIFY(bot.state == facts.state(bot.id));
        const BotId bot(round + 1);
        store->append(batchOf({facts.created(bot)}));
        store->append(batchOf(facts.roundTrips(bot, 20)));
    }
}

void tst_Store::afterAFailureNothingIsWritten()
{
    const QTemporaryDir folder;
    const FakeClock clock;
    const auto store = openStore(folder.path(), clock);
    Listener listener(*store);
    FactMaker facts;
    store->append(batchOf({facts.created(BotId(1))}));
    QTRY_COMPARE(listener.upTo(), EventSequence(1));
    const auto lost = facts.decision(BotId(1)); // never handed over
    QTest::ignoreMessage(QtCriticalMsg, QRegularExpression(u"does not follow"_s));
    store->append(batchOf({facts.decision(BotId(1))}));
    QTRY_COMPARE(listener.failures.size(), 1U);
    store->append(batchOf({lost})); // would fit now, but what came after it is gone
    bool asked = false;
    store->use([&asked](const Database &) { asked = true; });
    QTest::qWait(0);
    QCOMPARE(listener.upTo(), EventSequence(1));
    const Database look = valueOf(openReadOnly(store->databasePath()));
    QCOMPARE(valueOf(look.integer(u"SELECT count(*) FROM events"_s)), 1);
    QCOMPARE(listener.failures.size(), 1U);
    QVERIFY2(listener.failures[0].text.contains(u"nothing after fact 1 is stored"),
             qPrintable(listener.failures[0].text));
    QVERIFY(!asked);
}

void tst_Store::aFullDiskIsSaidOnce()
{
    const QTemporaryDir folder;
    const FakeClock clock;
    const auto store = openStore(folder.path(), clock);
    Listener listener(*store);
    FactMaker facts;
    store->append(batchOf({facts.created(BotId(1))}));
    store->use([](const Database &database) {
        const qint64 pages = valueOf(database.integer(u"PRAGMA page_count"_s));
        valueOf(database.execute(u"PRAGMA max_page_count = %1"_s.arg(pages + 4)));
    });
    QTest::ignoreMessage(QtCriticalMsg, QRegularExpression(u"the disk is full"_s));
    for (int i = 0; i < 100; ++i)
        store->append(batchOf(facts.roundTrips(BotId(1), 10)));
    QTRY_COMPARE(listener.failures.size(), 1U);
    QCOMPARE(listener.failures[0].code, ErrorCode::Io);
    QVERIFY(listener.failures[0].text.contains(store->databasePath()));
    const Database look = valueOf(openReadOnly(store->databasePath()));
    QCOMPARE(valueOf(recover(look)).last, listener.upTo());
}

void tst_Store::jobsUseTheOneWriter()
{
    const QTemporaryDir folder;
    const FakeClock clock;
    const auto store = openStore(folder.path(), clock);
    std::atomic<int> epoch = 0;
    store->use([&epoch](const Database &database) { epoch = valueOf(incrementTokenEpoch(database, UserId(1))); });
    QTRY_COMPARE(epoch.load(), 2);
}

void tst_Store::nobodyIsToldWhoIsGone()
{
    const QTemporaryDir folder;
    const FakeClock clock;
    const auto store = openStore(folder.path(), clock);
    FactMaker facts;
    bool told = false;
    {
        QObject context;
        store->listen(
                &context, [&told](const Committed &) { told = true; }, [](const Error &) {});
    }
    store->append(batchOf({facts.created(BotId(1))}));
    const Database look = valueOf(openReadOnly(store->databasePath()));
    QTRY_COMPARE(valueOf(look.integer(u"SELECT count(*) FROM events"_s)), 1);
    QCoreApplication::processEvents();
    QVERIFY(!told);
}

void tst_Store::batchesOfOnlySamplesAreTold()
{
    const QTemporaryDir folder;
    const FakeClock clock;
    const auto store = openStore(folder.path(), clock);
    Listener listener(*store);
    FactMaker facts;
    store->append(batchOf({facts.created(BotId(1))}));
    QTRY_COMPARE(listener.commits.size(), 1U);
    store->append(JournalBatch{{}, {{BotId(1), {fromMilliseconds(5), Money::fromInteger(7)}}}});
    QTRY_COMPARE(listener.commits.size(), 2U);
    QCOMPARE(listener.upTo(), EventSequence(1));
    store->append(JournalBatch()); // nothing to tell
}

QTEST_GUILESS_MAIN(tst_Store)
#include "tst_store.moc"
