// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <Qt>

namespace tradebot {

/// So many rows of history a model asks for at once.
constexpr int chunkRows = 256;

/// What the models of trades, events and orders tell beside their text.
enum HistoryRole {
    BotIdRole = Qt::UserRole, ///< qint64
    SortRole,                 ///< the raw value of the cell
    OutcomeRole,              ///< int, the sign of a gain or loss: painted with arrow and colour
    IconRole,                 ///< name of an icon before the text
    TokenRole,                ///< int, a Token: the colour of icon and text
    StrongRole,               ///< bool: a name, painted with more weight
    CopyRole,                 ///< text for the clipboard: no ellipsis, no grouping
};

} // namespace tradebot
