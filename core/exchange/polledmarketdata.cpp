// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/exchange/polledmarketdata.h"

#include "core/domain/symbolrule.h"

#include <algorithm>

namespace tradebot {

using namespace Qt::StringLiterals;

Result<void> validateSimulatedSymbol(const Symbol &symbol)
{
    constexpr qsizetype mostShown = 21;
    if (isSymbol(symbol))
        return {};
    return fail(ErrorCode::NotFound,
                u"\"%1\" is no symbol: it %2"_s.arg(symbol.value().left(mostShown), QString::fromUtf16(symbolRule)));
}

Instrument defaultInstrument(const Symbol &symbol, Market market, Price typicalPrice)
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
