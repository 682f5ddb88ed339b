// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/domain/market.h"

#include <QByteArray>
#include <QByteArrayView>

#include <array>
#include <optional>
#include <vector>

namespace tradebot {

/// Candles of one timeframe, ascending; where there is no candle there is a gap.
struct RecordedCandles
{
    Timeframe timeframe = Timeframe::M1;
    std::vector<Candle> candles;
};

/// Reads a candle file piece by piece: CSV with the header open_time_ms,open,high,low,close,volume, ascending, one
/// interval, gaps allowed. A broken row is an error (Malformed) that begins with its line number. Prices are exact; a
/// volume of more than 8 decimals is rounded half-even, since recordings are full of sums made in binary, and one
/// beyond 92 billion, as of coins that cost next to nothing, counts as that much.
class CandleFileParser final
{
public:
    CandleFileParser() = default;
    CandleFileParser(const CandleFileParser &) = delete;
    CandleFileParser &operator=(const CandleFileParser &) = delete;
    ~CandleFileParser() = default;

    /// How long the whole file is, if that is known: saves memory while the list of candles grows.
    void expectBytes(qint64 bytes) { m_expectedBytes = bytes; }
    /// Takes the next piece; pieces may end anywhere. After an error nothing more is taken.
    [[nodiscard]] Result<void> feed(QByteArrayView bytes);
    /// The end of the file. The timeframe is the most common step between two candles; a candle that does not lie on
    /// its grid (UTC) is an error.
    [[nodiscard]] Result<RecordedCandles> finish();

private:
    [[nodiscard]] Result<void> takeLines(QByteArrayView lines);
    [[nodiscard]] Result<void> takeLine(QByteArrayView line);
    [[nodiscard]] Result<void> takeHeader(QByteArrayView line);
    [[nodiscard]] Result<Candle> readRow(QByteArrayView line) const;
    [[nodiscard]] Result<void> append(const Candle &candle);
    void countStep(std::chrono::milliseconds step);
    void reserveForTheRest(qsizetype bytesTaken);
    [[nodiscard]] Result<Timeframe> commonTimeframe() const;
    [[nodiscard]] std::optional<std::size_t> firstOffGrid(Timeframe timeframe) const;
    [[nodiscard]] Failure tooLong() const;
    [[nodiscard]] Failure broken(qint64 line, const QString &problem) const;

    std::vector<Candle> m_candles;
    QByteArray m_rest; ///< a line whose end has not come yet
    qint64 m_expectedBytes = 0;
    qint64 m_line = 0;      ///< the last one that was taken, from 1
    qint64 m_emptyLine = 0; ///< the first of the empty ones at the end
    /// How often each step came, by place in the table of timeframes; the last counts steps that are none.
    std::array<qint64, std::size(EnumNames<Timeframe>::table) + 1> m_stepCounts{};
    std::chrono::milliseconds m_step = std::chrono::milliseconds::min(); ///< the one before, once there is one
    qint64 *m_stepCount = &m_stepCounts.back();                          ///< that of m_step
    std::chrono::milliseconds m_smallestStep = std::chrono::milliseconds::max();
};

} // namespace tradebot
