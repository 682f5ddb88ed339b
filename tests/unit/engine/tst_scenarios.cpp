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
constexpr Quantity coin = Quantity::fromInteger(1);

/// A bot on an exchange that is not ours; it buys one coin after a rising close and sells it after a falling one.
class Live final
{
public:
    Live() : fixture(options()) { }

    [[nodiscard]] BotConfig config() const
    {
        BotConfig live = followerConfig();
        live.exchange = Exchange::Binance;
        return live;
    }
    /// A closed candle, at whose price the exchange fills.
    void candle(const char *at)
    {
        exchange.price = decimal<Price>(at);
        fixture.candle(at);
    }

    ScriptedExchange exchange;
    EngineFixture fixture;

private:
    EngineOptions options()
    {
        EngineOptions made;
        made.connect = [this](const BotConfig &config, const Instrument &) -> Result<std::unique_ptr<ExecutionClient>> {
            if (config.exchange == Exchange::Paper)
                return nullptr;
            return exchange.connect();
        };
        return made;
    }
};

Money ledgerOf(const std::vector<BotEvent> &facts)
{
    Checked<Money> sum = Money();
    for (const BotEvent &event : facts) {
        if (const auto *filled = std::get_if<OrderFilled>(&event.payload))
            sum += Checked<Money>(filled->realised) - Checked<Money>(filled->fill.fee);
        else if (const auto *moved = std::get_if<MoneyMoved>(&event.payload))
            sum += Checked<Money>(moved->amount);
    }
    return sum.value().value();
}

const Trade *lastTrade(const std::vector<BotEvent> &facts)
{
    const Trade *found = nullptr;
    for (const BotEvent &event : facts) {
        if (const auto *closed = std::get_if<TradeClosed>(&event.payload))
            found = &closed->trade;
    }
    return found;
}

} // namespace

/// What hurt users of other programs, each by the number under which they reported it, and its kin.
class ScenariosTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void freqtrade7606_aPositionClosedByHandWhileTheBotWasDown();
    void freqtrade7606_aPartSoldByHandWhileItRuns();
    void soldByHandAsTheProgramEnds();
    void hummingbot8457_anAcceptedOrderWhoseAnswerWasLost();
    void hummingbot8457_manyLostAnswersBuyOnce();
    void hummingbot8457_anOrderThatNeverArrived();
    void hummingbot8457_anExitThatNeverArrivedIsSentAgain();
    void hummingbot8457_lostBeforeARestart();
    void hummingbot7891_aRebateIsAGain();
    void hummingbot8099_aFillToldTwiceCostsItsFeeOnce();
    void hummingbot8099_aFillToldAfterTheEnd();
    void hummingbot8099_anEndToldBeforeItsFills();
    void freqtrade12984_aStopLimitThatIsJumpedOver();
    void stopAndTargetRestAtTheExchangeAndEndEachOther();
    void aReversalGoesOnAfterARestart();
    void coolingDownIsNotForgottenInARestart();
    void theKillSwitchWorksWithTheExchangeFailing();
    void theKillSwitchFlattensAStoppedBot();
    void theKillSwitchOfAnAccountLeavesOthersAlone();
    void fundingIsPaidForEveryBoundaryAndStandsInTheTrade();
    void aLiquidationLosesNoMoreThanTheMargin();
    void aFeeInTheBoughtCoinIsNotHeld();
};

void ScenariosTest::freqtrade7606_aPositionClosedByHandWhileTheBotWasDown()
{
    Live live;
    EngineFixture &fixture = live.fixture;
    fixture.run(live.config());
    live.candle("101");
    QVERIFY(fixture.state().position.isOpen());
    fixture.engine.reset();                                               // the program is down …
    live.exchange.tradeByHand(Side::Sell, coin, Price::fromInteger(110)); // … while its owner sells
    fixture.news();
    fixture.restart();
    QVERIFY(!fixture.state().position.isOpen());
    const Trade *const trade = lastTrade(fixture.facts);
    QVERIFY(trade != nullptr);
    QCOMPARE(trade->exitReason, OrderPurpose::External);
    QCOMPARE(trade->net().toString(), u"8.789"_s); // 110 − 101 − 0.11 − 0.101
    QCOMPARE(fixture.state().status, BotStatus::Running);
    const int before = live.exchange.submissions;
    live.candle("99"); // a signal to sell what is no more
    QCOMPARE(live.exchange.submissions, before);
    QVERIFY(live.exchange.position().isZero());
    fixture.restart(); // is told no second time
    QCOMPARE(fixture.state().life.fills, 2);
}

void ScenariosTest::freqtrade7606_aPartSoldByHandWhileItRuns()
{
    Live live;
    EngineFixture &fixture = live.fixture;
    fixture.run(live.config());
    live.candle("101");
    live.exchange.tradeByHand(Side::Sell, decimal<Quantity>("0.4"), Price::fromInteger(105));
    QCOMPARE(fixture.state().position.quantity.toString(), u"0.6"_s);
    live.candle("99"); // and the rest by the bot
    QVERIFY(!fixture.state().position.isOpen());
    QVERIFY(live.exchange.position().isZero());
    QCOMPARE(fixture.state().balance,
             (fixture.bot().config().initialBalance + ledgerOf(fixture.facts)).value().value());
}

void ScenariosTest::soldByHandAsTheProgramEnds()
{
    Live live;
    EngineFixture &fixture = live.fixture;
    fixture.run(live.config());
    live.candle("101");
    fixture.execute(StopBot{BotId(1), StopPolicy::LeavePosition}).value();
    fixture.commitsAtOnce = false;
    const std::size_t durable = fixture.facts.size();
    live.exchange.tradeByHand(Side::Sell, decimal<Quantity>("0.4"), Price::fromInteger(105));
    QVERIFY(fixture.facts.size() > durable + 1);
    fixture.restart(durable + 1); // its order was stored, its fill was not
    fixture.commitsAtOnce = true;
    fixture.commit();
    QCOMPARE(fixture.state().status, BotStatus::Stopped);
    QVERIFY(fixture.state().openOrders.empty());
    QCOMPARE(fixture.state().position.quantity, coin); // a stopped bot does not ask
    fixture.execute(StartBot{BotId(1)}).value();
    QCOMPARE(fixture.state().position.quantity.toString(), u"0.6"_s);
    QCOMPARE(fixture.state().life.fills, 2);
}

void ScenariosTest::hummingbot8457_anAcceptedOrderWhoseAnswerWasLost()
{
    Live live;
    EngineFixture &fixture = live.fixture;
    fixture.run(live.config());
    fixture.news();
    live.exchange.answers = ScriptedExchange::Answers::None;
    live.candle("101");
    QCOMPARE(fixture.state().openOrders.size(), 1U);
    QCOMPARE(fixture.state().openOrders[0].state, OrderState::Unknown); // neither failed nor filled
    QCOMPARE(fixture.state().healthReason, HealthReason::UnknownOrder);
    QVERIFY(!fixture.state().position.isOpen());
    live.exchange.answers = ScriptedExchange::Answers::All;
    fixture.pass(2s);
    QVERIFY(fixture.state().openOrders.empty());
    QCOMPARE(fixture.state().position.quantity, coin);
    QCOMPARE(fixture.state().health, Health::Ok);
    QCOMPARE(live.exchange.submissions, 1);
    QCOMPARE(live.exchange.position(), coin);
}

void ScenariosTest::hummingbot8457_manyLostAnswersBuyOnce()
{
    Live live;
    EngineFixture &fixture = live.fixture;
    fixture.run(live.config());
    live.exchange.answers = ScriptedExchange::Answers::None;
    for (const char *price : {"101", "102", "103", "99", "104", "105"})
        live.candle(price); // signals to buy, again and again
    QCOMPARE(live.exchange.submissions, 1);
    QCOMPARE(live.exchange.position(), coin);
    live.exchange.answers = ScriptedExchange::Answers::All;
    fixture.pass(40s); // the questions come further and further apart
    QCOMPARE(fixture.state().position.quantity, coin);
    QCOMPARE(fixture.state().life.fills, 1);
}

void ScenariosTest::hummingbot8457_anOrderThatNeverArrived()
{
    Live live;
    EngineFixture &fixture = live.fixture;
    fixture.run(live.config());
    live.exchange.answers = ScriptedExchange::Answers::NothingComes;
    live.candle("101");
    QCOMPARE(fixture.state().openOrders[0].state, OrderState::Unknown);
    live.exchange.answers = ScriptedExchange::Answers::All;
    fixture.pass(1s); // it may still be on its way
    QCOMPARE(fixture.state().openOrders[0].state, OrderState::Unknown);
    fixture.pass(10s);
    QVERIFY(fixture.state().openOrders.empty());
    QVERIFY(!fixture.state().position.isOpen());
    QCOMPARE(fixture.state().health, Health::Ok);
    live.candle("99");
    live.candle("102"); // the next signal is free again
    QCOMPARE(fixture.state().position.quantity, coin);
    QCOMPARE(live.exchange.position(), coin);
}

void ScenariosTest::hummingbot8457_anExitThatNeverArrivedIsSentAgain()
{
    Live live;
    EngineFixture &fixture = live.fixture;
    fixture.run(live.config());
    live.candle("101");
    live.exchange.answers = ScriptedExchange::Answers::NothingComes;
    live.candle("99");
    QVERIFY(fixture.state().position.isOpen());
    live.exchange.answers = ScriptedExchange::Answers::All;
    fixture.pass(10s);
    fixture.pass(10s);
    QVERIFY(!fixture.state().position.isOpen());
    QVERIFY(live.exchange.position().isZero());
}

void ScenariosTest::hummingbot8457_lostBeforeARestart()
{
    for (const auto answers : {ScriptedExchange::Answers::None, ScriptedExchange::Answers::NothingComes}) {
        Live live;
        EngineFixture &fixture = live.fixture;
        fixture.run(live.config());
        live.exchange.answers = answers;
        live.candle("101");
        live.exchange.answers = ScriptedExchange::Answers::All;
        fixture.restart();
        fixture.pass(10s);
        fixture.pass(10s);
        QVERIFY(fixture.state().openOrders.empty());
        QCOMPARE(fixture.state().position.quantity, live.exchange.position());
        for (const auto &[id, arrivals] : live.exchange.arrivals)
            QCOMPARE(arrivals, 1);
    }
}

void ScenariosTest::hummingbot7891_aRebateIsAGain()
{
    Live live;
    EngineFixture &fixture = live.fixture;
    live.exchange.feeRate = decimal<Decimal>("-0.001");
    fixture.run(live.config());
    live.candle("101");
    live.candle("100");
    const BotState &state = fixture.state();
    QCOMPARE(state.life.gross.toString(), u"-1"_s);
    QCOMPARE(state.life.fees.toString(), u"-0.201"_s); // a negative cost
    QCOMPARE(state.life.net().toString(), u"-0.799"_s);
    QCOMPARE(lastTrade(fixture.facts)->net().toString(), u"-0.799"_s);
    QCOMPARE(state.balance, (fixture.bot().config().initialBalance + ledgerOf(fixture.facts)).value().value());
}

void ScenariosTest::hummingbot8099_aFillToldTwiceCostsItsFeeOnce()
{
    Live live;
    EngineFixture &fixture = live.fixture;
    live.exchange.tellsTwice = true;
    live.exchange.fillsAtOnce = false;
    fixture.run(live.config());
    live.candle("101");
    const ClientOrderId order = live.exchange.newest();
    live.exchange.fill(order, decimal<Quantity>("0.4"), Price::fromInteger(101));
    live.exchange.repeatFills(order);
    fixture.restart(); // is told all over again
    live.exchange.fill(order, decimal<Quantity>("0.6"), Price::fromInteger(102));
    live.exchange.repeatFills(order);
    live.exchange.repeatFills(order);
    QCOMPARE(fixture.state().position.quantity, coin);
    QCOMPARE(fixture.state().life.fills, 2);
    QCOMPARE(fixture.state().life.fees.toString(), u"0.1016"_s); // 0.0404 + 0.0612
}

void ScenariosTest::hummingbot8099_aFillToldAfterTheEnd()
{
    Live live;
    EngineFixture &fixture = live.fixture;
    live.exchange.fillsAtOnce = false;
    fixture.run(live.config());
    live.candle("101");
    const ClientOrderId order = live.exchange.newest();
    live.exchange.cancelByItself(order);
    QVERIFY(fixture.state().openOrders.empty());
    live.exchange.fill(order, decimal<Quantity>("0.4"), Price::fromInteger(101)); // it had been filled, after all
    live.exchange.repeatFills(order);
    QCOMPARE(fixture.state().position.quantity, live.exchange.position());
    QCOMPARE(fixture.state().life.fills, 1);
}

void ScenariosTest::hummingbot8099_anEndToldBeforeItsFills()
{
    Live live;
    EngineFixture &fixture = live.fixture;
    live.exchange.fillsAtOnce = false;
    fixture.run(live.config());
    live.candle("101");
    const ClientOrderId order = live.exchange.newest();
    live.exchange.fill(order, decimal<Quantity>("0.4"), Price::fromInteger(101), false);
    live.exchange.cancelByItself(order);
    QCOMPARE(fixture.state().openOrders[0].state, OrderState::Unknown); // the end says more than the fills we know
    fixture.pass(2s);
    QVERIFY(fixture.state().openOrders.empty());
    QCOMPARE(fixture.state().position.quantity.toString(), u"0.4"_s);
    QCOMPARE(fixture.state().health, Health::Ok);
}

void ScenariosTest::freqtrade12984_aStopLimitThatIsJumpedOver()
{
    EngineFixture fixture;
    BotConfig config = followerConfig();
    config.stopLoss = StopRule{StopKind::Percent, Decimal::fromInteger(5)};
    config.stopsAt = StopsAt::Exchange;
    config.stopLimitPercent = Decimal::fromInteger(1);
    fixture.enter(config, "101", "100");
    fixture.tick("100");
    QCOMPARE(fixture.state().openOrders.size(), 1U);
    const Order stop = fixture.state().openOrders[0];
    QCOMPARE(stop.type, OrderType::StopLimit);
    QCOMPARE(stop.stopPrice.toString(), u"95"_s);
    QCOMPARE(stop.limitPrice.toString(), u"94.05"_s);
    fixture.tick("90"); // from above the stop to below its limit: nobody buys at 94.05 any more
    fixture.tick("89");
    fixture.tick("88");
    QVERIFY(!fixture.state().position.isOpen());
    QVERIFY(fixture.state().openOrders.empty());
    QCOMPARE(lastTrade(fixture.facts)->exitReason, OrderPurpose::StopLoss);
}

void ScenariosTest::stopAndTargetRestAtTheExchangeAndEndEachOther()
{
    for (const bool isTarget : {true, false}) {
        EngineFixture fixture;
        BotConfig config = followerConfig();
        config.stopLoss = StopRule{StopKind::Percent, Decimal::fromInteger(5)};
        config.takeProfit = StopRule{StopKind::Percent, Decimal::fromInteger(5)};
        config.stopsAt = StopsAt::Exchange;
        fixture.enter(config, "101", "100");
        fixture.tick("100");
        QCOMPARE(fixture.state().openOrders.size(), 2U);
        QVERIFY(fixture.state().openOrders[0].oneCancelsOther.isValid());
        fixture.tick(isTarget ? "106" : "94");
        QVERIFY(fixture.state().openOrders.empty());
        QVERIFY(!fixture.state().position.isOpen());
        const Trade *const trade = lastTrade(fixture.facts);
        QCOMPARE(trade->exitReason, isTarget ? OrderPurpose::TakeProfit : OrderPurpose::StopLoss);
        QCOMPARE(trade->exitPrice.toString(), isTarget ? u"105"_s : u"94"_s); // its limit; the market behind the stop
    }
}

void ScenariosTest::aReversalGoesOnAfterARestart()
{
    EngineFixture fixture;
    fixture.enter(followerConfig(PositionType::Both), "101", "101");
    fixture.candle("99"); // out, and then short
    QVERIFY(fixture.state().plannedEntry.has_value());
    fixture.restart(); // between the two
    fixture.tick("99");
    fixture.tick("99");
    QCOMPARE(fixture.state().position.side, PositionSide::Short);
    QVERIFY(!fixture.state().plannedEntry.has_value());
}

void ScenariosTest::coolingDownIsNotForgottenInARestart()
{
    EngineFixture fixture;
    BotConfig config = followerConfig();
    config.limits.cooldownSeconds = 600;
    fixture.enter(config, "101", "101");
    fixture.candle("99");
    fixture.tick("99");
    QVERIFY(!fixture.state().position.isOpen());
    fixture.restart();
    fixture.candle("98");
    fixture.news();
    fixture.candle("102");
    fixture.tick("102");
    QVERIFY(!fixture.state().position.isOpen());
    QVERIFY(fixture.news().join(u'\n').contains(u"cooldown"_s));
}

void ScenariosTest::theKillSwitchWorksWithTheExchangeFailing()
{
    Live live;
    EngineFixture &fixture = live.fixture;
    live.exchange.fillsAtOnce = false;
    fixture.run(live.config());
    live.candle("101");
    const ClientOrderId order = live.exchange.newest();
    live.exchange.fill(order, decimal<Quantity>("0.4"), Price::fromInteger(101));
    live.exchange.answers = ScriptedExchange::Answers::NothingComes;
    const auto report =
            fixture.engine->pull(KillSwitch{KillScope::Everything, UserId(1), BotId(), KillLevel::Flatten, false});
    fixture.commit();
    QVERIFY(report);
    QCOMPARE(report->bots, std::vector<BotId>{one});
    QCOMPARE(report->orders.size(), 1U);
    QVERIFY(report->orders[0].cancelRequested);
    QCOMPARE(report->orders[0].state, OrderState::Unknown);
    QCOMPARE(fixture.state().desired, DesiredState::Stopped);
    fixture.restart(); // the program may even die in between
    live.exchange.answers = ScriptedExchange::Answers::All;
    live.exchange.fillsAtOnce = true;
    for (int i = 0; i < 5; ++i)
        fixture.pass(20s);
    QCOMPARE(live.exchange.find(order)->state, OrderState::Cancelled);
    QVERIFY(live.exchange.position().isZero());
    QVERIFY(!fixture.state().position.isOpen());
    QCOMPARE(fixture.state().status, BotStatus::Stopped);
    QVERIFY(!fixture.state().kill);
    const QStringList all = fixture.news();
    QVERIFY(all.contains(u"kill done"_s));
}

void ScenariosTest::theKillSwitchFlattensAStoppedBot()
{
    EngineFixture fixture;
    fixture.enter(followerConfig());
    fixture.execute(StopBot{one, StopPolicy::LeavePosition}).value();
    QCOMPARE(fixture.state().status, BotStatus::Stopped);
    QVERIFY(fixture.engine->pull(KillSwitch{KillScope::Bot, UserId(1), one, KillLevel::Flatten, false}));
    fixture.commit();
    fixture.tick("102");
    fixture.tick("102");
    QVERIFY(!fixture.state().position.isOpen());
    QCOMPARE(fixture.state().status, BotStatus::Stopped);
    QVERIFY(!fixture.state().kill);
}

void ScenariosTest::theKillSwitchOfAnAccountLeavesOthersAlone()
{
    Live live;
    EngineFixture &fixture = live.fixture;
    const BotId real = fixture.run(live.config());
    const BotId paper = fixture.run(followerConfig());
    QVERIFY(fixture.engine->pull(KillSwitch{KillScope::Account, UserId(1), real, KillLevel::PauseEntries, false}));
    fixture.commit();
    QCOMPARE(fixture.state(real).status, BotStatus::Paused);
    QCOMPARE(fixture.state(paper).status, BotStatus::Running);
    const auto foreign =
            fixture.engine->pull(KillSwitch{KillScope::Bot, UserId(2), real, KillLevel::PauseEntries, false});
    QCOMPARE(foreign.error().code, ErrorCode::NotFound); // somebody else's
    fixture.execute(ResumeBot{real}).value();
    QCOMPARE(fixture.state(real).status, BotStatus::Running);
}

void ScenariosTest::fundingIsPaidForEveryBoundaryAndStandsInTheTrade()
{
    EngineFixture fixture;
    BotConfig config = followerConfig(PositionType::Both);
    config.paper.fundingRate = decimal<Decimal>("0.0002");
    fixture.enter(config, "101", "102"); // long one coin at 102, at noon
    fixture.pass(5h);
    fixture.tick("110"); // 16:00 has passed at 102
    QCOMPARE(fixture.state().today.funding.toString(), u"-0.0204"_s);
    fixture.pass(16h);
    fixture.tick("120");                                             // 00:00 and 08:00 of the next day, at 110
    QCOMPARE(fixture.state().life.funding.toString(), u"-0.0644"_s); // 0.0204 + 2 × 0.022
    fixture.candle("99");
    fixture.tick("99");
    const Trade *const trade = lastTrade(fixture.facts);
    QCOMPARE(trade->funding.toString(), u"-0.0644"_s);
    QCOMPARE(fixture.state().balance, (config.initialBalance + ledgerOf(fixture.facts)).value().value());
}

void ScenariosTest::aLiquidationLosesNoMoreThanTheMargin()
{
    EngineFixture fixture;
    BotConfig config = followerConfig(PositionType::Both);
    config.leverage = 10;
    fixture.enter(config, "101", "100");
    fixture.tick("85"); // far below what a margin of 10 bears
    QVERIFY(!fixture.state().position.isOpen());
    const Trade *const trade = lastTrade(fixture.facts);
    QVERIFY(trade != nullptr);
    QCOMPARE(trade->exitReason, OrderPurpose::Liquidation);
    QCOMPARE(trade->net().toString(), u"-10.1"_s); // the margin, and the fee of the entry
    QCOMPARE(fixture.state().balance, (config.initialBalance + ledgerOf(fixture.facts)).value().value());
}

void ScenariosTest::aFeeInTheBoughtCoinIsNotHeld()
{
    EngineFixture fixture;
    Instrument instrument;
    instrument.base = u"BTC"_s;
    instrument.quote = u"USDT"_s;
    instrument.quantityStep = decimal<Quantity>("0.01");
    fixture.market.instruments[u"BTCUSDT"_s] = instrument;
    BotConfig config = followerConfig();
    config.paper.feeAsset = FeeAsset::Base;
    fixture.enter(config, "101", "100");
    QCOMPARE(fixture.state().position.quantity.toString(), u"0.999"_s);
    QCOMPARE(fixture.state().position.entryPrice().toString(), u"100"_s);
    fixture.candle("99");
    fixture.tick("100"); // 0.99 can be sold; 0.009 is too little for an order
    QVERIFY(!fixture.state().position.isOpen());
    const Trade *const trade = lastTrade(fixture.facts);
    QVERIFY(trade != nullptr);
    QCOMPARE(trade->net().toString(), u"-1.099"_s); // fees 0.1 and 0.099, and the rest of 0.9
    QCOMPARE(fixture.state().balance, (config.initialBalance + ledgerOf(fixture.facts)).value().value());
}

QTEST_GUILESS_MAIN(ScenariosTest)
#include "tst_scenarios.moc"
