// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/modebanner.h"

#include "ui/format/words.h"
#include "ui/theme/painting.h"

#include <QPainter>

namespace tradebot {

using namespace Qt::StringLiterals;

WindowMode ModeCounts::mode() const
{
    if (demo + live == 0)
        return WindowMode::NoBots;
    if (live == 0)
        return WindowMode::Demo;
    return demo == 0 ? WindowMode::Live : WindowMode::Mixed;
}

ModeCounts countModes(const LiveFeed &live)
{
    ModeCounts counts;
    for (const auto &[id, bot] : live.bots()) {
        ++(bot->config->mode == Mode::Live ? counts.live : counts.demo);
        const ShownState state = shownState(bot->state);
        counts.inError += state == ShownState::Error ? 1 : 0;
        counts.degraded += state == ShownState::Degraded ? 1 : 0;
    }
    return counts;
}

QString titleWord(WindowMode mode)
{
    switch (mode) {
    case WindowMode::NoBots:
    case WindowMode::Demo: return u"DEMO"_s;
    case WindowMode::Live: return u"LIVE"_s;
    case WindowMode::Mixed: return u"LIVE + DEMO"_s;
    }
    return {};
}

ModeBanner::ModeBanner(const Theme &theme, QWidget *parent) : QWidget(parent), m_theme(theme)
{
    setObjectName(u"modeBanner"_s);
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    setCounts({});
    connect(&theme, &Theme::changed, this, qOverload<>(&QWidget::update));
}

void ModeBanner::setCounts(const ModeCounts &counts)
{
    if (counts == m_counts && !accessibleName().isEmpty())
        return;
    m_counts = counts;
    setAccessibleName(tr("Mode: %1, %2").arg(titleWord(counts.mode()).toLower(), countsText()));
    update();
}

QSize ModeBanner::sizeHint() const
{
    return {m_theme.px(400), m_theme.px(22)};
}

QString ModeBanner::countsText() const
{
    if (m_counts.mode() == WindowMode::NoBots)
        return tr("no bots");
    QStringList parts{counted(m_counts.demo, tr("%1 demo bot"), tr("%1 demo bots")), tr("%1 live").arg(m_counts.live)};
    if (m_counts.inError > 0)
        parts += tr("%1 in error").arg(m_counts.inError);
    if (m_counts.degraded > 0)
        parts += tr("%1 degraded").arg(m_counts.degraded);
    return parts.join(u", "_s);
}

void ModeBanner::paintHalf(QPainter &painter, const QRect &rect, Mode mode) const
{
    const bool live = mode == Mode::Live;
    painter.fillRect(rect, m_theme.color(live ? Token::LiveFill : Token::DemoFill));
    painter.setPen(m_theme.color(live ? Token::OnLive : Token::OnDemo));
    QRect words = rect.adjusted(m_theme.px(9), 0, -m_theme.px(9), 0);
    QFont font = m_theme.font(FontRole::Table);
    font.setWeight(QFont::Bold);
    painter.setFont(font);
    paintText(painter, words, modeWord(mode));
    words.setLeft(words.left() + painter.fontMetrics().horizontalAdvance(modeWord(mode)) + m_theme.px(10));
    painter.setFont(m_theme.font(FontRole::Table));
    paintText(painter, words,
              live ? tr("Real orders with real money.") : tr("Simulated fills. No order leaves this computer."));
}

void ModeBanner::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    const WindowMode mode = m_counts.mode();
    QRect counts = rect().adjusted(0, 0, -m_theme.px(9), 0);
    painter.setFont(m_theme.figures(FontRole::Table));
    const int countsWidth = painter.fontMetrics().horizontalAdvance(countsText()) + m_theme.px(20);
    if (mode == WindowMode::Mixed) {
        const int half = width() / 2;
        paintHalf(painter, QRect(0, 0, half, height()), Mode::Live);
        paintHalf(painter, QRect(half, 0, width() - half, height()), Mode::Demo);
    } else {
        const Mode only = mode == WindowMode::Live ? Mode::Live : Mode::Demo;
        paintHalf(painter, rect(), only);
    }
    counts.setLeft(std::max(counts.right() - countsWidth, 0));
    painter.setFont(m_theme.figures(FontRole::Table));
    painter.setPen(m_theme.color(mode == WindowMode::Live ? Token::OnLive : Token::OnDemo));
    paintText(painter, counts, countsText(), Qt::AlignRight);
}

void paintModeFrame(QPainter &painter, const QRect &window, const Theme &theme, WindowMode mode)
{
    const auto edges = [&](const QRect &outer, int width, const QColor &color) {
        painter.fillRect(outer.left(), outer.top(), width, outer.height(), color);
        painter.fillRect(outer.right() + 1 - width, outer.top(), width, outer.height(), color);
        painter.fillRect(outer.left(), outer.bottom() + 1 - width, outer.width(), width, color);
    };
    const bool live = mode == WindowMode::Live || mode == WindowMode::Mixed;
    edges(window, frameWidth, theme.color(live ? Token::LiveFill : Token::DemoFill));
    if (mode == WindowMode::Mixed)
        edges(window.adjusted(frameWidth, 0, -frameWidth, -frameWidth), frameWidth, theme.color(Token::DemoFill));
    if (live)
        edges(window, 1, theme.color(Token::LiveEdge));
}

} // namespace tradebot
