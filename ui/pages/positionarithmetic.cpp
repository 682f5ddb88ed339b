// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/positionarithmetic.h"

#include "ui/format/moneyformat.h"

#include <QCoreApplication>

namespace tradebot {

using namespace Qt::StringLiterals;

namespace {

/// The texts of this file, where a translator finds them.
struct ArithmeticText final
{
    Q_DECLARE_TR_FUNCTIONS(PositionArithmetic)
};

} // namespace

std::vector<ArithmeticRow> positionArithmetic(const BotSnapshot &bot)
{
    const Position &position = bot.state.position;
    const OpenTrade &trade = bot.state.openTrade;
    if (!position.isOpen() || !bot.markPrice)
        return {};
    const auto move = position.unrealised(*bot.markPrice).value();
    const auto worth = notional(*bot.markPrice, position.quantity, Rounding::HalfEven).value();
    const Decimal rate = bot.config->fees.taker;
    const auto exitFee = worth ? scaled(*worth, rate, Rounding::HalfEven).value() : std::nullopt;
    if (!move || !exitFee)
        return {};

    const MoneyFormat money = formatOf(bot.instrument.quote);
    const QString percent = percentText(scaled(rate, Decimal::fromInteger(100), Rounding::HalfEven).valueOr(rate), 2,
                                        Sign::WhenNegative);
    const QString entry = priceText(position.entryPrice(), bot.instrument);
    const QString mark = priceText(*bot.markPrice, bot.instrument);
    const bool isShort = position.side == PositionSide::Short;
    const QString quantity = quantityText(position.quantity, bot.instrument);
    std::vector<ArithmeticRow> rows;
    rows.push_back({ArithmeticText::tr("Price move"),
                    u"(%1 \u2212 %2) × %3"_s.arg(isShort ? entry : mark, isShort ? mark : entry, quantity), *move});
    if (!trade.exited.isZero())
        rows.push_back({ArithmeticText::tr("Realised"),
                        ArithmeticText::tr("%1 closed before").arg(quantityText(trade.exited, bot.instrument)),
                        trade.gross});
    rows.push_back({trade.exited.isZero() ? ArithmeticText::tr("Entry fee") : ArithmeticText::tr("Fees"),
                    ArithmeticText::tr("%1 of %2, booked").arg(percent, money.text(trade.entryNotional)), -trade.fees});
    rows.push_back({ArithmeticText::tr("Exit fee"),
                    ArithmeticText::tr("%1 of %2, estimated").arg(percent, money.text(*worth)), -*exitFee});
    rows.push_back({ArithmeticText::tr("Funding"),
                    bot.instrument.market == Market::Spot ? ArithmeticText::tr("spot pays none")
                                                          : ArithmeticText::tr("so far"),
                    trade.funding});

    Checked<Money> sum = Money(); // of what is written, so that it can be added up by hand
    for (ArithmeticRow &row : rows) {
        row.decimals = money.decimals;
        sum += money.rounded(row.amount);
    }
    if (sum.overflowed())
        return {};
    rows.push_back({ArithmeticText::tr("Net, if closed at the mark"), {}, *sum.value(), money.decimals, true});
    return rows;
}

} // namespace tradebot
