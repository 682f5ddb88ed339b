// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/charttext.h"

#include <QFontMetricsF>
#include <QLocale>
#include <QPainter>
#include <QPainterPath>

#include <array>
#include <cmath>

namespace tradebot {

using namespace Qt::StringLiterals;

QString numberText(double value, int decimals)
{
    static const QLocale english(QLocale::English, QLocale::UnitedStates);
    QString text = english.toString(value, 'f', decimals);
    if (text.startsWith(u'-'))
        text[0] = QChar(0x2212);
    return text;
}

QString shortNumberText(double value)
{
    struct Unit
    {
        double size;
        QStringView name;
    };
    static constexpr std::array units = {Unit{1e12, u" T"}, Unit{1e9, u" G"}, Unit{1e6, u" M"}, Unit{1e3, u" k"}};
    for (const Unit &unit : units) {
        if (std::abs(value) >= unit.size * 10) {
            const double scaled = value / unit.size;
            return numberText(scaled, std::abs(scaled) < 100 ? 2 : 1) + unit.name.toString();
        }
    }
    return numberText(value, std::abs(value) < 10 ? 4 : 2);
}

void paintHaloText(QPainter &painter, const QRectF &box, const QString &text, const QColor &color, const QColor &halo,
                   double width)
{
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    QPainterPath path;
    const QFontMetricsF metrics(painter.font());
    path.addText(QPointF(box.left(), box.center().y() + (metrics.ascent() - metrics.descent()) / 2), painter.font(),
                 text);
    painter.strokePath(path, QPen(halo, width * 2, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    painter.setPen(color);
    painter.drawText(QPointF(box.left(), box.center().y() + (metrics.ascent() - metrics.descent()) / 2), text);
    painter.restore();
}

} // namespace tradebot
