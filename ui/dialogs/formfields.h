// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "ui/theme/theme.h"

#include <QGridLayout>
#include <QLabel>
#include <QWidget>

#include <map>

namespace tradebot {

/// Rows of a form, each with the name that its value has in JSON: label, controls, and behind them the unit and range
/// or, while the value is wrong, what is wrong with it.
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
    void setHint(const QString &name, const QString &hint);
    void setRowVisible(const QString &name, bool visible);
    /// Removes the rows whose names begin with this.
    void removeAll(const QString &prefix);

    /// Shows these errors and no others. The labels of the rows that have one, in the order of the form; an error of a
    /// field that the form does not have is told by its own name.
    QList<std::pair<QString, QString>> setErrors(const QList<FieldError> &errors); ///< (field, label)
    void focusField(const QString &name);

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
    Row *find(const QString &name);
    void dress(Row &row);

    const Theme &m_theme;
    QGridLayout &m_layout;
    QWidget *m_parent;
    std::vector<Row> m_rows;
};

} // namespace tradebot
