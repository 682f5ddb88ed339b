// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/fakebackend.h"
#include "tests/support/fakeclock.h"
#include "tests/support/patience.h"
#include "ui/models/livefeed.h"

#include <QSignalSpy>
#include <QTest>

using namespace tradebot;
using namespace Qt::StringLiterals;

class LiveFeedTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void noLateAnswerRevivesADeletedBot()
    {
        const FakeClock clock;
        FakeBackend backend(clock);
        BotConfig config;
        config.name = u"BTC trend"_s;
        config.symbol = Symbol(u"BTCUSDT"_s);
        config.strategy = u"ema_cross"_s;
        const BotId id = backend.addBot(config);
        LiveFeed feed(backend);
        QTRY_VERIFY(feed.bot(id) != nullptr);
        BotSnapshot late = *feed.bot(id); // as the answer to its deletion may hold it
        QSignalSpy removed(&feed, &LiveFeed::botRemoved);
        backend.submit(DeleteBot{id}, &feed, [](const Result<BotSnapshot> &) {});
        QTRY_COMPARE(removed.size(), 1);
        QSignalSpy changed(&feed, &LiveFeed::botsChanged);
        late.state.lastSequence = EventSequence(1000);
        feed.take(late);
        QVERIFY(!feed.bot(id));
        QVERIFY(changed.isEmpty());
    }

    void noBotIsWellWhileTheEngineIsSilent()
    {
        const FakeClock clock;
        FakeBackend backend(clock);
        BotConfig config;
        config.name = u"BTC trend"_s;
        config.symbol = Symbol(u"BTCUSDT"_s);
        config.strategy = u"ema_cross"_s;
        const BotId id = backend.addBot(config);
        LiveFeed feed(backend, nullptr, std::chrono::milliseconds(1));
        backend.submit(StartBot{id}, &feed, [](const Result<BotSnapshot> &) {});
        QTRY_VERIFY(feed.bot(id) && feed.bot(id)->state.health == Health::Degraded);
        QCOMPARE(feed.bot(id)->state.healthMessage, u"the engine does not answer"_s);
        QVERIFY(!feed.system().marketDataOk);
        QSignalSpy changed(&feed, &LiveFeed::botsChanged);
        backend.heartbeat(); // of no bot in particular
        QTRY_VERIFY(!changed.isEmpty());
        const auto restored = changed.first().first().value<std::vector<SnapshotPointer>>();
        QCOMPARE(restored.front()->id, id);
        QCOMPARE(restored.front()->state.health, Health::Ok);
    }
};

QTEST_GUILESS_MAIN(LiveFeedTest)
#include "tst_livefeed.moc"
