// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/format/moneyformat.h"

#include <algorithm>
#include <array>

namespace tradebot {

using namespace Qt::StringLiterals;

namespace {

constexpr int scaleDecimals = 8;

std::int64_t powerOfTen(int exponent)
{
    std::int64_t power = 1;
    for (int i = 0; i < exponent; ++i)
        power *= 10;
    return power;
}

int neededDecimals(std::int64_t raw)
{
    int decimals = scaleDecimals;
    while (decimals > 0 && raw % 10 == 0) {
        raw /= 10;
        --decimals;
    }
    return decimals;
}

} // namespace

std::int64_t MoneyFormat::round(std::int64_t raw) const
{
    const int kept = std::clamp(decimals, 0, scaleDecimals);
    const std::int64_t step = powerOfTen(scaleDecimals - kept);
    return detail::roundToStep(raw, step, Rounding::HalfEven).value_or(raw);
}

QString MoneyFormat::write(std::int64_t raw) const
{
    const int kept = std::clamp(decimals, 0, scaleDecimals);
    const std::int64_t value = round(raw);
    const std::int64_t magnitude = value < 0 ? -value : value;
    QString text = QString::number(magnitude / detail::decimalScale);
    for (qsizetype at = text.size() - 3; at > 0; at -= 3)
        text.insert(at, u',');
    if (kept > 0) {
        const QString fraction = QString::number(magnitude % detail::decimalScale).rightJustified(scaleDecimals, u'0');
        text += u'.' + fraction.left(kept);
    }
    if (value < 0)
        return u'\u2212' + text;
    return value > 0 && sign == Sign::Always ? u'+' + text : text;
}

int decimalsOfStep(std::int64_t rawStep)
{
    return rawStep <= 0 ? scaleDecimals : neededDecimals(rawStep);
}

QString priceText(Price price, const Instrument &instrument)
{
    const int decimals = instrument.priceStep.isPositive() ? decimalsOfStep(instrument.priceStep.raw())
                                                           : std::max(2, neededDecimals(price.raw()));
    return MoneyFormat{decimals, Sign::WhenNegative}.text(price);
}

QString quantityText(Quantity quantity, const Instrument &instrument)
{
    const int least = instrument.quantityStep.isPositive() ? decimalsOfStep(instrument.quantityStep.raw()) : 0;
    return MoneyFormat{std::max(least, neededDecimals(quantity.raw())), Sign::WhenNegative}.text(quantity);
}

int decimalsOf(const QString &currency)
{
    static constexpr std::array coins = {std::pair("BTC"_L1, 8), std::pair("ETH"_L1, 6), std::pair("BNB"_L1, 5)};
    const auto coin = std::find_if(coins.begin(), coins.end(),
                                   [&currency](const auto &entry) { return currency == entry.first; });
    return coin == coins.end() ? MoneyFormat().decimals : coin->second;
}

MoneyFormat formatOf(const QString &currency, Sign sign)
{
    return {decimalsOf(currency), sign};
}

QString percentText(Decimal percent, int decimals, Sign sign)
{
    return MoneyFormat{decimals, sign}.text(percent) + u"\u202f%"_s;
}

QString moneyText(Money amount, const QString &currency, Sign sign)
{
    return formatOf(currency, sign).text(amount) + u' ' + currency;
}

QString plainText(Decimal value)
{
    return MoneyFormat{neededDecimals(value.raw()), Sign::WhenNegative}.text(value);
}

} // namespace tradebot
