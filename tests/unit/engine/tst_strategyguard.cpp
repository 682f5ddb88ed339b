// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/strategy/registry.h"
#include "tests/support/enginefixture.h"
#include "tests/support/qtestprint.h"

#include <QTest>

#include <functional>

using namespace tradebot;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr BotId bad(1);
constexpr BotId good(2);

std::chrono::steady_clock::time_point stopwatchTime; // moved by strategies that take their time

using Deed = std::function<void(Intents &)>;

Intent placing(const OrderWish &wish, const QString &tag = u"nonsense"_s)
{
    Intent intent{IntentKind::Place, PositionSide::Long, tag};
    intent.order = wish;
    return intent;
}

OrderWish limitBuy(const char *quantity, const char *price)
{
    OrderWish wish;
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
            OrderWish wish = limitBuy("0.00001", "50");
            wish.quantity = Quantity::fromRaw(wish.quantity.raw() + ++made);
            intents.push_back(placing(wish, u"flood"_s));
        }
    }) << u"the strategy asks for more than 600 orders within a minute"_s;

    const auto nonsense = [](const char *name, const OrderWish &wish, const QString &error) {
        QTest::newRow(name) << Deed([wish](Intents &intents) { intents.push_back(placing(wish)); }) << error;
    };
    nonsense("negative quantity", limitBuy("-1", "99"), u"it asks for an order of -1"_s);
    nonsense("no quantity", limitBuy("0", "99"), u"it asks for an order of 0"_s);
    nonsense("limit without a price", limitBuy("1", "0"), u"it asks for a limit order with a limit of 0"_s);
    nonsense("negative limit", limitBuy("1", "-5"), u"it asks for a limit order with a limit of -5"_s);
    OrderWish wish = limitBuy("1", "99");
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
            OrderWish wish = limitBuy("0.00001", "50");
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

QTEST_APPLESS_MAIN(StrategyGuardTest)
#include "tst_strategyguard.moc"
