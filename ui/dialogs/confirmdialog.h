// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/dialogs/prompts.h"

#include <QDialog>

#include <vector>

class QLineEdit;
class QPushButton;
class QRadioButton;
class QVBoxLayout;

namespace tradebot {

class Theme;

/// A question with its object, what will happen, and a button that repeats the verb. Enter cancels, unless a choice
/// was made on purpose.
class ConfirmDialog final : public QDialog
{
    Q_OBJECT
public:
    ConfirmDialog(const Theme &theme, const Question &question, QWidget *parent);

    [[nodiscard]] int choice() const;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    void addChoices(QVBoxLayout &layout);
    void addButtons(QVBoxLayout &layout);
    void refresh();

    const Theme &m_theme;
    Question m_question;
    std::vector<QRadioButton *> m_radios;
    QLineEdit *m_word = nullptr;
    QPushButton *m_accept = nullptr;
};

/// Asks with a ConfirmDialog over the window; nothing waits for it.
class DialogPrompts final : public Prompts
{
public:
    explicit DialogPrompts(const Theme &theme) : m_theme(theme) { }

    void ask(QWidget *parent, const Question &question, Answered answered) override;

private:
    const Theme &m_theme;
};

} // namespace tradebot
