// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/uicontext.h"
#include "ui/window/pageregistry.h"

#include <memory>

namespace tradebot {

class MainWindow;

/// What the window needs from outside.
struct WindowAssemblyPorts
{
    BotControl &control;
    BotFeed &feed;
    HistoryService &history;
    const Clock &clock;
    const StrategyCatalog &strategies;
    Settings &settings;
    UserId owner;
    Prompts *prompts = nullptr; ///< empty: dialogs
};

/// Makes the window and everything it is made of in the right order, and takes it down in the reverse one. Needs a
/// QApplication; main thread.
class WindowAssembly final
{
public:
    WindowAssembly(const WindowAssemblyPorts &ports, PageRegistry pages);
    ~WindowAssembly();

    [[nodiscard]] MainWindow &window() { return *m_window; }
    [[nodiscard]] Theme &theme() { return *m_theme; }
    [[nodiscard]] const UiContext &context() const { return *m_context; }

private:
    std::unique_ptr<Theme> m_theme;
    std::unique_ptr<TimeFormat> m_time;
    std::unique_ptr<LiveFeed> m_live;
    std::unique_ptr<AccountScope> m_scope;
    std::unique_ptr<SecondClock> m_second;
    std::unique_ptr<Prompts> m_prompts;
    std::unique_ptr<UiContext> m_context;
    std::unique_ptr<MainWindow> m_window;
};

} // namespace tradebot
