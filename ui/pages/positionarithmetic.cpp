// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/positionarithmetic.h"

#include "ui/format/moneyformat.h"

#include <QCoreApplication>

namespace tradebot {

using namespace Qt::StringLiterals;

namespace {

constexpr int mostDecimals = 8;

QString words(const char *text)
{
    return QCoreApplication::translate("PositionArithmetic", text);
}

bool addsUp(const std::vector<ArithmeticRow> &rows)
{
    Checked<Money> sum = Money();
    for (const ArithmeticRow &row : rows) {
        if (!row.isTotal)
            sum += MoneyFormat{row.decimals}.rounded(row.amount);
    }
    const ArithmeticRow &total = rows.back();
    const MoneyFormat format{total.decimals};
    return sum.value() && format.rounded(*sum.value()) == format.rounded(total.amount);
}

/// Rounded figures that do not add up are no arithmetic: the estimate gets more digits, then all of them.
void makeAddUp(std::vector<ArithmeticRow> &rows, size_t estimate)
{
    if (addsUp(rows))
        return;
    rows[estimate].decimals = 3;
    for (int decimals = 3; !addsUp(rows) && decimals <= mostDecimals; ++decimals) {
        for (ArithmeticRow &row : rows)
            row.decimals = decimals;
    }
}

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

    const MoneyFormat money;
    const QString percent = percentText(
            scaled(rate, Decimal::fromInteger(100), Rounding::HalfEven).value().value_or(rate), 2, Sign::WhenNegative);
    const QString entry = priceText(position.entryPrice(), bot.instrument);
    const QString mark = priceText(*bot.markPrice, bot.instrument);
    const bool isShort = position.side == PositionSide::Short;
    const QString quantity = quantityText(position.quantity, bot.instrument);
    std::vector<ArithmeticRow> rows;
    rows.push_back({words("Price move"),
                    u"(%1 \u2212 %2) × %3"_s.arg(isShort ? entry : mark, isShort ? mark : entry, quantity), *move});
    if (!trade.exited.isZero())
        rows.push_back({words("Realised"), words("%1 closed before").arg(quantityText(trade.exited, bot.instrument)),
                        trade.gross});
    rows.push_back({trade.exited.isZero() ? words("Entry fee") : words("Fees"),
                    words("%1 of %2, booked").arg(percent, money.text(trade.entryNotional)), -trade.fees});
    const size_t estimate = rows.size();
    rows.push_back({words("Exit fee"), words("%1 of %2, estimated").arg(percent, money.text(*worth)), -*exitFee});
    rows.push_back({words("Funding"), bot.instrument.market == Market::Spot ? words("spot pays none") : words("so far"),
                    trade.funding});

    Checked<Money> sum = Money();
    for (const ArithmeticRow &row : rows)
        sum += row.amount;
    if (sum.overflowed())
        return {};
    rows.push_back({words("Net, if closed at the mark"), {}, *sum.value(), 2, true});
    makeAddUp(rows, estimate);
    return rows;
}

} // namespace tradebot
