// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/livefeed.h"
#include "ui/uicontext.h"
#include "ui/window/pageregistry.h"

#include <QWidget>

class QPushButton;

namespace tradebot {

class BotHeader;
class CandlePanel;
class RowCard;

/// All about one bot: how it is, its market with its trades, what its position is worth, what it was told to do.
class BotPage final : public QWidget
{
    Q_OBJECT
public:
    BotPage(const UiContext &context, const Navigation &links, BotId bot, QWidget *parent = nullptr);

    [[nodiscard]] CandlePanel &candles() { return *m_candles; }
    [[nodiscard]] const RowCard &positionCard() const { return *m_position; }
    [[nodiscard]] const RowCard &parametersCard() const { return *m_parameters; }

protected:
    void showEvent(QShowEvent *event) override;
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void show(const SnapshotPointer &bot);
    void showPosition(const BotSnapshot &bot);
    void applyTheme();
    void addShortcuts(const Navigation &links);

    const UiContext &m_context;
    BotId m_bot;
    BotHeader *m_header;
    CandlePanel *m_candles;
    RowCard *m_position;
    RowCard *m_parameters;
    QPushButton *m_edit;
};

} // namespace tradebot
