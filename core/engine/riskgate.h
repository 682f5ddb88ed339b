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
    std::optional<Timestamp> lastExit;
};

using EntryVerdict = tl::expected<Quantity, Denial>;

/// Sizes an entry and judges it: the four kinds of sizing, the exchange's filters (quantity rounds down to its step),
/// available money, and the bot's limits. Pure.
[[nodiscard]] EntryVerdict judgeEntry(const EntryRequest &request);

} // namespace tradebot
