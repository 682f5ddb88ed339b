// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/enumnames.h"

#include <array>
#include <optional>
#include <utility>

namespace tradebot {

/// What the owner asked for; kept over restarts.
enum class DesiredState { Stopped, Running, Paused };
/// What the bot is doing.
enum class BotStatus { Stopped, Pending, Running, Paused, Stopping, Error };
enum class Health { Ok, Degraded };
/// PastPrices is of views alone: the market tells what the bot has lived through before.
enum class HealthReason { None, StaleData, RateLimited, UnknownOrder, PastPrices };
enum class ErrorKind {
    None,
    ApiKeyDecryptFailed,
    ExchangeConnectFailed,
    PriceFetch,
    OrderRejected,
    Strategy,
    Overflow,
    StartTimeout,
    Liquidation
};
/// What a stop does with the position and the open orders.
enum class StopPolicy { PauseEntries, LeavePosition, CancelOrders, Flatten };

/// How much the kill switch ends.
enum class KillLevel { PauseEntries, CancelOrders, Flatten };

enum class BotTrigger {
    Start, ///< the owner, or a restart, wants it to run
    Ready, ///< data, history and reconciliation are there
    Pause,
    Resume,
    Stop,
    WoundDown, ///< nothing is left to do for the stop
    Fail,
    Recover, ///< a restart after an error
};

inline constexpr int botStatusCount = 6;
inline constexpr int botTriggerCount = 8;

template<>
struct EnumNames<DesiredState>
{
    static constexpr std::pair<DesiredState, const char *> table[] = {
            {DesiredState::Stopped, "stopped"}, {DesiredState::Running, "running"}, {DesiredState::Paused, "paused"}};
};
template<>
struct EnumNames<BotStatus>
{
    static constexpr std::pair<BotStatus, const char *> table[] = {
            {BotStatus::Stopped, "stopped"}, {BotStatus::Pending, "pending"},   {BotStatus::Running, "running"},
            {BotStatus::Paused, "paused"},   {BotStatus::Stopping, "stopping"}, {BotStatus::Error, "error"}};
};
template<>
struct EnumNames<Health>
{
    static constexpr std::pair<Health, const char *> table[] = {{Health::Ok, "ok"}, {Health::Degraded, "degraded"}};
};
template<>
struct EnumNames<HealthReason>
{
    static constexpr std::pair<HealthReason, const char *> table[] = {{HealthReason::None, "none"},
                                                                      {HealthReason::StaleData, "stale data"},
                                                                      {HealthReason::RateLimited, "rate limited"},
                                                                      {HealthReason::UnknownOrder, "unknown order"},
                                                                      {HealthReason::PastPrices, "past prices"}};
};
template<>
struct EnumNames<ErrorKind>
{
    static constexpr std::pair<ErrorKind, const char *> table[] = {
            {ErrorKind::None, "none"},
            {ErrorKind::ApiKeyDecryptFailed, "api key decrypt failed"},
            {ErrorKind::ExchangeConnectFailed, "binance client init"},
            {ErrorKind::PriceFetch, "price fetch"},
            {ErrorKind::OrderRejected, "order rejected"},
            {ErrorKind::Strategy, "strategy"},
            {ErrorKind::Overflow, "overflow"},
            {ErrorKind::StartTimeout, "start timeout"},
            {ErrorKind::Liquidation, "liquidation"}};
};
template<>
struct EnumNames<StopPolicy>
{
    static constexpr std::pair<StopPolicy, const char *> table[] = {{StopPolicy::PauseEntries, "pause_entries"},
                                                                    {StopPolicy::LeavePosition, "leave_position"},
                                                                    {StopPolicy::CancelOrders, "cancel_orders"},
                                                                    {StopPolicy::Flatten, "flatten"}};
};
template<>
struct EnumNames<KillLevel>
{
    static constexpr std::pair<KillLevel, const char *> table[] = {{KillLevel::PauseEntries, "pause_entries"},
                                                                   {KillLevel::CancelOrders, "cancel_orders"},
                                                                   {KillLevel::Flatten, "flatten"}};
};
template<>
struct EnumNames<BotTrigger>
{
    static constexpr std::pair<BotTrigger, const char *> table[] = {
            {BotTrigger::Start, "start"},   {BotTrigger::Ready, "ready"},    {BotTrigger::Pause, "pause"},
            {BotTrigger::Resume, "resume"}, {BotTrigger::Stop, "stop"},      {BotTrigger::WoundDown, "wound_down"},
            {BotTrigger::Fail, "fail"},     {BotTrigger::Recover, "recover"}};
};

struct BotTransition
{
    BotStatus from;
    BotTrigger trigger;
    BotStatus to;
};

/// Every transition of a bot that there is.
inline constexpr std::array botTransitions = {
        BotTransition{BotStatus::Stopped, BotTrigger::Start, BotStatus::Pending},
        BotTransition{BotStatus::Stopped, BotTrigger::Stop, BotStatus::Stopping}, // to close what it still holds
        BotTransition{BotStatus::Pending, BotTrigger::Ready, BotStatus::Running},
        BotTransition{BotStatus::Pending, BotTrigger::Pause, BotStatus::Paused},
        BotTransition{BotStatus::Pending, BotTrigger::Stop, BotStatus::Stopping},
        BotTransition{BotStatus::Pending, BotTrigger::Fail, BotStatus::Error},
        BotTransition{BotStatus::Running, BotTrigger::Pause, BotStatus::Paused},
        BotTransition{BotStatus::Running, BotTrigger::Stop, BotStatus::Stopping},
        BotTransition{BotStatus::Running, BotTrigger::Fail, BotStatus::Error},
        BotTransition{BotStatus::Running, BotTrigger::Recover, BotStatus::Pending},
        BotTransition{BotStatus::Paused, BotTrigger::Resume, BotStatus::Running},
        BotTransition{BotStatus::Paused, BotTrigger::Stop, BotStatus::Stopping},
        BotTransition{BotStatus::Paused, BotTrigger::Fail, BotStatus::Error},
        BotTransition{BotStatus::Paused, BotTrigger::Recover, BotStatus::Pending},
        BotTransition{BotStatus::Stopping, BotTrigger::WoundDown, BotStatus::Stopped},
        BotTransition{BotStatus::Stopping, BotTrigger::Fail, BotStatus::Error},
        BotTransition{BotStatus::Error, BotTrigger::Start, BotStatus::Pending},
        BotTransition{BotStatus::Error, BotTrigger::Recover, BotStatus::Pending},
        BotTransition{BotStatus::Error, BotTrigger::Stop, BotStatus::Stopping},
};

[[nodiscard]] constexpr std::optional<BotStatus> nextStatus(BotStatus from, BotTrigger trigger) noexcept
{
    for (const auto &transition : botTransitions) {
        if (transition.from == from && transition.trigger == trigger)
            return transition.to;
    }
    return std::nullopt;
}

static_assert(!nextStatus(BotStatus::Stopped, BotTrigger::Ready)); // nothing runs without having been pending
static_assert(nextStatus(BotStatus::Error, BotTrigger::Recover) == BotStatus::Pending);

/// Whether a bot of this status watches prices and may trade.
[[nodiscard]] constexpr bool isActive(BotStatus status) noexcept
{
    return status != BotStatus::Stopped && status != BotStatus::Error;
}

} // namespace tradebot
