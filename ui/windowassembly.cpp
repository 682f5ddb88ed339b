// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/windowassembly.h"

#include "core/settings/settings.h"
#include "ui/dialogs/confirmdialog.h"
#include "ui/format/timeformat.h"
#include "ui/mainwindow.h"
#include "ui/models/accountscope.h"
#include "ui/models/livefeed.h"
#include "ui/theme/theme.h"
#include "ui/widgets/secondclock.h"
#include "ui/window/appearance.h"

#include <QApplication>

namespace tradebot {

WindowAssembly::WindowAssembly(const WindowAssemblyPorts &ports, PageRegistry pages)
    : m_theme(std::make_unique<Theme>(savedThemeChoice(ports.settings))),
      m_time(std::make_unique<TimeFormat>(ports.clock)),
      m_live(std::make_unique<LiveFeed>(ports.feed)),
      m_scope(std::make_unique<AccountScope>()),
      m_second(std::make_unique<SecondClock>())
{
    m_theme->applyTo(qApp);
    m_time->setLocal(ports.settings.get(setting::localTime));
    if (ports.prompts == nullptr)
        m_prompts = std::make_unique<DialogPrompts>(*m_theme);
    // NOLINTNEXTLINE(modernize-make-unique): an aggregate, which make_unique cannot make before C++20's P0960 in clang
    m_context.reset(new UiContext{ports.control, ports.feed, ports.history, ports.clock, ports.strategies, *m_theme,
                                  *m_time, *m_live, *m_scope, *m_second,
                                  ports.prompts != nullptr ? *ports.prompts : *m_prompts, ports.settings, ports.owner});
    m_window = std::make_unique<MainWindow>(*m_context, *m_theme, std::move(pages));
}

WindowAssembly::~WindowAssembly() = default;

} // namespace tradebot
