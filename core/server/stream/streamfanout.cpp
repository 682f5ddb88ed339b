// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/server/stream/streamfanout.h"

#include <algorithm>

namespace tradebot {

void StreamFanout::add(const ViewerStart &start, std::unique_ptr<StreamSink> wire, Time now)
{
    auto entry = std::make_unique<Entry>(Entry{Viewer(start, m_limits, now), std::move(wire)});
    for (const Channel &channel : start.channels)
        m_channels[channel].push_back(entry.get());
    touch(*entry);
    m_viewers.emplace(start.viewer, std::move(entry));
}

void StreamFanout::handle(const HubMessage &message, Time now)
{
    std::visit([this, now](const auto &content) { take(content, now); }, message);
}

void StreamFanout::take(const StateFrame &frame, Time now)
{
    const auto channel = m_channels.find(frame.channel);
    if (channel == m_channels.end())
        return;
    for (Entry *entry : channel->second) {
        entry->viewer.offerState(frame.channel, frame.bytes, frame.urgent, now);
        touch(*entry);
    }
}

void StreamFanout::take(const EventFrame &frame, Time now)
{
    const auto channel = m_channels.find(frame.channel);
    if (channel == m_channels.end())
        return;
    for (Entry *entry : channel->second) {
        entry->viewer.offerEvent(frame.sequence, frame.bytes, now);
        touch(*entry);
    }
}

void StreamFanout::take(const CatchUp &events, Time now)
{
    if (Entry *entry = find(events.viewer)) {
        entry->viewer.catchUp(events, now);
        touch(*entry);
    }
}

void StreamFanout::take(const JoinChannels &join, Time)
{
    Entry *entry = find(join.viewer);
    if (entry == nullptr)
        return;
    for (const Channel &channel : join.channels) {
        m_channels[channel].push_back(entry);
        entry->viewer.channels.push_back(channel);
    }
}

void StreamFanout::take(const EndViewer &end, Time now)
{
    Entry *entry = find(end.viewer);
    if (entry == nullptr)
        return;
    send(*entry, now);
    drop(*entry);
}

void StreamFanout::flush(Time now)
{
    auto dirty = std::exchange(m_dirty, {});
    for (Entry *entry : dirty) {
        entry->viewer.isDirty = false;
        send(*entry, now);
    }
    bury();
    if (m_dirty.empty()) { // keep the storage
        dirty.clear();
        m_dirty = std::move(dirty);
    }
}

void StreamFanout::writable(ViewerId viewer, Time now)
{
    if (Entry *entry = find(viewer))
        send(*entry, now);
    bury();
}

void StreamFanout::remove(ViewerId viewer)
{
    if (Entry *entry = find(viewer))
        drop(*entry);
    bury();
}

void StreamFanout::tick(Time now)
{
    const bool sweeps = now >= m_nextSweep;
    if (!sweeps && !(m_nextHeld && now >= *m_nextHeld))
        return;
    if (sweeps)
        m_nextSweep = now + m_limits.sweepEvery;
    m_nextHeld.reset(); // send() collects it anew
    for (const auto &[id, entry] : m_viewers) {
        if (entry->viewer.isDead)
            continue;
        if (sweeps && entry->viewer.isStalled(now)) {
            drop(*entry);
            continue;
        }
        if (sweeps)
            entry->viewer.offerKeepAlive(now);
        send(*entry, now);
    }
    bury();
}

StreamFanout::Entry *StreamFanout::find(ViewerId viewer)
{
    const auto place = m_viewers.find(viewer);
    return place == m_viewers.end() || place->second->viewer.isDead ? nullptr : place->second.get();
}

void StreamFanout::touch(Entry &entry)
{
    if (std::exchange(entry.viewer.isDirty, true))
        return;
    m_dirty.push_back(&entry);
}

void StreamFanout::send(Entry &entry, Time now)
{
    Viewer &viewer = entry.viewer;
    if (viewer.isDead)
        return;
    std::array<QByteArrayView, 32> parts;
    for (;;) {
        viewer.releaseHeld(now);
        if (!viewer.hasOutput())
            break;
        const std::size_t count = viewer.gather(parts);
        qint64 size = 0;
        for (std::size_t i = 0; i < count; ++i)
            size += parts[i].size();
        const qint64 taken = entry.wire->send(std::span(parts).first(count));
        if (taken < 0) {
            drop(entry);
            return;
        }
        viewer.taken(taken, taken == size, now);
        if (taken < size)
            break;
    }
    if (const auto held = viewer.heldUntil(); held && (!m_nextHeld || *held < *m_nextHeld))
        m_nextHeld = held;
    if (const auto after = viewer.takeWanted())
        m_reports.emplace_back(EventsWanted{viewer.id(), *after});
}

void StreamFanout::drop(Entry &entry)
{
    if (std::exchange(entry.viewer.isDead, true))
        return;
    entry.wire.reset();
    m_dead.push_back(entry.viewer.id());
    m_reports.emplace_back(ViewerGone{entry.viewer.id()});
}

void StreamFanout::bury()
{
    for (const ViewerId id : std::exchange(m_dead, {})) {
        const auto place = m_viewers.find(id);
        Entry *entry = place->second.get();
        for (const Channel &channel : entry->viewer.channels) {
            const auto members = m_channels.find(channel);
            if (members == m_channels.end())
                continue;
            std::erase(members->second, entry);
            if (members->second.empty())
                m_channels.erase(members);
        }
        if (entry->viewer.isDirty)
            std::erase(m_dirty, entry);
        m_viewers.erase(place);
    }
}

} // namespace tradebot
