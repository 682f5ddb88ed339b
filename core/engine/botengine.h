// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/api/botcontrol.h"
#include "core/api/journal.h"
#include "core/domain/command.h"
#include "core/engine/botrunner.h"
#include "core/engine/candlehistory.h"
#include "core/engine/marketdata.h"

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <span>
#include <variant>
#include <vector>

namespace tradebot {

/// Where the engine's facts go.
class EngineOutput
{
public:
    EngineOutput() = default;
    EngineOutput(const EngineOutput &) = delete;
    EngineOutput &operator=(const EngineOutput &) = delete;
    virtual ~EngineOutput() = default;

    virtual void fact(const BotEvent &event) = 0;
    /// Points of its curve, one or more, in their order.
    virtual void equity(BotId bot, std::span<const EquityPoint> points) = 0;
};

struct EngineOptions
{
    /// A backtest has no disk: orders leave at once.
    bool factsAreDurableAtOnce = false;
    /// Prices older than this, by steadyNow, make a bot degraded.
    std::chrono::milliseconds staleLimit = std::chrono::seconds(30);
    /// Time since some fixed moment; unlike the computer's clock nobody sets it.
    std::function<std::chrono::milliseconds()> steadyNow = [] {
        return std::chrono::duration_cast<std::chrono::milliseconds>(
                std::chrono::steady_clock::now().time_since_epoch());
    };
    /// Equity is sampled at closed candles, at most this often for each bot.
    std::chrono::milliseconds equityInterval = std::chrono::minutes(1);
    /// How long a candle without a later tick stays open after its end.
    std::chrono::milliseconds candleGrace = std::chrono::seconds(1);
    /// Whether recovered bots go on with what they did. Off for tools that only give orders.
    bool resumesWork = true;
    /// Candles of the past that are asked for when a market is opened, unless a strategy wants more. Charts ask for
    /// what they show.
    int historyCandles = 100;
    /// How long a call into a strategy may take; 0: nobody measures.
    std::chrono::milliseconds strategyBudget = std::chrono::milliseconds(0);
    /// What that is measured with, in the engine thread.
    StrategyGuard::Stopwatch stopwatch = threadCpuTime;
    /// Is told of every call into a strategy; may be nullptr, else it outlives the engine.
    StrategyWatch *strategyWatch = nullptr;
    /// The bot whose strategy never returned when the program ran last: it stands in error until its owner starts it.
    BotId hungBot;
    /// Makes the strategy that a bot's config names; empty: one of the built-in ones.
    std::function<Result<std::unique_ptr<Strategy>>(const BotConfig &)> makeStrategy;
    /// Makes the connection to a bot's exchange; nullptr or an empty result: the paper exchange, for bots that are on
    /// it. Unauthorized and Corrupt say that the API key cannot be decrypted; any other error, that there is no client.
    std::function<Result<std::unique_ptr<ExecutionClient>>(const BotConfig &, const Instrument &)> connect;
};

/// One price stream and the bots that watch it.
struct MarketStream
{
    StreamId id;
    Symbol symbol;
    Market market = Market::Spot;
    std::optional<Tick> last;
    Timestamp receivedAt; ///< by the computer's clock; before the first tick, when the stream was opened
    std::chrono::milliseconds receivedSteady{0}; ///< the same, by steadyNow
    std::optional<Error> lost;
    bool isStale = false;
    bool isOpen = false; ///< at the source
    Timestamp dayEnd;    ///< of the trading day that the last tick found it in
    std::vector<BotRunner *> runners;
    std::vector<std::unique_ptr<CandleHistory>> series;
};

/// Runs many bots on many markets: plain, single-threaded, deterministic. Commands, prices, time and the store's
/// commits come in; facts go out; orders leave only after their facts are durable.
class BotEngine final : public MarketDataSink, private RunnerContext
{
public:
    BotEngine(const EngineOptions &options, MarketData &market, const Clock &computerClock, EngineOutput &output);
    ~BotEngine() override;

    /// What the journal says there is; bots take up their work. Once, first.
    void recover(const Recovered &recovered);
    /// The bot that the command was about.
    [[nodiscard]] Result<BotId> execute(const Command &command);
    /// NotFound for a scope around a bot that does not exist.
    [[nodiscard]] Result<KillReport> pull(const KillSwitch &killSwitch);
    void timePassed();
    void committed(EventSequence upTo);
    /// The journal is broken: from now on prices are ignored, so that nothing is traded. No command may follow.
    void halt() { m_halted = true; }

    void tick(StreamId stream, const Tick &tick) override;
    void lost(StreamId stream, const Error &error) override;
    /// The prices within a candle of the past, for backtests: what they would do as ticks, but quickly.
    void replayCandle(StreamId stream, const Candle &candle);
    /// A candle of the past is whole. All bots of the stream must be of its timeframe; the prices within it were told
    /// by it or by finer ones.
    void pastCandleClosed(StreamId stream, const Candle &candle, Timestamp closeTime);
    /// Candles of one trading day whose prices and whose close follow one another, each of this length and of the bots'
    /// timeframe: the same as both calls above for each of them, but quickly, as far as nothing but the strategy can
    /// lead to anything. How many it took; the caller gives the next one, at least, by those calls.
    [[nodiscard]] std::size_t replayBlock(StreamId stream, std::span<const Candle> candles,
                                          std::chrono::milliseconds length);

    [[nodiscard]] EventSequence lastSequence() const { return m_last; }
    [[nodiscard]] const BotRunner *find(BotId bot) const;
    [[nodiscard]] const std::map<BotId, std::unique_ptr<BotRunner>> &runners() const { return m_runners; }
    /// The stream that a bot watches; nullptr when it watches none.
    [[nodiscard]] const MarketStream *streamOf(const BotRunner &runner) const;
    /// Why nobody should rely on the newest price that an active bot has; empty when it is fresh.
    [[nodiscard]] QString staleReason(const BotRunner &runner) const;
    /// What the bot's strategy waits for, in words. Asks the strategy, which may end its bot.
    [[nodiscard]] QString activity(BotId bot);
    [[nodiscard]] const std::vector<std::unique_ptr<MarketStream>> &streams() const { return m_streams; }
    /// The candles of a bot's market in any timeframe; begins to collect them when nobody has, and asks the source for
    /// so many of the past when there are fewer. nullptr when the bot watches nothing.
    [[nodiscard]] CandleHistory *series(BotId bot, Timeframe timeframe, int atLeast);
    [[nodiscard]] qint64 tickCount() const { return m_ticks; }
    [[nodiscard]] Timestamp engineTime() const { return m_now; }

private:
    Result<void> record(BotRunner &runner, BotEvent &event) override;
    void sendWhenDurable(BotRunner &runner, const ClientOrderId &order) override;
    Result<Instrument> watch(BotRunner &runner) override;
    void unwatch(BotRunner &runner) override;
    bool pricesComeAgain() const override { return m_market.canWait(); }
    Instrument instrumentFor(const BotConfig &config) const override;
    Result<std::unique_ptr<Strategy>> makeStrategy(const BotConfig &config) const override;
    Result<std::unique_ptr<ExecutionClient>> connectExchange(const BotRunner &runner) override;
    Exposure exposureOf(const BotRunner &runner) const override;
    void sampleEquity(const BotRunner &runner, std::span<const EquityPoint> points) override;

    [[nodiscard]] Result<std::unique_ptr<Strategy>> strategyOf(const BotConfig &config) const;
    void updateTime();
    [[nodiscard]] bool isSampleDue(BotId bot, Timestamp time);
    void rollTradingDay(MarketStream &stream);
    [[nodiscard]] Result<void> judge(const BotConfig &config) const;
    Result<BotId> create(const CreateBot &command);
    Result<BotId> remove(const DeleteBot &command);
    template<class Act>
    Result<BotId> onRunner(BotId bot, Act act);

    MarketStream *streamFor(const Symbol &symbol, Market market);
    MarketStream *stream(StreamId id);
    CandleHistory *seriesOf(MarketStream &stream, Timeframe timeframe, int atLeast);
    [[nodiscard]] int candlesFor(const BotRunner &runner) const;
    void candleClosed(MarketStream &stream, Timeframe timeframe, const Candle &candle);
    [[nodiscard]] bool isBuffering() const { return !m_buffered.empty() || (!m_unsent.empty() && m_market.canWait()); }
    void deliver(MarketStream &stream, const Tick &tick);
    void deliver(MarketStream &stream, const Error &error);
    void deliverHeld();
    void judgeAge(MarketStream &stream);
    [[nodiscard]] bool isTooOld(const MarketStream &stream) const;
    [[nodiscard]] QString staleText(const MarketStream &stream) const;
    void closeIdleStreams();
    void settle();

    struct Unsent
    {
        EventSequence after;
        ClientOrderId order;
    };
    struct Held
    {
        StreamId stream;
        std::variant<Tick, Error> content; ///< a price, or the end
    };
    struct Arrival
    {
        StreamId stream;
        Timeframe timeframe = Timeframe::M1;
        int asked = 0; ///< 0: nothing has come, but somebody waits for what is there
        Result<std::vector<Candle>> candles;
    };
    void take(const Arrival &arrival);

    EngineOptions m_options;
    MarketData &m_market;
    const Clock &m_computerClock;
    EngineOutput &m_output;
    EventSequence m_committed;
    qint64 m_lastBotId = 0;
    Timestamp m_clock; ///< the market's, when it was last looked at
    qint64 m_ticks = 0;
    std::map<BotId, std::unique_ptr<BotRunner>> m_runners;
    std::vector<std::unique_ptr<MarketStream>> m_streams; ///< by StreamId − 1; closed ones stay, without runners
    std::map<const BotRunner *, MarketStream *> m_streamOf;
    std::vector<Unsent> m_unsent;
    std::deque<Held> m_buffered;     ///< what a recording told while orders waited for the disk
    std::vector<Arrival> m_arrivals; ///< histories that came while something else was being done
    std::map<BotId, Timestamp> m_lastSample;
    bool m_settling = false;
    bool m_hasIdleStreams = false;
    bool m_halted = false;
};

} // namespace tradebot
