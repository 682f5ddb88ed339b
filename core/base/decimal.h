// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <QByteArrayView>
#include <QString>
#include <QStringView>

#include <compare>
#include <cstdint>
#include <limits>
#include <optional>

namespace tradebot {

/// Which neighbour a result takes that lies between two representable values.
enum class Rounding {
    Floor,        ///< towards minus infinity
    Ceiling,      ///< towards plus infinity
    TowardZero,   ///< smaller magnitude
    AwayFromZero, ///< larger magnitude
    HalfEven,     ///< nearest, ties to the even neighbour
};

namespace detail {

inline constexpr std::int64_t decimalScale = 100'000'000;
/// The smallest int64 is left out, so that negation can never overflow.
inline constexpr std::int64_t decimalMax = std::numeric_limits<std::int64_t>::max();

/// a × b ÷ c through 128 bits; nullopt when c is 0 or the result is out of range. The only place that needs
/// a 128-bit type.
[[nodiscard]] std::optional<std::int64_t> multiplyDivide(std::int64_t a, std::int64_t b, std::int64_t c,
                                                         Rounding rounding) noexcept;
[[nodiscard]] std::optional<std::int64_t> roundToStep(std::int64_t value, std::int64_t step,
                                                      Rounding rounding) noexcept;
[[nodiscard]] Result<std::int64_t> parseDecimal(QByteArrayView text);
[[nodiscard]] std::optional<std::int64_t> parseDecimalFast(const char *begin, const char *end) noexcept;
/// Digits of raw at 1e-8 without trailing zeros, but at least minimumDecimals of them.
void appendDecimal(QByteArray &out, std::int64_t raw, int minimumDecimals = 0);
[[nodiscard]] Failure overflow(QStringView what);

} // namespace detail

template<class T>
class Checked;

/// An exact decimal of one dimension: an int64 in units of 1e-8, range ±92,233,720,368.54775807. Values of
/// different tags do not mix; sums and products are Checked and cannot be used before they were looked at.
template<class Tag>
class Fixed final
{
public:
    constexpr Fixed() noexcept = default;

    [[nodiscard]] static constexpr Fixed fromRaw(std::int64_t raw) noexcept
    {
        Fixed value;
        value.m_raw = raw < -detail::decimalMax ? -detail::decimalMax : raw;
        return value;
    }
    /// Whole units; for constants in code.
    [[nodiscard]] static constexpr Fixed fromInteger(std::int32_t units) noexcept
    {
        return fromRaw(units * detail::decimalScale);
    }
    /// Reads "-12.5", "1e-3"; refuses more than 8 decimals (unless zeros), spaces and anything out of range.
    [[nodiscard]] static Result<Fixed> parse(QByteArrayView text)
    {
        return detail::parseDecimal(text).map([](std::int64_t raw) { return fromRaw(raw); });
    }
    [[nodiscard]] static Result<Fixed> parse(QStringView text) { return parse(QByteArrayView(text.toUtf8())); }
    [[nodiscard]] static constexpr Fixed maximum() noexcept { return fromRaw(detail::decimalMax); }
    /// The smallest positive value, 0.00000001.
    [[nodiscard]] static constexpr Fixed smallest() noexcept { return fromRaw(1); }

    [[nodiscard]] constexpr std::int64_t raw() const noexcept { return m_raw; }
    [[nodiscard]] constexpr bool isZero() const noexcept { return m_raw == 0; }
    [[nodiscard]] constexpr bool isPositive() const noexcept { return m_raw > 0; }
    [[nodiscard]] constexpr bool isNegative() const noexcept { return m_raw < 0; }
    [[nodiscard]] constexpr Fixed abs() const noexcept { return fromRaw(m_raw < 0 ? -m_raw : m_raw); }
    /// For charts, indicators and statistics only.
    [[nodiscard]] constexpr double toDouble() const noexcept
    {
        return static_cast<double>(m_raw) / static_cast<double>(detail::decimalScale);
    }
    /// Exact, without trailing zeros, with at least the given number of decimals.
    [[nodiscard]] QByteArray toBytes(int minimumDecimals = 0) const
    {
        QByteArray out;
        detail::appendDecimal(out, m_raw, minimumDecimals);
        return out;
    }
    [[nodiscard]] QString toString(int minimumDecimals = 0) const
    {
        return QString::fromLatin1(toBytes(minimumDecimals));
    }

    constexpr Fixed operator-() const noexcept { return fromRaw(-m_raw); }
    friend constexpr auto operator<=>(Fixed, Fixed) noexcept = default;

private:
    std::int64_t m_raw = 0;
};

/// A sum or product that may have left the range. Overflow sticks through further arithmetic, so that a whole
/// formula is looked at once, at its end.
template<class T>
class Checked final
{
public:
    constexpr Checked(T value) noexcept : m_value(value) { } // NOLINT(google-explicit-constructor)
    constexpr explicit Checked(std::optional<std::int64_t> raw) noexcept
        : m_value(T::fromRaw(raw.value_or(0))),
          m_overflowed(!raw.has_value())
    { }
    [[nodiscard]] static constexpr Checked failed() noexcept { return Checked(std::optional<std::int64_t>()); }

    [[nodiscard]] constexpr bool overflowed() const noexcept { return m_overflowed; }
    [[nodiscard]] constexpr std::optional<T> value() const noexcept
    {
        return m_overflowed ? std::nullopt : std::optional<T>(m_value);
    }
    [[nodiscard]] constexpr T valueOr(T other) const noexcept { return m_overflowed ? other : m_value; }
    /// The value, or an Overflow error that says what it was to be.
    [[nodiscard]] Result<T> orError(QStringView what) const
    {
        if (m_overflowed)
            return detail::overflow(what);
        return m_value;
    }

    friend constexpr Checked operator+(Checked a, Checked b) noexcept
    {
        std::int64_t sum = 0;
        const bool bad = __builtin_add_overflow(a.m_value.raw(), b.m_value.raw(), &sum);
        return make(sum, bad || a.m_overflowed || b.m_overflowed);
    }
    friend constexpr Checked operator-(Checked a, Checked b) noexcept
    {
        std::int64_t difference = 0;
        const bool bad = __builtin_sub_overflow(a.m_value.raw(), b.m_value.raw(), &difference);
        return make(difference, bad || a.m_overflowed || b.m_overflowed);
    }
    constexpr Checked &operator+=(Checked other) noexcept { return *this = *this + other; }
    constexpr Checked &operator-=(Checked other) noexcept { return *this = *this - other; }
    constexpr Checked operator-() const noexcept { return make(-m_value.raw(), m_overflowed); }

private:
    static constexpr Checked make(std::int64_t raw, bool overflowed) noexcept
    {
        Checked result{T::fromRaw(raw)};
        result.m_overflowed = overflowed || raw < -detail::decimalMax;
        return result;
    }

    T m_value;
    bool m_overflowed = false;
};

template<class Tag>
constexpr Checked<Fixed<Tag>> operator+(Fixed<Tag> a, Fixed<Tag> b) noexcept
{
    return Checked<Fixed<Tag>>(a) + Checked<Fixed<Tag>>(b);
}
template<class Tag>
constexpr Checked<Fixed<Tag>> operator-(Fixed<Tag> a, Fixed<Tag> b) noexcept
{
    return Checked<Fixed<Tag>>(a) - Checked<Fixed<Tag>>(b);
}

using Price = Fixed<struct PriceTag>;       ///< quote per base
using Quantity = Fixed<struct QuantityTag>; ///< base units (coins, contracts)
using Money = Fixed<struct MoneyTag>;       ///< quote units
using Decimal = Fixed<struct DecimalTag>;   ///< without dimension: rates, percentages, parameters

/// price × quantity.
[[nodiscard]] inline Checked<Money> notional(Price price, Quantity quantity, Rounding rounding) noexcept
{
    return Checked<Money>(detail::multiplyDivide(price.raw(), quantity.raw(), detail::decimalScale, rounding));
}

/// value × factor, e.g. a fee: scaled(notional, rate).
template<class Tag>
[[nodiscard]] Checked<Fixed<Tag>> scaled(Fixed<Tag> value, Decimal factor, Rounding rounding) noexcept
{
    return Checked<Fixed<Tag>>(detail::multiplyDivide(value.raw(), factor.raw(), detail::decimalScale, rounding));
}

/// value × percent ÷ 100.
template<class Tag>
[[nodiscard]] Checked<Fixed<Tag>> percentOf(Fixed<Tag> value, Decimal percent, Rounding rounding) noexcept
{
    return Checked<Fixed<Tag>>(
            detail::multiplyDivide(value.raw(), percent.raw(), 100 * detail::decimalScale, rounding));
}

/// part × numerator ÷ denominator, e.g. the cost of a part of a position. Overflow when denominator is 0.
template<class Tag, class Other>
[[nodiscard]] Checked<Fixed<Tag>> proportion(Fixed<Tag> part, Fixed<Other> numerator, Fixed<Other> denominator,
                                             Rounding rounding) noexcept
{
    return Checked<Fixed<Tag>>(detail::multiplyDivide(part.raw(), numerator.raw(), denominator.raw(), rounding));
}

/// money ÷ price; overflow when price is 0.
[[nodiscard]] inline Checked<Quantity> quantityFor(Money money, Price price, Rounding rounding) noexcept
{
    return Checked<Quantity>(detail::multiplyDivide(money.raw(), detail::decimalScale, price.raw(), rounding));
}

/// money ÷ quantity; overflow when quantity is 0.
[[nodiscard]] inline Checked<Price> averagePrice(Money cost, Quantity quantity, Rounding rounding) noexcept
{
    return Checked<Price>(detail::multiplyDivide(cost.raw(), detail::decimalScale, quantity.raw(), rounding));
}

/// a ÷ b of the same dimension; overflow when b is 0.
template<class Tag>
[[nodiscard]] Checked<Decimal> ratio(Fixed<Tag> a, Fixed<Tag> b, Rounding rounding) noexcept
{
    return Checked<Decimal>(detail::multiplyDivide(a.raw(), detail::decimalScale, b.raw(), rounding));
}

/// The multiple of step next to value in the named direction; a step of 0 or less leaves value as it is.
template<class Tag>
[[nodiscard]] Checked<Fixed<Tag>> roundToStep(Fixed<Tag> value, Fixed<Tag> step, Rounding rounding) noexcept
{
    return Checked<Fixed<Tag>>(detail::roundToStep(value.raw(), step.raw(), rounding));
}

} // namespace tradebot
