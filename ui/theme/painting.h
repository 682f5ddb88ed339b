// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/domain/botsnapshot.h"
#include "ui/theme/theme.h"

#include <QPainter>
#include <QRect>
#include <QString>

namespace tradebot {

/// The seven states as a person sees them: the status, or Degraded where a working bot is not well.
enum class ShownState { Running, Pending, Paused, Stopping, Stopped, Error, Degraded };

[[nodiscard]] ShownState shownState(const BotState &state);
[[nodiscard]] Token stateToken(ShownState state);
[[nodiscard]] QString stateIcon(ShownState state); ///< "state-running"
[[nodiscard]] QString stateWord(ShownState state); ///< "Running", translated
/// Why, shortly: "order rejected", "price is 14.8 s old", "daily limit: no entries today"; empty when there is nothing
/// to say.
[[nodiscard]] QString stateReason(const BotState &state);
[[nodiscard]] QString modeWord(Mode mode); ///< DEMO, LIVE; never translated

/// Icon, word, reason; returns the width used.
int paintStatus(QPainter &painter, const QRect &rect, const Theme &theme, ShownState state, const QString &reason,
                bool withIcon = true);
/// A pill of 16 px: live filled, demo outlined. Returns its width; rect says left edge and vertical middle.
int paintModeBadge(QPainter &painter, const QRect &rect, const Theme &theme, Mode mode);
[[nodiscard]] int modeBadgeWidth(const Theme &theme, Mode mode);
/// A triangle of 7 px that points up for positive and down for negative amounts; nothing for 0.
void paintArrow(QPainter &painter, const QPointF &middle, const Theme &theme, std::int64_t sign, const QColor &color);
/// Arrow, sign, number in its colour, right aligned; "—" for an unknown one. The left end of what was painted.
int paintMoney(QPainter &painter, const QRect &rect, const Theme &theme, const std::optional<Money> &amount,
               int decimals, FontRole role = FontRole::Table);
/// Text cut with an ellipsis where it does not fit.
void paintText(QPainter &painter, const QRect &rect, const QString &text, Qt::Alignment alignment = Qt::AlignLeft);
/// Over an empty table: what is not there, and why or what to do.
void paintEmptyText(QPainter &painter, const QRect &rect, const Theme &theme, const QString &heading,
                    const QString &text);
/// The ring round the row or cell that has the keyboard.
void paintRowFocus(QPainter &painter, const QRect &rect, const Theme &theme);

} // namespace tradebot
