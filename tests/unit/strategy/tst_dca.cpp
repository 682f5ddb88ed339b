// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/strategy/registry.h"

#include <QTest>

using namespace tradebot;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr Timestamp noon = fromMilliseconds(1'795'176'000'000);

std::unique_ptr<Strategy> makeDca(int interval, const char *takeProfit)
{
    return *makeStrategy(u"dca", {{u"interval_s"_s, Decimal::fromInteger(interval)},
                                  {u"quote_per_order"_s, Decimal::fromInteger(50)},
                                  {u"take_profit_percent"_s, Decimal::parse(QByteArrayView(takeProfit)).value()}});
}

/// A bot whose buys fill at once at the close, unless they are refused.
class DcaWorld final
{
public:
    explicit DcaWorld(int interval, const char *takeProfit = "0")
        : m_interval(interval),
          m_takeProfit(takeProfit),
          strategy(makeDca(interval, takeProfit))
    { }

    void restart() { strategy = makeDca(m_interval, m_takeProfit); }

    /// What it asks for on the next candle of a minute, which closes at this price.
    QString candle(int price)
    {
        m_time += 1min;
        const Price close = Price::fromInteger(price);
        const Candle candle{m_time - 1min, close, close, close, close, {}};
        Intents intents;
        strategy->onCandle({.candle = candle,
                            .position = position,
                            .orders = orders,
                            .price = close,
                            .timeframe = Timeframe::M1,
                            .lastEntry = lastEntry,
                            .lastEntryAsked = lastEntryAsked,
                            .isLeaving = isLeaving},
                           intents);
        QStringList said;
        for (const Intent &intent : intents) {
            said.append(intent.tag);
            if (intent.kind == IntentKind::Exit)
                position = Position();
            if (intent.kind != IntentKind::Place)
                continue;
            lastEntryAsked = m_time + lateness;
            if (refuses)
                continue;
            Fill fill;
            fill.side = intent.order.side;
            fill.price = close;
            fill.quantity = quantityFor(intent.order.quote, close, Rounding::Floor).value().value();
            position = applyFill(position, fill, m_time).value().position;
            lastEntry = m_time + lateness;
        }
        return said.join(u' ');
    }
    /// The minutes on which something was asked for, of so many at this price: "1 6 11".
    QString minutes(int count, int price)
    {
        QStringList asked;
        for (int i = 0; i < count; ++i) {
            if (!candle(price).isEmpty())
                asked.append(QString::number((m_time - noon) / 1min));
        }
        return asked.join(u' ');
    }

private:
    int m_interval;
    const char *m_takeProfit;
    Timestamp m_time = noon;

public:
    std::unique_ptr<Strategy> strategy;
    Position position;
    std::vector<Order> orders;
    Timestamp lastEntry;
    Timestamp lastEntryAsked;
    std::chrono::milliseconds lateness{0};
    bool refuses = false;
    bool isLeaving = false;
};

} // namespace

class DcaTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void buysAtRegularTimes_data();
    void buysAtRegularTimes();
    void sellsAllAboveTheAverageEntry();
    void aRestartNeitherRepeatsNorLeavesOut();
    void aRefusedBuyIsLeftOutUntilTheNextTime();
    void aBuyUnderWayIsWaitedFor();
    void whatAnotherStrategyLeftIsTakenBack();
    void saysWhenItBuysAgain();
};

void DcaTest::buysAtRegularTimes_data()
{
    QTest::addColumn<int>("interval");
    QTest::addColumn<int>("lateness"); ///< of the clock after the end of the candle, in ms
    QTest::addColumn<QString>("minutes");
    QTest::newRow("five minutes") << 300 << 0 << u"1 6 11 16"_s;
    QTest::newRow("a live clock") << 300 << 1'400 << u"1 6 11 16"_s;
    QTest::newRow("a backtest's clock") << 300 << -1 << u"1 6 11 16"_s;
    QTest::newRow("no multiple of the candle") << 90 << 0 << u"1 3 5 7 9 11 13 15 17 19"_s;
    QTest::newRow("less than a candle") << 1 << 0 << u"1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20"_s;
}

void DcaTest::buysAtRegularTimes()
{
    QFETCH(int, interval);
    QFETCH(int, lateness);
    QFETCH(QString, minutes);
    DcaWorld world(interval);
    world.lateness = std::chrono::milliseconds(lateness);
    QCOMPARE(world.minutes(20, 100), minutes);
    // And when it is forgetful at each candle.
    DcaWorld forgetful(interval);
    forgetful.lateness = std::chrono::milliseconds(lateness);
    QString asked;
    for (int i = 0; i < 20; ++i) {
        forgetful.restart();
        const QString minute = forgetful.minutes(1, 100);
        asked += minute.isEmpty() ? QString() : u' ' + minute;
    }
    QCOMPARE(asked.trimmed(), minutes);
}

void DcaTest::sellsAllAboveTheAverageEntry()
{
    // Each buy is for 50. At 100: 0.5. At 50: 1, together 1.5 for 100, 66.66666667 on average. Five percent above that
    // are 70.00000001 (up to the next 1e-8).
    DcaWorld world(120, "5");
    QCOMPARE(world.candle(100), u"dca_buy"_s);
    QCOMPARE(world.strategy->lines().size(), std::size_t(0));
    QCOMPARE(world.candle(104), QString());
    QCOMPARE(world.strategy->lines().front().second, 105.0);
    QCOMPARE(world.candle(50), u"dca_buy"_s);
    QCOMPARE(world.position.quantity, Quantity::fromRaw(150'000'000));
    QCOMPARE(world.candle(70), QString());
    QCOMPARE(world.strategy->lines().front().second, 70.00000001);
    QCOMPARE(world.candle(71), u"dca_take_profit"_s); // where a buy would be due, it sells
    QVERIFY(!world.position.isOpen());
    QCOMPARE(world.candle(71), u"dca_buy"_s);
    DcaWorld never(120, "0");
    never.candle(100);
    QCOMPARE(never.candle(100'000), QString());
}

void DcaTest::aRestartNeitherRepeatsNorLeavesOut()
{
    DcaWorld world(300);
    QCOMPARE(world.minutes(3, 100), u"1"_s);
    world.restart();
    QCOMPARE(world.minutes(5, 100), u"6"_s);
    world.restart();
    QCOMPARE(world.minutes(5, 100), u"11"_s);
    // It was away when one was due: it comes on the first candle, and the next one an interval later.
    world.minutes(2, 100);
    DcaWorld late(300);
    late.lastEntry = noon - 10min;
    QCOMPARE(late.minutes(8, 100), u"1 6"_s);
}

void DcaTest::aRefusedBuyIsLeftOutUntilTheNextTime()
{
    DcaWorld world(300);
    world.refuses = true;
    QCOMPARE(world.minutes(8, 100), u"1 6"_s);
    world.restart();
    world.refuses = false;
    QCOMPARE(world.minutes(10, 100), u"11 16"_s);
}

void DcaTest::aBuyUnderWayIsWaitedFor()
{
    DcaWorld world(60);
    Order buy;
    buy.state = OrderState::Accepted;
    buy.tag = u"dca_buy"_s;
    world.orders.push_back(buy);
    QCOMPARE(world.minutes(5, 100), QString());
    world.orders.clear();
    world.isLeaving = true;
    QCOMPARE(world.minutes(5, 100), QString());
}

void DcaTest::whatAnotherStrategyLeftIsTakenBack()
{
    DcaWorld world(300);
    Order order;
    order.type = OrderType::Limit;
    order.state = OrderState::Accepted;
    order.tag = u"grid_buy_1"_s;
    world.orders.push_back(order);
    order.tag = u"stop_loss"_s;
    order.purpose = OrderPurpose::StopLoss;
    order.type = OrderType::Stop;
    world.orders.push_back(order);
    QCOMPARE(world.candle(100), u"grid_buy_1 dca_buy"_s);
    world.orders.front().cancelRequested = true;
    QCOMPARE(world.candle(100), QString());
}

void DcaTest::saysWhenItBuysAgain()
{
    DcaWorld world(300);
    QCOMPARE(world.strategy->activity(), u"buys for 50 at the next closed candle"_s);
    world.candle(100);
    QCOMPARE(world.strategy->activity(), u"buys for 50 again at 2026-11-20T12:06:00.000Z"_s);
    world.position.side = PositionSide::Short;
    QCOMPARE(world.candle(100), QString());
    QVERIFY(world.strategy->activity().startsWith(u"waits: it only buys"_s));
}

QTEST_APPLESS_MAIN(DcaTest)
#include "tst_dca.moc"
