// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/livefeed.h"
#include "ui/uicontext.h"

#include <QWidget>

#include <map>

namespace tradebot {

/// A card for each bot: how it is, its equity as a small line, what it holds and what it made. Enter or a click opens
/// it.
class BotCards final : public QWidget
{
    Q_OBJECT
public:
    explicit BotCards(const UiContext &context, QWidget *parent = nullptr);

    void setBots(std::vector<SnapshotPointer> bots);
    /// Values of a bot's equity over the chosen time, oldest first.
    void setLines(std::map<BotId, std::vector<double>> lines);
    [[nodiscard]] int count() const { return static_cast<int>(m_bots.size()); }

    [[nodiscard]] bool hasHeightForWidth() const override { return true; }
    [[nodiscard]] int heightForWidth(int width) const override;
    [[nodiscard]] QSize sizeHint() const override;

Q_SIGNALS:
    void activated(tradebot::BotId id);

protected:
    void paintEvent(QPaintEvent *event) override;
    void mouseReleaseEvent(QMouseEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void leaveEvent(QEvent *event) override;

private:
    [[nodiscard]] int columns(int width) const;
    [[nodiscard]] QRect rectOf(int card) const;
    [[nodiscard]] int cardAt(QPoint position) const;
    void paintCard(QPainter &painter, const QRect &rect, const BotSnapshot &bot) const;
    void paintLine(QPainter &painter, const QRectF &rect, BotId bot) const;
    void setCurrent(int card);

    const UiContext &m_context;
    std::vector<SnapshotPointer> m_bots;
    std::map<BotId, std::vector<double>> m_lines;
    int m_current = 0;
    int m_hovered = -1;
};

} // namespace tradebot
