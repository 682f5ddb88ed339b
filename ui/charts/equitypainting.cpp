// SPDX-License-Identifier: GPL-3.0-or-later
// How EquityChart paints.
#include "ui/charts/axis.h"
#include "ui/charts/charttext.h"
#include "ui/charts/equitychart.h"
#include "ui/format/moneyformat.h"
#include "ui/theme/theme.h"

#include <QDateTime>
#include <QLocale>
#include <QPaintEvent>
#include <QPainter>
#include <QPainterPath>

#include <algorithm>
#include <cmath>

namespace tradebot {

using namespace Qt::StringLiterals;

namespace {

/// A line with more than one point in each column of pixels is painted as one upright span a column: stroking its
/// thousand spikes costs ten times as much and looks the same.
void paintLine(QPainter &painter, const std::vector<QPointF> &line, const QColor &color, double width, double ratio,
               bool isDense)
{
    if (!isDense) {
        painter.setPen(QPen(color, width, Qt::SolidLine, Qt::FlatCap, Qt::BevelJoin));
        painter.drawPolyline(line.data(), static_cast<int>(line.size()));
        return;
    }
    painter.setPen(Qt::NoPen);
    painter.setBrush(color);
    std::vector<QRectF> spans;
    double last = line.front().y();
    for (size_t i = 0; i < line.size();) {
        const double column = std::floor(line[i].x() * ratio);
        double top = last;
        double bottom = last;
        for (; i < line.size() && std::floor(line[i].x() * ratio) == column; ++i) {
            last = line[i].y();
            top = std::min(top, last);
            bottom = std::max(bottom, last);
        }
        spans.emplace_back(column / ratio, top - width / 2, 1 / ratio, bottom - top + width);
    }
    painter.drawRects(spans.data(), static_cast<int>(spans.size()));
}

/// What lies between the line and its upper edge.
void paintArea(QPainter &painter, const std::vector<QPointF> &line, double top, double ratio, bool isDense)
{
    if (!isDense) {
        QPolygonF area;
        area << QPointF(line.front().x(), top);
        for (const QPointF &point : line)
            area << point;
        area << QPointF(line.back().x(), top);
        painter.drawPolygon(area);
        return;
    }
    std::vector<QRectF> spans;
    for (size_t i = 0; i < line.size();) {
        const double column = std::floor(line[i].x() * ratio);
        double bottom = line[i].y();
        for (; i < line.size() && std::floor(line[i].x() * ratio) == column; ++i)
            bottom = std::max(bottom, line[i].y());
        spans.emplace_back(column / ratio, top, 1 / ratio, bottom - top);
    }
    painter.drawRects(spans.data(), static_cast<int>(spans.size()));
}

} // namespace

ValueTicks EquityChart::equityTicks() const
{
    constexpr int fewest = 3; // fewer say nothing of what lies between
    const double height = equityPlot().height();
    const auto ticks = [this](int most) { return valueTicks(m_equityScale.low, m_equityScale.high, most); };
    int most = std::max(fewest, static_cast<int>(height / px(24)));
    ValueTicks equity = ticks(most);
    while (equity.count < fewest && most < static_cast<int>(height / px(18)))
        equity = ticks(++most);
    return equity;
}

QFont EquityChart::tagFont() const
{
    QFont font = m_theme.figures(FontRole::Caption);
    font.setWeight(QFont::Medium);
    return font;
}

/// An amount as finely as the numbers of the axis, or one decimal more where these are close.
QString EquityChart::tagText(double equity) const
{
    const ValueTicks ticks = valueTicks(m_equityScale.low, m_equityScale.high, 5);
    return numberText(equity, std::min(decimalsOf(m_currency), ticks.decimals + (ticks.step < 10 ? 1 : 0)));
}

double EquityChart::tagTop() const
{
    const QRectF plot = equityPlot();
    return std::round(std::clamp(equityY(newest().y()) - px(9), plot.top() - px(4), plot.bottom() - px(18)));
}

/// Whether the tag of the newest value stands where the number of this line would.
bool EquityChart::isCovered(double equity) const
{
    return std::abs(equityY(equity) - (tagTop() + px(9))) < px(16);
}

void EquityChart::renderHistory()
{
    const double ratio = devicePixelRatioF();
    m_history = QPixmap(size() * ratio);
    m_history.setDevicePixelRatio(ratio);
    m_history.fill(m_theme.color(Token::Panel));
    m_historyIsStale = false;
    ++m_historyPaints;
    if (isEmpty())
        return;
    QPainter painter(&m_history);
    paintGrid(painter);
    paintTimeAxis(painter);
    painter.setRenderHint(QPainter::Antialiasing);
    paintDrawdown(painter);
    paintEquity(painter);
}

void EquityChart::paintEvent(QPaintEvent *event)
{
    const double ratio = devicePixelRatioF();
    if (m_historyIsStale || m_history.size() != size() * ratio)
        renderHistory();
    QPainter painter(this);
    const QRect dirty = event->rect();
    painter.drawPixmap(QRectF(dirty), m_history,
                       QRectF(QPointF(dirty.topLeft()) * ratio, QSizeF(dirty.size()) * ratio));
    if (isEmpty()) {
        painter.setFont(m_theme.font(FontRole::Body));
        painter.setPen(m_theme.color(Token::Text2));
        painter.drawText(rect().adjusted(m_theme.px(12), 0, -m_theme.px(12), 0), Qt::AlignCenter | Qt::TextWordWrap,
                         tr("No equity yet: the curve begins when a bot runs."));
        return;
    }
    paintLatest(painter);
    if (m_readTime)
        paintReadout(painter);
    if (hasFocus()) {
        painter.setRenderHint(QPainter::Antialiasing, false);
        painter.setPen(QPen(m_theme.color(Token::Focus), 2));
        painter.setBrush(Qt::NoBrush);
        painter.drawRect(QRectF(rect()).adjusted(1, 1, -1, -1));
    }
}

void EquityChart::paintGrid(QPainter &painter) const
{
    const QRectF plot = equityPlot();
    const double hairline = 1 / devicePixelRatioF();
    const auto crisp = [&](double y) { return std::round(y / hairline) * hairline; };
    painter.setFont(m_theme.figures(FontRole::Caption));
    painter.setPen(m_theme.color(Token::Axis));
    const ValueTicks ticks = equityTicks();
    const double axisLeft = plot.right() + px(8);
    for (int i = 0; i < ticks.count; ++i) {
        const double y = crisp(equityY(ticks.at(i)));
        painter.fillRect(QRectF(plot.left(), y, plot.width(), hairline), m_theme.color(Token::Grid));
        painter.drawText(QRectF(axisLeft, y - px(9), width(), px(18)), Qt::AlignLeft | Qt::AlignVCenter,
                         numberText(ticks.at(i), ticks.decimals));
    }
    const QRectF below = drawdownPlot();
    painter.fillRect(QRectF(below.left(), crisp(below.top()), below.width(), hairline), m_theme.color(Token::Border));
    painter.drawText(QRectF(axisLeft, below.top() - px(9), width(), px(18)), Qt::AlignLeft | Qt::AlignVCenter,
                     u"0\u202f%"_s);
}

void EquityChart::paintTimeAxis(QPainter &painter) const
{
    const QRectF plot = equityPlot();
    const double hairline = 1 / devicePixelRatioF();
    const double secondsPerPixel = (toTime() - fromTime()) / 1000 / plot.width();
    const TimeStep step = timeStepFor(secondsPerPixel * px(70));
    const auto from = fromMilliseconds(static_cast<qint64>(std::ceil(fromTime())));
    const auto to = fromMilliseconds(static_cast<qint64>(toTime()));
    const double bottom = drawdownPlot().bottom();
    double nextFree = plot.left();
    for (const TimeMark &mark : timeMarks(from, to, step, m_zone)) {
        const double x = std::round(xOf(static_cast<double>(toMilliseconds(mark.time))) / hairline) * hairline;
        painter.fillRect(QRectF(x, plot.top(), hairline, bottom - plot.top()), m_theme.color(Token::Grid));
        QFont font = m_theme.figures(FontRole::Caption);
        font.setWeight(mark.isMajor ? QFont::Medium : QFont::Normal);
        painter.setFont(font);
        painter.setPen(m_theme.color(mark.isMajor ? Token::Text : Token::Axis));
        const double width = QFontMetricsF(font).horizontalAdvance(mark.label);
        if (x - width / 2 < nextFree || x + width / 2 > plot.right() + px(20))
            continue;
        painter.drawText(QRectF(x - width / 2 - 1, bottom + px(2), width + 2, px(18)), Qt::AlignCenter, mark.label);
        nextFree = x + width / 2 + px(12);
    }
}

void EquityChart::paintEquity(QPainter &painter) const
{
    const int columns = std::max(2, static_cast<int>(equityPlot().width() * devicePixelRatioF()));
    std::vector<QPointF> line = m_equity.reduced(fromTime(), toTime(), columns);
    if (line.empty())
        return;
    const bool isDense = line.size() > static_cast<size_t>(columns);
    for (QPointF &point : line)
        point = {xOf(point.x()), equityY(point.y())};
    paintLine(painter, line, m_theme.color(Token::Equity), px(1.5), devicePixelRatioF(), isDense);
}

void EquityChart::paintDrawdown(QPainter &painter) const
{
    const QRectF plot = drawdownPlot();
    const int columns = std::max(2, static_cast<int>(plot.width() * devicePixelRatioF()));
    const std::vector<QPointF> values = m_drawdown.reduced(fromTime(), toTime(), columns);
    if (values.empty())
        return;
    const bool isDense = values.size() > static_cast<size_t>(columns);
    std::vector<QPointF> line(values.size());
    std::ranges::transform(values, line.begin(),
                           [&](QPointF value) { return QPointF(xOf(value.x()), drawdownY(value.y())); });
    QColor fill = m_theme.color(Token::Drawdown);
    fill.setAlphaF(0.28F);
    painter.setPen(Qt::NoPen);
    painter.setBrush(fill);
    paintArea(painter, line, plot.top(), devicePixelRatioF(), isDense);
    paintLine(painter, line, m_theme.color(Token::Drawdown), px(1), devicePixelRatioF(), isDense);

    const auto lowest = std::ranges::min_element(values, {}, &QPointF::y);
    if (lowest->y() >= 0)
        return;
    const QPointF at(xOf(lowest->x()), drawdownY(lowest->y()));
    painter.setPen(QPen(m_theme.color(Token::Drawdown), px(1)));
    painter.setBrush(m_theme.color(Token::Panel));
    painter.drawEllipse(at, px(2.5), px(2.5));
    painter.setFont(m_theme.figures(FontRole::Caption));
    painter.setPen(m_theme.color(Token::Axis));
    const double labelY = std::max(at.y(), plot.top() + px(15)); // below that of 0 %
    painter.drawText(QRectF(plot.right() + px(8), labelY - px(9), width(), px(18)), Qt::AlignLeft | Qt::AlignVCenter,
                     numberText(lowest->y(), 2) + u"\u202f%"_s);
}

/// The end of the line, its dot and its tag.
void EquityChart::paintLatest(QPainter &painter) const
{
    const QRectF plot = equityPlot();
    const QPointF end(std::min(xOf(newest().x()), plot.right()), equityY(newest().y()));
    painter.setRenderHint(QPainter::Antialiasing);
    if (m_latest && !m_equity.isEmpty()) {
        const QPointF last = m_equity.points().back();
        painter.setPen(QPen(m_theme.color(Token::Equity), px(1.5)));
        painter.drawLine(QPointF(xOf(last.x()), equityY(last.y())), end);
    }
    painter.setPen(Qt::NoPen);
    painter.setBrush(m_theme.color(Token::Equity));
    painter.drawEllipse(end, px(2.5), px(2.5));
    const ValueTicks numbers = equityTicks();
    for (int i = 0; i < numbers.count; ++i) { // nothing of a number looks out from under the tag
        if (isCovered(numbers.at(i)))
            painter.fillRect(QRectF(plot.right() + px(6), equityY(numbers.at(i)) - px(9), width(), px(18)),
                             m_theme.color(Token::Panel));
    }
    const QRectF tag(plot.right() + px(2), tagTop(), width() - plot.right() - px(4), px(18));
    painter.setPen(Qt::NoPen);
    painter.setBrush(m_theme.color(Token::Text));
    painter.drawRoundedRect(tag, 2, 2);
    painter.setFont(tagFont());
    painter.setPen(m_theme.color(Token::Panel));
    painter.drawText(tag.adjusted(px(6), 0, -px(2), 0), Qt::AlignLeft | Qt::AlignVCenter, tagText(newest().y()));
}

QString EquityChart::readout() const
{
    if (!m_readTime || m_equity.isEmpty())
        return {};
    const auto &points = m_equity.points();
    size_t index = std::min(m_equity.lowerBound(*m_readTime), points.size() - 1);
    if (index > 0 && *m_readTime - points[index - 1].x() < points[index].x() - *m_readTime)
        --index;
    const QDateTime time = QDateTime::fromMSecsSinceEpoch(static_cast<qint64>(points[index].x()), m_zone);
    return tr("%1   %2 %3   %4 % below its peak")
            .arg(QLocale::c().toString(time, u"d MMM yyyy HH:mm"_s),
                 numberText(points[index].y(), decimalsOf(m_currency)), m_currency,
                 numberText(std::abs(m_drawdown.points()[index].y()), 2));
}

void EquityChart::paintReadout(QPainter &painter) const
{
    const QRectF plot = equityPlot();
    const double pixel = 1 / devicePixelRatioF();
    const double x = std::round(xOf(*m_readTime)) + pixel / 2;
    painter.setRenderHint(QPainter::Antialiasing, false);
    QPen pen(m_theme.color(Token::Crosshair), 1);
    pen.setDashPattern({3, 3});
    painter.setPen(pen);
    painter.drawLine(QPointF(x, plot.top()), QPointF(x, drawdownPlot().bottom()));
    painter.setFont(m_theme.figures(FontRole::Caption));
    const QString text = readout();
    const double textWidth = QFontMetricsF(painter.font()).horizontalAdvance(text) + px(12);
    const QRectF plate(plot.left(), plot.top(), textWidth, px(20));
    painter.setPen(QPen(m_theme.color(Token::BorderStrong), 1));
    painter.setBrush(m_theme.color(Token::Raised));
    painter.drawRect(plate.adjusted(0.5, 0.5, -0.5, -0.5));
    painter.setPen(m_theme.color(Token::Text));
    painter.drawText(plate.adjusted(px(6), 0, 0, 0), Qt::AlignLeft | Qt::AlignVCenter, text);
}

} // namespace tradebot
