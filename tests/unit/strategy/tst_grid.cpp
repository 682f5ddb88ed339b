// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/strategy/registry.h"

#include <QTest>

using namespace tradebot;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

template<class T>
T decimal(const char *text)
{
    return T::parse(QByteArrayView(text)).value();
}

/// A grid and the world as its bot would show it: what it asks for rests until the test says what becomes of it.
class GridWorld final
{
public:
    GridWorld(const char *lower, const char *upper, int levels, const char *quantity)
    {
        configure(lower, upper, levels, quantity);
    }

    /// A new strategy, without any memory.
    void configure(const char *lower, const char *upper, int levels, const char *quantity)
    {
        strategy = *makeStrategy(u"grid", {{u"lower"_s, decimal<Decimal>(lower)},
                                           {u"upper"_s, decimal<Decimal>(upper)},
                                           {u"levels"_s, Decimal::fromInteger(levels)},
                                           {u"quantity_per_level"_s, decimal<Decimal>(quantity)}});
    }

    /// "buy 1 1@100": what it asks for on a candle that closes at this price.
    QString candle(const char *price)
    {
        m_price = decimal<Price>(price);
        m_time += 1min;
        Intents intents;
        const Candle candle{m_time - 1min, m_price, m_price, m_price, m_price, {}};
        strategy->onCandle(view(candle), intents);
        return carryOut(intents);
    }

    /// An order fills, or a part of it, while the price has gone to another; what it asks for then.
    QString fill(const char *tag, const char *price, const char *part = nullptr, const char *fee = "0")
    {
        m_price = decimal<Price>(price);
        const auto at = std::find_if(orders.begin(), orders.end(),
                                     [tag](const Order &order) { return order.tag == QLatin1StringView(tag); });
        Q_ASSERT(at != orders.end());
        Order order = *at;
        const Quantity left = Quantity::fromRaw(order.quantity.raw() - order.filled.raw());
        Fill fill;
        fill.side = order.side;
        fill.price = order.limitPrice;
        fill.quantity = part != nullptr ? decimal<Quantity>(part)
                                        : std::min(left, order.side == Side::Buy ? left : position.quantity);
        fill.feeFromBought = decimal<Quantity>(fee);
        position = applyFill(position, fill, m_time).value().position;
        if (order.side == Side::Buy)
            lastEntryLimit = order.limitPrice;
        order.filled = Quantity::fromRaw(order.filled.raw() + fill.quantity.raw());
        order.state = part != nullptr ? OrderState::PartiallyFilled : OrderState::Filled;
        if (order.isOpen())
            *at = order;
        else
            orders.erase(at);
        Intents intents;
        const Candle candle{m_time - 1min, m_price, m_price, m_price, m_price, {}};
        strategy->onOrder(view(candle), order, intents);
        return carryOut(intents);
    }

    void end(const char *tag)
    {
        std::erase_if(orders, [tag](const Order &order) { return order.tag == QLatin1StringView(tag); });
    }
    void hold(const char *quantity)
    {
        position.side = PositionSide::Long;
        position.quantity = decimal<Quantity>(quantity);
    }
    /// The open orders in words, by level.
    [[nodiscard]] QString open() const
    {
        QStringList lines;
        for (const Order &order : orders)
            lines.append(u"%1 %2@%3"_s.arg(order.tag, order.quantity.toString(), order.limitPrice.toString()));
        lines.sort();
        return lines.join(u", "_s).remove(u"grid_"_s).replace(u'_', u' ');
    }

    std::unique_ptr<Strategy> strategy;
    Instrument instrument;
    Position position;
    std::vector<Order> orders;
    Price lastEntryLimit;
    bool isLeaving = false;
    bool refusesBuys = false;
    bool cancels = true;

private:
    [[nodiscard]] StrategyView view(const Candle &candle) const
    {
        return {.candle = candle,
                .position = position,
                .orders = orders,
                .price = m_price,
                .instrument = &instrument,
                .timeframe = Timeframe::M1,
                .lastEntryLimit = lastEntryLimit,
                .isLeaving = isLeaving};
    }

    QString carryOut(const Intents &intents)
    {
        QStringList said;
        for (const Intent &intent : intents) {
            if (intent.kind == IntentKind::Cancel) {
                said.append(u"cancel "_s + intent.tag);
                if (cancels)
                    end(intent.tag.toLatin1().constData());
                for (Order &order : orders)
                    order.cancelRequested = order.cancelRequested || order.tag == intent.tag;
                continue;
            }
            const OrderRequest &wish = intent.order;
            said.append(u"%1 %2@%3"_s.arg(intent.tag, wish.quantity.toString(), wish.limitPrice.toString()));
            if (refusesBuys && wish.side == Side::Buy)
                continue;
            Order order;
            order.id = {BotId(1), EventSequence(++m_orders)};
            order.side = wish.side;
            order.type = wish.type;
            order.purpose = wish.side == Side::Buy ? OrderPurpose::Entry : OrderPurpose::Exit;
            order.reduceOnly = wish.side == Side::Sell;
            order.state = OrderState::Accepted;
            order.quantity = wish.quantity;
            order.limitPrice = wish.limitPrice;
            order.tag = intent.tag;
            orders.push_back(order);
        }
        return said.join(u", "_s).remove(u"grid_"_s).replace(u'_', u' ');
    }

    Timestamp m_time = fromMilliseconds(1'795'176'000'000);
    Price m_price;
    qint64 m_orders = 0;
};

} // namespace

/// A grid of four levels from 100 to 104: bought at 100, 101, 102, 103, sold at 101, 102, 103, 104.
class GridTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void buysBelowThePriceAndSellsOneLevelHigher();
    void outsideOfTheGrid();
    void aPartIsNotSoldBeforeTheRest();
    void whatIsHeldSaysWhatWasBought_data();
    void whatIsHeldSaysWhatWasBought();
    void aGridWithoutMemoryGoesOnTheSame();
    void feesInBaseUnitsMakeSalesSmaller();
    void levelsLieOnThePriceStep();
    void levelsThatFallOnOnePriceAreOne();
    void whatTheExchangeDoesNotTakeIsNotAskedFor();
    void refusedBuysAreTriedEverMoreRarely();
    void aSaleThatFillsBuysAgainEvenAfterARefusal();
    void ordersOfOtherParametersAreTakenBack();
    void aLevelWaitsForItsCancel();
    void nothingIsAskedForWhileThePositionIsBeingClosed();
    void stopsAndTargetsAreLeftAlone();
    void aShortPositionIsLeftAlone();
    void asksForNoMoreThanItMay();
};

void GridTest::buysBelowThePriceAndSellsOneLevelHigher()
{
    GridWorld world("100", "104", 4, "1");
    QCOMPARE(world.strategy->activity(), u"waits for the first closed candle"_s);
    QCOMPARE(world.candle("102.5"), u"buy 3 1@102, buy 2 1@101, buy 1 1@100"_s); // the nearest first
    QCOMPARE(world.strategy->activity(), u"4 levels from 100 to 104: 0 bought, 3 waiting to buy"_s);
    QCOMPARE(world.candle("102.2"), QString());
    QCOMPARE(world.fill("grid_buy_3", "101.5"), u"sell 3 1@103"_s);
    QCOMPARE(world.fill("grid_buy_2", "100.5"), u"sell 2 1@102"_s);
    QCOMPARE(world.strategy->activity(), u"4 levels from 100 to 104: 2 bought, 1 waiting to buy"_s);
    QCOMPARE(world.candle("101.5"), QString());
    QCOMPARE(world.fill("grid_sell_2", "102.5"), u"buy 2 1@101"_s);
    // Beyond 103 the fourth level lies below the price, too.
    QCOMPARE(world.fill("grid_sell_3", "103.5"), u"buy 4 1@103, buy 3 1@102"_s);
    QCOMPARE(world.open(), u"buy 1 1@100, buy 2 1@101, buy 3 1@102, buy 4 1@103"_s);
    const auto lines = world.strategy->lines();
    QCOMPARE(lines.size(), std::size_t(2));
    QCOMPARE(lines[0].second, 104.0);
}

void GridTest::outsideOfTheGrid()
{
    GridWorld world("100", "104", 4, "1");
    QCOMPARE(world.candle("99"), QString());
    QCOMPARE(world.candle("100"), QString()); // at its price a buy would take
    QCOMPARE(world.candle("110"), u"buy 4 1@103, buy 3 1@102, buy 2 1@101, buy 1 1@100"_s);
    for (const char *tag : {"grid_buy_4", "grid_buy_3", "grid_buy_2", "grid_buy_1"})
        QCOMPARE(world.fill(tag, "90").count(u"sell"_s), 1);
    QCOMPARE(world.open(), u"sell 1 1@101, sell 2 1@102, sell 3 1@103, sell 4 1@104"_s);
    QCOMPARE(world.candle("80"), QString());
}

void GridTest::aPartIsNotSoldBeforeTheRest()
{
    GridWorld world("100", "104", 4, "1");
    world.candle("100.5");
    QCOMPARE(world.fill("grid_buy_1", "100", "0.4"), QString());
    QCOMPARE(world.candle("100.2"), QString());
    QCOMPARE(world.fill("grid_buy_1", "99.9"), u"sell 1 1@101"_s);
    QCOMPARE(world.fill("grid_sell_1", "101", "0.3"), QString());
    QCOMPARE(world.candle("100.9"), QString()); // 0.7 are still on offer
    // The exchange ends the sale: what is left of it goes on offer again.
    world.end("grid_sell_1");
    QCOMPARE(world.candle("100.5"), u"sell 1 0.7@101"_s);
    // And the end of a buy that had filled in part.
    GridWorld other("100", "104", 4, "1");
    other.candle("100.5");
    other.fill("grid_buy_1", "100", "0.4");
    other.end("grid_buy_1");
    QCOMPARE(other.candle("99.9"), u"sell 1 0.4@101"_s);
    QCOMPARE(other.fill("grid_sell_1", "101.5"), u"buy 2 1@101, buy 1 1@100"_s);
}

void GridTest::whatIsHeldSaysWhatWasBought_data()
{
    QTest::addColumn<QByteArray>("held");
    QTest::addColumn<QByteArray>("price");
    QTest::addColumn<QString>("asked");
    const auto row = [](const char *name, const char *held, const char *price, const QString &asked) {
        QTest::newRow(name) << QByteArray(held) << QByteArray(price) << asked;
    };
    row("one level", "1", "101.5", u"sell 2 1@102, buy 1 1@100"_s);
    row("at a level", "1", "102", u"sell 3 1@103, buy 2 1@101, buy 1 1@100"_s);
    row("two levels", "2", "101.5", u"sell 2 1@102, sell 3 1@103, buy 1 1@100"_s);
    row("from above", "3", "102.5", u"sell 3 1@103, sell 4 1@104, sell 2 1@102, buy 1 1@100"_s);
    row("a part of a level", "1.25", "101.5", u"sell 2 1@102, sell 3 0.25@103, buy 1 1@100"_s);
    row("above the grid", "1", "110", u"sell 4 1@104, buy 3 1@102, buy 2 1@101, buy 1 1@100"_s);
    row("below the grid", "2", "90", u"sell 1 1@101, sell 2 1@102"_s);
    row("all of it", "4", "103.5", u"sell 4 1@104, sell 3 1@103, sell 2 1@102, sell 1 1@101"_s);
    row("more than all", "9", "103.5", u"sell 4 1@104, sell 3 1@103, sell 2 1@102, sell 1 1@101"_s);
    row("no room for the last", "3.5", "103.5", u"sell 4 1@104, sell 3 1@103, sell 2 1@102, sell 1 0.5@101"_s);
}

void GridTest::whatIsHeldSaysWhatWasBought()
{
    QFETCH(QByteArray, held);
    QFETCH(QByteArray, price);
    QFETCH(QString, asked);
    GridWorld world("100", "104", 4, "1");
    world.hold(held.constData());
    QCOMPARE(world.candle(price.constData()), asked);
    QCOMPARE(world.candle(price.constData()), QString());
}

void GridTest::aGridWithoutMemoryGoesOnTheSame()
{
    GridWorld world("100", "104", 4, "1");
    world.candle("102.5");
    world.configure("100", "104", 4, "1");
    QCOMPARE(world.candle("102.5"), QString());
    world.fill("grid_buy_3", "101.5");
    world.configure("100", "104", 4, "1");
    QCOMPARE(world.candle("101.5"), QString());
    world.end("grid_sell_3"); // it died between the fill and the sale
    world.configure("100", "104", 4, "1");
    QCOMPARE(world.candle("101.8"), u"sell 3 1@103"_s);
    // And however far the price has gone meanwhile.
    world.end("grid_sell_3");
    world.configure("100", "104", 4, "1");
    QCOMPARE(world.candle("103.5"), u"sell 3 1@103, buy 4 1@103"_s);
}

void GridTest::feesInBaseUnitsMakeSalesSmaller()
{
    // 0.001 of each buy is kept. On a step of 0.01 each sale leaves up to 0.01, which goes with the next.
    GridWorld world("100", "104", 4, "1");
    world.instrument.quantityStep = decimal<Quantity>("0.01");
    world.instrument.minimumQuantity = decimal<Quantity>("0.01");
    world.candle("102.5");
    QCOMPARE(world.fill("grid_buy_3", "101.5", nullptr, "0.001"), u"sell 3 0.99@103"_s); // 0.999
    QCOMPARE(world.fill("grid_buy_2", "100.5", nullptr, "0.001"), u"sell 2 1@102"_s);    // 0.009 + 0.999 = 1.008
    QCOMPARE(world.fill("grid_buy_1", "99.5", nullptr, "0.001"), u"sell 1 1@101"_s);     // 0.008 + 0.999 = 1.007
    QCOMPARE(world.candle("99.5"), QString()); // 0.007 is too little for an order
    QCOMPARE(world.fill("grid_sell_1", "101.5"), u"buy 1 1@100"_s);
    QCOMPARE(world.position.quantity, decimal<Quantity>("1.997"));
}

void GridTest::levelsLieOnThePriceStep()
{
    // A third of the way is 100.333…, on a step of 0.05 that is 100.35; two thirds, 100.666…, are 100.65.
    GridWorld world("100", "101", 3, "1");
    world.instrument.priceStep = decimal<Price>("0.05");
    QCOMPARE(world.candle("101"), u"buy 3 1@100.65, buy 2 1@100.35, buy 1 1@100"_s);
    QCOMPARE(world.fill("grid_buy_3", "100.6"), u"sell 3 1@101"_s);
}

void GridTest::levelsThatFallOnOnePriceAreOne()
{
    // 100, 100.25, 100.5, 100.75, 101 on whole prices, halves to the even neighbour: 100, 100, 100, 101, 101.
    GridWorld world("100", "101", 4, "1");
    world.instrument.priceStep = decimal<Price>("1");
    QCOMPARE(world.candle("102"), u"buy 3 1@100"_s);
    QCOMPARE(world.fill("grid_buy_3", "99"), u"sell 3 1@101"_s);
    GridWorld nothing("100", "100.4", 4, "1");
    nothing.instrument.priceStep = decimal<Price>("1");
    QCOMPARE(nothing.candle("102"), QString());
    QCOMPARE(nothing.strategy->activity(), u"the price step of 1 leaves no distance between the levels"_s);
}

void GridTest::whatTheExchangeDoesNotTakeIsNotAskedFor()
{
    GridWorld world("100", "104", 4, "1.005");
    world.instrument.quantityStep = decimal<Quantity>("0.01");
    world.instrument.minimumNotional = decimal<Money>("101");
    QCOMPARE(world.candle("103"), u"buy 3 1@102, buy 2 1@101"_s); // 100 would be too little
    QCOMPARE(world.candle("103"), QString());
    GridWorld tiny("100", "104", 4, "0.001");
    tiny.instrument.minimumQuantity = decimal<Quantity>("0.01");
    QCOMPARE(tiny.candle("103"), QString());
    QCOMPARE(tiny.strategy->activity(),
             u"4 levels from 100 to 104: 0 bought, 0 waiting to buy; 0.001 is less than the exchange takes"_s);
}

void GridTest::refusedBuysAreTriedEverMoreRarely()
{
    GridWorld world("100", "104", 4, "1");
    world.refusesBuys = true;
    QCOMPARE(world.candle("102.5"), u"buy 3 1@102, buy 2 1@101, buy 1 1@100"_s);
    QString asked;
    for (int minute = 1; minute <= 20; ++minute) {
        if (const QString said = world.candle("102.5"); !said.isEmpty())
            asked += u"%1: %2; "_s.arg(minute).arg(said);
    }
    // A refusal is seen at the next candle; then it waits for 1, 2, 4, 5, 5 … minutes and tries one.
    QCOMPARE(asked, u"2: buy 3 1@102; 5: buy 3 1@102; 10: buy 3 1@102; 16: buy 3 1@102; "_s);
    QVERIFY(world.strategy->activity().endsWith(u"; a buy was refused, tries again"_s));
    // One that is taken makes it ask for the rest.
    world.refusesBuys = false;
    asked.clear();
    for (int minute = 21; minute <= 25; ++minute) {
        if (const QString said = world.candle("102.5"); !said.isEmpty())
            asked += u"%1: %2; "_s.arg(minute).arg(said);
    }
    QCOMPARE(asked, u"22: buy 3 1@102; 23: buy 2 1@101, buy 1 1@100; "_s);
}

void GridTest::aSaleThatFillsBuysAgainEvenAfterARefusal()
{
    GridWorld world("100", "104", 4, "1");
    world.candle("102.5");
    world.fill("grid_buy_3", "101.5");
    world.refusesBuys = true;
    QCOMPARE(world.fill("grid_sell_3", "103.5"), u"buy 4 1@103, buy 3 1@102"_s);
    QCOMPARE(world.candle("103.5"), QString());
    world.fill("grid_buy_2", "100.9");
    world.refusesBuys = false;
    QCOMPARE(world.fill("grid_sell_2", "102.5"), u"buy 2 1@101"_s); // the third level waits for its time
}

void GridTest::ordersOfOtherParametersAreTakenBack()
{
    GridWorld world("100", "104", 4, "1");
    world.candle("102.5");
    world.fill("grid_buy_3", "101.5");
    QCOMPARE(world.open(), u"buy 1 1@100, buy 2 1@101, sell 3 1@103"_s);
    // From 98 to 104 in three: 98, 100, 102. The sale at 103 is no level any more, what was bought at 102 is sold at
    // 104; 101 is no level either, and 100 is another.
    world.configure("98", "104", 3, "1");
    QCOMPARE(world.candle("101.5"), u"cancel buy 2, cancel buy 1, cancel sell 3"_s);
    QCOMPARE(world.candle("101.5"), u"sell 3 1@104, buy 2 1@100, buy 1 1@98"_s);
    QCOMPARE(world.candle("101.5"), QString());
    // Another quantity: buys are made anew, sales are of what is held.
    world.configure("98", "104", 3, "2");
    QCOMPARE(world.candle("101.5"), u"cancel buy 2, cancel buy 1"_s);
    QCOMPARE(world.candle("101.5"), u"buy 2 2@100, buy 1 2@98"_s);
    QCOMPARE(world.open(), u"buy 1 2@98, buy 2 2@100, sell 3 1@104"_s);
}

void GridTest::aLevelWaitsForItsCancel()
{
    GridWorld world("100", "104", 4, "1");
    world.candle("101.5");
    world.cancels = false; // they take their time
    world.configure("100", "104", 4, "2");
    QCOMPARE(world.candle("101.5"), u"cancel buy 2, cancel buy 1"_s);
    QCOMPARE(world.candle("101.5"), QString());
    world.end("grid_buy_2");
    QCOMPARE(world.candle("101.5"), u"buy 2 2@101"_s);
    QCOMPARE(world.candle("101.5"), QString());
}

void GridTest::nothingIsAskedForWhileThePositionIsBeingClosed()
{
    GridWorld world("100", "104", 4, "1");
    world.hold("1");
    world.isLeaving = true;
    QCOMPARE(world.candle("102.5"), QString());
}

void GridTest::stopsAndTargetsAreLeftAlone()
{
    GridWorld world("100", "104", 4, "1");
    world.hold("1");
    Order stop;
    stop.side = Side::Sell;
    stop.type = OrderType::Stop;
    stop.purpose = OrderPurpose::StopLoss;
    stop.reduceOnly = true;
    stop.state = OrderState::Accepted;
    stop.quantity = Quantity::fromInteger(1);
    stop.tag = u"stop_loss"_s;
    world.orders.push_back(stop);
    Order foreign = stop;
    foreign.purpose = OrderPurpose::Exit;
    foreign.tag = u"of another strategy"_s;
    world.orders.push_back(foreign);
    QCOMPARE(world.candle("100.5"), u"cancel of another strategy, buy 1 1@100"_s); // what is held is still on offer
    QCOMPARE(world.candle("100.5"), u"sell 2 1@102"_s);
    QCOMPARE(world.orders.size(), std::size_t(3));
}

void GridTest::aShortPositionIsLeftAlone()
{
    GridWorld world("100", "104", 4, "1");
    world.hold("1");
    world.position.side = PositionSide::Short;
    QCOMPARE(world.candle("102.5"), QString());
    QVERIFY(world.strategy->activity().startsWith(u"waits: it only buys"_s));
}

void GridTest::asksForNoMoreThanItMay()
{
    GridWorld world("100", "300", 200, "1");
    QCOMPARE(world.candle("400").count(u"buy"_s), 200);
    world.configure("100", "300", 199, "1");
    world.cancels = true;
    QVERIFY(world.candle("400").count(u"cancel"_s) >= 198);
    QVERIFY(world.candle("400").count(u"buy"_s) >= 197);
}

QTEST_APPLESS_MAIN(GridTest)
#include "tst_grid.moc"
