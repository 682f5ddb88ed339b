// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/domain/botevent.h"
#include "core/domain/botsnapshot.h"

#include <QObject>

#include <functional>
#include <memory>
#include <vector>

namespace tradebot {

/// What a follower is told at once: facts first, then views that include them.
struct FeedUpdate
{
    std::vector<std::shared_ptr<const BotEvent>> events;  ///< durable, ascending, without gaps between updates
    std::vector<std::shared_ptr<const BotSnapshot>> bots; ///< those that changed; the newest only
    SystemView system;                                    ///< system.committed is the number of the last fact told
};

/// Candles of one bot's market.
struct CandleUpdate
{
    bool reset = false; ///< closed replaces all that was sent before
    std::vector<Candle> closed;
    std::optional<Candle> live; ///< the candle that is still open
};

struct CandleQuery
{
    BotId bot;
    Timeframe timeframe = Timeframe::M1;
    int limit = 500;                 ///< 1 to 1000
    std::optional<Timestamp> before; ///< only candles that open before this
};

/// Keeps a subscription; destroying it ends it, from the thread of its context.
using FeedHandle = std::shared_ptr<void>;

/// The way out: facts and views for followers. Any thread; callbacks run in the thread of their context.
class BotFeed
{
public:
    BotFeed() = default;
    BotFeed(const BotFeed &) = delete;
    BotFeed &operator=(const BotFeed &) = delete;
    virtual ~BotFeed() = default;

    /// The first update holds all bots and no events; each later one the facts since. Facts come as soon as they are
    /// durable, views at most ten times a second, a sign of life at least once a second. A follower that has not
    /// finished with an update gets its facts all the same, but no views until it has.
    [[nodiscard]] virtual FeedHandle follow(QObject *context, std::function<void(const FeedUpdate &)> callback) = 0;

    /// The newest limit candles of the bot's market at once (reset), then each closed one and the live one, at most ten
    /// times a second.
    [[nodiscard]] virtual FeedHandle followCandles(BotId bot, Timeframe timeframe, int limit, QObject *context,
                                                   std::function<void(const CandleUpdate &)> callback) = 0;

    /// Candles once, ascending. NotFound for an unknown bot, Unsupported for a timeframe that cannot be made.
    virtual void requestCandles(CandleQuery query, QObject *context,
                                std::function<void(const Result<std::vector<Candle>> &)> callback) = 0;
};

} // namespace tradebot
