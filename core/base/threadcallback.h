// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QMetaObject>
#include <QObject>

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <utility>

namespace tradebot {

/// A function that may be called from any thread and runs in the thread of its context, if that still exists by then.
/// Copies share one function. Make it in the context's thread; drop the last copy in any: the function is destroyed
/// there.
template<class... Args>
class ThreadCallback final
{
    class Relay final
    {
    public:
        Relay(QObject *context, std::function<void(Args...)> function)
            : m_context(context),
              m_function(std::move(function))
        { }
        ~Relay() { QObject::disconnect(m_watch); }
        Relay(const Relay &) = delete;
        Relay &operator=(const Relay &) = delete;

        static std::shared_ptr<Relay> make(QObject *context, std::function<void(Args...)> function)
        {
            auto relay = std::make_shared<Relay>(context, std::move(function));
            relay->m_watch = QObject::connect(
                    context, &QObject::destroyed, context,
                    [weak = std::weak_ptr(relay)] {
                        if (const auto self = weak.lock())
                            self->forgetContext();
                    },
                    Qt::DirectConnection);
            return relay;
        }

        /// From any thread. What waits when the context goes is dropped with it.
        template<class Call>
        void post(Call &&call)
        {
            const std::scoped_lock lock(m_mutex);
            if (m_context == nullptr)
                return;
            ++waiting;
            QMetaObject::invokeMethod(m_context, std::forward<Call>(call), Qt::QueuedConnection);
        }
        void run(Args... args)
        {
            if (!m_cancelled)
                m_function(std::forward<Args>(args)...);
            --waiting;
        }
        void cancel() { m_cancelled = true; }

        std::atomic<int> waiting = 0;

    private:
        void forgetContext()
        {
            const std::scoped_lock lock(m_mutex);
            m_context = nullptr;
            waiting = 0;
        }

        std::mutex m_mutex;
        QObject *m_context;
        QMetaObject::Connection m_watch;
        bool m_cancelled = false;                // looked at in the context's thread only
        std::function<void(Args...)> m_function; // called there only
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
        : m_relay(Relay::make(context, std::move(function)))
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
        m_relay->post([relay = m_relay, ... args = std::move(args)]() mutable { relay->run(std::move(args)...); });
    }

private:
    explicit ThreadCallback(std::shared_ptr<Relay> relay) : m_relay(std::move(relay)) { }

    std::shared_ptr<Relay> m_relay;
};

} // namespace tradebot
