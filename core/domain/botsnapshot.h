// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/domain/botconfig.h"
#include "core/domain/botstate.h"

#include <memory>

namespace tradebot {

/// A view of one bot: its committed state with the prices of the moment. A newer one replaces it.
struct BotSnapshot
{
    BotId id;
    UserId owner;
    std::shared_ptr<const BotConfig> config; ///< never null
    int configVersion = 1;
    Timestamp createdAt;
    Timestamp configuredAt;
    bool deleted = false;
    Instrument instrument;

    BotState state;          ///< the fold of all committed facts up to state.lastSequence
    Timestamp lastUpdatedAt; ///< when the last of them was recorded

    std::optional<Price> markPrice;
    Timestamp priceTime;             ///< by the market's clock
    Timestamp priceReceivedAt;       ///< by the computer's clock: the age of data counts from here
    std::optional<Money> unrealised; ///< before exit fees; 0 when flat, empty when no price is known
    std::optional<Money> equity;     ///< balance + unrealised
    Money peakEquity;
    Protection protection; ///< as of the newest price; may be ahead of state.protection
    QString activity;      ///< what it waits for, in words
};

/// Of one bot at one time; the curve is made of these.
struct EquityPoint
{
    Timestamp time;
    Money equity;
    friend bool operator==(const EquityPoint &, const EquityPoint &) = default;
};

/// How the program itself is.
struct SystemView
{
    EventSequence committed;
    bool storeOk = true;
    QString storeMessage;
    qint64 storeBytes = 0;
    QString marketData; ///< "simulated, seed 1"
    bool marketDataOk = false;
    QString marketDataMessage;
    std::optional<Timestamp> newestPriceReceivedAt;
    Timestamp engineTime; ///< by the market's clock
    qint64 ticks = 0;     ///< since the start
};

} // namespace tradebot
