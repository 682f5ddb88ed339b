// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/domain/eventjson.h"
#include "core/domain/statejson.h"
#include "core/storage/sqlhistory.h"
#include "tests/integration/app/streamviewer.h"
#include "tests/support/programundertest.h"

#include <QDeadlineTimer>
#include <QDir>
#include <QEventLoop>
#include <QRegularExpression>
#include <QTest>
#include <QTimer>

#include <csignal>
#include <random>
#include <set>

using namespace tradebot;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr bool seesEverything = !TRADEBOT_SANITIZED; // else there are too few kills to meet every kind of moment
constexpr int kills = seesEverything ? 100 : 15;
constexpr int candles = 3 * 24 * 60;
constexpr auto patience = 120s; // only a test that fails waits so long
/// Market seconds per second: so fast that all three days pass in some seconds; slower where a certain fact is aimed
/// at, so that the kill comes before the next ones.
constexpr auto fast = "60000"_L1;
constexpr auto aimed = "15000"_L1;
constexpr auto still = "0.001"_L1;

/// Three days of a nervous market, over three midnights and nine times of funding.
QByteArray recording()
{
    QByteArray csv = "open_time_ms,open,high,low,close,volume\n";
    std::mt19937_64 random(7);
    std::uniform_int_distribution<int> step(-60, 60);
    std::uniform_int_distribution<int> volume(5, 400);
    int price = 30'000;
    for (int i = 0; i < candles; ++i) {
        const int open = price;
        price = std::max(1000, price + step(random));
        const int high = std::max(open, price) + std::abs(step(random)) / 2;
        const int low = std::min(open, price) - std::abs(step(random)) / 2;
        const qint64 time = 1'772'402'400'000 + qint64(i) * 60'000; // 2026-03-01T22:00:00Z
        csv += QStringLiteral("%1,%2,%3,%4,%5,%6.%7\n")
                       .arg(time)
                       .arg(open)
                       .arg(high)
                       .arg(low)
                       .arg(price)
                       .arg(volume(random) / 100)
                       .arg(volume(random) % 10)
                       .toLatin1();
    }
    return csv;
}

/// Each meets something else that a kill could break.
std::vector<QByteArray> bots()
{
    return {
            // Long and short with leverage, stops that follow, funding, orders that fill in parts.
            R"({"name":"futures","symbol":"BTCUSDT","market":"usdm_futures","position_type":"both","leverage":5,
 "initial_balance":100000,"sizing":{"kind":"percent_of_equity","value":10},"timeframe":"5m",
 "strategy":"ema_cross","strategy_params":{"fast":2,"slow":5},"stop_loss":{"kind":"percent","value":0.6},
 "trailing_stop":{"percent":0.4,"activation_percent":0.2},"slippage_bps":1,
 "paper":{"depth_percent":60,"funding_rate":0.0005}})",
            // Stop and target as orders at the exchange, fees in what is bought.
            R"({"name":"orders at the exchange","symbol":"ETHUSDT","market":"spot","initial_balance":100000,
 "sizing":{"kind":"fixed_quote","value":20000},"timeframe":"5m","strategy":"rsi_reversion",
 "strategy_params":{"period":5,"oversold":40,"overbought":60},"stop_loss":{"kind":"atr","value":2},
 "take_profit":{"kind":"percent","value":0.4},"stops_at":"exchange","paper":{"fee_asset":"base","depth_percent":50}})",
            // Many orders that rest in a queue.
            R"({"name":"grid","symbol":"BTCUSDT","market":"spot","initial_balance":500000,"timeframe":"1m",
 "strategy":"grid","strategy_params":{"lower":27000,"upper":33000,"levels":40,"quantity_per_level":0.2},
 "paper":{"queue_percent":20}})",
            // Orders that take their time, and limits that end the day.
            R"({"name":"slow line","symbol":"BTCUSDT","market":"usdm_futures","position_type":"both","leverage":2,
 "initial_balance":50000,"sizing":{"kind":"risk_percent","value":1},"timeframe":"3m","strategy":"donchian_breakout",
 "strategy_params":{"entry":6,"exit":3},"stop_loss":{"kind":"percent","value":0.5},
 "limits":{"max_daily_trades":25,"cooldown_s":300},"paper":{"latency_ms":20000}})",
            // Buys by the clock in parts, sells at a profit.
            R"({"name":"by the clock","symbol":"ETHUSDT","market":"spot","initial_balance":900000,"timeframe":"1m",
 "strategy":"dca","strategy_params":{"interval_s":1800,"quote_per_order":9000,"take_profit_percent":0.3},
 "limits":{"max_position_quote":100000},"paper":{"depth_percent":20,"latency_ms":5000}})",
            // Stop and target at the exchange, where orders and cancels take their time and fill in parts.
            R"({"name":"slow stops","symbol":"BTCUSDT","market":"usdm_futures","position_type":"both","leverage":3,
 "initial_balance":200000,"sizing":{"kind":"fixed_quote","value":30000},"timeframe":"5m","strategy":"ema_cross",
 "strategy_params":{"fast":2,"slow":6},"stop_loss":{"kind":"percent","value":1},
 "take_profit":{"kind":"percent","value":1.2},"stops_at":"exchange","limits":{"max_orders_per_minute":1},
 "paper":{"latency_ms":45000,"depth_percent":50}})",
            // A grid on the futures market, whose orders are long under way.
            R"({"name":"far grid","symbol":"BTCUSDT","market":"usdm_futures","position_type":"both","leverage":3,
 "initial_balance":400000,"timeframe":"1m","strategy":"grid","strategy_params":{"lower":25000,"upper":35000,
 "levels":40,"quantity_per_level":0.1},"paper":{"latency_ms":60000,"depth_percent":40}})",
    };
}

/// A fact that follows from the market; the others are told of the program's own ups and downs, or, as what guards a
/// position, are told again before them.
bool isOfMarket(const BotEvent &event)
{
    const EventPayload &fact = event.payload;
    return std::holds_alternative<DecisionMade>(fact) || std::holds_alternative<OrderChanged>(fact)
           || std::holds_alternative<OrderFilled>(fact) || std::holds_alternative<TradeClosed>(fact)
           || std::holds_alternative<MoneyMoved>(fact) || std::holds_alternative<DayClosed>(fact)
           || std::holds_alternative<DailyLimitReached>(fact);
}

/// Tells facts without the numbers of the journal, which an interrupted program counts differently: orders and trades
/// are numbered bot by bot as they first appear.
class Retelling final
{
public:
    QString tell(const BotEvent &event)
    {
        EventPayload fact = event.payload;
        Timestamp happened = event.happened;
        if (auto *changed = std::get_if<OrderChanged>(&fact)) {
            renumberGroup(changed->order);
            // One that was cancelled before it had left ends with its release, which may be the program's next start.
            if (changed->trigger == OrderTrigger::Cancel && changed->order.acceptedAt == Timestamp())
                happened = Timestamp();
        }
        if (auto *filled = std::get_if<OrderFilled>(&fact))
            renumberGroup(filled->order);
        else if (auto *closed = std::get_if<TradeClosed>(&fact))
            closed->trade.id = TradeId();
        return u"%1 %2 %3"_s.arg(QString::fromLatin1(toRfc3339(happened)), QString(typeName(fact)),
                                 renumber(toJson(fact)));
    }
    QString tell(BotState state, const BotConfig &config)
    {
        if (!config.trailingStop) // the extremes, which nothing follows then, are a view and no fact
            state.protection.maximumSinceEntry = state.protection.minimumSinceEntry = Price();
        for (Order &order : state.openOrders)
            renumberGroup(order);
        state.lastSequence = EventSequence();
        state.statusSince = Timestamp();
        state.statusMessage.clear();
        return renumber(toJson(state));
    }

private:
    QString renumber(const QByteArray &json)
    {
        static const QRegularExpression name(u"tb-(\\d+)-(\\d+)"_s);
        static const QRegularExpression exchangeName(u"paper-\\d+"_s); // after ours
        const QString text = QString::fromUtf8(json);
        QString told;
        qsizetype from = 0;
        for (auto names = name.globalMatch(text); names.hasNext();) {
            const auto match = names.next();
            told += text.mid(from, match.capturedStart() - from)
                    + u"tb-%1-%2"_s.arg(match.captured(1))
                              .arg(numberOf(BotId(match.captured(1).toLongLong()),
                                            EventSequence(match.captured(2).toLongLong())));
            from = match.capturedEnd();
        }
        told += text.mid(from);
        return told.replace(exchangeName, u"paper"_s);
    }
    void renumberGroup(Order &order)
    {
        if (order.oneCancelsOther.isValid())
            order.oneCancelsOther = EventSequence(numberOf(order.id.bot, order.oneCancelsOther));
    }
    qint64 numberOf(BotId bot, EventSequence order)
    {
        auto &known = m_orders[bot];
        return known.try_emplace(order, static_cast<qint64>(known.size()) + 1).first->second;
    }

    std::map<BotId, std::map<EventSequence, qint64>> m_orders;
};

/// What a journal says of the market, bot by bot.
class MarketStory final
{
public:
    void add(const BotEvent &event)
    {
        ++m_facts;
        m_last = std::max(m_last, event.happened);
        m_lines[event.bot].append(m_retelling.tell(event));
    }
    [[nodiscard]] std::size_t facts() const { return m_facts; }
    [[nodiscard]] Timestamp last() const { return m_last; }
    [[nodiscard]] const std::map<BotId, QStringList> &lines() const { return m_lines; }
    [[nodiscard]] QString tell(const BotRecord &bot) { return m_retelling.tell(bot.state, bot.config); }

private:
    Retelling m_retelling;
    std::map<BotId, QStringList> m_lines;
    std::size_t m_facts = 0;
    Timestamp m_last;
};

/// Where the first differs from the second, of which it may be the beginning only. Empty when it does not.
QString differenceOf(const MarketStory &hunted, const MarketStory &calm)
{
    for (const auto &[bot, lines] : hunted.lines()) {
        const auto at = calm.lines().find(bot);
        const QStringList expected = at == calm.lines().end() ? QStringList() : at->second;
        for (qsizetype i = 0; i < lines.size(); ++i) {
            if (lines[i] == expected.value(i))
                continue;
            return u"fact %1 of bot %2 is\n%3\nbut undisturbed it was\n%4\nafter\n%5"_s.arg(i + 1)
                    .arg(bot.value())
                    .arg(lines[i], expected.value(i),
                         lines.mid(std::max<qsizetype>(0, i - 3), std::min<qsizetype>(i, 3)).join(u'\n'));
        }
    }
    return {};
}

/// Reads the journal while it is written.
class JournalFollower final
{
public:
    explicit JournalFollower(const QString &databasePath) : m_history(databasePath) { }

    [[nodiscard]] std::vector<BotEvent> readOn(EventSequence after)
    {
        EventQuery query;
        query.after = after;
        query.limit = 10'000;
        return m_history.events(query).value_or(std::vector<BotEvent>());
    }
    [[nodiscard]] std::vector<BotRecord> bots() { return m_history.bots().value_or(std::vector<BotRecord>()); }
    [[nodiscard]] SqlHistory &history() { return m_history; }

private:
    SqlHistory m_history;
};

/// What a kill has interrupted, by what the program finds when it takes up its work.
struct Found
{
    int partialFills = 0;
    int restingOrders = 0;
    int ordersOnTheirWay = 0;
    int cancelsUnderWay = 0;
    int exitsUnderWay = 0;
    int stopsAtTheExchange = 0;
    int trailingStops = 0;
    int openPositions = 0;
    int halts = 0;
    int midnights = 0; ///< within a quarter of an hour of one
    int fundings = 0;  ///< likewise, with a position that pays
    std::set<Timestamp> moments;
    std::map<std::chrono::sys_days, int> days;

    void add(const std::vector<BotRecord> &bots, Timestamp moment)
    {
        using namespace std::chrono;
        moments.insert(moment);
        ++days[floor<std::chrono::days>(moment)];
        const auto isNear = [moment](auto period) {
            const auto past = (moment.time_since_epoch() + 15min) % period;
            return past < 30min;
        };
        bool anyPartial = false, anyResting = false, anyOnWay = false, anyCancel = false, anyExit = false;
        bool anyStop = false, anyTrailing = false, anyPosition = false, anyHalt = false, anyFunded = false;
        for (const BotRecord &bot : bots) {
            const BotState &state = bot.state;
            anyPosition |= state.position.isOpen();
            anyHalt |= state.haltedByDailyLimit;
            anyTrailing |= !state.protection.trailingStop.isZero();
            anyExit |= state.plannedExit.has_value();
            anyFunded |= state.position.isOpen() && bot.config.market == Market::UsdmFutures;
            for (const Order &order : state.openOrders) {
                anyPartial |= order.state == OrderState::PartiallyFilled;
                anyOnWay |= order.state == OrderState::Submitted;
                anyCancel |= order.cancelRequested;
                anyExit |= order.reduceOnly && order.type == OrderType::Market;
                anyStop |= order.reduceOnly && order.type != OrderType::Market && order.purpose != OrderPurpose::Exit;
                anyResting |= order.type == OrderType::Limit && order.state == OrderState::Accepted;
            }
        }
        partialFills += anyPartial;
        restingOrders += anyResting;
        ordersOnTheirWay += anyOnWay;
        cancelsUnderWay += anyCancel;
        exitsUnderWay += anyExit;
        stopsAtTheExchange += anyStop;
        trailingStops += anyTrailing;
        openPositions += anyPosition;
        halts += anyHalt;
        midnights += isNear(std::chrono::hours(24));
        fundings += anyFunded && isNear(std::chrono::hours(8));
    }
    [[nodiscard]] QString text() const
    {
        QStringList perDay;
        for (const auto &[day, count] : days)
            perDay.append(QString::number(count));
        return u"%1 moments (by day %2): partial fills %3, resting orders %4, on their way %5, cancels %6, exits %7, "
               "stops at the exchange %8, trailing stops %9, positions %10, halts %11, midnights %12, fundings %13"_s
                       .arg(moments.size())
                       .arg(perDay.join(u'+'))
                       .arg(partialFills)
                       .arg(restingOrders)
                       .arg(ordersOnTheirWay)
                       .arg(cancelsUnderWay)
                       .arg(exitsUnderWay)
                       .arg(stopsAtTheExchange)
                       .arg(trailingStops)
                       .arg(openPositions)
                       .arg(halts)
                       .arg(midnights)
                       .arg(fundings);
    }
    [[nodiscard]] bool hasAll() const
    {
        return partialFills > 0 && restingOrders > 0 && ordersOnTheirWay > 0 && cancelsUnderWay > 0 && exitsUnderWay > 0
               && stopsAtTheExchange > 0 && trailingStops > 0 && openPositions > 0 && halts > 0 && midnights > 0
               && fundings > 0;
    }
};

/// The next kill: as soon as so many facts of the market are in the journal.
struct Target
{
    std::size_t facts = 0;
    bool isAimed = false;
    friend auto operator<=>(const Target &, const Target &) = default;
};

bool copyFolder(const QString &from, const QString &to)
{
    if (!QDir().mkpath(to))
        return false;
    const QDir source(from);
    for (const QFileInfo &entry : source.entryInfoList(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot)) {
        const QString target = to + u'/' + entry.fileName();
        if (entry.isDir() ? !copyFolder(entry.filePath(), target) : !QFile::copy(entry.filePath(), target))
            return false;
    }
    return QFile::setPermissions(to, QFile::permissions(from));
}

} // namespace

/// A program that is killed a hundred times ends where one ends that nobody disturbed, to the last digit, by the same
/// facts.
class ExactKillTest final : public QObject
{
    Q_OBJECT

private:
    // Each step says what is wrong; empty when all is well.

    /// Makes and starts all bots at the first moment of the recording, so that both runs begin alike.
    QString makeBots()
    {
        if (!m_beginning.start(options(still)))
            return QString::fromUtf8(m_beginning.complaintSoFar());
        m_token = m_beginning.token({u"--ttl"_s, u"7d"_s});
        int number = 0;
        for (const QByteArray &bot : bots()) {
            const ProbedAnswer made = m_beginning.ask("POST", "/api/v1/bots", m_token, bot);
            if (made.status != 201)
                return QString::fromUtf8(made.body);
            const QByteArray path = "/api/v1/bots/" + QByteArray::number(++number) + "/start";
            const ProbedAnswer started = m_beginning.ask("POST", path, m_token, "{}");
            if (started.status != 200)
                return QString::fromUtf8(started.body);
        }
        const Outcome ended = m_beginning.end(SIGTERM);
        return ended.exitCode == 0 ? QString() : QString::fromUtf8(ended.complaint);
    }

    [[nodiscard]] QStringList options(QLatin1StringView speed) const
    {
        return {u"--market-data"_s, u"replay:%1@%2"_s.arg(m_recording, speed)};
    }

    /// Runs what is left of the recording, until all bots have been told that it is over; by this run, since the last
    /// kill may have come after its end.
    QString runToTheEnd(ProgramUnderTest &program) const
    {
        EventSequence seen;
        for (const BotRecord &bot : JournalFollower(program.databasePath()).bots())
            seen = std::max(seen, bot.state.lastSequence);
        if (!program.start(options(fast)))
            return QString::fromUtf8(program.complaintSoFar());
        JournalFollower follower(program.databasePath());
        const QDeadlineTimer deadline(patience);
        std::set<BotId> told;
        while (told.size() < bots().size()) {
            if (deadline.hasExpired())
                return u"the recording does not end"_s;
            for (const BotEvent &event : follower.readOn(seen)) {
                seen = event.sequence;
                const auto *health = std::get_if<HealthChanged>(&event.payload);
                if (health != nullptr && health->message.contains(u"has ended"))
                    told.insert(event.bot);
            }
        }
        const Outcome ended = program.end(SIGTERM);
        return ended.exitCode == 0 ? QString() : QString::fromUtf8(ended.complaint);
    }

    static std::vector<BotEvent> journalOf(const ProgramUnderTest &program)
    {
        JournalFollower follower(program.databasePath());
        std::vector<BotEvent> journal;
        for (auto page = follower.readOn({}); !page.empty(); page = follower.readOn(journal.back().sequence))
            journal.insert(journal.end(), page.begin(), page.end());
        return journal;
    }

    static MarketStory storyOf(const std::vector<BotEvent> &journal)
    {
        MarketStory story;
        for (const BotEvent &event : journal) {
            if (isOfMarket(event))
                story.add(event);
        }
        return story;
    }

    /// What has to be the same at the end, in words: the whole state, and what the store has made of the facts.
    static QStringList outcomeOf(const ProgramUnderTest &program, MarketStory &story)
    {
        QStringList lines;
        JournalFollower follower(program.databasePath());
        for (const BotRecord &bot : follower.bots()) {
            lines.append(
                    u"%1: highest equity %2, %3"_s.arg(bot.config.name, bot.peakEquity.toString(), story.tell(bot)));
            TradeQuery trades;
            trades.bot = bot.id;
            trades.limit = 10'000;
            for (const Trade &trade : follower.history().trades(trades).value_or(std::vector<Trade>())) {
                lines.append(u"%1 to %2: %3 at %4, out at %5, net %6, %7"_s.arg(
                        QString::fromLatin1(toRfc3339(trade.entryTime)), QString::fromLatin1(toRfc3339(trade.exitTime)),
                        trade.quantity.toString(), trade.entryPrice.toString(), trade.exitPrice.toString(),
                        trade.net().toString(), QString(toName(trade.exitReason))));
            }
            for (const LedgerEntry &row :
                 follower.history().ledger(bot.id, {}, 100'000).value_or(std::vector<LedgerEntry>())) {
                lines.append(u"%1 %2 %3 %4"_s.arg(QString::fromLatin1(toRfc3339(row.time)), QString(toName(row.kind)),
                                                  row.amount.toString(), row.assetQuantity.toString()));
            }
        }
        return lines;
    }

    /// Half of the kills come at random; the others right after a fact of a kind that is rare.
    [[nodiscard]] std::vector<Target> chooseTargets(const std::vector<BotEvent> &calm)
    {
        std::vector<std::vector<std::size_t>> kinds(6);
        std::size_t facts = 0;
        for (const BotEvent &event : calm) {
            if (!isOfMarket(event))
                continue;
            ++facts;
            const auto *changed = std::get_if<OrderChanged>(&event.payload);
            const auto *filled = std::get_if<OrderFilled>(&event.payload);
            const auto *moved = std::get_if<MoneyMoved>(&event.payload);
            if (filled != nullptr && filled->order.state == OrderState::PartiallyFilled)
                kinds[0].push_back(facts);
            if (changed != nullptr && changed->trigger == OrderTrigger::RequestCancel)
                kinds[1].push_back(facts);
            if (moved != nullptr && moved->kind == LedgerKind::Funding)
                kinds[2].push_back(facts);
            if (std::holds_alternative<DayClosed>(event.payload))
                kinds[3].push_back(facts);
            if (std::holds_alternative<DailyLimitReached>(event.payload))
                kinds[4].push_back(facts);
            if (changed != nullptr && changed->trigger == OrderTrigger::Submit && changed->order.reduceOnly
                && changed->order.type == OrderType::Market)
                kinds[5].push_back(facts);
        }
        std::vector<Target> targets;
        for (int i = 0; i < kills; ++i) {
            const auto &kind = kinds[static_cast<std::size_t>(i / 2) % kinds.size()];
            if (i % 2 == 0 || kind.empty())
                targets.push_back({std::uniform_int_distribution<std::size_t>(1, facts - 1)(m_random), false});
            else
                targets.push_back(
                        {kind[std::uniform_int_distribution<std::size_t>(0, kind.size() - 1)(m_random)], true});
        }
        std::ranges::sort(targets);
        return targets;
    }

    /// Runs until the journal has so many facts of the market, then kills.
    QString runUntilKilled(ProgramUnderTest &program, const Target &target)
    {
        if (!program.start(options(target.isAimed ? aimed : fast)))
            return u"it does not start: "_s + QString::fromUtf8(program.complaintSoFar());
        for (const auto &viewer : m_viewers)
            viewer->connectTo(program.port(), m_token);
        JournalFollower follower(program.databasePath());
        const std::size_t wanted = std::max(target.facts, m_story.facts() + 1);
        QEventLoop loop;
        QTimer timer;
        QDeadlineTimer deadline(patience);
        connect(&timer, &QTimer::timeout, &loop, [&] {
            take(follower.readOn(m_journal.empty() ? EventSequence() : m_journal.back().sequence));
            if (m_story.facts() >= wanted || deadline.hasExpired())
                loop.quit();
        });
        timer.start(1ms);
        loop.exec();
        program.kill();
        if (deadline.hasExpired())
            return u"of %1 facts only %2 come"_s.arg(wanted).arg(m_story.facts());
        for (const auto &viewer : m_viewers) {
            if (!viewer->drain())
                return u"the stream of bot %1 does not end with the program"_s.arg(viewer->bot());
            if (!viewer->problem().isEmpty())
                return u"the viewer of bot %1 got: "_s.arg(viewer->bot()) + QString::fromUtf8(viewer->problem());
        }
        take(follower.readOn(m_journal.back().sequence)); // what became durable before the end
        m_found.add(follower.bots(), m_story.last());
        return {};
    }

    void take(const std::vector<BotEvent> &events)
    {
        for (const BotEvent &event : events) {
            m_journal.push_back(event);
            if (isOfMarket(event))
                m_story.add(event);
        }
    }

    QTemporaryDir m_folder;
    QString m_recording;
    QByteArray m_token;
    ProgramUnderTest m_beginning;
    std::mt19937_64 m_random;
    std::vector<std::unique_ptr<StreamViewer>> m_viewers;
    std::vector<BotEvent> m_journal; ///< of the hunted program, as read while it ran
    MarketStory m_story;             ///< likewise
    Found m_found;

private Q_SLOTS:
    void initTestCase()
    {
        const QByteArray given = qgetenv("TRADEBOT_TEST_SEED");
        const quint64 seed = given.isEmpty() ? std::random_device()() : given.toULongLong();
        qInfo("seed: TRADEBOT_TEST_SEED=%llu", static_cast<unsigned long long>(seed));
        m_random.seed(seed);
        m_recording = m_folder.filePath(u"market.csv"_s);
        QVERIFY(writeWholeFile(m_recording, recording()));
        const QString problem = makeBots();
        QVERIFY2(problem.isEmpty(), qPrintable(problem));
    }

    void aHundredKillsChangeNothing()
    {
        ProgramUnderTest calm;
        QVERIFY(copyFolder(m_beginning.dataDir(), calm.dataDir()));
        QString problem = runToTheEnd(calm);
        QVERIFY2(problem.isEmpty(), qPrintable(problem));
        const std::vector<BotEvent> calmJournal = journalOf(calm);
        MarketStory expected = storyOf(calmJournal);
        qInfo("%zu facts of the market undisturbed", expected.facts());

        ProgramUnderTest hunted;
        QVERIFY(copyFolder(m_beginning.dataDir(), hunted.dataDir()));
        for (std::size_t i = 1; i <= bots().size(); ++i)
            m_viewers.push_back(std::make_unique<StreamViewer>(static_cast<qint64>(i)));
        int number = 0;
        for (const Target &target : chooseTargets(calmJournal)) {
            if (m_story.facts() == expected.facts())
                break; // the last kill came so late that nothing is left
            const QByteArray where = "kill " + QByteArray::number(++number) + ": ";
            problem = runUntilKilled(hunted, target);
            QVERIFY2(problem.isEmpty(), (where + problem.toUtf8()).constData());
            problem = differenceOf(m_story, expected);
            QVERIFY2(problem.isEmpty(), (where + problem.toUtf8()).constData());
        }
        qInfo("%s", qPrintable(m_found.text()));
        problem = runToTheEnd(hunted);
        QVERIFY2(problem.isEmpty(), qPrintable(problem));

        // Nothing that anybody saw is lost, and the journal is whole.
        const std::vector<BotEvent> journal = journalOf(hunted);
        QVERIFY(journal.size() >= m_journal.size());
        for (std::size_t i = 0; i < m_journal.size(); ++i)
            QVERIFY2(journal[i] == m_journal[i], qPrintable(u"fact %1 was rewritten"_s.arg(i + 1)));
        for (const auto &viewer : m_viewers) {
            problem = differenceFromJournal(*viewer, journal);
            QVERIFY2(problem.isEmpty(), qPrintable(problem));
            QVERIFY2(!viewer->events().empty(), "a viewer saw nothing");
        }
        QCOMPARE(hunted.command({u"check"_s}).output, QByteArray("ok\n"));

        // The same facts, and with them the same money, to the last digit.
        MarketStory story = storyOf(journal);
        problem = differenceOf(story, expected);
        QVERIFY2(problem.isEmpty(), qPrintable(problem));
        QCOMPARE(story.facts(), expected.facts());
        const QStringList found = outcomeOf(hunted, story);
        const QStringList wanted = outcomeOf(calm, expected);
        for (qsizetype i = 0; i < std::min(found.size(), wanted.size()); ++i) {
            if (found[i] != wanted[i])
                qWarning("%s\nbut undisturbed\n%s", qPrintable(found[i]), qPrintable(wanted[i]));
            QVERIFY(found[i] == wanted[i]);
        }
        QCOMPARE(found.size(), wanted.size());

        // And all that is no small thing.
        for (const auto &[bot, lines] : story.lines()) {
            QVERIFY2(lines.filter(u" day_closed "_s).size() >= 3, qPrintable(u"bot %1"_s.arg(bot.value())));
            QVERIFY2(lines.filter(u" fill "_s).size() >= 10, qPrintable(u"bot %1"_s.arg(bot.value())));
        }
        QVERIFY2(m_found.moments.size() >= kills * 9 / 10, qPrintable(m_found.text()));
        if (!seesEverything)
            return;
        QVERIFY2(m_found.hasAll(), qPrintable(m_found.text()));
        const auto wellHit = std::ranges::count_if(m_found.days, [](const auto &day) { return day.second >= 10; });
        QVERIFY2(wellHit >= 3, qPrintable(m_found.text()));
    }
};

QTEST_GUILESS_MAIN(ExactKillTest)

#include "tst_exactkill.moc"
