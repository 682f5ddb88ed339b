// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/domain/statejson.h"
#include "core/engine/botengine.h"
#include "core/engine/nullmarketdata.h"
#include "core/strategy/registry.h"
#include "tests/support/qtestprint.h"

#include <QTest>

#include <random>
#include <stdexcept>

using namespace tradebot;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr Timestamp start = fromMilliseconds(1'795'392'000'000) + 23h; // 2026-11-23T23:00:00Z: midnight is near

class QuietMarket final : public NullMarketData, public Clock
{
public:
    void history(StreamId, Timeframe, int, HistoryReply reply) override { reply(std::vector<Candle>()); }
    Timestamp now() const override { return start; }
    QString description() const override { return u"candles of a test"_s; }
};

struct Output final : EngineOutput
{
    void fact(const BotEvent &event) override { facts.push_back(event); }
    void equity(BotId, std::span<const EquityPoint> points) override
    {
        curve.insert(curve.end(), points.begin(), points.end());
    }
    std::vector<BotEvent> facts;
    std::vector<EquityPoint> curve;
};

/// Candles that wander, with holes between them.
std::vector<Candle> wandering(int count, unsigned seed)
{
    std::mt19937 random(seed);
    const auto below = [&random](int limit) { return static_cast<int>(random() % static_cast<unsigned>(limit)); };
    std::vector<Candle> candles;
    Timestamp time = start;
    int open = 1000;
    for (int i = 0; i < count; ++i) {
        const int close = std::max(100, open + below(41) - 20);
        candles.push_back({time, Price::fromInteger(open), Price::fromInteger(std::max(open, close) + below(9)),
                           Price::fromInteger(std::min(open, close) - below(9)), Price::fromInteger(close),
                           Quantity::fromInteger(1000)});
        open = std::max(100, close + below(5) - 2);
        time += 1min * (below(50) == 0 ? 1 + below(700) : 1);
    }
    return candles;
}

/// What an engine makes of candles of the past, in stretches or one by one.
struct Life
{
    Life(const BotConfig &config, const std::vector<Candle> &candles, bool inStretches, EngineOptions options = {})
    {
        options.factsAreDurableAtOnce = true;
        options.equityInterval = 0ms;
        BotEngine engine(options, market, market, output);
        const auto made = engine.execute(CreateBot{UserId(1), config});
        if (!made)
            qFatal("%s", qPrintable(made.error().text));
        const BotId bot = *made;
        if (const auto started = engine.execute(StartBot{bot}); !started)
            qFatal("%s", qPrintable(started.error().text));
        const StreamId stream(1);
        const std::span<const Candle> all(candles);
        for (std::size_t i = 0; i < all.size();) {
            const auto sameDay = [&](const Candle &candle) {
                return std::chrono::floor<std::chrono::days>(candle.openTime)
                       == std::chrono::floor<std::chrono::days>(all[i].openTime);
            };
            const auto end = std::find_if_not(all.begin() + static_cast<std::ptrdiff_t>(i), all.end(), sameDay);
            const auto day = all.subspan(i, static_cast<std::size_t>(end - all.begin()) - i);
            if (const std::size_t taken = inStretches ? engine.replayBlock(stream, day, 1min) : 0; taken > 0) {
                inOneGo += taken;
                i += taken;
                continue;
            }
            engine.replayCandle(stream, all[i]);
            engine.pastCandleClosed(stream, all[i], all[i].openTime + 1min - 1ms);
            ++i;
        }
        state = engine.find(bot)->state();
        equity = engine.find(bot)->equity();
    }

    QuietMarket market;
    Output output;
    BotState state;
    Money equity;
    std::size_t inOneGo = 0;
};

BotConfig botOf(const QString &strategy)
{
    BotConfig config;
    config.name = u"past"_s;
    config.symbol = Symbol(u"BTCUSDT"_s);
    config.strategy = strategy;
    config.sizing = {SizingKind::PercentOfEquity, Decimal::fromInteger(50)};
    config.initialBalance = Money::fromInteger(100'000);
    config.restartOnError = false;
    config.paper.depthPercent.reset();
    return config;
}

/// Throws at its seventieth candle.
class Bomb final : public Strategy
{
public:
    [[nodiscard]] int warmUpCandles() const override { return 0; }
    void warmUp(const Candle &) override { }
    void onCandle(const StrategyView &, Intents &) override
    {
        if (++m_seen == 70)
            throw std::runtime_error("seventy");
    }
    [[nodiscard]] QString activity() const override { return u"ticks"_s; }

private:
    int m_seen = 0;
};

} // namespace

class PastStretchTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aStretchIsWhatItsCandlesAre_data();
    void aStretchIsWhatItsCandlesAre();
    void aStrategyThatThrowsInAStretchEndsItsBotAtThatCandle();
    void whatGuardsAPositionOrCountsItsLossesSeesEveryPrice();
};

void PastStretchTest::aStretchIsWhatItsCandlesAre_data()
{
    QTest::addColumn<BotConfig>("config");
    QTest::addColumn<unsigned>("seed");
    unsigned seed = 1;
    for (const StrategyInfo &info : builtInStrategies()) {
        BotConfig config = botOf(info.name);
        if (info.name == u"grid"_s) {
            config.strategyParameters = {{u"lower"_s, Decimal::fromInteger(800)},
                                         {u"upper"_s, Decimal::fromInteger(1200)},
                                         {u"levels"_s, Decimal::fromInteger(20)},
                                         {u"quantity_per_level"_s, Decimal::fromInteger(1)}};
        } else if (info.name == u"dca"_s) {
            config.strategyParameters = {{u"interval_s"_s, Decimal::fromInteger(3'600)}};
        }
        QTest::addRow("%s, spot", qPrintable(info.name)) << config << seed++;
        config.market = Market::UsdmFutures;
        config.leverage = 3;
        if (!info.isLongOnly)
            config.positionType = PositionType::Both;
        QTest::addRow("%s, futures", qPrintable(info.name)) << config << seed++;
    }
}

void PastStretchTest::aStretchIsWhatItsCandlesAre()
{
    QFETCH(BotConfig, config);
    QFETCH(unsigned, seed);
    const auto candles = wandering(3000, seed);
    const Life oneByOne(config, candles, false);
    const Life inStretches(config, candles, true);
    QVERIFY(oneByOne.state.status == BotStatus::Running);
    QVERIFY(oneByOne.output.facts.size() > 5);
    QCOMPARE(inStretches.output.facts.size(), oneByOne.output.facts.size());
    QVERIFY(inStretches.output.facts == oneByOne.output.facts);
    QVERIFY(inStretches.output.curve == oneByOne.output.curve);
    QCOMPARE(toJson(inStretches.state), toJson(oneByOne.state));
    QCOMPARE(inStretches.equity, oneByOne.equity);
    if (config.market == Market::Spot && config.strategy != u"grid"_s)
        QVERIFY(inStretches.inOneGo > candles.size() / 2);
}

void PastStretchTest::aStrategyThatThrowsInAStretchEndsItsBotAtThatCandle()
{
    EngineOptions options;
    options.makeStrategy = [](const BotConfig &) { return std::make_unique<Bomb>(); };
    const auto candles = wandering(200, 99);
    const Life oneByOne(botOf(u"ema_cross"_s), candles, false, options);
    const Life inStretches(botOf(u"ema_cross"_s), candles, true, options);
    QVERIFY(inStretches.inOneGo > 0);
    QVERIFY(inStretches.state.status == BotStatus::Error);
    QVERIFY(inStretches.output.facts.back().happened == candles[69].openTime + 1min - 1ms);
    QVERIFY(inStretches.output.facts == oneByOne.output.facts);
}

void PastStretchTest::whatGuardsAPositionOrCountsItsLossesSeesEveryPrice()
{
    const auto candles = wandering(3000, 7);
    BotConfig guarded = botOf(u"ema_cross"_s);
    guarded.stopLoss = StopRule{StopKind::Percent, Decimal::fromInteger(1)};
    guarded.trailingStop = TrailingStopRule{Decimal::fromInteger(2), Decimal::fromInteger(1)};
    BotConfig limited = botOf(u"ema_cross"_s);
    limited.limits.maxDailyLoss = Money::fromInteger(900);
    limited.limits.maxDrawdownPercent = Decimal::fromInteger(20);
    for (const BotConfig &config : {guarded, limited}) {
        const Life oneByOne(config, candles, false);
        const Life inStretches(config, candles, true);
        QVERIFY(inStretches.output.facts == oneByOne.output.facts);
        QVERIFY(inStretches.output.curve == oneByOne.output.curve);
    }
}

QTEST_GUILESS_MAIN(PastStretchTest)
#include "tst_replayblock.moc"
