// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/server/stream/streammessages.h"

#include <QByteArrayView>

#include <optional>
#include <span>

namespace tradebot {

/// What waits for one viewer, and by which rules. No I/O, no thread, no clock of its own.
class Viewer final
{
public:
    using Time = std::chrono::milliseconds;

    Viewer(const ViewerStart &start, const StreamLimits &limits, Time now);

    void offerState(const Channel &channel, const QByteArray &frame, bool urgent, Time now);
    void offerEvent(EventSequence sequence, const QByteArray &frame, Time now);
    void catchUp(const CatchUp &events, Time now);
    /// A comment, when nothing was sent for long.
    void offerKeepAlive(Time now);

    /// Moves states that were held back to what is sent next, when their time has come and the viewer keeps up.
    void releaseHeld(Time now);
    /// When releaseHeld will have something; nullopt when nothing is held.
    [[nodiscard]] std::optional<Time> heldUntil() const;
    [[nodiscard]] bool hasOutput() const { return m_queued > 0; }
    /// The first bytes that wait, in at most so many parts; how many parts were filled in.
    [[nodiscard]] std::size_t gather(std::span<QByteArrayView> parts) const;
    /// So many bytes of that were taken; the peer takes no more for now when not all were.
    void taken(qint64 bytes, bool all, Time now);

    /// Where to read on in the journal, once for each time that he has fallen behind and caught his breath.
    [[nodiscard]] std::optional<EventSequence> takeWanted();
    [[nodiscard]] bool isStalled(Time now) const;
    [[nodiscard]] ViewerId id() const { return m_id; }

    std::vector<Channel> channels; ///< kept by the hub
    bool isDirty = false;          ///< kept by the hub
    bool isDead = false;           ///< kept by the hub

private:
    enum class Events : quint8 { Live, Behind, Asked };
    struct Held
    {
        Channel channel;
        QByteArray frame;
    };

    void enqueue(const QByteArray &frame, Time now);
    void hold(const Channel &channel, const QByteArray &frame);

    const StreamLimits &m_limits;
    ViewerId m_id;
    std::vector<QByteArray> m_queue; ///< shared with all other viewers of the frame
    std::size_t m_first = 0;         ///< of the queue
    qsizetype m_offset = 0;          ///< so much of the first was taken
    qsizetype m_queued = 0;
    std::vector<Held> m_held; ///< the newest state of each channel that must wait
    EventSequence m_cursor;
    Events m_events;
    bool m_isBlocked = false; ///< the peer did not take all
    Time m_lastState;
    Time m_lastTaken;
};

} // namespace tradebot
