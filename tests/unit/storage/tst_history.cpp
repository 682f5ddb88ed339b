// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/storage/sqlhistory.h"
#include "tests/support/qtestprint.h"
#include "tests/unit/storage/storagefixture.h"

#include <QTest>

using namespace tradebot;
using namespace tradebot::test;
using namespace Qt::StringLiterals;

namespace {

using Events = std::vector<std::shared_ptr<BotEvent>>;

template<class T>
QList<qint64> numbers(const std::vector<T> &rows)
{
    QList<qint64> numbers;
    for (const T &row : rows) {
        if constexpr (requires { row.sequence; })
            numbers += row.sequence.value();
        else if constexpr (std::is_same_v<T, Order>)
            numbers += row.id.sequence.value();
        else
            numbers += row.id.value();
    }
    return numbers;
}

Timestamp second(qint64 of)
{
    return fromMilliseconds(of * 1000);
}

} // namespace

/// Bot 1 and bot 2 trade in turns; one database for all tests.
class tst_History final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void factsComeInPages();
    void factsNewestFirst();
    void factsOfOneBot();
    void factsOfTypes();
    void factsWithAText_data();
    void factsWithAText();
    void factsOfATime();
    void theEndsOfTheJournal();
    void tradesComeInPages();
    void tradesOldestFirst();
    void tradesOfATime();
    void anyTradeIsFoundByItsPlace();
    void aPlaceIsFoundAmongThousandsAndWhenMoreCome();
    void ordersComeInPages();
    void openOrders();
    void ledgerPagesNeverSplitAFact();
    void theLedgerSaysWhyMoneyMovedAndInWhat();
    void limitsAreChecked();
    void botsAreRead();
    void usersAreRead();
    void pagesUseIndexes_data();
    void pagesUseIndexes();
    void aMissingDatabaseIsAnError();

private:
    TemporaryStore m_store;
    std::unique_ptr<SqlHistory> m_history;
    Events m_events;
    QList<qint64> m_trades; ///< newest first
};

void tst_History::initTestCase()
{
    FactMaker facts;
    m_events = {facts.created(BotId(1)), facts.created(BotId(2))};
    for (int i = 0; i < 20; ++i) {
        for (auto &event : facts.roundTrips(BotId(1 + i % 2), 1))
            m_events.push_back(event);
        if (i % 5 == 0)
            m_events.push_back(facts.make(BotId(1), ErrorRaised{ErrorKind::Strategy, u"100% of _nothing_ ÄÖ"_s}));
    }
    Order open;
    open.symbol = Symbol(u"BTCUSDT"_s);
    open.state = OrderState::Accepted;
    open.type = OrderType::Limit;
    open.limitPrice = valueOf(Price::parse(u"99.5"));
    open.quantity = Quantity::fromInteger(1);
    open.exchangeId = ExchangeOrderId(u"x-1"_s);
    open.acceptedAt = second(1'770'000'500);
    for (const qint64 bot : {1, 2}) {
        open.id = ClientOrderId{BotId(bot), EventSequence(facts.last().value() + 1)};
        m_events.push_back(facts.make(BotId(bot), OrderChanged{OrderTrigger::Accept, open}));
    }
    m_store.write(m_events);
    for (const auto &event : m_events) {
        if (std::holds_alternative<TradeClosed>(event->payload))
            m_trades.prepend(event->sequence.value());
    }
    QCOMPARE(m_trades.size(), 20);
    m_history = std::make_unique<SqlHistory>(m_store.path());
}

void tst_History::factsComeInPages()
{
    EventQuery query;
    query.limit = 7;
    std::vector<BotEvent> all;
    for (;;) {
        const auto page = valueOf(m_history->events(query));
        if (page.empty())
            break;
        QVERIFY(page.size() == 7 || all.size() + page.size() == m_events.size());
        all.insert(all.end(), page.begin(), page.end());
        query.after = all.back().sequence;
    }
    QCOMPARE(all.size(), m_events.size());
    for (std::size_t i = 0; i < all.size(); ++i)
        QVERIFY(all[i] == *m_events[i]);
}

void tst_History::factsNewestFirst()
{
    EventQuery query;
    query.newestFirst = true;
    query.limit = 3;
    query.before = EventSequence(10);
    QCOMPARE(numbers(valueOf(m_history->events(query))), QList<qint64>({9, 8, 7}));
    query.after = EventSequence(7);
    QCOMPARE(numbers(valueOf(m_history->events(query))), QList<qint64>({9, 8}));
    query.before = EventSequence(1);
    query.after = EventSequence();
    QVERIFY(valueOf(m_history->events(query)).empty());
}

void tst_History::factsOfOneBot()
{
    EventQuery query;
    query.bot = BotId(2);
    query.limit = 10'000;
    const auto events = valueOf(m_history->events(query));
    const auto expected =
            std::count_if(m_events.begin(), m_events.end(), [](const auto &event) { return event->bot == BotId(2); });
    QCOMPARE(std::ssize(events), expected);
    QVERIFY(std::all_of(events.begin(), events.end(), [](const BotEvent &event) { return event.bot == BotId(2); }));
    query.bot = BotId(3);
    QVERIFY(valueOf(m_history->events(query)).empty());
}

void tst_History::factsOfTypes()
{
    for (const QStringList &types : {QStringList{u"error"_s}, QStringList{u"error"_s, u"bot_created"_s},
                                     QStringList{u"error"_s, u"fill"_s}, QStringList{u"order"_s}}) {
        for (const auto &bot : {std::optional<BotId>(), std::optional(BotId(1))}) {
            EventQuery query;
            query.types = types;
            query.bot = bot;
            query.newestFirst = true;
            query.limit = 1000;
            QList<qint64> expected;
            for (const auto &event : m_events) {
                if (types.contains(typeName(event->payload)) && (!bot || event->bot == *bot))
                    expected.prepend(event->sequence.value());
            }
            QVERIFY(!expected.isEmpty());
            QCOMPARE(numbers(valueOf(m_history->events(query))), expected);
        }
    }
}

void tst_History::factsWithAText_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<int>("found");
    QTest::newRow("of a type") << u"bot_cre"_s << 2;
    QTest::newRow("in another case") << u"NOTHING"_s << 4;
    QTest::newRow("percent as it stands") << u"100%"_s << 4;
    QTest::newRow("percent is no joker") << u"100%nothing"_s << 0;
    QTest::newRow("underscore is no joker") << u"of_nothing"_s << 0;
    QTest::newRow("underscore as it stands") << u"_nothing_"_s << 4;
    QTest::newRow("no ASCII") << u"ÄÖ"_s << 4;
    QTest::newRow("backslash") << u"\\"_s << 0;
    QTest::newRow("quotes") << u"'; DROP TABLE events; --"_s << 0;
}

void tst_History::factsWithAText()
{
    QFETCH(const QString, text);
    QFETCH(const int, found);
    EventQuery query;
    query.text = text;
    QCOMPARE(static_cast<int>(valueOf(m_history->events(query)).size()), found);
}

void tst_History::factsOfATime()
{
    EventQuery query;
    query.from = m_events[4]->happened;
    query.to = m_events[6]->happened;
    QCOMPARE(numbers(valueOf(m_history->events(query))), QList<qint64>({5, 6}));
}

void tst_History::theEndsOfTheJournal()
{
    QCOMPARE(valueOf(m_history->firstSequence()), EventSequence(1));
    QCOMPARE(valueOf(m_history->lastSequence()), m_events.back()->sequence);
    const TemporaryStore empty;
    SqlHistory history(empty.path());
    QCOMPARE(valueOf(history.firstSequence()), EventSequence());
    QCOMPARE(valueOf(history.lastSequence()), EventSequence());
}

void tst_History::tradesComeInPages()
{
    for (const auto &bot : {std::optional<BotId>(), std::optional(BotId(2))}) {
        TradeQuery query;
        query.bot = bot;
        query.limit = 3;
        QList<qint64> all;
        for (;;) {
            const auto page = valueOf(m_history->trades(query));
            if (page.empty())
                break;
            all += numbers(page);
            query.before = page.back().id;
        }
        QCOMPARE(all.size(), valueOf(m_history->tradeCount(bot)));
        QVERIFY(std::is_sorted(all.rbegin(), all.rend()));
        if (!bot)
            QCOMPARE(all, m_trades);
    }
}

void tst_History::tradesOldestFirst()
{
    TradeQuery query;
    query.limit = 2;
    query.after = TradeId(m_trades.at(4));
    QCOMPARE(numbers(valueOf(m_history->trades(query))), QList<qint64>({m_trades.at(3), m_trades.at(2)}));
}

void tst_History::tradesOfATime()
{
    for (const auto &bot : {std::optional<BotId>(), std::optional(BotId(1))}) {
        TradeQuery query;
        query.bot = bot;
        const auto all = valueOf(m_history->trades(query));
        query.from = all.at(5).exitTime;
        query.to = all.at(2).exitTime;
        QCOMPARE(numbers(valueOf(m_history->trades(query))), numbers(all).mid(3, 3));
    }
}

void tst_History::anyTradeIsFoundByItsPlace()
{
    for (qsizetype place = 0; place < m_trades.size(); ++place) // m_trades begins with the newest
        QCOMPARE(valueOf(m_history->tradeAt({}, place)).value(), m_trades.at(m_trades.size() - 1 - place));
    for (const qint64 place : {-1, 20, 1000, 5000})
        QCOMPARE(m_history->tradeAt({}, place).error().code, ErrorCode::NotFound);
    TradeQuery query;
    query.bot = BotId(2);
    const auto trades = numbers(valueOf(m_history->trades(query)));
    for (qsizetype place = 0; place < trades.size(); ++place)
        QCOMPARE(valueOf(m_history->tradeAt(BotId(2), place)).value(), trades.at(trades.size() - 1 - place));
    QCOMPARE(m_history->tradeAt(BotId(2), trades.size()).error().code, ErrorCode::NotFound);
    QCOMPARE(m_history->tradeAt(BotId(3), 0).error().code, ErrorCode::NotFound);
}

void tst_History::aPlaceIsFoundAmongThousandsAndWhenMoreCome()
{
    TemporaryStore store;
    const Database database = valueOf(Database::open(store.path(), Database::Access::ReadWrite));
    QVERIFY(database.execute(u"PRAGMA foreign_keys = OFF"_s));
    const auto insert = [&](int from, int to) { // of bots 1 and 2 in turns, with the ids 3, 6, 9 …
        QVERIFY(database.execute(uR"(
            WITH RECURSIVE n(i) AS (SELECT %1 UNION ALL SELECT i + 1 FROM n WHERE i < %2)
            INSERT INTO trades SELECT i * 3, 1 + (i - 1) % 2, 'BTCUSDT', 'long', 1, i, i, 1, 1, 1, 1, 0, 1, '', 'exit',
                '', 1, 'USDT' FROM n)"_s.arg(from)
                                         .arg(to)));
    };
    insert(1, 5000);
    SqlHistory history(store.path());
    QCOMPARE(valueOf(history.tradeAt({}, 4999)).value(), 15'000);
    QCOMPARE(history.tradeAt({}, 5000).error().code, ErrorCode::NotFound);
    insert(5001, 9000);
    for (const qint64 place : {0, 1, 1023, 1024, 1025, 2047, 2048, 5000, 8191, 8192, 8999})
        QCOMPARE(valueOf(history.tradeAt({}, place)).value(), (place + 1) * 3);
    for (const qint64 place : {4499, 1024, 0})
        QCOMPARE(valueOf(history.tradeAt(BotId(2), place)).value(), (place + 1) * 6);
    QCOMPARE(history.tradeAt(BotId(2), 4500).error().code, ErrorCode::NotFound);
}

void tst_History::ordersComeInPages()
{
    OrderQuery query;
    query.bot = BotId(1);
    query.limit = 4;
    QList<qint64> all;
    for (;;) {
        const auto page = valueOf(m_history->orders(query));
        if (page.empty())
            break;
        all += numbers(page);
        query.before = page.back().id.sequence;
    }
    QCOMPARE(all.size(), 21);
    QVERIFY(std::is_sorted(all.rbegin(), all.rend()));
}

void tst_History::openOrders()
{
    OrderQuery query;
    query.openOnly = true;
    const auto all = valueOf(m_history->orders(query));
    QCOMPARE(all.size(), 2U);
    QVERIFY(all[0] == std::get<OrderChanged>(m_events.back()->payload).order);
    query.bot = BotId(1);
    QCOMPARE(valueOf(m_history->orders(query)).size(), 1U);
    query.before = EventSequence(3);
    QVERIFY(valueOf(m_history->orders(query)).empty());
}

void tst_History::ledgerPagesNeverSplitAFact()
{
    const auto all = valueOf(m_history->ledger(BotId(1), {}, 10'000));
    QVERIFY(all.size() > 25);
    for (const int limit : {1, 2, 3, 7}) {
        std::vector<LedgerEntry> paged;
        EventSequence after;
        for (;;) {
            const auto page = valueOf(m_history->ledger(BotId(1), after, limit));
            if (page.empty())
                break;
            paged.insert(paged.end(), page.begin(), page.end());
            after = page.back().sequence;
        }
        QVERIFY(paged == all);
    }
    QVERIFY(valueOf(m_history->ledger(BotId(9), {}, 10)).empty());
}

void tst_History::theLedgerSaysWhyMoneyMovedAndInWhat()
{
    TemporaryStore store;
    FactMaker facts;
    Events events = {facts.created(BotId(1))};
    MoneyMoved funding;
    funding.kind = LedgerKind::Funding;
    funding.amount = Money::fromInteger(-2);
    funding.rate = Decimal::fromRaw(10'000);
    funding.mark = Price::fromInteger(20'000);
    funding.due = second(1'770'000'000);
    events.push_back(facts.make(BotId(1), funding));
    MoneyMoved adjustment;
    adjustment.amount = Money::fromInteger(3);
    adjustment.reason = u"insurance fund"_s;
    events.push_back(facts.make(BotId(1), adjustment));
    // A fee in an asset whose price nobody knows yet is seen as such, and what it was worth comes later.
    auto filled = facts.filled(BotId(1), Side::Buy, "1", "100");
    auto &fill = std::get<OrderFilled>(filled[1]->payload).fill;
    fill.fee = Money();
    fill.feeAsset = u"BNB"_s;
    fill.feeQuantity = Decimal::fromRaw(50'000);
    events.insert(events.end(), filled.begin(), filled.end());
    MoneyMoved fee;
    fee.kind = LedgerKind::Fee;
    fee.amount = Money::fromRaw(-30'000'000);
    fee.mark = Price::fromInteger(600);
    fee.reason = u"0.0005 BNB"_s;
    events.push_back(facts.make(BotId(1), fee));
    store.write(events);

    SqlHistory history(store.path());
    const auto rows = valueOf(history.ledger(BotId(1), {}, 10));
    QCOMPARE(rows.size(), 4U);
    QCOMPARE(rows[0].mark, funding.mark);
    QCOMPARE(rows[0].due, funding.due);
    QCOMPARE(rows[0].reason, QString());
    QCOMPARE(rows[1].reason, adjustment.reason);
    QCOMPARE(rows[1].due, Timestamp());
    QCOMPARE(rows[2].kind, LedgerKind::Fee);
    QCOMPARE(rows[2].asset, u"BNB"_s);
    QVERIFY(rows[2].amount.isZero() && rows[2].assetPrice.isZero());
    QCOMPARE(rows[2].assetQuantity, fill.feeQuantity);
    QCOMPARE(rows[3].amount, fee.amount);
    QCOMPARE(rows[3].reason, fee.reason);
}

void tst_History::limitsAreChecked()
{
    for (const int limit : {0, -1, 10'001}) {
        EventQuery events;
        events.limit = limit;
        QCOMPARE(m_history->events(events).error().code, ErrorCode::InvalidInput);
        TradeQuery trades;
        trades.limit = limit;
        QCOMPARE(m_history->trades(trades).error().code, ErrorCode::InvalidInput);
        OrderQuery orders;
        orders.limit = limit;
        QCOMPARE(m_history->orders(orders).error().code, ErrorCode::InvalidInput);
        QCOMPARE(m_history->ledger(BotId(1), {}, limit).error().code, ErrorCode::InvalidInput);
    }
    for (const int points : {1, 2001}) {
        EquityQuery query;
        query.points = points;
        QCOMPARE(m_history->equity(query).error().code, ErrorCode::InvalidInput);
    }
}

void tst_History::botsAreRead()
{
    const auto bots = valueOf(m_history->bots());
    QCOMPARE(bots.size(), 2U);
    QVERIFY(bots[0].config == exampleConfig());
    QCOMPARE(bots[1].state.life.trades, 10);
}

void tst_History::usersAreRead()
{
    QCOMPARE(valueOf(m_history->user(UserId(1))).email, u"owner@localhost"_s);
    QCOMPARE(m_history->user(UserId(2)).error().code, ErrorCode::NotFound);
}

void tst_History::pagesUseIndexes_data()
{
    QTest::addColumn<QString>("sql");
    const QString events = u"SELECT data FROM events "_s;
    const QString note =
            u"type <> 'order' AND type <> 'fill' AND type <> 'trade' AND type <> 'decision' AND type <> 'protection'"_s;
    QTest::newRow("facts") << events + u"WHERE seq > 5 ORDER BY seq LIMIT 10"_s;
    QTest::newRow("facts of a bot")
            << events + u"INDEXED BY events_by_bot WHERE bot_id = 1 AND seq < 5 ORDER BY seq DESC LIMIT 10"_s;
    QTest::newRow("facts of note")
            << events + u"INDEXED BY events_of_note WHERE %1 AND seq < 5 ORDER BY seq DESC LIMIT 10"_s.arg(note);
    QTest::newRow("facts of note of a bot")
            << events
                       + u"INDEXED BY events_of_note_by_bot WHERE bot_id = 1 AND %1 AND seq < 5 ORDER BY seq DESC LIMIT 1"_s
                                 .arg(note);
    QTest::newRow("trades of a bot")
            << u"SELECT net FROM trades INDEXED BY trades_by_bot WHERE bot_id = 1 AND id < 9 AND exit_at > 5 "
               "ORDER BY id DESC LIMIT 10"_s;
    QTest::newRow("ledger") << u"SELECT amount FROM ledger WHERE bot_id = 1 AND seq > 5 ORDER BY seq, kind"_s;
    QTest::newRow("equity") << u"SELECT at, min(equity) FROM equity WHERE bot_id = 1 AND at >= 5 AND at < 9"_s;
    QTest::newRow("jump") << u"SELECT id FROM trades INDEXED BY trades_in_order ORDER BY id DESC LIMIT 1 OFFSET 5"_s;
}

void tst_History::pagesUseIndexes()
{
    QFETCH(const QString, sql);
    const Database look = m_store.look();
    Statement plan(look, u"EXPLAIN QUERY PLAN "_s + sql);
    QStringList steps;
    auto read = [&steps](Row &row) -> Result<void> {
        steps += row.text(3);
        return {};
    };
    valueOf(plan.each(read));
    const QString all = steps.join(u'\n');
    QVERIFY2(!all.contains(u"TEMP B-TREE"), qPrintable(all)); // the order comes from the index
    QVERIFY2(all.contains(u"SEARCH") || all.contains(u"COVERING INDEX") || all.contains(u"USING INDEX"),
             qPrintable(all));
}

void tst_History::aMissingDatabaseIsAnError()
{
    SqlHistory history(u"/nonexistent/tradebot.db"_s);
    QCOMPARE(history.bots().error().code, ErrorCode::NotFound);
    QCOMPARE(history.lastSequence().error().code, ErrorCode::NotFound);
    QCOMPARE(history.user(UserId(1)).error().code, ErrorCode::NotFound);
}

QTEST_GUILESS_MAIN(tst_History)
#include "tst_history.moc"
