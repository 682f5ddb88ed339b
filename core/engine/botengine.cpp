// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/botengine.h"

#include "core/base/jsonfields.h"
#include "core/strategy/registry.h"

#include <algorithm>

namespace tradebot {

using namespace Qt::StringLiterals;

BotEngine::BotEngine(const EngineOptions &options, MarketData &market, const Clock &computerClock, EngineOutput &output)
    : m_options(options),
      m_market(market),
      m_computerClock(computerClock),
      m_output(output)
{
    m_market.setSink(this);
}

BotEngine::~BotEngine() = default;

void BotEngine::recover(const Recovered &recovered)
{
    m_last = recovered.last;
    m_committed = recovered.last;
    m_lastBotId = recovered.lastBotId;
    m_now = m_market.now();
    RunnerContext &context = *this;
    for (const BotRecord &known : recovered.bots)
        m_runners.emplace(known.id, std::make_unique<BotRunner>(context, known));
    if (m_options.takesUpWork) {
        for (const auto &[id, runner] : m_runners)
            runner->takeUp();
    }
    settle();
}

template<class Act>
Result<BotId> BotEngine::onRunner(BotId bot, Act act)
{
    const auto at = m_runners.find(bot);
    if (at == m_runners.end())
        return fail(ErrorCode::NotFound, u"bot %1 does not exist"_s.arg(bot.value()));
    return act(*at->second).map([bot] { return bot; });
}

Result<BotId> BotEngine::execute(const Command &command)
{
    m_now = std::max(m_now, m_market.now());
    auto result = std::visit(
            [this](const auto &specific) -> Result<BotId> {
                using Specific = std::decay_t<decltype(specific)>;
                if constexpr (std::is_same_v<Specific, CreateBot>) {
                    return create(specific);
                } else if constexpr (std::is_same_v<Specific, DeleteBot>) {
                    return remove(specific);
                } else {
                    return onRunner(specific.bot, [this, &specific](BotRunner &runner) -> Result<void> {
                        if constexpr (std::is_same_v<Specific, StartBot>)
                            return runner.start();
                        else if constexpr (std::is_same_v<Specific, PauseBot>)
                            return runner.pause();
                        else if constexpr (std::is_same_v<Specific, ResumeBot>)
                            return runner.resume();
                        else if constexpr (std::is_same_v<Specific, StopBot>)
                            return runner.stop(specific.policy);
                        else if constexpr (std::is_same_v<Specific, RestartBot>)
                            return runner.restart();
                        else if constexpr (std::is_same_v<Specific, SetProtection>)
                            return runner.setProtection(specific);
                        else if constexpr (std::is_same_v<Specific, ClearError>)
                            return runner.clearError();
                        else
                            return judge(specific.config).and_then([&] {
                                return runner.configure(specific.config, specific.expectedVersion);
                            });
                    });
                }
            },
            command);
    settle();
    return result;
}

/// A config that the engine can run: its own rules and those of its strategy.
Result<void> BotEngine::judge(const BotConfig &config) const
{
    QList<FieldError> errors = validate(config);
    if (const auto strategy = makeStrategy(config); !strategy)
        errors += strategy.error().fields;
    // No rule of validate(): a bot from before it was made must still be read.
    if (std::ranges::any_of(config.name, [](QChar c) { return c.category() == QChar::Other_Control; }))
        errors.append({u"name"_s, u"must hold no control characters"_s});
    const StrategyInfo *const info = findStrategy(config.strategy);
    if (info != nullptr && info->isLongOnly && config.positionType == PositionType::Short)
        errors.append({u"position_type"_s, u"must be long or both: %1 only buys"_s.arg(info->name)});
    if (errors.isEmpty())
        return {};
    return fail(fieldErrors(ErrorCode::InvalidInput, u"the bot's configuration is not valid"_s, errors));
}

Result<std::unique_ptr<Strategy>> BotEngine::makeStrategy(const BotConfig &config) const
{
    if (m_options.makeStrategy)
        return m_options.makeStrategy(config);
    return tradebot::makeStrategy(config.strategy, config.strategyParameters);
}

Result<BotId> BotEngine::create(const CreateBot &command)
{
    if (auto valid = judge(command.config); !valid)
        return fail(valid.error());
    BotRecord record;
    record.id = BotId(++m_lastBotId);
    record.owner = command.owner;
    record.config = command.config;
    record.createdAt = m_now;
    record.configuredAt = m_now;
    record.peakEquity = command.config.initialBalance;
    const BotId id = record.id;
    RunnerContext &context = *this;
    auto runner = std::make_unique<BotRunner>(context, std::move(record));
    BotRunner &made = *m_runners.emplace(id, std::move(runner)).first->second;
    return BotEngine::record(made, BotCreated{command.owner, command.config}).map([id] { return id; });
}

Result<BotId> BotEngine::remove(const DeleteBot &command)
{
    auto done = onRunner(command.bot, [this](BotRunner &runner) -> Result<void> {
        const BotState &state = runner.state();
        if (isActive(state.status) || state.position.isOpen() || !state.openOrders.empty()) {
            return fail(ErrorCode::Conflict,
                        u"bot %1 is %2%3; stop it and close its position before deleting it"_s.arg(
                                QString::number(runner.id().value()), statusText(state.status, state.errorKind),
                                state.position.isOpen() ? u" and holds a position"_s : QString()));
        }
        return BotEngine::record(runner, BotDeleted());
    });
    if (done) {
        const BotRunner &runner = *m_runners.at(command.bot);
        unwatch(*m_runners.at(runner.id()));
        m_runners.erase(command.bot);
    }
    return done;
}

const BotRunner *BotEngine::find(BotId bot) const
{
    const auto at = m_runners.find(bot);
    return at == m_runners.end() ? nullptr : at->second.get();
}

Result<void> BotEngine::record(BotRunner &runner, EventPayload &&payload)
{
    BotEvent event{nextSequence(), runner.id(), m_now, {}, std::move(payload)};
    if (auto done = runner.fold(event); !done)
        return done;
    m_last = event.sequence;
    m_output.fact(std::move(event));
    return {};
}

void BotEngine::sendWhenDurable(BotRunner &runner, const Order &order)
{
    if (m_options.factsAreDurableAtOnce || m_last <= m_committed)
        runner.release(order);
    else
        m_unsent.push_back({m_last, runner.id(), order});
}

void BotEngine::committed(EventSequence upTo)
{
    m_committed = upTo;
    std::size_t sent = 0;
    for (; sent < m_unsent.size() && m_unsent[sent].after <= upTo; ++sent) {
        if (const auto at = m_runners.find(m_unsent[sent].bot); at != m_runners.end())
            at->second->release(m_unsent[sent].order);
    }
    m_unsent.erase(m_unsent.begin(), m_unsent.begin() + static_cast<std::ptrdiff_t>(sent));
    if (!m_held.empty())
        deliverHeld();
}

Result<std::unique_ptr<ExecutionClient>> BotEngine::connectExchange(const BotRunner &runner)
{
    const BotConfig &config = runner.config();
    if (m_options.connect) {
        auto client = m_options.connect(config, runner.instrument());
        if (!client || *client != nullptr)
            return client;
    }
    if (config.exchange != Exchange::Paper || config.mode == Mode::Live)
        return fail(ErrorCode::Unsupported, u"this version trades on the paper exchange only"_s);
    return nullptr;
}

namespace {

bool shareAnAccount(const BotRunner &one, const BotRunner &other)
{
    const BotConfig &a = one.config();
    const BotConfig &b = other.config();
    return one.record().owner == other.record().owner && a.exchange == b.exchange && a.mode == b.mode
           && a.apiKeyId == b.apiKeyId;
}

} // namespace

Exposure BotEngine::exposureOf(const BotRunner &runner) const
{
    Exposure exposure;
    const RiskLimits &limits = runner.config().limits;
    const bool isPaper = runner.config().exchange == Exchange::Paper; // where each bot has an account of its own
    exposure.hasUnknownOrder = runner.hasUnknownOrder();
    if (isPaper && !limits.maxSymbolExposureQuote && !limits.maxAccountExposureQuote)
        return exposure;
    for (const auto &[id, other] : m_runners) {
        if (!shareAnAccount(runner, *other))
            continue;
        const Checked<Money> worth = other->worthAtStake();
        exposure.account += worth;
        if (other->config().symbol != runner.config().symbol || other->config().market != runner.config().market)
            continue;
        exposure.symbol += worth;
        exposure.hasUnknownOrder = exposure.hasUnknownOrder || (!isPaper && other->hasUnknownOrder());
    }
    return exposure;
}

std::chrono::steady_clock::time_point BotEngine::budgetStart() const
{
    return m_options.strategyBudget.count() > 0 ? m_options.stopwatch() : std::chrono::steady_clock::time_point();
}

bool BotEngine::isOverBudget(std::chrono::steady_clock::time_point since) const
{
    return m_options.strategyBudget.count() > 0 && m_options.stopwatch() - since > m_options.strategyBudget;
}

Result<KillReport> BotEngine::pull(const KillSwitch &killSwitch)
{
    m_now = std::max(m_now, m_market.now());
    const BotRunner *const around = find(killSwitch.bot);
    const bool isAroundBot = killSwitch.scope != KillScope::Everything;
    if (isAroundBot && (around == nullptr || around->record().owner != killSwitch.owner))
        return fail(ErrorCode::NotFound, u"bot %1 does not exist"_s.arg(killSwitch.bot.value()));
    const KillOrder order{killSwitch.level, killSwitch.includesProtection, QString(toName(killSwitch.scope))};
    KillReport report;
    for (const auto &[id, runner] : m_runners) {
        const bool isMeant = killSwitch.scope == KillScope::Bot       ? id == killSwitch.bot
                             : killSwitch.scope == KillScope::Account ? shareAnAccount(*around, *runner)
                                                                      : runner->record().owner == killSwitch.owner;
        if (!isMeant)
            continue;
        const std::vector<Order> open = runner->state().openOrders;
        runner->kill(order);
        report.bots.push_back(id);
        for (const Order &before : open)
            report.orders.push_back(runner->lastKnown(before));
    }
    settle();
    return report;
}

void BotEngine::sampleEquity(const BotRunner &runner, const EquityPoint &point)
{
    if (m_options.equityInterval.count() > 0) {
        Timestamp &last = m_lastSample.try_emplace(runner.id(), Timestamp::min()).first->second;
        if (last != Timestamp::min() && point.time >= last && point.time - last < m_options.equityInterval)
            return;
        last = point.time;
    }
    m_output.equity(runner.id(), point);
}

void BotEngine::timePassed()
{
    if (!m_options.takesUpWork || !m_held.empty()) // held prices come first
        return;
    m_now = std::max(m_now, m_market.now());
    for (const auto &stream : m_streams) {
        for (const auto &series : stream->series) {
            if (const auto closed = series->closeUpTo(m_now - m_options.candleGrace))
                candleClosed(*stream, series->timeframe(), *closed);
        }
        judgeAge(*stream);
    }
    for (const auto &[id, runner] : m_runners)
        runner->timePassed();
    settle();
}

void BotEngine::settle()
{
    if (m_settling)
        return;
    m_settling = true;
    while (!m_arrivals.empty()) {
        const std::vector<Arrival> arrivals = std::exchange(m_arrivals, {});
        for (const Arrival &arrival : arrivals) {
            MarketStream *const target = stream(arrival.stream);
            if (!target->isOpen)
                continue;
            CandleHistory *const series = seriesOf(*target, arrival.timeframe);
            if (arrival.candles && !series->isReady())
                series->setHistory(*arrival.candles);
            else if (!arrival.candles) // so that the next one who wants it asks again
                std::erase_if(target->series, [series](const auto &entry) { return entry.get() == series; });
            // With the candles that have ended since the source was asked.
            Result<std::vector<Candle>> candles = arrival.candles;
            if (candles)
                candles = series->newest(m_options.historyCandles);
            for (BotRunner *runner : std::vector<BotRunner *>(target->runners)) {
                if (runner->config().timeframe == arrival.timeframe)
                    runner->historyArrived(candles);
            }
        }
    }
    if (m_hasIdleStreams)
        closeIdleStreams();
    m_settling = false;
}

} // namespace tradebot
