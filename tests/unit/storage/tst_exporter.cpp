// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/json.h"
#include "core/domain/eventjson.h"
#include "core/storage/exporter.h"
#include "core/storage/sqlhistory.h"
#include "tests/support/qtestprint.h"
#include "tests/unit/storage/storagefixture.h"

#include <QTest>

using namespace tradebot;
using namespace tradebot::test;
using namespace Qt::StringLiterals;

namespace {

QByteArray exported(HistoryReader &history, const ExportRequest &request, int *pieces = nullptr)
{
    Exporter exporter(history, request);
    QByteArray text;
    for (;;) {
        const QByteArray piece = valueOf(exporter.next());
        if (piece.isEmpty())
            return text;
        text += piece;
        if (pieces != nullptr)
            ++*pieces;
    }
}

/// Fields of RFC 4180 text, line by line; an independent reading of what was written.
QList<QByteArrayList> parseCsv(const QByteArray &text)
{
    QList<QByteArrayList> lines;
    QByteArrayList line;
    QByteArray field;
    bool quoted = false;
    for (qsizetype i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (quoted && c == '"' && i + 1 < text.size() && text[i + 1] == '"') {
            field += text[++i];
        } else if (c == '"') {
            quoted = !quoted;
        } else if (!quoted && (c == ',' || c == '\n')) {
            line += std::exchange(field, {});
            if (c == '\n')
                lines += std::exchange(line, {});
        } else {
            field += c;
        }
    }
    return lines;
}

} // namespace

class tst_Exporter final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void tradesAsCsv();
    void numbersAreExact();
    void tradesAsJson();
    void factsAsCsv();
    void factsAsJson();
    void anEmptyExportIsStillAFile_data();
    void anEmptyExportIsStillAFile();
    void oneBotAndATime();
    void manyPagesAreOneFile_data();
    void manyPagesAreOneFile();
    void anErrorEndsIt();
};

void tst_Exporter::tradesAsCsv()
{
    TemporaryStore store;
    FactMaker facts;
    std::vector<std::shared_ptr<BotEvent>> events{facts.created(BotId(1))};
    for (auto &half :
         {facts.filled(BotId(1), Side::Buy, "0.5", "100.00000002"), facts.filled(BotId(1), Side::Sell, "0.5", "101.5")})
        events.insert(events.end(), half.begin(), half.end());
    std::get<TradeClosed>(events.back()->payload).trade.exitTag = u"stop, \"hard\"\nat once"_s;
    store.write(events);
    SqlHistory history(store.path());
    const auto lines = parseCsv(exported(history, {}));
    QCOMPARE(lines.size(), 2);
    const QByteArrayList header{"id",        "bot_id",      "symbol",      "side",     "quantity",       "entry_time",
                                "exit_time", "entry_price", "exit_price",  "gross",    "fees",           "funding",
                                "net",       "entry_tag",   "exit_reason", "exit_tag", "config_version", "currency"};
    QCOMPARE(lines[0], header);
    const Trade &trade = std::get<TradeClosed>(events.back()->payload).trade;
    const QByteArrayList row{"6",
                             "1",
                             "BTCUSDT",
                             "long",
                             "0.5",
                             toRfc3339(trade.entryTime),
                             toRfc3339(trade.exitTime),
                             "100.00000002",
                             "101.5",
                             trade.gross.toBytes(),
                             trade.fees.toBytes(),
                             "0",
                             trade.net().toBytes(),
                             "ema_cross",
                             "exit",
                             "stop, \"hard\"\nat once",
                             "1",
                             "USDT"};
    QCOMPARE(lines[1], row);
}

void tst_Exporter::numbersAreExact()
{
    TemporaryStore store;
    FactMaker facts;
    Trade trade;
    trade.id = TradeId(2);
    trade.bot = BotId(1);
    trade.symbol = Symbol(u"BTCUSDT"_s);
    trade.quantity = Quantity::maximum();
    trade.entryPrice = Price::smallest();
    trade.exitPrice = valueOf(Price::parse(u"0.1"));
    trade.gross = -Money::maximum();
    trade.currency = u"USDT"_s;
    store.write({facts.created(BotId(1)), facts.make(BotId(1), TradeClosed{trade})});
    SqlHistory history(store.path());
    const auto csv = parseCsv(exported(history, {}));
    QCOMPARE(csv[1][4], "92233720368.54775807");
    QCOMPARE(csv[1][7], "0.00000001");
    QCOMPARE(csv[1][8], "0.1");
    QCOMPARE(csv[1][9], "-92233720368.54775807");
    const QByteArray json = exported(history, {ExportKind::Trades, ExportFormat::Json, {}, {}, {}});
    QVERIFY2(json.contains("\"quantity\":92233720368.54775807,"), json.constData());
    QVERIFY2(json.contains("\"gross\":-92233720368.54775807,"), json.constData());
    QVERIFY(valueOf(history.trades({})).at(0) == trade);
}

void tst_Exporter::tradesAsJson()
{
    TemporaryStore store;
    FactMaker facts;
    store.write({facts.created(BotId(1))});
    store.write(facts.roundTrips(BotId(1), 3));
    SqlHistory history(store.path());
    const auto json =
            valueOf(JsonValue::parse(exported(history, {ExportKind::Trades, ExportFormat::Json, {}, {}, {}})));
    QVERIFY(json.array() != nullptr);
    QCOMPARE(json.array()->size(), 3U);
    auto trades = valueOf(history.trades({}));
    std::reverse(trades.begin(), trades.end());
    for (std::size_t i = 0; i < 3; ++i) {
        const JsonValue &row = json.array()->at(i);
        QCOMPARE(row.find(u"id")->integer(), std::optional(trades[i].id.value()));
        QCOMPARE(row.find(u"exit_price")->number()->text, trades[i].exitPrice.toBytes());
        QCOMPARE(row.find(u"net")->number()->text, trades[i].net().toBytes());
    }
}

void tst_Exporter::factsAsCsv()
{
    TemporaryStore store;
    FactMaker facts;
    store.write({facts.created(BotId(1)), facts.make(BotId(1), ErrorRaised{ErrorKind::Strategy, u"a, \"b\"\nc"_s})});
    SqlHistory history(store.path());
    const auto lines = parseCsv(exported(history, {ExportKind::Events, ExportFormat::Csv, {}, {}, {}}));
    QCOMPARE(lines.size(), 3);
    QCOMPARE(lines[0].join(','), "sequence,bot_id,type,severity,happened_at,recorded_at,message,data");
    QCOMPARE(lines[2].mid(0, 4), QByteArrayList({"2", "1", "error", "error"}));
    QCOMPARE(lines[2][6], "strategy: a, \"b\"\nc");
    const auto payload = valueOf(JsonValue::parse(lines[2][7]).and_then([](const JsonValue &json) {
        return payloadFromJson(u"error", json);
    }));
    QCOMPARE(std::get<ErrorRaised>(payload).message, u"a, \"b\"\nc"_s);
}

void tst_Exporter::factsAsJson()
{
    TemporaryStore store;
    FactMaker facts;
    std::vector<std::shared_ptr<BotEvent>> events{facts.created(BotId(1))};
    for (auto &event : facts.roundTrips(BotId(1), 2))
        events.push_back(event);
    store.write(events);
    SqlHistory history(store.path());
    const auto json =
            valueOf(JsonValue::parse(exported(history, {ExportKind::Events, ExportFormat::Json, {}, {}, {}})));
    QCOMPARE(json.array()->size(), events.size());
    for (std::size_t i = 0; i < events.size(); ++i) {
        const JsonValue &row = json.array()->at(i);
        QCOMPARE(row.find(u"sequence")->integer(), std::optional(events[i]->sequence.value()));
        QCOMPARE(*row.find(u"recorded_at")->string(), QString::fromLatin1(toRfc3339(events[i]->recorded)));
        QVERIFY(valueOf(payloadFromJson(*row.find(u"type")->string(), *row.find(u"data"))) == events[i]->payload);
    }
}

void tst_Exporter::anEmptyExportIsStillAFile_data()
{
    QTest::addColumn<QString>("format");
    QTest::addColumn<QByteArray>("text");
    QTest::newRow("csv") << u"csv"_s
                         << QByteArray("sequence,bot_id,type,severity,happened_at,recorded_at,message,data\n");
    QTest::newRow("json") << u"json"_s << QByteArray("[]\n");
}

void tst_Exporter::anEmptyExportIsStillAFile()
{
    QFETCH(const QString, format);
    QFETCH(const QByteArray, text);
    const TemporaryStore store;
    SqlHistory history(store.path());
    QCOMPARE(exported(history, {ExportKind::Events, *fromName<ExportFormat>(format), {}, {}, {}}), text);
}

void tst_Exporter::oneBotAndATime()
{
    TemporaryStore store;
    FactMaker facts;
    store.write({facts.created(BotId(1)), facts.created(BotId(2))});
    store.write(facts.roundTrips(BotId(1), 4));
    store.write(facts.roundTrips(BotId(2), 4));
    SqlHistory history(store.path());
    ExportRequest request;
    request.bot = BotId(2);
    auto trades = valueOf(history.trades({BotId(2), {}, {}, 100, {}, {}}));
    request.from = trades[2].exitTime;
    request.to = trades[0].exitTime;
    const auto lines = parseCsv(exported(history, request));
    QCOMPARE(lines.size(), 3);
    QCOMPARE(lines[1][0].toLongLong(), trades[2].id.value());
    QCOMPARE(lines[2][0].toLongLong(), trades[1].id.value());
}

void tst_Exporter::manyPagesAreOneFile_data()
{
    QTest::addColumn<QString>("format");
    QTest::addColumn<int>("facts");
    for (const char *format : {"csv", "json"}) {
        for (const int facts : {999, 1000, 1001, 2500})
            QTest::addRow("%s, %d facts", format, facts) << QString::fromLatin1(format) << facts;
    }
}

void tst_Exporter::manyPagesAreOneFile()
{
    QFETCH(const QString, format);
    QFETCH(const int, facts);
    TemporaryStore store;
    FactMaker maker;
    std::vector<std::shared_ptr<BotEvent>> events{maker.created(BotId(1))};
    while (std::ssize(events) < facts)
        events.push_back(maker.decision(BotId(1)));
    store.write(events);
    SqlHistory history(store.path());
    int pieces = 0;
    const QByteArray text =
            exported(history, {ExportKind::Events, *fromName<ExportFormat>(format), {}, {}, {}}, &pieces);
    QVERIFY(pieces >= facts / 1000);
    if (format == u"csv"_s) {
        const auto lines = parseCsv(text);
        QCOMPARE(lines.size(), facts + 1);
        for (qsizetype i = 1; i < lines.size(); ++i)
            QCOMPARE(lines[i][0].toLongLong(), i);
    } else {
        const auto json = valueOf(JsonValue::parse(text));
        QCOMPARE(std::ssize(*json.array()), facts);
        QCOMPARE(json.array()->back().find(u"sequence")->integer(), std::optional<qint64>(facts));
    }
}

void tst_Exporter::anErrorEndsIt()
{
    SqlHistory history(u"/nonexistent/tradebot.db"_s);
    Exporter exporter(history, {});
    QCOMPARE(exporter.next().error().code, ErrorCode::NotFound);
}

QTEST_GUILESS_MAIN(tst_Exporter)
#include "tst_exporter.moc"
