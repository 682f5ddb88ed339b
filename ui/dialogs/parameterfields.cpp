// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/dialogs/parameterfields.h"

#include "ui/dialogs/decimalspinbox.h"
#include "ui/format/moneyformat.h"

#include <QCheckBox>
#include <QComboBox>

namespace tradebot {

using namespace Qt::StringLiterals;

namespace {

/// What the arrows add.
Decimal stepOf(ParameterKind kind)
{
    return kind == ParameterKind::Integer ? Decimal::fromInteger(1) : Decimal::fromRaw(10'000'000);
}

QString rangeText(const ParameterSpec &spec)
{
    const QString range = ParameterFields::tr("%1 to %2").arg(plainText(spec.minimum), plainText(spec.maximum));
    return spec.unit.isEmpty() ? range : spec.unit + u", "_s + range;
}

} // namespace

ParameterFields::ParameterFields(const Theme &theme, QWidget *parent) : QWidget(parent)
{
    auto *grid = new QGridLayout(this);
    grid->setContentsMargins(0, 0, 0, 0);
    m_fields = new FormFields(theme, *grid, this);
}

void ParameterFields::showFor(const StrategyInfo &strategy, const StrategyParameters &values)
{
    clear();
    const StrategyParameters whole = withDefaults(strategy, values);
    for (const ParameterSpec &spec : strategy.parameters)
        add(spec, whole.at(spec.name));
}

void ParameterFields::clear()
{
    m_fields->removeAll(prefix);
    m_controls.clear();
}

void ParameterFields::add(const ParameterSpec &spec, const ParameterValue &value)
{
    const QString name = u"parameter_"_s + spec.name;
    QWidget *control = nullptr;
    QString hint = spec.unit;
    switch (spec.kind) {
    case ParameterKind::Integer:
    case ParameterKind::Number: {
        auto *box = m_fields->makeDecimal(name, 0, stepOf(spec.kind));
        box->setMinimum(spec.minimum);
        box->setMaximum(spec.maximum);
        const auto *number = std::get_if<Decimal>(&value);
        box->setValue(number != nullptr ? *number : Decimal());
        control = box;
        hint = rangeText(spec);
        break;
    }
    case ParameterKind::Choice: {
        auto *box = m_fields->makeCombo(name, spec.choices, 172);
        const auto *text = std::get_if<QString>(&value);
        box->setCurrentIndex(text != nullptr ? static_cast<int>(spec.choices.indexOf(*text)) : 0);
        control = box;
        break;
    }
    case ParameterKind::Flag: {
        auto *box = m_fields->makeCheck(name, spec.title);
        const auto *on = std::get_if<bool>(&value);
        box->setChecked(on != nullptr && *on);
        control = box;
        break;
    }
    }
    m_controls.emplace_back(spec.name, control);
    m_fields->add({prefix + spec.name}, spec.title, {control}, hint);
}

StrategyParameters ParameterFields::values() const
{
    StrategyParameters values;
    for (const auto &[name, control] : m_controls) {
        if (const auto *number = qobject_cast<const DecimalSpinBox *>(control))
            values[name] = number->value();
        else if (const auto *choice = qobject_cast<const QComboBox *>(control))
            values[name] = choice->currentText();
        else if (const auto *flag = qobject_cast<const QCheckBox *>(control))
            values[name] = flag->isChecked();
    }
    return values;
}

QList<FieldError> ParameterFields::numberErrors() const
{
    QList<FieldError> errors;
    for (const auto &[name, control] : m_controls) {
        if (const auto *box = qobject_cast<const DecimalSpinBox *>(control))
            wantNumber(errors, *box, prefix + name);
    }
    return errors;
}

} // namespace tradebot
