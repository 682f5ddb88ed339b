// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/window/pageregistry.h"

namespace tradebot {

/// The pages that TradeBot's window has.
[[nodiscard]] PageRegistry standardPages();

} // namespace tradebot
