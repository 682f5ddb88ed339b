// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/dialogs/formfields.h"

#include <QAbstractButton>
#include <QEvent>
#include <QHBoxLayout>
#include <QStyle>

#include <algorithm>

namespace tradebot {

using namespace Qt::StringLiterals;

namespace {

constexpr int labelWidth = 120;
constexpr int numberWidth = 96;

} // namespace

void wantNumber(QList<FieldError> &errors, const DecimalSpinBox &box, const QString &field)
{
    if (box.isEnabled() && !box.isValid())
        errors.append({field, FormFields::tr("must be a number")});
}

FormFields::FormFields(const Theme &theme, QGridLayout &layout, QWidget *parent)
    : QObject(parent),
      m_theme(theme),
      m_layout(layout),
      m_parent(parent)
{
    layout.setColumnMinimumWidth(0, theme.px(labelWidth));
    layout.setColumnStretch(1, 1);
    layout.setHorizontalSpacing(theme.px(12));
    layout.setVerticalSpacing(theme.px(6));
}

QLabel *FormFields::addSection(const QString &heading, const QString &note)
{
    auto *box = new QWidget(m_parent);
    auto *layout = new QHBoxLayout(box);
    layout->setContentsMargins(0, m_theme.px(m_layout.count() == 0 ? 0 : 12), 0, m_theme.px(4));
    layout->setSpacing(m_theme.px(8));
    auto *title = new QLabel(heading, box);
    title->setFont(m_theme.font(FontRole::Strong));
    layout->addWidget(title);
    auto *rest = new QLabel(note, box);
    rest->setFont(m_theme.font(FontRole::Table));
    m_theme.setTextColor(*rest, Token::Text2);
    layout->addWidget(rest, 1);
    const int row = m_layout.rowCount();
    m_layout.addWidget(box, row, 0, 1, 2);
    auto *line = new QFrame(m_parent);
    line->setFixedHeight(1);
    line->setAutoFillBackground(true);
    line->setBackgroundRole(QPalette::Mid);
    m_layout.addWidget(line, row + 1, 0, 1, 2);
    return title;
}

void FormFields::add(const QStringList &names, const QString &label, const QList<QWidget *> &controls,
                     const QString &hint)
{
    Row row;
    row.names = names;
    row.labelText = label;
    row.controls = controls;
    row.hintText = hint;
    row.label = new QLabel(label, m_parent);
    row.label->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    row.label->setBuddy(controls.front());
    m_theme.setTextColor(*row.label, Token::Text2);
    row.box = new QWidget(m_parent);
    auto *layout = new QHBoxLayout(row.box);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(m_theme.px(8));
    for (QWidget *control : controls) {
        if (control->accessibleName().isEmpty())
            control->setAccessibleName(label);
        layout->addWidget(control);
        control->installEventFilter(this);
        if (control->focusPolicy() == Qt::WheelFocus)
            control->setFocusPolicy(Qt::StrongFocus);
    }
    row.icon = new QLabel(row.box);
    row.hint = new QLabel(row.box);
    row.hint->setFont(m_theme.font(FontRole::Table));
    row.hint->setTextFormat(Qt::PlainText);
    row.hint->setWordWrap(true); // an error is a sentence
    row.hint->setMinimumHeight(m_theme.px(28));
    layout->addWidget(row.icon);
    layout->addWidget(row.hint, 1);
    const int at = m_layout.rowCount();
    m_layout.addWidget(row.label, at, 0);
    m_layout.addWidget(row.box, at, 1);
    dress(row);
    m_rows.push_back(row);
}

FormFields::Row *FormFields::find(const QString &name)
{
    for (Row &row : m_rows) {
        if (row.names.contains(name))
            return &row;
    }
    // "stop_loss" for "stop_loss.kind" and the like.
    for (Row &row : m_rows) {
        if (row.names.contains(name.section(u'.', 0, 0)))
            return &row;
    }
    return nullptr;
}

void FormFields::dress(Row &row)
{
    const bool wrong = !row.error.isEmpty();
    row.icon->setVisible(wrong);
    if (wrong)
        row.icon->setPixmap(m_theme.pixmap(u"error"_s, Token::Danger, 16, m_parent->devicePixelRatioF()));
    row.hint->setText(wrong ? row.labelText + u' ' + row.error : row.hintText);
    m_theme.setTextColor(*row.hint, wrong ? Token::Danger : Token::Text2);
    for (QWidget *control : row.controls) {
        if (qobject_cast<QAbstractButton *>(control) != nullptr || qobject_cast<QLabel *>(control) != nullptr)
            continue;
        control->setAccessibleDescription(wrong ? row.hint->text() : row.hintText);
        if (control->property("invalid").toBool() == wrong)
            continue;
        control->setProperty("invalid", wrong);
        control->style()->unpolish(control);
        control->style()->polish(control);
        control->update();
    }
}

/// Who scrolls with the pointer over a field would trade another size than he wrote.
bool FormFields::eventFilter(QObject *, QEvent *event)
{
    if (event->type() != QEvent::Wheel)
        return false;
    event->ignore(); // so that it goes on to what scrolls
    return true;
}

DecimalSpinBox *FormFields::makeDecimal(const QString &name, int decimals, Decimal step)
{
    auto *box = new DecimalSpinBox(m_parent);
    box->setObjectName(name);
    box->setFormat(decimals, step);
    box->setFixedWidth(m_theme.px(numberWidth));
    connect(box, &DecimalSpinBox::valueChanged, this, &FormFields::edited);
    return box;
}

QCheckBox *FormFields::makeCheck(const QString &name, const QString &text)
{
    auto *box = new QCheckBox(text, m_parent);
    box->setObjectName(name);
    box->setAccessibleName(text);
    box->setMinimumWidth(m_theme.px(66)); // fields beside them stand in one column
    connect(box, &QCheckBox::toggled, this, &FormFields::edited);
    return box;
}

QComboBox *FormFields::makeCombo(const QString &name, const QStringList &texts, int width)
{
    auto *box = new QComboBox(m_parent);
    box->setObjectName(name);
    box->addItems(texts);
    box->setFixedWidth(m_theme.px(width));
    connect(box, &QComboBox::currentIndexChanged, this, &FormFields::edited);
    return box;
}

QSpinBox *FormFields::makeInteger(const QString &name, int maximum)
{
    auto *box = new QSpinBox(m_parent);
    box->setObjectName(name);
    box->setRange(0, maximum);
    box->setAlignment(Qt::AlignRight);
    box->setFixedWidth(m_theme.px(numberWidth));
    connect(box, &QSpinBox::valueChanged, this, &FormFields::edited);
    return box;
}

QCheckBox *FormFields::makeSwitch(const QString &name, const QString &word, QWidget *number)
{
    QCheckBox *box = makeCheck(u"has"_s + name.at(0).toUpper() + name.sliced(1), word);
    connect(box, &QCheckBox::toggled, number, &QWidget::setEnabled);
    return box;
}

OptionalNumber<DecimalSpinBox> FormFields::makeOptional(const QString &name, const QString &word, int decimals,
                                                        Decimal step)
{
    DecimalSpinBox *number = makeDecimal(name, decimals, step);
    return {makeSwitch(name, word, number), number};
}

OptionalNumber<QSpinBox> FormFields::makeOptional(const QString &name, const QString &word, int maximum)
{
    QSpinBox *number = makeInteger(name, maximum);
    return {makeSwitch(name, word, number), number};
}

QLabel *FormFields::makeWord(const QString &text)
{
    auto *label = new QLabel(text, m_parent);
    m_theme.setTextColor(*label, Token::Text2);
    return label;
}

void FormFields::setHint(const QString &name, const QString &hint)
{
    if (Row *row = find(name); row != nullptr && row->hintText != hint) {
        row->hintText = hint;
        dress(*row);
    }
}

void FormFields::setRowVisible(const QString &name, bool visible)
{
    if (Row *row = find(name)) {
        row->label->setVisible(visible);
        row->box->setVisible(visible);
    }
}

void FormFields::removeAll(const QString &prefix)
{
    std::erase_if(m_rows, [&prefix](const Row &row) {
        if (!row.names.front().startsWith(prefix))
            return false;
        delete row.label;
        delete row.box;
        return true;
    });
}

QList<std::pair<QString, QString>> FormFields::setErrors(const QList<FieldError> &errors)
{
    QList<std::pair<QString, QString>> shown;
    for (Row &row : m_rows) {
        row.error.clear();
        for (const FieldError &error : errors) {
            if (find(error.field) == &row && row.error.isEmpty()) {
                row.error = error.message;
                shown.append({error.field, row.labelText});
            }
        }
        dress(row);
    }
    for (const FieldError &error : errors) {
        if (find(error.field) == nullptr)
            shown.append({error.field, error.field + u' ' + error.message});
    }
    return shown;
}

void FormFields::focusField(const QString &name)
{
    if (Row *row = find(name))
        row->controls.front()->setFocus(Qt::OtherFocusReason);
}

} // namespace tradebot
