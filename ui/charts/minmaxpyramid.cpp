// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/minmaxpyramid.h"

#include <algorithm>

namespace tradebot {

namespace {

constexpr size_t fanOut = 8;

} // namespace

MinMaxPyramid::MinMaxPyramid(std::vector<QPointF> points) : m_points(std::move(points))
{
    build();
}

MinMaxPyramid::Node MinMaxPyramid::joined(Node a, Node b) const
{
    // The earlier one wins a draw, so that a plateau keeps its first point.
    return {m_points[b.minimum].y() < m_points[a.minimum].y() ? b.minimum : a.minimum,
            m_points[b.maximum].y() > m_points[a.maximum].y() ? b.maximum : a.maximum};
}

void MinMaxPyramid::rebuildNode(size_t level, size_t node)
{
    const size_t below = level == 0 ? m_points.size() : m_levels[level - 1].size();
    const size_t begin = node * fanOut;
    const size_t end = std::min(begin + fanOut, below);
    const auto at = [&](size_t i) {
        return level == 0 ? Node{static_cast<std::uint32_t>(i), static_cast<std::uint32_t>(i)} : m_levels[level - 1][i];
    };
    Node result = at(begin);
    for (size_t i = begin + 1; i < end; ++i)
        result = joined(result, at(i));
    m_levels[level][node] = result;
}

void MinMaxPyramid::build()
{
    m_levels.clear();
    for (size_t below = m_points.size(); below > 1;) {
        const size_t nodes = (below + fanOut - 1) / fanOut;
        m_levels.emplace_back(nodes);
        for (size_t i = 0; i < nodes; ++i)
            rebuildNode(m_levels.size() - 1, i);
        below = nodes;
    }
}

void MinMaxPyramid::append(QPointF point)
{
    if (!m_points.empty() && point.x() < m_points.back().x())
        point.setX(m_points.back().x());
    m_points.push_back(point);
    size_t below = m_points.size();
    for (size_t level = 0; below > 1; ++level) {
        const size_t nodes = (below + fanOut - 1) / fanOut;
        if (level == m_levels.size())
            m_levels.emplace_back();
        m_levels[level].resize(nodes);
        rebuildNode(level, nodes - 1);
        below = nodes;
    }
}

void MinMaxPyramid::include(Extremes &found, Node node) const
{
    const double low = m_points[node.minimum].y();
    const double high = m_points[node.maximum].y();
    if (low < m_points[found.minimum].y() || (low == m_points[found.minimum].y() && node.minimum < found.minimum))
        found.minimum = node.minimum;
    if (high > m_points[found.maximum].y() || (high == m_points[found.maximum].y() && node.maximum < found.maximum))
        found.maximum = node.maximum;
}

MinMaxPyramid::Extremes MinMaxPyramid::extremes(size_t begin, size_t end) const
{
    Extremes found{begin, begin};
    const auto includeRange = [&](size_t level, size_t from, size_t to) {
        for (size_t i = from; i < to; ++i) {
            const auto index = static_cast<std::uint32_t>(i);
            include(found, level == 0 ? Node{index, index} : m_levels[level - 1][i]);
        }
    };
    // Ragged ends on each level, whole nodes one level up.
    for (size_t level = 0;; ++level) {
        const size_t nextBegin = (begin + fanOut - 1) / fanOut;
        const size_t nextEnd = end / fanOut;
        if (level >= m_levels.size() || nextBegin >= nextEnd) {
            includeRange(level, begin, end);
            return found;
        }
        includeRange(level, begin, nextBegin * fanOut);
        includeRange(level, nextEnd * fanOut, end);
        begin = nextBegin;
        end = nextEnd;
    }
}

size_t MinMaxPyramid::lowerBound(double x) const
{
    const auto found = std::lower_bound(m_points.begin(), m_points.end(), x,
                                        [](const QPointF &point, double wanted) { return point.x() < wanted; });
    return static_cast<size_t>(found - m_points.begin());
}

std::vector<QPointF> MinMaxPyramid::reduced(double fromX, double toX, int columns) const
{
    std::vector<QPointF> line;
    const size_t begin = lowerBound(fromX);
    size_t end = lowerBound(toX);
    while (end < m_points.size() && m_points[end].x() <= toX)
        ++end;
    if (begin >= end)
        return line;
    const auto most = static_cast<size_t>(columns) * 2;
    if (end - begin <= most) {
        line.assign(m_points.begin() + static_cast<std::ptrdiff_t>(begin),
                    m_points.begin() + static_cast<std::ptrdiff_t>(end));
        return line;
    }

    line.reserve(most);
    line.push_back(m_points[begin]);
    const int inner = columns - 1; // two points are kept for the ends
    size_t from = begin + 1;
    for (int column = 0; column < inner && from < end - 1; ++column) {
        const double edge = fromX + (toX - fromX) * (column + 1) / inner;
        const size_t to = column == inner - 1 ? end - 1 : std::min(lowerBound(edge), end - 1);
        if (to <= from)
            continue;
        const Extremes found = extremes(from, to);
        line.push_back(m_points[std::min(found.minimum, found.maximum)]);
        if (found.minimum != found.maximum)
            line.push_back(m_points[std::max(found.minimum, found.maximum)]);
        from = to;
    }
    line.push_back(m_points[end - 1]);
    return line;
}

} // namespace tradebot
