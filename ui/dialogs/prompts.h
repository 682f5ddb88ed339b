// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/domain/market.h"

#include <QString>

#include <functional>
#include <vector>

class QWidget;

namespace tradebot {

/// One way to answer a question.
struct PromptChoice
{
    QString text;        ///< "Pause entries"
    QString consequence; ///< "No new positions. The position and its stops stay."
    QString button;      ///< what the button then says: "Pause BTC trend"
    bool destructive = false;
};

/// A question before something that cannot be taken back.
struct Question
{
    QString name; ///< object name, for tests and accessibility tools
    Mode mode = Mode::Demo;
    QString heading;                   ///< a question with its object: "Stop BTC trend?"
    QString text;                      ///< what will happen to positions and orders, with numbers
    std::vector<PromptChoice> choices; ///< at least one; more than one are listed as radio buttons
    int preselected = 0;
    bool onlyTells = false; ///< there is nothing to decide: one button
    QString requiredWord;   ///< must be typed before the button works; empty: nothing
};

/// Asks a person. A seam: tests answer without a dialog. Nothing here waits; answered is called later, once, with the
/// index of the choice or -1 for no.
class Prompts
{
public:
    using Answered = std::function<void(int choice)>;

    Prompts() = default;
    Prompts(const Prompts &) = delete;
    Prompts &operator=(const Prompts &) = delete;
    virtual ~Prompts() = default;

    /// answered is dropped when parent is gone by then.
    virtual void ask(QWidget *parent, const Question &question, Answered answered) = 0;
};

} // namespace tradebot
