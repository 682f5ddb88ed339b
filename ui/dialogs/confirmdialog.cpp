// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/dialogs/confirmdialog.h"

#include "ui/theme/theme.h"

#include <QDialogButtonBox>
#include <QLabel>
#include <QLineEdit>
#include <QPainter>
#include <QPushButton>
#include <QRadioButton>
#include <QStyle>
#include <QVBoxLayout>

namespace tradebot {

using namespace Qt::StringLiterals;

namespace {

constexpr int modeLine = 3;

QLabel *makeText(const QString &text, const Theme &theme, FontRole role, Token token, QWidget *parent)
{
    auto *label = new QLabel(text, parent);
    label->setWordWrap(true);
    label->setTextFormat(Qt::PlainText);
    label->setFont(theme.font(role));
    theme.setTextColor(*label, token);
    return label;
}

} // namespace

ConfirmDialog::ConfirmDialog(const Theme &theme, const Question &question, QWidget *parent)
    : QDialog(parent),
      m_theme(theme),
      m_question(question)
{
    setObjectName(question.name);
    setWindowTitle((question.mode == Mode::Live ? u"LIVE · "_s : u"DEMO · "_s) + question.heading);
    setMinimumWidth(theme.px(460));

    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(theme.px(20), theme.px(16) + modeLine, theme.px(20), theme.px(16));
    layout->setSpacing(theme.px(8));
    layout->addWidget(makeText(question.heading, theme, FontRole::Title, Token::Text, this));
    auto *text = makeText(question.text, theme, FontRole::Body, Token::Text2, this);
    text->setObjectName(u"consequences"_s);
    layout->addWidget(text);
    addChoices(*layout);
    if (!question.requiredWord.isEmpty()) {
        m_word = new QLineEdit(this);
        m_word->setObjectName(u"requiredWord"_s);
        m_word->setAccessibleName(tr("Type %1 to confirm").arg(question.requiredWord));
        m_word->setPlaceholderText(tr("Type %1 to confirm").arg(question.requiredWord));
        connect(m_word, &QLineEdit::textChanged, this, &ConfirmDialog::refresh);
        layout->addWidget(m_word);
    }
    layout->addStretch();
    addButtons(*layout);
    refresh();
    resize(minimumWidth(), layout->heightForWidth(minimumWidth()));
}

void ConfirmDialog::addChoices(QVBoxLayout &layout)
{
    if (m_question.choices.size() < 2)
        return;
    layout.addSpacing(m_theme.px(4));
    for (std::size_t i = 0; i < m_question.choices.size(); ++i) {
        const PromptChoice &choice = m_question.choices[i];
        auto *radio = new QRadioButton(choice.text, this);
        radio->setObjectName(u"choice%1"_s.arg(i));
        radio->setFont(m_theme.font(FontRole::Strong));
        radio->setAccessibleDescription(choice.consequence);
        radio->setChecked(static_cast<int>(i) == m_question.preselected);
        connect(radio, &QRadioButton::toggled, this, &ConfirmDialog::refresh);
        layout.addSpacing(m_theme.px(4));
        layout.addWidget(radio);
        layout.addSpacing(m_theme.px(-4));
        auto *consequence = makeText(choice.consequence, m_theme, FontRole::Table, Token::Text2, this);
        consequence->setIndent(m_theme.px(22));
        consequence->setBuddy(radio);
        layout.addWidget(consequence);
        m_radios.push_back(radio);
    }
    layout.addSpacing(m_theme.px(4));
}

void ConfirmDialog::addButtons(QVBoxLayout &layout)
{
    auto *buttons = new QDialogButtonBox(this);
    QPushButton *cancel = buttons->addButton(QDialogButtonBox::Cancel);
    m_accept = buttons->addButton(QString(), QDialogButtonBox::AcceptRole);
    m_accept->setObjectName(u"confirmButton"_s);
    cancel->setObjectName(u"cancelButton"_s);
    cancel->setText(tr("Cancel"));
    cancel->setIcon({});
    m_accept->setAutoDefault(false);
    cancel->setDefault(!m_question.onlyTells);
    cancel->setVisible(!m_question.onlyTells);
    m_accept->setDefault(m_question.onlyTells);
    connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    layout.addWidget(buttons);
    if (m_radios.empty())
        cancel->setFocus();
    else
        m_radios[static_cast<std::size_t>(m_question.preselected)]->setFocus();
}

void ConfirmDialog::refresh()
{
    const PromptChoice &chosen = m_question.choices[static_cast<std::size_t>(choice())];
    m_accept->setText(chosen.button);
    m_accept->setProperty("kind", chosen.destructive ? u"danger"_s : u"primary"_s);
    m_accept->style()->unpolish(m_accept);
    m_accept->style()->polish(m_accept);
    m_accept->setEnabled(m_word == nullptr || m_word->text() == m_question.requiredWord);
}

int ConfirmDialog::choice() const
{
    for (std::size_t i = 0; i < m_radios.size(); ++i) {
        if (m_radios[i]->isChecked())
            return static_cast<int>(i);
    }
    return 0;
}

void ConfirmDialog::paintEvent(QPaintEvent *event)
{
    QDialog::paintEvent(event);
    QPainter painter(this);
    painter.fillRect(rect(), m_theme.color(Token::Panel));
    painter.fillRect(0, 0, width(), modeLine,
                     m_theme.color(m_question.mode == Mode::Live ? Token::LiveFill : Token::DemoFill));
}

void DialogPrompts::ask(QWidget *parent, const Question &question, Answered answered)
{
    auto *dialog = new ConfirmDialog(m_theme, question, parent);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    QObject::connect(dialog, &QDialog::finished, parent, [dialog, answered = std::move(answered)](int result) {
        answered(result == QDialog::Accepted ? dialog->choice() : -1);
    });
    dialog->open();
}

} // namespace tradebot
