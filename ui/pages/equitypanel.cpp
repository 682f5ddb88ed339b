// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/equitypanel.h"

#include "ui/charts/equitychart.h"
#include "ui/theme/theme.h"

#include <QButtonGroup>
#include <QHBoxLayout>
#include <QLabel>
#include <QToolButton>

#include <array>

namespace tradebot {

using namespace Qt::StringLiterals;

namespace {

struct SpanChoice
{
    const char *button;
    const char *name;
    int days; ///< 0 for all
};

constexpr std::array spanChoices = {SpanChoice{QT_TRANSLATE_NOOP("tradebot::EquityPanel", "1D"),
                                               QT_TRANSLATE_NOOP("tradebot::EquityPanel", "24 h"), 1},
                                    SpanChoice{QT_TRANSLATE_NOOP("tradebot::EquityPanel", "7D"),
                                               QT_TRANSLATE_NOOP("tradebot::EquityPanel", "7 d"), 7},
                                    SpanChoice{QT_TRANSLATE_NOOP("tradebot::EquityPanel", "30D"),
                                               QT_TRANSLATE_NOOP("tradebot::EquityPanel", "30 d"), 30},
                                    SpanChoice{QT_TRANSLATE_NOOP("tradebot::EquityPanel", "All"),
                                               QT_TRANSLATE_NOOP("tradebot::EquityPanel", "all"), 0}};
constexpr int firstChoice = 2;

} // namespace

EquityPanel::EquityPanel(const UiContext &context, QWidget *parent)
    : QWidget(parent),
      m_context(context),
      m_title(new QLabel(tr("Equity and drawdown"), this)),
      m_currency(new QLabel(this)),
      m_spans(new QButtonGroup(this)),
      m_chart(new EquityChart(context.theme, this))
{
    setObjectName(u"equityPanel"_s);
    auto *head = new QHBoxLayout;
    head->setContentsMargins(context.theme.px(12), context.theme.px(4), context.theme.px(8), 0);
    head->setSpacing(context.theme.px(8));
    head->addWidget(m_title);
    head->addWidget(m_currency);
    head->addStretch();
    auto *buttons = new QHBoxLayout;
    buttons->setSpacing(0);
    head->addLayout(buttons);
    for (int i = 0; i < std::ssize(spanChoices); ++i) {
        const SpanChoice &choice = spanChoices[static_cast<size_t>(i)];
        auto *button = new QToolButton(this);
        button->setText(tr(choice.button));
        button->setObjectName(u"span%1"_s.arg(choice.days));
        button->setAccessibleName(tr("Last %1").arg(tr(choice.name)));
        button->setCheckable(true);
        button->setChecked(i == firstChoice);
        m_spans->addButton(button, i);
        buttons->addWidget(button);
    }
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addLayout(head);
    layout->addWidget(m_chart, 1);
    connect(m_spans, &QButtonGroup::idClicked, this, [this] {
        m_chart->setSpan(span().length);
        Q_EMIT spanChosen();
    });
    m_chart->setSpan(span().length);
    const auto setZone = [this] {
        m_chart->setZone(m_context.time.isLocal() ? QTimeZone::systemTimeZone() : QTimeZone::utc());
    };
    connect(&context.time, &TimeFormat::changed, this, setZone);
    setZone();
    connect(&context.theme, &Theme::changed, this, &EquityPanel::applyTheme);
    applyTheme();
}

void EquityPanel::applyTheme()
{
    m_title->setFont(m_context.theme.font(FontRole::TableStrong));
    m_currency->setFont(m_context.theme.font(FontRole::Table));
    m_context.theme.setTextColor(*m_currency, Token::Text2);
    for (QAbstractButton *button : m_spans->buttons())
        button->setFont(m_context.theme.font(FontRole::Table));
}

OverviewSpan EquityPanel::span() const
{
    const SpanChoice &choice = spanChoices[static_cast<size_t>(std::max(0, m_spans->checkedId()))];
    OverviewSpan span;
    span.name = tr(choice.name);
    if (choice.days > 0)
        span.length = std::chrono::days(choice.days);
    return span;
}

void EquityPanel::setCurrency(const QString &currency)
{
    m_currency->setText(currency);
    m_chart->setCurrency(currency);
}

} // namespace tradebot
