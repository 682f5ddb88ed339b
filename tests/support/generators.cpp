// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/generators.h"

#include "core/domain/configjson.h"
#include "core/domain/eventjson.h"
#include "core/domain/statejson.h"

#include <QByteArray>
#include <QString>

#include <array>
#include <limits>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>

using namespace Qt::StringLiterals;

void showValue(const QString &text, std::ostream &out)
{
    out << '"' << text.toStdString() << '"';
}

void showValue(const QByteArray &bytes, std::ostream &out)
{
    out << "hex " << bytes.toHex(' ').toStdString();
}

namespace tradebot {

void showValue(const Fill &fill, std::ostream &out)
{
    out << toName(fill.side).data() << ' ' << fill.quantity.toBytes().constData() << " at "
        << fill.price.toBytes().constData();
}

void showValue(const BotState &state, std::ostream &out)
{
    out << toJson(state).constData();
}

void showValue(const BotConfig &config, std::ostream &out)
{
    out << toJson(config).constData();
}

void showValue(const EventPayload &payload, std::ostream &out)
{
    out << typeName(payload).data() << ' ' << toJson(payload).constData();
}

void showValue(const BotEvent &event, std::ostream &out)
{
    out << '#' << event.sequence.value() << ' ' << toRfc3339(event.happened).constData() << ' ';
    showValue(event.payload, out);
}

namespace gen {

namespace {

// Values, to be made inside of a generator: each type that has a generator of its own costs the compiler a second.

/// Any of so many, the last as often as the first: inRange() alone begins with the low ones and gets to all slowly.
std::size_t oneOf(std::size_t count)
{
    return *rc::gen::resize(rc::kNominalSize, rc::gen::inRange<std::size_t>(0, count));
}

template<NamedEnum E>
E one()
{
    const auto &table = EnumNames<E>::table;
    return table[oneOf(std::size(table))].first;
}

template<class T>
T amount()
{
    return T::fromRaw(*raw());
}

template<class T>
T above0(int digits)
{
    return T::fromRaw(*positiveRaw(digits));
}

/// From above 0 to a number of whole units, in steps of 1e-8.
template<class T = Decimal>
T upTo(std::int32_t units)
{
    return T::fromRaw(*rc::gen::inRange<std::int64_t>(1, T::fromInteger(units).raw() + 1));
}

bool yesOrNo()
{
    return *rc::gen::arbitrary<bool>();
}

qint64 number()
{
    return *rc::gen::inRange<qint64>(1, 1'000'000'000);
}

template<class Make>
std::optional<std::invoke_result_t<Make>> maybe(Make make)
{
    if (*rc::gen::inRange(0, 3) == 0)
        return std::nullopt;
    return make();
}

template<class Make>
std::vector<std::invoke_result_t<Make>> few(Make make)
{
    std::vector<std::invoke_result_t<Make>> all;
    for (std::size_t i = oneOf(4); i > 0; --i)
        all.push_back(make());
    return all;
}

ClientOrderId orderId()
{
    return ClientOrderId{BotId(number()), EventSequence(number())};
}

ExchangeTradeId tradeId()
{
    return ExchangeTradeId(*text());
}

Symbol symbol()
{
    const std::array names{u"BTCUSDT"_s, u"ETH-EUR"_s, u"BTC-PERP"_s, u"1INCHUSDT"_s};
    return Symbol(names.at(oneOf(names.size())));
}

ParameterValue parameter()
{
    switch (*rc::gen::inRange(0, 3)) {
    case 0: return amount<Decimal>();
    case 1: return yesOrNo();
    default: return *text();
    }
}

StrategyParameters parameters()
{
    StrategyParameters all;
    for (int i = *rc::gen::inRange(0, 4); i > 0; --i)
        all[*text()] = parameter();
    return all;
}

/// A percentage that a stop may have: above 0, below 100.
Decimal percent()
{
    return upTo(99);
}

Money anyLimit()
{
    return above0<Money>(19);
}

int anyCount()
{
    return *rc::gen::inRange(1, std::numeric_limits<int>::max());
}

StopRule stopRule()
{
    return {one<StopKind>(), percent()};
}

RiskLimits limits()
{
    RiskLimits all;
    all.maxDailyLoss = maybe(anyLimit);
    all.maxDailyTrades = maybe(anyCount);
    all.maxDrawdownPercent = maybe(percent);
    all.cooldownSeconds = maybe([] { return *rc::gen::inRange(0, std::numeric_limits<int>::max()); });
    all.maxPositionQuote = maybe(anyLimit);
    all.maxSymbolExposureQuote = maybe(anyLimit);
    all.maxAccountExposureQuote = maybe(anyLimit);
    all.maxOrdersPerMinute = maybe([] { return *rc::gen::inRange(1, 1000); });
    all.stopLossGuard = maybe([] {
        return StopLossGuard{*rc::gen::inRange(1, 33), *rc::gen::inRange(1, 100'000), *rc::gen::inRange(1, 100'000)};
    });
    return all;
}

OpenTrade openTrade()
{
    OpenTrade trade;
    trade.entryTime = *timestamp();
    trade.entryTag = *text();
    trade.configVersion = *rc::gen::inRange(1, 1000);
    trade.entered = above0<Quantity>(19);
    trade.exited = above0<Quantity>(19);
    trade.entryNotional = amount<Money>();
    trade.exitNotional = amount<Money>();
    trade.gross = amount<Money>();
    trade.fees = amount<Money>();
    trade.funding = amount<Money>();
    trade.nextFees = amount<Money>();
    return trade;
}

KillOrder killOrder()
{
    KillOrder made{one<KillLevel>(), yesOrNo(), *text()};
    made.orders = few([] { return KilledOrder{orderId(), one<OrderState>()}; });
    return made;
}

PlannedExit plannedExit()
{
    return {one<OrderPurpose>(), *text()};
}

PlannedEntry plannedEntry()
{
    return {one<PositionSide>(), *text(), *text()};
}

template<std::size_t Index>
EventPayload alternative();

template<>
EventPayload alternative<0>()
{
    return BotCreated{UserId(number()), *config()};
}
template<>
EventPayload alternative<1>()
{
    return BotConfigured{*rc::gen::inRange(1, 1000), *config()};
}
template<>
EventPayload alternative<2>()
{
    return BotDeleted();
}
template<>
EventPayload alternative<3>()
{
    return DesiredChanged{one<DesiredState>(), one<StopPolicy>()};
}
template<>
EventPayload alternative<4>()
{
    return StatusChanged{one<BotStatus>(), one<BotStatus>(), one<ErrorKind>(), *text()};
}
template<>
EventPayload alternative<5>()
{
    return HealthChanged{one<Health>(), one<HealthReason>(), *text()};
}
template<>
EventPayload alternative<6>()
{
    return DecisionMade{one<DecisionAction>(), amount<Price>(), *text(), *text(), {}, maybe(plannedExit)};
}
template<>
EventPayload alternative<7>()
{
    return OrderChanged{one<OrderTrigger>(), *order()};
}
template<>
EventPayload alternative<8>()
{
    return OrderFilled{*order(), *fill(), amount<Money>()};
}
template<>
EventPayload alternative<9>()
{
    return TradeClosed{*trade()};
}
template<>
EventPayload alternative<10>()
{
    return ProtectionChanged{*protection(), *text()};
}
template<>
EventPayload alternative<11>()
{
    return ErrorRaised{one<ErrorKind>(), *text()};
}
template<>
EventPayload alternative<12>()
{
    return ErrorCleared();
}
template<>
EventPayload alternative<13>()
{
    return DailyLimitReached{*text()};
}
template<>
EventPayload alternative<14>()
{
    return DayClosed{*day(), *day(), *totals()};
}
template<>
EventPayload alternative<15>()
{
    return SessionCompleted{*text(), *totals()};
}
template<>
EventPayload alternative<16>()
{
    return BotCompleted{*text()};
}

template<>
EventPayload alternative<17>()
{
    return MoneyMoved{one<LedgerKind>(), amount<Money>(), amount<Decimal>(), amount<Price>(),
                      *timestamp(),      *text(),         yesOrNo()};
}
template<>
EventPayload alternative<18>()
{
    return KillSwitchPulled{killOrder()};
}
template<>
EventPayload alternative<19>()
{
    return KillSwitchDone{one<KillLevel>(), *text()};
}

template<>
EventPayload alternative<20>()
{
    return DrawdownLimitReached{*text()};
}
template<>
EventPayload alternative<21>()
{
    return PeakChanged{amount<Money>(), yesOrNo()};
}

/// Each kind of fact in its turn: a new one without a line above does not link.
template<std::size_t... Index>
EventPayload alternativeAt(std::size_t index, std::index_sequence<Index...>)
{
    static constexpr std::array<EventPayload (*)(), sizeof...(Index)> makers = {&alternative<Index>...};
    return makers.at(index)();
}

} // namespace

rc::Gen<std::int64_t> raw()
{
    constexpr std::int64_t scale = detail::decimalScale;
    constexpr std::int64_t limit = detail::decimalMax;
    const auto anyMagnitude = rc::gen::exec([] {
        const auto bits = *rc::gen::inRange(1, 64);
        const auto value = static_cast<std::int64_t>(*rc::gen::resize(100, rc::gen::arbitrary<std::uint64_t>())
                                                     >> static_cast<unsigned>(64 - bits));
        return yesOrNo() ? value : -value;
    });
    const auto units = rc::gen::map(rc::gen::inRange<std::int64_t>(-1'000'000, 1'000'000),
                                    [](std::int64_t value) { return value * scale / 4; });
    const auto special = rc::gen::element<std::int64_t>(0, 1, -1, 2, scale, -scale, scale - 1, scale + 1, limit, -limit,
                                                        limit - 1, 1 - limit, limit / 2, limit / 2 + 1,
                                                        std::int64_t(1) << 62, -(std::int64_t(1) << 62));
    return rc::gen::weightedOneOf<std::int64_t>({{6, anyMagnitude}, {2, units}, {1, special}});
}

rc::Gen<std::int64_t> positiveRaw(int digits)
{
    return rc::gen::exec([digits] {
        std::int64_t limit = 1;
        for (int i = *rc::gen::inRange(1, digits + 1); i > 0; --i)
            limit = limit > detail::decimalMax / 10 ? detail::decimalMax : limit * 10;
        return *rc::gen::inRange<std::int64_t>(1, limit);
    });
}

rc::Gen<Timestamp> timestamp()
{
    using namespace std::chrono;
    constexpr auto first = Timestamp(sys_days(year(1900) / 1 / 1)).time_since_epoch().count();
    constexpr auto last = Timestamp(sys_days(year(2200) / 1 / 1)).time_since_epoch().count();
    return rc::gen::map(rc::gen::inRange(first, last),
                        [](auto milliseconds) { return fromMilliseconds(milliseconds); });
}

rc::Gen<std::chrono::sys_days> day()
{
    return rc::gen::map(timestamp(), [](Timestamp time) { return std::chrono::floor<std::chrono::days>(time); });
}

rc::Gen<QString> text()
{
    const auto character =
            rc::gen::oneOf(rc::gen::inRange<char32_t>(0x20, 0x7f), rc::gen::inRange<char32_t>(1, 0x20),
                           rc::gen::element<char32_t>(U'"', U'\\', U'/', U'%', 0x7f, 0xa0, 0x2028),
                           rc::gen::inRange<char32_t>(0xa0, 0xd800), rc::gen::inRange<char32_t>(0x10000, 0x110000));
    return rc::gen::map(rc::gen::resize(12, rc::gen::container<std::u32string>(character)),
                        [](const std::u32string &all) { return QString::fromStdU32String(all); });
}

rc::Gen<QByteArray> bytes()
{
    return rc::gen::map(rc::gen::container<std::string>(rc::gen::arbitrary<char>()),
                        [](const std::string &all) { return QByteArray::fromStdString(all); });
}

rc::Gen<Order> order()
{
    return rc::gen::exec([] {
        Order made;
        made.id = orderId();
        made.exchangeId = ExchangeOrderId(*text());
        made.symbol = symbol();
        made.side = one<Side>();
        made.type = one<OrderType>();
        made.timeInForce = one<TimeInForce>();
        made.purpose = one<OrderPurpose>();
        made.reduceOnly = yesOrNo();
        made.postOnly = yesOrNo();
        made.state = one<OrderState>();
        made.quantity = above0<Quantity>(19);
        made.filled = above0<Quantity>(19);
        made.limitPrice = amount<Price>();
        made.stopPrice = amount<Price>();
        made.filledNotional = amount<Money>();
        made.tag = *text();
        made.reason = *text();
        made.createdAt = *timestamp();
        made.acceptedAt = *timestamp();
        made.triggeredAt = *timestamp();
        made.oneCancelsOther = EventSequence(number());
        made.trailingPercent = amount<Decimal>();
        made.cancelRequested = yesOrNo();
        made.cancelRequestedAt = *timestamp();
        made.fills = few(tradeId);
        return made;
    });
}

rc::Gen<Fill> fill()
{
    return rc::gen::exec([] {
        Fill made;
        made.order = orderId();
        made.exchangeTradeId = ExchangeTradeId(*text());
        made.side = one<Side>();
        made.price = above0<Price>(15);
        made.quantity = above0<Quantity>(12);
        made.fee = above0<Money>(12);
        made.feeRate = upTo(1);
        made.isMaker = yesOrNo();
        if (yesOrNo()) {
            made.feeAsset = *text();
            made.feeQuantity = above0<Decimal>(12);
            made.feeAssetPrice = above0<Price>(12);
        }
        return made;
    });
}

rc::Gen<Trade> trade()
{
    return rc::gen::exec([] {
        Trade made;
        made.id = TradeId(number());
        made.bot = BotId(number());
        made.symbol = symbol();
        made.side = one<PositionSide>();
        made.quantity = above0<Quantity>(19);
        made.entryTime = *timestamp();
        made.exitTime = *timestamp();
        made.entryPrice = amount<Price>();
        made.exitPrice = amount<Price>();
        made.gross = amount<Money>();
        made.fees = amount<Money>();
        made.funding = amount<Money>();
        made.entryTag = *text();
        made.exitReason = one<OrderPurpose>();
        made.exitTag = *text();
        made.configVersion = *rc::gen::inRange(1, 1000);
        made.currency = *text();
        return made;
    });
}

rc::Gen<Totals> totals()
{
    return rc::gen::exec([] {
        Totals made;
        made.gross = amount<Money>();
        made.fees = amount<Money>();
        made.funding = amount<Money>();
        made.fills = number();
        made.trades = number();
        made.wins = number();
        return made;
    });
}

rc::Gen<Position> position()
{
    return rc::gen::exec([] {
        Position made;
        made.side = one<PositionSide>();
        if (made.isOpen()) {
            made.quantity = above0<Quantity>(19);
            made.cost = above0<Money>(19);
            made.openedAt = *timestamp();
        }
        return made;
    });
}

rc::Gen<Protection> protection()
{
    return rc::gen::exec([] {
        return Protection{amount<Price>(), amount<Price>(), amount<Price>(), amount<Price>(),
                          amount<Price>(), yesOrNo(),       yesOrNo()};
    });
}

rc::Gen<BotState> state()
{
    return rc::gen::exec([] {
        BotState made;
        made.desired = one<DesiredState>();
        made.status = one<BotStatus>();
        made.errorKind = one<ErrorKind>();
        made.stopPolicy = one<StopPolicy>();
        made.statusSince = *timestamp();
        made.statusMessage = *text();
        made.health = one<Health>();
        made.healthReason = one<HealthReason>();
        made.healthMessage = *text();
        made.lastError = *text();
        made.configVersion = *rc::gen::inRange(1, 1000);
        made.position = *position();
        made.protection = *protection();
        made.openTrade = openTrade();
        made.openOrders = few([] { return *order(); });
        made.balance = amount<Money>();
        made.life = *totals();
        made.day = *day();
        made.today = *totals();
        made.haltedByDailyLimit = yesOrNo();
        made.peakEquity = amount<Money>();
        made.haltedByDrawdown = yesOrNo();
        made.plannedEntry = maybe(plannedEntry);
        made.plannedExit = maybe(plannedExit);
        made.placementSuspended = yesOrNo();
        made.lastEntry = *timestamp();
        made.lastEntryAsked = *timestamp();
        made.lastEntryLimit = amount<Price>();
        made.lastExit = *timestamp();
        for (const Timestamp stop : few([] { return *timestamp(); }))
            made.losingStops.push(Timestamp(stop));
        for (const ExchangeTradeId &fill : few(tradeId))
            made.externalFills.push(ExchangeTradeId(fill));
        for (const auto &fills : few([] { return few(tradeId); }))
            made.filledOrders.push(FilledOrder{orderId(), fills});
        made.recentOrders = few([] { return *timestamp(); });
        made.kill = maybe(killOrder);
        made.fundedUpTo = *timestamp();
        made.marketTime = *timestamp();
        made.lastRunAt = *timestamp();
        made.lastSequence = EventSequence(number());
        return made;
    });
}

rc::Gen<BotConfig> config()
{
    return rc::gen::exec([] {
        BotConfig made;
        made.name = u"N"_s + *text();
        made.symbol = symbol();
        made.exchange = one<Exchange>();
        made.market = one<Market>();
        made.apiKeyId = maybe([] { return *rc::gen::arbitrary<qint64>(); });
        if (made.exchange != Exchange::Paper && made.apiKeyId)
            made.mode = one<Mode>();
        made.timeframe = one<Timeframe>();
        made.strategy = u"s"_s + *text();
        made.strategyParameters = parameters();
        if (made.market != Market::Spot) {
            made.positionType = one<PositionType>();
            made.leverage = *rc::gen::inRange(1, 126);
        }
        made.marginType = one<MarginType>();
        made.stopLoss = maybe(stopRule);
        made.takeProfit = maybe(stopRule);
        made.trailingStop = maybe([] { return TrailingStopRule{percent(), upTo(10'000)}; });
        do
            made.sizing = {one<SizingKind>(), upTo(100)};
        while (made.sizing.kind == SizingKind::RiskPercent && !made.stopLoss);
        made.initialBalance = above0<Money>(19);
        const auto rate = rc::gen::map(rc::gen::inRange<std::int64_t>(-1'000'000, 10'000'001), &Decimal::fromRaw);
        made.fees = {*rate, *rate};
        made.slippageBasisPoints = upTo(1000);
        made.stopsAt = one<StopsAt>();
        made.stopLimitPercent = maybe(percent);
        made.paper.latencyMilliseconds = *rc::gen::inRange(0, 60'001);
        made.paper.depthPercent = maybe([] { return upTo(100); });
        made.paper.queuePercent = upTo(100);
        made.paper.feeAsset = one<FeeAsset>();
        made.paper.thirdAsset = u"B"_s + *text();
        made.paper.thirdAssetPrice = above0<Price>(12);
        made.limits = limits();
        made.restartOnError = yesOrNo();
        return made;
    });
}

rc::Gen<EventPayload> payload(std::size_t kind)
{
    return rc::gen::exec(
            [kind] { return alternativeAt(kind, std::make_index_sequence<std::variant_size_v<EventKinds>>()); });
}

rc::Gen<EventPayload> payload()
{
    return rc::gen::mapcat(rc::gen::inRange<std::size_t>(0, std::variant_size_v<EventKinds>),
                           [](std::size_t kind) { return payload(kind); });
}

rc::Gen<std::vector<BotEvent>> journal()
{
    return rc::gen::exec([] {
        std::vector<BotEvent> events;
        const BotId bot(number());
        Timestamp time = *timestamp();
        auto payloads = *rc::gen::container<std::vector<EventPayload>>(payload());
        payloads.insert(payloads.begin(), alternative<0>());
        for (EventPayload &content : payloads) {
            const EventSequence sequence(static_cast<qint64>(events.size()) + 1);
            events.push_back({sequence, bot, time, time + std::chrono::milliseconds(1), std::move(content)});
            time += std::chrono::milliseconds(*rc::gen::inRange(0, 100'000'000));
        }
        return events;
    });
}

} // namespace gen
} // namespace tradebot
