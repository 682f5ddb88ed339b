// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/domain/strategyschema.h"
#include "ui/dialogs/formfields.h"

#include <QLatin1StringView>
#include <QWidget>

#include <utility>
#include <vector>

namespace tradebot {

/// A field for each parameter of a strategy, made from its schema: what it has to be decides the control, its range
/// stands behind it.
class ParameterFields final : public QWidget
{
    Q_OBJECT
public:
    /// What the names of its fields begin with, in JSON and in errors.
    static constexpr QLatin1StringView prefix{"strategy_params."};

    ParameterFields(const Theme &theme, QWidget *parent);

    /// The fields of this strategy, with these values where it knows them and its defaults elsewhere.
    void showFor(const StrategyInfo &strategy, const StrategyParameters &values);
    void clear();
    [[nodiscard]] StrategyParameters values() const;
    /// The fields whose texts are no numbers.
    [[nodiscard]] QList<FieldError> numberErrors() const;
    [[nodiscard]] FormFields &fields() { return *m_fields; }

private:
    void add(const ParameterSpec &spec, const ParameterValue &value);

    FormFields *m_fields;
    std::vector<std::pair<QString, QWidget *>> m_controls;
};

} // namespace tradebot
