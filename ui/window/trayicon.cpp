// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/trayicon.h"

#include "ui/models/livefeed.h"
#include "ui/window/modebanner.h"

#include <QApplication>
#include <QMenu>
#include <QSystemTrayIcon>

namespace tradebot {

using namespace Qt::StringLiterals;

namespace {

QString pictureOf(const ModeCounts &counts)
{
    if (counts.inError > 0)
        return u"tray-error"_s;
    switch (counts.mode()) {
    case WindowMode::NoBots: return u"tray-idle"_s;
    case WindowMode::Demo: return u"tray-demo"_s;
    case WindowMode::Live: return u"tray-live"_s;
    case WindowMode::Mixed: return u"tray-mixed"_s;
    }
    return {};
}

} // namespace

TrayIcon::TrayIcon(const UiContext &context, QWidget *window) : QObject(window), m_context(context), m_window(window)
{
    connect(&context.live, &LiveFeed::botsChanged, this, &TrayIcon::refresh);
}

bool TrayIcon::isAvailable()
{
    return QSystemTrayIcon::isSystemTrayAvailable();
}

void TrayIcon::takeOver()
{
    if (m_icon != nullptr)
        return;
    m_icon = new QSystemTrayIcon(this);
    m_shown.reset();
    auto *menu = new QMenu(m_window);
    connect(menu->addAction(tr("Open TradeBot")), &QAction::triggered, this, &TrayIcon::handBack);
    connect(menu->addAction(tr("Quit…")), &QAction::triggered, this, [this] {
        handBack();
        m_window->close();
    });
    m_icon->setContextMenu(menu);
    connect(m_icon, &QObject::destroyed, menu, &QObject::deleteLater);
    connect(m_icon, &QSystemTrayIcon::activated, this, [this](QSystemTrayIcon::ActivationReason reason) {
        if (reason == QSystemTrayIcon::Trigger || reason == QSystemTrayIcon::DoubleClick)
            handBack();
    });
    refresh();
    m_icon->show();
    QGuiApplication::setQuitOnLastWindowClosed(false); // a dialog that closes is not the end
    m_window->hide();
}

void TrayIcon::handBack()
{
    QGuiApplication::setQuitOnLastWindowClosed(true);
    m_window->show();
    m_window->raise();
    m_window->activateWindow();
    if (m_icon != nullptr)
        m_icon->deleteLater();
    m_icon = nullptr;
}

void TrayIcon::refresh()
{
    if (m_icon == nullptr)
        return;
    const ModeCounts counts = countModes(m_context.live);
    if (m_shown == counts)
        return;
    m_shown = counts;
    m_icon->setIcon(QIcon(u":/icons/%1.svg"_s.arg(pictureOf(counts))));
    m_icon->setToolTip(
            tr("%1 · TradeBot: %2 demo, %3 live").arg(titleWord(counts.mode())).arg(counts.demo).arg(counts.live));
}

} // namespace tradebot
