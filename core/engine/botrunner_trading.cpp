// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/logging.h"
#include "core/engine/botrunner.h"
#include "core/engine/protectiveorders.h"

#include <algorithm>

namespace tradebot {

using namespace Qt::StringLiterals;

namespace {

/// More wishes than this within a minute is a strategy that has lost its mind.
constexpr std::size_t floodOfWishes = 600;
constexpr qsizetype longestTag = 100;
constexpr qsizetype longestMessage = 1'000;

/// Whether it is one of those that there are: a strategy may make its values of anything.
template<class E>
bool isOneOf(E value)
{
    return !toName(value).isEmpty();
}

bool mayHold(PositionType type, PositionSide side)
{
    return type == PositionType::Both || (type == PositionType::Long) == (side == PositionSide::Long);
}

DecisionAction actionOf(Side side)
{
    return side == Side::Buy ? DecisionAction::Buy : DecisionAction::Sell;
}

/// Whether an order makes sense at all; empty when it does.
QString validateIntent(const OrderRequest &wish, Price newest)
{
    if (!isOneOf(wish.side) || !isOneOf(wish.type) || !isOneOf(wish.timeInForce))
        return u"it asks for an order of a kind that does not exist"_s;
    const bool byMoney = wish.quantity.isZero() && wish.quote.isPositive() && wish.type == OrderType::Market;
    const bool hasLimit = wish.type == OrderType::Limit || wish.type == OrderType::StopLimit;
    const bool hasStop =
            wish.type == OrderType::Stop || wish.type == OrderType::StopLimit || wish.type == OrderType::TakeProfit;
    const bool trails = wish.type == OrderType::TrailingStop;
    if (trails != wish.trailingPercent.isPositive() || wish.trailingPercent.isNegative()
        || wish.trailingPercent >= Decimal::fromInteger(100))
        return u"it asks for a %1 order that trails by %2 %"_s.arg(toName(wish.type), wish.trailingPercent.toString());
    if (!byMoney && !wish.quantity.isPositive())
        return u"it asks for an order of %1"_s.arg(wish.quantity.toString());
    if (hasLimit != wish.limitPrice.isPositive() || wish.limitPrice.isNegative())
        return u"it asks for a %1 order with a limit of %2"_s.arg(toName(wish.type), wish.limitPrice.toString());
    if (hasStop != wish.stopPrice.isPositive() || wish.stopPrice.isNegative())
        return u"it asks for a %1 order with a stop price of %2"_s.arg(toName(wish.type), wish.stopPrice.toString());
    if (wish.postOnly && wish.type != OrderType::Limit)
        return u"it asks for a %1 order that never takes"_s.arg(toName(wish.type));
    const Price price = hasLimit ? wish.limitPrice : hasStop ? wish.stopPrice : newest;
    if (notional(price, wish.quantity, Rounding::HalfEven).overflowed())
        return u"it asks for an order of %1 at %2, more than there is money in the world"_s.arg(
                wish.quantity.toString(), price.toString());
    return {};
}

/// The same of anything that a strategy may ask for.
QString validateIntent(const Intent &intent, Price newest)
{
    if (intent.tag.size() > longestTag || intent.message.size() > longestMessage) {
        return u"it says more than %1 characters in a tag or %2 in a message"_s.arg(longestTag).arg(longestMessage);
    }
    switch (intent.kind) {
    case IntentKind::Enter:
        if (intent.side != PositionSide::Long && intent.side != PositionSide::Short)
            return u"it asks for a position that is neither long nor short"_s;
        return {};
    case IntentKind::Place: return validateIntent(intent.order, newest);
    case IntentKind::Exit:
    case IntentKind::Complete:
    case IntentKind::Cancel: return {};
    }
    return u"it asks for something that does not exist"_s;
}

} // namespace

StrategyView BotRunner::strategyView() const
{
    const BotState &state = m_record.state;
    return {.candle = m_candle,
            .position = state.position,
            .orders = state.openOrders,
            .price = m_price,
            .instrument = &m_instrument,
            .timeframe = config().timeframe,
            .lastEntry = state.lastEntry,
            .lastEntryAsked = state.lastEntryAsked,
            .lastEntryLimit = state.lastEntryLimit,
            .isLeaving = isExitUnderWay()};
}

/// Asks the strategy, about the candle that has closed or about an order, and does what may be done of what it wants.
/// One that throws, or that takes too long, ends its bot and no other.
void BotRunner::askStrategy(const Order *about, Intents &intents)
{
    const StrategyView view = strategyView();
    const bool isAnswered = consult([&] {
        if (about == nullptr)
            m_strategy->onCandle(view, intents);
        else
            m_strategy->onOrder(view, *about, intents);
    });
    if (!isAnswered) [[unlikely]] {
        intents.clear();
        return;
    }
    if (!intents.empty()) [[unlikely]]
        carryOut(intents);
}

/// Does what may be done of what the strategy has asked for; leaves intents empty.
void BotRunner::carryOut(Intents &intents)
{
    std::map<int, EventSequence> groups;
    auto *const groupsBefore = std::exchange(m_groups, &groups);
    const bool wasAsking = std::exchange(m_isAsking, true);
    for (const Intent &intent : intents) {
        if (m_record.state.status == BotStatus::Error || !countAsk())
            break;
        if (const QString nonsense = validateIntent(intent, m_price); !nonsense.isEmpty())
            fail(ErrorKind::Strategy, nonsense);
        else
            act(intent, m_candle.close);
    }
    intents.clear();
    m_groups = groupsBefore;
    m_isAsking = wasAsking;
    if (!m_isAsking) {
        for (const Order &order : std::exchange(m_untold, {}))
            tellStrategy(order);
    }
}

/// One of its orders was filled or has ended; while it is being asked something else, it hears of an end after that.
void BotRunner::tellStrategy(const Order &order)
{
    if (m_strategy == nullptr || m_record.state.status != BotStatus::Running)
        return;
    if (m_isAsking && order.state != OrderState::Filled && order.state != OrderState::PartiallyFilled) {
        m_untold.push_back(order);
        return;
    }
    Intents intents; // of its own: a fill may come while a candle's are being carried out
    askStrategy(&order, intents);
}

void BotRunner::act(const Intent &intent, Price price)
{
    const Position &position = m_record.state.position;
    switch (intent.kind) {
    case IntentKind::Enter:
        if (isExitUnderWay()) {
            replan(intent, price);
            return;
        }
        if (position.side == intent.side)
            return;
        if (position.isOpen() || isEnteringAgainst(intent.side)) {
            std::optional<PlannedEntry> then;
            if (mayHold(config().positionType, intent.side))
                then = PlannedEntry{intent.side, intent.tag, intent.message};
            exit(intent, OrderPurpose::Exit, price, then);
        } else if (mayHold(config().positionType, intent.side)) {
            enter(intent, price);
        }
        return;
    case IntentKind::Exit:
        if (isExitUnderWay() && m_record.state.plannedEntry)
            decline(intent, price, u"no entry follows the exit"_s);
        else if (position.isOpen() || hasOpen(false))
            exit(intent, OrderPurpose::Exit, price);
        return;
    case IntentKind::Place: place(intent); return;
    case IntentKind::Cancel: cancelTagged(intent.tag); return;
    case IntentKind::Complete:
        record(SessionCompleted{intent.message, m_record.state.life});
        if (const auto stopped = stop(StopPolicy::Flatten); !stopped)
            qCWarning(logEngine) << "bot" << id().value() << stopped.error().text;
        return;
    }
}

/// The position is being closed, and the strategy has changed its mind about what follows.
void BotRunner::replan(const Intent &intent, Price price)
{
    const PlannedEntry next{intent.side, intent.tag, intent.message};
    const auto &planned = m_record.state.plannedEntry;
    if (!mayHold(config().positionType, intent.side)) {
        if (planned)
            decline(intent, price, u"no entry follows the exit"_s);
    } else if (planned != next) {
        // Flat, it is an entry that was taken back: should it fill after all, it is wanted again.
        const bool isWelcome = !m_record.state.position.isOpen() && !isEnteringAgainst(intent.side);
        const auto exit = isWelcome ? std::nullopt : m_record.state.plannedExit;
        record(DecisionMade{actionOf(entrySide(intent.side)), price, intent.tag, intent.message, next, exit});
    }
}

bool BotRunner::isEnteringAgainst(PositionSide side) const
{
    const auto &open = m_record.state.openOrders;
    return std::any_of(open.begin(), open.end(),
                       [side](const Order &order) { return !order.reduceOnly && order.side != entrySide(side); });
}

void BotRunner::decline(const Intent &intent, Price price, const QString &why)
{
    record(DecisionMade{DecisionAction::Hold, price, intent.tag, why, {}, m_record.state.plannedExit});
}

void BotRunner::deny(Order order, const Denial &denial)
{
    flushPendingMoves();
    order.id.sequence = m_context.nextSequence();
    order.state = OrderState::Denied;
    order.reason = denial.text();
    record(OrderChanged{OrderTrigger::Deny, order});
    if (denial.halt != Halt::None)
        judgeLimits();
}

EntryRequest BotRunner::entryRequest(Price price)
{
    const Timestamp now = m_context.now();
    const auto &sent = m_record.state.recentOrders;
    return EntryRequest{
            .config = config(),
            .instrument = m_instrument,
            .state = m_record.state,
            .price = price,
            .equity = equity(),
            .stopDistance = ProtectionGuard::stopDistance(config(), price, atrPrice()),
            .now = now,
            .exposure = m_context.exposureOf(*this),
            .ordersLastMinute = static_cast<int>(std::count_if(
                    sent.begin(), sent.end(), [now](Timestamp time) { return isWithinAMinute(time, now); })),
            .openEntries = worthOfOpenEntries(),
            .lacksAtr = m_usesAtr && !m_atr.isReady()};
}

/// Counts what the strategy asks for, whatever comes of it: a denial is a fact, too. False when that has ended its bot.
bool BotRunner::countAsk()
{
    const Timestamp now = m_context.now();
    std::erase_if(m_wishes, [now](Timestamp time) { return !isWithinAMinute(time, now); });
    if (m_wishes.size() >= floodOfWishes) {
        fail(ErrorKind::Strategy, u"the strategy asks for more than %1 orders within a minute"_s.arg(floodOfWishes));
        return false;
    }
    m_wishes.push_back(now);
    return true;
}

/// Why no entry goes out now, whatever its size.
std::optional<Denial> BotRunner::heldBack() const
{
    if (!m_hasPrice || !m_staleMessage.isEmpty())
        return Denial{"stale_data"_L1, u"newest_price=%1"_s.arg(QString::fromLatin1(toRfc3339(m_priceTime)))};
    if (m_context.now() < m_limitedUntil)
        return Denial{"rate_limited"_L1, u"until=%1"_s.arg(QString::fromLatin1(toRfc3339(m_limitedUntil)))};
    return std::nullopt;
}

void BotRunner::enter(const Intent &intent, Price price)
{
    if (hasOpen(false))
        return;
    if (m_record.state.status != BotStatus::Running) {
        decline(intent, price, u"entries are paused"_s);
        return;
    }
    const Side side = entrySide(intent.side);
    if (const auto denial = heldBack()) {
        deny(makeOrder(side, OrderPurpose::Entry, Quantity(), intent.tag), *denial);
        return;
    }
    const EntryVerdict verdict = judgeEntry(entryRequest(price));
    if (!verdict) {
        deny(makeOrder(side, OrderPurpose::Entry, Quantity(), intent.tag), verdict.error());
        return;
    }
    if (record(DecisionMade{actionOf(side), price, intent.tag, intent.message}))
        submit(makeOrder(side, OrderPurpose::Entry, *verdict, intent.tag));
}

/// The second half of a reversal, once the first is done.
void BotRunner::enterAsPlanned()
{
    const auto planned = m_record.state.plannedEntry;
    if (!planned || m_record.state.position.isOpen() || !m_record.state.openOrders.empty()
        || m_record.state.plannedExit)
        return;
    if (m_record.state.status == BotStatus::Pending
        || m_resumesPlannedEntry) // the first price after the start comes first
        return;
    enter(Intent{IntentKind::Enter, planned->side, planned->tag, planned->message}, m_price);
}

void BotRunner::exit(const Intent &intent, OrderPurpose purpose, Price price, const std::optional<PlannedEntry> &then)
{
    if (isExitUnderWay())
        return;
    // Flat, it is an entry under way that is taken back.
    const Position &position = m_record.state.position;
    const Side side = position.isOpen() ? opposite(entrySide(position.side))
                      : then            ? entrySide(then->side)
                                        : Side::Sell;
    if (record(DecisionMade{actionOf(side), price, intent.tag, intent.message, then, PlannedExit{purpose, intent.tag}}))
        sendPlannedExit();
}

void BotRunner::place(const Intent &intent)
{
    const OrderRequest &wish = intent.order;
    // An exit waits until no other order is open; and what the kill switch has cancelled does not come back.
    if (m_record.state.plannedExit || m_record.state.placementSuspended)
        return;
    const Position &position = m_record.state.position;
    const bool leaves = position.isOpen() ? wish.side != entrySide(position.side)
                                          : !mayHold(config().positionType,
                                                     wish.side == Side::Buy ? PositionSide::Long : PositionSide::Short);
    Order order = makeOrder(wish.side, leaves ? OrderPurpose::Exit : OrderPurpose::Entry, wish.quantity, intent.tag);
    order.type = wish.type;
    order.timeInForce = wish.timeInForce;
    order.postOnly = wish.postOnly;
    order.trailingPercent = wish.trailingPercent;
    order.limitPrice = roundToStep(wish.limitPrice, m_instrument.priceStep,
                                   wish.side == Side::Buy ? Rounding::Floor : Rounding::Ceiling)
                               .valueOr(wish.limitPrice);
    order.stopPrice = stopOnStep(order, wish.stopPrice, m_instrument.priceStep);
    const Price price = order.limitPrice.isPositive()  ? order.limitPrice
                        : order.stopPrice.isPositive() ? order.stopPrice
                                                       : m_price;
    if (order.quantity.isZero())
        order.quantity = quantityFor(wish.quote, price, Rounding::Floor).valueOr(Quantity());
    order.quantity = roundToStep(order.quantity, m_instrument.quantityStep, Rounding::Floor).valueOr(Quantity());
    const auto isTheSame = [&order](const Order &open) {
        return open.side == order.side && open.type == order.type && open.limitPrice == order.limitPrice
               && open.stopPrice == order.stopPrice && open.quantity == order.quantity && open.tag == order.tag;
    };
    const auto &open = m_record.state.openOrders;
    if (std::any_of(open.begin(), open.end(), isTheSame)) {
        deny(order, Denial{"duplicate"_L1, u"tag=%1"_s.arg(intent.tag)});
        return;
    }
    if (!leaves && m_record.state.status != BotStatus::Running) {
        decline(intent, price, u"entries are paused"_s);
        return;
    }
    if (const auto denial = leaves ? std::nullopt : heldBack()) {
        deny(order, *denial);
        return;
    }
    const EntryVerdict verdict = leaves ? judgePlacedExit(m_instrument, price, order.quantity)
                                        : judgePlacedEntry(entryRequest(price), order.quantity);
    if (!verdict) {
        deny(order, verdict.error());
        return;
    }
    order.quantity = *verdict;
    if (wish.group != 0) {
        flushPendingMoves(); // the first order's number is that of the group
        order.oneCancelsOther = m_groups->try_emplace(wish.group, m_context.nextSequence()).first->second;
    }
    submit(std::move(order));
}

void BotRunner::cancelTagged(const QString &tag)
{
    for (const Order &order : std::vector<Order>(m_record.state.openOrders)) {
        if (order.tag == tag)
            requestCancel(order, u"the strategy took it back"_s);
    }
}

} // namespace tradebot
