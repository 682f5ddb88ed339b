// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/domain/market.h"

#include <array>
#include <optional>
#include <vector>

namespace tradebot {

enum class OrderType { Market, Limit, Stop, StopLimit, TakeProfit, TrailingStop };
enum class TimeInForce { Gtc, Ioc, Fok };

enum class OrderState {
    Initialized, ///< made, not yet judged by the risk gate
    Denied,      ///< refused by us
    Submitted,   ///< durable and handed to the exchange
    Accepted,    ///< resting at the exchange
    PartiallyFilled,
    Filled,
    Cancelled, ///< on request
    Rejected,  ///< refused by the exchange
    Expired,   ///< ended by the exchange's rules (IOC, FOK, time)
    Unknown,   ///< nobody has told us the outcome
};

enum class OrderTrigger {
    Deny,
    Submit,
    Accept,
    PartialFill,
    Fill,
    Cancel,
    Reject,
    Expire,
    LoseSight,
    Trigger,       ///< the stop price was met; what rests now is the limit or market order behind it
    Amend,         ///< the exchange moved the stop price of a trailing stop
    RequestCancel, ///< we asked for its end; the answer is still to come
};

inline constexpr int orderStateCount = 10;
inline constexpr int orderTriggerCount = 12;

template<>
struct EnumNames<OrderType>
{
    static constexpr std::pair<OrderType, const char *> table[] = {{OrderType::Market, "market"},
                                                                   {OrderType::Limit, "limit"},
                                                                   {OrderType::Stop, "stop"},
                                                                   {OrderType::StopLimit, "stop_limit"},
                                                                   {OrderType::TakeProfit, "take_profit"},
                                                                   {OrderType::TrailingStop, "trailing_stop"}};
};
template<>
struct EnumNames<TimeInForce>
{
    static constexpr std::pair<TimeInForce, const char *> table[] = {
            {TimeInForce::Gtc, "gtc"}, {TimeInForce::Ioc, "ioc"}, {TimeInForce::Fok, "fok"}};
};
template<>
struct EnumNames<OrderState>
{
    static constexpr std::pair<OrderState, const char *> table[] = {{OrderState::Initialized, "initialized"},
                                                                    {OrderState::Denied, "denied"},
                                                                    {OrderState::Submitted, "submitted"},
                                                                    {OrderState::Accepted, "accepted"},
                                                                    {OrderState::PartiallyFilled, "partially_filled"},
                                                                    {OrderState::Filled, "filled"},
                                                                    {OrderState::Cancelled, "cancelled"},
                                                                    {OrderState::Rejected, "rejected"},
                                                                    {OrderState::Expired, "expired"},
                                                                    {OrderState::Unknown, "unknown"}};
};
template<>
struct EnumNames<OrderTrigger>
{
    static constexpr std::pair<OrderTrigger, const char *> table[] = {{OrderTrigger::Deny, "deny"},
                                                                      {OrderTrigger::Submit, "submit"},
                                                                      {OrderTrigger::Accept, "accept"},
                                                                      {OrderTrigger::PartialFill, "partial_fill"},
                                                                      {OrderTrigger::Fill, "fill"},
                                                                      {OrderTrigger::Cancel, "cancel"},
                                                                      {OrderTrigger::Reject, "reject"},
                                                                      {OrderTrigger::Expire, "expire"},
                                                                      {OrderTrigger::LoseSight, "lose_sight"},
                                                                      {OrderTrigger::Trigger, "trigger"},
                                                                      {OrderTrigger::Amend, "amend"},
                                                                      {OrderTrigger::RequestCancel, "request_cancel"}};
};

struct OrderTransition
{
    OrderState from;
    OrderTrigger trigger;
    OrderState to;
};

/// Every transition of an order that there is. What is not here cannot be written.
inline constexpr std::array orderTransitions = {
        OrderTransition{OrderState::Initialized, OrderTrigger::Deny, OrderState::Denied},
        OrderTransition{OrderState::Initialized, OrderTrigger::Submit, OrderState::Submitted},
        OrderTransition{OrderState::Submitted, OrderTrigger::Accept, OrderState::Accepted},
        OrderTransition{OrderState::Submitted, OrderTrigger::PartialFill, OrderState::PartiallyFilled},
        OrderTransition{OrderState::Submitted, OrderTrigger::Fill, OrderState::Filled},
        OrderTransition{OrderState::Submitted, OrderTrigger::Cancel, OrderState::Cancelled},
        OrderTransition{OrderState::Submitted, OrderTrigger::Reject, OrderState::Rejected},
        OrderTransition{OrderState::Submitted, OrderTrigger::Expire, OrderState::Expired},
        OrderTransition{OrderState::Submitted, OrderTrigger::LoseSight, OrderState::Unknown},
        OrderTransition{OrderState::Submitted, OrderTrigger::RequestCancel, OrderState::Submitted},
        OrderTransition{OrderState::Accepted, OrderTrigger::Trigger, OrderState::Accepted},
        OrderTransition{OrderState::Accepted, OrderTrigger::Amend, OrderState::Accepted},
        OrderTransition{OrderState::Accepted, OrderTrigger::RequestCancel, OrderState::Accepted},
        OrderTransition{OrderState::Accepted, OrderTrigger::PartialFill, OrderState::PartiallyFilled},
        OrderTransition{OrderState::Accepted, OrderTrigger::Fill, OrderState::Filled},
        OrderTransition{OrderState::Accepted, OrderTrigger::Cancel, OrderState::Cancelled},
        OrderTransition{OrderState::Accepted, OrderTrigger::Reject, OrderState::Rejected},
        OrderTransition{OrderState::Accepted, OrderTrigger::Expire, OrderState::Expired},
        OrderTransition{OrderState::Accepted, OrderTrigger::LoseSight, OrderState::Unknown},
        OrderTransition{OrderState::PartiallyFilled, OrderTrigger::PartialFill, OrderState::PartiallyFilled},
        OrderTransition{OrderState::PartiallyFilled, OrderTrigger::Fill, OrderState::Filled},
        OrderTransition{OrderState::PartiallyFilled, OrderTrigger::RequestCancel, OrderState::PartiallyFilled},
        OrderTransition{OrderState::PartiallyFilled, OrderTrigger::Cancel, OrderState::Cancelled},
        OrderTransition{OrderState::PartiallyFilled, OrderTrigger::Expire, OrderState::Expired},
        OrderTransition{OrderState::PartiallyFilled, OrderTrigger::LoseSight, OrderState::Unknown},
        OrderTransition{OrderState::Unknown, OrderTrigger::RequestCancel, OrderState::Unknown},
        OrderTransition{OrderState::Unknown, OrderTrigger::Accept, OrderState::Accepted},
        OrderTransition{OrderState::Unknown, OrderTrigger::PartialFill, OrderState::PartiallyFilled},
        OrderTransition{OrderState::Unknown, OrderTrigger::Fill, OrderState::Filled},
        OrderTransition{OrderState::Unknown, OrderTrigger::Cancel, OrderState::Cancelled},
        OrderTransition{OrderState::Unknown, OrderTrigger::Reject, OrderState::Rejected},
        OrderTransition{OrderState::Unknown, OrderTrigger::Expire, OrderState::Expired},
};

namespace detail {

/// The same for a look-up by state and trigger, as orders take steps often.
class OrderSteps final
{
public:
    constexpr OrderSteps()
    {
        m_isFinal.fill(true);
        for (const OrderTransition &transition : orderTransitions) {
            m_steps[index(transition.from, transition.trigger)] = {true, transition.to};
            m_isFinal[static_cast<std::size_t>(transition.from)] = false;
        }
    }
    [[nodiscard]] constexpr std::optional<OrderState> next(OrderState from, OrderTrigger trigger) const noexcept
    {
        const auto [exists, to] = m_steps[index(from, trigger)];
        return exists ? std::optional(to) : std::nullopt;
    }
    [[nodiscard]] constexpr bool isFinal(OrderState state) const noexcept
    {
        return m_isFinal[static_cast<std::size_t>(state)];
    }

private:
    struct Step
    {
        bool exists = false;
        OrderState to = OrderState::Initialized;
    };
    static constexpr std::size_t index(OrderState from, OrderTrigger trigger) noexcept
    {
        return static_cast<std::size_t>(from) * orderTriggerCount + static_cast<std::size_t>(trigger);
    }

    std::array<Step, std::size_t{orderStateCount} * orderTriggerCount> m_steps{};
    std::array<bool, orderStateCount> m_isFinal{};
};
inline constexpr OrderSteps orderSteps;

} // namespace detail

[[nodiscard]] constexpr std::optional<OrderState> nextState(OrderState from, OrderTrigger trigger) noexcept
{
    return detail::orderSteps.next(from, trigger);
}

[[nodiscard]] constexpr bool isFinal(OrderState state) noexcept
{
    return detail::orderSteps.isFinal(state);
}

static_assert(!nextState(OrderState::Filled, OrderTrigger::Cancel));
static_assert(!nextState(OrderState::Initialized, OrderTrigger::Fill));
static_assert(isFinal(OrderState::Denied) && isFinal(OrderState::Filled) && isFinal(OrderState::Cancelled)
              && isFinal(OrderState::Rejected) && isFinal(OrderState::Expired));
static_assert(!isFinal(OrderState::Unknown)); // somebody has still to find out

/// Why an order was made; decides what may happen to it and what the trade's exit reason will be.
enum class OrderPurpose {
    Entry,
    Exit,
    StopLoss,
    TakeProfit,
    TrailingStop,
    Flatten,
    Liquidation,
    External, ///< not ours: somebody traded on the same account
};

template<>
struct EnumNames<OrderPurpose>
{
    static constexpr std::pair<OrderPurpose, const char *> table[] = {{OrderPurpose::Entry, "entry"},
                                                                      {OrderPurpose::Exit, "exit"},
                                                                      {OrderPurpose::StopLoss, "stop_loss"},
                                                                      {OrderPurpose::TakeProfit, "take_profit"},
                                                                      {OrderPurpose::TrailingStop, "trailing_stop"},
                                                                      {OrderPurpose::Flatten, "flatten"},
                                                                      {OrderPurpose::Liquidation, "liquidation"},
                                                                      {OrderPurpose::External, "external"}};
};

/// Whether the bot sent it. What others did on its account is recorded as an order too.
[[nodiscard]] constexpr bool isOurs(OrderPurpose purpose) noexcept
{
    return purpose != OrderPurpose::External && purpose != OrderPurpose::Liquidation;
}

/// An order and how far it has come.
struct Order
{
    ClientOrderId id;
    ExchangeOrderId exchangeId = {}; ///< not valid before the exchange has answered
    Symbol symbol;
    Side side = Side::Buy;
    OrderType type = OrderType::Market;
    TimeInForce timeInForce = TimeInForce::Gtc;
    OrderPurpose purpose = OrderPurpose::Entry;
    bool reduceOnly = false;
    bool postOnly = false;
    OrderState state = OrderState::Initialized;
    Quantity quantity;
    Quantity filled = {};
    Price limitPrice = {}; ///< 0 when the type has none
    Price stopPrice = {};  ///< 0 when the type has none
    Money filledNotional = {};
    QString tag;         ///< the strategy's word for it, "ema_cross_up"
    QString reason = {}; ///< why it was denied, rejected or cancelled
    Timestamp createdAt;
    Timestamp acceptedAt = Timestamp();  ///< the epoch while not accepted
    Timestamp triggeredAt = Timestamp(); ///< when its stop price was met; the epoch before
    /// Orders of one number (that of the first of them) end together: a fill of one cancels the others. 0: none.
    EventSequence oneCancelsOther = EventSequence();
    Decimal trailingPercent = Decimal(); ///< distance of a trailing stop from the best price
    bool cancelRequested = false;
    Timestamp cancelRequestedAt = Timestamp(); ///< the epoch: not, or by a version that did not keep it
    /// What its fills are known by, while it is open: a fill that is told again changes nothing.
    std::vector<ExchangeTradeId> fills = {};

    [[nodiscard]] bool isOpen() const { return !isFinal(state); }
    friend bool operator==(const Order &, const Order &) = default;
};

/// A part of an order that was traded.
struct Fill
{
    ClientOrderId order;
    ExchangeTradeId exchangeTradeId; ///< unique per exchange; a replayed fill changes nothing
    Side side = Side::Buy;
    Price price;
    Quantity quantity;
    Money fee; ///< in the quote currency; negative is a rebate
    Decimal feeRate;
    bool isMaker = false;
    QString feeAsset = {};           ///< what it was paid in; empty: the quote currency
    Decimal feeQuantity = Decimal(); ///< of that asset; 0 for the quote currency
    /// Of one unit of that asset in the quote currency: fee = feeQuantity × price. 0 while nobody knows it: then fee is
    /// 0 too, and what it was worth follows as MoneyMoved of a fee.
    Price feeAssetPrice = Price();
    Quantity feeFromBought = Quantity(); ///< what the exchange kept of a bought quantity, when it takes base units

    friend bool operator==(const Fill &, const Fill &) = default;
};

/// What an exchange says of an order.
struct OrderReport
{
    ClientOrderId order;
    OrderTrigger trigger = OrderTrigger::Accept;
    ExchangeOrderId exchangeId;
    std::optional<Fill> fill;
    QString reason;
    Timestamp time;
    Price stopPrice = Price();           ///< of Amend: the new one
    std::optional<Quantity> filled = {}; ///< what the exchange says was filled so far, this report included
};

/// A fill on our account that no order of ours asked for.
struct ExternalFill
{
    ExchangeOrderId exchangeId;
    Fill fill;                                     ///< its order is not valid
    OrderPurpose purpose = OrderPurpose::External; ///< or Liquidation
    QString reason;
    Timestamp time;
};

} // namespace tradebot
