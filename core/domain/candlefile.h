// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/domain/market.h"

#include <QByteArray>
#include <QByteArrayView>

#include <array>
#include <optional>
#include <vector>

QT_BEGIN_NAMESPACE
class QIODevice;
QT_END_NAMESPACE

namespace tradebot {

/// Candles of one timeframe, ascending; where there is no candle there is a gap.
struct CandleSeries
{
    Timeframe timeframe = Timeframe::M1;
    std::vector<Candle> candles;
};

/// Reads a candle file piece by piece: CSV with the header open_time_ms,open,high,low,close,volume, ascending, one
/// interval, gaps allowed. A broken row is an error (Malformed) that begins with its line number. Prices are exact; a
/// volume of more than 8 decimals is rounded half-even, since recordings are full of sums made in binary.
class CandleFileParser final
{
public:
    /// How long the whole file is, if that is known: saves memory while the list of candles grows.
    void expectBytes(qint64 bytes) { m_expectedBytes = bytes; }
    /// Takes the next piece; pieces may end anywhere. After an error nothing more is taken.
    [[nodiscard]] Result<void> feed(QByteArrayView bytes);
    /// The end of the file. The timeframe is the most common step between two candles; a candle that does not lie on
    /// its grid (UTC) is an error.
    [[nodiscard]] Result<CandleSeries> finish();

private:
    [[nodiscard]] Result<void> takeLine(const char *begin, const char *end);
    [[nodiscard]] Result<void> takeHeader(QByteArrayView line);
    [[nodiscard]] Result<Candle> readRow(QByteArrayView line) const;
    [[nodiscard]] Result<void> append(const Candle &candle);
    void countStep(std::chrono::milliseconds step);
    void reserveForTheRest(qsizetype bytesTaken);
    [[nodiscard]] Result<Timeframe> commonTimeframe() const;
    [[nodiscard]] std::optional<std::size_t> firstOffGrid(Timeframe timeframe) const;
    [[nodiscard]] Failure broken(qint64 line, const QString &problem) const;

    std::vector<Candle> m_candles;
    QByteArray m_rest; ///< a line whose end has not come yet
    qint64 m_expectedBytes = 0;
    qint64 m_line = 0;      ///< the last one that was taken, from 1
    qint64 m_emptyLine = 0; ///< the first of the empty ones at the end
    std::array<qint64, std::size(EnumNames<Timeframe>::table)> m_stepCounts{}; ///< by place in the table
    std::chrono::milliseconds m_step{};
    std::chrono::milliseconds m_smallestStep = std::chrono::milliseconds::max();
    std::size_t m_stepPlace = 0; ///< of m_step in m_stepCounts; beyond it when it is no timeframe
};

/// Reads a whole candle file from an open device, holding only a piece of its text at a time.
[[nodiscard]] Result<CandleSeries> readCandles(QIODevice &device);

} // namespace tradebot
