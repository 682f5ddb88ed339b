// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/server/stream/streamhub.h"

#include "core/server/stream/sockethub.h"

#ifdef Q_OS_LINUX
#include "core/server/stream/epollhub.h"
#endif

namespace tradebot {

HubKind bestHubKind() noexcept
{
#ifdef Q_OS_LINUX
    return HubKind::Descriptors;
#else
    return HubKind::Sockets;
#endif
}

std::unique_ptr<StreamHub> makeStreamHub(HubKind kind, const StreamLimits &limits, const MonotonicClock &clock,
                                         StreamHub::Reports reports)
{
#ifdef Q_OS_LINUX
    if (kind == HubKind::Descriptors)
        return std::make_unique<EpollHub>(limits, clock, std::move(reports));
#endif
    Q_UNUSED(kind)
    return std::make_unique<SocketHub>(limits, clock, std::move(reports));
}

} // namespace tradebot
