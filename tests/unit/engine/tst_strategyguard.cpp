// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/strategy/registry.h"
#include "tests/support/enginefixture.h"
#include "tests/support/qtestprint.h"

#include <QTest>

#include <functional>
#include <thread>

using namespace tradebot;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr BotId bad(1);
constexpr BotId good(2);

std::chrono::nanoseconds stopwatchTime{0}; // moved by strategies that take their time

using Deed = std::function<void(Intents &)>;

Intent placing(const OrderRequest &wish, const QString &tag = u"nonsense"_s)
{
    Intent intent{IntentKind::Place, PositionSide::Long, tag};
    intent.order = wish;
    return intent;
}

OrderRequest limitBuy(const char *quantity, const char *price)
{
    OrderRequest wish;
    wish.quantity = decimal<Quantity>(quantity);
    wish.limitPrice = decimal<Price>(price);
    return wish;
}

/// Enters on its first candle, lets a limit buy rest far below on its second, and loses its mind on the third.
class LosesItsMind final : public Strategy
{
public:
    LosesItsMind(Deed onCandleDeed, Deed onFillDeed)
        : m_onCandle(std::move(onCandleDeed)),
          m_onFill(std::move(onFillDeed))
    { }

    [[nodiscard]] int warmUpCandles() const override { return 0; }
    void warmUp(const Candle &) override { }
    void onCandle(const StrategyView &, Intents &intents) override
    {
        ++m_candles;
        if (m_candles == 1)
            intents.push_back({IntentKind::Enter, PositionSide::Long, u"enters"_s});
        else if (m_candles == 2)
            intents.push_back(placing(limitBuy("1", "90"), u"rests"_s));
        else if (m_onCandle)
            m_onCandle(intents);
    }
    void onOrder(const StrategyView &, const Order &, Intents &intents) override
    {
        if (m_onFill)
            m_onFill(intents);
    }
    [[nodiscard]] QString activity() const override { return u"tests its host"_s; }

private:
    Deed m_onCandle;
    Deed m_onFill;
    int m_candles = 0;
};

EngineOptions optionsWith(const Deed &onCandle, const Deed &onFill = {})
{
    EngineOptions options;
    options.strategyBudget = 50ms;
    options.stopwatch = [] { return stopwatchTime; };
    options.makeStrategy = [onCandle, onFill](const BotConfig &config) -> Result<std::unique_ptr<Strategy>> {
        if (config.strategy == u"loses_its_mind"_s)
            return std::make_unique<LosesItsMind>(onCandle, onFill);
        return makeStrategy(config.strategy, config.strategyParameters);
    };
    return options;
}

BotConfig badConfig()
{
    BotConfig config = followerConfig();
    config.timeframe = Timeframe::S1;
    config.strategy = u"loses_its_mind"_s;
    config.strategyParameters.clear();
    config.stopLoss = StopRule{StopKind::Percent, Decimal::fromInteger(3)};
    config.initialBalance = Money::fromInteger(1'000'000);
    config.restartOnError = false;
    return config;
}

/// A price a second later: the candle of the second before closes.
void second(EngineFixture &fixture, const char *price)
{
    fixture.clock.advance(1s);
    fixture.tick(price);
}

int openEntries(const BotState &state)
{
    return static_cast<int>(std::count_if(state.openOrders.begin(), state.openOrders.end(),
                                          [](const Order &order) { return !order.reduceOnly; }));
}

bool hasTrade(const EngineFixture &fixture, BotId bot, OrderPurpose reason)
{
    return std::any_of(fixture.facts.begin(), fixture.facts.end(), [&](const BotEvent &event) {
        const auto *closed = std::get_if<TradeClosed>(&event.payload);
        return event.bot == bot && closed != nullptr && closed->trade.exitReason == reason;
    });
}

/// Throws in the call that it is told to.
class ThrowsAt final : public Strategy
{
public:
    explicit ThrowsAt(const QString &place) : m_place(place) { at(u"made"_s); }
    [[nodiscard]] int warmUpCandles() const override { return 0; }
    [[nodiscard]] int historyCandles() const override
    {
        at(u"asked for its history"_s);
        return m_place == u"wants too much"_s ? 2'000'000'000 : 0;
    }
    void warmUp(const Candle &) override { at(u"warmed up"_s); }
    void onCandle(const StrategyView &, Intents &) override { at(u"asked"_s); }
    [[nodiscard]] QString activity() const override
    {
        at(u"asked for words"_s);
        return u"tests its host"_s;
    }

private:
    void at(const QString &place) const
    {
        if (m_place == place)
            throw std::runtime_error(qPrintable(u"when it is "_s + place));
    }
    QString m_place;
};

/// The bad bot's strategy throws where `place` says at the moment.
EngineOptions throwingAt(QString &place)
{
    EngineOptions options;
    options.makeStrategy = [&place](const BotConfig &config) -> Result<std::unique_ptr<Strategy>> {
        if (config.strategy == u"loses_its_mind"_s)
            return std::make_unique<ThrowsAt>(place);
        return makeStrategy(config.strategy, config.strategyParameters);
    };
    return options;
}

} // namespace

Q_DECLARE_METATYPE(Deed)

/// A strategy that misbehaves ends its own bot, whose position stays guarded, and touches no other.
class StrategyGuardTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void oneThatLosesItsMindEndsItsOwnBotOnly_data();
    void oneThatLosesItsMindEndsItsOwnBotOnly();
    void aStopThatRestsAtTheExchangeStaysThere();
    void oneThatThrowsAboutItsFillLeavesAGuardedPosition();
    void oneThatLosesItsMindAgainAndAgainIsRestartedEverMoreRarely();
    void asManyOrdersAsItMayEndNobody();
    void aStrategyThatCannotBeMadeIsNoBot();
    void whatItThrowsAnywhereEndsItsOwnBotOnly_data();
    void whatItThrowsAnywhereEndsItsOwnBotOnly();
    void aStrategyThatThrowsWhenItIsJudgedIsNoBot();
    void aPositionIsClosedWithoutItsStrategy();
    void thingsThatAreDeniedAreAskedForAllTheSame();
    void theOneThatEndedTheProgramWaitsForItsOwner();
    void aCallThatIsUnderWayCanBeSeen();
    void aCallThatNeverEndsIsNoticedByLooking();
    void waitingForTheProcessorIsNotThinking();
};

void StrategyGuardTest::oneThatLosesItsMindEndsItsOwnBotOnly_data()
{
    QTest::addColumn<Deed>("deed");
    QTest::addColumn<QString>("error");
    QTest::newRow("throws") << Deed([](Intents &) { throw std::runtime_error("I am lost"); })
                            << u"the strategy threw: I am lost"_s;
    QTest::newRow("throws no exception") << Deed([](Intents &) { throw 7; })
                                         << u"the strategy threw something that is no exception"_s;
    QTest::newRow("takes too long") << Deed([](Intents &) { stopwatchTime += 51ms; })
                                    << u"the strategy took longer for one decision than it may"_s;
    QTest::newRow("asks for too much at once") << Deed([](Intents &intents) {
        for (int i = 0; i < 257; ++i)
            intents.push_back({IntentKind::Enter, PositionSide::Long, u"again"_s});
    }) << u"the strategy threw: it asks for more than 256 things at once"_s;
    QTest::newRow("floods") << Deed([](Intents &intents) {
        static int made = 0; // each another one: a duplicate would be denied
        for (int i = 0; i < 250; ++i) {
            OrderRequest wish = limitBuy("0.00001", "50");
            wish.quantity = Quantity::fromRaw(wish.quantity.raw() + ++made);
            intents.push_back(placing(wish, u"flood"_s));
        }
    }) << u"the strategy asks for more than 600 orders within a minute"_s;

    const auto nonsense = [](const char *name, const OrderRequest &wish, const QString &error) {
        QTest::newRow(name) << Deed([wish](Intents &intents) { intents.push_back(placing(wish)); }) << error;
    };
    nonsense("negative quantity", limitBuy("-1", "99"), u"it asks for an order of -1"_s);
    nonsense("no quantity", limitBuy("0", "99"), u"it asks for an order of 0"_s);
    nonsense("limit without a price", limitBuy("1", "0"), u"it asks for a limit order with a limit of 0"_s);
    nonsense("negative limit", limitBuy("1", "-5"), u"it asks for a limit order with a limit of -5"_s);
    OrderRequest wish = limitBuy("1", "99");
    wish.type = OrderType::Market;
    nonsense("market with a limit", wish, u"it asks for a market order with a limit of 99"_s);
    wish.limitPrice = Price();
    wish.postOnly = true;
    nonsense("market that never takes", wish, u"it asks for a market order that never takes"_s);
    wish.postOnly = false;
    wish.type = OrderType::Stop;
    nonsense("stop without a price", wish, u"it asks for a stop order with a stop price of 0"_s);
    wish.type = OrderType::TrailingStop;
    wish.stopPrice = Price();
    nonsense("trailing stop", wish, u"it asks for a trailing_stop order that trails by 0 %"_s);
    wish.type = OrderType::Market;
    wish.quantity = Quantity();
    wish.quote = Money::fromInteger(-5);
    nonsense("market for less than nothing", wish, u"it asks for an order of 0"_s);
    wish = limitBuy("1", "99");
    wish.side = static_cast<Side>(7);
    nonsense("no side that there is", wish, u"it asks for an order of a kind that does not exist"_s);
    wish = limitBuy("1", "99");
    wish.type = static_cast<OrderType>(99);
    nonsense("no type that there is", wish, u"it asks for an order of a kind that does not exist"_s);
    wish = limitBuy("1", "99");
    wish.timeInForce = static_cast<TimeInForce>(-1);
    nonsense("no time in force that there is", wish, u"it asks for an order of a kind that does not exist"_s);
    wish.timeInForce = TimeInForce::Gtc;
    wish.quantity = Quantity::maximum();
    nonsense("more than all money", wish,
             u"it asks for an order of 92233720368.54775807 at 99, more than there is money in the world"_s);
    wish.type = OrderType::Market;
    wish.limitPrice = Price();
    nonsense("more than all money at the market", wish,
             u"it asks for an order of 92233720368.54775807 at 100, more than there is money in the world"_s);

    const auto strange = [](const char *name, const Intent &intent, const QString &error) {
        QTest::newRow(name) << Deed([intent](Intents &intents) { intents.push_back(intent); }) << error;
    };
    strange("enters nothing", {IntentKind::Enter, PositionSide::Flat, u"flat"_s},
            u"it asks for a position that is neither long nor short"_s);
    strange("enters no side that there is", {IntentKind::Enter, static_cast<PositionSide>(9), u"what"_s},
            u"it asks for a position that is neither long nor short"_s);
    strange("wants nothing that there is", {static_cast<IntentKind>(42), PositionSide::Long, u"what"_s},
            u"it asks for something that does not exist"_s);
    strange("talks too much", {IntentKind::Exit, PositionSide::Long, QString(101, u'x')},
            u"it says more than 100 characters in a tag or 1000 in a message"_s);
    strange("explains too much", {IntentKind::Exit, PositionSide::Long, u"out"_s, QString(1'001, u'x')},
            u"it says more than 100 characters in a tag or 1000 in a message"_s);
}

void StrategyGuardTest::oneThatLosesItsMindEndsItsOwnBotOnly()
{
    QFETCH(Deed, deed);
    QFETCH(QString, error);
    EngineFixture fixture(optionsWith(deed));
    fixture.run(badConfig());
    fixture.run(followerConfig());
    for (const char *price : {"100", "100", "100"}) // enters at the third, and lets its limit buy rest
        second(fixture, price);
    QCOMPARE(fixture.state(bad).status, BotStatus::Running);
    QVERIFY(fixture.state(bad).position.isOpen());
    QCOMPARE(openEntries(fixture.state(bad)), 1);

    for (int i = 0; i < 3; ++i)
        second(fixture, "100");
    QCOMPARE(statusText(fixture.state(bad).status, fixture.state(bad).errorKind), u"error (strategy)"_s);
    QCOMPARE(fixture.state(bad).lastError, error);
    QCOMPARE(openEntries(fixture.state(bad)), 0);
    QCOMPARE(fixture.state(bad).position.quantity, Quantity::fromInteger(1));

    // The other one enters on a close that is higher, and the first one's position is guarded by its stop at 97.
    fixture.candle("101");
    fixture.tick("101");
    QVERIFY(fixture.state(good).position.isOpen());
    fixture.tick("97");
    fixture.tick("96");
    QVERIFY(!fixture.state(bad).position.isOpen());
    QVERIFY(hasTrade(fixture, bad, OrderPurpose::StopLoss));
    QCOMPARE(fixture.state(bad).status, BotStatus::Error);
    fixture.candle("95");
    fixture.tick("95");
    QVERIFY(hasTrade(fixture, good, OrderPurpose::Exit));
    QCOMPARE(fixture.state(good).status, BotStatus::Running);
}

void StrategyGuardTest::aStopThatRestsAtTheExchangeStaysThere()
{
    EngineFixture fixture(optionsWith([](Intents &) { throw std::runtime_error("I am lost"); }));
    BotConfig config = badConfig();
    config.stopsAt = StopsAt::Exchange;
    fixture.run(config);
    for (int i = 0; i < 4; ++i)
        second(fixture, "100");
    QCOMPARE(fixture.state(bad).status, BotStatus::Error);
    QCOMPARE(fixture.state(bad).openOrders.size(), std::size_t(1));
    QCOMPARE(fixture.state(bad).openOrders.front().purpose, OrderPurpose::StopLoss);
    fixture.tick("96");
    QVERIFY(hasTrade(fixture, bad, OrderPurpose::StopLoss));
}

void StrategyGuardTest::oneThatThrowsAboutItsFillLeavesAGuardedPosition()
{
    EngineFixture fixture(optionsWith({}, [](Intents &) { throw std::runtime_error("a fill!"); }));
    fixture.run(badConfig());
    for (int i = 0; i < 2; ++i)
        second(fixture, "100");
    second(fixture, "100");
    QCOMPARE(fixture.state(bad).status, BotStatus::Error);
    QCOMPARE(fixture.state(bad).lastError, u"the strategy threw: a fill!"_s);
    QCOMPARE(fixture.state(bad).protection.stopLoss, decimal<Price>("97"));
    fixture.tick("97");
    fixture.tick("97");
    QVERIFY(hasTrade(fixture, bad, OrderPurpose::StopLoss));
}

void StrategyGuardTest::oneThatLosesItsMindAgainAndAgainIsRestartedEverMoreRarely()
{
    EngineFixture fixture(optionsWith([](Intents &) { throw std::runtime_error("I am lost"); }));
    BotConfig config = badConfig();
    config.restartOnError = true;
    fixture.run(config);
    for (int i = 0; i < 4; ++i)
        second(fixture, "100");
    QCOMPARE(fixture.state(bad).status, BotStatus::Error);
    fixture.pass(4'999ms);
    QCOMPARE(fixture.state(bad).status, BotStatus::Error);
    fixture.pass(1ms);
    QCOMPARE(fixture.state(bad).status, BotStatus::Running);
    QVERIFY(fixture.state(bad).position.isOpen());
    for (int i = 0; i < 4; ++i)
        second(fixture, "100");
    QCOMPARE(fixture.state(bad).status, BotStatus::Error);
    fixture.pass(9'999ms);
    QCOMPARE(fixture.state(bad).status, BotStatus::Error);
    fixture.pass(1ms);
    QCOMPARE(fixture.state(bad).status, BotStatus::Running);
}

void StrategyGuardTest::asManyOrdersAsItMayEndNobody()
{
    int made = 0;
    EngineFixture fixture(optionsWith([&made](Intents &intents) {
        for (int i = 0; i < 199 && made < 598; ++i) { // its entry and its resting buy were two
            OrderRequest wish = limitBuy("0.00001", "50");
            wish.quantity = Quantity::fromRaw(wish.quantity.raw() + ++made);
            intents.push_back(placing(wish, u"many"_s));
        }
    }));
    fixture.run(badConfig());
    for (int i = 0; i < 8; ++i)
        second(fixture, "100");
    QCOMPARE(made, 598);
    QCOMPARE(fixture.state(bad).status, BotStatus::Running);
    QCOMPARE(openEntries(fixture.state(bad)), 599);
}

void StrategyGuardTest::aStrategyThatCannotBeMadeIsNoBot()
{
    EngineOptions options;
    options.makeStrategy = [](const BotConfig &) -> Result<std::unique_ptr<Strategy>> {
        return fail(Error{ErrorCode::InvalidInput, u"no such thing"_s, {{u"strategy"_s, u"no such thing"_s}}});
    };
    EngineFixture fixture(options);
    const auto created = fixture.execute(CreateBot{UserId(1), followerConfig()});
    QVERIFY(!created);
    QCOMPARE(created.error().fields.first().field, u"strategy"_s);
}

void StrategyGuardTest::whatItThrowsAnywhereEndsItsOwnBotOnly_data()
{
    QTest::addColumn<QString>("place");
    QTest::addColumn<QString>("error");
    for (const char *place : {"made", "asked for its history", "warmed up", "asked", "asked for words"}) {
        const QString name = QString::fromLatin1(place);
        QTest::newRow(place) << name << u"the strategy threw: when it is "_s + name;
    }
    QTest::newRow("wants too much") << u"wants too much"_s
                                    << u"the strategy asks for 2000000000 candles of the past; at most 100000 may be"_s;
}

void StrategyGuardTest::whatItThrowsAnywhereEndsItsOwnBotOnly()
{
    QFETCH(QString, place);
    QFETCH(QString, error);
    QString placeNow;
    EngineFixture fixture(throwingAt(placeNow));
    const BotConfig config = badConfig();
    fixture.create(config);
    fixture.run(followerConfig());
    const auto live = [&fixture] {
        second(fixture, "100");
        second(fixture, "100");
        static_cast<void>(fixture.engine->activity(bad)); // as every view does
    };
    placeNow = place;
    QVERIFY(fixture.execute(StartBot{bad}));
    live();
    QCOMPARE(statusText(fixture.state(bad).status, fixture.state(bad).errorKind), u"error (strategy)"_s);
    QCOMPARE(fixture.state(bad).lastError, error);
    QCOMPARE(fixture.state(good).status, BotStatus::Running);
    // The same while the program takes up its work.
    placeNow.clear();
    QVERIFY(fixture.execute(StartBot{bad}));
    QCOMPARE(fixture.state(bad).status, BotStatus::Running);
    placeNow = place;
    fixture.restart();
    live();
    QCOMPARE(fixture.state(bad).errorKind, ErrorKind::Strategy);
    QCOMPARE(fixture.state(good).status, BotStatus::Running);
}

void StrategyGuardTest::aStrategyThatThrowsWhenItIsJudgedIsNoBot()
{
    QString place = u"made"_s;
    EngineFixture fixture(throwingAt(place));
    const auto created = fixture.execute(CreateBot{UserId(1), badConfig()});
    QVERIFY(!created);
    QCOMPARE(created.error().fields.first(), (FieldError{u"strategy"_s, u"the strategy threw: when it is made"_s}));
}

void StrategyGuardTest::aPositionIsClosedWithoutItsStrategy()
{
    bool isMade = true;
    EngineOptions options = optionsWith({});
    options.makeStrategy = [&isMade](const BotConfig &) -> Result<std::unique_ptr<Strategy>> {
        if (!isMade)
            throw std::runtime_error("no more");
        return std::make_unique<LosesItsMind>(Deed(), Deed());
    };
    EngineFixture fixture(options);
    fixture.run(badConfig());
    for (int i = 0; i < 3; ++i)
        second(fixture, "100");
    QVERIFY(fixture.state(bad).position.isOpen());
    isMade = false;
    fixture.restart();
    second(fixture, "100");
    QCOMPARE(fixture.state(bad).status, BotStatus::Error);
    QVERIFY(fixture.state(bad).position.isOpen());
    const auto facts = fixture.facts.size();
    QVERIFY(fixture.execute(StopBot{bad, StopPolicy::Flatten}));
    second(fixture, "100");
    second(fixture, "100");
    QVERIFY(!fixture.state(bad).position.isOpen());
    QCOMPARE(fixture.state(bad).status, BotStatus::Stopped);

    fixture.restart(facts); // or by its stop, which is guarded all the same
    second(fixture, "97");
    second(fixture, "97");
    QVERIFY(hasTrade(fixture, bad, OrderPurpose::StopLoss));
    QCOMPARE(fixture.state(bad).status, BotStatus::Error);
}

void StrategyGuardTest::thingsThatAreDeniedAreAskedForAllTheSame()
{
    EngineFixture fixture(optionsWith([](Intents &intents) {
        for (int i = 0; i < 250; ++i)
            intents.push_back(placing(limitBuy("1", "90"), u"rests"_s)); // which is there
    }));
    fixture.run(badConfig());
    for (int i = 0; i < 60; ++i)
        second(fixture, "100");
    QCOMPARE(statusText(fixture.state(bad).status, fixture.state(bad).errorKind), u"error (strategy)"_s);
    QCOMPARE(fixture.state(bad).lastError, u"the strategy asks for more than 600 orders within a minute"_s);
    QVERIFY2(fixture.facts.size() < 650, qPrintable(QString::number(fixture.facts.size())));
}

void StrategyGuardTest::theOneThatEndedTheProgramWaitsForItsOwner()
{
    EngineOptions options = optionsWith({});
    options.hungBot = bad; // as if the program had been restarted for it
    EngineFixture fixture(options);
    BotConfig config = badConfig();
    config.restartOnError = true;
    fixture.run(config);
    fixture.run(followerConfig());
    for (int i = 0; i < 4; ++i)
        second(fixture, "100");
    QCOMPARE(openEntries(fixture.state(bad)), 1);
    fixture.restart();
    QCOMPARE(statusText(fixture.state(bad).status, fixture.state(bad).errorKind), u"error (strategy)"_s);
    QCOMPARE(fixture.state(bad).lastError,
             u"the strategy did not return, and the program had to be restarted without it"_s);
    QCOMPARE(openEntries(fixture.state(bad)), 0);
    QCOMPARE(fixture.state(good).status, BotStatus::Running);
    fixture.clock.advance(24h); // a new trading day restarts others
    second(fixture, "100");
    fixture.pass(1h);
    QCOMPARE(fixture.state(bad).status, BotStatus::Error);
    // Its position is guarded all the while.
    second(fixture, "96");
    second(fixture, "96");
    QVERIFY(hasTrade(fixture, bad, OrderPurpose::StopLoss));
    QVERIFY(fixture.execute(StartBot{bad}));
    QCOMPARE(fixture.state(bad).status, BotStatus::Running);
}

void StrategyGuardTest::aCallThatIsUnderWayCanBeSeen()
{
    StrategyWatch watch;
    std::optional<StrategyWatch::Call> seen;
    EngineOptions options = optionsWith([&](Intents &) { seen = watch.call(); });
    options.strategyWatch = &watch;
    EngineFixture fixture(options);
    fixture.run(followerConfig());
    fixture.run(badConfig()); // the second here
    for (int i = 0; i < 4; ++i)
        second(fixture, "100");
    QVERIFY(seen.has_value());
    QCOMPARE(seen->bot, BotId(2));
    QVERIFY(!watch.call().has_value());
}

void StrategyGuardTest::aCallThatNeverEndsIsNoticedByLooking()
{
    HangDetector detector(3);
    const StrategyWatch::Call call{5, bad};
    QVERIFY(!detector.isHung(call));
    QVERIFY(!detector.isHung(call));
    QVERIFY(!detector.isHung(call));
    QVERIFY(detector.isHung(call));
    QVERIFY(!detector.isHung(std::nullopt));
    QVERIFY(!detector.isHung(call));
    QVERIFY(!detector.isHung(StrategyWatch::Call{7, bad})); // the next one of a busy bot
    QVERIFY(!detector.isHung(StrategyWatch::Call{9, bad}));
    QVERIFY(!detector.isHung(StrategyWatch::Call{11, bad}));
}

void StrategyGuardTest::waitingForTheProcessorIsNotThinking()
{
    using namespace std::chrono;
    const auto begin = threadCpuTime();
    nanoseconds other{0};
    std::thread busy([&other] { // while this thread waits for it
        while (other < 50ms)
            other = threadCpuTime();
    });
    busy.join();
    QVERIFY(other >= 50ms);
    const auto mine = duration_cast<microseconds>(threadCpuTime() - begin);
    QVERIFY2(mine < 25ms, qPrintable(QString::number(mine.count())));
}

QTEST_APPLESS_MAIN(StrategyGuardTest)
#include "tst_strategyguard.moc"
