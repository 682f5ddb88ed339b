// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QRectF>
#include <QString>

class QPainter;

namespace tradebot {

/// "67,918.40", with a true minus. For axes and readouts, where money has become double.
[[nodiscard]] QString numberText(double value, int decimals);
/// "2.3 M": at most four digits, for volumes.
[[nodiscard]] QString shortNumberText(double value);

/// Text with an edge of another colour round it, so that it can be read over candles. Uses the painter's font.
void paintHaloText(QPainter &painter, const QRectF &box, const QString &text, const QColor &color, const QColor &halo,
                   double width);

} // namespace tradebot
