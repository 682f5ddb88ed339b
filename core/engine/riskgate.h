// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/domain/botconfig.h"
#include "core/domain/botstate.h"

namespace tradebot {

/// What a limit ends besides the entry that was asked for.
enum class Halt {
    None,
    Day,      ///< no entry before the next trading day
    Drawdown, ///< no entry before the owner wants one again
};

/// Why the risk gate said no: a code for programs, context as key=value for people.
struct Denial
{
    QLatin1StringView code;
    QString context;
    Halt halt = Halt::None;

    [[nodiscard]] QString text() const;
};

/// What all bots of one account have at stake, in the quote currency: positions, and entries that are under way.
struct Exposure
{
    Checked<Money> symbol = Money();
    Checked<Money> account = Money();
    bool hasUnknownOrder = false; ///< on this symbol
};

/// All that an entry is judged by.
struct EntryRequest
{
    const BotConfig &config;
    const Instrument &instrument;
    const BotState &state;
    Price price;        ///< the newest
    Money equity;       ///< balance + unrealised
    Price stopDistance; ///< of the stop loss from the entry; 0 when there is none
    Timestamp now;
    Exposure exposure = {}; ///< of the bot's account, this bot's own included
    int ordersLastMinute = 0;
    Checked<Money> openEntries = Money(); ///< what the bot's own entries that are under way are worth
    bool lacksAtr = false;                ///< its config counts in an ATR that there is not yet
};

using EntryVerdict = tl::expected<Quantity, Denial>;

/// Whether the day's limits of loss and trades are reached: what was realised today, net, and what the open position
/// has lost, if it has. Pure.
[[nodiscard]] std::optional<Denial> reachedDayLimit(const RiskLimits &limits, const BotState &state, Money equity);
/// Whether the equity lies as far below its peak as the bot may fall. Pure.
[[nodiscard]] std::optional<Denial> reachedDrawdown(const RiskLimits &limits, const BotState &state, Money equity);
/// While the equity is above this, neither limit is reached by what is lost now: one comparison for each price. It
/// holds until the state changes. Pure.
[[nodiscard]] Money lossFloor(const RiskLimits &limits, const BotState &state);

/// Sizes an entry and judges it: the four kinds of sizing, the exchange's filters (quantity rounds down to its step),
/// available money, and the bot's limits. A size in percent is cut to what the money and the contract's brackets bear.
/// A moment that lies ahead of now, since a clock was set back, holds nothing up. Pure.
[[nodiscard]] EntryVerdict judgeEntry(const EntryRequest &request);
/// Judges an order whose size the strategy has chosen; price is its limit, or the newest. Pure.
[[nodiscard]] EntryVerdict judgePlacedEntry(const EntryRequest &request, Quantity quantity);
/// The exchange's filters alone, for an order that leaves a position: quantity rounds down to its step. Pure.
[[nodiscard]] EntryVerdict judgePlacedExit(const Instrument &instrument, Price price, Quantity quantity);
/// Whether an order that leaves a position is below what the exchange trades; by its size alone where the price is 0.
/// Orders that only reduce a futures position may be worth as little as they are. Pure.
[[nodiscard]] bool isTooSmallToReduce(const Instrument &instrument, Market market, Quantity quantity, Price price);

} // namespace tradebot
