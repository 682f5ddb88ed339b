// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/domain/configjson.h"
#include "core/domain/statejson.h"
#include "core/storage/recovery.h"
#include "core/storage/rows.h"
#include "tests/support/qtestprint.h"
#include "tests/unit/storage/storagefixture.h"

#include <QTest>

using namespace tradebot;
using namespace tradebot::test;
using namespace Qt::StringLiterals;

namespace {

using Events = std::vector<std::shared_ptr<BotEvent>>;

Events joined(std::initializer_list<Events> parts)
{
    Events all;
    for (const Events &part : parts)
        all.insert(all.end(), part.begin(), part.end());
    return all;
}

JournalBatch batchOf(Events events)
{
    return JournalBatch{std::move(events), {}};
}

} // namespace

class tst_JournalWriter final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void factsReadBackAsTheyWere();
    void recordedIsTheStoresClock();
    void whatIsRecoveredEqualsTheFold();
    void theColumnsOfTheStateSayWhatTheFoldSays();
    void balanceIsInitialBalancePlusLedger();
    void ordersFillsAndTradesAreProjected();
    void aRepeatedFillMovesNoMoney();
    void theSameTradeNumberOfAnotherOrderIsAnotherFill();
    void everyConfigurationIsKept();
    void aDeletedBotIsKeptButNotRecovered();
    void aGapIsRefused_data();
    void aGapIsRefused();
    void aFactAboutNoBotIsRefused();
    void aFullDiskLosesNothingThatWasCommitted();
    void lastUpdatedAtFollowsTheJournalByItself();
    void theHighestEquityIsRecovered();
    void anEquitySampleOfTheSameMomentReplacesTheFirst();
    void textsOfAnyKindSurvive();
};

void tst_JournalWriter::factsReadBackAsTheyWere()
{
    TemporaryStore store;
    FactMaker facts;
    const Events events = joined({{facts.created(BotId(1)), facts.decision(BotId(1))},
                                  facts.filled(BotId(1), Side::Buy, "0.5", "67250.10000001"),
                                  {facts.make(BotId(1), StatusChanged{BotStatus::Running, BotStatus::Error,
                                                                      ErrorKind::Strategy, u"\"no\" data, <b>"_s})}});
    store.write(events);
    const Database database = store.look();
    Statement all(database, u"SELECT %1 FROM events ORDER BY seq"_s.arg(QLatin1StringView(eventColumns)));
    const auto read = valueOf(all.all<BotEvent>(readEvent));
    QCOMPARE(read.size(), events.size());
    for (std::size_t i = 0; i < read.size(); ++i)
        QVERIFY2(read[i] == *events[i], qPrintable(describe(read[i].payload)));
}

void tst_JournalWriter::recordedIsTheStoresClock()
{
    TemporaryStore store;
    store.clock.set(fromMilliseconds(1'790'000'000'123));
    FactMaker facts;
    const Events events{facts.created(BotId(1)), facts.decision(BotId(1))};
    store.write(events);
    QCOMPARE(events[0]->recorded, store.clock.now());
    QCOMPARE(valueOf(store.look().integer(u"SELECT recorded_at FROM events WHERE seq = 2"_s)), 1'790'000'000'123);
}

void tst_JournalWriter::whatIsRecoveredEqualsTheFold()
{
    TemporaryStore store;
    FactMaker facts;
    store.write({facts.created(BotId(1)), facts.created(BotId(2), exampleConfig(u"ETH"_s))});
    for (int i = 0; i < 5; ++i) { // each time through a new writer, which goes on where the last one ended
        store.write(facts.roundTrips(BotId(1), 3));
        store.write(facts.filled(BotId(2), Side::Sell, "2", "3000.5"));
    }
    const Recovered recovered = valueOf(recover(store.look()));
    QCOMPARE(recovered.last, facts.last());
    QCOMPARE(recovered.lastBotId, 2);
    QCOMPARE(recovered.bots.size(), 2U);
    for (const BotRecord &bot : recovered.bots) {
        QCOMPARE(toJson(bot.state), toJson(facts.state(bot.id)));
        QCOMPARE(bot.lastUpdatedAt, store.clock.now());
        QCOMPARE(bot.peakEquity, bot.config.initialBalance);
        QCOMPARE(bot.owner, UserId(1));
    }
    QVERIFY(recovered.bots[0].config == exampleConfig());
    QCOMPARE(recovered.bots[1].config.name, u"ETH"_s);
    QVERIFY(recovered.bots[1].state.position.isOpen());
    QVERIFY(recovered.lastHappened > Timestamp());
}

void tst_JournalWriter::theColumnsOfTheStateSayWhatTheFoldSays()
{
    TemporaryStore store;
    FactMaker facts;
    Protection protection;
    protection.stopLoss = valueOf(Price::parse(u"95.5"));
    store.write(joined({{facts.created(BotId(1))},
                        facts.filled(BotId(1), Side::Buy, "2", "100.25"),
                        {facts.make(BotId(1), ProtectionChanged{protection, u"entry"_s}),
                         facts.make(BotId(1), StatusChanged{BotStatus::Running, BotStatus::Error, ErrorKind::PriceFetch,
                                                            u"no answer"_s}),
                         facts.make(BotId(1), ErrorRaised{ErrorKind::PriceFetch, u"no answer"_s})}}));
    const Database database = store.look();
    const auto text = [&database](const QString &column) {
        return valueOf(database.texts(u"SELECT %1 FROM bot_states"_s.arg(column))).value(0);
    };
    QCOMPARE(text(u"status"_s), u"error (price fetch)"_s);
    QCOMPARE(text(u"error_kind"_s), u"price fetch"_s);
    QCOMPARE(text(u"last_error_message"_s), u"no answer"_s);
    QCOMPARE(text(u"in_position"_s), u"1"_s);
    QCOMPARE(text(u"position_side"_s), u"long"_s);
    QCOMPARE(text(u"entry_price"_s), u"10025000000"_s);
    QCOMPARE(text(u"current_position_size_coins"_s), u"200000000"_s);
    QCOMPARE(text(u"stop_loss_price"_s), u"9550000000"_s);
    QCOMPARE(text(u"take_profit_price IS NULL"_s), u"1"_s);
    QCOMPARE(text(u"daily_pnl"_s), QString::number(facts.state(BotId(1)).today.net().raw()));
    QCOMPARE(text(u"daily_trades_count"_s), u"1"_s);
    QCOMPARE(text(u"currency"_s), u"USDT"_s);
    QCOMPARE(text(u"last_sequence"_s), QString::number(facts.last().value()));
}

void tst_JournalWriter::balanceIsInitialBalancePlusLedger()
{
    TemporaryStore store;
    FactMaker facts;
    store.write(joined({{facts.created(BotId(1))}, facts.roundTrips(BotId(1), 50)}));
    const Database database = store.look();
    const qint64 ledger = valueOf(database.integer(u"SELECT sum(amount) FROM ledger WHERE bot_id = 1"_s));
    QVERIFY(ledger != 0);
    QCOMPARE(exampleConfig().initialBalance.raw() + ledger, facts.state(BotId(1)).balance.raw());
    QCOMPARE(valueOf(database.integer(u"SELECT sum(net) FROM trades"_s)), ledger);
    QCOMPARE(valueOf(database.integer(u"SELECT count(*) FROM ledger WHERE kind = 'fee' AND rate = 100000"_s)), 100);
    QCOMPARE(valueOf(database.integer(u"SELECT count(*) FROM ledger WHERE amount = 0"_s)), 0);
}

void tst_JournalWriter::ordersFillsAndTradesAreProjected()
{
    TemporaryStore store;
    FactMaker facts;
    const Events events = joined({{facts.created(BotId(1))},
                                  facts.filled(BotId(1), Side::Buy, "0.5", "67250.1"),
                                  facts.filled(BotId(1), Side::Sell, "0.5", "67300.2")});
    store.write(events);
    const Database database = store.look();
    Statement orders(database, u"SELECT %1 FROM orders ORDER BY seq"_s.arg(QLatin1StringView(orderColumns)));
    const auto read = valueOf(orders.all<Order>(readOrder));
    QCOMPARE(read.size(), 2U);
    QVERIFY(read[0] == std::get<OrderFilled>(events[2]->payload).order);
    QVERIFY(read[1] == std::get<OrderFilled>(events[4]->payload).order);
    Statement trades(database, u"SELECT %1 FROM trades"_s.arg(QLatin1StringView(tradeColumns)));
    const auto trade = valueOf(trades.all<Trade>(readTrade));
    QCOMPARE(trade.size(), 1U);
    QVERIFY(trade[0] == std::get<TradeClosed>(events[5]->payload).trade);
    QCOMPARE(valueOf(database.integer(u"SELECT count(*) FROM fills"_s)), 2);
    QCOMPARE(valueOf(database.integer(u"SELECT count(*) FROM orders WHERE is_open = 1"_s)), 0);
}

void tst_JournalWriter::aRepeatedFillMovesNoMoney()
{
    TemporaryStore store;
    FactMaker facts;
    const Events events = joined({{facts.created(BotId(1))}, facts.filled(BotId(1), Side::Buy, "1", "100")});
    store.write(events);
    const BotState before = valueOf(recover(store.look())).bots[0].state;
    auto again = std::make_shared<BotEvent>(*events[2]);
    again->sequence = EventSequence(4);
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression(u"repeats a fill"_s));
    store.write({again});
    BotState after = valueOf(recover(store.look())).bots[0].state;
    QCOMPARE(after.lastSequence, EventSequence(4)); // the fact is kept …
    after.lastSequence = before.lastSequence;
    QVERIFY(after == before); // … and changes nothing
    QCOMPARE(valueOf(store.look().integer(u"SELECT count(*) FROM fills"_s)), 1);
    QCOMPARE(valueOf(store.look().integer(u"SELECT count(*) FROM ledger"_s)), 1);
}

void tst_JournalWriter::theSameTradeNumberOfAnotherOrderIsAnotherFill()
{
    TemporaryStore store;
    FactMaker facts;
    Events events = joined({{facts.created(BotId(1))},
                            facts.filled(BotId(1), Side::Buy, "1", "100"),
                            facts.filled(BotId(1), Side::Buy, "1", "100")});
    std::get<OrderFilled>(events[4]->payload).fill.exchangeTradeId =
            std::get<OrderFilled>(events[2]->payload).fill.exchangeTradeId;
    store.write(events);
    QCOMPARE(valueOf(store.look().integer(u"SELECT count(*) FROM fills"_s)), 2);
}

void tst_JournalWriter::everyConfigurationIsKept()
{
    TemporaryStore store;
    FactMaker facts;
    BotConfig second = exampleConfig(u"renamed"_s);
    second.symbol = Symbol(u"ETHEUR"_s);
    store.write({facts.created(BotId(1)), facts.make(BotId(1), BotConfigured{2, second})});
    const BotRecord bot = valueOf(recover(store.look())).bots.at(0);
    QCOMPARE(bot.configVersion, 2);
    QVERIFY(bot.config == second);
    QCOMPARE(bot.state.configVersion, 2);
    QVERIFY(bot.configuredAt > bot.createdAt);
    const Database database = store.look();
    QCOMPARE(valueOf(database.texts(u"SELECT config FROM bot_configs WHERE version = 1"_s)),
             QStringList{QString::fromUtf8(toJson(exampleConfig()))});
    QCOMPARE(valueOf(database.texts(u"SELECT name || symbol FROM bots"_s)), QStringList{u"renamedETHEUR"_s});
    QCOMPARE(valueOf(database.texts(u"SELECT currency FROM bot_states"_s)), QStringList{u"EUR"_s});
}

void tst_JournalWriter::aDeletedBotIsKeptButNotRecovered()
{
    TemporaryStore store;
    FactMaker facts;
    store.write({facts.created(BotId(1)), facts.created(BotId(2)), facts.make(BotId(2), BotDeleted())});
    const Recovered recovered = valueOf(recover(store.look()));
    QCOMPARE(recovered.bots.size(), 1U);
    QCOMPARE(recovered.lastBotId, 2); // its number is never given again
    QCOMPARE(valueOf(store.look().integer(u"SELECT count(*) FROM bots WHERE deleted_at IS NOT NULL"_s)), 1);
}

void tst_JournalWriter::aGapIsRefused_data()
{
    QTest::addColumn<qint64>("sequence");
    QTest::newRow("a number is missing") << qint64(4);
    QTest::newRow("a number comes twice") << qint64(2);
    QTest::newRow("a number goes back") << qint64(1);
    QTest::newRow("no number") << qint64(0);
}

void tst_JournalWriter::aGapIsRefused()
{
    QFETCH(const qint64, sequence);
    TemporaryStore store;
    FactMaker facts;
    store.write({facts.created(BotId(1)), facts.decision(BotId(1))});
    const Database database = valueOf(Database::open(store.path(), Database::Access::ReadWrite));
    JournalWriter writer(database, store.clock, valueOf(recover(database)));
    auto event = facts.decision(BotId(1));
    event->sequence = EventSequence(sequence);
    const std::vector<JournalBatch> batches{batchOf({event})};
    const auto done = writer.write(batches);
    QVERIFY(!done);
    QVERIFY2(done.error().text.contains(u"does not follow fact 2"), qPrintable(done.error().text));
    QCOMPARE(valueOf(store.look().integer(u"SELECT count(*) FROM events"_s)), 2);
}

void tst_JournalWriter::aFactAboutNoBotIsRefused()
{
    TemporaryStore store;
    FactMaker facts;
    const Database database = valueOf(Database::open(store.path(), Database::Access::ReadWrite));
    JournalWriter writer(database, store.clock, valueOf(recover(database)));
    const std::vector<JournalBatch> batches{batchOf({facts.created(BotId(1)), facts.decision(BotId(7))})};
    const auto done = writer.write(batches);
    QVERIFY(!done);
    QVERIFY2(done.error().text.contains(u"bot 7, which there is not"), qPrintable(done.error().text));
    QCOMPARE(valueOf(store.look().integer(u"SELECT count(*) FROM events"_s)), 0);
    QCOMPARE(valueOf(store.look().integer(u"SELECT count(*) FROM bots"_s)), 0);
}

void tst_JournalWriter::aFullDiskLosesNothingThatWasCommitted()
{
    TemporaryStore store;
    FactMaker facts;
    store.write({facts.created(BotId(1))});
    const Database database = valueOf(Database::open(store.path(), Database::Access::ReadWrite));
    const qint64 pages = valueOf(database.integer(u"PRAGMA page_count"_s));
    QCOMPARE(valueOf(database.integer(u"PRAGMA max_page_count = %1"_s.arg(pages + 8))), pages + 8);
    JournalWriter writer(database, store.clock, valueOf(recover(database)));
    EventSequence committed = facts.last();
    Result<Committed> done;
    for (int i = 0; i < 1000 && done; ++i) {
        const std::vector<JournalBatch> batches{batchOf(facts.roundTrips(BotId(1), 1))};
        done = writer.write(batches);
        if (done)
            committed = done->upTo;
    }
    QVERIFY(!done);
    QCOMPARE(done.error().code, ErrorCode::Io);
    QVERIFY2(done.error().text.contains(u"the disk is full"), qPrintable(done.error().text));
    QVERIFY2(done.error().text.contains(u"nothing after fact %1 is stored"_s.arg(committed.value())),
             qPrintable(done.error().text));
    const Recovered recovered = valueOf(recover(store.look()));
    QCOMPARE(recovered.last, committed);
    QCOMPARE(recovered.bots.at(0).state.lastSequence, committed);
    QVERIFY(committed.value() > 6);
}

void tst_JournalWriter::lastUpdatedAtFollowsTheJournalByItself()
{
    TemporaryStore store;
    FactMaker facts;
    store.write({facts.created(BotId(1)), facts.created(BotId(2))});
    const Database database = valueOf(Database::open(store.path(), Database::Access::ReadWrite));
    const QString updated = u"SELECT last_updated_at FROM bot_states WHERE bot_id = %1"_s;
    QCOMPARE(valueOf(database.integer(updated.arg(1))), toMilliseconds(store.clock.now()));
    valueOf(database.execute(u"INSERT INTO events VALUES (3, 1, 'complete', 5, 1999999999999, '{}')"_s));
    QCOMPARE(valueOf(database.integer(updated.arg(1))), 1999999999999);
    QCOMPARE(valueOf(database.integer(updated.arg(2))), toMilliseconds(store.clock.now()));
}

void tst_JournalWriter::theHighestEquityIsRecovered()
{
    TemporaryStore store;
    FactMaker facts;
    const auto sample = [](qint64 at, int equity) {
        return EquitySample{BotId(1), {fromMilliseconds(at), Money::fromInteger(equity)}};
    };
    const auto peak = [&store] { return valueOf(recover(store.look())).bots.at(0).peakEquity; };
    store.write({facts.created(BotId(1))}, {sample(1, 9000)});
    QCOMPARE(peak(), Money::fromInteger(9000));
    store.write({}, {sample(2, 9500), sample(3, 9900), sample(4, 9800)});
    QCOMPARE(peak(), Money::fromInteger(9900));
    store.write({facts.decision(BotId(1))}, {sample(5, 9100)});
    QCOMPARE(peak(), Money::fromInteger(9900));
}

void tst_JournalWriter::anEquitySampleOfTheSameMomentReplacesTheFirst()
{
    TemporaryStore store;
    FactMaker facts;
    const EquityPoint point{fromMilliseconds(77), Money::fromInteger(5)};
    const EquityPoint newer{fromMilliseconds(77), Money::fromInteger(6)};
    store.write({facts.created(BotId(1))}, {{BotId(1), point}, {BotId(1), newer}});
    QCOMPARE(valueOf(store.look().texts(u"SELECT at || ':' || equity FROM equity"_s)), QStringList{u"77:600000000"_s});
}

void tst_JournalWriter::textsOfAnyKindSurvive()
{
    TemporaryStore store;
    FactMaker facts;
    const QString odd = u"Żółć 💹 'quoted' \"double\" \\ ; -- \n\t, NUL is not allowed"_s;
    auto event = facts.make(BotId(1), BotCreated{UserId(1), exampleConfig(odd)});
    store.write({event, facts.make(BotId(1), ErrorRaised{ErrorKind::Strategy, odd})});
    const Recovered recovered = valueOf(recover(store.look()));
    QCOMPARE(recovered.bots.at(0).config.name, odd);
    QCOMPARE(recovered.bots.at(0).state.lastError, odd);
}

QTEST_GUILESS_MAIN(tst_JournalWriter)
#include "tst_journalwriter.moc"
