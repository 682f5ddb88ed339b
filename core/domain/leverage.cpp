// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/domain/leverage.h"

#include <algorithm>

namespace tradebot {

using namespace Qt::StringLiterals;

namespace {

constexpr int highestLeverage = 125;

LeverageBracket bracket(int leverage, int floor, int cap, std::int64_t rateRaw, int deduction)
{
    return {leverage, Money::fromInteger(floor), Money::fromInteger(cap), Decimal::fromRaw(rateRaw),
            Money::fromInteger(deduction)};
}

} // namespace

Result<LeverageBrackets> LeverageBrackets::make(std::vector<LeverageBracket> brackets)
{
    Money begin;
    const LeverageBracket *before = nullptr;
    for (const LeverageBracket &next : brackets) {
        const QString which = u"the bracket from %1"_s.arg(next.floor.toString());
        if (next.floor != begin || next.cap <= next.floor)
            return fail(ErrorCode::InvalidInput, which + u" does not follow the one before it"_s);
        if (next.maximumLeverage < 1 || next.maximumLeverage > highestLeverage)
            return fail(ErrorCode::InvalidInput, which + u": its leverage must be between 1 and 125"_s);
        const bool falls = before != nullptr && next.maintenanceRate < before->maintenanceRate;
        if (!next.maintenanceRate.isPositive() || next.maintenanceRate >= Decimal::fromInteger(1) || falls)
            return fail(ErrorCode::InvalidInput,
                        which + u": its rate must be above 0, below 1 and not below the one before"_s);
        begin = next.cap;
        before = &next;
    }
    LeverageBrackets made;
    made.m_brackets = std::move(brackets);
    return made;
}

const LeverageBrackets &LeverageBrackets::usual()
{
    static const LeverageBrackets brackets =
            make({bracket(125, 0, 50'000, 400'000, 0), bracket(100, 50'000, 600'000, 500'000, 50),
                  bracket(75, 600'000, 3'000'000, 650'000, 950), bracket(50, 3'000'000, 12'000'000, 1'000'000, 11'450),
                  bracket(20, 12'000'000, 70'000'000, 2'500'000, 191'450),
                  bracket(10, 70'000'000, 2'000'000'000, 5'000'000, 1'941'450)})
                    .value_or(LeverageBrackets());
    return brackets;
}

const LeverageBracket &LeverageBrackets::bracketOf(Money notional) const
{
    const auto above = std::partition_point(m_brackets.begin(), m_brackets.end(),
                                            [notional](const LeverageBracket &row) { return row.cap <= notional; });
    return above == m_brackets.end() ? m_brackets.back() : *above;
}

Checked<Money> LeverageBrackets::maintenanceMargin(Money notional) const
{
    if (m_brackets.empty() || !notional.isPositive())
        return Money();
    const LeverageBracket &row = bracketOf(notional);
    return scaled(notional, row.maintenanceRate, Rounding::Ceiling) - Checked<Money>(row.deduction);
}

int LeverageBrackets::maximumLeverage(Money notional) const
{
    return m_brackets.empty() ? highestLeverage : bracketOf(notional).maximumLeverage;
}

} // namespace tradebot
