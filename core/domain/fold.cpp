// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/domain/botevent.h"

#include <algorithm>
#include <array>
#include <type_traits>
#include <utility>

namespace tradebot {

using namespace Qt::StringLiterals;

namespace {

template<class T, class... List>
constexpr bool contains = (std::is_same_v<T, List> || ...);

/// By the number of the payload: whether a price led to it.
template<class... Payload>
constexpr std::array<bool, sizeof...(Payload)> whichComeOfPrices(std::type_identity<std::variant<Payload...>>)
{
    return {contains<Payload, DecisionMade, OrderChanged, OrderFilled, TradeClosed, ProtectionChanged, DayClosed,
                     MoneyMoved>...};
}
constexpr auto comesOfPrices = whichComeOfPrices(std::type_identity<EventKinds>());

/// Adds to a total; overflow leaves the total and is remembered.
class Sums final
{
public:
    template<class Tag>
    void add(Fixed<Tag> &total, Fixed<Tag> amount)
    {
        const auto sum = total + amount;
        m_overflowed = m_overflowed || sum.overflowed();
        total = sum.valueOr(total);
    }
    [[nodiscard]] bool overflowed() const { return m_overflowed; }

private:
    bool m_overflowed = false;
};

void putOrder(BotState &state, const Order &order)
{
    const auto at = std::find_if(state.openOrders.begin(), state.openOrders.end(),
                                 [&order](const Order &open) { return open.id == order.id; });
    if (state.kill) {
        for (KilledOrder &killed : state.kill->orders) {
            if (killed.id == order.id)
                killed.state = order.state;
        }
    }
    const bool isOver = !order.isOpen();
    if (isOver && !order.fills.empty() && isOurs(order.purpose)) {
        FilledOrder &filled = state.filledOrders.next();
        filled.id = order.id;
        filled.fills = order.fills; // into the room that was there
    }
    if (isOver) {
        if (at != state.openOrders.end())
            state.openOrders.erase(at);
    } else if (at != state.openOrders.end()) {
        *at = order;
    } else {
        state.openOrders.push_back(order);
    }
}

class Fold final
{
public:
    Fold(BotState &state, const BotEvent &event) : m_state(state), m_event(event) { }

    Result<void> operator()(const BotCreated &created)
    {
        m_state.balance = created.config.initialBalance;
        m_state.peakEquity = created.config.initialBalance;
        m_state.day = std::chrono::floor<std::chrono::days>(m_event.happened);
        m_state.statusSince = m_event.happened;
        return {};
    }
    Result<void> operator()(const BotConfigured &configured)
    {
        m_state.configVersion = configured.version;
        if (m_state.life.fills == 0) {
            m_state.balance = configured.config.initialBalance;
            m_state.peakEquity = configured.config.initialBalance;
            m_state.haltedByDrawdown = false;
        }
        return {};
    }
    Result<void> operator()(const BotDeleted &) { return {}; }
    Result<void> operator()(const DesiredChanged &changed)
    {
        want(changed.desired, changed.policy);
        return {};
    }
    Result<void> operator()(const StatusChanged &changed)
    {
        m_state.status = changed.status;
        m_state.errorKind = changed.errorKind;
        m_state.statusMessage = changed.message;
        m_state.statusSince = m_event.happened;
        if (changed.status == BotStatus::Stopping || changed.status == BotStatus::Error)
            m_state.plannedEntry.reset();
        if (changed.status == BotStatus::Running)
            m_state.placementSuspended = false;
        clearPlannedExitIfDone();
        return {};
    }
    Result<void> operator()(const HealthChanged &changed)
    {
        m_state.health = changed.health;
        m_state.healthReason = changed.reason;
        m_state.healthMessage = changed.message;
        return {};
    }
    Result<void> operator()(const DecisionMade &made)
    {
        m_state.lastRunAt = m_event.happened;
        m_state.plannedEntry = made.plannedEntry;
        m_state.plannedExit = made.plannedExit;
        return {};
    }
    Result<void> operator()(const OrderChanged &changed)
    {
        putOrder(m_state, changed.order);
        if (changed.trigger == OrderTrigger::Deny)
            m_state.plannedEntry.reset(); // it came to nothing
        if (changed.trigger == OrderTrigger::Submit && isGuardsExit(changed.order))
            m_state.plannedExit = PlannedExit{changed.order.purpose, changed.order.tag};
        if (changed.trigger == OrderTrigger::Submit && isOurs(changed.order.purpose))
            countOrder();
        const bool isAsked = changed.trigger == OrderTrigger::Submit || changed.trigger == OrderTrigger::Deny;
        if (isAsked && changed.order.purpose == OrderPurpose::Entry)
            m_state.lastEntryAsked = std::max(m_state.lastEntryAsked, changed.order.createdAt);
        return {};
    }
    Result<void> operator()(const OrderFilled &filled) { return addFill(filled); }
    Result<void> operator()(const TradeClosed &closed)
    {
        const qint64 win = closed.trade.net().isPositive() ? 1 : 0;
        for (Totals *totals : {&m_state.life, &m_state.today}) {
            totals->trades += 1;
            totals->wins += win;
        }
        m_state.lastExit = m_event.happened;
        if (isStop(closed.trade.exitReason) && closed.trade.net().isNegative())
            m_state.losingStops.push(Timestamp(m_event.happened));
        m_state.protection = Protection(); // it guarded what is no more
        const Money nextFees = std::exchange(m_state.openTrade, OpenTrade()).nextFees;
        if (m_state.position.isOpen()) { // the fill turned the position round: its exit is the next one's entry
            m_state.openTrade.entryTime = m_state.position.openedAt;
            m_state.openTrade.entryTag = closed.trade.exitTag;
            m_state.openTrade.configVersion = m_state.configVersion;
            m_state.openTrade.entered = m_state.position.quantity;
            m_state.openTrade.entryNotional = m_state.position.cost;
            m_state.openTrade.fees = nextFees;
        }
        return {};
    }
    Result<void> operator()(const ProtectionChanged &changed)
    {
        m_state.protection = changed.protection;
        return {};
    }
    Result<void> operator()(const ErrorRaised &raised)
    {
        m_state.lastError = raised.message;
        return {};
    }
    Result<void> operator()(const ErrorCleared &)
    {
        m_state.lastError.clear();
        return {};
    }
    Result<void> operator()(const DailyLimitReached &)
    {
        m_state.haltedByDailyLimit = true;
        return {};
    }
    Result<void> operator()(const DrawdownLimitReached &)
    {
        m_state.haltedByDrawdown = true;
        return {};
    }
    Result<void> operator()(const PeakChanged &changed)
    {
        m_state.peakEquity = changed.resetsBaseline ? changed.equity : std::max(m_state.peakEquity, changed.equity);
        m_state.haltedByDrawdown = m_state.haltedByDrawdown && !changed.resetsBaseline;
        return {};
    }
    Result<void> operator()(const DayClosed &closed)
    {
        m_state.day = closed.next;
        m_state.today = Totals();
        m_state.haltedByDailyLimit = false;
        m_state.lastError.clear();
        return {};
    }
    Result<void> operator()(const SessionCompleted &) { return {}; }
    Result<void> operator()(const BotCompleted &) { return {}; }
    Result<void> operator()(const MoneyMoved &moved) { return addMoney(moved); }
    Result<void> operator()(const KillSwitchPulled &pulled)
    {
        m_state.kill = pulled.kill;
        m_state.placementSuspended = m_state.placementSuspended || pulled.kill.level != KillLevel::PauseEntries;
        if (pulled.kill.level == KillLevel::Flatten)
            want(DesiredState::Stopped, StopPolicy::Flatten);
        else if (m_state.status == BotStatus::Error)
            want(DesiredState::Stopped, StopPolicy::LeavePosition);
        else if (m_state.desired != DesiredState::Stopped)
            want(DesiredState::Paused, StopPolicy::PauseEntries);
        return {};
    }
    Result<void> operator()(const KillSwitchDone &)
    {
        m_state.kill.reset();
        return {};
    }

private:
    void want(DesiredState desired, StopPolicy policy)
    {
        m_state.desired = desired;
        m_state.stopPolicy = policy;
        clearPlannedExitIfDone();
    }
    static bool isStop(OrderPurpose purpose)
    {
        return purpose == OrderPurpose::StopLoss || purpose == OrderPurpose::TrailingStop
               || purpose == OrderPurpose::Liquidation;
    }
    /// One that closes the whole position at once; a strategy's own market order has the purpose Exit.
    static bool isGuardsExit(const Order &order)
    {
        return order.type == OrderType::Market && order.reduceOnly
               && (isStop(order.purpose) || order.purpose == OrderPurpose::TakeProfit
                   || order.purpose == OrderPurpose::Flatten)
               && order.purpose != OrderPurpose::Liquidation;
    }
    /// A stop that leaves the position ends the wish to close it.
    void clearPlannedExitIfDone()
    {
        const bool leavesIt = m_state.status == BotStatus::Stopping && m_state.stopPolicy != StopPolicy::Flatten;
        if (leavesIt || m_state.status == BotStatus::Stopped)
            m_state.plannedExit.reset();
    }

    void countOrder()
    {
        constexpr std::size_t kept = 600;
        std::vector<Timestamp> &orders = m_state.recentOrders;
        std::erase_if(orders, [now = m_event.happened](Timestamp time) { return !isWithinAMinute(time, now); });
        if (orders.size() == kept)
            orders.erase(orders.begin());
        orders.push_back(m_event.happened);
    }
    /// Flat, the equity is the balance.
    void raisePeak()
    {
        if (!m_state.position.isOpen())
            m_state.peakEquity = std::max(m_state.peakEquity, m_state.balance);
    }

    /// Funding is a column of its own; a liquidation's fee is a fee; what an adjustment gives or takes is gross.
    Result<void> addMoney(const MoneyMoved &moved)
    {
        Sums sums;
        Money balance = m_state.balance;
        Totals life = m_state.life;
        Totals today = m_state.today;
        OpenTrade trade = m_state.openTrade;
        sums.add(balance, moved.amount);
        const auto addTo = [&](Money &gross, Money &fees, Money &funding) {
            if (moved.kind == LedgerKind::Funding)
                sums.add(funding, moved.amount);
            else if (moved.kind == LedgerKind::Liquidation || moved.kind == LedgerKind::Fee)
                sums.add(fees, -moved.amount);
            else
                sums.add(gross, moved.amount);
        };
        for (Totals *totals : {&life, &today})
            addTo(totals->gross, totals->fees, totals->funding);
        if (m_state.position.isOpen())
            addTo(trade.gross, trade.fees, trade.funding);
        if (sums.overflowed())
            return detail::overflow(u"the bot's balance or totals"_s);
        m_state.balance = balance;
        m_state.life = life;
        m_state.today = today;
        m_state.openTrade = std::move(trade);
        if (moved.kind == LedgerKind::Funding)
            m_state.fundedUpTo = moved.due;
        if (moved.closesPosition)
            m_state.position = Position();
        raisePeak();
        return {};
    }

    Result<void> addFill(const OrderFilled &filled)
    {
        const auto change = applyFill(m_state.position, filled.fill, m_event.happened);
        if (!change)
            return fail(change.error());
        Sums sums;
        Money balance = m_state.balance;
        Totals life = m_state.life;
        Totals today = m_state.today;
        sums.add(balance, filled.realised);
        sums.add(balance, -filled.fill.fee);
        for (Totals *totals : {&life, &today}) {
            sums.add(totals->gross, filled.realised);
            sums.add(totals->fees, filled.fill.fee);
            totals->fills += 1;
        }
        const bool opens = !m_state.position.isOpen();
        OpenTrade trade = opens ? OpenTrade() : m_state.openTrade;
        // What turns a position round ends one trade and begins the next: each bears its part of the fee.
        const bool turns = change->closed.isPositive() && change->opened.isPositive();
        const Money fee = turns ? proportion(filled.fill.fee, change->closed, filled.fill.quantity, Rounding::HalfEven)
                                          .valueOr(filled.fill.fee)
                                : filled.fill.fee;
        sums.add(trade.fees, fee);
        sums.add(trade.gross, filled.realised);
        if (change->closed.isZero()) {
            sums.add(trade.entered, change->opened);
            sums.add(trade.entryNotional, change->openedCost);
        } else {
            sums.add(trade.exited, change->closed);
            sums.add(trade.exitNotional, change->closedNotional);
        }
        if (sums.overflowed())
            return detail::overflow(u"the bot's balance or totals"_s);
        trade.nextFees = Money::fromRaw(filled.fill.fee.raw() - fee.raw());
        if (opens) {
            trade.entryTime = m_event.happened;
            trade.entryTag = filled.order.tag;
            trade.configVersion = m_state.configVersion;
            m_state.fundedUpTo = m_event.happened;
        }
        m_state.position = change->position;
        m_state.balance = balance;
        m_state.life = life;
        m_state.today = today;
        m_state.openTrade = std::move(trade);
        if (m_state.plannedEntry && m_state.plannedEntry->side == m_state.position.side)
            m_state.plannedEntry.reset(); // there it is
        raisePeak();
        putOrder(m_state, filled.order);
        if (filled.order.purpose == OrderPurpose::Entry) {
            m_state.lastEntry = std::max(m_state.lastEntry, filled.order.createdAt);
            m_state.lastEntryLimit = filled.order.limitPrice;
        }
        if (!isOurs(filled.order.purpose))
            m_state.externalFills.push(ExchangeTradeId(filled.fill.exchangeTradeId));
        return {};
    }

    BotState &m_state;
    const BotEvent &m_event;
};

} // namespace

namespace {

/// Flat, with no entry that could still fill: what was wished for is there.
bool isFlatForGood(const BotState &state)
{
    return !state.position.isOpen()
           && std::all_of(state.openOrders.begin(), state.openOrders.end(),
                          [](const Order &order) { return order.reduceOnly; });
}

} // namespace

Result<void> apply(BotState &state, const BotEvent &event)
{
    auto done = std::visit(Fold(state, event), event.payload);
    if (!done)
        return done;
    state.lastSequence = event.sequence;
    if (state.plannedExit && isFlatForGood(state))
        state.plannedExit.reset();
    if (comesOfPrices[event.payload.index()])
        state.marketTime = std::max(state.marketTime, event.happened);
    return {};
}

} // namespace tradebot
