// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtGlobal>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <tuple>
#include <utility>
#include <vector>

namespace tradebot {

/// The newest N values, sorted: their mean, and how far they lie from it on average, O(log N) for each value. (A mean
/// absolute deviation cannot be had from sums alone: which values lie below the mean changes with the mean.) A treap
/// (Seidel and Aragon, Algorithmica 16, 1996) over the places of a ring, each node with the sum of its subtree.
class RankedWindow final
{
public:
    explicit RankedWindow(int length) : m_nodes(static_cast<std::size_t>(length)) { Q_ASSERT(length > 0); }

    void update(double value) noexcept
    {
        m_equalCount = value == m_newest ? m_equalCount + 1 : 1;
        m_newest = value;
        if (m_isFull)
            m_root = without(m_root, m_next);
        m_nodes[m_next].value = value - m_base;
        m_root = with(m_root, m_next);
        if (++m_next == m_nodes.size()) [[unlikely]]
            turn();
    }
    [[nodiscard]] bool isReady() const noexcept { return m_isFull; }
    /// What the newest value is above the mean; exactly 0 among equal ones.
    [[nodiscard]] double newestFromMean() const noexcept { return areEqual() ? 0 : m_newest - m_base - mean(); }
    [[nodiscard]] double meanDeviation() const noexcept
    {
        if (areEqual())
            return 0;
        // The distances of those below and of those above the mean have the same sum.
        const double middle = mean();
        double sum = 0;
        double count = 0;
        for (std::size_t at = m_root; at != none;) {
            const Node &node = m_nodes[at];
            if (node.value < middle) {
                sum += node.value + sumOf(node.left);
                count += 1 + countOf(node.left);
                at = node.right;
            } else {
                at = node.left;
            }
        }
        return 2 * (count * middle - sum) / length();
    }

private:
    static constexpr std::size_t none = SIZE_MAX;
    struct Node
    {
        double value = 0; ///< from m_base
        double sum = 0;   ///< of the subtree
        double count = 0;
        std::size_t left = none;
        std::size_t right = none;
        std::uint32_t priority = 0; ///< above those of both children
    };

    [[nodiscard]] double length() const noexcept { return static_cast<double>(m_nodes.size()); }
    [[nodiscard]] bool areEqual() const noexcept { return m_equalCount >= std::ssize(m_nodes); }
    [[nodiscard]] double mean() const noexcept { return sumOf(m_root) / length(); }
    [[nodiscard]] double sumOf(std::size_t node) const noexcept { return node == none ? 0 : m_nodes[node].sum; }
    [[nodiscard]] double countOf(std::size_t node) const noexcept { return node == none ? 0 : m_nodes[node].count; }
    /// Equal values are told apart by their places.
    [[nodiscard]] bool isBefore(std::size_t a, std::size_t b) const noexcept
    {
        return m_nodes[a].value < m_nodes[b].value || (m_nodes[a].value == m_nodes[b].value && a < b);
    }

    /// Once in N values all are measured from the newest one: sums of small distances keep their digits.
    void turn() noexcept
    {
        m_next = 0;
        m_isFull = true;
        const double shift = m_newest - m_base;
        m_base = m_newest;
        m_root = none;
        for (std::size_t i = 0; i < m_nodes.size(); ++i) {
            m_nodes[i].value -= shift;
            m_root = with(m_root, i);
        }
    }

    std::size_t summed(std::size_t at) noexcept
    {
        Node &node = m_nodes[at];
        node.sum = node.value + sumOf(node.left) + sumOf(node.right);
        node.count = 1 + countOf(node.left) + countOf(node.right);
        return at;
    }
    /// The tree with a place in it that was not.
    std::size_t with(std::size_t tree, std::size_t place) noexcept
    {
        Node &node = m_nodes[place];
        m_random = m_random * 1'664'525U + 1'013'904'223U; // Numerical Recipes' generator: any will do
        node.priority = m_random;
        return inserted(tree, place);
    }
    std::size_t inserted(std::size_t tree, std::size_t place) noexcept
    {
        if (tree == none || m_nodes[place].priority > m_nodes[tree].priority) {
            std::tie(m_nodes[place].left, m_nodes[place].right) = split(tree, place);
            return summed(place);
        }
        std::size_t &child = isBefore(place, tree) ? m_nodes[tree].left : m_nodes[tree].right;
        child = inserted(child, place);
        return summed(tree);
    }
    std::size_t without(std::size_t tree, std::size_t place) noexcept
    {
        if (tree == place)
            return joined(m_nodes[tree].left, m_nodes[tree].right);
        std::size_t &child = isBefore(place, tree) ? m_nodes[tree].left : m_nodes[tree].right;
        child = without(child, place);
        return summed(tree);
    }
    /// Those before the place and those after it.
    std::pair<std::size_t, std::size_t> split(std::size_t tree, std::size_t place) noexcept
    {
        if (tree == none)
            return {none, none};
        Node &node = m_nodes[tree];
        if (isBefore(place, tree)) {
            const auto [before, after] = split(node.left, place);
            node.left = after;
            return {before, summed(tree)};
        }
        const auto [before, after] = split(node.right, place);
        node.right = before;
        return {summed(tree), after};
    }
    std::size_t joined(std::size_t before, std::size_t after) noexcept
    {
        if (before == none || after == none)
            return before == none ? after : before;
        if (m_nodes[before].priority > m_nodes[after].priority) {
            m_nodes[before].right = joined(m_nodes[before].right, after);
            return summed(before);
        }
        m_nodes[after].left = joined(before, m_nodes[after].left);
        return summed(after);
    }

    std::vector<Node> m_nodes; ///< a ring
    std::size_t m_root = none;
    std::size_t m_next = 0;
    double m_base = 0;
    double m_newest = std::nan("");
    std::ptrdiff_t m_equalCount = 0; ///< how many of the newest values are the same
    std::uint32_t m_random = 1;
    bool m_isFull = false;
};

} // namespace tradebot
