// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtGlobal>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <utility>
#include <vector>

namespace tradebot {

/// The newest N values, in no particular order, with the oldest at hand.
class Window final
{
public:
    explicit Window(int length) : m_values(static_cast<std::size_t>(length), 0.0) { Q_ASSERT(length > 0); }

    /// Takes a value in and gives the one that it pushes out; 0 while the window is not full.
    double push(double value) noexcept
    {
        const double oldest = std::exchange(m_values[m_next], value);
        if (++m_next == m_values.size()) {
            m_next = 0;
            m_isFull = true;
        }
        return oldest;
    }
    [[nodiscard]] bool isFull() const noexcept { return m_isFull; }
    /// True once in N pushes: when the values lie in the order in which they came.
    [[nodiscard]] bool hasWrapped() const noexcept { return m_next == 0; }
    [[nodiscard]] std::span<const double> values() const noexcept { return m_values; }
    [[nodiscard]] double length() const noexcept { return static_cast<double>(m_values.size()); }

private:
    std::vector<double> m_values;
    std::size_t m_next = 0;
    bool m_isFull = false;
};

/// The largest (or, with std::less, the smallest) of the newest N values. Amortised O(1): values that a newer
/// one outdoes are forgotten at once.
template<class Better>
class SlidingExtreme final
{
public:
    explicit SlidingExtreme(int length) : m_candidates(static_cast<std::size_t>(length)), m_length(length)
    {
        Q_ASSERT(length > 0);
    }

    void update(double value) noexcept
    {
        while (m_count > 0 && !Better()(at(m_count - 1).value, value))
            --m_count;
        if (m_count > 0 && at(0).index <= m_seen - m_length) {
            m_first = wrapped(m_first + 1);
            --m_count;
        }
        at(m_count++) = {value, m_seen++};
    }
    [[nodiscard]] bool isReady() const noexcept { return m_seen >= m_length; }
    [[nodiscard]] double value() const noexcept { return m_candidates[m_first].value; }

private:
    struct Candidate
    {
        double value = 0;
        std::int64_t index = 0;
    };

    [[nodiscard]] std::size_t wrapped(std::size_t place) const noexcept
    {
        return place >= m_candidates.size() ? place - m_candidates.size() : place;
    }
    [[nodiscard]] Candidate &at(std::size_t place) noexcept { return m_candidates[wrapped(m_first + place)]; }

    std::vector<Candidate> m_candidates; ///< a ring, best and oldest first
    std::size_t m_first = 0;
    std::size_t m_count = 0;
    std::int64_t m_length;
    std::int64_t m_seen = 0;
};

using SlidingMaximum = SlidingExtreme<std::greater<>>;
using SlidingMinimum = SlidingExtreme<std::less<>>;

} // namespace tradebot
