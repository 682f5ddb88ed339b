// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/domain/botsnapshot.h"
#include "ui/charts/axis.h"
#include "ui/charts/minmaxpyramid.h"

#include <QPixmap>
#include <QTimeZone>
#include <QWidget>

#include <optional>
#include <span>
#include <vector>

namespace tradebot {

class Theme;

/// Equity over time, and below it how far it lies under its highest point. Reduced to the pixels there are; a new value
/// repaints the end of the line only. Main thread.
class EquityChart final : public QWidget
{
    Q_OBJECT
public:
    explicit EquityChart(const Theme &theme, QWidget *parent = nullptr);

    /// Forgets everything: another account.
    void clear();
    /// Values that came by setLatest() do not fit what will be read next: bots came or went.
    void forgetLive() { m_live.clear(); }
    /// The whole curve as it is stored, ascending. What came by setLatest() since the last clear() stays in it: the
    /// store keeps fewer points than were seen.
    void setHistory(std::span<const EquityPoint> points);
    void setPoints(std::vector<QPointF> points); ///< x in ms since 1970
    /// The newest value; one older than the curve's end only changes the end.
    void setLatest(const EquityPoint &point);
    /// How much time is seen at most, up to the newest point; empty for all.
    void setSpan(std::optional<std::chrono::milliseconds> span);
    void setZone(const QTimeZone &zone);
    void setCurrency(const QString &currency);

    [[nodiscard]] size_t pointCount() const { return m_equity.size(); }
    [[nodiscard]] bool isEmpty() const { return m_equity.isEmpty() && !m_latest; }
    [[nodiscard]] int historyPaints() const { return m_historyPaints; }
    /// What the pointer reads; empty when it is elsewhere.
    [[nodiscard]] QString readout() const;

    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void leaveEvent(QEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;

private:
    struct Scale
    {
        double low = 0;
        double high = 1;
    };

    void applyTheme();
    void invalidate();
    void append(QPointF point);
    void fit();
    [[nodiscard]] ValueTicks equityTicks() const;
    [[nodiscard]] QFont tagFont() const;
    [[nodiscard]] QString tagText(double equity) const;
    [[nodiscard]] double tagTop() const;
    [[nodiscard]] bool isCovered(double equity) const;
    [[nodiscard]] QRectF equityPlot() const;
    [[nodiscard]] QRectF drawdownPlot() const;
    [[nodiscard]] double fromTime() const;
    [[nodiscard]] double toTime() const;
    [[nodiscard]] QPointF newest() const;
    [[nodiscard]] double xOf(double time) const;
    [[nodiscard]] double equityY(double equity) const;
    [[nodiscard]] double drawdownY(double percent) const;
    [[nodiscard]] double px(double units) const;
    void renderHistory();
    void paintGrid(QPainter &painter) const;
    void paintTimeAxis(QPainter &painter) const;
    void paintDrawdown(QPainter &painter) const;
    void paintEquity(QPainter &painter) const;
    void paintLatest(QPainter &painter) const;
    void paintReadout(QPainter &painter) const;
    void readAt(std::optional<double> time);

    const Theme &m_theme;
    MinMaxPyramid m_equity;
    MinMaxPyramid m_drawdown; ///< percent of the peak, never above 0
    double m_peak = 0;
    std::optional<QPointF> m_latest; ///< newer than the curve's end
    std::vector<QPointF> m_live;     ///< points that setLatest() has added to the curve, ascending
    std::optional<std::chrono::milliseconds> m_span;
    QTimeZone m_zone = QTimeZone::utc();
    QString m_currency;
    Scale m_equityScale;
    double m_drawdownLow = -1;
    double m_axisWidth = 64; ///< in pixels: room for the widest number on the right
    QPixmap m_history;
    bool m_historyIsStale = true;
    int m_historyPaints = 0;
    std::optional<double> m_readTime;
};

} // namespace tradebot
