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
    Money peak = Money::fromInteger(10'000);
    Price stopDistance;
    Exposure exposure;
    int ordersLastMinute = 0;

    Case() { state.balance = Money::fromInteger(10'000); }

    [[nodiscard]] EntryVerdict judge() const
    {
        return judgeEntry({.config = config,
                           .instrument = instrument,
                           .state = state,
                           .price = price,
                           .equity = equity,
                           .peakEquity = peak,
                           .stopDistance = stopDistance,
                           .now = noon,
                           .exposure = exposure,
                           .ordersLastMinute = ordersLastMinute});
    }
};

using Change = std::function<void(Case &)>;

Order marketOrder(Side side, const char *quantity, bool reduceOnly = false)
{
    Order order;
    order.id = {BotId(1), EventSequence(7)};
    order.side = side;
    order.quantity = decimal<Quantity>(quantity);
    order.reduceOnly = reduceOnly;
    order.state = OrderState::Submitted;
    return order;
}

OrderReport trade(const BotConfig &config, const Instrument &instrument, const Order &order, const char *price,
                  const PaperAccount &account)
{
    PaperExchange exchange(config, instrument);
    exchange.submit(order);
    exchange.submit(order); // a retry is the same order
    auto report = exchange.match(decimal<Price>(price), noon, account);
    if (exchange.hasOrders())
        qFatal("a retry became a second order");
    return report;
}

PaperAccount account(const char *balance, const char *held = "0", PositionSide side = PositionSide::Flat,
                     const char *cost = "0")
{
    return {decimal<Money>(balance), decimal<Quantity>(held), side, decimal<Money>(cost)};
}

} // namespace

Q_DECLARE_METATYPE(Change)

/// What the risk gate lets through, and what the paper exchange makes of it.
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

    void aMarketOrderFillsAgainstUs_data();
    void aMarketOrderFillsAgainstUs();
    void anOrderIsRefusedWithoutMoney_data();
    void anOrderIsRefusedWithoutMoney();
    void aReduceOnlyOrderNeverTurnsAPosition();
    void onlyMarketOrdersAreTaken();
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
    // 10,000 less a fee of 0.1 % and 0.5 % for what the price may move
    row(
            "all of it leaves room for the fee", [=](Case &c) { sizing(c, SizingKind::PercentOfEquity, "100"); },
            "99.4");
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
            "99.4");
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
                c.equity = decimal<Money>("9000.00000001");
                c.state.lastExit = noon - 60s;
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
    QTest::addColumn<bool>("endsTheDay");
    const auto row = [](const char *name, Change change, const char *text, bool endsTheDay = false) {
        QTest::newRow(name) << change << QString::fromLatin1(text) << endsTheDay;
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
            "max_daily_loss: today=-100 limit=-100", true);
    row(
            "trades of the day",
            [](Case &c) {
                c.config.limits.maxDailyTrades = 3;
                c.state.today.trades = 3;
            },
            "max_daily_trades: trades=3 limit=3", true);
    row(
            "drawdown",
            [](Case &c) {
                c.config.limits.maxDrawdownPercent = Decimal::fromInteger(10);
                c.equity = Money::fromInteger(9'000);
            },
            "max_drawdown: peak=10000 equity=9000 limit=10%");
    row(
            "cooldown",
            [](Case &c) {
                c.config.limits.cooldownSeconds = 60;
                c.state.lastExit = noon - 59s;
            },
            "cooldown: left_ms=1000 cooldown_s=60");
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
    QFETCH(bool, endsTheDay);
    Case entry;
    change(entry);
    const auto verdict = entry.judge();
    QVERIFY(!verdict);
    QCOMPARE(verdict.error().text(), text);
    QCOMPARE(verdict.error().endsTheDay, endsTheDay);
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
    fixture.candle("102");
    QVERIFY(fixture.state().haltedByDailyLimit);
    QCOMPARE(fixture.news().last(), u"daily limit"_s);
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

void RiskGateTest::aMarketOrderFillsAgainstUs_data()
{
    QTest::addColumn<Side>("side");
    QTest::addColumn<QByteArray>("slippage");
    QTest::addColumn<QByteArray>("step");
    QTest::addColumn<QByteArray>("price");
    QTest::addColumn<QByteArray>("fee");
    QTest::newRow("buy") << Side::Buy << QByteArray("0") << QByteArray("0.01") << QByteArray("100.03")
                         << QByteArray("0.030009");
    QTest::newRow("buy with slippage") << Side::Buy << QByteArray("5") << QByteArray("0.01") << QByteArray("100.09")
                                       << QByteArray("0.030027");
    QTest::newRow("sell with slippage") << Side::Sell << QByteArray("5") << QByteArray("0.01") << QByteArray("99.97")
                                        << QByteArray("0.029991");
    QTest::newRow("buy, no step") << Side::Buy << QByteArray("5") << QByteArray("0") << QByteArray("100.080015")
                                  << QByteArray("0.03002401"); // 0.0300240045, up
}

void RiskGateTest::aMarketOrderFillsAgainstUs()
{
    QFETCH(Side, side);
    QFETCH(QByteArray, slippage);
    QFETCH(QByteArray, step);
    QFETCH(QByteArray, price);
    QFETCH(QByteArray, fee);
    BotConfig config = followerConfig(PositionType::Both);
    config.slippageBasisPoints = Decimal::parse(slippage).value();
    Instrument instrument;
    instrument.priceStep = Price::parse(step).value();
    const OrderReport report = trade(config, instrument, marketOrder(side, "0.3"), "100.03", account("10000"));
    QVERIFY2(report.fill, qPrintable(report.reason));
    QCOMPARE(report.trigger, OrderTrigger::Fill);
    QCOMPARE(report.fill->price.toBytes(), price);
    QCOMPARE(report.fill->quantity.toBytes(), "0.3");
    QCOMPARE(report.fill->fee.toBytes(), fee);
}

void RiskGateTest::anOrderIsRefusedWithoutMoney_data()
{
    QTest::addColumn<Market>("market");
    QTest::addColumn<int>("leverage");
    QTest::addColumn<QByteArray>("balance");
    QTest::addColumn<bool>("fills");
    const auto row = [](const char *name, Market market, int leverage, const char *balance, bool fills) {
        QTest::newRow(name) << market << leverage << QByteArray(balance) << fills;
    };
    // one coin at 100, with a fee of 0.1
    row("spot, to the cent", Market::Spot, 1, "100.1", true);
    row("spot, a trifle short", Market::Spot, 1, "100.09999999", false);
    row("margin, to the cent", Market::UsdmFutures, 10, "10.1", true);
    row("margin, a trifle short", Market::UsdmFutures, 10, "10.09999999", false);
    row("margin that does not divide, up", Market::UsdmFutures, 3, "33.43333334", true);
    row("margin that does not divide, short", Market::UsdmFutures, 3, "33.43333333", false);
}

void RiskGateTest::anOrderIsRefusedWithoutMoney()
{
    QFETCH(Market, market);
    QFETCH(int, leverage);
    QFETCH(QByteArray, balance);
    QFETCH(bool, fills);
    BotConfig config = followerConfig();
    config.market = market;
    config.leverage = leverage;
    const OrderReport report = trade(config, {}, marketOrder(Side::Buy, "1"), "100", account(balance.constData()));
    QCOMPARE(report.fill.has_value(), fills);
    QCOMPARE(report.trigger, fills ? OrderTrigger::Fill : OrderTrigger::Reject);
    if (!fills)
        QVERIFY2(report.reason.startsWith(u"insufficient balance: needed="), qPrintable(report.reason));
}

void RiskGateTest::aReduceOnlyOrderNeverTurnsAPosition()
{
    const BotConfig config = followerConfig(PositionType::Both);
    const Order sell = marketOrder(Side::Sell, "3", true);
    const auto longer = trade(config, {}, sell, "100", account("1", "2", PositionSide::Long, "200"));
    QVERIFY(longer.fill);
    QCOMPARE(longer.fill->quantity.toBytes(), "2");
    const auto flat = trade(config, {}, sell, "100", account("1000"));
    QCOMPARE(flat.trigger, OrderTrigger::Reject);
    const auto shorter = trade(config, {}, sell, "100", account("1000", "2", PositionSide::Short, "200"));
    QCOMPARE(shorter.trigger, OrderTrigger::Reject);
}

void RiskGateTest::onlyMarketOrdersAreTaken()
{
    Order order = marketOrder(Side::Buy, "1");
    order.type = OrderType::Limit;
    const auto report = trade(followerConfig(), {}, order, "100", account("1000"));
    QCOMPARE(report.trigger, OrderTrigger::Reject);
    QVERIFY(!report.reason.isEmpty());
}

QTEST_GUILESS_MAIN(RiskGateTest)
#include "tst_riskgate.moc"
