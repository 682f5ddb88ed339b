// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/domain/position.h"
#include "core/domain/strategyschema.h"

#include <QString>

#include <memory>
#include <span>
#include <stdexcept>
#include <vector>

namespace tradebot {

enum class IntentKind {
    Enter,    ///< be in a position of this side; an opposite one is closed first
    Exit,     ///< be flat
    Complete, ///< the strategy's session is over
    Place,    ///< put an order of its own to the exchange
    Cancel,   ///< take back its open orders of this tag
};

/// An order that a strategy asks for by itself, past the bot's sizing.
struct OrderRequest
{
    Side side = Side::Buy;
    OrderType type = OrderType::Limit;
    TimeInForce timeInForce = TimeInForce::Gtc;
    Quantity quantity;                   ///< 0: by quote
    Money quote;                         ///< of a market order: what to spend
    Price limitPrice;                    ///< of limit and stop-limit orders
    Price stopPrice;                     ///< of stop, stop-limit and take-profit orders
    bool postOnly = false;               ///< never take: rejected when it would
    Decimal trailingPercent = Decimal(); ///< of a trailing stop: its distance from the best price, below 100
    int group = 0; ///< those of one number that are asked for in one call: a fill of one cancels the others; 0: none
    friend bool operator==(const OrderRequest &, const OrderRequest &) = default;
};

/// What a strategy wants. The engine decides what of it may be done.
struct Intent
{
    IntentKind kind = IntentKind::Enter;
    PositionSide side = PositionSide::Long; ///< of Enter
    QString tag;                            ///< "ema_cross_up": entry tag or exit tag of the trade
    QString message = {};                   ///< why, in words; may be empty
    OrderRequest order = {};                ///< of Place
};

/// What a strategy asks for in one call. More than any sane one would is refused by an exception, which ends its bot.
class Intents final
{
public:
    static constexpr std::size_t most = 256;
    /// A strategy with many orders asks for no more in one call; for the rest at the next occasion.
    static constexpr std::size_t enough = 200;

    void push_back(Intent intent)
    {
        if (m_intents.size() == most)
            throw std::length_error("it asks for more than 256 things at once");
        m_intents.push_back(std::move(intent));
    }
    [[nodiscard]] bool empty() const { return m_intents.empty(); }
    [[nodiscard]] std::size_t size() const { return m_intents.size(); }
    [[nodiscard]] const Intent &front() const { return m_intents.front(); }
    [[nodiscard]] const Intent &back() const { return m_intents.back(); }
    [[nodiscard]] const Intent &operator[](std::size_t at) const { return m_intents[at]; }
    [[nodiscard]] auto begin() const { return m_intents.begin(); }
    [[nodiscard]] auto end() const { return m_intents.end(); }
    void clear() { m_intents.clear(); }

private:
    std::vector<Intent> m_intents;
};

/// What a strategy may know when it is asked.
struct StrategyView
{
    const Candle &candle; ///< the last closed one
    const Position &position;
    std::span<const Order> orders = {}; ///< its bot's open ones, stops and targets included
    Price price = Price();              ///< the newest
    const Instrument *instrument = nullptr;
    Timeframe timeframe = Timeframe::M1; ///< of the candles
    Timestamp lastEntry = Timestamp();   ///< when the newest entry order of those that filled was made; the epoch: none
    Timestamp lastEntryAsked = Timestamp(); ///< the same of all that were made, whatever came of them
    Price lastEntryLimit = Price();         ///< of the entry order that filled last; 0 for one without a limit
    bool isLeaving = false;                 ///< the position is being closed: nothing may be asked for meanwhile

    /// The same after a later candle, at whose close nothing else has changed.
    [[nodiscard]] StrategyView after(const Candle &later) const
    {
        return {later,     position,  orders,         later.close,    instrument,
                timeframe, lastEntry, lastEntryAsked, lastEntryLimit, isLeaving};
    }
};

/// Decides on closed candles. Plain and deterministic: the same candles give the same intents. Engine thread only.
class Strategy
{
public:
    Strategy() = default;
    Strategy(const Strategy &) = delete;
    Strategy &operator=(const Strategy &) = delete;
    virtual ~Strategy() = default;

    /// How many closed candles it must have seen before its first decision.
    [[nodiscard]] virtual int warmUpCandles() const = 0;
    /// How many candles of the past to give to warmUp() so that it decides as if it had lived through all of them. More
    /// than warmUpCandles() where an average never quite forgets how it began.
    [[nodiscard]] virtual int historyCandles() const { return warmUpCandles(); }
    /// A candle of the past: indicators move on, nothing is decided. A signal that goes by here against a position that
    /// is held is made up for on the first candle that is decided on.
    virtual void warmUp(const Candle &candle) = 0;
    /// A candle has closed. Appends what it wants to intents (given empty).
    virtual void onCandle(const StrategyView &view, Intents &intents) = 0;
    /// Candles that close one after the other while nothing else happens: onCandle() for each of them, up to the first
    /// that leads to an intent or further reason to be asked singly. view is that of the time before the first;
    /// `seen` (given 0) counts those that it has looked at, at least one, also when one of them makes it throw.
    virtual void onCandles(const StrategyView &view, std::span<const Candle> candles, std::size_t &seen,
                           Intents &intents)
    {
        for (const Candle &candle : candles) {
            ++seen;
            onCandle(view.after(candle), intents);
            if (!intents.empty())
                return;
        }
    }
    /// One of the bot's orders has filled, wholly or in part, or has ended without. Appends what it wants to intents.
    virtual void onOrder(const StrategyView &, const Order &, Intents &) { }
    /// What it sees and waits for, in words: "EMA 12 is above EMA 26".
    [[nodiscard]] virtual QString activity() const = 0;
    /// Named values for lines on the chart's price axis at the last candle, e.g. {"EMA 12", 67250.1}; NaN while
    /// warming up. Empty when what it looks at is no price.
    [[nodiscard]] virtual std::vector<std::pair<QString, double>> lines() const { return {}; }
};

} // namespace tradebot
