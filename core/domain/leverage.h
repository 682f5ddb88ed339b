// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/decimal.h"

#include <QByteArray>
#include <QString>

#include <vector>

namespace tradebot {

/// A range of position sizes of a futures contract: how far it may be levered, and what must stay as margin.
struct LeverageBracket
{
    int maximumLeverage = 1; ///< 1 to 125
    Money floor;             ///< of the position's notional, inclusive
    Money cap;               ///< exclusive; the last bracket's takes in all that is larger
    Decimal maintenanceRate; ///< fraction of the notional
    Money deduction;         ///< makes the margin continuous over the brackets ("cum")
    friend bool operator==(const LeverageBracket &, const LeverageBracket &) = default;
};

/// The brackets of one contract, ascending from 0. None: no maintenance margin and no limit.
class LeverageBrackets final
{
public:
    LeverageBrackets() = default;
    /// InvalidInput when they do not begin at 0, leave gaps, or fall in size or rate.
    [[nodiscard]] static Result<LeverageBrackets> make(std::vector<LeverageBracket> brackets);
    /// What contracts have of which nothing better is known: maintenance 0.4 % and more, leverage up to 125.
    [[nodiscard]] static const LeverageBrackets &usual();

    [[nodiscard]] bool isEmpty() const { return m_brackets.empty(); }
    [[nodiscard]] const std::vector<LeverageBracket> &brackets() const { return m_brackets; }
    /// notional × rate − deduction of its bracket, rounded up; what a position must keep as margin.
    [[nodiscard]] Checked<Money> maintenanceMargin(Money notional) const;
    /// 125 where there are no brackets.
    [[nodiscard]] int maximumLeverage(Money notional) const;

    friend bool operator==(const LeverageBrackets &, const LeverageBrackets &) = default;

private:
    [[nodiscard]] const LeverageBracket &bracketOf(Money notional) const;

    std::vector<LeverageBracket> m_brackets;
};

} // namespace tradebot
