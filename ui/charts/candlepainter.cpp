// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/candlepainter.h"

#include "ui/charts/axis.h"
#include "ui/charts/charttext.h"
#include "ui/theme/theme.h"

#include <QPainter>
#include <QPainterPath>

#include <algorithm>
#include <cmath>

namespace tradebot {

using namespace Qt::StringLiterals;

namespace {

constexpr double volumeShare = 0.15; ///< of the plot's height
constexpr double volumeOpacity = 0.55;

QColor gridColor(const Theme &theme)
{
    return theme.color(Token::Grid);
}

void paintGrid(QPainter &painter, const CandleScene &scene, const Theme &theme)
{
    const CandleView &view = scene.view;
    const QRectF plot = view.plot();
    const ValueTicks prices = priceTicks(scene);
    for (int i = 0; i < prices.count; ++i) {
        const double y = scene.snap(view.yOf(prices.at(i)));
        painter.fillRect(QRectF(plot.left(), y, plot.width(), 1 / scene.pixelRatio), gridColor(theme));
    }
    painter.fillRect(QRectF(scene.snap(plot.right()), plot.top(), 1 / scene.pixelRatio, plot.height()),
                     theme.color(Token::Border));
    painter.fillRect(QRectF(plot.left(), scene.snap(plot.bottom()), plot.width(), 1 / scene.pixelRatio),
                     theme.color(Token::Border));
}

void paintTimeAxis(QPainter &painter, const CandleScene &scene, const Theme &theme)
{
    const CandleView &view = scene.view;
    const size_t first = view.firstVisible();
    const size_t end = view.endVisible();
    if (first >= end)
        return;
    std::vector<Timestamp> times;
    const size_t begin = first > 0 ? first - 1 : 0; // the one before tells whether the first begins a step
    for (size_t i = begin; i < end; ++i)
        times.push_back(scene.series.at(i).time);
    const double secondsPerPixel = static_cast<double>(nominalLength(scene.timeframe).count()) / 1000 / view.barWidth();
    const TimeStep step = timeStepFor(secondsPerPixel * scene.px(60));
    QFont major = scene.font;
    major.setWeight(QFont::Medium);
    const double y = view.plot().bottom() + scene.px(3);
    double nextFree = view.plot().left() + scene.px(4);
    for (const TimeTick &tick : timeTicks(times, step, scene.zone)) {
        const double x = scene.snap(view.centreOf(static_cast<double>(begin) + tick.index));
        painter.fillRect(QRectF(x, view.plot().top(), 1 / scene.pixelRatio, view.plot().height()), gridColor(theme));
        const QFont &font = tick.isMajor ? major : scene.font;
        const double width = QFontMetricsF(font).horizontalAdvance(tick.label);
        if (x - width / 2 < nextFree || x + width / 2 > view.plot().right())
            continue;
        painter.setFont(font);
        painter.setPen(theme.color(tick.isMajor ? Token::Text : Token::Axis));
        painter.drawText(QRectF(x - width / 2 - 1, y, width + 2, scene.px(18)), Qt::AlignCenter, tick.label);
        nextFree = x + width / 2 + scene.px(10);
    }
}

/// A dotted line where the market has no candles for a while.
void paintGaps(QPainter &painter, const CandleScene &scene, const Theme &theme)
{
    const auto tolerated = nominalLength(scene.timeframe) * 3 / 2;
    if (scene.timeframe == Timeframe::Month1)
        return;
    painter.setPen(QPen(theme.color(Token::BorderStrong), 0, Qt::DotLine));
    for (size_t i = std::max<size_t>(1, scene.view.firstVisible()); i < scene.view.endVisible(); ++i) {
        if (scene.series.at(i).time - scene.series.at(i - 1).time <= tolerated)
            continue;
        const double x = scene.snap(scene.view.centreOf(static_cast<double>(i) - 0.5));
        painter.drawLine(QPointF(x, scene.view.plot().top()), QPointF(x, scene.view.plot().bottom()));
    }
}

void paintVolume(QPainter &painter, const CandleScene &scene, const Theme &theme, size_t begin, size_t end)
{
    if (scene.largestVolume <= 0)
        return;
    const QRectF plot = scene.view.plot();
    std::vector<QRectF> rects;
    for (size_t i = begin; i < end; ++i) {
        const double share = std::min(1.0, scene.series.at(i).volume / scene.largestVolume);
        const double top = scene.snap(plot.bottom() - share * plot.height() * volumeShare);
        if (top < plot.bottom())
            rects.push_back(scene.barRect(i, top, scene.snap(plot.bottom())));
    }
    QColor color = theme.color(Token::Volume);
    color.setAlphaF(static_cast<float>(volumeOpacity));
    painter.setPen(Qt::NoPen);
    painter.setBrush(color);
    painter.drawRects(rects.data(), static_cast<int>(rects.size()));
}

void paintAverage(QPainter &painter, const CandleScene &scene, const QColor &color, const std::vector<double> &values)
{
    QPainterPath path;
    bool isDown = false;
    const size_t begin = scene.view.firstVisible() > 0 ? scene.view.firstVisible() - 1 : 0;
    for (size_t i = begin; i < std::min(values.size(), scene.view.endVisible()); ++i) {
        if (std::isnan(values[i])) {
            isDown = false;
            continue;
        }
        const QPointF point(scene.view.centreOf(static_cast<double>(i)), scene.view.yOf(values[i]));
        if (isDown)
            path.lineTo(point);
        else
            path.moveTo(point);
        isDown = true;
    }
    painter.strokePath(path, QPen(color, scene.px(1.5)));
}

void paintTriangle(QPainter &painter, QPointF tip, double size, bool isUp)
{
    const double base = isUp ? tip.y() + size : tip.y() - size;
    const std::array points = {tip, QPointF(tip.x() - size * 0.6, base), QPointF(tip.x() + size * 0.6, base)};
    painter.drawPolygon(points.data(), static_cast<int>(points.size()));
}

/// Paints one side of a trade: bought below the candle, sold above it. Returns the rectangle of the triangle.
QRectF paintFillMark(QPainter &painter, const CandleScene &scene, size_t bar, bool isBuy)
{
    const double x = scene.view.centreOf(static_cast<double>(bar));
    const double size = scene.px(8);
    const double tip = isBuy ? scene.view.yOf(scene.series.at(bar).low) + scene.px(4)
                             : scene.view.yOf(scene.series.at(bar).high) - scene.px(4);
    paintTriangle(painter, QPointF(x, tip), size, isBuy);
    return {x - size, isBuy ? tip : tip - size, size * 2, size};
}

void paintTrades(QPainter &painter, const CandleScene &scene, const Theme &theme)
{
    const CandleSeries &series = scene.series;
    if (series.isEmpty())
        return;
    std::vector<QRectF> taken; // labels that would cover one another are left out; the table has them all
    painter.setFont(scene.tagFont);
    const Timestamp first = series.at(scene.view.firstVisible() < series.size() ? scene.view.firstVisible() : 0).time;
    for (const TradeMark &trade : scene.trades) {
        const auto exit = series.indexAt(trade.exitTime);
        if (!exit || trade.exitTime < first)
            continue;
        const auto entry = series.indexAt(trade.entryTime);
        const QColor color = theme.color(trade.outcome < 0 ? Token::Loss : Token::Profit);
        const QPointF to(scene.view.centreOf(static_cast<double>(*exit)), scene.view.yOf(trade.exitPrice));
        if (entry) {
            QPen pen(trade.outcome == 0 ? theme.color(Token::Text2) : color, scene.px(1.2));
            pen.setDashPattern({2.5, 2.5});
            painter.setPen(pen);
            painter.drawLine(
                    QPointF(scene.view.centreOf(static_cast<double>(*entry)), scene.view.yOf(trade.entryPrice)), to);
        }
        painter.setPen(QPen(theme.color(Token::Panel), scene.px(1)));
        painter.setBrush(theme.color(Token::Text));
        if (entry)
            paintFillMark(painter, scene, *entry, !trade.isShort);
        const QRectF mark = paintFillMark(painter, scene, *exit, trade.isShort);
        const QSizeF size = QFontMetricsF(scene.tagFont).size(Qt::TextSingleLine, trade.label);
        QRectF box(QPointF(mark.center().x() - size.width() / 2,
                           trade.isShort ? mark.bottom() + scene.px(2) : mark.top() - size.height() - scene.px(2)),
                   size);
        if (std::any_of(taken.begin(), taken.end(), [&](const QRectF &other) { return other.intersects(box); }))
            continue;
        taken.push_back(box);
        paintHaloText(painter, box, trade.label, trade.outcome == 0 ? theme.color(Token::Text2) : color,
                      theme.color(Token::Panel), scene.px(3));
    }
    if (scene.position) {
        if (const auto entry = series.indexAt(scene.position->entryTime)) {
            painter.setPen(QPen(theme.color(Token::Panel), scene.px(1)));
            painter.setBrush(theme.color(Token::Text));
            paintFillMark(painter, scene, *entry, !scene.position->isShort);
        }
    }
}

/// Bodies and wicks of one direction as rectangles, so that they are sharp at any pixel ratio.
struct Shapes
{
    std::vector<QRectF> bodies;
    std::vector<QRectF> wicks;
};

void addBar(Shapes &shapes, const CandleScene &scene, size_t index, bool isHollow)
{
    const Bar &bar = scene.series.at(index);
    const double pixel = 1 / scene.pixelRatio;
    const double top = scene.snap(scene.view.yOf(std::max(bar.open, bar.close)));
    const double bottom = std::max(scene.snap(scene.view.yOf(std::min(bar.open, bar.close))), top + pixel);
    const QRectF body = scene.barRect(index, top, bottom);
    const double wick = std::max(pixel, std::round(scene.scale * scene.pixelRatio) / scene.pixelRatio);
    const double x = body.center().x() - wick / 2;
    const double high = scene.snap(scene.view.yOf(bar.high));
    const double low = scene.snap(scene.view.yOf(bar.low));
    shapes.bodies.push_back(body);
    if (!isHollow) {
        shapes.wicks.emplace_back(x, high, wick, std::max(low - high, pixel));
        return;
    }
    if (high < top)
        shapes.wicks.emplace_back(x, high, wick, top - high);
    if (low > bottom)
        shapes.wicks.emplace_back(x, bottom, wick, low - bottom);
}

void fillAll(QPainter &painter, const std::vector<QRectF> &rects)
{
    painter.drawRects(rects.data(), static_cast<int>(rects.size()));
}

/// Outlines, one device pixel inside the body; too narrow a body is filled.
void outlineAll(QPainter &painter, const CandleScene &scene, const std::vector<QRectF> &bodies)
{
    const double pixel = 1 / scene.pixelRatio;
    std::vector<QRectF> edges;
    for (const QRectF &body : bodies) {
        if (body.width() < 3 * pixel || body.height() < 3 * pixel) {
            edges.push_back(body);
            continue;
        }
        edges.emplace_back(body.left(), body.top(), body.width(), pixel);
        edges.emplace_back(body.left(), body.bottom() - pixel, body.width(), pixel);
        edges.emplace_back(body.left(), body.top(), pixel, body.height());
        edges.emplace_back(body.right() - pixel, body.top(), pixel, body.height());
    }
    fillAll(painter, edges);
}

} // namespace

ValueTicks priceTicks(const CandleScene &scene)
{
    constexpr int fewest = 3; // fewer say nothing of what lies between
    const double height = scene.view.plot().height();
    const auto ticks = [&](int most) { return valueTicks(scene.view.priceLow(), scene.view.priceHigh(), most); };
    int most = std::max(fewest, static_cast<int>(height / scene.px(24))); // steps of 1, 2, 5: 24 to 60
    ValueTicks prices = ticks(most);
    while (prices.count < fewest && most < static_cast<int>(height / scene.px(18)))
        prices = ticks(++most);
    return prices;
}

double CandleScene::snap(double place) const
{
    return std::round(place * pixelRatio) / pixelRatio;
}

QRectF CandleScene::barRect(size_t index, double top, double bottom) const
{
    const double pixel = 1 / pixelRatio;
    const double width = std::max(pixel, snap(std::min(view.barWidth() * 0.7, px(18))));
    const double left = snap(view.centreOf(static_cast<double>(index)) - width / 2);
    return {left, top, width, bottom - top};
}

void paintBars(QPainter &painter, const CandleScene &scene, const Theme &theme, size_t begin, size_t end)
{
    const bool isHollowUp = theme.choice().candles == MoneyPalette::Mono;
    Shapes up;
    Shapes down;
    for (size_t i = begin; i < end; ++i) {
        const bool isUp = scene.series.at(i).isUp();
        addBar(isUp ? up : down, scene, i, isUp && isHollowUp);
    }
    painter.setPen(Qt::NoPen);
    painter.setBrush(theme.color(Token::Up));
    fillAll(painter, up.wicks);
    if (isHollowUp) {
        painter.setBrush(theme.color(Token::Panel));
        fillAll(painter, up.bodies);
        painter.setBrush(theme.color(Token::Up));
        outlineAll(painter, scene, up.bodies);
    } else {
        fillAll(painter, up.bodies);
    }
    painter.setBrush(theme.color(Token::Down));
    fillAll(painter, down.wicks);
    fillAll(painter, down.bodies);
}

void paintHistory(QPainter &painter, const CandleScene &scene, const Theme &theme)
{
    painter.setRenderHint(QPainter::Antialiasing, false);
    paintGrid(painter, scene, theme);
    paintTimeAxis(painter, scene, theme);
    painter.save();
    painter.setClipRect(scene.view.plot());
    paintGaps(painter, scene, theme);
    const size_t begin = scene.view.firstVisible();
    const size_t end = std::min(scene.view.endVisible(), scene.series.closedCount());
    paintVolume(painter, scene, theme, begin, end);
    if (begin < end)
        paintBars(painter, scene, theme, begin, end);
    painter.setRenderHint(QPainter::Antialiasing);
    for (size_t i = scene.averages.size(); i-- > 0;) {
        if (i < scene.averageValues.size())
            paintAverage(painter, scene, theme.color(scene.averages[i].color), scene.averageValues[i]);
    }
    paintTrades(painter, scene, theme);
    painter.restore();
}

void paintLive(QPainter &painter, const CandleScene &scene, const Theme &theme)
{
    const size_t index = scene.series.closedCount();
    if (!scene.series.live() || index >= scene.view.endVisible())
        return;
    painter.save();
    painter.setClipRect(scene.view.plot(), Qt::IntersectClip);
    paintVolume(painter, scene, theme, index, index + 1);
    paintBars(painter, scene, theme, index, index + 1);
    painter.setRenderHint(QPainter::Antialiasing);
    for (size_t i = 0; i < scene.averageValues.size() && index > 0; ++i) {
        const std::vector<double> &values = scene.averageValues[i];
        if (values.size() < index || std::isnan(values[index - 1]))
            continue;
        const double weight = 2.0 / (scene.averages[i].period + 1);
        const double next = values[index - 1] + weight * (scene.series.live()->close - values[index - 1]);
        painter.setPen(QPen(theme.color(scene.averages[i].color), scene.px(1.5)));
        painter.drawLine(
                QPointF(scene.view.centreOf(static_cast<double>(index) - 1), scene.view.yOf(values[index - 1])),
                QPointF(scene.view.centreOf(static_cast<double>(index)), scene.view.yOf(next)));
    }
    painter.restore();
}

QRectF liveRect(const CandleScene &scene)
{
    const QRectF plot = scene.view.plot();
    const auto index = static_cast<double>(scene.series.closedCount());
    const double left = scene.view.centreOf(index - 1) - scene.px(2);
    const double right = scene.view.centreOf(index + 0.5) + scene.px(2);
    return QRectF(left, plot.top(), right - left, plot.height()).intersected(plot.adjusted(0, 0, 2, 2));
}

} // namespace tradebot
