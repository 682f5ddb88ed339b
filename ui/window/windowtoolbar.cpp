// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/windowtoolbar.h"

#include "ui/window/windowactions.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QMenu>
#include <QPainter>
#include <QSignalBlocker>

namespace tradebot {

using namespace Qt::StringLiterals;

namespace {

constexpr int narrow = 900;

} // namespace

MenuToolButton::MenuToolButton(const Theme &theme, QWidget *parent) : QToolButton(parent), m_theme(theme)
{
    setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    setFocusPolicy(Qt::TabFocus);
}

void MenuToolButton::paintEvent(QPaintEvent *event)
{
    QToolButton::paintEvent(event);
    QPainter painter(this);
    const int size = m_theme.px(14);
    painter.drawPixmap(
            width() - size - m_theme.px(5), (height() - size) / 2,
            m_theme.pixmap(u"chevron-down"_s, isEnabled() ? Token::Text2 : Token::Disabled, size, devicePixelRatioF()));
}

WindowToolBar::WindowToolBar(const Theme &theme, const WindowActions &actions, QWidget *parent)
    : QToolBar(parent),
      m_theme(theme),
      m_account(new QComboBox(this))
{
    setObjectName(u"mainToolBar"_s);
    setWindowTitle(tr("Tools"));
    setMovable(false);
    setFloatable(false);
    setContextMenuPolicy(Qt::PreventContextMenu);
    setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    setIconSize({16, 16});

    m_shrinking = {addButton(actions.start), addButton(actions.pause)};
    auto *stop = new MenuToolButton(theme, this);
    stop->setObjectName(u"stopButton"_s);
    stop->setAccessibleName(tr("Stop"));
    stop->setDefaultAction(actions.stop);
    stop->setPopupMode(QToolButton::MenuButtonPopup);
    auto *policies = new QMenu(stop);
    for (QAction *action : actions.stopBy)
        policies->addAction(action);
    stop->setMenu(policies);
    addWidget(stop);
    m_shrinking.push_back(stop);
    addSeparator();
    addButton(actions.newBot);
    addSeparator();

    m_account->setObjectName(u"accountBox"_s);
    m_account->setAccessibleName(tr("Account"));
    m_account->setToolTip(tr("The account that the lists and figures show"));
    m_account->setMinimumWidth(theme.px(190));
    addWidget(m_account);
    connect(m_account, &QComboBox::currentIndexChanged, this, &WindowToolBar::accountChanged);

    auto *space = new QWidget(this);
    space->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
    addWidget(space);
    addSegments(actions);

    auto *looks = new MenuToolButton(theme, this);
    looks->setObjectName(u"themeButton"_s);
    looks->setText(tr("Theme"));
    looks->setAccessibleName(tr("Theme"));
    looks->setToolTip(tr("Dark, light, and the colours of profit and loss"));
    looks->setPopupMode(QToolButton::InstantPopup);
    looks->setProperty("withArrow", true);
    auto *menu = new QMenu(looks);
    menu->addActions({actions.scheme.begin(), actions.scheme.end()});
    menu->addSection(tr("Profit and loss"));
    menu->addActions({actions.moneyPalette.begin(), actions.moneyPalette.end()});
    looks->setMenu(menu);
    const auto dress = [looks, &theme] { looks->setIcon(theme.icon(u"theme"_s)); };
    connect(&theme, &Theme::changed, looks, dress);
    dress();
    addWidget(looks);
    setAccounts({});
}

QToolButton *WindowToolBar::addButton(QAction *action)
{
    auto *button = new QToolButton(this);
    button->setObjectName(action->objectName() + u"Button"_s);
    button->setAccessibleName(action->text());
    button->setDefaultAction(action);
    button->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    button->setFocusPolicy(Qt::TabFocus);
    addWidget(button);
    return button;
}

void WindowToolBar::addSegments(const WindowActions &actions)
{
    auto *box = new QWidget(this);
    auto *layout = new QHBoxLayout(box);
    layout->setContentsMargins(0, 0, m_theme.px(8), 0);
    layout->setSpacing(0);
    for (const auto &[action, place] : {std::pair(actions.utc, u"left"_s), std::pair(actions.local, u"right"_s)}) {
        auto *button = new QToolButton(box);
        button->setObjectName(action->objectName() + u"Button"_s);
        button->setAccessibleName(tr("Times in %1").arg(action->text()));
        button->setProperty("segment", place);
        button->setDefaultAction(action);
        button->setToolButtonStyle(Qt::ToolButtonTextOnly);
        button->setFocusPolicy(Qt::TabFocus);
        layout->addWidget(button);
    }
    addWidget(box);
}

void WindowToolBar::setAccounts(const std::vector<AccountRow> &accounts)
{
    std::vector<AccountKey> keys;
    for (const AccountRow &row : accounts)
        keys.push_back(row.key); // NOLINT(performance-inefficient-vector-operation): a handful
    if (keys == m_keys && m_account->count() > 0)
        return; // sums change all the time; the box must not jump
    const auto chosen = account();
    const QSignalBlocker quiet(m_account);
    m_account->clear();
    m_keys = std::move(keys);
    m_account->addItem(accounts.empty() ? tr("No accounts") : tr("All accounts"));
    for (const AccountRow &row : accounts) {
        m_account->addItem(u"%1 · %2"_s.arg(row.key.text(), modeWord(row.key.mode)));
        if (chosen == row.key)
            m_account->setCurrentIndex(m_account->count() - 1);
    }
    m_account->setEnabled(!accounts.empty());
    if (account() != chosen) // the chosen one is gone
        Q_EMIT accountChanged();
}

std::optional<AccountKey> WindowToolBar::account() const
{
    const int index = m_account->currentIndex() - 1;
    if (index < 0 || index >= static_cast<int>(m_keys.size()))
        return std::nullopt;
    return m_keys[static_cast<std::size_t>(index)];
}

void WindowToolBar::resizeEvent(QResizeEvent *event)
{
    QToolBar::resizeEvent(event);
    const auto style = width() < m_theme.px(narrow) ? Qt::ToolButtonIconOnly : Qt::ToolButtonTextBesideIcon;
    for (QToolButton *button : m_shrinking)
        button->setToolButtonStyle(style);
}

} // namespace tradebot
