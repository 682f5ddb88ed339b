// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/domain/botconfig.h"
#include "core/domain/botstate.h"

#include <QLatin1StringView>

#include <utility>
#include <variant>

namespace tradebot {

enum class DecisionAction { Buy, Sell, Hold };

template<>
struct EnumNames<DecisionAction>
{
    static constexpr std::pair<DecisionAction, const char *> table[] = {
            {DecisionAction::Buy, "buy"}, {DecisionAction::Sell, "sell"}, {DecisionAction::Hold, "hold"}};
};

// What can be a fact. Each holds the outcome, so that the fold never decides anything.

struct BotCreated
{
    UserId owner;
    BotConfig config;
    friend bool operator==(const BotCreated &, const BotCreated &) = default;
};
struct BotConfigured
{
    int version = 1;
    BotConfig config;
    friend bool operator==(const BotConfigured &, const BotConfigured &) = default;
};
struct BotDeleted
{
    friend bool operator==(const BotDeleted &, const BotDeleted &) = default;
};
struct DesiredChanged
{
    DesiredState desired = DesiredState::Stopped;
    StopPolicy policy = StopPolicy::PauseEntries;
    friend bool operator==(const DesiredChanged &, const DesiredChanged &) = default;
};
struct StatusChanged
{
    BotStatus previous = BotStatus::Stopped;
    BotStatus status = BotStatus::Stopped;
    ErrorKind errorKind = ErrorKind::None;
    QString message;
    friend bool operator==(const StatusChanged &, const StatusChanged &) = default;
};
struct HealthChanged
{
    Health health = Health::Ok;
    HealthReason reason = HealthReason::None;
    QString message;
    friend bool operator==(const HealthChanged &, const HealthChanged &) = default;
};
/// The strategy decided something, or a guard has to wait with its exit; hold is recorded only when a signal was
/// declined.
struct DecisionMade
{
    DecisionAction action = DecisionAction::Hold;
    Price price; ///< close of the candle that it judged
    QString tag;
    QString message;
    std::optional<PlannedEntry> plannedEntry = {}; ///< what follows once the position is closed
    std::optional<PlannedExit> plannedExit = {};   ///< the position is to be closed
    friend bool operator==(const DecisionMade &, const DecisionMade &) = default;
};
/// An order took a step of its table that is no fill.
struct OrderChanged
{
    OrderTrigger trigger = OrderTrigger::Submit;
    Order order; ///< after the step
    friend bool operator==(const OrderChanged &, const OrderChanged &) = default;
};
struct OrderFilled
{
    Order order; ///< after the fill
    Fill fill;
    Money realised; ///< before fees
    friend bool operator==(const OrderFilled &, const OrderFilled &) = default;
};
struct TradeClosed
{
    Trade trade;
    friend bool operator==(const TradeClosed &, const TradeClosed &) = default;
};
struct ProtectionChanged
{
    Protection protection;
    QString reason;
    friend bool operator==(const ProtectionChanged &, const ProtectionChanged &) = default;
};
struct ErrorRaised
{
    ErrorKind kind = ErrorKind::None;
    QString message;
    friend bool operator==(const ErrorRaised &, const ErrorRaised &) = default;
};
struct ErrorCleared
{
    friend bool operator==(const ErrorCleared &, const ErrorCleared &) = default;
};
/// A limit of the risk gate ended trading until the next day.
struct DailyLimitReached
{
    QString message;
    friend bool operator==(const DailyLimitReached &, const DailyLimitReached &) = default;
};
/// The equity has fallen too far below its peak: no entry before the owner wants one again.
struct DrawdownLimitReached
{
    QString message;
    friend bool operator==(const DrawdownLimitReached &, const DrawdownLimitReached &) = default;
};
/// What a drawdown is counted from. It rises with the equity; after a halt the owner's word lets it begin anew.
struct PeakChanged
{
    Money equity;
    bool resetsBaseline = false; ///< ends the halt; the peak may fall
    friend bool operator==(const PeakChanged &, const PeakChanged &) = default;
};
/// A trading day ended, and the one that the market's clock shows begins; days that nobody saw lie between them.
struct DayClosed
{
    std::chrono::sys_days day;  ///< the day that ended
    std::chrono::sys_days next; ///< an earlier one only where the clock was wrong before
    Totals totals;              ///< of the day that ended
    friend bool operator==(const DayClosed &, const DayClosed &) = default;
};
struct SessionCompleted
{
    QString message;
    Totals totals; ///< of the bot's life
    friend bool operator==(const SessionCompleted &, const SessionCompleted &) = default;
};
/// The bot has wholly wound down.
struct BotCompleted
{
    QString message;
    friend bool operator==(const BotCompleted &, const BotCompleted &) = default;
};
/// Money moved that was no fill: funding, a liquidation's fee, an adjustment. One row of the ledger.
struct MoneyMoved
{
    LedgerKind kind = LedgerKind::Adjustment;
    Money amount;  ///< signed
    Decimal rate;  ///< of funding and fees
    Price mark;    ///< that it was counted by; 0 where none
    Timestamp due; ///< of funding: the moment that it belongs to
    QString reason;
    bool closesPosition = false; ///< an adjustment that writes off a rest too small to be traded
    friend bool operator==(const MoneyMoved &, const MoneyMoved &) = default;
};
/// The owner pulled the kill switch. It is his wish as well (stopped and flat; paused; one in error stopped), so that
/// it is carried out should nothing after it become durable. What came of it follows as facts of orders, and ends in
/// its report.
struct KillSwitchPulled
{
    KillOrder kill;
    friend bool operator==(const KillSwitchPulled &, const KillSwitchPulled &) = default;
};
/// All that the kill switch asked for is settled.
struct KillSwitchDone
{
    KillLevel level = KillLevel::PauseEntries;
    QString message;
    friend bool operator==(const KillSwitchDone &, const KillSwitchDone &) = default;
};

/// Every kind of fact, in the order that type names and readers count them by.
using EventKinds = std::variant<BotCreated, BotConfigured, BotDeleted, DesiredChanged, StatusChanged, HealthChanged,
                                DecisionMade, OrderChanged, OrderFilled, TradeClosed, ProtectionChanged, ErrorRaised,
                                ErrorCleared, DailyLimitReached, DayClosed, SessionCompleted, BotCompleted, MoneyMoved,
                                KillSwitchPulled, KillSwitchDone, DrawdownLimitReached, PeakChanged>;

/// What a fact says: one of the kinds. A variant whose members that copy, move, compare and end it are compiled once,
/// in botevent.cpp, and not in each file that holds a fact.
class EventPayload : public EventKinds
{
public:
    using EventKinds::EventKinds;
    EventPayload();
    EventPayload(const EventPayload &);
    EventPayload(EventPayload &&) noexcept;
    EventPayload &operator=(const EventPayload &);
    EventPayload &operator=(EventPayload &&) noexcept;
    ~EventPayload();
    friend bool operator==(const EventPayload &, const EventPayload &);
    /// A variant's would ask each kind for its own.
    friend bool operator<(const EventPayload &, const EventPayload &) = delete;
};

/// A fact: numbered, durable before anybody is told, never changed.
struct BotEvent
{
    BotEvent() = default;
    BotEvent(EventSequence number, BotId of, Timestamp when, Timestamp written, EventPayload what)
        : sequence(number),
          bot(of),
          happened(when),
          recorded(written),
          payload(std::move(what))
    { }
    /// Without number and time yet; its payload is made where it stays.
    template<class Fact>
    BotEvent(BotId of, std::in_place_type_t<Fact> type, Fact &&what) : bot(of),
                                                                       payload(type, std::forward<Fact>(what))
    { }

    EventSequence sequence;
    BotId bot;
    Timestamp happened; ///< by the market's clock
    Timestamp recorded; ///< by the store's clock, when it was written
    EventPayload payload;
    friend bool operator==(const BotEvent &, const BotEvent &) = default;
};

enum class Severity { Info, Warning, Error };

template<>
struct EnumNames<Severity>
{
    static constexpr std::pair<Severity, const char *> table[] = {
            {Severity::Info, "info"}, {Severity::Warning, "warning"}, {Severity::Error, "error"}};
};

/// "bot_created", "status", "order", "fill" …: the type as it stands in database, filters and exports.
[[nodiscard]] QLatin1StringView typeName(const EventPayload &payload);
/// All type names, in the order of the variant.
[[nodiscard]] QList<QLatin1StringView> allTypeNames();
[[nodiscard]] Severity severityOf(const EventPayload &payload);
/// One English sentence for feed and log, e.g. "Bought 0.0745 at 67250.1, fee 5.01".
[[nodiscard]] QString describe(const EventPayload &payload);

/// Adds a fact to a bot's state. An overflow of the sums is an error and leaves the state as it was.
[[nodiscard]] Result<void> apply(BotState &state, const BotEvent &event);

} // namespace tradebot
