// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/enginefixture.h"
#include "tests/support/generators.h"
#include "tests/support/qtestprint.h"
#include "tests/support/scriptedexchange.h"

#include <QLoggingCategory>
#include <QTest>

#include <array>
#include <map>

using namespace tradebot;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

/// How often what this is about has happened, over all stories.
struct Coverage
{
    int lostAnswers = 0;
    int repeatedReports = 0;
    int lateReports = 0;
    int lostReports = 0;
    int restarts = 0;
    int restartsWithPlannedExit = 0;
    int cancelRaces = 0;
    int refusals = 0;
    int kills = 0;
    int tradesByHand = 0;
    int unreachable = 0;
    int entriesHeldBack = 0;
    int stopsAtTheExchange = 0;
};

Coverage coverage;

/// One thing that can happen: what, and how much.
using Step = std::pair<int, int>;

/// Two bots of one account on one symbol, each with its part of an exchange where anything can go wrong.
class Story final
{
public:
    Story() : fixture(options())
    {
        for (ScriptedExchange &exchange : exchanges) {
            exchange.matches = true;
            exchange.refuses = [this](const Order &) {
                if (m_refusals == 0)
                    return QString();
                --m_refusals;
                ++coverage.refusals;
                return u"it does not want to"_s;
            };
        }
        fixture.commitsAtOnce = false;
        for (int i = 0; i < 2; ++i)
            fixture.run(config(i));
        fixture.commit();
    }

    void take(const Step &step)
    {
        const auto [kind, amount] = step;
        ScriptedExchange &exchange = exchanges[static_cast<std::size_t>(amount % 2)];
        const int rest = amount / 2;
        switch (kind) {
        case 0: fixture.pass(std::chrono::milliseconds(amount * 40)); break;
        case 1: restart(amount); return;
        case 2: exchange.answers = ScriptedExchange::Answers::None; break;
        case 3: exchange.answers = ScriptedExchange::Answers::NothingComes; break;
        case 4:
        case 5: exchange.answers = ScriptedExchange::Answers::All; break;
        case 6: exchange.holdsReports = true; break;
        case 7: report(exchange, rest); break;
        case 8: report(exchange, rest); break;
        case 9: tellAll(exchange); break;
        case 10: exchange.cancelsAtOnce = !exchange.cancelsAtOnce; break;
        case 11: exchange.settleCancels(); break;
        case 12: m_refusals = rest % 4; break;
        case 13: command(BotId(1 + amount % 2), rest); break;
        case 14: kill(amount); break;
        case 15:
            m_isReachable = rest % 3 != 0;
            coverage.unreachable += m_isReachable ? 0 : 1;
            break;
        case 16: reconcile(exchange, rest); break;
        case 17: tradeByHand(exchange); break;
        case 18: (void)fixture.execute(StartBot{BotId(1 + amount % 2)}); break;
        default: price(amount); break;
        }
        count();
        if (amount % 5 != 0)
            fixture.commit();
    }

    /// From now on all is well: time passes until all is told that there is to tell.
    void heal()
    {
        m_isReachable = true;
        m_refusals = 0;
        for (ScriptedExchange &exchange : exchanges) {
            exchange.answers = ScriptedExchange::Answers::All;
            exchange.cancelsAtOnce = true;
            exchange.reconcilesAtOnce = true;
            exchange.settleCancels();
            tellAll(exchange);
        }
        fixture.commit();
        fixture.restart(); // what got lost without anybody noticing is found by asking
        settle();
    }

    void settle()
    {
        for (int i = 0; i < 20; ++i) {
            fixture.commit();
            fixture.pass(20s);
            for (ScriptedExchange &exchange : exchanges)
                exchange.moveTo(exchange.price);
            tick();
            fixture.commit();
        }
    }

    /// What is wrong when all is quiet; empty when nothing is.
    [[nodiscard]] QString wrong() const
    {
        for (int i = 0; i < 2; ++i) {
            const BotState &state = fixture.state(BotId(i + 1));
            const ScriptedExchange &exchange = exchanges[static_cast<std::size_t>(i)];
            const QString of = u" of bot %1 (%2)"_s.arg(i + 1).arg(statusText(state.status, state.errorKind));
            // One that is stopped hears of trades by hand when it starts again.
            const bool hears = fixture.bot(BotId(i + 1)).isWatching();
            if (hears && signedQuantity(state.position) != exchange.position())
                return u"a position of %1 that is %2 at the exchange"_s.arg(signedQuantity(state.position).toString(),
                                                                            exchange.position().toString())
                       + of;
            if (static_cast<int>(state.openOrders.size()) != exchange.openOrders())
                return u"%1 open orders, %2 at the exchange"_s.arg(state.openOrders.size()).arg(exchange.openOrders())
                       + of;
            for (const Order &order : state.openOrders) {
                if (order.cancelRequested || order.state == OrderState::Unknown || order.state == OrderState::Submitted)
                    return u"an order that is %1"_s.arg(toName(order.state)) + of;
            }
            if (state.plannedExit)
                return u"an exit that was forgotten"_s + of;
            const Price stop = state.protection.stopLoss;
            const bool isLong = state.position.side == PositionSide::Long;
            const bool isBeyond = !stop.isZero() && (isLong ? exchange.price <= stop : exchange.price >= stop);
            if (state.position.isOpen() && state.status != BotStatus::Stopped && isBeyond)
                return u"a position beyond its stop"_s + of;
            if (state.status == BotStatus::Stopping || state.status == BotStatus::Pending || state.kill)
                return u"something that does not end"_s + of;
        }
        return {};
    }

    /// The facts since the last call, for a story that ends badly.
    [[nodiscard]] QString told()
    {
        QString text;
        for (; m_told < fixture.facts.size(); ++m_told) {
            const BotEvent &event = fixture.facts[m_told];
            text += u"%1 bot %2: %3\n"_s.arg(QString::fromLatin1(toRfc3339(event.happened)))
                            .arg(event.bot.value())
                            .arg(shortText(event.payload));
        }
        return text;
    }

    [[nodiscard]] bool isAllFlat() const
    {
        for (int i = 0; i < 2; ++i) {
            const BotState &state = fixture.state(BotId(i + 1));
            const ScriptedExchange &exchange = exchanges[static_cast<std::size_t>(i)];
            if (state.position.isOpen() || !exchange.position().isZero() || exchange.openOrders() != 0
                || state.status != BotStatus::Stopped || state.kill)
                return false;
        }
        return true;
    }

    void flattenAll()
    {
        (void)fixture.engine->pull(KillSwitch{KillScope::Everything, UserId(1), BotId(), KillLevel::Flatten, false});
        settle();
    }

    std::array<ScriptedExchange, 2> exchanges;
    EngineFixture fixture;

private:
    static Quantity signedQuantity(const Position &position)
    {
        return position.side == PositionSide::Short ? Quantity::fromRaw(-position.quantity.raw()) : position.quantity;
    }

    EngineOptions options()
    {
        EngineOptions made;
        made.connect = [this](const BotConfig &config, const Instrument &) -> Result<std::unique_ptr<ExecutionClient>> {
            if (!m_isReachable)
                return fail(ErrorCode::Unavailable, u"the exchange does not answer"_s);
            return exchanges[static_cast<std::size_t>(config.name.toInt())].connect();
        };
        return made;
    }

    static BotConfig config(int number)
    {
        BotConfig made = followerConfig(PositionType::Both);
        made.exchange = Exchange::Binance;
        made.name = QString::number(number);
        made.stopLoss = StopRule{StopKind::Percent, Decimal::fromInteger(2)};
        made.takeProfit = StopRule{StopKind::Percent, Decimal::fromInteger(4)};
        made.restartOnError = number == 0;
        if (number == 1)
            made.stopsAt = StopsAt::Exchange;
        return made;
    }

    void tick()
    {
        const QByteArray text = Price::fromRaw(m_cents * detail::decimalScale / 100).toString().toLatin1();
        fixture.tick(text.constData());
    }

    void price(int amount)
    {
        m_cents = std::clamp<qint64>(m_cents + (amount % 41 - 20) * 10, 5'000, 20'000);
        const Price to = Price::fromRaw(m_cents * detail::decimalScale / 100);
        for (ScriptedExchange &exchange : exchanges)
            exchange.moveTo(to, amount % 7 == 0 ? 40 : 100);
        const QByteArray text = to.toString().toLatin1();
        if (amount % 3 == 0)
            fixture.candle(text.constData());
        else
            fixture.tick(text.constData());
    }

    void restart(int amount)
    {
        const auto durable = static_cast<std::size_t>(fixture.durable.value());
        const std::size_t undurable = fixture.facts.size() - durable;
        ++coverage.restarts;
        for (int i = 1; i <= 2; ++i)
            coverage.restartsWithPlannedExit += fixture.state(BotId(i)).plannedExit ? 1 : 0;
        fixture.restart(durable + undurable * static_cast<std::size_t>(amount % 11) / 10);
        fixture.commit();
    }

    static void report(ScriptedExchange &exchange, int amount)
    {
        const std::size_t waiting = exchange.reportsOnTheirWay();
        if (waiting == 0)
            return;
        const std::size_t which = static_cast<std::size_t>(amount) % waiting;
        coverage.lateReports += which > 0 ? 1 : 0;
        if (amount % 7 == 0) {
            ++coverage.lostReports;
            exchange.loseReport(which);
        } else {
            coverage.repeatedReports += amount % 3 == 0 ? 1 : 0;
            exchange.deliver(which, amount % 3 == 0);
        }
    }

    static void tellAll(ScriptedExchange &exchange)
    {
        exchange.holdsReports = false;
        while (exchange.reportsOnTheirWay() > 0)
            exchange.deliver();
    }

    void reconcile(ScriptedExchange &exchange, int amount)
    {
        exchange.reconcilesAtOnce = amount % 3 != 0;
        exchange.finishReconcile(amount % 5 == 0 ? Result<void>(fail(ErrorCode::Unavailable, u"it is busy"_s))
                                                 : Result<void>());
    }

    void tradeByHand(ScriptedExchange &exchange)
    {
        const Quantity held = exchange.position();
        const Quantity half = Quantity::fromRaw(std::abs(held.raw()) / 2);
        if (!half.isPositive() || m_tradesByHand == 20)
            return;
        ++m_tradesByHand;
        ++coverage.tradesByHand;
        exchange.tradeByHand(held.isPositive() ? Side::Sell : Side::Buy, half, exchange.price);
    }

    void command(BotId bot, int amount)
    {
        const std::vector<Command> commands = {PauseBot{bot},
                                               ResumeBot{bot},
                                               StopBot{bot, StopPolicy::LeavePosition},
                                               StopBot{bot, StopPolicy::CancelOrders},
                                               StopBot{bot, StopPolicy::Flatten},
                                               RestartBot{bot},
                                               StartBot{bot},
                                               StartBot{bot},
                                               ClearError{bot}};
        (void)fixture.execute(commands[static_cast<std::size_t>(amount) % commands.size()]);
    }

    void kill(int amount)
    {
        const std::array levels = {KillLevel::PauseEntries, KillLevel::CancelOrders, KillLevel::Flatten};
        ++coverage.kills;
        (void)fixture.engine->pull(KillSwitch{amount % 2 == 0 ? KillScope::Bot : KillScope::Account, UserId(1),
                                              BotId(1 + amount % 2), levels[static_cast<std::size_t>(amount) % 3],
                                              amount % 4 == 0});
    }

    void count()
    {
        for (ScriptedExchange &exchange : exchanges)
            coverage.cancelRaces += std::exchange(exchange.cancelRaces, 0);
    }

    std::size_t m_told = 0;
    bool m_isReachable = true;
    int m_refusals = 0;
    int m_tradesByHand = 0;
    qint64 m_cents = 10'000;
};

rc::Gen<std::vector<Step>> steps()
{
    return rc::gen::scale(4.0, rc::gen::container<std::vector<Step>>(rc::gen::pair(
                                       rc::gen::inRange(0, 40), rc::gen::resize(100, rc::gen::inRange(0, 1000)))));
}

/// What no journal may say, whatever happened. Empty when all is well.
QString broken(const std::vector<BotEvent> &facts)
{
    std::map<BotId, BotState> states;
    std::map<BotId, Money> money;
    std::map<QString, int> trades;
    for (const BotEvent &event : facts) {
        const QString at = u" at fact %1"_s.arg(event.sequence.value());
        const auto *changed = std::get_if<OrderChanged>(&event.payload);
        const auto *filled = std::get_if<OrderFilled>(&event.payload);
        const auto isUnknown = [](const Order &order) { return order.state == OrderState::Unknown; };
        const bool isEntry = changed && changed->order.purpose == OrderPurpose::Entry;
        coverage.lostAnswers += changed && changed->trigger == OrderTrigger::LoseSight ? 1 : 0;
        coverage.stopsAtTheExchange +=
                filled && filled->order.purpose == OrderPurpose::StopLoss && filled->order.type == OrderType::Stop ? 1
                                                                                                                   : 0;
        if (isEntry && (changed->trigger == OrderTrigger::Submit || changed->trigger == OrderTrigger::Deny)) {
            const bool hasUnknown = std::any_of(states.begin(), states.end(), [&](const auto &state) {
                const auto &open = state.second.openOrders;
                return std::any_of(open.begin(), open.end(), isUnknown);
            });
            if (hasUnknown && changed->trigger == OrderTrigger::Submit)
                return u"an entry while the outcome of an order of the account is not known"_s + at;
            coverage.entriesHeldBack += hasUnknown ? 1 : 0;
        }
        if (const auto *created = std::get_if<BotCreated>(&event.payload))
            money[event.bot] = created->config.initialBalance;
        if (filled) {
            const QString trade = u"%1 %2"_s.arg(event.bot.value()).arg(filled->fill.exchangeTradeId.value());
            if (++trades[trade] > 1)
                return u"a fill that is booked twice"_s + at;
            money[event.bot] = (money[event.bot] + filled->realised - Checked<Money>(filled->fill.fee)).value().value();
        }
        if (const auto *moved = std::get_if<MoneyMoved>(&event.payload))
            money[event.bot] = (money[event.bot] + moved->amount).value().value();
        if (!apply(states[event.bot], event))
            return u"a fact that cannot be folded"_s + at;
        if (states[event.bot].balance != money[event.bot])
            return u"a balance that is not the sum of its rows"_s + at;
    }
    return {};
}

} // namespace

/// Whatever an exchange does with orders, answers and reports, and whenever the program ends: what the ledger says is
/// what the exchange has, no exit is forgotten, and the kill switch leaves nothing behind.
class ExchangeFaultsTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QLoggingCategory::setFilterRules(u"*.info=false\n*.warning=false"_s); }
    void whatTheLedgerSaysIsWhatTheExchangeHas();
    void allOfItHappened();
};

void ExchangeFaultsTest::whatTheLedgerSaysIsWhatTheExchangeHas()
{
    QVERIFY(rc::check("any faults", [] {
        Story story;
        const auto all = *steps();
        for (const Step &step : all)
            story.take(step);
        story.heal();
        RC_LOG() << story.told().toStdString();
        RC_ASSERT(story.wrong().toStdString() == std::string());
        RC_ASSERT(story.fixture.earlyFills == 0);
        story.flattenAll();
        RC_LOG() << story.told().toStdString();
        RC_ASSERT(story.wrong().toStdString() == std::string());
        RC_ASSERT(story.isAllFlat());
        RC_ASSERT(broken(story.fixture.facts).toStdString() == std::string());
    }));
}

void ExchangeFaultsTest::allOfItHappened()
{
    QVERIFY(coverage.lostAnswers > 0);
    QVERIFY(coverage.repeatedReports > 0);
    QVERIFY(coverage.lateReports > 0);
    QVERIFY(coverage.lostReports > 0);
    QVERIFY(coverage.restarts > 0);
    QVERIFY(coverage.restartsWithPlannedExit > 0);
    QVERIFY(coverage.cancelRaces > 0);
    QVERIFY(coverage.refusals > 0);
    QVERIFY(coverage.kills > 0);
    QVERIFY(coverage.tradesByHand > 0);
    QVERIFY(coverage.unreachable > 0);
    QVERIFY(coverage.entriesHeldBack > 0);
    QVERIFY(coverage.stopsAtTheExchange > 0);
}

QTEST_GUILESS_MAIN(ExchangeFaultsTest)
#include "tst_exchangefaults.moc"
