// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/domain/candlefile.h"

#include <algorithm>
#include <iterator>

namespace tradebot {

using namespace Qt::StringLiterals;
using namespace std::chrono;

namespace {

constexpr QByteArrayView header = "open_time_ms,open,high,low,close,volume";
constexpr std::array fieldNames = {"open_time_ms", "open", "high", "low", "close", "volume"};
constexpr qsizetype longestLine = 1024;
constexpr int decimals = 8;
constexpr std::int64_t latestTime = 253'402'300'799'999; // the end of the year 9999
constexpr std::array<std::uint64_t, 9> powersOfTen = {1,       10,        100,        1'000,      10'000,
                                                      100'000, 1'000'000, 10'000'000, 100'000'000};

constexpr bool isDigit(char c) noexcept
{
    return c >= '0' && c <= '9';
}

/// Reads digits up to the first other character. The text ends in a line feed, so that there is one.
/// A number that is too long wraps: the caller counts its digits.
inline const char *scanDigits(const char *at, std::uint64_t &number) noexcept
{
    for (; isDigit(*at); ++at)
        number = number * 10 + static_cast<std::uint64_t>(*at - '0');
    return at;
}

/// Reads "123" or "123.45" up to the character after it; nullptr for whatever is not that plain or might not fit.
inline const char *scanPlainDecimal(const char *begin, std::int64_t &raw) noexcept
{
    constexpr std::ptrdiff_t safeDigits = 10; // and 8 decimals are below 2^63
    std::uint64_t digits = 0;
    const char *at = scanDigits(begin, digits);
    if (at == begin || at - begin > safeDigits)
        return nullptr;
    if (*at != '.') {
        raw = static_cast<std::int64_t>(digits * powersOfTen[decimals]);
        return at;
    }
    const char *const fraction = ++at;
    at = scanDigits(at, digits);
    const std::ptrdiff_t written = at - fraction;
    if (written < 1 || written > decimals)
        return nullptr;
    raw = static_cast<std::int64_t>(digits * powersOfTen[static_cast<std::size_t>(decimals - written)]);
    return at;
}

/// A row in its usual form, with its line feed; the place after it, or nullptr: then the careful way must look at it.
inline const char *scanPlainRow(const char *begin, Candle &candle) noexcept
{
    constexpr std::ptrdiff_t timeDigits = 15;
    std::uint64_t time = 0;
    const char *at = scanDigits(begin, time);
    if (at == begin || at - begin > timeDigits || time > std::uint64_t(latestTime))
        return nullptr;
    std::array<std::int64_t, 5> raw{};
    for (std::int64_t &value : raw) {
        if (*at != ',')
            return nullptr;
        at = scanPlainDecimal(at + 1, value);
        if (at == nullptr)
            return nullptr;
    }
    candle = {fromMilliseconds(static_cast<qint64>(time)),
              Price::fromRaw(raw[0]),
              Price::fromRaw(raw[1]),
              Price::fromRaw(raw[2]),
              Price::fromRaw(raw[3]),
              Quantity::fromRaw(raw[4])};
    at += *at == '\r' ? 1 : 0;
    return *at == '\n' ? at + 1 : nullptr;
}

/// What append() checks of a candle alone, at once.
inline bool isSound(const Candle &candle) noexcept
{
    return candle.low.isPositive() && candle.low <= std::min(candle.open, candle.close)
           && candle.high >= std::max(candle.open, candle.close) && !candle.volume.isNegative();
}

/// A number of any length to 8 decimals, half-even, or the largest there is; nullopt when it is none.
std::optional<std::int64_t> parseRounded(QByteArrayView text)
{
    const qsizetype mark =
            std::find_if(text.begin(), text.end(), [](char c) { return c == 'e' || c == 'E'; }) - text.begin();
    bool ok = true;
    const int exponent = mark < text.size() ? text.sliced(mark + 1).toInt(&ok) : 0;
    const QByteArrayView mantissa = text.first(mark);
    const qsizetype point = mantissa.indexOf('.');
    qsizetype place = (point < 0 ? mantissa.size() : point) + std::clamp(exponent, -1000, 1000); // ten to the place − 1
    std::int64_t raw = 0;
    int next = 0;        // the first digit that is cut off
    bool isMore = false; // another one is not 0
    bool fits = true;
    ok = ok && !mantissa.isEmpty() && isDigit(mantissa.front()) && isDigit(mantissa.back());
    const auto shift = [&raw, &fits](int digit) {
        fits = fits && !__builtin_mul_overflow(raw, 10, &raw) && !__builtin_add_overflow(raw, digit, &raw);
    };
    for (qsizetype i = 0; i < mantissa.size() && ok; ++i) {
        if (i == point)
            continue;
        const int digit = mantissa[i] - '0';
        ok = isDigit(mantissa[i]);
        --place;
        if (place >= -decimals)
            shift(digit);
        else if (place == -decimals - 1)
            next = digit;
        else
            isMore = isMore || digit != 0;
    }
    for (; place > -decimals && raw != 0 && fits; --place)
        shift(0);
    if (next > 5 || (next == 5 && (isMore || raw % 2 != 0)))
        fits = fits && !__builtin_add_overflow(raw, 1, &raw);
    if (!ok)
        return std::nullopt;
    return fits ? raw : Quantity::maximum().raw();
}

QString shown(QByteArrayView text)
{
    constexpr qsizetype most = 60;
    return QString::fromUtf8(text.first(std::min(text.size(), most)));
}

/// The place of the timeframe of this step in the table of timeframes; its size when there is none.
std::size_t placeOf(milliseconds step)
{
    const bool isMonth = step >= days(28) && step <= days(31) && step % days(1) == milliseconds(0);
    const auto &table = EnumNames<Timeframe>::table;
    const auto *const entry = std::find_if(std::begin(table), std::end(table), [&](const auto &row) {
        return row.first == Timeframe::Month1 ? isMonth : nominalLength(row.first) == step;
    });
    return static_cast<std::size_t>(entry - std::begin(table));
}

} // namespace

Failure CandleFileParser::broken(qint64 line, const QString &problem) const
{
    return fail(ErrorCode::Malformed, u"line %1: %2"_s.arg(line).arg(problem));
}

Result<void> CandleFileParser::feed(QByteArrayView bytes)
{
    const qsizetype whole = bytes.lastIndexOf('\n') + 1;
    const qsizetype inRest = whole == 0 ? 0 : m_rest.isEmpty() ? 0 : bytes.indexOf('\n') + 1;
    if (inRest > 0) {
        m_rest.append(bytes.first(inRest));
        if (auto taken = takeLine(m_rest); !taken)
            return taken;
        m_rest.truncate(0);
    }
    if (auto taken = takeLines(bytes.first(whole).sliced(inRest)); !taken)
        return taken;
    if (m_rest.size() + bytes.size() - whole > longestLine)
        return tooLong();
    m_rest.append(bytes.sliced(whole));
    reserveForTheRest(bytes.size());
    return {};
}

/// Whole lines, each with its line feed.
Result<void> CandleFileParser::takeLines(QByteArrayView lines)
{
    const char *at = lines.begin();
    const char *const end = lines.end();
    while (at != end) {
        Candle candle;
        const char *const after = scanPlainRow(at, candle);
        if (after != nullptr && isSound(candle) && !m_candles.empty() && m_emptyLine == 0
            && candle.openTime - m_candles.back().openTime == m_step) [[likely]] {
            ++m_line;
            ++*m_stepCount;
            m_candles.push_back(candle);
            at = after;
            continue;
        }
        const QByteArrayView rest(at, end);
        const QByteArrayView line = rest.first(rest.indexOf('\n') + 1);
        if (auto taken = takeLine(line); !taken)
            return taken;
        at += line.size();
    }
    return {};
}

/// A line with its line feed.
Result<void> CandleFileParser::takeLine(QByteArrayView line)
{
    if (line.size() > longestLine)
        return tooLong();
    ++m_line;
    line.chop(line.endsWith("\r\n") ? 2 : 1);
    if (m_line == 1)
        return takeHeader(line);
    if (line.isEmpty()) {
        m_emptyLine = m_emptyLine == 0 ? m_line : m_emptyLine;
        return {};
    }
    if (m_emptyLine != 0)
        return broken(m_emptyLine, u"is empty"_s);
    const auto candle = readRow(line);
    if (!candle)
        return fail(candle.error());
    return append(*candle);
}

Failure CandleFileParser::tooLong() const
{
    return broken(m_line + 1, u"is longer than %1 characters; this is no candle file"_s.arg(longestLine));
}

Result<void> CandleFileParser::takeHeader(QByteArrayView line)
{
    constexpr QByteArrayView byteOrderMark = "\xEF\xBB\xBF";
    if (line.startsWith(byteOrderMark))
        line = line.sliced(byteOrderMark.size());
    if (line == header)
        return {};
    return broken(1, u"the header must be \"%1\", not \"%2\""_s.arg(shown(header), shown(line)));
}

/// The careful way: any decimal notation, and what is wrong with the rest.
Result<Candle> CandleFileParser::readRow(QByteArrayView line) const
{
    std::array<QByteArrayView, fieldNames.size()> fields;
    const auto count = static_cast<std::size_t>(std::count(line.begin(), line.end(), ',')) + 1;
    if (count != fields.size())
        return broken(m_line, u"has %1 fields, not %2"_s.arg(count).arg(fields.size()));
    for (QByteArrayView &field : fields) {
        const qsizetype comma = line.indexOf(',');
        field = comma < 0 ? line : line.first(comma);
        line = line.sliced(comma < 0 ? line.size() : comma + 1);
    }
    const auto problemOf = [this](std::size_t place, const QString &problem) {
        return broken(m_line, QLatin1StringView(fieldNames[place]) + u": "_s + problem);
    };

    const bool isNumber = !fields[0].isEmpty() && std::all_of(fields[0].begin(), fields[0].end(), isDigit);
    bool ok = false;
    const qint64 time = fields[0].toLongLong(&ok);
    if (!isNumber || !ok || time > latestTime)
        return problemOf(0, u"\"%1\" is no time in milliseconds since 1970"_s.arg(shown(fields[0])));
    std::array<Price, 4> prices;
    for (std::size_t i = 0; i < prices.size(); ++i) {
        const auto price = Price::parse(fields[i + 1]);
        if (!price)
            return problemOf(i + 1, price.error().text);
        prices[i] = *price;
    }
    auto volume = Quantity::parse(fields[5]);
    if (!volume) {
        if (const auto rounded = parseRounded(fields[5]))
            volume = Quantity::fromRaw(*rounded);
    }
    if (!volume)
        return problemOf(5, volume.error().text);
    return Candle{fromMilliseconds(time), prices[0], prices[1], prices[2], prices[3], *volume};
}

Result<void> CandleFileParser::append(const Candle &candle)
{
    if (!candle.low.isPositive())
        return broken(m_line, u"low: must be above 0"_s);
    if (candle.low > std::min(candle.open, candle.close))
        return broken(m_line, u"low: %1 is above open or close"_s.arg(candle.low.toString()));
    if (candle.high < std::max(candle.open, candle.close))
        return broken(m_line, u"high: %1 is below open or close"_s.arg(candle.high.toString()));
    if (candle.volume.isNegative())
        return broken(m_line, u"volume: must not be negative"_s);
    if (!m_candles.empty()) {
        const milliseconds step = candle.openTime - m_candles.back().openTime;
        if (step <= milliseconds(0)) {
            return broken(m_line,
                          u"open_time_ms: %1 is not after the candle before"_s.arg(toMilliseconds(candle.openTime)));
        }
        countStep(step);
    }
    m_candles.push_back(candle);
    return {};
}

void CandleFileParser::countStep(milliseconds step)
{
    if (step != m_step) {
        m_step = step;
        m_stepCount = &m_stepCounts[placeOf(step)];
        m_smallestStep = std::min(m_smallestStep, step);
    }
    ++*m_stepCount;
}

/// A list that doubles whenever it is full would take up to three times its room.
void CandleFileParser::reserveForTheRest(qsizetype bytesTaken)
{
    if (m_expectedBytes <= 0 || m_candles.empty() || bytesTaken <= 0)
        return;
    const qint64 perCandle = std::max<qint64>(12, bytesTaken / static_cast<qint64>(m_candles.size()));
    const qint64 count = m_expectedBytes / perCandle;
    m_candles.reserve(static_cast<std::size_t>(count + count / 64)); // lines differ in length
    m_expectedBytes = 0;
}

Result<RecordedCandles> CandleFileParser::finish()
{
    if (!m_rest.isEmpty()) {
        if (auto taken = feed("\n"); !taken)
            return fail(taken.error());
    }
    if (m_line == 0)
        return fail(ErrorCode::Malformed, u"the file is empty; it must begin with \"%1\""_s.arg(shown(header)));
    if (m_candles.size() < 2) {
        return fail(ErrorCode::Malformed,
                    u"there are %1 candles in it; it takes two to tell their interval"_s.arg(m_candles.size()));
    }
    const auto timeframe = commonTimeframe();
    if (!timeframe)
        return fail(timeframe.error());
    if (const auto place = firstOffGrid(*timeframe)) {
        constexpr qint64 firstRow = 2;
        return broken(static_cast<qint64>(*place) + firstRow,
                      u"open_time_ms: %1 does not lie on the grid of %2 candles (UTC)"_s
                              .arg(toMilliseconds(m_candles[*place].openTime))
                              .arg(toName(*timeframe)));
    }
    return RecordedCandles{*timeframe, std::move(m_candles)};
}

/// Equally common: the shorter one.
Result<Timeframe> CandleFileParser::commonTimeframe() const
{
    const auto *const most = std::max_element(m_stepCounts.begin(), std::prev(m_stepCounts.end()));
    if (*most > 0)
        return EnumNames<Timeframe>::table[most - m_stepCounts.begin()].first;
    return fail(ErrorCode::Malformed, u"no two candles are a known interval apart (%1); the smallest step is %2 ms"_s
                                              .arg(allNames<Timeframe>())
                                              .arg(m_smallestStep.count()));
}

std::optional<std::size_t> CandleFileParser::firstOffGrid(Timeframe timeframe) const
{
    Timestamp expected = Timestamp::min();
    for (std::size_t i = 0; i < m_candles.size(); ++i) {
        const Timestamp time = m_candles[i].openTime;
        if (time != expected && openTimeOf(time, timeframe) != time)
            return i;
        expected = nextOpenTime(time, timeframe);
    }
    return std::nullopt;
}

} // namespace tradebot
