// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/program/options.h"
#include "app/program/strategywatchdog.h"
#include "core/api/botcontrol.h"
#include "core/api/botfeed.h"
#include "core/api/historyreader.h"
#include "core/base/threadowner.h"
#include "core/engine/enginehost.h"
#include "core/server/serverhost.h"
#include "core/storage/historyhost.h"
#include "core/storage/store.h"

#include <QObject>
#include <QUrl>

#include <memory>
#include <optional>

namespace tradebot {

/// Wires store, engine and server together. Starts them in this order and stops them in the reverse one; the server's
/// port is taken first, and serves last.
class Program final : public QObject
{
    Q_OBJECT

public:
    /// Opens the data folder; whatever is wrong with it is said here and nothing is overwritten.
    [[nodiscard]] static Result<std::unique_ptr<Program>> open(const ProgramOptions &options, const Clock &clock);
    ~Program() override;

    /// Starts the threads; ends in ready() or failed().
    void start();

    [[nodiscard]] BotControl &control() { return *m_engine.host(); }
    [[nodiscard]] BotFeed &feed() { return *m_engine.host(); }
    [[nodiscard]] HistoryService &history() { return m_history; }
    [[nodiscard]] bool isFirstRun() const { return !m_store->recovered().last.isValid(); }
    [[nodiscard]] UserId owner() const { return m_owner; }

Q_SIGNALS:
    /// Everything runs; url is empty without a server.
    void ready(const QUrl &url);
    void viewersChanged(int viewers);
    void failed(const tradebot::Error &error);

private:
    struct Parts
    {
        LoadedSource market;
        std::unique_ptr<Store> store;
        std::unique_ptr<HttpListener> listener; ///< bound; null without a server
        TokenAuthority tokens;
        UserId owner;
    };
    Program(ProgramOptions options, const Clock &clock, Parts parts);

    void onEngineStarted();
    void makeDemoBots();
    void startServer();

    const ProgramOptions m_options;
    const Clock &m_clock;
    const UserId m_owner;
    SystemMonotonicClock m_steady;
    StrategyWatch m_strategyWatch;
    const StrategyWatchdog m_watchdog;
    std::unique_ptr<Store> m_store;
    std::unique_ptr<HttpListener> m_listener; ///< until the server has it
    const TokenAuthority m_tokens;
    ThreadOwner<EngineHost> m_engine;
    HistoryThread m_history;
    std::optional<ThreadOwner<ServerHost>> m_server;
};

} // namespace tradebot
