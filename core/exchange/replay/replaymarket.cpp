// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/exchange/replay/replaymarket.h"

#include "core/engine/candleaggregator.h"

#include <algorithm>
#include <utility>

namespace tradebot {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr std::size_t ticksPerCandle = 4;

/// The largest power of ten, but at most 0.01, that all prices are multiples of.
Price priceStepOf(const std::vector<Candle> &candles)
{
    std::int64_t step = Price::fromInteger(1).raw() / 100;
    for (const Candle &candle : candles) {
        for (const Price price : {candle.open, candle.high, candle.low, candle.close}) {
            while (price.raw() % step != 0)
                step /= 10;
        }
    }
    return Price::fromRaw(step);
}

} // namespace

ReplayMarket::ReplayMarket(RecordedCandles recorded, ReplayOptions options, Stopwatch stopwatch)
    : m_candles(std::move(recorded.candles)),
      m_timeframe(recorded.timeframe),
      m_options(std::move(options)),
      m_stopwatch(std::move(stopwatch))
{
    Q_ASSERT(!m_candles.empty() && m_options.speed > 0);
    m_priceStep = priceStepOf(m_candles);
    if (m_options.resumeAfter)
        moveTo(*m_options.resumeAfter);
}

/// Goes on after a time: what was played up to it, itself included, is not played again.
void ReplayMarket::moveTo(Timestamp time)
{
    if (time < m_candles.front().openTime)
        return;
    const Timestamp last = nextOpenTime(endOf(m_candles.size() - 1), m_timeframe);
    m_position = sinceStart(std::min(time, last));
    const auto after = std::partition_point(m_candles.begin(), m_candles.end(),
                                            [time](const Candle &candle) { return candle.openTime <= time; });
    m_nextTick = static_cast<std::size_t>(after - m_candles.begin() - 1) * ticksPerCandle;
    while (m_nextTick < m_candles.size() * ticksPerCandle && tickTime(m_nextTick) <= time)
        ++m_nextTick;
}

Result<Instrument> ReplayMarket::instrument(const Symbol &symbol, Market market) const
{
    return validateSimulatedSymbol(symbol).map([&] {
        Instrument instrument = defaultInstrument(symbol, market, m_candles.front().close);
        instrument.priceStep = m_priceStep;
        return instrument;
    });
}

void ReplayMarket::open(StreamId stream, const Symbol &, Market)
{
    m_streams[stream] = false;
    if (!m_lastLook)
        m_lastLook = m_stopwatch();
}

Timestamp ReplayMarket::now() const
{
    return m_candles.front().openTime + std::chrono::floor<std::chrono::milliseconds>(m_position);
}

QString ReplayMarket::description() const
{
    return u"replay of %1 at %2×"_s.arg(m_options.name).arg(m_options.speed);
}

Timestamp ReplayMarket::endOf(std::size_t candle) const
{
    return nextOpenTime(m_candles[candle].openTime, m_timeframe);
}

Timestamp ReplayMarket::tickTime(std::size_t number) const
{
    const std::size_t candle = number / ticksPerCandle;
    const std::chrono::milliseconds length = endOf(candle) - m_candles[candle].openTime;
    return m_candles[candle].openTime
           + length * static_cast<int>(number % ticksPerCandle) / static_cast<int>(ticksPerCandle);
}

Tick ReplayMarket::tickOf(std::size_t number) const
{
    const Candle &candle = m_candles[number / ticksPerCandle];
    const std::size_t place = number % ticksPerCandle;
    const bool rises = candle.close >= candle.open;
    const std::array prices = {candle.open, rises ? candle.low : candle.high, rises ? candle.high : candle.low,
                               candle.close};
    const std::int64_t part = candle.volume.raw() / std::int64_t(ticksPerCandle);
    const std::int64_t volume =
            place + 1 < ticksPerCandle ? part : candle.volume.raw() - part * std::int64_t(ticksPerCandle - 1);
    return {tickTime(number), prices[place], Quantity::fromRaw(volume)};
}

/// Up to the next tick; before a gap, up to where it begins; after the last tick, up to one candle after the end.
ReplayMarket::Stretch ReplayMarket::stretchAhead() const
{
    constexpr Milliseconds longestGap = 3s; // on the wall
    const std::size_t candle = m_nextTick / ticksPerCandle;
    if (candle == m_candles.size()) {
        const Timestamp end = endOf(candle - 1);
        const Milliseconds stop = sinceStart(nextOpenTime(end, m_timeframe));
        return {m_position < sinceStart(end) ? sinceStart(end) : stop, m_options.speed, false};
    }
    const Milliseconds tick = sinceStart(tickTime(m_nextTick));
    if (m_nextTick % ticksPerCandle != 0 || candle == 0)
        return {tick, m_options.speed, true};
    const Milliseconds gapBegin = sinceStart(endOf(candle - 1));
    if (m_position < gapBegin)
        return {gapBegin, m_options.speed, gapBegin == tick};
    return {tick, std::max(m_options.speed, (tick - gapBegin) / longestGap), true};
}

void ReplayMarket::advance()
{
    Q_ASSERT(m_sink != nullptr);
    constexpr Milliseconds longestStep = 1s; // on the wall
    if (!m_lastLook)
        return;
    const std::chrono::milliseconds look = m_stopwatch();
    Milliseconds left = std::min<Milliseconds>(look - *m_lastLook, longestStep);
    m_lastLook = look;
    const std::size_t tickCount = m_candles.size() * ticksPerCandle;
    while (left > Milliseconds()) {
        const Stretch stretch = stretchAhead();
        const Milliseconds wanted = (stretch.end - m_position) / stretch.pace;
        if (wanted > left) {
            m_position += left * stretch.pace;
            break;
        }
        left -= wanted;
        m_position = stretch.end;
        if (stretch.endsInTick)
            deliverTick();
        else if (m_nextTick == tickCount && wanted == Milliseconds())
            break; // it is all over
    }
    if (m_nextTick == tickCount && m_position >= sinceStart(endOf(m_candles.size() - 1)))
        tellTheEnd();
}

/// The engine may open and close streams from within.
void ReplayMarket::deliverTick()
{
    const Tick tick = tickOf(m_nextTick++);
    std::vector<StreamId> streams;
    for (const auto &[stream, toldOfEnd] : m_streams)
        streams.push_back(stream);
    for (const StreamId stream : streams) {
        if (m_streams.contains(stream))
            m_sink->tick(stream, tick);
    }
}

void ReplayMarket::tellTheEnd()
{
    const Timestamp end = endOf(m_candles.size() - 1);
    QString text = u"the recording %1 has ended at %2"_s.arg(m_options.name, QString::fromLatin1(toRfc3339(end)));
    if (m_options.resumeAfter && *m_options.resumeAfter >= end) {
        text += u"; the journal is already at %1: to play it again, take another data folder"_s.arg(
                QString::fromLatin1(toRfc3339(*m_options.resumeAfter)));
    }
    const Error error{ErrorCode::Unavailable, text, {}};
    std::vector<StreamId> untold;
    for (auto &[stream, toldOfEnd] : m_streams) {
        if (!std::exchange(toldOfEnd, true))
            untold.push_back(stream);
    }
    for (const StreamId stream : untold) {
        if (m_streams.contains(stream))
            m_sink->lost(stream, error);
    }
}

void ReplayMarket::history(StreamId stream, Timeframe timeframe, int limit, HistoryReply reply)
{
    if (m_streams.contains(stream))
        reply(closedCandles(timeframe, static_cast<std::size_t>(std::max(limit, 0))));
}

std::optional<Candle> ReplayMarket::formingCandle(StreamId, Timeframe timeframe)
{
    if (!isMadeOf(timeframe, m_timeframe))
        return std::nullopt;
    const Timestamp begin = openTimeOf(now(), timeframe);
    CandleAggregator aggregator(timeframe);
    std::size_t tick = m_nextTick;
    while (tick > 0 && tickTime(tick - 1) >= begin)
        --tick;
    for (; tick < m_nextTick; ++tick)
        static_cast<void>(aggregator.add(tickOf(tick)));
    return aggregator.live();
}

Result<std::vector<Candle>> ReplayMarket::closedCandles(Timeframe timeframe, std::size_t limit) const
{
    if (!isMadeOf(timeframe, m_timeframe)) {
        return fail(ErrorCode::InvalidInput, u"candles of %1 cannot be made of the recorded ones of %2"_s.arg(
                                                     toName(timeframe), toName(m_timeframe)));
    }
    const Timestamp present = now();
    const auto end = std::partition_point(m_candles.begin(), m_candles.end(), [&](const Candle &candle) {
        return nextOpenTime(candle.openTime, m_timeframe) <= present;
    });
    const auto perCandle = static_cast<std::size_t>(nominalLength(timeframe) / nominalLength(m_timeframe)) + 1;
    const auto closed = static_cast<std::size_t>(end - m_candles.begin());
    const std::size_t first = closed - std::min(closed, (limit + 2) * perCandle);
    std::vector<Candle> candles = aggregate(std::span(m_candles).subspan(first, closed - first), timeframe);
    if (!candles.empty() && nextOpenTime(candles.back().openTime, timeframe) > present)
        candles.pop_back();
    if (!candles.empty() && candles.front().openTime < m_candles[first].openTime)
        candles.erase(candles.begin());
    if (candles.size() > limit)
        candles.erase(candles.begin(), candles.end() - static_cast<std::ptrdiff_t>(limit));
    return candles;
}

} // namespace tradebot
