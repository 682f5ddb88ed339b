// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/uicontext.h"

#include <QComboBox>

#include <optional>

namespace tradebot {

/// All bots, or one of them.
class BotChoice final : public QComboBox
{
    Q_OBJECT
public:
    BotChoice(const Theme &theme, LiveFeed &live, QWidget *parent);

    [[nodiscard]] std::optional<BotId> bot() const;
    void choose(std::optional<BotId> bot);

Q_SIGNALS:
    void chosen();

private:
    void fill();

    LiveFeed &m_live;
};

} // namespace tradebot
