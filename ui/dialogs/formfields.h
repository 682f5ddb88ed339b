// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/decimal.h"
#include "core/base/result.h"
#include "ui/dialogs/decimalspinbox.h"
#include "ui/theme/theme.h"

#include <QCheckBox>
#include <QComboBox>
#include <QGridLayout>
#include <QLabel>
#include <QSpinBox>
#include <QWidget>

#include <optional>
#include <vector>

namespace tradebot {

/// The error of a number's field when what stands in it is none.
void wantNumber(QList<FieldError> &errors, const DecimalSpinBox &box, const QString &field);

/// A box to tick, and the number that counts while it is.
template<class Box>
struct OptionalNumber
{
    QCheckBox *on = nullptr;
    Box *number = nullptr;

    [[nodiscard]] QList<QWidget *> controls() const { return {on, number}; }
    [[nodiscard]] auto value() const { return on->isChecked() ? std::optional(number->value()) : std::nullopt; }
    /// Without a value the field proposes the other one.
    template<class Value>
    void set(const std::optional<Value> &value, Value otherwise) const
    {
        on->setChecked(value.has_value());
        number->setValue(value.value_or(otherwise));
        number->setEnabled(value.has_value());
    }
};

/// Rows of a form, each with the name that its value has in JSON: label, controls, and behind them the unit and range
/// or, while the value is wrong, what is wrong with it. The wheel scrolls the form and changes no value.
class FormFields final : public QObject
{
    Q_OBJECT
public:
    FormFields(const Theme &theme, QGridLayout &layout, QWidget *parent);

    /// A heading with a line below; the note says where the fields below come from. The label of the heading.
    QLabel *addSection(const QString &heading, const QString &note = {});
    /// controls stand side by side; names beyond the first belong to the same row ("stop_loss.value").
    void add(const QStringList &names, const QString &label, const QList<QWidget *> &controls,
             const QString &hint = {});

    /// Controls for rows; an edit of one is told by edited().
    DecimalSpinBox *makeDecimal(const QString &name, int decimals, Decimal step);
    QCheckBox *makeCheck(const QString &name, const QString &text);
    QComboBox *makeCombo(const QString &name, const QStringList &texts, int width);
    /// From 0; typing a minus or more digits than fit is not possible.
    QSpinBox *makeInteger(const QString &name, int maximum);
    QLabel *makeWord(const QString &text);
    /// A number that may be left out; the box is called "has" and the number's name.
    OptionalNumber<DecimalSpinBox> makeOptional(const QString &name, const QString &word, int decimals, Decimal step);
    OptionalNumber<QSpinBox> makeOptional(const QString &name, const QString &word, int maximum);

    void setHint(const QString &name, const QString &hint);
    void setRowVisible(const QString &name, bool visible);
    /// Removes the rows whose names begin with this.
    void removeAll(const QString &prefix);

    /// Shows these errors and no others. The labels of the rows that have one, in the order of the form; an error of a
    /// field that the form does not have is told by its own name.
    QList<std::pair<QString, QString>> setErrors(const QList<FieldError> &errors); ///< (field, label)
    void focusField(const QString &name);

    [[nodiscard]] bool eventFilter(QObject *watched, QEvent *event) override;

Q_SIGNALS:
    void edited();

private:
    struct Row
    {
        QStringList names;
        QString labelText;
        QLabel *label;
        QWidget *box;
        QList<QWidget *> controls;
        QLabel *icon;
        QLabel *hint;
        QString hintText;
        QString error;
    };
    QCheckBox *makeSwitch(const QString &name, const QString &word, QWidget *number);
    Row *find(const QString &name);
    void dress(Row &row);

    const Theme &m_theme;
    QGridLayout &m_layout;
    QWidget *m_parent;
    std::vector<Row> m_rows;
};

} // namespace tradebot
