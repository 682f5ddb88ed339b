// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/settings/settings.h"
#include "tests/support/answerprompts.h"
#include "tests/support/exampledata.h"
#include "tests/support/patience.h"
#include "ui/mainwindow.h"
#include "ui/models/livefeed.h"
#include "ui/theme/theme.h"
#include "ui/widgets/botspanel.h"
#include "ui/widgets/toasthost.h"
#include "ui/window/botcommands.h"
#include "ui/window/centretabs.h"
#include "ui/window/windowactions.h"
#include "ui/windowassembly.h"

#include <QLabel>
#include <QTemporaryDir>
#include <QTest>

#include <memory>

namespace tradebot {

/// A window over a FakeBackend, with bots as wanted; shown when all of them have arrived.
class WindowFixture
{
public:
    explicit WindowFixture(int bots, const QString &settingsFile = {})
        : backend(clock),
          settings(settingsFile.isEmpty() ? data.filePath(QStringLiteral("settings.ini")) : settingsFile)
    {
        fillWithExamples(backend, clock, bots);
        PageRegistry pages;
        pages.overview = [](const UiContext &, const Navigation &) { return new QLabel; };
        pages.bot = [](const UiContext &, const Navigation &, BotId) { return new QLabel; };
        assembly.reset(new WindowAssembly(
                {backend, backend, backend, clock, exampleStrategies(), settings, UserId(1), &prompts}, pages));
        window().resize(1280, 800);
        window().show();
    }

    [[nodiscard]] bool isReady()
    {
        return QTest::qWaitFor([this] { return context().live.isReady(); }, testPatience);
    }
    [[nodiscard]] MainWindow &window() { return assembly->window(); }
    [[nodiscard]] const UiContext &context() { return assembly->context(); }
    [[nodiscard]] WindowActions &actions() { return window().actions(); }
    [[nodiscard]] BotRow row(BotId id)
    {
        return window().botsModel().indexOf(id).data(BotsModel::RowRole).value<BotRow>();
    }
    template<class T>
    [[nodiscard]] T last() const ///< the newest command, which must be of this kind
    {
        return std::get<T>(backend.commands().back());
    }

    QTemporaryDir data;
    FakeClock clock;
    FakeBackend backend;
    Settings settings;
    AnswerPrompts prompts;
    std::unique_ptr<WindowAssembly> assembly;
};

} // namespace tradebot
