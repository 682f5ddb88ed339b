// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/domain/botsnapshot.h"

#include <optional>

namespace tradebot {

/// A fall of the equity below its highest value before.
struct EquityDrawdown
{
    Money amount;                  ///< peak − trough, 0 or more
    std::optional<double> percent; ///< of the peak; unknown for a peak of 0 or less
    EquityPoint peak;              ///< its time: when that value was first reached
    EquityPoint trough;
    std::optional<Timestamp> recovered; ///< when the equity first stood at the peak again
    friend bool operator==(const EquityDrawdown &, const EquityDrawdown &) = default;
};

/// The lowest and the highest sample of a stretch of time, each where it first came.
struct EquityExtremes
{
    EquityPoint low;
    EquityPoint high;
};

/// Finds the deepest drawdowns of an equity curve in one pass and without keeping it. Samples come in order of time.
class DrawdownTracker final
{
public:
    void add(const EquityPoint &point);

    /// Whether addExtremes() could lose a date or a depth that the samples of that stretch hold.
    [[nodiscard]] bool needsSamples(const EquityExtremes &extremes) const;
    /// In place of the samples of a stretch, where needsSamples() says no. current() wants the newest sample as such.
    void addExtremes(const EquityExtremes &extremes);

    [[nodiscard]] const std::optional<EquityDrawdown> &deepest() const { return m_deepest; }            ///< in money
    [[nodiscard]] const std::optional<EquityDrawdown> &deepestPercent() const { return m_deepestPart; } ///< in percent
    /// The newest sample against the highest before; its trough is the newest sample. An amount of 0 at the peak.
    [[nodiscard]] std::optional<EquityDrawdown> current() const;
    [[nodiscard]] const std::optional<EquityPoint> &newest() const { return m_newest; }
    /// A fall did not fit into money.
    [[nodiscard]] bool overflowed() const { return m_overflowed; }

private:
    void recover(Timestamp time);
    [[nodiscard]] bool isPending() const;
    [[nodiscard]] bool isDeeper(Money peak, Money low) const;

    std::optional<EquityPoint> m_peak;
    std::optional<EquityPoint> m_newest;
    std::optional<EquityDrawdown> m_deepest;
    std::optional<EquityDrawdown> m_deepestPart;
    bool m_overflowed = false;
};

} // namespace tradebot
