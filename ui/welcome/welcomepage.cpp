// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/welcome/welcomepage.h"

#include "ui/format/moneyformat.h"
#include "ui/theme/theme.h"
#include "ui/welcome/choicetile.h"

#include <QButtonGroup>
#include <QFrame>
#include <QKeyEvent>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

#include <array>

namespace tradebot {

using namespace Qt::StringLiterals;

namespace {

constexpr int pageWidth = 720;
constexpr int mostStrategies = 3;
constexpr std::array symbols = {"BTCUSDT"_L1, "ETHUSDT"_L1, "SOLUSDT"_L1};

QString parameterText(const ParameterValue &value)
{
    if (const auto *number = std::get_if<Decimal>(&value))
        return plainText(*number);
    if (const auto *flag = std::get_if<bool>(&value))
        return *flag ? WelcomePage::tr("yes") : WelcomePage::tr("no");
    return std::get<QString>(value);
}

/// "Fast EMA 12, Slow EMA 26".
QString defaultsText(const StrategyInfo &strategy)
{
    QStringList parts;
    for (const ParameterSpec &spec : strategy.parameters)
        parts += spec.title + u' ' + parameterText(spec.defaultValue);
    return parts.join(u", "_s);
}

} // namespace

WelcomePage::WelcomePage(const UiContext &context, QWidget *parent)
    : QWidget(parent),
      m_context(context),
      m_strategies(new QButtonGroup(this)),
      m_markets(new QButtonGroup(this))
{
    setObjectName(u"welcomePage"_s);
    setAccessibleName(tr("Welcome"));
    setAutoFillBackground(true);
    setBackgroundRole(QPalette::Base);
    setFocusPolicy(Qt::TabFocus);
    const Theme &theme = context.theme;

    auto *column = new QWidget(this);
    column->setMaximumWidth(theme.px(pageWidth));
    auto *page = new QVBoxLayout(column);
    page->setContentsMargins(0, 0, 0, 0);
    page->setSpacing(theme.px(8));
    page->addWidget(addLabel(tr("Start with paper money"), static_cast<int>(FontRole::Display), false));
    const BotConfig bot = config();
    page->addWidget(
            addLabel(tr("A demo bot trades %1 that do not exist, at the prices of this moment. No account and no "
                        "key is needed.")
                             .arg(moneyText(bot.initialBalance, splitSymbol(Symbol(symbols.front())).second)),
                     static_cast<int>(FontRole::Body), true));
    page->addSpacing(theme.px(12));
    addStrategies(*page);
    addMarkets(*page);
    addStart(*page);
    page->addStretch();

    auto *outer = new QHBoxLayout(this);
    outer->setContentsMargins(theme.px(24), theme.px(28), theme.px(24), theme.px(12));
    outer->addStretch(1);
    outer->addWidget(column, 100);
    outer->addStretch(1);
    connect(&theme, &Theme::changed, this, &WelcomePage::applyTheme);
    applyTheme();
}

QLabel *WelcomePage::addLabel(const QString &text, int role, bool secondary)
{
    auto *label = new QLabel(text, this);
    label->setWordWrap(true);
    label->setTextFormat(Qt::PlainText);
    m_labels.push_back({label, role, secondary});
    return label;
}

QVBoxLayout *WelcomePage::addStep(QVBoxLayout &page, int number, const QString &heading)
{
    const Theme &theme = m_context.theme;
    auto *row = new QHBoxLayout;
    row->setSpacing(theme.px(12));
    auto *badge = new QLabel(QString::number(number), this);
    badge->setAlignment(Qt::AlignCenter);
    badge->setFixedSize(theme.px(24), theme.px(24));
    m_numbers.push_back(badge);
    row->addWidget(badge, 0, Qt::AlignTop);
    auto *content = new QVBoxLayout;
    content->setSpacing(theme.px(6));
    QLabel *label = addLabel(heading, static_cast<int>(FontRole::Strong), false);
    label->setMinimumHeight(theme.px(24));
    content->addWidget(label);
    row->addLayout(content, 1);
    page.addLayout(row);
    page.addSpacing(theme.px(10));
    return content;
}

void WelcomePage::addStrategies(QVBoxLayout &page)
{
    auto *content = addStep(page, 1, tr("Choose how it decides"));
    auto *tiles = new QHBoxLayout;
    tiles->setSpacing(m_context.theme.px(8));
    const int count = std::min(mostStrategies, static_cast<int>(m_context.strategies.size()));
    for (int i = 0; i < count; ++i) {
        const StrategyInfo &strategy = m_context.strategies[static_cast<std::size_t>(i)];
        auto *tile = new ChoiceTile(m_context.theme, strategy.title, defaultsText(strategy), this);
        tile->setObjectName(u"strategyTile%1"_s.arg(i));
        tile->setToolTip(strategy.summary);
        tile->setChecked(i == 0);
        m_strategies->addButton(tile, i);
        tiles->addWidget(tile);
    }
    content->addLayout(tiles);
}

void WelcomePage::addMarkets(QVBoxLayout &page)
{
    auto *content = addStep(page, 2, tr("Choose what it trades"));
    auto *tiles = new QHBoxLayout;
    tiles->setSpacing(m_context.theme.px(8));
    for (std::size_t i = 0; i < symbols.size(); ++i) {
        auto *tile = new ChoiceTile(m_context.theme, symbols[i], tr("spot"), this);
        tile->setObjectName(u"marketTile%1"_s.arg(i));
        tile->setChecked(i == 0);
        m_markets->addButton(tile, static_cast<int>(i));
        tiles->addWidget(tile);
    }
    content->addLayout(tiles);
}

void WelcomePage::addStart(QVBoxLayout &page)
{
    const Theme &theme = m_context.theme;
    auto *content = addStep(page, 3, tr("Start it"));
    auto *row = new QHBoxLayout;
    row->setSpacing(theme.px(12));
    m_start = new QPushButton(tr("Create and start demo bot"), this);
    m_start->setObjectName(u"createDemoBot"_s);
    m_start->setAccessibleName(m_start->text());
    m_start->setProperty("kind", u"primary"_s);
    m_start->setMinimumHeight(theme.px(34));
    m_start->setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    connect(m_start, &QPushButton::clicked, this, [this] { Q_EMIT createRequested(config()); });
    row->addWidget(m_start);
    const BotConfig bot = config();
    const auto size = percentOf(bot.initialBalance, bot.sizing.value, Rounding::HalfEven).valueOr(Money());
    row->addWidget(
            addLabel(tr("Buys for %1 at a time, stop \u2212%2 %, target +%3 %.\nEverything can be changed afterwards.")
                             .arg(moneyText(size, splitSymbol(Symbol(symbols.front())).second),
                                  plainText(bot.stopLoss->value), plainText(bot.takeProfit->value)),
                     static_cast<int>(FontRole::Table), true),
            1);
    content->addLayout(row);
    m_error = new QLabel(this);
    m_error->setObjectName(u"welcomeError"_s);
    m_error->setWordWrap(true);
    m_error->setTextFormat(Qt::PlainText);
    m_error->hide();
    content->addWidget(m_error);

    auto *line = new QFrame(this);
    line->setFrameShape(QFrame::HLine);
    line->setFrameShadow(QFrame::Plain);
    line->setForegroundRole(QPalette::Mid);
    page.addWidget(line);
    auto *links = new QHBoxLayout;
    links->setSpacing(theme.px(12));
    links->addWidget(addLabel(tr("Or"), static_cast<int>(FontRole::Table), true));
    auto *form = new QPushButton(tr("Set every field, Ctrl+N"), this);
    form->setObjectName(u"openForm"_s);
    form->setProperty("kind", u"link"_s);
    form->setCursor(Qt::PointingHandCursor);
    connect(form, &QPushButton::clicked, this, &WelcomePage::formRequested);
    links->addWidget(form);
    links->addStretch();
    page.addSpacing(theme.px(4));
    page.addLayout(links);
}

BotConfig WelcomePage::config() const
{
    const int chosenMarket = std::max(0, m_markets->checkedId());
    const int chosenStrategy = std::max(0, m_strategies->checkedId());
    BotConfig config;
    config.symbol = Symbol(symbols.at(static_cast<std::size_t>(chosenMarket)));
    config.stopLoss = StopRule{StopKind::Percent, Decimal::fromInteger(2)};
    config.takeProfit = StopRule{StopKind::Percent, Decimal::fromInteger(4)};
    if (static_cast<std::size_t>(chosenStrategy) < m_context.strategies.size()) {
        const StrategyInfo &strategy = m_context.strategies[static_cast<std::size_t>(chosenStrategy)];
        config.strategy = strategy.name;
        config.strategyParameters = withDefaults(strategy, {});
        config.name = splitSymbol(config.symbol).first + u' ' + strategy.title;
    }
    return config;
}

void WelcomePage::setWorking(bool working)
{
    m_start->setEnabled(!working);
    m_start->setText(working ? tr("Starting…") : tr("Create and start demo bot"));
    if (working)
        m_error->hide();
}

void WelcomePage::showError(const QString &text)
{
    m_error->setText(text);
    m_error->setVisible(!text.isEmpty());
}

void WelcomePage::focusInEvent(QFocusEvent *)
{
    m_start->setFocus(Qt::OtherFocusReason);
}

void WelcomePage::keyPressEvent(QKeyEvent *event)
{
    if ((event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter) && m_start->isEnabled())
        m_start->click();
    else
        QWidget::keyPressEvent(event);
}

void WelcomePage::applyTheme()
{
    const Theme &theme = m_context.theme;
    for (const Styled &styled : m_labels) {
        styled.label->setFont(theme.font(static_cast<FontRole>(styled.role)));
        theme.setTextColor(*styled.label, styled.secondary ? Token::Text2 : Token::Text);
    }
    for (QLabel *number : m_numbers) {
        number->setStyleSheet(u"border: 1px solid %1; border-radius: %2px; color: %3;"_s.arg(
                theme.color(Token::BorderStrong).name(), QString::number(number->width() / 2),
                theme.color(Token::Text).name()));
    }
    theme.setTextColor(*m_error, Token::Danger);
    m_start->setIcon(theme.icon(u"start"_s, Token::OnAccent));
}

} // namespace tradebot
