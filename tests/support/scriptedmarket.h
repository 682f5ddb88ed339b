// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine/marketdata.h"

#include <map>
#include <set>
#include <vector>

namespace tradebot {

/// A market that says what the test tells it to: prices, a past, the loss of a stream.
class ScriptedMarket final : public MarketData
{
public:
    explicit ScriptedMarket(const Clock &clock) : m_clock(clock) { }

    void setSink(MarketDataSink *sink) override { m_sink = sink; }
    [[nodiscard]] Result<Instrument> instrument(const Symbol &symbol, Market market) const override;
    void open(StreamId stream, const Symbol &symbol, Market market) override;
    void close(StreamId stream) override;
    void history(StreamId stream, Timeframe timeframe, int limit, HistoryReply reply) override;
    [[nodiscard]] bool canWait() const override { return waits; }
    [[nodiscard]] std::optional<Candle> formingCandle(StreamId, Timeframe) override { return forming; }
    [[nodiscard]] Timestamp now() const override { return m_clock.now(); }
    [[nodiscard]] QString description() const override { return QStringLiteral("scripted"); }

    /// A price of the present, on every open stream of this symbol.
    void tick(Price price, const Symbol &symbol = Symbol(QStringLiteral("BTCUSDT")));
    void lose(const Error &error);
    /// Answers all questions for the past that wait.
    void answerHistory(const Result<std::vector<Candle>> &answer);
    /// The program that had opened them is gone.
    void forgetStreams();

    bool answersAtOnce = true; ///< questions for the past, with the newest of `past`
    bool waits = false;        ///< as a recording does
    std::optional<Candle> forming;
    std::vector<Candle> past;
    std::set<QString> unknownSymbols;
    std::map<QString, Instrument> instruments; ///< one that is not here has no filters
    std::vector<int> asked;                    ///< how many candles each question for the past wanted
    int opened = 0;
    int closed = 0;

    [[nodiscard]] bool isOpen() const { return !m_streams.empty(); }
    [[nodiscard]] std::size_t waitingQuestions() const { return m_questions.size(); }

private:
    const Clock &m_clock;
    MarketDataSink *m_sink = nullptr;
    std::map<StreamId, Symbol> m_streams;
    std::vector<std::pair<StreamId, HistoryReply>> m_questions;
};

/// Candles of one minute, one after the other, all at one price, the last of which has ended by `end`.
[[nodiscard]] std::vector<Candle> flatCandles(Timestamp end, int count, Price price, Price halfRange = Price());

} // namespace tradebot
