// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/backtest/backtest.h"

#include "core/engine/botengine.h"

namespace tradebot {

using namespace Qt::StringLiterals;

namespace {

constexpr std::size_t progressStep = 8192;

/// A market that stands still until it is told the time.
class PastMarket final : public MarketData, public Clock
{
public:
    explicit PastMarket(Timestamp start) : m_now(start) { }

    void setSink(MarketDataSink *) override { }
    Result<Instrument> instrument(const Symbol &symbol, Market market) const override
    {
        Instrument instrument;
        instrument.symbol = symbol;
        instrument.market = market;
        std::tie(instrument.base, instrument.quote) = splitSymbol(symbol);
        return instrument;
    }
    void open(StreamId, const Symbol &, Market) override { }
    void close(StreamId) override { }
    void history(StreamId, Timeframe, int, HistoryReply reply) override { reply(std::vector<Candle>()); }
    bool canWait() const override { return false; }
    std::optional<Candle> formingCandle(StreamId, Timeframe) override { return std::nullopt; }
    Timestamp now() const override { return m_now; }
    QString description() const override { return u"candles of the past"_s; }

private:
    Timestamp m_now;
};

/// Keeps of the facts what a report is made of.
class Recorder final : public EngineOutput
{
public:
    explicit Recorder(BacktestResult &result) : m_result(result) { }

    void fact(BotEvent &&event) override
    {
        if (auto *closed = std::get_if<TradeClosed>(&event.payload)) {
            m_result.trades.push_back(std::move(closed->trade));
        } else if (const auto *reached = std::get_if<DrawdownLimitReached>(&event.payload)) {
            m_result.halt = QString::fromLatin1(toRfc3339(event.happened)) + u": "_s + reached->message;
        } else if (const auto *changed = std::get_if<OrderChanged>(&event.payload)) {
            if (changed->order.state == OrderState::Denied || changed->order.state == OrderState::Rejected) {
                ++m_result.denials;
                m_result.lastDenial = changed->order.reason;
            }
        }
    }
    void equity(BotId, const EquityPoint &point) override { m_result.curve.push_back(point); }

private:
    BacktestResult &m_result;
};

Result<void> judge(const BacktestRequest &request)
{
    if (request.candles.empty())
        return fail(ErrorCode::InvalidInput, u"there are no candles to test on"_s);
    if (nominalLength(request.candleTimeframe) > nominalLength(request.config.timeframe)) {
        return fail(ErrorCode::InvalidInput,
                    u"the candles are of %1, too coarse for a bot of %2"_s.arg(toName(request.candleTimeframe),
                                                                               toName(request.config.timeframe)));
    }
    return {};
}

/// Gives candles of the bot's timeframe to the engine.
Result<void> replay(BotEngine &engine, const BacktestRequest &request, const std::vector<Candle> &candles, BotId bot)
{
    const StreamId stream(1);
    const Timeframe timeframe = request.config.timeframe;
    const auto length = nominalLength(timeframe);
    const bool isFixed = timeframe != Timeframe::Month1;
    for (std::size_t i = 0; i < candles.size(); ++i) {
        const Candle &candle = candles[i];
        const Timestamp end = isFixed ? candle.openTime + length : nextOpenTime(candle.openTime, timeframe);
        engine.pastCandle(stream, candle, end - std::chrono::milliseconds(1));
        if (i % progressStep != 0)
            continue;
        if (const BotState &state = engine.find(bot)->state(); state.status == BotStatus::Error)
            return fail(ErrorCode::Internal, u"the bot stopped at %1: %2"_s.arg(
                                                     QString::fromLatin1(toRfc3339(candle.openTime)), state.lastError));
        if (request.progress && !request.progress(i, candles.size()))
            return fail(ErrorCode::Unavailable, u"the backtest was cancelled"_s);
    }
    return {};
}

} // namespace

Result<BacktestResult> runBacktest(const BacktestRequest &request)
{
    if (const auto valid = judge(request); !valid)
        return fail(valid.error());
    const bool isFiner = request.candleTimeframe != request.config.timeframe;
    const std::vector<Candle> coarse =
            isFiner ? aggregate(request.candles, request.config.timeframe) : std::vector<Candle>();
    const std::vector<Candle> &candles = isFiner ? coarse : request.candles;

    BacktestResult result;
    result.curve.reserve(candles.size());
    Recorder recorder(result);
    PastMarket market(candles.front().openTime);
    EngineOptions options;
    options.factsAreDurableAtOnce = true;
    options.equityInterval = std::chrono::milliseconds(0);
    BotEngine engine(options, market, market, recorder);
    BotConfig config = request.config;
    config.restartOnError = false;
    config.exchange = Exchange::Paper; // the past takes no orders
    config.mode = Mode::Demo;
    config.paper.depthPercent.reset(); // nobody knows how much of a candle was traded at which price
    const auto bot = engine.execute(CreateBot{UserId(1), config});
    if (!bot)
        return fail(bot.error());
    if (const auto started = engine.execute(StartBot{*bot}); !started)
        return fail(started.error());
    if (const auto done = replay(engine, request, candles, *bot); !done)
        return fail(done.error());

    const BotRunner &runner = *engine.find(*bot);
    if (runner.state().status == BotStatus::Error)
        return fail(ErrorCode::Internal, u"the bot stopped: "_s + runner.state().lastError);
    result.candles = candles.size();
    result.from = candles.front().openTime;
    result.to = nextOpenTime(candles.back().openTime, config.timeframe);
    result.currency = runner.instrument().quote;
    result.initialBalance = config.initialBalance;
    result.equity = runner.equity();
    result.totals = runner.state().life;
    result.openPosition = runner.state().position;
    return result;
}

} // namespace tradebot
