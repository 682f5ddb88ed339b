// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/standardpages.h"

#include "ui/pages/botpage.h"
#include "ui/pages/overviewpage.h"
#include "ui/pages/toolboxviews.h"

namespace tradebot {

namespace {

/// Makes a view of the toolbox whose rows lead to their bots.
template<class View>
QWidget *makeView(const UiContext &context, const Navigation &links)
{
    auto *view = new View(context);
    QObject::connect(view, &View::botActivated, view, [open = links.openBot](BotId bot) { open(bot); });
    return view;
}

} // namespace

PageRegistry standardPages()
{
    PageRegistry pages;
    pages.overview = [](const UiContext &context, const Navigation &links) -> QWidget * {
        return new OverviewPage(context, links);
    };
    pages.bot = [](const UiContext &context, const Navigation &links, BotId bot) -> QWidget * {
        return new BotPage(context, links, bot);
    };
    pages.orders = makeView<OrdersView>;
    pages.trades = makeView<TradesView>;
    pages.events = makeView<EventsView>;
    return pages;
}

} // namespace tradebot
