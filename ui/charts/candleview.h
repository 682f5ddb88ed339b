// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QRectF>

#include <cstddef>

namespace tradebot {

/// Which part of a row of bars is seen, and where on the screen: plain geometry. Bars stand at equal distances,
/// whatever time lies between them; bar i reaches from i to i + 1. y grows downwards.
class CandleView final
{
public:
    static constexpr double fewestBars = 20;
    static constexpr double mostBars = 500; ///< beyond, a coarser timeframe shows more

    /// Where candles are painted, and how much of it stays free right of the newest for labels.
    void setPlot(const QRectF &plot, double rightGap);
    void setBarCount(size_t count);
    void setPriceRange(double low, double high);

    /// Shifts what is seen by the bars that came in before the first one.
    void barsPrepended(size_t count) { m_left += static_cast<double>(count); }
    /// Changes how many bars are seen, keeping the bar under x where it is. A factor above 1 shows more. False when the
    /// limit of mostBars kept it from showing more.
    bool zoom(double factor, double x);
    void pan(double bars);
    void showNewest();
    void showOldest();
    void ensureVisible(size_t bar);
    void setVisibleBars(double bars);

    [[nodiscard]] bool isFollowing() const { return m_following; }
    [[nodiscard]] const QRectF &plot() const { return m_plot; }
    [[nodiscard]] double visibleBars() const { return m_visible; }
    [[nodiscard]] double barWidth() const { return m_plot.width() / m_visible; }
    [[nodiscard]] double priceLow() const { return m_low; }
    [[nodiscard]] double priceHigh() const { return m_high; }

    [[nodiscard]] size_t firstVisible() const;
    [[nodiscard]] size_t endVisible() const; ///< one behind the last
    [[nodiscard]] double centreOf(double bar) const { return m_plot.left() + (bar + 0.5 - m_left) * barWidth(); }
    [[nodiscard]] double barAt(double x) const { return m_left + (x - m_plot.left()) / barWidth(); }
    [[nodiscard]] double yOf(double price) const;
    [[nodiscard]] double priceAt(double y) const;

private:
    void settle();
    [[nodiscard]] double gapBars() const { return m_rightGap / barWidth(); }
    [[nodiscard]] double newestLeft() const;

    QRectF m_plot{0, 0, 100, 100};
    double m_rightGap = 0;
    double m_left = 0;      ///< the bar (with fraction) at the plot's left edge
    double m_visible = 120; ///< bars that the plot's width holds, the gap included
    double m_low = 0;
    double m_high = 1;
    size_t m_count = 0;
    bool m_following = true; ///< the newest bar stays in its place as bars come in
};

} // namespace tradebot
