// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/monotonicclock.h"
#include "core/server/stream/streammessages.h"

#include <functional>
#include <memory>

QT_FORWARD_DECLARE_CLASS(QTcpSocket)

namespace tradebot {

/// Sends frames to viewers. Used from the server thread; the sending may be done elsewhere.
class StreamHub
{
public:
    using Reports = std::function<void(const std::vector<HubReport> &)>;

    StreamHub() = default;
    StreamHub(const StreamHub &) = delete;
    StreamHub &operator=(const StreamHub &) = delete;
    virtual ~StreamHub() = default; ///< closes all

    /// Takes over a connection whose request has been read. The viewer counts until ViewerGone is reported.
    virtual void attach(std::unique_ptr<QTcpSocket> socket, ViewerStart start) = 0;
    /// Frames that are posted together reach a viewer in one piece.
    virtual void post(std::vector<HubMessage> messages) = 0;
};

enum class HubKind {
    Descriptors, ///< Linux: the sockets leave Qt, one thread sends to all of them
    Sockets,     ///< anywhere: QTcpSocket in the server thread
};

/// The best of the platform. reports runs in the thread that made the hub.
[[nodiscard]] HubKind bestHubKind() noexcept;
[[nodiscard]] std::unique_ptr<StreamHub> makeStreamHub(HubKind kind, const StreamLimits &limits,
                                                       const MonotonicClock &clock, StreamHub::Reports reports);

} // namespace tradebot
