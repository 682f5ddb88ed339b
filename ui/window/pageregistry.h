// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/uicontext.h"

#include <functional>

class QWidget;

namespace tradebot {

/// Where a page can lead.
struct Navigation
{
    std::function<void(BotId)> openBot;
    std::function<void(BotId)> editBot;
    std::function<void(BotId)> togglePause; ///< asks first
};

/// Makes the pages that the window puts into its tabs; an empty function leaves the tab out.
struct PageRegistry
{
    std::function<QWidget *(const UiContext &, const Navigation &)> overview;
    std::function<QWidget *(const UiContext &, const Navigation &, BotId)> bot;
    std::function<QWidget *(const UiContext &, const Navigation &)> orders;
    std::function<QWidget *(const UiContext &, const Navigation &)> trades;
    std::function<QWidget *(const UiContext &, const Navigation &)> events;
    Navigation links; ///< the window's own
};

} // namespace tradebot
