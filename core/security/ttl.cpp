// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/security/ttl.h"

#include <algorithm>
#include <optional>

namespace tradebot {

using namespace Qt::StringLiterals;

namespace {

std::optional<std::chrono::seconds> unitOf(QChar letter)
{
    switch (letter.unicode()) {
    case u's': return std::chrono::seconds(1);
    case u'm': return std::chrono::minutes(1);
    case u'h': return std::chrono::hours(1);
    case u'd': return std::chrono::days(1);
    default: return std::nullopt;
    }
}

} // namespace

Result<std::chrono::seconds> parseTtl(QStringView text)
{
    constexpr qsizetype longest = 10; // 31,622,400s: what is longer is out of range
    if (text.size() >= 2 && text.size() <= longest) {
        const QStringView digits = text.chopped(1);
        const auto unit = unitOf(text.back());
        const bool plain = std::all_of(digits.begin(), digits.end(), [](QChar c) { return c >= u'0' && c <= u'9'; });
        if (unit && plain) {
            const auto ttl = *unit * digits.toLongLong();
            if (ttl >= std::chrono::seconds(1) && ttl <= maximumTtl)
                return ttl;
        }
    }
    return fail(ErrorCode::InvalidInput,
                u"\"%1\" is not a lifetime: write a whole number and s, m, h or d, like 24h, up to 366d"_s.arg(text));
}

} // namespace tradebot
