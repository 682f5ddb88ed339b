// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/livefeed.h"
#include "ui/widgets/toasthost.h"

#include <optional>

namespace tradebot {

/// The toast that a fact deserves: a closed trade, a bot that has wound down, an error; nothing for all others.
[[nodiscard]] std::optional<ToastText> toastFor(const BotEvent &event, const SnapshotPointer &bot);

} // namespace tradebot
