// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/enginefixture.h"
#include "tests/support/qtestprint.h"
#include "tests/support/scriptedexchange.h"

#include <QTest>

using namespace tradebot;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr BotId one(1);
constexpr BotId two(2);

/// An exchange that takes its time to say what it knows.
class SlowExchange final : public ExecutionClient
{
public:
    explicit SlowExchange(ExecutionSink **sink) : m_sink(sink) { }
    void setSink(ExecutionSink *sink) override { *m_sink = sink; }
    void submit(Order) override { }
    void cancel(const Order &) override { }
    void query(const Order &) override { }
    void reconcile(const BotState &) override { }

private:
    ExecutionSink **m_sink;
};

BotConfig liveConfig()
{
    BotConfig config = followerConfig();
    config.exchange = Exchange::Binance;
    return config;
}

EngineOptions connectedTo(ScriptedExchange &exchange)
{
    EngineOptions options;
    options.connect = [&exchange](const BotConfig &config,
                                  const Instrument &) -> Result<std::unique_ptr<ExecutionClient>> {
        if (config.exchange == Exchange::Paper)
            return nullptr;
        return exchange.connect();
    };
    return options;
}

/// Remembers its newest candle and how many it has seen.
class Witness final : public Strategy
{
public:
    explicit Witness(int wants) : m_wants(wants) { }
    [[nodiscard]] int warmUpCandles() const override { return m_wants; }
    void warmUp(const Candle &candle) override { see(candle); }
    void onCandle(const StrategyView &view, Intents &) override { see(view.candle); }
    [[nodiscard]] QString activity() const override
    {
        return u"%1 candles, the last at %2"_s.arg(m_seen).arg(m_last.close.toString());
    }

private:
    void see(const Candle &candle)
    {
        ++m_seen;
        m_last = candle;
    }
    int m_wants;
    int m_seen = 0;
    Candle m_last;
};

/// A strategy that wants as many candles as its configuration's parameter "wants" says.
EngineOptions witnessed()
{
    EngineOptions options;
    options.makeStrategy = [](const BotConfig &config) -> Result<std::unique_ptr<Strategy>> {
        return std::make_unique<Witness>(
                static_cast<int>(std::get<Decimal>(config.strategyParameters.at(u"wants"_s)).toDouble()));
    };
    return options;
}

BotConfig wanting(int candles)
{
    BotConfig config = followerConfig();
    config.strategyParameters = {{u"wants"_s, Decimal::fromInteger(candles)}};
    return config;
}

QString newestDenial(const EngineFixture &fixture)
{
    QString reason;
    for (const BotEvent &event : fixture.facts) {
        const auto *changed = std::get_if<OrderChanged>(&event.payload);
        if (changed != nullptr && changed->order.state == OrderState::Denied)
            reason = changed->order.reason;
    }
    return reason;
}

} // namespace

/// That a bot says how it is, and begins with what its strategy has to know.
class HealthTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void noPriceHasComeYet();
    void aClockSetBackDoesNotMakeOldPricesNew();
    void noEntryGoesOutOnOldPrices();
    void anExitGoesOutOnOldPrices();
    void anEntryOfBeforeTheRestartWaitsForAPrice();
    void anExchangeThatWantsToBeLeftAloneGetsNoEntry();
    void aReasonThatIsOverMakesRoomForTheNext();
    void whatIsWrongWithTheConnectionIsSaid_data();
    void whatIsWrongWithTheConnectionIsSaid();
    void tradesDoNotMakeErrorsForgotten();
    void errorsOfLongAgoAreForgotten();
    void aStrategyGetsAsMuchOfThePastAsItWants();
    void aBotThatWantsMoreThanItsNeighbourGetsMore();
    void aPastThatCannotBeHadTwiceIsAskedForAgain();
    void noMoreOfThePastIsKeptThanAnybodyWants();
    void stopsInTrueRangesKnowEnoughOfThePast();
    void aCandleThatEndsBeforeTheExchangeAnswersIsNotMissed();
    void aBotThatRestartsKeepsItsPlaceInItsMarket();
    void aBotThatHasNotStartedKnowsItsMoney();
};

void HealthTest::noPriceHasComeYet()
{
    EngineFixture fixture;
    fixture.run(followerConfig());
    QCOMPARE(fixture.state().status, BotStatus::Running);
    QCOMPARE(fixture.engine->staleReason(fixture.bot()), u"no price of BTCUSDT has come yet"_s);
    fixture.tick("100");
    QCOMPARE(fixture.engine->staleReason(fixture.bot()), QString());
    fixture.clock.advance(30s);
    QCOMPARE(fixture.engine->staleReason(fixture.bot()), QString());
    fixture.clock.advance(1ms); // before any fact says so
    QCOMPARE(fixture.engine->staleReason(fixture.bot()), u"no price of BTCUSDT for more than 30 s"_s);
    QCOMPARE(fixture.state().health, Health::Ok);
}

void HealthTest::aClockSetBackDoesNotMakeOldPricesNew()
{
    EngineFixture fixture;
    fixture.run(followerConfig());
    fixture.tick("100");
    fixture.clock.set(fixture.clock.now() - 1h);
    fixture.pass(30s);
    QCOMPARE(fixture.state().health, Health::Ok);
    fixture.pass(1ms);
    QCOMPARE(fixture.state().health, Health::Degraded);
}

void HealthTest::noEntryGoesOutOnOldPrices()
{
    EngineFixture fixture;
    fixture.run(followerConfig());
    fixture.tick("101");
    fixture.lose(u"the line is dead"_s);
    fixture.pass(61s); // time alone closes the candle, which is a signal
    QCOMPARE(newestDenial(fixture), u"stale_data: newest_price=2026-11-20T14:32:00.000Z"_s);
    QVERIFY(fixture.state().openOrders.empty());
    fixture.candle("99");
    fixture.candle("102");
    fixture.tick("103");
    QVERIFY(fixture.state().position.isOpen());
}

void HealthTest::anExitGoesOutOnOldPrices()
{
    EngineFixture fixture;
    fixture.enter(followerConfig());
    fixture.tick("99");
    fixture.lose(u"the line is dead"_s);
    fixture.news();
    fixture.pass(61s);
    QVERIFY(fixture.news().contains(u"order submitted sell 1 exit"_s));
}

void HealthTest::anEntryOfBeforeTheRestartWaitsForAPrice()
{
    EngineFixture fixture;
    fixture.enter(followerConfig(PositionType::Both));
    fixture.candle("99"); // out, and then short
    QVERIFY(fixture.state().plannedEntry.has_value());
    fixture.tick("98"); // the exit fills
    const auto facts = std::find_if(fixture.facts.begin(), fixture.facts.end(), [](const BotEvent &event) {
        return std::holds_alternative<TradeClosed>(event.payload);
    });
    fixture.restart(static_cast<std::size_t>(facts - fixture.facts.begin()) + 1);
    QCOMPARE(fixture.state().status, BotStatus::Running);
    QVERIFY(fixture.state().openOrders.empty());
    QVERIFY(fixture.state().plannedEntry.has_value());
    fixture.tick("97");
    fixture.tick("96");
    QCOMPARE(fixture.state().position.side, PositionSide::Short);
    QCOMPARE(fixture.state().position.entryPrice(), decimal<Price>("96"));
}

void HealthTest::anExchangeThatWantsToBeLeftAloneGetsNoEntry()
{
    ScriptedExchange exchange;
    EngineFixture fixture(connectedTo(exchange));
    fixture.run(liveConfig());
    fixture.tick("100");
    fixture.news();
    exchange.limit(fixture.clock.now() + 65s, u"429, try again in 65 s"_s);
    QCOMPARE(fixture.news(), QStringList{u"health degraded"_s});
    QCOMPARE(fixture.state().healthReason, HealthReason::RateLimited);
    QCOMPARE(fixture.state().healthMessage, u"429, try again in 65 s"_s);
    fixture.candle("101"); // after 60 s
    QCOMPARE(newestDenial(fixture), u"rate_limited: until=2026-11-20T14:33:05.000Z"_s);
    QCOMPARE(exchange.submissions, 0);
    fixture.tick("101");
    fixture.pass(3s);
    QCOMPARE(fixture.state().health, Health::Degraded);
    fixture.pass(1s);
    QCOMPARE(fixture.state().health, Health::Ok);
    fixture.candle("99");
    fixture.candle("102");
    QVERIFY(fixture.state().position.isOpen());
    // An exit is not held back.
    exchange.limit(fixture.clock.now() + 1h, u"418"_s);
    fixture.candle("99");
    QVERIFY(!fixture.state().position.isOpen());
}

void HealthTest::aReasonThatIsOverMakesRoomForTheNext()
{
    ScriptedExchange exchange;
    EngineFixture fixture(connectedTo(exchange));
    fixture.run(liveConfig());
    fixture.tick("100");
    exchange.limit(fixture.clock.now() + 1h, u"429"_s);
    fixture.pass(31s);
    QCOMPARE(fixture.state().healthReason, HealthReason::StaleData);
    fixture.tick("100");
    QCOMPARE(fixture.state().healthReason, HealthReason::RateLimited);
    fixture.pass(1h);
    fixture.tick("100");
    QCOMPARE(fixture.state().health, Health::Ok);
}

void HealthTest::whatIsWrongWithTheConnectionIsSaid_data()
{
    QTest::addColumn<ErrorCode>("code");
    QTest::addColumn<QString>("status");
    QTest::newRow("the vault is locked") << ErrorCode::Unauthorized << u"error (api key decrypt failed)"_s;
    QTest::newRow("the key is damaged") << ErrorCode::Corrupt << u"error (api key decrypt failed)"_s;
    QTest::newRow("nobody is there") << ErrorCode::Unavailable << u"error (binance client init)"_s;
}

void HealthTest::whatIsWrongWithTheConnectionIsSaid()
{
    QFETCH(ErrorCode, code);
    QFETCH(QString, status);
    EngineOptions options;
    options.connect = [code](const BotConfig &, const Instrument &) -> Result<std::unique_ptr<ExecutionClient>> {
        return fail(code, u"it does not work"_s);
    };
    EngineFixture fixture(options);
    fixture.run(liveConfig());
    QCOMPARE(statusText(fixture.state().status, fixture.state().errorKind), status);
    QCOMPARE(fixture.state().lastError, u"it does not work"_s);
}

namespace {

/// Enters, and throws on the candle after that.
class EntersAndThrows final : public Strategy
{
public:
    [[nodiscard]] int warmUpCandles() const override { return 0; }
    void warmUp(const Candle &) override { }
    void onCandle(const StrategyView &, Intents &intents) override
    {
        if (m_hasEntered)
            throw std::runtime_error("I am lost");
        m_hasEntered = true;
        intents.push_back({IntentKind::Enter, PositionSide::Long, u"in"_s});
    }
    [[nodiscard]] QString activity() const override { return u"tests its host"_s; }

private:
    bool m_hasEntered = false;
};

EngineOptions throwing()
{
    EngineOptions options;
    options.makeStrategy = [](const BotConfig &) -> Result<std::unique_ptr<Strategy>> {
        return std::make_unique<EntersAndThrows>();
    };
    return options;
}

} // namespace

void HealthTest::tradesDoNotMakeErrorsForgotten()
{
    EngineFixture fixture(throwing());
    BotConfig config = followerConfig();
    config.stopLoss = StopRule{StopKind::Percent, Decimal::fromInteger(3)};
    fixture.run(config);
    for (const auto delay : {5s, 10s, 20s}) {
        fixture.candle("100");
        fixture.tick("100"); // is in
        QVERIFY(fixture.state().position.isOpen());
        fixture.candle("100"); // throws
        QCOMPARE(fixture.state().status, BotStatus::Error);
        fixture.tick("90");
        fixture.tick("90"); // is stopped out
        QVERIFY(!fixture.state().position.isOpen());
        fixture.pass(delay - 1ms);
        QCOMPARE(fixture.state().status, BotStatus::Error);
        fixture.pass(1ms);
        QCOMPARE(fixture.state().status, BotStatus::Running);
        fixture.tick("100");
    }
}

void HealthTest::errorsOfLongAgoAreForgotten()
{
    EngineFixture fixture;
    fixture.market.unknownSymbols = {u"BTCUSDT"_s};
    fixture.run(followerConfig());
    for (const auto delay : {5s, 10s, 20s})
        fixture.pass(delay);
    fixture.market.unknownSymbols.clear();
    fixture.pass(40s);
    QCOMPARE(fixture.state().status, BotStatus::Running);
    fixture.pass(10min);
    fixture.market.unknownSymbols = {u"BTCUSDT"_s};
    fixture.execute(RestartBot{one}).value();
    QCOMPARE(fixture.state().status, BotStatus::Error);
    fixture.market.unknownSymbols.clear();
    fixture.pass(5s);
    QCOMPARE(fixture.state().status, BotStatus::Running);
}

void HealthTest::aStrategyGetsAsMuchOfThePastAsItWants()
{
    EngineFixture fixture(witnessed());
    fixture.market.past = flatCandles(fixture.clock.now(), 13'000, Price::fromInteger(100));
    fixture.run(wanting(12'021)); // a MACD of 500 and 500
    QCOMPARE(fixture.market.asked, std::vector<int>{12'021});
    QCOMPARE(fixture.engine->activity(one), u"12021 candles, the last at 100"_s);
}

void HealthTest::aBotThatWantsMoreThanItsNeighbourGetsMore()
{
    EngineFixture fixture(witnessed());
    fixture.market.past = flatCandles(fixture.clock.now(), 3'000, Price::fromInteger(100));
    fixture.run(wanting(200));
    fixture.market.answersAtOnce = false;
    fixture.run(wanting(2'500));
    QCOMPARE(fixture.market.asked, (std::vector<int>{200, 2'500}));
    QCOMPARE(fixture.state(two).status, BotStatus::Pending);
    fixture.tick("100");
    fixture.tick("103");
    fixture.pass(29s);
    fixture.tick("103"); // 14:32:29
    fixture.market.answerHistory(fixture.market.past);
    fixture.pass(0ms);
    QCOMPARE(fixture.state(two).status, BotStatus::Running);
    QCOMPARE(fixture.engine->activity(two), u"2500 candles, the last at 100"_s);
    QCOMPARE(fixture.engine->activity(one), u"200 candles, the last at 100"_s); // and not once more
    fixture.run(wanting(2'000));
    QCOMPARE(fixture.market.asked.size(), std::size_t(2)); // it is there
    QCOMPARE(fixture.engine->activity(BotId(3)), u"2000 candles, the last at 100"_s);
}

void HealthTest::aPastThatCannotBeHadTwiceIsAskedForAgain()
{
    EngineFixture fixture(witnessed());
    fixture.market.past = flatCandles(fixture.clock.now(), 3'000, Price::fromInteger(100));
    fixture.run(wanting(200));
    fixture.tick("100");
    fixture.market.answersAtOnce = false;
    fixture.run(wanting(2'500));
    fixture.market.answerHistory(fail(ErrorCode::Unavailable, u"too busy"_s));
    fixture.pass(0ms);
    QCOMPARE(fixture.state(two).errorKind, ErrorKind::PriceFetch);
    QCOMPARE(fixture.state(one).status, BotStatus::Running);
    fixture.market.answersAtOnce = true;
    fixture.pass(5s);
    QCOMPARE(fixture.market.asked, (std::vector<int>{200, 2'500, 2'500}));
    QCOMPARE(fixture.engine->activity(two), u"2500 candles, the last at 100"_s);
    fixture.candle("101");
    QCOMPARE(fixture.engine->activity(one), u"201 candles, the last at 101"_s);
}

void HealthTest::noMoreOfThePastIsKeptThanAnybodyWants()
{
    EngineFixture fixture(witnessed());
    fixture.market.past = flatCandles(fixture.clock.now(), 3'000, Price::fromInteger(100));
    fixture.run(wanting(200));
    for (int i = 0; i < 5; ++i)
        fixture.candle("100");
    QCOMPARE(fixture.engine->series(one, Timeframe::M1, 0)->newest(10'000).size(), std::size_t(200));
    // A chart that is opened gets what it shows.
    const CandleHistory *const shown = fixture.engine->series(one, Timeframe::M1, 500);
    QVERIFY(shown->covers(500));
    QCOMPARE(shown->newest(500).size(), std::size_t(500));
    QCOMPARE(fixture.market.asked, (std::vector<int>{200, 500}));
}

void HealthTest::stopsInTrueRangesKnowEnoughOfThePast()
{
    EngineFixture fixture(witnessed());
    fixture.market.past = flatCandles(fixture.clock.now(), 3'000, Price::fromInteger(100));
    BotConfig config = wanting(10);
    config.stopLoss = StopRule{StopKind::Atr, Decimal::fromInteger(2)};
    fixture.run(config);
    QCOMPARE(fixture.market.asked, std::vector<int>{309}); // 15 for the first, 21 × 14 to forget how it began
}

void HealthTest::aCandleThatEndsBeforeTheExchangeAnswersIsNotMissed()
{
    ExecutionSink *sink = nullptr;
    EngineOptions options = witnessed();
    options.connect = [&sink](const BotConfig &, const Instrument &) -> Result<std::unique_ptr<ExecutionClient>> {
        return std::make_unique<SlowExchange>(&sink);
    };
    EngineFixture fixture(options);
    BotConfig config = wanting(20);
    config.exchange = Exchange::Binance;
    config.timeframe = Timeframe::S1;
    fixture.run(config);
    QCOMPARE(fixture.state().status, BotStatus::Pending);
    fixture.tick("105");
    fixture.pass(2s); // its candle ends
    sink->reconciled({});
    QCOMPARE(fixture.state().status, BotStatus::Running);
    QCOMPARE(fixture.engine->activity(one), u"31 candles, the last at 105"_s);
}

void HealthTest::aBotThatRestartsKeepsItsPlaceInItsMarket()
{
    EngineFixture fixture;
    fixture.run(followerConfig());
    fixture.run(followerConfig());
    fixture.tick("100");
    fixture.execute(RestartBot{one}).value();
    QCOMPARE(fixture.state(one).status, BotStatus::Running);
    const auto &runners = fixture.engine->streamOf(fixture.bot(one))->runners;
    QCOMPARE(runners.size(), std::size_t(2));
    QCOMPARE(runners.front()->id(), one);
}

void HealthTest::aBotThatHasNotStartedKnowsItsMoney()
{
    EngineFixture fixture;
    fixture.create(followerConfig());
    QCOMPARE(fixture.bot().instrument().quote, u"USDT"_s);
    fixture.market.unknownSymbols = {u"BTCUSDT"_s, u"ETHEUR"_s};
    fixture.restart();
    QCOMPARE(fixture.bot().instrument().quote, u"USDT"_s);
    QCOMPARE(fixture.bot().instrument().base, u"BTC"_s);
    BotConfig other = followerConfig();
    other.symbol = Symbol(u"ETHEUR"_s);
    fixture.execute(UpdateBot{one, 0, other}).value();
    QCOMPARE(fixture.bot().instrument().quote, u"EUR"_s);
}

QTEST_APPLESS_MAIN(HealthTest)
#include "tst_health.moc"
