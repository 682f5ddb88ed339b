// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/domain/botconfig.h"
#include "core/domain/botstate.h"

#include <vector>

namespace tradebot {

/// What has to happen so that the orders which guard a position at the exchange are those that should rest there.
struct ProtectivePlan
{
    std::vector<ClientOrderId> outdated; ///< have to end, and nothing new is placed before they have
    std::vector<Order> missing;          ///< to be placed: all but their names, their group and their time
    EventSequence group;                 ///< of what rests there already; not valid when nothing does
};

/// A stop price on the price step, and no looser than asked: a stop that leaves a position triggers no later, a target
/// is no worse; an entry triggers no earlier.
[[nodiscard]] Price stopOnStep(const Order &order, Price price, Price step);

/// A market order that closes the position, or a part of it.
[[nodiscard]] bool isClosing(const Order &order);

/// Whether it rests at the exchange to guard a position.
[[nodiscard]] bool isProtective(const Order &order);

/// One stop and one target of the position's size, at the prices of its protection, when the config wants them at the
/// exchange; none when it is flat. One that was triggered is left alone: what it fills decides.
[[nodiscard]] ProtectivePlan planProtectiveOrders(const BotConfig &config, const Instrument &instrument,
                                                  const Position &position, const Protection &protection,
                                                  const std::vector<Order> &open);

} // namespace tradebot
