// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/botheader.h"

#include "ui/format/moneyformat.h"
#include "ui/format/timeformat.h"
#include "ui/theme/painting.h"
#include "ui/widgets/botdelegate.h"
#include "ui/widgets/secondclock.h"

namespace tradebot {

using namespace Qt::StringLiterals;

BotHeader::BotHeader(const UiContext &context, QWidget *parent) : QWidget(parent), m_context(context)
{
    setObjectName(u"botHeader"_s);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    connect(&context.theme, &Theme::changed, this, [this] {
        updateGeometry();
        update();
    });
    connect(&context.time, &TimeFormat::changed, this, qOverload<>(&QWidget::update));
    connect(&context.second, &SecondClock::tick, this, [this] {
        if (isVisible())
            update();
    });
}

void BotHeader::setBot(const SnapshotPointer &bot)
{
    m_bot = bot;
    if (bot) {
        const BotState &state = bot->state;
        setAccessibleName(u"%1, %2, %3. %4"_s.arg(bot->config->name, modeWord(bot->config->mode),
                                                  stateWord(shownState(state)), reason()));
    }
    update();
}

QSize BotHeader::sizeHint() const
{
    return {m_context.theme.px(400), m_context.theme.px(50)};
}

/// What went wrong, else what it waits for.
QString BotHeader::reason() const
{
    const BotState &state = m_bot->state;
    if (!state.lastError.isEmpty())
        return state.lastError;
    if (!m_bot->activity.isEmpty())
        return m_bot->activity;
    return state.statusMessage;
}

bool BotHeader::isStale() const
{
    return m_bot->markPrice && isActive(m_bot->state.status)
           && m_context.clock.now() - m_bot->priceReceivedAt > staleAfter;
}

QString BotHeader::marketText() const
{
    const QString market =
            m_bot->instrument.market == Market::Spot ? tr("spot") : tr("futures, %1×").arg(m_bot->config->leverage);
    const QString age = !m_bot->markPrice ? tr("no price yet")
                        : !isActive(m_bot->state.status)
                                ? tr("last known price")
                                : tr("age %1").arg(ageText(m_context.clock.now() - m_bot->priceReceivedAt));
    return u"%1 %2, %3, %4"_s.arg(m_bot->config->symbol.value(), market, QString(toName(m_bot->config->timeframe)),
                                  age);
}

void BotHeader::paintEvent(QPaintEvent *)
{
    if (!m_bot)
        return;
    const Theme &theme = m_context.theme;
    QPainter painter(this);
    const int side = theme.px(12);
    const int gap = theme.px(10);
    QRect top(side, theme.px(6), width() - 2 * side, theme.px(20));
    QRect below(side, theme.px(27), width() - 2 * side, theme.px(18));

    painter.setFont(theme.figures(FontRole::Title));
    painter.setPen(theme.color(Token::Text));
    const QString price = m_bot->markPrice ? priceText(*m_bot->markPrice, m_bot->instrument) : u"—"_s;
    paintText(painter, top, price, Qt::AlignRight);
    top.setRight(top.right() - painter.fontMetrics().horizontalAdvance(price) - gap);
    painter.setFont(theme.figures(isStale() ? FontRole::TableStrong : FontRole::Table));
    painter.setPen(theme.color(isStale() ? Token::Degraded : Token::Text2));
    const QString market = marketText();
    paintText(painter, below, market, Qt::AlignRight);
    below.setRight(below.right() - painter.fontMetrics().horizontalAdvance(market) - gap);

    painter.setFont(theme.font(FontRole::Title));
    painter.setPen(theme.color(Token::Text));
    paintText(painter, top, m_bot->config->name);
    top.setLeft(top.left() + painter.fontMetrics().horizontalAdvance(m_bot->config->name) + gap);
    top.setLeft(top.left() + paintModeBadge(painter, top, theme, m_bot->config->mode) + gap);
    top.setLeft(top.left() + paintStatus(painter, top, theme, shownState(m_bot->state), stateReason(m_bot->state))
                + gap);
    if (m_bot->state.statusSince != Timestamp()) {
        painter.setFont(theme.figures(FontRole::Table));
        painter.setPen(theme.color(Token::Text2));
        paintText(painter, top,
                  tr("since %1 %2").arg(m_context.time.stamp(m_bot->state.statusSince), m_context.time.zone()));
    }
    painter.setFont(theme.font(FontRole::Table));
    painter.setPen(theme.color(m_bot->state.lastError.isEmpty() ? Token::Text2 : Token::Error));
    paintText(painter, below, reason());
}

} // namespace tradebot
