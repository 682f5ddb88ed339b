// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <utility>

namespace tradebot {

/// Hands values from one thread to one other, in order, without a lock and without a bound: a linked list whose
/// producer only ever touches the last node, and whose consumer only the first.
template<class T>
class SpscQueue final
{
public:
    SpscQueue() : m_first(new Node), m_last(m_first) { }
    SpscQueue(const SpscQueue &) = delete;
    SpscQueue &operator=(const SpscQueue &) = delete;
    ~SpscQueue()
    {
        while (m_first != nullptr)
            delete std::exchange(m_first, m_first->next.load(std::memory_order_relaxed));
    }

    /// Producer's thread.
    void push(T value)
    {
        auto node = std::make_unique<Node>();
        node->value = std::move(value);
        Node *last = std::exchange(m_last, node.get());
        last->next.store(node.release(), std::memory_order_release); // from here on the consumer may see it
    }
    /// Consumer's thread.
    [[nodiscard]] std::optional<T> pop()
    {
        Node *next = m_first->next.load(std::memory_order_acquire);
        if (next == nullptr)
            return std::nullopt;
        delete std::exchange(m_first, next);
        return std::exchange(next->value, std::nullopt);
    }

private:
    struct Node
    {
        std::optional<T> value; ///< empty in the first node, which was taken or never held one
        std::atomic<Node *> next = nullptr;
    };

    Node *m_first; ///< consumer
    Node *m_last;  ///< producer
};

} // namespace tradebot
