// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/runningmoments.h"

#include <QtGlobal>

#include <cstddef>
#include <vector>

namespace tradebot {

/// Mean and spread of the newest N values, amortised O(1). Values come in blocks of N: the window is an end of the
/// block before, whose moments are known for each of its ends, and what has come of the present one. Nothing is ever
/// taken out of a sum, so that no rounding error stays and equal values have a spread of exactly 0.
class SlidingMoments final
{
public:
    explicit SlidingMoments(int length)
        : m_block(static_cast<std::size_t>(length), 0.0),
          m_ends(static_cast<std::size_t>(length))
    {
        Q_ASSERT(length > 0);
    }

    void update(double value) noexcept
    {
        m_block[m_next] = value;
        m_begin.add(value);
        if (++m_next == m_block.size()) [[unlikely]]
            turnBlock();
    }
    [[nodiscard]] bool isReady() const noexcept { return m_isFull; }
    [[nodiscard]] RunningMoments value() const noexcept
    {
        RunningMoments window = m_ends[m_next];
        window.merge(m_begin);
        return window;
    }

private:
    void turnBlock() noexcept
    {
        RunningMoments end;
        for (std::size_t i = m_block.size(); i > 0; --i) {
            end.add(m_block[i - 1]);
            m_ends[i - 1] = end;
        }
        m_begin = {};
        m_next = 0;
        m_isFull = true;
    }

    std::vector<double> m_block;
    std::vector<RunningMoments> m_ends; ///< of the block before, from each place on
    RunningMoments m_begin;             ///< of the present block
    std::size_t m_next = 0;
    bool m_isFull = false;
};

} // namespace tradebot
