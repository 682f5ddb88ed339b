// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/program/program.h"

#include "app/program/demobots.h"
#include "app/program/urlfile.h"
#include "core/storage/sqlhistory.h"
#include "core/storage/users.h"
#include "core/strategy/registry.h"

namespace tradebot {

using namespace Qt::StringLiterals;

namespace {

/// Where a recording goes on: at the last price that the bot that is furthest behind has acted on, which it has to see
/// once more. At its beginning when none has seen a price yet.
std::optional<Timestamp> resumeTime(const Recovered &recovered)
{
    std::optional<Timestamp> time;
    for (const BotRecord &bot : recovered.bots) {
        const Timestamp seen = bot.state.marketTime;
        if (bot.state.desired != DesiredState::Stopped && seen != Timestamp())
            time = std::min(time.value_or(seen), seen - std::chrono::milliseconds(1));
    }
    return time;
}

EngineOptions engineOptions(const ProgramOptions &program, StrategyWatch &watch)
{
    EngineOptions options;
    options.strategyBudget = std::chrono::milliseconds(250);
    options.strategyWatch = &watch;
    options.hungBot = StrategyWatchdog::hungBot(program.dataDir);
    options.makeStrategy = program.makeStrategy;
    return options;
}

} // namespace

Result<std::unique_ptr<Program>> Program::open(const ProgramOptions &options, const Clock &clock)
{
    auto market = loadMarketSource(options.marketData); // first: what cannot run leaves no data folder behind
    if (!market)
        return fail(market.error());
    auto folder = DataFolder::claim(options.dataDir);
    if (!folder)
        return fail(folder.error());
    forgetUrl(options.dataDir); // that of a program that was killed
    std::unique_ptr<HttpListener> listener;
    if (options.serve) { // before anything is written or begun: without its port the program does nothing
        auto bound = HttpListener::bind(options.address, options.port);
        if (!bound)
            return fail(bound.error());
        listener = std::move(*bound);
    }
    auto store = Store::open(std::move(*folder), clock);
    if (!store)
        return fail(store.error());
    const auto owner = ownerOf(options.dataDir);
    if (!owner)
        return fail(owner.error());
    const auto key = SigningKey::loadOrCreate(options.dataDir);
    if (!key)
        return fail(key.error());
    return std::unique_ptr<Program>(new Program(options, clock,
                                                {.market = std::move(*market),
                                                 .store = std::move(*store),
                                                 .listener = std::move(listener),
                                                 .tokens = TokenAuthority(*key, clock),
                                                 .owner = owner->id}));
}

Program::Program(ProgramOptions options, const Clock &clock, Parts parts)
    : m_options(std::move(options)),
      m_clock(clock),
      m_owner(parts.owner),
      m_watchdog(m_strategyWatch, m_options.dataDir, m_options.strategyPatience),
      m_store(std::move(parts.store)),
      m_listener(std::move(parts.listener)),
      m_tokens(std::move(parts.tokens)),
      m_engine(u"engine"_s, std::make_unique<EngineHost>(
                                    engineOptions(m_options, m_strategyWatch),
                                    [market = std::move(parts.market), seed = m_options.seed, &clock,
                                     resumeAfter = resumeTime(m_store->recovered())]() mutable {
                                        return makeMarketData(std::move(market), seed, clock, resumeAfter);
                                    },
                                    *m_store, clock)),
      m_history(m_store->databasePath())
{
    connect(m_engine.host(), &EngineHost::started, this, &Program::onEngineStarted);
    connect(m_engine.host(), &EngineHost::failed, this, &Program::failed);
}

Program::~Program()
{
    forgetUrl(m_options.dataDir);
    m_server.reset();
    m_engine.stop();
}

void Program::start()
{
    m_engine.start();
    m_engine.post([recovered = m_store->recovered()](EngineHost &engine) { engine.start(recovered); });
}

void Program::onEngineStarted()
{
    StrategyWatchdog::forgetHungBot(m_options.dataDir);
    const bool wantsDemo = m_options.demo || (m_options.demoInFirstRun && isFirstRun());
    if (wantsDemo && m_store->recovered().bots.empty())
        makeDemoBots();
    if (m_listener)
        startServer();
    else
        Q_EMIT ready(QUrl());
}

void Program::makeDemoBots()
{
    for (const BotConfig &config : demoBots(std::holds_alternative<ReplaySource>(m_options.marketData))) {
        control().submit(CreateBot{m_owner, config}, this, [this](const Result<BotSnapshot> &bot) {
            if (!bot) {
                qCWarning(logApp) << "an example bot could not be made:" << bot.error().text;
                return;
            }
            control().submit(StartBot{bot->id}, this, [](const Result<BotSnapshot> &started) {
                if (!started)
                    qCWarning(logApp) << "an example bot does not start:" << started.error().text;
            });
        });
    }
}

void Program::startServer()
{
    ServerParts parts{.listener = std::move(m_listener),
                      .allowedHosts = m_options.allowedHosts,
                      .control = control(),
                      .feed = feed(),
                      .makeReader = [path = m_store->databasePath()]() -> Result<std::unique_ptr<HistoryReader>> {
                          return std::make_unique<SqlHistory>(path);
                      },
                      .clock = m_clock,
                      .steady = m_steady,
                      .tokens = m_tokens,
                      .strategies = builtInStrategies()};
    auto host = std::make_unique<ServerHost>(std::move(parts));
    connect(host.get(), &ServerHost::listening, this, [this](const QUrl &url) {
        if (const auto noted = noteUrl(m_options.dataDir, url); !noted)
            qCWarning(logApp) << "the command line will not find this program:" << noted.error().text;
        Q_EMIT ready(url);
    });
    connect(host.get(), &ServerHost::failed, this, [this](const QString &reason) {
        Q_EMIT failed(Error{ErrorCode::Io, reason, {}});
    });
    connect(host.get(), &ServerHost::viewersChanged, this, &Program::viewersChanged);
    m_server.emplace(u"server"_s, std::move(host));
    m_server->start();
    m_server->post([](ServerHost &server) { server.start(); });
}

} // namespace tradebot
