// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/ringbuffer.h"
#include "core/engine/executionclient.h"
#include "core/engine/marginaccount.h"
#include "core/engine/papermatching.h"

#include <functional>
#include <initializer_list>
#include <variant>

namespace tradebot {

/// A bot's paper account at an exchange that behaves as a real one would: spot, or USD-M futures in one-way mode. Plain
/// and deterministic; time comes in with the prices. Keeps its own book of the account, apart from the ledger of facts.
/// docs/paper-exchange.md has its rules.
///
/// The sink is called when everything that a call causes is done, so it may submit, cancel and query from within; what
/// it sends acts at the next price. It must not destroy or restore() the venue from there.
class PaperExchange final : public ExecutionClient
{
public:
    PaperExchange(const BotConfig &config, const Instrument &instrument);

    void setSink(ExecutionSink *sink) override;
    /// The account as the facts have it. Open orders that had been accepted rest again; those that were only submitted
    /// are sent again by their owner.
    void restore(const BotState &state);

    /// Arrives latency_ms after order.createdAt (without latency: now) and acts at the first price told from then on.
    void submit(Order order) override;
    /// Arrives latency_ms after order.cancelRequestedAt, or after the last price when that is not known, and never
    /// before its order; without latency at once, so that it needs no price. The end comes with order.reason.
    void cancel(const Order &order) override;
    /// Answers at once: fills that order.fills does not name, then what it has come to (Accept while it is open);
    /// silent for an order that is still on its way, whose report is yet to come.
    void query(const Order &order) override;
    /// As query() for each open order, but silent about those that were submitted and never arrived.
    void reconcile(const BotState &belief) override;

    /// Whether an order has been sent here and is not over.
    [[nodiscard]] bool knows(const ClientOrderId &id) const;
    /// Whether prices matter to it at the moment: it has orders, or a futures position.
    [[nodiscard]] bool wantsPrices() const
    {
        return !m_book.empty() || !m_inbox.empty() || (!m_account.isSpot() && m_account.position().isOpen());
    }
    /// A price of the market.
    void tick(const Tick &tick);
    /// The last price before a restart, which everything has acted on already.
    void remember(const Tick &tick);
    /// Inside a candle of the past: the price at which something would be the first to act on a steady way from one
    /// price to another, the end included and the beginning not: an order that rests or has just come, a trailing stop
    /// that moves (the end of the way), the liquidation. What takes and waits for volume does not count.
    [[nodiscard]] std::optional<Price> firstTouch(Price from, Price to) const;
    /// The price has come there, steadily, with this volume; orders that wait for that very price act at it.
    void touch(Price price, Quantity volume, Timestamp time);
    /// Takes an order and fills it at once at a price that the market has just passed through (a stop inside a candle),
    /// whatever the latency and the depth.
    void fillAt(const Order &order, Price price, Timestamp time);
    /// A moment has passed in the market: funding.
    void timePassed(Timestamp now);
    /// The clock had been ahead and was set back to this moment: nothing that is on its way waits for the wrong time.
    void clockSetBack(Timestamp now);
    /// The ledger has written off what is left of the position, for this much.
    void writeOff(Money amount) { m_account.writeOff(amount); }
    /// Reports trailing stops that have followed the price since they were last reported. Call it at each closed candle
    /// and before other facts are recorded: a restart knows of a stop price what was reported.
    void reportMovedStops();
    /// Whether any order rests or waits here.
    [[nodiscard]] bool hasBook() const { return !m_book.empty(); }

    /// Its own book of the account; for comparison with the ledger.
    [[nodiscard]] const MarginAccount &account() const { return m_account; }

private:
    enum class Stage {
        Waiting, ///< for its stop price
        Resting, ///< a limit order in the book
        Taking,  ///< a market order that waits for more volume
    };
    struct Working
    {
        /// An order that has come here, under its name at this exchange.
        explicit Working(Order &&arrived);

        Order order; ///< its list of fills is that of before the restart
        Stage stage = Stage::Taking;
        Price toldStop = Price();    ///< of a trailing stop, as last reported
        Price takingPrice = Price(); ///< of one that takes: what it would have paid last, which it binds money for
        std::vector<std::pair<Timestamp, Fill>> fills = {}; ///< since the restart
        Timestamp endedAt = Timestamp();

        [[nodiscard]] bool isOpen() const { return order.isOpen(); }
        [[nodiscard]] Quantity remaining() const
        {
            return Quantity::fromRaw(order.quantity.raw() - order.filled.raw());
        }
    };
    /// An order or a cancel on its way to the exchange.
    struct Message
    {
        Message(Timestamp when, bool cancels, Order &&about) : arrives(when), isCancel(cancels), order(std::move(about))
        { }

        Timestamp arrives;
        bool isCancel = false;
        Order order;
    };
    using News = std::variant<OrderReport, ExternalFill, MoneyMoved, ClientOrderId /* not found */, Result<void>>;

    // What comes in (paperexchange.cpp)
    /// "paper-17", "paper-17-2": orders and their trades as this exchange names them; at most two numbers, none below
    /// 0.
    [[nodiscard]] static QString paperName(std::initializer_list<qint64> numbers);
    [[nodiscard]] static Stage stageOf(const Order &order);
    void send(Timestamp arrives, bool isCancel, Order &&order);
    void take(Working &working);
    [[nodiscard]] QString filtered(const Order &order) const;
    [[nodiscard]] bool isFilledAtOnce(const Working &working) const;
    [[nodiscard]] QString refusalOnArrival(Working &working);
    void endByRequest(const Order &request);
    [[nodiscard]] Working *find(const ClientOrderId &id);
    [[nodiscard]] const Working *findFinished(const ClientOrderId &id) const;
    [[nodiscard]] bool isOnItsWay(const ClientOrderId &id) const;

    // What a price does (paperexchange_matching.cpp)
    void meet(const Tick &tick);
    void act(Working &working);
    void trigger(Working &working);
    void takeMarket(Working &working);
    void takeLimit(Working &working);
    void fillResting(Working &working);
    bool fill(Working &working, Price price, Quantity quantity, bool isMaker);
    [[nodiscard]] Quantity queueLeft();
    void settleAfterFill(const Working &working);
    void cancelOthers(const Working &working, QLatin1StringView what);
    bool cancelOnTheirWay(const std::function<bool(const Order &)> &which, const QString &reason);
    void liquidateIfDue();
    void settleFunding(Timestamp now, Price mark);
    void tellMoney(LedgerKind kind, Money amount, Decimal rate, const QString &why);
    void remember(Working &&ended);
    void cleanUp();

    // What an order may cost (paperexchange_matching.cpp)
    [[nodiscard]] Quantity wanted(const Working &working) const;
    [[nodiscard]] QString refusal(const Working &working, const Fill &fill,
                                  const Result<MarginAccount::Outcome> &outcome) const;
    [[nodiscard]] Checked<Money> lockOf(const Working &working) const;
    [[nodiscard]] Checked<Money> lockedByOthers(const Working &working) const;
    [[nodiscard]] Quantity heldByOthers(const Working &working) const;
    [[nodiscard]] Decimal worstRate() const { return std::max(m_fees.maker, m_fees.taker); }

    // What goes out (paperexchange_news.cpp)
    bool tellAgain(const Order &belief);
    void tell(Working &working, OrderTrigger trigger, const QString &reason = {}, const Fill *fill = nullptr);
    void accept(Working &working);
    void end(Working &working, OrderTrigger trigger, const QString &reason);
    OrderReport &addReport(const Working &working, OrderTrigger trigger, Timestamp time);
    void deliver();

    FeeRates m_fees;
    std::chrono::milliseconds m_latency;
    Instrument m_instrument;
    PaperMatching m_matching;
    MarginAccount m_account;
    ExecutionSink *m_sink = nullptr;

    std::vector<Message> m_inbox; ///< in order of arrival
    std::vector<Working> m_book;  ///< in order of arrival
    RingBuffer<Working, 64> m_finished;
    EventSequence m_newestFinished; ///< the highest number of an order that has ended
    std::vector<News> m_outbox;
    std::vector<News> m_telling; ///< taken out of m_outbox
    bool m_delivers = false;
    qint64 m_fills = 0; ///< of the bot's life

    Timestamp m_now; ///< of the last price or moment
    Tick m_tick;     ///< the last price; 0 before the first
    Quantity m_depthLeft;
    std::optional<Quantity> m_queueLeft; ///< of the last price; nullopt before somebody asked
};

} // namespace tradebot
