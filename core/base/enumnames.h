// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLatin1StringView>
#include <QString>
#include <QStringView>

#include <optional>
#include <utility>

namespace tradebot {

/// Names of an enumeration as they stand in JSON, in the database and on the command line. Specialised beside the
/// enumeration as `static constexpr std::pair<E, const char *> table[]`.
template<class E>
struct EnumNames;

template<class E>
[[nodiscard]] constexpr QLatin1StringView toName(E value) noexcept
{
    for (const auto &[entry, name] : EnumNames<E>::table) {
        if (entry == value)
            return QLatin1StringView(name);
    }
    return {};
}

template<class E>
[[nodiscard]] std::optional<E> fromName(QStringView text) noexcept
{
    for (const auto &[entry, name] : EnumNames<E>::table) {
        if (text == QLatin1StringView(name))
            return entry;
    }
    return std::nullopt;
}

/// "demo, live", for messages.
template<class E>
[[nodiscard]] QString allNames()
{
    QString text;
    for (const auto &entry : EnumNames<E>::table) {
        if (!text.isEmpty())
            text += QLatin1StringView(", ");
        text += QLatin1StringView(entry.second);
    }
    return text;
}

} // namespace tradebot
