// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/candleview.h"

#include <algorithm>
#include <cmath>

namespace tradebot {

void CandleView::setPlot(const QRectF &plot, double rightGap)
{
    const double right = m_left + m_visible;
    m_plot = plot.width() >= 1 && plot.height() >= 1 ? plot : QRectF(plot.topLeft(), QSizeF(1, 1));
    m_rightGap = std::clamp(rightGap, 0.0, m_plot.width() / 2);
    m_left = right - m_visible;
    settle();
}

void CandleView::setBarCount(size_t count)
{
    m_count = count;
    settle();
}

void CandleView::setPriceRange(double low, double high)
{
    m_low = low;
    m_high = high > low ? high : low + std::max(1e-8, std::abs(low) * 1e-6);
}

double CandleView::newestLeft() const
{
    return static_cast<double>(m_count) + gapBars() - m_visible;
}

/// Puts the view back within its limits: at least one bar stays in sight on either side.
void CandleView::settle()
{
    const double newest = newestLeft();
    if (m_following || m_left >= newest) {
        m_left = newest;
        m_following = true;
        return;
    }
    m_left = std::max(m_left, std::min(0.0, newest));
}

bool CandleView::zoom(double factor, double x)
{
    const double wanted = m_visible * factor;
    const double limited = std::clamp(wanted, fewestBars, mostBars);
    const double anchor = barAt(std::clamp(x, m_plot.left(), m_plot.right()));
    const double share = (anchor - m_left) / m_visible;
    m_visible = limited;
    if (!m_following)
        m_left = anchor - share * m_visible;
    settle();
    return wanted <= mostBars;
}

void CandleView::setVisibleBars(double bars)
{
    m_visible = std::clamp(bars, fewestBars, mostBars);
    settle();
}

void CandleView::pan(double bars)
{
    m_left += bars;
    m_following = m_left >= newestLeft();
    settle();
}

void CandleView::showNewest()
{
    m_following = true;
    settle();
}

void CandleView::showOldest()
{
    m_following = false;
    m_left = 0;
    settle();
}

void CandleView::ensureVisible(size_t bar)
{
    const auto place = static_cast<double>(bar);
    if (place < m_left)
        pan(place - m_left);
    else if (place + 1 > m_left + m_visible)
        pan(place + 1 - m_left - m_visible);
}

size_t CandleView::firstVisible() const
{
    return std::min(m_count, static_cast<size_t>(std::max(0.0, std::floor(m_left))));
}

size_t CandleView::endVisible() const
{
    return std::min(m_count, static_cast<size_t>(std::max(0.0, std::ceil(m_left + m_visible))));
}

double CandleView::yOf(double price) const
{
    return m_plot.bottom() - (price - m_low) / (m_high - m_low) * m_plot.height();
}

double CandleView::priceAt(double y) const
{
    return m_low + (m_plot.bottom() - y) / m_plot.height() * (m_high - m_low);
}

} // namespace tradebot
