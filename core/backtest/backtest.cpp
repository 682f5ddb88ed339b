// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/backtest/backtest.h"

#include "core/engine/botengine.h"
#include "core/engine/nullmarketdata.h"

#include <algorithm>
#include <span>

namespace tradebot {

using namespace Qt::StringLiterals;

namespace {

constexpr std::size_t progressStep = 8192;

/// The last moment of a candle that ends then: the time at which it is decided on.
Timestamp lastMomentBefore(Timestamp end)
{
    return end - std::chrono::milliseconds(1);
}

/// What a request's candles are to its bot: the whole ones of its own timeframe, and where the test begins.
struct Past
{
    explicit Past(const BacktestRequest &request)
        : prices(std::span(request.candles).subspan(request.first)),
          timeframe(request.config.timeframe)
    {
        candles = request.candles;
        if (request.candleTimeframe != timeframe) {
            coarse = aggregate(request.candles, timeframe);
            candles = coarse;
            if (candles.front().openTime < request.candles.front().openTime)
                candles = candles.subspan(1);
            const Timestamp end = nextOpenTime(request.candles.back().openTime, request.candleTimeframe);
            if (!candles.empty() && nextOpenTime(candles.back().openTime, timeframe) > end)
                candles = candles.first(candles.size() - 1);
        }
        first = static_cast<std::size_t>(std::partition_point(candles.begin(), candles.end(),
                                                              [this](const Candle &candle) {
                                                                  return nextOpenTime(candle.openTime, timeframe)
                                                                         <= prices.front().openTime;
                                                              })
                                         - candles.begin());
    }
    Past(const Past &) = delete; // it looks into itself
    Past &operator=(const Past &) = delete;
    ~Past() = default;

    std::vector<Candle> coarse;      ///< when those of the request are finer
    std::span<const Candle> prices;  ///< of the request's timeframe, from the beginning of the test on
    std::span<const Candle> candles; ///< of the bot's timeframe
    Timeframe timeframe;
    std::size_t first = 0; ///< of `candles`, that closes within the test
};

/// Stands at the beginning of the test and knows what was before; the later prices are put into the engine.
class PastMarket final : public NullMarketData, public Clock
{
public:
    explicit PastMarket(const Past &past) : m_past(past) { }

    void history(StreamId, Timeframe, int limit, HistoryReply reply) override
    {
        const std::size_t count = std::min(m_past.first, static_cast<std::size_t>(std::max(limit, 0)));
        const auto history = m_past.candles.subspan(m_past.first - count, count);
        reply(std::vector<Candle>(history.begin(), history.end()));
    }
    Timestamp now() const override { return m_past.prices.front().openTime; }
    QString description() const override { return u"candles of the past"_s; }

private:
    const Past &m_past;
};

/// Keeps of the facts what a report is made of.
class Recorder final : public EngineOutput
{
public:
    explicit Recorder(BacktestResult &result) : m_result(result) { }

    void fact(const BotEvent &event) override
    {
        m_exits.add(event.payload);
        if (const auto *closed = std::get_if<TradeClosed>(&event.payload)) {
            m_result.trades.push_back(closed->trade);
        } else if (const auto *reached = std::get_if<DrawdownLimitReached>(&event.payload)) {
            m_result.halt = QString::fromLatin1(toRfc3339(event.happened)) + u": "_s + reached->message;
        } else if (const auto *changed = std::get_if<OrderChanged>(&event.payload)) {
            if (changed->order.state == OrderState::Denied || changed->order.state == OrderState::Rejected) {
                ++m_result.denials;
                m_result.lastDenial = changed->order.reason;
            }
        }
    }
    void equity(BotId, std::span<const EquityPoint> points) override
    {
        m_result.curve.insert(m_result.curve.end(), points.begin(), points.end());
    }
    [[nodiscard]] Result<ExitStatistics> exits() const { return m_exits.result(); }

private:
    BacktestResult &m_result;
    ExitStatisticsCollector m_exits;
};

Result<void> judge(const BacktestRequest &request)
{
    if (request.first >= request.candles.size())
        return fail(ErrorCode::InvalidInput, u"there are no candles to test on"_s);
    const Timeframe timeframe = request.config.timeframe;
    if (isMadeOf(timeframe, request.candleTimeframe))
        return {};
    const bool isTooCoarse = nominalLength(request.candleTimeframe) > nominalLength(timeframe);
    return fail(ErrorCode::InvalidInput,
                (isTooCoarse ? u"the candles are of %1, too coarse for a bot of %2"_s
                             : u"the candles are of %1, which those of a bot of %2 are not made of"_s)
                        .arg(toName(request.candleTimeframe), toName(timeframe)));
}

/// How many of these candles, one or more, open on the day of the first.
std::size_t countOfDay(std::span<const Candle> candles)
{
    const auto end = std::chrono::floor<std::chrono::days>(candles.front().openTime) + std::chrono::days(1);
    const auto next = std::partition_point(candles.begin(), candles.end(),
                                           [end](const Candle &candle) { return candle.openTime < end; });
    return static_cast<std::size_t>(next - candles.begin());
}

/// Gives the prices to the engine, and each candle of the bot's as soon as it is whole.
Result<void> replay(BotEngine &engine, const BacktestRequest &request, const Past &past, BotId bot)
{
    const StreamId stream(1);
    const std::span<const Candle> prices = past.prices;
    auto next = past.candles.begin() + static_cast<std::ptrdiff_t>(past.first);
    const bool isFixed = past.timeframe != Timeframe::Month1;
    const auto length = nominalLength(past.timeframe);
    const auto endOfNext = [&] {
        if (next == past.candles.end())
            return Timestamp::max();
        return isFixed ? next->openTime + length : nextOpenTime(next->openTime, past.timeframe);
    };
    const bool isWhole = isFixed && request.candleTimeframe == past.timeframe; // each candle has the prices of its own
    Timestamp end = endOfNext();
    std::size_t nextLook = 0;
    std::size_t endOfDay = 0;
    for (std::size_t i = 0; i < prices.size(); ++i) {
        if (prices[i].openTime >= end) {
            engine.pastCandleClosed(stream, *next, lastMomentBefore(end));
            ++next;
            end = endOfNext();
        }
        if (i >= endOfDay)
            endOfDay = i + countOfDay(prices.subspan(i));
        const auto day = prices.subspan(i, endOfDay - i);
        if (const auto taken = isWhole ? engine.replayBlock(stream, day, length) : 0; taken > 0) {
            next += static_cast<std::ptrdiff_t>(taken);
            end = endOfNext();
            i += taken - 1;
        } else {
            engine.replayCandle(stream, prices[i]);
        }
        if (i < nextLook)
            continue;
        nextLook = i + progressStep;
        if (const BotState &state = engine.find(bot)->state(); state.status == BotStatus::Error)
            return fail(ErrorCode::Internal,
                        u"the bot stopped at %1: %2"_s.arg(QString::fromLatin1(toRfc3339(prices[i].openTime)),
                                                           state.lastError));
        if (request.progress && !request.progress(i, prices.size()))
            return fail(ErrorCode::Unavailable, u"the backtest was cancelled"_s);
    }
    if (next != past.candles.end())
        engine.pastCandleClosed(stream, *next, lastMomentBefore(end));
    return {};
}

/// The last word on the curve: a candle that has not ended has given no sample.
void endCurve(BacktestResult &result)
{
    const Timestamp end = lastMomentBefore(result.to);
    if (result.curve.empty() || result.curve.back().time < end)
        result.curve.push_back({end, result.equity});
}

} // namespace

Result<BacktestResult> runBacktest(const BacktestRequest &request)
{
    if (const auto valid = judge(request); !valid)
        return fail(valid.error());
    const Past past(request);
    BacktestResult result;
    result.curve.reserve(past.candles.size() - past.first + 1);
    Recorder recorder(result);
    PastMarket market(past);
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
    if (const auto done = replay(engine, request, past, *bot); !done)
        return fail(done.error());

    const BotRunner &runner = *engine.find(*bot);
    if (runner.state().status == BotStatus::Error)
        return fail(ErrorCode::Internal, u"the bot stopped: "_s + runner.state().lastError);
    const auto exits = recorder.exits();
    if (!exits)
        return fail(exits.error());
    result.candles = past.candles.size() - past.first;
    result.from = past.prices.front().openTime;
    result.to = nextOpenTime(past.prices.back().openTime, request.candleTimeframe);
    result.currency = runner.instrument().quote;
    result.initialBalance = config.initialBalance;
    result.equity = runner.equity();
    result.totals = runner.state().life;
    result.openPosition = runner.state().position;
    result.openTrade = runner.state().openTrade;
    result.unrealised = (result.equity - runner.state().balance).valueOr(Money());
    result.exits = *exits;
    endCurve(result);
    return result;
}

} // namespace tradebot
