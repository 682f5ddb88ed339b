// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/facttoasts.h"

#include "ui/format/moneyformat.h"

#include <QCoreApplication>

namespace tradebot {

using namespace Qt::StringLiterals;

std::optional<ToastText> toastFor(const BotEvent &event, const SnapshotPointer &bot)
{
    if (!bot)
        return std::nullopt;
    const auto say = [](const char *text) { return QCoreApplication::translate("Toast", text); };
    ToastText toast;
    toast.bot = bot->config->name;
    toast.mode = bot->config->mode;
    if (const auto *closed = std::get_if<TradeClosed>(&event.payload)) {
        const Trade &trade = closed->trade;
        toast.kind = ToastKind::Trade;
        toast.heading = say("%1 closed a trade").arg(toast.bot);
        toast.text = say("%1 %2 %3, net %4")
                             .arg(toName(trade.side), quantityText(trade.quantity, bot->instrument),
                                  bot->instrument.base, moneyText(trade.net(), trade.currency, 2, Sign::Always));
        return toast;
    }
    if (const auto *completed = std::get_if<BotCompleted>(&event.payload)) {
        toast.kind = ToastKind::Complete;
        toast.heading = say("%1 has stopped").arg(toast.bot);
        toast.text = completed->message;
        return toast;
    }
    if (const auto *raised = std::get_if<ErrorRaised>(&event.payload)) {
        toast.kind = ToastKind::Error;
        toast.heading = say("%1 has an error").arg(toast.bot);
        toast.text = raised->message;
        return toast;
    }
    return std::nullopt;
}

} // namespace tradebot
