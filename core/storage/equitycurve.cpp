// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/storage/equitycurve.h"

#include <algorithm>
#include <limits>

namespace tradebot {

using namespace Qt::StringLiterals;

namespace {

constexpr qint64 hour = 3'600'000;

qint64 startOfHour(qint64 time)
{
    return time - time % hour;
}

bool isWholeHours(qint64 from, qint64 to)
{
    return from % hour == 0 && to % hour == 0;
}

Result<EquityPoint> readPoint(Row &row)
{
    return EquityPoint{row.time(0), row.decimal<Money>(1)};
}

} // namespace

// With a single min() or max(), SQLite takes the other columns from the row that it found.
EquityCurve::EquityCurve(const Database &database)
    : m_samples(database,
                u"SELECT at, equity FROM equity WHERE bot_id = ? AND at >= ? AND at < ? ORDER BY at LIMIT ?"_s),
      m_first(database, u"SELECT at, equity FROM equity WHERE bot_id = ? AND at >= ? AND at < ? ORDER BY at LIMIT 1"_s),
      m_last(database, u"SELECT at, equity FROM equity WHERE bot_id = ? AND at >= ? AND at < ? "
                       "ORDER BY at DESC LIMIT 1"_s),
      m_low(database, u"SELECT at, min(equity) FROM equity WHERE bot_id = ? AND at >= ? AND at < ?"_s),
      m_high(database, u"SELECT at, max(equity) FROM equity WHERE bot_id = ? AND at >= ? AND at < ?"_s),
      m_lowOfHours(database,
                   u"SELECT low_at, min(low) FROM equity_hours WHERE bot_id = ? AND hour >= ? AND hour < ?"_s),
      m_highOfHours(database,
                    u"SELECT high_at, max(high) FROM equity_hours WHERE bot_id = ? AND hour >= ? AND hour < ?"_s)
{ }

Result<std::vector<EquityPoint>> EquityCurve::read(const EquityQuery &query)
{
    const Range range{query.bot, query.from ? toMilliseconds(*query.from) : std::numeric_limits<qint64>::min(),
                      query.to ? toMilliseconds(*query.to) : std::numeric_limits<qint64>::max()};
    auto all = m_samples.all<EquityPoint>(readPoint, range.bot, range.from, range.to, query.points + 1);
    if (!all || std::ssize(*all) <= query.points)
        return all;
    return reduced(range, query.points);
}

Result<std::vector<EquityPoint>> EquityCurve::reduced(const Range &range, int points)
{
    const auto first = point(m_first, range);
    const auto last = point(m_last, range);
    if (!first || !last)
        return fail(first ? last.error() : first.error());
    const qint64 end = toMilliseconds((*last)->time) + 1;
    const int buckets = std::max((points - 2) / 2, 1);
    qint64 start = toMilliseconds((*first)->time);
    qint64 length = (end - start) / buckets + 1;
    if (length >= hour) { // whole hours, whose extremes are known already
        start = startOfHour(start);
        length = startOfHour((end - start) / buckets + hour);
    }
    std::vector<EquityPoint> curve;
    curve.reserve(static_cast<std::size_t>(points));
    for (; start < end; start += length) {
        const Range bucket{range.bot, std::max(start, range.from), std::min(start + length, range.to)};
        if (auto done = addExtremes(curve, bucket); !done)
            return fail(done.error());
    }
    if (points < 4) // one bucket, and no room for the ends
        return curve;
    if (curve.front().time != (*first)->time)
        curve.insert(curve.begin(), **first);
    if (curve.back().time != (*last)->time)
        curve.push_back(**last);
    return curve;
}

Result<void> EquityCurve::addExtremes(std::vector<EquityPoint> &points, const Range &range)
{
    const bool whole = isWholeHours(range.from, range.to);
    const auto low = point(whole ? m_lowOfHours : m_low, range);
    const auto high = point(whole ? m_highOfHours : m_high, range);
    if (!low || !high)
        return fail(low ? high.error() : low.error());
    if (!*low || !*high)
        return {};
    const bool lowFirst = (*low)->time <= (*high)->time;
    points.push_back(lowFirst ? **low : **high);
    if ((*low)->time != (*high)->time)
        points.push_back(lowFirst ? **high : **low);
    return {};
}

Result<std::optional<EquityPoint>> EquityCurve::point(Statement &statement, const Range &range)
{
    std::optional<EquityPoint> found;
    auto take = [&found](Row &row) -> Result<void> {
        if (!row.isNull(0))
            found = EquityPoint{row.time(0), row.decimal<Money>(1)};
        return {};
    };
    if (auto done = statement.each(take, range.bot, range.from, range.to); !done)
        return fail(done.error());
    return found;
}

} // namespace tradebot
