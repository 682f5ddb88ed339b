// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/exchange/simulated/simulatedmarket.h"

#include <algorithm>
#include <utility>

namespace tradebot {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

SimulatedMarket::SimulatedMarket(std::uint64_t seed, double ticksPerSecond, const Clock &clock)
    : m_seed(seed),
      m_ticksPerSecond(ticksPerSecond),
      m_clock(clock)
{ }

Result<Instrument> SimulatedMarket::instrument(const Symbol &symbol, Market market) const
{
    return validateSimulatedSymbol(symbol).map([&] { return SimulatedTape::instrument(symbol, market); });
}

void SimulatedMarket::open(StreamId stream, const Symbol &symbol, Market)
{
    SimulatedTape tape(m_seed, symbol, m_ticksPerSecond);
    const std::int64_t next = tape.firstAtOrAfter(now() + 1ms);
    m_streams.insert_or_assign(stream, Stream{std::move(tape), next, true});
}

void SimulatedMarket::close(StreamId stream)
{
    const auto at = m_streams.find(stream);
    if (at == m_streams.end())
        return;
    at->second.isOpen = false;
    if (!m_isAdvancing)
        m_streams.erase(at);
}

void SimulatedMarket::advance()
{
    Q_ASSERT(m_sink != nullptr);
    const Timestamp present = now();
    m_isAdvancing = true;
    for (auto &[id, stream] : m_streams)
        deliver(id, stream, present);
    if (!m_requests.empty()) {
        const HistoryRequest request = std::move(m_requests.front());
        m_requests.pop_front();
        answer(request);
    }
    m_isAdvancing = false;
    std::erase_if(m_streams, [](const auto &entry) { return !entry.second.isOpen; });
}

void SimulatedMarket::deliver(StreamId id, Stream &stream, Timestamp present)
{
    constexpr auto longestSilence = 1min;
    if (stream.tape.timeOf(stream.next) < present - longestSilence)
        stream.next = stream.tape.firstAtOrAfter(present);
    while (stream.isOpen && stream.tape.timeOf(stream.next) <= present)
        m_sink->tick(id, stream.tape.tick(stream.next++));
}

void SimulatedMarket::history(StreamId stream, Timeframe timeframe, int limit, HistoryReply reply)
{
    m_requests.push_back({stream, timeframe, limit, std::move(reply)});
}

void SimulatedMarket::answer(const HistoryRequest &request)
{
    const auto at = m_streams.find(request.stream);
    if (at == m_streams.end() || !at->second.isOpen)
        return;
    std::vector<Candle> candles;
    Timestamp end = openTimeOf(now(), request.timeframe);
    for (int i = 0; i < request.limit && end > Timestamp(); ++i) {
        const Timestamp openTime = openTimeOf(end - 1ms, request.timeframe);
        if (const auto candle = at->second.tape.candle(openTime, end))
            candles.push_back(*candle);
        end = openTime;
    }
    std::reverse(candles.begin(), candles.end());
    request.reply(std::move(candles));
}

std::optional<Candle> SimulatedMarket::formingCandle(StreamId stream, Timeframe timeframe)
{
    const auto at = m_streams.find(stream);
    if (at == m_streams.end())
        return std::nullopt;
    const Timestamp next = at->second.tape.timeOf(at->second.next);
    return at->second.tape.candle(openTimeOf(next, timeframe), next);
}

QString SimulatedMarket::description() const
{
    return u"simulated, seed %1"_s.arg(m_seed);
}

} // namespace tradebot
