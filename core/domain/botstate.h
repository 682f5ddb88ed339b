// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/ringbuffer.h"
#include "core/domain/botlifecycle.h"
#include "core/domain/position.h"
#include "core/domain/trade.h"

#include <chrono>
#include <optional>
#include <vector>

namespace tradebot {

/// Prices that guard a position, and the extremes that they follow. A price of 0 means that there is none.
struct Protection
{
    Price stopLoss;
    Price takeProfit;
    Price trailingStop;
    Price maximumSinceEntry;
    Price minimumSinceEntry;
    bool trailingIsOff = false; ///< the config's trailing rule does not arm again for this position
    bool awaitsAtr = false;     ///< a rule counts in an ATR that was not there yet at the entry
    friend bool operator==(const Protection &, const Protection &) = default;
};

/// The round trip that is under way.
struct OpenTrade
{
    Timestamp entryTime;
    QString entryTag;
    int configVersion = 1;
    Quantity entered;
    Quantity exited;
    Money entryNotional;
    Money exitNotional;
    Money gross;
    Money fees;
    Money funding;
    Money nextFees; ///< of a fill that turned the position round: the fees of the trade that it begins
    friend bool operator==(const OpenTrade &, const OpenTrade &) = default;
};

/// An order that the kill switch asks to end, and how far it has come.
struct KilledOrder
{
    ClientOrderId id;
    OrderState state = OrderState::Submitted;
    friend bool operator==(const KilledOrder &, const KilledOrder &) = default;
};

/// What the kill switch was pulled for.
struct KillOrder
{
    KillLevel level = KillLevel::PauseEntries;
    bool includesProtection = false;      ///< stops and targets are cancelled too
    QString scope;                        ///< "bot", "account", "everything"
    std::vector<KilledOrder> orders = {}; ///< that were open then and have to end
    friend bool operator==(const KillOrder &, const KillOrder &) = default;
};

/// An entry that waits for the exit before it: the second half of a reversal.
struct PlannedEntry
{
    PositionSide side = PositionSide::Long;
    QString tag;
    QString message;
    friend bool operator==(const PlannedEntry &, const PlannedEntry &) = default;
};

/// The wish to be flat: it stands until there is no position and no entry that could still open one.
struct PlannedExit
{
    OrderPurpose purpose = OrderPurpose::Exit;
    QString tag;
    friend bool operator==(const PlannedExit &, const PlannedExit &) = default;
};

/// An order that is over, and what its fills are known by: one of them that is told again changes nothing.
struct FilledOrder
{
    ClientOrderId id;
    std::vector<ExchangeTradeId> fills;
    friend bool operator==(const FilledOrder &, const FilledOrder &) = default;
};

/// Money and counts of one trading day, or of a bot's whole life.
struct Totals
{
    Money gross;
    Money fees;
    Money funding;
    qint64 fills = 0;
    qint64 trades = 0;
    qint64 wins = 0; ///< trades with a net above 0

    /// Realised, net of fees and funding.
    [[nodiscard]] Money net() const { return (gross - fees + Checked<Money>(funding)).valueOr(Money()); }
    friend bool operator==(const Totals &, const Totals &) = default;
};

/// All that is true of a bot: the fold of its facts. Prices of the moment are not in here, see BotSnapshot.
struct BotState
{
    DesiredState desired = DesiredState::Stopped;
    BotStatus status = BotStatus::Stopped;
    ErrorKind errorKind = ErrorKind::None;            ///< of status error
    StopPolicy stopPolicy = StopPolicy::PauseEntries; ///< of the stop under way
    Timestamp statusSince;
    QString statusMessage;
    Health health = Health::Ok;
    HealthReason healthReason = HealthReason::None;
    QString healthMessage;
    QString lastError; ///< cleared by the owner and at the day boundary; the journal keeps it

    int configVersion = 1;
    Position position;
    Protection protection;
    OpenTrade openTrade;
    std::vector<Order> openOrders;

    Money balance; ///< initial balance + sum of the ledger
    Totals life;
    std::chrono::sys_days day; ///< the trading day that `today` counts
    Totals today;
    bool haltedByDailyLimit = false;
    Money peakEquity;              ///< the highest balance while flat, and what PeakChanged says
    bool haltedByDrawdown = false; ///< until its owner wants it to enter again
    std::optional<PlannedEntry> plannedEntry;
    std::optional<PlannedExit> plannedExit;
    bool placementSuspended = false;               ///< since the kill switch cancelled its orders, until it runs again
    Timestamp lastEntry;                           ///< when the newest entry order of those that filled was made
    Timestamp lastEntryAsked;                      ///< when the newest entry order was made, whatever came of it
    Price lastEntryLimit;                          ///< of the entry order that filled last; 0 for one without a limit
    Timestamp lastExit;                            ///< when it was last flat again; the epoch before the first exit
    RingBuffer<Timestamp, 32> losingStops;         ///< when a stop closed a trade with a loss
    RingBuffer<ExchangeTradeId, 32> externalFills; ///< that no order of ours asked for
    RingBuffer<FilledOrder, 32> filledOrders;      ///< that are over
    std::vector<Timestamp> recentOrders; ///< when those of the minute before the newest were made, at most 600
    std::optional<KillOrder> kill;       ///< pulled, and not all settled yet
    Timestamp fundedUpTo;                ///< funding of the open position is booked up to here

    /// Of the last fact that a price led to, by the market's clock: so far the market is lived through. The epoch
    /// before.
    Timestamp marketTime;
    Timestamp lastRunAt;        ///< of the last decision; in a snapshot, of the last candle that was judged
    EventSequence lastSequence; ///< the last fact in this fold

    friend bool operator==(const BotState &, const BotState &) = default;
};

/// Whether a moment lies in the minute that ends now. A clock that was ahead may have been set back: what lies before
/// us is not in it.
[[nodiscard]] inline bool isWithinAMinute(Timestamp time, Timestamp now)
{
    return time <= now && now - time < std::chrono::minutes(1);
}

/// "running", "error (strategy)": the status as viewers see it.
[[nodiscard]] QString statusText(BotStatus status, ErrorKind errorKind);

} // namespace tradebot
