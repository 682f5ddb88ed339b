// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/fakebackend.h"

#include <algorithm>
#include <set>
#include <stdexcept>
#include <type_traits>

namespace tradebot {

using namespace Qt::StringLiterals;

/// Collects what a follower has not taken yet, so that a slow one gets all facts and the newest views.
struct FakeBackend::Follower
{
    QPointer<QObject> context;
    std::function<void(const FeedUpdate &)> callback;
    std::shared_ptr<FakeStore> store;
    // Guarded by the store's mutex.
    std::vector<std::shared_ptr<const BotEvent>> events;
    std::set<BotId> changed;
    SystemView system;
    bool queued = false;

    static void wake(const std::shared_ptr<Follower> &self)
    {
        if (self->queued || self->context.isNull())
            return;
        self->queued = true;
        QMetaObject::invokeMethod(
                self->context.data(),
                [weak = std::weak_ptr(self)] {
                    if (const auto follower = weak.lock())
                        follower->deliver();
                },
                Qt::QueuedConnection);
    }

    void deliver()
    {
        FeedUpdate update;
        {
            const std::lock_guard lock(store->mutex);
            queued = false;
            update.events = std::exchange(events, {});
            for (const BotId id : std::exchange(changed, {}))
                update.bots.push_back(std::make_shared<const BotSnapshot>(store->bots.at(id)));
            update.system = system;
        }
        callback(update);
    }
};

struct FakeBackend::CandleFollower
{
    BotId bot;
    Timeframe timeframe = Timeframe::M1;
    QPointer<QObject> context;
    std::function<void(const CandleUpdate &)> callback;

    static void send(const std::shared_ptr<CandleFollower> &self, CandleUpdate update)
    {
        if (self->context.isNull())
            return;
        QMetaObject::invokeMethod(
                self->context.data(),
                [weak = std::weak_ptr(self), update = std::move(update)] {
                    if (const auto follower = weak.lock())
                        follower->callback(update);
                },
                Qt::QueuedConnection);
    }
};

FakeBackend::FakeBackend(const Clock &clock) : m_clock(clock), m_store(std::make_shared<FakeStore>())
{
    m_store->users.push_back(User{UserId(1), u"owner@localhost"_s, Role::Owner, UserId(1), 1});
    m_system.marketData = u"fake"_s;
    m_system.marketDataOk = true;
    m_system.engineTime = clock.now();
}

FakeBackend::~FakeBackend() = default;

std::unique_ptr<HistoryReader> FakeBackend::makeReader() const
{
    return std::make_unique<FakeHistoryReader>(m_store);
}

// ---- The way out

FeedHandle FakeBackend::follow(QObject *context, std::function<void(const FeedUpdate &)> callback)
{
    auto follower = std::make_shared<Follower>();
    follower->context = context;
    follower->callback = std::move(callback);
    follower->store = m_store;
    const std::lock_guard lock(m_store->mutex);
    for (const auto &[id, bot] : m_store->bots) {
        if (!bot.deleted)
            follower->changed.insert(id);
    }
    follower->system = m_system;
    m_followers.push_back(follower);
    Follower::wake(follower);
    return follower;
}

FeedHandle FakeBackend::followCandles(BotId bot, Timeframe timeframe, int limit, QObject *context,
                                      std::function<void(const CandleUpdate &)> callback)
{
    auto follower = std::make_shared<CandleFollower>();
    follower->bot = bot;
    follower->timeframe = timeframe;
    follower->context = context;
    follower->callback = std::move(callback);
    const std::lock_guard lock(m_store->mutex);
    CandleUpdate update;
    update.reset = true;
    const auto &candles = m_store->candles[{bot, timeframe}];
    const auto wanted = std::min(candles.size(), static_cast<std::size_t>(limit));
    update.closed.assign(candles.end() - static_cast<std::ptrdiff_t>(wanted), candles.end());
    if (const auto live = m_store->liveCandles.find({bot, timeframe}); live != m_store->liveCandles.end())
        update.live = live->second;
    m_candleFollowers.push_back(follower);
    CandleFollower::send(follower, std::move(update));
    return follower;
}

void FakeBackend::requestCandles(CandleQuery query, QObject *context,
                                 std::function<void(const Result<std::vector<Candle>> &)> callback)
{
    const std::lock_guard lock(m_store->mutex);
    Result<std::vector<Candle>> result;
    if (const auto found = find(query.bot); !found) {
        result = fail(found.error());
    } else {
        for (const auto &candle : m_store->candles[{query.bot, query.timeframe}]) {
            if (!query.before || candle.openTime < *query.before)
                result->push_back(candle);
        }
        const auto surplus = static_cast<std::ptrdiff_t>(result->size()) - query.limit;
        if (surplus > 0)
            result->erase(result->begin(), result->begin() + surplus);
    }
    QMetaObject::invokeMethod(
            context, [result, callback = std::move(callback)] { callback(result); }, Qt::QueuedConnection);
}

void FakeBackend::post(QObject *context, Job job)
{
    FakeHistoryReader reader(m_store);
    QMetaObject::invokeMethod(context, job(reader), Qt::QueuedConnection);
}

void FakeBackend::changed(BotId bot)
{
    if (std::find(m_changed.begin(), m_changed.end(), bot) == m_changed.end())
        m_changed.push_back(bot);
}

void FakeBackend::publish()
{
    std::erase_if(m_followers, [](const auto &follower) { return follower.expired(); });
    for (const auto &weak : m_followers) {
        const auto follower = weak.lock();
        if (!follower)
            continue;
        follower->events.insert(follower->events.end(), m_newEvents.begin(), m_newEvents.end());
        follower->changed.insert(m_changed.begin(), m_changed.end());
        follower->system = m_system;
        Follower::wake(follower);
    }
    m_newEvents.clear();
    m_changed.clear();
}

void FakeBackend::publishCandles(BotId bot, Timeframe timeframe, const CandleUpdate &update)
{
    std::erase_if(m_candleFollowers, [](const auto &follower) { return follower.expired(); });
    for (const auto &weak : m_candleFollowers) {
        if (const auto follower = weak.lock(); follower && follower->bot == bot && follower->timeframe == timeframe)
            CandleFollower::send(follower, update);
    }
}

// ---- What happens

BotId FakeBackend::insertBot(const BotConfig &config, UserId owner)
{
    const BotId id(++m_lastBotId);
    BotSnapshot bot;
    bot.id = id;
    bot.owner = owner;
    bot.config = std::make_shared<const BotConfig>(config);
    bot.createdAt = bot.configuredAt = m_clock.now();
    const auto [base, quote] = splitSymbol(config.symbol);
    bot.instrument.symbol = config.symbol;
    bot.instrument.market = config.market;
    bot.instrument.base = base;
    bot.instrument.quote = quote;
    bot.instrument.priceStep = Price::fromRaw(1'000'000);    // 0.01
    bot.instrument.quantityStep = Quantity::fromRaw(10'000); // 0.0001
    bot.peakEquity = config.initialBalance;
    m_store->bots.emplace(id, std::move(bot));
    record(id, BotCreated{owner, config});
    return id;
}

EventSequence FakeBackend::record(BotId id, EventPayload payload)
{
    auto event = std::make_shared<BotEvent>();
    event->sequence = EventSequence(static_cast<qint64>(m_store->journal.size()) + 1);
    event->bot = id;
    event->happened = event->recorded = m_clock.now();
    event->payload = std::move(payload);

    auto &bot = m_store->bots.at(id);
    if (const auto applied = apply(bot.state, *event); !applied)
        throw std::logic_error(applied.error().text.toStdString()); // the test asked for what cannot be
    bot.lastUpdatedAt = event->recorded;
    if (const auto *configured = std::get_if<BotConfigured>(&event->payload)) {
        bot.config = std::make_shared<const BotConfig>(configured->config);
        bot.configVersion = configured->version;
        bot.configuredAt = event->happened;
    } else if (std::holds_alternative<BotDeleted>(event->payload)) {
        bot.deleted = true;
    } else if (const auto *order = std::get_if<OrderChanged>(&event->payload)) {
        m_store->orders[order->order.id.sequence] = order->order;
    } else if (const auto *filled = std::get_if<OrderFilled>(&event->payload)) {
        m_store->orders[filled->order.id.sequence] = filled->order;
        const QString &currency = bot.instrument.quote;
        m_store->ledger.push_back(
                {event->sequence, id, event->happened, LedgerKind::Fill, filled->realised, currency, Decimal()});
        m_store->ledger.push_back({event->sequence, id, event->happened, LedgerKind::Fee, -filled->fill.fee, currency,
                                   filled->fill.feeRate});
    } else if (const auto *closed = std::get_if<TradeClosed>(&event->payload)) {
        m_store->trades.push_back(closed->trade);
    } else if (const auto *protection = std::get_if<ProtectionChanged>(&event->payload)) {
        bot.protection = protection->protection;
    }
    if (bot.markPrice)
        mark(bot, *bot.markPrice);
    else if (!bot.state.position.isOpen())
        bot.equity = bot.state.balance;
    m_system.committed = event->sequence;
    m_store->journal.push_back(event);
    m_newEvents.push_back(event);
    changed(id);
    return event->sequence;
}

void FakeBackend::mark(BotSnapshot &bot, Price price) const
{
    bot.markPrice = price;
    bot.unrealised = bot.state.position.unrealised(price).value();
    bot.equity = bot.unrealised ? (bot.state.balance + *bot.unrealised).value() : std::nullopt;
    if (bot.equity)
        bot.peakEquity = std::max(bot.peakEquity, *bot.equity);
}

void FakeBackend::changeStatus(BotSnapshot &bot, BotStatus status, ErrorKind kind, const QString &message)
{
    if (bot.state.status != status || bot.state.errorKind != kind)
        record(bot.id, StatusChanged{bot.state.status, status, kind, message});
}

void FakeBackend::fillOrder(BotSnapshot &bot, Side side, Quantity quantity, Price price, OrderPurpose purpose,
                            const QString &tag)
{
    const auto sequence = EventSequence(static_cast<qint64>(m_store->journal.size()) + 1);
    Order order;
    order.id = ClientOrderId{bot.id, sequence};
    order.symbol = bot.config->symbol;
    order.side = side;
    order.purpose = purpose;
    order.quantity = quantity;
    order.tag = tag;
    order.createdAt = m_clock.now();
    order.state = OrderState::Submitted;
    record(bot.id, OrderChanged{OrderTrigger::Submit, order});

    Fill fill;
    fill.order = order.id;
    fill.exchangeTradeId = ExchangeTradeId(u"fake-%1"_s.arg(sequence.value()));
    fill.side = side;
    fill.price = price;
    fill.quantity = quantity;
    fill.feeRate = bot.config->fees.taker;
    const Money value = notional(price, quantity, Rounding::HalfEven).value().value();
    fill.fee = scaled(value, fill.feeRate, Rounding::AwayFromZero).value().value();
    const auto change = applyFill(bot.state.position, fill, m_clock.now());
    if (!change)
        throw std::logic_error(change.error().text.toStdString());
    order.state = OrderState::Filled;
    order.filled = quantity;
    order.filledNotional = value;
    order.acceptedAt = m_clock.now();
    order.exchangeId = ExchangeOrderId(u"fake-%1"_s.arg(sequence.value()));

    const OpenTrade open = bot.state.openTrade;
    const Position before = bot.state.position;
    record(bot.id, OrderFilled{order, fill, change->realised});
    if (!before.isOpen() || change->position.isOpen())
        return;
    Trade trade;
    trade.id = TradeId(static_cast<qint64>(m_store->journal.size()) + 1);
    trade.bot = bot.id;
    trade.symbol = bot.config->symbol;
    trade.side = before.side;
    trade.quantity = open.entered;
    trade.entryTime = open.entryTime;
    trade.exitTime = m_clock.now();
    trade.entryPrice = averagePrice(open.entryNotional, open.entered, Rounding::HalfEven).value().value_or(Price());
    trade.exitPrice =
            averagePrice((open.exitNotional + change->closedNotional).value().value(), open.entered, Rounding::HalfEven)
                    .value()
                    .value_or(Price());
    trade.gross = (open.gross + change->realised).value().value();
    trade.fees = (open.fees + fill.fee).value().value();
    trade.funding = open.funding;
    trade.entryTag = open.entryTag;
    trade.exitReason = purpose;
    trade.exitTag = tag;
    trade.configVersion = open.configVersion;
    trade.currency = bot.instrument.quote;
    record(bot.id, TradeClosed{trade});
}

BotId FakeBackend::addBot(BotConfig config, UserId owner)
{
    const std::lock_guard lock(m_store->mutex);
    const BotId id = insertBot(config, owner);
    publish();
    return id;
}

EventSequence FakeBackend::emitFact(BotId bot, EventPayload payload)
{
    const std::lock_guard lock(m_store->mutex);
    const EventSequence sequence = record(bot, std::move(payload));
    publish();
    return sequence;
}

void FakeBackend::setStatus(BotId bot, BotStatus status, ErrorKind kind, const QString &message)
{
    const std::lock_guard lock(m_store->mutex);
    changeStatus(m_store->bots.at(bot), status, kind, message);
    publish();
}

void FakeBackend::setHealth(BotId bot, Health health, HealthReason reason, const QString &message)
{
    emitFact(bot, HealthChanged{health, reason, message});
}

void FakeBackend::setMarkPrice(BotId id, Price price)
{
    const std::lock_guard lock(m_store->mutex);
    auto &bot = m_store->bots.at(id);
    mark(bot, price);
    bot.priceTime = bot.priceReceivedAt = m_clock.now();
    m_system.newestPriceReceivedAt = m_clock.now();
    m_system.engineTime = m_clock.now();
    ++m_system.ticks;
    changed(id);
    publish();
}

void FakeBackend::fill(BotId id, Side side, Quantity quantity, Price price, const QString &tag)
{
    const std::lock_guard lock(m_store->mutex);
    auto &bot = m_store->bots.at(id);
    const auto &position = bot.state.position;
    const bool enters = !position.isOpen() || entrySide(position.side) == side;
    fillOrder(bot, side, quantity, price, enters ? OrderPurpose::Entry : OrderPurpose::Exit, tag);
    publish();
}

void FakeBackend::edit(BotId bot, const std::function<void(BotSnapshot &)> &change)
{
    const std::lock_guard lock(m_store->mutex);
    change(m_store->bots.at(bot));
    changed(bot);
    publish();
}

void FakeBackend::setSystem(const SystemView &system)
{
    const std::lock_guard lock(m_store->mutex);
    const EventSequence committed = m_system.committed;
    m_system = system;
    m_system.committed = committed;
    publish();
}

void FakeBackend::heartbeat()
{
    const std::lock_guard lock(m_store->mutex);
    publish();
}

void FakeBackend::addTrades(std::vector<Trade> trades)
{
    const std::lock_guard lock(m_store->mutex);
    m_store->trades.insert(m_store->trades.end(), trades.begin(), trades.end());
}

void FakeBackend::addEquity(BotId bot, std::vector<EquityPoint> points)
{
    const std::lock_guard lock(m_store->mutex);
    auto &all = m_store->equity[bot];
    all.insert(all.end(), points.begin(), points.end());
}

void FakeBackend::addUser(const User &user)
{
    const std::lock_guard lock(m_store->mutex);
    m_store->users.push_back(user);
}

void FakeBackend::setCandles(BotId bot, Timeframe timeframe, std::vector<Candle> candles)
{
    const std::lock_guard lock(m_store->mutex);
    CandleUpdate update;
    update.reset = true;
    update.closed = candles;
    m_store->candles[{bot, timeframe}] = std::move(candles);
    publishCandles(bot, timeframe, update);
}

void FakeBackend::closeCandle(BotId bot, Timeframe timeframe, const Candle &candle)
{
    const std::lock_guard lock(m_store->mutex);
    CandleUpdate update;
    update.closed = {candle};
    m_store->candles[{bot, timeframe}].push_back(candle);
    m_store->liveCandles.erase({bot, timeframe});
    publishCandles(bot, timeframe, update);
}

void FakeBackend::setLiveCandle(BotId bot, Timeframe timeframe, const Candle &candle)
{
    const std::lock_guard lock(m_store->mutex);
    CandleUpdate update;
    update.live = candle;
    m_store->liveCandles[{bot, timeframe}] = candle;
    publishCandles(bot, timeframe, update);
}

BotSnapshot FakeBackend::bot(BotId id) const
{
    const std::lock_guard lock(m_store->mutex);
    return m_store->bots.at(id);
}

std::vector<std::shared_ptr<const BotEvent>> FakeBackend::journal() const
{
    const std::lock_guard lock(m_store->mutex);
    return m_store->journal;
}

} // namespace tradebot
