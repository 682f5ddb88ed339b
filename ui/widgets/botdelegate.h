// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/clock.h"
#include "ui/models/botsmodel.h"

#include <QStyledItemDelegate>

#include <chrono>

namespace tradebot {

/// How old a price may be before it is shown as stale.
inline constexpr std::chrono::milliseconds staleAfter{5000};

/// Paints account rows, two-line bot rows and sum rows of a BotsModel. Ages are computed while painting.
class BotDelegate final : public QStyledItemDelegate
{
    Q_OBJECT
public:
    BotDelegate(const Theme &theme, const Clock &clock, QObject *parent = nullptr);

    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override;
    [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override;
    bool helpEvent(QHelpEvent *event, QAbstractItemView *view, const QStyleOptionViewItem &option,
                   const QModelIndex &index) override;

private:
    void paintBackground(QPainter &painter, const QStyleOptionViewItem &option, const QModelIndex &index) const;
    void paintAccount(QPainter &painter, const QStyleOptionViewItem &option, const QModelIndex &index) const;
    void paintSum(QPainter &painter, const QRect &rect, const QModelIndex &index) const;
    void paintBotName(QPainter &painter, const QRect &rect, const BotRow &row) const;
    void paintAge(QPainter &painter, const QRect &rect, const BotRow &row) const;
    void paintCell(QPainter &painter, const QRect &rect, const BotRow &row, int column) const;
    [[nodiscard]] QString toolTip(const BotRow &row) const;

    const Theme &m_theme;
    const Clock &m_clock;
};

} // namespace tradebot
