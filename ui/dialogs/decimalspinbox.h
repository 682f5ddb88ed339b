// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/decimal.h"

#include <QAbstractSpinBox>

namespace tradebot {

/// A spin box whose value is an exact Decimal and never a double. A text that is no number keeps the last value and
/// isValid() is false.
class DecimalSpinBox final : public QAbstractSpinBox
{
    Q_OBJECT
public:
    explicit DecimalSpinBox(QWidget *parent = nullptr);

    /// decimals: how many are shown at least; step: of the arrows.
    void setFormat(int decimals, Decimal step);
    void setMinimum(Decimal minimum) { m_minimum = minimum; } ///< of the arrows; typing goes beyond
    void setMaximum(Decimal maximum) { m_maximum = maximum; }
    void setValue(Decimal value);
    [[nodiscard]] Decimal value() const { return m_value; }
    [[nodiscard]] bool isValid() const { return m_valid; }

    [[nodiscard]] QValidator::State validate(QString &input, int &position) const override;
    void stepBy(int steps) override;
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override { return sizeHint(); }

Q_SIGNALS:
    void valueChanged();

protected:
    [[nodiscard]] StepEnabled stepEnabled() const override;
    void focusOutEvent(QFocusEvent *event) override;

private:
    void readText(const QString &text);

    Decimal m_value;
    Decimal m_step = Decimal::fromInteger(1);
    Decimal m_minimum;
    Decimal m_maximum = Decimal::maximum();
    int m_decimals = 0;
    bool m_valid = true;
};

} // namespace tradebot
