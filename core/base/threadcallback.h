// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QMetaObject>
#include <QObject>
#include <QPointer>

#include <atomic>
#include <functional>
#include <memory>
#include <utility>

namespace tradebot {

/// A function that may be called from any thread and runs in the thread of its context, if that still exists by then.
/// Copies share one function. Dropping the last copy from any thread is safe.
template<class... Args>
class ThreadCallback final
{
    class Relay final : public QObject
    {
    public:
        Relay(QObject *context, std::function<void(Args...)> function)
            : m_context(context),
              m_function(std::move(function))
        {
            moveToThread(context->thread());
        }
        void run(Args... args)
        {
            if (m_context && m_function)
                m_function(std::forward<Args>(args)...);
            --waiting;
        }
        void cancel() { m_function = nullptr; }
        std::atomic<int> waiting = 0;

    private:
        QPointer<QObject> m_context; // this and the function are looked at only in its thread
        std::function<void(Args...)> m_function;
    };

public:
    /// For callers that do not keep the function alive.
    class Weak final
    {
    public:
        [[nodiscard]] ThreadCallback lock() const { return ThreadCallback(m_relay.lock()); }

    private:
        friend class ThreadCallback;
        std::weak_ptr<Relay> m_relay;
    };

    ThreadCallback() = default;
    ThreadCallback(QObject *context, std::function<void(Args...)> function)
        : m_relay(new Relay(context, std::move(function)), [](Relay *relay) { relay->deleteLater(); })
    { }

    [[nodiscard]] explicit operator bool() const { return m_relay != nullptr; }
    [[nodiscard]] Weak weak() const
    {
        Weak weak;
        weak.m_relay = m_relay;
        return weak;
    }
    /// Whether an earlier call has not run yet.
    [[nodiscard]] bool isBusy() const { return m_relay->waiting > 0; }
    /// Keeps the function callable; destroying it, in the context's thread, ends all calls, those under way included.
    [[nodiscard]] std::shared_ptr<void> handle() const
    {
        return std::shared_ptr<void>(m_relay.get(), [relay = m_relay](void *) { relay->cancel(); });
    }

    /// Runs the function later in its thread.
    void operator()(Args... args) const
    {
        ++m_relay->waiting;
        QMetaObject::invokeMethod(
                m_relay.get(),
                [relay = m_relay, ... args = std::move(args)]() mutable { relay->run(std::move(args)...); },
                Qt::QueuedConnection);
    }

private:
    explicit ThreadCallback(std::shared_ptr<Relay> relay) : m_relay(std::move(relay)) { }

    std::shared_ptr<Relay> m_relay;
};

} // namespace tradebot
