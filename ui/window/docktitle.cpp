// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/docktitle.h"

#include "ui/theme/theme.h"

#include <QDockWidget>
#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QToolButton>

namespace tradebot {

using namespace Qt::StringLiterals;

DockTitle::DockTitle(const Theme &theme, QDockWidget *dock, Shown shown)
    : QWidget(dock),
      m_theme(theme),
      m_dock(dock),
      m_shown(shown),
      m_name(new QLabel(dock->windowTitle(), this)),
      m_detach(new QToolButton(this)),
      m_close(new QToolButton(this))
{
    m_detach->setObjectName(u"detachDock"_s);
    m_detach->setAccessibleName(tr("Detach %1").arg(dock->windowTitle()));
    m_detach->setToolTip(tr("Detach or attach"));
    m_close->setObjectName(u"closeDock"_s);
    m_close->setAccessibleName(tr("Close %1").arg(dock->windowTitle()));
    m_close->setToolTip(tr("Close; the View menu brings it back"));
    for (QToolButton *button : {m_detach, m_close}) {
        button->setFixedSize(theme.px(22), theme.px(22));
        button->setIconSize({14, 14});
        button->setProperty("small", true);
        button->setFocusPolicy(Qt::TabFocus);
    }
    connect(m_detach, &QToolButton::clicked, dock, [dock] { dock->setFloating(!dock->isFloating()); });
    connect(m_close, &QToolButton::clicked, dock, &QWidget::hide);
    connect(dock, &QDockWidget::windowTitleChanged, this, &DockTitle::refresh);
    connect(dock, &QDockWidget::topLevelChanged, this, &DockTitle::refresh);

    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins(theme.px(10), 0, theme.px(4), 0);
    layout->setSpacing(0);
    layout->addWidget(m_name, 1);
    layout->addWidget(m_detach);
    layout->addWidget(m_close);
    connect(&theme, &Theme::changed, this, &DockTitle::applyTheme);
    applyTheme();
    refresh();
}

bool DockTitle::isFloating() const
{
    return m_dock->isFloating();
}

QString DockTitle::text() const
{
    return m_name->text();
}

void DockTitle::setMode(WindowMode mode)
{
    m_mode = mode;
    refresh();
}

void DockTitle::refresh()
{
    m_name->setText(isFloating() ? titleWord(m_mode) + u" · "_s + m_dock->windowTitle() : m_dock->windowTitle());
    for (QWidget *part : std::initializer_list<QWidget *>{m_name, m_detach, m_close})
        part->setVisible(m_shown == Shown::Always || isFloating());
    layout()->setContentsMargins(m_theme.px(10), 0, m_theme.px(4), isFloating() ? frameWidth : 0);
    setFixedHeight(sizeHint().height());
    update();
}

QSize DockTitle::sizeHint() const
{
    const bool isShown = m_shown == Shown::Always || isFloating();
    return {m_theme.px(120), isShown ? m_theme.px(28) + (isFloating() ? frameWidth : 0) : 0};
}

void DockTitle::applyTheme()
{
    m_name->setFont(m_theme.font(FontRole::TableStrong));
    m_detach->setIcon(m_theme.icon(u"detach"_s, Token::Text2));
    m_close->setIcon(m_theme.icon(u"close"_s, Token::Text2));
    update();
}

void DockTitle::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.fillRect(rect(), m_theme.color(Token::Window));
    painter.setPen(m_theme.hairline(Token::Border));
    painter.drawLine(rect().bottomLeft(), rect().bottomRight());
    if (!isFloating())
        return;
    QRect line(0, height() - frameWidth, width(), frameWidth);
    painter.fillRect(line, m_theme.color(m_mode == WindowMode::Live || m_mode == WindowMode::Mixed ? Token::LiveFill
                                                                                                   : Token::DemoFill));
    if (m_mode != WindowMode::Mixed)
        return;
    line.setLeft(width() / 2);
    painter.fillRect(line, m_theme.color(Token::DemoFill));
}

} // namespace tradebot
