// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/charts/axis.h"
#include "ui/charts/candleseries.h"
#include "ui/charts/candleview.h"
#include "ui/charts/chartmarks.h"

#include <QFont>
#include <QTimeZone>

#include <vector>

class QPainter;

namespace tradebot {

class Theme;

/// All that a candle chart shows, and where.
struct CandleScene
{
    CandleSeries series;
    CandleView view;
    Timeframe timeframe = Timeframe::M1;
    QTimeZone zone = QTimeZone::utc();
    int decimals = 2; ///< of the instrument's prices
    std::vector<TradeMark> trades;
    std::vector<ChartLine> lines;
    std::optional<PositionMark> position;
    std::vector<AverageLine> averages;
    std::vector<std::vector<double>> averageValues; ///< one row per average, one value per closed bar
    double largestVolume = 0;                       ///< of what is seen
    QFont font;
    QFont tagFont;
    double scale = 1; ///< device-independent pixels per unit of the design
    double pixelRatio = 1;

    [[nodiscard]] double px(double units) const { return units * scale; }
    /// To the nearest edge of a device pixel.
    [[nodiscard]] double snap(double place) const;
    [[nodiscard]] QRectF barRect(size_t index, double top, double bottom) const;
};

/// Where the price axis has its lines.
[[nodiscard]] ValueTicks priceTicks(const CandleScene &scene);
/// Paints what changes only when a bar closes or the view moves: grid, time axis, closed candles, averages, trades.
void paintHistory(QPainter &painter, const CandleScene &scene, const Theme &theme);
/// Paints the candle that is still open, with its volume and the ends of the averages.
void paintLive(QPainter &painter, const CandleScene &scene, const Theme &theme);
/// Where the open candle can leave pixels.
[[nodiscard]] QRectF liveRect(const CandleScene &scene);
/// The bars of one list in the colours of the candle palette.
void paintBars(QPainter &painter, const CandleScene &scene, const Theme &theme, size_t begin, size_t end);

} // namespace tradebot
