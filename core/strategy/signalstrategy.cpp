// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/strategy/signalstrategy.h"

#include "core/strategy/builtin.h"

#include <utility>

namespace tradebot {

void SignalStrategy::warmUp(const Candle &candle)
{
    if (const Intent *signal = judge(candle)) {
        m_lastSignal = signal;
        m_lastSignalCandle = candle.openTime;
    }
    m_mayHaveMissed = true;
}

bool SignalStrategy::hasMissedExit(const StrategyView &view) const
{
    if (m_lastSignal == nullptr || !view.position.isOpen() || !isAfterEntry(view, m_lastSignalCandle))
        return false;
    return m_lastSignal->kind != IntentKind::Enter || m_lastSignal->side != view.position.side;
}

void SignalStrategy::onCandle(const StrategyView &view, Intents &intents)
{
    const Intent *signal = judge(view.candle);
    const bool mayHaveMissed = m_mayHaveMissed && !view.isLeaving;
    if (mayHaveMissed)
        m_mayHaveMissed = false;
    if (signal != nullptr)
        intents.push_back(*signal);
    else if (mayHaveMissed && hasMissedExit(view))
        intents.push_back({IntentKind::Exit, PositionSide::Flat, m_lastSignal->tag, m_lastSignal->message});
}

} // namespace tradebot
