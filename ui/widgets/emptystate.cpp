// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/emptystate.h"

#include "ui/theme/theme.h"

#include <QAction>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

namespace tradebot {

using namespace Qt::StringLiterals;

EmptyState::EmptyState(const Theme &theme, const EmptyStateText &text, QAction *action, QWidget *parent)
    : QWidget(parent),
      m_theme(theme),
      m_iconName(text.icon),
      m_icon(new QLabel(this)),
      m_heading(new QLabel(text.heading, this)),
      m_text(new QLabel(text.text, this))
{
    setAccessibleName(text.heading);
    setProperty("surface", u"panel"_s);
    setAutoFillBackground(true);
    setBackgroundRole(QPalette::Base);
    m_icon->setAlignment(Qt::AlignCenter);
    m_heading->setAlignment(Qt::AlignCenter);
    m_text->setAlignment(Qt::AlignCenter);
    m_text->setWordWrap(true);

    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(m_theme.px(24), m_theme.px(60), m_theme.px(24), m_theme.px(24));
    layout->setSpacing(m_theme.px(8));
    layout->addWidget(m_icon);
    layout->addWidget(m_heading);
    layout->addWidget(m_text);
    if (action != nullptr) {
        auto *button = new QPushButton(this);
        button->setObjectName(u"emptyStateButton"_s);
        button->setText(action->text() + u'…');
        button->setAccessibleName(action->text());
        button->setIcon(action->icon());
        connect(button, &QPushButton::clicked, action, &QAction::trigger);
        connect(action, &QAction::changed, button, [button, action] { button->setIcon(action->icon()); });
        layout->addSpacing(m_theme.px(8));
        layout->addWidget(button, 0, Qt::AlignHCenter);
    }
    layout->addStretch();
    connect(&theme, &Theme::changed, this, &EmptyState::applyTheme);
    applyTheme();
}

void EmptyState::applyTheme()
{
    m_icon->setPixmap(m_theme.pixmap(m_iconName, Token::Text2, m_theme.px(24), devicePixelRatioF()));
    m_heading->setFont(m_theme.font(FontRole::Strong));
    m_text->setFont(m_theme.font(FontRole::Table));
    m_theme.setTextColor(*m_text, Token::Text2);
}

} // namespace tradebot
