// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/protectionguard.h"

#include <algorithm>

namespace tradebot {

namespace {

Price distance(const std::optional<StopRule> &rule, Price entry, Price atr)
{
    if (!rule)
        return {};
    const auto length = rule->kind == StopKind::Percent ? percentOf(entry, rule->value, Rounding::HalfEven)
                                                        : scaled(atr, rule->value, Rounding::HalfEven);
    return length.valueOr(Price());
}

/// entry ± length, on the price step, rounded away from the entry; 0 when it would not be a price.
Price level(Price entry, Price length, bool above, Price step)
{
    if (length.isZero())
        return {};
    const auto exact = (above ? entry + length : entry - length).value();
    if (!exact || !exact->isPositive())
        return {};
    return roundToStep(*exact, step, above ? Rounding::Ceiling : Rounding::Floor).valueOr(Price());
}

} // namespace

Protection ProtectionGuard::atEntry(const BotConfig &config, const Instrument &instrument, PositionSide side,
                                    Price entry, Price atr)
{
    const bool isLong = side == PositionSide::Long;
    Protection protection;
    protection.stopLoss = level(entry, distance(config.stopLoss, entry, atr), !isLong, instrument.priceStep);
    protection.takeProfit = level(entry, distance(config.takeProfit, entry, atr), isLong, instrument.priceStep);
    protection.maximumSinceEntry = entry;
    protection.minimumSinceEntry = entry;
    const auto waits = [&](const std::optional<StopRule> &rule) { return rule && rule->kind == StopKind::Atr; };
    protection.awaitsAtr = atr.isZero() && (waits(config.stopLoss) || waits(config.takeProfit));
    if (!config.trailingStop)
        return protection;
    ProtectionGuard guard;
    Position position;
    position.side = side;
    position.quantity = Quantity::fromInteger(1);
    position.cost = Money::fromRaw(entry.raw());
    guard.watch(config, instrument, position, protection);
    guard.moveTrailing(entry);
    return guard.protection();
}

Price ProtectionGuard::stopDistance(const BotConfig &config, Price entry, Price atr)
{
    return distance(config.stopLoss, entry, atr);
}

void ProtectionGuard::watch(const BotConfig &config, const Instrument &instrument, const Position &position,
                            const Protection &protection)
{
    m_side = position.side;
    m_priceStep = instrument.priceStep;
    m_trailing = protection.trailingIsOff ? std::nullopt : config.trailingStop;
    m_entry = m_trailing ? position.entryPrice() : Price();
    m_protection = protection;
    m_hasLevels = m_trailing || !protection.stopLoss.isZero() || !protection.takeProfit.isZero()
                  || !protection.trailingStop.isZero();
}

std::optional<ProtectionHit> ProtectionGuard::at(Price price)
{
    if (m_side == PositionSide::Flat)
        return std::nullopt;
    moveExtremes(price);
    if (auto hit = stopHit(price))
        return hit;
    return targetHit(price);
}

std::optional<ProtectionHit> ProtectionGuard::along(Price from, Price to)
{
    if (m_side == PositionSide::Flat)
        return std::nullopt;
    const bool inFavour = (to > from) == (m_side == PositionSide::Long);
    if (inFavour) {
        moveExtremes(to);
        return targetHit(to);
    }
    auto hit = stopHit(to);
    moveExtremes(to);
    return hit;
}

void ProtectionGuard::moveExtremes(Price price)
{
    if (price > m_protection.maximumSinceEntry) {
        m_protection.maximumSinceEntry = price;
        if (m_side == PositionSide::Long)
            moveTrailing(price);
    }
    if (price < m_protection.minimumSinceEntry) {
        m_protection.minimumSinceEntry = price;
        if (m_side == PositionSide::Short)
            moveTrailing(price);
    }
}

void ProtectionGuard::moveTrailing(Price best)
{
    if (!m_trailing)
        return;
    const bool isLong = m_side == PositionSide::Long;
    const auto needed = percentOf(m_entry, m_trailing->activationPercent, Rounding::HalfEven).value();
    const auto gained = (isLong ? best - m_entry : m_entry - best).value();
    if (!needed || !gained || *gained < *needed)
        return;
    const Price length = percentOf(best, m_trailing->percent, Rounding::HalfEven).valueOr(Price());
    const Price next = level(best, length, !isLong, m_priceStep);
    const Price current = m_protection.trailingStop;
    if (!next.isZero() && (current.isZero() || (isLong ? next > current : next < current)))
        m_protection.trailingStop = next;
}

std::optional<ProtectionHit> ProtectionGuard::stopHit(Price price) const
{
    const bool isLong = m_side == PositionSide::Long;
    const Price stop = m_protection.stopLoss;
    const Price trailing = m_protection.trailingStop;
    const auto isHit = [&](Price guard) { return !guard.isZero() && (isLong ? price <= guard : price >= guard); };
    // The one nearer to the market is met first.
    const bool trailingIsNearer = !trailing.isZero() && (stop.isZero() || (isLong ? trailing > stop : trailing < stop));
    if (trailingIsNearer && isHit(trailing))
        return ProtectionHit{OrderPurpose::TrailingStop, trailing};
    if (isHit(stop))
        return ProtectionHit{OrderPurpose::StopLoss, stop};
    if (isHit(trailing))
        return ProtectionHit{OrderPurpose::TrailingStop, trailing};
    return std::nullopt;
}

std::optional<ProtectionHit> ProtectionGuard::targetHit(Price price) const
{
    const Price target = m_protection.takeProfit;
    const bool isHit = !target.isZero() && (m_side == PositionSide::Long ? price >= target : price <= target);
    return isHit ? std::optional(ProtectionHit{OrderPurpose::TakeProfit, target}) : std::nullopt;
}

} // namespace tradebot
