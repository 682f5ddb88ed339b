// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/domain/eventjson.h"
#include "core/domain/statejson.h"
#include "core/engine/botengine.h"
#include "core/exchange/simulated/simulatedmarket.h"
#include "core/strategy/registry.h"
#include "tests/support/enginefixture.h"
#include "tests/support/fakeclock.h"

#include <QTest>

using namespace tradebot;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr Timestamp start = fromMilliseconds(1'767'225'600'000 - 40 * 60'000); // 40 min before 2026-01-01T00:00Z
constexpr double ticksPerSecond = 4;

/// What each strategy is to look at so that it trades often within an hour of seconds.
StrategyParameters quickParameters(const QString &strategy, Price price)
{
    const auto number = [](int value) { return Decimal::fromInteger(value); };
    const auto percentOfPrice = [price](int percent) {
        return Decimal::fromRaw(price.raw() / 100'000'000 * percent / 100 * 100'000'000);
    };
    if (strategy == u"ema_cross")
        return {{u"fast"_s, number(5)}, {u"slow"_s, number(20)}};
    if (strategy == u"rsi_reversion")
        return {{u"period"_s, number(7)}, {u"oversold"_s, number(35)}, {u"overbought"_s, number(65)}};
    if (strategy == u"grid")
        return {{u"lower"_s, percentOfPrice(97)},
                {u"upper"_s, percentOfPrice(103)},
                {u"levels"_s, number(60)},
                {u"quantity_per_level"_s, Decimal::fromRaw(100'000)}};
    if (strategy == u"dca")
        return {{u"interval_s"_s, number(120)},
                {u"quote_per_order"_s, number(500)},
                {u"take_profit_percent"_s, Decimal::fromRaw(5'000'000)}};
    return {};
}

/// Every strategy once on the spot market and, where it may, once on futures; with what makes an order complicated
/// dealt out among them.
std::vector<BotConfig> everyKindOfBot(Price price)
{
    std::vector<BotConfig> configs;
    for (const StrategyInfo &info : builtInStrategies()) {
        for (const Market market : {Market::Spot, Market::UsdmFutures}) {
            const std::size_t number = configs.size();
            BotConfig config;
            config.name = u"%1 %2"_s.arg(info.name, toName(market));
            config.symbol = Symbol(u"BTCUSDT"_s);
            config.market = market;
            config.timeframe = number % 3 == 0 ? Timeframe::S1 : Timeframe::M1;
            config.strategy = info.name;
            config.strategyParameters = quickParameters(info.name, price);
            config.initialBalance = Money::fromInteger(100'000);
            config.sizing = {SizingKind::PercentOfEquity, Decimal::fromInteger(20)};
            if (market == Market::UsdmFutures) {
                config.leverage = 10;
                config.positionType = info.isLongOnly ? PositionType::Long : PositionType::Both;
            }
            if (info.name != u"grid" && info.name != u"dca") {
                config.stopLoss = StopRule{StopKind::Percent, Decimal::fromRaw(20'000'000)};
                config.takeProfit = StopRule{StopKind::Percent, Decimal::fromRaw(30'000'000)};
                config.trailingStop = TrailingStopRule{Decimal::fromRaw(15'000'000), Decimal::fromRaw(5'000'000)};
                config.stopsAt = number % 4 < 2 ? StopsAt::Exchange : StopsAt::Engine;
            }
            config.slippageBasisPoints = Decimal::fromInteger(static_cast<int>(number % 3));
            config.paper.latencyMilliseconds = number % 5 == 0 ? 700 : 0;
            if (number % 2 == 0)
                config.paper.depthPercent = Decimal::fromInteger(30);
            configs.push_back(config);
        }
    }
    return configs;
}

/// A simulated market, an engine with every kind of bot, and the journal that comes of it. Commits come a step later.
class Session final : private EngineOutput
{
public:
    explicit Session(std::uint64_t seed) : m_clock(start), m_market(seed, ticksPerSecond, m_clock)
    {
        makeEngine();
        SimulatedTape tape(seed, Symbol(u"BTCUSDT"_s), ticksPerSecond);
        const Price price = tape.tick(tape.firstAtOrAfter(start)).price;
        for (const BotConfig &config : everyKindOfBot(price)) {
            const auto id = m_engine->execute(CreateBot{UserId(1), config});
            if (!id)
                qFatal("%s", qPrintable(id.error().text));
            if (const auto started = m_engine->execute(StartBot{*id}); !started)
                qFatal("%s", qPrintable(started.error().text));
        }
    }

    void run(std::chrono::milliseconds time)
    {
        for (auto passed = 0ms; passed < time; passed += 500ms) {
            const EventSequence before = m_engine->lastSequence();
            m_clock.advance(500ms);
            m_market.advance();
            m_engine->timePassed();
            m_engine->committed(before);
        }
        m_engine->committed(m_engine->lastSequence());
    }
    /// The program ends and starts again at the same moment, with all of its facts; then a price comes.
    [[nodiscard]] std::unique_ptr<BotEngine> second(MarketData &market)
    {
        auto engine = std::make_unique<BotEngine>(EngineOptions(), market, m_clock, m_nowhere);
        engine->recover(recoveredFrom(facts));
        return engine;
    }

    [[nodiscard]] const BotEngine &engine() const { return *m_engine; }
    [[nodiscard]] const Clock &clock() const { return m_clock; }
    [[nodiscard]] QByteArray journal() const
    {
        QByteArray text;
        for (const BotEvent &event : facts) {
            text += QByteArray::number(event.sequence.value()) + ' ' + QByteArray::number(event.bot.value()) + ' '
                    + toRfc3339(event.happened) + ' ' + typeName(event.payload).data() + ' ' + toJson(event.payload)
                    + '\n';
        }
        for (const EquitySample &sample : samples) {
            text += QByteArray::number(sample.bot.value()) + ' ' + toRfc3339(sample.point.time) + ' '
                    + sample.point.equity.toBytes() + '\n';
        }
        return text;
    }

    std::vector<BotEvent> facts;
    std::vector<EquitySample> samples;

private:
    class Nowhere final : public EngineOutput
    {
        void fact(const BotEvent &) override { }
        void equity(BotId, std::span<const EquityPoint>) override { }
    };

    void fact(const BotEvent &event) override { facts.push_back(event); }
    void equity(BotId bot, std::span<const EquityPoint> points) override
    {
        for (const EquityPoint &point : points)
            samples.push_back({bot, point});
    }
    void makeEngine()
    {
        EngineOutput &output = *this;
        m_engine = std::make_unique<BotEngine>(EngineOptions(), m_market, m_clock, output);
    }

    FakeClock m_clock;
    SimulatedMarket m_market;
    std::unique_ptr<BotEngine> m_engine;
    Nowhere m_nowhere;
};

constexpr auto length = 80min; // over a midnight with its funding

} // namespace

/// The whole engine over the simulated market: what a seed gives, and what its journal gives back.
class SameJournalTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        m_first = std::make_unique<Session>(7);
        m_first->run(length);
    }

    void theJournalIsOneOfEveryKindOfFact()
    {
        std::map<QString, int> counts;
        std::map<BotId, int> fills;
        for (const BotEvent &event : m_first->facts) {
            ++counts[QString(typeName(event.payload))];
            fills[event.bot] += std::holds_alternative<OrderFilled>(event.payload) ? 1 : 0;
        }
        QStringList text;
        for (const auto &[type, count] : counts)
            text.append(u"%1 %2"_s.arg(type).arg(count));
        qInfo("%zu facts: %s", m_first->facts.size(), qPrintable(text.join(u", "_s)));
        QVERIFY(m_first->facts.size() > 5'000);
        for (const char *type : {"decision", "order", "fill", "trade", "protection", "money", "day_closed"})
            QVERIFY2(counts[QString::fromLatin1(type)] > 0, type);
        for (const auto &[id, runner] : m_first->engine().runners())
            QVERIFY2(fills[id] > 0, qPrintable(runner->config().name + u" never traded"_s));
    }

    void theSameSeedGivesTheSameJournalTwice()
    {
        Session second(7);
        second.run(length);
        QVERIFY(second.journal() == m_first->journal());
        Session other(8);
        other.run(length);
        QVERIFY(other.journal() != m_first->journal());
    }

    void replayingTheJournalGivesTheSameStateByteByByte()
    {
        const Recovered recovered = recoveredFrom(m_first->facts);
        QCOMPARE(recovered.bots.size(), m_first->engine().runners().size());
        for (const BotRecord &record : recovered.bots) {
            const BotRunner &runner = *m_first->engine().find(record.id);
            QCOMPARE(toJson(record.state), toJson(runner.state()));
            QVERIFY(record.state == runner.state());
            QVERIFY(record.config == runner.config());
        }
    }

    /// Also what no fact says: the guards, and what rests at the exchange.
    void aSecondProgramGoesOnFromTheJournalWhereTheFirstIs()
    {
        SimulatedMarket market(7, ticksPerSecond, m_first->clock());
        const auto second = m_first->second(market);
        for (int i = 0; i < 100; ++i) { // answers for the past, one at a time
            market.advance();
            second->timePassed();
        }
        for (const auto &[id, runner] : m_first->engine().runners()) {
            const BotRunner *const again = second->find(id);
            QVERIFY(again != nullptr);
            const QByteArray name = runner->config().name.toUtf8();
            QVERIFY2(again->state().status == BotStatus::Running, name.constData());
            QVERIFY2(again->state().position == runner->state().position, name.constData());
            QVERIFY2(again->state().balance == runner->state().balance, name.constData());
            QVERIFY2(again->state().today == runner->state().today, name.constData());
            QVERIFY2(again->state().openOrders == runner->state().openOrders, name.constData());
            QVERIFY2(again->protection().stopLoss == runner->protection().stopLoss, name.constData());
            QVERIFY2(again->protection().takeProfit == runner->protection().takeProfit, name.constData());
        }
    }

private:
    std::unique_ptr<Session> m_first;
};

QTEST_GUILESS_MAIN(SameJournalTest)
#include "tst_samejournal.moc"
