// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/domain/botevent.h"
#include "core/engine/paperexchange.h"
#include "tests/support/papermodel.h"

#include <QTest>

#include <rapidcheck.h>

#include <map>
#include <set>
#include <sstream>

using namespace tradebot;
using namespace Qt::StringLiterals;
using namespace std::string_literals;
using namespace std::chrono_literals;
using slowpaper::PaperModel;
using slowpaper::RowKind;
using slowpaper::Standing;

namespace tradebot {

template<class Tag>
void showValue(Fixed<Tag> value, std::ostream &out)
{
    out << value.toBytes().constData();
}

} // namespace tradebot

namespace {

constexpr Timestamp start = fromMilliseconds(1'795'176'000'000); // 2026-11-20T12:00:00Z

/// What happens next; the numbers mean something else to each kind.
struct Step
{
    int kind = 0;
    int a = 0;
    int b = 0;
    int c = 0;
    int d = 0;
};

void showValue(const Step &step, std::ostream &out)
{
    out << '{' << step.kind << ", " << step.a << ", " << step.b << ", " << step.c << ", " << step.d << '}';
}

rc::Gen<Step> anyStep()
{
    const auto number = rc::gen::inRange(0, 1'000'000);
    return rc::gen::build<Step>(rc::gen::set(&Step::kind, rc::gen::inRange(0, 100)), rc::gen::set(&Step::a, number),
                                rc::gen::set(&Step::b, number), rc::gen::set(&Step::c, number),
                                rc::gen::set(&Step::d, number));
}

rc::Gen<Decimal> oneOf(std::initializer_list<std::int64_t> raws)
{
    return rc::gen::map(rc::gen::elementOf(std::vector<std::int64_t>(raws)),
                        [](std::int64_t raw) { return Decimal::fromRaw(raw); });
}

BotConfig anyConfig(Market market)
{
    BotConfig config;
    config.market = market;
    config.initialBalance = Money::fromInteger(*rc::gen::element(100, 1'000, 30'000));
    config.fees.maker = *oneOf({0, -10'000, 20'000, 100'000});
    config.fees.taker = *oneOf({0, 40'000, 100'000, 123'457});
    config.slippageBasisPoints = *oneOf({0, 0, 100'000'000, 550'000'000});
    config.paper.latencyMilliseconds = *rc::gen::element(0, 0, 700, 2'500);
    config.paper.depthPercent.reset();
    if (*rc::gen::inRange(0, 2) == 0)
        config.paper.depthPercent = *oneOf({1'000'000'000, 5'000'000'000, 333'333'333});
    config.paper.queuePercent = *oneOf({0, 2'500'000'000, 10'000'000'000});
    config.paper.fundingRate = *oneOf({0, 10'000, -30'000, 12'345});
    config.paper.liquidationFee = *oneOf({0, 1'000'000, 1'234'567});
    config.paper.feeAsset = *rc::gen::element(FeeAsset::Quote, FeeAsset::Base, FeeAsset::Third);
    config.paper.thirdAsset = u"BNB"_s;
    config.paper.thirdAssetPrice = Price::fromRaw(*rc::gen::element<std::int64_t>(60'000'000'000, 777'777'777, 3));
    if (market != Market::Spot) {
        config.leverage = *rc::gen::element(1, 3, 10, 50, 125);
        config.marginType = *rc::gen::element(MarginType::Isolated, MarginType::Cross);
    }
    return config;
}

/// How often things happened on a market in a whole run: a test that never gets there says nothing.
std::map<std::string, int> &reached(Market market)
{
    static std::map<Market, std::map<std::string, int>> counts;
    return counts[market];
}

/// The paper exchange and an owner who writes down what it says as facts.
class Owner : protected ExecutionSink
{
protected:
    explicit Owner(Market market) : m_config(anyConfig(market)), m_instrument(instrumentFor(market)) { }

    void begin()
    {
        record(BotCreated{UserId(1), m_config}, start);
        m_venue = std::make_unique<PaperExchange>(m_config, m_instrument);
        m_venue->setSink(this);
    }
    static Instrument instrumentFor(Market market)
    {
        Instrument instrument;
        instrument.symbol = Symbol(u"BTCUSDT"_s);
        instrument.market = market;
        instrument.base = u"BTC"_s;
        instrument.quote = u"USDT"_s;
        instrument.priceStep = Price::fromRaw(*rc::gen::element(0, 10'000'000, 50'000'000));
        instrument.quantityStep = Quantity::fromRaw(*rc::gen::element(0, 100'000, 10'000'000));
        instrument.minimumQuantity = Quantity::fromRaw(*rc::gen::element(0, 0, 200'000));
        instrument.minimumNotional = Money::fromInteger(*rc::gen::element(0, 0, 5));
        return instrument;
    }
    void record(EventPayload payload, Timestamp time)
    {
        BotEvent event{EventSequence(++m_facts), BotId(1), time, time, std::move(payload)};
        const auto applied = apply(m_state, event);
        m_isBeyondTheLedger = m_isBeyondTheLedger || !applied;
        RC_ASSERT((applied || (m_mayOverflow && applied.error().code == ErrorCode::Overflow)));
    }

    void orderReport(const OrderReport &report) override
    {
        const auto at = std::find_if(m_state.openOrders.begin(), m_state.openOrders.end(),
                                     [&](const Order &order) { return order.id == report.order; });
        if (at == m_state.openOrders.end()) { // a cancel that came too late is answered with what had happened
            if (report.fill)
                RC_ASSERT(m_tradeIds.count(report.fill->exchangeTradeId.value()) == 1);
            else
                RC_ASSERT(nextState(OrderState::Accepted, report.trigger)
                          == std::optional(m_all.at(report.order.sequence.value())));
            return;
        }
        Order order = *at;
        const auto next = nextState(order.state, report.trigger);
        RC_ASSERT(next.has_value());
        order.state = *next;
        m_all[order.id.sequence.value()] = *next;
        order.reason = report.reason;
        if (!report.stopPrice.isZero())
            order.stopPrice = report.stopPrice;
        if (report.trigger == OrderTrigger::Trigger)
            order.triggeredAt = report.time;
        reached(m_config.market)[toName(report.trigger).data()] += 1;
        for (const char *filter : {"lot size", "price filter", "min notional"})
            reached(m_config.market)[filter] += report.reason.startsWith(QLatin1StringView(filter)) ? 1 : 0;
        if (!report.fill) {
            record(OrderChanged{report.trigger, order}, report.time);
            return;
        }
        const Fill &fill = *report.fill;
        RC_ASSERT(m_tradeIds.insert(fill.exchangeTradeId.value()).second);
        order.filled = Quantity::fromRaw(order.filled.raw() + fill.quantity.raw());
        RC_ASSERT(report.filled == std::optional(order.filled));
        order.filledNotional =
                (order.filledNotional + notional(fill.price, fill.quantity, Rounding::HalfEven)).value().value();
        order.fills.push_back(fill.exchangeTradeId);
        recordFill(order, fill, report.time);
    }

    void recordFill(const Order &order, const Fill &fill, Timestamp time)
    {
        const auto change = applyFill(m_state.position, fill, time);
        RC_ASSERT(change.has_value());
        record(OrderFilled{order, fill, change->realised}, time);
        m_fills.push_back({order.id.sequence.value(), fill.side == Side::Buy, fill.price.raw(), fill.quantity.raw(),
                           fill.fee.raw(), fill.feeFromBought.raw(),
                           fill.feeAsset == u"BNB" ? fill.feeQuantity.raw() : 0, fill.isMaker});
        if (!fill.feeAsset.isEmpty())
            reached(m_config.market)["fee in "s + fill.feeAsset.toStdString()] += 1;
    }

    void orderUnanswered(const ClientOrderId &, const QString &) override { RC_FAIL("unanswered"); }
    void orderNotFound(const ClientOrderId &) override { }
    void reconciled(const Result<void> &) override { }
    void externalFill(const ExternalFill &fill) override
    {
        RC_ASSERT(m_tradeIds.insert(fill.fill.exchangeTradeId.value()).second);
        Order order;
        order.state = OrderState::Filled;
        order.purpose = fill.purpose;
        recordFill(order, fill.fill, fill.time);
        reached(m_config.market)["liquidation"] += 1;
    }
    void moneyMoved(const MoneyMoved &moved) override
    {
        record(moved, m_now);
        reached(m_config.market)[toName(moved.kind).data()] += 1;
        if (moved.kind == LedgerKind::Adjustment && m_config.marginType == MarginType::Isolated)
            reached(m_config.market)["adjustment, isolated"] += 1;
    }

    BotConfig m_config;
    Instrument m_instrument;
    std::unique_ptr<PaperExchange> m_venue;
    BotState m_state;
    std::map<qint64, OrderState> m_all;
    std::set<QString> m_tradeIds;
    std::vector<slowpaper::ModelFill> m_fills;
    Timestamp m_now = start;
    qint64 m_sequence = 0;
    qint64 m_facts = 0;
    bool m_mayOverflow = false;       ///< the sums of the ledger, whose owner then has to give up
    bool m_isBeyondTheLedger = false; ///< they did
};

/// The owner beside the model: both are told the same.
class Duel final : private Owner
{
public:
    explicit Duel(Market market) : Owner(market), m_model(m_config, m_instrument) { begin(); }

    void take(const Step &step)
    {
        if (step.kind < 52)
            price(step);
        else if (step.kind < 86)
            submit(step);
        else if (step.kind < 93)
            cancel(step);
        else if (step.kind < 95)
            pass(step);
        else if (step.kind < 98)
            m_venue->reportMovedStops();
        else
            restart();
        compare();
    }

private:
    /// Levels lie half a unit apart, so that prices meet them.
    static Price level(int halves) { return Price::fromRaw(halves * 50'000'000LL); }

    void price(const Step &step)
    {
        const int move = step.a % 16 == 0 ? step.b % 81 - 40 : step.b % 7 - 3;
        m_level = std::clamp(m_level + move, 20, 2'000);
        static constexpr std::array<int, 6> pauses = {1, 100, 700, 1'500, 60'000, 3 * 3'600'000};
        m_now += std::chrono::milliseconds(pauses[static_cast<std::size_t>(step.c) % pauses.size()]);
        Tick tick{m_now, level(m_level), Quantity()};
        if (step.c % 4 != 0)
            tick.quantity = Quantity::fromRaw((step.d % 5'000 + 1) * 100'000LL);
        if (step.d % 3 == 0) {
            tick.bid = Price::fromRaw(tick.price.raw() - step.a % 9 * 10'000'000LL);
            tick.ask = Price::fromRaw(tick.price.raw() + step.b % 9 * 10'000'000LL);
        }
        if (step.d % 4 == 0)
            tick.mark = Price::fromRaw(tick.price.raw() + (step.c % 11 - 5) * 12'345'678LL);
        m_seen = m_now;
        m_venue->tick(tick);
        m_model.tick(tick);
    }

    void submit(const Step &step)
    {
        Order order;
        order.id = {BotId(1), EventSequence(++m_sequence)};
        order.side = step.a % 2 == 0 ? Side::Buy : Side::Sell;
        static constexpr std::array types = {OrderType::Market,    OrderType::Market,     OrderType::Limit,
                                             OrderType::Limit,     OrderType::Limit,      OrderType::Stop,
                                             OrderType::StopLimit, OrderType::TakeProfit, OrderType::TrailingStop};
        order.type = types[static_cast<std::size_t>(step.b) % types.size()];
        const auto force = static_cast<std::size_t>(step.c) % 10;
        order.timeInForce = force == 0 ? TimeInForce::Ioc : force == 1 ? TimeInForce::Fok : TimeInForce::Gtc;
        order.reduceOnly = step.d % 3 == 0;
        order.postOnly = order.type == OrderType::Limit && order.timeInForce == TimeInForce::Gtc && step.d % 5 == 0;
        if (step.d % 4 == 0)
            order.oneCancelsOther = EventSequence(1 + step.d % 3);
        order.quantity = quantity(step);
        if (order.type == OrderType::Limit || order.type == OrderType::StopLimit)
            order.limitPrice = level(m_level + step.c % 13 - 6);
        if (order.type == OrderType::TrailingStop) {
            order.trailingPercent = Decimal::fromRaw((step.c % 100 + 1) * 7'000'000LL);
        } else if (order.type != OrderType::Market && order.type != OrderType::Limit) {
            // mostly where it does not trigger at once
            const bool above = (order.side == Side::Buy) != (order.type == OrderType::TakeProfit);
            const int distance = step.a / 2 % 12 - 1;
            order.stopPrice = level(m_level + (above ? distance : -distance));
        }
        if (step.a % 40 == 0 && order.limitPrice.isPositive()) // off the grid
            order.limitPrice = Price::fromRaw(order.limitPrice.raw() + 1);
        order.createdAt = m_now;
        order.state = OrderState::Submitted;
        record(OrderChanged{OrderTrigger::Submit, order}, m_now);
        m_all[m_sequence] = OrderState::Submitted;
        m_venue->submit(order);
        m_model.submit(order, ++m_turn);
    }

    /// A part of what the account could bear, and a little more; or of what is held.
    [[nodiscard]] Quantity quantity(const Step &step) const
    {
        const Quantity wish = anyQuantity(step);
        const Quantity grid = m_instrument.quantityStep;
        if (step.c % 8 == 0) // also on no step
            return wish;
        return std::max(grid, roundToStep(wish, grid, Rounding::Floor).value().value_or(wish));
    }

    [[nodiscard]] Quantity anyQuantity(const Step &step) const
    {
        const auto held = m_venue->account().position().quantity.raw();
        if (held > 0 && step.a % 3 == 0)
            return Quantity::fromRaw(std::max<std::int64_t>(1, held / 100 * (step.b % 130 + 1)));
        const std::int64_t most = m_config.initialBalance.raw() / level(m_level).raw() * m_config.leverage * 1'000;
        const std::int64_t part = step.b % 16 == 0 ? step.a % 1'100 : step.a % 200;
        const std::int64_t thousandths = std::max<std::int64_t>(1, most * part / 1'000);
        return Quantity::fromRaw(thousandths * 100'000 + (step.c % 3 == 0 ? step.d % 7 : 0));
    }

    void cancel(const Step &step)
    {
        if (m_state.openOrders.empty())
            return;
        Order order = m_state.openOrders[static_cast<std::size_t>(step.a) % m_state.openOrders.size()];
        if (m_config.paper.latencyMilliseconds > 0) {
            order.cancelRequested = true;
            record(OrderChanged{OrderTrigger::RequestCancel, order}, m_now);
        }
        askForEnd(order);
    }

    void pass(const Step &step)
    {
        m_now += std::chrono::minutes(step.a % 1'500);
        m_seen = m_now;
        m_venue->timePassed(m_now);
        m_model.timePassed(toMilliseconds(m_now));
    }

    /// As the engine does: what had arrived is there, what had not is sent again, and so are cancels without an answer.
    void restart()
    {
        m_venue->reportMovedStops();
        m_venue = std::make_unique<PaperExchange>(m_config, m_instrument);
        m_venue->setSink(this);
        m_venue->restore(m_state);
        m_seen = Timestamp();
        if (m_model.hasCancelsUnderWay())
            reached(m_config.market)["restart with a cancel under way"] += 1;
        m_model.restart();
        for (Order order : std::vector<Order>(m_state.openOrders)) {
            const auto number = order.id.sequence.value();
            if (order.state != OrderState::Submitted) {
                if (order.cancelRequested)
                    askForEnd(order);
            } else if (order.cancelRequested) { // never sent again
                order.state = OrderState::Cancelled;
                record(OrderChanged{OrderTrigger::Cancel, order}, m_now);
                m_all[number] = order.state;
                m_model.takeBack(number);
            } else {
                m_venue->submit(order);
                m_model.sendAgain(number, ++m_turn);
            }
        }
        reached(m_config.market)["restart"] += 1;
    }

    void askForEnd(const Order &order)
    {
        m_model.cancel(order.id.sequence.value(), toMilliseconds(std::max(m_seen, order.createdAt)), ++m_turn);
        m_venue->cancel(order);
    }

    void compare()
    {
        for (const slowpaper::ModelOrder &order : m_model.orders()) {
            const auto number = order.wish.id.sequence.value();
            RC_ASSERT(std::pair(number, m_all.at(number)) == std::pair(number, stateOf(order)));
        }
        RC_ASSERT(m_fills.size() == m_model.fills().size());
        RC_ASSERT(std::equal(m_fills.begin() + m_compared, m_fills.end(), m_model.fills().begin() + m_compared));
        m_compared = static_cast<std::ptrdiff_t>(m_fills.size());

        const slowpaper::Holding holding = m_model.holding();
        for (const Position &position : {m_venue->account().position(), m_state.position}) {
            const std::int64_t sign = position.side == PositionSide::Short ? -1 : 1;
            RC_ASSERT(sign * position.quantity.raw() == holding.quantity);
            RC_ASSERT(position.cost.raw() == holding.cost);
        }
        RC_ASSERT(m_venue->account().balance().raw() == m_model.balance());
        RC_ASSERT(m_state.balance.raw() == m_model.balance());
        RC_ASSERT(m_state.life.gross.raw() == m_model.sum(RowKind::Gross) + m_model.sum(RowKind::Insurance));
        RC_ASSERT(m_state.life.fees.raw() == -m_model.sum(RowKind::Fee) - m_model.sum(RowKind::LiquidationFee));
        RC_ASSERT(m_state.life.funding.raw() == m_model.sum(RowKind::Funding));
        if (m_config.market == Market::Spot)
            RC_ASSERT(m_state.balance >= m_state.position.cost); // nobody lends it money
        else
            RC_ASSERT(!m_state.balance.isNegative()); // and nobody owes any
    }

    static OrderState stateOf(const slowpaper::ModelOrder &order)
    {
        switch (order.standing) {
        case Standing::OnItsWay: return OrderState::Submitted;
        case Standing::Filled: return OrderState::Filled;
        case Standing::Cancelled: return OrderState::Cancelled;
        case Standing::Rejected: return OrderState::Rejected;
        case Standing::Expired: return OrderState::Expired;
        default: return order.filled > 0 ? OrderState::PartiallyFilled : OrderState::Accepted;
        }
    }

    PaperModel m_model;
    std::ptrdiff_t m_compared = 0;
    Timestamp m_seen;
    int m_level = 200;
    int m_turn = 0;
};

/// Numbers of every size, up to the limits of a decimal: nothing may wrap, and the facts still add up.
class Giant final : private Owner
{
public:
    explicit Giant(Market market) : Owner(market)
    {
        m_config.initialBalance = Money::fromRaw(*anySize());
        m_mayOverflow = true;
        begin();
    }

    void take()
    {
        if (m_isBeyondTheLedger)
            return;
        m_now += std::chrono::minutes(*rc::gen::inRange(0, 300));
        if (*rc::gen::inRange(0, 2) == 0) {
            Order order;
            order.id = {BotId(1), EventSequence(++m_sequence)};
            order.side = *rc::gen::element(Side::Buy, Side::Sell);
            order.type = *rc::gen::element(OrderType::Market, OrderType::Limit, OrderType::Stop, OrderType::StopLimit,
                                           OrderType::TakeProfit, OrderType::TrailingStop);
            order.quantity = Quantity::fromRaw(*anySize());
            order.limitPrice = Price::fromRaw(*anySize());
            order.stopPrice = Price::fromRaw(*anySize());
            order.trailingPercent = *oneOf({1, 100'000'000, 9'999'999'999});
            order.reduceOnly = *rc::gen::arbitrary<bool>();
            order.createdAt = m_now;
            order.state = OrderState::Submitted;
            record(OrderChanged{OrderTrigger::Submit, order}, m_now);
            m_all[m_sequence] = OrderState::Submitted;
            m_venue->submit(order);
        } else {
            const Tick tick{m_now, Price::fromRaw(*anySize()), Quantity::fromRaw(*anySize())};
            (void)m_venue->firstTouch(Price::fromRaw(*anySize()), tick.price);
            m_venue->tick(tick);
        }
        if (m_isBeyondTheLedger)
            return;
        RC_ASSERT(m_venue->account().balance() == m_state.balance);
        RC_ASSERT(m_venue->account().position() == m_state.position);
        if (m_config.market == Market::Spot)
            RC_ASSERT((m_state.balance >= m_state.position.cost));
    }

private:
    static rc::Gen<std::int64_t> anySize()
    {
        return rc::gen::map(
                rc::gen::pair(rc::gen::inRange<std::int64_t>(1, Money::maximum().raw()), rc::gen::inRange(0, 63)),
                [](const auto &of) { return std::max<std::int64_t>(1, of.first >> of.second); });
    }
};

bool bear(const char *name, Market market)
{
    return rc::check(name, [market] {
        Giant giant(market);
        for (int i = *rc::gen::inRange(1, 60); i > 0; --i)
            giant.take();
    });
}

bool agree(const char *name, Market market)
{
    return rc::check(name, [market] {
        for (int lives = 0; lives < 5; ++lives) {
            const auto steps = *rc::gen::scale(3.0, rc::gen::container<std::vector<Step>>(anyStep()));
            Duel duel(market);
            for (const Step &step : steps)
                duel.take(step);
        }
    });
}

} // namespace

/// The paper exchange and the ledger against an independent model: whatever is ordered and however the price goes,
/// order by order, fill by fill and to the last 1e-8.
class PaperModelTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theSpotAccountIsThatOfTheModel() { QVERIFY(agree("spot", Market::Spot)); }
    void theFuturesAccountIsThatOfTheModel() { QVERIFY(agree("futures", Market::UsdmFutures)); }
    void nothingWrapsOnTheSpotMarket() { QVERIFY(bear("spot, any size", Market::Spot)); }
    void nothingWrapsWithFutures() { QVERIFY(bear("futures, any size", Market::UsdmFutures)); }
    void theLiquidationPriceIsTheFirstThatDoesIt();
    void allOfItHappened()
    {
        const auto expect = [](Market market, std::initializer_list<const char *> all) {
            for (const char *what : all) {
                qInfo("%s, %s: %d times", toName(market).data(), what, reached(market)[what]);
                QVERIFY2(reached(market)[what] > 0, what);
            }
        };
        for (const Market market : {Market::Spot, Market::UsdmFutures}) {
            expect(market,
                   {"accept", "partial_fill", "fill", "cancel", "reject", "expire", "trigger", "amend", "restart",
                    "restart with a cancel under way", "fee in BNB", "lot size", "price filter", "min notional"});
        }
        expect(Market::Spot, {"fee in BTC"});
        expect(Market::UsdmFutures, {"funding", "liquidation", "adjustment", "adjustment, isolated"});
    }
};

void PaperModelTest::theLiquidationPriceIsTheFirstThatDoesIt()
{
    QVERIFY(rc::check("to 1e-8", [] {
        const auto amount = [](std::int64_t most) { return *rc::gen::inRange<std::int64_t>(1, most); };
        Position position;
        position.side = *rc::gen::element(PositionSide::Long, PositionSide::Short);
        position.quantity = Quantity::fromRaw(amount(*rc::gen::element<std::int64_t>(1'000, 1'000'000'000'000)));
        position.cost = Money::fromRaw(amount(*rc::gen::element<std::int64_t>(100'000, 100'000'000'000'000)));
        const Money balance = Money::fromRaw(amount(100'000'000'000'000));
        const MarginTerms terms{*rc::gen::element(MarginType::Isolated, MarginType::Cross),
                                *rc::gen::element(1, 2, 7, 20, 125), LeverageBrackets::usual()};
        const auto isLost = [&](std::int64_t mark) {
            return isLiquidatedAt(Price::fromRaw(mark), position, balance, terms);
        };
        const auto found = liquidationPrice(position, balance, terms);
        const std::int64_t away = position.side == PositionSide::Long ? 1 : -1;
        if (found) {
            RC_ASSERT(found->isPositive());
            RC_ASSERT(isLost(found->raw()));
            RC_ASSERT(!isLost(found->raw() + away));
            // and at any price beyond it
            const std::int64_t beyond = position.side == PositionSide::Long
                                                ? amount(found->raw() + 1)
                                                : found->raw() + amount(Price::maximum().raw() - found->raw());
            RC_ASSERT(isLost(std::min(beyond, Price::maximum().raw())));
        } else {
            // it is nowhere, or everywhere
            const std::int64_t first = position.side == PositionSide::Long ? 1 : Price::maximum().raw();
            const std::int64_t last = position.side == PositionSide::Long ? Price::maximum().raw() : 0;
            RC_ASSERT((!isLost(first) || isLost(last)));
        }
    }));
}

QTEST_APPLESS_MAIN(PaperModelTest)
#include "tst_papermodel.moc"
