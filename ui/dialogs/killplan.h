// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/domain/command.h"
#include "ui/models/livefeed.h"

#include <QString>

#include <optional>
#include <vector>

namespace tradebot {

/// Whom the kill switch would be pulled for, and what these bots hold at this moment.
struct KillTarget
{
    KillScope scope = KillScope::Everything;
    BotId around;  ///< of the scopes bot and account
    QString title; ///< "BTC trend", "account Paper", "everything"
    std::vector<SnapshotPointer> bots;

    [[nodiscard]] bool hasLiveBots() const;
    [[nodiscard]] qint64 positions() const;
    [[nodiscard]] qint64 orders() const;
    [[nodiscard]] qint64 protectiveOrders() const; ///< of these, those that can only reduce a position
};

/// The bots of this owner that the engine would take for a scope; empty when there is no such bot. An account is what
/// the engine takes for one: owner, exchange, mode and key, in all currencies.
[[nodiscard]] std::optional<KillTarget> killTarget(const LiveFeed &live, UserId owner, KillScope scope, BotId around);
/// "8 bots, 6 positions, 14 orders".
[[nodiscard]] QString killCounts(const KillTarget &target);
/// What a level does to these positions and orders, and what stays.
[[nodiscard]] QString killConsequence(const KillTarget &target, KillLevel level, bool includesProtection);
/// "Pause entries".
[[nodiscard]] QString killWord(KillLevel level);

} // namespace tradebot
