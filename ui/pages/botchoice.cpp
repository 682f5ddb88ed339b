// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/botchoice.h"

#include "ui/models/livefeed.h"
#include "ui/theme/theme.h"

#include <QAbstractItemView>
#include <QSignalBlocker>

#include <algorithm>

namespace tradebot {

BotChoice::BotChoice(const Theme &theme, LiveFeed &live, QWidget *parent) : QComboBox(parent), m_live(live)
{
    setAccessibleName(tr("Bot"));
    setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    setFixedWidth(theme.px(170)); // a long name is cut here and whole in the list
    view()->setMinimumWidth(theme.px(280));
    fill();
    connect(&live, &LiveFeed::botsChanged, this, &BotChoice::fill);
    connect(&live, &LiveFeed::botRemoved, this, &BotChoice::fill);
    connect(this, &QComboBox::currentIndexChanged, this, &BotChoice::chosen);
}

std::optional<BotId> BotChoice::bot() const
{
    const BotId id(currentData().toLongLong());
    return id.isValid() ? std::optional(id) : std::nullopt;
}

void BotChoice::choose(std::optional<BotId> bot)
{
    setCurrentIndex(std::max(0, findData(bot.value_or(BotId()).value())));
}

/// Touched only when a bot came, went or has another name.
void BotChoice::fill()
{
    int place = 1;
    bool isSame = count() == static_cast<int>(m_live.bots().size()) + 1;
    for (const auto &[id, bot] : m_live.bots()) {
        isSame = isSame && itemData(place).toLongLong() == id.value() && itemText(place) == bot->config->name;
        ++place;
    }
    if (isSame)
        return;
    const std::optional<BotId> before = bot();
    {
        const QSignalBlocker quiet(this);
        clear();
        addItem(tr("All bots"), qint64(0));
        for (const auto &[id, bot] : m_live.bots())
            addItem(bot->config->name, id.value());
        choose(before);
    }
    if (bot() != before)
        Q_EMIT chosen();
}

} // namespace tradebot
