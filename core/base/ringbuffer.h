// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <cstddef>
#include <initializer_list>
#include <iterator>
#include <utility>
#include <vector>

namespace tradebot {

/// The newest of many, at most so many: the oldest makes room. They stand from the oldest to the newest.
template<class T, std::size_t most>
class RingBuffer final
{
public:
    /// Valid until something is pushed.
    class Iterator final
    {
    public:
        using iterator_category = std::forward_iterator_tag;
        using value_type = T;
        using difference_type = std::ptrdiff_t;
        using pointer = const T *;
        using reference = const T &;

        Iterator() = default;
        Iterator(const RingBuffer &list, std::size_t at) : m_list(&list), m_at(at) { }
        reference operator*() const { return (*m_list)[m_at]; }
        pointer operator->() const { return &(*m_list)[m_at]; }
        Iterator &operator++()
        {
            ++m_at;
            return *this;
        }
        Iterator operator++(int)
        {
            const Iterator before = *this;
            ++m_at;
            return before;
        }
        friend bool operator==(const Iterator &, const Iterator &) = default;

    private:
        const RingBuffer *m_list = nullptr;
        std::size_t m_at = 0;
    };

    RingBuffer() = default;
    RingBuffer(std::initializer_list<T> entries)
    {
        for (const T &entry : entries)
            push(T(entry));
    }

    void push(T &&entry)
    {
        if (isFull())
            overtake() = std::move(entry);
        else
            m_entries.push_back(std::move(entry));
    }
    /// The place of an entry that is the newest from now on; in there is what made room for it, if anything did.
    [[nodiscard]] T &next() { return isFull() ? overtake() : m_entries.emplace_back(); }
    void clear()
    {
        m_entries.clear();
        m_oldest = 0;
    }
    [[nodiscard]] bool empty() const { return m_entries.empty(); }
    [[nodiscard]] bool isFull() const { return m_entries.size() == most; }
    [[nodiscard]] std::size_t size() const { return m_entries.size(); }
    /// 0 is the oldest.
    [[nodiscard]] const T &operator[](std::size_t at) const
    {
        const std::size_t index = m_oldest + at;
        return m_entries[index < m_entries.size() ? index : index - m_entries.size()];
    }
    [[nodiscard]] const T &front() const { return (*this)[0]; }
    [[nodiscard]] const T &back() const { return (*this)[size() - 1]; }
    [[nodiscard]] Iterator begin() const { return {*this, 0}; }
    [[nodiscard]] Iterator end() const { return {*this, size()}; }

    friend bool operator==(const RingBuffer &a, const RingBuffer &b)
    {
        return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin());
    }

private:
    T &overtake()
    {
        T &oldest = m_entries[m_oldest];
        m_oldest = m_oldest + 1 == most ? 0 : m_oldest + 1;
        return oldest;
    }

    std::vector<T> m_entries;
    std::size_t m_oldest = 0; ///< 0 until it is full
};

} // namespace tradebot
