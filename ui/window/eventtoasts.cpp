// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/eventtoasts.h"

#include "ui/format/moneyformat.h"

#include <QCoreApplication>

namespace tradebot {

using namespace Qt::StringLiterals;

namespace {

/// The texts of this file, where a translator finds them.
struct FactText final
{
    Q_DECLARE_TR_FUNCTIONS(Toast)
};

} // namespace

std::optional<ToastText> toastFor(const BotEvent &event, const SnapshotPointer &bot)
{
    if (!bot)
        return std::nullopt;
    ToastText toast;
    toast.bot = bot->config->name;
    toast.heading = toast.bot;
    toast.mode = bot->config->mode;
    if (const auto *closed = std::get_if<TradeClosed>(&event.payload)) {
        const Trade &trade = closed->trade;
        toast.kind = ToastKind::Trade;
        toast.text = FactText::tr("Closed %1 %2 %3, net %4")
                             .arg(toName(trade.side), quantityText(trade.quantity, bot->instrument),
                                  bot->instrument.base, moneyText(trade.net(), trade.currency, Sign::Always));
        return toast;
    }
    if (const auto *completed = std::get_if<BotCompleted>(&event.payload)) {
        toast.kind = ToastKind::Complete;
        toast.text = completed->message.isEmpty() ? FactText::tr("Has stopped") : completed->message;
        return toast;
    }
    if (const auto *raised = std::get_if<ErrorRaised>(&event.payload)) {
        toast.kind = ToastKind::Error;
        toast.text = raised->message;
        return toast;
    }
    return std::nullopt;
}

} // namespace tradebot
