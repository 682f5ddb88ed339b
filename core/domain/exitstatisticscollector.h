// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/domain/botevent.h"

#include <map>
#include <optional>

namespace tradebot {

/// Orders that have closed a position or a part of it, and what they amount to.
struct ExitStatistics
{
    qint64 count = 0;
    qint64 wins = 0;   ///< net above 0
    qint64 losses = 0; ///< net below 0; the rest broke even
    Money net;         ///< realised − fees; funding is in none of them

    /// wins ÷ count, 0 to 1; empty without an exit.
    [[nodiscard]] std::optional<double> winRate() const
    {
        return count == 0 ? std::nullopt : std::optional(static_cast<double>(wins) / static_cast<double>(count));
    }
    friend bool operator==(const ExitStatistics &, const ExitStatistics &) = default;
};

/// Counts exits, where trades say too little: a bot that sells in parts has a trade, from flat to flat, once in a
/// while. An exit counts with what it realised against the average entry, less its own fee and its share of what the
/// entries had cost in fees.
class ExitStatisticsCollector final
{
public:
    /// The facts of one bot, in their order; those that move no position count for nothing.
    void add(const EventPayload &fact);
    /// Fills of one bot, in their order. `order` is its state after the fill; `realised` what the fill has realised
    /// before fees.
    void add(const Order &order, const Fill &fill, Money realised);
    /// What was held is gone without a fill.
    void forgetPosition();
    /// Those whose order has ended, and what has filled of those that have not. Overflow when a sum leaves the range.
    [[nodiscard]] Result<ExitStatistics> result() const;

private:
    void addEntry(const Fill &fill, Quantity opened, Checked<Money> fee);
    void addExit(const Order &order, Checked<Money> net);
    static void count(ExitStatistics &exits, Money net);

    PositionSide m_side = PositionSide::Flat;
    Quantity m_held;
    Money m_entryFees; ///< of what is held
    ExitStatistics m_ended;
    Checked<Money> m_net = Money();
    std::map<ClientOrderId, Money> m_open; ///< net of exits that are still being filled
    bool m_overflowed = false;
};

} // namespace tradebot
