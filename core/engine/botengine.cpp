// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/botengine.h"

#include "core/base/jsonfields.h"
#include "core/strategy/registry.h"

#include <algorithm>
#include <utility>

namespace tradebot {

using namespace Qt::StringLiterals;

BotEngine::BotEngine(const EngineOptions &options, MarketData &market, const Clock &computerClock, EngineOutput &output)
    : RunnerContext(StrategyGuard(options.strategyBudget, options.stopwatch, options.strategyWatch)),
      m_options(options),
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
    m_now = m_clock = m_market.now();
    RunnerContext &context = *this;
    for (const BotRecord &known : recovered.bots)
        m_runners.emplace(known.id, std::make_unique<BotRunner>(context, known));
    if (m_options.resumesWork) {
        for (const auto &[id, runner] : m_runners) {
            if (id == m_options.hungBot)
                runner->quarantine(u"the strategy did not return, and the program had to be restarted without it"_s);
            runner->resumeAfterRestart();
        }
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

/// Time goes on with the prices and with the market's clock, whichever is ahead. A clock that had been wrong and was
/// set back counts at once: else nothing that waits for a moment would come before it is as late again.
void BotEngine::updateTime()
{
    constexpr auto littleStep = std::chrono::seconds(10); // as clocks are set right all the time
    const Timestamp now = m_market.now();
    const Timestamp before = std::exchange(m_clock, now);
    m_now = std::max(m_now, now);
    if (before - now <= littleStep || m_market.canWait()) // the time of a recording is its own
        return;
    m_now = now;
    for (const auto &stream : m_streams) { // candles of a time that has not come yet would take in nothing
        stream->series.clear();
        for (const BotRunner *runner : stream->runners)
            seriesOf(*stream, runner->config().timeframe, runner->historyCandles());
    }
}

Result<BotId> BotEngine::execute(const Command &command)
{
    updateTime();
    auto result = std::visit(
            [this](const auto &specific) -> Result<BotId> {
                using Specific = std::decay_t<decltype(specific)>;
                if constexpr (std::is_same_v<Specific, CreateBot>) {
                    return create(specific);
                } else if constexpr (std::is_same_v<Specific, DeleteBot>) {
                    return remove(specific);
                } else {
                    return onRunner(specific.bot, [&](BotRunner &runner) -> Result<void> {
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

namespace {

QList<FieldError> brokenRules(const BotConfig &config)
{
    QList<FieldError> errors = validate(config);
    const StrategyInfo *const info = findStrategy(config.strategy);
    if (info != nullptr)
        errors += validateSide(*info, config);
    return errors;
}

Failure invalid(const QList<FieldError> &errors)
{
    return fail(fieldErrors(ErrorCode::InvalidInput, u"the bot's configuration is not valid"_s, errors));
}

} // namespace

/// A config that the engine can run: its own rules and those of its strategy.
Result<void> BotEngine::judge(const BotConfig &config) const
{
    QList<FieldError> errors = brokenRules(config);
    const auto made = m_strategyGuard.run(BotId(), [&] { // no bot has it yet
        if (const auto strategy = strategyOf(config); !strategy)
            errors += strategy.error().fields;
    });
    if (!made)
        errors.append({u"strategy"_s, made.error().text});
    errors += validateName(config.name); // a bot that has such a name keeps it
    if (errors.isEmpty())
        return {};
    return invalid(errors);
}

Instrument BotEngine::instrumentFor(const BotConfig &config) const
{
    if (const auto known = m_market.instrument(config.symbol, config.market))
        return *known;
    Instrument guessed;
    guessed.symbol = config.symbol;
    guessed.market = config.market;
    std::tie(guessed.base, guessed.quote) = splitSymbol(config.symbol);
    return guessed;
}

Result<std::unique_ptr<Strategy>> BotEngine::strategyOf(const BotConfig &config) const
{
    if (m_options.makeStrategy)
        return m_options.makeStrategy(config);
    return tradebot::makeStrategy(config.strategy, config.strategyParameters);
}

Result<std::unique_ptr<Strategy>> BotEngine::makeStrategy(const BotConfig &config) const
{
    // A bot that was made by an older version may break a rule that has become stricter since.
    if (const QList<FieldError> errors = brokenRules(config); !errors.isEmpty())
        return invalid(errors);
    return strategyOf(config);
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
    BotEvent created(id, std::in_place_type<BotCreated>, BotCreated{command.owner, command.config});
    return BotEngine::record(made, created).map([id] { return id; });
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
        BotEvent deleted(runner.id(), std::in_place_type<BotDeleted>, BotDeleted());
        return BotEngine::record(runner, deleted);
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

Result<void> BotEngine::record(BotRunner &runner, BotEvent &event)
{
    event.sequence = nextSequence();
    event.happened = m_now;
    if (auto done = runner.fold(event); !done)
        return done;
    m_last = event.sequence;
    m_output.fact(event);
    return {};
}

void BotEngine::sendWhenDurable(BotRunner &runner, const ClientOrderId &order)
{
    if (m_options.factsAreDurableAtOnce || m_last <= m_committed)
        runner.release(order);
    else
        m_unsent.push_back({m_last, order});
}

void BotEngine::committed(EventSequence upTo)
{
    m_committed = upTo;
    std::size_t sent = 0;
    for (; sent < m_unsent.size() && m_unsent[sent].after <= upTo; ++sent) {
        if (const auto at = m_runners.find(m_unsent[sent].order.bot); at != m_runners.end())
            at->second->release(m_unsent[sent].order);
    }
    m_unsent.erase(m_unsent.begin(), m_unsent.begin() + static_cast<std::ptrdiff_t>(sent));
    if (!m_buffered.empty())
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

QString quoteOf(const BotRunner &runner)
{
    const QString &quote = runner.instrument().quote; // not known before it was started
    return quote.isEmpty() ? splitSymbol(runner.config().symbol).second : quote;
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
    const QString quote = quoteOf(runner);
    for (const auto &[id, other] : m_runners) {
        if (!shareAnAccount(runner, *other) || quoteOf(*other) != quote) // one currency is not added to another
            continue;
        const Checked<Money> worth = other->exposure();
        exposure.account += worth;
        if (other->config().symbol != runner.config().symbol || other->config().market != runner.config().market)
            continue;
        exposure.symbol += worth;
        exposure.hasUnknownOrder = exposure.hasUnknownOrder || (!isPaper && other->hasUnknownOrder());
    }
    return exposure;
}

QString BotEngine::activity(BotId bot)
{
    const auto at = m_runners.find(bot);
    return at == m_runners.end() ? QString() : at->second->activity();
}

Result<KillReport> BotEngine::pull(const KillSwitch &killSwitch)
{
    updateTime();
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
        report.bots.push_back(id);
        for (Order &killed : runner->kill(order))
            report.orders.push_back(std::move(killed));
    }
    settle();
    return report;
}

void BotEngine::sampleEquity(const BotRunner &runner, std::span<const EquityPoint> points)
{
    if (m_options.equityInterval.count() == 0) {
        m_output.equity(runner.id(), points);
        return;
    }
    for (const EquityPoint &point : points) {
        if (isSampleDue(runner.id(), point.time))
            m_output.equity(runner.id(), {&point, 1});
    }
}

bool BotEngine::isSampleDue(BotId bot, Timestamp time)
{
    Timestamp &last = m_lastSample.try_emplace(bot, Timestamp::min()).first->second;
    if (last != Timestamp::min() && time >= last && time - last < m_options.equityInterval)
        return false;
    last = time;
    return true;
}

void BotEngine::timePassed()
{
    if (!m_options.resumesWork || !m_buffered.empty()) // held prices come first
        return;
    updateTime();
    for (const auto &[id, runner] : m_runners)
        runner->closeDayIfOver(); // before the last candle of the day leads to something in the next one
    for (const auto &stream : m_streams) {
        judgeAge(*stream); // first: what closes now is decided on with prices of that age
        for (const auto &series : stream->series) {
            if (const auto closed = series->closeUpTo(m_now - m_options.candleGrace))
                candleClosed(*stream, series->timeframe(), *closed);
        }
    }
    for (const auto &[id, runner] : m_runners)
        runner->timePassed();
    settle();
}

/// A part of the past: for the runners that wait for it, with the candles that have ended since the source was asked.
void BotEngine::take(const Arrival &arrival)
{
    MarketStream *const target = stream(arrival.stream);
    const auto at = std::find_if(target->series.begin(), target->series.end(),
                                 [&arrival](const auto &series) { return series->timeframe() == arrival.timeframe; });
    if (!target->isOpen || at == target->series.end())
        return;
    CandleHistory *const series = at->get();
    if (!arrival.candles)
        series->forgetQuestion();
    else if (arrival.asked > 0)
        series->setHistory(*arrival.candles, arrival.asked);
    for (BotRunner *runner : std::vector<BotRunner *>(target->runners)) {
        if (runner->config().timeframe != arrival.timeframe)
            continue;
        if (series->covers(candlesFor(*runner)))
            runner->historyArrived(series->newest(candlesFor(*runner)));
        else if (!arrival.candles)
            runner->historyArrived(arrival.candles);
    }
}

void BotEngine::settle()
{
    if (m_settling)
        return;
    m_settling = true;
    while (!m_arrivals.empty()) {
        const std::vector<Arrival> arrivals = std::exchange(m_arrivals, {});
        for (const Arrival &arrival : arrivals)
            take(arrival);
    }
    if (m_hasIdleStreams)
        closeIdleStreams();
    m_settling = false;
}

} // namespace tradebot
