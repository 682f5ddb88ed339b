// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/strategy/registry.h"
#include "tests/support/enginefixture.h"
#include "tests/support/generators.h"
#include "tests/support/qtestprint.h"

#include <QTest>

#include <map>
#include <set>

using namespace tradebot;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr BotId one(1);

/// Four levels from 100 to 104: bought at 100, 101, 102, 103, sold at 101, 102, 103, 104.
BotConfig gridConfig()
{
    BotConfig config = followerConfig();
    config.strategy = u"grid"_s;
    config.strategyParameters = {{u"lower"_s, Decimal::fromInteger(100)},
                                 {u"upper"_s, Decimal::fromInteger(104)},
                                 {u"levels"_s, Decimal::fromInteger(4)},
                                 {u"quantity_per_level"_s, Decimal::fromInteger(1)}};
    return config;
}

BotConfig dcaConfig()
{
    BotConfig config = followerConfig();
    config.strategy = u"dca"_s;
    config.strategyParameters = {{u"interval_s"_s, Decimal::fromInteger(120)},
                                 {u"quote_per_order"_s, Decimal::fromInteger(50)},
                                 {u"take_profit_percent"_s, Decimal::fromInteger(5)}};
    return config;
}

/// "buy 1 at 102": the fills since the last call.
QStringList fills(EngineFixture &fixture)
{
    QStringList lines;
    for (const QString &line : fixture.news()) {
        if (line.startsWith("fill "_L1))
            lines.append(line.mid(5));
    }
    return lines;
}

/// "buy 1, sell 3": the levels with an open order.
QString levelsOf(const BotState &state)
{
    QStringList tags;
    for (const Order &order : state.openOrders)
        tags.append(order.tag);
    tags.sort();
    return tags.join(u", "_s).remove(u"grid_"_s).replace(u'_', u' ');
}

/// Of a grid as gridConfig() has it: what must be true at any moment, whatever happened. Empty when all of it is.
QString broken(const EngineFixture &fixture)
{
    const BotState &state = fixture.state();
    std::set<QString> tags;
    std::int64_t offered = 0;
    std::int64_t wanted = state.position.quantity.raw();
    for (const Order &order : state.openOrders) {
        if (!tags.insert(order.tag).second)
            return u"two orders %1"_s.arg(order.tag);
        const std::int64_t left = order.quantity.raw() - order.filled.raw();
        (order.side == Side::Buy ? wanted : offered) += left;
    }
    if (offered > state.position.quantity.raw())
        return u"more on offer than is held"_s;
    if (wanted > Quantity::fromInteger(4).raw())
        return u"more wanted than four levels"_s;

    std::map<int, std::int64_t> bought; // by level, and not sold
    std::set<QString> trades;
    std::set<ClientOrderId> orders;
    Position position;
    for (const BotEvent &event : fixture.facts) {
        if (const auto *changed = std::get_if<OrderChanged>(&event.payload);
            changed != nullptr && changed->trigger == OrderTrigger::Submit && !orders.insert(changed->order.id).second)
            return u"an order told twice"_s;
        if (const auto *moved = std::get_if<MoneyMoved>(&event.payload); moved != nullptr && moved->closesPosition)
            position = Position();
        const auto *filled = std::get_if<OrderFilled>(&event.payload);
        if (filled == nullptr)
            continue;
        const Fill &fill = filled->fill;
        if (!trades.insert(fill.exchangeTradeId.value()).second)
            return u"a fill told twice"_s;
        position = applyFill(position, fill, event.happened).value().position;
        const int level = filled->order.tag.back().digitValue();
        const bool buys = fill.side == Side::Buy;
        if (buys ? fill.price > Price::fromInteger(99 + level) : fill.price < Price::fromInteger(100 + level))
            return u"%1 filled at %2"_s.arg(filled->order.tag, fill.price.toString());
        bought[level] += buys ? fill.quantity.raw() : -fill.quantity.raw();
        if (bought[level] < 0)
            return u"more sold than bought at level %1"_s.arg(level);
    }
    if (position.quantity != state.position.quantity || position.cost != state.position.cost)
        return u"a position of %1 that is not the sum of its fills"_s.arg(state.position.quantity.toString());
    if (state.status != BotStatus::Running)
        return u"the bot has stopped: "_s + state.lastError;
    return {};
}

/// A run with buys and sales at all levels, a gap over two of them, and a flat end.
void runGrid(EngineFixture &fixture, const BotConfig &config)
{
    fixture.run(config);
    fixture.candle("102.5");
    const auto go = [&fixture](std::initializer_list<const char *> prices) {
        for (const char *price : prices) {
            fixture.clock.advance(300ms);
            fixture.tick(price);
        }
    };
    go({"102.4", "101.5", "101.6", "99.5", "99.6", "101.2", "101.3", "103.5", "103.4", "102.2"});
    fixture.candle("104.5");
    go({"104.4", "101.8", "102", "104.5"});
}

/// One thing that can happen: what, and how much.
using Step = std::pair<int, int>;

void take(EngineFixture &fixture, const Step &step, int &cents)
{
    const auto [kind, amount] = step;
    if (kind == 0) {
        fixture.restart();
        return;
    }
    cents = std::clamp(cents + (amount % 81 - 40) * (kind == 1 ? 10 : 2), 9'700, 10'700);
    const QByteArray price = QByteArray::number(cents / 100) + '.' + QByteArray::number(100 + cents % 100).mid(1);
    if (amount % 4 == 0) {
        fixture.candle(price.constData());
    } else {
        fixture.clock.advance(400ms);
        fixture.tick(price.constData());
    }
}

} // namespace

/// Strategies that place orders of their own, through the engine and the paper exchange.
class OrderStrategiesTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aGridBuysAndSellsByHand();
    void aGridIsPausedWithoutAFlood();
    void aGridGoesOnAfterItsStop();
    void aGridGoesOnWithOtherParameters();
    void aRestartAtAnyFactOfAGridLosesNothing_data();
    void aRestartAtAnyFactOfAGridLosesNothing();
    void aGridNeverHoldsTooMuchAndEachPairGains();
    void dcaBuysAndSellsByHand();
    void aRestartAtAnyFactOfDcaBuysOnce();
    void whatOnlyBuysIsNotForShortBots();
    void nothingIsPlacedBeforeAnExitThatWaits();
};

void OrderStrategiesTest::aGridBuysAndSellsByHand()
{
    EngineFixture fixture;
    fixture.run(gridConfig());
    fixture.candle("102.5");
    fixture.tick("102.4"); // they arrive
    QCOMPARE(levelsOf(fixture.state()), u"buy 1, buy 2, buy 3"_s);
    fixture.tick("102"); // at its price, 25 % of what is traded: 0.25 of 1
    QCOMPARE(fills(fixture), QStringList{u"buy 0.25 at 102"_s});
    QCOMPARE(levelsOf(fixture.state()), u"buy 1, buy 2, buy 3"_s);
    fixture.tick("101.5");
    QCOMPARE(fills(fixture), QStringList{u"buy 0.75 at 102"_s});
    QCOMPARE(levelsOf(fixture.state()), u"buy 1, buy 2, sell 3"_s);
    fixture.tick("101.6");
    fixture.tick("103.5");
    QCOMPARE(fills(fixture), QStringList{u"sell 1 at 103"_s});
    QCOMPARE(levelsOf(fixture.state()), u"buy 1, buy 2, buy 3, buy 4"_s);
    // 103 − 102 less a thousandth of both.
    QCOMPARE(fixture.state().balance, decimal<Money>("10000.795"));
    QCOMPARE(fixture.state().life.trades, 1);
    QCOMPARE(fixture.engine->activity(BotId(1)), u"4 levels from 100 to 104: 0 bought, 4 waiting to buy"_s);
    // Over all levels at once and back: 4 × 1 less a thousandth of 406 and 410.
    fixture.tick("103.4");
    fixture.tick("99");
    QCOMPARE(fixture.state().position.quantity, Quantity::fromInteger(4));
    fixture.tick("99.1");
    fixture.tick("105");
    QCOMPARE(fixture.state().balance, decimal<Money>("10003.979"));
    QCOMPARE(fixture.state().life.trades, 2);
    QCOMPARE(broken(fixture), QString());
}

void OrderStrategiesTest::aGridIsPausedWithoutAFlood()
{
    EngineFixture fixture;
    fixture.run(gridConfig());
    fixture.candle("100.5");
    fixture.tick("100.5");
    QVERIFY(fixture.execute(PauseBot{one}));
    fixture.candle("103.5"); // three more levels lie below the price
    const std::size_t before = fixture.facts.size();
    for (int i = 0; i < 60; ++i)
        fixture.candle("103.5");
    QVERIFY2(fixture.facts.size() - before < 20, qPrintable(QString::number(fixture.facts.size() - before)));
    QCOMPARE(levelsOf(fixture.state()), u"buy 1"_s);
    // What is bought while it is paused is still sold.
    fixture.tick("99.5");
    fixture.candle("99.5");
    QCOMPARE(levelsOf(fixture.state()), u"sell 1"_s);
    QVERIFY(fixture.execute(ResumeBot{one}));
    fixture.candle("99.6");
    fixture.tick("101.5");
    for (int i = 0; i < 8; ++i)
        fixture.candle("101.5");
    QCOMPARE(levelsOf(fixture.state()), u"buy 1, buy 2"_s);
}

void OrderStrategiesTest::aGridGoesOnAfterItsStop()
{
    EngineFixture fixture;
    BotConfig config = gridConfig();
    config.stopLoss = StopRule{StopKind::Percent, Decimal::fromInteger(3)};
    fixture.run(config);
    fixture.candle("102.5");
    fixture.tick("102.4");
    fixture.tick("99.5"); // three levels, 101 on average: the stop is at 97.97
    QCOMPARE(fixture.state().position.quantity, Quantity::fromInteger(3));
    fixture.tick("97.9");
    fixture.tick("97.8");
    QVERIFY(!fixture.state().position.isOpen());
    QVERIFY(fixture.state().openOrders.empty());
    fixture.candle("97.8");
    QVERIFY(fixture.state().openOrders.empty());
    fixture.candle("101.5");
    QCOMPARE(levelsOf(fixture.state()), u"buy 1, buy 2"_s);
}

void OrderStrategiesTest::aGridGoesOnWithOtherParameters()
{
    EngineFixture fixture;
    fixture.run(gridConfig());
    fixture.candle("102.5");
    fixture.tick("102.4");
    fixture.tick("101.5");
    QCOMPARE(levelsOf(fixture.state()), u"buy 1, buy 2, sell 3"_s);
    BotConfig config = gridConfig();
    config.strategyParameters[u"upper"_s] = Decimal::fromInteger(108); // 100, 102, 104, 106
    QVERIFY(fixture.execute(UpdateBot{one, 0, config}));
    for (int i = 0; i < 3; ++i)
        fixture.candle("101.5");
    QCOMPARE(levelsOf(fixture.state()), u"buy 1, sell 2"_s); // bought at 102, now sold at 104
    QCOMPARE(fixture.state().openOrders.back().limitPrice, Price::fromInteger(104));
    config = dcaConfig();
    QVERIFY(fixture.execute(UpdateBot{one, 0, config}));
    fixture.candle("101.5");
    QCOMPARE(levelsOf(fixture.state()), u"dca buy"_s); // and nothing of the grid
}

void OrderStrategiesTest::aRestartAtAnyFactOfAGridLosesNothing_data()
{
    QTest::addColumn<FeeAsset>("feeAsset");
    QTest::addColumn<int>("latency");
    QTest::newRow("fees in quote") << FeeAsset::Quote << 0;
    QTest::newRow("fees in base units") << FeeAsset::Base << 0;
    QTest::newRow("with latency") << FeeAsset::Quote << 200;
}

void OrderStrategiesTest::aRestartAtAnyFactOfAGridLosesNothing()
{
    QFETCH(FeeAsset, feeAsset);
    QFETCH(int, latency);
    BotConfig config = gridConfig();
    config.paper.feeAsset = feeAsset;
    config.paper.latencyMilliseconds = latency;
    EngineFixture whole;
    runGrid(whole, config);
    QCOMPARE(broken(whole), QString());
    QVERIFY(whole.facts.size() > 25);
    for (std::size_t kept = 3; kept <= whole.facts.size(); ++kept) { // made, wished for, started
        EngineFixture fixture;
        runGrid(fixture, config);
        fixture.restart(kept);
        QCOMPARE(fixture.state().status, BotStatus::Running);
        const auto context = [&] { return u" after %1 facts: "_s.arg(kept) + broken(fixture); };
        fixture.candle("101.5");
        fixture.tick("101.5");
        QVERIFY2(broken(fixture).isEmpty(), qPrintable(context()));
        // All that is held is on offer, but for what no order is small enough for.
        Quantity offered;
        for (const Order &order : fixture.state().openOrders) {
            if (order.side == Side::Sell)
                offered = (offered + Quantity::fromRaw(order.quantity.raw() - order.filled.raw())).value().value();
        }
        QCOMPARE(offered, fixture.state().position.quantity);
        for (const char *price : {"99.5", "99.6", "102.5", "102.4", "100.2"}) {
            fixture.clock.advance(300ms);
            fixture.tick(price);
            QVERIFY2(broken(fixture).isEmpty(), qPrintable(context()));
        }
        fixture.candle("105");
        for (int i = 0; i < 2; ++i) {
            fixture.clock.advance(300ms);
            fixture.tick("105");
        }
        QVERIFY2(broken(fixture).isEmpty(), qPrintable(context()));
        QVERIFY2(!fixture.state().position.isOpen(), qPrintable(context()));
        QCOMPARE(levelsOf(fixture.state()), u"buy 1, buy 2, buy 3, buy 4"_s);
    }
}

void OrderStrategiesTest::aGridNeverHoldsTooMuchAndEachPairGains()
{
    QVERIFY(rc::check("a grid over a random walk", [] {
        BotConfig config = gridConfig();
        config.market = *rc::gen::element(Market::Spot, Market::UsdmFutures);
        config.leverage = config.market == Market::Spot ? 1 : *rc::gen::inRange(1, 6);
        config.positionType = config.market == Market::Spot ? PositionType::Long
                                                            : *rc::gen::element(PositionType::Long, PositionType::Both);
        config.paper.latencyMilliseconds = *rc::gen::element(0, 300, 700);
        config.paper.feeAsset =
                config.market == Market::Spot ? *rc::gen::element(FeeAsset::Quote, FeeAsset::Base) : FeeAsset::Quote;
        config.strategyParameters[u"quantity_per_level"_s] =
                *rc::gen::element(Decimal::fromInteger(1), decimal<Decimal>("0.3"), decimal<Decimal>("0.07654321"));
        EngineFixture fixture;
        Instrument instrument;
        instrument.quantityStep = *rc::gen::element(Quantity(), decimal<Quantity>("0.01"), decimal<Quantity>("0.001"));
        instrument.minimumQuantity = instrument.quantityStep;
        fixture.market.instruments[u"BTCUSDT"_s] = instrument;
        fixture.run(config);
        const std::int64_t most = 4 * std::get<Decimal>(config.strategyParameters[u"quantity_per_level"_s]).raw();
        const auto steps = *rc::gen::scale(
                4.0, rc::gen::container<std::vector<Step>>(
                             rc::gen::pair(rc::gen::inRange(0, 20), rc::gen::resize(100, rc::gen::inRange(0, 1000)))));
        int cents = 10'250;
        for (const Step &step : steps) {
            take(fixture, step, cents);
            const QString problem = broken(fixture);
            if (!problem.isEmpty())
                RC_FAIL(problem.toStdString());
            RC_ASSERT(fixture.state().position.quantity.raw() <= most);
        }
        RC_CLASSIFY(fixture.state().life.fills > 4, "trades");
    }));
}

void OrderStrategiesTest::dcaBuysAndSellsByHand()
{
    EngineFixture fixture;
    BotConfig config = dcaConfig();
    config.fees = {Decimal(), Decimal()};
    fixture.run(config);
    fixture.candle("100");
    fixture.tick("100"); // 0.5 for 50
    fixture.candle("80");
    fixture.candle("50");
    fixture.tick("40"); // by the price on which it was decided: 1 for 50, and it costs 40
    QCOMPARE(fills(fixture), (QStringList{u"buy 0.5 at 100"_s, u"buy 1 at 40"_s}));
    // 90 for 1.5: 60 on average, and 63 are 5 % above it.
    fixture.candle("62.99");
    fixture.tick("62.99");
    QVERIFY(fixture.state().position.isOpen());
    fixture.candle("63");
    fixture.tick("64");
    QCOMPARE(fills(fixture), QStringList{u"sell 1.5 at 64"_s});
    QCOMPARE(fixture.state().balance, Money::fromInteger(10'006));
    QCOMPARE(fixture.state().life.trades, 1);
    fixture.candle("64");
    fixture.tick("64");
    QCOMPARE(fills(fixture), QStringList{u"buy 0.78125 at 64"_s});
}

void OrderStrategiesTest::aRestartAtAnyFactOfDcaBuysOnce()
{
    const auto run = [](EngineFixture &fixture) {
        fixture.run(dcaConfig());
        fixture.candle("100");
        fixture.tick("100");
        fixture.candle("100");
    };
    EngineFixture whole;
    run(whole);
    for (std::size_t kept = 3; kept <= whole.facts.size(); ++kept) {
        EngineFixture fixture;
        run(fixture);
        fixture.restart(kept);
        for (int minute = 3; minute <= 6; ++minute) {
            fixture.candle("100");
            fixture.tick("100");
        }
        // Its first buy was due at the end of the first minute, or what is known of it is made up for at the third.
        std::set<qint64> minutes;
        int orders = 0;
        for (const BotEvent &event : fixture.facts) {
            const auto *filled = std::get_if<OrderFilled>(&event.payload);
            if (filled == nullptr)
                continue;
            ++orders;
            minutes.insert(filled->order.createdAt.time_since_epoch() / 1min);
        }
        QVERIFY2(orders == 2 || orders == 3, qPrintable(QString::number(orders)));
        QCOMPARE(minutes.size(), static_cast<std::size_t>(orders));
        QCOMPARE(*minutes.rbegin() - *minutes.begin(), 2 * (orders - 1));
    }
}

void OrderStrategiesTest::whatOnlyBuysIsNotForShortBots()
{
    EngineFixture fixture;
    BotConfig config = gridConfig();
    config.market = Market::UsdmFutures;
    config.positionType = PositionType::Short;
    const auto created = fixture.execute(CreateBot{UserId(1), config});
    QVERIFY(!created);
    QCOMPARE(created.error().fields.first().field, u"position_type"_s);
    config.positionType = PositionType::Both;
    QVERIFY(fixture.execute(CreateBot{UserId(1), config}));
}

namespace {

/// Enters, and from then on lets another limit buy rest far below with each candle.
class Piler final : public Strategy
{
public:
    [[nodiscard]] int warmUpCandles() const override { return 0; }
    void warmUp(const Candle &) override { }
    void onCandle(const StrategyView &view, Intents &intents) override
    {
        ++m_candles;
        if (m_candles == 1)
            intents.push_back({IntentKind::Enter, PositionSide::Long, u"enters"_s});
        if (!view.position.isOpen())
            return;
        Intent intent{IntentKind::Place, PositionSide::Long, u"rests %1"_s.arg(m_candles)};
        intent.order.quantity = Quantity::fromInteger(1);
        intent.order.limitPrice = Price::fromInteger(50);
        intents.push_back(intent);
    }
    [[nodiscard]] QString activity() const override { return u"piles up"_s; }

private:
    int m_candles = 0;
};

} // namespace

/// An exit waits until other orders are gone; one that is placed meanwhile would make it wait for ever.
void OrderStrategiesTest::nothingIsPlacedBeforeAnExitThatWaits()
{
    EngineOptions options;
    options.makeStrategy = [](const BotConfig &) -> Result<std::unique_ptr<Strategy>> {
        return std::make_unique<Piler>();
    };
    EngineFixture fixture(options);
    BotConfig config = followerConfig();
    config.timeframe = Timeframe::S1;
    config.paper.latencyMilliseconds = 2'500;
    config.stopLoss = StopRule{StopKind::Percent, Decimal::fromInteger(3)};
    fixture.run(config);
    const auto second = [&fixture](const char *price) {
        fixture.clock.advance(1s);
        fixture.tick(price);
    };
    for (int i = 0; i < 8; ++i)
        second("100");
    QVERIFY(fixture.state().position.isOpen());
    QVERIFY(!fixture.state().openOrders.empty());
    for (int i = 0; i < 12 && fixture.state().position.isOpen(); ++i)
        second("96");
    QVERIFY(!fixture.state().position.isOpen());
}

QTEST_APPLESS_MAIN(OrderStrategiesTest)
#include "tst_orderstrategies.moc"
