// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/equitychart.h"

#include "ui/charts/charttext.h"
#include "ui/theme/theme.h"

#include <QFontMetricsF>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>

#include <algorithm>
#include <cmath>

namespace tradebot {

using namespace Qt::StringLiterals;

namespace {

constexpr double leastAxisWidth = 64;
constexpr double axisHeight = 22;
constexpr double drawdownShare = 0.24; ///< of the height above the time axis
constexpr double plotGap = 14;
constexpr std::ptrdiff_t mostLive = 8'192;

QPointF toPoint(const EquityPoint &point)
{
    return {static_cast<double>(toMilliseconds(point.time)), point.equity.toDouble()};
}

} // namespace

EquityChart::EquityChart(const Theme &theme, QWidget *parent) : QWidget(parent), m_theme(theme)
{
    setObjectName(u"equityChart"_s);
    setAccessibleName(tr("Equity and drawdown"));
    setAttribute(Qt::WA_OpaquePaintEvent);
    setMouseTracking(true);
    setFocusPolicy(Qt::StrongFocus);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
    connect(&theme, &Theme::changed, this, &EquityChart::applyTheme);
}

QSize EquityChart::sizeHint() const
{
    return {m_theme.px(440), m_theme.px(230)};
}

QSize EquityChart::minimumSizeHint() const
{
    return {m_theme.px(220), m_theme.px(120)};
}

double EquityChart::px(double units) const
{
    return units * m_theme.px(100) / 100.0;
}

void EquityChart::applyTheme()
{
    fit();
    invalidate();
}

void EquityChart::invalidate()
{
    m_historyIsStale = true;
    update();
}

// ---- What is shown

void EquityChart::setHistory(std::span<const EquityPoint> points)
{
    std::vector<QPointF> converted(points.size());
    std::ranges::transform(points, converted.begin(), toPoint);
    setPoints(std::move(converted));
}

void EquityChart::clear()
{
    m_live.clear();
    m_latest.reset();
    setPoints({});
}

void EquityChart::setPoints(std::vector<QPointF> points)
{
    if (!m_live.empty()) {
        const auto stored = static_cast<std::ptrdiff_t>(points.size());
        points.insert(points.end(), m_live.begin(), m_live.end());
        std::ranges::inplace_merge(points, points.begin() + stored, {}, &QPointF::x);
    }
    m_peak = points.empty() ? 0 : points.front().y();
    std::vector<QPointF> drawdown;
    drawdown.reserve(points.size());
    for (const QPointF &point : points) {
        m_peak = std::max(m_peak, point.y());
        drawdown.emplace_back(point.x(), m_peak > 0 ? (point.y() / m_peak - 1) * 100 : 0);
    }
    m_equity = MinMaxPyramid(std::move(points));
    m_drawdown = MinMaxPyramid(std::move(drawdown));
    if (m_latest && !m_equity.isEmpty() && m_latest->x() <= m_equity.points().back().x())
        m_latest.reset();
    if (m_latest)
        append(*m_latest);
    fit();
    invalidate();
}

void EquityChart::append(QPointF point)
{
    m_peak = m_equity.isEmpty() ? point.y() : std::max(m_peak, point.y());
    m_equity.append(point);
    m_drawdown.append({point.x(), m_peak > 0 ? (point.y() / m_peak - 1) * 100 : 0});
}

void EquityChart::setLatest(const EquityPoint &latest)
{
    QPointF point = toPoint(latest);
    if (!m_equity.isEmpty())
        point.setX(std::max(point.x(), m_equity.points().back().x()));
    const std::optional<QPointF> before = std::exchange(m_latest, point);
    if (before == m_latest)
        return;
    const double pixel = (toTime() - fromTime()) / std::max(1.0, equityPlot().width());
    const bool isFar = m_equity.isEmpty() || point.x() - m_equity.points().back().x() >= pixel;
    const bool fits = point.y() >= m_equityScale.low && point.y() <= m_equityScale.high
                      && (m_peak <= 0 || (point.y() / m_peak - 1) * 100 >= m_drawdownLow);
    if (isFar) {
        if (std::ssize(m_live) >= mostLive)
            m_live.erase(m_live.begin(), m_live.begin() + mostLive / 2);
        m_live.push_back(point);
        append(point);
    }
    if (isFar || !fits) {
        fit();
        invalidate();
        return;
    }
    const QRectF plot = equityPlot();
    const double left = xOf(m_equity.points().back().x()) - px(4);
    update(QRectF(left, 0, width() - left, plot.bottom() + px(10)).toAlignedRect());
}

void EquityChart::setSpan(std::optional<std::chrono::milliseconds> span)
{
    m_span = span;
    fit();
    invalidate();
}

void EquityChart::setZone(const QTimeZone &zone)
{
    m_zone = zone;
    invalidate();
}

void EquityChart::setCurrency(const QString &currency)
{
    m_currency = currency;
    setAccessibleName(currency.isEmpty() ? tr("Equity and drawdown") : tr("Equity and drawdown, %1").arg(currency));
}

QPointF EquityChart::newest() const
{
    return m_latest ? *m_latest : m_equity.points().back();
}

// ---- Scale

QRectF EquityChart::equityPlot() const
{
    const double usable = height() - px(axisHeight) - px(6);
    return {px(12), px(6), width() - m_axisWidth - px(12), usable * (1 - drawdownShare) - px(plotGap)};
}

QRectF EquityChart::drawdownPlot() const
{
    const double usable = height() - px(axisHeight) - px(6);
    const QRectF above = equityPlot();
    return {above.left(), above.bottom() + px(plotGap), above.width(), usable * drawdownShare};
}

double EquityChart::toTime() const
{
    return isEmpty() ? 1 : newest().x();
}

double EquityChart::fromTime() const
{
    const double first = m_equity.isEmpty() ? toTime() - 1 : m_equity.points().front().x();
    const double from = m_span ? std::max(first, toTime() - static_cast<double>(m_span->count())) : first;
    return std::min(from, toTime() - 1);
}

double EquityChart::xOf(double time) const
{
    const QRectF plot = equityPlot();
    return plot.left() + (time - fromTime()) / (toTime() - fromTime()) * plot.width();
}

double EquityChart::equityY(double equity) const
{
    const QRectF plot = equityPlot();
    return plot.bottom() - (equity - m_equityScale.low) / (m_equityScale.high - m_equityScale.low) * plot.height();
}

double EquityChart::drawdownY(double percent) const
{
    const QRectF plot = drawdownPlot();
    return plot.top() + percent / m_drawdownLow * plot.height();
}

void EquityChart::fit()
{
    if (isEmpty())
        return;
    double low = newest().y();
    double high = low;
    double drawdown = m_peak > 0 ? std::min(0.0, (low / m_peak - 1) * 100) : 0;
    const size_t begin = m_equity.lowerBound(fromTime());
    if (begin < m_equity.size()) {
        const auto equity = m_equity.extremes(begin, m_equity.size());
        low = std::min(low, m_equity.points()[equity.minimum].y());
        high = std::max(high, m_equity.points()[equity.maximum].y());
        const auto below = m_drawdown.extremes(begin, m_drawdown.size());
        drawdown = std::min(drawdown, m_drawdown.points()[below.minimum].y());
    }
    const double room = std::max((high - low) * 0.08, std::max(std::abs(high), 1.0) * 1e-5);
    m_equityScale = {low - room, high + room};
    m_drawdownLow = std::min(drawdown * 1.12, -0.01);
    const double widest = QFontMetricsF(tagFont()).horizontalAdvance(tagText(m_equityScale.high));
    m_axisWidth = std::max(px(leastAxisWidth), widest + px(14));
}

// ---- Hands

void EquityChart::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    invalidate();
}

void EquityChart::readAt(std::optional<double> time)
{
    if (!time && !m_readTime)
        return;
    m_readTime = time;
    update();
}

void EquityChart::mouseMoveEvent(QMouseEvent *event)
{
    const QRectF plot = equityPlot().united(drawdownPlot());
    if (isEmpty() || !plot.contains(event->position())) {
        readAt(std::nullopt);
        return;
    }
    readAt(fromTime() + (event->position().x() - plot.left()) / plot.width() * (toTime() - fromTime()));
}

void EquityChart::leaveEvent(QEvent *)
{
    readAt(std::nullopt);
}

void EquityChart::keyPressEvent(QKeyEvent *event)
{
    const int way = event->key() == Qt::Key_Left ? -1 : event->key() == Qt::Key_Right ? 1 : 0;
    if (way == 0 || isEmpty()) {
        QWidget::keyPressEvent(event);
        return;
    }
    const double step = (toTime() - fromTime()) / 100;
    readAt(std::clamp(m_readTime.value_or(toTime()) + way * step, fromTime(), toTime()));
    setAccessibleDescription(readout());
}

} // namespace tradebot
