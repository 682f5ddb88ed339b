// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/candlechart.h"

#include "ui/charts/charttext.h"
#include "ui/theme/theme.h"

#include <algorithm>
#include <cmath>

namespace tradebot {

using namespace Qt::StringLiterals;

namespace {

constexpr double labelGap = 112; ///< right of the newest candle, for the labels of lines
constexpr double timeAxisHeight = 22;
constexpr double headRoom = 0.06;      ///< of the price range, above and below
constexpr double barsBeforeOlder = 50; ///< how near the first candle the view comes before older ones are fetched

} // namespace

CandleChart::CandleChart(const Theme &theme, QWidget *parent) : QWidget(parent), m_theme(theme), m_labels(64)
{
    setObjectName(u"candleChart"_s);
    setAccessibleName(tr("Candle chart"));
    setAttribute(Qt::WA_OpaquePaintEvent);
    setMouseTracking(true);
    setFocusPolicy(Qt::StrongFocus);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
    connect(&theme, &Theme::changed, this, &CandleChart::applyTheme);
    applyTheme();
    setSubject({});
}

QSize CandleChart::sizeHint() const
{
    return {m_theme.px(720), m_theme.px(320)};
}

QSize CandleChart::minimumSizeHint() const
{
    return {m_theme.px(240), m_theme.px(140)};
}

void CandleChart::applyTheme()
{
    m_scene.font = m_theme.figures(FontRole::Caption);
    m_scene.tagFont = m_theme.figures(FontRole::Caption);
    m_scene.tagFont.setWeight(QFont::Medium);
    m_scene.scale = m_theme.px(100) / 100.0;
    layOut();
}

double CandleChart::axisWidth() const
{
    const QFontMetricsF metrics(m_scene.tagFont);
    double widest = metrics.horizontalAdvance(numberText(m_scene.view.priceHigh(), m_scene.decimals));
    for (const ChartLine &line : m_scene.lines)
        widest = std::max(widest, metrics.horizontalAdvance(line.tag));
    return std::max(widest, metrics.horizontalAdvance(u"00,000.00"_s)) + m_scene.px(16);
}

void CandleChart::layOut()
{
    m_tagWidth = axisWidth();
    const QRectF plot(0, m_scene.px(4), width() - m_tagWidth, height() - m_scene.px(timeAxisHeight) - m_scene.px(4));
    m_scene.view.setPlot(plot, m_scene.px(labelGap));
    fitPrices();
    invalidate();
}

// ---- What is shown

void CandleChart::reset(Timeframe timeframe, std::span<const Candle> closed, const std::optional<Candle> &live)
{
    m_scene.timeframe = timeframe;
    m_scene.series.reset(closed);
    m_scene.series.setLive(live);
    m_olderAsked = m_olderExhausted = false;
    m_crosshair.reset();
    m_scene.view.setBarCount(m_scene.series.size());
    m_scene.view.showNewest();
    updateAverages();
    fitPrices();
    layOut();
}

void CandleChart::appendClosed(std::span<const Candle> closed)
{
    if (closed.empty())
        return;
    m_scene.series.append(closed);
    m_scene.view.setBarCount(m_scene.series.size());
    updateAverages();
    fitPrices();
    invalidate();
}

void CandleChart::prependOlder(std::span<const Candle> older)
{
    const size_t added = m_scene.series.prepend(older);
    m_olderAsked = false;
    m_olderExhausted = added == 0;
    if (added == 0)
        return;
    if (m_crosshair)
        m_crosshair->bar += added;
    m_scene.view.barsPrepended(added);
    m_scene.view.setBarCount(m_scene.series.size());
    updateAverages();
    fitPrices();
    invalidate();
}

void CandleChart::setLive(const std::optional<Candle> &candle)
{
    const size_t before = m_scene.series.size();
    m_scene.series.setLive(candle);
    if (m_scene.series.size() != before) {
        m_scene.view.setBarCount(m_scene.series.size());
        fitPrices();
        invalidate();
        return;
    }
    if (!m_scene.series.live() || m_scene.view.endVisible() < m_scene.series.size())
        return;
    if (!livePriceFits()) {
        fitPrices();
        invalidate();
        return;
    }
    if (m_crosshair)
        update(); // its readout may be of the open candle
    else
        update(liveRect(m_scene).toAlignedRect());
}

void CandleChart::setDecimals(int decimals)
{
    if (m_scene.decimals == decimals)
        return;
    m_scene.decimals = decimals;
    layOut();
}

void CandleChart::setZone(const QTimeZone &zone)
{
    m_scene.zone = zone;
    invalidate();
}

void CandleChart::setSubject(const QString &subject)
{
    m_subject = subject;
    setAccessibleDescription(tr("%1. Plus and minus zoom, Page Up and Page Down move, Left and Right read one candle "
                                "after the other.")
                                     .arg(subject.isEmpty() ? tr("No market") : subject));
}

void CandleChart::setTrades(std::vector<TradeMark> trades)
{
    if (m_scene.trades == trades)
        return;
    m_scene.trades = std::move(trades);
    invalidate();
}

void CandleChart::setLines(std::vector<ChartLine> lines)
{
    if (m_scene.lines == lines)
        return;
    const bool sameGuards = std::ranges::equal(m_scene.lines, lines, [](const ChartLine &a, const ChartLine &b) {
        return a.kind == b.kind && (a.kind == LineKind::Mark || a == b);
    });
    m_scene.lines = std::move(lines);
    if (axisWidth() > m_tagWidth + 0.5) {
        layOut();
        return;
    }
    if (!sameGuards) {
        const double low = m_scene.view.priceLow();
        const double high = m_scene.view.priceHigh();
        fitPrices();
        if (low != m_scene.view.priceLow() || high != m_scene.view.priceHigh())
            m_historyIsStale = true;
    }
    update(); // clipped to several strips it would cost more than all of it does from the pixmap
}

void CandleChart::setPosition(const std::optional<PositionMark> &position)
{
    if (m_scene.position == position)
        return;
    m_scene.position = position;
    invalidate();
}

void CandleChart::setAverages(std::vector<AverageLine> averages)
{
    if (m_scene.averages == averages)
        return;
    m_scene.averages = std::move(averages);
    updateAverages();
    invalidate();
}

void CandleChart::updateAverages()
{
    m_scene.averageValues.clear();
    for (const AverageLine &average : m_scene.averages)
        m_scene.averageValues.push_back(exponentialAverage(m_scene.series.closed(), average.period));
}

std::optional<Timestamp> CandleChart::oldestTime() const
{
    if (m_scene.series.isEmpty())
        return std::nullopt;
    return m_scene.series.at(0).time;
}

// ---- Scale

/// Chooses the price range: the candles in sight, and the lines as long as they leave the candles half of the height.
void CandleChart::fitPrices()
{
    CandleView &view = m_scene.view;
    auto range = m_scene.series.rangeOf(view.firstVisible(), view.endVisible());
    if (m_scene.series.live() && view.endVisible() == m_scene.series.size()) {
        const Bar &live = *m_scene.series.live();
        if (!range)
            range = CandleSeries::Range{live.low, live.high, live.volume};
        range->low = std::min(range->low, live.low);
        range->high = std::max(range->high, live.high);
        range->volume = std::max(range->volume, live.volume);
    }
    if (!range)
        return;
    double low = range->low;
    double high = range->high;
    const double reach = std::max(high - low, high * 1e-4) / 2;
    for (const ChartLine &line : m_scene.lines) {
        if (line.price > 0 && line.price < range->low && line.price >= range->low - reach)
            low = std::min(low, line.price);
        if (line.price > range->high && line.price <= range->high + reach)
            high = std::max(high, line.price);
    }
    const double room = std::max((high - low) * headRoom, high * 1e-6);
    view.setPriceRange(low - room * 2.5, high + room); // more below, where the volume stands
    m_scene.largestVolume = range->volume;
}

bool CandleChart::livePriceFits() const
{
    const Bar &live = *m_scene.series.live();
    return live.low >= m_scene.view.priceLow() && live.high <= m_scene.view.priceHigh()
           && live.volume <= m_scene.largestVolume * 1.5;
}

void CandleChart::invalidate()
{
    m_historyIsStale = true;
    update();
}

void CandleChart::viewMoved()
{
    fitPrices();
    invalidate();
    const auto oldest = oldestTime();
    if (oldest && !m_olderAsked && !m_olderExhausted && m_scene.series.size() < CandleSeries::mostBars
        && static_cast<double>(m_scene.view.firstVisible()) < barsBeforeOlder) {
        m_olderAsked = true;
        Q_EMIT olderWanted(*oldest);
    }
}

void CandleChart::zoomBy(double factor, double x)
{
    const bool wasWidest = m_scene.view.visibleBars() >= CandleView::mostBars;
    if (!m_scene.view.zoom(factor, x) && wasWidest) {
        Q_EMIT coarserWanted();
        return;
    }
    viewMoved();
}

void CandleChart::panBy(double bars)
{
    m_scene.view.pan(bars);
    viewMoved();
}

} // namespace tradebot
