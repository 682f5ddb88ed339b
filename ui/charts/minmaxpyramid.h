// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QPointF>

#include <cstddef>
#include <span>
#include <vector>

namespace tradebot {

/// A long line, kept with the minima and maxima of its parts, so that what a screen can show of it is found without
/// looking at every point. x never descends.
class MinMaxPyramid final
{
public:
    MinMaxPyramid() = default;
    explicit MinMaxPyramid(std::vector<QPointF> points);

    /// Adds a point at the end; one whose x lies before the last is put at the last x.
    void append(QPointF point);

    [[nodiscard]] bool isEmpty() const { return m_points.empty(); }
    [[nodiscard]] size_t size() const { return m_points.size(); }
    [[nodiscard]] const std::vector<QPointF> &points() const { return m_points; }

    struct Extremes
    {
        size_t minimum = 0; ///< index of the first lowest point
        size_t maximum = 0; ///< index of the first highest point
    };
    /// Of the points [begin, end), which must not be empty. O(log n).
    [[nodiscard]] Extremes extremes(size_t begin, size_t end) const;
    /// The first point with x at or after this one; size() when there is none.
    [[nodiscard]] size_t lowerBound(double x) const;

    /// The line within [fromX, toX] with at most 2 × columns points: its first and last point, and the lowest and
    /// highest of each column, in their order. Unreduced where that is few enough. columns is 2 or more.
    [[nodiscard]] std::vector<QPointF> reduced(double fromX, double toX, int columns) const;

private:
    struct Node
    {
        std::uint32_t minimum = 0;
        std::uint32_t maximum = 0;
    };
    [[nodiscard]] Node joined(Node a, Node b) const;
    void include(Extremes &found, Node node) const;
    void rebuildNode(size_t level, size_t node);
    void build();

    std::vector<QPointF> m_points;
    std::vector<std::vector<Node>> m_levels; ///< level k holds a node for every fanOut^(k+1) points
};

} // namespace tradebot
