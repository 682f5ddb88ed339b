// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/paperexchange.h"
#include "core/engine/riskgate.h"
#include "tests/support/enginefixture.h"
#include "tests/support/qtestprint.h"

#include <QTest>

using namespace tradebot;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr Timestamp noon = fromMilliseconds(1'795'176'000'000); // 2026-11-20T12:00:00Z

/// An entry of a bot with 10,000 at a price of 100, without limits: what the rows change.
struct Case
{
    BotConfig config = followerConfig();
    Instrument instrument;
    BotState state;
    Price price = Price::fromInteger(100);
    Money equity = Money::fromInteger(10'000);
    Price stopDistance;
    Exposure exposure;
    int ordersLastMinute = 0;

    Checked<Money> openEntries = Money();
    bool lacksAtr = false;

    Case() { state.balance = state.peakEquity = equity; }

    [[nodiscard]] EntryVerdict judge() const
    {
        return judgeEntry({.config = config,
                           .instrument = instrument,
                           .state = state,
                           .price = price,
                           .equity = equity,
                           .stopDistance = stopDistance,
                           .now = noon,
                           .exposure = exposure,
                           .ordersLastMinute = ordersLastMinute,
                           .openEntries = openEntries,
                           .lacksAtr = lacksAtr});
    }
};

using Change = std::function<void(Case &)>;

} // namespace

Q_DECLARE_METATYPE(Change)
Q_DECLARE_METATYPE(Halt)

/// What the risk gate lets through.
class RiskGateTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void anEntryHasTheSizeThatWasAskedFor_data();
    void anEntryHasTheSizeThatWasAskedFor();
    void anEntryIsDeniedWithACode_data();
    void anEntryIsDeniedWithACode();
    void aDeniedOrderNeverReachesTheExchange();
    void aDailyLimitEndsTheDayOnce();

    void aPlacedOrderIsJudgedWithItsOwnSize();
    void anExitKeepsToTheFiltersAlone();
    void losingStopsEndEntriesForATime();
    void botsOfOneAccountShareItsExposure();
};

void RiskGateTest::anEntryHasTheSizeThatWasAskedFor_data()
{
    QTest::addColumn<Change>("change");
    QTest::addColumn<QByteArray>("quantity");
    const auto sizing = [](Case &c, SizingKind kind, const char *value) {
        c.config.sizing = {kind, decimal<Decimal>(value)};
    };
    const auto row = [](const char *name, Change change, const char *quantity) {
        QTest::newRow(name) << change << QByteArray(quantity);
    };
    row(
            "fixed quantity", [=](Case &c) { sizing(c, SizingKind::FixedQuantity, "0.5"); }, "0.5");
    row(
            "fixed quantity is not cut to the money", [=](Case &c) { sizing(c, SizingKind::FixedQuantity, "500"); },
            "500");
    row(
            "fixed quote", [=](Case &c) { sizing(c, SizingKind::FixedQuote, "250"); }, "2.5");
    row(
            "percent", [=](Case &c) { sizing(c, SizingKind::PercentOfEquity, "10"); }, "10");
    row(
            "percent of a third",
            [=](Case &c) {
                sizing(c, SizingKind::PercentOfEquity, "10");
                c.price = Price::fromInteger(3);
            },
            "333.33333333");
    row(
            "percent with leverage",
            [=](Case &c) {
                sizing(c, SizingKind::PercentOfEquity, "10");
                c.config.leverage = 5;
            },
            "50");
    // with a fee of 0.1 % and 0.5 % for what the price may move it is 10,000: ÷ 1.006
    row(
            "all of it leaves room for the fee", [=](Case &c) { sizing(c, SizingKind::PercentOfEquity, "100"); },
            "99.40357852");
    const auto futures = [=](Case &c, int leverage, const char *slippage) {
        sizing(c, SizingKind::PercentOfEquity, "100");
        c.config.market = Market::UsdmFutures;
        c.config.leverage = leverage;
        c.config.fees.taker = decimal<Decimal>("0.0005");
        c.config.slippageBasisPoints = decimal<Decimal>(slippage);
    };
    row(
            "all of it, levered: the fee is on what is levered", [=](Case &c) { futures(c, 20, "0"); },
            "1801.8018018"); // ÷ (1/20 + 0.0005 + 0.005)
    row(
            "all of it, levered, with slippage", [=](Case &c) { futures(c, 20, "10"); },
            "1769.91150442"); // and 0.001
    row(
            "all of a little with the highest leverage",
            [=](Case &c) {
                futures(c, 125, "0");
                c.equity = c.state.balance = Money::fromInteger(300);
            },
            "222.22222222"); // ÷ (1/125 + 0.0055)
    row(
            "no more than the bracket of the leverage", [=](Case &c) { futures(c, 125, "0"); },
            "497.26504226"); // 50,000 ÷ 1.0055
    row(
            "risk",
            [=](Case &c) {
                sizing(c, SizingKind::RiskPercent, "1");
                c.stopDistance = Price::fromInteger(4);
            },
            "25");
    row(
            "risk is cut to the money",
            [=](Case &c) {
                sizing(c, SizingKind::RiskPercent, "50");
                c.stopDistance = Price::fromInteger(1);
            },
            "99.40357852");
    row(
            "down to the step",
            [=](Case &c) {
                sizing(c, SizingKind::FixedQuantity, "1.239");
                c.instrument.quantityStep = decimal<Quantity>("0.01");
            },
            "1.23");
    row(
            "exactly the minimum",
            [=](Case &c) {
                sizing(c, SizingKind::FixedQuantity, "0.5");
                c.instrument.minimumQuantity = decimal<Quantity>("0.5");
                c.instrument.minimumNotional = Money::fromInteger(50);
                c.config.limits.maxPositionQuote = Money::fromInteger(50);
            },
            "0.5");
    row(
            "limits that are not reached",
            [=](Case &c) {
                sizing(c, SizingKind::FixedQuantity, "1");
                c.config.limits.maxDailyLoss = Money::fromInteger(100);
                c.config.limits.maxDailyTrades = 3;
                c.config.limits.maxDrawdownPercent = Decimal::fromInteger(10);
                c.config.limits.cooldownSeconds = 60;
                c.config.limits.maxPositionQuote = Money::fromInteger(100);
                c.state.today.gross = decimal<Money>("-99.99999999");
                c.state.today.trades = 2;
                c.equity = c.state.balance = decimal<Money>("9000.00000001");
                c.state.lastExit = noon - 60s;
            },
            "1");
    row(
            "a gain that is open does not count against the loss of the day",
            [=](Case &c) {
                sizing(c, SizingKind::FixedQuantity, "1");
                c.config.limits.maxDailyLoss = Money::fromInteger(100);
                c.state.today.gross = Money::fromInteger(-99);
                c.equity = Money::fromInteger(11'000);
            },
            "1");
    row(
            "what lies ahead since the clock was set back holds nothing up",
            [=](Case &c) {
                sizing(c, SizingKind::FixedQuantity, "1");
                c.config.limits.cooldownSeconds = 60;
                c.config.limits.stopLossGuard = StopLossGuard{2, 600, 600};
                c.state.lastExit = noon + 24h;
                c.state.losingStops = {noon + 24h - 1min, noon + 24h};
            },
            "1");
}

void RiskGateTest::anEntryHasTheSizeThatWasAskedFor()
{
    QFETCH(Change, change);
    QFETCH(QByteArray, quantity);
    Case entry;
    change(entry);
    const auto verdict = entry.judge();
    QVERIFY2(verdict, verdict ? "" : qPrintable(verdict.error().text()));
    QCOMPARE(verdict->toBytes(), quantity);
}

void RiskGateTest::anEntryIsDeniedWithACode_data()
{
    QTest::addColumn<Change>("change");
    QTest::addColumn<QString>("text");
    QTest::addColumn<Halt>("halt");
    const auto row = [](const char *name, Change change, const char *text, Halt halt = Halt::None) {
        QTest::newRow(name) << change << QString::fromLatin1(text) << halt;
    };
    row(
            "halted", [](Case &c) { c.state.haltedByDailyLimit = true; },
            "daily_limit: entries wait for the next trading day");
    row(
            "loss of the day",
            [](Case &c) {
                c.config.limits.maxDailyLoss = Money::fromInteger(100);
                c.state.today.gross = Money::fromInteger(-99);
                c.state.today.fees = Money::fromInteger(1);
            },
            "max_daily_loss: today=-100 limit=-100", Halt::Day);
    row(
            "loss of the day that is open",
            [](Case &c) {
                c.config.limits.maxDailyLoss = Money::fromInteger(100);
                c.state.today.gross = Money::fromInteger(-60);
                c.equity = Money::fromInteger(9'960);
            },
            "max_daily_loss: today=-60 unrealised=-40 limit=-100", Halt::Day);
    row(
            "trades of the day",
            [](Case &c) {
                c.config.limits.maxDailyTrades = 3;
                c.state.today.trades = 3;
            },
            "max_daily_trades: trades=3 limit=3", Halt::Day);
    row(
            "drawdown",
            [](Case &c) {
                c.config.limits.maxDrawdownPercent = Decimal::fromInteger(10);
                c.equity = Money::fromInteger(9'000);
            },
            "max_drawdown: peak=10000 equity=9000 limit=10%", Halt::Drawdown);
    row(
            "halted by a drawdown", [](Case &c) { c.state.haltedByDrawdown = true; },
            "max_drawdown: entries wait until the owner resumes the bot");
    row(
            "stops that count in an ATR that there is not", [](Case &c) { c.lacksAtr = true; },
            "atr_not_ready: its stops count in an ATR that needs more candles");
    row(
            "cooldown",
            [](Case &c) {
                c.config.limits.cooldownSeconds = 60;
                c.state.lastExit = noon - 59s;
            },
            "cooldown: left_ms=1000 cooldown_s=60");
    row(
            "stops in a row",
            [](Case &c) {
                c.config.limits.stopLossGuard = StopLossGuard{2, 600, 600};
                c.state.losingStops = {noon - 1h, noon - 15min, noon - 6min};
            },
            "stop_loss_guard: stops=2 window_s=600 until=2026-11-20T12:04:00.000Z");
    row(
            "orders of the minute",
            [](Case &c) {
                c.config.limits.maxOrdersPerMinute = 5;
                c.ordersLastMinute = 5;
            },
            "order_rate: orders=5 limit=5 per minute");
    row(
            "an order of which nothing is known", [](Case &c) { c.exposure.hasUnknownOrder = true; },
            "unknown_order: symbol=BTCUSDT waits for the outcome of an order");
    row(
            "exposure of the symbol",
            [](Case &c) {
                c.config.limits.maxSymbolExposureQuote = Money::fromInteger(300);
                c.exposure.symbol = decimal<Money>("200.01");
            },
            "max_symbol_exposure: worth=100 present=200.01 limit=300");
    row(
            "exposure of the account",
            [](Case &c) {
                c.config.limits.maxAccountExposureQuote = Money::fromInteger(300);
                c.exposure.account = decimal<Money>("200.01");
            },
            "max_account_exposure: worth=100 present=200.01 limit=300");
    row(
            "too much leverage for its size",
            [](Case &c) {
                c.config.market = Market::UsdmFutures;
                c.config.leverage = 100;
                c.instrument.brackets = LeverageBrackets::make({{100, Money(), Money::fromInteger(50),
                                                                 decimal<Decimal>("0.01"), Money()},
                                                                {20, Money::fromInteger(50), Money::fromInteger(500),
                                                                 decimal<Decimal>("0.02"), Money()}})
                                                .value();
            },
            "leverage_bracket: worth=100 leverage=100 highest=20");
    row(
            "nothing left", [](Case &c) { c.equity = Money(); }, "no_equity: equity=0");
    row(
            "less than the step",
            [](Case &c) {
                c.config.sizing.value = decimal<Decimal>("0.5");
                c.instrument.quantityStep = Quantity::fromInteger(1);
            },
            "min_quantity: quantity=0 price=100 minimum=0 step=1");
    row(
            "less than the minimum", [](Case &c) { c.instrument.minimumQuantity = Quantity::fromInteger(2); },
            "min_quantity: quantity=1 price=100 minimum=2 step=0");
    row(
            "worth too little", [](Case &c) { c.instrument.minimumNotional = decimal<Money>("100.00000001"); },
            "min_notional: quantity=1 price=100 minimum=100.00000001");
    row(
            "worth too much", [](Case &c) { c.config.limits.maxPositionQuote = decimal<Money>("99.99"); },
            "max_position_quote: quantity=1 price=100 worth=100 limit=99.99");
    row(
            "worth too much with what rests",
            [](Case &c) {
                c.config.limits.maxPositionQuote = Money::fromInteger(300);
                c.state.position = {PositionSide::Long, Quantity::fromInteger(1), Money::fromInteger(100), noon};
                c.openEntries = decimal<Money>("100.01");
            },
            "max_position_quote: quantity=1 price=100 worth=300.01 limit=300");
    row(
            "beyond all money", [](Case &c) { c.config.sizing.value = Decimal::maximum(); },
            "overflow: quantity=92233720368.54775807 price=100");
    row(
            "risk without a stop",
            [](Case &c) {
                c.config.sizing = {SizingKind::RiskPercent, Decimal::fromInteger(1)};
            },
            "overflow: the size cannot be computed at price=100");
}

void RiskGateTest::anEntryIsDeniedWithACode()
{
    QFETCH(Change, change);
    QFETCH(QString, text);
    QFETCH(Halt, halt);
    Case entry;
    change(entry);
    const auto verdict = entry.judge();
    QVERIFY(!verdict);
    QCOMPARE(verdict.error().text(), text);
    QCOMPARE(verdict.error().halt, halt);
}

void RiskGateTest::aDeniedOrderNeverReachesTheExchange()
{
    EngineFixture fixture;
    BotConfig config = followerConfig();
    config.limits.maxPositionQuote = Money::fromInteger(50);
    fixture.run(config);
    fixture.news();
    fixture.candle("101");
    fixture.tick("101");
    QCOMPARE(fixture.news(), (QStringList{u"order denied buy 0 entry: max_position_quote: quantity=1 price=101 "
                                          "worth=101 limit=50"_s}));
    QVERIFY(!fixture.state().position.isOpen());
}

void RiskGateTest::aDailyLimitEndsTheDayOnce()
{
    EngineFixture fixture;
    BotConfig config = followerConfig();
    config.limits.maxDailyTrades = 1;
    fixture.enter(config);
    fixture.candle("99");
    fixture.tick("99");
    QCOMPARE(fixture.state().today.trades, 1);
    QVERIFY(fixture.state().haltedByDailyLimit);
    QCOMPARE(fixture.news().last(), u"daily limit"_s);
    fixture.candle("102");
    fixture.candle("98");
    fixture.candle("103");
    QVERIFY(fixture.news().last().startsWith(u"order denied buy 0 entry: daily_limit"));
    fixture.pass(24h);
    QVERIFY(!fixture.state().haltedByDailyLimit);
    QCOMPARE(fixture.state().today.trades, 0);
    fixture.candle("97");
    fixture.candle("104");
    fixture.tick("104");
    QVERIFY(fixture.state().position.isOpen());
}

void RiskGateTest::aPlacedOrderIsJudgedWithItsOwnSize()
{
    Case entry;
    entry.instrument.quantityStep = decimal<Quantity>("0.1");
    const auto judge = [&entry](const char *quantity) {
        return judgePlacedEntry({.config = entry.config,
                                 .instrument = entry.instrument,
                                 .state = entry.state,
                                 .price = entry.price,
                                 .equity = entry.equity,
                                 .stopDistance = Price(),
                                 .now = noon},
                                decimal<Quantity>(quantity));
    };
    QCOMPARE(judge("0.19")->toBytes(), "0.1"); // down to the step
    QCOMPARE(judge("0.09").error().code, "min_quantity"_L1);
    entry.config.limits.maxPositionQuote = Money::fromInteger(150);
    entry.state.position = {PositionSide::Long, Quantity::fromInteger(1), Money::fromInteger(100), noon};
    QCOMPARE(judge("0.5")->toBytes(), "0.5");
    QCOMPARE(judge("0.6").error().code, "max_position_quote"_L1); // with what is held
    entry.state.haltedByDailyLimit = true;
    QCOMPARE(judge("0.1").error().code, "daily_limit"_L1);
}

void RiskGateTest::anExitKeepsToTheFiltersAlone()
{
    Instrument instrument;
    instrument.quantityStep = decimal<Quantity>("0.1");
    instrument.minimumNotional = Money::fromInteger(10);
    const Price price = Price::fromInteger(100);
    QCOMPARE(judgePlacedExit(instrument, price, decimal<Quantity>("0.29"))->toBytes(), "0.2");
    QCOMPARE(judgePlacedExit(instrument, price, decimal<Quantity>("0.05")).error().code, "min_quantity"_L1);
    QCOMPARE(judgePlacedExit(instrument, Price::fromInteger(99), decimal<Quantity>("0.1")).error().code,
             "min_notional"_L1);
    instrument.market = Market::UsdmFutures; // what only reduces a position may be worth as little as it is
    QCOMPARE(judgePlacedExit(instrument, Price::fromInteger(99), decimal<Quantity>("0.1"))->toBytes(), "0.1");
}

void RiskGateTest::losingStopsEndEntriesForATime()
{
    EngineFixture fixture;
    BotConfig config = followerConfig();
    config.stopLoss = StopRule{StopKind::Percent, Decimal::fromInteger(1)};
    config.limits.stopLossGuard = StopLossGuard{2, 3600, 1800};
    fixture.run(config);
    for (const char *price : {"101", "102"}) { // twice in, and out by the stop
        fixture.candle(price);
        fixture.tick(price);
        fixture.tick("90");
        fixture.tick("90");
        QVERIFY(!fixture.state().position.isOpen());
        fixture.candle("90");
    }
    fixture.restart(); // it is remembered
    fixture.candle("89");
    fixture.news();
    fixture.candle("103");
    fixture.tick("103");
    QVERIFY(fixture.news().join(u'\n').contains(u"stop_loss_guard: stops=2 window_s=3600"_s));
    QVERIFY(!fixture.state().position.isOpen());
    fixture.pass(30min);
    fixture.candle("90");
    fixture.candle("104");
    fixture.tick("104");
    QVERIFY(fixture.state().position.isOpen());
}

void RiskGateTest::botsOfOneAccountShareItsExposure()
{
    EngineFixture fixture;
    BotConfig config = followerConfig();
    config.limits.maxSymbolExposureQuote = Money::fromInteger(250);
    const BotId one = fixture.run(config);
    const BotId two = fixture.run(config);
    const BotId three = fixture.run(config);
    config.symbol = Symbol(u"ETHUSDT"_s);
    config.limits.maxAccountExposureQuote = Money::fromInteger(250);
    const BotId four = fixture.run(config);
    for (const auto pause : {59'999ms, 1'001ms}) {
        fixture.tick("101");
        fixture.tick("101", u"ETHUSDT"_s);
        fixture.pass(pause); // the second time, the candle ends
    }
    fixture.tick("101");
    fixture.tick("101", u"ETHUSDT"_s);
    fixture.tick("101", u"ETHUSDT"_s);
    QVERIFY(fixture.state(one).position.isOpen());
    QVERIFY(fixture.state(two).position.isOpen());
    QVERIFY(!fixture.state(three).position.isOpen()); // 202 are there, 101 more are too much
    QVERIFY(!fixture.state(four).position.isOpen());  // another symbol, but the same account
    const QString all = fixture.news().join(u'\n');
    QVERIFY(all.contains(u"max_symbol_exposure: worth=101 present=202 limit=250"_s));
    QVERIFY(all.contains(u"max_account_exposure: worth=101 present=202 limit=250"_s));
}

QTEST_GUILESS_MAIN(RiskGateTest)
#include "tst_riskgate.moc"
