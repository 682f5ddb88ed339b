// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/domain/botconfig.h"
#include "core/domain/botlifecycle.h"

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

using Command = std::variant<CreateBot, UpdateBot, DeleteBot, StartBot, PauseBot, ResumeBot, StopBot, RestartBot,
                             SetProtection, ClearError>;

} // namespace tradebot
