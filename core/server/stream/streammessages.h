// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/domain/ids.h"

#include <QByteArray>

#include <chrono>
#include <variant>
#include <vector>

namespace tradebot {

using ViewerId = quint64;

/// What a frame tells. The tagged ones name their bot, for connections that show many.
enum class StreamKind {
    State,
    FullState,
    Events,
    TaggedState,
    TaggedStatus,
    TaggedTrade,
    TaggedSessionComplete,
    TaggedComplete,
    TaggedError,
};

/// What viewers are shown; each frame goes to one channel.
struct Channel
{
    BotId bot;
    StreamKind kind = StreamKind::State;
    friend bool operator==(const Channel &, const Channel &) = default;
    friend auto operator<=>(const Channel &, const Channel &) = default;
};

struct StreamLimits
{
    qsizetype backlog =
            qsizetype(256) * 1024; ///< bytes that wait for one viewer; beyond, states are merged and events left out
    std::chrono::milliseconds stall = std::chrono::seconds(30);               ///< without taking a byte; then closed
    std::chrono::milliseconds keepAlive = std::chrono::seconds(15);           ///< of silence; then a comment
    std::chrono::milliseconds stateInterval = std::chrono::milliseconds(100); ///< between states that are not urgent
    std::chrono::milliseconds sweepEvery = std::chrono::seconds(1);           ///< how often the above is looked at
};

// From the server thread to the hub, in order.

struct ViewerStart
{
    ViewerId viewer = 0;
    std::vector<Channel> channels;
    QByteArray opening;     ///< status line, headers and first frames
    EventSequence cursor;   ///< he has the events up to this one
    bool catchesUp = false; ///< events are read for him before the live ones
};
/// A view: a newer one replaces it where it could not be sent yet.
struct StateFrame
{
    Channel channel;
    QByteArray bytes;
    bool urgent = false; ///< not held back for the sake of the rate
};
/// A fact: never left out.
struct EventFrame
{
    Channel channel;
    EventSequence sequence;
    QByteArray bytes;
};
/// Events from the journal for a viewer who is behind.
struct CatchUp
{
    ViewerId viewer = 0;
    QByteArray bytes;
    EventSequence upTo;  ///< he has them up to this one now
    bool isLive = false; ///< and all that come after this message are new to him
};
struct JoinChannels
{
    ViewerId viewer = 0;
    std::vector<Channel> channels;
};
/// Closes a viewer, after what was said before.
struct EndViewer
{
    ViewerId viewer = 0;
};
using HubMessage = std::variant<StateFrame, EventFrame, CatchUp, JoinChannels, EndViewer>;

// From the hub to the server thread.

struct ViewerGone
{
    ViewerId viewer = 0;
};
/// A viewer has taken all that waited for him, and has missed events.
struct EventsWanted
{
    ViewerId viewer = 0;
    EventSequence after;
};
using HubReport = std::variant<ViewerGone, EventsWanted>;

} // namespace tradebot
