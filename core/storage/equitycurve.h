// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/api/historyreader.h"
#include "core/storage/statement.h"

namespace tradebot {

/// Reads a bot's equity over time, reduced to what a chart can show. The time it takes grows with the points asked for,
/// not with the samples that there are.
class EquityCurve final
{
public:
    explicit EquityCurve(const Database &database);

    /// All samples of the range when they are at most query.points; else the first, the last, and the lowest and the
    /// highest of equal spans of time.
    [[nodiscard]] Result<std::vector<EquityPoint>> read(const EquityQuery &query);

private:
    struct Range
    {
        BotId bot;
        qint64 from = 0; ///< milliseconds
        qint64 to = 0;   ///< not included
    };
    [[nodiscard]] Result<std::vector<EquityPoint>> reduced(const Range &range, int points);
    /// Adds the lowest and the highest point of a range, in the order in which they came; nothing when there is none.
    [[nodiscard]] Result<void> addExtremes(std::vector<EquityPoint> &points, const Range &range);
    [[nodiscard]] Result<std::optional<EquityPoint>> point(Statement &statement, const Range &range);

    Statement m_samples;
    Statement m_first;
    Statement m_last;
    Statement m_low;
    Statement m_high;
    Statement m_lowOfHours;
    Statement m_highOfHours;
};

} // namespace tradebot
