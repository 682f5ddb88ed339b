// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/strategy/strategy.h"

namespace tradebot {

/// A strategy whose signals follow from the candles alone. A signal that went by while the bot was not running is made
/// up for when it stands against the position and came after its newest entry: a bot that slept through its exit leaves
/// as soon as it wakes. It enters nothing then, for the signal may be old.
class SignalStrategy : public Strategy
{
public:
    void warmUp(const Candle &candle) final;
    void onCandle(const StrategyView &view, Intents &intents) final;

    /// Moves on by a candle. The signal that it gives, which lives as long as the strategy; nullptr for none.
    [[nodiscard]] virtual const Intent *judge(const Candle &candle) = 0;

protected:
    [[nodiscard]] bool mayHaveMissed() const { return m_mayHaveMissed; }

private:
    [[nodiscard]] bool hasMissedExit(const StrategyView &view) const;

    const Intent *m_lastSignal = nullptr; ///< of those in the warm-up
    Timestamp m_lastSignalCandle;         ///< its open time
    bool m_mayHaveMissed = false;
};

/// What such a strategy derives from, so that long stretches of the past are judged by Self without a call for each
/// candle.
template<class Self>
class SignalStrategyOf : public SignalStrategy
{
public:
    void onCandles(const StrategyView &view, std::span<const Candle> candles, std::size_t &seen, Intents &intents) final
    {
        if (mayHaveMissed()) {
            Strategy::onCandles(view, candles.first(1), seen, intents);
            return;
        }
        if (const Intent *const signal = static_cast<Self &>(*this).judgeUntilSignal(candles, seen))
            intents.push_back(*signal);
    }

protected:
    /// Judges one candle after the other until one gives a signal; seen counts them.
    [[nodiscard]] const Intent *judgeUntilSignal(std::span<const Candle> candles, std::size_t &seen)
    {
        for (const Candle &candle : candles) {
            ++seen;
            if (const Intent *const signal = static_cast<Self &>(*this).Self::judge(candle))
                return signal;
        }
        return nullptr;
    }
};

} // namespace tradebot
