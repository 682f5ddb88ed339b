// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/api/historyreader.h"
#include "core/storage/statement.h"

namespace tradebot {

// How rows become values. Each function reads the columns that the list beside it names, in that order.

inline constexpr auto eventColumns = "seq, bot_id, type, happened_at, recorded_at, CAST(data AS BLOB)";
[[nodiscard]] Result<BotEvent> readEvent(Row &row);

inline constexpr auto orderColumns =
        "seq, bot_id, exchange_order_id, symbol, side, type, time_in_force, purpose, reduce_only, post_only, state, "
        "quantity, filled, limit_price, stop_price, filled_notional, tag, reason, created_at, accepted_at, "
        "triggered_at, one_cancels_other, trailing_percent, cancel_requested";
[[nodiscard]] Result<Order> readOrder(Row &row);

inline constexpr auto tradeColumns =
        "id, bot_id, symbol, side, quantity, entry_at, exit_at, entry_price, exit_price, gross, fees, funding, "
        "entry_tag, exit_reason, exit_tag, config_version, currency";
[[nodiscard]] Result<Trade> readTrade(Row &row);

inline constexpr auto ledgerColumns =
        "seq, bot_id, at, kind, amount, currency, rate, asset, asset_quantity, asset_price, mark, due, reason";
[[nodiscard]] Result<LedgerEntry> readLedgerEntry(Row &row);

inline constexpr auto userColumns = "id, email, role, owner_id, token_epoch";
[[nodiscard]] Result<User> readUser(Row &row);

/// All bots that were not deleted, by id; their state and configuration as they stand in the projections.
[[nodiscard]] Result<std::vector<BotRecord>> readBots(const Database &database);

} // namespace tradebot
