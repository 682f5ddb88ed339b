// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/strategy/signalstrategy.h"

#include <utility>

namespace tradebot {

namespace {

bool standsAgainst(const Intent &signal, const Position &position)
{
    return position.isOpen() && (signal.kind != IntentKind::Enter || signal.side != position.side);
}

} // namespace

void SignalStrategy::warmUp(const Candle &candle)
{
    if (const Intent *signal = judge(candle))
        m_lastSignal = signal;
    m_mayHaveMissed = true;
}

void SignalStrategy::onCandle(const StrategyView &view, Intents &intents)
{
    const Intent *signal = judge(view.candle);
    if (std::exchange(m_mayHaveMissed, false) && signal == nullptr && m_lastSignal != nullptr
        && standsAgainst(*m_lastSignal, view.position))
        signal = m_lastSignal;
    if (signal != nullptr)
        intents.push_back(*signal);
}

} // namespace tradebot
