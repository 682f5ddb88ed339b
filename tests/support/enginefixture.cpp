// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/enginefixture.h"

#include <QtGlobal>

namespace tradebot {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

EngineFixture::EngineFixture(const EngineOptions &options) : market(clock), m_options(options)
{
    m_options.steadyNow = [this] { return clock.steady(); };
    market.past = flatCandles(clock.now(), 30, Price::fromInteger(100));
    EngineOutput &output = *this;
    engine = std::make_unique<BotEngine>(m_options, market, clock, output);
}

void EngineFixture::fact(const BotEvent &event)
{
    const auto *filled = std::get_if<OrderFilled>(&event.payload);
    const bool isOurs = filled != nullptr && filled->order.purpose != OrderPurpose::External
                        && filled->order.purpose != OrderPurpose::Liquidation;
    if (isOurs && filled->order.id.sequence > durable)
        ++earlyFills;
    m_sums[event.bot].add(event.payload);
    facts.push_back(event);
}

void EngineFixture::stepDone()
{
    if (commitsAtOnce)
        commit();
    checkAccounts();
}

/// What holds for every bot at any moment: its state is what its facts add up to, and the paper exchange, which keeps a
/// book of its own, says the same.
void EngineFixture::checkAccounts() const
{
    for (const auto &[id, runner] : engine->runners()) {
        const BotState &state = runner->state();
        const QStringList wrong = m_sums.at(id).contradictions(state);
        if (!wrong.isEmpty())
            qFatal("bot %lld: %s", id.value(), qPrintable(wrong.join(u", "_s)));
        if (runner->paper() == nullptr || !runner->isWatching() || state.status == BotStatus::Error)
            continue;
        const MarginAccount &account = runner->paper()->account();
        const Position &there = account.position();
        const Position &here = state.position;
        if (account.balance() != state.balance || there.side != here.side || there.quantity != here.quantity
            || there.cost != here.cost) {
            qFatal("bot %lld: a balance of %s and %s held, but %s and %s at the paper exchange", id.value(),
                   qPrintable(state.balance.toString()), qPrintable(here.quantity.toString()),
                   qPrintable(account.balance().toString()), qPrintable(there.quantity.toString()));
        }
    }
}

Result<BotId> EngineFixture::execute(const Command &command)
{
    auto done = engine->execute(command);
    stepDone();
    return done;
}

void EngineFixture::tick(const char *price, const QString &symbol)
{
    market.tick(decimal<Price>(price), Symbol(symbol));
    stepDone();
}

void EngineFixture::pass(std::chrono::milliseconds time)
{
    clock.advance(time);
    engine->timePassed();
    stepDone();
}

void EngineFixture::candle(const char *price)
{
    tick(price);
    const Timestamp end = nextOpenTime(openTimeOf(clock.now(), Timeframe::M1), Timeframe::M1);
    clock.advance(end - 1ms - clock.now());
    tick(price); // so that it is not old
    pass(1s + 1ms);
}

void EngineFixture::answerHistory()
{
    market.answerHistory(market.past);
    pass(0ms); // answers are looked at with the next step
}

void EngineFixture::lose(const QString &text)
{
    market.lose(Error{ErrorCode::Unavailable, text, {}});
    stepDone();
}

void EngineFixture::commit(std::optional<EventSequence> upTo)
{
    durable = upTo.value_or(engine->lastSequence());
    engine->committed(durable);
}

void EngineFixture::restart(std::optional<std::size_t> kept)
{
    engine.reset();
    facts.resize(std::min(kept.value_or(facts.size()), facts.size()));
    m_told = std::min(m_told, facts.size());
    m_sums.clear();
    for (const BotEvent &event : facts)
        m_sums[event.bot].add(event.payload);
    EngineOutput &output = *this;
    market.forgetStreams();
    engine = std::make_unique<BotEngine>(m_options, market, clock, output);
    const Recovered recovered = recoveredFrom(facts);
    durable = recovered.last;
    engine->recover(recovered);
    stepDone();
}

BotId EngineFixture::create(const BotConfig &config)
{
    return execute(CreateBot{UserId(1), config}).value();
}

BotId EngineFixture::run(const BotConfig &config)
{
    const BotId id = create(config);
    execute(StartBot{id}).value();
    return id;
}

BotId EngineFixture::enter(const BotConfig &config, const char *close, const char *fill)
{
    const BotId id = run(config);
    candle(close);
    tick(fill);
    return id;
}

QStringList EngineFixture::news()
{
    QStringList lines;
    for (; m_told < facts.size(); ++m_told)
        lines.append(shortText(facts[m_told].payload));
    return lines;
}

Recovered recoveredFrom(std::span<const BotEvent> facts)
{
    Recovered recovered;
    std::map<BotId, BotRecord> bots;
    for (const BotEvent &event : facts) {
        BotRecord &record = bots[event.bot];
        if (const auto *created = std::get_if<BotCreated>(&event.payload)) {
            record.id = event.bot;
            record.owner = created->owner;
            record.config = created->config;
            record.createdAt = event.happened;
            record.configuredAt = event.happened;
            record.peakEquity = created->config.initialBalance;
            recovered.lastBotId = std::max(recovered.lastBotId, event.bot.value());
        } else if (const auto *configured = std::get_if<BotConfigured>(&event.payload)) {
            record.config = configured->config;
            record.configVersion = configured->version;
            record.configuredAt = event.happened;
        }
        record.deleted = record.deleted || std::holds_alternative<BotDeleted>(event.payload);
        record.lastUpdatedAt = event.happened;
        if (!apply(record.state, event))
            qFatal("fact %lld cannot be folded", event.sequence.value());
        recovered.last = event.sequence;
        recovered.lastHappened = event.happened;
    }
    for (auto &[id, record] : bots) {
        if (!record.deleted)
            recovered.bots.push_back(std::move(record));
    }
    return recovered;
}

BotConfig followerConfig(PositionType type)
{
    BotConfig config;
    config.name = u"Follower"_s;
    config.symbol = Symbol(u"BTCUSDT"_s);
    config.market = type == PositionType::Long ? Market::Spot : Market::UsdmFutures;
    config.strategy = u"ema_cross"_s; // an average of one candle is its close
    config.strategyParameters = {{u"fast"_s, Decimal::fromInteger(1)}, {u"slow"_s, Decimal::fromInteger(2)}};
    config.positionType = type;
    config.sizing = {SizingKind::FixedQuantity, Decimal::fromInteger(1)};
    config.paper.depthPercent.reset(); // each tick trades one coin: it is to be had whole
    return config;
}

namespace {

class ShortText final
{
public:
    QString operator()(const BotCreated &) const { return u"created"_s; }
    QString operator()(const BotConfigured &fact) const { return u"configured %1"_s.arg(fact.version); }
    QString operator()(const BotDeleted &) const { return u"deleted"_s; }
    QString operator()(const DesiredChanged &fact) const
    {
        return u"desired %1 %2"_s.arg(toName(fact.desired), toName(fact.policy));
    }
    QString operator()(const StatusChanged &fact) const
    {
        return u"status "_s + statusText(fact.status, fact.errorKind);
    }
    QString operator()(const HealthChanged &fact) const { return u"health "_s + toName(fact.health); }
    QString operator()(const DecisionMade &fact) const
    {
        return u"decision %1 at %2"_s.arg(toName(fact.action), fact.price.toString());
    }
    QString operator()(const OrderChanged &fact) const
    {
        const QString what = u"order %1 %2 %3 %4"_s.arg(toName(fact.order.state), toName(fact.order.side),
                                                        fact.order.quantity.toString(), toName(fact.order.purpose));
        return fact.order.reason.isEmpty() ? what : what + u": "_s + fact.order.reason;
    }
    QString operator()(const OrderFilled &fact) const
    {
        return u"fill %1 %2 at %3"_s.arg(toName(fact.fill.side), fact.fill.quantity.toString(),
                                         fact.fill.price.toString());
    }
    QString operator()(const TradeClosed &fact) const
    {
        return u"trade %1 %2 net %3"_s.arg(toName(fact.trade.side), toName(fact.trade.exitReason),
                                           fact.trade.net().toString());
    }
    QString operator()(const ProtectionChanged &fact) const { return u"protection "_s + fact.reason; }
    QString operator()(const ErrorRaised &fact) const { return u"raised "_s + toName(fact.kind); }
    QString operator()(const ErrorCleared &) const { return u"error cleared"_s; }
    QString operator()(const DailyLimitReached &) const { return u"daily limit"_s; }
    QString operator()(const DayClosed &) const { return u"day closed"_s; }
    QString operator()(const DrawdownLimitReached &) const { return u"drawdown limit"_s; }
    QString operator()(const PeakChanged &fact) const
    {
        return (fact.resetsBaseline ? u"peak anew %1"_s : u"peak %1"_s).arg(fact.equity.toString());
    }
    QString operator()(const SessionCompleted &) const { return u"session completed"_s; }
    QString operator()(const BotCompleted &) const { return u"completed"_s; }
    QString operator()(const MoneyMoved &fact) const
    {
        return u"%1 %2"_s.arg(toName(fact.kind), fact.amount.toString());
    }
    QString operator()(const KillSwitchPulled &fact) const { return u"kill "_s + toName(fact.kill.level); }
    QString operator()(const KillSwitchDone &) const { return u"kill done"_s; }
};

} // namespace

QString shortText(const EventPayload &payload)
{
    return std::visit(ShortText(), payload);
}

} // namespace tradebot
