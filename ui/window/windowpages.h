// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/uicontext.h"

#include <functional>

class QWidget;

namespace tradebot {

/// Makes the pages that the window puts into its tabs; an empty function leaves the tab out.
struct WindowPages
{
    std::function<QWidget *(const UiContext &)> overview;
    std::function<QWidget *(const UiContext &, BotId)> bot;
    std::function<QWidget *(const UiContext &)> trades;
    std::function<QWidget *(const UiContext &)> events;
};

} // namespace tradebot
