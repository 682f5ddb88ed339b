// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/configtext.h"

#include "ui/format/moneyformat.h"
#include "ui/format/parameters.h"
#include "ui/format/words.h"

#include <QCoreApplication>

namespace tradebot {

using namespace Qt::StringLiterals;

namespace {

/// The texts of this file, where a translator finds them.
struct ConfigText final
{
    Q_DECLARE_TR_FUNCTIONS(BotConfig)
};

QString percent(Decimal value)
{
    return percentText(value, 2, Sign::WhenNegative);
}

struct ParameterText
{
    QString operator()(Decimal value) const { return plainText(value); }
    QString operator()(bool value) const { return value ? ConfigText::tr("on") : ConfigText::tr("off"); }
    QString operator()(const QString &value) const { return value; }
};

QString strategyText(const BotConfig &config, const StrategyCatalog &strategies)
{
    QStringList parts{config.strategy};
    for (const auto &[name, value] : wholeParameters(config, strategies))
        parts += name + u' ' + std::visit(ParameterText(), value);
    return parts.join(u", "_s);
}

QString sizingText(const BotConfig &config, const Instrument &instrument)
{
    switch (config.sizing.kind) {
    case SizingKind::FixedQuantity: return plainText(config.sizing.value) + u' ' + instrument.base;
    case SizingKind::FixedQuote: return plainText(config.sizing.value) + u' ' + instrument.quote;
    case SizingKind::PercentOfEquity: return ConfigText::tr("%1 of equity").arg(percent(config.sizing.value));
    case SizingKind::RiskPercent: return ConfigText::tr("%1 of equity at risk").arg(percent(config.sizing.value));
    }
    return {};
}

QString ruleText(const std::optional<StopRule> &rule)
{
    if (!rule)
        return ConfigText::tr("none");
    return rule->kind == StopKind::Percent ? percent(rule->value)
                                           : ConfigText::tr("%1 × ATR").arg(plainText(rule->value));
}

QString trailingText(const std::optional<TrailingStopRule> &rule)
{
    if (!rule)
        return ConfigText::tr("none");
    return rule->activationPercent.isZero()
                   ? percent(rule->percent)
                   : ConfigText::tr("%1 from %2").arg(percent(rule->percent), percentText(rule->activationPercent));
}

void addLimits(std::vector<CardRow> &rows, const RiskLimits &limits, const QString &currency)
{
    const auto add = [&](const char *label, const QString &value) {
        rows.push_back({ConfigText::tr(label), {}, value, {}, false});
    };
    if (limits.maxDailyLoss)
        add("Daily loss limit", moneyText(*limits.maxDailyLoss, currency));
    if (limits.maxDailyTrades)
        add("Daily trades limit", QString::number(*limits.maxDailyTrades));
    if (limits.maxDrawdownPercent)
        add("Drawdown limit", percent(*limits.maxDrawdownPercent));
    if (limits.cooldownSeconds)
        add("Cool-down", counted(*limits.cooldownSeconds, ConfigText::tr("%1 second"), ConfigText::tr("%1 seconds")));
    if (limits.maxPositionQuote)
        add("Position limit", moneyText(*limits.maxPositionQuote, currency));
}

} // namespace

std::vector<CardRow> configRows(const BotConfig &config, const Instrument &instrument,
                                const StrategyCatalog &strategies)
{
    std::vector<CardRow> rows;
    const auto add = [&](const char *label, const QString &value) {
        rows.push_back({ConfigText::tr(label), {}, value, {}, false});
    };
    add("Strategy", strategyText(config, strategies));
    add("Timeframe", QString(toName(config.timeframe)));
    add("Sizing", sizingText(config, instrument));
    add("Stop, target", ruleText(config.stopLoss) + u", "_s + ruleText(config.takeProfit));
    add("Trailing", trailingText(config.trailingStop));
    if (config.market == Market::UsdmFutures)
        add("Leverage", ConfigText::tr("%1×, %2").arg(config.leverage).arg(QString(toName(config.marginType))));
    addLimits(rows, config.limits, instrument.quote);
    return rows;
}

} // namespace tradebot
