// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QHashFunctions>
#include <QtGlobal>

#include <compare>
#include <functional>
#include <utility>

namespace tradebot {

/// An identifier that cannot be passed where another one is wanted. A default-made one is not valid.
template<class Tag, class Rep = qint64>
class StrongId final
{
public:
    StrongId() = default;
    constexpr explicit StrongId(Rep value) noexcept : m_value(std::move(value)) { }

    [[nodiscard]] constexpr const Rep &value() const noexcept { return m_value; }
    [[nodiscard]] constexpr bool isValid() const noexcept { return m_value != Rep{}; }

    friend bool operator==(const StrongId &, const StrongId &) = default;
    friend auto operator<=>(const StrongId &a, const StrongId &b)
    {
        if (a.m_value < b.m_value)
            return std::strong_ordering::less;
        return b.m_value < a.m_value ? std::strong_ordering::greater : std::strong_ordering::equal;
    }
    friend size_t qHash(const StrongId &id, size_t seed = 0) noexcept { return ::qHash(id.m_value, seed); }

private:
    Rep m_value{};
};

} // namespace tradebot

template<class Tag, class Rep>
struct std::hash<tradebot::StrongId<Tag, Rep>>
{
    size_t operator()(const tradebot::StrongId<Tag, Rep> &id) const noexcept { return qHash(id, 0); }
};
