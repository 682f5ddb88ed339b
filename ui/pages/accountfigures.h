// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/charts/equitycurve.h"
#include "ui/format/timeformat.h"
#include "ui/models/botrow.h"
#include "ui/models/livefeed.h"
#include "ui/pages/kpistrip.h"

#include <map>
#include <vector>

namespace tradebot {

/// What closed trades came to.
struct TradeStatistics
{
    static constexpr int enough = 30; ///< below, rates say nothing

    qint64 trades = 0;
    qint64 wins = 0;
    Checked<Money> won{Money()};  ///< sum of nets above 0
    Checked<Money> lost{Money()}; ///< sum of nets below 0, as a positive amount

    void add(const Trade &trade);
};

/// What the bots of one account come to at this moment.
struct AccountFigures
{
    int bots = 0;
    int running = 0;
    int positions = 0;
    Checked<Money> initial{Money()};
    std::optional<Money> equity;     ///< empty while a bot's is not known
    std::optional<Money> unrealised; ///< empty while a bot's is not known
    Checked<Money> today{Money()};
    Timestamp day;         ///< when the trading day began
    QString unknownReason; ///< why equity is not known
};

[[nodiscard]] AccountFigures figuresOf(const std::map<BotId, SnapshotPointer> &bots, const AccountKey &account);

/// The strip of figures. statistics and drawdown are those of `span` ("30 days"); empty while they are being read.
[[nodiscard]] std::vector<KpiFigure> kpiFigures(const AccountFigures &account, const QString &currency,
                                                const QString &span, const std::optional<TradeStatistics> &statistics,
                                                const std::optional<DrawdownFigures> &drawdown, const TimeFormat &time);

} // namespace tradebot
