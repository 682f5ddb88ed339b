// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/clock.h"
#include "core/base/decimal.h"
#include "core/base/enumnames.h"
#include "core/domain/ids.h"
#include "core/domain/leverage.h"

#include <chrono>

namespace tradebot {

enum class Exchange { Paper, Binance };
enum class Market { Spot, UsdmFutures };
enum class Mode { Demo, Live };
enum class MarginType { Isolated, Cross };
enum class PositionType { Long, Short, Both }; ///< the directions a bot may take
enum class PositionSide { Flat, Long, Short };
enum class Side { Buy, Sell };
enum class Timeframe { S1, M1, M3, M5, M15, M30, H1, H2, H4, H6, H8, H12, D1, D3, W1, Month1 };

template<>
struct EnumNames<Exchange>
{
    static constexpr std::pair<Exchange, const char *> table[] = {{Exchange::Paper, "paper"},
                                                                  {Exchange::Binance, "binance"}};
};
template<>
struct EnumNames<Market>
{
    static constexpr std::pair<Market, const char *> table[] = {{Market::Spot, "spot"},
                                                                {Market::UsdmFutures, "usdm_futures"}};
};
template<>
struct EnumNames<Mode>
{
    static constexpr std::pair<Mode, const char *> table[] = {{Mode::Demo, "demo"}, {Mode::Live, "live"}};
};
template<>
struct EnumNames<MarginType>
{
    static constexpr std::pair<MarginType, const char *> table[] = {{MarginType::Isolated, "isolated"},
                                                                    {MarginType::Cross, "cross"}};
};
template<>
struct EnumNames<PositionType>
{
    static constexpr std::pair<PositionType, const char *> table[] = {
            {PositionType::Long, "long"}, {PositionType::Short, "short"}, {PositionType::Both, "both"}};
};
template<>
struct EnumNames<PositionSide>
{
    static constexpr std::pair<PositionSide, const char *> table[] = {
            {PositionSide::Flat, "flat"}, {PositionSide::Long, "long"}, {PositionSide::Short, "short"}};
};
template<>
struct EnumNames<Side>
{
    static constexpr std::pair<Side, const char *> table[] = {{Side::Buy, "buy"}, {Side::Sell, "sell"}};
};
template<>
struct EnumNames<Timeframe>
{
    static constexpr std::pair<Timeframe, const char *> table[] = {
            {Timeframe::S1, "1s"},   {Timeframe::M1, "1m"},   {Timeframe::M3, "3m"}, {Timeframe::M5, "5m"},
            {Timeframe::M15, "15m"}, {Timeframe::M30, "30m"}, {Timeframe::H1, "1h"}, {Timeframe::H2, "2h"},
            {Timeframe::H4, "4h"},   {Timeframe::H6, "6h"},   {Timeframe::H8, "8h"}, {Timeframe::H12, "12h"},
            {Timeframe::D1, "1d"},   {Timeframe::D3, "3d"},   {Timeframe::W1, "1w"}, {Timeframe::Month1, "1M"}};
};

[[nodiscard]] constexpr Side opposite(Side side) noexcept
{
    return side == Side::Buy ? Side::Sell : Side::Buy;
}
/// The side of the order that enters a position of this direction.
[[nodiscard]] constexpr Side entrySide(PositionSide side) noexcept
{
    return side == PositionSide::Short ? Side::Sell : Side::Buy;
}

/// Open time of the candle that holds this moment, in UTC: weeks begin on Monday, three-day candles count from
/// 1970-01-01, months are calendar months (the exchange's convention).
[[nodiscard]] Timestamp openTimeOf(Timestamp time, Timeframe timeframe) noexcept;
/// Open time of the candle after the one that opens at openTime.
[[nodiscard]] Timestamp nextOpenTime(Timestamp openTime, Timeframe timeframe) noexcept;
/// Length of a candle; a month counts as 30 days.
[[nodiscard]] std::chrono::milliseconds nominalLength(Timeframe timeframe) noexcept;
/// Whether each candle of the one timeframe is made of whole candles of the other.
[[nodiscard]] bool isMadeOf(Timeframe coarse, Timeframe fine) noexcept;

/// What is traded, and the exchange's filters for it. A step or minimum of 0 means that there is none.
struct Instrument
{
    Symbol symbol;
    Market market = Market::Spot;
    QString base;  ///< "BTC"
    QString quote; ///< "USDT": the currency of all its money
    Price priceStep;
    Quantity quantityStep;
    Quantity minimumQuantity;
    Money minimumNotional;
    LeverageBrackets brackets = {}; ///< of futures

    friend bool operator==(const Instrument &, const Instrument &) = default;
};

/// Splits a symbol into base and quote by the known quote currencies ("BTCUSDT", "BTC-PERP", "ETH/EUR",
/// "BTCUSDT_261225"). An unknown one keeps the whole symbol as base and "USDT" as quote.
[[nodiscard]] std::pair<QString, QString> splitSymbol(const Symbol &symbol);

/// One trade or quote of the market. A price of 0 is not known.
struct Tick
{
    Timestamp time;
    Price price;          ///< of the last trade
    Quantity quantity;    ///< traded; 0 when not known
    Price bid = Price();  ///< best price that somebody pays; the last trade's where not known
    Price ask = Price();  ///< best price that somebody asks
    Price mark = Price(); ///< what futures positions are valued at

    [[nodiscard]] Price buyPrice() const { return ask.isZero() ? price : ask; }
    [[nodiscard]] Price sellPrice() const { return bid.isZero() ? price : bid; }
    [[nodiscard]] Price markPrice() const { return mark.isZero() ? price : mark; }
    friend bool operator==(const Tick &, const Tick &) = default;
};

struct Candle
{
    Timestamp openTime;
    Price open;
    Price high;
    Price low;
    Price close;
    Quantity volume; ///< in base units, or in quote units where a recording says so
    friend bool operator==(const Candle &, const Candle &) = default;
};

} // namespace tradebot
