// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/exampledata.h"

#include <algorithm>
#include <array>
#include <random>
#include <span>

namespace tradebot {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

ParameterSpec integerSpec(const QString &name, const QString &title, int value, int minimum, int maximum)
{
    ParameterSpec spec;
    spec.name = name;
    spec.title = title;
    spec.kind = ParameterKind::Integer;
    spec.defaultValue = Decimal::fromInteger(value);
    spec.minimum = Decimal::fromInteger(minimum);
    spec.maximum = Decimal::fromInteger(maximum);
    spec.unit = u"candles"_s;
    return spec;
}

struct ExampleMarket
{
    QLatin1StringView symbol;
    QLatin1StringView name;
    QLatin1StringView strategy;
    int price;        ///< in ten-thousandths
    int step;         ///< of prices, in ten-thousandths
    int quantity;     ///< in ten-thousandths
    int quantityStep; ///< in ten-thousandths
};

constexpr std::array markets = {
        ExampleMarket{"BTCUSDT"_L1, "BTC trend"_L1, "ema_cross"_L1, 679'184'000, 100, 745, 1},
        ExampleMarket{"ETHUSDT"_L1, "ETH breakout"_L1, "donchian_breakout"_L1, 34'862'100, 100, 14'200, 1},
        ExampleMarket{"SOLUSDT"_L1, "SOL supertrend"_L1, "supertrend"_L1, 1'623'500, 100, 300'000, 100},
        ExampleMarket{"BNBUSDT"_L1, "BNB reversion"_L1, "rsi_reversion"_L1, 6'124'000, 100, 0, 100},
        ExampleMarket{"XRPUSDT"_L1, "XRP average"_L1, "dca"_L1, 6'214, 1, 64'000'000, 1'000},
        ExampleMarket{"ADAUSDT"_L1, "ADA bands"_L1, "bollinger_reversion"_L1, 4'128, 1, 0, 1'000},
        ExampleMarket{"ETHEUR"_L1, "ETH euro"_L1, "macd_trend"_L1, 32'048'000, 100, 4'000, 1}};

Price inSteps(std::int64_t raw, const ExampleMarket &market)
{
    const std::int64_t step = market.step * std::int64_t(10'000);
    return Price::fromRaw(raw / step * step);
}

Price priceOf(const ExampleMarket &market)
{
    return Price::fromRaw(market.price * std::int64_t(10'000));
}

Quantity tenThousandths(int value)
{
    return Quantity::fromRaw(static_cast<std::int64_t>(value) * 10'000);
}

constexpr auto firstLeg = 21min + 23s; ///< from the entry of an example trade to its exit
constexpr auto secondLeg = 6min + 4s;  ///< until the next one
constexpr auto holding = 19min;        ///< of the position that is still open
constexpr int tradesEach = 3;

/// How far prices go in a minute, besides chance: up while an example trade is open, most of it down again until the
/// next one. In 1e-5 of the price.
int tide(Timestamp time, Timestamp start)
{
    constexpr auto wave = firstLeg + secondLeg;
    return ((time - start) % wave + wave) % wave < firstLeg ? 15 : -48;
}

std::vector<Candle> walk(Price last, Timestamp start, Timestamp end, int count, std::mt19937 &random)
{
    std::vector<Candle> candles(static_cast<std::size_t>(count));
    std::uniform_int_distribution<int> step(-60, 60);
    std::int64_t close = last.raw();
    for (int i = count - 1; i >= 0; --i) {
        const auto moved = [&](int parts) { return close / 100'000 * parts; };
        Candle &candle = candles[static_cast<std::size_t>(i)];
        candle.openTime = end - std::chrono::minutes(count - i);
        candle.close = Price::fromRaw(close);
        candle.open = Price::fromRaw(close + moved(step(random) - tide(candle.openTime, start)));
        candle.high = Price::fromRaw(std::max(candle.open, candle.close).raw() + moved(std::abs(step(random)) / 2));
        candle.low = Price::fromRaw(std::min(candle.open, candle.close).raw() - moved(std::abs(step(random)) / 2));
        candle.volume = tenThousandths(10'000 + 100 * std::abs(step(random)));
        close = candle.open.raw();
    }
    return candles;
}

/// The close of the candle that is open at a moment.
Price priceAt(const std::vector<Candle> &candles, Timestamp time, const ExampleMarket &market)
{
    const auto next = std::ranges::upper_bound(candles, time, {}, &Candle::openTime);
    return inSteps((next == candles.begin() ? candles.front().open : std::prev(next)->close).raw(), market);
}

struct Example
{
    BotId bot;
    const ExampleMarket *market;
    std::vector<Candle> candles;
};

/// The first bots enter and leave the market together.
void tradeALittle(FakeBackend &backend, FakeClock &clock, std::span<const Example> traders)
{
    const auto fillAll = [&](Side side, const QString &tag) {
        for (const auto &[bot, market, candles] : traders)
            backend.fill(bot, side, tenThousandths(std::max(market->quantity, 500)),
                         priceAt(candles, clock.now(), *market), market->strategy + tag);
    };
    for (int trade = 0; trade < tradesEach; ++trade) {
        fillAll(Side::Buy, u"_up"_s);
        clock.advance(firstLeg);
        fillAll(Side::Sell, u"_down"_s);
        clock.advance(secondLeg);
    }
}

void addHistory(FakeBackend &backend, BotId bot, const std::vector<Candle> &candles)
{
    backend.setCandles(bot, Timeframe::M1, candles);
    const std::int64_t price = candles.back().close.raw();
    const Money now = backend.bot(bot).equity.value_or(Money::fromInteger(10'000));
    std::vector<EquityPoint> equity;
    for (const Candle &candle : candles) {
        const std::int64_t drift = (candle.close.raw() - candles.back().close.raw()) / (price / 1000 + 1);
        equity.push_back({candle.openTime, Money::fromRaw(now.raw() + drift * 80'000'000)});
    }
    backend.addEquity(bot, std::move(equity));
}

void putInState(FakeBackend &backend, BotId bot, int number)
{
    switch (number % 7) {
    case 3: backend.setHealth(bot, Health::Degraded, HealthReason::StaleData, u"price is 14.8 s old"_s); break;
    case 4:
        backend.emitFact(bot, DesiredChanged{DesiredState::Paused, StopPolicy::PauseEntries});
        backend.setStatus(bot, BotStatus::Paused);
        break;
    case 5:
        if (number % 2 == 1) {
            backend.emitFact(bot, DesiredChanged{DesiredState::Stopped, StopPolicy::LeavePosition});
            backend.setStatus(bot, BotStatus::Stopping);
            backend.setStatus(bot, BotStatus::Stopped);
        } else {
            backend.emitFact(bot, ErrorRaised{ErrorKind::OrderRejected,
                                              u"The exchange refused the order: margin is insufficient"_s});
            backend.setStatus(bot, BotStatus::Error, ErrorKind::OrderRejected);
        }
        break;
    default: break;
    }
}

} // namespace

const StrategyCatalog &exampleStrategies()
{
    static const StrategyCatalog catalog = [] {
        StrategyInfo cross;
        cross.name = u"ema_cross"_s;
        cross.title = u"EMA cross"_s;
        cross.summary =
                u"Enters when the fast average of the closes crosses above the slow one, exits when it crosses below."_s;
        cross.parameters = {integerSpec(u"fast"_s, u"Fast EMA"_s, 12, 1, 500),
                            integerSpec(u"slow"_s, u"Slow EMA"_s, 26, 2, 1000)};
        StrategyInfo reversion;
        reversion.name = u"rsi_reversion"_s;
        reversion.title = u"RSI reversion"_s;
        reversion.summary = u"Enters when the RSI leaves the oversold zone, exits when it is overbought."_s;
        reversion.parameters = {integerSpec(u"period"_s, u"Period"_s, 14, 2, 500),
                                integerSpec(u"oversold"_s, u"Oversold"_s, 30, 1, 99),
                                integerSpec(u"overbought"_s, u"Overbought"_s, 70, 1, 99)};
        reversion.parameters[1].unit.clear();
        reversion.parameters[2].unit.clear();
        return StrategyCatalog{cross, reversion};
    }();
    return catalog;
}

BotConfig exampleConfig(const QString &name, const QString &symbol, const QString &strategy)
{
    BotConfig config;
    config.name = name;
    config.symbol = Symbol(symbol);
    config.strategy = strategy;
    for (const StrategyInfo &info : exampleStrategies()) {
        if (info.name == strategy)
            config.strategyParameters = withDefaults(info, {});
    }
    config.stopLoss = StopRule{StopKind::Percent, Decimal::fromInteger(2)};
    config.takeProfit = StopRule{StopKind::Percent, Decimal::fromInteger(4)};
    return config;
}

void fillWithExamples(FakeBackend &backend, FakeClock &clock, int bots)
{
    std::mt19937 random(1);
    std::vector<Example> made;
    const Timestamp start = clock.now();
    const auto end = std::chrono::ceil<std::chrono::minutes>(start + tradesEach * (firstLeg + secondLeg) + holding);
    for (int number = 0; number < bots; ++number) {
        const ExampleMarket &market = markets[static_cast<std::size_t>(number) % markets.size()];
        const int round = number / static_cast<int>(markets.size());
        const QString name = round == 0 ? QString(market.name) : u"%1 %2"_s.arg(market.name).arg(round + 1);
        const BotId bot = backend.addBot(exampleConfig(name, market.symbol, market.strategy));
        backend.edit(bot, [&market](BotSnapshot &snapshot) {
            snapshot.instrument.priceStep = Price::fromRaw(market.step * std::int64_t(10'000));
            snapshot.instrument.quantityStep = tenThousandths(market.quantityStep);
        });
        backend.emitFact(bot, DesiredChanged{DesiredState::Running, StopPolicy::PauseEntries});
        backend.setStatus(bot, BotStatus::Pending);
        backend.setStatus(bot, BotStatus::Running);
        made.push_back({bot, &market, walk(priceOf(market), start, end, 900, random)});
    }
    tradeALittle(backend, clock, std::span(made).first(std::min(made.size(), markets.size())));
    for (std::size_t i = 0; i < made.size(); ++i) {
        const auto &[bot, market, candles] = made[i];
        if (market->quantity > 0) {
            const Price entry = priceAt(candles, clock.now(), *market);
            const auto percent = [&entry, of = market](int part) { return inSteps(entry.raw() / 100 * part, *of); };
            backend.fill(bot, Side::Buy, tenThousandths(market->quantity), entry, market->strategy + u"_up"_s);
            backend.emitFact(
                    bot, ProtectionChanged{{percent(98), percent(104), {}, entry, entry}, u"placed with the entry"_s});
        }
        backend.setMarkPrice(bot, priceOf(*market));
        addHistory(backend, bot, candles);
        putInState(backend, bot, static_cast<int>(i));
    }
    clock.advance(holding - 14'500ms);
    for (const auto &[bot, market, candles] : made) // the last price of those whose price is 14.8 s old in the end
        backend.setMarkPrice(bot, priceOf(*market));
    clock.advance(14'500ms);
    for (const auto &[bot, market, candles] : made) {
        if (backend.bot(bot).state.health == Health::Ok)
            backend.setMarkPrice(bot, priceOf(*market));
    }
    SystemView system;
    system.marketData = u"simulated, seed 1"_s;
    system.marketDataOk = true;
    system.storeBytes = 18'400'000;
    system.newestPriceReceivedAt = bots > 0 ? std::optional(clock.now()) : std::nullopt;
    system.engineTime = clock.now();
    backend.setSystem(system);
    clock.advance(300ms);
}

} // namespace tradebot
