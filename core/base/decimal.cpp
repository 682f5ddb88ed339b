// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/decimal.h"

#include <array>

namespace tradebot::detail {

using namespace Qt::StringLiterals;

namespace {

__extension__ using Int128 = __int128;

constexpr int decimals = 8;
constexpr std::array<std::int64_t, 19> powersOfTen = [] {
    std::array<std::int64_t, 19> powers{};
    std::int64_t power = 1;
    for (auto &entry : powers) {
        entry = power;
        if (power <= std::numeric_limits<std::int64_t>::max() / 10)
            power *= 10;
    }
    return powers;
}();

/// What to add to a quotient that was cut towards zero. sign is that of the exact result.
int correction(Int128 quotient, Int128 remainder, Int128 divisor, int sign, Rounding rounding) noexcept
{
    if (remainder == 0)
        return 0;
    switch (rounding) {
    case Rounding::Floor: return sign < 0 ? -1 : 0;
    case Rounding::Ceiling: return sign > 0 ? 1 : 0;
    case Rounding::TowardZero: return 0;
    case Rounding::AwayFromZero: return sign;
    case Rounding::HalfEven: {
        const Int128 twice = 2 * (remainder < 0 ? -remainder : remainder);
        const Int128 size = divisor < 0 ? -divisor : divisor;
        if (twice > size || (twice == size && quotient % 2 != 0))
            return sign;
        return 0;
    }
    }
    return 0;
}

bool fits(Int128 value) noexcept
{
    return value <= decimalMax && value >= -Int128(decimalMax);
}

Failure badNumber(QByteArrayView text, QStringView why)
{
    constexpr qsizetype shown = 40;
    return fail(ErrorCode::Malformed, u"\"%1\" is not a decimal number: %2"_s.arg(
                                              QString::fromUtf8(text.first(std::min(text.size(), shown))), why));
}

bool isDigit(char c) noexcept
{
    return c >= '0' && c <= '9';
}

} // namespace

std::optional<std::int64_t> multiplyDivide(std::int64_t a, std::int64_t b, std::int64_t c, Rounding rounding) noexcept
{
    if (c == 0)
        return std::nullopt;
    const Int128 product = Int128(a) * b;
    // Most products fit 64 bits; dividing those is several times faster than dividing 128.
    if (fits(product)) {
        const auto narrow = static_cast<std::int64_t>(product);
        const std::int64_t quotient = narrow / c;
        if (narrow == quotient * c)
            return quotient;
    }
    const Int128 quotient = product / c;
    const Int128 remainder = product - quotient * c;
    const int sign = (product < 0) == (c < 0) ? 1 : -1;
    const Int128 result = quotient + correction(quotient, remainder, c, sign, rounding);
    if (!fits(result))
        return std::nullopt;
    return static_cast<std::int64_t>(result);
}

std::optional<std::int64_t> roundToStep(std::int64_t value, std::int64_t step, Rounding rounding) noexcept
{
    if (step <= 0)
        return value;
    const std::int64_t quotient = value / step;
    const std::int64_t remainder = value - quotient * step;
    const int sign = value < 0 ? -1 : 1;
    const Int128 result = Int128(quotient + correction(quotient, remainder, step, sign, rounding)) * step;
    if (!fits(result))
        return std::nullopt;
    return static_cast<std::int64_t>(result);
}

std::optional<std::int64_t> parseDecimalFast(const char *begin, const char *end) noexcept
{
    const char *at = begin;
    const bool negative = at != end && *at == '-';
    if (negative)
        ++at;
    // 18 digits cannot overflow; anything longer, or with an exponent, takes the careful way.
    constexpr int safeDigits = 18;
    std::int64_t digits = 0;
    int count = 0;
    int fraction = -1;
    for (; at != end; ++at) {
        if (isDigit(*at)) {
            if (++count > safeDigits)
                return std::nullopt;
            digits = digits * 10 + (*at - '0');
            if (fraction >= 0)
                ++fraction;
        } else if (*at == '.' && fraction < 0 && count > 0) {
            fraction = 0;
        } else {
            return std::nullopt;
        }
    }
    if (count == 0 || fraction == 0 || fraction > decimals)
        return std::nullopt;
    std::int64_t raw = 0;
    const auto missing = static_cast<std::size_t>(decimals - std::max(fraction, 0));
    if (__builtin_mul_overflow(digits, powersOfTen[missing], &raw))
        return std::nullopt;
    return negative ? -raw : raw;
}

Result<std::int64_t> parseDecimal(QByteArrayView text)
{
    if (const auto fast = parseDecimalFast(text.begin(), text.end()))
        return *fast;
    const char *at = text.begin();
    const char *const end = text.end();
    const bool negative = at != end && *at == '-';
    if (negative)
        ++at;
    // Significant digits go to `digits`, the position of the point to `exponent`.
    Int128 digits = 0;
    int exponent = 0;
    int count = 0;
    bool point = false;
    constexpr Int128 digitsLimit = Int128(1) << 100;
    for (; at != end && (isDigit(*at) || (*at == '.' && !point && count > 0)); ++at) {
        if (*at == '.') {
            point = true;
            if (at + 1 == end || !isDigit(at[1]))
                return badNumber(text, u"a digit must follow the point");
            continue;
        }
        ++count;
        if (digits > digitsLimit) {
            if (point && *at == '0')
                continue; // nothing but zeros may follow here, and they change nothing
            return badNumber(text, u"too many digits");
        }
        digits = digits * 10 + (*at - '0');
        exponent -= point ? 1 : 0;
    }
    if (count == 0)
        return badNumber(text, u"it must begin with a digit or a minus and a digit");
    if (at != end && (*at == 'e' || *at == 'E')) {
        ++at;
        const bool minus = at != end && *at == '-';
        if (at != end && (*at == '-' || *at == '+'))
            ++at;
        int written = 0;
        if (at == end)
            return badNumber(text, u"a digit must follow the exponent sign");
        for (; at != end && isDigit(*at); ++at)
            written = std::min(written * 10 + (*at - '0'), 1000);
        exponent += minus ? -written : written;
    }
    if (at != end)
        return badNumber(text, u"unexpected character at position %1"_s.arg(at - text.begin() + 1));
    for (; exponent > -decimals && digits != 0; --exponent) {
        digits *= 10;
        if (digits > decimalMax)
            return badNumber(text, u"it lies beyond ±92233720368.54775807");
    }
    for (; exponent < -decimals && digits != 0; ++exponent) {
        if (digits % 10 != 0)
            return badNumber(text, u"it has more than 8 decimals");
        digits /= 10;
    }
    if (digits > decimalMax)
        return badNumber(text, u"it lies beyond ±92233720368.54775807");
    const auto raw = static_cast<std::int64_t>(digits);
    return negative ? -raw : raw;
}

void appendDecimal(QByteArray &out, std::int64_t raw, int minimumDecimals)
{
    std::array<char, 32> buffer{};
    char *const end = buffer.data() + buffer.size();
    char *at = end;
    std::uint64_t rest = raw < 0 ? 0 - static_cast<std::uint64_t>(raw) : static_cast<std::uint64_t>(raw);
    int kept = decimals;
    while (kept > minimumDecimals && rest % 10 == 0) {
        rest /= 10;
        --kept;
    }
    for (int i = 0; i < kept; ++i, rest /= 10)
        *--at = static_cast<char>('0' + rest % 10);
    if (kept > 0)
        *--at = '.';
    do {
        *--at = static_cast<char>('0' + rest % 10);
        rest /= 10;
    } while (rest != 0);
    if (raw < 0)
        *--at = '-';
    out.append(at, end - at);
}

Failure overflow(QStringView what)
{
    return fail(ErrorCode::Overflow, u"%1 lies beyond ±92233720368.54775807"_s.arg(what));
}

} // namespace tradebot::detail
