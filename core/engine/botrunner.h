// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/api/historyreader.h"
#include "core/domain/command.h"
#include "core/engine/executionclient.h"
#include "core/engine/paperexchange.h"
#include "core/engine/protectionguard.h"
#include "core/engine/riskgate.h"
#include "core/engine/runnercontext.h"
#include "core/strategy/indicators/atr.h"
#include "core/strategy/strategy.h"

#include <map>
#include <memory>
#include <span>
#include <vector>

namespace tradebot {

/// One bot: its lifecycle, its strategy, its orders, its guards. Plain and deterministic: what it does follows from
/// what it is told. Its state is the fold of the facts it has recorded, and changes in no other way.
class BotRunner final : private ExecutionSink
{
public:
    BotRunner(RunnerContext &context, BotRecord record);

    [[nodiscard]] BotId id() const { return m_record.id; }
    [[nodiscard]] const BotRecord &record() const { return m_record; }
    [[nodiscard]] const BotConfig &config() const { return m_record.config; }
    [[nodiscard]] const BotState &state() const { return m_record.state; }
    [[nodiscard]] const Instrument &instrument() const { return m_instrument; }
    [[nodiscard]] bool isWatching() const { return m_watching; }
    [[nodiscard]] Timestamp lastRunAt() const { return m_lastRunAt; }
    [[nodiscard]] Timestamp knownUpTo() const { return m_knownUpTo; } ///< earlier prices are ignored
    /// How many candles of the past it wants to see before it decides; 0 before the start.
    [[nodiscard]] int historyCandles() const;
    /// Ahead of state().protection by what the newest prices moved.
    [[nodiscard]] const Protection &protection() const;
    /// In words; asks the strategy, which may end the bot.
    [[nodiscard]] QString activity();
    /// balance + unrealised at the newest price; the balance when flat.
    [[nodiscard]] Money equity() const
    {
        const BotState &state = m_record.state;
        return m_mark.isZero() ? state.balance : equityOf(state.balance, state.position, m_mark);
    }
    /// At the newest price: its position, and its open entries.
    [[nodiscard]] Checked<Money> exposure() const;
    /// The paper exchange that it trades on; nullptr before its start, and on another one.
    [[nodiscard]] const PaperExchange *paper() const { return m_paper; }
    [[nodiscard]] bool hasUnknownOrder() const;

    // Commands. Conflict when the state forbids it; a repeat of what already is changes nothing.
    [[nodiscard]] Result<void> start();
    [[nodiscard]] Result<void> pause();
    [[nodiscard]] Result<void> resume();
    [[nodiscard]] Result<void> stop(StopPolicy policy);
    [[nodiscard]] Result<void> restart();
    [[nodiscard]] Result<void> configure(const BotConfig &config, int expectedVersion);
    [[nodiscard]] Result<void> setProtection(const SetProtection &change);
    [[nodiscard]] Result<void> clearError();
    /// Ends trading as far as the order says, from any state. The orders that were open before, as they are then.
    std::vector<Order> kill(const KillOrder &order);
    /// Takes up the work that the journal says was under way; once, after a start of the program.
    void resumeAfterRestart();
    /// Before resumeAfterRestart(): the bot that ended the program stands in error, and only its owner starts it again.
    void quarantine(const QString &why);

    // What happens to it.
    void historyArrived(const Result<std::vector<Candle>> &candles);
    void tick(const Tick &price);
    /// The prices within a candle of the past: its open as a tick, then a steady way over both extremes to the close.
    void replayCandle(const Candle &candle);
    void candleClosed(const Candle &candle);
    /// See BotEngine::replayBlock(). Moves the context's time on.
    [[nodiscard]] std::size_t replayBlock(std::span<const Candle> candles, std::chrono::milliseconds length);
    void marketLost(const Error &error);
    void marketStale(const QString &message);
    void marketFresh();
    /// A moment has passed: start limit, restart after an error, end of the trading day.
    void timePassed();
    /// All facts that lead to this order are durable: it leaves.
    void release(const ClientOrderId &order);

    /// For RunnerContext::record only: folds a fact into the state.
    [[nodiscard]] Result<void> fold(const BotEvent &event);

    /// Whether the trading day of its state is not that of this moment, so that closeDayIfOver() is called for.
    [[nodiscard]] bool isOtherDay(Timestamp time) const
    {
        return time >= m_dayEnd || time < m_dayEnd - std::chrono::days(1);
    }
    /// Closes the trading day that the engine's time has left: forward over days that nobody saw, all at once, and back
    /// when the clock had been ahead. Days of a recording that are seen once more stay closed.
    void closeDayIfOver();

private:
    /// An order that is asked about, or asked to end, until somebody answers.
    struct FollowUp
    {
        ClientOrderId order;
        Timestamp due;
        std::chrono::milliseconds delay;
    };

    /// When an order last left.
    struct Sent
    {
        ClientOrderId order;
        Timestamp at;
    };

    // ExecutionSink
    void orderReport(const OrderReport &report) override;
    void orderUnanswered(const ClientOrderId &id, const QString &why) override;
    void orderNotFound(const ClientOrderId &id) override;
    void externalFill(const ExternalFill &external) override;
    void limited(Timestamp until, const QString &why) override;
    void moneyMoved(const MoneyMoved &moved) override;
    void reconciled(const Result<void> &result) override;

    /// Makes a fact of it. False when that has ended the bot with an overflow.
    template<class Fact>
    bool record(Fact &&fact)
    {
        if constexpr (!std::is_same_v<Fact, ProtectionChanged>)
            flushPendingMoves();
        BotEvent event = eventOf(std::forward<Fact>(fact));
        return recordEvent(event);
    }
    /// A fact that recordEvent() can record; what its content names of the state is to be read after
    /// flushPendingMoves().
    template<class Fact>
    [[nodiscard]] BotEvent eventOf(Fact &&fact) const
    {
        static_assert(!std::is_reference_v<Fact>, "a fact is given away");
        return {id(), std::in_place_type<Fact>, std::forward<Fact>(fact)};
    }
    /// Records it, and gives it number and time by that.
    bool recordEvent(BotEvent &event);
    void flushPendingMoves()
    {
        const bool mayHaveMoved = config().trailingStop || (m_paper != nullptr && m_paper->hasBook());
        if (mayHaveMoved && !m_isNotingMoves)
            noteMoves();
    }
    void noteMoves();
    bool transition(BotTrigger trigger, const QString &message, ErrorKind kind = ErrorKind::None);
    void fail(ErrorKind kind, const QString &message);
    void begin();
    [[nodiscard]] bool makeStrategy();
    template<class Call>
    bool consult(Call &&call);
    void openMarket();
    void connectExchange();
    void cancelEntries();
    void cannotConnect(ErrorKind kind, const QString &message);
    [[nodiscard]] bool holdsSomething() const;
    [[nodiscard]] bool isNeededAtExchange() const;
    void readyWhenComplete();
    void windDown();
    void wantDesired(DesiredState desired, StopPolicy policy);
    void judgeLimits()
    {
        if (m_watchesLosses || config().limits.maxDailyTrades)
            judgeReachedLimits();
    }
    void judgeReachedLimits();
    /// No limit is reached while the equity is above it.
    [[nodiscard]] Money lossFloor();
    void endDrawdownHalt();
    void watchPosition();
    void releaseMarket();
    [[nodiscard]] bool isToFlatten() const;
    [[nodiscard]] bool isHeldToPrices() const;
    void judgeHealth();
    void expireTroubles();
    // The kill switch.
    void pull(const KillOrder &order);
    void pauseForKill();
    void dropProtection();
    void cancelKilled();
    void settleKill();
    void resumeKillSwitch();

    // Decisions.
    void act(const Intent &intent, Price price);
    void askStrategy(const Order *about, Intents &intents);
    void carryOut(Intents &intents);
    void tellStrategy(const Order &order);
    void enter(const Intent &intent, Price price);
    void exit(const Intent &intent, OrderPurpose purpose, Price price,
              const std::optional<PlannedEntry> &then = std::nullopt);
    void place(const Intent &intent);
    void cancelTagged(const QString &tag);
    void enterAsPlanned();
    void replan(const Intent &intent, Price price);
    void decline(const Intent &intent, Price price, const QString &why);
    void deny(Order order, const Denial &denial);
    [[nodiscard]] EntryRequest entryRequest(Price price);
    [[nodiscard]] Checked<Money> worthOfOpenEntries() const;
    [[nodiscard]] std::optional<Denial> heldBack() const;
    bool countAsk();

    // Prices.
    [[nodiscard]] static Money equityOf(Money balance, const Position &position, Price mark)
    {
        return position.isOpen() ? (balance + position.unrealised(mark)).valueOr(balance) : balance;
    }
    [[nodiscard]] bool isCalm() const;
    [[nodiscard]] StrategyView strategyView() const;
    void walkCandle(const Candle &candle);
    void followPath(Price from, Price to, Quantity volume, Timestamp time);
    void guardHit(const ProtectionHit &hit, Timestamp time, bool atLevel);
    [[nodiscard]] bool isLeftToExchange(const ProtectionHit &hit) const;
    void recordProtection(const Protection &protection, const QString &reason);
    void keepTrailing();
    void growProtection(Price entryBefore);
    void updateAtr(const Candle &candle);
    void armAtrLevels();
    [[nodiscard]] Price atrPrice() const;

    // Orders.
    [[nodiscard]] Order makeOrder(Side side, OrderPurpose purpose, Quantity quantity, const QString &tag) const;
    void submit(Order &&order);
    void requestCancel(const Order &order, const QString &reason);
    void beginExit(OrderPurpose purpose, const QString &tag);
    void sendPlannedExit();
    void submitExit(OrderPurpose purpose, const QString &tag);
    void delayExit();
    [[nodiscard]] bool mayExit() const;
    void keepProtectiveOrders();
    void cancelSiblings(const Order &filled);
    void end(Order order, OrderTrigger trigger, const QString &reason);
    void protectiveRejected(const Order &order);
    void ended(const Order &order);
    void proceed();
    void loseSight(Order order, const QString &why);
    [[nodiscard]] bool isUnsent(const ClientOrderId &order) const;
    void hasLeft(const ClientOrderId &order);
    void forgetLeaving(const ClientOrderId &order);
    void followUpLater(const ClientOrderId &order, std::chrono::milliseconds delay);
    void followUpWhatIsDue();
    void followUpAll();
    void endUnfilledExternals();
    void fillAfterTheEnd(const OrderReport &report);
    void applyReportedFill(const Order &open, const OrderReport &report);
    void bookFill(BotEvent &filled, const PositionChange &change);
    void afterFill(const Position &before);
    void closeTrade(const Order &order);
    void writeOffRest(const Order &order);
    [[nodiscard]] bool isTooSmall(Quantity quantity, Price price) const;
    [[nodiscard]] Quantity tradablePosition() const;
    [[nodiscard]] const Order *findOpen(const ClientOrderId &id) const;
    [[nodiscard]] bool hasOpen(bool reduceOnly) const;
    [[nodiscard]] bool isEnteringAgainst(PositionSide side) const;
    /// A market order that closes the position is under way, or about to be.
    [[nodiscard]] bool isExitUnderWay() const
    {
        return m_record.state.plannedExit || (!m_record.state.openOrders.empty() && hasOpenExit());
    }
    [[nodiscard]] bool hasOpenExit() const;
    [[nodiscard]] bool leavesPosition() const;

    static constexpr std::chrono::milliseconds longestRestartDelay{300'000};
    [[nodiscard]] static std::chrono::milliseconds restartDelay(int failures);
    static constexpr std::chrono::milliseconds firstQueryDelay{1'000};
    /// How soon a cancel that has not ended its order is sent again.
    static constexpr std::chrono::milliseconds cancelAgain{5'000};

    RunnerContext &m_context;
    BotRecord m_record;
    Instrument m_instrument;
    std::unique_ptr<Strategy> m_strategy;
    std::unique_ptr<ExecutionClient> m_exchange;
    PaperExchange *m_paper = nullptr; ///< m_exchange when it is the paper one, which lives from our prices
    ProtectionGuard m_guard;
    Atr m_atr{14};
    bool m_usesAtr = false; ///< some rule of the config counts in it
    Intents m_intents;      ///< of the question under way; empty between them
    /// Of the orders that it asks for in one call, by its own number for each group.
    std::map<int, EventSequence> *m_groups = nullptr;
    std::vector<Order> m_untold; ///< ended while the strategy was being asked
    bool m_isAsking = false;
    std::vector<EquityPoint> m_points; ///< of the stretch under way
    std::vector<FollowUp> m_followUps;
    std::vector<ClientOrderId> m_unsent;      ///< that wait for their facts to be durable
    std::vector<ClientOrderId> m_onHold;      ///< released before the prices of a recording have come so far again
    std::vector<Sent> m_sent;                 ///< of the open orders
    std::vector<Order> *m_ended = nullptr;    ///< where orders go that end while the kill switch is being pulled
    std::vector<Timestamp> m_wishes;          ///< of the strategy within the last minute, whatever came of them
    std::chrono::milliseconds m_exitDelay{0}; ///< of an exit that came back
    Timestamp m_exitNotBefore;
    Timestamp m_targetNotBefore; ///< one at the exchange was refused
    bool m_isClearing = false;   ///< cancels what stands in the way of an exit
    bool m_isKilling = false;
    bool m_watching = false;
    int m_historyCandles = 0;
    bool m_hasHistory = false;
    bool m_hasPrice = false;            ///< a price of the present has come since it began
    bool m_resumesPlannedEntry = false; ///< the second half of a reversal waits for the next price
    bool m_isReconciled = false;
    bool m_isNotingMoves = false;
    Candle m_candle; ///< the last closed one
    Price m_price;
    Price m_mark;
    Timestamp m_priceTime;
    Timestamp m_knownUpTo; ///< prices up to here were seen before a restart
    Timestamp m_lastRunAt;
    QString m_staleMessage;   ///< empty while prices are fresh
    Timestamp m_limitedUntil; ///< by its exchange; the epoch: not
    QString m_limitMessage;
    bool m_watchesLosses = false;     ///< some limit of the config counts what the open position loses
    std::optional<Money> m_lossFloor; ///< of the state as it is
    Timestamp m_dayEnd;
    Timestamp m_pendingSince;
    Timestamp m_readySince;
    Timestamp m_passed; ///< the last moment that it was told of
    std::optional<Timestamp> m_restartAt;
    std::optional<Timestamp> m_connectAt; ///< to stop, or to guard what a bot in error holds
    int m_failures = 0;                   ///< without a healthy while between them, for the back-off
};

/// Every call into the strategy goes through here: one that fails ends its bot and no other. False when it has.
template<class Call>
bool BotRunner::consult(Call &&call)
{
    const auto done = m_context.strategyGuard().run(id(), std::forward<Call>(call));
    if (!done) [[unlikely]]
        fail(ErrorKind::Strategy, done.error().text);
    return done.has_value();
}

} // namespace tradebot
