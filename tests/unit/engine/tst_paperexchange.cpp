// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/paperexchange.h"
#include "tests/support/qtestprint.h"

#include <QTest>

#include <functional>

using namespace tradebot;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr Timestamp noon = fromMilliseconds(1'795'176'000'000); // 2026-11-20T12:00:00Z

template<class T>
T decimal(const char *text)
{
    return T::parse(QByteArrayView(text)).value();
}

BotConfig spotConfig()
{
    BotConfig config;
    config.initialBalance = Money::fromInteger(10'000);
    config.fees = {decimal<Decimal>("0.001"), decimal<Decimal>("0.002")};
    return config;
}

/// 10 x, fees of 0 so that the margin stands alone.
BotConfig futuresConfig(MarginType type = MarginType::Isolated)
{
    BotConfig config = spotConfig();
    config.market = Market::UsdmFutures;
    config.positionType = PositionType::Both;
    config.leverage = 10;
    config.marginType = type;
    config.fees = {Decimal(), Decimal()};
    config.initialBalance = Money::fromInteger(1'000);
    return config;
}

/// An exchange of one bot, and all that it says: one short line each.
class Lab final : private ExecutionSink
{
public:
    explicit Lab(const BotConfig &config = spotConfig(), const char *quantityStep = "0.1",
                 const char *minimumQuantity = "0", const char *minimumNotional = "0")
        : m_config(config),
          m_instrument(instrumentOf(config, quantityStep, minimumQuantity, minimumNotional)),
          venue(config, m_instrument)
    {
        venue.setSink(this);
    }

    Order make(Side side, OrderType type, const char *quantity, const char *limit = "0", const char *stop = "0")
    {
        Order order;
        order.id = {BotId(1), EventSequence(++m_last)};
        order.side = side;
        order.type = type;
        order.quantity = decimal<Quantity>(quantity);
        order.limitPrice = decimal<Price>(limit);
        order.stopPrice = decimal<Price>(stop);
        order.state = OrderState::Submitted;
        order.createdAt = now;
        return order;
    }
    Order buy(const char *quantity) { return make(Side::Buy, OrderType::Market, quantity); }
    Order sell(const char *quantity) { return make(Side::Sell, OrderType::Market, quantity); }
    Order buyAt(const char *quantity, const char *limit) { return make(Side::Buy, OrderType::Limit, quantity, limit); }
    Order sellAt(const char *quantity, const char *limit)
    {
        return make(Side::Sell, OrderType::Limit, quantity, limit);
    }
    Order stop(Side side, const char *quantity, const char *price)
    {
        return make(side, OrderType::Stop, quantity, "0", price);
    }

    /// Submits them and lets a price come.
    QStringList at(const char *price, std::initializer_list<Order> orders = {}, const char *volume = "0")
    {
        for (const Order &order : orders)
            venue.submit(order);
        now += 1s;
        venue.tick({now, decimal<Price>(price), decimal<Quantity>(volume)});
        return news();
    }
    QStringList at(const Tick &tick)
    {
        now += 1s;
        Tick timed = tick;
        timed.time = now;
        venue.tick(timed);
        return news();
    }
    QStringList news() { return std::exchange(m_news, {}); }
    [[nodiscard]] QByteArray balance() const { return venue.account().balance().toBytes(); }
    [[nodiscard]] QByteArray held() const { return venue.account().position().quantity.toBytes(); }

    std::function<void(const OrderReport &)> answer; ///< what the owner does from within a report
    std::vector<OrderReport> reports;
    std::vector<MoneyMoved> money;
    std::vector<ExternalFill> external;
    Timestamp now = noon;

private:
    static Instrument instrumentOf(const BotConfig &config, const char *quantityStep, const char *minimumQuantity,
                                   const char *minimumNotional)
    {
        Instrument instrument;
        instrument.symbol = Symbol(u"BTCUSDT"_s);
        instrument.market = config.market;
        instrument.base = u"BTC"_s;
        instrument.quote = u"USDT"_s;
        instrument.priceStep = decimal<Price>("0.1");
        instrument.quantityStep = decimal<Quantity>(quantityStep);
        instrument.minimumQuantity = decimal<Quantity>(minimumQuantity);
        instrument.minimumNotional = decimal<Money>(minimumNotional);
        return instrument;
    }

    void orderReport(const OrderReport &report) override
    {
        QString line = u"%1 %2"_s.arg(report.order.sequence.value()).arg(toName(report.trigger));
        if (report.fill) {
            const Fill &fill = *report.fill;
            line += u" %1 at %2 fee %3"_s.arg(fill.quantity.toString(), fill.price.toString(), fill.fee.toString());
            if (fill.isMaker)
                line += u" maker"_s;
        }
        if (!report.stopPrice.isZero())
            line += u" stop %1"_s.arg(report.stopPrice.toString());
        if (!report.reason.isEmpty())
            line += u": "_s + report.reason;
        m_news.append(line);
        reports.push_back(report);
        if (answer)
            answer(report);
    }
    void orderUnanswered(const ClientOrderId &, const QString &) override { m_news.append(u"unanswered"_s); }
    void orderNotFound(const ClientOrderId &order) override
    {
        m_news.append(u"%1 not found"_s.arg(order.sequence.value()));
    }
    void externalFill(const ExternalFill &fill) override
    {
        m_news.append(u"%1 %2 %3 at %4"_s.arg(toName(fill.purpose), toName(fill.fill.side),
                                              fill.fill.quantity.toString(), fill.fill.price.toString()));
        external.push_back(fill);
    }
    void moneyMoved(const MoneyMoved &moved) override
    {
        m_news.append(u"%1 %2"_s.arg(toName(moved.kind), moved.amount.toString()));
        money.push_back(moved);
    }
    void reconciled(const Result<void> &result) override
    {
        m_news.append(result ? u"reconciled"_s : result.error().text);
    }

    BotConfig m_config;
    Instrument m_instrument;
    qint64 m_last = 0;
    QStringList m_news;

public:
    PaperExchange venue; ///< last, as it is made of the others
};

Order reducing(Order order)
{
    order.reduceOnly = true;
    return order;
}

Order with(Order order, TimeInForce force)
{
    order.timeInForce = force;
    return order;
}

Order grouped(Order order, int group)
{
    order.oneCancelsOther = EventSequence(group);
    return order;
}

Tick quote(const char *price, const char *bid, const char *ask, const char *volume = "0")
{
    return {Timestamp(), decimal<Price>(price), decimal<Quantity>(volume), decimal<Price>(bid), decimal<Price>(ask)};
}

Tick marked(const char *price, const char *mark)
{
    Tick tick{Timestamp(), decimal<Price>(price), Quantity()};
    tick.mark = decimal<Price>(mark);
    return tick;
}

} // namespace

/// Hand-worked cases of each rule of the paper exchange.
class PaperExchangeTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    // orders that take
    void aMarketOrderFillsAtTheNextPriceAgainstItsQuote();
    void slippageIsRoundedAgainstUsToThePriceStep();
    void aTradesVolumeBoundsWhatTakersGetTogether();
    void whatIsLeftOfADepthIsAtLeastOneStep();
    void immediateOrCancelTakesWhatThereIs();
    void fillOrKillIsAllOrNothing();
    // limits
    void aMarketableLimitTakesNoWorseThanItsLimit();
    void aLimitOrderRestsUntilThePriceGoesThrough();
    void atItsPriceALimitOrderGetsItsShareOfTheQueue();
    void postOnlyNeverTakes();
    void aLimitOrderThatMayNotRestExpires();
    // stops
    void aStopTriggersAndTakesAtTheSamePrice();
    void aStopThatWouldTriggerAtOnceIsRefused_data();
    void aStopThatWouldTriggerAtOnceIsRefused();
    void aStopLimitThatIsJumpedOverRests();
    void aTakeProfitTriggersOnTheOtherSide();
    void aTrailingStopFollowsTheBestPrice();
    // orders among each other
    void reduceOnlyNeverTakesMoreThanThereIs();
    void aReduceOnlyOrderShrinksAndEndsWithThePosition();
    void oneFillCancelsTheOthers();
    void aTriggerCancelsTheOthers();
    // latency
    void ordersAndCancelsTakeTheirTime();
    void aCancelThatWasUnderWayArrivesAtItsTime();
    void withoutLatencyAnOrderWaitsForTheNextPrice();
    void ordersActInTheOrderOfTheirArrival();
    // money
    void spotBuysNeedTheirCostAndTheWorstFee();
    void restingOrdersBindMoney();
    void whatIsBoundIsRoundedUp();
    void theRestOfALimitOrderIsPaidAtItsLimit();
    void ordersThatEndEachOtherBindMoneyOnce();
    void spotSellsNeedWhatTheySell();
    void futuresNeedTheirInitialMargin();
    void aTurnThroughFlatNeedsMarginForWhatItOpens();
    void leverageAboveTheBracketIsRefused();
    void feesInBaseUnitsAreKeptFromWhatWasBought();
    void anOverflowIsARefusal_data();
    void anOverflowIsARefusal();
    void nonsenseIsRefused_data();
    void nonsenseIsRefused();
    // futures
    void fundingIsPaidAtEachBoundary();
    void aLongGapBooksEveryBoundary();
    void anIsolatedPositionLosesItsMarginAtMost();
    void aCrossAccountEndsAtNothingAtWorst();
    void aLiquidationComesWhenNothingIsLeft();
    void fundingTakesAnIsolatedAccountToNothingAndNoFurther();
    void aFillFarFromTheMarkPriceLeavesNoDebt();
    void withCrossMarginALossThatIsOpenCannotBeSpentTwice();
    void whatTheFiltersForbidIsRejected_data();
    void whatTheFiltersForbidIsRejected();
    void aFeeInAThirdAssetIsCountedByItsPrice();
    void aClockThatWasAheadHoldsNoOrderUp();
    void aLiquidationCancelsWhatIsOpen();
    void theLiquidationPriceIsWhereItHappens_data();
    void theLiquidationPriceIsWhereItHappens();
    // questions
    void aQuestionIsAnsweredWithWhatIsMissing();
    void anUnknownOrderIsNotFound();
    void aRepeatIsTheSameOrder();
    void reconcilingTellsWhatIsKnown();
    void aRestoredBookGoesOn();
    void whatWaitsForVolumeBindsItsMoneyAfterARestart();
    void theOwnerMayActFromWithinAReport();
    // candles of the past
    void theWayInsideACandleIsWalkedOrderByOrder();
    void aTrailingStopMovesInsideACandle();
    void aStopOfTheEngineFillsAtItsLevel();
};

void PaperExchangeTest::aMarketOrderFillsAtTheNextPriceAgainstItsQuote()
{
    Lab lab;
    QVERIFY(!lab.venue.wantsPrices());
    lab.venue.submit(lab.buy("2"));
    QVERIFY(lab.venue.wantsPrices());
    QCOMPARE(lab.news(), QStringList());
    // 2 × 100.5 × 0.002 = 0.402
    QCOMPARE(lab.at(quote("100", "99.5", "100.5")), QStringList{u"1 fill 2 at 100.5 fee 0.402"_s});
    QCOMPARE(lab.balance(), "9999.598");
    QVERIFY(!lab.venue.wantsPrices());
    lab.venue.submit(lab.sell("2"));
    // 2 × 99.5 × 0.002 = 0.398; realised 199 − 201 = −2
    QCOMPARE(lab.at(quote("100", "99.5", "100.5")), QStringList{u"2 fill 2 at 99.5 fee 0.398"_s});
    QCOMPARE(lab.balance(), "9997.2");
    QCOMPARE(lab.reports.back().fill->exchangeTradeId.value(), u"paper-2-1"_s);
    QCOMPARE(lab.reports.back().filled, std::optional(Quantity::fromInteger(2)));
    QVERIFY(lab.reports.back().exchangeId.isValid());
}

void PaperExchangeTest::slippageIsRoundedAgainstUsToThePriceStep()
{
    BotConfig config = spotConfig();
    config.slippageBasisPoints = decimal<Decimal>("5"); // 0.05 % of 100 is 0.05: a step of 0.1
    Lab lab(config);
    QCOMPARE(lab.at("100", {lab.buy("1")}), QStringList{u"1 fill 1 at 100.1 fee 0.2002"_s});
    QCOMPARE(lab.at("100", {lab.sell("1")}), QStringList{u"2 fill 1 at 99.9 fee 0.1998"_s});
}

void PaperExchangeTest::aTradesVolumeBoundsWhatTakersGetTogether()
{
    BotConfig config = spotConfig();
    config.paper.depthPercent = decimal<Decimal>("25");
    Lab lab(config);
    // 25 % of 6.3 is 1.575: 1.5 for both
    QCOMPARE(lab.at("100", {lab.buy("1"), lab.buy("1")}, "6.3"),
             (QStringList{u"1 fill 1 at 100 fee 0.2"_s, u"2 accept"_s, u"2 partial_fill 0.5 at 100 fee 0.1"_s}));
    QCOMPARE(lab.at("101", {}, "0.8"), QStringList{u"2 partial_fill 0.2 at 101 fee 0.0404"_s});
    QCOMPARE(lab.at("102"), QStringList{u"2 fill 0.3 at 102 fee 0.0612"_s}); // a volume that nobody knows
    QCOMPARE(lab.reports.back().fill->exchangeTradeId.value(), u"paper-2-3"_s);
}

void PaperExchangeTest::whatIsLeftOfADepthIsAtLeastOneStep()
{
    BotConfig config = spotConfig();
    config.paper.depthPercent = decimal<Decimal>("1");
    Lab lab(config);
    QCOMPARE(lab.at("100", {lab.buy("0.3")}, "0.5"),
             (QStringList{u"1 accept"_s, u"1 partial_fill 0.1 at 100 fee 0.02"_s}));
}

void PaperExchangeTest::immediateOrCancelTakesWhatThereIs()
{
    BotConfig config = spotConfig();
    config.paper.depthPercent = decimal<Decimal>("50");
    Lab lab(config);
    QCOMPARE(lab.at("100", {with(lab.buy("2"), TimeInForce::Ioc)}, "2"),
             (QStringList{u"1 accept"_s, u"1 partial_fill 1 at 100 fee 0.2"_s,
                          u"1 expire: immediate or cancel: no more could be had"_s}));
    QCOMPARE(lab.at("100", {with(lab.buyAt("2", "100"), TimeInForce::Ioc)}, "2"),
             (QStringList{u"2 accept"_s, u"2 partial_fill 1 at 100 fee 0.2"_s,
                          u"2 expire: immediate or cancel: no more could be had at 100"_s}));
}

void PaperExchangeTest::fillOrKillIsAllOrNothing()
{
    BotConfig config = spotConfig();
    config.paper.depthPercent = decimal<Decimal>("50");
    Lab lab(config);
    QCOMPARE(lab.at("100", {with(lab.buy("2"), TimeInForce::Fok)}, "2"),
             (QStringList{u"1 accept"_s, u"1 expire: fill or kill: 1 of 2 could be had"_s}));
    QCOMPARE(lab.at("100", {with(lab.buyAt("2", "100"), TimeInForce::Fok)}, "4"),
             (QStringList{u"2 accept"_s, u"2 fill 2 at 100 fee 0.4"_s}));
    QCOMPARE(lab.at("100", {with(lab.buyAt("2", "99"), TimeInForce::Fok)}, "4"),
             (QStringList{u"3 accept"_s, u"3 expire: fill or kill: 0 of 2 could be had at 99"_s}));
}

void PaperExchangeTest::aMarketableLimitTakesNoWorseThanItsLimit()
{
    BotConfig config = spotConfig();
    config.slippageBasisPoints = decimal<Decimal>("100"); // 1 % of 100: 101
    Lab lab(config);
    QCOMPARE(lab.at("100", {lab.buyAt("1", "100.4")}), (QStringList{u"1 accept"_s, u"1 fill 1 at 100.4 fee 0.2008"_s}));
    QCOMPARE(lab.at("100", {lab.sellAt("1", "98")}), (QStringList{u"2 accept"_s, u"2 fill 1 at 99 fee 0.198"_s}));
}

void PaperExchangeTest::aLimitOrderRestsUntilThePriceGoesThrough()
{
    Lab lab;
    QCOMPARE(lab.at("100", {lab.buyAt("1", "99")}), QStringList{u"1 accept"_s});
    QCOMPARE(lab.at("99.1"), QStringList());
    QCOMPARE(lab.at("90"), QStringList{u"1 fill 1 at 99 fee 0.099 maker"_s}); // a gap is no gift
    QCOMPARE(lab.at("90", {lab.sellAt("1", "91")}), QStringList{u"2 accept"_s});
    QCOMPARE(lab.at("91"), QStringList());
    QCOMPARE(lab.at("91.1"), QStringList{u"2 fill 1 at 91 fee 0.091 maker"_s});
}

void PaperExchangeTest::atItsPriceALimitOrderGetsItsShareOfTheQueue()
{
    Lab lab; // 25 %
    QCOMPARE(lab.at("100", {lab.buyAt("1", "99"), lab.buyAt("1", "99")}), (QStringList{u"1 accept"_s, u"2 accept"_s}));
    QCOMPARE(lab.at("99", {}, "0.3"), QStringList()); // 0.075 is less than a step
    QCOMPARE(lab.at("99", {}, "3"), QStringList{u"1 partial_fill 0.7 at 99 fee 0.0693 maker"_s}); // 0.75
    QCOMPARE(lab.at("99", {}, "2"),
             (QStringList{u"1 fill 0.3 at 99 fee 0.0297 maker"_s, u"2 partial_fill 0.2 at 99 fee 0.0198 maker"_s}));
    QCOMPARE(lab.at("98.9"), QStringList{u"2 fill 0.8 at 99 fee 0.0792 maker"_s});
}

void PaperExchangeTest::postOnlyNeverTakes()
{
    Lab lab;
    Order order = lab.buyAt("1", "100");
    order.postOnly = true;
    QCOMPARE(lab.at("100", {order}), QStringList{u"1 reject: post-only: it would take at 100"_s});
    order = lab.buyAt("1", "99.9");
    order.postOnly = true;
    QCOMPARE(lab.at("100", {order}), QStringList{u"2 accept"_s});
}

void PaperExchangeTest::aLimitOrderThatMayNotRestExpires()
{
    Lab lab;
    QCOMPARE(lab.at("100", {with(lab.buyAt("1", "99"), TimeInForce::Ioc)}),
             (QStringList{u"1 accept"_s, u"1 expire: immediate or cancel: no more could be had at 99"_s}));
}

void PaperExchangeTest::aStopTriggersAndTakesAtTheSamePrice()
{
    Lab lab;
    lab.at("100", {lab.buy("1")});
    QCOMPARE(lab.at("100", {reducing(lab.stop(Side::Sell, "1", "95"))}), QStringList{u"2 accept"_s});
    QCOMPARE(lab.at("95.1"), QStringList());
    QCOMPARE(lab.at("93"), (QStringList{u"2 trigger"_s, u"2 fill 1 at 93 fee 0.186"_s}));
    QCOMPARE(lab.at("93", {lab.stop(Side::Buy, "1", "94")}), QStringList{u"3 accept"_s});
    QCOMPARE(lab.at("94"), (QStringList{u"3 trigger"_s, u"3 fill 1 at 94 fee 0.188"_s}));
}

void PaperExchangeTest::aStopThatWouldTriggerAtOnceIsRefused_data()
{
    QTest::addColumn<Side>("side");
    QTest::addColumn<OrderType>("type");
    QTest::addColumn<QByteArray>("stop");
    QTest::addRow("a stop below") << Side::Sell << OrderType::Stop << QByteArray("100");
    QTest::addRow("a stop above") << Side::Buy << OrderType::Stop << QByteArray("100");
    QTest::addRow("a stop-limit below") << Side::Sell << OrderType::StopLimit << QByteArray("101");
    QTest::addRow("a target above") << Side::Sell << OrderType::TakeProfit << QByteArray("100");
    QTest::addRow("a target below") << Side::Buy << OrderType::TakeProfit << QByteArray("101");
}

void PaperExchangeTest::aStopThatWouldTriggerAtOnceIsRefused()
{
    QFETCH(Side, side);
    QFETCH(OrderType, type);
    QFETCH(QByteArray, stop);
    Lab lab;
    lab.at("100", {lab.buy("1")});
    QCOMPARE(lab.at("100", {lab.make(side, type, "1", type == OrderType::StopLimit ? "99" : "0", stop.constData())}),
             QStringList{u"2 reject: the stop at %1 would trigger immediately: the price is 100"_s.arg(
                     QString::fromLatin1(stop))});
}

void PaperExchangeTest::aStopLimitThatIsJumpedOverRests()
{
    Lab lab;
    lab.at("100", {lab.buy("2")});
    lab.at("100", {lab.make(Side::Sell, OrderType::StopLimit, "1", "94", "95"),
                   lab.make(Side::Sell, OrderType::StopLimit, "1", "92", "95")});
    // 93 is below the limit of the first: it rests; the second takes
    QCOMPARE(lab.at("93"), (QStringList{u"2 trigger"_s, u"3 trigger"_s, u"3 fill 1 at 93 fee 0.186"_s}));
    QCOMPARE(lab.at("90"), QStringList());
    QCOMPARE(lab.at("94.1"), QStringList{u"2 fill 1 at 94 fee 0.094 maker"_s});
}

void PaperExchangeTest::aTakeProfitTriggersOnTheOtherSide()
{
    Lab lab;
    lab.at("100", {lab.buy("1")});
    lab.at("100", {lab.make(Side::Sell, OrderType::TakeProfit, "1", "0", "105")});
    QCOMPARE(lab.at("104.9"), QStringList());
    QCOMPARE(lab.at("106"), (QStringList{u"2 trigger"_s, u"2 fill 1 at 106 fee 0.212"_s}));
}

void PaperExchangeTest::aTrailingStopFollowsTheBestPrice()
{
    Lab lab;
    lab.at("100", {lab.buy("1")});
    Order order = reducing(lab.make(Side::Sell, OrderType::TrailingStop, "1"));
    order.trailingPercent = decimal<Decimal>("3");
    QCOMPARE(lab.at("100", {order}), QStringList{u"2 accept stop 97"_s});
    lab.venue.reportMovedStops();
    QCOMPARE(lab.news(), QStringList());      // it has not
    QCOMPARE(lab.at("110.5"), QStringList()); // 107.185, down to the step
    QCOMPARE(lab.at("108"), QStringList());
    lab.venue.reportMovedStops();
    lab.venue.reportMovedStops();
    QCOMPARE(lab.news(), QStringList{u"2 amend stop 107.1"_s});
    QCOMPARE(lab.at("107.1"), (QStringList{u"2 trigger stop 107.1"_s, u"2 fill 1 at 107.1 fee 0.2142 stop 107.1"_s}));
}

void PaperExchangeTest::reduceOnlyNeverTakesMoreThanThereIs()
{
    Lab lab;
    QCOMPARE(lab.at("100", {reducing(lab.sell("1"))}),
             QStringList{u"1 reject: reduce-only: there is no position to close"_s});
    lab.at("100", {lab.buy("1")});
    QCOMPARE(lab.at("100", {reducing(lab.buy("1"))}),
             QStringList{u"3 reject: reduce-only: there is no position to close"_s});
    QCOMPARE(lab.at("100", {reducing(lab.sell("5"))}), QStringList{u"4 fill 1 at 100 fee 0.2"_s});
    QCOMPARE(lab.held(), "0");
}

void PaperExchangeTest::aReduceOnlyOrderShrinksAndEndsWithThePosition()
{
    Lab lab;
    lab.at("100", {lab.buy("2")});
    lab.at("100", {reducing(lab.sellAt("2", "110")), reducing(lab.sellAt("2", "120")),
                   reducing(lab.stop(Side::Sell, "2", "90"))});
    QCOMPARE(lab.at("100", {lab.sell("0.5")}), QStringList{u"5 fill 0.5 at 100 fee 0.1"_s});
    // what is left is 1.5, and with it the others end
    QCOMPARE(lab.at("111"),
             (QStringList{u"2 fill 1.5 at 110 fee 0.165 maker"_s, u"3 expire: reduce-only: nothing left to reduce"_s,
                          u"4 expire: reduce-only: nothing left to reduce"_s}));
    QVERIFY(!lab.venue.wantsPrices());
}

void PaperExchangeTest::oneFillCancelsTheOthers()
{
    Lab lab;
    lab.at("100", {lab.buy("2")});
    lab.at("100", {grouped(reducing(lab.sellAt("2", "110")), 2), grouped(reducing(lab.stop(Side::Sell, "2", "90")), 2),
                   grouped(reducing(lab.sellAt("2", "120")), 4)});
    // 25 % of 1 is 0.25: a part of it is enough
    QCOMPARE(lab.at("110", {}, "1"), (QStringList{u"2 partial_fill 0.2 at 110 fee 0.022 maker"_s,
                                                  u"3 cancel: one cancels the other: tb-1-2 was filled"_s}));
}

void PaperExchangeTest::aTriggerCancelsTheOthers()
{
    Lab lab;
    lab.at("100", {lab.buy("2")});
    lab.at("100", {grouped(reducing(lab.sellAt("2", "110")), 2),
                   grouped(reducing(lab.make(Side::Sell, OrderType::StopLimit, "2", "95", "96")), 2)});
    QCOMPARE(lab.at("90"), (QStringList{u"3 trigger"_s, u"2 cancel: one cancels the other: tb-1-3 was triggered"_s}));
    QVERIFY(lab.venue.wantsPrices()); // it rests at 95
}

void PaperExchangeTest::ordersAndCancelsTakeTheirTime()
{
    BotConfig config = spotConfig();
    config.paper.latencyMilliseconds = 1500;
    Lab lab(config);
    QCOMPARE(lab.at("100", {lab.buyAt("1", "90")}), QStringList()); // 1 s after it was made
    QCOMPARE(lab.at("101"), QStringList{u"1 accept"_s});            // 2 s
    Order cancelled = lab.buyAt("1", "90");
    cancelled.id.sequence = EventSequence(1);
    cancelled.reason = u"changed my mind"_s;
    lab.venue.cancel(cancelled);
    QCOMPARE(lab.at("91"), QStringList());
    QCOMPARE(lab.at("89"), QStringList{u"1 cancel: changed my mind"_s}); // it was there before the price
}

void PaperExchangeTest::aCancelThatWasUnderWayArrivesAtItsTime()
{
    BotConfig config = spotConfig();
    config.paper.latencyMilliseconds = 2'500;
    Lab lab(config);
    Order resting = lab.buyAt("1", "90");
    resting.state = OrderState::Accepted;
    resting.cancelRequested = true;
    resting.cancelRequestedAt = resting.createdAt + 1s; // arrives 3.5 s after the order was made
    BotState state;
    state.balance = Money::fromInteger(10'000);
    state.openOrders = {resting};
    lab.venue.restore(state);
    lab.venue.cancel(resting); // asked for again before there is a price
    for (int second = 1; second <= 3; ++second)
        QCOMPARE(lab.at("100"), QStringList());
    QCOMPARE(lab.at("100"), QStringList{u"1 cancel: on request"_s});
}

void PaperExchangeTest::withoutLatencyAnOrderWaitsForTheNextPrice()
{
    Lab lab;
    Order second = lab.sell("1");
    lab.answer = [&](const OrderReport &report) {
        if (report.order != second.id)
            lab.venue.submit(second);
    };
    QCOMPARE(lab.at("100", {lab.buy("1")}), QStringList{u"2 fill 1 at 100 fee 0.2"_s});
    QCOMPARE(lab.at("99"), QStringList{u"1 fill 1 at 99 fee 0.198"_s});
}

void PaperExchangeTest::ordersActInTheOrderOfTheirArrival()
{
    BotConfig config = spotConfig();
    config.paper.latencyMilliseconds = 100;
    Lab lab(config);
    Order later = lab.buyAt("1", "99");
    later.createdAt += 50ms;
    const Order earlier = lab.buyAt("1", "99");
    lab.venue.submit(later);
    lab.venue.submit(earlier);
    lab.venue.cancel(earlier); // comes after it, and before the next price
    QCOMPARE(lab.at("100"), (QStringList{u"2 accept"_s, u"2 cancel: on request"_s, u"1 accept"_s}));
}

void PaperExchangeTest::spotBuysNeedTheirCostAndTheWorstFee()
{
    Lab lab;
    // 99.9 × 100 × 1.002 = 10009.98
    QCOMPARE(lab.at("100", {lab.buy("99.9")}),
             QStringList{u"1 reject: insufficient balance: needed=9990 fee=19.98 balance=10000"_s});
    // 99.8 × 100 × 1.002 = 9999.96
    QCOMPARE(lab.at("100", {lab.buy("99.8")}), QStringList{u"2 fill 99.8 at 100 fee 19.96"_s});
    QCOMPARE(lab.at("100", {lab.buy("0.1")}),
             QStringList{u"3 reject: insufficient balance: needed=10 fee=0.02 balance=9980.04"_s});
}

void PaperExchangeTest::restingOrdersBindMoney()
{
    Lab lab;
    // 50 × 99 × 1.002 = 4959.9
    QCOMPARE(lab.at("100", {lab.buyAt("50", "99")}), QStringList{u"1 accept"_s});
    QCOMPARE(lab.at("100", {lab.buy("51")}),
             QStringList{u"2 reject: insufficient balance: needed=5100 fee=10.2 balance=10000 locked=4959.9"_s});
    QCOMPARE(lab.at("100", {lab.buy("50")}), QStringList{u"3 fill 50 at 100 fee 10"_s});
    QCOMPARE(lab.at("98"), QStringList{u"1 fill 50 at 99 fee 4.95 maker"_s});
}

void PaperExchangeTest::whatIsBoundIsRoundedUp()
{
    BotConfig config = spotConfig();
    config.fees = {Decimal(), Decimal()};
    config.initialBalance = Money::fromInteger(10);
    Lab lab(config, "0");
    // 0.00000001 × 99.9 is 0.000000999: 0.000001 are bound, and 9.9999991 is too much by one unit
    QCOMPARE(lab.at("100", {lab.buyAt("0.00000001", "99.9")}), QStringList{u"1 accept"_s});
    QCOMPARE(lab.at("100", {lab.buy("0.1")}),
             QStringList{u"2 reject: insufficient balance: needed=10 fee=0 balance=10 locked=0.000001"_s});
    QCOMPARE(lab.at("100", {lab.buy("0.09999999")}), QStringList{u"3 fill 0.09999999 at 100 fee 0"_s});
}

void PaperExchangeTest::theRestOfALimitOrderIsPaidAtItsLimit()
{
    BotConfig config = spotConfig();
    config.paper.depthPercent = decimal<Decimal>("10");
    Lab lab(config);
    // it would take at 100, but most of it rests at 120: 90 × 120 is more than there is
    QCOMPARE(lab.at("100", {lab.buyAt("90", "120")}, "10"),
             QStringList{u"1 reject: insufficient balance: needed=10800 fee=21.6 balance=10000"_s});
}

void PaperExchangeTest::ordersThatEndEachOtherBindMoneyOnce()
{
    Lab lab;
    QCOMPARE(lab.at("100", {grouped(lab.buyAt("90", "99"), 1), grouped(lab.stop(Side::Buy, "90", "105"), 1)}),
             (QStringList{u"1 accept"_s, u"2 accept"_s}));
    // the larger of the two: 90 × 105 × 1.002 = 9468.9
    QCOMPARE(lab.at("100", {lab.buy("10")}),
             QStringList{u"3 reject: insufficient balance: needed=1000 fee=2 balance=10000 locked=9468.9"_s});
    // the stop is met by a price that its own money does not reach for
    QCOMPARE(lab.at("115"), (QStringList{u"2 trigger"_s, u"1 cancel: one cancels the other: tb-1-2 was triggered"_s,
                                         u"2 expire: insufficient balance: needed=10350 fee=20.7 balance=10000"_s}));
}

void PaperExchangeTest::spotSellsNeedWhatTheySell()
{
    Lab lab;
    QCOMPARE(lab.at("100", {lab.sell("1")}), QStringList{u"1 reject: insufficient BTC: needed=1 held=0"_s});
    lab.at("100", {lab.buy("1"), lab.sellAt("0.7", "110")});
    QCOMPARE(lab.at("100", {lab.sell("0.4")}), QStringList{u"4 reject: insufficient BTC: needed=0.4 held=1"_s});
    QCOMPARE(lab.at("100", {lab.sell("0.3")}), QStringList{u"5 fill 0.3 at 100 fee 0.06"_s});
    // a reduce-only order may take what another one waits to sell
    QCOMPARE(lab.at("100", {reducing(lab.sell("0.7"))}), QStringList{u"6 fill 0.7 at 100 fee 0.14"_s});
    QCOMPARE(lab.at("111"), QStringList{u"3 expire: insufficient BTC: needed=0.7 held=0"_s});
}

void PaperExchangeTest::futuresNeedTheirInitialMargin()
{
    BotConfig config = futuresConfig();
    config.fees = {decimal<Decimal>("0.001"), decimal<Decimal>("0.001")};
    Lab lab(config);
    // 1000 at 10 x is a worth of 10000, but for the fee of 0.001 × 10000 = 10
    QCOMPARE(lab.at("100", {lab.sell("100")}),
             QStringList{u"1 reject: insufficient balance: needed=1000 fee=10 balance=1000"_s});
    // 99 × 100 ÷ 10 + 9.9 = 999.9
    QCOMPARE(lab.at("100", {lab.sell("99")}), QStringList{u"2 fill 99 at 100 fee 9.9"_s});
    QCOMPARE(lab.at("100", {lab.sellAt("0.1", "101")}),
             QStringList{u"3 reject: insufficient balance: needed=1.01 fee=0.0101 balance=990.1"_s});
}

void PaperExchangeTest::aTurnThroughFlatNeedsMarginForWhatItOpens()
{
    Lab lab(futuresConfig());
    lab.at("100", {lab.buy("60")});
    QCOMPARE(lab.at("100", {lab.sell("161")}),
             QStringList{u"2 reject: insufficient balance: needed=1610 fee=0 balance=1000"_s});
    QCOMPARE(lab.at("100", {lab.sell("160")}), QStringList{u"3 fill 160 at 100 fee 0"_s});
    QCOMPARE(lab.venue.account().position().side, PositionSide::Short);
    QCOMPARE(lab.held(), "100");
}

void PaperExchangeTest::leverageAboveTheBracketIsRefused()
{
    BotConfig config = futuresConfig();
    config.leverage = 125;
    Lab lab(config);
    // up to a worth of 50000 as much as 125 is allowed, from there on 100
    QCOMPARE(lab.at("100", {lab.buy("499.9")}), QStringList{u"1 fill 499.9 at 100 fee 0"_s});
    QCOMPARE(lab.at("100", {lab.buy("0.1")}),
             QStringList{u"2 reject: a leverage of 125 is too much for a position of 50000: at most 100"_s});
}

void PaperExchangeTest::feesInBaseUnitsAreKeptFromWhatWasBought()
{
    BotConfig config = spotConfig();
    config.paper.feeAsset = FeeAsset::Base;
    Lab lab(config);
    QCOMPARE(lab.at("100", {lab.buy("100")}), QStringList{u"1 fill 100 at 100 fee 20"_s}); // the fee needs no money
    const Fill fill = *lab.reports.back().fill;
    QCOMPARE(fill.feeFromBought, decimal<Quantity>("0.2"));
    QCOMPARE(fill.feeAsset, u"BTC"_s);
    QCOMPARE(fill.feeQuantity, decimal<Decimal>("0.2"));
    QCOMPARE(fill.feeAssetPrice, decimal<Price>("100"));
    QCOMPARE(lab.held(), "99.8");
    QCOMPARE(lab.balance(), "9980");
    QCOMPARE(lab.venue.account().position().cost, decimal<Money>("9980"));
    QCOMPARE(lab.at("100", {reducing(lab.sell("100"))}), QStringList{u"2 fill 99.8 at 100 fee 19.96"_s});
    QCOMPARE(lab.balance(), "9960.04");
}

void PaperExchangeTest::anOverflowIsARefusal_data()
{
    QTest::addColumn<OrderType>("type");
    QTest::addRow("market") << OrderType::Market;
    QTest::addRow("limit") << OrderType::Limit;
    QTest::addRow("stop") << OrderType::Stop;
}

void PaperExchangeTest::anOverflowIsARefusal()
{
    QFETCH(OrderType, type);
    Lab lab;
    const bool rests = type == OrderType::Limit;
    const Order order =
            lab.make(Side::Buy, type, "90000000000", rests ? "9" : "0", type == OrderType::Stop ? "200" : "0");
    const QStringList news = lab.at("100", {order});
    QCOMPARE(news.size(), 1);
    QVERIFY2(news.front().startsWith(u"1 reject: the worth of the order lies beyond"_s), qPrintable(news.front()));
}

void PaperExchangeTest::nonsenseIsRefused_data()
{
    QTest::addColumn<std::function<void(Order &)>>("change");
    QTest::addColumn<QString>("why");
    using Change = std::function<void(Order &)>;
    QTest::addRow("no quantity") << Change([](Order &order) { order.quantity = Quantity(); }) << u"a quantity of 0"_s;
    QTest::addRow("no limit") << Change([](Order &order) { order.type = OrderType::Limit; }) << u"a limit price"_s;
    QTest::addRow("no stop") << Change([](Order &order) { order.type = OrderType::Stop; }) << u"a stop price"_s;
    QTest::addRow("no distance") << Change([](Order &order) { order.type = OrderType::TrailingStop; })
                                 << u"a trailing stop of 0 %"_s;
    QTest::addRow("a market order that waits") << Change([](Order &order) { order.postOnly = true; }) << u"post-only"_s;
}

void PaperExchangeTest::nonsenseIsRefused()
{
    QFETCH(std::function<void(Order &)>, change);
    QFETCH(QString, why);
    Lab lab;
    Order order = lab.buy("1");
    change(order);
    const QStringList news = lab.at("100", {order});
    QCOMPARE(news.size(), 1);
    QVERIFY2(news.front().contains(why), qPrintable(news.front()));
}

void PaperExchangeTest::fundingIsPaidAtEachBoundary()
{
    Lab lab(futuresConfig());
    lab.now = noon + 3h;
    lab.at("100", {lab.buy("10")});
    lab.at(marked("100", "110"));
    lab.now = noon + 4h - 1s; // 16:00, and the price of before counts: 10 × 110 × 0.0001 = 0.11
    QCOMPARE(lab.at(marked("100", "130")), QStringList{u"funding -0.11"_s});
    QCOMPARE(lab.money.back().due, noon + 4h);
    QCOMPARE(lab.money.back().mark, decimal<Price>("110"));
    QCOMPARE(lab.money.back().rate, decimal<Decimal>("0.0001"));
    QCOMPARE(lab.balance(), "999.89");
    lab.at("100", {lab.sell("20")}); // short
    lab.venue.timePassed(noon + 12h - 1ms);
    QCOMPARE(lab.news(), QStringList());
    lab.venue.timePassed(noon + 12h);
    QCOMPARE(lab.news(), QStringList{u"funding 0.1"_s});
}

void PaperExchangeTest::aLongGapBooksEveryBoundary()
{
    Lab lab(futuresConfig());
    lab.at("100", {lab.buy("10")});
    lab.now += 24h;
    QCOMPARE(lab.at("99"), (QStringList{u"funding -0.1"_s, u"funding -0.1"_s, u"funding -0.1"_s}));
    lab.at("99", {lab.sell("10")});
    lab.now += 24h;
    QCOMPARE(lab.at("99"), QStringList()); // nothing is held
    QVERIFY(!lab.venue.wantsPrices());
}

void PaperExchangeTest::anIsolatedPositionLosesItsMarginAtMost()
{
    Lab lab(futuresConfig());
    lab.at("100", {lab.buy("50")}); // margin 500
    // at 90.4: 500 − 480 = 20 above 4520 × 0.004 = 18.08; at 90.3: 500 − 485 = 15, below 18.06
    QCOMPARE(lab.at("90.4"), QStringList());
    // fee 0.01 × 4515 = 45.15; with the loss of 485 it is 530.15, of which 30.15 are given back
    QCOMPARE(lab.at("90.3"),
             (QStringList{u"liquidation -45.15"_s, u"adjustment 30.15"_s, u"liquidation sell 50 at 90.3"_s}));
    QCOMPARE(lab.balance(), "500");
    QCOMPARE(lab.money.back().reason, u"insurance fund"_s);
    QVERIFY(!lab.venue.account().position().isOpen());
    QVERIFY(lab.external.back().fill.fee.isZero());
}

void PaperExchangeTest::aCrossAccountEndsAtNothingAtWorst()
{
    Lab lab(futuresConfig(MarginType::Cross));
    lab.at("100", {lab.sell("50")});
    // the whole balance stands for it: 1000 − 50 × 19.9 = 5 is below 5995 × 0.004 = 23.98; at 119.5: 25 and 23.9
    QCOMPARE(lab.at("119.5"), QStringList());
    QCOMPARE(lab.at("119.9"),
             (QStringList{u"liquidation -59.95"_s, u"adjustment 54.95"_s, u"liquidation buy 50 at 119.9"_s}));
    QCOMPARE(lab.balance(), "0");
}

void PaperExchangeTest::aLiquidationComesWhenNothingIsLeft()
{
    // 125 at 80, 10 x: margin 1000; at 75: 1000 − 625 = 375 and 9375 × 0.04 = 375: not a cent too much
    const Position position{PositionSide::Long, Quantity::fromInteger(125), Money::fromInteger(10'000), noon};
    const auto brackets =
            LeverageBrackets::make({{125, Money(), Money::fromInteger(1'000'000), decimal<Decimal>("0.04"), Money()}});
    const MarginTerms terms{MarginType::Isolated, 10, *brackets};
    const Money balance = Money::fromInteger(1'000);
    QVERIFY(isLiquidatedAt(decimal<Price>("75"), position, balance, terms));
    QVERIFY(!isLiquidatedAt(decimal<Price>("75.00000001"), position, balance, terms));
    QCOMPARE(liquidationPrice(position, balance, terms), std::optional(decimal<Price>("75")));
    // with less than that in the account it comes sooner: 600 − 225 = 375
    const Money less = decimal<Money>("599.99999999");
    QVERIFY(isLiquidatedAt(decimal<Price>("78.125"), position, less, terms)); // 599.99… − 234.375, and 390.625
}

void PaperExchangeTest::fundingTakesAnIsolatedAccountToNothingAndNoFurther()
{
    BotConfig config = futuresConfig();
    config.paper.fundingRate = decimal<Decimal>("0.04");
    Lab lab(config);
    lab.at("100", {lab.buy("90")}); // 9,000 with a margin of 900
    lab.now += 12h;                 // 16:00 and 00:00: 360 each
    lab.at("100");
    QCOMPARE(lab.balance(), "280");
    QCOMPARE(lab.held(), "90");
    lab.now += 8h;
    QCOMPARE(lab.at("100"), (QStringList{u"funding -280"_s, u"liquidation -90"_s, u"adjustment 90"_s,
                                         u"liquidation sell 90 at 100"_s}));
    QCOMPARE(lab.balance(), "0"); // with nothing at stake any more it does not live on
    QCOMPARE(lab.held(), "0");
}

void PaperExchangeTest::aFillFarFromTheMarkPriceLeavesNoDebt()
{
    Lab lab(futuresConfig());
    lab.at("100", {lab.buy("90")});
    // 9,000 less 1,800 is beyond the account; nobody was liquidated, as the mark price had stood still
    lab.venue.submit(reducing(lab.sell("90")));
    QCOMPARE(lab.at(marked("80", "100")),
             (QStringList{u"adjustment 800"_s, u"2 fill 90 at 80 fee 0"_s})); // told before: part of its trade
    QCOMPARE(lab.balance(), "0");
}

void PaperExchangeTest::withCrossMarginALossThatIsOpenCannotBeSpentTwice()
{
    for (const MarginType type : {MarginType::Cross, MarginType::Isolated}) {
        Lab lab(futuresConfig(type));
        lab.at("100", {lab.buy("50")});                           // margin 500 of 1,000
        const QStringList second = lab.at("94", {lab.buy("30")}); // 300 are lost; 282 more of margin
        if (type == MarginType::Cross)
            QCOMPARE(second, QStringList{u"2 reject: insufficient balance: needed=282 fee=0 balance=1000"_s});
        else
            QCOMPARE(second, QStringList{u"2 fill 30 at 94 fee 0"_s});
    }
}

void PaperExchangeTest::whatTheFiltersForbidIsRejected_data()
{
    QTest::addColumn<QString>("order"); ///< side, type, quantity, limit, stop
    QTest::addColumn<QString>("answer");
    const auto row = [](const char *name, const char *order, const char *answer) {
        QTest::addRow("%s", name) << QString::fromLatin1(order) << QString::fromLatin1(answer);
    };
    row("off the step", "buy market 1.05 0 0", "lot size: a quantity of 1.05 is not in steps of 0.1, or below 0.2");
    row("too little", "buy market 0.1 0 0", "lot size: a quantity of 0.1 is not in steps of 0.1, or below 0.2");
    row("a limit off the step", "buy limit 1 99.95 0", "price filter: 99.95 is not in steps of 0.1");
    row("a stop off the step", "buy stop 1 0 101.05", "price filter: 101.05 is not in steps of 0.1");
    row("worth too little at its limit", "buy limit 0.5 90 0", "min notional: 45 is below 50");
    row("worth enough at its limit", "sell limit 0.4 130 0", "accept");
    row("worth too little at the market", "buy market 0.4 0 0", "min notional: 40 is below 50");
    row("worth enough", "buy market 0.5 0 0", "fill");
}

void PaperExchangeTest::whatTheFiltersForbidIsRejected()
{
    QFETCH(QString, order);
    QFETCH(QString, answer);
    const auto words = order.split(u' ');
    for (const Market market : {Market::Spot, Market::UsdmFutures}) {
        Lab lab(market == Market::Spot ? spotConfig() : futuresConfig(), "0.1", "0.2", "50");
        lab.at("100", {lab.buy("1")});
        const OrderType type = words[1] == u"market"  ? OrderType::Market
                               : words[1] == u"limit" ? OrderType::Limit
                                                      : OrderType::Stop;
        const Order made = lab.make(words[0] == u"buy" ? Side::Buy : Side::Sell, type, words[2].toLatin1().constData(),
                                    words[3].toLatin1().constData(), words[4].toLatin1().constData());
        const QStringList said = lab.at("100", {made});
        QVERIFY2(said.at(0).contains(answer), qPrintable(said.join(u", "_s)));
        // what only reduces a futures position may be worth as little as it is
        if (order == u"buy market 0.4 0 0") {
            const QString reduced = lab.at("100", {reducing(lab.sell("0.4"))}).at(0);
            QVERIFY2(reduced.contains(market == Market::Spot ? u"min notional"_s : u"fill 0.4"_s), qPrintable(reduced));
        }
    }
}

void PaperExchangeTest::aFeeInAThirdAssetIsCountedByItsPrice()
{
    BotConfig config = spotConfig();
    config.paper.feeAsset = FeeAsset::Third;
    config.paper.thirdAsset = u"BNB"_s;
    config.paper.thirdAssetPrice = Price::fromInteger(600);
    Lab lab(config);
    lab.at("100", {lab.buy("1")}); // a fee worth 0.2: 0.00033334 BNB, which are worth 0.200004
    const Fill &fill = *lab.reports.back().fill;
    QCOMPARE(fill.feeAsset, u"BNB"_s);
    QCOMPARE(fill.feeQuantity.toBytes(), "0.00033334");
    QCOMPARE(fill.feeAssetPrice.toBytes(), "600");
    QCOMPARE(fill.fee.toBytes(), "0.200004");
    QCOMPARE(lab.held(), "1");
    QCOMPARE(lab.balance(), "9999.799996");
}

void PaperExchangeTest::aClockThatWasAheadHoldsNoOrderUp()
{
    BotConfig config = spotConfig();
    config.paper.latencyMilliseconds = 2'000;
    Lab lab(config);
    lab.at("100");
    lab.now += 48h;
    lab.at("100", {lab.buy("1")});
    lab.now -= 48h;
    lab.venue.clockSetBack(lab.now);
    QCOMPARE(lab.at("100"), QStringList());
    QCOMPARE(lab.at("101"), QStringList{u"1 fill 1 at 101 fee 0.202"_s});
}

void PaperExchangeTest::aLiquidationCancelsWhatIsOpen()
{
    Lab lab(futuresConfig());
    lab.at("100", {lab.buy("50"), lab.buyAt("1", "50")});
    lab.venue.submit(lab.buy("1"));
    QCOMPARE(lab.at("90"), (QStringList{u"2 cancel: liquidation"_s, u"3 cancel: liquidation"_s, u"liquidation -45"_s,
                                        u"adjustment 45"_s, u"liquidation sell 50 at 90"_s}));
    QVERIFY(!lab.venue.wantsPrices());
}

void PaperExchangeTest::theLiquidationPriceIsWhereItHappens_data()
{
    QTest::addColumn<PositionSide>("side");
    QTest::addColumn<MarginType>("type");
    QTest::addColumn<QByteArray>("price");
    // by the exchange's formula (WB + cum − side × quantity × entry) ÷ (quantity × rate − side × quantity), with a
    // worth between 50000 and 600000 (rate 0.005, cum 50), 1000 at 100, 10 x, and a balance of 15000
    // isolated long: (10000 + 50 − 100000) ÷ (5 − 1000) = 90.40201005
    QTest::addRow("isolated long") << PositionSide::Long << MarginType::Isolated << QByteArray("90.40201005");
    // isolated short: (10000 + 50 + 100000) ÷ (5 + 1000) = 109.50248756
    QTest::addRow("isolated short") << PositionSide::Short << MarginType::Isolated << QByteArray("109.50248756");
    // cross long: (15000 + 50 − 100000) ÷ −995 = 85.37688442
    QTest::addRow("cross long") << PositionSide::Long << MarginType::Cross << QByteArray("85.37688442");
    QTest::addRow("cross short") << PositionSide::Short << MarginType::Cross << QByteArray("114.47761194");
}

void PaperExchangeTest::theLiquidationPriceIsWhereItHappens()
{
    QFETCH(PositionSide, side);
    QFETCH(MarginType, type);
    QFETCH(QByteArray, price);
    const Position position{side, Quantity::fromInteger(1000), Money::fromInteger(100'000), noon};
    const MarginTerms terms{type, 10, LeverageBrackets::usual()};
    const Money balance = Money::fromInteger(15'000);
    const auto found = liquidationPrice(position, balance, terms);
    QVERIFY(found);
    // the formula does not know that the maintenance margin is rounded: one unit of the price at most
    QVERIFY2(std::abs(found->raw() - decimal<Price>(price.constData()).raw()) <= 1, found->toBytes().constData());
    const std::int64_t away = side == PositionSide::Long ? 1 : -1;
    QVERIFY(isLiquidatedAt(*found, position, balance, terms));
    QVERIFY(!isLiquidatedAt(Price::fromRaw(found->raw() + away), position, balance, terms));
}

void PaperExchangeTest::aQuestionIsAnsweredWithWhatIsMissing()
{
    Lab lab;
    Order order = lab.buyAt("1", "99");
    lab.at("100", {order});
    lab.at("99", {}, "2");
    lab.at("99", {}, "1");
    lab.venue.query(order);
    QCOMPARE(lab.news(), (QStringList{u"1 partial_fill 0.5 at 99 fee 0.0495 maker"_s,
                                      u"1 partial_fill 0.2 at 99 fee 0.0198 maker"_s, u"1 accept"_s}));
    QCOMPARE(lab.reports.back().filled, std::optional(decimal<Quantity>("0.7")));
    order.fills = {ExchangeTradeId(u"paper-1-1"_s)};
    lab.venue.query(order);
    QCOMPARE(lab.news(), (QStringList{u"1 partial_fill 0.2 at 99 fee 0.0198 maker"_s, u"1 accept"_s}));
    lab.at("98");
    lab.venue.query(order);
    QCOMPARE(lab.news(),
             (QStringList{u"1 partial_fill 0.2 at 99 fee 0.0198 maker"_s, u"1 fill 0.3 at 99 fee 0.0297 maker"_s}));
    const Order refused = lab.sell("5");
    lab.at("98", {refused});
    lab.venue.query(refused);
    QCOMPARE(lab.news(), QStringList{u"2 reject: insufficient BTC: needed=5 held=1"_s});
    lab.venue.cancel(refused);
    QCOMPARE(lab.at("98"), QStringList{u"2 reject: insufficient BTC: needed=5 held=1"_s});
}

void PaperExchangeTest::anUnknownOrderIsNotFound()
{
    Lab lab;
    const Order order = lab.buy("1");
    lab.venue.query(order);
    QCOMPARE(lab.news(), QStringList{u"1 not found"_s});
    lab.venue.cancel(order);
    QCOMPARE(lab.at("100"), QStringList{u"1 not found"_s});
    lab.venue.submit(order);
    lab.venue.query(order); // it is on its way: its own report tells
    QCOMPARE(lab.news(), QStringList());
}

void PaperExchangeTest::aRepeatIsTheSameOrder()
{
    Lab lab;
    const Order order = lab.buy("1");
    lab.venue.submit(order);
    QCOMPARE(lab.at("100", {order}), QStringList{u"1 fill 1 at 100 fee 0.2"_s});
    lab.venue.submit(order);
    QCOMPARE(lab.news(), QStringList{u"1 fill 1 at 100 fee 0.2"_s}); // told again, not done again
    QCOMPARE(lab.at("100"), QStringList());
    QCOMPARE(lab.held(), "1");
}

void PaperExchangeTest::reconcilingTellsWhatIsKnown()
{
    Lab lab;
    const Order resting = lab.buyAt("1", "99");
    lab.at("100", {resting});
    BotState belief;
    belief.openOrders = {resting, lab.buy("1"), lab.buy("1")};
    belief.openOrders[2].state = OrderState::Unknown;
    lab.venue.reconcile(belief);
    QCOMPARE(lab.news(), (QStringList{u"1 accept"_s, u"3 not found"_s, u"reconciled"_s}));
}

void PaperExchangeTest::aRestoredBookGoesOn()
{
    Lab lab;
    BotState state;
    state.balance = Money::fromInteger(9'990);
    state.position = {PositionSide::Long, Quantity::fromInteger(2), Money::fromInteger(200), noon};
    Order partly = lab.buyAt("1", "99");
    partly.state = OrderState::PartiallyFilled;
    partly.filled = decimal<Quantity>("0.4");
    partly.filledNotional = decimal<Money>("39.6");
    partly.fills = {ExchangeTradeId(u"paper-1-1"_s)};
    Order stop = reducing(lab.stop(Side::Sell, "2", "90"));
    stop.state = OrderState::Accepted;
    Order jumped = lab.make(Side::Sell, OrderType::StopLimit, "0.1", "105", "106");
    jumped.state = OrderState::Accepted;
    jumped.triggeredAt = noon;
    state.openOrders = {partly, stop, jumped, lab.buy("1")};
    lab.venue.restore(state);
    QCOMPARE(lab.at("100"), QStringList()); // what had only been submitted is not there
    QCOMPARE(lab.at("98"), QStringList{u"1 fill 0.6 at 99 fee 0.0594 maker"_s});
    QCOMPARE(lab.reports.back().fill->exchangeTradeId.value(), u"paper-1-2"_s);
    QCOMPARE(lab.reports.back().filled, std::optional(Quantity::fromInteger(1)));
    QCOMPARE(lab.at("106"), QStringList{u"3 fill 0.1 at 105 fee 0.0105 maker"_s});
    QCOMPARE(lab.at("89"), (QStringList{u"2 trigger"_s, u"2 fill 2 at 89 fee 0.356"_s}));
}

void PaperExchangeTest::whatWaitsForVolumeBindsItsMoneyAfterARestart()
{
    Lab lab;
    BotState state;
    state.balance = Money::fromInteger(1'000);
    state.position = {PositionSide::Long, Quantity::fromInteger(4), Money::fromInteger(400), noon};
    Order partly = lab.buy("8");
    partly.state = OrderState::PartiallyFilled;
    partly.filled = Quantity::fromInteger(4);
    partly.filledNotional = Money::fromInteger(400);
    partly.fills = {ExchangeTradeId(u"paper-1-1"_s)};
    state.openOrders = {partly};
    lab.venue.restore(state);
    lab.venue.remember({lab.now, Price::fromInteger(100), Quantity()});
    const QStringList news = lab.at("100", {lab.buyAt("3", "99")}); // of the 600 that are left, 400 are bound
    QCOMPARE(news.size(), 2);
    QVERIFY2(news[0].startsWith(u"2 reject"_s), qPrintable(news[0]));
    QVERIFY2(news[1].startsWith(u"1 fill 4 at 100"_s), qPrintable(news[1]));
}

void PaperExchangeTest::theOwnerMayActFromWithinAReport()
{
    Lab lab;
    lab.answer = [&](const OrderReport &report) {
        if (report.trigger == OrderTrigger::Fill && report.fill->side == Side::Buy) {
            Order stop = reducing(lab.stop(Side::Sell, "1", "95"));
            lab.venue.submit(stop);
            lab.venue.query(stop);
            lab.venue.reportMovedStops();
            lab.venue.reconcile(BotState());
            QCOMPARE(lab.held(), "1"); // the account is in order
        }
    };
    QCOMPARE(lab.at("100", {lab.buy("1")}), (QStringList{u"1 fill 1 at 100 fee 0.2"_s, u"reconciled"_s}));
    QCOMPARE(lab.at("96"), QStringList{u"2 accept"_s});
}

void PaperExchangeTest::theWayInsideACandleIsWalkedOrderByOrder()
{
    Lab lab;
    lab.at("100", {lab.buy("1")});
    lab.at("100", {lab.buyAt("1", "98"), reducing(lab.stop(Side::Sell, "1", "96")), lab.buyAt("1", "95")});
    const auto walk = [&](const char *from, const char *to) {
        QStringList touched;
        Price at = decimal<Price>(from);
        while (const auto next = lab.venue.firstTouch(at, decimal<Price>(to))) {
            at = *next;
            touched.append(at.toString());
            lab.now += 1s;
            lab.venue.touch(at, Quantity::fromInteger(4), lab.now);
        }
        return touched;
    };
    QCOMPARE(walk("100", "105"), QStringList());
    // a step beyond 98 the limit has filled; at 96 the stop acts; at 95 the way ends: 25 % of 4, all of it
    QCOMPARE(walk("105", "95"), (QStringList{u"97.9"_s, u"96"_s, u"95"_s}));
    QCOMPARE(lab.news(), (QStringList{u"2 fill 1 at 98 fee 0.098 maker"_s, u"3 trigger"_s,
                                      u"3 fill 1 at 96 fee 0.192"_s, u"4 fill 1 at 95 fee 0.095 maker"_s}));
    // what has come inside the candle is there at the next price
    lab.venue.submit(lab.sellAt("1", "97"));
    QCOMPARE(walk("95", "99"), (QStringList{u"95.1"_s, u"97.1"_s}));
    QVERIFY(!lab.venue.firstTouch(decimal<Price>("99"), decimal<Price>("99")));

    Lab futures(futuresConfig());
    futures.at("100", {futures.buy("50")});
    // 50 × (p − 100) + 500 = 0.004 × 50 × p: 90.3614…, on the grid 90.3
    QCOMPARE(futures.venue.firstTouch(decimal<Price>("100"), decimal<Price>("80")),
             std::optional(decimal<Price>("90.3")));
    QVERIFY(!futures.venue.firstTouch(decimal<Price>("100"), decimal<Price>("90.4")));
}

void PaperExchangeTest::aTrailingStopMovesInsideACandle()
{
    Lab lab;
    lab.at("100", {lab.buy("1")});
    Order order = reducing(lab.make(Side::Sell, OrderType::TrailingStop, "1"));
    order.trailingPercent = decimal<Decimal>("10");
    lab.at("100", {order});
    QCOMPARE(lab.venue.firstTouch(decimal<Price>("100"), decimal<Price>("110")), std::optional(decimal<Price>("110")));
    lab.venue.touch(decimal<Price>("110"), Quantity(), lab.now);
    QCOMPARE(lab.venue.firstTouch(decimal<Price>("110"), decimal<Price>("90")), std::optional(decimal<Price>("99")));
    QVERIFY(!lab.venue.firstTouch(decimal<Price>("110"), decimal<Price>("99.1")));
}

void PaperExchangeTest::aStopOfTheEngineFillsAtItsLevel()
{
    BotConfig config = spotConfig();
    config.slippageBasisPoints = decimal<Decimal>("10");
    config.paper.latencyMilliseconds = 5000;
    config.paper.depthPercent = decimal<Decimal>("1");
    Lab lab(config);
    BotState state;
    state.balance = Money::fromInteger(9'990);
    state.position = {PositionSide::Long, Quantity::fromInteger(2), Money::fromInteger(200), noon};
    lab.venue.restore(state);
    const Order order = reducing(lab.sell("2"));
    lab.venue.fillAt(order, decimal<Price>("95"), noon);
    lab.venue.fillAt(reducing(lab.sell("2")), decimal<Price>("95"), noon);
    // 95 less 0.1 % is 94.905: 94.9
    QCOMPARE(lab.news(), (QStringList{u"1 fill 2 at 94.9 fee 0.3796"_s,
                                      u"2 reject: reduce-only: there is no position to close"_s}));
    QCOMPARE(lab.balance(), "9979.4204"); // 9990 + 189.8 − 200 − 0.3796
}

QTEST_APPLESS_MAIN(PaperExchangeTest)
#include "tst_paperexchange.moc"
