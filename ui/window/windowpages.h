// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/uicontext.h"

#include <functional>

class QWidget;

namespace tradebot {

/// Where a page can lead.
struct PageLinks
{
    std::function<void(BotId)> openBot;
    std::function<void(BotId)> editBot;
    std::function<void(BotId)> togglePause; ///< asks first
};

/// Makes the pages that the window puts into its tabs; an empty function leaves the tab out.
struct WindowPages
{
    std::function<QWidget *(const UiContext &, const PageLinks &)> overview;
    std::function<QWidget *(const UiContext &, const PageLinks &, BotId)> bot;
    std::function<QWidget *(const UiContext &, const PageLinks &)> orders;
    std::function<QWidget *(const UiContext &, const PageLinks &)> trades;
    std::function<QWidget *(const UiContext &, const PageLinks &)> events;
    PageLinks links; ///< the window's own
};

} // namespace tradebot
