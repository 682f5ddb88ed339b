// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/server/stream/viewer.h"

#include <map>
#include <memory>
#include <unordered_map>

namespace tradebot {

/// So many bytes the kernel may hold back for a viewer; by itself it would hide megabytes of backlog from us.
constexpr int sendBuffer = 32 * 1024;

/// Where a viewer's bytes go.
class StreamSink
{
public:
    StreamSink() = default;
    StreamSink(const StreamSink &) = delete;
    StreamSink &operator=(const StreamSink &) = delete;
    virtual ~StreamSink() = default;

    /// How many bytes were taken, 0 when there is no room now; -1 when the peer is gone. Never waits.
    [[nodiscard]] virtual qint64 send(std::span<const QByteArrayView> parts) = 0;
};

/// All viewers and what goes to whom. Plain: whoever owns it says what time it is and which wire has room again.
class StreamFanout final
{
public:
    using Time = std::chrono::milliseconds;

    explicit StreamFanout(const StreamLimits &limits) : m_limits(limits) { }

    void add(const ViewerStart &start, std::unique_ptr<StreamSink> wire, Time now);
    void handle(const HubMessage &message, Time now);
    /// Sends what the messages since the last call have left to send. Frames that came together leave in one piece.
    void flush(Time now);
    /// The viewer's wire has room again.
    void writable(ViewerId viewer, Time now);
    /// The viewer's peer is gone.
    void remove(ViewerId viewer);
    /// Keep-alives, viewers who stall, states that were held back.
    void tick(Time now);
    /// When tick has something to do.
    [[nodiscard]] Time nextTick() const { return m_nextHeld ? std::min(*m_nextHeld, m_nextSweep) : m_nextSweep; }

    [[nodiscard]] std::vector<HubReport> takeReports() { return std::exchange(m_reports, {}); }
    [[nodiscard]] std::size_t size() const { return m_viewers.size(); }

private:
    struct Entry
    {
        Viewer viewer;
        std::unique_ptr<StreamSink> wire;
    };

    void take(const StateFrame &frame, Time now);
    void take(const EventFrame &frame, Time now);
    void take(const CatchUp &events, Time now);
    void take(const JoinChannels &join, Time now);
    void take(const EndViewer &end, Time now);

    [[nodiscard]] Entry *find(ViewerId viewer);
    void touch(Entry &entry);
    void send(Entry &entry, Time now);
    void drop(Entry &entry);
    void bury();

    const StreamLimits m_limits;
    std::unordered_map<ViewerId, std::unique_ptr<Entry>> m_viewers;
    std::map<Channel, std::vector<Entry *>> m_channels;
    std::vector<Entry *> m_dirty;
    std::vector<ViewerId> m_dead; ///< erased when nobody walks a list any more
    std::vector<HubReport> m_reports;
    Time m_nextSweep{0};
    std::optional<Time> m_nextHeld;
};

} // namespace tradebot
