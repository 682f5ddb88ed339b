// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/domain/botconfig.h"
#include "core/domain/botstate.h"

namespace tradebot {

/// Why the risk gate said no: a code for programs, context as key=value for people.
struct Denial
{
    QLatin1StringView code;
    QString context;
    bool endsTheDay = false; ///< a daily limit: no entry before the next trading day

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
    Price price;  ///< the newest
    Money equity; ///< balance + unrealised
    Money peakEquity;
    Price stopDistance; ///< of the stop loss from the entry; 0 when there is none
    Timestamp now;
    Exposure exposure = {}; ///< of the bot's account, this bot's own included
    int ordersLastMinute = 0;
};

using EntryVerdict = tl::expected<Quantity, Denial>;

/// Sizes an entry and judges it: the four kinds of sizing, the exchange's filters (quantity rounds down to its step),
/// available money, and the bot's limits. Pure.
[[nodiscard]] EntryVerdict judgeEntry(const EntryRequest &request);
/// Judges an order whose size the strategy has chosen; price is its limit, or the newest. Pure.
[[nodiscard]] EntryVerdict judgePlacedEntry(const EntryRequest &request, Quantity quantity);
/// The exchange's filters alone, for an order that leaves a position: quantity rounds down to its step. Pure.
[[nodiscard]] EntryVerdict judgePlacedExit(const Instrument &instrument, Price price, Quantity quantity);

} // namespace tradebot
