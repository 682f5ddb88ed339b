// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/logging.h"
#include "core/base/result.h"
#include "core/engine/botengine.h"
#include "core/exchange/marketsource.h"

#include <QHostAddress>
#include <QString>
#include <QStringList>

#include <chrono>
#include <optional>

namespace tradebot {

/// What the programs are told on their command lines.
struct ProgramOptions
{
    QString dataDir;
    bool serve = true;
    QHostAddress address = QHostAddress::LocalHost;
    quint16 port = 8787;
    QStringList allowedHosts; ///< names besides loopback by which clients may call the server
    bool demo = false;
    bool demoInFirstRun = false; ///< as if demo were set when the data folder is new
    MarketSource marketData;
    quint64 seed = 1;
    LogLevel logLevel = LogLevel::Info;
    /// A call into a strategy that takes longer never returns.
    std::chrono::milliseconds strategyPatience = std::chrono::seconds(5);
    /// For programs with strategies of their own; empty: the built-in ones.
    decltype(EngineOptions::makeStrategy) makeStrategy;
};

/// What a command line asks for instead of running: text for standard output, or an error of usage.
struct ParsedOptions
{
    ProgramOptions options;
    std::optional<QString> print; ///< --help, --version
};

/// Reads the options that tradebot and tradebotd share. An error is one line that says how to mend it.
[[nodiscard]] Result<ParsedOptions> parseOptions(const QString &program, const QString &description,
                                                 const QStringList &arguments);

/// "127.0.0.1:8787", "[::1]:0".
[[nodiscard]] Result<std::pair<QHostAddress, quint16>> parseListen(const QString &text);

/// "desk.local", "192.168.1.5", "[fd00::5]": the name as a client writes it, without a port.
[[nodiscard]] Result<QString> parseHostName(const QString &text);

/// The platform's folder for this program's data.
[[nodiscard]] QString defaultDataDir();

} // namespace tradebot
