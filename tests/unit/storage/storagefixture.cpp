// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/unit/storage/storagefixture.h"

#include "core/storage/datafolder.h"
#include "core/storage/recovery.h"
#include "core/storage/schema.h"

#include <QDir>
#include <QFile>

namespace tradebot::test {

using namespace Qt::StringLiterals;

BotConfig exampleConfig(const QString &name)
{
    BotConfig config;
    config.name = name;
    config.symbol = Symbol(u"BTCUSDT"_s);
    config.strategy = u"ema_cross"_s;
    config.strategyParameters = {{u"fast"_s, Decimal::fromInteger(12)}, {u"slow"_s, Decimal::fromInteger(26)}};
    return config;
}

std::shared_ptr<BotEvent> FactMaker::make(BotId bot, EventPayload payload)
{
    m_last = EventSequence(m_last.value() + 1);
    m_time += std::chrono::seconds(1);
    auto event = std::make_shared<BotEvent>(BotEvent{m_last, bot, m_time, {}, std::move(payload)});
    valueOf(apply(m_states[bot], *event));
    return event;
}

std::shared_ptr<BotEvent> FactMaker::created(BotId bot, const BotConfig &config)
{
    return make(bot, BotCreated{UserId(1), config});
}

std::shared_ptr<BotEvent> FactMaker::decision(BotId bot)
{
    return make(bot, DecisionMade{DecisionAction::Buy, valueOf(Price::parse(u"67250.1")), u"ema_cross_up"_s, {}});
}

std::vector<std::shared_ptr<BotEvent>> FactMaker::filled(BotId bot, Side side, const char *quantity, const char *price)
{
    std::vector<std::shared_ptr<BotEvent>> events;
    Order order;
    order.id = ClientOrderId{bot, EventSequence(m_last.value() + 1)};
    order.symbol = Symbol(u"BTCUSDT"_s);
    order.side = side;
    order.purpose = m_states[bot].position.isOpen() ? OrderPurpose::Exit : OrderPurpose::Entry;
    order.state = OrderState::Submitted;
    order.quantity = valueOf(Quantity::parse(QByteArrayView(quantity)));
    order.tag = u"ema_cross"_s;
    order.createdAt = m_time;
    events.push_back(make(bot, OrderChanged{OrderTrigger::Submit, order}));

    Fill fill;
    fill.order = order.id;
    fill.exchangeTradeId = ExchangeTradeId(u"paper-%1"_s.arg(order.id.sequence.value()));
    fill.side = side;
    fill.price = valueOf(Price::parse(QByteArrayView(price)));
    fill.quantity = order.quantity;
    fill.feeRate = Decimal::fromRaw(100'000);
    const Money worth = *notional(fill.price, fill.quantity, Rounding::HalfEven).value();
    fill.fee = *scaled(worth, fill.feeRate, Rounding::AwayFromZero).value();
    order.state = OrderState::Filled;
    order.filled = order.quantity;
    order.filledNotional = worth;
    const OpenTrade before = m_states[bot].openTrade;
    const PositionSide direction = m_states[bot].position.side;
    const auto change = valueOf(applyFill(m_states[bot].position, fill, m_time));
    events.push_back(make(bot, OrderFilled{order, fill, change.realised}));
    if (change.closed.isZero() || change.position.isOpen())
        return events;

    Trade trade;
    trade.id = TradeId(m_last.value() + 1);
    trade.bot = bot;
    trade.symbol = order.symbol;
    trade.side = direction;
    trade.quantity = before.entered;
    trade.entryTime = before.entryTime;
    trade.exitTime = m_time;
    trade.entryPrice = *averagePrice(before.entryNotional, before.entered, Rounding::HalfEven).value();
    trade.exitPrice = fill.price;
    trade.gross = m_states[bot].openTrade.gross;
    trade.fees = m_states[bot].openTrade.fees;
    trade.entryTag = before.entryTag;
    trade.exitTag = u"ema_cross_down"_s;
    trade.currency = u"USDT"_s;
    events.push_back(make(bot, TradeClosed{trade}));
    return events;
}

std::vector<std::shared_ptr<BotEvent>> FactMaker::roundTrips(BotId bot, int count)
{
    std::vector<std::shared_ptr<BotEvent>> events;
    for (int i = 0; i < count; ++i) {
        const QByteArray exit = QByteArray::number(100 + (i * 7) % 13 - 6) + ".12345678";
        for (auto &half : {filled(bot, Side::Buy, "1.5", "100"), filled(bot, Side::Sell, "1.5", exit.constData())})
            events.insert(events.end(), half.begin(), half.end());
    }
    return events;
}

QByteArray contentOf(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

void putContent(const QString &path, const QByteArray &content)
{
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(content) != content.size())
        qFatal("%s cannot be written", qPrintable(path));
}

TemporaryStore::TemporaryStore()
{
    QDir().mkpath(dataDir());
    static_cast<void>(valueOf(openMigrated(path())));
}

QString TemporaryStore::path() const
{
    return databasePath(dataDir());
}

Database TemporaryStore::look() const
{
    return valueOf(openReadOnly(path()));
}

void TemporaryStore::write(std::vector<std::shared_ptr<BotEvent>> events, std::vector<EquitySample> equity)
{
    const Database database = valueOf(Database::open(path(), Database::Access::ReadWrite));
    JournalWriter writer(database, clock, valueOf(recover(database)));
    const std::vector<JournalBatch> batches{JournalBatch{std::move(events), std::move(equity)}};
    static_cast<void>(valueOf(writer.write(batches)));
}

} // namespace tradebot::test
