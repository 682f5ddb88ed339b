// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/dialogs/decimalspinbox.h"

#include <QLineEdit>
#include <QSignalBlocker>

#include <algorithm>

namespace tradebot {

using namespace Qt::StringLiterals;

DecimalSpinBox::DecimalSpinBox(QWidget *parent) : QAbstractSpinBox(parent)
{
    lineEdit()->setAlignment(Qt::AlignRight);
    lineEdit()->setText(m_value.toString());
    connect(lineEdit(), &QLineEdit::textChanged, this, &DecimalSpinBox::readText);
}

void DecimalSpinBox::setFormat(int decimals, Decimal step)
{
    m_decimals = decimals;
    m_step = step;
    setValue(m_value);
}

void DecimalSpinBox::setValue(Decimal value)
{
    m_value = value;
    m_valid = true;
    const QSignalBlocker quiet(lineEdit());
    lineEdit()->setText(value.toString(m_decimals));
    Q_EMIT valueChanged();
}

void DecimalSpinBox::readText(const QString &text)
{
    const auto parsed = Decimal::parse(QStringView(text).trimmed());
    m_valid = parsed.has_value();
    if (parsed)
        m_value = *parsed;
    Q_EMIT valueChanged();
}

QValidator::State DecimalSpinBox::validate(QString &input, int &) const
{
    const bool plausible = std::all_of(input.begin(), input.end(), [](QChar c) {
        return c.isDigit() || c == u'.' || c == u'-' || c == u'+' || c == u'e' || c == u'E';
    });
    if (!plausible)
        return QValidator::Invalid;
    return Decimal::parse(QStringView(input)) ? QValidator::Acceptable : QValidator::Intermediate;
}

void DecimalSpinBox::stepBy(int steps)
{
    const auto change = scaled(m_step, Decimal::fromInteger(steps), Rounding::HalfEven);
    const auto next = (m_value + change).value();
    if (next)
        setValue(std::clamp(*next, m_minimum, m_maximum));
    selectAll();
}

QAbstractSpinBox::StepEnabled DecimalSpinBox::stepEnabled() const
{
    StepEnabled enabled = StepNone;
    if (m_value < m_maximum)
        enabled |= StepUpEnabled;
    if (m_value > m_minimum)
        enabled |= StepDownEnabled;
    return enabled;
}

void DecimalSpinBox::focusOutEvent(QFocusEvent *event)
{
    QAbstractSpinBox::focusOutEvent(event);
    if (m_valid)
        setValue(m_value); // written as we write numbers
}

QSize DecimalSpinBox::sizeHint() const
{
    return {fontMetrics().horizontalAdvance(u"0000000000"_s) + fontMetrics().height(),
            QAbstractSpinBox::sizeHint().height()};
}

} // namespace tradebot
