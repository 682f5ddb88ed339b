// SPDX-License-Identifier: GPL-3.0-or-later
// Renders the window with example data into PNG files: what scripts and people look at.
//   shots DIRECTORY [bots …]     0, 3, 7 and 50 bots by default
// QT_SCALE_FACTOR=2 for a dense screen, SHOTS_FONT=FAMILY for another font than Roboto ("" for the system's).
#include "core/settings/settings.h"
#include "core/strategy/registry.h"
#include "tests/support/exampledata.h"
#include "ui/dialogs/botdialog.h"
#include "ui/mainwindow.h"
#include "ui/pages/standardpages.h"
#include "ui/theme/theme.h"
#include "ui/widgets/botspanel.h"
#include "ui/window/botcommands.h"
#include "ui/window/windowactions.h"
#include "ui/windowassembly.h"

#include <QApplication>
#include <QDir>
#include <QElapsedTimer>
#include <QFontDatabase>
#include <QTabWidget>
#include <QTemporaryDir>
#include <QTest>

#include <cstdio>

using namespace tradebot;
using namespace Qt::StringLiterals;

namespace {

bool save(QWidget &widget, const QString &path)
{
    const bool ok = widget.grab().save(path);
    std::printf("%s %s\n", ok ? "wrote" : "could not write", qPrintable(path));
    return ok;
}

/// Lets queued answers and reads arrive; the data does not change meanwhile.
void settle()
{
    QTest::qWait(300);
}

/// Live and demo side by side, with messages of every kind.
bool shootMixed(const QString &folder, ColorScheme scheme)
{
    QTemporaryDir data;
    FakeClock clock;
    FakeBackend backend(clock);
    fillWithExamples(backend, clock, 3);
    BotConfig config = exampleConfig(u"SOL trend"_s, u"SOLUSDT"_s);
    config.mode = Mode::Live;
    config.exchange = Exchange::Binance;
    config.apiKeyId = 1;
    const BotId live = backend.addBot(config);
    backend.setMarkPrice(live, Price::fromInteger(163));
    backend.emitFact(live, ErrorRaised{ErrorKind::OrderRejected, u"margin is insufficient"_s});
    backend.setStatus(live, BotStatus::Error, ErrorKind::OrderRejected);
    clock.advance(std::chrono::seconds(14));
    Settings settings(data.filePath(u"settings.ini"_s));
    settings.set(setting::theme, scheme == ColorScheme::Dark ? u"dark"_s : u"light"_s);
    WindowAssembly assembly({backend, backend, backend, clock, builtInStrategies(), settings, UserId(1)},
                            standardPages());
    MainWindow &window = assembly.window();
    window.resize(1280, 800);
    window.show();
    settle();
    window.botsPanel().select(live);
    backend.emitFact(live,
                     ErrorRaised{ErrorKind::OrderRejected,
                                 u"The exchange refused the order: margin is insufficient, 468.16 USDT are missing"_s});
    backend.fill(BotId(1), Side::Sell, backend.bot(BotId(1)).state.position.quantity, Price::fromInteger(67'950),
                 u"ema_cross_down"_s);
    backend.emitFact(BotId(2), BotCompleted{u"Stopped by its owner"_s});
    settle();
    bool ok = save(window, folder + (scheme == ColorScheme::Dark ? u"/dark-mixed.png"_s : u"/light-mixed.png"_s));
    window.commands().start(live);
    settle();
    if (auto *dialog = window.findChild<QDialog *>(u"liveQuestion"_s))
        ok = save(*dialog,
                  folder + (scheme == ColorScheme::Dark ? u"/dark-live-question.png"_s : u"/light-live-question.png"_s))
             && ok;
    return ok;
}

/// The questions that a window with bots asks.
bool shootQuestions(MainWindow &window, const QString &base)
{
    bool ok = true;
    const auto shootDialog = [&](const QString &name, const QString &file) {
        settle();
        if (auto *dialog = window.findChild<QDialog *>(name)) {
            ok = save(*dialog, base + file) && ok;
            dialog->reject();
            settle();
        }
    };
    window.actions().stop->trigger();
    shootDialog(u"stopQuestion"_s, u"-stop.png"_s);
    window.close();
    shootDialog(u"quitQuestion"_s, u"-quit.png"_s);
    window.actions().kill->trigger();
    settle();
    if (auto *dialog = window.findChild<QDialog *>(u"killDialog"_s)) {
        ok = save(*dialog, base + u"-kill.png"_s) && ok;
        dialog->accept();
    }
    shootDialog(u"killReport"_s, u"-kill-report.png"_s);
    return ok;
}

/// prefix: of the files' names.
bool shoot(const QString &folder, int bots, ColorScheme scheme, const QString &prefix = {})
{
    const QString base =
            folder + u"/%1%2-%3"_s.arg(prefix, scheme == ColorScheme::Dark ? u"dark"_s : u"light"_s).arg(bots);
    QTemporaryDir data;
    FakeClock clock(std::chrono::sys_days(std::chrono::year(2026) / 11 / 20) + std::chrono::hours(5));
    FakeBackend backend(clock);
    fillWithExamples(backend, clock, bots);
    Settings settings(data.filePath(u"settings.ini"_s));
    settings.set(setting::theme, scheme == ColorScheme::Dark ? u"dark"_s : u"light"_s);
    WindowAssembly assembly({backend, backend, backend, clock, builtInStrategies(), settings, UserId(1)},
                            standardPages());
    MainWindow &window = assembly.window();
    window.setServer(u"127.0.0.1:8787"_s);
    window.resize(1280, 800);
    window.show();
    settle();
    bool ok = save(window, base + u".png"_s);
    if (bots > 0) {
        window.botsPanel().select(BotId(1));
        window.openBot(BotId(1));
        settle();
        ok = save(window, base + u"-bot.png"_s) && ok;
    }
    if (auto *toolbox = window.findChild<QTabWidget *>(u"toolbox"_s)) {
        for (int tab = 1; tab < toolbox->count(); ++tab) {
            toolbox->setCurrentIndex(tab);
            settle();
            ok = save(window, base + u"-toolbox%1.png"_s.arg(tab)) && ok;
        }
        toolbox->setCurrentIndex(0);
    }
    window.actions().newBot->trigger();
    settle();
    if (auto *dialog = window.findChild<BotDialog *>()) {
        ok = save(*dialog, base + u"-new.png"_s) && ok;
        dialog->reject();
    }
    if (bots > 0)
        ok = shootQuestions(window, base) && ok;
    window.resize(960, 700); // the narrowest that is promised
    settle();
    ok = save(window, base + u"-960.png"_s) && ok;
    settle();
    return ok;
}

} // namespace

int main(int argc, char **argv)
{
    QApplication application(argc, argv);
    const QStringList arguments = application.arguments();
    if (arguments.size() < 2) {
        std::fprintf(stderr, "shots: name the folder for the pictures: shots DIRECTORY [bots …]\n");
        return 2;
    }
    if (!QDir().mkpath(arguments[1])) {
        std::fprintf(stderr, "shots: cannot make the folder %s\n", qPrintable(arguments[1]));
        return 1;
    }
    const QFont systemFont = QApplication::font();
    const QString family = qEnvironmentVariable("SHOTS_FONT", u"Roboto"_s);
    if (!family.isEmpty() && QFontDatabase::hasFamily(family))
        QApplication::setFont(QFont(family, 10));
    std::vector<int> counts;
    for (qsizetype i = 2; i < arguments.size(); ++i)
        counts.push_back(arguments[i].toInt());
    if (counts.empty())
        counts = {0, 3, 7, 50};
    bool ok = true;
    for (const int bots : counts) {
        for (const ColorScheme scheme : {ColorScheme::Dark, ColorScheme::Light})
            ok = shoot(arguments[1], bots, scheme) && ok;
    }
    for (const ColorScheme scheme : {ColorScheme::Dark, ColorScheme::Light})
        ok = shootMixed(arguments[1], scheme) && ok;
    QApplication::setFont(systemFont);
    ok = shoot(arguments[1], counts.back(), ColorScheme::Light, u"systemfont-"_s) && ok;
    return ok ? 0 : 1;
}
