// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/exchange/pacedmarket.h"

#include <algorithm>

namespace tradebot {

using namespace Qt::StringLiterals;

Result<void> checkMadeUpSymbol(const Symbol &symbol)
{
    constexpr qsizetype shortest = 3;
    constexpr qsizetype longest = 20;
    const QString &text = symbol.value();
    const bool isMadeOfSymbolCharacters = std::all_of(text.begin(), text.end(), [](QChar c) {
        return (c >= u'A' && c <= u'Z') || (c >= u'0' && c <= u'9') || c == u'-';
    });
    if (isMadeOfSymbolCharacters && text.size() >= shortest && text.size() <= longest)
        return {};
    return fail(ErrorCode::NotFound,
                u"\"%1\" is no symbol: it takes %2 to %3 of A-Z, 0-9 and '-'"_s.arg(text.left(longest + 1))
                        .arg(shortest)
                        .arg(longest));
}

Instrument usualInstrument(const Symbol &symbol, Market market, Price typicalPrice)
{
    constexpr std::int64_t one = Decimal::fromInteger(1).raw();
    std::int64_t magnitude = 1; // the largest power of ten that is not above the price
    while (magnitude <= typicalPrice.raw() / 10)
        magnitude *= 10;
    const auto [base, quote] = splitSymbol(symbol);
    Instrument instrument;
    instrument.symbol = symbol;
    instrument.market = market;
    instrument.base = base;
    instrument.quote = quote;
    instrument.priceStep = Price::fromRaw(std::clamp<std::int64_t>(magnitude / 10'000, 1, one / 100));
    instrument.quantityStep = Quantity::fromRaw(std::max<std::int64_t>(one / 10 * one / magnitude, 1));
    instrument.minimumQuantity = instrument.quantityStep;
    return instrument;
}

} // namespace tradebot
