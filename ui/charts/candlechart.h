// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/charts/candlepainter.h"

#include <QCache>
#include <QPixmap>
#include <QWidget>

#include <optional>
#include <span>

namespace tradebot {

class Theme;

/// Candles with volume, trades and the prices that guard a position. What is closed is painted once into a pixmap; a
/// new price repaints the open candle, its line and its tag only. Main thread.
///
/// Wheel or + and −: zoom. Drag, or Page Up and Page Down: move. Left, Right: the crosshair, Home, End: oldest, newest.
class CandleChart final : public QWidget
{
    Q_OBJECT
public:
    explicit CandleChart(const Theme &theme, QWidget *parent = nullptr);

    /// Begins anew: another market or timeframe.
    void reset(Timeframe timeframe, std::span<const Candle> closed, const std::optional<Candle> &live);
    void appendClosed(std::span<const Candle> closed);
    /// Candles older than the first; an empty row says that there are none.
    void prependOlder(std::span<const Candle> older);
    void setLive(const std::optional<Candle> &candle);

    void setDecimals(int decimals);
    void setZone(const QTimeZone &zone);
    /// What the chart is of, for people who cannot see it: "BTCUSDT, 15m".
    void setSubject(const QString &subject);
    void setTrades(std::vector<TradeMark> trades);
    void setLines(std::vector<ChartLine> lines);
    void setPosition(const std::optional<PositionMark> &position);
    void setAverages(std::vector<AverageLine> averages);

    [[nodiscard]] const CandleScene &scene() const { return m_scene; }
    /// Opening time of the first candle; empty without one.
    [[nodiscard]] std::optional<Timestamp> oldestTime() const;
    /// What the crosshair reads; empty when it is not shown.
    [[nodiscard]] QString readout() const;
    [[nodiscard]] int historyPaints() const { return m_historyPaints; }

    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

Q_SIGNALS:
    /// The left edge came into sight: older candles would be welcome.
    void olderWanted(tradebot::Timestamp before);
    /// More was asked to be seen than the chart shows at this timeframe.
    void coarserWanted();

protected:
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void wheelEvent(QWheelEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void mouseReleaseEvent(QMouseEvent *event) override;
    void mouseDoubleClickEvent(QMouseEvent *event) override;
    void leaveEvent(QEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    struct Crosshair
    {
        size_t bar = 0;
        double y = 0;
    };

    void applyTheme();
    void layOut();
    void fitPrices();
    [[nodiscard]] bool livePriceFits() const;
    void updateAverages();
    void invalidate();
    void viewMoved();
    void zoomBy(double factor, double x);
    void panBy(double bars);
    void moveCrosshair(std::optional<Crosshair> crosshair);
    void stepCrosshair(int bars);
    void renderHistory();
    void paintPosition(QPainter &painter) const;
    void paintLines(QPainter &painter);
    void paintLabels(QPainter &painter);
    void paintPriceAxis(QPainter &painter, const std::vector<QRectF> &tags);
    [[nodiscard]] const QPixmap &axisLabel(const QString &text, const QSizeF &size);
    [[nodiscard]] const QPixmap &labelOf(const ChartLine &line);
    void paintTag(QPainter &painter, const ChartLine &line, const QRectF &box) const;
    void paintCrosshair(QPainter &painter) const;
    [[nodiscard]] std::vector<QRectF> tagBoxes() const;
    [[nodiscard]] QColor lineColor(LineKind kind) const;
    [[nodiscard]] double axisWidth() const;

    const Theme &m_theme;
    CandleScene m_scene;
    QPixmap m_history;
    bool m_historyIsStale = true;
    int m_historyPaints = 0;
    bool m_olderAsked = false;
    bool m_olderExhausted = false;
    std::optional<Crosshair> m_crosshair;
    std::optional<double> m_dragX;
    double m_tagWidth = 0;
    QString m_subject;
    QCache<QString, QPixmap> m_labels; ///< text is dear to paint and seldom changes
};

} // namespace tradebot
