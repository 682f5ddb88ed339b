// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/domain/botsnapshot.h"
#include "core/domain/command.h"

#include <QObject>

#include <functional>
#include <vector>

namespace tradebot {

/// The way in: what window, server and command line may ask for. Any thread.
/// What the kill switch found, order by order, and what it did with each; the rest follows as facts, and ends in a
/// KillSwitchDone of every bot.
struct KillReport
{
    std::vector<BotId> bots; ///< that it was pulled for
    /// All orders that were open, as they are now: final, with a cancel requested, or kept.
    std::vector<Order> orders;
};

class BotControl
{
public:
    /// The bot after the command, or why nothing was done (NotFound, Conflict, InvalidInput with fields).
    using Reply = std::function<void(const Result<BotSnapshot> &)>;

    BotControl() = default;
    BotControl(const BotControl &) = delete;
    BotControl &operator=(const BotControl &) = delete;
    virtual ~BotControl() = default;

    /// Hands a command to the engine and returns at once. reply runs in context's thread, after every fact of the
    /// command is durable; not at all when context is gone by then.
    virtual void submit(Command command, QObject *context, Reply reply) = 0;

    using KillReply = std::function<void(const Result<KillReport> &)>;
    /// Pulls the kill switch. Answers as submit() does; works with the exchange failing, too.
    virtual void pull(KillSwitch killSwitch, QObject *context, KillReply reply) = 0;
};

} // namespace tradebot
