// SPDX-License-Identifier: GPL-3.0-or-later
// What the cells of TradesModel say.
#include "ui/format/moneyformat.h"
#include "ui/models/tradesmodel.h"

#include <QCoreApplication>

namespace tradebot {

using namespace Qt::StringLiterals;

namespace {

/// Net result in percent of what was entered.
std::optional<Decimal> netPercent(const Trade &trade)
{
    const auto entered = notional(trade.entryPrice, trade.quantity, Rounding::HalfEven).value();
    if (!entered || entered->isZero())
        return std::nullopt;
    const auto part = proportion(Decimal::fromInteger(100), trade.net(), *entered, Rounding::HalfEven);
    return part.value();
}

QString sideText(PositionSide side)
{
    return side == PositionSide::Short ? QCoreApplication::translate("Side", "short")
                                       : QCoreApplication::translate("Side", "long");
}

} // namespace

Instrument TradesModel::instrumentOf(const Trade &trade) const
{
    if (const SnapshotPointer bot = m_live ? m_live->bot(trade.bot) : nullptr)
        return bot->instrument;
    Instrument unknown; // a bot that is no more: no step, all digits there are
    unknown.symbol = trade.symbol;
    return unknown;
}

QString TradesModel::botName(BotId id) const
{
    return tradebot::botName(m_live ? m_live->bot(id) : nullptr, id);
}

QString TradesModel::text(const Trade &trade, int column) const
{
    const auto duration = std::chrono::duration_cast<std::chrono::milliseconds>(trade.exitTime - trade.entryTime);
    const MoneyFormat plain = formatOf(trade.currency, Sign::Always);
    switch (column) {
    case BotColumn: return botName(trade.bot);
    case SymbolColumn: return trade.symbol.value();
    case SideColumn: return sideText(trade.side);
    case QuantityColumn: return quantityText(trade.quantity, instrumentOf(trade));
    case EntryTimeColumn: return m_time.stamp(trade.entryTime);
    case EntryPriceColumn: return priceText(trade.entryPrice, instrumentOf(trade));
    case ExitTimeColumn: return m_time.stamp(trade.exitTime);
    case ExitPriceColumn: return priceText(trade.exitPrice, instrumentOf(trade));
    case GrossColumn: return plain.text(trade.gross);
    case FeesColumn: return plain.text(-trade.fees);
    case FundingColumn: return plain.text(trade.funding);
    case NetColumn: return plain.text(trade.net()) + u' ' + trade.currency;
    case NetPercentColumn: {
        const auto percent = netPercent(trade);
        return percent ? percentText(*percent) : u"—"_s;
    }
    case DurationColumn: return durationText(duration);
    case EntryTagColumn: return trade.entryTag;
    case ExitReasonColumn: return exitReasonText(trade);
    case ConfigColumn: return QString::number(trade.configVersion);
    default: return {};
    }
}

QString exitReasonText(const Trade &trade)
{
    switch (trade.exitReason) {
    case OrderPurpose::StopLoss: return QCoreApplication::translate("ExitReason", "stop loss");
    case OrderPurpose::TakeProfit: return QCoreApplication::translate("ExitReason", "take profit");
    case OrderPurpose::TrailingStop: return QCoreApplication::translate("ExitReason", "trailing stop");
    case OrderPurpose::Flatten: return QCoreApplication::translate("ExitReason", "flattened by owner");
    case OrderPurpose::Liquidation: return QCoreApplication::translate("ExitReason", "liquidation");
    case OrderPurpose::External: return QCoreApplication::translate("ExitReason", "not by this bot");
    case OrderPurpose::Entry:
    case OrderPurpose::Exit: break;
    }
    return trade.exitTag.isEmpty() ? QCoreApplication::translate("ExitReason", "strategy") : trade.exitTag;
}

QVariant tradeValue(const Trade &trade, int column)
{
    switch (column) {
    case TradesModel::BotColumn: return trade.bot.value();
    case TradesModel::SymbolColumn: return trade.symbol.value();
    case TradesModel::SideColumn: return QString(toName(trade.side));
    case TradesModel::QuantityColumn: return trade.quantity.toString();
    case TradesModel::EntryTimeColumn: return QString::fromLatin1(toRfc3339(trade.entryTime));
    case TradesModel::EntryPriceColumn: return trade.entryPrice.toString();
    case TradesModel::ExitTimeColumn: return QString::fromLatin1(toRfc3339(trade.exitTime));
    case TradesModel::ExitPriceColumn: return trade.exitPrice.toString();
    case TradesModel::GrossColumn: return trade.gross.toString();
    case TradesModel::FeesColumn: return (-trade.fees).toString();
    case TradesModel::FundingColumn: return trade.funding.toString();
    case TradesModel::NetColumn: return trade.net().toString();
    case TradesModel::NetPercentColumn: return netPercent(trade).value_or(Decimal()).toString();
    case TradesModel::DurationColumn: return static_cast<qint64>((trade.exitTime - trade.entryTime).count());
    case TradesModel::EntryTagColumn: return trade.entryTag;
    case TradesModel::ExitReasonColumn: return QString(toName(trade.exitReason));
    case TradesModel::ConfigColumn: return trade.configVersion;
    default: return {};
    }
}

QVariant tradeSortValue(const Trade &trade, int column)
{
    switch (column) {
    case TradesModel::BotColumn: return trade.bot.value();
    case TradesModel::SymbolColumn: return trade.symbol.value();
    case TradesModel::SideColumn: return QString(toName(trade.side));
    case TradesModel::QuantityColumn: return static_cast<qint64>(trade.quantity.raw());
    case TradesModel::EntryTimeColumn: return toMilliseconds(trade.entryTime);
    case TradesModel::EntryPriceColumn: return static_cast<qint64>(trade.entryPrice.raw());
    case TradesModel::ExitTimeColumn: return toMilliseconds(trade.exitTime);
    case TradesModel::ExitPriceColumn: return static_cast<qint64>(trade.exitPrice.raw());
    case TradesModel::GrossColumn: return static_cast<qint64>(trade.gross.raw());
    case TradesModel::FeesColumn: return static_cast<qint64>((-trade.fees).raw());
    case TradesModel::FundingColumn: return static_cast<qint64>(trade.funding.raw());
    case TradesModel::NetColumn: return static_cast<qint64>(trade.net().raw());
    case TradesModel::NetPercentColumn: return static_cast<qint64>(netPercent(trade).value_or(Decimal()).raw());
    case TradesModel::DurationColumn: return static_cast<qint64>((trade.exitTime - trade.entryTime).count());
    case TradesModel::EntryTagColumn: return trade.entryTag;
    case TradesModel::ExitReasonColumn: return QString(toName(trade.exitReason));
    case TradesModel::ConfigColumn: return trade.configVersion;
    default: return {};
    }
}

} // namespace tradebot
