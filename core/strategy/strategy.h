// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/domain/position.h"
#include "core/domain/strategyschema.h"

#include <QString>

#include <memory>
#include <vector>

namespace tradebot {

enum class IntentKind {
    Enter,    ///< be in a position of this side; an opposite one is closed first
    Exit,     ///< be flat
    Complete, ///< the strategy's session is over
};

/// What a strategy wants. The engine decides what of it may be done.
struct Intent
{
    IntentKind kind = IntentKind::Enter;
    PositionSide side = PositionSide::Long; ///< of Enter
    QString tag;                            ///< a literal, "ema_cross_up": entry tag or exit tag of the trade
    QString message;                        ///< a literal or empty; why, in words
};

/// What a strategy may know when a candle has closed.
struct StrategyView
{
    const Candle &candle;
    const Position &position;
};

/// Decides on closed candles. Plain and deterministic: the same candles give the same intents. Engine thread only.
class Strategy
{
public:
    Strategy() = default;
    Strategy(const Strategy &) = delete;
    Strategy &operator=(const Strategy &) = delete;
    virtual ~Strategy() = default;

    /// How many closed candles it must have seen before its first decision.
    [[nodiscard]] virtual int warmUpCandles() const = 0;
    /// How many candles of the past to give to warmUp() so that it decides as if it had lived through all of them. More
    /// than warmUpCandles() where an average never quite forgets how it began.
    [[nodiscard]] virtual int historyCandles() const { return warmUpCandles(); }
    /// A candle of the past: indicators move on, nothing is decided. A signal that goes by here against a position that
    /// is held is made up for on the first candle that is decided on.
    virtual void warmUp(const Candle &candle) = 0;
    /// A candle has closed. Appends what it wants to intents (given empty).
    virtual void onCandle(const StrategyView &view, std::vector<Intent> &intents) = 0;
    /// What it sees and waits for, in words: "EMA 12 is above EMA 26".
    [[nodiscard]] virtual QString activity() const = 0;
    /// Named values for lines on the chart's price axis at the last candle, e.g. {"EMA 12", 67250.1}; NaN while
    /// warming up. Empty when what it looks at is no price.
    [[nodiscard]] virtual std::vector<std::pair<QString, double>> lines() const { return {}; }
};

} // namespace tradebot
