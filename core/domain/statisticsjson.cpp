// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/domain/statisticsjson.h"

namespace tradebot {

using namespace Qt::StringLiterals;

namespace {

QString dayText(std::chrono::sys_days day)
{
    constexpr qsizetype dateLength = 10;
    return QString::fromLatin1(toRfc3339(day).first(dateLength));
}

QString keyText(const Symbol &symbol)
{
    return symbol.value();
}

QString keyText(OrderPurpose reason)
{
    return toName(reason);
}

QString keyText(std::chrono::sys_days day)
{
    return dayText(day);
}

void writeGroup(JsonWriter &writer, const TradeGroup &group)
{
    writer.field("trades"_L1, group.trades);
    writer.field("wins"_L1, group.wins);
    writer.field("losses"_L1, group.losses);
    writer.field("gross"_L1, group.gross);
    writer.field("fees"_L1, group.fees);
    writer.field("funding"_L1, group.funding);
    writer.field("net"_L1, group.net);
}

template<class Key>
void writeGroups(JsonWriter &writer, QLatin1StringView name, QLatin1StringView keyName,
                 const std::map<Key, TradeGroup> &groups)
{
    writer.key(name).beginArray();
    for (const auto &[key, group] : groups) {
        writer.beginObject().field(keyName, keyText(key));
        writeGroup(writer, group);
        writer.endObject();
    }
    writer.endArray();
}

void writeNotable(JsonWriter &writer, QLatin1StringView name, const std::optional<NotableTrade> &trade)
{
    writer.key(name);
    if (!trade) {
        writer.value(nullptr);
        return;
    }
    writer.beginObject();
    writer.field("trade_id"_L1, trade->id.value());
    writer.field("exit_time"_L1, trade->exitTime);
    writer.field("net"_L1, trade->net);
    writer.endObject();
}

/// A drawdown of nothing has no dates.
void writeDrawdown(JsonWriter &writer, QLatin1StringView name, const std::optional<EquityDrawdown> &drawdown)
{
    writer.key(name);
    if (!drawdown) {
        writer.value(nullptr);
        return;
    }
    const bool fell = drawdown->amount.isPositive();
    writer.beginObject();
    writer.field("amount"_L1, drawdown->amount);
    writer.field("percent"_L1, drawdown->percent);
    writer.field("peak"_L1, drawdown->peak.equity);
    writer.field("peak_at"_L1, fell ? std::optional(drawdown->peak.time) : std::nullopt);
    writer.field("trough"_L1, drawdown->trough.equity);
    writer.field("trough_at"_L1, fell ? std::optional(drawdown->trough.time) : std::nullopt);
    writer.field("recovered_at"_L1, drawdown->recovered);
    writer.endObject();
}

std::optional<double> seconds(std::optional<std::chrono::milliseconds> duration)
{
    if (!duration)
        return std::nullopt;
    return std::chrono::duration<double>(*duration).count();
}

} // namespace

void writeFields(JsonWriter &writer, const ExitStatistics &exits)
{
    writer.field("count"_L1, exits.count);
    writer.field("wins"_L1, exits.wins);
    writer.field("losses"_L1, exits.losses);
    writer.field("win_rate"_L1, exits.winRate());
    writer.field("net"_L1, exits.net);
}

void writeFields(JsonWriter &writer, const Statistics &statistics)
{
    writeGroup(writer, statistics.total);
    writer.field("win_rate"_L1, statistics.winRate);
    writer.field("profit_factor"_L1, statistics.profitFactor);
    writer.field("expectancy"_L1, statistics.expectancy);
    writer.field("average_win"_L1, statistics.averageWin);
    writer.field("average_loss"_L1, statistics.averageLoss);
    writer.field("average_duration_s"_L1, seconds(statistics.averageDuration));
    writer.field("longest_winning_streak"_L1, statistics.longestWinningStreak);
    writer.field("longest_losing_streak"_L1, statistics.longestLosingStreak);
    writeNotable(writer, "best"_L1, statistics.best);
    writeNotable(writer, "worst"_L1, statistics.worst);
    writer.field("initial_balance"_L1, statistics.initialBalance);
    writer.field("equity"_L1, statistics.equity);
    writer.field("days"_L1, statistics.days);
    writer.field("sharpe"_L1, statistics.sharpe);
    writer.field("sortino"_L1, statistics.sortino);
    writer.field("yearly_return"_L1, statistics.yearlyReturn);
    writer.field("calmar"_L1, statistics.calmar);
    writeDrawdown(writer, "max_drawdown"_L1, statistics.deepestDrawdown);
    writeDrawdown(writer, "max_relative_drawdown"_L1, statistics.deepestDrawdownPercent);
    writeDrawdown(writer, "current_drawdown"_L1, statistics.currentDrawdown);
    if (statistics.exits) {
        writer.key("exits"_L1).beginObject();
        writeFields(writer, *statistics.exits);
        writer.endObject();
    }
    writeGroups(writer, "by_symbol"_L1, "symbol"_L1, statistics.bySymbol);
    writeGroups(writer, "by_exit_reason"_L1, "exit_reason"_L1, statistics.byExitReason);
    writeGroups(writer, "by_day"_L1, "day"_L1, statistics.byDay);
}

} // namespace tradebot
