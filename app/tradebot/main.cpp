// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/program/program.h"
#include "app/program/shutdown.h"
#include "core/settings/settings.h"
#include "core/strategy/registry.h"
#include "ui/mainwindow.h"
#include "ui/pages/standardpages.h"
#include "ui/workbench.h"

#include <QApplication>
#include <QDir>
#include <QMessageBox>

#include <clocale>
#include <cstdio>

using namespace tradebot;
using namespace Qt::StringLiterals;

namespace {

/// Says what went wrong where the user looks: in a dialog, and on standard error for whoever started it in a terminal.
int complain(const Error &error)
{
    std::fprintf(stderr, "tradebot: %s\n", qUtf8Printable(error.text));
    auto *box = new QMessageBox(QMessageBox::Critical, u"TradeBot"_s, error.text, QMessageBox::Close);
    box->setAttribute(Qt::WA_DeleteOnClose);
    QObject::connect(box, &QMessageBox::finished, qApp, [] { QCoreApplication::exit(1); });
    box->open();
    return 1;
}

int run(const ProgramOptions &asked)
{
    installLogging(asked.logLevel);
    const SystemClock clock;
    auto opened = Program::open(asked, clock);
    if (!opened) {
        complain(opened.error());
        return QCoreApplication::exec();
    }
    Program &program = **opened;
    Settings settings(QDir(asked.dataDir).filePath(u"settings.ini"_s));
    Workbench workbench(WorkbenchPorts{.control = program.control(),
                                       .feed = program.feed(),
                                       .history = program.history(),
                                       .clock = clock,
                                       .strategies = builtInStrategies(),
                                       .settings = settings,
                                       .owner = program.owner()},
                        standardPages());
    MainWindow &window = workbench.window();
    QObject::connect(&program, &Program::ready, &window, [&window](const QUrl &url) {
        window.setServer(url.toString());
        if (!url.isEmpty())
            std::printf("ready %s\n", qUtf8Printable(url.toString()));
        std::fflush(stdout);
    });
    QObject::connect(&program, &Program::viewersChanged, &window, &MainWindow::setViewers);
    QObject::connect(&program, &Program::failed, &window, [](const Error &error) { complain(error); });
    window.show();
    program.start();
    return QCoreApplication::exec();
}

} // namespace

int main(int argc, char *argv[])
{
    QApplication application(argc, argv);
    // Qt has taken over the user's, whose decimal comma the JSON library would want. No other thread runs yet.
    std::setlocale(LC_NUMERIC, "C"); // NOLINT(concurrency-mt-unsafe)
    quitOnSignals(application);
    QCoreApplication::setApplicationName(u"tradebot"_s);
    QCoreApplication::setApplicationVersion(QString::fromLatin1(TRADEBOT_VERSION));
    QGuiApplication::setApplicationDisplayName(u"TradeBot"_s);
    const auto parsed =
            parseOptions(u"tradebot"_s, u"Runs trading bots and shows what they do."_s, QCoreApplication::arguments());
    if (!parsed) {
        std::fprintf(stderr, "tradebot: %s\n", qUtf8Printable(parsed.error().text));
        return 2;
    }
    if (parsed->print) {
        std::printf("%s", qUtf8Printable(*parsed->print));
        return 0;
    }
    ProgramOptions options = parsed->options;
    options.demoInFirstRun = true;
    return run(options);
}
