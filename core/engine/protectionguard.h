// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/domain/botconfig.h"
#include "core/domain/botstate.h"

#include <algorithm>
#include <optional>

namespace tradebot {

/// A guard's word that a position has to be closed, and the level that said so.
struct ProtectionHit
{
    OrderPurpose purpose = OrderPurpose::StopLoss;
    Price level;
};

/// Watches the stop, the target and the trailing stop of one open position. Plain; the caller records and trades.
class ProtectionGuard final
{
public:
    /// Levels at entry: percent rules count from the entry price, ATR rules from the ATR of that moment (0: unknown,
    /// then such a rule sets no level and the protection waits for it). Prices are rounded to the step away from the
    /// entry.
    [[nodiscard]] static Protection atEntry(const BotConfig &config, const Instrument &instrument, PositionSide side,
                                            Price entry, Price atr);
    /// How far the stop loss lies from an entry at this price; 0 when there is none.
    [[nodiscard]] static Price stopDistance(const BotConfig &config, Price entry, Price atr);

    void watch(const BotConfig &config, const Instrument &instrument, const Position &position,
               const Protection &protection);
    void reset()
    {
        m_side = PositionSide::Flat;
        m_hasLevels = false;
    }
    [[nodiscard]] const Protection &protection() const { return m_protection; }
    [[nodiscard]] bool isWatching() const { return m_side != PositionSide::Flat; }

    /// A price of the market: moves the extremes and the trailing stop, then says whether a level is hit.
    [[nodiscard]] std::optional<ProtectionHit> at(Price price);
    /// The price went steadily from one value to another, as inside a candle: the first level on the way is hit.
    [[nodiscard]] std::optional<ProtectionHit> along(Price from, Price to);
    /// Whether there is any level at all; without one only the extremes matter.
    [[nodiscard]] bool hasLevels() const { return m_hasLevels; }
    /// Takes in a range of prices when there are no levels.
    void cover(Price low, Price high)
    {
        m_protection.maximumSinceEntry = std::max(m_protection.maximumSinceEntry, high);
        m_protection.minimumSinceEntry = std::min(m_protection.minimumSinceEntry, low);
    }

private:
    void moveExtremes(Price price);
    void moveTrailing(Price best);
    [[nodiscard]] std::optional<ProtectionHit> stopHit(Price price) const;
    [[nodiscard]] std::optional<ProtectionHit> targetHit(Price price) const;

    PositionSide m_side = PositionSide::Flat;
    Price m_entry; ///< 0 without a trailing stop, which alone counts from it
    Price m_priceStep;
    std::optional<TrailingStopRule> m_trailing;
    Protection m_protection;
    bool m_hasLevels = false;
};

} // namespace tradebot
