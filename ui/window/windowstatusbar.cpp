// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/windowstatusbar.h"

#include "ui/format/moneyformat.h"
#include "ui/format/timeformat.h"
#include "ui/models/accountscope.h"
#include "ui/theme/painting.h"
#include "ui/widgets/botdelegate.h"
#include "ui/widgets/secondclock.h"

#include <QMenu>
#include <QPainter>
#include <QToolButton>

#include <map>

namespace tradebot {

using namespace Qt::StringLiterals;

namespace {

QString sizeText(qint64 bytes)
{
    if (bytes < 1'000'000)
        return u"%1 kB"_s.arg(bytes / 1000);
    return u"%1.%2 MB"_s.arg(bytes / 1'000'000).arg(bytes / 100'000 % 10);
}

/// Two at most; the tooltip has them all.
QString shortList(const QStringList &texts)
{
    return texts.size() <= 2 ? texts.join(u" · "_s) : texts.first(2).join(u" · "_s) + u" · …"_s;
}

/// What the bots of one account come to.
struct AccountMoney
{
    Checked<Money> equity{Money()};
    Checked<Money> today{Money()};
    bool known = true;

    [[nodiscard]] std::optional<Money> worth() const { return known ? equity.value() : std::nullopt; }
};

} // namespace

StatusItem::StatusItem(const Theme &theme, const QString &label, const QString &widest, QWidget *parent)
    : QWidget(parent),
      m_theme(theme),
      m_label(label),
      m_widest(widest)
{
    setFocusPolicy(Qt::TabFocus);
    connect(&theme, &Theme::changed, this, [this] {
        updateGeometry();
        update();
    });
}

void StatusItem::setValue(const QString &value, bool warning)
{
    if (m_value == value && m_warning == warning && !m_money)
        return;
    m_value = value;
    m_warning = warning;
    m_money.reset();
    setAccessibleName(m_label.isEmpty() ? value : m_label + u' ' + value);
    updateGeometry();
    update();
}

void StatusItem::setMoney(const Money &amount, const QString &currency)
{
    const QString text = moneyText(amount, currency, Sign::Always);
    if (m_money == amount && m_value == text)
        return;
    m_money = amount;
    m_value = text;
    setAccessibleName(m_label + u' ' + text);
    updateGeometry();
    update();
}

QSize StatusItem::sizeHint() const
{
    const QFontMetrics label(m_theme.font(FontRole::Table));
    const QFontMetrics value(m_theme.figures(FontRole::TableStrong));
    const int widest = std::max(value.horizontalAdvance(m_widest), value.horizontalAdvance(m_value));
    const int icon = m_warning || m_money ? m_theme.px(18) : 0;
    return {label.horizontalAdvance(m_label) + m_theme.px(m_label.isEmpty() ? 18 : 24) + icon + widest, m_theme.px(24)};
}

QSize StatusItem::minimumSizeHint() const
{
    return {std::min(sizeHint().width(), m_theme.px(90)), sizeHint().height()};
}

void StatusItem::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setPen(m_theme.hairline(Token::Border));
    painter.drawLine(width() - 1, m_theme.px(5), width() - 1, height() - m_theme.px(5));
    QRect rest = rect().adjusted(m_theme.px(9), 0, 0, 0);
    if (!m_label.isEmpty()) {
        painter.setFont(m_theme.font(FontRole::Table));
        painter.setPen(m_theme.color(Token::Text2));
        paintText(painter, rest, m_label);
        rest.setLeft(rest.left() + painter.fontMetrics().horizontalAdvance(m_label) + m_theme.px(5));
    }
    painter.setFont(m_theme.figures(FontRole::TableStrong));
    painter.setPen(m_theme.color(m_warning ? Token::Degraded : Token::Text));
    if (m_warning) {
        const int icon = m_theme.px(14);
        painter.drawPixmap(rest.left(), (height() - icon) / 2,
                           m_theme.pixmap(u"warning"_s, Token::Degraded, icon, devicePixelRatioF()));
        rest.setLeft(rest.left() + icon + m_theme.px(4));
    }
    if (m_money) {
        painter.setPen(m_theme.moneyColor(*m_money));
        if (!m_money->isZero()) {
            paintArrow(painter, QPointF(rest.left() + m_theme.px(4), height() / 2.0 + 0.5), m_theme, m_money->raw(),
                       m_theme.moneyColor(*m_money));
            rest.setLeft(rest.left() + m_theme.px(12));
        }
    }
    paintText(painter, rest, m_value);
    if (hasFocus())
        paintRowFocus(painter, rect().adjusted(2, 2, -2, -2), m_theme);
}

WindowStatusBar::WindowStatusBar(const UiContext &context, QWidget *parent) : QStatusBar(parent), m_context(context)
{
    setObjectName(u"statusNumbers"_s);
    setSizeGripEnabled(false);
    setContentsMargins(0, 0, 0, 0);
    const auto make = [&](const QString &name, const QString &label, const QString &widest) {
        auto *item = new StatusItem(context.theme, label, widest, this);
        item->setObjectName(name);
        return item;
    };
    m_market = make(u"statusMarket"_s, tr("prices"), {});
    m_age = make(u"statusAge"_s, tr("price age"), u"00.0 s"_s);
    m_store = make(u"statusStore"_s, tr("store"), {});
    m_server = make(u"statusServer"_s, tr("server"), {});
    m_viewers = make(u"statusViewers"_s, tr("viewers"), u"00"_s);
    m_equity = make(u"statusEquity"_s, tr("Equity"), u"00,000.00 USDT"_s);
    m_today = make(u"statusToday"_s, tr("Today"), u"+000.00 USDT"_s);
    m_clock = make(u"statusClock"_s, {}, u"00:00:00 UTC"_s);
    m_more = new QToolButton(this);
    m_more->setObjectName(u"statusMore"_s);
    m_more->setText(tr("more"));
    m_more->setAccessibleName(tr("More of the status"));
    m_more->setPopupMode(QToolButton::InstantPopup);
    m_more->setFocusPolicy(Qt::TabFocus);
    m_more->setProperty("small", true);
    auto *menu = new QMenu(m_more);
    connect(menu, &QMenu::aboutToShow, this, &WindowStatusBar::fillMore);
    m_more->setMenu(menu);
    m_foldable = {m_store, m_viewers, m_server, m_market, m_age};
    for (StatusItem *item : {m_market, m_age, m_store, m_server, m_viewers})
        addWidget(item);
    addWidget(m_more);
    m_more->hide();
    for (StatusItem *item : {m_equity, m_today, m_clock})
        addPermanentWidget(item);
    setServer({});

    connect(&context.live, &LiveFeed::systemChanged, this, &WindowStatusBar::refresh);
    connect(&context.live, &LiveFeed::botRemoved, this, &WindowStatusBar::refreshMoney);
    connect(&context.second, &SecondClock::tick, this, &WindowStatusBar::refreshAge);
    connect(&context.second, &SecondClock::tick, this, &WindowStatusBar::refreshClock);
    connect(&context.time, &TimeFormat::changed, this, &WindowStatusBar::refreshClock);
    connect(&context.scope, &AccountScope::changed, this, &WindowStatusBar::refresh);
    connect(&context.theme, &Theme::changed, this, &WindowStatusBar::fold);
    refresh();
}

QSize WindowStatusBar::minimumSizeHint() const
{
    return {m_context.theme.px(300), QStatusBar::minimumSizeHint().height()};
}

void WindowStatusBar::resizeEvent(QResizeEvent *event)
{
    QStatusBar::resizeEvent(event);
    fold();
}

/// Hides what does not fit. Cheap when nothing changes: it runs with each refresh.
void WindowStatusBar::fold()
{
    const int gap = m_context.theme.px(6);
    int room = width() - 2 * gap;
    for (const StatusItem *item : {m_equity, m_today, m_clock})
        room -= item->isHidden() ? 0 : item->sizeHint().width() + gap;
    int wanted = 0;
    for (const StatusItem *item : m_foldable)
        wanted += item != m_viewers || m_hasViewers ? item->sizeHint().width() + gap : 0;
    if (wanted > room)
        room -= m_more->sizeHint().width() + gap;
    bool isFolded = false;
    for (StatusItem *item : m_foldable) {
        const bool isThere = item != m_viewers || m_hasViewers;
        const bool fits = wanted <= room;
        if (isThere && !fits) {
            wanted -= item->sizeHint().width() + gap;
            isFolded = true;
        }
        if (item->isHidden() == (isThere && fits))
            item->setVisible(isThere && fits);
    }
    if (m_more->isHidden() == isFolded)
        m_more->setVisible(isFolded);
}

void WindowStatusBar::fillMore()
{
    QMenu &menu = *m_more->menu();
    menu.clear();
    for (const StatusItem *item : m_foldable) {
        if (item->isHidden() && (item != m_viewers || m_hasViewers))
            menu.addAction(item->label() + u' ' + item->value())->setToolTip(item->toolTip());
    }
}

void WindowStatusBar::setServer(const QString &address)
{
    m_server->setValue(address.isEmpty() ? tr("off") : address);
    m_server->setToolTip(address.isEmpty() ? tr("Nobody can watch from a browser")
                                           : tr("Open it in a browser to watch"));
    fold();
}

void WindowStatusBar::setViewers(int viewers)
{
    m_hasViewers = true;
    m_viewers->setValue(QString::number(viewers));
    fold();
}

void WindowStatusBar::refresh()
{
    const SystemView &system = m_context.live.system();
    m_market->setValue(system.marketData.isEmpty() ? u"—"_s : system.marketData,
                       m_context.live.isReady() && !system.marketDataOk);
    m_market->setToolTip(system.marketDataMessage);
    m_store->setValue(system.storeOk ? tr("ok, %1").arg(sizeText(system.storeBytes)) : tr("failed"), !system.storeOk);
    m_store->setToolTip(system.storeOk ? tr("%1 events are on the disk").arg(system.committed.value())
                                       : system.storeMessage);
    refreshMoney();
    refreshAge();
    refreshClock();
    fold();
}

void WindowStatusBar::refreshAge()
{
    const auto newest = m_context.live.system().newestPriceReceivedAt;
    const auto age = newest ? m_context.clock.now() - *newest : std::chrono::milliseconds(0);
    const bool anyActive = std::any_of(m_context.live.bots().begin(), m_context.live.bots().end(),
                                       [](const auto &entry) { return isActive(entry.second->state.status); });
    m_age->setValue(newest ? ageText(age) : u"—"_s, newest && anyActive && age > staleAfter);
}

void WindowStatusBar::refreshClock()
{
    m_clock->setValue(m_context.time.timeOfDay(m_context.clock.now()) + u' ' + m_context.time.zone());
}

void WindowStatusBar::refreshMoney()
{
    std::map<AccountKey, AccountMoney> accounts;
    for (const auto &[id, bot] : m_context.live.bots()) {
        const AccountKey key = accountOf(*bot);
        if (m_context.scope.account() && *m_context.scope.account() != key)
            continue;
        AccountMoney &sum = accounts[key];
        const auto worth = worthOf(*bot);
        sum.equity += worth.value_or(Money());
        sum.known = sum.known && worth;
        sum.today += bot->state.today.net();
    }
    m_today->setVisible(!accounts.empty());
    if (accounts.empty()) {
        m_equity->setValue(tr("no bots"));
        return;
    }
    const bool bothModes = accounts.begin()->first.mode != accounts.rbegin()->first.mode;
    QStringList equities;
    QStringList todays;
    for (const auto &[key, sum] : accounts) {
        const QString mode = bothModes ? modeWord(key.mode) + u' ' : QString();
        equities += mode + formatOf(key.currency).text(sum.worth()) + u' ' + key.currency;
        todays += mode + formatOf(key.currency, Sign::Always).text(sum.today.value()) + u' ' + key.currency;
    }
    m_equity->setValue(shortList(equities));
    if (const auto &[key, sum] = *accounts.begin(); accounts.size() == 1)
        m_today->setMoney(sum.today.valueOr(Money()), key.currency);
    else
        m_today->setValue(shortList(todays));
    QStringList all;
    for (const auto &[key, sum] : accounts)
        all += u"%1 (%2): %3"_s.arg(key.text(), modeWord(key.mode), formatOf(key.currency).text(sum.worth()));
    m_equity->setToolTip(tr("Equity; currencies and modes are never added together:\n%1").arg(all.join(u'\n')));
}

} // namespace tradebot
