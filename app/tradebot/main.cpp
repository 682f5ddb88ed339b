// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/program/program.h"
#include "app/program/shutdown.h"
#include "app/program/standardoutput.h"
#include "core/settings/settings.h"
#include "core/strategy/registry.h"
#include "ui/mainwindow.h"
#include "ui/pages/standardpages.h"
#include "ui/windowassembly.h"

#include <QApplication>
#include <QDir>
#include <QMessageBox>

#include <algorithm>
#include <array>
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
    WindowAssembly assembly(WindowAssemblyPorts{.control = program.control(),
                                                .feed = program.feed(),
                                                .history = program.history(),
                                                .clock = clock,
                                                .strategies = builtInStrategies(),
                                                .settings = settings,
                                                .owner = program.owner()},
                            standardPages());
    MainWindow &window = assembly.window();
    QObject::connect(&program, &Program::ready, &window, [&window](const QUrl &url) {
        window.setServer(url.toString());
        if (url.isEmpty())
            return;
        if (const auto told = writeOutput("ready " + url.toString().toUtf8() + '\n'); !told)
            qCWarning(logApp) << told.error().text; // the window shows it, too
    });
    QObject::connect(&program, &Program::viewersChanged, &window, &MainWindow::setViewers);
    QObject::connect(&program, &Program::failed, &window, [](const Error &error) { complain(error); });
    window.show();
    program.start();
    return QCoreApplication::exec();
}

/// Options of Qt's own that QApplication takes. A session manager starts programs with -session.
QStringList withoutQtOptions(const QStringList &arguments)
{
    static constexpr std::array withValue = {
            "platform"_L1,        "platformpluginpath"_L1, "platformtheme"_L1, "plugin"_L1,
            "qwindowgeometry"_L1, "qwindowicon"_L1,        "qwindowtitle"_L1,  "session"_L1,
            "style"_L1,           "stylesheet"_L1,         "display"_L1};
    QStringList ours;
    for (qsizetype i = 0; i < arguments.size(); ++i) {
        const QString &argument = arguments[i];
        const qsizetype dashes = argument.startsWith(u"--") ? 2 : argument.startsWith(u'-') ? 1 : 0;
        if (dashes > 0 && std::ranges::find(withValue, argument.sliced(dashes)) != withValue.end())
            ++i;
        else
            ours << argument;
    }
    return ours;
}

/// Reads the command line before there is a display: whoever asks for help, or errs, needs none.
Result<ParsedOptions> readCommandLine(int argc, char *argv[])
{
    const QCoreApplication application(argc, argv);
    return parseOptions(u"tradebot"_s, u"Runs trading bots and shows what they do."_s,
                        withoutQtOptions(QCoreApplication::arguments()));
}

/// Whether QApplication has something to open windows on; where there is nothing it would abort.
bool hasDisplay([[maybe_unused]] int argc, [[maybe_unused]] char *argv[])
{
#if defined(Q_OS_UNIX) && !defined(Q_OS_MACOS)
    const auto names = {"DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"};
    const auto isPlatform = [](QByteArrayView argument) { return argument == "-platform" || argument == "--platform"; };
    return std::any_of(names.begin(), names.end(), [](const char *name) { return !qEnvironmentVariableIsEmpty(name); })
           || std::any_of(argv, argv + argc, isPlatform);
#else
    return true;
#endif
}

} // namespace

int main(int argc, char *argv[])
{
    reserveStandardStreams();
    const auto parsed = readCommandLine(argc, argv);
    if (!parsed) {
        std::fprintf(stderr, "tradebot: %s\n", qUtf8Printable(parsed.error().text));
        return 2;
    }
    if (parsed->print) {
        const auto written = writeOutput(parsed->print->toUtf8());
        if (!written)
            std::fprintf(stderr, "tradebot: %s\n", qUtf8Printable(written.error().text));
        return written ? 0 : 1;
    }
    if (!hasDisplay(argc, argv)) {
        std::fprintf(stderr, "tradebot: there is no display to open a window on; run tradebotd, which needs none\n");
        return 1;
    }
    QApplication application(argc, argv);
    // Qt has taken over the user's, whose decimal comma the JSON library would want. No other thread runs yet.
    std::setlocale(LC_NUMERIC, "C"); // NOLINT(concurrency-mt-unsafe)
    quitOnSignals(application);
    QCoreApplication::setApplicationName(u"tradebot"_s);
    QCoreApplication::setApplicationVersion(QString::fromLatin1(TRADEBOT_VERSION));
    QGuiApplication::setApplicationDisplayName(u"TradeBot"_s);
    ProgramOptions options = parsed->options;
    options.demoInFirstRun = true;
    return run(options);
}
