// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/domain/botconfig.h"
#include "core/domain/botlifecycle.h"
#include "core/domain/order.h"

#include <optional>
#include <variant>

namespace tradebot {

// What window, HTTP and command line ask of the engine.

struct CreateBot
{
    UserId owner;
    BotConfig config;
};
/// A whole new config; expectedVersion 0 takes whatever version there is.
struct UpdateBot
{
    BotId bot;
    int expectedVersion = 0;
    BotConfig config;
};
struct DeleteBot
{
    BotId bot;
};
struct StartBot
{
    BotId bot;
};
struct PauseBot
{
    BotId bot;
};
struct ResumeBot
{
    BotId bot;
};
struct StopBot
{
    BotId bot;
    StopPolicy policy = StopPolicy::LeavePosition;
};
struct RestartBot
{
    BotId bot;
};
/// Sets the prices that are given; an inner nullopt removes one.
struct SetProtection
{
    BotId bot;
    std::optional<std::optional<Price>> stopLoss;
    std::optional<std::optional<Price>> takeProfit;
    std::optional<std::optional<Price>> trailingStop;
};
struct ClearError
{
    BotId bot;
};

enum class KillScope { Bot, Account, Everything };

template<>
struct EnumNames<KillScope>
{
    static constexpr std::pair<KillScope, const char *> table[] = {
            {KillScope::Bot, "bot"}, {KillScope::Account, "account"}, {KillScope::Everything, "everything"}};
};

/// Ends trading at once: for one bot, for all bots of its account, or for all bots of an owner.
struct KillSwitch
{
    KillScope scope = KillScope::Everything;
    UserId owner;
    BotId bot; ///< of the first two scopes
    KillLevel level = KillLevel::PauseEntries;
    bool includesProtection = false; ///< cancels stops and targets too
};

using Command = std::variant<CreateBot, UpdateBot, DeleteBot, StartBot, PauseBot, ResumeBot, StopBot, RestartBot,
                             SetProtection, ClearError>;

} // namespace tradebot
