// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/domain/botevent.h"
#include "tests/support/generators.h"
#include "tests/support/qtestprint.h"

#include <QTest>

using namespace tradebot;
using namespace Qt::StringLiterals;

namespace {

Order orderIn(OrderState state)
{
    Order order;
    order.symbol = Symbol(u"BTCUSDT"_s);
    order.quantity = Quantity::fromRaw(7'450'000);
    order.state = state;
    return order;
}

OrderFilled bought()
{
    OrderFilled filled;
    filled.order = orderIn(OrderState::Filled);
    filled.fill.price = Price::fromRaw(6'725'010'000'000);
    filled.fill.quantity = filled.order.quantity;
    filled.fill.fee = Money::fromRaw(501'000'000);
    return filled;
}

OrderFilled sold()
{
    OrderFilled filled = bought();
    filled.fill.side = Side::Sell;
    filled.realised = Money::fromRaw(1'250'000'000);
    return filled;
}

Trade lostTrade()
{
    Trade trade;
    trade.gross = Money::fromInteger(-10);
    trade.fees = Money::fromInteger(2);
    trade.funding = Money::fromRaw(50'000'000);
    trade.exitReason = OrderPurpose::StopLoss;
    trade.currency = u"USDT"_s;
    return trade;
}

} // namespace

Q_DECLARE_METATYPE(tradebot::EventPayload)

class TestBotEvent final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyPayloadHasItsTypeName();
    void aFactIsDescribedInOneSentence_data();
    void aFactIsDescribedInOneSentence();
    void aFactHasASeverity_data();
    void aFactHasASeverity();
    void everyFactHasADescription();
};

void TestBotEvent::everyPayloadHasItsTypeName()
{
    const QList<QLatin1StringView> names{"bot_created"_L1,    "bot_configured"_L1,
                                         "bot_deleted"_L1,    "desired"_L1,
                                         "status"_L1,         "health"_L1,
                                         "decision"_L1,       "order"_L1,
                                         "fill"_L1,           "trade"_L1,
                                         "protection"_L1,     "error"_L1,
                                         "error_cleared"_L1,  "daily_limit"_L1,
                                         "day_closed"_L1,     "session_complete"_L1,
                                         "complete"_L1,       "money"_L1,
                                         "kill_switch"_L1,    "kill_switch_done"_L1,
                                         "drawdown_limit"_L1, "peak"_L1};
    QCOMPARE(allTypeNames(), names);
    QCOMPARE(typeName(BotCreated()), "bot_created"_L1);
    QCOMPARE(typeName(StatusChanged()), "status"_L1);
    QCOMPARE(typeName(OrderChanged()), "order"_L1);
    QCOMPARE(typeName(OrderFilled()), "fill"_L1);
    QCOMPARE(typeName(TradeClosed()), "trade"_L1);
    QCOMPARE(typeName(DayClosed()), "day_closed"_L1);
    QCOMPARE(typeName(SessionCompleted()), "session_complete"_L1);
    QCOMPARE(typeName(BotCompleted()), "complete"_L1);
}

void TestBotEvent::aFactIsDescribedInOneSentence_data()
{
    QTest::addColumn<EventPayload>("payload");
    QTest::addColumn<QString>("text");
    const auto row = [](const char *name, const EventPayload &payload, const QString &text) {
        QTest::addRow("%s", name) << payload << text;
    };
    BotConfig config;
    config.name = u"100 %1 sure"_s; // a place-holder in a name is nothing but text
    config.strategy = u"ema_cross"_s;
    config.symbol = Symbol(u"BTCUSDT"_s);
    row("created", BotCreated{UserId(1), config}, u"Bot 100 %1 sure created: ema_cross on BTCUSDT"_s);
    row("configured", BotConfigured{3, config}, u"Configuration changed, now version 3"_s);
    row("deleted", BotDeleted(), u"Bot deleted"_s);
    row("desired", DesiredChanged{DesiredState::Running, StopPolicy::Flatten}, u"Owner wants it running"_s);
    row("status", StatusChanged{BotStatus::Pending, BotStatus::Running, ErrorKind::None, u"Starting…"_s},
        u"running: Starting…"_s);
    row("status error", StatusChanged{BotStatus::Running, BotStatus::Error, ErrorKind::Strategy, {}},
        u"error (strategy)"_s);
    row("health", HealthChanged{Health::Degraded, HealthReason::StaleData, u"12 s old"_s},
        u"Degraded, stale data: 12 s old"_s);
    row("health ok", HealthChanged{}, u"Health is ok again"_s);
    row("decision", DecisionMade{DecisionAction::Buy, Price::fromInteger(100), u"ema_cross_up"_s, {}},
        u"Signal ema_cross_up: buy at 100"_s);
    row("order", OrderChanged{OrderTrigger::Submit, orderIn(OrderState::Submitted)},
        u"Order submitted: market buy 0.0745 BTCUSDT"_s);
    Order denied = orderIn(OrderState::Denied);
    denied.limitPrice = Price::fromInteger(5);
    denied.reason = u"too small"_s;
    row("order denied", OrderChanged{OrderTrigger::Deny, denied},
        u"Order denied: market buy 0.0745 BTCUSDT at 5, too small"_s);
    row("fill", bought(), u"Bought 0.0745 at 67250.1, fee 5.01"_s);
    row("exit", sold(), u"Sold 0.0745 at 67250.1, fee 5.01, gross +12.5"_s);
    row("trade", TradeClosed{lostTrade()}, u"Trade closed (stop_loss): net -11.5 USDT"_s);
    row("protection", ProtectionChanged{{Price::fromInteger(98), {}, {}, {}, {}}, u"entry"_s},
        u"Stop 98, target none, trailing none (entry)"_s);
    row("error", ErrorRaised{ErrorKind::PriceFetch, u"no answer"_s}, u"price fetch: no answer"_s);
    row("error cleared", ErrorCleared(), u"Last error cleared"_s);
    row("daily limit", DailyLimitReached{u"Lost 200"_s}, u"Lost 200"_s);
    row("drawdown limit", DrawdownLimitReached{u"Lost 20 %"_s}, u"Lost 20 %"_s);
    row("peak", PeakChanged{Money::fromInteger(7)}, u"New peak of equity: 7"_s);
    row("peak anew", PeakChanged{Money::fromInteger(5), true}, u"Drawdown counts anew from 5"_s);
    DayClosed day;
    day.totals = {Money::fromInteger(10), Money::fromInteger(1), Money::fromInteger(-2), 4, 2, 1};
    row("day", day, u"Day closed: net +7, 4 fills, 2 trades"_s);
    row("session", SessionCompleted{u"Done"_s, {}}, u"Done"_s);
    row("complete", BotCompleted{u"Wound down"_s}, u"Wound down"_s);
}

void TestBotEvent::aFactIsDescribedInOneSentence()
{
    QFETCH(EventPayload, payload);
    QTEST(describe(payload), "text");
}

void TestBotEvent::aFactHasASeverity_data()
{
    QTest::addColumn<EventPayload>("payload");
    QTest::addColumn<Severity>("severity");
    const auto row = [](const char *name, const EventPayload &payload, Severity severity) {
        QTest::addRow("%s", name) << payload << severity;
    };
    row("created", BotCreated(), Severity::Info);
    row("running", StatusChanged{{}, BotStatus::Running, {}, {}}, Severity::Info);
    row("in error", StatusChanged{{}, BotStatus::Error, ErrorKind::Strategy, {}}, Severity::Error);
    row("degraded", HealthChanged{Health::Degraded, HealthReason::StaleData, {}}, Severity::Warning);
    row("ok again", HealthChanged(), Severity::Info);
    row("submitted", OrderChanged{{}, orderIn(OrderState::Submitted)}, Severity::Info);
    row("cancelled", OrderChanged{{}, orderIn(OrderState::Cancelled)}, Severity::Info);
    row("denied", OrderChanged{{}, orderIn(OrderState::Denied)}, Severity::Warning);
    row("expired", OrderChanged{{}, orderIn(OrderState::Expired)}, Severity::Warning);
    row("rejected", OrderChanged{{}, orderIn(OrderState::Rejected)}, Severity::Error);
    row("unknown", OrderChanged{{}, orderIn(OrderState::Unknown)}, Severity::Error);
    row("fill", bought(), Severity::Info);
    row("error", ErrorRaised(), Severity::Error);
    row("daily limit", DailyLimitReached(), Severity::Warning);
    row("drawdown limit", DrawdownLimitReached(), Severity::Warning);
    row("day", DayClosed(), Severity::Info);
}

void TestBotEvent::aFactHasASeverity()
{
    QFETCH(EventPayload, payload);
    QTEST(severityOf(payload), "severity");
}

void TestBotEvent::everyFactHasADescription()
{
    QVERIFY(rc::check("describe", [] { RC_ASSERT(!describe(*gen::payload()).isEmpty()); }));
}

QTEST_APPLESS_MAIN(TestBotEvent)
#include "tst_botevent.moc"
