// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/enginehost.h"

#include "core/base/logging.h"

#include <QTimer>

#include <algorithm>

namespace tradebot {

using namespace Qt::StringLiterals;

namespace {

constexpr auto turnInterval = std::chrono::milliseconds(100);
constexpr int candleWaitTurns = 50; // 5 s
constexpr int olderCandles = 1'000; // of which those before some moment are looked for

} // namespace

EngineHost::EngineHost(EngineOptions options, MarketDataFactory makeMarketData, Journal &journal,
                       const Clock &computerClock)
    : m_options(std::move(options)),
      m_makeMarketData(std::move(makeMarketData)),
      m_journal(journal),
      m_computerClock(computerClock)
{ }

EngineHost::~EngineHost()
{
    flush();
    const auto gone = fail(ErrorCode::Unavailable, u"the program is shutting down"_s);
    for (const WaitingReply &waiting : m_replies)
        waiting.reply(gone);
    for (const WaitingKill &waiting : m_killReplies)
        waiting.reply(gone);
    for (const WaitingCandles &waiting : m_candleRequests)
        waiting.callback(gone);
}

void EngineHost::start(const Recovered &recovered)
{
    auto market = m_makeMarketData();
    if (!market) {
        m_failure = market.error();
        for (const auto &work : std::exchange(m_beforeStart, {}))
            work(); // which says that it cannot be done
        Q_EMIT failed(market.error());
        return;
    }
    m_market = std::move(*market);
    EngineOutput &output = *this;
    m_engine = std::make_unique<BotEngine>(m_options, *m_market, m_computerClock, output);
    m_publisher = std::make_unique<FeedPublisher>(*m_engine);
    m_publisher->setMarketData(m_market->description());
    m_publisher->recover(recovered);
    m_journal.listen(
            this, [this](const Committed &committed) { onCommitted(committed); },
            [this](const Error &error) { onJournalFailed(error); });
    m_engine->recover(recovered);
    flush();
    m_timer = new QTimer(this);
    m_timer->setTimerType(Qt::PreciseTimer);
    connect(m_timer, &QTimer::timeout, this, &EngineHost::turn);
    m_timer->start(turnInterval);
    for (const auto &work : std::exchange(m_beforeStart, {}))
        work();
    Q_EMIT started();
}

void EngineHost::fact(const BotEvent &event)
{
    auto shared = std::make_shared<BotEvent>(event);
    m_batch.events.push_back(shared);
    m_publisher->pending(std::move(shared));
    if (m_batch.events.size() == 1) // what is recorded in one go travels as one batch
        QMetaObject::invokeMethod(this, &EngineHost::flush, Qt::QueuedConnection);
}

void EngineHost::equity(BotId bot, std::span<const EquityPoint> points)
{
    for (const EquityPoint &point : points)
        m_batch.equity.push_back({bot, point});
}

void EngineHost::flush()
{
    if (!m_batch.isEmpty() && !m_failure)
        m_journal.append(std::exchange(m_batch, {}));
}

void EngineHost::turn()
{
    if (m_failure) {
        m_publisher->publishViews();
        return;
    }
    m_engine->timePassed();
    flush();
    m_publisher->publishViews();
    answerCandles();
}

void EngineHost::onCommitted(const Committed &committed)
{
    m_publisher->committed(committed);
    m_engine->committed(committed.upTo);
    answerReplies();
}

void EngineHost::onJournalFailed(const Error &error)
{
    qCCritical(logEngine) << "trading stops, the journal cannot be written:" << error.text;
    m_failure = fail(ErrorCode::Unavailable, u"the journal cannot be written: "_s + error.text).value();
    m_publisher->storeFailed(error);
    for (const WaitingReply &waiting : std::exchange(m_replies, {}))
        waiting.reply(fail(*m_failure));
    for (const WaitingKill &waiting : std::exchange(m_killReplies, {}))
        waiting.reply(fail(*m_failure));
    m_engine->halt();
    Q_EMIT failed(error);
}

void EngineHost::post(std::function<void()> work)
{
    QMetaObject::invokeMethod(
            this,
            [this, work = std::move(work)]() mutable {
                if (m_engine != nullptr || m_failure)
                    work();
                else
                    m_beforeStart.push_back(std::move(work));
            },
            Qt::QueuedConnection);
}

void EngineHost::submit(Command command, QObject *context, Reply reply)
{
    const ReplyCallback callback(context, std::move(reply));
    post([this, command = std::move(command), callback] { run(command, callback); });
}

void EngineHost::run(const Command &command, const ReplyCallback &reply)
{
    if (m_failure) {
        reply(fail(*m_failure));
        return;
    }
    std::shared_ptr<BotSnapshot> last;
    if (const auto *deletes = std::get_if<DeleteBot>(&command)) {
        if (const auto view = m_publisher->snapshot(deletes->bot)) {
            last = std::make_shared<BotSnapshot>(*view);
            last->deleted = true;
        }
    }
    const auto done = m_engine->execute(command);
    flush();
    if (!done) {
        reply(fail(done.error()));
        return;
    }
    m_replies.push_back({m_engine->lastSequence(), *done, reply, last});
    answerReplies();
}

void EngineHost::pull(KillSwitch killSwitch, QObject *context, KillReply reply)
{
    const KillCallback callback(context, std::move(reply));
    post([this, killSwitch, callback] {
        if (m_failure) { // what it did could not be kept, and an exit would be sent again after the next start
            callback(
                    fail(m_failure->code,
                         m_failure->text
                                 + u"; the kill switch is not pulled: nothing is traded any more, but orders that rest "
                                   "at an exchange and positions stay as they are until they are ended there"_s));
            return;
        }
        auto report = m_engine->pull(killSwitch);
        flush();
        if (!report) {
            callback(fail(report.error()));
            return;
        }
        m_killReplies.push_back({m_engine->lastSequence(), std::move(*report), callback});
        answerReplies();
    });
}

void EngineHost::answerReplies()
{
    while (!m_killReplies.empty() && m_killReplies.front().after <= m_publisher->committedUpTo()) {
        m_killReplies.front().reply(m_killReplies.front().report);
        m_killReplies.pop_front();
    }
    while (!m_replies.empty() && m_replies.front().after <= m_publisher->committedUpTo()) {
        const WaitingReply waiting = std::move(m_replies.front());
        m_replies.pop_front();
        auto view = m_publisher->snapshot(waiting.bot);
        if (view == nullptr)
            view = waiting.deleted;
        if (view != nullptr)
            waiting.reply(*view);
        else
            waiting.reply(fail(ErrorCode::NotFound, u"bot %1 does not exist"_s.arg(waiting.bot.value())));
    }
}

FeedHandle EngineHost::follow(QObject *context, std::function<void(const FeedUpdate &)> callback)
{
    const FeedPublisher::Callback shared(context, std::move(callback));
    post([this, weak = shared.weak()] {
        const auto alive = weak.lock();
        if (alive && m_publisher)
            m_publisher->add(alive);
    });
    return shared.handle();
}

FeedHandle EngineHost::followCandles(BotId bot, Timeframe timeframe, int limit, QObject *context,
                                     std::function<void(const CandleUpdate &)> callback)
{
    const FeedPublisher::CandleCallback shared(context, std::move(callback));
    post([this, bot, timeframe, limit, weak = shared.weak()] {
        const auto alive = weak.lock();
        if (alive && m_publisher)
            m_publisher->add(bot, timeframe, limit, alive);
    });
    return shared.handle();
}

void EngineHost::requestCandles(CandleQuery query, QObject *context,
                                std::function<void(const Result<std::vector<Candle>> &)> callback)
{
    const CandlesCallback shared(context, std::move(callback));
    post([this, query, shared] {
        m_candleRequests.push_back({query, shared, 0});
        answerCandles();
    });
}

void EngineHost::answerCandles()
{
    std::erase_if(m_candleRequests, [this](WaitingCandles &waiting) {
        const BotId bot = waiting.query.bot;
        if (m_engine == nullptr || m_engine->find(bot) == nullptr) {
            waiting.callback(fail(ErrorCode::NotFound, u"bot %1 does not exist"_s.arg(bot.value())));
            return true;
        }
        // How far back `before` lies, in candles, nobody knows.
        const int wanted = waiting.query.before ? std::max(waiting.query.limit, olderCandles) : waiting.query.limit;
        CandleHistory *const series = m_engine->series(bot, waiting.query.timeframe, wanted);
        if (series == nullptr) { // a stopped bot watches no market
            waiting.callback(std::vector<Candle>());
            return true;
        }
        if (series->covers(wanted)) {
            waiting.callback(series->newest(waiting.query.limit, waiting.query.before));
            return true;
        }
        if (++waiting.turns < candleWaitTurns)
            return false;
        waiting.callback(fail(ErrorCode::Unavailable, u"the candles of bot %1 do not arrive"_s.arg(bot.value())));
        return true;
    });
}

} // namespace tradebot
