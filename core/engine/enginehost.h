// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/api/botcontrol.h"
#include "core/engine/feedpublisher.h"

#include <QObject>

#include <deque>
#include <functional>
#include <memory>

class QTimer;

namespace tradebot {

/// Makes the source of prices, in the engine's thread.
using MarketDataFactory = std::function<Result<std::unique_ptr<MarketData>>()>;

/// The engine thread's edge: owns the engine and its prices, hands facts to the journal and commits back. Commands and
/// subscriptions may come from any thread; everything else is the engine thread's.
class EngineHost final : public QObject, public BotControl, public BotFeed, private EngineOutput
{
    Q_OBJECT

public:
    EngineHost(EngineOptions options, MarketDataFactory makeMarketData, Journal &journal, const Clock &computerClock);
    ~EngineHost() override;

    /// Begins to work with what the journal says there is. Call queued, in the engine thread, once.
    void start(const Recovered &recovered);

    void submit(Command command, QObject *context, Reply reply) override;
    void pull(KillSwitch killSwitch, QObject *context, KillReply reply) override;
    [[nodiscard]] FeedHandle follow(QObject *context, std::function<void(const FeedUpdate &)> callback) override;
    [[nodiscard]] FeedHandle followCandles(BotId bot, Timeframe timeframe, int limit, QObject *context,
                                           std::function<void(const CandleUpdate &)> callback) override;
    void requestCandles(CandleQuery query, QObject *context,
                        std::function<void(const Result<std::vector<Candle>> &)> callback) override;

Q_SIGNALS:
    void started();
    /// The source of prices cannot be made, or the journal is broken; nothing is traded any more.
    void failed(const tradebot::Error &error);

private:
    using ReplyCallback = ThreadCallback<const Result<BotSnapshot> &>;
    using KillCallback = ThreadCallback<const Result<KillReport> &>;
    using CandlesCallback = ThreadCallback<const Result<std::vector<Candle>> &>;

    struct WaitingReply
    {
        EventSequence after;
        BotId bot;
        ReplyCallback reply;
        std::shared_ptr<const BotSnapshot> deleted; ///< the last view of a bot that the command deletes
    };
    struct WaitingKill
    {
        EventSequence after;
        KillReport report;
        KillCallback reply;
    };
    struct WaitingCandles
    {
        CandleQuery query;
        CandlesCallback callback;
        int turns = 0;
    };

    void fact(const BotEvent &event) override;
    void equity(BotId bot, std::span<const EquityPoint> points) override;

    /// Runs work in the engine's thread, once there is an engine.
    void post(std::function<void()> work);
    void run(const Command &command, const ReplyCallback &reply);
    void turn();
    void flush();
    void onCommitted(const Committed &committed);
    void onJournalFailed(const Error &error);
    void answerReplies();
    void answerCandles();

    EngineOptions m_options;
    MarketDataFactory m_makeMarketData;
    Journal &m_journal;
    const Clock &m_computerClock;
    std::unique_ptr<MarketData> m_market;
    std::unique_ptr<BotEngine> m_engine;
    std::unique_ptr<FeedPublisher> m_publisher;
    QTimer *m_timer = nullptr;
    JournalBatch m_batch;
    std::deque<WaitingReply> m_replies;
    std::deque<WaitingKill> m_killReplies;
    std::vector<WaitingCandles> m_candleRequests;
    std::vector<std::function<void()>> m_beforeStart;
    std::optional<Error> m_failure;
};

} // namespace tradebot

Q_DECLARE_METATYPE(tradebot::Error)
