// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/api/botcontrol.h"
#include "core/api/botfeed.h"
#include "core/api/historyreader.h"
#include "core/base/clock.h"
#include "core/domain/strategyschema.h"

namespace tradebot {

class AccountScope;
class LiveFeed;
class Prompts;
class SecondClock;
class Settings;
class Theme;
class TimeFormat;

/// What every part of the window may use. All of it outlives the window; handed on by reference, never stored globally.
struct UiContext
{
    BotControl &control;
    BotFeed &feed; ///< candles; for bots and facts use live, which has followed already
    HistoryService &history;
    const Clock &clock;
    const StrategyCatalog &strategies;
    const Theme &theme;
    TimeFormat &time;
    LiveFeed &live;
    AccountScope &scope; ///< whose bots, figures and sums are shown
    SecondClock &second; ///< for ages: repaint what is visible
    Prompts &prompts;
    Settings &settings;
    UserId owner; ///< in whose name the window acts
};

} // namespace tradebot
