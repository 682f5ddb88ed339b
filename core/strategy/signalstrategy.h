// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/strategy/strategy.h"

namespace tradebot {

/// A strategy whose signals follow from the candles alone. A signal that went by while the bot was not running is made
/// up for when it stands against the position: a bot that slept through its exit leaves as soon as it wakes.
class SignalStrategy : public Strategy
{
public:
    void warmUp(const Candle &candle) final;
    void onCandle(const StrategyView &view, Intents &intents) final;

protected:
    /// Moves on by a candle. The signal that it gives, which lives as long as the strategy; nullptr for none.
    [[nodiscard]] virtual const Intent *judge(const Candle &candle) = 0;

private:
    const Intent *m_lastSignal = nullptr;
    bool m_mayHaveMissed = false;
};

} // namespace tradebot
