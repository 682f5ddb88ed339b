// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/api/botcontrol.h"
#include "core/api/botfeed.h"
#include "core/api/historyreader.h"
#include "tests/support/fakehistory.h"

#include <QPointer>

#include <deque>
#include <memory>
#include <optional>
#include <vector>

namespace tradebot {

/// Engine, journal and store in memory, for tests of window and server. It does what it is told at once and without a
/// thread or a timer of its own: time is that of the clock given to it. Any thread; callbacks are queued to their
/// context.
class FakeBackend final : public BotControl, public BotFeed, public HistoryService
{
public:
    explicit FakeBackend(const Clock &clock);
    ~FakeBackend() override;

    // The door.
    void submit(Command command, QObject *context, Reply reply) override;
    /// Keeps it for killSwitches() and says that all open orders of the bots are being cancelled.
    void pull(KillSwitch killSwitch, QObject *context, KillReply reply) override;
    [[nodiscard]] std::vector<KillSwitch> killSwitches() const;
    [[nodiscard]] FeedHandle follow(QObject *context, std::function<void(const FeedUpdate &)> callback) override;
    [[nodiscard]] FeedHandle followCandles(BotId bot, Timeframe timeframe, int limit, QObject *context,
                                           std::function<void(const CandleUpdate &)> callback) override;
    void requestCandles(CandleQuery query, QObject *context,
                        std::function<void(const Result<std::vector<Candle>> &)> callback) override;
    /// A reader of its own for a thread that reads itself.
    [[nodiscard]] std::unique_ptr<HistoryReader> makeReader() const;

    // Commands. Immediate answers are the default.
    void holdAnswers();
    /// Carries out and answers the oldest command that is held; nothing when there is none.
    void answerNext();
    /// Answers all that is held and goes back to immediate answers.
    void answerAll();
    /// The next command is not carried out but answered with this.
    void failNext(Error error);
    /// A start ends in pending; becomeReady() then makes it running. Off by default.
    void setStartsStayPending(bool on) { m_startsStayPending = on; }
    [[nodiscard]] std::vector<Command> commands() const; ///< all that were ever submitted
    [[nodiscard]] int heldCount() const;

    // What happens. Each of these tells the followers at once; facts that change a bot go through apply().
    BotId addBot(BotConfig config, UserId owner = UserId(1));
    EventSequence emitFact(BotId bot, EventPayload payload);
    void setStatus(BotId bot, BotStatus status, ErrorKind kind = ErrorKind::None, const QString &message = {});
    void setHealth(BotId bot, Health health, HealthReason reason = HealthReason::None, const QString &message = {});
    void becomeReady(BotId bot) { setStatus(bot, BotStatus::Running); }
    /// A new price, received now.
    void setMarkPrice(BotId bot, Price price);
    /// A market order that is filled whole at this price, with the bot's taker fee; closes the trade when it leaves
    /// the bot flat.
    void fill(BotId bot, Side side, Quantity quantity, Price price, const QString &tag = {});
    /// Changes a view without a fact.
    void edit(BotId bot, const std::function<void(BotSnapshot &)> &change);
    void setSystem(const SystemView &system); ///< its `committed` is ignored
    /// An update without a change: the sign of life.
    void heartbeat();

    void addTrades(std::vector<Trade> trades); ///< without facts; ids must ascend
    void addEquity(BotId bot, std::vector<EquityPoint> points);
    void addUser(const User &user); ///< in place of one with that id; user 1, an owner, is there already
    void setCandles(BotId bot, Timeframe timeframe, std::vector<Candle> candles);
    void closeCandle(BotId bot, Timeframe timeframe, const Candle &candle);
    void setLiveCandle(BotId bot, Timeframe timeframe, const Candle &candle);

    [[nodiscard]] BotSnapshot bot(BotId id) const;
    [[nodiscard]] std::vector<std::shared_ptr<const BotEvent>> journal() const;

protected:
    void post(QObject *context, Job job) override;

private:
    struct Follower;
    struct CandleFollower;
    struct Held
    {
        Command command;
        QPointer<QObject> context;
        Reply reply;
    };

    // All of these want the store's mutex to be held.
    BotId insertBot(const BotConfig &config, UserId owner);
    EventSequence record(BotId bot, EventPayload payload);
    void mark(BotSnapshot &bot, Price price) const;
    void changeStatus(BotSnapshot &bot, BotStatus status, ErrorKind kind = ErrorKind::None,
                      const QString &message = {});
    void fillOrder(BotSnapshot &bot, Side side, Quantity quantity, Price price, OrderPurpose purpose,
                   const QString &tag);
    [[nodiscard]] Result<BotSnapshot> execute(const Command &command);
    [[nodiscard]] Result<BotSnapshot> run(const CreateBot &command);
    [[nodiscard]] Result<BotSnapshot> run(const UpdateBot &command);
    [[nodiscard]] Result<BotSnapshot> run(const DeleteBot &command);
    [[nodiscard]] Result<BotSnapshot> run(const StartBot &command);
    [[nodiscard]] Result<BotSnapshot> run(const PauseBot &command);
    [[nodiscard]] Result<BotSnapshot> run(const ResumeBot &command);
    [[nodiscard]] Result<BotSnapshot> run(const StopBot &command);
    [[nodiscard]] Result<BotSnapshot> run(const RestartBot &command);
    [[nodiscard]] Result<BotSnapshot> run(const SetProtection &command);
    [[nodiscard]] Result<BotSnapshot> run(const ClearError &command);
    void endDrawdownHalt(const BotSnapshot &bot);
    void start(BotSnapshot &bot);
    void changed(BotId bot);
    void publish();
    void publishCandles(BotId bot, Timeframe timeframe, const CandleUpdate &update);
    [[nodiscard]] Result<BotSnapshot *> find(BotId id);

    void answer(Held held);

    const Clock &m_clock;
    std::shared_ptr<FakeStore> m_store;
    SystemView m_system;
    std::vector<std::weak_ptr<Follower>> m_followers;
    std::vector<std::weak_ptr<CandleFollower>> m_candleFollowers;
    std::vector<std::shared_ptr<const BotEvent>> m_newEvents; ///< since the last publish
    std::vector<BotId> m_changed;                             ///< since the last publish
    std::vector<Command> m_commands;
    std::vector<KillSwitch> m_killSwitches;
    std::deque<Held> m_held;
    std::optional<Error> m_nextError;
    bool m_holding = false;
    bool m_startsStayPending = false;
    qint64 m_lastBotId = 0;
};

} // namespace tradebot
