// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/domain/trade.h"
#include "ui/theme/tokens.h"

#include <QString>

#include <optional>
#include <vector>

namespace tradebot {

/// A round trip as it stands in the chart.
struct TradeMark
{
    Timestamp entryTime;
    Timestamp exitTime;
    double entryPrice = 0;
    double exitPrice = 0;
    bool isShort = false;
    int outcome = 0; ///< sign of the net
    QString label;   ///< "+61.30"
    friend bool operator==(const TradeMark &, const TradeMark &) = default;
};

enum class LineKind { Target, Stop, Trailing, Entry, Mark };

/// A price that matters, across the chart, with a tag on the axis.
struct ChartLine
{
    LineKind kind = LineKind::Mark;
    double price = 0;
    QString label; ///< over the candles: "Stop −2.00 %"; may be empty
    QString tag;   ///< on the axis: "65,905.10"
    friend bool operator==(const ChartLine &, const ChartLine &) = default;
};

/// The position that is open: where it began, and which way it goes.
struct PositionMark
{
    Timestamp entryTime;
    double entryPrice = 0;
    bool isShort = false;
    friend bool operator==(const PositionMark &, const PositionMark &) = default;
};

/// A moving average that the bot's strategy looks at.
struct AverageLine
{
    QString title; ///< "EMA 12"
    int period = 1;
    Token color = Token::IndicatorA;
    friend bool operator==(const AverageLine &, const AverageLine &) = default;
};

} // namespace tradebot
