// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/livefeed.h"
#include "ui/uicontext.h"

#include <QWidget>

namespace tradebot {

/// Who the bot is, how it is, since when and why; at the right the price that it sees, and how old that is.
class BotHeader final : public QWidget
{
    Q_OBJECT
public:
    BotHeader(const UiContext &context, QWidget *parent);

    void setBot(const SnapshotPointer &bot);

    [[nodiscard]] QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    [[nodiscard]] QString reason() const;
    [[nodiscard]] QString marketText() const;
    [[nodiscard]] bool isStale() const;

    const UiContext &m_context;
    SnapshotPointer m_bot;
};

} // namespace tradebot
