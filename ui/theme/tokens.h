// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLatin1StringView>
#include <QRgb>

#include <span>

namespace tradebot {

/// What a colour means, never what it looks like. Only tokens.cpp knows values.
enum class Token {
    Window,
    Panel,
    Raised,
    Hover,
    Border,
    BorderStrong,
    Text,
    Text2,
    Disabled,
    Accent,
    AccentFill,
    OnAccent,
    Focus,
    Selection,
    SelectionInactive,
    DemoFill,
    OnDemo,
    DemoEdge,
    DemoText,
    DemoTint,
    LiveFill,
    OnLive,
    LiveEdge,
    LiveText,
    LiveTint,
    Danger,
    DangerFill,
    OnDanger,
    DangerTint,
    Running,
    Pending,
    Paused,
    Stopping,
    Stopped,
    Error,
    Degraded,
    DegradedTint,
    Grid,
    Axis,
    Crosshair,
    Equity,
    Drawdown,
    IndicatorA,
    IndicatorB,
    Volume,
    // From the palette of money:
    Profit,
    Loss,
    // From the palette of candles:
    Up,
    Down,
};

inline constexpr int tokenCount = static_cast<int>(Token::Down) + 1;

/// Whose idea of red and green is meant. Money and candles each choose one.
enum class MoneyPalette { Classic, EastAsia, CbSafe, Mono };

struct TokenValue
{
    Token token;
    QLatin1StringView name; ///< as the stylesheet writes it: "@borderStrong"
    QRgb dark;
    QRgb light;
};

struct MoneyColors
{
    QRgb profit;
    QRgb loss;
    QRgb up;
    QRgb down;
};

/// All tokens but the four of the money palettes.
[[nodiscard]] std::span<const TokenValue> tokenTable();
[[nodiscard]] MoneyColors moneyColors(MoneyPalette palette, bool dark);

} // namespace tradebot
