// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/exchange/simulated/simulatedtape.h"

#include "core/exchange/polledmarketdata.h"

#include <algorithm>
#include <cmath>

namespace tradebot {

using namespace Qt::StringLiterals;

namespace {

struct Asset
{
    QLatin1StringView name;
    double dollars;
};

/// What well-known assets are about worth.
constexpr std::array assets = {
        Asset{"BTC"_L1, 65000},  Asset{"ETH"_L1, 3400},  Asset{"BNB"_L1, 600},   Asset{"SOL"_L1, 150},
        Asset{"LTC"_L1, 80},     Asset{"BCH"_L1, 400},   Asset{"AVAX"_L1, 30},   Asset{"LINK"_L1, 15},
        Asset{"UNI"_L1, 8},      Asset{"DOT"_L1, 6},     Asset{"ATOM"_L1, 7},    Asset{"NEAR"_L1, 5},
        Asset{"XRP"_L1, 0.55},   Asset{"ADA"_L1, 0.45},  Asset{"DOGE"_L1, 0.15}, Asset{"TRX"_L1, 0.12},
        Asset{"MATIC"_L1, 0.6},  Asset{"SHIB"_L1, 2e-5}, Asset{"PEPE"_L1, 1e-5}, Asset{"USDT"_L1, 1},
        Asset{"USDC"_L1, 1},     Asset{"USD"_L1, 1},     Asset{"FDUSD"_L1, 1},   Asset{"BUSD"_L1, 1},
        Asset{"TUSD"_L1, 1},     Asset{"EUR"_L1, 1.08},  Asset{"GBP"_L1, 1.27},  Asset{"TRY"_L1, 0.03},
        Asset{"JPY"_L1, 0.0066},
};

/// FNV-1a: the same in every process, as Qt's own hash is not.
std::uint64_t hashOf(QStringView text)
{
    std::uint64_t hash = 0xcbf2'9ce4'8422'2325U;
    for (const QChar c : text)
        hash = (hash ^ c.unicode()) * 0x100'0000'01b3U;
    return hash;
}

std::uint64_t keyOf(std::uint64_t seed, const Symbol &symbol)
{
    return mixBits(mixBits(seed) ^ hashOf(symbol.value()));
}

/// An unknown asset is worth something from 10 cents to 1,000 dollars, the same for every seed.
double dollarsOf(QStringView name)
{
    const auto *const known =
            std::find_if(assets.begin(), assets.end(), [name](const Asset &asset) { return name == asset.name; });
    if (known != assets.end())
        return known->dollars;
    constexpr double decades = 4;
    return std::pow(10, decades * toUnit(mixBits(hashOf(name))) - 1);
}

double typicalPriceOf(const Symbol &symbol)
{
    constexpr double smallest = 1e-6; // a hundred price steps: below, a price could hardly move
    const auto [base, quote] = splitSymbol(symbol);
    return std::max(dollarsOf(base) / dollarsOf(quote), smallest);
}

template<class Fixed>
Fixed fromDouble(double value)
{
    return Fixed::fromRaw(std::llround(value * static_cast<double>(Decimal::fromInteger(1).raw())));
}

} // namespace

Instrument SimulatedTape::instrument(const Symbol &symbol, Market market)
{
    constexpr double smallestOrder = 5; // dollars
    Instrument instrument = defaultInstrument(symbol, market, fromDouble<Price>(typicalPriceOf(symbol)));
    instrument.minimumNotional = fromDouble<Money>(smallestOrder / dollarsOf(instrument.quote));
    return instrument;
}

SimulatedTape::SimulatedTape(std::uint64_t seed, const Symbol &symbol, double ticksPerSecond)
    : m_key(keyOf(seed, symbol)),
      m_price(m_key),
      m_instrument(instrument(symbol, Market::Spot)),
      m_interval(std::llround(1e6 / ticksPerSecond))
{
    constexpr double dollarsPerSecond = 8000;
    const double price = typicalPriceOf(symbol);
    const double quantity = dollarsPerSecond / ticksPerSecond / dollarsOf(m_instrument.base);
    m_typicalPrice = price / m_instrument.priceStep.toDouble();
    m_typicalQuantity = quantity / m_instrument.quantityStep.toDouble();
}

std::uint64_t SimulatedTape::bitsOf(std::int64_t number, std::uint64_t purpose) const noexcept
{
    return mixBits(mixBits(m_key + purpose) ^ static_cast<std::uint64_t>(number));
}

Timestamp SimulatedTape::timeOf(std::int64_t number) const noexcept
{
    constexpr double scatter = 0.8; // below 1, so that a tick never comes before the one before it
    constexpr std::int64_t microsecondsPerMillisecond = 1000;
    const auto late = static_cast<std::int64_t>(toUnit(bitsOf(number, 1)) * scatter * static_cast<double>(m_interval));
    return fromMilliseconds((number * m_interval + late) / microsecondsPerMillisecond);
}

std::int64_t SimulatedTape::firstAtOrAfter(Timestamp time) const noexcept
{
    constexpr std::int64_t microsecondsPerMillisecond = 1000;
    const std::int64_t since = std::max<std::int64_t>(toMilliseconds(time), 0) * microsecondsPerMillisecond;
    std::int64_t number = std::max<std::int64_t>(since / m_interval - 1, 0);
    while (timeOf(number) < time)
        ++number;
    return number;
}

Tick SimulatedTape::tick(std::int64_t number) noexcept
{
    const Timestamp time = timeOf(number);
    const double steps = m_typicalPrice * std::exp(m_price.logarithmAt(time.time_since_epoch()));
    // Most trades are small and a few are large: the square of an exponential distribution, halved, has mean 1.
    const double size = -std::log(1 - toUnit(bitsOf(number, 2)));
    const double parts = m_typicalQuantity * size * size / 2;
    return {time, Price::fromRaw(std::max<std::int64_t>(std::llround(steps), 1) * m_instrument.priceStep.raw()),
            Quantity::fromRaw(std::max<std::int64_t>(std::llround(parts), 1) * m_instrument.quantityStep.raw())};
}

std::optional<Candle> SimulatedTape::candle(Timestamp from, Timestamp to) noexcept
{
    constexpr std::int64_t mostTicks = 256;
    constexpr std::int64_t looks = 64;
    const std::int64_t first = firstAtOrAfter(from);
    const std::int64_t end = firstAtOrAfter(to);
    if (first >= end)
        return std::nullopt;
    const std::int64_t count = end - first;
    const std::int64_t stride = count <= mostTicks ? 1 : (count + looks - 1) / looks;
    const Tick open = tick(first);
    Candle candle{from, open.price, open.price, open.price, open.price, {}};
    std::int64_t volume = 0;
    const auto take = [&](const Tick &tick, std::int64_t weight) {
        candle.high = std::max(candle.high, tick.price);
        candle.low = std::min(candle.low, tick.price);
        candle.close = tick.price;
        volume += tick.quantity.raw() * weight;
    };
    for (std::int64_t number = first; number < end; number += stride)
        take(tick(number), std::min(stride, end - number));
    if (stride > 1)
        take(tick(end - 1), 0);
    candle.volume = Quantity::fromRaw(volume);
    return candle;
}

} // namespace tradebot
