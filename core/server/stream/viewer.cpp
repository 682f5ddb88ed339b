// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/server/stream/viewer.h"

#include <algorithm>

namespace tradebot {

Viewer::Viewer(const ViewerStart &start, const StreamLimits &limits, Time now)
    : channels(start.channels),
      m_limits(limits),
      m_id(start.viewer),
      m_cursor(start.cursor),
      m_events(start.catchesUp ? Events::Asked : Events::Live),
      m_lastState(now - limits.stateInterval),
      m_lastTaken(now)
{
    enqueue(start.opening, now);
}

void Viewer::offerState(const Channel &channel, const QByteArray &frame, bool urgent, Time now)
{
    if (!urgent || m_queued + frame.size() > m_limits.backlog) {
        hold(channel, frame);
        return;
    }
    std::erase_if(m_held, [&channel](const Held &held) { return held.channel == channel; });
    enqueue(frame, now);
    m_lastState = now;
}

void Viewer::hold(const Channel &channel, const QByteArray &frame)
{
    const auto held =
            std::find_if(m_held.begin(), m_held.end(), [&channel](const Held &h) { return h.channel == channel; });
    if (held != m_held.end())
        held->frame = frame;
    else
        m_held.push_back({channel, frame});
}

void Viewer::releaseHeld(Time now)
{
    if (m_held.empty() || m_isBlocked || now - m_lastState < m_limits.stateInterval)
        return;
    for (const Held &held : m_held)
        enqueue(held.frame, now);
    m_held.clear();
    m_lastState = now;
}

std::optional<Viewer::Time> Viewer::heldUntil() const
{
    if (m_held.empty() || m_isBlocked) // a blocked one is woken by its socket
        return std::nullopt;
    return m_lastState + m_limits.stateInterval;
}

void Viewer::offerEvent(EventSequence sequence, const QByteArray &frame, Time now)
{
    if (m_events != Events::Live)
        return; // it will come out of the journal
    if (m_queued + frame.size() > m_limits.backlog) {
        m_events = Events::Behind;
        return;
    }
    enqueue(frame, now);
    m_cursor = sequence;
}

void Viewer::catchUp(const CatchUp &events, Time now)
{
    if (!events.bytes.isEmpty())
        enqueue(events.bytes, now);
    m_cursor = events.upTo;
    m_events = events.isLive ? Events::Live : Events::Behind;
}

std::optional<EventSequence> Viewer::takeWanted()
{
    if (m_events != Events::Behind || hasOutput())
        return std::nullopt;
    m_events = Events::Asked;
    return m_cursor;
}

void Viewer::offerKeepAlive(Time now)
{
    static const QByteArray comment = ": keep-alive\n\n";
    if (!hasOutput() && now - m_lastTaken >= m_limits.keepAlive)
        enqueue(comment, now);
}

bool Viewer::isStalled(Time now) const
{
    return hasOutput() && now - m_lastTaken >= m_limits.stall;
}

void Viewer::enqueue(const QByteArray &frame, Time now)
{
    if (!hasOutput())
        m_lastTaken = now; // from here on he can stall
    m_queue.push_back(frame);
    m_queued += frame.size();
}

std::size_t Viewer::gather(std::span<QByteArrayView> parts) const
{
    const std::size_t count = std::min(parts.size(), m_queue.size() - m_first);
    for (std::size_t i = 0; i < count; ++i)
        parts[i] = m_queue[m_first + i];
    if (count > 0)
        parts[0] = parts[0].sliced(m_offset);
    return count;
}

void Viewer::taken(qint64 bytes, bool all, Time now)
{
    m_isBlocked = !all;
    if (bytes <= 0)
        return;
    m_lastTaken = now;
    m_queued -= bytes;
    m_offset += bytes;
    while (m_first < m_queue.size() && m_offset >= m_queue[m_first].size()) {
        m_offset -= m_queue[m_first].size();
        m_queue[m_first] = QByteArray();
        ++m_first;
    }
    if (m_first == m_queue.size()) {
        constexpr std::size_t usual = 16;
        m_queue.clear();
        if (m_queue.capacity() > usual)
            m_queue.shrink_to_fit(); // after a storm
        m_first = 0;
    }
}

} // namespace tradebot
