// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/windowtoolbar.h"

#include "ui/window/windowactions.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QMenu>
#include <QPainter>
#include <QSignalBlocker>
#include <QWidgetAction>

#include <algorithm>

namespace tradebot {

using namespace Qt::StringLiterals;

namespace {

constexpr int narrow = 1100;   ///< below, start, pause and stop have no words
constexpr int narrower = 1000; ///< below, the rest has none, but for the kill switch

/// A line that says what the entries below are of; a section of QMenu has no text in this style.
void addHeading(QMenu &menu, const QString &text, const Theme &theme)
{
    auto *label = new QLabel(text, &menu);
    label->setContentsMargins(theme.px(12), theme.px(4), theme.px(12), theme.px(2));
    const auto dress = [label, &theme] {
        label->setFont(theme.font(FontRole::Caption));
        theme.setTextColor(*label, Token::Text2);
    };
    QObject::connect(&theme, &Theme::changed, label, dress);
    dress();
    auto *heading = new QWidgetAction(&menu);
    heading->setDefaultWidget(label);
    menu.addAction(heading);
}

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

WindowToolBar::WindowToolBar(const Theme &theme, const WindowActions &actions, AccountScope &scope, QWidget *parent)
    : QToolBar(parent),
      m_theme(theme),
      m_scope(scope),
      m_account(new QComboBox(this))
{
    setObjectName(u"mainToolBar"_s);
    setWindowTitle(tr("Tools"));
    setMovable(false);
    setFloatable(false);
    setContextMenuPolicy(Qt::PreventContextMenu);
    setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    setIconSize({16, 16});

    m_shrinkingFirst = {addButton(actions.start), addButton(actions.pause)};
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
    m_shrinkingFirst.push_back(stop);
    addSeparator();
    m_shrinkingSecond = {addButton(actions.newBot)};
    addSeparator();

    m_account->setObjectName(u"accountBox"_s);
    m_account->setAccessibleName(tr("Account"));
    m_account->setToolTip(tr("The account that lists and figures show"));
    m_account->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    addWidget(m_account);
    connect(m_account, &QComboBox::currentIndexChanged, this, [this] { m_scope.choose(chosen()); });
    connect(&scope, &AccountScope::changed, this, &WindowToolBar::showScope);

    auto *space = new QWidget(this);
    space->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
    addWidget(space);
    addSegments(actions);
    addThemeButton(actions);
    addKillButton(actions);
    setAccounts({});
}

void WindowToolBar::addThemeButton(const WindowActions &actions)
{
    auto *looks = new MenuToolButton(m_theme, this);
    looks->setObjectName(u"themeButton"_s);
    looks->setText(tr("Theme"));
    looks->setAccessibleName(tr("Theme"));
    looks->setToolTip(tr("Dark, light, and the colours of profit and loss"));
    looks->setPopupMode(QToolButton::InstantPopup);
    looks->setProperty("withArrow", true);
    auto *menu = new QMenu(looks);
    menu->addActions({actions.scheme.begin(), actions.scheme.end()});
    menu->addSeparator();
    addHeading(*menu, tr("Profit and loss"), m_theme);
    menu->addActions({actions.moneyPalette.begin(), actions.moneyPalette.end()});
    looks->setMenu(menu);
    const auto dress = [this, looks] { looks->setIcon(m_theme.icon(u"theme"_s)); };
    connect(&m_theme, &Theme::changed, looks, dress);
    dress();
    addWidget(looks);
    m_shrinkingSecond.push_back(looks);
}

void WindowToolBar::addKillButton(const WindowActions &actions)
{
    addSeparator();
    auto *kill = new MenuToolButton(m_theme, this);
    kill->setObjectName(u"killToolButton"_s);
    kill->setAccessibleName(tr("Kill switch"));
    kill->setProperty("kind", u"danger"_s);
    kill->setDefaultAction(actions.kill);
    kill->setPopupMode(QToolButton::MenuButtonPopup);
    auto *scopes = new QMenu(kill);
    actions.fillKillMenu(*scopes);
    kill->setMenu(scopes);
    addWidget(kill);
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
    {
        const QSignalBlocker quiet(m_account);
        m_account->clear();
        m_keys = std::move(keys);
        m_account->addItem(accounts.empty() ? tr("No accounts") : tr("All accounts"));
        for (const AccountRow &row : accounts)
            m_account->addItem(u"%1 · %2"_s.arg(row.key.text(), modeWord(row.key.mode)));
        m_account->setEnabled(!accounts.empty());
    }
    showScope();
    m_scope.choose(chosen()); // all, when the chosen one is gone
}

void WindowToolBar::showScope()
{
    const QSignalBlocker quiet(m_account);
    const auto known = m_scope.account() ? std::ranges::find(m_keys, *m_scope.account()) : m_keys.end();
    m_account->setCurrentIndex(known == m_keys.end() ? 0 : static_cast<int>(known - m_keys.begin()) + 1);
}

std::optional<AccountKey> WindowToolBar::chosen() const
{
    const int index = m_account->currentIndex() - 1;
    if (index < 0 || index >= static_cast<int>(m_keys.size()))
        return std::nullopt;
    return m_keys[static_cast<std::size_t>(index)];
}

void WindowToolBar::resizeEvent(QResizeEvent *event)
{
    QToolBar::resizeEvent(event);
    const auto dress = [this](const std::vector<QToolButton *> &buttons, int below) {
        const auto style = width() < m_theme.px(below) ? Qt::ToolButtonIconOnly : Qt::ToolButtonTextBesideIcon;
        for (QToolButton *button : buttons)
            button->setToolButtonStyle(style);
    };
    dress(m_shrinkingFirst, narrow);
    dress(m_shrinkingSecond, narrower);
    m_account->setFixedWidth(m_theme.px(width() < m_theme.px(narrower) ? 150 : 190));
}

} // namespace tradebot
