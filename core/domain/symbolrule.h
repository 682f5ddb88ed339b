// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/domain/ids.h"

#include <algorithm>

namespace tradebot {

/// What forms, config and markets say of a symbol that breaks the rule.
inline constexpr auto symbolRule = u"must have 3 to 20 of the characters A-Z, 0-9, - and _";

/// The one rule of what a symbol is, for configs and markets alike: a bot that may be made can also be started.
[[nodiscard]] inline bool isSymbol(const Symbol &symbol)
{
    constexpr qsizetype shortest = 3;
    constexpr qsizetype longest = 20;
    const QString &text = symbol.value();
    return text.size() >= shortest && text.size() <= longest && std::all_of(text.begin(), text.end(), [](QChar c) {
               return (c >= u'A' && c <= u'Z') || (c >= u'0' && c <= u'9') || c == u'-' || c == u'_';
           });
}

} // namespace tradebot
