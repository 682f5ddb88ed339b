// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/toolbox/toolbox.h"

#include "ui/theme/theme.h"
#include "ui/toolbox/positionsview.h"

#include <QAction>
#include <QDockWidget>
#include <QTabBar>
#include <QToolButton>

namespace tradebot {

using namespace Qt::StringLiterals;

Toolbox::Toolbox(const UiContext &context, const PageRegistry &pages, QWidget *window)
    : QTabWidget(window),
      m_context(context),
      m_window(window),
      m_positions(new PositionsView(context, this))
{
    setObjectName(u"toolbox"_s);
    setDocumentMode(true);
    tabBar()->setDrawBase(false);
    setAccessibleName(tr("Toolbox"));
    tabBar()->setAccessibleName(tr("Toolbox"));
    add(m_positions, tr("Positions"), u"positions"_s);
    if (pages.orders)
        add(pages.orders(context, pages.links), tr("Orders"), u"orders"_s);
    if (pages.trades)
        add(pages.trades(context, pages.links), tr("Trades"), u"trades"_s);
    if (pages.events)
        add(pages.events(context, pages.links), tr("Events"), u"events"_s);
}

void Toolbox::addDetachButton(QDockWidget *dock)
{
    auto *detach = new QToolButton(this);
    detach->setObjectName(u"detachToolbox"_s);
    detach->setAccessibleName(tr("Detach %1").arg(dock->windowTitle()));
    detach->setToolTip(tr("Detach the toolbox"));
    detach->setIconSize({14, 14});
    detach->setProperty("small", true);
    detach->setFocusPolicy(Qt::TabFocus);
    detach->setFixedSize(m_context.theme.px(26), m_context.theme.px(28));
    connect(detach, &QToolButton::clicked, dock, [dock] { dock->setFloating(!dock->isFloating()); });
    connect(dock, &QDockWidget::topLevelChanged, detach, [detach](bool floats) { detach->setHidden(floats); });
    const auto dress = [this, detach] { detach->setIcon(m_context.theme.icon(u"detach"_s, Token::Text2)); };
    connect(&m_context.theme, &Theme::changed, detach, dress);
    dress();
    setCornerWidget(detach);
}

void Toolbox::add(QWidget *page, const QString &title, const QString &icon)
{
    const int index = addTab(page, title);
    setTabToolTip(index, u"Ctrl+%1"_s.arg(index + 1));
    auto *shortcut = new QAction(page);
    shortcut->setShortcut(QKeySequence(u"Ctrl+%1"_s.arg(index + 1)));
    connect(shortcut, &QAction::triggered, this, [this, index] { setCurrentIndex(index); });
    m_window->addAction(shortcut);
    const auto dress = [this, index, icon] {
        tabBar()->setFont(m_context.theme.font(FontRole::Table));
        setTabIcon(index, m_context.theme.icon(icon, Token::Text2));
    };
    connect(&m_context.theme, &Theme::changed, page, dress);
    dress();
}

} // namespace tradebot
