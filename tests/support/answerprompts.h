// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/dialogs/prompts.h"

#include <QPointer>
#include <QTimer>
#include <QWidget>

#include <deque>
#include <vector>

namespace tradebot {

/// Answers questions as the test said beforehand; -1, "no", when it said nothing.
class AnswerPrompts final : public Prompts
{
public:
    void answerNext(int choice) { m_answers.push_back(choice); }
    [[nodiscard]] const std::vector<Question> &questions() const { return m_questions; }

    void ask(QWidget *parent, const Question &question, Answered answered) override
    {
        m_questions.push_back(question);
        int choice = -1;
        if (!m_answers.empty()) {
            choice = m_answers.front();
            m_answers.pop_front();
        }
        QTimer::singleShot(0, parent, [choice, answered = std::move(answered)] { answered(choice); });
    }

private:
    std::deque<int> m_answers;
    std::vector<Question> m_questions;
};

} // namespace tradebot
