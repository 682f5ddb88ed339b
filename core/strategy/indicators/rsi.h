// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/strategy/indicators/movingaverages.h"

#include <algorithm>

namespace tradebot {

/// Wilder's relative strength index, 0 to 100: 100 × average gain ÷ (average gain + average loss); 0 when
/// nothing has moved. Ready from the value after the first N.
class Rsi final
{
public:
    explicit Rsi(int period) noexcept : m_gain(period), m_loss(period) { }

    void update(double value) noexcept
    {
        const double change = value - m_previous;
        m_previous = value;
        if (!m_hasPrevious) [[unlikely]] {
            m_hasPrevious = true;
            return;
        }
        m_gain.update(std::max(change, 0.0));
        m_loss.update(std::max(-change, 0.0));
    }
    [[nodiscard]] bool isReady() const noexcept { return m_gain.isReady(); }
    [[nodiscard]] double value() const noexcept { return hasMovement() ? 100 * m_gain.value() / movement() : 0; }
    /// False when nothing has moved: value() is 0 then, which says nothing about the market.
    [[nodiscard]] bool hasMovement() const noexcept { return movement() > nothing; }

private:
    /// Far below any price step: what is left of old movements after a long flat stretch (TA-Lib's limit).
    static constexpr double nothing = 1e-14;
    [[nodiscard]] double movement() const noexcept { return m_gain.value() + m_loss.value(); }

    WilderAverage m_gain;
    WilderAverage m_loss;
    double m_previous = 0;
    bool m_hasPrevious = false;
};

} // namespace tradebot
