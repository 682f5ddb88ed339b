// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/botengine.h"

#include <algorithm>

namespace tradebot {

using namespace Qt::StringLiterals;

namespace {

/// By index: a runner that ends on what it is told leaves the list.
template<class Tell>
void forEachRunner(const MarketStream &stream, Tell tell)
{
    for (std::size_t i = 0; i < stream.runners.size(); ++i) {
        BotRunner *const runner = stream.runners[i];
        tell(*runner);
        if (i < stream.runners.size() && stream.runners[i] != runner)
            --i;
    }
}

} // namespace

void BotEngine::tick(StreamId id, const Tick &tick)
{
    MarketStream *const target = stream(id);
    if (target == nullptr || target->runners.empty() || m_halted)
        return;
    if (isBuffering()) [[unlikely]] {
        m_buffered.push_back({id, tick});
        return;
    }
    deliver(*target, tick);
}

void BotEngine::deliverHeld()
{
    while (!m_buffered.empty() && m_unsent.empty() && !m_halted) {
        const Held held = std::move(m_buffered.front());
        m_buffered.pop_front();
        MarketStream *const target = stream(held.stream);
        if (target != nullptr && !target->runners.empty())
            std::visit([&](const auto &content) { deliver(*target, content); }, held.content);
    }
}

void BotEngine::deliver(MarketStream &stream, const Tick &tick)
{
    MarketStream *const target = &stream;
    ++m_ticks;
    m_now = std::max(m_now, tick.time);
    // A bot may have been degraded when it last had a stream, or when the program ended.
    const bool isFresh = target->isStale || !target->last;
    target->last = tick;
    target->receivedAt = m_computerClock.now();
    target->receivedSteady = m_options.steadyNow();
    target->lost.reset();
    if (isFresh) [[unlikely]] {
        target->isStale = false;
        for (BotRunner *runner : target->runners)
            runner->marketFresh();
    }
    if (m_now >= target->dayEnd || m_now < target->dayEnd - std::chrono::days(1)) [[unlikely]]
        rollTradingDay(*target);
    for (std::size_t i = 0; i < target->series.size(); ++i) {
        CandleHistory &series = *target->series[i];
        if (const auto closed = series.add(tick)) [[unlikely]]
            candleClosed(*target, series.timeframe(), *closed);
    }
    forEachRunner(*target, [&tick](BotRunner &runner) { runner.tick(tick); });
    if (!m_arrivals.empty() || m_hasIdleStreams) [[unlikely]]
        settle();
}

/// Before anything of a new day is judged, so that it does not matter whether a price or a timer comes first.
void BotEngine::rollTradingDay(MarketStream &stream)
{
    stream.dayEnd = std::chrono::floor<std::chrono::days>(m_now) + std::chrono::days(1);
    forEachRunner(stream, [this](BotRunner &runner) {
        if (runner.isOtherDay(m_now))
            runner.timePassed();
    });
}

void BotEngine::replayCandle(StreamId id, const Candle &candle)
{
    const MarketStream &target = *m_streams[static_cast<std::size_t>(id.value() - 1)];
    m_now = candle.openTime;
    for (BotRunner *runner : target.runners) {
        if (runner->isOtherDay(m_now)) [[unlikely]]
            runner->timePassed();
        runner->replayCandle(candle);
    }
}

void BotEngine::pastCandleClosed(StreamId id, const Candle &candle, Timestamp closeTime)
{
    const MarketStream &target = *m_streams[static_cast<std::size_t>(id.value() - 1)];
    m_now = closeTime;
    for (BotRunner *runner : target.runners)
        runner->candleClosed(candle);
}

std::size_t BotEngine::replayBlock(StreamId id, std::span<const Candle> candles, std::chrono::milliseconds length)
{
    const MarketStream &target = *m_streams[static_cast<std::size_t>(id.value() - 1)];
    return target.runners.size() == 1 ? target.runners.front()->replayBlock(candles, length) : 0;
}

void BotEngine::lost(StreamId id, const Error &error)
{
    MarketStream *const target = stream(id);
    if (target == nullptr || m_halted)
        return;
    if (isBuffering())
        m_buffered.push_back({id, error});
    else
        deliver(*target, error);
}

void BotEngine::deliver(MarketStream &stream, const Error &error)
{
    stream.lost = error;
    stream.isStale = true;
    forEachRunner(stream, [&error](BotRunner &runner) { runner.marketLost(error); });
}

void BotEngine::candleClosed(MarketStream &stream, Timeframe timeframe, const Candle &candle)
{
    forEachRunner(stream, [&](BotRunner &runner) {
        if (runner.config().timeframe == timeframe)
            runner.candleClosed(candle);
    });
}

void BotEngine::judgeAge(MarketStream &stream)
{
    if (stream.isStale || stream.runners.empty())
        return;
    if (!isTooOld(stream))
        return;
    stream.isStale = true;
    const QString text = staleText(stream);
    for (BotRunner *runner : stream.runners) {
        if (isActive(runner->state().status))
            runner->marketStale(text);
    }
}

bool BotEngine::isTooOld(const MarketStream &stream) const
{
    return m_options.steadyNow() - stream.receivedSteady > m_options.staleLimit;
}

QString BotEngine::staleReason(const BotRunner &runner) const
{
    const MarketStream *const stream = streamOf(runner);
    if (stream == nullptr || !isActive(runner.state().status))
        return {};
    if (stream->isStale || isTooOld(*stream))
        return staleText(*stream);
    return stream->last ? QString() : u"no price of %1 has come yet"_s.arg(stream->symbol.value());
}

QString BotEngine::staleText(const MarketStream &stream) const
{
    if (stream.lost)
        return stream.lost->text;
    return u"no price of %1 for more than %2 s"_s.arg(stream.symbol.value())
            .arg(std::chrono::floor<std::chrono::seconds>(m_options.staleLimit).count());
}

Result<Instrument> BotEngine::watch(BotRunner &runner)
{
    const BotConfig &config = runner.config();
    auto instrument = m_market.instrument(config.symbol, config.market);
    if (!instrument) {
        unwatch(runner);
        return instrument;
    }
    MarketStream &target = *streamFor(config.symbol, config.market);
    if (streamOf(runner) != &target) { // else it keeps its place: this may be called from within a tick
        unwatch(runner);
        target.runners.push_back(&runner);
        m_streamOf.emplace(&runner, &target);
    }
    if (target.isOpen && target.isStale)
        runner.marketStale(staleText(target));
    else if (target.isOpen && target.last)
        runner.marketFresh();
    if (!target.isOpen) {
        target.isOpen = true;
        target.receivedAt = m_computerClock.now();
        target.receivedSteady = m_options.steadyNow();
        target.isStale = false;
        target.lost.reset();
        target.last.reset();
        m_market.open(target.id, target.symbol, target.market);
    }
    const CandleHistory *const candles = seriesOf(target, config.timeframe, candlesFor(runner));
    if (candles->covers(candlesFor(runner)))
        m_arrivals.push_back({target.id, config.timeframe, 0, {}});
    return instrument;
}

int BotEngine::candlesFor(const BotRunner &runner) const
{
    return std::max(m_options.historyCandles, runner.historyCandles());
}

void BotEngine::unwatch(BotRunner &runner)
{
    const auto at = m_streamOf.find(&runner);
    if (at == m_streamOf.end())
        return;
    // Closed later, in settle(): this may be called from within a tick of that very stream.
    std::erase(at->second->runners, &runner);
    m_hasIdleStreams = m_hasIdleStreams || at->second->runners.empty();
    m_streamOf.erase(at);
}

void BotEngine::closeIdleStreams()
{
    m_hasIdleStreams = false;
    for (const auto &stream : m_streams) {
        if (!stream->isOpen || !stream->runners.empty())
            continue;
        m_market.close(stream->id);
        stream->isOpen = false;
        stream->series.clear(); // what happens meanwhile is not seen; the source is asked again
    }
}

const MarketStream *BotEngine::streamOf(const BotRunner &runner) const
{
    const auto at = m_streamOf.find(&runner);
    return at == m_streamOf.end() ? nullptr : at->second;
}

CandleHistory *BotEngine::series(BotId bot, Timeframe timeframe, int atLeast)
{
    const auto at = m_streamOf.find(find(bot));
    if (at == m_streamOf.end())
        return nullptr;
    CandleHistory *const found = seriesOf(*at->second, timeframe, atLeast);
    settle();
    return found;
}

MarketStream *BotEngine::streamFor(const Symbol &symbol, Market market)
{
    for (const auto &stream : m_streams) {
        if (stream->symbol == symbol && stream->market == market)
            return stream.get();
    }
    auto stream = std::make_unique<MarketStream>();
    stream->id = StreamId(static_cast<int>(m_streams.size()) + 1);
    stream->symbol = symbol;
    stream->market = market;
    return m_streams.emplace_back(std::move(stream)).get();
}

MarketStream *BotEngine::stream(StreamId id)
{
    const auto index = static_cast<std::size_t>(id.value() - 1);
    return index < m_streams.size() ? m_streams[index].get() : nullptr;
}

CandleHistory *BotEngine::seriesOf(MarketStream &stream, Timeframe timeframe, int atLeast)
{
    const auto at = std::find_if(stream.series.begin(), stream.series.end(),
                                 [timeframe](const auto &known) { return known->timeframe() == timeframe; });
    const bool isNew = at == stream.series.end();
    CandleHistory *const series =
            isNew ? stream.series.emplace_back(std::make_unique<CandleHistory>(timeframe)).get() : at->get();
    if (series->ask(atLeast)) {
        m_market.history(stream.id, timeframe, atLeast,
                         [this, id = stream.id, timeframe, atLeast](Result<std::vector<Candle>> candles) {
                             m_arrivals.push_back({id, timeframe, atLeast, std::move(candles)});
                         });
    }
    if (const auto forming = isNew ? m_market.formingCandle(stream.id, timeframe) : std::nullopt)
        series->setForming(*forming);
    return series;
}

} // namespace tradebot
