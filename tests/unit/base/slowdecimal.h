// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/decimal.h"

#include <QByteArray>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>

/// Decimal arithmetic as it is done on paper, digit by digit on text: slow, and written without a look at what it
/// judges.
namespace slow {

/// A whole number without sign: decimal digits, no leading zeros, "" for none.
using Digits = std::string;

inline Digits trimmed(Digits digits)
{
    digits.erase(0, std::min(digits.find_first_not_of('0'), digits.size()));
    return digits;
}

inline Digits magnitude(std::int64_t value)
{
    std::string text = std::to_string(value);
    if (value < 0)
        text.erase(0, 1);
    return trimmed(text);
}

inline bool isLess(const Digits &a, const Digits &b)
{
    return a.size() != b.size() ? a.size() < b.size() : a < b;
}

inline Digits sum(const Digits &a, const Digits &b)
{
    Digits result;
    int carry = 0;
    for (std::size_t i = 0; i < std::max(a.size(), b.size()) || carry != 0; ++i) {
        carry += i < a.size() ? a[a.size() - 1 - i] - '0' : 0;
        carry += i < b.size() ? b[b.size() - 1 - i] - '0' : 0;
        result.push_back(static_cast<char>('0' + carry % 10));
        carry /= 10;
    }
    std::reverse(result.begin(), result.end());
    return trimmed(result);
}

/// a − b, where b is not the larger one.
inline Digits difference(const Digits &a, const Digits &b)
{
    Digits result = a;
    int borrow = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        int digit = a[a.size() - 1 - i] - '0' - borrow - (i < b.size() ? b[b.size() - 1 - i] - '0' : 0);
        borrow = digit < 0 ? 1 : 0;
        digit += 10 * borrow;
        result[a.size() - 1 - i] = static_cast<char>('0' + digit);
    }
    return trimmed(result);
}

inline Digits product(const Digits &a, const Digits &b)
{
    Digits result;
    for (const char digit : b) {
        result.push_back('0');
        result = trimmed(result);
        for (int i = 0; i < digit - '0'; ++i)
            result = sum(result, a);
    }
    return result;
}

struct Division
{
    Digits quotient;
    Digits remainder;
};

inline Division divided(const Digits &a, const Digits &b)
{
    Division result;
    for (const char digit : a) {
        result.remainder = trimmed(result.remainder + digit);
        int times = 0;
        for (; !isLess(result.remainder, b); ++times)
            result.remainder = difference(result.remainder, b);
        result.quotient.push_back(static_cast<char>('0' + times));
    }
    result.quotient = trimmed(result.quotient);
    return result;
}

inline std::optional<std::int64_t> signedValue(const Digits &digits, bool negative)
{
    if (isLess("9223372036854775807", digits))
        return std::nullopt;
    const std::int64_t value = digits.empty() ? 0 : std::stoll(digits);
    return negative ? -value : value;
}

inline std::optional<std::int64_t> multiplyDivide(std::int64_t a, std::int64_t b, std::int64_t c,
                                                  tradebot::Rounding rounding)
{
    using tradebot::Rounding;
    if (c == 0)
        return std::nullopt;
    const bool negative = ((a < 0) != (b < 0)) != (c < 0);
    const Digits divisor = magnitude(c);
    const auto [cut, rest] = divided(product(magnitude(a), magnitude(b)), divisor);
    bool larger = false;
    if (!rest.empty()) {
        const Digits twice = sum(rest, rest);
        const bool odd = !cut.empty() && (cut.back() - '0') % 2 == 1;
        switch (rounding) {
        case Rounding::Floor: larger = negative; break;
        case Rounding::Ceiling: larger = !negative; break;
        case Rounding::TowardZero: break;
        case Rounding::AwayFromZero: larger = true; break;
        case Rounding::HalfEven: larger = isLess(divisor, twice) || (twice == divisor && odd); break;
        }
    }
    return signedValue(larger ? sum(cut, "1") : cut, negative);
}

inline std::optional<std::int64_t> add(std::int64_t a, std::int64_t b)
{
    const Digits left = magnitude(a);
    const Digits right = magnitude(b);
    if ((a < 0) == (b < 0))
        return signedValue(sum(left, right), a < 0);
    return isLess(left, right) ? signedValue(difference(right, left), b < 0)
                               : signedValue(difference(left, right), a < 0);
}

/// The number `digits` × 10^-decimals in units of 1e-8; nothing when it is not a whole number of those or too large.
inline std::optional<std::int64_t> shifted(Digits digits, int decimals, bool negative)
{
    for (; decimals < 8; ++decimals)
        digits.push_back('0');
    for (; decimals > 8; --decimals) {
        if (!digits.empty() && digits.back() != '0')
            return std::nullopt;
        if (!digits.empty())
            digits.pop_back();
    }
    return signedValue(trimmed(digits), negative);
}

inline QByteArray print(std::int64_t raw, int minimumDecimals)
{
    std::string digits = magnitude(raw);
    digits.insert(0, std::max<std::size_t>(digits.size(), 9) - digits.size(), '0');
    std::string whole = digits.substr(0, digits.size() - 8);
    std::string fraction = digits.substr(digits.size() - 8);
    while (static_cast<int>(fraction.size()) > minimumDecimals && fraction.back() == '0')
        fraction.pop_back();
    return QByteArray::fromStdString((raw < 0 ? "-" : "") + whole + (fraction.empty() ? "" : "." + fraction));
}

} // namespace slow
