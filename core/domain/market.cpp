// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/domain/market.h"

#include <algorithm>
#include <array>

namespace tradebot {

using namespace Qt::StringLiterals;
using namespace std::chrono;

std::chrono::milliseconds nominalLength(Timeframe timeframe) noexcept
{
    switch (timeframe) {
    case Timeframe::S1: return 1s;
    case Timeframe::M1: return 1min;
    case Timeframe::M3: return 3min;
    case Timeframe::M5: return 5min;
    case Timeframe::M15: return 15min;
    case Timeframe::M30: return 30min;
    case Timeframe::H1: return 1h;
    case Timeframe::H2: return 2h;
    case Timeframe::H4: return 4h;
    case Timeframe::H6: return 6h;
    case Timeframe::H8: return 8h;
    case Timeframe::H12: return 12h;
    case Timeframe::D1: return days(1);
    case Timeframe::D3: return days(3);
    case Timeframe::W1: return days(7);
    case Timeframe::Month1: return days(30);
    }
    return 1min;
}

Timestamp openTimeOf(Timestamp time, Timeframe timeframe) noexcept
{
    if (timeframe == Timeframe::Month1) {
        const year_month_day date(floor<days>(time));
        return sys_days(date.year() / date.month() / 1);
    }
    // 1970-01-01 was a Thursday; weeks begin on Monday.
    const milliseconds shift = timeframe == Timeframe::W1 ? milliseconds(days(3)) : 0ms;
    const milliseconds length = nominalLength(timeframe);
    const milliseconds since = time.time_since_epoch() + shift;
    milliseconds start = since - since % length;
    if (start > since)
        start -= length;
    return Timestamp(start - shift);
}

Timestamp nextOpenTime(Timestamp openTime, Timeframe timeframe) noexcept
{
    if (timeframe == Timeframe::Month1) {
        const year_month_day date(floor<days>(openTime));
        return sys_days((date.year() / date.month() + months(1)) / 1);
    }
    return openTime + nominalLength(timeframe);
}

bool isMadeOf(Timeframe coarse, Timeframe fine) noexcept
{
    const Timeframe unit = coarse == Timeframe::Month1 && fine != Timeframe::Month1 ? Timeframe::D1 : coarse;
    return nominalLength(unit) % nominalLength(fine) == 0ms;
}

namespace {

/// By the longest known quote currency at the end; nothing when there is none.
std::optional<std::pair<QString, QString>> splitByQuote(const QString &text)
{
    static constexpr std::array quotes = {"FDUSD"_L1, "USDT"_L1, "USDC"_L1, "BUSD"_L1, "TUSD"_L1, "USD"_L1, "EUR"_L1,
                                          "GBP"_L1,   "TRY"_L1,  "JPY"_L1,  "BTC"_L1,  "ETH"_L1,  "BNB"_L1};
    for (const auto quote : quotes) {
        if (text.size() > quote.size() && text.endsWith(quote))
            return std::pair(text.chopped(quote.size()), QString(quote));
    }
    return std::nullopt;
}

/// "PERP", or the day of delivery "261225": what is behind the underscore of a future.
bool isContract(const QString &text)
{
    return text == "PERP"_L1 || (!text.isEmpty() && std::all_of(text.begin(), text.end(), [](QChar c) {
               return c >= u'0' && c <= u'9';
           }));
}

} // namespace

std::pair<QString, QString> splitSymbol(const Symbol &symbol)
{
    const QString &text = symbol.value();
    for (const QChar separator : {u'-', u'/', u'_'}) {
        const qsizetype at = text.indexOf(separator);
        if (at <= 0)
            continue;
        const QString base = text.left(at);
        const QString quote = text.mid(at + 1);
        if (separator == u'_' && isContract(quote))
            return splitByQuote(base).value_or(std::pair(base, u"USD"_s));
        return {base, quote.isEmpty() || isContract(quote) ? u"USD"_s : quote};
    }
    return splitByQuote(text).value_or(std::pair(text, u"USDT"_s));
}

} // namespace tradebot
