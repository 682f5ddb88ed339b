// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/api/historyreader.h"
#include "core/domain/command.h"
#include "core/engine/paperexchange.h"
#include "core/engine/protectionguard.h"
#include "core/engine/runnercontext.h"
#include "core/strategy/indicators/atr.h"
#include "core/strategy/strategy.h"

#include <memory>
#include <vector>

namespace tradebot {

/// One bot: its lifecycle, its strategy, its orders, its guards. Plain and deterministic: what it does follows from
/// what it is told. Its state is the fold of the facts it has recorded, and changes in no other way.
class BotRunner final
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
    [[nodiscard]] Money peakEquity() const { return m_peakEquity; }
    /// How many candles of the past its strategy wants to see before it decides; 0 before the start.
    [[nodiscard]] int historyCandles() const { return m_strategy ? m_strategy->historyCandles() : 0; }
    /// Ahead of state().protection by what the newest prices moved.
    [[nodiscard]] const Protection &protection() const;
    [[nodiscard]] QString activity() const;
    /// balance + unrealised at the newest price; the balance when flat.
    [[nodiscard]] Money equity() const;

    // Commands. Conflict when the state forbids it; a repeat of what already is changes nothing.
    [[nodiscard]] Result<void> start();
    [[nodiscard]] Result<void> pause();
    [[nodiscard]] Result<void> resume();
    [[nodiscard]] Result<void> stop(StopPolicy policy);
    [[nodiscard]] Result<void> restart();
    [[nodiscard]] Result<void> configure(const BotConfig &config, int expectedVersion);
    [[nodiscard]] Result<void> setProtection(const SetProtection &change);
    [[nodiscard]] Result<void> clearError();
    /// Takes up the work that the journal says was under way; once, after a start of the program.
    void takeUp();

    // What happens to it.
    void historyArrived(const Result<std::vector<Candle>> &candles);
    void tick(const Tick &price);
    /// The prices within a candle of the past, before candleClosed(): its open as a tick, then a steady way over both
    /// extremes to the close.
    void pastPrices(const Candle &candle);
    void candleClosed(const Candle &candle);
    void marketLost(const Error &error);
    void marketStale(const QString &message);
    void marketFresh();
    /// A moment has passed: start limit, restart after an error, end of the trading day.
    void timePassed();
    void release(const Order &order);
    void orderReport(const OrderReport &report);

    /// For RunnerContext::record only: folds a fact into the state.
    [[nodiscard]] Result<void> fold(const BotEvent &event);

    [[nodiscard]] Timestamp dayEnd() const { return m_dayEnd; }

private:
    bool note(EventPayload &&payload);
    bool transition(BotTrigger trigger, const QString &message, ErrorKind kind = ErrorKind::None);
    void fail(ErrorKind kind, const QString &message);
    void begin();
    void windDown();
    void wantDesired(DesiredState desired, StopPolicy policy);
    void cancelOpenOrders(const QString &reason);
    void closeDayIfOver();

    void act(const Intent &intent, const Candle &candle);
    void enter(const Intent &intent, Price price);
    void exit(OrderPurpose purpose, const QString &tag, Price price, const QString &message);
    [[nodiscard]] Order makeOrder(Side side, OrderPurpose purpose, Quantity quantity, const QString &tag) const;
    void submit(Order order);
    [[nodiscard]] bool hasOpenOrder(bool reduceOnly) const;
    void decline(const Intent &intent, Price price, const QString &why);

    void followPath(Price from, Price to, Timestamp time);
    void matchWaiting(Price price, Timestamp time);
    void guardHit(const ProtectionHit &hit, Timestamp time, bool atLevel);
    [[nodiscard]] PaperAccount account() const;
    void applyReportedFill(Order order, const OrderReport &report);
    void afterFill(PositionSide before);
    void closeTrade(const Order &order);
    void recordProtection(const Protection &protection, const QString &reason);
    void keepTrailing();
    void updateAtr(const Candle &candle);
    [[nodiscard]] Price atrPrice() const;

    RunnerContext &m_context;
    BotRecord m_record;
    Instrument m_instrument;
    std::unique_ptr<Strategy> m_strategy;
    std::unique_ptr<PaperExchange> m_paper;
    ProtectionGuard m_guard;
    Atr m_atr{14};
    bool m_usesAtr = false; ///< some rule of the config counts in it
    Intents m_intents;
    std::optional<Intent> m_entryAfterExit;
    bool m_watching = false;
    Price m_price;
    Timestamp m_priceTime;
    Timestamp m_lastRunAt;
    std::optional<Timestamp> m_lastExit;
    Money m_peakEquity;
    Timestamp m_dayEnd;
    Timestamp m_pendingSince;
    std::optional<Timestamp> m_restartAt;
    int m_failures = 0; ///< in a row, for the back-off
};

} // namespace tradebot
