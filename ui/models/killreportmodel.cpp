// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/killreportmodel.h"

#include "ui/format/moneyformat.h"
#include "ui/format/words.h"
#include "ui/theme/tokens.h"

#include <algorithm>
#include <array>
#include <tuple>

namespace tradebot {

using namespace Qt::StringLiterals;

namespace {

const Order *orderOf(const EventPayload &payload)
{
    if (const auto *changed = std::get_if<OrderChanged>(&payload))
        return &changed->order;
    if (const auto *filled = std::get_if<OrderFilled>(&payload))
        return &filled->order;
    return nullptr;
}

} // namespace

KillReportModel::KillReportModel(const LiveFeed &live, const KillSwitch &killSwitch,
                                 const std::vector<SnapshotPointer> &bots, QObject *parent)
    : QAbstractTableModel(parent),
      m_live(live),
      m_switch(killSwitch)
{
    for (const SnapshotPointer &bot : bots)
        addBot(*bot);
    connect(&live, &LiveFeed::factsArrived, this, &KillReportModel::takeFacts);
}

void KillReportModel::addBot(const BotSnapshot &bot)
{
    m_meant.insert(bot.id);
    for (const Order &order : bot.state.openOrders)
        putOrder(order);
    if (bot.state.position.isOpen()) {
        Row &row = rowFor(bot.id, Kind::Position, {});
        row.side = bot.state.position.side;
        row.quantity = bot.state.position.quantity;
        if (m_switch.level == KillLevel::Flatten)
            settle(bot.id, Kind::Position, Progress::Waiting, tr("to be closed"), {});
        else
            settle(bot.id, Kind::Position, Progress::Kept, tr("stays"),
                   m_switch.includesProtection ? tr("unprotected") : QString());
    }
    rowFor(bot.id, Kind::Bot, {});
    settle(bot.id, Kind::Bot, Progress::Waiting, tr("asked"), {});
}

void KillReportModel::takeReport(const KillReport &report)
{
    const std::set<BotId> pulled(report.bots.begin(), report.bots.end());
    for (int row = rowCount() - 1; row >= 0; --row) { // of bots that were there when it was asked for, and are no more
        if (pulled.contains(m_rows[static_cast<std::size_t>(row)].bot))
            continue;
        beginRemoveRows({}, row, row);
        m_rows.erase(m_rows.begin() + row);
        endRemoveRows();
    }
    for (const BotId bot : pulled) {
        const auto snapshot = m_live.bot(bot);
        if (snapshot && !m_meant.contains(bot))
            addBot(*snapshot);
    }
    m_meant = pulled;
    for (const Order &order : report.orders) {
        const int known = find(order.id.bot, Kind::Order, order.id.sequence);
        // A fact may have overtaken the answer.
        if (known < 0 || m_rows[static_cast<std::size_t>(known)].order.isOpen())
            putOrder(order);
    }
    Q_EMIT progressed();
}

void KillReportModel::takeFailure(const Error &error)
{
    for (int row = 0; row < rowCount(); ++row) {
        Row &of = m_rows[static_cast<std::size_t>(row)];
        if (of.progress != Progress::Waiting)
            continue;
        of.progress = Progress::Failed;
        of.outcome = tr("not done");
        of.why = error.text;
        changed(row);
    }
    Q_EMIT progressed();
}

int KillReportModel::find(BotId bot, Kind kind, EventSequence order) const
{
    const auto at = std::ranges::find_if(m_rows, [&](const Row &row) {
        return row.bot == bot && row.kind == kind && (kind != Kind::Order || row.order.id.sequence == order);
    });
    return at == m_rows.end() ? -1 : static_cast<int>(at - m_rows.begin());
}

KillReportModel::Row &KillReportModel::rowFor(BotId bot, Kind kind, EventSequence order)
{
    if (const int known = find(bot, kind, order); known >= 0)
        return m_rows[static_cast<std::size_t>(known)];
    const auto at = std::ranges::find_if(m_rows, [&](const Row &row) {
        return std::tuple(row.bot, row.kind, row.order.id.sequence) > std::tuple(bot, kind, order);
    });
    const int place = static_cast<int>(at - m_rows.begin());
    beginInsertRows({}, place, place);
    Row &row = *m_rows.insert(at, Row());
    row.bot = bot;
    row.kind = kind;
    endInsertRows();
    return row;
}

void KillReportModel::putOrder(const Order &order)
{
    Row &row = rowFor(order.id.bot, Kind::Order, order.id.sequence);
    row.order = order;
    row.why = order.reason;
    const bool protects = order.reduceOnly && order.purpose != OrderPurpose::Flatten;
    const bool isKept = m_switch.level == KillLevel::PauseEntries
                        || (m_switch.level == KillLevel::CancelOrders && protects && !m_switch.includesProtection);
    if (order.state == OrderState::Unknown) {
        row.progress = Progress::Failed;
        row.outcome = tr("UNKNOWN, the exchange is being asked");
    } else if (!order.isOpen()) {
        row.progress = order.state == OrderState::Rejected ? Progress::Failed : Progress::Done;
        row.outcome = spaced(toName(order.state));
    } else if (order.purpose == OrderPurpose::Flatten) {
        row.progress = Progress::Waiting;
        row.outcome = tr("sent");
    } else if (order.cancelRequested) {
        row.progress = Progress::Waiting;
        row.outcome = tr("cancel sent");
    } else {
        row.progress = isKept ? Progress::Kept : Progress::Waiting;
        row.outcome = isKept ? tr("stays") : tr("to be cancelled");
    }
    changed(find(order.id.bot, Kind::Order, order.id.sequence));
}

void KillReportModel::settle(BotId bot, Kind kind, Progress progress, const QString &outcome, const QString &why)
{
    const int place = find(bot, kind, {});
    if (place < 0)
        return;
    Row &row = m_rows[static_cast<std::size_t>(place)];
    row.progress = progress;
    row.outcome = outcome;
    row.why = why;
    changed(place);
}

void KillReportModel::takeFacts(const std::vector<EventPointer> &events)
{
    bool isNews = false;
    for (const EventPointer &event : events) {
        if (!m_meant.contains(event->bot))
            continue;
        isNews = true;
        if (std::holds_alternative<KillSwitchPulled>(event->payload)) {
            m_pulled.insert(event->bot);
            settle(event->bot, Kind::Bot, Progress::Waiting, tr("at work"), {});
        } else if (const auto *done = std::get_if<KillSwitchDone>(&event->payload)) {
            if (m_pulled.contains(event->bot)) // else it is the end of an earlier one
                settle(event->bot, Kind::Bot, Progress::Done, tr("done"), done->message);
        } else if (const auto *closed = std::get_if<TradeClosed>(&event->payload)) {
            settle(event->bot, Kind::Position, Progress::Done, tr("closed"),
                   tr("net %1").arg(moneyText(closed->trade.net(), closed->trade.currency, Sign::Always)));
        } else if (const auto *error = std::get_if<ErrorRaised>(&event->payload)) {
            settle(event->bot, Kind::Bot, Progress::Failed, tr("error"), error->message);
        } else if (const Order *order = orderOf(event->payload); order != nullptr && order->id.isValid()) {
            putOrder(*order);
        }
    }
    if (isNews)
        Q_EMIT progressed();
}

void KillReportModel::changed(int row)
{
    Q_EMIT dataChanged(index(row, 0), index(row, ColumnCount - 1));
}

int KillReportModel::waiting() const
{
    return static_cast<int>(std::ranges::count(m_rows, Progress::Waiting, &Row::progress));
}

int KillReportModel::failed() const
{
    return static_cast<int>(std::ranges::count(m_rows, Progress::Failed, &Row::progress));
}

// ---- The table

int KillReportModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int KillReportModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QString KillReportModel::what(const Row &row) const
{
    const SnapshotPointer bot = m_live.bot(row.bot);
    const Instrument instrument = bot ? bot->instrument : Instrument();
    switch (row.kind) {
    case Kind::Order: {
        const Order &order = row.order;
        const Price price = order.limitPrice.isZero() ? order.stopPrice : order.limitPrice;
        QString text = tr("%1: %2 %3 %4 %5")
                               .arg(order.id.toString(), spaced(toName(order.purpose)),
                                    order.side == Side::Buy ? tr("buy") : tr("sell"),
                                    quantityText(order.quantity, instrument), instrument.base);
        return price.isZero() ? text + tr(" at market") : text + tr(" at %1").arg(priceText(price, instrument));
    }
    case Kind::Position:
        return tr("position %1 %2 %3").arg(toName(row.side), quantityText(row.quantity, instrument), instrument.base);
    case Kind::Bot: return m_switch.level == KillLevel::Flatten ? tr("the bot: stop") : tr("the bot: no new positions");
    }
    return {};
}

QVariant KillReportModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const Row &row = m_rows[static_cast<std::size_t>(index.row())];
    switch (role) {
    case Qt::DisplayRole:
    case CopyRole:
        switch (index.column()) {
        case BotColumn: return botName(m_live.bot(row.bot), row.bot);
        case WhatColumn: return what(row);
        case OutcomeColumn: return row.outcome;
        default: return row.why;
        }
    case Qt::ToolTipRole: return index.column() == WhyColumn && !row.why.isEmpty() ? QVariant(row.why) : QVariant();
    case Qt::TextAlignmentRole: return headerData(index.column(), Qt::Horizontal, role);
    case BotIdRole: return row.bot.value();
    case StrongRole: return index.column() == BotColumn;
    case IconRole:
    case TokenRole: {
        static constexpr std::array looks = {
                std::pair("state-pending"_L1, Token::Pending), std::pair("ok"_L1, Token::Running),
                std::pair("state-stopped"_L1, Token::Text2), std::pair("error"_L1, Token::Error)};
        if (index.column() != OutcomeColumn)
            return {};
        const auto &[icon, token] = looks.at(static_cast<std::size_t>(row.progress));
        return role == IconRole ? QVariant(QString(icon)) : QVariant(static_cast<int>(token));
    }
    default: return {};
    }
}

QVariant KillReportModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= ColumnCount)
        return {};
    if (role == Qt::TextAlignmentRole)
        return static_cast<int>(Qt::AlignLeft | Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    const std::array titles = {tr("Bot"), tr("What was there"), tr("What became of it"), tr("Why")};
    return titles[static_cast<std::size_t>(section)];
}

} // namespace tradebot
