// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/json.h"
#include "core/domain/statisticsjson.h"
#include "core/server/apijson.h"
#include "core/server/handlers.h"

namespace tradebot {

using namespace Qt::StringLiterals;

namespace {

constexpr int defaultPage = 100;
constexpr int largestPage = 1000;

/// {"items":[…],"next":"cursor or null"} of rows that were read with one more than the page holds.
template<class Row, class Write>
QByteArray page(std::vector<Row> rows, int limit, Write write, const std::function<qint64(const Row &)> &key)
{
    const bool hasMore = rows.size() > static_cast<std::size_t>(limit);
    if (hasMore)
        rows.resize(static_cast<std::size_t>(limit));
    JsonWriter writer;
    writer.beginObject().key("items"_L1).beginArray();
    for (const Row &row : rows)
        write(writer, row);
    writer.endArray();
    writer.field("next"_L1, hasMore ? std::optional(QString::number(key(rows.back()))) : std::nullopt);
    writer.endObject();
    return writer.take();
}

Result<QByteArray> trades(ServerContext &context, const HttpRequest &request, BotId bot)
{
    const auto limit = intParameter(request, "limit", defaultPage, 1, largestPage);
    const auto before = idParameter(request, "before");
    if (!limit || !before)
        return fail(!limit ? limit.error() : before.error());
    TradeQuery query;
    query.bot = bot;
    query.before = TradeId(*before);
    query.limit = *limit + 1;
    return context.history.trades(query).map([&limit](std::vector<Trade> rows) {
        return page<Trade>(std::move(rows), *limit, writeTrade, [](const Trade &trade) { return trade.id.value(); });
    });
}

Result<QStringList> typesParameter(const HttpRequest &request)
{
    const QStringList types = textParameter(request, "type").split(u',', Qt::SkipEmptyParts);
    const auto known = allTypeNames();
    for (const QString &type : types) {
        if (std::none_of(known.begin(), known.end(), [&type](QLatin1StringView name) { return type == name; }))
            return fail(ErrorCode::Malformed, u"type=%1: there are no such events"_s.arg(type));
    }
    return types;
}

Result<QByteArray> events(ServerContext &context, const HttpRequest &request, BotId bot)
{
    const auto limit = intParameter(request, "limit", defaultPage, 1, largestPage);
    const auto before = idParameter(request, "before");
    const auto types = typesParameter(request);
    if (!limit || !before || !types)
        return fail(!limit ? limit.error() : !before ? before.error() : types.error());
    EventQuery query;
    query.bot = bot;
    query.before = EventSequence(*before);
    query.newestFirst = true;
    query.limit = *limit + 1;
    query.types = *types;
    query.text = textParameter(request, "q");
    return context.history.events(query).map([&limit](std::vector<BotEvent> rows) {
        return page<BotEvent>(std::move(rows), *limit, writeEvent,
                              [](const BotEvent &event) { return event.sequence.value(); });
    });
}

Result<QByteArray> equity(ServerContext &context, const HttpRequest &request, BotId bot)
{
    constexpr int mostPoints = 2000;
    const auto from = timeParameter(request, "from");
    const auto to = timeParameter(request, "to");
    const auto points = intParameter(request, "points", mostPoints, 2, mostPoints);
    if (!from || !to || !points)
        return fail(!from ? from.error() : !to ? to.error() : points.error());
    return context.history.equity({bot, *from, *to, *points}).map([](const std::vector<EquityPoint> &samples) {
        JsonWriter writer;
        writer.beginObject().key("items"_L1).beginArray();
        for (const EquityPoint &sample : samples)
            writer.beginObject().field("time"_L1, sample.time).field("equity"_L1, sample.equity).endObject();
        writer.endArray().endObject();
        return writer.take();
    });
}

Result<CandleQuery> candleQuery(const HttpRequest &request, const CachedBot &entry)
{
    CandleQuery query{.bot = entry.view->id, .timeframe = entry.view->config->timeframe, .before = std::nullopt};
    const QString interval = textParameter(request, "interval");
    if (!interval.isEmpty()) {
        const auto timeframe = fromName<Timeframe>(interval);
        if (!timeframe)
            return fail(ErrorCode::Malformed, u"interval=%1: must be one of %2"_s.arg(interval, allNames<Timeframe>()));
        query.timeframe = *timeframe;
    }
    const auto limit = intParameter(request, "limit", query.limit, 1, largestPage);
    const auto before = timeParameter(request, "before");
    if (!limit || !before)
        return fail(!limit ? limit.error() : before.error());
    query.limit = *limit;
    query.before = *before;
    return query;
}

void candles(ServerContext &context, const Call &call, const CachedBot &entry)
{
    const auto query = candleQuery(call.request, entry);
    if (!query) {
        call.reply.send(problem(query.error()));
        return;
    }
    context.feed.requestCandles(*query, context.self, [reply = call.reply](const Result<std::vector<Candle>> &result) {
        if (!result) {
            reply.send(problem(result.error()));
            return;
        }
        JsonWriter writer;
        writer.beginObject().key("items"_L1).beginArray();
        for (const Candle &candle : *result)
            writeCandle(writer, candle);
        writer.endArray().endObject();
        reply.send(json(writer.take()));
    });
}

HttpReply statisticsReply(const Statistics &statistics, const QString &currency)
{
    JsonWriter writer;
    writer.beginObject();
    writer.field("currency"_L1, currency.isEmpty() ? std::nullopt : std::optional(currency));
    writeFields(writer, statistics);
    writer.endObject();
    return json(writer.take());
}

/// A long history is read in pieces, so that other requests are answered in between.
void answerStatistics(ServerContext &context, BotId bot, const QString &currency, const ReplyTo &reply)
{
    const auto statistics = context.history.statistics(bot);
    if (!statistics) {
        reply.send(problem(statistics.error()));
    } else if (*statistics) {
        reply.send(statisticsReply(**statistics, currency));
    } else {
        QMetaObject::invokeMethod(
                context.self, [&context, bot, currency, reply] { answerStatistics(context, bot, currency, reply); },
                Qt::QueuedConnection);
    }
}

void statistics(ServerContext &context, const Call &call, const CachedBot &entry)
{
    answerStatistics(context, entry.view->id, entry.view->instrument.quote, call.reply);
}

using Reading = Result<QByteArray> (*)(ServerContext &, const HttpRequest &, BotId);

std::function<void(const Call &)> reading(ServerContext &context, Reading read)
{
    return withBot(context, [read](ServerContext &inner, const Call &call, const CachedBot &entry) {
        auto body = read(inner, call.request, entry.view->id);
        call.reply.send(body ? json(std::move(*body)) : problem(body.error()));
    });
}

} // namespace

std::vector<Route> historyRoutes(ServerContext &context)
{
    return {
            {HttpMethod::Get, "/api/v1/bots/{id}/trades", Right::Read, reading(context, trades)},
            {HttpMethod::Get, "/api/v1/bots/{id}/events", Right::Read, reading(context, events)},
            {HttpMethod::Get, "/api/v1/bots/{id}/equity", Right::Read, reading(context, equity)},
            {HttpMethod::Get, "/api/v1/bots/{id}/candles", Right::Read, withBot(context, candles)},
            {HttpMethod::Get, "/api/v1/bots/{id}/stats", Right::Read, withBot(context, statistics)},
    };
}

} // namespace tradebot
