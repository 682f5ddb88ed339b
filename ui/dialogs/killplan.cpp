// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/dialogs/killplan.h"

#include "ui/format/moneyformat.h"
#include "ui/format/words.h"
#include "ui/models/botrow.h"

#include <QCoreApplication>

#include <algorithm>
#include <map>

namespace tradebot {

using namespace Qt::StringLiterals;

namespace {

/// The texts of this file, where a translator finds them.
struct KillText final
{
    Q_DECLARE_TR_FUNCTIONS(KillSwitch)
};

bool shareAnAccount(const BotSnapshot &one, const BotSnapshot &other)
{
    const BotConfig &a = *one.config;
    const BotConfig &b = *other.config;
    return one.owner == other.owner && a.exchange == b.exchange && a.mode == b.mode && a.apiKeyId == b.apiKeyId;
}

QString titleOf(KillScope scope, const BotSnapshot *around)
{
    switch (scope) {
    case KillScope::Bot: return around->config->name;
    case KillScope::Account:
        return around->config->apiKeyId ? KillText::tr("account %1, key %2")
                                                  .arg(exchangeText(around->config->exchange))
                                                  .arg(*around->config->apiKeyId)
                                        : KillText::tr("account %1").arg(exchangeText(around->config->exchange));
    case KillScope::Everything: return KillText::tr("everything");
    }
    return {};
}

QString ordersText(qint64 count)
{
    return counted(count, KillText::tr("%1 order"), KillText::tr("%1 orders"));
}

QString positionsText(qint64 count)
{
    return counted(count, KillText::tr("%1 position"), KillText::tr("%1 positions"));
}

/// What the open positions are worth by currency; currencies are never added.
QString worthText(const KillTarget &target)
{
    std::map<QString, Checked<Money>> sums;
    for (const SnapshotPointer &bot : target.bots) {
        const Position &position = bot->state.position;
        if (!position.isOpen())
            continue;
        const auto worth = bot->markPrice ? notional(*bot->markPrice, position.quantity, Rounding::HalfEven).value()
                                          : std::optional<Money>();
        if (!worth)
            return KillText::tr("their worth is not known");
        sums.try_emplace(bot->instrument.quote, Money()).first->second += *worth;
    }
    QStringList texts;
    for (const auto &[currency, sum] : sums)
        texts += moneyText(sum.valueOr(Money()), currency);
    return texts.join(u" + "_s);
}

} // namespace

bool KillTarget::hasLiveBots() const
{
    return std::ranges::any_of(bots, [](const SnapshotPointer &bot) { return bot->config->mode == Mode::Live; });
}

qint64 KillTarget::positions() const
{
    return std::ranges::count_if(bots, [](const SnapshotPointer &bot) { return bot->state.position.isOpen(); });
}

qint64 KillTarget::orders() const
{
    qint64 count = 0;
    for (const SnapshotPointer &bot : bots)
        count += std::ssize(bot->state.openOrders);
    return count;
}

qint64 KillTarget::protectiveOrders() const
{
    qint64 count = 0;
    for (const SnapshotPointer &bot : bots)
        count += std::ranges::count_if(bot->state.openOrders, &Order::reduceOnly);
    return count;
}

std::optional<KillTarget> killTarget(const LiveFeed &live, UserId owner, KillScope scope, BotId around)
{
    const SnapshotPointer middle = scope == KillScope::Everything ? nullptr : live.bot(around);
    if (scope != KillScope::Everything && (!middle || middle->owner != owner))
        return std::nullopt;
    KillTarget target{scope, middle ? around : BotId(), titleOf(scope, middle.get()), {}};
    for (const auto &[id, bot] : live.bots()) {
        const bool isMeant = scope == KillScope::Bot       ? id == around
                             : scope == KillScope::Account ? shareAnAccount(*middle, *bot)
                                                           : bot->owner == owner;
        if (isMeant)
            target.bots.push_back(bot);
    }
    return target.bots.empty() ? std::nullopt : std::optional(std::move(target));
}

QString killCounts(const KillTarget &target)
{
    return u"%1, %2, %3"_s.arg(counted(std::ssize(target.bots), KillText::tr("%1 bot"), KillText::tr("%1 bots")),
                               positionsText(target.positions()), ordersText(target.orders()));
}

QString killConsequence(const KillTarget &target, KillLevel level, bool includesProtection)
{
    const qint64 all = target.orders();
    const qint64 protective = target.protectiveOrders();
    const QString positions = positionsText(target.positions());
    switch (level) {
    case KillLevel::PauseEntries:
        return KillText::tr("No new positions. %1 and %2 stay.").arg(positions, ordersText(all));
    case KillLevel::CancelOrders:
        if (includesProtection)
            return target.positions() == 0 ? KillText::tr("Cancels all %1.").arg(ordersText(all))
                                           : KillText::tr("Cancels all %1, stops too. %2 left unprotected.")
                                                     .arg(ordersText(all), positions);
        return KillText::tr("Cancels %1. %2 with stops and targets (%3) stay.")
                .arg(ordersText(all - protective), positions, ordersText(protective));
    case KillLevel::Flatten:
        if (target.positions() == 0)
            return KillText::tr("Cancels %1 and stops. No position is open.").arg(ordersText(all));
        return KillText::tr("Cancels %1, closes %2 at market: %3.").arg(ordersText(all), positions, worthText(target));
    }
    return {};
}

QString killWord(KillLevel level)
{
    switch (level) {
    case KillLevel::PauseEntries: return KillText::tr("Pause entries");
    case KillLevel::CancelOrders: return KillText::tr("Cancel all orders");
    case KillLevel::Flatten: return KillText::tr("Flatten everything");
    }
    return {};
}

} // namespace tradebot
