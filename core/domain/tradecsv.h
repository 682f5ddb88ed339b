// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/csvline.h"
#include "core/domain/trade.h"

namespace tradebot {

// Trades as rows of CSV: one form for every export.

inline constexpr auto tradeCsvHeader =
        "id,bot_id,symbol,side,quantity,entry_time,exit_time,entry_price,exit_price,gross,"
        "fees,funding,net,entry_tag,exit_reason,exit_tag,config_version,currency\n";

[[nodiscard]] inline QByteArray toCsv(const Trade &trade)
{
    CsvLine line;
    line << trade.id.value() << trade.bot.value() << trade.symbol.value() << toName(trade.side) << trade.quantity
         << trade.entryTime << trade.exitTime << trade.entryPrice << trade.exitPrice << trade.gross << trade.fees
         << trade.funding << trade.net() << trade.entryTag << toName(trade.exitReason) << trade.exitTag
         << qint64(trade.configVersion) << trade.currency;
    return line.take();
}

} // namespace tradebot
