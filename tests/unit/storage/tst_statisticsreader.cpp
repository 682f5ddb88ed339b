// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/domain/statisticsjson.h"
#include "core/storage/sqlhistory.h"
#include "tests/support/qtestprint.h"
#include "tests/unit/storage/storagefixture.h"

#include <QTest>

#include <random>

using namespace tradebot;
using namespace tradebot::test;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr Timestamp begin = fromMilliseconds(1'770'000'123'000); // amid an hour

QByteArray text(const Statistics &statistics)
{
    JsonWriter writer;
    writer.beginObject();
    writeFields(writer, statistics);
    writer.endObject();
    return writer.take();
}

/// A walk with jumps, so that depths are found and left again.
std::vector<EquitySample> walk(int count, std::chrono::minutes step, unsigned seed)
{
    std::mt19937 random(seed);
    std::vector<EquitySample> samples;
    std::int64_t equity = exampleConfig().initialBalance.raw();
    Timestamp time = begin;
    for (int i = 0; i < count; ++i) {
        equity += static_cast<std::int64_t>(random() % 2001) * 100'000'000 - 995 * std::int64_t(100'000'000);
        samples.push_back({BotId(1), {time, Money::fromRaw(equity)}});
        time += step;
        if (random() % 500 == 0)
            time += 40h; // a bot that was switched off
    }
    return samples;
}

/// As it is when everything is looked at.
QByteArray byHand(const std::vector<std::shared_ptr<BotEvent>> &events, const std::vector<EquitySample> &samples)
{
    StatisticsCollector collector(exampleConfig().initialBalance);
    ExitStatisticsCollector exits;
    for (const auto &event : events) {
        if (event->bot != BotId(1))
            continue;
        exits.add(event->payload);
        if (const auto *closed = std::get_if<TradeClosed>(&event->payload))
            collector.add(closed->trade);
    }
    for (const EquitySample &sample : samples)
        collector.add(sample.point);
    Statistics statistics = valueOf(collector.result());
    statistics.exits = valueOf(exits.result());
    return text(statistics);
}

/// All of it, and in how many pieces it came.
QByteArray readAll(HistoryReader &history, int &pieces)
{
    for (pieces = 1;; ++pieces) {
        if (const auto statistics = valueOf(history.statistics(BotId(1))))
            return text(*statistics);
    }
}

} // namespace

class tst_StatisticsReader final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void agreesWithLookingAtEverySample_data();
    void agreesWithLookingAtEverySample();
    void goesOnWhereItStopped();
    void aLongHistoryComesInPieces();
    void eachExitCountsThoughTheTradeIsStillOpen();
    void aDayThatTheBotHasClosedCounts();
    void aBotThatNeverTradedHasNothing();
    void aBotThatDoesNotExistIsNotFound();
};

void tst_StatisticsReader::agreesWithLookingAtEverySample_data()
{
    QTest::addColumn<int>("minutes");
    for (const int minutes : {1, 7, 60, 1500})
        QTest::addRow("every %d minutes", minutes) << minutes;
}

void tst_StatisticsReader::agreesWithLookingAtEverySample()
{
    QFETCH(const int, minutes);
    TemporaryStore store;
    FactMaker facts;
    std::vector<std::shared_ptr<BotEvent>> events = {facts.created(BotId(1)), facts.created(BotId(2))};
    for (const qint64 bot : {1, 2, 1}) {
        for (auto &event : facts.roundTrips(BotId(bot), 7))
            events.push_back(event);
    }
    const auto samples = walk(6000, std::chrono::minutes(minutes), static_cast<unsigned>(minutes));
    store.write(events, samples);
    SqlHistory history(store.path());
    int pieces = 0;
    const QByteArray got = readAll(history, pieces);
    QCOMPARE(got, byHand(events, samples));
    QVERIFY(got.startsWith("{\"trades\":14,"));
    QVERIFY(got.contains("\"exits\":{\"count\":14,"));
}

void tst_StatisticsReader::goesOnWhereItStopped()
{
    TemporaryStore store;
    FactMaker facts;
    std::vector<std::shared_ptr<BotEvent>> events = {facts.created(BotId(1))};
    const auto samples = walk(5000, 13min, 5);
    store.write(events);
    SqlHistory history(store.path());
    std::vector<EquitySample> written;
    for (const std::size_t until : {1U, 2U, 7U, 300U, 301U, 4000U, 5000U}) {
        const std::vector<EquitySample> more(samples.begin() + std::ssize(written),
                                             samples.begin() + static_cast<std::ptrdiff_t>(until));
        const auto trades = facts.roundTrips(BotId(1), 3);
        store.write(trades, more);
        events.insert(events.end(), trades.begin(), trades.end());
        written.insert(written.end(), more.begin(), more.end());
        int pieces = 0;
        QCOMPARE(readAll(history, pieces), byHand(events, written));
        QCOMPARE(pieces, 1);
    }
}

void tst_StatisticsReader::aLongHistoryComesInPieces()
{
    TemporaryStore store;
    FactMaker facts;
    const auto samples = walk(9000, 61min, 3);
    store.write({facts.created(BotId(1))}, samples);
    const Database database = valueOf(Database::open(store.path(), Database::Access::ReadWrite));
    valueOf(database.execute(u"PRAGMA foreign_keys = OFF"_s));
    valueOf(database.execute(uR"(
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 25000)
            INSERT INTO trades SELECT i * 3, 1, 'BTCUSDT', 'long', 1, i * 60000, i * 60000 + 60000, 1, 1, 3, 1, 0, 2,
                '', 'exit', '', 1, 'USDT' FROM n)"_s));
    SqlHistory history(store.path());
    int pieces = 0;
    const QByteArray got = readAll(history, pieces);
    QVERIFY(pieces > 2);
    QVERIFY2(got.startsWith("{\"trades\":25000,\"wins\":25000,"), got.left(100).constData());
    QVERIFY(got.contains("\"net\":0.0005,"));
    const QByteArray curve = byHand({}, samples);
    const auto drawdowns = [](const QByteArray &json) {
        return json.sliced(json.indexOf("\"initial_balance\""),
                           json.indexOf("\"by_symbol\"") - json.indexOf("\"initial_balance\""));
    };
    QCOMPARE(drawdowns(got), drawdowns(curve));
    QCOMPARE(readAll(history, pieces), got);
    QCOMPARE(pieces, 1);
}

void tst_StatisticsReader::eachExitCountsThoughTheTradeIsStillOpen()
{
    TemporaryStore store;
    FactMaker facts;
    store.write({facts.created(BotId(1)), facts.created(BotId(2))});
    SqlHistory history(store.path());
    int pieces = 0;
    QVERIFY(readAll(history, pieces).contains(R"("exits":{"count":0,"wins":0,"losses":0,"win_rate":null,"net":0})"));
    // Fees of 0.1 %: 0.8 of the entry, a quarter of it with each exit.
    store.write(facts.filled(BotId(1), Side::Buy, "8", "100"));
    store.write(facts.filled(BotId(2), Side::Buy, "1", "100")); // another bot's
    QVERIFY(readAll(history, pieces).contains(R"("exits":{"count":0,)"));
    store.write(facts.filled(BotId(1), Side::Sell, "2", "110")); // 20 − 0.22 − 0.2
    store.write(facts.filled(BotId(1), Side::Sell, "2", "90"));  // −20 − 0.18 − 0.2
    std::vector<std::shared_ptr<BotEvent>> decisions;
    while (decisions.size() < 2500) // which are more than it reads at once
        decisions.push_back(facts.decision(BotId(1)));
    store.write(decisions);
    const QByteArray got = readAll(history, pieces);
    QVERIFY(pieces > 1);
    QVERIFY(got.startsWith("{\"trades\":0,"));
    QVERIFY2(got.contains(R"("exits":{"count":2,"wins":1,"losses":1,"win_rate":0.5,"net":-0.8})"), got.constData());
    // What is written off is gone without an exit: what follows begins at the price of its own entry.
    MoneyMoved writtenOff{LedgerKind::Adjustment, Money(), Decimal(), Price(), Timestamp(), u"a rest"_s};
    writtenOff.closesPosition = true;
    store.write({facts.make(BotId(1), writtenOff)});
    store.write(facts.filled(BotId(1), Side::Buy, "1", "50"));
    store.write(facts.filled(BotId(1), Side::Sell, "1", "60")); // 10 − 0.06 − 0.05
    const QByteArray after = readAll(history, pieces);
    QVERIFY2(after.contains(R"("exits":{"count":3,"wins":2,"losses":1,)"), after.constData());
    QVERIFY2(after.contains(R"("net":9.09},"by_symbol")"), after.constData());
}

void tst_StatisticsReader::aDayThatTheBotHasClosedCounts()
{
    TemporaryStore store;
    FactMaker facts;
    const auto day = std::chrono::floor<std::chrono::days>(begin);
    const Money money = exampleConfig().initialBalance;
    store.write({facts.created(BotId(1))}, {{BotId(1), {begin, money}}, {BotId(1), {begin + 1min, money}}});
    SqlHistory history(store.path());
    const auto days = [&history] { return valueOf(history.statistics(BotId(1)))->days; };
    QCOMPARE(days(), 0);
    facts.setTime(day + 48h);
    store.write({facts.make(BotId(1), DayClosed{day, day + std::chrono::days(2), {}})}); // and no price has come since
    QCOMPARE(days(), 2);
    store.write({facts.decision(BotId(1))}, {{BotId(1), {day + 50h, money}}});
    QCOMPARE(days(), 2);
}

void tst_StatisticsReader::aBotThatNeverTradedHasNothing()
{
    TemporaryStore store;
    FactMaker facts;
    store.write({facts.created(BotId(1))});
    SqlHistory history(store.path());
    const auto statistics = valueOf(history.statistics(BotId(1)));
    QVERIFY(statistics && !statistics->winRate && !statistics->equity && !statistics->deepestDrawdown);
    QCOMPARE(statistics->initialBalance, exampleConfig().initialBalance);
}

void tst_StatisticsReader::aBotThatDoesNotExistIsNotFound()
{
    TemporaryStore store;
    SqlHistory history(store.path());
    const auto statistics = history.statistics(BotId(7));
    QVERIFY(!statistics);
    QCOMPARE(statistics.error().code, ErrorCode::NotFound);
}

QTEST_GUILESS_MAIN(tst_StatisticsReader)
#include "tst_statisticsreader.moc"
