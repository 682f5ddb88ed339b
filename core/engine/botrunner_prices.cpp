// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/botrunner.h"
#include "core/engine/protectiveorders.h"

#include <cmath>

namespace tradebot {

using namespace Qt::StringLiterals;
using namespace std::chrono;

namespace {

/// What is traded at the open, and on each of the three parts of the way.
Quantity quarterOf(const Candle &candle)
{
    return Quantity::fromRaw(candle.volume.raw() / 4);
}

} // namespace

void BotRunner::tick(const Tick &tick)
{
    if (tick.time < m_knownUpTo) [[unlikely]]
        return;
    m_price = tick.price;
    m_mark = tick.markPrice();
    m_priceTime = tick.time;
    const bool hasActed =
            tick.time == m_knownUpTo; // the last price that led to a fact: what came after that is not known
    if (hasActed && m_paper != nullptr)
        m_paper->remember(tick);
    if (!m_onHold.empty()) [[unlikely]] {
        for (const ClientOrderId &order : std::exchange(m_onHold, {}))
            release(order);
    }
    if (!hasActed && m_paper != nullptr && m_paper->wantsPrices()) [[unlikely]]
        m_paper->tick(tick);
    if (m_resumesPlannedEntry) [[unlikely]] {
        m_resumesPlannedEntry = false;
        enterAsPlanned();
    }
    if (m_record.state.position.isOpen()) {
        if (m_record.state.plannedExit) [[unlikely]]
            sendPlannedExit();
        if (const auto hit = m_guard.at(tick.price)) [[unlikely]]
            guardHit(*hit, tick.time, false);
        if (m_watchesLosses && equity() <= lossFloor()) [[unlikely]]
            judgeLimits();
    }
}

void BotRunner::replayCandle(const Candle &candle)
{
    m_price = m_mark = candle.open;
    m_priceTime = candle.openTime;
    m_hasPrice = true;
    if (m_record.state.plannedExit) [[unlikely]]
        sendPlannedExit();
    if (m_paper->wantsPrices()) [[unlikely]]
        m_paper->tick(Tick{candle.openTime, candle.open, quarterOf(candle)});
    const bool isHeld = m_record.state.position.isOpen();
    if (m_paper->wantsPrices() || (isHeld && m_guard.hasLevels()))
        walkCandle(candle);
    else if (isHeld)
        m_guard.cover(candle.low, candle.high);
    m_price = m_mark = candle.close;
}

/// Nobody knows the way inside a candle; the extreme against its direction is taken to come first.
void BotRunner::walkCandle(const Candle &candle)
{
    const bool lowFirst = candle.close >= candle.open;
    const Price first = lowFirst ? candle.low : candle.high;
    const Price second = lowFirst ? candle.high : candle.low;
    if (m_record.state.position.isOpen()) {
        if (const auto gap = m_guard.at(candle.open))
            guardHit({gap->purpose, candle.open}, candle.openTime, true);
    }
    const Quantity quarter = quarterOf(candle);
    followPath(candle.open, first, quarter, candle.openTime);
    followPath(first, second, quarter, candle.openTime);
    followPath(second, candle.close, quarter, candle.openTime);
}

/// A steady way of the price: what stands on it happens in its order, whether it rests at the exchange or is guarded by
/// us.
void BotRunner::followPath(Price from, Price to, Quantity volume, Timestamp time)
{
    while (from != to) {
        const auto touched = m_paper->wantsPrices() ? m_paper->firstTouch(from, to) : std::nullopt;
        const Price next = touched.value_or(to);
        const auto hit = m_record.state.position.isOpen() ? m_guard.along(from, next) : std::nullopt;
        if (hit) {
            guardHit(*hit, time, true);
            if (m_record.state.position.isOpen()) // refused: nothing on this way changes that
                return;
            from = hit->level;
            continue;
        }
        m_price = m_mark = next;
        if (m_paper->wantsPrices())
            m_paper->touch(next, volume, time);
        from = next;
    }
}

void BotRunner::guardHit(const ProtectionHit &hit, Timestamp time, bool atLevel)
{
    if (isExitUnderWay() || leavesPosition() || isLeftToExchange(hit))
        return;
    const QString tag(toName(hit.purpose));
    if (!atLevel) {
        beginExit(hit.purpose, tag);
        return;
    }
    // Inside a candle of the past the level itself was traded.
    for (const Order &open : std::vector<Order>(m_record.state.openOrders))
        requestCancel(open, u"the position is being closed"_s);
    flushPendingMoves();
    const Side side = opposite(entrySide(m_record.state.position.side));
    Order order = makeOrder(side, hit.purpose, m_record.state.position.quantity, tag);
    order.state = *nextState(order.state, OrderTrigger::Submit);
    if (record(OrderChanged{OrderTrigger::Submit, order}))
        m_paper->fillAt(order, hit.level, time);
}

/// A stop or target that is known to rest at the exchange acts there; unless it was triggered and the price has jumped
/// over its limit, so that it would wait for ever.
bool BotRunner::isLeftToExchange(const ProtectionHit &hit) const
{
    if (hit.purpose == OrderPurpose::TrailingStop)
        return false;
    for (const Order &order : m_record.state.openOrders) {
        const bool rests = order.state == OrderState::Accepted || order.state == OrderState::PartiallyFilled;
        if (order.purpose != hit.purpose || !isProtective(order) || !rests || order.cancelRequested)
            continue;
        const bool jumpedOver = order.type == OrderType::StopLimit
                                && (order.side == Side::Sell ? m_price < order.limitPrice : m_price > order.limitPrice);
        return !jumpedOver;
    }
    return false;
}

void BotRunner::candleClosed(const Candle &candle)
{
    const BotStatus status = m_record.state.status;
    const bool isWaiting = status == BotStatus::Pending && m_hasHistory; // for its exchange
    if (m_strategy == nullptr || (!isWaiting && status != BotStatus::Running && status != BotStatus::Paused))
        return;
    m_candle = candle;
    const Timestamp now = m_context.now();
    if (m_usesAtr) {
        updateAtr(candle);
        if (now >= m_knownUpTo)
            armAtrLevels();
    }
    if (isWaiting || now <= m_knownUpTo) [[unlikely]] { // or decided on before the restart
        consult([&] { m_strategy->warmUp(candle); });
        return;
    }
    m_lastRunAt = now;
    askStrategy(nullptr, m_intents);
    if (m_guard.hasLevels())
        keepTrailing();
    const Money worth = equity();
    if (config().limits.maxDrawdownPercent && worth > m_record.state.peakEquity)
        record(PeakChanged{worth});
    const auto &mostTrades = config().limits.maxDailyTrades;
    const bool isTradedOut = mostTrades && m_record.state.today.trades >= *mostTrades;
    if (isTradedOut || (m_watchesLosses && worth <= lossFloor())) [[unlikely]]
        judgeLimits();
    const EquityPoint point{now, worth};
    m_context.sampleEquity(*this, {&point, 1});
}

/// Whether nothing but its strategy can lead to anything within candles of the past: no order, no level, no limit.
bool BotRunner::isCalm() const
{
    const BotState &state = m_record.state;
    const bool decides =
            m_strategy != nullptr && (state.status == BotStatus::Running || state.status == BotStatus::Paused);
    return decides && state.openOrders.empty() && !state.plannedExit && !m_paper->wantsPrices() && !m_guard.hasLevels()
           && !m_usesAtr && !m_watchesLosses && !config().limits.maxDailyTrades;
}

std::size_t BotRunner::replayBlock(std::span<const Candle> candles, milliseconds length)
{
    constexpr std::size_t most = 64;
    if (!isCalm() || isOtherDay(candles.front().openTime))
        return 0;
    candles = candles.first(std::min(candles.size(), most));
    const auto closeTimeOf = [length](const Candle &candle) { return candle.openTime + length - 1ms; };

    m_hasPrice = true;
    std::size_t seen = 0;
    const auto asked = m_context.strategyGuard().run(
            id(), [&] { m_strategy->onCandles(strategyView(), candles, seen, m_intents); });
    seen = std::clamp(seen, std::size_t{1}, candles.size()); // whatever it says
    candles = candles.first(seen);

    m_points.resize(most);
    const auto points = std::span(m_points).first(seen);
    const Position position = m_record.state.position;
    const Money balance = m_record.state.balance;
    if (position.isOpen()) {
        for (std::size_t i = 0; i < seen; ++i) {
            const Candle &candle = candles[i];
            m_guard.cover(candle.low, candle.high);
            points[i] = {closeTimeOf(candle), equityOf(balance, position, candle.close)};
        }
    } else {
        for (std::size_t i = 0; i < seen; ++i)
            points[i] = {closeTimeOf(candles[i]), balance};
    }
    m_candle = candles.back();
    m_price = m_mark = m_candle.close;
    m_priceTime = m_candle.openTime;
    m_lastRunAt = closeTimeOf(m_candle);
    m_context.sampleEquity(*this, points.first(seen - 1));
    m_context.passTo(m_lastRunAt);
    if (!asked) [[unlikely]] {
        m_intents.clear();
        fail(ErrorKind::Strategy, asked.error().text);
    } else if (!m_intents.empty()) {
        carryOut(m_intents);
    }
    m_context.sampleEquity(*this, points.last(1));
    return seen;
}

void BotRunner::recordProtection(const Protection &protection, const QString &reason)
{
    if (protection != m_record.state.protection)
        record(ProtectionChanged{protection, reason});
}

void BotRunner::keepTrailing()
{
    // The extremes alone are a view; a moved trailing stop is a fact, kept once a candle.
    if (m_record.state.position.isOpen() && m_guard.protection().trailingStop != m_record.state.protection.trailingStop)
        recordProtection(m_guard.protection(), u"trailing"_s);
}

/// More was bought or sold at another price: stop and target count from the new average, unless somebody has set them.
void BotRunner::growProtection(Price entryBefore)
{
    const Position &position = m_record.state.position;
    const auto levelsAt = [&](Price entry) {
        return ProtectionGuard::atEntry(config(), m_instrument, position.side, entry, atrPrice());
    };
    Protection next = m_guard.protection();
    const Protection then = levelsAt(entryBefore);
    if (then.stopLoss != next.stopLoss || then.takeProfit != next.takeProfit)
        return;
    const Protection now = levelsAt(position.entryPrice());
    next.stopLoss = now.stopLoss;
    next.takeProfit = now.takeProfit;
    m_guard.watch(config(), m_instrument, position, next);
    recordProtection(next, u"entry"_s);
}

Result<void> BotRunner::setProtection(const SetProtection &change)
{
    const Position &position = m_record.state.position;
    if (!position.isOpen()) {
        return tradebot::fail(ErrorCode::Conflict,
                              u"bot %1 holds no position that a stop could guard"_s.arg(id().value()));
    }
    Protection next = protection();
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
    if (change.trailingStop)
        next.trailingIsOff = next.trailingStop.isZero();
    const auto isRemoved = [](const std::optional<std::optional<Price>> &wish) { return wish && !*wish; };
    if (isRemoved(change.stopLoss) || isRemoved(change.takeProfit))
        next.awaitsAtr = false;
    if (!errors.isEmpty())
        return tradebot::fail(Error{ErrorCode::InvalidInput, u"a stop would close the position at once"_s, errors});
    if (m_record.state.status != BotStatus::Stopped) // which guards nothing
        m_guard.watch(config(), m_instrument, position, next);
    recordProtection(next, u"owner"_s);
    keepProtectiveOrders();
    return {};
}

void BotRunner::updateAtr(const Candle &candle)
{
    m_atr.update(candle.high.toDouble(), candle.low.toDouble(), candle.close.toDouble());
}

/// A position that was entered before there was an ATR gets its levels as soon as there is one.
void BotRunner::armAtrLevels()
{
    const Position &position = m_record.state.position;
    Protection next = m_guard.protection();
    if (!m_guard.isWatching() || !next.awaitsAtr || !m_atr.isReady())
        return;
    const Protection levels =
            ProtectionGuard::atEntry(config(), m_instrument, position.side, position.entryPrice(), atrPrice());
    if (next.stopLoss.isZero())
        next.stopLoss = levels.stopLoss;
    if (next.takeProfit.isZero())
        next.takeProfit = levels.takeProfit;
    next.awaitsAtr = levels.awaitsAtr;
    m_guard.watch(config(), m_instrument, position, next);
    recordProtection(next, u"atr"_s);
    keepProtectiveOrders();
}

Price BotRunner::atrPrice() const
{
    // An indicator is a double; a price step's worth of rounding does not matter in a distance.
    return m_atr.isReady() ? Price::fromRaw(std::llround(m_atr.value() * 1e8)) : Price();
}

} // namespace tradebot
