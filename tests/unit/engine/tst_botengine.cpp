// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/enginefixture.h"
#include "tests/support/qtestprint.h"

#include <QTest>

using namespace tradebot;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr BotId one(1);
constexpr BotId two(2);

} // namespace

/// The life of a bot: what is asked of it, what it does, and what it writes down.
class BotEngineTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aStartGoesThroughPendingToRunning();
    void itWaitsForThePast();
    void aStartThatTakesTooLongIsAnError();
    void whatCannotStartSaysWhy_data();
    void whatCannotStartSaysWhy();
    void aPastThatCannotBeHadIsAnErrorAndIsAskedForAgain();
    void aPausedBotEntersNothingButKeepsItsStops();
    void aPauseWhilePendingIsKept();
    void aStopDoesWhatItsPolicySays_data();
    void aStopDoesWhatItsPolicySays();
    void aRepeatRecordsNothing_data();
    void aRepeatRecordsNothing();
    void aCommandThatTheStateForbidsChangesNothing_data();
    void aCommandThatTheStateForbidsChangesNothing();
    void anErrorIsFollowedByRestartsFurtherAndFurtherApart();
    void anErrorStaysWhereNoRestartIsWanted();
    void aBotIsDeletedOnlyWhenNothingHangsOnIt();
    void aConfigurationIsJudgedBeforeItIsTaken();
    void aConfigurationKnowsItsVersion();
    void theMarketOfAnActiveBotStays();
    void theCurrencyOfABotThatHasTradedStays();
    void theInitialBalanceChangesOnlyBeforeTheFirstFill();
    void aRunningBotTakesUpANewConfiguration();
    void whatItsOwnerAskedForOutlivesTheProgram_data();
    void whatItsOwnerAskedForOutlivesTheProgram();
    void aPositionIsGuardedAfterARestart();
    void aStopCutShortIsFinishedAfterARestart();
    void oldPricesMakeABotDegradedAndANewOneHealsIt();
    void aLostStreamIsToldOnce();
    void aBotThatJoinsAnOldStreamIsDegradedToo();
    void degradationDoesNotOutliveItsCause_data();
    void degradationDoesNotOutliveItsCause();
    void aCandleThatEndsWhileThePastIsOnItsWayIsNotMissed();
    void botsOnOneMarketShareItsStream();
    void aStoredConfigurationThatBreaksARuleStopsItsBotAlone();
    void aStoredConfigurationThatCannotBeReadStopsItsBotAlone();
};

void BotEngineTest::aStartGoesThroughPendingToRunning()
{
    EngineFixture fixture;
    fixture.run(followerConfig());
    QCOMPARE(fixture.news(),
             (QStringList{u"created"_s, u"desired running pause_entries"_s, u"status pending"_s, u"status running"_s}));
    QVERIFY(fixture.market.isOpen());
    fixture.candle("101");
    QCOMPARE(fixture.news(), (QStringList{u"decision buy at 101"_s, u"order submitted buy 1 entry"_s}));
    fixture.tick("102");
    QCOMPARE(fixture.news(), (QStringList{u"fill buy 1 at 102"_s, u"protection entry"_s}));
    fixture.candle("99");
    fixture.tick("98");
    QCOMPARE(fixture.news(), (QStringList{u"decision sell at 99"_s, u"order submitted sell 1 exit"_s,
                                          u"fill sell 1 at 98"_s, u"trade long exit net -4.2"_s}));
    QCOMPARE(fixture.state().balance.toBytes(), "9995.8");
}

void BotEngineTest::itWaitsForThePast()
{
    EngineFixture fixture;
    fixture.market.answersAtOnce = false;
    fixture.run(followerConfig());
    QCOMPARE(fixture.state().status, BotStatus::Pending);
    fixture.pass(29s);
    QCOMPARE(fixture.state().status, BotStatus::Pending);
    fixture.answerHistory();
    QCOMPARE(fixture.state().status, BotStatus::Running);
    QCOMPARE(fixture.bot().equity().toBytes(), "10000");
}

void BotEngineTest::aStartThatTakesTooLongIsAnError()
{
    EngineFixture fixture;
    fixture.market.answersAtOnce = false;
    fixture.run(followerConfig());
    fixture.news();
    fixture.clock.advance(20s);
    fixture.tick("100");
    fixture.pass(10s);
    QCOMPARE(fixture.news(), QStringList());
    fixture.pass(1ms);
    QCOMPARE(fixture.news(), (QStringList{u"raised start timeout"_s, u"status error (start timeout)"_s}));
    fixture.answerHistory(); // too late for this start, in time for the next
    QCOMPARE(fixture.state().status, BotStatus::Error);
    fixture.pass(5s);
    QCOMPARE(fixture.news(), (QStringList{u"status pending"_s, u"status running"_s}));
}

void BotEngineTest::whatCannotStartSaysWhy_data()
{
    QTest::addColumn<QString>("what");
    QTest::addColumn<QString>("status");
    QTest::newRow("unknown strategy") << u"strategy"_s << u"error (strategy)"_s;
    QTest::newRow("unknown symbol") << u"symbol"_s << u"error (price fetch)"_s;
    QTest::newRow("an exchange that needs keys") << u"exchange"_s << u"error (binance client init)"_s;
    QTest::newRow("real money") << u"live"_s << u"error (binance client init)"_s;
}

void BotEngineTest::whatCannotStartSaysWhy()
{
    QFETCH(QString, what);
    QFETCH(QString, status);
    EngineFixture fixture;
    fixture.market.unknownSymbols = {u"NOPEUSDT"_s};
    BotConfig config = followerConfig();
    if (what == u"symbol")
        config.symbol = Symbol(u"NOPEUSDT"_s);
    if (what == u"exchange" || what == u"live")
        config.exchange = Exchange::Binance;
    if (what == u"live") {
        config.mode = Mode::Live;
        config.apiKeyId = 1;
    }
    if (what == u"strategy") { // one that an older version had
        config.strategy = u"tea_leaves"_s;
        fixture.facts = {{EventSequence(1), one, fixture.clock.now(), {}, BotCreated{UserId(1), config}}};
        fixture.restart();
    } else {
        fixture.create(config);
    }
    fixture.news();
    QVERIFY(fixture.execute(StartBot{one}));
    const QStringList news = fixture.news();
    QCOMPARE(news.last(), u"status "_s + status);
    QVERIFY(!fixture.state().lastError.isEmpty());
    QCOMPARE(fixture.state().statusMessage, fixture.state().lastError);
    QVERIFY(!fixture.market.isOpen());
}

void BotEngineTest::aPastThatCannotBeHadIsAnErrorAndIsAskedForAgain()
{
    EngineFixture fixture;
    fixture.market.answersAtOnce = false;
    fixture.run(followerConfig());
    fixture.market.answerHistory(fail(ErrorCode::Unavailable, u"no answer"_s));
    fixture.pass(0ms);
    QCOMPARE(fixture.state().errorKind, ErrorKind::PriceFetch);
    QCOMPARE(fixture.state().lastError, u"no answer"_s);
    fixture.pass(5s);
    QCOMPARE(fixture.state().status, BotStatus::Pending);
    fixture.answerHistory();
    QCOMPARE(fixture.state().status, BotStatus::Running);
}

void BotEngineTest::aPausedBotEntersNothingButKeepsItsStops()
{
    EngineFixture fixture;
    BotConfig config = followerConfig();
    config.stopLoss = StopRule{StopKind::Percent, Decimal::fromInteger(10)};
    fixture.enter(config, "101", "100");
    QVERIFY(fixture.execute(PauseBot{one}));
    fixture.news();
    fixture.tick("89");
    fixture.tick("88");
    QCOMPARE(fixture.news(), (QStringList{u"order submitted sell 1 stop_loss"_s, u"fill sell 1 at 88"_s,
                                          u"trade long stop_loss net -12.188"_s}));
    fixture.candle("87");
    fixture.candle("95");
    QCOMPARE(fixture.news(), (QStringList{u"decision hold at 95"_s}));
    QVERIFY(fixture.execute(ResumeBot{one}));
    fixture.candle("90");
    fixture.candle("96");
    QCOMPARE(fixture.news(), (QStringList{u"desired running pause_entries"_s, u"status running"_s,
                                          u"decision buy at 96"_s, u"order submitted buy 1 entry"_s}));
}

void BotEngineTest::aPauseWhilePendingIsKept()
{
    EngineFixture fixture;
    fixture.market.answersAtOnce = false;
    fixture.run(followerConfig());
    QVERIFY(fixture.execute(PauseBot{one}));
    fixture.answerHistory();
    QCOMPARE(fixture.state().status, BotStatus::Paused);
    QVERIFY(fixture.execute(RestartBot{one}));
    QCOMPARE(fixture.state().status, BotStatus::Paused);
}

void BotEngineTest::aStopDoesWhatItsPolicySays_data()
{
    QTest::addColumn<StopPolicy>("policy");
    QTest::addColumn<bool>("holds");
    QTest::addColumn<QStringList>("news");
    const QString stopping = u"status stopping"_s;
    const QStringList stopped{u"status stopped"_s, u"completed"_s};
    QTest::newRow("leave") << StopPolicy::LeavePosition << true
                           << (QStringList{u"desired stopped leave_position"_s, stopping} + stopped);
    QTest::newRow("cancel, in position") << StopPolicy::CancelOrders << true
                                         << (QStringList{u"desired stopped cancel_orders"_s, stopping} + stopped);
    QTest::newRow("cancel, order under way") << StopPolicy::CancelOrders << false
                                             << (QStringList{u"desired stopped cancel_orders"_s, stopping,
                                                             u"order cancelled buy 1 entry: the bot is stopping"_s}
                                                 + stopped);
    QTest::newRow("flatten, order under way") << StopPolicy::Flatten << false
                                              << (QStringList{u"desired stopped flatten"_s, stopping,
                                                              u"order cancelled buy 1 entry: the bot is stopping"_s}
                                                  + stopped);
    QTest::newRow("flatten") << StopPolicy::Flatten << true
                             << (QStringList{u"desired stopped flatten"_s, stopping, u"decision sell at 101"_s,
                                             u"order submitted sell 1 flatten"_s, u"fill sell 1 at 105"_s,
                                             u"trade long flatten net 3.794"_s}
                                 + stopped);
    QTest::newRow("pause") << StopPolicy::PauseEntries << true
                           << QStringList{u"desired paused pause_entries"_s, u"status paused"_s};
}

void BotEngineTest::aStopDoesWhatItsPolicySays()
{
    QFETCH(StopPolicy, policy);
    QFETCH(bool, holds);
    QFETCH(QStringList, news);
    EngineFixture fixture;
    fixture.run(followerConfig());
    fixture.candle("101");
    if (holds)
        fixture.tick("101");
    fixture.news();
    QVERIFY(fixture.execute(StopBot{one, policy}));
    fixture.tick("105");
    fixture.tick("106");
    QCOMPARE(fixture.news(), news);
    QVERIFY(fixture.state().openOrders.empty());
    const bool ended = policy != StopPolicy::PauseEntries;
    QCOMPARE(fixture.state().status, ended ? BotStatus::Stopped : BotStatus::Paused);
    QCOMPARE(fixture.market.isOpen(), !ended);
}

void BotEngineTest::aRepeatRecordsNothing_data()
{
    QTest::addColumn<int>("command");
    QTest::newRow("start") << 0;
    QTest::newRow("pause") << 1;
    QTest::newRow("stop") << 2;
    QTest::newRow("stop and flatten") << 3;
    QTest::newRow("clear the error") << 4;
    QTest::newRow("configure") << 5;
    QTest::newRow("resume") << 6;
}

void BotEngineTest::aRepeatRecordsNothing()
{
    QFETCH(int, command);
    const std::vector<Command> commands = {StartBot{one},
                                           PauseBot{one},
                                           StopBot{one, StopPolicy::LeavePosition},
                                           StopBot{one, StopPolicy::Flatten},
                                           ClearError{one},
                                           UpdateBot{one, 0, followerConfig()},
                                           ResumeBot{one}};
    EngineFixture fixture;
    fixture.enter(followerConfig());
    const Command &repeated = commands[static_cast<std::size_t>(command)];
    QVERIFY(fixture.execute(repeated));
    fixture.news();
    QVERIFY(fixture.execute(repeated));
    QCOMPARE(fixture.news(), QStringList());
}

void BotEngineTest::aCommandThatTheStateForbidsChangesNothing_data()
{
    QTest::addColumn<int>("command");
    QTest::newRow("pause") << 0;
    QTest::newRow("resume") << 1;
    QTest::newRow("set a stop without a position") << 3;
}

void BotEngineTest::aCommandThatTheStateForbidsChangesNothing()
{
    QFETCH(int, command);
    EngineFixture fixture;
    fixture.enter(followerConfig());
    if (command == 3)
        fixture.execute(StopBot{one, StopPolicy::Flatten}).value();
    fixture.tick("101");
    fixture.execute(StopBot{one, StopPolicy::LeavePosition}).value();
    fixture.news();
    const std::vector<Command> commands = {PauseBot{one}, ResumeBot{one}, StopBot{one, StopPolicy::Flatten},
                                           SetProtection{one, Price::fromInteger(1), {}, {}}};
    const auto done = fixture.execute(commands[static_cast<std::size_t>(command)]);
    QVERIFY(!done);
    QCOMPARE(done.error().code, ErrorCode::Conflict);
    QVERIFY2(done.error().text.startsWith(u"bot 1 "), qPrintable(done.error().text));
    QCOMPARE(fixture.news(), QStringList());
    QCOMPARE(fixture.execute(StartBot{two}).error().code, ErrorCode::NotFound);
}

void BotEngineTest::anErrorIsFollowedByRestartsFurtherAndFurtherApart()
{
    EngineFixture fixture;
    fixture.market.unknownSymbols = {u"BTCUSDT"_s};
    fixture.run(followerConfig());
    fixture.news();
    for (const auto delay : {5s, 10s, 20s, 40s, 80s, 160s, 300s, 300s}) {
        fixture.pass(delay - 1ms);
        QCOMPARE(fixture.news(), QStringList());
        fixture.pass(1ms);
        QCOMPARE(fixture.news(),
                 (QStringList{u"status pending"_s, u"raised price fetch"_s, u"status error (price fetch)"_s}));
    }
    fixture.market.unknownSymbols.clear();
    fixture.pass(300s);
    QCOMPARE(fixture.state().status, BotStatus::Running);
    QVERIFY(!fixture.state().lastError.isEmpty()); // until somebody has seen it
    fixture.news();
    QVERIFY(fixture.execute(ClearError{one}));
    QCOMPARE(fixture.news(), QStringList{u"error cleared"_s});
    QVERIFY(fixture.state().lastError.isEmpty());
}

void BotEngineTest::anErrorStaysWhereNoRestartIsWanted()
{
    EngineFixture fixture;
    fixture.market.unknownSymbols = {u"BTCUSDT"_s};
    BotConfig config = followerConfig();
    config.restartOnError = false;
    fixture.run(config);
    fixture.run(followerConfig());
    QVERIFY(fixture.execute(StopBot{two}));
    QCOMPARE(fixture.state(two).status, BotStatus::Stopped);
    fixture.news();
    fixture.pass(1h);
    fixture.restart();
    QCOMPARE(fixture.news(), QStringList());
    QCOMPARE(fixture.state(one).status, BotStatus::Error);
    fixture.market.unknownSymbols.clear();
    QVERIFY(fixture.execute(StartBot{one})); // its owner still can
    QCOMPARE(fixture.state(one).status, BotStatus::Running);
}

void BotEngineTest::aBotIsDeletedOnlyWhenNothingHangsOnIt()
{
    EngineFixture fixture;
    fixture.enter(followerConfig());
    QCOMPARE(fixture.execute(DeleteBot{one}).error().code, ErrorCode::Conflict); // it runs
    fixture.execute(StopBot{one, StopPolicy::LeavePosition}).value();
    const auto holding = fixture.execute(DeleteBot{one});
    QCOMPARE(holding.error().code, ErrorCode::Conflict);
    QVERIFY2(holding.error().text.contains(u"holds a position"), qPrintable(holding.error().text));
    fixture.execute(StartBot{one}).value();
    fixture.execute(StopBot{one, StopPolicy::Flatten}).value();
    QCOMPARE(fixture.execute(DeleteBot{one}).error().code, ErrorCode::Conflict); // it stops
    fixture.tick("101");
    fixture.news();
    QVERIFY(fixture.execute(DeleteBot{one}));
    QCOMPARE(fixture.news(), QStringList{u"deleted"_s});
    QCOMPARE(fixture.engine->find(one), nullptr);
    fixture.tick("102");
    fixture.pass(1h);
    fixture.restart();
    QCOMPARE(fixture.news(), QStringList());
    QCOMPARE(fixture.create(followerConfig()), two); // numbers are not used again
}

void BotEngineTest::aConfigurationIsJudgedBeforeItIsTaken()
{
    EngineFixture fixture;
    BotConfig wrong = followerConfig();
    wrong.name = u"two\nlines"_s;
    wrong.leverage = 0;
    wrong.strategyParameters[u"fast"_s] = Decimal::fromInteger(2); // not below slow
    const auto made = fixture.execute(CreateBot{UserId(1), wrong});
    QVERIFY(!made);
    QCOMPARE(made.error().code, ErrorCode::InvalidInput);
    QStringList fields;
    for (const FieldError &field : made.error().fields)
        fields.append(field.field);
    QVERIFY2(fields.contains(u"leverage"_s) && fields.contains(u"strategy_params.fast"_s) && fields.contains(u"name"_s),
             qPrintable(fields.join(u' ')));
    for (const QString &field : fields)
        QVERIFY2(made.error().text.contains(field), qPrintable(made.error().text)); // all of them, in one line
    QCOMPARE(fixture.create(followerConfig()), one);
    fixture.news();
    const auto changed = fixture.execute(UpdateBot{one, 0, wrong});
    QVERIFY(!changed);
    QCOMPARE(changed.error(), made.error());
    QCOMPARE(fixture.news(), QStringList());
}

void BotEngineTest::aConfigurationKnowsItsVersion()
{
    EngineFixture fixture;
    fixture.create(followerConfig());
    BotConfig config = followerConfig();
    config.name = u"Other"_s;
    QVERIFY(fixture.execute(UpdateBot{one, 1, config}));
    QCOMPARE(fixture.bot().record().configVersion, 2);
    QCOMPARE(fixture.state().configVersion, 2);
    config.name = u"Third"_s;
    const auto late = fixture.execute(UpdateBot{one, 1, config});
    QCOMPARE(late.error().code, ErrorCode::Conflict);
    QCOMPARE(fixture.bot().config().name, u"Other"_s);
    fixture.restart();
    QCOMPARE(fixture.bot().config().name, u"Other"_s);
    QVERIFY(fixture.execute(UpdateBot{one, 2, config}));
}

void BotEngineTest::theMarketOfAnActiveBotStays()
{
    EngineFixture fixture;
    fixture.enter(followerConfig());
    BotConfig config = followerConfig();
    config.symbol = Symbol(u"ETHUSDT"_s);
    QCOMPARE(fixture.execute(UpdateBot{one, 0, config}).error().code, ErrorCode::Conflict);
    fixture.execute(StopBot{one, StopPolicy::LeavePosition}).value();
    QCOMPARE(fixture.execute(UpdateBot{one, 0, config}).error().code, ErrorCode::Conflict); // it holds bitcoin
    fixture.execute(StartBot{one}).value();
    fixture.execute(StopBot{one, StopPolicy::Flatten}).value();
    fixture.tick("101");
    QVERIFY(fixture.execute(UpdateBot{one, 0, config}));
    fixture.execute(StartBot{one}).value();
    fixture.news();
    fixture.tick("7"); // of bitcoin
    QCOMPARE(fixture.engine->streamOf(fixture.bot())->symbol.value(), u"ETHUSDT"_s);
    QVERIFY(!fixture.engine->streamOf(fixture.bot())->last);
}

void BotEngineTest::theCurrencyOfABotThatHasTradedStays()
{
    EngineFixture fixture;
    fixture.enter(followerConfig());
    fixture.execute(StopBot{one, StopPolicy::Flatten}).value();
    fixture.tick("101");
    BotConfig config = followerConfig();
    config.symbol = Symbol(u"ETHBTC"_s);
    const auto refused = fixture.execute(UpdateBot{one, 0, config});
    QCOMPARE(refused.error().code, ErrorCode::Conflict);
    QVERIFY2(refused.error().text.contains(u"USDT"), qPrintable(refused.error().text));
    QCOMPARE(fixture.bot().config().symbol.value(), u"BTCUSDT"_s);
}

void BotEngineTest::theInitialBalanceChangesOnlyBeforeTheFirstFill()
{
    EngineFixture fixture;
    fixture.run(followerConfig());
    BotConfig config = followerConfig();
    config.initialBalance = Money::fromInteger(500);
    QVERIFY(fixture.execute(UpdateBot{one, 0, config}));
    QCOMPARE(fixture.state().balance.toBytes(), "500");
    QCOMPARE(fixture.state().peakEquity.toBytes(), "500");
    fixture.candle("101");
    fixture.tick("101");
    config.initialBalance = Money::fromInteger(600);
    QCOMPARE(fixture.execute(UpdateBot{one, 0, config}).error().code, ErrorCode::Conflict);
    QCOMPARE(fixture.state().balance.toBytes(), "499.899");
}

void BotEngineTest::aRunningBotTakesUpANewConfiguration()
{
    EngineFixture fixture;
    fixture.run(followerConfig());
    BotConfig config = followerConfig();
    config.sizing.value = Decimal::fromInteger(3);
    fixture.news();
    QVERIFY(fixture.execute(UpdateBot{one, 0, config}));
    QCOMPARE(fixture.news(), (QStringList{u"configured 2"_s, u"status pending"_s, u"status running"_s}));
    QCOMPARE(fixture.market.opened, 1); // the stream went on meanwhile
    fixture.candle("101");
    QCOMPARE(fixture.news(), (QStringList{u"decision buy at 101"_s, u"order submitted buy 3 entry"_s}));
}

void BotEngineTest::whatItsOwnerAskedForOutlivesTheProgram_data()
{
    QTest::addColumn<QString>("cut"); ///< the last fact that became durable
    QTest::addColumn<BotStatus>("status");
    QTest::newRow("asked to start") << u"desired running pause_entries"_s << BotStatus::Running;
    QTest::newRow("starting") << u"status pending"_s << BotStatus::Running;
    QTest::newRow("running") << u"status running"_s << BotStatus::Running;
    QTest::newRow("asked to pause") << u"desired paused pause_entries"_s << BotStatus::Paused;
    QTest::newRow("paused") << u"status paused"_s << BotStatus::Paused;
    QTest::newRow("asked to stop") << u"desired stopped leave_position"_s << BotStatus::Stopped;
    QTest::newRow("stopping") << u"status stopping"_s << BotStatus::Stopped;
    QTest::newRow("stopped") << u"status stopped"_s << BotStatus::Stopped;
}

void BotEngineTest::whatItsOwnerAskedForOutlivesTheProgram()
{
    QFETCH(QString, cut);
    QFETCH(BotStatus, status);
    EngineFixture fixture;
    fixture.run(followerConfig());
    fixture.execute(PauseBot{one}).value();
    fixture.execute(StopBot{one, StopPolicy::LeavePosition}).value();
    const auto at = fixture.news().indexOf(cut);
    QVERIFY(at >= 0);
    fixture.restart(static_cast<std::size_t>(at + 1));
    QCOMPARE(fixture.state().status, status);
    fixture.restart();
    QCOMPARE(fixture.state().status, status);
    QCOMPARE(fixture.market.isOpen(), status != BotStatus::Stopped);
}

void BotEngineTest::aPositionIsGuardedAfterARestart()
{
    BotConfig config = followerConfig();
    config.stopLoss = StopRule{StopKind::Percent, Decimal::fromInteger(10)};
    for (const bool wasCut : {false, true}) { // between the fill and the stops that belong to it
        EngineFixture fixture;
        fixture.enter(config, "101", "100");
        QCOMPARE(fixture.news().last(), u"protection entry"_s);
        fixture.restart(fixture.facts.size() - (wasCut ? 1 : 0));
        QCOMPARE(fixture.state().position.quantity.toBytes(), "1");
        QCOMPARE(fixture.state().protection.stopLoss.toBytes(), "90");
        fixture.news();
        fixture.tick("90");
        QCOMPARE(fixture.news(), QStringList{u"order submitted sell 1 stop_loss"_s});
    }
}

void BotEngineTest::aStopCutShortIsFinishedAfterARestart()
{
    EngineFixture fixture;
    fixture.enter(followerConfig());
    fixture.execute(StopBot{one, StopPolicy::Flatten}).value();
    const auto cut = fixture.news().indexOf(u"status stopping"_s);
    fixture.restart(static_cast<std::size_t>(cut + 1));
    fixture.tick("104");
    QCOMPARE(fixture.state().status, BotStatus::Stopped);
    QVERIFY(!fixture.state().position.isOpen());
}

void BotEngineTest::oldPricesMakeABotDegradedAndANewOneHealsIt()
{
    EngineFixture fixture;
    fixture.run(followerConfig());
    fixture.tick("100");
    fixture.news();
    fixture.pass(30s);
    QCOMPARE(fixture.news(), QStringList());
    fixture.pass(1ms);
    QCOMPARE(fixture.news(), QStringList{u"health degraded"_s});
    QCOMPARE(fixture.state().healthReason, HealthReason::StaleData);
    fixture.pass(10s);
    QCOMPARE(fixture.news(), QStringList());
    fixture.tick("100");
    QCOMPARE(fixture.news(), QStringList{u"health ok"_s});
}

void BotEngineTest::aLostStreamIsToldOnce()
{
    EngineFixture fixture;
    fixture.run(followerConfig());
    fixture.tick("100");
    fixture.news();
    fixture.lose(u"the recording has ended"_s);
    fixture.lose(u"the recording has ended"_s);
    fixture.pass(1min);
    QCOMPARE(fixture.news(), QStringList{u"health degraded"_s});
    QCOMPARE(fixture.state().healthMessage, u"the recording has ended"_s);
}

void BotEngineTest::aBotThatJoinsAnOldStreamIsDegradedToo()
{
    EngineFixture fixture;
    fixture.run(followerConfig());
    fixture.pass(31s);
    fixture.run(followerConfig());
    QCOMPARE(fixture.state(two).health, Health::Degraded);
    fixture.tick("100");
    QCOMPARE(fixture.state(one).health, Health::Ok);
    QCOMPARE(fixture.state(two).health, Health::Ok);
}

void BotEngineTest::degradationDoesNotOutliveItsCause_data()
{
    QTest::addColumn<int>("how");
    QTest::newRow("the bot was stopped meanwhile") << 0;
    QTest::newRow("the program was restarted meanwhile") << 1;
    QTest::newRow("another bot had gone on") << 2;
}

void BotEngineTest::degradationDoesNotOutliveItsCause()
{
    QFETCH(int, how);
    EngineFixture fixture;
    fixture.run(followerConfig());
    if (how == 2)
        fixture.run(followerConfig());
    fixture.pass(31s);
    QCOMPARE(fixture.state().health, Health::Degraded);
    if (how != 1)
        fixture.execute(StopBot{one}).value();
    if (how == 2)
        fixture.tick("100");
    if (how == 1)
        fixture.restart();
    else
        fixture.execute(StartBot{one}).value();
    if (how != 2)
        fixture.tick("100");
    QCOMPARE(fixture.state().health, Health::Ok);
}

void BotEngineTest::aCandleThatEndsWhileThePastIsOnItsWayIsNotMissed()
{
    EngineFixture fixture;
    fixture.market.answersAtOnce = false;
    BotConfig config = followerConfig();
    config.timeframe = Timeframe::S1;
    config.strategyParameters[u"slow"_s] = Decimal::fromInteger(4);
    fixture.run(config);
    // 100 … 100 in the past, then 130: the average of four is far above 105, which follows.
    fixture.tick("130");
    fixture.pass(2s);
    fixture.answerHistory();
    QCOMPARE(fixture.state().status, BotStatus::Running);
    fixture.news();
    fixture.tick("105");
    fixture.pass(2s);
    QCOMPARE(fixture.news(), QStringList()); // flat, and long only: a cross downwards is no entry
    QVERIFY2(fixture.engine->activity(BotId(1)).contains(u"below"), qPrintable(fixture.engine->activity(BotId(1))));
}

void BotEngineTest::botsOnOneMarketShareItsStream()
{
    EngineFixture fixture;
    fixture.run(followerConfig());
    fixture.run(followerConfig());
    BotConfig other = followerConfig();
    other.symbol = Symbol(u"ETHUSDT"_s);
    fixture.run(other);
    QCOMPARE(fixture.market.opened, 2);
    fixture.candle("101");
    fixture.tick("101");
    QVERIFY(fixture.state(one).position.isOpen());
    QVERIFY(fixture.state(two).position.isOpen());
    QVERIFY(!fixture.state(BotId(3)).position.isOpen());
    fixture.execute(StopBot{one}).value();
    QCOMPARE(fixture.market.closed, 0);
    fixture.execute(StopBot{two}).value();
    QCOMPARE(fixture.market.closed, 1);
}

void BotEngineTest::aStoredConfigurationThatBreaksARuleStopsItsBotAlone()
{
    EngineFixture fixture;
    fixture.run(followerConfig());
    fixture.run(followerConfig());
    std::get<BotCreated>(fixture.facts.front().payload).config.leverage = 500; // as a rule once allowed
    fixture.restart();
    QCOMPARE(statusText(fixture.state(one).status, fixture.state(one).errorKind), u"error (strategy)"_s);
    QVERIFY2(fixture.state(one).lastError.contains(u"leverage must be between 1 and 125"),
             qPrintable(fixture.state(one).lastError));
    QCOMPARE(fixture.state(two).status, BotStatus::Running);

    QVERIFY(fixture.execute(UpdateBot{one, 0, followerConfig()}));
    QVERIFY(fixture.execute(StartBot{one}));
    QCOMPARE(fixture.state(one).status, BotStatus::Running);
}

void BotEngineTest::aStoredConfigurationThatCannotBeReadStopsItsBotAlone()
{
    struct Output final : EngineOutput
    {
        void fact(const BotEvent &) override { }
        void equity(BotId, std::span<const EquityPoint>) override { }
    };
    EngineFixture before;
    before.run(followerConfig());
    before.run(followerConfig());
    Recovered recovered = recoveredFrom(before.facts);
    recovered.bots.front().configProblem = u"the stored configuration cannot be read: timeframe"_s;
    ScriptedMarket market(before.clock);
    Output output;
    BotEngine engine(EngineOptions(), market, before.clock, output);
    engine.recover(recovered);
    QCOMPARE(engine.find(one)->state().status, BotStatus::Error);
    QCOMPARE(engine.find(one)->state().lastError, recovered.bots.front().configProblem);
    QCOMPARE(engine.find(two)->state().status, BotStatus::Running);

    QVERIFY(engine.execute(UpdateBot{one, 0, recovered.bots.front().config})); // its owner looked it over
    QVERIFY(engine.execute(StartBot{one}));
    QCOMPARE(engine.find(one)->state().status, BotStatus::Running);
}

QTEST_GUILESS_MAIN(BotEngineTest)
#include "tst_botengine.moc"
