// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <utility>
#include <vector>

namespace tradebot {

/// The newest of many, at most so many; the oldest makes room. In no order.
template<class T, std::size_t most>
class Newest final
{
public:
    void push(T &&entry)
    {
        if (m_entries.size() < most) {
            m_entries.push_back(std::move(entry));
            return;
        }
        m_entries[m_oldest] = std::move(entry);
        m_oldest = (m_oldest + 1) % most;
    }
    void clear()
    {
        m_entries.clear();
        m_oldest = 0;
    }
    [[nodiscard]] auto begin() const { return m_entries.begin(); }
    [[nodiscard]] auto end() const { return m_entries.end(); }

private:
    std::vector<T> m_entries;
    std::size_t m_oldest = 0; ///< once it is full
};

} // namespace tradebot
