// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/server/stream/spscqueue.h"
#include "core/server/stream/streamfanout.h"
#include "core/server/stream/streamhub.h"

#include <QObject>

#include <atomic>
#include <thread>

namespace tradebot {

/// Keeps the descriptors of all viewers in one thread of its own that waits in epoll. QTcpSocket would cost ten times
/// the memory and, under GLib's dispatcher, time that grows with the square of the viewers (docs/adr).
class EpollHub final : public QObject, public StreamHub
{
    Q_OBJECT

public:
    EpollHub(const StreamLimits &limits, const MonotonicClock &clock, Reports reports);
    ~EpollHub() override;

    void attach(std::unique_ptr<QTcpSocket> socket, ViewerStart start) override;
    void post(std::vector<HubMessage> messages) override;

private:
    struct Arrival
    {
        int descriptor = -1;
        ViewerStart start;
    };
    using Parcel = std::variant<Arrival, std::vector<HubMessage>>;

    void push(Parcel parcel);
    // The hub's thread:
    void run();
    void admit(const Arrival &arrival);
    void unpack();
    void onEvent(ViewerId viewer, unsigned events);
    void report();

    const MonotonicClock &m_clock;
    const Reports m_reports;
    const unsigned m_stallMs;
    const qint64 m_sweepMs;
    SpscQueue<Parcel> m_queue; ///< from the server thread to ours
    std::atomic<bool> m_stops = false;
    int m_epoll = -1;
    int m_wakeUp = -1; ///< eventfd

    StreamFanout m_core;                             ///< ours alone
    std::unordered_map<ViewerId, int> m_descriptors; ///< ours alone

    std::thread m_thread; ///< without an event loop; begins when all of the above is there
};

} // namespace tradebot
