// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QString>
#include <QThread>

#include <atomic>
#include <memory>
#include <utility>

namespace tradebot {

/// Owns one named thread and the host object that lives in it. The host is made by the caller, used only by
/// queued calls once started, and destroyed in its own thread when this is stopped or destroyed.
template<class Host>
class ThreadOwner final
{
public:
    ThreadOwner(const QString &name, std::unique_ptr<Host> host) : m_host(host.release())
    {
        m_thread.setObjectName(name);
        m_host->moveToThread(&m_thread);
        // In the host's thread, and seen by whoever waits for it: ThreadSanitizer does not see into QThread::wait().
        QObject::connect(
                &m_thread, &QThread::finished, &m_thread,
                [this, hosted = m_host] {
                    delete hosted;
                    m_ended.store(true, std::memory_order_release);
                },
                Qt::DirectConnection);
    }
    ThreadOwner(const ThreadOwner &) = delete;
    ThreadOwner &operator=(const ThreadOwner &) = delete;
    ~ThreadOwner() { stop(); }

    void start() { m_thread.start(); }

    /// Ends the thread after what is queued for it and waits for that; the host is gone afterwards.
    void stop()
    {
        if (m_host == nullptr)
            return;
        if (m_thread.isRunning()) {
            QMetaObject::invokeMethod(
                    m_host, [this] { m_thread.quit(); }, Qt::QueuedConnection);
            m_thread.wait();
        }
        if (!m_ended.load(std::memory_order_acquire)) // it was never started
            delete m_host;
        m_host = nullptr;
    }

    /// Runs work(host) in the host's thread, later.
    template<class Work>
    void post(Work work)
    {
        QMetaObject::invokeMethod(
                m_host, [host = m_host, work = std::move(work)]() mutable { work(*host); }, Qt::QueuedConnection);
    }

    [[nodiscard]] Host *host() const { return m_host; }

private:
    QThread m_thread;
    Host *m_host;
    std::atomic<bool> m_ended = false;
};

} // namespace tradebot
