// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/domain/eventjson.h"
#include "core/domain/statejson.h"
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

/// What must be true of any journal of the engine, whatever happened to it. Empty when all of it is.
QString broken(const std::vector<BotEvent> &facts)
{
    std::map<BotId, BotState> states;
    std::map<BotId, Money> money;
    std::map<ClientOrderId, OrderState> orders;
    std::set<QString> trades;
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
        if (const Order *order = changed ? &changed->order : filled ? &filled->order : nullptr) {
            const bool isNew = orders.count(order->id) == 0;
            const OrderState from = isNew ? OrderState::Initialized : orders[order->id];
            const OrderTrigger trigger = changed ? changed->trigger : OrderTrigger::Fill;
            if (nextState(from, trigger) != order->state)
                return u"an order's step that is not in the table"_s + at;
            if (isNew && order->id.sequence != event.sequence)
                return u"an order that is not named by its fact"_s + at;
            orders[order->id] = order->state;
        }
        if (filled) {
            if (!trades.insert(filled->fill.exchangeTradeId.value()).second)
                return u"a fill told twice"_s + at;
            const auto change = applyFill(held, filled->fill, event.happened);
            if (!change || change->realised != filled->realised)
                return u"a profit that does not follow from the position"_s + at;
            money[event.bot] = (money[event.bot] + filled->realised - Checked<Money>(filled->fill.fee)).value().value();
        }
        if (const auto *moved = std::get_if<MoneyMoved>(&event.payload))
            money[event.bot] = (money[event.bot] + moved->amount).value().value();
        if (!apply(state, event))
            return u"a fact that cannot be folded"_s + at;
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

/// Lets things happen to an engine with two bots; the same steps give the same journal.
class Story final
{
public:
    Story()
    {
        fixture.commitsAtOnce = false;
        fixture.run(guardedConfig(PositionType::Long));
        fixture.run(guardedConfig(PositionType::Both));
        fixture.commit();
    }

    void take(const Step &step)
    {
        const auto [kind, amount] = step;
        const qint64 waiting = fixture.engine->lastSequence().value() - fixture.durable.value();
        switch (kind) {
        case 0: (void)fixture.execute(StartBot{BotId(1 + amount % 2)}); break;
        case 1: command(BotId(1 + amount % 2), amount / 2); break;
        case 2: fixture.pass(std::chrono::milliseconds(amount * 40)); break;
        case 3: fixture.commit(); break;
        case 4: fixture.commit(EventSequence(fixture.durable.value() + waiting * (amount % 10) / 10)); break;
        case 5: fixture.restart(static_cast<std::size_t>(fixture.durable.value())); break;
        case 6: fixture.pass(amount % 50 == 0 ? 24h : 61s); break;
        default:
            if (kind > 14)
                fixture.commit();
            price(amount);
            break;
        }
    }

    EngineFixture fixture;

private:
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
        BotConfig other = guardedConfig(bot == one ? PositionType::Long : PositionType::Both);
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
                                       rc::gen::inRange(0, 28), rc::gen::resize(100, rc::gen::inRange(0, 1000)))));
}

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
    Story story;
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
    QVERIFY(rc::check("any steps", [] {
        Story story;
        const auto all = *steps();
        for (const Step &step : all) {
            story.take(step);
            RC_ASSERT(isFoldOfItsFacts(story.fixture));
            RC_ASSERT(story.fixture.earlyFills == 0);
        }
        RC_ASSERT(broken(story.fixture.facts).toStdString() == std::string());
        const auto fills = std::count_if(story.fixture.facts.begin(), story.fixture.facts.end(), [](const auto &fact) {
            return std::holds_alternative<OrderFilled>(fact.payload);
        });
        RC_CLASSIFY(fills > 0, "with fills");
        RC_CLASSIFY(fills > 10, "with many fills");
    }));
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
