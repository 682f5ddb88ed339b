// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/storage/exporter.h"

#include "core/domain/eventjson.h"
#include "core/domain/tradecsv.h"

namespace tradebot {

using namespace Qt::StringLiterals;

namespace {

constexpr int pageSize = 1000;

constexpr auto eventHeader = "sequence,bot_id,type,severity,happened_at,recorded_at,message,data\n";

QByteArray toCsv(const BotEvent &event)
{
    CsvLine line;
    line << event.sequence.value() << event.bot.value() << typeName(event.payload) << toName(severityOf(event.payload))
         << event.happened << event.recorded << describe(event.payload) << QByteArrayView(toJson(event.payload));
    return line.take();
}

QByteArray toJsonLine(const Trade &trade)
{
    JsonWriter writer;
    writer.beginObject();
    writeFields(writer, trade);
    writer.field("net"_L1, trade.net());
    writer.endObject();
    return writer.take();
}

QByteArray toJsonLine(const BotEvent &event)
{
    JsonWriter writer;
    writer.beginObject();
    writeFields(writer, event, "sequence"_L1);
    writer.endObject();
    return writer.take();
}

} // namespace

Exporter::Exporter(HistoryReader &history, ExportRequest request) : m_history(history), m_request(request) { }

Result<QByteArray> Exporter::next()
{
    if (m_ended)
        return QByteArray();
    auto page = m_request.kind == ExportKind::Trades ? tradePage() : eventPage();
    if (!page)
        return page;
    QByteArray piece;
    if (!m_begun)
        piece = beginning();
    m_begun = true;
    m_ended = page->isEmpty();
    piece += m_ended ? ending() : *page;
    return piece;
}

Result<QByteArray> Exporter::tradePage()
{
    TradeQuery query;
    query.bot = m_request.bot;
    query.from = m_request.from;
    query.to = m_request.to;
    query.limit = pageSize;
    // Numbers begin at 1: "after 0" would mean "newest first", so the first page is the one before the first number.
    query.after = m_lastTrade.isValid() ? m_lastTrade : TradeId(-1);
    const auto trades = m_history.trades(query);
    if (!trades)
        return fail(trades.error());
    if (!trades->empty())
        m_lastTrade = trades->back().id;
    return write(*trades);
}

Result<QByteArray> Exporter::eventPage()
{
    EventQuery query;
    query.bot = m_request.bot;
    query.from = m_request.from;
    query.to = m_request.to;
    query.limit = pageSize;
    query.after = m_lastEvent;
    const auto events = m_history.events(query);
    if (!events)
        return fail(events.error());
    if (!events->empty())
        m_lastEvent = events->back().sequence;
    return write(*events);
}

template<class Row>
QByteArray Exporter::write(const std::vector<Row> &rows)
{
    QByteArray text;
    for (const Row &row : rows) {
        if (m_request.format == ExportFormat::Csv)
            text += toCsv(row);
        else
            text += (m_rows > 0 ? ",\n" : "\n") + toJsonLine(row);
        ++m_rows;
    }
    return text;
}

QByteArray Exporter::beginning() const
{
    if (m_request.format == ExportFormat::Json)
        return "[";
    return m_request.kind == ExportKind::Trades ? tradeCsvHeader : eventHeader;
}

QByteArray Exporter::ending() const
{
    if (m_request.format == ExportFormat::Csv)
        return {};
    return m_rows > 0 ? "\n]\n" : "]\n";
}

} // namespace tradebot
