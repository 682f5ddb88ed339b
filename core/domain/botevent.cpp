// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/domain/botevent.h"

#include <array>

namespace tradebot {

using namespace Qt::StringLiterals;

namespace {

constexpr std::array<QLatin1StringView, std::variant_size_v<EventKinds>> typeNames = {
        "bot_created"_L1,    "bot_configured"_L1,
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

struct SeverityOf
{
    Severity operator()(const StatusChanged &event) const
    {
        return event.status == BotStatus::Error ? Severity::Error : Severity::Info;
    }
    Severity operator()(const HealthChanged &event) const
    {
        return event.health == Health::Degraded ? Severity::Warning : Severity::Info;
    }
    Severity operator()(const OrderChanged &event) const
    {
        switch (event.order.state) {
        case OrderState::Denied:
        case OrderState::Expired: return Severity::Warning;
        case OrderState::Rejected:
        case OrderState::Unknown: return Severity::Error;
        default: return Severity::Info;
        }
    }
    Severity operator()(const ErrorRaised &) const { return Severity::Error; }
    Severity operator()(const DailyLimitReached &) const { return Severity::Warning; }
    Severity operator()(const DrawdownLimitReached &) const { return Severity::Warning; }
    Severity operator()(const MoneyMoved &event) const
    {
        return event.kind == LedgerKind::Liquidation ? Severity::Error : Severity::Info;
    }
    Severity operator()(const KillSwitchPulled &) const { return Severity::Warning; }
    template<class Other>
    Severity operator()(const Other &) const
    {
        return Severity::Info;
    }
};

QString priceOrNone(Price price)
{
    return price.isZero() ? u"none"_s : price.toString();
}

QString signedText(Money money)
{
    return (money.isPositive() ? u"+"_s : QString()) + money.toString();
}

QString capitalised(QLatin1StringView name)
{
    QString text(name);
    text[0] = text[0].toUpper();
    return text;
}

QString orderText(const Order &order)
{
    QString text = u"%1 %2 %3 %4"_s.arg(toName(order.type), toName(order.side), order.quantity.toString(),
                                        order.symbol.value());
    if (!order.limitPrice.isZero())
        text += u" at "_s + order.limitPrice.toString();
    return text;
}

/// Facts of another version of the program may lack a message.
QString messageOr(const QString &message, const QString &otherwise)
{
    return message.isEmpty() ? otherwise : message;
}

struct Description
{
    QString operator()(const BotCreated &event) const
    {
        return u"Bot %1 created: %2 on %3"_s.arg(event.config.name, event.config.strategy, event.config.symbol.value());
    }
    QString operator()(const BotConfigured &event) const
    {
        return u"Configuration changed, now version %1"_s.arg(event.version);
    }
    QString operator()(const BotDeleted &) const { return u"Bot deleted"_s; }
    QString operator()(const DesiredChanged &event) const { return u"Owner wants it %1"_s.arg(toName(event.desired)); }
    QString operator()(const StatusChanged &event) const
    {
        const QString text = statusText(event.status, event.errorKind);
        return event.message.isEmpty() ? text : text + u": "_s + event.message;
    }
    QString operator()(const HealthChanged &event) const
    {
        if (event.health == Health::Ok)
            return u"Health is ok again"_s;
        const QString text = u"Degraded, %1"_s.arg(toName(event.reason));
        return event.message.isEmpty() ? text : text + u": "_s + event.message;
    }
    QString operator()(const DecisionMade &event) const
    {
        const QString text = u"Signal %1: %2 at %3"_s.arg(event.tag, toName(event.action), event.price.toString());
        return event.message.isEmpty() ? text : text + u", "_s + event.message;
    }
    QString operator()(const OrderChanged &event) const
    {
        const QString text = u"Order %1: %2"_s.arg(toName(event.order.state), orderText(event.order));
        return event.order.reason.isEmpty() ? text : text + u", "_s + event.order.reason;
    }
    QString operator()(const OrderFilled &event) const
    {
        QString text = u"%1 %2 at %3, fee %4"_s.arg(event.fill.side == Side::Buy ? u"Bought"_s : u"Sold"_s,
                                                    event.fill.quantity.toString(), event.fill.price.toString(),
                                                    event.fill.fee.toString());
        if (!event.realised.isZero())
            text += u", gross "_s + signedText(event.realised);
        return text;
    }
    QString operator()(const TradeClosed &event) const
    {
        return u"Trade closed (%1): net %2 %3"_s.arg(toName(event.trade.exitReason), signedText(event.trade.net()),
                                                     event.trade.currency);
    }
    QString operator()(const ProtectionChanged &event) const
    {
        const QString text = u"Stop %1, target %2, trailing %3"_s.arg(priceOrNone(event.protection.stopLoss),
                                                                      priceOrNone(event.protection.takeProfit),
                                                                      priceOrNone(event.protection.trailingStop));
        return event.reason.isEmpty() ? text : text + u" ("_s + event.reason + u")"_s;
    }
    QString operator()(const ErrorRaised &event) const { return u"%1: %2"_s.arg(toName(event.kind), event.message); }
    QString operator()(const ErrorCleared &) const { return u"Last error cleared"_s; }
    QString operator()(const DailyLimitReached &event) const
    {
        return messageOr(event.message, u"Daily limit reached"_s);
    }
    QString operator()(const DayClosed &event) const
    {
        return u"Day closed: net %1, %2 fills, %3 trades"_s.arg(signedText(event.totals.net()))
                .arg(event.totals.fills)
                .arg(event.totals.trades);
    }
    QString operator()(const SessionCompleted &event) const { return messageOr(event.message, u"Session complete"_s); }
    QString operator()(const BotCompleted &event) const { return messageOr(event.message, u"Bot complete"_s); }
    QString operator()(const MoneyMoved &event) const
    {
        const QString text = u"%1 %2"_s.arg(capitalised(toName(event.kind)), signedText(event.amount));
        return event.reason.isEmpty() ? text : text + u", "_s + event.reason;
    }
    QString operator()(const KillSwitchPulled &event) const
    {
        return u"Kill switch for %1: %2"_s.arg(event.kill.scope, toName(event.kill.level));
    }
    QString operator()(const KillSwitchDone &event) const
    {
        return messageOr(event.message, u"Kill switch carried out: %1"_s.arg(toName(event.level)));
    }
    QString operator()(const DrawdownLimitReached &event) const
    {
        return messageOr(event.message, u"Drawdown limit reached"_s);
    }
    QString operator()(const PeakChanged &event) const
    {
        return (event.resetsBaseline ? u"Drawdown counts anew from %1"_s : u"New peak of equity: %1"_s)
                .arg(event.equity.toString());
    }
};

} // namespace

EventPayload::EventPayload() = default;
EventPayload::EventPayload(const EventPayload &) = default;
EventPayload::EventPayload(EventPayload &&) noexcept = default;
EventPayload &EventPayload::operator=(const EventPayload &) = default;
EventPayload &EventPayload::operator=(EventPayload &&) noexcept = default;
EventPayload::~EventPayload() = default;

bool operator==(const EventPayload &a, const EventPayload &b)
{
    return static_cast<const EventKinds &>(a) == static_cast<const EventKinds &>(b);
}

QLatin1StringView typeName(const EventPayload &payload)
{
    return typeNames.at(payload.index());
}

QList<QLatin1StringView> allTypeNames()
{
    return {typeNames.begin(), typeNames.end()};
}

Severity severityOf(const EventPayload &payload)
{
    return std::visit(SeverityOf(), payload);
}

QString describe(const EventPayload &payload)
{
    return std::visit(Description(), payload);
}

QString statusText(BotStatus status, ErrorKind errorKind)
{
    QString text(toName(status));
    if (status != BotStatus::Error || errorKind == ErrorKind::None)
        return text;
    return text + u" ("_s + toName(errorKind) + u")"_s;
}

} // namespace tradebot
