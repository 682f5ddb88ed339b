// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

namespace tradebot {

/// Count, mean and spread of numbers that come one at a time or in groups. Welford's recurrence (Technometrics 4, 1962)
/// and the merging of Chan, Golub and LeVeque (1979): nowhere a difference of large sums, so that the spread of a flat
/// stretch keeps its digits and equal numbers have a spread of exactly 0.
class RunningMoments final
{
public:
    constexpr RunningMoments() noexcept = default;
    /// So many times the same number.
    constexpr RunningMoments(std::int64_t count, double value) noexcept
        : m_count(static_cast<double>(count)),
          m_mean(count > 0 ? value : 0)
    { }

    constexpr void add(double value) noexcept
    {
        m_count += 1;
        const double distance = value - m_mean;
        m_mean += distance / m_count;
        m_squares += distance * (value - m_mean);
    }
    constexpr void merge(const RunningMoments &other) noexcept
    {
        const double count = m_count + other.m_count;
        if (count == 0)
            return;
        const double share = other.m_count / count;
        const double distance = other.m_mean - m_mean;
        m_mean += distance * share;
        m_squares += other.m_squares + distance * distance * m_count * share;
        m_count = count;
    }
    [[nodiscard]] constexpr double count() const noexcept { return m_count; }
    [[nodiscard]] constexpr double mean() const noexcept { return m_mean; } ///< 0 of nothing
    /// The sum of the squared distances from the mean.
    [[nodiscard]] constexpr double squares() const noexcept { return m_squares; }

private:
    double m_count = 0;
    double m_mean = 0;
    double m_squares = 0;
};

} // namespace tradebot
