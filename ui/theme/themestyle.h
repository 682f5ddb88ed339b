// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QProxyStyle>

namespace tradebot {

class Theme;

/// Fusion with our focus ring, check boxes, radio buttons, combo boxes, spin boxes and arrows: what a stylesheet could
/// only do with image files. Colours come from the theme, so one style serves all schemes.
class ThemeStyle final : public QProxyStyle
{
    Q_OBJECT
public:
    explicit ThemeStyle(const Theme &theme);

    void drawPrimitive(PrimitiveElement element, const QStyleOption *option, QPainter *painter,
                       const QWidget *widget) const override;
    void drawComplexControl(ComplexControl control, const QStyleOptionComplex *option, QPainter *painter,
                            const QWidget *widget) const override;
    [[nodiscard]] QRect subControlRect(ComplexControl control, const QStyleOptionComplex *option, SubControl subControl,
                                       const QWidget *widget) const override;
    [[nodiscard]] QSize sizeFromContents(ContentsType type, const QStyleOption *option, const QSize &size,
                                         const QWidget *widget) const override;
    [[nodiscard]] int pixelMetric(PixelMetric metric, const QStyleOption *option, const QWidget *widget) const override;
    [[nodiscard]] int styleHint(StyleHint hint, const QStyleOption *option, const QWidget *widget,
                                QStyleHintReturn *data) const override;

private:
    void drawCheck(const QStyleOption &option, QPainter &painter) const;
    void drawRadio(const QStyleOption &option, QPainter &painter) const;
    void drawField(const QStyleOption &option, QPainter &painter, const QWidget *widget) const;
    void drawCombo(const QStyleOptionComplex &option, QPainter &painter, const QWidget *widget) const;
    void drawSpin(const QStyleOptionComplex &option, QPainter &painter, const QWidget *widget) const;
    void drawChevron(QPainter &painter, const QRect &rect, bool up, bool enabled, qreal size) const;

    const Theme &m_theme;
};

} // namespace tradebot
