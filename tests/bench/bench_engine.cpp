// SPDX-License-Identifier: GPL-3.0-or-later
// What a price costs in the engine, and what a bot takes of memory that waits for one.
#include "core/engine/feedpublisher.h"
#include "core/exchange/simulated/simulatedtape.h"
#include "core/strategy/indicators/bollinger.h"
#include "core/strategy/indicators/movingaverages.h"
#include "core/strategy/indicators/rsi.h"
#include "tests/bench/measuring.h"

#include <QCoreApplication>
#include <QTest>

#include <algorithm>
#include <cstdio>

#include <malloc.h>

using namespace tradebot;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr Timestamp beginning = fromMilliseconds(1'767'225'600'000); // 2026-01-01

/// Prices come when the benchmark calls; the past is there at once.
class BenchMarket final : public MarketData
{
public:
    void setSink(MarketDataSink *) override { }
    Result<Instrument> instrument(const Symbol &symbol, Market market) const override
    {
        Instrument instrument;
        instrument.symbol = symbol;
        instrument.market = market;
        std::tie(instrument.base, instrument.quote) = splitSymbol(symbol);
        instrument.priceStep = Price::fromRaw(1'000'000);
        instrument.quantityStep = Quantity::fromRaw(1'000);
        instrument.minimumQuantity = instrument.quantityStep;
        return instrument;
    }
    void open(StreamId, const Symbol &, Market) override { }
    void close(StreamId) override { }
    void history(StreamId, Timeframe timeframe, int limit, HistoryReply reply) override
    {
        std::vector<Candle> past;
        Timestamp time = openTimeOf(present, timeframe);
        const auto length = nextOpenTime(time, timeframe) - time;
        time -= length * std::min(limit, pastCandles);
        for (; time + length <= present; time += length)
            past.push_back({time, price, price, price, price, Quantity::fromInteger(1)});
        reply(std::move(past));
    }
    bool canWait() const override { return false; }
    std::optional<Candle> formingCandle(StreamId, Timeframe) override { return std::nullopt; }
    Timestamp now() const override { return present; }
    QString description() const override { return u"a benchmark"_s; }

    Timestamp present = beginning;
    Price price = Price::fromInteger(100);
    int pastCandles = 0;
};

/// Counts the facts, and keeps them for a publisher if there is one.
class BenchOutput final : public EngineOutput
{
public:
    void fact(const BotEvent &event) override
    {
        ++facts;
        last = event.sequence;
        fills += std::holds_alternative<OrderFilled>(event.payload) ? 1 : 0;
        if (publisher != nullptr)
            publisher->pending(std::make_shared<BotEvent>(event));
    }
    void equity(BotId, std::span<const EquityPoint> points) override { samples += std::ssize(points); }
    void commit() const
    {
        if (publisher != nullptr)
            publisher->committed({last, {}, 0});
    }

    FeedPublisher *publisher = nullptr;
    EventSequence last;
    qint64 facts = 0;
    qint64 fills = 0;
    qint64 samples = 0;
};

/// What both the bare loop and the engine's strategy see in a price: buys what is far below its usual range, and sells
/// it when it is back.
class ThreeIndicators final
{
public:
    [[nodiscard]] int judge(Price price) noexcept
    {
        const double value = price.toDouble();
        m_ema.update(value);
        m_rsi.update(value);
        m_bands.update(value);
        if (!m_ema.isReady() || !m_bands.isReady() || !m_rsi.isReady())
            return 0;
        if (value < m_bands.lower() && m_rsi.value() < 25)
            return 1;
        return value > m_ema.value() && m_rsi.value() > 70 ? -1 : 0;
    }

private:
    Ema m_ema{50};
    Rsi m_rsi{14};
    BollingerBands m_bands{20, 2};
};

class ThreeIndicatorsStrategy final : public Strategy
{
public:
    [[nodiscard]] int warmUpCandles() const override { return 0; }
    void warmUp(const Candle &candle) override { static_cast<void>(m_indicators.judge(candle.close)); }
    void onCandle(const StrategyView &view, Intents &intents) override
    {
        const int wish = m_indicators.judge(view.candle.close);
        if (wish > 0 && !view.position.isOpen())
            intents.push_back({IntentKind::Enter, PositionSide::Long, u"below"_s});
        else if (wish < 0 && view.position.isOpen())
            intents.push_back({IntentKind::Exit, PositionSide::Flat, u"above"_s});
    }
    [[nodiscard]] QString activity() const override { return {}; }

private:
    ThreeIndicators m_indicators;
};

/// The same bot without an engine: three indicators, an exact ledger, equity marked at each price.
class BareBot final
{
public:
    void tick(Price price, bool isFirst)
    {
        constexpr Decimal feeRate = Decimal::fromRaw(100'000);
        constexpr auto unit = Quantity::fromInteger(1);
        if (!isFirst) {
            const int wish = m_indicators.judge(m_price);
            if ((wish > 0 && !m_holds) || (wish < 0 && m_holds)) {
                const Money worth = *notional(price, unit, Rounding::HalfEven).value();
                m_balance = *(m_balance - *scaled(worth, feeRate, Rounding::Ceiling).value()).value();
                if (wish < 0)
                    m_balance = *(m_balance + (worth - m_cost)).value();
                m_cost = worth;
                m_holds = wish > 0;
                ++fills;
            }
        }
        m_price = price;
    }
    [[nodiscard]] Money equity() const
    {
        constexpr auto unit = Quantity::fromInteger(1);
        return m_holds ? *(m_balance + (notional(m_price, unit, Rounding::HalfEven) - m_cost)).value() : m_balance;
    }

    qint64 fills = 0;

private:
    ThreeIndicators m_indicators;
    Price m_price;
    Money m_balance = Money::fromInteger(100'000);
    Money m_cost;
    bool m_holds = false;
};

/// With every limit of the risk gate set, and a stop that is watched but too far away to act.
BotConfig gatedConfig()
{
    BotConfig config;
    config.name = u"Three indicators"_s;
    config.symbol = Symbol(u"BTCUSDT"_s);
    config.strategy = u"ema_cross"_s;
    config.timeframe = Timeframe::S1;
    config.sizing = {SizingKind::FixedQuantity, Decimal::fromInteger(1)};
    config.initialBalance = Money::fromInteger(100'000);
    config.stopLoss = StopRule{StopKind::Percent, Decimal::fromInteger(90)};
    config.limits.maxDailyLoss = Money::fromInteger(90'000);
    config.limits.maxDailyTrades = 1'000'000;
    config.limits.maxDrawdownPercent = Decimal::fromInteger(90);
    config.limits.maxPositionQuote = Money::fromInteger(90'000);
    config.limits.maxOrdersPerMinute = 500;
    config.paper.depthPercent.reset(); // the bare loop knows of no volume
    return config;
}

std::vector<Tick> makeTicks(int count, double perSecond, const QString &symbol = u"LTCUSDT"_s)
{
    SimulatedTape tape(1, Symbol(symbol), perSecond);
    const std::int64_t first = tape.firstAtOrAfter(beginning);
    std::vector<Tick> ticks;
    ticks.reserve(static_cast<std::size_t>(count));
    for (int i = 0; i < count; ++i)
        ticks.push_back(tape.tick(first + i));
    return ticks;
}

/// Many bots in one engine, whose prices come when the benchmark calls.
class Floor final
{
public:
    explicit Floor(EngineOptions options, bool publishes = false)
    {
        options.factsAreDurableAtOnce = true;
        EngineOutput &sink = output;
        engine = std::make_unique<BotEngine>(options, market, m_clock, sink);
        if (publishes) {
            m_publisher = std::make_unique<FeedPublisher>(*engine);
            output.publisher = m_publisher.get();
        }
    }

    BotId add(const BotConfig &config)
    {
        const auto made = engine->execute(CreateBot{UserId(1), config});
        if (!made)
            qFatal("%s", qPrintable(made.error().text));
        return *made;
    }
    void start(BotId bot) const
    {
        if (const auto started = engine->execute(StartBot{bot}); !started)
            qFatal("%s", qPrintable(started.error().text));
    }
    void turn() const
    {
        engine->timePassed();
        output.commit();
        if (m_publisher)
            m_publisher->publishViews();
        QCoreApplication::sendPostedEvents();
    }
    void follow(QObject *context)
    {
        m_follower = FeedPublisher::Callback(context, [](const FeedUpdate &) {});
        m_publisher->add(m_follower);
        QCoreApplication::sendPostedEvents();
    }

    BenchMarket market;
    BenchOutput output;
    std::unique_ptr<BotEngine> engine;

private:
    SystemClock m_clock;
    std::unique_ptr<FeedPublisher> m_publisher;
    FeedPublisher::Callback m_follower;
};

/// Bytes that the heap has given out.
qint64 heapBytes()
{
    const auto info = ::mallinfo2();
    return static_cast<qint64>(info.uordblks + info.hblkhd);
}

} // namespace

class bench_Engine final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aTickTakesAtMostFiveTimesABareLoop_data();
    void aTickTakesAtMostFiveTimesABareLoop();
    void aThousandBotsTakeLessThanAQuarterOfACore_data();
    void aThousandBotsTakeLessThanAQuarterOfACore();
    void anIdleBotTakesLessThan64KiB_data();
    void anIdleBotTakesLessThan64KiB();
};

void bench_Engine::aTickTakesAtMostFiveTimesABareLoop_data()
{
    QTest::addColumn<int>("bots");
    QTest::newRow("1 bot") << 1;
    QTest::newRow("100 bots") << 100;
}

/// One price a second on candles of a second: each price closes a candle, so each moves all three indicators.
void bench_Engine::aTickTakesAtMostFiveTimesABareLoop()
{
    QFETCH(int, bots);
    const int count = 200'000 / bots;
    const std::vector<Tick> ticks = makeTicks(count, 1);
    EngineOptions options;
    options.makeStrategy = [](const BotConfig &) { return std::make_unique<ThreeIndicatorsStrategy>(); };

    std::int64_t bareSum = 0;
    std::int64_t engineSum = 0;
    qint64 bareFills = 0;
    qint64 engineFills = 0;
    const auto bare = [&] {
        std::vector<BareBot> all(static_cast<std::size_t>(bots));
        const double seconds = cpuSecondsOf([&] {
            bareSum = 0;
            bool isFirst = true;
            for (const Tick &tick : ticks) {
                for (BareBot &bot : all) {
                    bot.tick(tick.price, isFirst);
                    bareSum += bot.equity().raw() % 1'000'003;
                }
                isFirst = false;
            }
        });
        bareFills = all.front().fills * bots;
        return seconds;
    };
    const auto ours = [&] {
        Floor floor(options);
        std::vector<const BotRunner *> runners;
        for (int i = 0; i < bots; ++i) {
            const BotId id = floor.add(gatedConfig());
            floor.start(id);
            runners.push_back(floor.engine->find(id));
        }
        const StreamId stream = floor.engine->streamOf(*runners.front())->id;
        const double seconds = cpuSecondsOf([&] {
            engineSum = 0;
            for (const Tick &tick : ticks) {
                floor.market.present = tick.time;
                floor.engine->tick(stream, tick);
                for (const BotRunner *runner : runners)
                    engineSum += runner->equity().raw() % 1'000'003;
            }
        });
        engineFills = floor.output.fills;
        return seconds;
    };
    const Comparison found = compareUntil(5.0, 9, ours, bare);
    std::printf("engine tick, %d bots: %.1f ns, bare %.1f ns, ratio %.2f; %lld fills in %d ticks\n", bots,
                found.ours / count / bots * 1e9, found.bare / count / bots * 1e9, found.ratio(),
                static_cast<long long>(engineFills / bots), count);
    QVERIFY(bareFills > 0);
    QCOMPARE(engineFills, bareFills);
    QCOMPARE(engineSum, bareSum); // to the last digit, at each of the prices
    QVERIFY2(found.ratio() <= 5.0, "a tick takes more than five times a bare loop");
}

void bench_Engine::aThousandBotsTakeLessThanAQuarterOfACore_data()
{
    QTest::addColumn<int>("markets");
    QTest::newRow("one market") << 1;
    QTest::newRow("ten markets") << 10;
    QTest::newRow("a market for each bot") << 1000;
}

/// Processor time of what the engine's thread does for 1,000 bots that each see 1,000 prices in a second of the market:
/// prices, candles of a second, decisions of six strategies, stops, orders of the paper exchange, and ten times a
/// second the passing of time and the views of all bots for one follower. Making the prices and writing the journal are
/// not in it: the one is the source's, the other the storage thread's.
void bench_Engine::aThousandBotsTakeLessThanAQuarterOfACore()
{
    QFETCH(int, markets);
    constexpr int bots = 1000;
    constexpr int perSecond = 1000;
    constexpr int turns = 10;
    const int seconds = shortRun() ? 20 : 90;
    const std::vector<Tick> ticks = makeTicks(seconds * perSecond, perSecond);

    double share = 1;
    qint64 facts = 0;
    qint64 fills = 0;
    for (int attempt = 0; attempt < attempts && share >= 0.25; ++attempt) {
        Floor floor({}, true);
        floor.market.price = ticks.front().price;
        floor.market.pastCandles = 300;
        const std::array strategies = {u"ema_cross"_s,         u"rsi_reversion"_s, u"bollinger_reversion"_s,
                                       u"donchian_breakout"_s, u"supertrend"_s,    u"macd_trend"_s};
        std::vector<StreamId> streams;
        for (int i = 0; i < bots; ++i) {
            BotConfig config;
            config.name = u"bot %1"_s.arg(i);
            config.symbol = Symbol(u"C%1USDT"_s.arg(i % markets));
            config.strategy = strategies[static_cast<std::size_t>(i) % strategies.size()];
            config.timeframe = Timeframe::S1;
            config.sizing = {SizingKind::PercentOfEquity, Decimal::fromInteger(10)};
            config.stopLoss = StopRule{StopKind::Percent, Decimal::fromInteger(2)};
            config.trailingStop = TrailingStopRule{Decimal::fromInteger(1), Decimal::fromInteger(1)};
            config.paper.depthPercent.reset(); // prices are measured, not how many parts an order is filled in
            const BotId id = floor.add(config);
            floor.start(id);
            if (i < markets)
                streams.push_back(floor.engine->streamOf(*floor.engine->find(id))->id);
        }
        QObject follower;
        floor.follow(&follower);
        floor.output.commit();
        const double cpu = cpuSecondsOf([&] {
            int number = 0;
            for (const Tick &tick : ticks) {
                floor.market.present = tick.time;
                for (const StreamId stream : streams)
                    floor.engine->tick(stream, tick);
                if (++number % (perSecond / turns) == 0)
                    floor.turn();
            }
        });
        share = std::min(share, cpu / seconds);
        facts = floor.output.facts;
        fills = floor.output.fills;
    }
    std::printf(
            "1,000 bots × 1,000 ticks/s on %d markets: %.1f %% of a core (%.1f ns a bot and tick); %lld facts, %lld "
            "fills\n",
            markets, share * 100, share * 1e9 / bots / perSecond, static_cast<long long>(facts),
            static_cast<long long>(fills));
    QVERIFY2(fills > bots, "the bots do not trade");
    QVERIFY2(share < 0.25, "1,000 bots at 1,000 ticks/s take a quarter of a core or more");
}

void bench_Engine::anIdleBotTakesLessThan64KiB_data()
{
    QTest::addColumn<bool>("runs");
    QTest::addColumn<bool>("shares");
    QTest::newRow("stopped") << false << true;
    QTest::newRow("running, on a shared market") << true << true;
    QTest::newRow("running, each on a market of its own") << true << false;
}

/// The heap of engine and publisher, for a bot that has its whole past of candles and waits.
void bench_Engine::anIdleBotTakesLessThan64KiB()
{
    QFETCH(bool, runs);
    QFETCH(bool, shares);
    constexpr int bots = 1000;
    Floor floor({}, true);
    floor.market.pastCandles = 10'000; // as many as are asked for
    QObject follower;
    floor.follow(&follower);
    const auto add = [&](int number) {
        BotConfig config;
        config.name = u"bot %1"_s.arg(number);
        config.symbol = Symbol(shares ? u"BTCUSDT"_s : u"C%1USDT"_s.arg(number));
        config.strategy = u"ema_cross"_s;
        const BotId id = floor.add(config);
        if (runs)
            floor.start(id);
        floor.turn();
    };
    add(0); // the shared market, and what is made but once
    const qint64 before = heapBytes();
    for (int i = 1; i <= bots; ++i)
        add(i);
    const double each = static_cast<double>(heapBytes() - before) / bots / 1024;
    std::printf("idle bot, %s: %.1f KiB\n", QTest::currentDataTag(), each);
    QVERIFY2(each < 64, "an idle bot takes 64 KiB or more");
}

QTEST_GUILESS_MAIN(bench_Engine)
#include "bench_engine.moc"
