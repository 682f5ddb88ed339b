// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/scriptedmarket.h"

#include <QtGlobal>

namespace tradebot {

using namespace Qt::StringLiterals;

Result<Instrument> ScriptedMarket::instrument(const Symbol &symbol, Market market) const
{
    if (unknownSymbols.count(symbol.value()) > 0)
        return fail(ErrorCode::NotFound, u"the market does not know %1"_s.arg(symbol.value()));
    Instrument instrument;
    if (const auto at = instruments.find(symbol.value()); at != instruments.end())
        instrument = at->second;
    instrument.symbol = symbol;
    instrument.market = market;
    std::tie(instrument.base, instrument.quote) = splitSymbol(symbol);
    return instrument;
}

void ScriptedMarket::open(StreamId stream, const Symbol &symbol, Market)
{
    Q_ASSERT(m_streams.count(stream) == 0);
    m_streams.emplace(stream, symbol);
    ++opened;
}

void ScriptedMarket::close(StreamId stream)
{
    Q_ASSERT(m_streams.count(stream) == 1);
    m_streams.erase(stream);
    std::erase_if(m_questions, [stream](const auto &question) { return question.first == stream; });
    ++closed;
}

void ScriptedMarket::history(StreamId stream, Timeframe, int limit, HistoryReply reply)
{
    asked.push_back(limit);
    if (answersAtOnce)
        reply(std::vector<Candle>(past.end() - std::min<std::ptrdiff_t>(limit, std::ssize(past)), past.end()));
    else
        m_questions.emplace_back(stream, std::move(reply));
}

void ScriptedMarket::tick(Price price, const Symbol &symbol)
{
    Q_ASSERT(m_sink != nullptr);
    const auto streams = m_streams;
    for (const auto &[id, streamSymbol] : streams) {
        if (streamSymbol == symbol)
            m_sink->tick(id, Tick{now(), price, Quantity::fromInteger(1)});
    }
}

void ScriptedMarket::lose(const Error &error)
{
    Q_ASSERT(m_sink != nullptr);
    const auto streams = m_streams;
    for (const auto &entry : streams)
        m_sink->lost(entry.first, error);
}

void ScriptedMarket::answerHistory(const Result<std::vector<Candle>> &answer)
{
    for (const auto &question : std::exchange(m_questions, {}))
        question.second(answer);
}

void ScriptedMarket::forgetStreams()
{
    m_sink = nullptr;
    m_streams.clear();
    m_questions.clear();
}

std::vector<Candle> flatCandles(Timestamp end, int count, Price price, Price halfRange)
{
    const Price high = Price::fromRaw(price.raw() + halfRange.raw());
    const Price low = Price::fromRaw(price.raw() - halfRange.raw());
    const Timestamp present = openTimeOf(end, Timeframe::M1);
    std::vector<Candle> candles;
    for (int i = count; i > 0; --i)
        candles.push_back({present - std::chrono::minutes(i), price, high, low, price, Quantity::fromInteger(1)});
    return candles;
}

} // namespace tradebot
