// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/tokens.h"

#include <array>

namespace tradebot {

using namespace Qt::StringLiterals;

namespace {

constexpr std::array table = {
        TokenValue{Token::Window, "window"_L1, 0xFF131519, 0xFFE9EBEF},
        TokenValue{Token::Panel, "panel"_L1, 0xFF191C21, 0xFFFBFBFC},
        TokenValue{Token::Raised, "raised"_L1, 0xFF22262D, 0xFFF1F2F5},
        TokenValue{Token::Hover, "hover"_L1, 0xFF1F2329, 0xFFF3F4F7},
        TokenValue{Token::Border, "border"_L1, 0xFF2B3038, 0xFFD8DBE1},
        TokenValue{Token::BorderStrong, "borderStrong"_L1, 0xFF6B7380, 0xFF7D848F},
        TokenValue{Token::Text, "text"_L1, 0xFFE4E7EB, 0xFF1A1D23},
        TokenValue{Token::Text2, "text2"_L1, 0xFFA3AAB5, 0xFF555C67},
        TokenValue{Token::Disabled, "disabled"_L1, 0xFF6B7280, 0xFF8D949E},
        TokenValue{Token::Accent, "accent"_L1, 0xFFABA0F2, 0xFF5344BC},
        TokenValue{Token::AccentFill, "accentFill"_L1, 0xFF6657C8, 0xFF5849C2},
        TokenValue{Token::OnAccent, "onAccent"_L1, 0xFFFFFFFF, 0xFFFFFFFF},
        TokenValue{Token::Focus, "focus"_L1, 0xFFB9B0FF, 0xFF5344BC},
        TokenValue{Token::Selection, "selection"_L1, 0xFF2A2D43, 0xFFE2E0F6},
        TokenValue{Token::SelectionInactive, "selectionInactive"_L1, 0xFF262A31, 0xFFE6E8EC},
        TokenValue{Token::DemoFill, "demoFill"_L1, 0xFF2D6BB4, 0xFF2A67AE},
        TokenValue{Token::OnDemo, "onDemo"_L1, 0xFFFFFFFF, 0xFFFFFFFF},
        TokenValue{Token::DemoEdge, "demoEdge"_L1, 0xFF2D6BB4, 0xFF2A67AE},
        TokenValue{Token::DemoText, "demoText"_L1, 0xFF82B6F2, 0xFF1D5A9E},
        TokenValue{Token::DemoTint, "demoTint"_L1, 0xFF182334, 0xFFE6EEF8},
        TokenValue{Token::LiveFill, "liveFill"_L1, 0xFFE9A227, 0xFFF0AB2E},
        TokenValue{Token::OnLive, "onLive"_L1, 0xFF1C1200, 0xFF1C1200},
        TokenValue{Token::LiveEdge, "liveEdge"_L1, 0xFFE9A227, 0xFFA66300},
        TokenValue{Token::LiveText, "liveText"_L1, 0xFFF0B44A, 0xFF8A5000},
        TokenValue{Token::LiveTint, "liveTint"_L1, 0xFF2B2317, 0xFFFCF1DC},
        TokenValue{Token::Danger, "danger"_L1, 0xFFFF7F9E, 0xFFAC1C4B},
        TokenValue{Token::DangerFill, "dangerFill"_L1, 0xFFBE2F56, 0xFFB8284F},
        TokenValue{Token::OnDanger, "onDanger"_L1, 0xFFFFFFFF, 0xFFFFFFFF},
        TokenValue{Token::DangerTint, "dangerTint"_L1, 0xFF301A23, 0xFFFBE8EE},
        TokenValue{Token::Running, "running"_L1, 0xFF45C4B0, 0xFF086E62},
        TokenValue{Token::Pending, "pending"_L1, 0xFFBFC6D0, 0xFF4B525D},
        TokenValue{Token::Paused, "paused"_L1, 0xFFB0B7C2, 0xFF555C67},
        TokenValue{Token::Stopping, "stopping"_L1, 0xFFBFC6D0, 0xFF4B525D},
        TokenValue{Token::Stopped, "stopped"_L1, 0xFF959DA9, 0xFF5B626D},
        TokenValue{Token::Error, "error"_L1, 0xFFFF7F9E, 0xFFAC1C4B},
        TokenValue{Token::Degraded, "degraded"_L1, 0xFFE3D05C, 0xFF6E5F00},
        TokenValue{Token::DegradedTint, "degradedTint"_L1, 0xFF29281A, 0xFFF7F3D9},
        TokenValue{Token::Grid, "grid"_L1, 0xFF23272E, 0xFFE9EBEF},
        TokenValue{Token::Axis, "axis"_L1, 0xFFA3AAB5, 0xFF555C67},
        TokenValue{Token::Crosshair, "crosshair"_L1, 0xFFA3AAB5, 0xFF555C67},
        TokenValue{Token::Equity, "equity"_L1, 0xFFC9CED6, 0xFF343A44},
        TokenValue{Token::Drawdown, "drawdown"_L1, 0xFF8C94A0, 0xFF6C737E},
        TokenValue{Token::IndicatorA, "indicatorA"_L1, 0xFFD0C8FF, 0xFF5344BC},
        TokenValue{Token::IndicatorB, "indicatorB"_L1, 0xFF7F8794, 0xFF7C838E},
        TokenValue{Token::Volume, "volume"_L1, 0xFF565E6B, 0xFF949BA6},
};

static_assert(table.size() == static_cast<std::size_t>(Token::Profit),
              "every token has a row, in the order of the enum");

struct PaletteRow
{
    MoneyColors dark;
    MoneyColors light;
};

// In the order of MoneyPalette.
constexpr std::array palettes = {
        PaletteRow{{0xFF5FD09A, 0xFFF07072, 0xFF35B57E, 0xFFCF4A4F}, {0xFF08683E, 0xFFC0262E, 0xFF1E8F5E, 0xFFCF4A4F}},
        PaletteRow{{0xFFF07072, 0xFF5FD09A, 0xFFCF4A4F, 0xFF35B57E}, {0xFFC0262E, 0xFF08683E, 0xFFCF4A4F, 0xFF1E8F5E}},
        PaletteRow{{0xFF62AEE6, 0xFFEE8048, 0xFF3B93D3, 0xFFD9662A}, {0xFF00659F, 0xFFA84300, 0xFF0072B2, 0xFFD55E00}},
        PaletteRow{{0xFFF2F4F7, 0xFFAEB5C0, 0xFFD5DAE1, 0xFF8C94A0}, {0xFF111318, 0xFF59606B, 0xFF3A404A, 0xFF7A818C}},
};

} // namespace

std::span<const TokenValue> tokenTable()
{
    return table;
}

MoneyColors moneyColors(MoneyPalette palette, bool dark)
{
    const PaletteRow &row = palettes.at(static_cast<std::size_t>(palette));
    return dark ? row.dark : row.light;
}

} // namespace tradebot
