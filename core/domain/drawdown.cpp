// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/domain/drawdown.h"

namespace tradebot {

namespace {

std::optional<double> percentBelow(Money peak, Money low)
{
    if (!peak.isPositive())
        return std::nullopt;
    return 100.0 * (1.0 - static_cast<double>(low.raw()) / static_cast<double>(peak.raw()));
}

/// nullopt when the fall does not fit into money.
std::optional<EquityDrawdown> fallBetween(const EquityPoint &peak, const EquityPoint &low)
{
    const auto amount = (peak.equity - low.equity).value();
    if (!amount)
        return std::nullopt;
    return EquityDrawdown{*amount, percentBelow(peak.equity, low.equity), peak, low, {}};
}

bool isOpenSince(const std::optional<EquityDrawdown> &drawdown, const EquityPoint &peak)
{
    return drawdown && drawdown->peak == peak && !drawdown->recovered;
}

} // namespace

void DrawdownTracker::add(const EquityPoint &point)
{
    m_newest = point;
    if (!m_peak || point.equity >= m_peak->equity) {
        recover(point.time);
        if (!m_peak || point.equity > m_peak->equity)
            m_peak = point;
        return;
    }
    const auto fall = fallBetween(*m_peak, point);
    if (!fall) {
        m_overflowed = true;
        return;
    }
    if (!m_deepest || fall->amount > m_deepest->amount)
        m_deepest = fall;
    if (fall->percent && (!m_deepestPart || *fall->percent > *m_deepestPart->percent))
        m_deepestPart = fall;
}

void DrawdownTracker::recover(Timestamp time)
{
    for (auto *drawdown : {&m_deepest, &m_deepestPart}) {
        if (m_peak && isOpenSince(*drawdown, *m_peak))
            (*drawdown)->recovered = time;
    }
}

bool DrawdownTracker::isPending() const
{
    return isOpenSince(m_deepest, *m_peak) || isOpenSince(m_deepestPart, *m_peak);
}

bool DrawdownTracker::isDeeper(Money peak, Money low) const
{
    const auto fall = fallBetween({{}, peak}, {{}, low});
    if (!fall)
        return true;
    if (fall->amount > (m_deepest ? m_deepest->amount : Money()))
        return true;
    return fall->percent && *fall->percent > (m_deepestPart ? *m_deepestPart->percent : 0.0);
}

// Below the peak only the lowest sample matters. Where the peak is reached or passed, the stretch may hold the date of
// a recovery, or a fall from any height up to its highest sample: the fall in percent is monotone in that height, so
// that the two ends bound it.
bool DrawdownTracker::needsSamples(const EquityExtremes &extremes) const
{
    if (!m_peak)
        return true;
    if (extremes.high.equity < m_peak->equity)
        return false;
    return isPending() || isDeeper(m_peak->equity, extremes.low.equity)
           || isDeeper(extremes.high.equity, extremes.low.equity);
}

void DrawdownTracker::addExtremes(const EquityExtremes &extremes)
{
    const bool isRise = m_peak && extremes.high.equity > m_peak->equity;
    add(isRise ? extremes.high : extremes.low);
}

std::optional<EquityDrawdown> DrawdownTracker::current() const
{
    if (!m_peak)
        return std::nullopt;
    return fallBetween(*m_peak, *m_newest);
}

} // namespace tradebot
