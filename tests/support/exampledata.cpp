// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/exampledata.h"

#include <array>
#include <random>

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
    int price;    ///< in hundredths
    int quantity; ///< in ten-thousandths
};

constexpr std::array markets = {ExampleMarket{"BTCUSDT"_L1, "BTC trend"_L1, 6'791'840, 745},
                                ExampleMarket{"ETHUSDT"_L1, "ETH breakout"_L1, 348'621, 14'200},
                                ExampleMarket{"SOLUSDT"_L1, "SOL supertrend"_L1, 16'235, 300'000},
                                ExampleMarket{"BNBUSDT"_L1, "BNB reversion"_L1, 61'240, 0},
                                ExampleMarket{"XRPUSDT"_L1, "XRP average"_L1, 62, 64'000'000},
                                ExampleMarket{"ADAUSDT"_L1, "ADA bands"_L1, 41, 0},
                                ExampleMarket{"ETHEUR"_L1, "ETH euro"_L1, 320'480, 4'000}};

Price hundredths(int value)
{
    return Price::fromRaw(static_cast<std::int64_t>(value) * 1'000'000);
}

Quantity tenThousandths(int value)
{
    return Quantity::fromRaw(static_cast<std::int64_t>(value) * 10'000);
}

std::vector<Candle> walk(Price last, Timestamp end, int count, std::mt19937 &random)
{
    std::vector<Candle> candles(static_cast<std::size_t>(count));
    std::uniform_int_distribution<int> step(-100, 100);
    std::int64_t close = last.raw();
    for (int i = count - 1; i >= 0; --i) {
        const auto moved = [&](int parts) { return close / 100'000 * parts; };
        Candle &candle = candles[static_cast<std::size_t>(i)];
        candle.openTime = end - std::chrono::minutes(count - i);
        candle.close = Price::fromRaw(close);
        candle.open = Price::fromRaw(close + moved(step(random)));
        candle.high = Price::fromRaw(std::max(candle.open, candle.close).raw() + moved(std::abs(step(random)) / 2));
        candle.low = Price::fromRaw(std::min(candle.open, candle.close).raw() - moved(std::abs(step(random)) / 2));
        candle.volume = tenThousandths(10'000 + 100 * std::abs(step(random)));
        close = candle.open.raw();
    }
    return candles;
}

void tradeALittle(FakeBackend &backend, FakeClock &clock, BotId bot, const ExampleMarket &market, std::mt19937 &random)
{
    std::uniform_int_distribution<int> move(-120, 140);
    const Quantity quantity = tenThousandths(std::max(market.quantity, 500));
    for (int trade = 0; trade < 3; ++trade) {
        const int entry = market.price + market.price / 10'000 * move(random);
        const int exit = entry + std::max(1, entry / 10'000) * move(random);
        backend.fill(bot, Side::Buy, quantity, hundredths(entry), u"ema_cross_up"_s);
        clock.advance(3min + 23s);
        backend.fill(bot, Side::Sell, quantity, hundredths(exit), u"ema_cross_down"_s);
        clock.advance(2min + 4s);
    }
}

void addHistory(FakeBackend &backend, const FakeClock &clock, BotId bot, Price price, std::mt19937 &random)
{
    const auto candles = walk(price, clock.now(), 600, random);
    backend.setCandles(bot, Timeframe::M1, candles);
    std::vector<EquityPoint> equity;
    for (std::size_t i = 0; i < candles.size(); ++i) {
        const std::int64_t drift = (candles[i].close.raw() - candles.front().close.raw()) / (price.raw() / 1000 + 1);
        equity.push_back({candles[i].openTime, Money::fromRaw(Money::fromInteger(10'000).raw() + drift * 80'000'000)});
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
    std::vector<std::pair<BotId, const ExampleMarket *>> made;
    for (int number = 0; number < bots; ++number) {
        const ExampleMarket &market = markets[static_cast<std::size_t>(number) % markets.size()];
        const int round = number / static_cast<int>(markets.size());
        const QString name = round == 0 ? QString(market.name) : u"%1 %2"_s.arg(market.name).arg(round + 1);
        const BotId bot = backend.addBot(
                exampleConfig(name, market.symbol, number % 2 == 0 ? u"ema_cross"_s : u"rsi_reversion"_s));
        backend.emitFact(bot, DesiredChanged{DesiredState::Running, StopPolicy::PauseEntries});
        backend.setStatus(bot, BotStatus::Pending);
        backend.setStatus(bot, BotStatus::Running);
        if (number < 7)
            tradeALittle(backend, clock, bot, market, random);
        made.emplace_back(bot, &market);
    }
    for (std::size_t i = 0; i < made.size(); ++i) {
        const auto [bot, market] = made[i];
        const Price price = hundredths(market->price);
        if (market->quantity > 0) {
            const int entry = market->price + (i % 3 == 1 ? market->price / 80 : -market->price / 100);
            backend.fill(bot, Side::Buy, tenThousandths(market->quantity), hundredths(entry), u"ema_cross_up"_s);
            backend.emitFact(
                    bot,
                    ProtectionChanged{{hundredths(entry * 98 / 100), hundredths(entry * 104 / 100), {}, price, price},
                                      u"placed with the entry"_s});
        }
        addHistory(backend, clock, bot, price, random);
        backend.setMarkPrice(bot, price);
        putInState(backend, bot, static_cast<int>(i));
    }
    clock.advance(347min);
    for (const auto &[bot, market] : made) {
        if (backend.bot(bot).state.health == Health::Ok)
            backend.setMarkPrice(bot, hundredths(market->price));
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
