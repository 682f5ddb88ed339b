// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/exchange/timermarketdata.h"

#include <chrono>

namespace tradebot {

using namespace std::chrono_literals;

TimerMarketData::TimerMarketData(std::unique_ptr<PolledMarketData> market) : m_market(std::move(market))
{
    constexpr auto pace = 20ms; // well below what an eye sees, well above what a wake-up costs
    m_timer.setTimerType(Qt::PreciseTimer);
    m_timer.setInterval(pace);
    QObject::connect(&m_timer, &QTimer::timeout, &m_timer, [this] { m_market->advance(); });
}

void TimerMarketData::open(StreamId stream, const Symbol &symbol, Market market)
{
    m_market->open(stream, symbol, market);
    if (!m_timer.isActive())
        m_timer.start();
}

} // namespace tradebot
