// SPDX-License-Identifier: GPL-3.0-or-later
// What CandleChart paints over its history on each new price.
#include "ui/charts/axis.h"
#include "ui/charts/candlechart.h"
#include "ui/charts/charttext.h"
#include "ui/theme/theme.h"

#include <QDateTime>
#include <QLocale>
#include <QPaintEvent>
#include <QPainter>

#include <algorithm>
#include <cmath>

namespace tradebot {

using namespace Qt::StringLiterals;

namespace {

struct Dashes
{
    double on = 0; ///< in widths of the line; 0 is a whole line
    double off = 0;
};

constexpr Dashes dashesOf(LineKind kind)
{
    switch (kind) {
    case LineKind::Target:
    case LineKind::Stop: return {6, 4};
    case LineKind::Trailing: return {2, 3};
    case LineKind::Mark: return {1, 3};
    case LineKind::Entry: break;
    }
    return {};
}

/// A level line of filled rectangles: ten times as fast as a dashed pen, and sharp.
void paintLevel(QPainter &painter, double left, double right, double y, double width, Dashes dashes,
                const QColor &color)
{
    const double top = y - width / 2;
    if (dashes.on == 0) {
        painter.fillRect(QRectF(left, top, right - left, width), color);
        return;
    }
    std::vector<QRectF> rects;
    const double period = (dashes.on + dashes.off) * width;
    for (double x = left; x < right; x += period)
        rects.emplace_back(x, top, std::min(dashes.on * width, right - x), width);
    painter.setPen(Qt::NoPen);
    painter.setBrush(color);
    painter.drawRects(rects.data(), static_cast<int>(rects.size()));
}

} // namespace

void CandleChart::renderHistory()
{
    m_scene.pixelRatio = devicePixelRatioF();
    m_history = QPixmap(size() * m_scene.pixelRatio);
    m_history.setDevicePixelRatio(m_scene.pixelRatio);
    m_history.fill(m_theme.color(Token::Panel));
    QPainter painter(&m_history);
    paintHistory(painter, m_scene, m_theme);
    m_labels.clear();
    m_historyIsStale = false;
    ++m_historyPaints;
}

void CandleChart::paintEvent(QPaintEvent *event)
{
    if (m_historyIsStale || m_history.size() != size() * devicePixelRatioF())
        renderHistory();
    QPainter painter(this);
    const QRect dirty = event->rect();
    const QRectF source(QPointF(dirty.topLeft()) * m_scene.pixelRatio, QSizeF(dirty.size()) * m_scene.pixelRatio);
    painter.drawPixmap(QRectF(dirty), m_history, source);
    if (m_scene.series.isEmpty()) {
        painter.setFont(m_theme.font(FontRole::Body));
        painter.setPen(m_theme.color(Token::Text2));
        painter.drawText(rect(), Qt::AlignCenter,
                         tr("No candles yet: they come with the first prices of this market."));
        return;
    }
    paintPosition(painter);
    paintLive(painter, m_scene, m_theme);
    paintLines(painter);
    if (m_crosshair)
        paintCrosshair(painter);
    if (hasFocus()) {
        painter.setPen(QPen(m_theme.color(Token::Focus), 2));
        painter.setBrush(Qt::NoBrush);
        painter.drawRect(QRectF(rect()).adjusted(1, 1, -1, -1));
    }
}

QColor CandleChart::lineColor(LineKind kind) const
{
    switch (kind) {
    case LineKind::Target: return m_theme.color(Token::Profit);
    case LineKind::Stop: return m_theme.color(Token::Loss);
    case LineKind::Trailing: return m_theme.color(Token::IndicatorA);
    case LineKind::Entry:
    case LineKind::Mark: return m_theme.color(Token::Text2);
    }
    return {};
}

/// The band between entry and mark, from the entry on, in the colour of what it is worth.
void CandleChart::paintPosition(QPainter &painter) const
{
    const auto mark = std::ranges::find(m_scene.lines, LineKind::Mark, &ChartLine::kind);
    if (!m_scene.position || mark == m_scene.lines.end())
        return;
    const auto entry = m_scene.series.indexAt(m_scene.position->entryTime);
    const QRectF plot = m_scene.view.plot();
    const double left = entry ? std::max(plot.left(), m_scene.view.centreOf(static_cast<double>(*entry))) : plot.left();
    const double from = std::clamp(m_scene.view.yOf(m_scene.position->entryPrice), plot.top(), plot.bottom());
    const double to = std::clamp(m_scene.view.yOf(mark->price), plot.top(), plot.bottom());
    const bool isProfit = m_scene.position->isShort == (mark->price < m_scene.position->entryPrice);
    QColor color = m_theme.color(isProfit ? Token::Profit : Token::Loss);
    color.setAlphaF(0.10F);
    if (left < plot.right())
        painter.fillRect(QRectF(QPointF(left, std::min(from, to)), QPointF(plot.right(), std::max(from, to))), color);
}

std::vector<QRectF> CandleChart::tagBoxes() const
{
    const QRectF plot = m_scene.view.plot();
    const double height = m_scene.px(18);
    std::vector<TagWish> wishes;
    for (const ChartLine &line : m_scene.lines)
        wishes.push_back({m_scene.view.yOf(line.price), line.kind == LineKind::Mark});
    const auto middles = spreadTags(wishes, height + m_scene.px(1), plot.top(), plot.bottom());
    std::vector<QRectF> boxes;
    for (const double middle : middles) {
        const double top = m_scene.snap(middle - height / 2);
        boxes.emplace_back(plot.right() + m_scene.px(2), top, width() - plot.right() - m_scene.px(4), height);
    }
    return boxes;
}

void CandleChart::paintTag(QPainter &painter, const ChartLine &line, const QRectF &box) const
{
    const bool isMark = line.kind == LineKind::Mark;
    const QColor color = isMark ? m_theme.color(Token::Text) : lineColor(line.kind);
    painter.setPen(QPen(color, 1));
    painter.setBrush(isMark ? color : m_theme.color(Token::Panel));
    painter.setRenderHint(QPainter::Antialiasing);
    painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 2, 2);
    painter.setRenderHint(QPainter::Antialiasing, false);
    painter.setPen(isMark ? m_theme.color(Token::Panel) : color);
    painter.setFont(m_scene.tagFont);
    painter.drawText(box.adjusted(m_scene.px(6), 0, 0, 0), Qt::AlignLeft | Qt::AlignVCenter, line.tag);
}

const QPixmap &CandleChart::labelOf(const ChartLine &line)
{
    const QString key = line.label + u'\n' + QString::number(static_cast<int>(line.kind));
    if (const QPixmap *label = m_labels.object(key))
        return *label;
    const QFontMetricsF metrics(m_scene.tagFont);
    const double halo = m_scene.px(3);
    const QSizeF text = metrics.size(Qt::TextSingleLine, line.label);
    const QSize size = (text + QSizeF(2 * halo, 2 * halo)).toSize() + QSize(1, 1);
    auto made = std::make_unique<QPixmap>(size * m_scene.pixelRatio);
    made->setDevicePixelRatio(m_scene.pixelRatio);
    made->fill(Qt::transparent);
    QPainter painter(made.get());
    painter.setFont(m_scene.tagFont);
    paintHaloText(painter, QRectF(QPointF(halo, halo), text), line.label, lineColor(line.kind),
                  m_theme.color(Token::Panel), halo);
    painter.end();
    const QPixmap &label = *made;
    m_labels.insert(key, made.release());
    return label;
}

/// Over their lines, pushed apart where lines lie close together.
void CandleChart::paintLabels(QPainter &painter)
{
    const QRectF plot = m_scene.view.plot();
    std::vector<const ChartLine *> lines;
    std::vector<TagWish> wishes;
    const double height = QFontMetricsF(m_scene.tagFont).height();
    for (const ChartLine &line : m_scene.lines) {
        const double y = m_scene.view.yOf(line.price);
        if (line.label.isEmpty() || y < plot.top() || y > plot.bottom())
            continue;
        lines.push_back(&line);
        wishes.push_back({y - height / 2 - m_scene.px(1), false});
    }
    const auto middles = spreadTags(wishes, height, plot.top(), plot.bottom());
    for (size_t i = 0; i < lines.size(); ++i) {
        const QPixmap &label = labelOf(*lines[i]);
        const QSizeF size = label.deviceIndependentSize();
        painter.drawPixmap(QPointF(m_scene.snap(plot.right() - size.width() - m_scene.px(4)),
                                   m_scene.snap(middles[i] - size.height() / 2)),
                           label);
    }
}

const QPixmap &CandleChart::axisLabel(const QString &text, const QSizeF &size)
{
    const QString key = u"axis\n"_s + text;
    if (const QPixmap *label = m_labels.object(key))
        return *label;
    auto made = std::make_unique<QPixmap>((size * m_scene.pixelRatio).toSize());
    made->setDevicePixelRatio(m_scene.pixelRatio);
    made->fill(m_theme.color(Token::Panel));
    QPainter painter(made.get());
    painter.setFont(m_scene.font);
    painter.setPen(m_theme.color(Token::Axis));
    painter.drawText(QRectF(QPointF(), size), Qt::AlignLeft | Qt::AlignVCenter, text);
    painter.end();
    const QPixmap &label = *made;
    m_labels.insert(key, made.release());
    return label;
}

/// The numbers of the price axis, but those that a tag would cover.
void CandleChart::paintPriceAxis(QPainter &painter, const std::vector<QRectF> &tags)
{
    const ValueTicks prices = priceTicks(m_scene);
    const double left = m_scene.view.plot().right() + m_scene.px(8);
    const QSizeF size(std::ceil(width() - left), std::ceil(m_scene.px(16)));
    for (int i = 0; i < prices.count; ++i) {
        const double y = m_scene.view.yOf(prices.at(i));
        const QRectF box(QPointF(left, y - size.height() / 2), size);
        if (std::ranges::any_of(tags, [&](const QRectF &tag) { return tag.intersects(box); }))
            continue;
        const QString text = numberText(prices.at(i), std::max(m_scene.decimals, prices.decimals));
        painter.drawPixmap(QPointF(m_scene.snap(box.left()), m_scene.snap(box.top())), axisLabel(text, size));
    }
}

void CandleChart::paintLines(QPainter &painter)
{
    const QRectF plot = m_scene.view.plot();
    for (const ChartLine &line : m_scene.lines) {
        const double y = m_scene.view.yOf(line.price);
        if (y < plot.top() || y > plot.bottom())
            continue; // its tag stays at the edge
        const double left =
                line.kind == LineKind::Entry && m_scene.position ? std::max(
                        plot.left(), m_scene.view.centreOf(static_cast<double>(
                                             m_scene.series.indexAt(m_scene.position->entryTime).value_or(0))))
                                                                 : plot.left();
        const double width = std::max(1.0, std::round(m_scene.scale));
        paintLevel(painter, left, plot.right(), m_scene.snap(y) + width / 2, width, dashesOf(line.kind),
                   lineColor(line.kind));
    }
    paintLabels(painter);
    const auto boxes = tagBoxes();
    paintPriceAxis(painter, boxes);
    for (size_t i = 0; i < boxes.size(); ++i)
        paintTag(painter, m_scene.lines[i], boxes[i]);
}

QString CandleChart::readout() const
{
    if (!m_crosshair || m_crosshair->bar >= m_scene.series.size())
        return {};
    const Bar &bar = m_scene.series.at(m_crosshair->bar);
    const QDateTime time = QDateTime::fromMSecsSinceEpoch(toMilliseconds(bar.time), m_scene.zone);
    const bool daily = nominalLength(m_scene.timeframe) >= std::chrono::days(1);
    const double change = bar.open > 0 ? (bar.close / bar.open - 1) * 100 : 0;
    return tr("%1   O %2  H %3  L %4  C %5   %6 %   V %7")
            .arg(QLocale::c().toString(time, daily ? u"d MMM yyyy"_s : u"d MMM yyyy HH:mm"_s),
                 numberText(bar.open, m_scene.decimals), numberText(bar.high, m_scene.decimals),
                 numberText(bar.low, m_scene.decimals), numberText(bar.close, m_scene.decimals),
                 (change > 0 ? u"+"_s : QString()) + numberText(change, 2), shortNumberText(bar.volume));
}

void CandleChart::paintCrosshair(QPainter &painter) const
{
    const QRectF plot = m_scene.view.plot();
    const double pixel = 1 / m_scene.pixelRatio;
    const double x = m_scene.snap(m_scene.view.centreOf(static_cast<double>(m_crosshair->bar))) + pixel / 2;
    const double y = m_scene.snap(m_crosshair->y) + pixel / 2;
    QPen pen(m_theme.color(Token::Crosshair), 1);
    pen.setDashPattern({3, 3});
    painter.setPen(pen);
    painter.drawLine(QPointF(x, plot.top()), QPointF(x, plot.bottom()));
    painter.drawLine(QPointF(plot.left(), y), QPointF(plot.right(), y));

    const auto plate = [&](const QRectF &box, const QString &text) {
        painter.setPen(QPen(m_theme.color(Token::BorderStrong), 1));
        painter.setBrush(m_theme.color(Token::Raised));
        painter.drawRect(box.adjusted(0.5, 0.5, -0.5, -0.5));
        painter.setPen(m_theme.color(Token::Text));
        painter.drawText(box.adjusted(m_scene.px(6), 0, 0, 0), Qt::AlignLeft | Qt::AlignVCenter, text);
    };
    painter.setFont(m_scene.tagFont);
    const QFontMetricsF metrics(m_scene.tagFont);
    const double height = m_scene.px(18);
    const double top = std::clamp(m_scene.snap(y - height / 2), plot.top(), plot.bottom() - height);
    plate(QRectF(plot.right() + m_scene.px(2), top, width() - plot.right() - m_scene.px(4), height),
          numberText(m_scene.view.priceAt(m_crosshair->y), m_scene.decimals));
    const QString text = readout();
    const double textWidth = metrics.horizontalAdvance(text) + m_scene.px(12);
    plate(QRectF(plot.left() + m_scene.px(6), plot.top() + m_scene.px(2), textWidth, m_scene.px(20)), text);
}

} // namespace tradebot
