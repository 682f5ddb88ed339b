// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/domain/eventjson.h"
#include "core/domain/statejson.h"
#include "core/strategy/registry.h"
#include "tests/support/enginefixture.h"
#include "tests/support/generators.h"
#include "tests/support/qtestprint.h"

#include <QTest>

#include <map>
#include <set>

using namespace tradebot;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr BotId one(1);

BotConfig guardedConfig(PositionType type)
{
    BotConfig config = followerConfig(type);
    config.stopLoss = StopRule{StopKind::Percent, Decimal::fromInteger(3)};
    config.takeProfit = StopRule{StopKind::Percent, Decimal::fromInteger(5)};
    config.trailingStop = TrailingStopRule{Decimal::fromInteger(2), Decimal::fromInteger(1)};
    config.limits.maxDailyTrades = 20;
    config.slippageBasisPoints = Decimal::fromInteger(5);
    return config;
}

/// A futures account that lives dangerously: it pays funding, is liquidated, and its orders take their time.
BotConfig daringConfig()
{
    BotConfig config = followerConfig(PositionType::Both);
    config.name = u"Daring"_s;
    config.leverage = 50;
    config.sizing = {SizingKind::PercentOfEquity, Decimal::fromInteger(90)};
    config.initialBalance = Money::fromInteger(1'000'000);
    config.paper.latencyMilliseconds = 1500;
    config.paper.fundingRate = Decimal::fromRaw(50'000);
    return config;
}

/// Its stop and its target rest at the exchange, and it gets what it wants in parts.
BotConfig restingConfig()
{
    BotConfig config = followerConfig(PositionType::Long);
    config.name = u"Resting"_s;
    config.sizing = {SizingKind::FixedQuantity, Decimal::fromInteger(2)};
    config.stopLoss = StopRule{StopKind::Percent, Decimal::fromInteger(2)};
    config.takeProfit = StopRule{StopKind::Percent, Decimal::fromInteger(3)};
    config.stopsAt = StopsAt::Exchange;
    config.paper.depthPercent = Decimal::fromInteger(40);
    return config;
}

BotConfig gridConfig()
{
    BotConfig config = followerConfig(PositionType::Long);
    config.name = u"Grid"_s;
    config.strategy = u"grid"_s;
    config.strategyParameters = {{u"lower"_s, Decimal::fromInteger(60)},
                                 {u"upper"_s, Decimal::fromInteger(140)},
                                 {u"levels"_s, Decimal::fromInteger(41)},
                                 {u"quantity_per_level"_s, Decimal::fromInteger(2)}};
    config.initialBalance = Money::fromInteger(100'000);
    config.paper.latencyMilliseconds = 400;
    return config;
}

/// Follows the price, and throws at one that it does not like.
class ThrowingStrategy final : public Strategy
{
public:
    explicit ThrowingStrategy(std::unique_ptr<Strategy> sane) : m_sane(std::move(sane)) { }
    [[nodiscard]] int warmUpCandles() const override { return m_sane->warmUpCandles(); }
    void warmUp(const Candle &candle) override { m_sane->warmUp(candle); }
    void onCandle(const StrategyView &view, Intents &intents) override
    {
        if (view.candle.close.raw() / 10'000'000 % 7 == 3)
            throw std::runtime_error("not this price");
        m_sane->onCandle(view, intents);
    }
    [[nodiscard]] QString activity() const override { return {}; }

private:
    std::unique_ptr<Strategy> m_sane;
};

const QString throwerName = u"Thrower"_s;

BotConfig throwingConfig()
{
    BotConfig config = followerConfig(PositionType::Both);
    config.name = throwerName;
    config.restartOnError = true;
    return config;
}

EngineOptions storyOptions()
{
    EngineOptions options;
    options.makeStrategy = [](const BotConfig &config) -> Result<std::unique_ptr<Strategy>> {
        auto made = makeStrategy(config.strategy, config.strategyParameters);
        if (!made || config.name != throwerName)
            return made;
        return std::make_unique<ThrowingStrategy>(std::move(*made));
    };
    return options;
}

/// The day's totals by an account of their own.
class DayBook final
{
public:
    /// What is wrong with a fact that comes next; empty when nothing is.
    [[nodiscard]] QString add(const BotEvent &event)
    {
        Totals &today = m_today[event.bot];
        if (const auto *filled = std::get_if<OrderFilled>(&event.payload)) {
            today.gross = sum(today.gross, filled->realised);
            today.fees = sum(today.fees, filled->fill.fee);
            today.fills += 1;
        } else if (const auto *closed = std::get_if<TradeClosed>(&event.payload)) {
            today.trades += 1;
            today.wins += closed->trade.net().isPositive() ? 1 : 0;
        } else if (const auto *moved = std::get_if<MoneyMoved>(&event.payload)) {
            if (moved->kind == LedgerKind::Funding)
                today.funding = sum(today.funding, moved->amount);
            else if (moved->kind == LedgerKind::Liquidation || moved->kind == LedgerKind::Fee)
                today.fees = sum(today.fees, -moved->amount);
            else
                today.gross = sum(today.gross, moved->amount);
        } else if (const auto *day = std::get_if<DayClosed>(&event.payload)) {
            if (day->totals != today)
                return u"a day that closes with other totals than its facts add up to"_s;
            if (day->next <= day->day || day->next > std::chrono::floor<std::chrono::days>(event.happened))
                return u"a day that closes before it is over"_s;
            today = Totals();
        }
        return {};
    }
    [[nodiscard]] const Totals &today(BotId bot) { return m_today[bot]; }

private:
    [[nodiscard]] static Money sum(Money a, Money b) { return (a + b).value().value(); }

    std::map<BotId, Totals> m_today;
};

/// What must be true of any journal of the engine, whatever happened to it. Empty when all of it is.
QString broken(const std::vector<BotEvent> &facts)
{
    std::map<BotId, BotState> states;
    std::map<BotId, Money> money;
    std::map<ClientOrderId, OrderState> orders;
    std::set<std::pair<BotId, QString>> trades;
    DayBook book;
    qint64 last = 0;
    for (const BotEvent &event : facts) {
        const QString at = u" at fact %1"_s.arg(event.sequence.value());
        if (event.sequence.value() != ++last)
            return u"a gap"_s + at;
        BotState &state = states[event.bot];
        const BotStatus before = state.status;
        const Position held = state.position;
        if (const auto *created = std::get_if<BotCreated>(&event.payload))
            money[event.bot] = created->config.initialBalance;
        const auto *changed = std::get_if<OrderChanged>(&event.payload);
        const auto *filled = std::get_if<OrderFilled>(&event.payload);
        const Order *const order = changed ? &changed->order : filled ? &filled->order : nullptr;
        const bool isForeign = order != nullptr
                               && (order->purpose == OrderPurpose::External
                                   || order->purpose == OrderPurpose::Liquidation); // known by its fill alone
        if (order != nullptr && !isForeign) {
            const bool isNew = orders.count(order->id) == 0;
            const OrderState from = isNew ? OrderState::Initialized : orders[order->id];
            const bool isPart = order->state == OrderState::PartiallyFilled;
            const OrderTrigger trigger = changed  ? changed->trigger
                                         : isPart ? OrderTrigger::PartialFill
                                                  : OrderTrigger::Fill;
            if (nextState(from, trigger) != order->state)
                return u"no step %1 of order %2 leads from %3 to %4"_s.arg(toName(trigger), order->id.toString(),
                                                                           toName(from), toName(order->state))
                       + at;
            if (isNew && order->id.sequence != event.sequence)
                return u"an order that is not named by its fact"_s + at;
            orders[order->id] = order->state;
        }
        if (filled) {
            if (!trades.emplace(event.bot, filled->fill.exchangeTradeId.value()).second)
                return u"a fill told twice"_s + at;
            const auto change = applyFill(held, filled->fill, event.happened);
            if (!change || change->realised != filled->realised)
                return u"a profit that does not follow from the position"_s + at;
            money[event.bot] = (money[event.bot] + filled->realised - Checked<Money>(filled->fill.fee)).value().value();
        }
        if (const auto *moved = std::get_if<MoneyMoved>(&event.payload))
            money[event.bot] = (money[event.bot] + moved->amount).value().value();
        if (const QString problem = book.add(event); !problem.isEmpty())
            return problem + at;
        if (!apply(state, event))
            return u"a fact that cannot be folded"_s + at;
        if (state.today != book.today(event.bot))
            return u"totals of the day that are not those of its facts"_s + at;
        if (const auto *status = std::get_if<StatusChanged>(&event.payload)) {
            bool known = false;
            for (const BotTransition &transition : botTransitions)
                known = known || (transition.from == before && transition.to == status->status);
            if (!known || status->previous != before)
                return u"a status that cannot follow the one before"_s + at;
        }
        if (state.balance != money[event.bot])
            return u"a balance that is not the sum of its rows"_s + at;
        if (state.position.isOpen()
            && state.openTrade.entered.raw() - state.openTrade.exited.raw() != state.position.quantity.raw())
            return u"a position that is not the sum of its fills"_s + at;
    }
    return {};
}

QByteArray journalText(const std::vector<BotEvent> &facts)
{
    QByteArray text;
    for (const BotEvent &event : facts) {
        text += QByteArray::number(event.sequence.value()) + ' ' + QByteArray::number(event.bot.value()) + ' '
                + toRfc3339(event.happened) + ' ' + typeName(event.payload).data() + ' ' + toJson(event.payload) + '\n';
    }
    return text;
}

/// One thing that can happen: what, and how much.
using Step = std::pair<int, int>;

std::vector<BotConfig> everyKindOfBot()
{
    return {guardedConfig(PositionType::Long),
            guardedConfig(PositionType::Both),
            daringConfig(),
            restingConfig(),
            gridConfig(),
            throwingConfig()};
}

/// Lets things happen to an engine with bots of every kind; the same steps give the same journal.
class Story final
{
public:
    explicit Story(std::vector<BotConfig> bots = everyKindOfBot()) : configs(std::move(bots))
    {
        fixture.commitsAtOnce = false;
        for (const BotConfig &config : configs)
            fixture.run(config);
        fixture.commit();
    }

    void take(const Step &step)
    {
        const auto [kind, amount] = step;
        const qint64 waiting = fixture.engine->lastSequence().value() - fixture.durable.value();
        switch (kind) {
        case 0: (void)fixture.execute(StartBot{bot(amount)}); break;
        case 1: command(bot(amount), amount / static_cast<int>(configs.size())); break;
        case 2: fixture.pass(std::chrono::milliseconds(amount * 40)); break;
        case 3: fixture.commit(); break;
        case 4: fixture.commit(EventSequence(fixture.durable.value() + waiting * (amount % 10) / 10)); break;
        case 5: fixture.restart(static_cast<std::size_t>(fixture.durable.value())); break;
        case 6: fixture.pass(amount % 40 == 0 ? 24h : amount % 40 == 1 ? 80h : amount % 40 < 6 ? 8h : 61s); break;
        case 7:
            if (amount % 4 == 0)
                fixture.lose(u"the stream has ended"_s);
            break;
        case 8:
            if (amount % 4 == 0)
                historyFails(bot(amount / 4));
            break;
        case 9:
            if (amount % 6 == 0)
                (void)fixture.engine->pull({KillScope::Bot, UserId(1), bot(amount / 6),
                                            static_cast<KillLevel>(amount / 6 % 3), amount % 12 == 0});
            for (int i = 1; i <= static_cast<int>(configs.size()); ++i) // or hardly any would run after a while
                (void)fixture.execute(StartBot{BotId(i)});
            break;
        default:
            if (kind > 14)
                fixture.commit();
            price(amount);
            break;
        }
    }

    EngineFixture fixture{storyOptions()};
    const std::vector<BotConfig> configs;

private:
    [[nodiscard]] BotId bot(int amount) const { return BotId(1 + amount % static_cast<int>(configs.size())); }

    /// The market is closed; a bot starts, and the source does not tell the past.
    void historyFails(BotId bot)
    {
        for (int i = 1; i <= static_cast<int>(configs.size()); ++i)
            (void)fixture.execute(StopBot{BotId(i), StopPolicy::CancelOrders});
        fixture.commit();
        for (int i = 0; i < 3; ++i) { // cancels take their time
            fixture.pass(2s);
            fixture.tick("100");
            fixture.commit();
        }
        fixture.market.answersAtOnce = false;
        (void)fixture.execute(StartBot{bot});
        fixture.market.answerHistory(fail(ErrorCode::Unavailable, u"no candles"_s));
        fixture.pass(0ms);
        fixture.market.answersAtOnce = true;
        for (int i = 1; i <= static_cast<int>(configs.size()); ++i)
            (void)fixture.execute(StartBot{BotId(i)});
    }

    void price(int amount)
    {
        m_cents = std::clamp(m_cents + (amount % 41 - 20) * 10, 5'000, 20'000);
        const QByteArray text =
                QByteArray::number(m_cents / 100) + '.' + QByteArray::number(100 + m_cents % 100).mid(1);
        if (amount % 3 == 0)
            fixture.candle(text.constData());
        else
            fixture.tick(text.constData());
    }

    void command(BotId bot, int amount)
    {
        BotConfig other = configs[static_cast<std::size_t>(bot.value() - 1)];
        other.sizing.value = Decimal::fromInteger(1 + amount % 5);
        const std::vector<Command> commands = {PauseBot{bot},
                                               ResumeBot{bot},
                                               StopBot{bot, StopPolicy::LeavePosition},
                                               StopBot{bot, StopPolicy::CancelOrders},
                                               StopBot{bot, StopPolicy::Flatten},
                                               RestartBot{bot},
                                               ClearError{bot},
                                               UpdateBot{bot, 0, other},
                                               SetProtection{bot, Price::fromInteger(60), {}, {}}};
        (void)fixture.execute(commands[static_cast<std::size_t>(amount) % commands.size()]);
    }

    int m_cents = 10'000;
};

rc::Gen<std::vector<Step>> steps()
{
    return rc::gen::scale(4.0, rc::gen::container<std::vector<Step>>(rc::gen::pair(
                                       rc::gen::inRange(0, 32), rc::gen::resize(100, rc::gen::inRange(0, 1000)))));
}

/// How often what the property is about has come up, over all stories.
struct Coverage
{
    std::map<QString, int> counts;

    void add(const std::vector<BotEvent> &facts)
    {
        std::map<BotId, bool> traded;
        for (const BotEvent &event : facts) {
            const auto count = [&](const char *what, bool isSo) { counts[QString::fromLatin1(what)] += isSo ? 1 : 0; };
            if (const auto *filled = std::get_if<OrderFilled>(&event.payload)) {
                count("fills", true);
                count("parts of fills", filled->order.state == OrderState::PartiallyFilled);
                count("liquidations", filled->order.purpose == OrderPurpose::Liquidation);
                count("fills of resting orders", filled->fill.isMaker);
                count("stops at the exchange", filled->order.triggeredAt != Timestamp());
                count("fills after a cancel was asked for", filled->order.cancelRequested);
                traded[event.bot] = true;
            } else if (const auto *changed = std::get_if<OrderChanged>(&event.payload)) {
                count("cancels that take their time", changed->trigger == OrderTrigger::RequestCancel);
                count("denials", changed->trigger == OrderTrigger::Deny);
                count("rejections", changed->trigger == OrderTrigger::Reject);
            } else if (const auto *moved = std::get_if<MoneyMoved>(&event.payload)) {
                count("funding", moved->kind == LedgerKind::Funding);
            } else if (const auto *day = std::get_if<DayClosed>(&event.payload)) {
                count("days", true);
                count("several days at once, with trades",
                      day->next - day->day > std::chrono::days(1) && traded[event.bot]);
                traded[event.bot] = false;
            } else if (const auto *raised = std::get_if<ErrorRaised>(&event.payload)) {
                count("strategies that threw", raised->kind == ErrorKind::Strategy);
                count("histories that failed", raised->kind == ErrorKind::PriceFetch);
            } else if (const auto *health = std::get_if<HealthChanged>(&event.payload)) {
                count("streams lost", health->reason == HealthReason::StaleData);
            } else if (std::holds_alternative<KillSwitchDone>(event.payload)) {
                count("kill switches", true);
            }
        }
    }
    [[nodiscard]] QString text() const
    {
        QStringList lines;
        for (const auto &[what, count] : counts)
            lines.append(u"%1 %2"_s.arg(count).arg(what));
        return lines.join(u", "_s);
    }
};

bool isFoldOfItsFacts(const EngineFixture &fixture)
{
    const Recovered recovered = recoveredFrom(fixture.facts);
    return std::all_of(recovered.bots.begin(), recovered.bots.end(), [&fixture](const BotRecord &record) {
        const BotRunner &runner = fixture.bot(record.id);
        return record.state == runner.state() && record.config == runner.config()
               && record.configVersion == runner.record().configVersion;
    });
}

} // namespace

/// An order leaves only after its fact is on the disk, and never twice; whatever happens, the facts add up.
class DurabilityTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void anOrderWaitsForItsFact();
    void aRestartOfTheBotSendsNothingEarly_data();
    void aRestartOfTheBotSendsNothingEarly();
    void anOrderThatWasCancelledMeanwhileIsNotSent();
    void noPrefixOfAJournalSendsAnythingTwice();
    void theFactsAddUpWhateverHappens();
    void theSameStepsGiveTheSameJournal();
};

void DurabilityTest::anOrderWaitsForItsFact()
{
    EngineFixture fixture;
    fixture.run(followerConfig());
    fixture.commitsAtOnce = false;
    fixture.candle("101");
    fixture.news();
    fixture.tick("102");
    fixture.commit(EventSequence(fixture.facts.back().sequence.value() - 1));
    fixture.tick("103");
    QCOMPARE(fixture.news(), QStringList());
    fixture.commit();
    QCOMPARE(fixture.news(), QStringList()); // the next price, not the last
    fixture.tick("104");
    QCOMPARE(fixture.news(), (QStringList{u"fill buy 1 at 104"_s, u"protection entry"_s}));
    fixture.commit();
    fixture.tick("105");
    QCOMPARE(fixture.news(), QStringList());
}

void DurabilityTest::aRestartOfTheBotSendsNothingEarly_data()
{
    QTest::addColumn<bool>("configures");
    QTest::newRow("restart") << false;
    QTest::newRow("configure") << true;
}

void DurabilityTest::aRestartOfTheBotSendsNothingEarly()
{
    QFETCH(bool, configures);
    EngineFixture fixture;
    fixture.run(followerConfig());
    fixture.commitsAtOnce = false;
    fixture.candle("101");
    BotConfig config = followerConfig();
    config.name = u"Other"_s;
    if (configures)
        QVERIFY(fixture.execute(UpdateBot{one, 0, config}));
    else
        QVERIFY(fixture.execute(RestartBot{one}));
    QCOMPARE(fixture.state().status, BotStatus::Running);
    fixture.news();
    fixture.tick("102");
    QCOMPARE(fixture.news(), QStringList());
    fixture.commit();
    fixture.tick("103");
    fixture.tick("104");
    QCOMPARE(fixture.news(), (QStringList{u"fill buy 1 at 103"_s, u"protection entry"_s}));
}

void DurabilityTest::anOrderThatWasCancelledMeanwhileIsNotSent()
{
    EngineFixture fixture;
    fixture.run(followerConfig());
    fixture.commitsAtOnce = false;
    fixture.candle("101");
    fixture.execute(StopBot{one, StopPolicy::CancelOrders}).value();
    fixture.execute(StartBot{one}).value();
    fixture.news();
    fixture.commit();
    fixture.tick("102");
    QCOMPARE(fixture.news(), QStringList());
    QVERIFY(fixture.state().openOrders.empty());
}

void DurabilityTest::noPrefixOfAJournalSendsAnythingTwice()
{
    Story story({guardedConfig(PositionType::Long), guardedConfig(PositionType::Both)});
    for (int i = 0; i < 12; ++i) {
        const QByteArray price = QByteArray::number(i % 2 == 0 ? 101 + i % 3 : 99 - i % 4);
        story.fixture.candle(price.constData());
        story.fixture.commit();
        story.fixture.tick(price.constData());
    }
    QVERIFY2(story.fixture.facts.size() > 60, qPrintable(story.fixture.news().join(u'\n')));
    for (std::size_t kept = 0; kept <= story.fixture.facts.size(); ++kept) {
        EngineFixture fixture;
        fixture.clock.set(story.fixture.clock.now());
        fixture.facts = story.fixture.facts;
        fixture.restart(kept);
        fixture.tick("100");
        fixture.tick("100");
        const QString problem = broken(fixture.facts);
        QVERIFY2(problem.isEmpty(), qPrintable(u"kept %1: %2"_s.arg(kept).arg(problem)));
        for (const auto &[id, runner] : fixture.engine->runners())
            QVERIFY2(runner->state().openOrders.empty(), qPrintable(u"kept %1: an order nobody fills"_s.arg(kept)));
    }
}

void DurabilityTest::theFactsAddUpWhateverHappens()
{
    Coverage coverage;
    qint64 taken = 0;
    QVERIFY(rc::check("any steps", [&] {
        Story story;
        const auto all = *steps();
        for (const Step &step : all) {
            story.take(step);
            RC_ASSERT(story.fixture.earlyFills == 0);
            if (++taken % 16 == 0)
                RC_ASSERT(isFoldOfItsFacts(story.fixture));
        }
        RC_ASSERT(isFoldOfItsFacts(story.fixture));
        RC_ASSERT(broken(story.fixture.facts).toStdString() == std::string());
        coverage.add(story.fixture.facts);
    }));
    qInfo("%lld steps: %s", static_cast<long long>(taken), qPrintable(coverage.text()));
    QVERIFY(taken > 3'000);
    for (const auto &[what, count] : coverage.counts)
        QVERIFY2(count > 0, qPrintable(u"never: "_s + what));
    QVERIFY(coverage.counts.size() >= 16);
}

void DurabilityTest::theSameStepsGiveTheSameJournal()
{
    QVERIFY(rc::check("twice", [] {
        const auto all = *steps();
        Story first;
        Story second;
        for (const Step &step : all)
            first.take(step);
        for (const Step &step : all)
            second.take(step);
        RC_ASSERT(journalText(first.fixture.facts).toStdString() == journalText(second.fixture.facts).toStdString());
    }));
}

QTEST_GUILESS_MAIN(DurabilityTest)
#include "tst_durability.moc"
