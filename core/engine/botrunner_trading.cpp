// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/logging.h"
#include "core/engine/botrunner.h"
#include "core/engine/riskgate.h"

#include <algorithm>
#include <cmath>
#include <exception>

namespace tradebot {

using namespace Qt::StringLiterals;

namespace {

bool mayHold(PositionType type, PositionSide side)
{
    return type == PositionType::Both || (type == PositionType::Long) == (side == PositionSide::Long);
}

DecisionAction actionOf(Side side)
{
    return side == Side::Buy ? DecisionAction::Buy : DecisionAction::Sell;
}

} // namespace

void BotRunner::tick(const Tick &price)
{
    m_price = price.price;
    m_priceTime = price.time;
    if (m_paper && m_paper->hasOrders()) [[unlikely]]
        matchWaiting(price.price, price.time);
    if (m_record.state.position.isOpen()) {
        if (const auto hit = m_guard.at(price.price)) [[unlikely]]
            guardHit(*hit, price.time, false);
    }
}

void BotRunner::pastPrices(const Candle &candle)
{
    m_price = candle.open;
    m_priceTime = candle.openTime;
    if (m_paper->hasOrders()) [[unlikely]]
        matchWaiting(candle.open, candle.openTime);
    if (m_record.state.position.isOpen()) {
        if (!m_guard.hasLevels()) {
            m_guard.cover(candle.low, candle.high);
        } else {
            // Nobody knows the way inside a candle; the extreme against its direction is taken to come first.
            const bool lowFirst = candle.close >= candle.open;
            const Price first = lowFirst ? candle.low : candle.high;
            const Price second = lowFirst ? candle.high : candle.low;
            if (const auto gap = m_guard.at(candle.open))
                guardHit({gap->purpose, candle.open}, candle.openTime, true);
            followPath(candle.open, first, candle.openTime);
            followPath(first, second, candle.openTime);
            followPath(second, candle.close, candle.openTime);
        }
    }
    m_price = candle.close;
}

void BotRunner::followPath(Price from, Price to, Timestamp time)
{
    if (!m_record.state.position.isOpen())
        return;
    if (const auto hit = m_guard.along(from, to))
        guardHit(*hit, time, true);
}

void BotRunner::candleClosed(const Candle &candle)
{
    const BotStatus status = m_record.state.status;
    if (m_strategy == nullptr || (status != BotStatus::Running && status != BotStatus::Paused))
        return;
    const Timestamp now = m_context.now();
    m_lastRunAt = now;
    if (m_usesAtr)
        updateAtr(candle);
    try {
        m_strategy->onCandle(StrategyView{candle, m_record.state.position}, m_intents);
    } catch (const std::exception &exception) {
        m_intents.clear();
        fail(ErrorKind::Strategy, u"the strategy threw: "_s + QString::fromUtf8(exception.what()));
        return;
    } catch (...) {
        m_intents.clear();
        fail(ErrorKind::Strategy, u"the strategy threw something that is no exception"_s);
        return;
    }
    if (!m_intents.empty()) [[unlikely]] {
        for (const Intent &intent : m_intents)
            act(intent, candle);
        m_intents.clear();
    }
    if (m_guard.hasLevels())
        keepTrailing();
    const Money worth = equity();
    m_peakEquity = std::max(m_peakEquity, worth);
    m_context.sampleEquity(*this, EquityPoint{now, worth});
}

void BotRunner::act(const Intent &intent, const Candle &candle)
{
    const Position &position = m_record.state.position;
    switch (intent.kind) {
    case IntentKind::Enter:
        if (position.side == intent.side)
            return;
        m_entryAfterExit.reset();
        if (position.isOpen()) {
            exit(OrderPurpose::Exit, intent.tag, candle.close, intent.message);
            if (mayHold(config().positionType, intent.side))
                m_entryAfterExit = intent;
        } else if (mayHold(config().positionType, intent.side)) {
            enter(intent, candle.close);
        }
        return;
    case IntentKind::Exit:
        if (position.isOpen())
            exit(OrderPurpose::Exit, intent.tag, candle.close, intent.message);
        return;
    case IntentKind::Place:
    case IntentKind::Cancel: return;
    case IntentKind::Complete:
        note(SessionCompleted{intent.message, m_record.state.life});
        if (const auto stopped = stop(StopPolicy::Flatten); !stopped)
            qCWarning(logEngine) << "bot" << id().value() << stopped.error().text;
        return;
    }
}

void BotRunner::decline(const Intent &intent, Price price, const QString &why)
{
    note(DecisionMade{DecisionAction::Hold, price, intent.tag, why});
}

void BotRunner::enter(const Intent &intent, Price price)
{
    if (hasOpenOrder(false))
        return;
    if (m_record.state.status != BotStatus::Running) {
        decline(intent, price, u"entries are paused"_s);
        return;
    }
    const EntryRequest request{.config = config(),
                               .instrument = m_instrument,
                               .state = m_record.state,
                               .price = price,
                               .equity = equity(),
                               .peakEquity = m_peakEquity,
                               .stopDistance = ProtectionGuard::stopDistance(config(), price, atrPrice()),
                               .now = m_context.now(),
                               .lastExit = m_lastExit};
    const EntryVerdict verdict = judgeEntry(request);
    const Side side = entrySide(intent.side);
    if (!verdict) {
        Order order = makeOrder(side, OrderPurpose::Entry, Quantity(), intent.tag);
        order.state = OrderState::Denied;
        order.reason = verdict.error().text();
        note(OrderChanged{OrderTrigger::Deny, order});
        if (verdict.error().endsTheDay)
            note(DailyLimitReached{u"No more entries today: "_s + verdict.error().text()});
        return;
    }
    if (note(DecisionMade{actionOf(side), price, intent.tag, intent.message}))
        submit(makeOrder(side, OrderPurpose::Entry, *verdict, intent.tag));
}

void BotRunner::exit(OrderPurpose purpose, const QString &tag, Price price, const QString &message)
{
    if (hasOpenOrder(true))
        return;
    const Position &position = m_record.state.position;
    const Side side = opposite(entrySide(position.side));
    if (note(DecisionMade{actionOf(side), price, tag, message}))
        submit(makeOrder(side, purpose, position.quantity, tag));
}

Order BotRunner::makeOrder(Side side, OrderPurpose purpose, Quantity quantity, const QString &tag) const
{
    Order order;
    order.id = ClientOrderId{id(), m_context.nextSequence()};
    order.symbol = config().symbol;
    order.side = side;
    order.purpose = purpose;
    order.reduceOnly = purpose != OrderPurpose::Entry;
    order.quantity = quantity;
    order.tag = tag;
    order.createdAt = m_context.now();
    return order;
}

void BotRunner::submit(Order order)
{
    order.id.sequence = m_context.nextSequence();
    order.state = *nextState(order.state, OrderTrigger::Submit);
    if (note(OrderChanged{OrderTrigger::Submit, order}))
        m_context.sendWhenDurable(*this, order);
}

void BotRunner::release(const Order &order)
{
    const auto &open = m_record.state.openOrders;
    const bool isOpen = std::any_of(open.begin(), open.end(), [&](const Order &entry) { return entry.id == order.id; });
    if (isOpen && m_paper)
        m_paper->submit(order);
}

bool BotRunner::hasOpenOrder(bool reduceOnly) const
{
    const auto &open = m_record.state.openOrders;
    return std::any_of(open.begin(), open.end(),
                       [reduceOnly](const Order &order) { return order.reduceOnly == reduceOnly; });
}

void BotRunner::cancelOpenOrders(const QString &reason)
{
    const std::vector<Order> open = m_record.state.openOrders;
    for (Order order : open) {
        const auto next = nextState(order.state, OrderTrigger::Cancel);
        if (!next)
            continue;
        if (m_paper)
            m_paper->cancel(order.id);
        order.state = *next;
        order.reason = reason;
        note(OrderChanged{OrderTrigger::Cancel, order});
    }
}

PaperAccount BotRunner::account() const
{
    const BotState &state = m_record.state;
    return PaperAccount{state.balance, state.position.quantity, state.position.side, state.position.cost};
}

void BotRunner::matchWaiting(Price price, Timestamp time)
{
    while (m_paper->hasOrders())
        orderReport(m_paper->match(price, time, account()));
}

void BotRunner::guardHit(const ProtectionHit &hit, Timestamp time, bool atLevel)
{
    if (hasOpenOrder(true))
        return;
    const Side side = opposite(entrySide(m_record.state.position.side));
    Order order = makeOrder(side, hit.purpose, m_record.state.position.quantity, QString(toName(hit.purpose)));
    if (!atLevel) {
        submit(order);
        return;
    }
    // Inside a candle of the past the level itself was traded.
    order.state = *nextState(order.state, OrderTrigger::Submit);
    if (note(OrderChanged{OrderTrigger::Submit, order}))
        orderReport(m_paper->fillAt(order, hit.level, time, account()));
}

void BotRunner::orderReport(const OrderReport &report)
{
    const auto &open = m_record.state.openOrders;
    const auto at =
            std::find_if(open.begin(), open.end(), [&](const Order &order) { return order.id == report.order; });
    if (at == open.end()) {
        qCInfo(logEngine) << "bot" << id().value() << "ignores a repeated report of order" << report.order.toString();
        return;
    }
    Order order = *at;
    if (report.fill) {
        applyReportedFill(std::move(order), report);
        return;
    }
    const auto next = nextState(order.state, report.trigger);
    if (!next)
        return;
    order.state = *next;
    order.reason = report.reason;
    if (report.exchangeId.isValid())
        order.exchangeId = report.exchangeId;
    if (report.trigger == OrderTrigger::Accept)
        order.acceptedAt = report.time;
    note(OrderChanged{report.trigger, order});
    if (report.trigger != OrderTrigger::Reject)
        return;
    if (order.reduceOnly)
        fail(ErrorKind::OrderRejected, order.reason);
    else
        note(ErrorRaised{ErrorKind::OrderRejected, order.reason});
}

void BotRunner::applyReportedFill(Order order, const OrderReport &report)
{
    const Fill &fill = *report.fill;
    const PositionSide before = m_record.state.position.side;
    const auto change = applyFill(m_record.state.position, fill, report.time);
    const auto filled = (order.filled + fill.quantity).value();
    const auto worth = change ? (order.filledNotional + change->filledNotional).value() : std::nullopt;
    if (!filled || !worth) {
        fail(ErrorKind::Overflow, u"the fill of order %1 leaves the range of money"_s.arg(order.id.toString()));
        return;
    }
    // A reduce-only order ends with what there was to reduce.
    const bool isWhole = *filled >= order.quantity || report.trigger == OrderTrigger::Fill;
    const auto next = nextState(order.state, isWhole ? OrderTrigger::Fill : OrderTrigger::PartialFill);
    if (!next)
        return;
    order.state = *next;
    order.filled = *filled;
    order.filledNotional = *worth;
    const bool endsTrade = before != PositionSide::Flat && change->position.side != before;
    if (!note(OrderFilled{order, fill, change->realised}))
        return;
    if (endsTrade)
        closeTrade(order);
    afterFill(before);
}

void BotRunner::afterFill(PositionSide before)
{
    const Position &position = m_record.state.position;
    if (position.isOpen()) {
        Protection protection = m_guard.protection(); // ahead of what is recorded by the prices since the last candle
        if (position.side != before) {
            recordProtection(
                    ProtectionGuard::atEntry(config(), m_instrument, position.side, position.entryPrice(), atrPrice()),
                    u"entry"_s);
            protection = m_record.state.protection;
        }
        m_guard.watch(config(), m_instrument, position, protection);
        return;
    }
    m_guard.reset();
    m_lastExit = m_context.now();
    if (m_entryAfterExit) {
        const Intent intent = *m_entryAfterExit;
        m_entryAfterExit.reset();
        enter(intent, m_price);
    }
    windDown();
}

void BotRunner::closeTrade(const Order &order)
{
    const OpenTrade &open = m_record.state.openTrade;
    Trade trade;
    trade.id = TradeId(m_context.nextSequence().value());
    trade.bot = id();
    trade.symbol = config().symbol;
    trade.side = order.side == Side::Sell ? PositionSide::Long : PositionSide::Short;
    trade.quantity = open.entered;
    trade.entryTime = open.entryTime;
    trade.exitTime = m_context.now();
    trade.entryPrice = averagePrice(open.entryNotional, open.entered, Rounding::HalfEven).value().value_or(Price());
    trade.exitPrice = averagePrice(open.exitNotional, open.exited, Rounding::HalfEven).value().value_or(Price());
    trade.gross = open.gross;
    trade.fees = open.fees;
    trade.funding = open.funding;
    trade.entryTag = open.entryTag;
    trade.exitReason = order.purpose;
    trade.exitTag = order.tag;
    trade.configVersion = open.configVersion;
    trade.currency = m_instrument.quote;
    note(TradeClosed{trade});
    m_failures = 0;
}

void BotRunner::recordProtection(const Protection &protection, const QString &reason)
{
    if (protection != m_record.state.protection)
        note(ProtectionChanged{protection, reason});
}

void BotRunner::keepTrailing()
{
    // The extremes alone are a view; a moved trailing stop is a fact, kept once a candle.
    if (m_record.state.position.isOpen() && m_guard.protection().trailingStop != m_record.state.protection.trailingStop)
        recordProtection(m_guard.protection(), u"trailing"_s);
}

Result<void> BotRunner::setProtection(const SetProtection &change)
{
    const Position &position = m_record.state.position;
    if (!position.isOpen()) {
        return tradebot::fail(ErrorCode::Conflict,
                              u"bot %1 holds no position that a stop could guard"_s.arg(id().value()));
    }
    Protection next = m_watching ? m_guard.protection() : m_record.state.protection;
    const bool isLong = position.side == PositionSide::Long;
    QList<FieldError> errors;
    const auto set = [&](const std::optional<std::optional<Price>> &wish, Price &target, const QString &field,
                         bool belongsBelow) {
        if (!wish)
            return;
        target = wish->value_or(Price());
        const bool isRemoved = target.isZero();
        if (target.isNegative())
            errors.append({field, u"must be above 0"_s});
        else if (!isRemoved && !m_price.isZero() && (belongsBelow ? target >= m_price : target <= m_price))
            errors.append({field, u"must be %1 the price of %2"_s.arg(belongsBelow ? u"below"_s : u"above"_s,
                                                                      m_price.toString())});
    };
    set(change.stopLoss, next.stopLoss, u"stop_loss_price"_s, isLong);
    set(change.takeProfit, next.takeProfit, u"take_profit_price"_s, !isLong);
    set(change.trailingStop, next.trailingStop, u"trailing_stop_price"_s, isLong);
    if (!errors.isEmpty())
        return tradebot::fail(Error{ErrorCode::InvalidInput, u"a stop would close the position at once"_s, errors});
    recordProtection(next, u"owner"_s);
    m_guard.watch(config(), m_instrument, position, next);
    return {};
}

void BotRunner::updateAtr(const Candle &candle)
{
    m_atr.update(candle.high.toDouble(), candle.low.toDouble(), candle.close.toDouble());
}

Price BotRunner::atrPrice() const
{
    // An indicator is a double; a price step's worth of rounding does not matter in a distance.
    return m_atr.isReady() ? Price::fromRaw(std::llround(m_atr.value() * 1e8)) : Price();
}

} // namespace tradebot
