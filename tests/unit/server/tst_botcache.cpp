// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/server/botcache.h"

#include <QTest>

using namespace tradebot;
using namespace Qt::StringLiterals;

namespace {

std::shared_ptr<const BotSnapshot> view(qint64 lastSequence, BotStatus status, std::optional<Price> mark = {})
{
    auto snapshot = std::make_shared<BotSnapshot>();
    snapshot->id = BotId(1);
    snapshot->owner = UserId(1);
    snapshot->config = std::make_shared<const BotConfig>();
    snapshot->state.status = status;
    snapshot->state.lastSequence = EventSequence(lastSequence);
    snapshot->markPrice = mark;
    return snapshot;
}

BotEvent status(qint64 sequence, BotStatus to)
{
    return {EventSequence(sequence),
            BotId(1),
            {},
            fromMilliseconds(sequence),
            StatusChanged{BotStatus::Stopped, to, {}, {}}};
}

} // namespace

class BotBoardTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void factsAreFoldedOnce()
    {
        BotCache board;
        QVERIFY(!board.apply(status(1, BotStatus::Pending))); // not known yet
        QVERIFY(board.merge(view(2, BotStatus::Pending)));
        QVERIFY(!board.apply(status(2, BotStatus::Error))); // is in the view
        QVERIFY(board.apply(status(3, BotStatus::Running)));
        QVERIFY(!board.apply(status(3, BotStatus::Running)));
        QCOMPARE(board.find(BotId(1))->state.status, BotStatus::Running);
        QCOMPARE(board.find(BotId(1))->lastUpdatedAt, fromMilliseconds(3));
    }

    void olderViewsBringPricesButNoOldState()
    {
        BotCache board;
        board.merge(view(2, BotStatus::Pending));
        board.apply(status(3, BotStatus::Running));
        QVERIFY(board.merge(view(2, BotStatus::Pending, Price::fromInteger(7)))); // made before fact 3
        QCOMPARE(board.find(BotId(1))->state.status, BotStatus::Running);
        QCOMPARE(board.find(BotId(1))->view->markPrice, Price::fromInteger(7));
        board.merge(view(5, BotStatus::Paused));
        QVERIFY(!board.merge(view(3, BotStatus::Running)));
        QCOMPARE(board.find(BotId(1))->state.status, BotStatus::Paused);
    }

    void nobodyIsWellWhileTheEngineIsSilent()
    {
        const EffectiveHealth isWell;
        BotCache board;
        board.merge(view(1, BotStatus::Running));
        QCOMPARE(board.find(BotId(1))->health(), isWell);
        board.setFeedAlive(false);
        QCOMPARE(board.find(BotId(1))->health(),
                 (EffectiveHealth{Health::Degraded, HealthReason::StaleData, u"the engine does not answer"_s}));
        board.setFeedAlive(true);
        QCOMPARE(board.find(BotId(1))->health(), isWell);
        board.setFeedAlive(false);
        board.apply(status(2, BotStatus::Stopped)); // nothing has to be known of one that does nothing
        QCOMPARE(board.find(BotId(1))->health(), isWell);
    }

    void onlyOwnersFindTheirBots()
    {
        BotCache board;
        board.merge(view(1, BotStatus::Stopped));
        QVERIFY(board.findFor(UserId(1), BotId(1)));
        const auto foreign = board.findFor(UserId(2), BotId(1));
        QVERIFY(!foreign);
        QCOMPARE(foreign.error(), board.findFor(UserId(3), BotId(1)).error());
        QCOMPARE(foreign.error().code, ErrorCode::NotFound);
        QCOMPARE(board.allOf(UserId(2)).size(), 0U);
        QCOMPARE(board.allOf(UserId(1)).size(), 1U);
    }

    void deletedBotsAreGone()
    {
        BotCache board;
        board.merge(view(1, BotStatus::Stopped));
        QVERIFY(board.apply({EventSequence(2), BotId(1), {}, {}, BotDeleted()}));
        QCOMPARE(board.find(BotId(1)), nullptr);
        auto gone = std::make_shared<BotSnapshot>(*view(3, BotStatus::Stopped));
        gone->deleted = true;
        board.merge(gone);
        QCOMPARE(board.find(BotId(1)), nullptr);
    }

    void noLateViewRevivesADeletedBot_data()
    {
        QTest::addColumn<bool>("byFact");
        QTest::addColumn<bool>("wasKnown");
        for (const bool byFact : {true, false}) {
            for (const bool wasKnown : {true, false})
                QTest::addRow("%s, %s", byFact ? "by fact" : "by view", wasKnown ? "known" : "unknown")
                        << byFact << wasKnown;
        }
    }
    void noLateViewRevivesADeletedBot()
    {
        QFETCH(const bool, byFact);
        QFETCH(const bool, wasKnown);
        BotCache board;
        if (wasKnown)
            board.merge(view(1, BotStatus::Stopped));
        auto gone = std::make_shared<BotSnapshot>(*view(2, BotStatus::Stopped));
        gone->deleted = true;
        QVERIFY(byFact ? board.apply({EventSequence(2), BotId(1), {}, {}, BotDeleted()}) : board.merge(gone));
        for (const qint64 sequence : {1, 2, 3})
            QVERIFY(!board.merge(view(sequence, BotStatus::Stopped)));
        QVERIFY(!board.apply(status(3, BotStatus::Pending)));
        QCOMPARE(board.find(BotId(1)), nullptr);
        QVERIFY(board.allOf(UserId(1)).empty());
    }
};

QTEST_GUILESS_MAIN(BotBoardTest)
#include "tst_botcache.moc"
