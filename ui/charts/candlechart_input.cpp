// SPDX-License-Identifier: GPL-3.0-or-later
// What hands do to CandleChart: wheel, drag, keys, crosshair.
#include "ui/charts/candlechart.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QWheelEvent>

#include <algorithm>
#include <cmath>

namespace tradebot {

namespace {

constexpr double zoomStep = 1.15;

} // namespace

void CandleChart::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    layOut();
}

void CandleChart::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::FontChange || event->type() == QEvent::StyleChange)
        applyTheme();
}

void CandleChart::wheelEvent(QWheelEvent *event)
{
    const double notches = event->angleDelta().y() / 120.0;
    const double sideways = event->angleDelta().x() / 120.0;
    if (notches != 0)
        zoomBy(std::pow(zoomStep, -notches), event->position().x());
    else if (sideways != 0)
        panBy(-sideways * m_scene.view.visibleBars() / 20);
    event->accept();
}

void CandleChart::mousePressEvent(QMouseEvent *event)
{
    if (event->button() == Qt::LeftButton) {
        m_dragX = event->position().x();
        setCursor(Qt::ClosedHandCursor);
    }
}

void CandleChart::mouseMoveEvent(QMouseEvent *event)
{
    if (m_dragX) {
        panBy((*m_dragX - event->position().x()) / m_scene.view.barWidth());
        m_dragX = event->position().x();
    }
    const bool isInside = m_scene.view.plot().contains(event->position());
    const double bar = m_scene.view.barAt(event->position().x());
    if (!isInside || bar < 0 || m_scene.series.isEmpty()) {
        moveCrosshair(std::nullopt);
        return;
    }
    moveCrosshair(Crosshair{std::min(static_cast<size_t>(bar), m_scene.series.size() - 1), event->position().y()});
}

void CandleChart::mouseReleaseEvent(QMouseEvent *event)
{
    if (event->button() == Qt::LeftButton) {
        m_dragX.reset();
        unsetCursor();
    }
}

void CandleChart::mouseDoubleClickEvent(QMouseEvent *)
{
    m_scene.view.showNewest();
    viewMoved();
}

void CandleChart::leaveEvent(QEvent *)
{
    moveCrosshair(std::nullopt);
}

void CandleChart::moveCrosshair(std::optional<Crosshair> crosshair)
{
    if (!crosshair && !m_crosshair)
        return;
    m_crosshair = crosshair;
    update();
}

void CandleChart::stepCrosshair(int bars)
{
    if (m_scene.series.isEmpty())
        return;
    const auto last = static_cast<std::ptrdiff_t>(m_scene.series.size()) - 1;
    // Without a crosshair it appears at the newest candle in sight.
    const auto from = m_crosshair ? static_cast<std::ptrdiff_t>(m_crosshair->bar) + bars
                                  : static_cast<std::ptrdiff_t>(m_scene.view.endVisible()) - 1;
    const auto bar = static_cast<size_t>(std::clamp<std::ptrdiff_t>(from, 0, last));
    m_scene.view.ensureVisible(bar);
    viewMoved();
    moveCrosshair(Crosshair{bar, m_scene.view.yOf(m_scene.series.at(bar).close)});
    setAccessibleDescription(readout());
}

void CandleChart::keyPressEvent(QKeyEvent *event)
{
    const double middle = m_scene.view.plot().center().x();
    switch (event->key()) {
    case Qt::Key_Plus:
    case Qt::Key_Equal: zoomBy(1 / zoomStep, middle); return;
    case Qt::Key_Minus: zoomBy(zoomStep, middle); return;
    case Qt::Key_PageUp: panBy(-m_scene.view.visibleBars() / 2); return;
    case Qt::Key_PageDown: panBy(m_scene.view.visibleBars() / 2); return;
    case Qt::Key_Left: stepCrosshair(-1); return;
    case Qt::Key_Right: stepCrosshair(1); return;
    case Qt::Key_Home:
        m_scene.view.showOldest();
        viewMoved();
        return;
    case Qt::Key_End:
        m_scene.view.showNewest();
        viewMoved();
        return;
    case Qt::Key_Escape:
        if (m_crosshair) {
            moveCrosshair(std::nullopt);
            setSubject(m_subject);
            return;
        }
        break;
    default: break;
    }
    QWidget::keyPressEvent(event);
}

} // namespace tradebot
