// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/threadowner.h"
#include "core/engine/enginehost.h"
#include "core/strategy/registry.h"
#include "tests/support/enginefixture.h"
#include "tests/support/patience.h"
#include "tests/support/qtestprint.h"

#include <QSignalSpy>
#include <QTest>

#include <mutex>

using namespace tradebot;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr BotId one(1);

/// A store that is done when the test says so. Any thread.
class FakeJournal final : public Journal
{
public:
    explicit FakeJournal(const Clock &clock) : m_clock(clock) { }

    void append(JournalBatch batch) override
    {
        const std::lock_guard lock(m_mutex);
        for (auto &event : batch.events)
            m_events.push_back(std::move(event));
        if (!m_holds)
            tell(m_events.size());
    }
    void listen(QObject *context, std::function<void(const Committed &)> committed,
                std::function<void(const Error &)> failed) override
    {
        const std::lock_guard lock(m_mutex);
        m_context = context;
        m_committed = std::move(committed);
        m_failed = std::move(failed);
    }

    void hold()
    {
        const std::lock_guard lock(m_mutex);
        m_holds = true;
    }
    /// Makes the next facts durable; all when no count is given.
    void commit(std::optional<std::size_t> count = std::nullopt)
    {
        const std::lock_guard lock(m_mutex);
        tell(count ? std::min(m_events.size(), m_durable + *count) : m_events.size());
    }
    void breakDown()
    {
        const std::lock_guard lock(m_mutex);
        QMetaObject::invokeMethod(
                m_context,
                [failed = m_failed] {
                    failed(Error{ErrorCode::Io, u"the disk is full"_s, {}});
                },
                Qt::QueuedConnection);
    }
    [[nodiscard]] std::size_t size() const
    {
        const std::lock_guard lock(m_mutex);
        return m_events.size();
    }

private:
    void tell(std::size_t durable)
    {
        if (durable == m_durable)
            return;
        m_durable = durable;
        const Committed done{m_events[durable - 1]->sequence, m_clock.now(), 0};
        QMetaObject::invokeMethod(
                m_context, [committed = m_committed, done] { committed(done); }, Qt::QueuedConnection);
    }

    const Clock &m_clock;
    mutable std::mutex m_mutex;
    bool m_holds = false;
    std::size_t m_durable = 0;
    std::vector<std::shared_ptr<BotEvent>> m_events;
    QObject *m_context = nullptr;
    std::function<void(const Committed &)> m_committed;
    std::function<void(const Error &)> m_failed;
};

/// What a follower was told.
struct Told
{
    std::vector<FeedUpdate> updates;

    [[nodiscard]] std::vector<qint64> numbers() const
    {
        std::vector<qint64> all;
        for (const FeedUpdate &update : updates) {
            for (const auto &event : update.events)
                all.push_back(event->sequence.value());
        }
        return all;
    }
    /// Facts without a gap after the first update, and no view ahead of what is durable.
    [[nodiscard]] QString problem() const
    {
        if (updates.empty())
            return u"nothing was told"_s;
        if (!updates.front().events.empty())
            return u"the first update holds facts"_s;
        qint64 last = updates.front().system.committed.value();
        for (const FeedUpdate &update : updates) {
            for (const auto &event : update.events) {
                if (event->sequence.value() != ++last)
                    return u"fact %1 instead of %2"_s.arg(event->sequence.value()).arg(last);
            }
            if (update.system.committed.value() != last)
                return u"the update says %1 after fact %2"_s.arg(update.system.committed.value()).arg(last);
            for (const auto &bot : update.bots) {
                if (bot->state.lastSequence.value() > last)
                    return u"a view of fact %1 after %2"_s.arg(bot->state.lastSequence.value()).arg(last);
            }
        }
        return {};
    }
};

/// An engine in a thread of its own; the test is the window.
class World final
{
public:
    explicit World(bool hasMarket = true, const EngineOptions &options = {})
        : m_thread(u"engine"_s,
                   std::make_unique<EngineHost>(
                           withClock(options), [this, hasMarket] { return make(hasMarket); }, journal, clock))
    { }

    void start(const Recovered &recovered = {})
    {
        m_thread.start();
        m_thread.post([recovered](EngineHost &host) { host.start(recovered); });
    }
    void stop() { m_thread.stop(); }
    [[nodiscard]] EngineHost &host() { return *m_thread.host(); }

    void price(int price)
    {
        m_thread.post([this, price](EngineHost &) { m_market->tick(Price::fromInteger(price)); });
    }
    /// A price whose candle then ends.
    void candle(int value)
    {
        price(value);
        round();
        clock.advance(60s);
        price(value);
    }
    /// Waits until the engine has done all that was asked before.
    void round()
    {
        const auto done = std::make_shared<std::atomic<bool>>(false);
        m_thread.post([done](EngineHost &host) { // behind what the earlier turns have queued
            QMetaObject::invokeMethod(
                    &host, [done] { *done = true; }, Qt::QueuedConnection);
        });
        QTRY_VERIFY(*done);
    }
    void submit(Command command)
    {
        host().submit(std::move(command), &context,
                      [this](const Result<BotSnapshot> &reply) { replies.push_back(reply); });
    }
    [[nodiscard]] FeedHandle follow(Told &told)
    {
        return host().follow(&context, [&told](const FeedUpdate &update) { told.updates.push_back(update); });
    }
    /// The newest view of a bot that a follower has; nullptr when there is none.
    [[nodiscard]] static std::shared_ptr<const BotSnapshot> newest(const Told &told, BotId bot)
    {
        std::shared_ptr<const BotSnapshot> found;
        for (const FeedUpdate &update : told.updates) {
            for (const auto &view : update.bots)
                found = view->id == bot ? view : found;
        }
        return found;
    }
    /// A running bot; the journal must not be held.
    void runBot()
    {
        const auto before = replies.size();
        submit(CreateBot{UserId(1), followerConfig()});
        submit(StartBot{one});
        QTRY_COMPARE(replies.size(), before + 2);
    }

    FakeClock clock;
    FakeJournal journal{clock};
    std::vector<Result<BotSnapshot>> replies;
    bool isRecording = false; ///< to be said before the start
    QObject context;

private:
    EngineOptions withClock(EngineOptions options) const
    {
        options.steadyNow = [this] { return clock.steady(); };
        return options;
    }
    Result<std::unique_ptr<MarketData>> make(bool hasMarket)
    {
        if (!hasMarket)
            return fail(ErrorCode::Unavailable, u"there is no market"_s);
        auto market = std::make_unique<ScriptedMarket>(clock);
        market->waits = isRecording;
        market->past = flatCandles(clock.now(), 30, Price::fromInteger(100));
        m_market = market.get();
        return market;
    }

    ScriptedMarket *m_market = nullptr;
    ThreadOwner<EngineHost> m_thread;
};

} // namespace

/// The engine's edge, in a real thread, over a journal that the test commands.
class EngineHostTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void nobodyIsToldBeforeTheCommit();
    void followersMissNothing();
    void aDroppedHandleEndsTheCalls();
    void whatWasAskedBeforeTheStartIsDone();
    void withoutAMarketEverythingIsRefused();
    void aBrokenJournalStopsTrading();
    void whatIsStillWaitingAtTheEndIsRefused();
    void aDeletedBotIsShownOnceMore();
    void noViewSaysThatOldPricesAreFine();
    void aBotThatIsAheadOfItsPricesSaysSo();
    void aStrategyThatHasNoWordsEndsItsBotOnly();
    void candlesComeForBotsThatWatchAMarket();
};

void EngineHostTest::nobodyIsToldBeforeTheCommit()
{
    World world;
    world.start();
    world.journal.hold();
    Told told;
    const FeedHandle handle = world.follow(told);
    world.submit(CreateBot{UserId(1), followerConfig()});
    world.submit(StartBot{one});
    QTRY_COMPARE(world.journal.size(), 4U);
    world.round();
    QTRY_COMPARE(told.updates.size(), 1U);
    QVERIFY(told.updates.front().bots.empty());
    QVERIFY(world.replies.empty());

    world.journal.commit(1); // the creation
    QTRY_COMPARE(world.replies.size(), 1U);
    QVERIFY2(world.replies[0], problemOf(world.replies[0]).constData());
    QCOMPARE(world.replies[0]->state.status, BotStatus::Stopped);
    world.journal.commit(2); // a part of the start
    QTRY_COMPARE(told.numbers().size(), 3U);
    QCOMPARE(world.replies.size(), 1U);
    world.journal.commit();
    QTRY_COMPARE(world.replies.size(), 2U);
    QCOMPARE(world.replies[1]->state.status, BotStatus::Running);
    QCOMPARE(told.numbers(), (std::vector<qint64>{1, 2, 3, 4}));
    QCOMPARE(told.problem(), QString());

    // An order waits for its fact, whatever prices do.
    world.candle(101);
    QTRY_VERIFY(world.journal.size() >= 6U);
    world.price(102);
    world.round();
    world.journal.commit();
    world.round();
    world.price(103);
    world.round();
    world.journal.commit();
    QTRY_VERIFY(!told.updates.back().bots.empty() && told.updates.back().bots[0]->state.position.isOpen());
    QCOMPARE(told.updates.back().bots[0]->state.position.entryPrice().toBytes(), "103");
    QCOMPARE(told.problem(), QString());
}

void EngineHostTest::followersMissNothing()
{
    World world;
    world.start();
    Told early;
    const FeedHandle first = world.follow(early);
    world.runBot();
    for (int i = 0; i < 6; ++i)
        world.candle(i % 2 == 0 ? 101 : 99);
    Told late;
    const FeedHandle second = world.follow(late); // in the midst of it
    for (int i = 0; i < 6; ++i)
        world.candle(i % 2 == 0 ? 102 : 98);
    world.round();
    const auto all = world.journal.size();
    QVERIFY(all > 8); // how many depends on how soon orders become durable between two prices
    QTRY_COMPARE(early.numbers().size(), all);
    QTRY_VERIFY(!late.numbers().empty() && late.numbers().back() == static_cast<qint64>(all));
    QCOMPARE(early.problem(), QString());
    QCOMPARE(late.problem(), QString());
    QVERIFY(late.numbers().front() > 1);
    QCOMPARE(late.updates.front().bots.size(), 1U);
}

void EngineHostTest::aDroppedHandleEndsTheCalls()
{
    World world;
    world.start();
    world.journal.hold();
    Told told;
    FeedHandle handle = world.follow(told);
    world.submit(CreateBot{UserId(1), followerConfig()});
    QTRY_COMPARE(told.updates.size(), 1U);
    QTRY_COMPARE(world.journal.size(), 1U);
    world.journal.commit();
    world.round(); // processes events here too, so the calls may already be under way
    const auto before = told.updates.size();
    handle.reset();
    world.submit(CreateBot{UserId(1), followerConfig()});
    QTRY_COMPARE(world.journal.size(), 2U);
    world.journal.commit();
    QTRY_COMPARE(world.replies.size(), 2U);
    QCOMPARE(told.updates.size(), before);
}

void EngineHostTest::whatWasAskedBeforeTheStartIsDone()
{
    World world;
    Told told;
    const FeedHandle handle = world.follow(told);
    world.submit(CreateBot{UserId(1), followerConfig()});
    world.submit(StartBot{one});
    world.start();
    QTRY_COMPARE(world.replies.size(), 2U);
    QVERIFY(world.replies[1]);
    QCOMPARE(world.replies[1]->state.status, BotStatus::Running);
    QTRY_COMPARE(told.numbers().size(), 4U);
    QCOMPARE(told.problem(), QString());
}

void EngineHostTest::withoutAMarketEverythingIsRefused()
{
    World world(false);
    QSignalSpy failed(&world.host(), &EngineHost::failed);
    world.submit(CreateBot{UserId(1), followerConfig()});
    world.start();
    QTRY_COMPARE(world.replies.size(), 1U);
    world.submit(StartBot{one});
    QTRY_COMPARE(world.replies.size(), 2U);
    for (const auto &reply : world.replies) {
        QVERIFY(!reply);
        QCOMPARE(reply.error().code, ErrorCode::Unavailable);
        QCOMPARE(reply.error().text, u"there is no market"_s);
    }
    QTRY_COMPARE(failed.size(), 1);
    QCOMPARE(world.journal.size(), 0U);
}

void EngineHostTest::aBrokenJournalStopsTrading()
{
    World world;
    world.start();
    Told told;
    const FeedHandle handle = world.follow(told);
    world.runBot();
    world.journal.hold();
    world.candle(101); // an order is under way to the disk
    world.round();
    world.submit(PauseBot{one});
    world.round();
    const auto before = world.journal.size();
    world.journal.breakDown();
    QTRY_COMPARE(world.replies.size(), 3U);
    QCOMPARE(world.replies[2].error().code, ErrorCode::Unavailable);
    QVERIFY2(world.replies[2].error().text.contains(u"the disk is full"), qPrintable(world.replies[2].error().text));
    world.submit(StopBot{one, StopPolicy::Flatten});
    QTRY_COMPARE(world.replies.size(), 4U);
    QCOMPARE(world.replies[3].error().code, ErrorCode::Unavailable);
    for (const int price : {102, 50, 150})
        world.candle(price);
    world.round();
    QCOMPARE(world.journal.size(), before);
    QTRY_VERIFY(!told.updates.back().system.storeOk);
    QCOMPARE(told.problem(), QString());
    // A bot that does nothing any more is not well.
    QTRY_VERIFY(world.newest(told, one)->state.health == Health::Degraded);
    QCOMPARE(world.newest(told, one)->state.healthMessage,
             u"nothing is traded: the journal cannot be written: the disk is full"_s);
    // And the kill switch says what it cannot do.
    std::optional<Result<KillReport>> report;
    world.host().pull(KillSwitch{KillScope::Everything, UserId(1), BotId(), KillLevel::Flatten}, &world.context,
                      [&report](const Result<KillReport> &answer) { report = answer; });
    QTRY_VERIFY(report.has_value());
    QCOMPARE(report->error().code, ErrorCode::Unavailable);
    QVERIFY(report->error().text.contains(u"the kill switch is not pulled"_s));
}

void EngineHostTest::whatIsStillWaitingAtTheEndIsRefused()
{
    World world;
    world.start();
    world.journal.hold();
    world.submit(CreateBot{UserId(1), followerConfig()});
    QTRY_COMPARE(world.journal.size(), 1U);
    world.stop();
    QTRY_COMPARE(world.replies.size(), 1U);
    QCOMPARE(world.replies[0].error().code, ErrorCode::Unavailable);
}

void EngineHostTest::aDeletedBotIsShownOnceMore()
{
    World world;
    world.start();
    Told told;
    const FeedHandle handle = world.follow(told);
    world.submit(CreateBot{UserId(1), followerConfig()});
    QTRY_COMPARE(world.replies.size(), 1U);
    world.submit(DeleteBot{one});
    QTRY_COMPARE(world.replies.size(), 2U);
    world.submit(StartBot{one});
    QTRY_COMPARE(world.replies.size(), 3U);
    QVERIFY(world.replies[1]);
    QCOMPARE(world.replies[1]->id, one);
    QVERIFY(world.replies[1]->deleted); // else whoever keeps it would keep a ghost
    QCOMPARE(world.replies[2].error().code, ErrorCode::NotFound);
    QTRY_COMPARE(told.numbers().size(), 2U);
    QVERIFY(told.updates.back().bots.empty() || told.updates.back().bots.back()->deleted);
    Told late;
    const FeedHandle second = world.follow(late);
    QTRY_VERIFY(!late.updates.empty());
    QVERIFY(late.updates.front().bots.empty());
}

void EngineHostTest::noViewSaysThatOldPricesAreFine()
{
    World world;
    world.start();
    Told told;
    const FeedHandle handle = world.follow(told);
    world.runBot();
    QTRY_VERIFY(world.newest(told, one) != nullptr);
    QCOMPARE(world.newest(told, one)->state.status, BotStatus::Running);
    QCOMPARE(world.newest(told, one)->state.healthMessage, u"no price of BTCUSDT has come yet"_s);
    world.price(100);
    QTRY_COMPARE(world.newest(told, one)->state.health, Health::Ok);
    world.clock.advance(30s + 1ms);
    QTRY_COMPARE(world.newest(told, one)->state.health, Health::Degraded);
    world.price(100);
    QTRY_COMPARE(world.newest(told, one)->state.health, Health::Ok);
    QCOMPARE(told.problem(), QString());
}

/// As one that was stopped, and is started again on a recording of earlier times.
void EngineHostTest::aBotThatIsAheadOfItsPricesSaysSo()
{
    for (const bool isRecording : {true, false}) {
        World world;
        world.isRecording = isRecording;
        Recovered recovered;
        BotRecord &bot = recovered.bots.emplace_back();
        bot.id = one;
        bot.owner = UserId(1);
        bot.config = followerConfig();
        bot.state.balance = bot.config.initialBalance;
        bot.state.day = std::chrono::floor<std::chrono::days>(world.clock.now());
        bot.state.marketTime = world.clock.now() + 60s;
        bot.state.lastSequence = recovered.last = EventSequence(1);
        recovered.lastBotId = 1;
        recovered.lastHappened = bot.state.marketTime;
        world.start(recovered);
        Told told;
        const FeedHandle handle = world.follow(told);
        world.submit(StartBot{one});
        QTRY_COMPARE(world.replies.size(), 1U);
        world.price(100);
        if (!isRecording) { // a clock that was set back: its prices are new all the same
            QTRY_COMPARE(world.newest(told, one)->state.health, Health::Ok);
            continue;
        }
        QTRY_COMPARE(world.newest(told, one)->state.healthReason, HealthReason::PastPrices);
        const BotState &state = world.newest(told, one)->state;
        QCOMPARE(state.health, Health::Degraded);
        QVERIFY2(state.healthMessage.contains(QString::fromLatin1(toRfc3339(bot.state.marketTime))),
                 qPrintable(state.healthMessage));
        world.clock.advance(60s);
        world.price(101);
        QTRY_COMPARE(world.newest(told, one)->state.health, Health::Ok);
    }
}

namespace {

class Wordless final : public Strategy
{
public:
    [[nodiscard]] int warmUpCandles() const override { return 0; }
    void warmUp(const Candle &) override { }
    void onCandle(const StrategyView &, Intents &) override { }
    [[nodiscard]] QString activity() const override { throw std::runtime_error("I have no words"); }
};

} // namespace

void EngineHostTest::aStrategyThatHasNoWordsEndsItsBotOnly()
{
    EngineOptions options;
    options.makeStrategy = [](const BotConfig &config) -> Result<std::unique_ptr<Strategy>> {
        if (config.name == u"Wordless"_s)
            return std::make_unique<Wordless>();
        return makeStrategy(config.strategy, config.strategyParameters);
    };
    World world(true, options);
    world.start();
    Told told;
    const FeedHandle handle = world.follow(told);
    world.runBot();
    BotConfig config = followerConfig();
    config.name = u"Wordless"_s;
    config.restartOnError = false;
    world.submit(CreateBot{UserId(1), config});
    world.submit(StartBot{BotId(2)});
    QTRY_COMPARE(world.replies.size(), 4U);
    QTRY_VERIFY(world.newest(told, BotId(2)) && world.newest(told, BotId(2))->state.status == BotStatus::Error);
    QCOMPARE(world.newest(told, BotId(2))->state.lastError, u"the strategy threw: I have no words"_s);
    QCOMPARE(world.newest(told, one)->state.status, BotStatus::Running);
    QCOMPARE(told.problem(), QString());
}

void EngineHostTest::candlesComeForBotsThatWatchAMarket()
{
    World world;
    world.start();
    std::vector<Result<std::vector<Candle>>> answers;
    const auto ask = [&](BotId bot) {
        world.host().requestCandles({bot, Timeframe::M1, 10, {}}, &world.context,
                                    [&answers](const auto &answer) { answers.push_back(answer); });
    };
    ask(one);
    QTRY_COMPARE(answers.size(), 1U);
    QCOMPARE(answers[0].error().code, ErrorCode::NotFound);
    world.submit(CreateBot{UserId(1), followerConfig()});
    ask(one);
    QTRY_COMPARE(answers.size(), 2U);
    QVERIFY(answers[1] && answers[1]->empty());
    world.submit(StartBot{one});
    ask(one);
    QTRY_COMPARE(answers.size(), 3U);
    QCOMPARE(answers[2]->size(), 10U);

    std::vector<CandleUpdate> updates;
    const FeedHandle handle =
            world.host().followCandles(one, Timeframe::M1, 5, &world.context,
                                       [&updates](const CandleUpdate &update) { updates.push_back(update); });
    QTRY_COMPARE(updates.size(), 1U);
    QVERIFY(updates[0].reset);
    QCOMPARE(updates[0].closed.size(), 5U);
    world.price(104);
    QTRY_VERIFY(updates.back().live && updates.back().live->close == Price::fromInteger(104));
    const auto before = updates.size();
    world.candle(105);
    QTRY_VERIFY(
            std::any_of(updates.begin() + static_cast<std::ptrdiff_t>(before), updates.end(), [](const auto &update) {
                return !update.reset && update.closed.size() == 1 && update.closed[0].close == Price::fromInteger(105);
            }));
}

QTEST_GUILESS_MAIN(EngineHostTest)
#include "tst_enginehost.moc"
